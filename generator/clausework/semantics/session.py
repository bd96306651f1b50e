"""Sessions: who plays which part of a flow, and what a condition of the flow means there.

A session gives every lifeline a party of its role (each another one), and every machine of a lifeline the instance
whose key agrees with that.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from clausework.expr import nodes
from clausework.expr.evaluate import holds
from clausework.expr.nodes import Value
from clausework.expr.types import Link, ListOf, SetOf, Type, plain, required
from clausework.model.machine import SINGLY, Machine
from clausework.model.standard import Flow, Lifeline, is_a
from clausework.model.states import ancestry, leaves
from clausework.semantics.configuration import InstanceState, PartyState
from clausework.semantics.system import Instance, System


@dataclass(frozen=True, slots=True)
class Session:
    """`parties`: lifeline -> party.  `instances`: (lifeline, flow, machine) -> the instance that it is there.

    `links`: the connection that a lifeline is, where several are connections of one party.
    """

    parties: Mapping[str, int]
    instances: Mapping[tuple[str, str, str], Instance]
    links: Mapping[str, int] = field(default_factory=dict)

    def belongs(self, party: int, instance: int) -> bool:
        return any(self.is_of(lifeline, instance) for lifeline, number in self.parties.items() if number == party)

    def is_of(self, lifeline: str, instance: int) -> bool:
        return any(of == lifeline and each.number == instance for (of, _, _), each in self.instances.items())

    def is_over(self, lifeline: str, link: int | None) -> bool:
        """Whether what goes over the link is this lifeline's, of those that its party has."""
        return link is None or self.links.get(lifeline, link) == link

    def lifelines_of(self, party: int) -> tuple[str, ...]:
        return tuple(lifeline for lifeline, number in self.parties.items() if number == party)

    def line(self, party: int, link: int | None, instance: int | None = None) -> str:
        """The lifeline of a party on which something happens, over a link or to an instance."""
        of = self.lifelines_of(party)
        mine = [each for each in of if self.is_over(each, link) and (instance is None or self.is_of(each, instance))]
        return next(iter(mine or of))


def sessions(system: System, flow: Flow) -> tuple[Session, ...]:
    """All sessions of a flow in a system, in the order of the parties."""
    return tuple(session for parties in _castings(system, flow) for session in _sessions(system, flow, parties))


def _castings(system: System, flow: Flow) -> Iterator[dict[str, int]]:
    numbers = range(len(system.parties))
    lifelines = [each for each in flow.lifelines if each.another is None]
    choices = [[number for number in numbers if system.plays(number, each.role)] for each in lifelines]
    for cast in product(*choices):
        parties = {str(each.name): number for each, number in zip(lifelines, cast, strict=True)}
        if len(set(cast)) == len(cast) and all(_at_home(system, each, parties) for each in lifelines):
            yield {str(each.name): parties[each.party] for each in flow.lifelines}


def _at_home(system: System, lifeline: Lifeline, parties: Mapping[str, int]) -> bool:
    return lifeline.at is None or system.home(parties[lifeline.name]) == parties[lifeline.at]


def _sessions(system: System, flow: Flow, parties: dict[str, int]) -> Iterator[Session]:
    """One for each way to fill the key components that the parties alone don't settle (slots, ports)."""
    wanted: list[tuple[tuple[str, str, str], int, list[tuple[Value, ...]]]] = []
    for lifeline in flow.lifelines:
        for number, program in enumerate(system.programs):
            machine = program.machine
            if _runs(system, flow, lifeline, machine):
                keys = list(product(*(_key(system, lifeline, parties, each.name, each.type) for each in machine.keys)))
                there = [key for key in keys if system.find(parties[lifeline.name], number, key) is not None]
                wanted.append(((str(lifeline.name), str(machine.flow), str(machine.name)), number, there or keys))
    open_names = sorted(
        {
            str(each.name)
            for _, number, keys in wanted
            for place, each in enumerate(system.programs[number].machine.keys)
            if len({key[place] for key in keys}) > 1
        }
    )
    others = {str(each.name): str(each.another) for each in flow.lifelines if each.another is not None}
    seen: set[tuple[tuple[str, int, tuple[Value, ...]], ...]] = set()
    for chosen in product(*(keys for _, _, keys in wanted)):
        if not _agree(system, wanted, chosen, open_names, others):
            continue
        instances = {}
        for (path, number, _), key in zip(wanted, chosen, strict=True):
            found = system.find(parties[path[0]], number, key)
            if found is not None:
                instances[path] = found
        mark = tuple((path[0], each.machine, each.key) for path, each in instances.items())
        if mark not in seen:
            seen.add(mark)
            yield Session(parties, instances, _connections(system, instances, {*others, *others.values()}))


def _connections(
    system: System, instances: Mapping[tuple[str, str, str], Instance], lifelines: set[str]
) -> dict[str, int]:
    return {
        lifeline: value
        for (lifeline, _, _), instance in instances.items()
        for key, value in zip(system.programs[instance.machine].machine.keys, instance.key, strict=True)
        if lifeline in lifelines and isinstance(plain(key.type), Link) and isinstance(value, int)
    }


def _runs(system: System, flow: Flow, lifeline: Lifeline, machine: Machine) -> bool:
    """In its own flow a lifeline runs the machine named like it (or like its role); in others all of its role."""
    if not is_a(system.standard, lifeline.role, machine.role):
        return False
    mine = {str(each.name) for each in flow.machines if each.flow == machine.flow}
    if machine.name in mine:
        name = machine.name.removesuffix(SINGLY)
        names = {str(each.name) for each in flow.lifelines}
        return name == lifeline.party or (name not in names and lifeline.party not in mine)
    return True


def _key(system: System, lifeline: Lifeline, parties: Mapping[str, int], name: str, type_: Type) -> list[Value]:
    """The values that a key component can have in this session."""
    bound: dict[str, str] = dict(lifeline.keys)
    party = parties[lifeline.name]
    if isinstance(plain(type_), Link):
        others = [parties[bound[name]]] if name in bound else [each for each in parties.values() if each != party]
        return [link.number for other in others for link in system.links_to(party, other)]
    target = bound.get(name, name if name in parties else None)
    if target is not None:
        return [str(system.parties[parties[target]].name)]
    return list(system.domains.values(type_))


def _agree(
    system: System,
    wanted: list[tuple[tuple[str, str, str], int, list[tuple[Value, ...]]]],
    chosen: tuple[tuple[Value, ...], ...],
    open_names: list[str],
    others: Mapping[str, str],
) -> bool:
    """Key components of one name have one value in a session; `connection` keys name the same link at both ends.

    `others` are those lifelines that are another connection of their party: it is none that a lifeline has already.
    """
    said: dict[str, Value] = {}
    further: dict[str, Value] = {}
    for (path, number, _), key in zip(wanted, chosen, strict=True):
        for each, value in zip(system.programs[number].machine.keys, key, strict=True):
            if each.name not in open_names:
                continue
            is_link = isinstance(plain(each.type), Link)
            where = _between(system, value) if is_link else str(each.name)
            known = further if is_link and path[0] in others else said
            if known.setdefault(path[0] if known is further else where, value) != value:
                return False
    taken = [*further.values(), *(value for where, value in said.items() if value in further.values())]
    return len(taken) == len(set(taken)) and set(others) <= set(further)


def _between(system: System, link: Value) -> str:
    found = system.links[link] if isinstance(link, int) else None
    return f"{found.client} {found.server}" if found is not None else ""


@dataclass(frozen=True, slots=True)
class Values:
    """What the leaves of a condition come to in one configuration of a session."""

    system: System
    session: Session
    states: tuple[PartyState, ...]
    local: Mapping[str, Value] = field(default_factory=dict)

    def instance(self, of: nodes.Of) -> tuple[Machine, InstanceState]:
        path = (str(of.lifeline), str(of.flow), str(of.machine))
        number = self.system.machine_number(of.flow, of.machine)
        machine = self.system.programs[number or 0].machine
        found = self.session.instances.get(path)
        if found is None:
            return machine, self.system.initial(number or 0)
        return machine, self.states[self.session.parties[path[0]]].instances[found.number]

    def leaf(self, node: nodes.Expr) -> Value:
        match node:
            case nodes.Parameter(name=name):
                return self.system.parameters[name]
            case nodes.Local(name=name):
                if name in self.local:
                    return self.local[name]
                return str(self.system.parties[self.session.parties[name]].name)
        raise AssertionError(node)

    def state(self, of: nodes.Of | None) -> tuple[str, ...]:
        if of is None:
            raise AssertionError("a session's condition names its machine")
        machine, state = self.instance(of)
        return tuple(ancestry(machine, state.state))

    def variable(self, of: nodes.Of, name: str) -> Value:
        machine, state = self.instance(of)
        for number, each in enumerate(machine.variables):
            if each.name == name:
                return state.variables[number]
        columns = next(each.columns for each in leaves(machine) if each.name == state.state)
        return next(value.value for column, value in columns if column == name)

    def elements(self, domain: nodes.Domain) -> Iterable[Value]:
        return self.system.domains.values(domain.type) if domain.what == "parties" else ()

    def binding(self, variable: str, value: Value) -> "Values":
        return replace(self, local={**self.local, variable: value})

    def is_connected(self, peer: Value) -> bool:
        raise AssertionError(f"whether {peer} is connected is known to a party, not to a session")

    def high(self, container: nodes.Expr) -> int:
        bare = plain(required(container.type))
        return self.system.domains.number(bare.high) if isinstance(bare, ListOf | SetOf) else 0


def session_holds(condition: nodes.Expr, system: System, session: Session, states: tuple[PartyState, ...]) -> bool:
    return holds(condition, Values(system, session, states))
