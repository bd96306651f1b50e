"""A check of a flow -> the system that it describes: flows, machines, parties, links, and the values to be tried."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import product

from clausework.expr import nodes
from clausework.expr.nodes import Value
from clausework.expr.types import Bound, Enumeration, Integer, is_opaque, plain, required
from clausework.model.machine import Lost, Machine, Receive, Restored
from clausework.model.sequence import Check, PartyOf
from clausework.model.standard import Connection, Flow, Standard, is_a, named, own
from clausework.model.states import scopes
from clausework.model.transitions import paths
from clausework.semantics.system import LinkOf, Program, System, Way
from clausework.semantics.values import Domains, opaque_name, written
from clausework.source import Name, RoleName


def system(standard: Standard, flow: Flow, check: Check) -> System:
    """The system that a check of a flow describes; raises `Unexplorable` where there is none."""
    flows = _flows(standard, flow)
    machines = _machines(flows)
    parameters = _parameters(standard, check)
    domains = _domains(standard, check, machines, parameters)
    return System(
        standard=standard,
        flow=flow,
        check=check,
        flows=flows,
        parties=check.parties,
        programs=tuple(_program(machine) for machine in machines),
        links=tuple(_links(standard, check, machines)),
        domains=domains,
        decisions={decision.name: decision for each in flows for decision in each.decisions},
        messages={message.name: message for message in standard.messages},
        parameters=parameters,
    )


def default_check(flow: Flow) -> Check:
    """What is explored when a flow has no check of its own: a party for each lifeline, two places in each queue."""
    parties = tuple(
        PartyOf(name=each.name, role=each.role, at=each.at, about=each.about)
        for each in flow.lifelines
        if each.another is None
    )
    count = Counter(each.party for each in flow.lifelines)
    slots = tuple((name, number) for name, number in count.items() if number > 1)
    return Check(name=Name("one_of_each"), parties=parties, queue=2, slots=slots, about=flow.about)


def _flows(standard: Standard, flow: Flow) -> tuple[Flow, ...]:
    """The flow and all that it uses, however far away."""
    found: list[Flow] = []
    waiting = [flow]
    while waiting:
        each = waiting.pop(0)
        if each.name not in {known.name for known in found}:
            found.append(each)
            waiting.extend(named(standard.flows, name) for name in each.uses)
    return tuple(found)


def _machines(flows: tuple[Flow, ...]) -> tuple[Machine, ...]:
    """Each machine once: in the form of the flow that extends it furthest."""
    found: dict[tuple[str, str], Machine] = {}
    for flow in sorted(flows, key=lambda each: each.extends is not None):
        for machine in flow.machines:
            found[machine.flow, machine.name] = machine
    return tuple(found.values())


def _program(machine: Machine) -> Program:
    ways = tuple(Way(number, handler, paths(handler)) for number, handler in enumerate(machine.handlers))
    around = {str(state.name): scopes(machine, state.name) for state in machine.states if not state.compound}
    wheres = {
        way.number for way in ways if isinstance(way.handler.trigger, Receive) and way.handler.trigger.where is not None
    }
    by_scope: dict[Name | None, tuple[Way, ...]] = {}
    for scope in {way.handler.scope for way in ways}:
        inside = [way for way in ways if way.handler.scope == scope]
        by_scope[scope] = tuple(sorted(inside, key=lambda way: way.number not in wheres))
    return Program(machine, ways, around, by_scope, frozenset(type(way.handler.trigger) for way in ways))


def _parameters(standard: Standard, check: Check) -> dict[str, Value]:
    bound = {str(name): texts for name, texts in check.bind}
    values: dict[str, Value] = {}
    for parameter in standard.parameters:
        bare = plain(parameter.type)
        if parameter.name in bound:
            values[parameter.name] = written(bare, bound[parameter.name][0])
        elif parameter.check is not None or parameter.value is not None:
            literal = parameter.check or parameter.value
            values[parameter.name] = literal.value if literal else None
        elif isinstance(bare, Integer):
            values[parameter.name] = bare.low if isinstance(bare.low, int) else 1
        elif isinstance(bare, Enumeration):
            values[parameter.name] = str(bare.values[0])
        else:
            values[parameter.name] = str(parameter.name)
    return values


def _links(standard: Standard, check: Check, machines: tuple[Machine, ...]) -> Iterator[LinkOf]:
    """Links of the connections that these machines speak over: the others would only multiply what can be.

    Two parties that speak over none keep what they have, if one of them reacts to links with the other.
    """
    spoken = _spoken(standard, machines)

    @cache
    def watching() -> frozenset[tuple[RoleName, RoleName | None]]:
        """Asked for where parties speak over none, which is rare."""
        return frozenset(watched for machine in machines for watched in _watched(machine))

    def watches(one: int, other: int) -> bool:
        mine, theirs = check.parties[one].role, check.parties[other].role
        return any(
            is_a(standard, mine, role) and (peer is None or is_a(standard, theirs, peer)) for role, peer in watching()
        )

    slots = {str(name): count for name, count in check.slots}
    pairs = [(each, one, other) for each in _connections(standard) for one, other in _pairs(standard, check, each)]
    speaking = {frozenset((one, other)) for each, one, other in pairs if each.name in spoken}
    number = 0
    for connection, one, other in pairs:
        needed = frozenset((one, other)) not in speaking and (watches(one, other) or watches(other, one))
        if connection.name not in spoken and not needed:
            continue
        for slot in range(max(slots.get(check.parties[one].name, 1), slots.get(check.parties[other].name, 1))):
            yield LinkOf(number, str(connection.name), one, other, slot, connection.datagram)
            number += 1


def _watched(machine: Machine) -> Iterator[tuple[RoleName, RoleName | None]]:
    """Who asks for links, or reacts to their coming and going, with whom; None: with anybody."""
    for handler in machine.handlers:
        trigger = handler.trigger
        if isinstance(trigger, Lost | Restored) and (trigger.peer is not None or not machine.addressing):
            yield machine.role, trigger.peer
        if any(isinstance(each, nodes.Connected) for each in nodes.walk_values(handler)):
            yield machine.role, None


def _connections(standard: Standard) -> tuple[Connection, ...]:
    return own(standard.connections) + tuple(each for each in standard.connections if "." in each.name)


def _spoken(standard: Standard, machines: tuple[Machine, ...]) -> frozenset[str]:
    """The connections that some message which these machines send or take goes over."""
    names = {str(each.message) for machine in machines for each in machine.addressing}
    handlers = (handler for machine in machines for handler in machine.handlers)
    names |= {str(send.message) for each in handlers for transition in paths(each) for send in transition.sends}
    said = [each for each in standard.messages if each.name in names]
    declared = {str(each.connection) for each in said if each.connection is not None}
    undeclared = {each.name.rpartition(".")[0] for each in said if each.connection is None}
    every = (str(each.name) for each in _connections(standard))
    return frozenset(each for each in every if each in declared or each.rpartition(".")[0] in undeclared)


def _pairs(standard: Standard, check: Check, connection: Connection) -> Iterator[tuple[int, int]]:
    """Who has such a connection with whom, the client side first."""
    roles = [party.role for party in check.parties]
    for one, other in product(range(len(roles)), repeat=2):
        if (
            one == other
            or not is_a(standard, roles[one], connection.client)
            or not is_a(standard, roles[other], connection.server)
        ):
            continue
        same_sides = is_a(standard, roles[other], connection.client) and is_a(standard, roles[one], connection.server)
        if (not same_sides or one < other) and _belong(check, one, other):
            yield one, other


def _belong(check: Check, one: int, other: int) -> bool:
    """A party that belongs to another of a role is linked to that one only."""
    at = check.parties[one].at
    if at is None:
        return True
    home = next(party for party in check.parties if party.name == at)
    return check.parties[other].name == at or check.parties[other].role != home.role


def _domains(
    standard: Standard,
    check: Check,
    machines: tuple[Machine, ...],
    parameters: dict[str, Value],
) -> Domains:
    bound = {str(name): texts for name, texts in check.bind}
    compared = _compared(machines)

    def number(bound_: Bound) -> int:
        value = parameters[bound_] if isinstance(bound_, str) else bound_
        return value if isinstance(value, int) else 1

    def parties(role: str) -> tuple[str, ...]:
        return tuple(str(party.name) for party in check.parties if is_a(standard, party.role, role))

    return Domains(number, parties, lambda name: 2 if name in compared else 1, bound.get)


def _compared(machines: tuple[Machine, ...]) -> frozenset[str]:
    """Opaque types that a guard compares: of these, two values are told apart; of the others one stands for all.

    One symbol is exact for values that are only copied (data independence); two are a bound, which the verdict names.
    """
    found: set[str] = set()
    for machine in machines:
        for handler in machine.handlers:
            for node in nodes.walk_values(handler):
                if isinstance(node, nodes.Compare | nodes.In):
                    for side in (node.left, node.right) if isinstance(node, nodes.Compare) else (node.item,):
                        type_ = required(side.type)
                        if is_opaque(type_):
                            found.add(opaque_name(type_))
    return frozenset(found)
