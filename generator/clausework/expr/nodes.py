"""An expression, resolved and typed.  Total: no division, no partial look-up.

Everything reads the values before the step, but `New`, which reads the one after.
Leaves say where a value comes from; the rest is built from them.  `span` is the
stretch of text that the node was written as; it takes no part in equality.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Literal as OneOf

from clausework.expr.types import Boolean, Integer, Type
from clausework.source import FlowName, Name, ParameterName, Span

Value = bool | int | str | None | tuple["Value", ...] | frozenset["Value"]
"""Values at work: numbers, words (enumeration values, symbols, names of parties), None for an
optional that is not given, tuples for lists and links, frozen sets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Node):
    """A value written out: a number, `true`, `none`, `empty`, a word of an enumeration."""

    value: Value


# -- leaves: where a value comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Node):
    """A number of the vocabulary that the standard leaves open."""

    name: ParameterName


@dataclass(frozen=True, slots=True, kw_only=True)
class Me(Node):
    """The party itself: the account, the device, the server that runs this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender(Node):
    """Who sent the message received; the link stamps it, nobody can forge it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection(Node):
    """The link that the message came on, or that this instance is kept for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageField(Node):
    name: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind(Node):
    """The name of the message received, as a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMessage(Node):
    """The message received, whole: what a list of messages stores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument(Node):
    """A parameter of the command."""

    name: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerField(Node):
    """What the answer of a decision carries."""

    name: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable(Node):
    name: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Node):
    """A component of the key that this instance is kept under."""

    name: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Node):
    """A constant of the state that the instance is in."""

    name: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class New(Node):
    """The value of a variable or column after the step."""

    of: Variable | Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Local(Node):
    """The name that `each`, `exists` or `count of` binds."""

    name: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentState(Node):
    """The state that the instance is in, as a word: what a decision table looks up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home(Node):
    """The party that `of` belongs to: the server of an account."""

    of: "Expr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Of(Node):
    """Another machine of the same party, under a key: `flow` and `machine` say which, `keys` its key, in order.

    In a property it is the lifeline's instance in the session: `lifeline` is set, and `keys` is empty.
    """

    flow: FlowName
    machine: Name
    keys: tuple["Expr", ...] = ()
    lifeline: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfVariable(Node):
    of: Of
    name: Name


# -- built from others


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined(Node):
    """A named guard of the machine; `body` is what it stands for."""

    name: Name
    body: "Expr"


Comparison = OneOf["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare(Node):
    operator: Comparison
    left: "Expr"
    right: "Expr"
    type: Type = Boolean()


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic(Node):
    operator: OneOf["and", "or", "implies", "iff"]
    left: "Expr"
    right: "Expr"
    type: Type = Boolean()


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Node):
    operand: "Expr"
    type: Type = Boolean()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic(Node):
    """Sum or difference of integers; `+` also appends to a list and adds to a set, `-` also takes from a set."""

    operator: OneOf["+", "-"]
    left: "Expr"
    right: "Expr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Test(Node):
    """`is given`, `is full`, `is empty`."""

    what: OneOf["given", "full", "empty"]
    operand: "Expr"
    type: Type = Boolean()


@dataclass(frozen=True, slots=True, kw_only=True)
class In(Node):
    item: "Expr"
    container: "Expr"
    type: Type = Boolean()


@dataclass(frozen=True, slots=True, kw_only=True)
class Size(Node):
    operand: "Expr"
    type: Type = Integer(0, 255)


@dataclass(frozen=True, slots=True, kw_only=True)
class InState(Node):
    """Whether a machine is in one of the states (a compound one counts for those in it); `of` None is this instance."""

    of: Of | None
    states: tuple[Name, ...]
    type: Type = Boolean()


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected(Node):
    """Whether this party sees a link up to `peer`."""

    peer: "Expr"
    type: Type = Boolean()


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain(Node):
    """What `each`, `exists` and `count of` range over.

    `connections`: the links of this party to `of`, or all of them (`other`: but the one at hand).
    `parties`: all parties of the type.  `items`: of the list or set `of`.
    """

    what: OneOf["connections", "parties", "items"]
    of: "Expr | None" = None
    other: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantified(Node):
    """`exists X where g`, `count of X where g`; the element is called `variable` in `where`."""

    what: OneOf["exists", "count"]
    variable: Name
    domain: Domain
    where: "Expr | None"


Expr = (
    Literal
    | Parameter
    | Me
    | Sender
    | Connection
    | MessageField
    | MessageKind
    | ReceivedMessage
    | Argument
    | AnswerField
    | Variable
    | Key
    | Column
    | New
    | Local
    | CurrentState
    | Home
    | OfVariable
    | Defined
    | Compare
    | Logic
    | Not
    | Arithmetic
    | Test
    | In
    | Size
    | InState
    | Connected
    | Quantified
)


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in source order; goes into the bodies of definitions."""
    yield node
    for name in _names(type(node)):
        below = getattr(node, name)
        for child in below if isinstance(below, tuple) else (below,):
            if isinstance(child, Node):
                yield from walk(child)


def walk_values(value: object) -> Iterator[Node]:
    """All expressions below any value of the model, in source order."""
    if isinstance(value, Node):
        yield from walk(value)
    elif isinstance(value, tuple):
        for item in value:
            yield from walk_values(item)
    else:
        for name in _names(type(value)):
            yield from walk_values(getattr(value, name))


_FIELDS: dict[type, tuple[str, ...]] = {}


def _names(kind: type) -> tuple[str, ...]:
    """The fields of what may hold expressions: most values hold none, and are asked ever again."""
    found = _FIELDS.get(kind)
    if found is None:
        may_hold = is_dataclass(kind) and not issubclass(kind, Span)
        found = _FIELDS[kind] = tuple(each.name for each in fields(kind)) if may_hold else ()
    return found
