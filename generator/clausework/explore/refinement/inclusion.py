"""Goes along each run of the larger flow, and remembers where a stand-in that is seen the same may be by then.

That is a set of its configurations (subset construction), closed under steps that change nothing seen; sets go by
number, so that a memory is small.  An empty one says that the run is none of the stand-in's.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from clausework.explore.refinement.seeing import Amiss, Larger, Seen, Smaller
from clausework.explore.search.breadth_first import Search
from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Step

NOWHERE, AMISS = 0, -1
"""Memories of runs that aren't followed further: the stand-in has no such run; nothing stands for what is reached."""


@dataclass
class Runs:
    """The stand-in, explored: what is seen of each configuration, by number, and where its steps lead."""

    search: Search
    seen: list[Seen]
    after: list[tuple[int, ...]]


def runs_of(search: Search, smaller: Smaller) -> Runs:
    """Of a search that has ended."""
    after = [
        tuple(dict.fromkeys(search.targets[edge] for edge in search.edges(number)))
        for number in range(len(search.order))
    ]
    return Runs(search, [smaller.seen(each) for each in search.order], after)


@dataclass
class Inclusion:
    """An observer of the larger flow's search.  `anywhere`: its runs begin in the midst, wherever that may be."""

    runs: Runs
    larger: Larger
    anywhere: bool = False
    sets: list[frozenset[int]] = field(default_factory=lambda: [frozenset()])
    fails: bool = False

    def __post_init__(self) -> None:
        self._numbers = {each: number for number, each in enumerate(self.sets)}
        self._known: dict[tuple[int, Seen], int] = {}

    def first(self, start: Configuration) -> Iterator[Hashable]:
        seen = self.larger.seen(start)
        begins = range(len(self.runs.seen)) if self.anywhere else (0,)
        yield self._told(AMISS if isinstance(seen, Amiss) else self._numbered(self._closed(begins, seen)))

    def after(self, memory: Hashable, _before: Configuration, step: Step) -> Iterator[Hashable]:
        if not isinstance(memory, int) or memory in {NOWHERE, AMISS} or step.target is None:
            return
        seen = self.larger.seen(step.target)
        yield self._told(AMISS if isinstance(seen, Amiss) else self._moved(memory, seen))

    def _told(self, memory: int) -> int:
        self.fails = self.fails or memory in {NOWHERE, AMISS}
        return memory

    def _moved(self, memory: int, seen: Seen) -> int:
        """Where it may be after a step: it has stayed, or taken one of its own, and then any that aren't seen."""
        known = self._known.get((memory, seen))
        if known is None:
            before = self.sets[memory]
            stepped = (after for number in before for after in self.runs.after[number])
            known = self._known[memory, seen] = self._numbered(self._closed((*before, *stepped), seen))
        return known

    def _closed(self, begins: Iterable[int], seen: Seen) -> frozenset[int]:
        found = {each for each in begins if self.runs.seen[each] == seen}
        waiting = list(found)
        while waiting:
            for after in self.runs.after[waiting.pop()]:
                if after not in found and self.runs.seen[after] == seen:
                    found.add(after)
                    waiting.append(after)
        return frozenset(found)

    def _numbered(self, found: frozenset[int]) -> int:
        number = self._numbers.setdefault(found, len(self.sets))
        if number == len(self.sets):
            self.sets.append(found)
        return number
