"""`A precedes B`: no run in which B happens and A has not; a search with one bit more, which A sets.

The bit is reset when the whole session is as at the start.  A in the very step of B counts as before it.
"""

from collections import deque

from clausework.explore.matching import Matcher
from clausework.explore.sequences import Run
from clausework.model.sequence import Happening, Precedes, Property
from clausework.semantics.configuration import Configuration
from clausework.semantics.session import Session
from clausework.semantics.space import Space, Step

_Node = tuple[Configuration, bool]


class Precedence:
    """Looks for a run that breaks the property in one session; `complete` tells whether all of it was seen."""

    def __init__(self, space: Space, session: Session, claim: Precedes, stated: Property) -> None:
        self.space = space
        self.session = session
        self.claim = claim
        self.excuses = [claim.first, *([stated.unless] if stated.unless is not None else [])]
        self.matcher = Matcher(space, session)
        self.complete = True

    def run(self, most: int) -> Run | None:
        start = (self.space.start(), False)
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
                seen = node[1] or any(self._happens(step, each) for each in self.excuses)
                if not seen and self._happens(step, self.claim.before):
                    return self._told(came, node, step)
                after = (step.target, seen and not self._initial(step.target))
                if after not in came:
                    came[after] = node, step
                    waiting.append(after)
        return None

    def _happens(self, step: Step, happening: Happening) -> bool:
        if happening.event is not None:
            return self.matcher.contains(step, happening.event)
        if happening.condition is None or step.target is None:
            return False
        return self.matcher.holds(happening.condition, step.target)

    def _initial(self, configuration: Configuration) -> bool:
        """Whether the whole session is as at the start."""
        system = self.space.system
        return all(
            self.space.party(configuration, self.session.parties[path[0]]).instances[instance.number]
            == system.initial(instance.machine)
            for path, instance in self.session.instances.items()
        )

    def _told(self, came: dict[_Node, tuple[_Node, Step] | None], node: _Node, last: Step) -> Run:
        steps = [last]
        while (before := came[node]) is not None:
            node, step = before
            steps.append(step)
        return Run(node[0], tuple(reversed(steps)), complete=True)
