"""The types of values.  Every one has a finite domain when it is explored.

`text`, `bytes`, `secret` and `duration` are opaque: they are copied and compared
for equality, never ordered, measured or taken apart (data independence).
"""

from dataclasses import dataclass

from clausework.source import MessageName, Name, ParameterName, RoleName, TypeName

Bound = int | ParameterName
"""A number, or the name of a parameter."""


@dataclass(frozen=True, slots=True)
class Boolean:
    pass


@dataclass(frozen=True, slots=True)
class Integer:
    low: Bound
    high: Bound


@dataclass(frozen=True, slots=True)
class Text:
    """Characters, counted as Unicode code points; `pattern` is a regular expression for the whole."""

    low: Bound = 0
    high: Bound = 65535
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Bytes:
    low: Bound = 0
    high: Bound = 65535


@dataclass(frozen=True, slots=True)
class Secret:
    """Compared for equality only, never notified, sent only in fields of this type."""


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds, as a timer takes them."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    values: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """Whoever plays `role` or a role that is one; the address of an account, a device, a server."""

    role: RoleName


@dataclass(frozen=True, slots=True)
class Link:
    """One connection of a party: what `connection` as a key stands for."""


@dataclass(frozen=True, slots=True)
class ListOf:
    item: "Type"
    low: Bound = 0
    high: Bound = 255


@dataclass(frozen=True, slots=True)
class SetOf:
    item: "Type"
    low: Bound = 0
    high: Bound = 255


@dataclass(frozen=True, slots=True)
class Optional:
    item: "Type"


@dataclass(frozen=True, slots=True)
class MessageOf:
    """A message kept whole, in a list of those that wait."""

    name: MessageName


@dataclass(frozen=True, slots=True)
class Named:
    """A type of the vocabulary: `name` is what authors and generated code call it, `item` what it is."""

    name: TypeName
    item: "Type"


Type = (
    Boolean
    | Integer
    | Text
    | Bytes
    | Secret
    | Duration
    | Enumeration
    | Party
    | Link
    | ListOf
    | SetOf
    | Optional
    | MessageOf
    | Named
)


def plain(type_: Type) -> Type:
    """The type without its names: `account` is a `party client`."""
    while isinstance(type_, Named):
        type_ = type_.item
    return type_


def is_opaque(type_: Type) -> bool:
    return isinstance(plain(type_), Text | Bytes | Secret | Duration)


def is_optional(type_: Type) -> bool:
    return isinstance(plain(type_), Optional)


def required(type_: Type) -> Type:
    """What an optional type holds when it is given; any other type as it is."""
    bare = plain(type_)
    return bare.item if isinstance(bare, Optional) else type_


def show_type(type_: Type) -> str:
    """The type as an author writes it."""
    match type_:
        case Named(name=name):
            return str(name)
        case Boolean():
            return "boolean"
        case Integer(low=low, high=high):
            return f"integer {low}..{high}"
        case Text(low=low, high=high):
            return f"text {low}..{high}"
        case Bytes(low=low, high=high):
            return f"bytes {low}..{high}"
        case Secret():
            return "secret"
        case Duration():
            return "duration"
        case Enumeration(values=values):
            return "|".join(values)
        case Party(role=role):
            return f"party {role}"
        case Link():
            return "connection"
        case ListOf(item=item, low=low, high=high):
            return f"list of {show_type(item)} {low}..{high}"
        case SetOf(item=item, low=low, high=high):
            return f"set of {show_type(item)} {low}..{high}"
        case Optional(item=item):
            return f"optional {show_type(item)}"
        case MessageOf(name=name):
            return str(name)
