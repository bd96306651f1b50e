"""Which values fit which types; whether a party of one role can be one of another is told by `related`."""

from collections.abc import Callable

from clausework.expr import nodes
from clausework.expr.types import (
    Boolean,
    Bytes,
    Duration,
    Enumeration,
    Integer,
    Link,
    ListOf,
    MessageOf,
    Optional,
    Party,
    Secret,
    SetOf,
    Text,
    Type,
    is_optional,
    plain,
    required,
)

RelatedRoles = Callable[[str, str], bool]


def fits(related: RelatedRoles, target: Type, found: nodes.Expr) -> bool:
    if isinstance(found, nodes.Literal) and found.value is None:
        return is_optional(target)
    if isinstance(found, nodes.Literal) and found.value in ((), frozenset()):
        return isinstance(plain(required(target)), ListOf | SetOf)
    return assignable(related, target, found.type)


def assignable(related: RelatedRoles, target: Type, source: Type) -> bool:
    to, from_ = plain(target), plain(source)
    if isinstance(to, Optional):
        return assignable(related, to.item, from_.item if isinstance(from_, Optional) else source)
    match to, from_:
        case Enumeration(values=wide), Enumeration(values=narrow):
            return set(narrow) <= set(wide)
        case Party(role=one), Party(role=other):
            return related(one, other) or related(other, one)
        case ListOf(item=one), ListOf(item=other):
            return assignable(related, one, other)
        case SetOf(item=one), SetOf(item=other):
            return assignable(related, one, other)
        case MessageOf(name=one), MessageOf(name=other):
            return one == other
        case (Boolean(), Boolean()) | (Integer(), Integer()) | (Text(), Text()) | (Bytes(), Bytes()):
            return True
        case (Secret(), Secret()) | (Duration(), Duration()) | (Link(), Link()):
            return True
    return False


def with_none(node: nodes.Expr) -> Type:
    """For a comparison: the type with `optional` allowed, as `none` equals nothing but `none`."""
    return node.type if is_optional(node.type) else Optional(node.type)


def share_values(one: Type, other: Type) -> bool:
    """Two enumerations that have a value in common."""
    bare, against = plain(required(one)), plain(required(other))
    if isinstance(bare, Enumeration) and isinstance(against, Enumeration):
        return bool(set(bare.values) & set(against.values))
    return False
