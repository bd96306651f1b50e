"""The compiled engine, fed with rows as it asks for them."""

import ctypes
from array import array
from collections.abc import Hashable, Sequence
from enum import IntEnum
from typing import NamedTuple

from clausework.explore.packed.compiled import library
from clausework.explore.packed.layout import Layout, Unpackable
from clausework.explore.packed.observed import Remembers
from clausework.explore.packed.tables import MOST_CLASSES, Ask, Row, Tables, no_symbol
from clausework.explore.packed.views import View
from clausework.semantics.reactions import Label

_FAULTS = ("lost", "loss", "duplication", "swap", "attack", "restart")
_MOST_WIRED_LINKS, _MOST_WANTED = 24, 64  # a row for each block
_NONE, _NOT_BY_ITSELF = 0xFFFF_FFFF, 1 << 31
_LETTER, _FOLLOWS, _ITSELF = 7, 8, 1 << 31


class Status(IntEnum):
    DONE = 0
    SLICE = 1
    ROW_WANTED = 2
    TOO_MANY = 3
    TOO_BIG = 4
    NO_MEMORY = 5
    WRONG_RUN = 6


class Told(NamedTuple):
    """Counts so far; of `looked` the steps were looked at, of `broken_off` one didn't happen."""

    configurations: int
    steps: int
    depth: int
    quiescent: int
    full_cycles: int
    broken_off: int
    looked: int
    notables: int
    wanted_a: int
    wanted_b: int
    wanted_c: int
    wrong: int
    bytes: int


MOST_WORKERS = 16


class Crew(NamedTuple):
    """How many threads look for steps side by side; `grain`: how many configurations are worth one of them.

    `sample`: in how many bytes of bits it is remembered what was found; 0: each configuration is kept.
    """

    workers: int = 1
    grain: int = 32
    sample: int = 0


ALONE = Crew()


class Run(NamedTuple):
    """What is remembered of runs, and which: `faultless`, or such where time passes also if nobody counts it."""

    observed: Remembers
    faultless: bool = False
    timed: bool = False


class Asked(NamedTuple):
    """The letter of a configuration, or the memories after a step; `step`: of those that happen from there, by number.

    None: of the configuration itself.
    """

    is_letter: bool
    number: int
    step: int | None
    key: int


class Engine:
    """One library's search of one system; made anew when configurations need more words."""

    def __init__(
        self,
        tables: Tables,
        views: tuple[View, ...],
        words: int,
        *,
        parents: bool,
        crew: Crew = ALONE,
        run: Run | None = None,
    ) -> None:
        self.tables = tables
        self.observed_as = run
        tables.symbol = no_symbol if run is None else run.observed.symbol
        self.views = (*views, run.observed.view()) if run is not None else views
        self.words = words
        self.sample = crew.sample
        self._kept: dict[int, tuple[int, ...]] = {}
        self._known: set[Row] = set()
        self._again = False
        self.wired = tables.wired
        self._bits = [min(32, 64 // max(1, len(view.parties))) for view in self.views]
        if self.wired and len(tables.space.system.links) > _MOST_WIRED_LINKS and any(view.wires for view in views):
            raise Unpackable(f"more than {_MOST_WIRED_LINKS} links that come and go")
        self._classes: list[list[dict[Hashable, int]]] = [[{} for _ in view.parties] for view in self.views]
        self._library = library(words)
        self._engine = self._library.made(_numbers(list(self._described(parents=parents, crew=crew))))
        if not self._engine:
            raise MemoryError
        self._told = (ctypes.c_uint64 * len(Told._fields))()
        self._wanted = (ctypes.c_uint64 * (2 * _MOST_WANTED))()
        tables.listener = self
        tables.tell()

    def _described(self, *, parents: bool, crew: Crew) -> "Sequence[int]":
        system, tables = self.tables.space.system, self.tables
        check = system.check
        numbers = [len(system.parties), len(system.links), check.queue, len(check.faults), len(tables.attacks)]
        run = self.observed_as
        numbers += [
            len(self.views) - (run is not None),
            system.has_requests,
            system.timed,
            check.urgent,
            check.reconnects,
            check.together,
        ]
        numbers += [tables.wired, parents, crew.workers, crew.grain, crew.sample // 8]
        numbers += [run is not None, run is not None and run.faultless, run is not None and run.timed]
        numbers += [tables.symbol(Label("tick", 0, None), None)]
        numbers += [len(tables.alike.turns)]
        for link, ends in zip(system.links, tables.space.reactions.ends, strict=True):
            numbers += [*ends, link.datagram]
        for fault in check.faults:
            subject = -1 if fault.subject is None else system.number_of(fault.subject)
            numbers += [_FAULTS.index(str(fault.kind)), subject, fault.times is not None]
        for attack, symbol in zip(tables.attacks, tables.attack_symbols(), strict=True):
            numbers += (*attack, symbol)
        for slots in tables.slots:
            numbers += slots
        for view, bits in zip(self.views, self._bits, strict=True):
            numbers += [view.quiescent, view.wires, bits, len(view.parties), *view.parties]
        for turn in tables.alike.turns:
            numbers += [*turn.parties, *turn.links]
        return [int(each) for each in numbers]

    # -- told by the tables

    def state(self, party: int, local: int, seen: int, memory: bytes) -> None:
        self._tell("add_state", party, local, seen, memory)
        for number, view in enumerate(self.views):
            for place, each in enumerate(view.parties):
                if each == party:
                    known = self._classes[number][place]
                    class_ = known.setdefault(view.class_of(party, self.tables.states[party][local]), len(known))
                    if class_ >> self._bits[number]:
                        raise Unpackable("more states of a party than a view can tell apart")
                    self._tell("set_class", number, place, local, class_)

    def code(self, queue: int, code: int, fits: int) -> None:
        self._tell("add_code", queue, code, fits)

    def turned_state(self, turn: int, party: int, local: int, image: int) -> None:
        self._tell("set_turned_state", turn, party, local, image)

    def turned_code(self, turn: int, queue: int, code: int, image: int) -> None:
        self._tell("set_turned_code", turn, queue, code, image)

    def renamed(self, ending: int, queue: int, codes: Sequence[int]) -> None:
        self._tell("set_renamed", ending, queue, array("H", codes).tobytes(), len(codes))

    def _tell(self, function: str, *told: int | bytes) -> None:
        _enough(getattr(self._library, function)(self._engine, *told))

    # -- searching

    def begin(self, layout: Layout, starts: Sequence[tuple[int, ...]]) -> None:
        """From the starts anew, in this layout; the rows stay."""
        words = [word for each in starts for word in each]
        text = (ctypes.c_uint64 * len(words))(*words)
        _enough(self._library.begin(self._engine, _numbers(list(layout.numbers())), text, len(starts)))

    def run(self, slice_: int, most: int, memory: int) -> Status:
        return _status(self._library.run(self._engine, slice_, most, memory))

    def rest(self) -> None:
        """Until it's run again, there are no threads."""
        self._library.rest(self._engine)

    def fill(self) -> None:
        """The rows that the engine waits for."""
        many = self._library.rows_wanted(self._engine, self._wanted)
        for place in range(0, 2 * many, 2):
            self.add(self._wanted[place], self._wanted[place + 1])

    def add(self, a: int, b: int) -> None:
        """A row, by what it is asked for with."""
        row = Row.of(a, b)
        if row.kind is Ask.GROWS_OLDER:
            self._tell("add_older", a, self.tables.older(row))
        else:
            asks = self.tables.asks(row)
            stands_for = row.within(asks)
            if stands_for not in self._known:
                self._known.add(stands_for)
                text = self.tables.row(stands_for)
                self._tell("add_row", *stands_for.asked(), text.tobytes(), len(text), asks)

    def asks(self) -> "Asked | None":
        """What of a run it asks for, if it doesn't ask for a row."""
        told = self.told()
        if told.wanted_a >> 60 not in (_LETTER, _FOLLOWS):
            return None
        step = told.wanted_a & (1 << 60) - 1
        is_letter = told.wanted_a >> 60 == _LETTER
        return Asked(is_letter, told.wanted_b, None if step == _ITSELF else step, told.wanted_c)

    def add_letter(self, key: int, letter: int) -> None:
        self._tell("add_letter", key, letter)

    def add_follows(self, key: int, memories: Sequence[int]) -> None:
        text = (ctypes.c_uint32 * len(memories))(*memories)
        _enough(self._library.add_follows(self._engine, key, text, len(memories)))

    def told(self) -> Told:
        self._library.told(self._engine, self._told)
        return Told(*self._told)

    def configuration(self, number: int) -> tuple[int, ...]:
        if self.sample:
            return self._kept[number]
        found = self._library.configurations(self._engine)
        return tuple(found[number * self.words + place] for place in range(self.words))

    def origin(self, number: int) -> int:
        return int(self._library.origins(self._engine)[number])

    def step_taken(self, number: int) -> int:
        """Of a sample: which of the steps from its origin led to a configuration."""
        return int(self._library.steps_taken(self._engine)[number])

    def notable(self) -> list[int]:
        """The configurations where something is new, in order; of a sample, those that are still known."""
        found, many = self._library.notables(self._engine), self.told().notables
        if self.sample:
            kept = self._library.kept(self._engine)
            words = range(self.words)
            self._kept = {found[k]: tuple(kept[k * self.words + word] for word in words) for k in range(many)}
        return sorted({found[place] for place in range(many)})

    def stood_for(self) -> int:
        """How many configurations there are under all names."""
        return int(self._library.stood_for(self._engine))

    # -- runs, when the search has ended

    def look_again(self) -> Status:
        """The steps of some more configurations, which are kept then."""
        if not self._again:
            _enough(self._library.graph_begun(self._engine))
            self._again = True
        return _status(self._library.graph_run(self._engine))

    def left_to_look_again(self) -> int:
        return self.told().looked - int(self._library.looked_again(self._engine))

    def begin_leaving(self, instances: int) -> None:
        _enough(self._library.leaving_begun(self._engine, instances))

    def track(self, party: int, first: int, many: int, leaves: "array[int]") -> None:
        """The states of so many instances of a party, for each state of the party."""
        states = len(leaves) // many
        _enough(self._library.track(self._engine, party, first, many, leaves.tobytes(), states))

    def look_who_leaves(self, slice_: int) -> Status:
        return _status(self._library.leaving_run(self._engine, slice_))

    def kept_in(self, party: int, many: int) -> list[int | None]:
        return [_number(each) for each in self._library.kept_in(self._engine, party)[:many]]

    def end_leaving(self) -> None:
        self._library.leaving_dropped(self._engine)

    def begin_fair(self, *, by_itself: bool) -> None:
        _enough(self._library.fairness_begun(self._engine, by_itself))

    def look_for_fair(self, slice_: int) -> Status:
        return _status(self._library.fairness_run(self._engine, slice_))

    def fair(self) -> Sequence[int]:
        """The numbers of the fair part that was found first; none if there is none."""
        many = int(self._library.fair_count(self._engine))
        return self._library.fair_part(self._engine)[:many] if many else ()

    def fair_classes(self) -> tuple[int, int]:
        """As bits: what is enabled everywhere in it, and what is anywhere."""
        words = (self._library.fair_always(self._engine), self._library.fair_ever(self._engine))
        always, ever = (sum(each[k] << 64 * k for k in range(MOST_CLASSES // 64)) for each in words)
        return always, ever

    def end_fair(self) -> None:
        self._library.fairness_dropped(self._engine)

    def class_firsts(self, many: int) -> list[int | None]:
        """Where each class of steps was first seen, but for that of no class."""
        return [_number(each) for each in self._library.class_firsts(self._engine)[1:many]]

    def targets_of(self, number: int) -> list[int]:
        """Where the steps of a configuration lead, but for faults."""
        many = ctypes.c_uint64()
        found = self._library.targets_of(self._engine, number, ctypes.byref(many))
        return [each & ~_NOT_BY_ITSELF for each in found[: many.value]]

    def halted(self) -> int | None:
        """Where a run that counts first comes to an end."""
        return _number(int(self._library.halted_at(self._engine)))

    def runs_bytes(self) -> int:
        return int(self._library.runs_bytes(self._engine))

    def drop_runs(self) -> None:
        self._library.runs_dropped(self._engine)
        self._again = False

    def drop(self) -> None:
        if self._engine:
            self.drop_runs()
            self._library.dropped(self._engine)
            self._engine = None

    def __del__(self) -> None:
        if getattr(self, "_engine", None):
            self.drop()


def _status(number: int) -> Status:
    status = Status(number)
    if status is Status.NO_MEMORY:
        raise MemoryError
    return status


def _number(found: int) -> int | None:
    return None if found == _NONE else found


def _numbers(numbers: list[int]) -> "ctypes.Array[ctypes.c_int64]":
    return (ctypes.c_int64 * len(numbers))(*numbers)


def _enough(done: int) -> None:
    if not done:
        raise MemoryError
