"""Negative sequences cannot happen: no run, whatever else goes on in it, contains their events in order.

The order is that of the chart, so a sequence and its negative never both hold.  That a message is received counts only
where its receiver does something afterwards: who must not be sent something must not be sent it, even if it is lost.
"""

from collections import deque
from collections.abc import Iterable, Iterator

from clausework.explore.charts.chart import Chart, Cut, Part, occurrences
from clausework.explore.charts.following import Follower, fullest
from clausework.explore.charts.matching import Matcher
from clausework.explore.charts.positive import Run
from clausework.explore.search.ways import way_to
from clausework.model.sequence import Does
from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Commanded
from clausework.semantics.session import Session
from clausework.semantics.space import Space, Step

_Node = tuple[Configuration, Cut]


class Negative:
    """Looks for a run, with everything else going on, that contains the events in their order.

    Besides the commands that the check allows, those are given that the chart has: it says itself what is asked for.
    """

    def __init__(self, space: Space, session: Session, chart: Chart) -> None:
        self.space = space
        self.matcher = Matcher(space, session)
        self.follower = Follower(self.matcher, chart, _of_no_consequence(chart))
        self.session = session
        self.given = [each.event for each in self.follower.occurrences if isinstance(each.event, Does)]
        self.beyond = not all(
            space.reactions.limits.allow_of_any(self.matcher.party(each.lifeline), each.command) for each in self.given
        )

    def run(self, starts: Iterable[Configuration], most: int) -> Run | None:
        """A run that contains them; None if there is none among at most `most` positions (then see `complete`)."""
        self.complete = True
        came: dict[_Node, tuple[_Node, Step] | None] = {}
        for start in starts:
            came |= dict.fromkeys((start, cut) for cut in self.settled((self.follower.begin,), start))
        waiting = deque(came)
        while waiting:
            node = waiting.popleft()
            if self.follower.is_done(node[1]):
                start_node, steps = way_to(came, node)
                return Run(start_node[0], steps, complete=True, session=self.session)
            if len(came) > most:
                self.complete = False
                return None
            for step in self.steps(node[0]):
                for cut in self.after(step, node[1]):
                    target = step.target or node[0]
                    if (target, cut) not in came:
                        came[target, cut] = node, step
                        waiting.append((target, cut))
        return None

    def may_happen(self, step: Step) -> bool:
        party, event = step.label.party, step.label.event
        if not self.beyond or not isinstance(event, Commanded):
            return True
        if self.space.reactions.limits.allow(party, event.instance, event.command):
            return True
        return any(self.matcher.does(step, each) for each in self.given)

    def steps(self, configuration: Configuration) -> Iterator[Step]:
        """What may happen, and does."""
        steps = self.space.steps(configuration, beyond=self.beyond)
        return (step for step in steps if step.target is not None and self.may_happen(step))

    def after(self, step: Step, cut: Cut) -> tuple[Cut, ...]:
        """How far the events may have come after a step."""
        return self.settled(self.follower.known(step, cut, self._read), step.target) if step.target is not None else ()

    def _read(self, step: Step, cut: Cut) -> tuple[Cut, ...]:
        """How far the events may have come; with a `never` in them it may be better to wait for later ones."""
        if self.follower.is_forbidden(step, cut):
            return ()
        lines = self.session.lifelines_of(step.label.party)
        read = self.follower.readings(step, cut, lines, (), tuple(self.matcher.items(step)))
        return tuple(dict.fromkeys(read)) if self.follower.has_moments else fullest(read)

    def settled(self, cuts: tuple[Cut, ...], configuration: Configuration) -> tuple[Cut, ...]:
        if not self.follower.quiet:
            return cuts
        if self.follower.has_moments:
            return tuple(dict.fromkeys(each for cut in cuts for each in self.follower.settlings(cut, configuration)))
        return tuple(dict.fromkeys(self.follower.settled(cut, configuration) for cut in cuts))


def _of_no_consequence(chart: Chart) -> Cut:
    """Receipts that nothing else on their lifeline comes after; and losses."""
    every = occurrences(chart)
    ignored = 0
    for number in reversed(range(len(every))):
        followers = (other for other, each in enumerate(every) if each.before >> number & 1)
        last = every[number].part is Part.RECEIVED and all(ignored >> other & 1 for other in followers)
        if last or every[number].part is Part.LOST:
            ignored |= 1 << number
    return ignored
