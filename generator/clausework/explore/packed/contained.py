"""A chart whose events no run may contain, as the engine reads it: how far they have come is what is remembered.

Like an observer of a claim (`observed`), with the reference's own reading of steps (`charts.negative`).
"""

from collections.abc import Hashable

from clausework.explore.charts.chart import Part
from clausework.explore.charts.negative import Negative
from clausework.explore.packed.observed import numbered, reads
from clausework.explore.packed.views import View
from clausework.explore.verdicts.observing import WRONG
from clausework.model.sequence import IsIn
from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Reaction
from clausework.semantics.reactions import Label
from clausework.semantics.space import Step


class Contained:
    """Memories are cuts; where all has come, the run is wrong."""

    def __init__(self, wanted: Negative) -> None:
        self.wanted, self.space = wanted, wanted.space
        self.matcher, self.follower = wanted.matcher, wanted.follower
        self._start = self.space.start()
        self.memories: list[Hashable] = [WRONG, "none counts"]
        self._memories: dict[Hashable, int] = {each: number for number, each in enumerate(self.memories)}
        self._symbols: dict[Hashable, int] = {}
        self._letters: dict[Hashable, int] = {}
        every = self.follower.occurrences
        self._conditions = [each.event.condition for each in every if isinstance(each.event, IsIn)]
        self._never = [each.event for each in every if each.part is Part.NEVER and not isinstance(each.event, IsIn)]
        self.symbol(Label("", -1, None), None)

    def first(self) -> list[int]:
        return [self._memory(each) for each in self.wanted.settled((self.follower.begin,), self._start)]

    def after(self, memory: int, _before: Configuration, step: Step) -> list[int]:
        cut = self.memories[memory]
        return [self._memory(each) for each in self.wanted.after(step, cut)] if isinstance(cut, int) else []

    def _memory(self, cut: int) -> int:
        return numbered(
            self._memories, WRONG if self.follower.is_done(cut) else cut, "memories of a run", self.memories
        )

    def symbol(self, label: Label, reaction: Reaction | None) -> int:
        """The kind of a step: which parts of it are which events of the chart, and what of it must not happen."""
        step = Step(label, self._start, reaction)
        events = range(len(self.follower.occurrences))
        parts = [
            tuple(each for each in events if self.matcher.is_item(step, item, self.follower.occurrences[each]))
            for item in self.matcher.items(step)
        ]
        never = tuple(self.matcher.contains(step, each) for each in self._never)
        party = label.party if any(parts) else None
        return numbered(self._symbols, (party, tuple(each for each in parts if each), never), "kinds of steps")

    def letter(self, configuration: Configuration) -> int:
        """What counts of a configuration: which conditions of the chart hold."""
        holds = tuple(self.matcher.holds(each, configuration) for each in self._conditions)
        return numbered(self._letters, holds, "conditions")

    def view(self) -> View:
        """What letters depend on."""
        return reads(self.space, self.wanted.session, self._conditions)
