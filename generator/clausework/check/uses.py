"""What is declared and used nowhere, sent and not taken, waited for and never sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from clausework.check.rules import (
    NEVER_RECEIVED,
    NEVER_SENT,
    UNREAD_FIELD,
    UNUSED_COMMAND,
    UNUSED_DECISION,
    UNUSED_MESSAGE,
    UNUSED_NOTIFICATION,
    UNUSED_PARAMETER,
    UNUSED_TYPE,
    UNUSED_VARIABLE,
)
from clausework.diagnostics import Diagnostic, Rule
from clausework.expr import nodes
from clausework.expr.types import Bytes, Integer, ListOf, Named, Optional, SetOf, Text, Type
from clausework.model.machine import CloseLink, Command, Decide, Effect, Machine, Receive, Reject
from clausework.model.sequence import Alternatives, Optionally, Parallel, Reference, Repeat, Sequence
from clausework.model.standard import Flow, Standard, own
from clausework.model.transitions import branches_of
from clausework.source import Name


@dataclass
class _Uses:
    """All that the flows of a standard mention."""

    sent: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    fields: set[tuple[str, str]] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)


def check_uses(standard: Standard) -> Iterator[Diagnostic]:
    uses = _uses(standard)
    yield from _messages(standard, uses)
    for parameter in own(standard.parameters):
        if parameter.name not in uses.parameters:
            yield _unused(UNUSED_PARAMETER, "parameter", parameter.name)
    for definition in own(standard.types):
        if definition.name not in uses.types:
            yield _unused(UNUSED_TYPE, "type", definition.name)
    elsewhere = _read_elsewhere(standard)
    for flow in own(standard.flows):
        yield from _flow(flow, elsewhere)


def _unused(rule: Rule, what: str, name: Name) -> Diagnostic:
    return Diagnostic(rule, f"{what} `{name}` is used nowhere", name.span)


# -- messages


def _messages(standard: Standard, uses: _Uses) -> Iterator[Diagnostic]:
    for message in own(standard.messages):
        if message.abstract:
            continue
        sent, taken = message.name in uses.sent, message.name in uses.taken
        if not sent and not taken:
            yield Diagnostic(UNUSED_MESSAGE, f"nobody sends or receives `{message.name}`", message.about.span)
        elif not taken:
            receivers = ", ".join(f"`{receiver}`" for _, receiver in message.directions)
            yield Diagnostic(
                NEVER_RECEIVED, f"`{message.name}` is sent, and no machine of {receivers} takes it", message.about.span
            )
        elif not sent:
            yield Diagnostic(NEVER_SENT, f"`{message.name}` is waited for and never sent", message.about.span)
        else:
            for each in message.fields:
                if (message.name, each.name) not in uses.fields and message.name not in uses.whole:
                    yield Diagnostic(
                        UNREAD_FIELD, f"no machine reads `{each.name}` of `{message.name}`", each.about.span
                    )


def _uses(standard: Standard) -> _Uses:
    uses = _Uses()
    for flow in standard.flows:
        for machine in flow.machines:
            _machine(machine, uses)
        for node in nodes.walk_values((flow.sequences, flow.properties)):
            _leaf(node, uses)
        for sequence in flow.sequences:
            uses.parameters |= {str(each) for each in _bounds_of(sequence)}
        for decision in flow.decisions:
            for answer in decision.answers:
                for _, type_ in answer.fields:
                    _type(type_, uses)
    for message in standard.messages:
        for each in message.fields:
            _type(each.type, uses)
    for definition in standard.types:
        _type(definition.type, uses)
        for column in definition.columns:
            _type(column.type, uses)
    for entity in standard.entities:
        for each in entity.attributes:
            _type(each.type, uses)
    return uses


def _machine(machine: Machine, uses: _Uses) -> None:
    for each in (*machine.keys, *machine.variables, *machine.columns):
        _type(each.type, uses)
    for signal in (*machine.commands, *machine.notifications):
        for argument in signal.arguments:
            _type(argument.type, uses)
    uses.taken |= {str(addressing.message) for addressing in machine.addressing}
    for addressing in machine.addressing:
        _read_by(addressing.message, addressing.keys, uses)
    for disposition in (
        machine.otherwise,
        *(state.otherwise for state in machine.states),
        *(each for _, each in machine.dispositions),
    ):
        if isinstance(disposition, Reject | CloseLink) and disposition.message is not None:
            uses.sent.add(str(disposition.message))
    for handler in machine.handlers:
        message = handler.trigger.message if isinstance(handler.trigger, Receive) else None
        if message is not None:
            _read_by(message, (handler,), uses)
        for effect in _effects(handler.effect):
            for send in effect.sends:
                uses.sent.add(str(send.message))
                if send.forwards and message is not None:
                    uses.whole.add(str(message))
            if isinstance(effect.disposition, Reject | CloseLink) and effect.disposition.message is not None:
                uses.sent.add(str(effect.disposition.message))
    for node in nodes.walk_values((machine.handlers, machine.definitions, machine.requires)):
        _leaf(node, uses)


def _read_by(message: str, values: Iterable[object], uses: _Uses) -> None:
    for node in nodes.walk_values(tuple(values)):
        if isinstance(node, nodes.MessageField):
            uses.fields.add((str(message), str(node.name)))
        elif isinstance(node, nodes.ReceivedMessage):
            uses.whole.add(str(message))


def _leaf(node: nodes.Node, uses: _Uses) -> None:
    if isinstance(node, nodes.Parameter):
        uses.parameters.add(str(node.name))


def _effects(effect: Effect) -> Iterator[Effect]:
    yield effect
    for below in branches_of(effect):
        yield from _effects(below)


def _bounds_of(value: object) -> Iterator[str]:
    match value:
        case Repeat(low=low, high=high, steps=steps):
            yield from (str(each) for each in (low, high) if isinstance(each, str))
            yield from (each for step in steps for each in _bounds_of(step))
        case Sequence(steps=steps) | Optionally(steps=steps) | Reference(steps=steps):
            yield from (each for step in steps for each in _bounds_of(step))
        case Alternatives(cases=parts) | Parallel(parts=parts):
            yield from (each for _, steps in parts for step in steps for each in _bounds_of(step))


def _type(type_: Type, uses: _Uses) -> None:
    match type_:
        case Named(name=name, item=item):
            uses.types.add(str(name))
            _type(item, uses)
        case Optional(item=item):
            _type(item, uses)
        case ListOf(item=item, low=low, high=high) | SetOf(item=item, low=low, high=high):
            _type(item, uses)
            uses.parameters |= {str(each) for each in (low, high) if isinstance(each, str)}
        case Integer(low=low, high=high) | Text(low=low, high=high) | Bytes(low=low, high=high):
            uses.parameters |= {str(each) for each in (low, high) if isinstance(each, str)}


# -- within a flow


def _flow(flow: Flow, elsewhere: frozenset[tuple[str, str, str]]) -> Iterator[Diagnostic]:
    asked: set[str] = set()
    for machine in flow.machines:
        effects = [effect for handler in machine.handlers for effect in _effects(handler.effect)]
        asked |= {str(effect.branch.decision) for effect in effects if isinstance(effect.branch, Decide)}
        commands = {str(handler.trigger.name) for handler in machine.handlers if isinstance(handler.trigger, Command)}
        told = {str(notify.name) for effect in effects for notify in effect.notifies}
        for signal in machine.commands:
            if signal.name not in commands:
                yield Diagnostic(
                    UNUSED_COMMAND, f"no state of `{machine.name}` reacts to command `{signal.name}`", signal.about.span
                )
        for signal in machine.notifications:
            if signal.name not in told:
                yield Diagnostic(
                    UNUSED_NOTIFICATION, f"`{machine.name}` never gives notification `{signal.name}`", signal.about.span
                )
        yield from _variables(machine, elsewhere)
    for decision in flow.decisions:
        if decision.name not in asked:
            yield Diagnostic(UNUSED_DECISION, f"decision `{decision.name}` is never asked", decision.about.span)


def _read_elsewhere(standard: Standard) -> frozenset[tuple[str, str, str]]:
    """Flow, machine and name of the variables that others read, or properties and sequences."""
    return frozenset(
        (str(node.of.flow), str(node.of.machine), str(node.name))
        for flow in standard.flows
        for node in nodes.walk_values((flow.machines, flow.properties, flow.sequences))
        if isinstance(node, nodes.OfVariable)
    )


def _variables(machine: Machine, elsewhere: frozenset[tuple[str, str, str]]) -> Iterator[Diagnostic]:
    read = {name for flow, of, name in elsewhere if (flow, of) == (machine.flow, machine.name)}
    for node in nodes.walk_values((machine.handlers, machine.definitions)):
        if isinstance(node, nodes.Variable):
            read.add(str(node.name))
    for variable in machine.variables:
        if variable.name not in read:
            yield Diagnostic(
                UNUSED_VARIABLE, f"`{variable.name}` of `{machine.name}` is never read", variable.about.span
            )
