"""What parties do, asked of the tables for what the configurations reached so far show together."""

from collections.abc import Iterator

from clausework.explore.packed.tables import Ask, Row, Tables
from clausework.explore.symbolic.diagrams import Set
from clausework.explore.symbolic.happening import Happenings
from clausework.explore.symbolic.reacting import Reacting
from clausework.explore.symbolic.symbols import Symbols

MOST_ROWS = 2_000_000


class TooMuch(Exception):
    """A check has too much of something for this engine; the text says of what."""


class Outgrown(Exception):
    """Something has turned up that the fields are too narrow for."""


class Learning:
    """The events of a system, with all that was asked for so far; raises Outgrown where fields are too narrow."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols, self.fields = symbols, symbols.fields
        self.tables: Tables = self.fields.tables
        self.busy = self.tables.space.system.has_requests
        self._renew()

    def _renew(self) -> None:
        """All from what the tables know: after codes have turned up that guards or endings speak of."""
        self.happenings = Happenings(self.symbols)
        self._codes = [len(codes) for codes in self.tables.codes]
        self._met: list[int] = [0] * len(self.fields.parts)
        self._memories: dict[tuple[int, int, int], Set] = {}
        self._remember()
        asked: dict[tuple[Ask, int], list[Reacting]] = {}
        for each in self.happenings.reacting:
            asked.setdefault((each.kind, each.which), []).append(each)
        for row in list(self.tables.rows):
            for each in asked.get((row.kind, row.which), ()):
                each.learn(row, self.tables.reactions(row), self._where(each, row))
            if row.kind is Ask.GROWS_OLDER:
                self._grows_older(row)

    def _dated(self) -> bool:
        """Whether what was made of codes that are known by now is no longer all of it."""
        named = any(each.message is not None for each in self.tables.space.system.check.faults)
        return (named or bool(self.tables.renames)) and self._codes != [len(codes) for codes in self.tables.codes]

    # -- states that others may ask after

    def _remember(self) -> None:
        """Where each party remembers what of whose requests."""
        if not self.busy:
            return
        for owner, states in enumerate(self.tables.states):
            for local in range(self._met[owner], len(states)):
                where = self.symbols.row(self.fields.row_of(owner, local))
                _, memory = self.tables.known_of(owner, local)
                for party, kind in enumerate(memory):
                    known = self._memories.get((owner, party, kind), self.symbols.none)
                    self._memories[owner, party, kind] = known | where
            self._met[owner] = len(states)

    def _where(self, event: Reacting, row: Row) -> Set:
        """Where a row applies: the party's state, the message at hand, and what others remember that matters to it."""
        values = self.fields.row_of(event.party, row.state)
        if event.head >= 0:
            values[event.head] = row.code
        where = self.symbols.row(values)
        asked = self.tables.asks(row)
        for other, slot in enumerate(self.tables.slots[event.party]):
            if slot >= 0 and asked >> slot & 1:
                where &= self._memories.get((other, event.party, row.busy >> 8 * slot & 0xFF), self.symbols.none)
        return where

    # -- asking

    def learn(self, event: Reacting, reached: Set) -> bool:
        """Whether something was asked for that wasn't known."""
        diagrams = self.symbols.diagrams
        fresh = reached & event.guard & ~event.asked if self.busy else reached
        shown = diagrams.both_without(event.hidden, fresh, event.guard & ~event.asked)
        if shown == self.symbols.none:
            return False
        every = (row for values in self._each(shown, event.reads) for row in self._rows(event, values, fresh))
        rows = list(dict.fromkeys(row.within(self.tables.asks(row)) for row in every))
        for row in rows:
            self._ask(row)
        self._settle()
        told = [each for each in self.happenings.reacting if (each.kind, each.which) == (event.kind, event.which)]
        for row in rows:
            for each in told:
                each.learn(row, self.tables.reactions(row), self._where(each, row))
        assert self.busy or shown & ~told[0].asked == self.symbols.none, "what was asked for is known"
        return True

    def _each(self, shown: Set, places: list[int]) -> list[dict[int, int]]:
        """In an order that isn't that of the variables: so what turns up gets the same numbers each time."""
        assignments = self.symbols.diagrams.each(shown, self.symbols.names(places))
        return sorted((self.symbols.read(each, places) for each in assignments), key=lambda row: tuple(row.values()))

    def _rows(self, event: Reacting, values: dict[int, int], fresh: Set) -> Iterator[Row]:
        local = self.fields.local(event.party, values)
        code = values[event.head] if event.head >= 0 else 0
        here = fresh & self.symbols.row(values) if self.busy else fresh
        for busy in self._remembering(event.party, 0, here) if self.busy else (0,):
            yield Row(event.kind, event.which, code, local, busy)

    def _remembering(self, party: int, other: int, here: Set) -> Iterator[int]:
        """In which ways all others remember requests of a party, there."""
        slots = self.tables.slots[party]
        if here == self.symbols.none:
            return
        if other == len(slots):
            yield 0
            return
        if slots[other] < 0:
            yield from self._remembering(party, other + 1, here)
            return
        for (owner, of, kind), where in list(self._memories.items()):
            if (owner, of) == (other, party):
                rest = self._remembering(party, other + 1, here & where)
                yield from (kind << 8 * slots[other] | more for more in rest)

    def _ask(self, row: Row) -> None:
        if len(self.tables.rows) > MOST_ROWS:
            raise TooMuch(f"more than {MOST_ROWS:,} answers of parties")
        if row not in self.tables.rows:
            self.tables.row(row)
        party = self.tables.party(row)
        for known in self.tables.reactions(row):
            if known.state is not None:
                self.fields.of_party(party, self.tables.local(party, known.state))

    def _settle(self) -> None:
        """What has turned up finds its place, or there is none."""
        if self.fields.wired != self.tables.wired:
            raise Outgrown
        if any(have < need for have, need in zip(self.symbols.widths, self.fields.widths(), strict=True)):
            raise Outgrown
        if self._dated():
            self._renew()
        self._remember()

    # -- time

    def ages(self, reached: Set) -> bool:
        """Asks what becomes of the states that parties are in, a tick later."""
        tick = self.happenings.tick
        if tick is None:
            return False
        rows = []
        for party, parts in enumerate(self.fields.parts):
            guard = tick.guard & ~tick.asked[party]
            shown = self.symbols.diagrams.both_without(self.symbols.others(parts), reached, guard)
            for values in self._each(shown, list(parts)) if shown != self.symbols.none else ():
                rows.append(Row(Ask.GROWS_OLDER, party, 0, self.fields.local(party, values), 0))
        for row in rows:
            older = self.tables.older(row)
            if older < 0xFFFF_FFFF:
                self.fields.of_party(row.which, older)
        self._settle()
        for row in rows:
            self._grows_older(row)
        return bool(rows)

    def _grows_older(self, row: Row) -> None:
        tick, older = self.happenings.tick, self.tables.older(row)
        if tick is not None:
            tick.learn(row.which, row.state, None if older == 0xFFFF_FFFF else older)
