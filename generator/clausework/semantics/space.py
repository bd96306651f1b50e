"""The steps of everybody together: parties that react, and queues between them.

`step` says what a party does with an event, which depends on nothing but the party's own state (and on which request
ids are free); so every reaction is computed once and remembered by number.  What is left for a step of the whole is to
see whether there is room in the queues, and to put numbers into a tuple.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from clausework.semantics import network
from clausework.semantics.configuration import BROKEN, CUT, DOWN, UP, Configuration, InstanceState, Message, PartyState
from clausework.semantics.events import Commanded, Delivered, Event, Expired, Noticed, Reaction, Restarted, Saw
from clausework.semantics.faults import Faults
from clausework.semantics.requests import STALE, remembered
from clausework.semantics.step import commands, expiries, react
from clausework.semantics.system import Instance, System


class Label(NamedTuple):
    """What a step was.

    `kind`: command, deliver, expire, notice, accept, open, tick, attack; or a fault: cut, restart, loss, duplication,
    swap.  `party` is who reacts, or whose end of a link it is about; `link` where one is concerned; `turn` the number
    of the reaction, where there is a choice.
    """

    kind: str
    party: int
    event: Event | None
    link: int | None = None
    message: int | None = None
    turn: int = 0


class Step(NamedTuple):
    """`target` None: the step did not happen, as `blocked` (a queue was full) or the reaction's findings say."""

    label: Label
    target: Configuration | None
    reaction: Reaction | None = None
    blocked: int | None = None


PROGRESS = frozenset({"deliver", "expire", "accept", "notice", "tick"})
FAULTS = frozenset({"cut", "restart", "loss", "duplication", "swap"})
"""What is neither happens only if somebody outside wants it: command, open, attack."""

_Busy = frozenset[tuple[int, int]]
_NOBODY: _Busy = frozenset()


@dataclass(frozen=True, slots=True)
class _Known:
    """A reaction by numbers: the party's next state, and what goes into which queue."""

    label: Label
    reaction: Reaction
    state: int | None
    sends: tuple[tuple[int, int], ...]


class Space:
    """The configurations of a system, found as they are asked for."""

    def __init__(self, system: System) -> None:
        self.system = system
        self._parties: list[PartyState] = []
        self._seen: list[frozenset[int]] = []  # of each party state, beside it
        self._party_numbers: dict[PartyState, int] = {}
        self._messages: list[Message] = []
        self._message_numbers: dict[Message, int] = {}
        self._spontaneous: dict[tuple[int, int, _Busy], tuple[tuple[_Known, ...], tuple[_Known, ...]]] = {}
        self._limits = {system.number_of(name): frozenset(allowed) for name, allowed in system.check.commands}
        self._received: dict[tuple[int, int, int, int, _Busy], tuple[_Known, ...]] = {}
        self._link_news: dict[tuple[int, int, Event, str, _Busy], tuple[_Known, ...]] = {}
        self._ids: dict[int, _Busy] = {}
        self._ticked: dict[tuple[int, int], int | None] = {}
        self._faults = Faults(system, self.party, self.message, self._number) if system.check.faults else None
        self._ends = tuple((link.client, link.server) for link in system.links)
        self._up = (UP,) * len(system.links)
        self._every = tuple(frozenset(link.number for link in system.links_of(at)) for at in range(len(system.parties)))

    def start(self) -> Configuration:
        parties = tuple(self._party(self.system.start(party)) for party in range(len(self.system.parties)))
        wires = tuple(DOWN if self.system.is_down(link) else UP for link in self.system.links)
        left = tuple(fault.times for fault in self.system.check.faults)
        return Configuration(parties, wires, ((),) * (2 * len(self.system.links)), left)

    def party(self, configuration: Configuration, party: int) -> PartyState:
        return self._parties[configuration.parties[party]]

    def message(self, number: int) -> Message:
        return self._messages[number]

    def quiescent(self, configuration: Configuration) -> bool:
        """Nothing in flight, no timer running, nobody about to notice or accept: nothing happens by itself."""
        return not any(step.label.kind in PROGRESS for step in self.steps(configuration))

    def settled(self, configuration: Configuration) -> bool:
        """Quiescent, and all links seen up."""
        return self.calm(configuration) and self.quiescent(configuration)

    # -- steps

    def steps(self, configuration: Configuration, *, beyond: bool = False) -> Iterator[Step]:
        """All steps from a configuration, those that a full queue or a finding keeps from happening included.

        `beyond`: also commands that the check doesn't let a party ask for (a sequence has its own).
        """
        if BROKEN in configuration.wires:
            yield from self._links(configuration)
            return
        for party, state in enumerate(configuration.parties):
            for reaction in self._by_itself(party, state, self._busy(configuration, party))[beyond]:
                yield self._taken(configuration, party, reaction)
        for queue, content in enumerate(configuration.queues):
            if content:
                yield from self._head(configuration, queue, content)
        if not self.calm(configuration):
            yield from self._links(configuration)
        if self.system.timed:
            yield from self.ticks(configuration)
        if self._faults is not None:
            yield from self._faulty(configuration, self._faults)

    def calm(self, configuration: Configuration) -> bool:
        """All links are up, and seen so at both ends."""
        return configuration.wires == self._up and all(
            self._seen[state] == every for state, every in zip(configuration.parties, self._every, strict=True)
        )

    def _sees(self, configuration: Configuration, link: int, end: int) -> bool:
        return link in self._seen[configuration.parties[self._ends[link][end]]]

    def _head(self, configuration: Configuration, queue: int, content: tuple[int, ...]) -> Iterator[Step]:
        link = queue // 2
        if not self._sees(configuration, link, queue % 2):
            return
        party = self._ends[link][queue % 2]
        popped = network.with_queue(configuration, queue, content[1:])
        for reaction in self._takes(
            party, configuration.parties[party], link, content[0], self._busy(configuration, party)
        ):
            yield self._taken(popped, party, reaction)

    def _taken(self, configuration: Configuration, party: int, known_: _Known) -> Step:
        """The step of the whole, if there is room for what it sends."""
        if known_.state is None:
            return Step(known_.label, None, known_.reaction)
        parties = configuration.parties
        if known_.state != parties[party]:
            changed = (*parties[:party], known_.state, *parties[party + 1 :])
            configuration = Configuration(changed, configuration.wires, configuration.queues, configuration.left)
        if known_.reaction.ended:
            configuration = self._outdated(configuration, party, known_.reaction.ended)
        if known_.sends:
            sent = network.pushed(configuration, known_.sends, self.system.check.queue)
            if isinstance(sent, int):
                return Step(known_.label, None, known_.reaction, blocked=sent)
            configuration = sent
        for link in known_.reaction.closed:
            end = self._ends[link].index(party)
            other = self._sees(configuration, link, 1 - end)
            configuration = network.left_by(configuration, link, end, other, together=False)
        return Step(known_.label, configuration, known_.reaction)

    # -- links

    def _links(self, configuration: Configuration) -> Iterator[Step]:
        hurried = BROKEN in configuration.wires
        for link, wire in enumerate(configuration.wires):
            for end, party in enumerate(self._ends[link]):
                seen = self._sees(configuration, link, end)
                if wire == BROKEN or (wire == CUT and not hurried):
                    if seen:
                        other = self._sees(configuration, link, 1 - end)
                        after = network.left_by(configuration, link, end, other, together=False)
                        yield from self._news(after, party, Noticed(link), "notice", link)
                elif hurried:
                    continue
                elif wire == DOWN and end == 0:
                    yield from self._news(network.with_wire(configuration, link, UP), party, Saw(link), "open", link)
                elif wire == UP and not seen:
                    yield from self._news(configuration, party, Saw(link), "accept", link)

    def _news(
        self, configuration: Configuration, party: int, event: Event, kind: str, link: int | None = None
    ) -> Iterator[Step]:
        key = (party, configuration.parties[party], event, kind, self._busy(configuration, party))
        found = self._link_news.get(key)
        if found is None:
            before = self._parties[configuration.parties[party]]
            found = self._link_news[key] = tuple(self._react(party, before, event, kind, key[4], link))
        for reaction in found:
            yield self._taken(configuration, party, reaction)

    # -- faults, and time

    def _faulty(self, configuration: Configuration, faults: Faults) -> Iterator[Step]:
        for kind, party, link, message, after in faults.all(configuration):
            yield Step(Label(kind, party, None, link, message), after)
        for party, after in faults.restarts(configuration):
            yield from self._news(after, party, Restarted(), "restart")

    def ticks(self, configuration: Configuration, *, always: bool = False) -> Iterator[Step]:
        """Time passes (R11): not while a timer must run out, nor, if messages are urgent, while one can be delivered.

        `always`: also where no timer counts it.
        """
        after = [self._older(party, state) for party, state in enumerate(configuration.parties)]
        parties = tuple(state for state in after if state is not None)
        if len(parties) < len(after) or (self.system.check.urgent and self._deliverable(configuration)):
            return
        if always or parties != configuration.parties:
            yield Step(Label("tick", 0, None), configuration._replace(parties=parties))

    def _deliverable(self, configuration: Configuration) -> bool:
        return any(
            content and self._sees(configuration, queue // 2, queue % 2)
            for queue, content in enumerate(configuration.queues)
        )

    def _older(self, party: int, number: int) -> int | None:
        """The party a tick later; None if a timer of its has to run out first."""
        if (party, number) not in self._ticked:
            before = self._parties[number]
            ages = [
                self._aged(instance, before.instances[instance.number]) for instance in self.system.instances[party]
            ]
            instances = tuple(each for each in ages if each is not None)
            late = len(instances) < len(ages)
            self._ticked[party, number] = None if late else self._party(replace(before, instances=instances))
        return self._ticked[party, number]

    def _aged(self, instance: Instance, before: InstanceState) -> InstanceState | None:
        ages = []
        for timer, age in zip(sorted(before.armed), before.ages, strict=True):
            lasts = self.system.lasts(instance.machine, timer)
            if lasts is not None and age >= lasts[1]:
                return None
            ages.append(age if lasts is None else age + 1)
        return replace(before, ages=tuple(ages))

    # -- reactions, remembered

    def _busy(self, configuration: Configuration, party: int) -> _Busy:
        """The ids of the party's requests that others remember."""
        if not self.system.has_requests:
            return _NOBODY
        mine, found = self._every[party], _NOBODY
        for other, state in enumerate(configuration.parties):
            if other != party and (ids := self._remembered(state)):
                found |= {each for each in ids if each[0] in mine}
        return found

    def _remembered(self, state: int) -> _Busy:
        if state not in self._ids:
            self._ids[state] = remembered(self.system, self._parties[state])
        return self._ids[state]

    def _outdated(self, configuration: Configuration, party: int, ended: _Busy) -> Configuration:
        """What is in flight and belongs to a request that has ended is stale: nobody waits for it."""
        queues = list(configuration.queues)
        for link, id_ in ended:
            end = self._ends[link].index(party)
            for queue, asking in ((2 * link + 1 - end, True), (2 * link + end, False)):
                queues[queue] = tuple(self._stale(number, id_, asking) for number in queues[queue])
        return configuration._replace(queues=tuple(queues))

    def _stale(self, number: int, id_: int, asking: bool) -> int:
        message = self._messages[number]
        if message.request != id_ or self.system.is_request(message.name) is not asking:
            return number
        return self._number(message._replace(request=STALE))

    def _by_itself(self, party: int, state: int, busy: _Busy) -> tuple[tuple[_Known, ...], tuple[_Known, ...]]:
        """Commands and expiries: those within the check's limits, and all."""
        found = self._spontaneous.get((party, state, busy))
        if found is None:
            before = self._parties[state]
            events: list[Event] = [*commands(self.system, party, before), *expiries(self.system, party, before)]
            every = tuple(
                reaction for event in events for reaction in self._react(party, before, event, _kind(event), busy)
            )
            found = self._spontaneous[party, state, busy] = (
                tuple(each for each in every if self._within(party, each)),
                every,
            )
        return found

    def _within(self, party: int, known_: _Known) -> bool:
        event = known_.label.event
        limit = self._limits.get(party)
        return limit is None or not isinstance(event, Commanded) or event.command in limit

    def _takes(self, party: int, state: int, link: int, message: int, busy: _Busy) -> tuple[_Known, ...]:
        key = (party, state, link, message, busy)
        found = self._received.get(key)
        if found is None:
            event = Delivered(link, self._messages[message])
            found = tuple(self._react(party, self._parties[state], event, "deliver", busy, link, message))
            self._received[key] = found
        return found

    def _react(
        self,
        party: int,
        state: PartyState,
        event: Event,
        kind: str,
        busy: _Busy,
        link: int | None = None,
        message: int | None = None,
    ) -> Iterator[_Known]:
        for turn, reaction in enumerate(react(self.system, party, state, event, busy)):
            after = self._party(reaction.after) if reaction.after is not None else None
            sends = tuple(
                (2 * send.link + (1 - self._ends[send.link].index(party)), self._number(send.message))
                for send in reaction.sends
                if send.link is not None
            )
            yield _Known(Label(kind, party, event, link, message, turn), reaction, after, sends)

    def _party(self, state: PartyState) -> int:
        number = self._party_numbers.setdefault(state, len(self._parties))
        if number == len(self._parties):
            self._parties.append(state)
            self._seen.append(state.seen)
        return number

    def _number(self, message: Message) -> int:
        number = self._message_numbers.setdefault(message, len(self._messages))
        if number == len(self._messages):
            self._messages.append(message)
        return number


def _kind(event: Event) -> str:
    return "expire" if isinstance(event, Expired) else "command"
