"""A search by the compiled engine, that reads like the reference's: the same numbers, ways and counts."""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import overload

from clausework.explore.packed import sampling
from clausework.explore.packed.alike import Alike, Turn
from clausework.explore.packed.engine import ALONE, Asked, Crew, Engine, Run, Status
from clausework.explore.packed.layout import WORD
from clausework.explore.packed.packing import Packing
from clausework.explore.packed.tables import Tables
from clausework.explore.packed.views import View
from clausework.explore.search.breadth_first import Progress
from clausework.explore.search.garbage import undisturbed
from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Space, Step

SLICE = 1 << 16
"""Configurations looked at between two looks at the clock, the limits and the keyboard."""
SILENCE = 0.2
"""Seconds without a word on how far it is, where rows are wanted again and again."""


class Order(Sequence[Configuration]):
    """The configurations in the order of finding, unpacked when they are asked for."""

    def __init__(self, search: "PackedSearch") -> None:
        self._search = search

    def __len__(self) -> int:
        return self._search.configurations

    @overload
    def __getitem__(self, number: int) -> Configuration: ...
    @overload
    def __getitem__(self, number: slice) -> list[Configuration]: ...
    def __getitem__(self, number: int | slice) -> Configuration | list[Configuration]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self.at(number)

    def at(self, number: int) -> Configuration:
        """Of one that was found."""
        return self._search.configuration(number)

    def __iter__(self) -> Iterator[Configuration]:
        return (self[number] for number in range(len(self)))


class PackedSearch:
    """`stopped` says why it ended early; `seconds` how long it may take, `memory` how many bytes (0: no limit)."""

    def __init__(
        self,
        space: Space,
        most: int,
        progress: Progress | None = None,
        *,
        views: tuple[View, ...] = (),
        parents: bool = True,
        memory: int = 0,
        seconds: float | None = None,
        word: int = WORD,
        crew: Crew = ALONE,
        run: Run | None = None,
        steps_of: Callable[[Configuration], Iterable[Step]] | None = None,
        tables: Tables | None = None,
        alike: Alike | None = None,
    ) -> None:
        self.space, self.most, self.progress = space, most, progress
        self.memory, self.seconds = memory, seconds
        self.tables = tables or Tables(space, alike=alike or Alike())
        if tables is None:
            self.tables.begin()
        self.remembers, self.steps_of = run, steps_of or space.steps
        self.packing = Packing(self.tables, word, run.observed if run is not None else None)
        self.views, self.parents, self.crew = views, parents, crew
        self.stopped, self.interrupted = "", False
        self.configurations = self.steps = self.depth = self.quiescent = self.full_cycles = self.looked = 0
        self.bytes = self.broken_off = 0
        self.wrong: int | None = None
        self._began = time.monotonic()
        self.order = Order(self)
        self.engine = self._made()
        for row in list(self.tables.rows):  # as another search of the same steps came to ask for them
            self.engine.add(*row.asked())
        self._begin()

    def _made(self) -> Engine:
        words = self.packing.layout.words
        return Engine(self.tables, self.views, words, parents=self.parents, crew=self.crew, run=self.remembers)

    def _begin(self) -> None:
        """From the start anew, in words wide enough for all that has turned up."""
        while True:
            starts = [self.packing.packed(self.space.start(), each) for each in self._first()]
            wanted = self.packing.layout.words, self.tables.wired
            if (self.engine.words, self.engine.wired) != wanted:
                self.engine = self._made()
            if not self.packing.outgrown:
                break
        self.firsts = len(starts)
        self.engine.begin(self.packing.layout, starts)

    def _first(self) -> list[int]:
        return self.remembers.observed.first() if self.remembers is not None else [0]

    def interrupt(self) -> None:
        """Somebody wants no more of it."""
        self.stopped, self.interrupted = "interrupted", True

    @property
    def left(self) -> float | None:
        """The seconds that are left."""
        return None if self.seconds is None else max(0, self.seconds - (time.monotonic() - self._began))

    @property
    def late(self) -> bool:
        return self.seconds is not None and time.monotonic() - self._began > self.seconds

    @undisturbed
    def run(self) -> None:
        """To the end or a limit; Ctrl-C stops it with what is known so far."""
        self._began = time.monotonic()
        self._silent_until = self._began + SILENCE
        try:
            while (status := self._slice()) in (Status.SLICE, Status.ROW_WANTED):
                if self.late:
                    self.stopped = f"more than {self.seconds or 0:g} seconds"
                    break
        except KeyboardInterrupt:
            self.interrupt()
            status = Status.DONE
        except MemoryError:
            self.stopped, status = "there is no more memory", Status.DONE
        finally:
            self.engine.rest()
        if status is Status.TOO_MANY:
            self.stopped = f"more than {self.most:,} configurations"
        elif status is Status.TOO_BIG:
            self.stopped = f"more than {self.memory:,} bytes of memory"
        self._count()

    def _slice(self) -> Status:
        status = self.engine.run(SLICE, self.most, self.memory)
        if status is Status.ROW_WANTED:
            if (asked := self.engine.asks()) is not None:
                self._answer(asked)
            else:
                self.engine.fill()
            if self.packing.outgrown or self.engine.wired != self.tables.wired:
                self.packing.widen()
                self._begin()
        if self.progress is not None and (status is not Status.ROW_WANTED or time.monotonic() > self._silent_until):
            self._silent_until = time.monotonic() + SILENCE
            told = self.engine.told()
            self.progress(told.configurations, told.steps, told.depth, told.configurations - told.looked)
        return status

    def _answer(self, asked: Asked) -> None:
        """What the observer has to say."""
        assert self.remembers is not None
        observed, before = self.remembers.observed, self.configuration(asked.number)
        step = None if asked.step is None else self._happening(before)[asked.step]
        if asked.is_letter:
            self.engine.add_letter(asked.key, observed.letter(before if step is None else step.target or before))
        elif step is not None:
            self.engine.add_follows(asked.key, observed.after(self.memory_at(asked.number), before, step))

    def _happening(self, configuration: Configuration) -> list[Step]:
        return [step for step in self.steps_of(configuration) if step.target is not None]

    def _count(self) -> None:
        told = self.engine.told()
        self.configurations, self.steps, self.depth = told.configurations, told.steps, told.depth
        self.quiescent, self.full_cycles, self.looked = told.quiescent, told.full_cycles, told.looked
        self.bytes, self.broken_off = told.bytes, told.broken_off
        self.wrong = told.wrong if told.wrong < told.configurations else None
        if self.crew.sample:
            sampled = sampling.told(self.configurations, 8 * self.crew.sample)
            self.stopped = f"{self.stopped}, and {sampled}" if self.stopped else sampled
            self.engine.notable()

    # -- what was found

    def notable(self) -> list[int]:
        """The numbers of the configurations where something that a view tells, or a step, was first seen."""
        return [number for number in self.noted if number < self.looked]

    @property
    def noted(self) -> list[int]:
        """The same, also where nobody looked at the steps from there any more."""
        return self.engine.notable()

    def remembered(self, number: int) -> Hashable:
        """What an observer has remembered there."""
        return self.remembers.observed.memories[self.memory_at(number)] if self.remembers is not None else None

    def configuration(self, number: int) -> Configuration:
        return self.packing.unpacked(self.engine.configuration(number))

    def way(self, number: int) -> list[Step]:
        """The steps from the start to a configuration: the same as the reference's."""
        path = [number]
        while path[-1] >= self.firsts:
            path.append(self.engine.origin(path[-1]))
        if self.crew.sample:
            return list(self._retraced(path[-2::-1]))
        if self.tables.alike.any:
            return list(self._under_its_names(path[::-1]))
        return [self._between(before, after) for before, after in pairwise(reversed(path))]

    def _between(self, before: int, after: int) -> Step:
        """The first step from one to the other."""
        target = self.configuration(after)
        steps = (step for step in self.steps_of(self.configuration(before)) if step.target == target)
        return next(step for step in steps if self.memory_at(after) in self.memories_after(before, step))

    def _under_its_names(self, path: list[int]) -> Iterator[Step]:
        """Where only one of those that are alike is kept: a run to just that one, nothing forgotten on the way."""
        met, steps = [self.space.start()], []
        for before, after in pairwise(path):
            step, target = next(self._alike(before, met[-1], after))
            met.append(target)
            steps.append(step)
        for turn, end in enumerate(self.tables.alike.names(met[-1])):
            if self._words(end, path[-1]) == self.engine.configuration(path[-1]):
                return iter(steps) if turn == 0 else self._turned(self.tables.alike.turns[turn - 1], met)
        raise AssertionError("under some names it ends there")

    def _alike(self, before: int, at: Configuration, after: int) -> Iterator[tuple[Step, Configuration]]:
        """The steps from a configuration that is alike to one, to what is alike to another."""
        wanted = self.engine.configuration(after)
        for step in self.steps_of(at):
            if step.target is None or self.memory_at(after) not in self._after(before, at, step):
                continue
            if any(self._words(each, after) == wanted for each in self.tables.alike.names(step.target)):
                yield step, step.target

    def _turned(self, turn: Turn, met: Sequence[Configuration]) -> Iterator[Step]:
        """A run under other names."""
        before = turn.configuration(met[0])
        for each in met[1:]:
            wanted = self.packing.packed(turn.configuration(each))
            steps = ((step, step.target) for step in self.steps_of(before) if step.target is not None)
            step, before = next((step, target) for step, target in steps if self.packing.packed(target) == wanted)
            yield step

    def _words(self, configuration: Configuration, number: int) -> tuple[int, ...]:
        """Those of a configuration where the same is remembered as in another one."""
        return self.packing.packed(configuration, self.memory_at(number))

    def memories_after(self, number: int, step: Step) -> list[int]:
        """What may be remembered after a step, by number; one thing, if nothing is."""
        return self._after(number, self.configuration(number), step)

    def _after(self, number: int, at: Configuration, step: Step) -> list[int]:
        if self.remembers is None:
            return [0]
        return self.remembers.observed.after(self.memory_at(number), at, step)

    def memory_at(self, number: int) -> int:
        return self.packing.memory(self.engine.configuration(number)) if self.remembers is not None else 0

    def _retraced(self, path: list[int]) -> Iterator[Step]:
        """Of a sample, where nobody remembers the configurations between: by which steps they were found."""
        before = self.space.start()
        for number in path:
            happen = [(step, step.target) for step in self.space.steps(before) if step.target is not None]
            step, before = happen[self.engine.step_taken(number)]
            yield step
