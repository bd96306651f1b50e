"""The steps of everybody together: parties that react, and queues between them.

`step` says what a party does with an event, which depends on nothing but the party's own state; so every reaction is
computed once and remembered by number.  What is left for a step of the whole is to see whether there is room in the
queues, and to put numbers into a tuple.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from clausework.semantics.configuration import CUT, DOWN, UP, Configuration, Message, PartyState
from clausework.semantics.events import Commanded, Delivered, Event, Expired, Noticed, Reaction, Saw
from clausework.semantics.step import commands, expiries, react
from clausework.semantics.system import System


class Label(NamedTuple):
    """What a step was.  `kind`: command, deliver, expire, notice, accept, open, cut, loss, duplication, swap.

    `party` is who reacts, or whose end of a link it is about; `link` where one is concerned; `turn` the number of the
    reaction, where there is a choice.
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


PROGRESS = frozenset({"deliver", "expire", "accept", "notice"})
FAULTS = frozenset({"cut", "loss", "duplication", "swap"})


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
        self._party_numbers: dict[PartyState, int] = {}
        self._messages: list[Message] = []
        self._message_numbers: dict[Message, int] = {}
        self._spontaneous: dict[tuple[int, int], tuple[tuple[_Known, ...], tuple[_Known, ...]]] = {}
        self._limits = {system.number_of(name): frozenset(allowed) for name, allowed in system.check.commands}
        self._received: dict[tuple[int, int, int, int], tuple[_Known, ...]] = {}
        self._link_news: dict[tuple[int, int, int, str], tuple[_Known, ...]] = {}
        self._faults = {str(fault.kind) for fault in system.check.faults}
        self._lossy = frozenset(link.number for link in system.links if link.datagram)
        self._ends = tuple((link.client, link.server) for link in system.links)

    def start(self) -> Configuration:
        parties = tuple(self._party(self.system.start(party)) for party in range(len(self.system.parties)))
        return Configuration(parties, (UP,) * len(self.system.links), ((),) * (2 * len(self.system.links)))

    def party(self, configuration: Configuration, party: int) -> PartyState:
        return self._parties[configuration.parties[party]]

    def message(self, number: int) -> Message:
        return self._messages[number]

    def quiescent(self, configuration: Configuration) -> bool:
        """Nothing in flight, no timer running, nobody about to notice or accept: nothing happens by itself."""
        return not any(step.label.kind in PROGRESS for step in self.steps(configuration))

    def settled(self, configuration: Configuration) -> bool:
        """Quiescent, and all links seen up."""
        return all(wire == UP for wire in configuration.wires) and self.quiescent(configuration)

    # -- steps

    def steps(self, configuration: Configuration, *, beyond: bool = False) -> Iterator[Step]:
        """All steps from a configuration, those that a full queue or a finding keeps from happening included.

        `beyond`: also commands that the check doesn't let a party ask for (a sequence has its own).
        """
        for party, state in enumerate(configuration.parties):
            for known in self._by_itself(party, state)[beyond]:
                yield self._taken(configuration, party, known)
        for queue, content in enumerate(configuration.queues):
            if content:
                yield from self._head(configuration, queue, content)
        if not self._calm(configuration):
            yield from self._links(configuration)
        if self._faults:
            yield from self._faulty(configuration)

    def _calm(self, configuration: Configuration) -> bool:
        return all(wire == UP for wire in configuration.wires)

    def _head(self, configuration: Configuration, queue: int, content: tuple[int, ...]) -> Iterator[Step]:
        link = queue // 2
        party = self._ends[link][queue % 2]
        if link not in self._parties[configuration.parties[party]].seen:
            return
        popped = self._with_queue(configuration, queue, content[1:])
        for known in self._takes(party, configuration.parties[party], link, content[0]):
            yield self._taken(popped, party, known)

    def _taken(self, configuration: Configuration, party: int, known: _Known) -> Step:
        """The step of the whole, if there is room for what it sends."""
        if known.state is None:
            return Step(known.label, None, known.reaction)
        parties = configuration.parties
        if known.state != parties[party]:
            parties = (*parties[:party], known.state, *parties[party + 1 :])
        if not known.sends and not known.reaction.closed:
            return Step(known.label, configuration._replace(parties=parties), known.reaction)
        wires, queues = list(configuration.wires), list(configuration.queues)
        for queue, message in known.sends:
            if wires[queue // 2] != UP:  # the other end is gone: what is sent vanishes
                continue
            if len(queues[queue]) >= self.system.check.queue:
                return Step(known.label, None, known.reaction, blocked=queue)
            queues[queue] = (*queues[queue], message)
        for link in known.reaction.closed:
            self._cut(link, party, wires, queues, parties)
        return Step(known.label, Configuration(parties, tuple(wires), tuple(queues)), known.reaction)

    def _cut(
        self, link: int, party: int, wires: list[str], queues: list[tuple[int, ...]], parties: tuple[int, ...]
    ) -> None:
        """One end drops a link: what is under way to it is gone; what it sent can still be read (a prefix arrives)."""
        mine = self._ends[link].index(party)
        queues[2 * link + mine] = ()
        other = self._ends[link][1 - mine]
        seen = link in self._parties[parties[other]].seen
        wires[link] = CUT if seen else DOWN
        if not seen:
            queues[2 * link + 1 - mine] = ()

    # -- links that were lost

    def _links(self, configuration: Configuration) -> Iterator[Step]:
        for link, wire in enumerate(configuration.wires):
            for end, party in enumerate(self._ends[link]):
                seen = link in self._parties[configuration.parties[party]].seen
                if wire == CUT and seen:
                    yield from self._notice(configuration, link, end, party)
                elif wire == DOWN and end == 0:
                    opened = self._with_wire(configuration, link, UP)
                    yield from self._see(opened, link, party, "open")
                elif wire == UP and not seen:
                    yield from self._see(configuration, link, party, "accept")

    def _notice(self, configuration: Configuration, link: int, end: int, party: int) -> Iterator[Step]:
        emptied = self._with_queue(configuration, 2 * link + end, ())
        other = self._ends[link][1 - end]
        if link not in self._parties[configuration.parties[other]].seen:
            emptied = self._with_wire(emptied, link, DOWN)
        for known in self._news(party, configuration.parties[party], link, "notice"):
            yield self._taken(emptied, party, known)

    def _see(self, configuration: Configuration, link: int, party: int, kind: str) -> Iterator[Step]:
        for known in self._news(party, configuration.parties[party], link, kind):
            yield self._taken(configuration, party, known)

    # -- faults

    def _faulty(self, configuration: Configuration) -> Iterator[Step]:
        if "loss" in self._faults:
            for queue, content in enumerate(configuration.queues):
                if content and queue // 2 in self._lossy:
                    label = Label("loss", self._ends[queue // 2][queue % 2], None, queue // 2, content[0])
                    yield Step(label, self._with_queue(configuration, queue, content[1:]))

    # -- reactions, remembered

    def _by_itself(self, party: int, state: int) -> tuple[tuple[_Known, ...], tuple[_Known, ...]]:
        """Commands and expiries: those within the check's limits, and all."""
        found = self._spontaneous.get((party, state))
        if found is None:
            before = self._parties[state]
            events: list[Event] = [*commands(self.system, party, before), *expiries(self.system, party, before)]
            every = tuple(known for event in events for known in self._react(party, before, event, _kind(event), None))
            found = self._spontaneous[party, state] = (
                tuple(each for each in every if self._within(party, each)),
                every,
            )
        return found

    def _within(self, party: int, known: _Known) -> bool:
        event = known.label.event
        limit = self._limits.get(party)
        return limit is None or not isinstance(event, Commanded) or event.command in limit

    def _takes(self, party: int, state: int, link: int, message: int) -> tuple[_Known, ...]:
        key = (party, state, link, message)
        found = self._received.get(key)
        if found is None:
            event = Delivered(link, self._messages[message])
            found = tuple(self._react(party, self._parties[state], event, "deliver", link, message))
            self._received[key] = found
        return found

    def _news(self, party: int, state: int, link: int, kind: str) -> tuple[_Known, ...]:
        key = (party, state, link, kind)
        found = self._link_news.get(key)
        if found is None:
            event: Event = Noticed(link) if kind == "notice" else Saw(link)
            found = tuple(self._react(party, self._parties[state], event, kind, link))
            self._link_news[key] = found
        return found

    def _react(
        self, party: int, state: PartyState, event: Event, kind: str, link: int | None, message: int | None = None
    ) -> Iterator[_Known]:
        for turn, reaction in enumerate(react(self.system, party, state, event)):
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
        return number

    def _number(self, message: Message) -> int:
        number = self._message_numbers.setdefault(message, len(self._messages))
        if number == len(self._messages):
            self._messages.append(message)
        return number

    # -- configurations, changed

    def _with_queue(self, configuration: Configuration, queue: int, content: tuple[int, ...]) -> Configuration:
        queues = configuration.queues
        return configuration._replace(queues=(*queues[:queue], content, *queues[queue + 1 :]))

    def _with_wire(self, configuration: Configuration, link: int, wire: str) -> Configuration:
        wires = configuration.wires
        return configuration._replace(wires=(*wires[:link], wire, *wires[link + 1 :]))


def _kind(event: Event) -> str:
    return "expire" if isinstance(event, Expired) else "command"
