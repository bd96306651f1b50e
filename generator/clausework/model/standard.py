"""A standard: its clauses, who takes part, what they say, and its flows.  Resolved and immutable.

Names of imported standards are qualified (`xmpp.client`); whatever refers to an element
does so by the name under which `Standard` has it.
"""

from dataclasses import dataclass
from typing import TypeVar

from clausework.expr.nodes import Literal
from clausework.expr.types import Type
from clausework.model.about import About
from clausework.model.machine import Field, Machine
from clausework.model.sequence import Check, Decision, Property, Sequence
from clausework.model.stand_in import StandIn
from clausework.source import ConnectionName, FlowName, MessageName, Name, ParameterName, RoleName, TypeName


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """An entry of the contents, as printed: a clause, a figure, a table, or a statement.  `kind` is one of those words.

    A statement is a sentence that is known of a standard, in our words; `number` is the name that we gave it.  `within`
    is the clause that a figure, table or statement stands in; `omitted` why nothing stands for it; `shows` what is
    drawn for a figure besides what cites it: `flows`, the map of all flows.
    """

    kind: str
    number: str
    title: str
    about: About
    page: str = ""
    within: str = ""
    omitted: str = ""
    shows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A kind of party.  `parents` are the roles that it also is; `home` the role that it belongs to."""

    name: RoleName
    means: str
    about: About
    parents: tuple[RoleName, ...] = ()
    abstract: bool = False
    home: RoleName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A transport between two roles, in order both ways.  `client` opens it; `datagram`: may lose, repeat, swap."""

    name: ConnectionName
    client: RoleName
    server: RoleName
    about: About
    datagram: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A number that the standard leaves open, or states.  `value` None: the implementer must choose.

    `check` is its value in explorations; `unit` is `second` for timers.
    """

    name: ParameterName
    type: Type
    about: About
    means: str = ""
    unit: str = ""
    value: Literal | None = None
    check: Literal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeDefinition:
    """A type with a name.  `columns` and `rows`: what an enumeration says of each value, a table of the standard."""

    name: TypeName
    type: Type
    about: About
    means: str = ""
    columns: tuple[Field, ...] = ()
    rows: tuple[tuple[Name, tuple[Literal, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A kind of thing that a standard speaks of.  `key`: the attributes that tell two of them apart."""

    name: Name
    means: str
    about: About
    attributes: tuple[Field, ...] = ()
    key: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Of how many of `entity` one at the other end has; `most` None: of any number."""

    entity: Name
    least: int
    most: int | None

    def __str__(self) -> str:
        """`1`, `0..1`, `0..*`."""
        if self.least == self.most:
            return str(self.least)
        return f"{self.least}..{'*' if self.most is None else self.most}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How two entities, or two of one kind, belong together."""

    name: Name
    means: str
    about: About
    first: End
    second: End


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How a message looks on the wire.

    `form` is `xmpp` or `https` (more may come); `stanza` one of message, presence, iq, stream (xmpp) or the method and
    path (https); `kind` the stanza's type attribute; `element` a path of child elements in `namespace`;
    `at`: field -> place, `@name` an attribute of the stanza, `name` a child element, `name/@attribute`, `.` the text
    of the element.
    """

    form: str
    stanza: str
    about: About
    kind: str = ""
    element: tuple[str, ...] = ()
    namespace: str = ""
    at: tuple[tuple[Name, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`directions` are (sender role, receiver role); `answers` the request that it responds to."""

    name: MessageName
    directions: tuple[tuple[RoleName, RoleName], ...]
    fields: tuple[Field, ...]
    about: About
    abstract: bool = False
    parent: MessageName | None = None
    answers: MessageName | None = None
    provisional: bool = False
    connection: ConnectionName | None = None
    wire: Wire | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifeline:
    """A part in a flow, played by a party of `role`.

    `at`: the lifeline that it belongs to.  `keys`: which lifeline (or `connection` to which) stands for each component
    of the keys of its machines in this session.  `another`: it is another connection of that lifeline's party.
    """

    name: Name
    role: RoleName
    about: About
    at: Name | None = None
    keys: tuple[tuple[Name, Name], ...] = ()
    another: Name | None = None

    @property
    def party(self) -> Name:
        """The lifeline by whose name machines and parties go."""
        return self.another or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """`machines` are those of the flow itself, extended ones in their extended form; `uses` the flows it stands on.

    `stands_for`: the larger flow whose interface machines its own are.
    `large_checks` are looked at by the compiled engine alone, and once: they show no sequences.
    """

    name: FlowName
    title: str
    about: About
    lifelines: tuple[Lifeline, ...]
    uses: tuple[FlowName, ...] = ()
    extends: FlowName | None = None
    decisions: tuple[Decision, ...] = ()
    machines: tuple[Machine, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    properties: tuple[Property, ...] = ()
    checks: tuple[Check, ...] = ()
    stands_for: StandIn | None = None
    large_checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Another standard that this one stands on; `roles`: their role -> our role that plays it."""

    standard: "Standard"
    roles: tuple[tuple[RoleName, RoleName], ...]
    about: About


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standard:
    """`folder` is where it was read from, its last part the name of its outputs.

    `roles`, `connections`, `types`, `parameters`, `messages`, `flows` hold what this standard declares, then what it
    imports, under qualified names; `own` tells the two apart.  `entities` and `relations` are only its own.
    """

    name: Name
    folder: str
    title: str
    edition: str
    about: About
    clauses: tuple[Clause, ...] = ()
    imports: tuple[Import, ...] = ()
    roles: tuple[Role, ...] = ()
    connections: tuple[Connection, ...] = ()
    types: tuple[TypeDefinition, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    messages: tuple[Message, ...] = ()
    flows: tuple[Flow, ...] = ()


_Element = TypeVar("_Element", Role, Connection, TypeDefinition, Parameter, Message, Flow)


def own(elements: tuple[_Element, ...]) -> tuple[_Element, ...]:
    """The elements that the standard declares itself: those whose name isn't qualified."""
    return tuple(element for element in elements if "." not in element.name)


def named(elements: tuple[_Element, ...], name: str) -> _Element:
    """The element of that name; the reader has made sure that there is one."""
    return next(element for element in elements if element.name == name)


def whole_machines(standard: Standard) -> tuple[Machine, ...]:
    """The machines of the standard's own flows, each in the form of the flow that extends it furthest."""
    forms: dict[tuple[str, str], Machine] = {}
    for flow in sorted(own(standard.flows), key=lambda each: each.extends is not None):
        forms |= {(machine.flow, machine.name): machine for machine in flow.machines if "." not in machine.flow}
    return tuple(forms.values())


def is_a(standard: Standard, role: str, ancestor: str) -> bool:
    """Whether a party of `role` is also one of `ancestor`."""
    if role == ancestor:
        return True
    return any(is_a(standard, parent, ancestor) for parent in named(standard.roles, role).parents)
