"""What parties do, remembered: every reaction is computed once, and known by numbers from then on.

Party states and messages get numbers as they turn up.  A reaction depends on nothing but the party's own state, the
event, and which request ids others remember (`Busy`): so a table of reactions is all that an engine needs of what
machines mean, and whoever asks here has the one definition of it, however fast it goes on from there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

from clausework.semantics.configuration import InstanceState, Message, PartyState
from clausework.semantics.events import Commanded, Delivered, Event, Expired, Noticed, Reaction, Restarted, Saw
from clausework.semantics.limits import Limits
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


Busy = frozenset[tuple[int, int]]
"""Links, and ids of requests on them that the other end remembers; below zero, those that it waits for itself."""

NOBODY: Busy = frozenset()

Ended = frozenset[tuple[str, int, int]]
"""Requests that are open no more: message, link, id."""


@dataclass(frozen=True, slots=True)
class Known:
    """A reaction by numbers: the party's next state (None: it didn't happen), and what goes into which queue."""

    label: Label
    reaction: Reaction
    state: int | None
    sends: tuple[tuple[int, int], ...]


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Table(Generic[_Key, _Value]):
    """What is known of a key: once, whatever others may remember of links that it doesn't ask of."""

    def __init__(self) -> None:
        self._once: dict[_Key, _Value] = {}
        self._links: dict[_Key, frozenset[int]] = {}
        self._each: dict[tuple[_Key, Busy], _Value] = {}

    def get(self, key: _Key, busy: Busy) -> _Value | None:
        links = self._links.get(key)
        return self._once.get(key) if links is None else self._each.get((key, _of_links(busy, links)))

    def put(self, key: _Key, busy: Busy, found: _Value, links: frozenset[int]) -> None:
        """`links`: those of which it asks what is remembered."""
        if links:
            self._links[key] = links
            self._each[key, _of_links(busy, links)] = found
        else:
            self._once[key] = found

    def entries(self) -> Iterator[tuple[_Key, Busy, _Value]]:
        yield from ((key, NOBODY, found) for key, found in self._once.items())
        yield from ((key, busy, found) for (key, busy), found in self._each.items())


def _of_links(busy: Busy, links: frozenset[int]) -> Busy:
    return frozenset(each for each in busy if each[0] in links)


class Reactions:
    """`parties`, `messages`: what the numbers stand for; `seen`: the links that a party sees, beside its state."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.parties: list[PartyState] = []
        self.seen: list[frozenset[int]] = []
        self.messages: list[Message] = []
        self.ends = tuple((link.client, link.server) for link in system.links)
        self.links = tuple(frozenset(link.number for link in system.links_of(at)) for at in range(len(system.parties)))
        self.limits = Limits(system)
        self._party_numbers: dict[PartyState, int] = {}
        self._message_numbers: dict[Message, int] = {}
        self._spontaneous: Table[tuple[int, int], tuple[tuple[Known, ...], tuple[Known, ...]]] = Table()
        self._received: Table[tuple[int, int, int, int], tuple[Known, ...]] = Table()
        self._news: Table[tuple[int, int, Event, str], tuple[Known, ...]] = Table()
        self._ticked: dict[tuple[int, int], int | None] = {}
        self._ids: dict[int, Busy] = {}
        self._asking: dict[int, bool] = {}

    def party(self, state: PartyState) -> int:
        """The number of a party state."""
        number = self._party_numbers.setdefault(state, len(self.parties))
        if number == len(self.parties):
            self.parties.append(state)
            self.seen.append(state.seen)
        return number

    def message(self, message: Message) -> int:
        """The number of a message."""
        number = self._message_numbers.setdefault(message, len(self.messages))
        if number == len(self.messages):
            self.messages.append(message)
        return number

    def by_itself(self, party: int, state: int, busy: Busy = NOBODY, *, beyond: bool = False) -> tuple[Known, ...]:
        """Commands and expiries; `beyond`: also commands that the check doesn't let the party ask for."""
        found = self._spontaneous.get((party, state), busy)
        if found is None:
            before = self.parties[state]
            events: list[Event] = [*commands(self.system, party, before), *expiries(self.system, party, before)]
            every = tuple(known for event in events for known in self._react(party, before, event, _kind(event), busy))
            found = (tuple(each for each in every if self._within(party, each)), every)
            self._spontaneous.put((party, state), busy, found, self.asks(every))
        return found[beyond]

    def takes(self, party: int, state: int, link: int, message: int, busy: Busy = NOBODY) -> tuple[Known, ...]:
        """What the party does with a message that comes over a link."""
        key = (party, state, link, message)
        found = self._received.get(key, busy)
        if found is None:
            event = Delivered(link, self.messages[message])
            found = tuple(self._react(party, self.parties[state], event, "deliver", busy, link, message))
            self._received.put(key, busy, found, self.asks(found))
        return found

    def hears(
        self, party: int, state: int, event: Noticed | Saw | Restarted, kind: str, busy: Busy = NOBODY
    ) -> tuple[Known, ...]:
        """What the party does when a link of its comes or goes, or when it comes back itself."""
        key = (party, state, event, kind)
        found = self._news.get(key, busy)
        if found is None:
            link = None if isinstance(event, Restarted) else event.link
            found = tuple(self._react(party, self.parties[state], event, kind, busy, link))
            self._news.put(key, busy, found, self.asks(found))
        return found

    def asks(self, found: Iterable[Known]) -> frozenset[int]:
        """The links of which it matters to one of these reactions what others remember.

        It does where an id is given, to a request or to an answer that may come after its request has ended; what is
        done besides doesn't depend on it.
        """
        sends = (send for known in found for send in known.sends)
        return frozenset(queue // 2 for queue, message in sends if self._asks(message))

    def _asks(self, number: int) -> bool:
        found = self._asking.get(number)
        if found is None:
            name, system = self.messages[number].name, self.system
            found = system.is_request(name) or not system.outlasted.isdisjoint(system.answered(name))
            self._asking[number] = found
        return found

    def entries(
        self,
    ) -> tuple[
        list[tuple[tuple[int, int, Busy], tuple[Known, ...]]],
        list[tuple[tuple[int, int, int, int, Busy], tuple[Known, ...]]],
        list[tuple[tuple[int, int, Event, str, Busy], tuple[Known, ...]]],
        list[tuple[tuple[int, int], int | None]],
    ]:
        """All that was asked for so far, with what it was asked by: by itself, what came, news, and a tick later."""
        spontaneous = [((*key, busy), found[0]) for key, busy, found in self._spontaneous.entries()]
        received = [((*key, busy), found) for key, busy, found in self._received.entries()]
        news = [((*key, busy), found) for key, busy, found in self._news.entries()]
        return spontaneous, received, news, list(self._ticked.items())

    def older(self, party: int, number: int) -> int | None:
        """The party a tick later; None if a timer of its has to run out first."""
        if (party, number) not in self._ticked:
            before = self.parties[number]
            ages = [
                self._aged(instance, before.instances[instance.number]) for instance in self.system.instances[party]
            ]
            instances = tuple(each for each in ages if each is not None)
            late = len(instances) < len(ages)
            self._ticked[party, number] = None if late else self.party(replace(before, instances=instances))
        return self._ticked[party, number]

    def remembered(self, state: int) -> Busy:
        """The requests of others that a party remembers, by link."""
        if state not in self._ids:
            self._ids[state] = remembered(self.system, self.parties[state])
        return self._ids[state]

    def outdated(self, number: int, queue: int, party: int, ended: Ended) -> int:
        """A message in a queue, after requests of a party have ended: what belongs to one of them is stale."""
        for name, link, id_ in ended:
            if queue // 2 == link:
                going = queue != 2 * link + self.ends[link].index(party)
                number = self._stale(number, name, id_, going)
        return number

    def _stale(self, number: int, name: str, id_: int, going: bool) -> int:
        message = self.messages[number]
        belongs = message.name == name if going else name in self.system.answered(message.name)
        return self.message(message._replace(request=STALE)) if belongs and message.request == id_ else number

    def _aged(self, instance: Instance, before: InstanceState) -> InstanceState | None:
        ages = []
        for timer, age in zip(sorted(before.armed), before.ages, strict=True):
            lasts = self.system.lasts(instance.machine, timer)
            if lasts is not None and age >= lasts[1]:
                return None
            ages.append(age if lasts is None else age + 1)
        return replace(before, ages=tuple(ages))

    def _within(self, party: int, known: Known) -> bool:
        event = known.label.event
        return not isinstance(event, Commanded) or self.limits.allow(party, event.instance, event.command)

    def _react(
        self,
        party: int,
        state: PartyState,
        event: Event,
        kind: str,
        busy: Busy,
        link: int | None = None,
        message: int | None = None,
    ) -> Iterator[Known]:
        for turn, reaction in enumerate(react(self.system, party, state, event, busy)):
            after = self.party(reaction.after) if reaction.after is not None else None
            sends = tuple(
                (2 * send.link + (1 - self.ends[send.link].index(party)), self.message(send.message))
                for send in reaction.sends
                if send.link is not None
            )
            yield Known(Label(kind, party, event, link, message, turn), reaction, after, sends)


def _kind(event: Event) -> str:
    return "expire" if isinstance(event, Expired) else "command"
