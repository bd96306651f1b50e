"""Values of types, as they are explored: which there are, which is the first, which are in range."""

from collections.abc import Callable, Iterator
from itertools import combinations, product

from clausework.expr.nodes import Value
from clausework.expr.types import (
    Boolean,
    Bound,
    Bytes,
    Duration,
    Enumeration,
    Integer,
    Link,
    ListOf,
    MessageOf,
    Named,
    Optional,
    Party,
    Secret,
    SetOf,
    Text,
    Type,
    plain,
    show_type,
)

BLANK = ""
"""What an opaque variable holds before anything was put in."""

MOST_VALUES = 4096
"""A type with more values than this has to be bound by the check before somebody may choose one freely."""


class Unexplorable(Exception):
    """Why a check can't be looked at, and what helps."""

    def __init__(self, message: str, help_: str) -> None:
        super().__init__(message)
        self.help = help_


class TooMany(Unexplorable):
    """A free choice among too many values: `check: bind` must name some."""

    def __init__(self, type_: Type) -> None:
        name = show_type(type_)
        super().__init__(
            f"any value of `{name}` may be chosen, which are too many to try",
            f"name some in the check: `bind: {{{name}: [...]}}`",
        )


class Domains:
    """The finite domains of one check.

    `number` resolves a bound, `parties` gives the parties of a role, `symbols` how many values of an opaque type are
    told apart, `bound` the values that the check names for a type.
    """

    def __init__(
        self,
        number: Callable[[Bound], int],
        parties: Callable[[str], tuple[str, ...]],
        symbols: Callable[[str], int],
        bound: Callable[[str], tuple[str, ...] | None],
    ) -> None:
        self.number = number
        self.parties = parties
        self.symbols = symbols
        self.bound = bound

    def values(self, type_: Type) -> tuple[Value, ...]:
        """All values, in a fixed order; raises `TooMany`."""
        named = self.bound(type_.name) if isinstance(type_, Named) else None
        bare = plain(type_)
        if named is not None:
            return tuple(written(bare, text) for text in named)
        match bare:
            case Boolean():
                return (False, True)
            case Integer(low=low, high=high):
                first, last = self.number(low), self.number(high)
                if last - first >= MOST_VALUES:
                    raise TooMany(type_)
                return tuple(range(first, last + 1))
            case Enumeration(values=values):
                return tuple(str(value) for value in values)
            case Party(role=role):
                return self.parties(role)
            case Optional(item=item):
                return (None, *self.values(item))
            case SetOf() | ListOf():
                return tuple(self._collections(bare, type_))
            case Text() | Bytes() | Secret() | Duration():
                name = opaque_name(type_)
                return tuple(f"{name}_{number}" for number in range(1, self.symbols(name) + 1))
        raise TooMany(type_)

    def _collections(self, bare: SetOf | ListOf, type_: Type) -> Iterator[Value]:
        items = self.values(bare.item)
        low, high = self.number(bare.low), self.number(bare.high)
        if isinstance(bare, SetOf):
            sizes = range(low, min(high, len(items)) + 1)
            if 2 ** len(items) > MOST_VALUES:
                raise TooMany(type_)
            yield from (frozenset(chosen) for size in sizes for chosen in combinations(items, size))
            return
        if len(items) ** high > MOST_VALUES:
            raise TooMany(type_)
        yield from (chosen for size in range(low, high + 1) for chosen in product(items, repeat=size))

    def first(self, type_: Type) -> Value:
        """What a variable holds that says nothing of its first value."""
        bare = plain(type_)
        match bare:
            case Boolean():
                return False
            case Integer(low=low, high=high):
                return min(max(self.number(low), 0), self.number(high))
            case Enumeration(values=values):
                return str(values[0])
            case Optional():
                return None
            case SetOf():
                return frozenset()
            case ListOf():
                return ()
            case Party(role=role):
                return next(iter(self.parties(role)), BLANK)
        return BLANK

    def allows(self, type_: Type, value: Value) -> bool:
        """Whether a value is in the range of a type; opaque values always are."""
        bare = plain(type_)
        match bare:
            case Integer(low=low, high=high):
                return isinstance(value, int) and self.number(low) <= value <= self.number(high)
            case Enumeration(values=values):
                return value in values
            case Optional(item=item):
                return value is None or self.allows(item, value)
            case ListOf(item=item, high=high) | SetOf(item=item, high=high):
                if not isinstance(value, tuple | frozenset):
                    return False
                return len(value) <= self.number(high) and all(self.allows(item, each) for each in value)
            case MessageOf() | Link() | Boolean():
                return True
        return value is not None


def written(type_: Type, text: str) -> Value:
    """A value that a check names; the reader has made sure that it is one of the type."""
    match plain(type_):
        case Boolean():
            return text == "true"
        case Integer():
            return int(text)
        case Duration() if text.isdecimal():
            return int(text)
    return text


def opaque_name(type_: Type) -> str:
    """What values of an opaque type are called when they are shown: the type's name, or its kind."""
    return str(type_.name).replace(".", "_") if isinstance(type_, Named) else show_type(type_).split(" ")[0]
