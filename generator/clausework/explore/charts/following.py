"""Following a chart along a run: how far it has come, step by step.

A step may be read in several ways (two parts of a `parallel` may want the same message next), so what comes of it is
a set of cuts.  Those that say less than another one are left out: whoever has seen more has less to wait for.
"""

from collections.abc import Callable, Iterator

from clausework.explore.charts.chart import Chart, Cut, Occurrence, Part, occurrences
from clausework.explore.charts.matching import Item, Matcher
from clausework.model.sequence import IsIn
from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Reaction
from clausework.semantics.space import Step

Items = tuple[Item, ...]


class Follower:
    """`begin` is the cut before anything happened; whatever is in it already is not waited for."""

    def __init__(self, matcher: Matcher, chart: Chart, ignored: Cut = 0) -> None:
        self.matcher = matcher
        self.occurrences = occurrences(chart)
        self.lines: dict[str, list[int]] = {}
        for number, each in enumerate(self.occurrences):
            self.lines.setdefault(each.lifeline, []).append(number)
        parts = [each.part for each in self.occurrences]
        self.has_moments = Part.NEVER in parts
        self.looks_ahead = any(each.part is Part.NEVER and isinstance(each.event, IsIn) for each in self.occurrences)
        quiet = {each.lifeline for each in self.occurrences if each.part is Part.NEVER or isinstance(each.event, IsIn)}
        self.quiet = sorted(quiet)
        self._read: dict[tuple[int, int | None, Cut], tuple[Reaction, tuple[Cut, ...]]] = {}
        self.begin = ignored
        self.all = sum(1 << number for number, part in enumerate(parts) if part is not Part.LOST)

    def is_done(self, cut: Cut) -> bool:
        """A message written as lost may also vanish with its connection: nobody waits for the loss itself."""
        return cut & self.all == self.all

    def can_come(self, lifeline: str, cut: Cut) -> Iterator[int]:
        """What may happen next on a lifeline."""
        for number in self.lines.get(lifeline, ()):
            if not cut >> number & 1 and self.occurrences[number].before & ~cut == 0:
                yield number

    def coming(self, cut: Cut) -> tuple[Occurrence, ...]:
        """What may happen next on any lifeline."""
        every = (number for lifeline in self.lines if lifeline for number in self.can_come(lifeline, cut))
        return tuple(self.occurrences[number] for number in every)

    def settled(self, cut: Cut, configuration: Configuration) -> Cut:
        """Past `a is: state` where it holds, and past the moments of `never` that have come."""
        while (number := next(self._settling(cut, configuration), None)) is not None:
            cut |= 1 << number
        return cut

    def settlings(self, cut: Cut, configuration: Configuration) -> Iterator[Cut]:
        """The same, and all cuts on the way there that leave something for later; but a moment comes when it comes."""
        coming = list(self._settling(cut, configuration))
        moment = next((each for each in coming if self.occurrences[each].part is Part.NEVER), None)
        if moment is not None:
            yield from self.settlings(cut | 1 << moment, configuration)
            return
        yield cut
        for number in coming:
            yield from self.settlings(cut | 1 << number, configuration)

    def _settling(self, cut: Cut, configuration: Configuration) -> Iterator[int]:
        for lifeline in self.quiet:
            for number in self.can_come(lifeline, cut):
                _, part, event, _ = self.occurrences[number]
                if part is Part.NEVER or (
                    isinstance(event, IsIn) and self.matcher.holds(event.condition, configuration)
                ):
                    yield number

    def is_forbidden(self, step: Step, cut: Cut) -> bool:
        """Whether the step contains what never happens from a moment on that has come."""
        if not self.has_moments:
            return False
        come = (each for number, each in enumerate(self.occurrences) if cut >> number & 1)
        return any(each.part is Part.NEVER and self.matcher.contains(step, each.event) for each in come)

    def known(self, step: Step, cut: Cut, read: Callable[[Step, Cut], tuple[Cut, ...]]) -> tuple[Cut, ...]:
        """What was read of a step, remembered: the same reaction is met in thousands of configurations."""
        if step.reaction is None or self.looks_ahead:
            return read(step, cut)
        key = (id(step.reaction), step.label.link, cut)
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = (step.reaction, read(step, cut))
        return found[1]

    def readings(self, step: Step, cut: Cut, lines: tuple[str, ...], bound: Items, free: Items) -> Iterator[Cut]:
        """Every way to read a step: its `bound` parts are the next events, in order; `free` ones are if they can be."""
        if not bound:
            yield cut
        for number in (each for lifeline in lines for each in self.can_come(lifeline, cut)):
            after = cut | 1 << number
            if bound and self._is(step, bound[0], number):
                yield from self.readings(step, after, lines, bound[1:], free)
            for item in free:
                if self._is(step, item, number):
                    left = tuple(each for each in free if each != item)
                    yield from self.readings(step, after, lines, bound, left)

    def _is(self, step: Step, item: Item, number: int) -> bool:
        return self.matcher.is_item(step, item, self.occurrences[number])


def fullest(cuts: Iterator[Cut]) -> tuple[Cut, ...]:
    """Those cuts that no other one contains."""
    found = tuple(dict.fromkeys(cuts))
    if len(found) < 2:
        return found
    return tuple(cut for cut in found if not any(cut != other and cut & ~other == 0 for other in found))
