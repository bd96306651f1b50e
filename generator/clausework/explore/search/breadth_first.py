"""Breadth first through a space: every configuration once, with the way there and the steps between them.

The search knows nothing of properties: whoever watches it is told of each configuration with its steps, and may note
what it finds.  An observer goes along each run and remembers something of it; then every configuration is looked at
once for each memory that a run may bring there.  The first way to a configuration is a shortest one.
"""

from array import array
from collections.abc import Callable, Hashable, Iterator
from typing import Protocol

from clausework.explore.search.classes import Class, class_of, flags_of
from clausework.explore.search.ways import numbered_way
from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Label, Space, Step

Progress = Callable[[int, int, int, int], None]
"""Configurations, steps, depth, length of the queue of those to be looked at."""

EVERY = 5_000


class Watcher(Protocol):
    def configuration(self, number: int, configuration: Configuration, steps: list[Step]) -> None: ...


class Observer(Protocol):
    """What is remembered of a run: at first, and after each step; a step may leave a choice of what to remember."""

    def first(self, start: Configuration) -> Iterator[Hashable]: ...

    def after(self, memory: Hashable, before: Configuration, step: Step) -> Iterator[Hashable]: ...


class Nothing:
    """Remembers nothing, and notes nothing."""

    def first(self, _start: Configuration) -> Iterator[Hashable]:
        yield None

    def after(self, _memory: Hashable, _before: Configuration, _step: Step) -> Iterator[Hashable]:
        yield None

    def configuration(self, number: int, configuration: Configuration, steps: list[Step]) -> None:
        """Nothing to be noted."""


class Search:
    """What was found, by numbers in the order of finding.

    `order` are the configurations, `memories` what the observer knew there; `ways` the number that each came from, and
    by which step.  The steps from number n are those from `begins[n]` to `begins[n + 1]`: where they lead
    (`targets`), which fairness class they are of (`kinds`, an index into `classes`), and what else of them matters
    (`flags`).  `broken_off`: whether a step from there didn't happen (a full queue, a finding), so that nobody knows
    what lies beyond; `kept` are the classes of such steps.  What wasn't looked at any more has no steps: `looked` are
    the first so many.  Of configurations that are `alike`, as the space has it, only the first is gone on from.
    """

    def __init__(
        self,
        space: Space,
        most: int,
        progress: Progress | None = None,
        observer: Observer | None = None,
        steps_of: Callable[[Configuration], Iterator[Step]] | None = None,
    ) -> None:
        self.space = space
        self.most = most
        self.progress = progress
        self.observer = observer
        self.steps_of = steps_of or space.steps
        self.alike = space.alike
        start = space.start()
        self.memories: list[Hashable] = list(observer.first(start)) if observer is not None else [None]
        self.order: list[Configuration] = [start for _ in self.memories]
        self.ways: list[tuple[int, Label] | None] = [None for _ in self.memories]
        self.begins, self.targets, self.kinds, self.flags = array("L", [0]), array("L"), array("L"), bytearray()
        self.broken_off = bytearray()
        self.kept: dict[int, frozenset[int]] = {}
        self.classes: list[Class | None] = [None]
        self._classes: dict[Class | None, int] = {None: 0}
        self.steps = 0
        self.depth = 0
        self.stopped = ""
        self.interrupted = False
        known_as = start if self.alike is None else self.alike(start)
        self._numbers = {(known_as, memory): number for number, memory in enumerate(self.memories)}
        self._outmost = list(range(len(self.order)))

    @property
    def looked(self) -> int:
        return len(self.begins) - 1

    def run(self, watcher: Watcher | None = None) -> None:
        """To the end, or to `most` configurations; Ctrl-C stops it with what is known so far."""
        while self.goes_on(watcher):
            continue

    def goes_on(self, watcher: Watcher | None = None) -> bool:
        """One level further, for whoever doesn't need them all; false if there was none any more."""
        if not self._outmost or self.stopped:
            return False
        self.depth += 1
        try:
            self._outmost = self._level(self._outmost, watcher or Nothing())
        except KeyboardInterrupt:
            self.stopped = "interrupted"
            self.interrupted = True
        return True

    def _level(self, level: list[int], watcher: Watcher) -> list[int]:
        following: list[int] = []
        for number in level:
            steps = list(self.steps_of(self.order[number]))
            watcher.configuration(number, self.order[number], steps)
            for step in steps:
                if step.target is not None:
                    self._step(number, step, step.target, following)
            self.begins.append(len(self.targets))
            kept = [step.label for step in steps if step.target is None]
            self.broken_off.append(bool(kept))
            if kept:
                self.kept[number] = frozenset(self._class(label) for label in kept)
            if self.progress is not None and number % EVERY == 0:
                self.progress(len(self.order), self.steps, self.depth, len(following))
            if len(self.order) > self.most:
                self.stopped = f"more than {self.most:,} configurations"
                break
        return following

    def _step(self, number: int, step: Step, target: Configuration, following: list[int]) -> None:
        memories = self._memories(number, step)
        known_as = target if self.alike is None else self.alike(target)
        for memory in memories:
            self.steps += 1
            found = self._numbers.setdefault((known_as, memory), len(self.order))
            if found == len(self.order):
                following.append(found)
                self.order.append(target)
                self.memories.append(memory)
                self.ways.append((number, step.label))
            self.targets.append(found)
            self.kinds.append(self._class(step.label))
            self.flags.append(flags_of(step.label, step.reaction))

    def _memories(self, number: int, step: Step) -> Iterator[Hashable] | tuple[None]:
        if self.observer is None:
            return (None,)
        return self.observer.after(self.memories[number], self.order[number], step)

    def _class(self, label: Label) -> int:
        class_ = class_of(label, reconnects=self.space.system.check.reconnects)
        number = self._classes.setdefault(class_, len(self.classes))
        if number == len(self.classes):
            self.classes.append(class_)
        return number

    # -- ways

    def way(self, number: int) -> list[Step]:
        """The steps from the start to a configuration."""
        return numbered_way(self.ways, number, self.order, self.steps_of)

    def step(self, number: int, edge: int) -> Step:
        """The step that an edge out of a configuration was, by its place among `targets`."""
        wanted = edge - self.begins[number]
        place = 0
        for step in self.steps_of(self.order[number]):
            if step.target is None:
                continue
            memories = len(list(self._memories(number, step)))
            if place <= wanted < place + memories:
                return step
            place += memories
        raise AssertionError("the steps of a configuration are always the same")

    def edges(self, number: int) -> range:
        """The places of a configuration's steps; none, if it wasn't looked at any more."""
        return range(self.begins[number], self.begins[number + 1]) if number < self.looked else range(0)

    def __iter__(self) -> Iterator[Configuration]:
        return iter(self.order)
