"""`never: E twice`: no run in which an event happens again, with the same values of what it is asked for.

A search with one memory more: at each E it may be this one that comes again, or a later one; both are followed.
"""

from collections import deque
from collections.abc import Iterator

from clausework.explore.matching import Matcher
from clausework.explore.sequences import Run
from clausework.expr.nodes import Value
from clausework.model.sequence import Twice
from clausework.semantics.configuration import Configuration
from clausework.semantics.session import Session
from clausework.semantics.space import Space, Step

_Values = tuple[Value, ...]
_Node = tuple[Configuration, _Values | None]


class Repetition:
    """Looks for a run that breaks the property in one session; `complete` tells whether all of it was seen."""

    def __init__(self, space: Space, session: Session, claim: Twice) -> None:
        self.space = space
        self.claim = claim
        self.matcher = Matcher(space, session)
        self.complete = True

    def run(self, most: int) -> Run | None:
        start: _Node = (self.space.start(), None)
        came: dict[_Node, tuple[_Node, Step] | None] = {start: None}
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            if len(came) > most:
                self.complete = False
                return None
            for step in self.space.steps(node[0]):
                if step.target is None:
                    continue
                happened = self._happened(step)
                if happened is not None and happened == node[1]:
                    return self._told(came, node, step)
                for after in self._after(step.target, node[1], happened):
                    if after not in came:
                        came[after] = node, step
                        waiting.append(after)
        return None

    def _happened(self, step: Step) -> _Values | None:
        """The values that the event has in the step, if it contains it."""
        if not self.matcher.contains(step, self.claim.event):
            return None
        carried = self.matcher.carried(step, self.claim.event)
        return tuple(carried[name] for name in self.claim.same)

    def _after(self, target: Configuration, kept: _Values | None, happened: _Values | None) -> Iterator[_Node]:
        yield target, kept
        if kept is None and happened is not None:
            yield target, happened

    def _told(self, came: dict[_Node, tuple[_Node, Step] | None], node: _Node, last: Step) -> Run:
        steps = [last]
        while (before := came[node]) is not None:
            node, step = before
            steps.append(step)
        return Run(node[0], tuple(reversed(steps)), complete=True)
