"""Events that a party reacts to, as relations between before and after.

An event has a guard, and a moment that it leads to before the party reacts.  Rows say how the party reacts; reactions
that send and close the same are one group, whose relation is that of the party and that of what is between.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from clausework.explore.packed.tables import Ask, Row
from clausework.explore.symbolic.diagrams import Set
from clausework.explore.symbolic.network import Network
from clausework.explore.symbolic.symbols import Moment
from clausework.explore.symbolic.ways import Way
from clausework.semantics.events import Reaction
from clausework.semantics.reactions import Known
from clausework.semantics.space import PROGRESS


class Does(NamedTuple):
    """What a reaction does to what is between the parties: sends, closed links, the number of an ending or -1."""

    sends: tuple[tuple[int, int], ...]
    closed: tuple[int, ...]
    ending: int


@dataclass
class Group:
    """Reactions that do the same: `many[k]` is where there are more than k of them; they happen where it `fits`."""

    fits: Set
    network: Set
    touched: frozenset[str]
    many: list[Set] = field(default_factory=list)
    reactions: list[tuple[Set, Reaction]] = field(default_factory=list)
    parties: dict[frozenset[int], Set] = field(default_factory=dict)

    def add(self, where: Set, number: int, nothing: Set) -> None:
        """One more reaction, the `number`th of its row that does this."""
        if number == len(self.many):
            self.many.append(nothing)
        self.many[number] |= where

    def leads(self, parts: frozenset[int], how: Set, nothing: Set) -> None:
        self.parties[parts] = self.parties.get(parts, nothing) | how


class Reacting:
    """An event of one kind at one place; `kind` and `which` as the tables have them.

    `asked`: where it is known what follows.  `rows`: where each row applies, if the guard holds too.
    """

    def __init__(self, network: Network, kind: Ask, which: int, party: int, guard: Set, moment: Moment) -> None:
        self.network, self.symbols = network, network.symbols
        self.kind, self.which, self.party = kind, which, party
        self.guard, self.moment = guard, moment
        nothing = self.symbols.none
        self.asked = self.progress = self.dropped = nothing
        self.groups: dict[Does, Group] = {}
        self._ways: tuple[Way, ...] | None = None
        self.rows: dict[Row, Set] = {}
        fields = self.symbols.fields
        self.reads = list(fields.parts[party])
        self.head = fields.queues[which][0] if kind is Ask.TAKES else -1
        if self.head >= 0:
            self.reads.append(self.head)
        self.hidden = self.symbols.others(self.reads)

    def learn(self, row: Row, known: tuple[Known, ...], where: Set) -> None:
        """What follows where a row applies."""
        self._ways = None
        self.asked |= where
        self.rows[row] = self.rows.get(row, self.symbols.none) | where
        here = where & self.guard
        if any(self._is_progress(each) for each in known):
            self.progress |= here
        numbers: dict[Does, int] = {}
        for each in known:
            if each.state is None:
                self.dropped |= here
                continue
            does = self._does(each)
            group = self.groups.get(does)
            if group is None:
                group = self.groups[does] = self._group(does)
            group.add(here, numbers.get(does, 0), self.symbols.none)
            group.reactions.append((here, each.reaction))
            numbers[does] = numbers.get(does, 0) + 1
            self._leads(group, row, each.state, where)

    def _is_progress(self, known: Known) -> bool:
        kind = known.label.kind
        reconnects = self.symbols.fields.tables.space.system.check.reconnects
        return kind in PROGRESS or (kind == "open" and reconnects)

    def _does(self, known: Known) -> Does:
        tables = self.symbols.fields.tables
        sends = tuple((queue, tables.code(queue, message)) for queue, message in known.sends)
        ending = tables.ending(self.party, known.reaction.ended) if known.reaction.ended else -1
        return Does(sends, tuple(known.reaction.closed), ending)

    def _group(self, does: Does) -> Group:
        moment, symbols = self.moment.copy(), self.symbols
        if does.ending >= 0:
            for (number, queue), codes in symbols.fields.tables.renames.items():
                if number == does.ending:
                    self.network.rename(moment, queue, dict(enumerate(codes)))
        fits = self.network.sent(moment, does.sends)
        for link in does.closed:
            end = symbols.fields.tables.space.reactions.ends[link].index(self.party)
            self.network.left_by(moment, link, end, together=False)
        relation = self.guard & fits & moment.relation()
        return Group(fits, relation, frozenset(symbols.names(moment.changed)))

    def _leads(self, group: Group, row: Row, state: int, where: Set) -> None:
        fields, symbols = self.symbols.fields, self.symbols
        before = fields.of_party(self.party, row.state)
        then = fields.of_party(self.party, fields.tables.local(self.party, state))
        changed = {
            part: new for part, old, new in zip(fields.parts[self.party], before, then, strict=True) if old != new
        }
        group.leads(frozenset(changed), where & symbols.later_row(changed), symbols.none)

    # -- what it comes to

    def ways(self) -> tuple[Way, ...]:
        if self._ways is None:
            found: dict[frozenset[str], Set] = {}
            for group in self.groups.values():
                for parts, how in group.parties.items():
                    touched = group.touched | self.symbols.names(parts)
                    found[touched] = found.get(touched, self.symbols.none) | (group.network & how)
            self._ways = tuple(Way(relation, touched) for touched, relation in found.items())
        return self._ways

    def going(self) -> Iterator[Set]:
        for group in self.groups.values():
            yield from (more & group.fits for more in group.many)

    def free(self) -> Set:
        groups = (group.many[0] & group.fits for group in self.groups.values())
        return self.symbols.diagrams.union((self.dropped, *groups))

    def blocked(self) -> Set:
        return self.symbols.diagrams.union(group.many[0] & ~group.fits for group in self.groups.values())
