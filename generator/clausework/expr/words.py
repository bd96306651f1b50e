"""What words say by themselves, before they are resolved: constants, what is known to be given, what is nearest."""

from collections.abc import Sequence
from difflib import get_close_matches

from clausework.expr import nodes, syntax
from clausework.expr.types import Boolean, Enumeration, ListOf, Optional, SetOf, Type, plain, required
from clausework.source import Name, Span


def closest(word: str, possible: Sequence[str]) -> str | None:
    """Help in the author's words: the nearest name, else all that are possible, if they are few."""
    near = get_close_matches(word, possible, n=1, cutoff=0.7)
    if near:
        return f"did you mean `{near[0]}`?"
    if 0 < len(possible) <= 12:
        return "possible are " + ", ".join(f"`{each}`" for each in possible)
    return None


def words_given(raw: syntax.Raw) -> frozenset[str]:
    """The words that are given wherever the condition holds: the conjuncts `x is given`."""
    match raw:
        case syntax.IsTest(what="given", operand=syntax.Word() as word):
            return frozenset((word.text,))
        case syntax.Binary(operator="and", left=left, right=right):
            return words_given(left) | words_given(right)
    return frozenset()


def words_given_otherwise(raw: syntax.Raw) -> frozenset[str]:
    """The words that are given wherever the condition does not hold: of `x is not given`."""
    return words_given(raw.operand) if isinstance(raw, syntax.Negation) else frozenset()


def is_bare(raw: syntax.Raw) -> bool:
    return isinstance(raw, syntax.Word) and len(raw.parts) == 1 and not raw.keys


def constant(word: Name, expected: Type | None, span: Span) -> nodes.Literal | None:
    """`true`, `none`, `empty`, and the words of the enumeration that is expected."""
    if word in ("true", "false"):
        return nodes.Literal(value=word == "true", type=Boolean(), span=span)
    if word == "none" and (expected is None or not _has_value(expected, "none")):
        return nodes.Literal(value=None, type=expected or Optional(Boolean()), span=span)
    if word == "empty":
        is_set = expected is not None and isinstance(plain(required(expected)), SetOf)
        return nodes.Literal(value=frozenset() if is_set else (), type=expected or ListOf(Boolean()), span=span)
    if expected is not None and _has_value(expected, word):
        return nodes.Literal(value=str(word), type=required(expected), span=span)
    return None


def _has_value(type_: Type, word: str) -> bool:
    bare = plain(required(type_))
    return isinstance(bare, Enumeration) and word in bare.values
