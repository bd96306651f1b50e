"""Everything that a check fixes: who takes part, which machines they run under which keys, how they are linked.

`System` is built once and never changes; `step` and `network` read it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from clausework.expr.nodes import Value
from clausework.expr.types import Link, Optional, Type, plain
from clausework.model.machine import After, Defer, Enters, Handler, Leaves, Machine, Receive
from clausework.model.sequence import Check, Decision, Given, PartyOf
from clausework.model.standard import Flow, Message, Standard, is_a
from clausework.model.states import entered
from clausework.model.transitions import Transition
from clausework.semantics.configuration import InstanceState, PartyState
from clausework.semantics.configuration import Message as Passed
from clausework.semantics.events import Found
from clausework.semantics.values import Domains, Unexplorable, written
from clausework.source import Name


@dataclass(frozen=True, slots=True)
class LinkOf:
    """One link: a slot of a connection between a party at its client side and one at its server side."""

    number: int
    connection: str
    client: int
    server: int
    slot: int
    datagram: bool

    def other(self, party: int) -> int:
        return self.server if party == self.client else self.client


@dataclass(frozen=True, slots=True)
class Instance:
    """A machine of a party under a key; `number` is its place in the party's state."""

    number: int
    machine: int
    key: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A handler as the search meets it: the transitions of its paths, and where its guards stand."""

    number: int
    handler: Handler
    transitions: tuple[Transition, ...]


@dataclass(frozen=True)
class Program:
    """A machine made ready: its handlers by scope, the scopes of each leaf, the kinds of trigger that it has."""

    machine: Machine
    ways: tuple[Way, ...]
    scopes: dict[str, tuple[Name | None, ...]]
    by_scope: dict[Name | None, tuple[Way, ...]]
    listens: frozenset[type]

    def timers(self, leaf: str) -> frozenset[int]:
        """The timers that run in a leaf when it has just been entered from nowhere."""
        return self._timers[leaf]

    @cached_property
    def _timers(self) -> dict[str, frozenset[int]]:
        timed = [way for way in self.ways if isinstance(way.handler.trigger, After) and way.handler.scope is not None]
        return {
            leaf: frozenset(way.number for way in timed if way.handler.scope in inside)
            for leaf, inside in self.scopes.items()
        }


@dataclass(frozen=True)
class System:
    standard: Standard
    flow: Flow
    check: Check
    flows: tuple[Flow, ...]
    parties: tuple[PartyOf, ...]
    programs: tuple[Program, ...]
    links: tuple[LinkOf, ...]
    domains: Domains
    decisions: dict[str, Decision]
    messages: dict[str, Message]
    parameters: dict[str, Value]
    instances: tuple[tuple[Instance, ...], ...] = field(default=())

    def home(self, party: int) -> int | None:
        at = self.parties[party].at
        return self.number_of(at) if at is not None else None

    def number_of(self, name: Value) -> int:
        return self._numbers[name]

    def plays(self, party: int, role: str) -> bool:
        return is_a(self.standard, self.parties[party].role, role)

    def links_of(self, party: int) -> Iterator[LinkOf]:
        return (link for link in self.links if party in (link.client, link.server))

    def links_to(self, party: int, other: int) -> Iterator[LinkOf]:
        return (link for link in self.links_of(party) if link.other(party) == other)

    def carries(self, link: LinkOf, message: str) -> bool:
        """Whether a message goes over a link: its own connection, else any of the standard that declares it."""
        connection = self.messages[message].connection
        if connection is not None:
            return link.connection == connection
        return link.connection.rpartition(".")[0] == message.rpartition(".")[0]

    def find(self, party: int, machine: int, key: tuple[Value, ...]) -> Instance | None:
        return self._index.get((party, machine, key))

    def start(self, party: int) -> PartyState:
        """A party before anything happened: all as given, else initial; its links seen but those down at first."""
        instances = [self.initial(instance.machine) for instance in self.instances[party]]
        for each in self.check.given:
            if each.party == self.parties[party].name:
                instance = self.instance_given(party, each)
                instances[instance.number] = self._standing(instance.machine, each)
        return PartyState(
            tuple(instances), frozenset(link.number for link in self.links_of(party) if not self.is_down(link))
        )

    def is_down(self, link: LinkOf) -> bool:
        """Whether a link isn't there at the beginning."""
        return bool({self.parties[link.client].name, self.parties[link.server].name} & set(self.check.down))

    def instance_given(self, party: int, given: Given) -> Instance:
        number = self.machine_number(given.flow, given.machine) or 0
        machine = self.programs[number].machine
        key = tuple(
            self._placed(party, self._key_values(party, machine, each.type), text)
            if isinstance(plain(each.type), Link)
            else self._chosen(self._key_values(party, machine, each.type), each.type, text)
            for each, text in zip(machine.keys, given.key, strict=True)
        )
        return self._index[party, number, key]

    def _placed(self, party: int, possible: tuple[Value, ...], text: str) -> Value:
        """A link by who is at its other end, `bob`, or `bob.2` for the second of several.

        Where all lead to one party, the number is enough.
        """
        called: dict[str, Value] = {}
        ends = Counter[str]()
        for link in (each for each in self.links_of(party) if each.number in possible):
            name = str(self.parties[link.other(party)].name)
            ends[name] += 1
            called.setdefault(name, link.number)
            called[f"{name}.{ends[name]}"] = link.number
        if len(ends) == 1:
            called |= {str(number): called[f"{name}.{number}"] for name in ends for number in range(1, ends[name] + 1)}
        if text not in called:
            shown = (name for name in called if not name.endswith(".1") or ends[name.removesuffix(".1")] > 1)
            raise Unexplorable(f"`{text}` is none of the connections that the check has", _one_of(shown))
        return called[text]

    def _chosen(self, possible: tuple[Value, ...], type_: Type, text: str) -> Value:
        """A value as written, one of those that the check tries."""
        bare = plain(type_)
        if isinstance(bare, Optional):
            return None if text == "none" else self._chosen(possible, bare.item, text)
        value = written(bare, text)
        if value not in possible:
            raise Unexplorable(f"`{text}` is none of the values that the check tries", _one_of(possible))
        return value

    def _standing(self, machine: int, given: Given) -> InstanceState:
        """As if it had come to the state from nowhere: its timers run."""
        declared, first = self.programs[machine].machine, self._initial[machine]
        values = {str(name): text for name, text in given.variables}
        leaf = str(entered(declared, given.state))
        armed = self.programs[machine].timers(leaf)
        variables = tuple(
            self._chosen(self.domains.values(each.type), each.type, values[each.name]) if each.name in values else value
            for each, value in zip(declared.variables, first.variables, strict=True)
        )
        return InstanceState(leaf, variables, armed, ages=self.ages(armed, {}))

    def initial(self, machine: int) -> InstanceState:
        return self._initial[machine]

    def restarted(self, machine: int, before: InstanceState) -> InstanceState:
        """What a restart leaves of an instance: what is durable, at its first values all else."""
        declared, first = self.programs[machine].machine, self._initial[machine]
        values = tuple(
            mine if each.name in declared.durable else new
            for each, mine, new in zip(declared.variables, before.variables, first.variables, strict=True)
        )
        leaf = before.state if "state" in declared.durable else first.state
        armed = self.programs[machine].timers(leaf)
        return InstanceState(leaf, values, armed, ages=self.ages(armed, {}))

    # -- time, where it is counted

    def lasts(self, machine: int, timer: int) -> tuple[int, int] | None:
        """After how many ticks a timer may, and must have run out; None: whenever it likes."""
        trigger = self.programs[machine].ways[timer].handler.trigger
        return self._ticks.get(str(getattr(trigger, "timer", "")))

    @property
    def timed(self) -> bool:
        return bool(self._ticks)

    def ages(self, armed: frozenset[int], running: dict[int, int]) -> tuple[int, ...]:
        """How long each timer has run; nothing where time isn't counted."""
        return tuple(running.get(number, 0) for number in sorted(armed)) if self._ticks else ()

    # -- requests

    def answered(self, message: str) -> frozenset[str]:
        """The requests that a message responds to; none, if it is no response."""
        return self._answered.get(message, _NONE)

    def responses(self, request: str) -> frozenset[str]:
        return self._responses.get(request, _NONE)

    def is_request(self, message: str) -> bool:
        return message in self._responses

    @property
    def has_requests(self) -> bool:
        return bool(self._responses)

    @cached_property
    def first_ids(self) -> tuple[int, ...]:
        """By party, the first id that its first instance gives to a request; the next one's is one more."""
        return tuple(1 + sum(len(each) for each in self.instances[:party]) for party in range(len(self.parties)))

    @cached_property
    def ids(self) -> int:
        """How many instances there are: an id plus this is an id of the same instance."""
        return sum(len(each) for each in self.instances)

    @cached_property
    def answered_late(self) -> frozenset[str]:
        """The requests that a step may answer which doesn't receive them."""
        late: set[str] = set()
        for program in self.programs:
            for transition in (each for way in program.ways for each in way.transitions):
                trigger = transition.trigger
                received = {str(trigger.message)} if isinstance(trigger, Receive) else set()
                late |= {one for send in transition.sends for one in self.answered(send.message)} - received
        return frozenset(late)

    @cached_property
    def outlasted(self) -> frozenset[str]:
        """The requests whose answer may come after they have ended: from a later step, or since they are deferred."""
        found: set[str] = set()
        for program in self.programs:
            machine = program.machine
            said = [each for state in machine.states for each in state.dispositions]
            found |= {str(name) for name, each in (*said, *machine.dispositions) if isinstance(each, Defer)}
            every = [machine.otherwise, *(state.otherwise for state in machine.states)]
            if any(isinstance(each, Defer) for each in every):
                found |= {str(each.message) for each in machine.addressing}
        return self.answered_late | {each for each in found if self.is_request(each)}

    @cached_property
    def heard(self) -> frozenset[str]:
        """The messages that some machine takes."""
        return frozenset(str(each.message) for program in self.programs for each in program.machine.addressing)

    @cached_property
    def known_takers(self) -> dict[tuple[int, int, Passed], list[Instance] | Found]:
        """By party, link and message, for whom a message is: it depends on nothing else, and is asked often."""
        return {}

    @cached_property
    def attackers(self) -> frozenset[int]:
        """Those who keep to no machine: what they can't take is no finding."""
        return frozenset(self.number_of(each.subject) for each in self.check.faults if each.kind == "attack")

    def is_watched(self, machine: int) -> bool:
        """Whether some machine reacts when this one enters or leaves a state."""
        return machine in self._watched

    def machine_number(self, flow: str, machine: str) -> int | None:
        return self._machines.get((flow, machine))

    def __post_init__(self) -> None:
        object.__setattr__(self, "_numbers", {party.name: number for number, party in enumerate(self.parties)})
        machines = {(each.machine.flow, each.machine.name): number for number, each in enumerate(self.programs)}
        object.__setattr__(self, "_machines", machines)
        object.__setattr__(self, "_ticks", {str(name): (low, high) for name, low, high in self.check.ticks})
        answered, responses = _requests(self.messages, self.programs)
        object.__setattr__(self, "_answered", answered)
        object.__setattr__(self, "_responses", responses)
        object.__setattr__(self, "_initial", tuple(self._first(program) for program in self.programs))
        instances = tuple(tuple(self._instances(party)) for party in range(len(self.parties)))
        object.__setattr__(self, "instances", instances)
        index = {(party, each.machine, each.key): each for party, inside in enumerate(instances) for each in inside}
        object.__setattr__(self, "_index", index)
        watched = {
            self.machine_number(way.handler.trigger.flow, way.handler.trigger.machine)
            for program in self.programs
            for way in program.ways
            if isinstance(way.handler.trigger, Enters | Leaves)
        }
        object.__setattr__(self, "_watched", frozenset(watched))

    _numbers: dict[Value, int] = field(init=False, repr=False, default_factory=dict)
    _machines: dict[tuple[str, str], int] = field(init=False, repr=False, default_factory=dict)
    _initial: tuple[InstanceState, ...] = field(init=False, repr=False, default=())
    _ticks: dict[str, tuple[int, int]] = field(init=False, repr=False, default_factory=dict)
    _answered: dict[str, frozenset[str]] = field(init=False, repr=False, default_factory=dict)
    _responses: dict[str, frozenset[str]] = field(init=False, repr=False, default_factory=dict)
    _watched: frozenset[int | None] = field(init=False, repr=False, default=frozenset())
    _index: dict[tuple[int, int, tuple[Value, ...]], Instance] = field(init=False, repr=False, default_factory=dict)

    def _first(self, program: Program) -> InstanceState:
        machine = program.machine
        leaf = entered(machine, machine.initial)
        values = tuple(
            each.default.value if each.default is not None else self.domains.first(each.type)
            for each in machine.variables
        )
        armed = program.timers(leaf)
        return InstanceState(str(leaf), values, armed, ages=self.ages(armed, {}))

    def _instances(self, party: int) -> Iterator[Instance]:
        number = 0
        for machine, program in enumerate(self.programs):
            if not self.plays(party, program.machine.role):
                continue
            keys = program.machine.keys
            for key in product(*(self._key_values(party, program.machine, each.type) for each in keys)):
                yield Instance(number, machine, key)
                number += 1

    def _key_values(self, party: int, machine: Machine, type_: Type) -> tuple[Value, ...]:
        """What a key component can be; links are those of the connections that the machine's messages come over."""
        if isinstance(plain(type_), Link):
            heard = {str(each.message) for each in machine.addressing}
            return tuple(
                link.number
                for link in self.links_of(party)
                if not heard or any(self.carries(link, each) for each in heard)
            )
        return self.domains.values(type_)


_NONE: frozenset[str] = frozenset()


def _one_of(values: Iterable[Value]) -> str:
    return "it is one of " + ", ".join(str(each) for each in values if each is not None)


def _requests(
    messages: dict[str, Message], programs: tuple[Program, ...]
) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Response -> the requests it may answer, and request -> its responses: those that somebody here listens to.

    A response to an abstract message answers each of its kinds.
    """
    heard = {str(each.message) for program in programs for each in program.machine.addressing}
    answered: dict[str, frozenset[str]] = {}
    for response in messages.values():
        if response.answers is not None and response.name in heard:
            answered[str(response.name)] = frozenset(
                str(each.name) for each in messages.values() if _is_kind(messages, each, response.answers)
            )
    responses: dict[str, frozenset[str]] = {}
    for name, requests in answered.items():
        for request in requests & heard:
            responses[request] = responses.get(request, frozenset()) | {name}
    return answered, responses


def _is_kind(messages: dict[str, Message], message: Message, ancestor: str) -> bool:
    if message.name == ancestor:
        return True
    return message.parent is not None and _is_kind(messages, messages[message.parent], ancestor)
