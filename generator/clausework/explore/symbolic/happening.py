"""Everything that may happen in a system: what parties react to, time, and the faults of the check."""

from collections.abc import Iterator

from clausework.explore.packed.tables import Ask
from clausework.explore.symbolic.diagrams import Set
from clausework.explore.symbolic.network import IS, Network
from clausework.explore.symbolic.reacting import Reacting
from clausework.explore.symbolic.symbols import Moment, Symbols
from clausework.explore.symbolic.ticking import Tick
from clausework.explore.symbolic.ways import Event, Fault
from clausework.model.sequence import Fault as Stated
from clausework.semantics.configuration import BROKEN, CUT, DOWN, UP


class Happenings:
    """The events of a system, before anything is known of what parties do."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols, self.fields = symbols, symbols.fields
        self.network = Network(symbols)
        self.system = self.fields.tables.space.system
        self.now = Moment(symbols)
        self.calmly = ~self.network.hurried()
        self.faults: list[Fault] = []
        self.reacting = [*self._plain(), *(self._links() if self.fields.wired else ())]
        self.tick = Tick(self.network, self.calmly) if self.system.timed else None
        for place, stated in enumerate(self.system.check.faults):
            self._fault(place, stated)

    @property
    def others(self) -> tuple[Event, ...]:
        """What nobody reacts to."""
        return (*((self.tick,) if self.tick is not None else ()), *self.faults)

    @property
    def every(self) -> tuple[Event, ...]:
        return (*self.reacting, *self.others)

    def _plain(self) -> Iterator[Reacting]:
        """A party, then what comes to it: what it did is sent on before the next one is looked at."""
        network = self.network
        for party in range(len(self.fields.parts)):
            yield Reacting(network, Ask.BY_ITSELF, party, party, self.calmly, self.now)
            for queue in range(len(self.fields.queues)):
                link, end = divmod(queue, 2)
                if self.fields.tables.space.reactions.ends[link][end] == party:
                    popped = self.now.copy()
                    network.pop(popped, queue)
                    guard = self.calmly & network.sees(link, end) & ~network.is_empty(self.now, queue)
                    yield Reacting(network, Ask.TAKES, queue, party, guard, popped)

    def _links(self) -> Iterator[Reacting]:
        network, now = self.network, self.now
        for link, ends in enumerate(self.fields.tables.space.reactions.ends):
            wire = {each: network.wire(now, link, each) for each in IS}
            opened = now.copy()
            opened.put_number(self.fields.wires[link], IS[UP])
            yield Reacting(network, Ask.OPENS, 2 * link, ends[0], wire[DOWN] & self.calmly, opened)
            for end, party in enumerate(ends):
                which, seen = 2 * link + end, network.sees(link, end)
                left = now.copy()
                network.left_by(left, link, end, together=False)
                gone = wire[BROKEN] | (wire[CUT] & self.calmly)
                yield Reacting(network, Ask.NOTICES, which, party, seen & gone, left)
                yield Reacting(network, Ask.ACCEPTS, which, party, wire[UP] & ~seen & self.calmly, now)

    # -- faults

    def _fault(self, place: int, stated: Stated) -> None:
        spent, guard = self._spent(place, stated)
        match stated.kind:
            case "restart":
                party = self.system.number_of(stated.subject)
                self.network.restarted(spent, party)
                self.reacting.append(Reacting(self.network, Ask.RESTARTS, party, party, guard, spent))
            case "lost":
                loser = None if stated.subject is None else self.system.number_of(stated.subject)
                for link in self.system.links:
                    if not link.datagram and loser in (None, link.client, link.server):
                        after = spent.copy()
                        self.network.cut(after, link.number)
                        self._happens(after, guard & self.network.wire(self.now, link.number, UP))
            case "attack":
                self._attacks(place, spent, guard)
            case _:
                for link in self.system.links:
                    for queue in (2 * link.number, 2 * link.number + 1) if link.datagram else ():
                        self._datagram(stated, queue, spent.copy(), guard)

    def _spent(self, place: int, stated: Stated) -> tuple[Moment, Set]:
        """One fault of this kind less may happen, where there is one left."""
        moment, guard = self.now.copy(), self.calmly
        left = self.fields.left[place]
        if stated.times is not None:
            guard &= ~self.symbols.is_(left, 0)
            for many in range(1, stated.times + 1):
                moment.put_number(left, many - 1, self.symbols.is_(left, many))
        return moment, guard

    def _happens(self, moment: Moment, guard: Set) -> None:
        self.faults.append(Fault(moment, guard))

    def _attacks(self, place: int, spent: Moment, guard: Set) -> None:
        for of, link, queue, code in self.fields.tables.attacks:
            if of == place:
                after = spent.copy()
                after.put_number(self.fields.queues[queue][0], code)
                up = self.network.wire(self.now, link, UP)
                self._happens(after, guard & up & self.network.is_empty(self.now, queue))

    def _datagram(self, stated: Stated, queue: int, after: Moment, guard: Set) -> None:
        network = self.network
        guard &= self._befalls(stated, queue)
        match stated.kind:
            case "loss":
                network.pop(after, queue)
            case "duplication":
                guard &= ~network.is_full(self.now, queue)
                network.repeat_head(after, queue)
            case "swap":
                if len(self.fields.queues[queue]) < 2:
                    return
                guard &= network.swap_heads(after, queue)
        self._happens(after, guard)

    def _befalls(self, stated: Stated, queue: int) -> Set:
        """Where the head of a queue is a message that the fault speaks of."""
        head, tables = self.fields.queues[queue][0], self.fields.tables
        if stated.message is None:
            return ~self.symbols.is_(head, 0)
        return self.symbols.diagrams.union(
            self.symbols.is_(head, code)
            for code, message in enumerate(tables.codes[queue])
            if code and tables.space.message(message).name == stated.message
        )
