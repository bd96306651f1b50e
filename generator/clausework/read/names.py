"""What a standard declares and imports, found by the author's word for it.

A word is looked up among the standard's own names, then among those of its imports: qualified (`xmpp.client`), or alone
where only one import has it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clausework.diagnostics import Rule
from clausework.expr.scope import MachineView
from clausework.expr.types import Named, Party, Type
from clausework.model.about import About
from clausework.model.machine import Signal
from clausework.model.sequence import Decision
from clausework.model.standard import (
    Connection,
    Entity,
    Flow,
    Lifeline,
    Message,
    Parameter,
    Relation,
    Role,
    TypeDefinition,
)
from clausework.read.form import Problems
from clausework.read.rules import (
    UNKNOWN_FLOW,
    UNKNOWN_MESSAGE,
    UNKNOWN_PARAMETER,
    UNKNOWN_ROLE,
)
from clausework.source import FlowName, MessageName, Name, ParameterName, RoleName


@dataclass(frozen=True, slots=True)
class MachineOutline:
    """What can be known of a machine before its triggers are read.  `role` is the kind of party that runs it."""

    name: Name
    view: MachineView
    role: RoleName
    commands: dict[str, Signal]
    notifications: dict[str, Signal]
    timers: frozenset[str]


@dataclass(frozen=True, slots=True)
class FlowOutline:
    name: FlowName
    lifelines: dict[str, Lifeline]
    machines: tuple[MachineOutline, ...]
    decisions: dict[str, Decision]
    uses: tuple[FlowName, ...]
    sequences: tuple[str, ...]

    def machine_of(self, lifeline: str) -> MachineOutline | None:
        """The machine that a lifeline runs: named like it, or like its role."""
        lifeline = self.lifelines[lifeline].party if lifeline in self.lifelines else lifeline
        for machine in self.machines:
            if machine.name == lifeline:
                return machine
        role = self.lifelines[lifeline].role if lifeline in self.lifelines else None
        for machine in self.machines:
            if machine.name not in self.lifelines and machine.role == role:
                return machine
        return None


@dataclass
class Names:
    problems: Problems
    standard: Name
    about: About
    roles: dict[str, Role] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    types: dict[str, TypeDefinition] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    outlines: dict[str, FlowOutline] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    misread_connection: bool = False
    """Whether a connection is declared with a mistake: then nobody knows whom it joins."""

    def role(self, name: Name) -> RoleName | None:
        found = _find(self.roles, name)
        if found is None:
            self._unknown(UNKNOWN_ROLE, "role", name, self.roles)
            return None
        return RoleName(found, name.span)

    def parameter(self, name: Name) -> ParameterName | None:
        found = _find(self.parameters, name)
        if found is None:
            self._unknown(UNKNOWN_PARAMETER, "parameter", name, self.parameters)
            return None
        return ParameterName(found, name.span)

    def message(self, name: Name) -> Message | None:
        found = _find(self.messages, name)
        if found is None:
            self._unknown(UNKNOWN_MESSAGE, "message", name, self.messages)
            return None
        return self.messages[found]

    def message_name(self, name: Name) -> MessageName | None:
        message = self.message(name)
        return MessageName(message.name, name.span) if message else None

    def outline(self, name: Name) -> FlowOutline | None:
        found = _find(self.outlines, name)
        if found is None:
            self._unknown(UNKNOWN_FLOW, "flow", name, self.outlines)
            return None
        return self.outlines[found]

    def type_named(self, name: Name) -> Type | None:
        found = _find(self.types, name)
        if found is None:
            return None
        definition = self.types[found]
        return Named(definition.name, definition.type)

    def is_a(self, role: str, ancestor: str) -> bool:
        if role == ancestor:
            return True
        return role in self.roles and any(self.is_a(parent, ancestor) for parent in self.roles[role].parents)

    def related(self, one: str, other: str) -> bool:
        """Whether one party can be of both roles."""
        return self.is_a(one, other) or self.is_a(other, one) or self._share(one, other)

    def _share(self, one: str, other: str) -> bool:
        return any(self.is_a(role, one) and self.is_a(role, other) for role in self.roles)

    def connected(self, one: str, other: str) -> list[Connection]:
        """The connections that join parties of two roles."""
        return [
            connection
            for connection in self.connections.values()
            if (self.related(one, connection.client) and self.related(other, connection.server))
            or (self.related(other, connection.client) and self.related(one, connection.server))
        ]

    def parties(self) -> dict[str, Type]:
        """What `each` can range over by name: roles, and types that are parties."""
        found: dict[str, Type] = {role: Party(self.roles[role].name) for role in self.roles}
        for name, definition in self.types.items():
            if isinstance(definition.type, Party):
                found[name] = Named(definition.name, definition.type)
        return found | {
            name.split(".")[-1]: type_
            for name, type_ in found.items()
            if "." in name and name.split(".")[-1] not in found
        }

    def _unknown(self, rule: Rule, what: str, name: Name, declared: Iterable[str]) -> None:
        self.problems.unknown(rule, f"there is no {what} `{name}`", name, list(declared))


def _find(declared: Mapping[str, object], name: str) -> str | None:
    if name in declared:
        return name
    imported = [full for full in declared if full.endswith(f".{name}")]
    return imported[0] if len(imported) == 1 else None


__all__ = ["FlowOutline", "MachineOutline", "Names"]
