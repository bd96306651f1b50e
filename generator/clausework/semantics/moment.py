"""A configuration in words: where everybody stands, what is under way, what can happen now."""

from collections.abc import Iterator
from dataclasses import dataclass

from clausework.expr.show import show_value
from clausework.model.machine import After
from clausework.semantics.configuration import UP, Configuration
from clausework.semantics.space import Space, Step
from clausework.semantics.trace import TraceStep
from clausework.semantics.words import field_words, key_words, link_words, short_name

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An instance: its state, what it remembers, what it waits for.

    `initial`: nothing has happened to it, or all of that is forgotten; `alone`: its party has no other.
    """

    party: str
    machine: str
    key: str
    state: str
    variables: Pairs
    timers: tuple[str, ...]
    deferred: tuple[str, ...]
    asked: tuple[str, ...]
    initial: bool
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Underway:
    """What is in a queue, the head first: each message with its fields."""

    sender: str
    receiver: str
    connection: str
    messages: tuple[tuple[str, Pairs], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A connection that is cut or down, or not seen by both of its ends."""

    connection: str
    ends: tuple[str, str]
    state: str
    seen_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    standings: tuple[Standing, ...]
    underway: tuple[Underway, ...]
    wires: tuple[Wire, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A step that is there to be taken, in words.  `machine` and `key`: whose, where the party runs several.

    `fails`: why it wouldn't happen, which is a finding; `waits`: for whom there is no room in a queue.
    """

    step: Step
    told: TraceStep
    machine: str = ""
    key: str = ""
    fails: tuple[str, ...] = ()
    waits: str = ""

    @property
    def happens(self) -> bool:
        return self.step.target is not None


def moment(space: Space, configuration: Configuration) -> Moment:
    return Moment(
        standings=tuple(_standings(space, configuration)),
        underway=tuple(_underway(space, configuration)),
        wires=tuple(_wires(space, configuration)),
    )


def _standings(space: Space, configuration: Configuration) -> Iterator[Standing]:
    for number, party in enumerate(space.system.parties):
        inside = space.system.instances[number]
        for instance in inside:
            program = space.system.programs[instance.machine]
            now = space.party(configuration, number).instances[instance.number]
            timers = (program.ways[way].handler.trigger for way in sorted(now.armed))
            values = zip(program.machine.variables, now.variables, strict=True)
            yield Standing(
                party=str(party.name),
                machine=str(program.machine.name),
                key=key_words(space, number, instance.key),
                state=now.state,
                variables=tuple((str(each.name), show_value(value)) for each, value in values),
                timers=tuple(str(each.timer) for each in timers if isinstance(each, After)),
                deferred=tuple(short_name(message.name) for _, message in now.deferred),
                asked=tuple(short_name(each.message) for each in now.open),
                initial=now == space.system.initial(instance.machine),
                alone=len(inside) == 1,
            )


def _underway(space: Space, configuration: Configuration) -> Iterator[Underway]:
    for queue, content in enumerate(configuration.queues):
        if content:
            link = space.system.links[queue // 2]
            receiver = (link.client, link.server)[queue % 2]
            messages = (space.message(number) for number in content)
            yield Underway(
                sender=str(space.system.parties[link.other(receiver)].name),
                receiver=str(space.system.parties[receiver].name),
                connection=link_words(space, link.number),
                messages=tuple((short_name(each.name), tuple(field_words(space, each))) for each in messages),
            )


def _wires(space: Space, configuration: Configuration) -> Iterator[Wire]:
    for link, state in zip(space.system.links, configuration.wires, strict=True):
        ends = (link.client, link.server)
        seen = [end for end in ends if link.number in space.party(configuration, end).seen]
        if state != UP or len(seen) < len(ends):
            names = [str(space.system.parties[end].name) for end in ends]
            yield Wire(
                connection=link_words(space, link.number),
                ends=(names[0], names[1]),
                state=state,
                seen_by=tuple(str(space.system.parties[end].name) for end in seen),
            )
