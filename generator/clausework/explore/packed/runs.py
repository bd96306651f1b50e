"""What goes on between the configurations that a search found: kept by the engine, told of few of them.

The engine finds the parts; what a lasso through one needs, `cycles` asks of `Runs`, which reads like the reference's
search, with the same classes under the same numbers, but for the few configurations that are asked for alone.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property

from clausework.explore.packed.engine import Status
from clausework.explore.packed.search import PackedSearch
from clausework.explore.search.classes import FAULT, Class, class_of, flags_of
from clausework.explore.search.cycles import Part
from clausework.explore.verdicts.findings import Kept, Round
from clausework.explore.verdicts.resting import Resting
from clausework.semantics.space import Label, Step
from clausework.semantics.system import Instance

SLICE = 1 << 20
"""Steps of a way between two looks at the clock, the limits and the keyboard."""

MOST = 1 << 31
"""The engine keeps a bit beside a number."""

_BITS = 64
_NOWHERE = -1


class Unlooked(Exception):
    """Runs weren't looked at to the end; the text says why."""


@contextmanager
def within_limits(search: PackedSearch) -> Iterator[None]:
    """What is made of a search: Ctrl-C ends that, too, and the lack of memory; raises `Unlooked`."""
    if search.crew.sample or search.interrupted:
        raise Unlooked("a sample doesn't tell" if search.crew.sample else "interrupted")
    try:
        yield
    except KeyboardInterrupt as stopped:
        search.interrupt()
        raise Unlooked("interrupted") from stopped
    except MemoryError as problem:
        raise Unlooked("there is no more memory") from problem


class Inside:
    """The numbers of a part, in order."""

    def __init__(self, numbers: "array[int]") -> None:
        self.numbers = numbers

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        place = bisect_left(self.numbers, number)
        return place < len(self.numbers) and self.numbers[place] == number


class Runs:
    """Of a search that has ended: `targets`, `kinds` and `flags` are of those configurations whose `edges` were asked.

    Where a fault leads isn't kept: no cycle has one.  Raises `Unlooked` where a limit of the search is reached.
    """

    def __init__(self, search: PackedSearch) -> None:
        self.search = search
        self.space = search.space
        self.targets: list[int] = []
        self.kinds: list[int] = []
        self.flags: list[int] = []
        self.kept: dict[int, frozenset[int]] = {}
        self._steps: list[Step] = []
        self._edges: dict[int, range] = {}
        if search.configurations > MOST:
            raise Unlooked(f"more than {MOST:,} configurations")
        self._look(self.search.engine.look_again)

    def _look(self, slice_: Callable[[], Status]) -> None:
        """To the end; within the limits of the search."""
        search = self.search
        try:
            while slice_() is Status.SLICE:
                if search.late:
                    raise Unlooked(f"more than {search.seconds:g} seconds")
                if search.memory and search.engine.runs_bytes() > search.memory:
                    raise Unlooked(f"more than {search.memory:,} bytes of memory")
                if search.progress is not None:
                    search.progress(
                        search.configurations, search.steps, search.depth, search.engine.left_to_look_again()
                    )
        finally:
            search.engine.rest()

    # -- parts

    def never_leaving(self, resting: Resting) -> Iterator[Kept]:
        """Where an instance is first kept in a state; those that rest in all their states aren't asked for."""
        wanted = [
            (party, instance)
            for party, inside in enumerate(self.space.system.instances)
            for instance in inside
            if not all(resting.always(instance.machine, state) for state in self._states(party, instance))
        ]
        for first in range(0, len(wanted), _BITS):
            yield from self._kept(wanted[first : first + _BITS])

    def _states(self, party: int, instance: Instance) -> set[str]:
        parties = self.space.reactions.parties
        return {parties[state].instances[instance.number].state for state in self.search.tables.states[party]}

    def _kept(self, wanted: list[tuple[int, Instance]]) -> list[Kept]:
        engine, states = self.search.engine, self.search.tables.states
        by_party: dict[int, list[Instance]] = {}
        for party, instance in wanted:
            by_party.setdefault(party, []).append(instance)
        engine.begin_leaving(len(wanted))
        first = 0
        for party, instances in by_party.items():
            engine.track(party, first, len(instances), self._leaves(party, instances))
            first += len(instances)
        self._look(lambda: engine.look_who_leaves(SLICE))
        found = []
        for party, instances in by_party.items():
            kept = engine.kept_in(party, len(instances) * len(states[party]))
            for place, instance in enumerate(instances):
                numbers = {each for each in kept[place :: len(instances)] if each is not None}
                found += [(party, instance, number) for number in sorted(numbers)]
        engine.end_leaving()
        return found

    def _leaves(self, party: int, instances: list[Instance]) -> "array[int]":
        """The states of instances, numbered, in each state of the party."""
        numbers: list[dict[str, int]] = [{} for _ in instances]
        found = array("H")
        for state in self.search.tables.states[party]:
            now = self.space.reactions.parties[state].instances
            for known, instance in zip(numbers, instances, strict=True):
                found.append(known.setdefault(now[instance.number].state, len(known)))
        return found

    def by_itself(self) -> Round | None:
        """The fair part that was found first."""
        found = self._fair(by_itself=True)
        return (self, found) if found is not None else None

    def due(self) -> Part | None:
        """The fair part, found first, in which a run counts."""
        return self._fair(by_itself=False)

    def _fair(self, *, by_itself: bool) -> Part | None:
        engine = self.search.engine
        engine.begin_fair(by_itself=by_itself)
        self._look(lambda: engine.look_for_fair(SLICE))
        numbers = array("I", sorted(engine.fair()))
        always, ever = (self._numbered(each) for each in engine.fair_classes())
        engine.end_fair()
        if not numbers:
            return None
        return Part(begin=numbers[0], inside=Inside(numbers), always=always, ever=ever)

    def _numbered(self, bits: int) -> list[int]:
        mine = {number: class_ for class_, number in self.search.tables.classes.items()}
        classes = (mine[number] for number in range(1, len(mine)) if bits >> number & 1)
        return [self._classes[class_] for class_ in classes]

    # -- as the reference's search

    @cached_property
    def _classes(self) -> dict[Class | None, int]:
        """In the order in which the reference meets them."""
        firsts = self.search.engine.class_firsts(len(self.search.tables.classes))
        found: dict[Class | None, int] = {None: 0}
        for number in sorted({each for each in firsts if each is not None}):
            steps = list(self._taken(number))
            for happens in (True, False):
                for step in steps:
                    if (step.target is not None) is happens:
                        found.setdefault(self._class_of(step.label), len(found))
        return found

    @cached_property
    def classes(self) -> list[Class | None]:
        return list(self._classes)

    def _class_of(self, label: Label) -> Class | None:
        return class_of(label, reconnects=self.space.system.check.reconnects)

    def _taken(self, number: int) -> Iterator[Step]:
        """The steps from there, as often as there are memories after them."""
        for step in self.search.steps_of(self.search.configuration(number)):
            memories = 1 if step.target is None else len(self.search.memories_after(number, step))
            yield from (step for _ in range(memories))

    def edges(self, number: int) -> range:
        if number not in self._edges:
            self._edges[number] = self._asked(number)
        return self._edges[number]

    def _asked(self, number: int) -> range:
        begin, kept = len(self.targets), []
        targets = iter(self.search.engine.targets_of(number))
        for step in self._taken(number):
            if step.target is None:
                kept.append(self._classes[self._class_of(step.label)])
                continue
            flags = flags_of(step.label, step.reaction)
            self.targets.append(_NOWHERE if flags & FAULT else next(targets))
            self.kinds.append(self._classes[self._class_of(step.label)])
            self.flags.append(flags)
            self._steps.append(step)
        if kept:
            self.kept[number] = frozenset(kept)
        return range(begin, len(self.targets))

    def step(self, _number: int, edge: int) -> Step:
        return self._steps[edge]

    def way(self, number: int) -> list[Step]:
        return self.search.way(number)
