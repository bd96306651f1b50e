"""What is between the parties, as functions of bits: queues, wires, what befalls them.

The rules are those of `semantics/network.py` and `semantics/faults.py`, written once more.
"""

from collections.abc import Mapping
from itertools import pairwise

from clausework.explore.packed.tables import WIRES
from clausework.explore.symbolic.diagrams import Bits, Set
from clausework.explore.symbolic.symbols import Moment, Symbols
from clausework.semantics.configuration import BROKEN, CUT, DOWN, UP

IS = {wire: number for number, wire in enumerate(WIRES)}


class Network:
    """The queues and wires of some symbols."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self.fields = symbols.fields
        self.together = symbols.fields.tables.space.system.check.together

    # -- what there is

    def wire(self, moment: Moment, link: int, wire: str) -> Set:
        if not self.fields.wired:
            return self.symbols.all if wire == UP else self.symbols.none
        return moment.is_(self.fields.wires[link], IS[wire])

    def sees(self, link: int, end: int) -> Set:
        """Before the step: whoever takes part in it at the other end doesn't change that."""
        if not self.fields.wired:
            return self.symbols.all
        return self.symbols.is_(self.fields.seen[link, end], 1)

    def hurried(self) -> Set:
        """A link is broken where both ends notice together: nothing else happens before they have."""
        now = Moment(self.symbols)
        if not self.together:
            return self.symbols.none
        return self.symbols.diagrams.union(self.wire(now, link, BROKEN) for link in range(len(self.fields.wires)))

    def calm(self) -> Set:
        """All links are up, and seen so at both ends."""
        now, found = Moment(self.symbols), self.symbols.all
        for link in range(len(self.fields.wires)):
            found &= self.wire(now, link, UP) & self.sees(link, 0) & self.sees(link, 1)
        return found

    def is_empty(self, moment: Moment, queue: int) -> Set:
        return moment.is_(self.fields.queues[queue][0], 0)

    def is_full(self, moment: Moment, queue: int) -> Set:
        return ~moment.is_(self.fields.queues[queue][-1], 0)

    # -- queues

    def clear(self, moment: Moment, queue: int, where: Set | None = None) -> None:
        for place in self.fields.queues[queue]:
            moment.put_number(place, 0, where)

    def pop(self, moment: Moment, queue: int) -> None:
        places = self.fields.queues[queue]
        for place, following in pairwise(places):
            moment.put(place, moment.of(following))
        moment.put_number(places[-1], 0)

    def push(self, moment: Moment, queue: int, code: int, where: Set) -> None:
        """Behind the last one; it has to have room."""
        before = self.symbols.all
        behind = []
        for place in self.fields.queues[queue]:
            empty = moment.is_(place, 0)
            behind.append((place, before & empty & where))
            before = ~empty
        for place, here in behind:
            moment.put_number(place, code, here)

    def rename(self, moment: Moment, queue: int, codes: Mapping[int, int]) -> None:
        for place in self.fields.queues[queue]:
            before = moment.of(place)
            for code, renamed in codes.items():
                if renamed != code:
                    moment.put_number(place, renamed, self.symbols.equal(before, code))

    def repeat_head(self, moment: Moment, queue: int) -> None:
        places = self.fields.queues[queue]
        for before, place in reversed(list(pairwise(places))):
            moment.put(place, moment.of(before))

    def swap_heads(self, moment: Moment, queue: int) -> Set:
        """Whether there are two that differ, before."""
        first, second, *_ = self.fields.queues[queue]
        head, next_ = moment.of(first), moment.of(second)
        moment.put(first, next_)
        moment.put(second, head)
        return ~self.symbols.equal(next_, 0) & ~self._equal(head, next_)

    def _equal(self, one: Bits, other: Bits) -> Set:
        found = self.symbols.all
        for this, that in zip(one, other, strict=True):
            found &= self.symbols.diagrams.same(this, that)
        return found

    # -- links

    def left_by(self, moment: Moment, link: int, end: int, *, together: bool, where: Set | None = None) -> None:
        """An end drops a link, or notices that it is gone (R6)."""
        where = self.symbols.all if where is None else where
        was_up, alone = self.wire(moment, link, UP), where & ~self.sees(link, 1 - end)
        self.clear(moment, 2 * link + end, where)
        self.clear(moment, 2 * link + 1 - end, alone)
        wire = self.fields.wires[link]
        moment.put_number(wire, IS[BROKEN if together else CUT], where & was_up)
        moment.put_number(wire, IS[DOWN], alone)

    def cut(self, moment: Moment, link: int) -> None:
        """R8: what is under way to an end that hadn't seen the link is gone; if neither had, the link is down."""
        seen = [self.sees(link, end) for end in (0, 1)]
        for end in (0, 1):
            self.clear(moment, 2 * link + end, ~seen[end])
        wire = self.fields.wires[link]
        moment.put_number(wire, IS[BROKEN if self.together else CUT])
        moment.put_number(wire, IS[DOWN], ~seen[0] & ~seen[1])

    def restarted(self, moment: Moment, party: int) -> None:
        """R7: what a party's links are once it is gone."""
        for link in self.fields.tables.space.system.links_of(party):
            end = (link.client, link.server).index(party)
            if link.datagram:
                self.clear(moment, 2 * link.number + end)
            else:
                there = self.wire(moment, link.number, UP) | self.sees(link.number, end)
                self.left_by(moment, link.number, end, together=self.together, where=there)

    # -- steps

    def sent(self, moment: Moment, sends: tuple[tuple[int, int], ...]) -> Set:
        """Puts messages into queues whose wires are up; gives where there is room for all of them."""
        fits = self.symbols.all
        for queue, code in sends:
            up = self.wire(moment, queue // 2, UP)
            fits &= ~(up & self.is_full(moment, queue))
            self.push(moment, queue, code, up)
        return fits
