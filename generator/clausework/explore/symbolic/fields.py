"""Which bits mean what: a configuration is a row of fields, a field is a small number of so many bits.

Fields are the state of each instance, whether an end sees its link, answers that are kept, the wires, each place of a
queue, and the budgets of faults.  Values get their numbers as they turn up.  A party is not one number but a field for
each instance: what one of them does leaves the others as they are, and diagrams share what doesn't matter.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from clausework.explore.packed.tables import WIRES, Tables
from clausework.model.states import leaves
from clausework.semantics.configuration import Configuration, PartyState

_FEW_CODES = 2


@dataclass
class Values:
    """The numbers of what a field may hold."""

    listed: list[Hashable] = field(default_factory=list)
    numbers: dict[Hashable, int] = field(default_factory=dict)

    def number(self, value: Hashable) -> int:
        found = self.numbers.setdefault(value, len(self.listed))
        if found == len(self.listed):
            self.listed.append(value)
        return found


class Fields:
    """Places of fields in a row, by what they are of; `widths` are the bits that each has use for so far.

    `parts` of a party: its instances, then whether it sees each of its links, then the answers that it keeps.  Where
    no link comes or goes (`tables.wired`), there are no fields for that.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.wired = tables.wired
        system = tables.space.system
        self.values: list[Values] = []
        self._known: dict[tuple[int, int], tuple[int, ...]] = {}
        self.names: list[str] = []
        self.parts: list[tuple[int, ...]] = []
        self.seen: dict[tuple[int, int], int] = {}
        for party in range(len(system.parties)):
            mine = [self._place(f"state {party} {each.number}") for each in system.instances[party]]
            for link in system.links_of(party) if self.wired else ():
                end = (link.client, link.server).index(party)
                self.seen[link.number, end] = self._place(f"seen {link.number} {end}", (False, True))
                mine.append(self.seen[link.number, end])
            self.parts.append((*mine, self._place(f"kept {party}")))
        links = range(len(system.links))
        self.wires = [self._place(f"wire {link}", WIRES) if self.wired else -1 for link in links]
        self.queues = [
            [self._place(f"queue {queue} {place}", (0,)) for place in range(system.check.queue)]
            for queue in range(2 * len(links))
        ]
        self.left = [
            self._place(f"left {place}", range(fault.times + 1)) if fault.times is not None else -1
            for place, fault in enumerate(system.check.faults)
        ]

    def _place(self, name: str, values: Iterable[Hashable] = ()) -> int:
        self.names.append(name)
        self.values.append(Values())
        for each in values:
            self.values[-1].number(each)
        return len(self.names) - 1

    def roomy(self) -> list[int]:
        """Bits for what has turned up, and for what may: states that a machine has, a few messages; twice as much."""
        found = [width + (width > 1) for width in self.widths()]
        for party, instances in enumerate(self.tables.space.system.instances):
            for instance in instances:
                machine = self.tables.space.system.programs[instance.machine].machine
                place = self.parts[party][instance.number]
                found[place] = max(found[place], len(leaves(machine)).bit_length())
        for places in self.queues:
            for place in places:
                found[place] = max(found[place], _FEW_CODES)
        return found

    def widths(self) -> list[int]:
        """The bits of each field; those of a queue have the codes that the tables have."""
        found = [max(0, len(each.listed) - 1).bit_length() for each in self.values]
        for queue, places in enumerate(self.queues):
            for place in places:
                found[place] = max(1, (len(self.tables.codes[queue]) - 1).bit_length())
        return found

    # -- there and back

    def of_party(self, party: int, local: int) -> tuple[int, ...]:
        """The numbers of a party's parts."""
        found = self._known.get((party, local))
        if found is None:
            state = self._state(party, local)
            links = self.tables.space.system.links_of(party) if self.wired else ()
            said: tuple[Hashable, ...] = (*state.instances, *(link.number in state.seen for link in links), state.rigid)
            found = tuple(self.values[part].number(value) for part, value in zip(self.parts[party], said, strict=True))
            self._known[party, local] = found
        return found

    def row_of(self, party: int, local: int) -> dict[int, int]:
        return dict(zip(self.parts[party], self.of_party(party, local), strict=True))

    def local(self, party: int, row: Mapping[int, int]) -> int:
        """The party's own number of the state whose parts are in a row."""
        system = self.tables.space.system
        said = [self.values[part].listed[row[part]] for part in self.parts[party]]
        many = len(system.instances[party])
        seen = self._state(party, 0).seen
        if self.wired:
            seen = frozenset(
                link.number for link, sees in zip(system.links_of(party), said[many:-1], strict=True) if sees is True
            )
        state = PartyState(tuple(said[:many]), seen, said[-1])  # type: ignore[arg-type]  # each in its place
        return self.tables.local(party, self.tables.space.reactions.party(state))

    def _state(self, party: int, local: int) -> PartyState:
        return self.tables.space.reactions.parties[self.tables.states[party][local]]

    def row(self, configuration: Configuration) -> dict[int, int]:
        """All fields of a configuration."""
        parties, _, _ = self.tables.numbers(configuration)
        row: dict[int, int] = {}
        for party, local in enumerate(parties):
            row |= self.row_of(party, local)
        for place, wire in zip(self.wires, configuration.wires, strict=True):
            row[place] = WIRES.index(wire)
        for places, content in zip(self.queues, self.tables.contents(configuration), strict=True):
            row.update(zip(places, (*content, *(0 for _ in places[len(content) :])), strict=True))
        for place, left in zip(self.left, configuration.left, strict=True):
            row[place] = left or 0
        row.pop(-1, None)
        return row

    def configuration(self, row: Mapping[int, int]) -> Configuration:
        states = self.tables.states
        return Configuration(
            parties=tuple(states[party][self.local(party, row)] for party in range(len(self.parts))),
            wires=tuple(WIRES[row[place]] if place >= 0 else WIRES[0] for place in self.wires),
            queues=tuple(tuple(self._messages(queue, row)) for queue in range(len(self.queues))),
            left=tuple(row[place] if place >= 0 else None for place in self.left),
        )

    def _messages(self, queue: int, row: Mapping[int, int]) -> Iterator[int]:
        return (self.tables.codes[queue][row[place]] for place in self.queues[queue] if row[place])
