"""What the world does to a protocol: connections cut, parties restarted, datagrams lost, repeated, swapped, attackers.

Datagrams go without a connection, so there is none that could be lost: whoever restarts loses what was under way to it.

Each fault of a check may happen so often as it says.  An attacker is a party that the check names: it may say anything,
on links of its own, one message at a time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product

from clausework.model.sequence import Fault
from clausework.model.standard import is_a
from clausework.semantics import network
from clausework.semantics.configuration import UP, Configuration, Message, PartyState
from clausework.semantics.system import LinkOf, System

Happened = tuple[str, int, int | None, int | None, Configuration]
"""Kind, the party that it happens to, link, message, what is then."""


@dataclass(frozen=True)
class Faults:
    """`party` gives a party's state, `number` the number of a message, `message` the other way round."""

    system: System
    party: Callable[[Configuration, int], PartyState]
    message: Callable[[int], Message]
    number: Callable[[Message], int]
    _said: dict[tuple[int, int], tuple[Message, ...]] = field(default_factory=dict)

    def all(self, configuration: Configuration) -> Iterator[Happened]:
        """Everything but restarts, which a party reacts to."""
        for place, fault in enumerate(self.system.check.faults):
            if configuration.left[place] == 0:
                continue
            spent = network.spent(configuration, place)
            match fault.kind:
                case "lost":
                    yield from self._cuts(spent, fault)
                case "loss" | "duplication" | "swap":
                    yield from self._datagrams(spent, fault)
                case "attack":
                    yield from self._attacks(spent, self.system.number_of(fault.subject))

    def restarts(self, configuration: Configuration) -> Iterator[tuple[int, Configuration]]:
        """Who may restart now, and what is between the parties then (R7)."""
        for place, fault in enumerate(self.system.check.faults):
            if fault.kind == "restart" and configuration.left[place] != 0:
                party = self.system.number_of(fault.subject)
                yield party, self._restarted(network.spent(configuration, place), party)

    # -- links

    def _cuts(self, spent: Configuration, fault: Fault) -> Iterator[Happened]:
        party = self.system.number_of(fault.subject) if fault.subject is not None else None
        for link in self.system.links:
            if not link.datagram and spent.wires[link.number] == UP and party in (None, link.client, link.server):
                after = network.cut(spent, link.number, self._seen(spent, link), together=self.system.check.together)
                yield "cut", link.client if party is None else party, link.number, None, after

    def _restarted(self, configuration: Configuration, party: int) -> Configuration:
        for link in self.system.links_of(party):
            seen = self._seen(configuration, link)
            end = (link.client, link.server).index(party)
            if link.datagram:
                configuration = network.with_queue(configuration, 2 * link.number + end, ())
            elif configuration.wires[link.number] == UP or seen[end]:
                configuration = network.left_by(
                    configuration, link.number, end, seen[1 - end], together=self.system.check.together
                )
        return configuration

    def _seen(self, configuration: Configuration, link: LinkOf) -> tuple[bool, bool]:
        client, server = (link.number in self.party(configuration, end).seen for end in (link.client, link.server))
        return client, server

    # -- datagrams

    def _datagrams(self, spent: Configuration, fault: Fault) -> Iterator[Happened]:
        for queue, content in enumerate(spent.queues):
            link = self.system.links[queue // 2]
            if not content or not link.datagram or fault.message not in (None, self.message(content[0]).name):
                continue
            after = _changed(str(fault.kind), content, self.system.check.queue)
            if after is not None:
                party = (link.client, link.server)[queue % 2]
                changed = network.with_queue(spent, queue, after)
                yield str(fault.kind), party, link.number, content[0], changed

    # -- attackers

    def _attacks(self, spent: Configuration, party: int) -> Iterator[Happened]:
        for link in self.system.links_of(party):
            end = (link.client, link.server).index(party)
            queue = 2 * link.number + 1 - end
            if spent.wires[link.number] != UP or spent.queues[queue]:
                continue
            for message in self.anything(party, link):
                number = self.number(message)
                yield "attack", party, link.number, number, network.with_queue(spent, queue, (number,))

    def anything(self, party: int, link: LinkOf) -> tuple[Message, ...]:
        """Every message that may go this way on the link, with any values, and any request id that may be in use."""
        key = (party, link.number)
        if key not in self._said:
            self._said[key] = tuple(self._sayable(party, link))
        return self._said[key]

    def _sayable(self, party: int, link: LinkOf) -> Iterator[Message]:
        roles = self.system.parties[party].role, self.system.parties[link.other(party)].role
        for declared in self.system.messages.values():
            goes = any(
                all(is_a(self.system.standard, role, wanted) for role, wanted in zip(roles, way, strict=True))
                for way in declared.directions
            )
            name = str(declared.name)
            if not goes or declared.abstract or not self.system.carries(link, name) or name not in self.system.heard:
                continue
            bound = self.system.is_request(name) or bool(self.system.answered(name))
            ids = tuple(range(1, self.system.check.queue + 1)) if bound else (None,)
            for values in product(*(self.system.domains.values(each.type) for each in declared.fields)):
                yield from (Message(name, values, id_) for id_ in ids)


def _changed(kind: str, content: tuple[int, ...], room: int) -> tuple[int, ...] | None:
    """A queue whose head is lost, repeated, or swapped with the next; None if that can't be."""
    match kind:
        case "loss":
            return content[1:]
        case "duplication" if len(content) < room:
            return (content[0], *content)
        case "swap" if len(content) > 1 and content[0] != content[1]:
            return (content[1], content[0], *content[2:])
    return None
