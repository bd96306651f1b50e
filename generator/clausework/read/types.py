"""The text of a type -> the type: `optional account`, `set of port 1..8`, `a|b|c`, `integer 0..login_tries = 0`."""

import re

from clausework.expr.nodes import Literal
from clausework.expr.types import (
    Boolean,
    Bound,
    Bytes,
    Duration,
    Enumeration,
    Integer,
    ListOf,
    MessageOf,
    Optional,
    Party,
    Secret,
    SetOf,
    Text,
    Type,
    plain,
    show_type,
)
from clausework.expr.words import closest
from clausework.read.names import Names
from clausework.read.rules import BAD_NUMBER, BAD_PHRASE, UNKNOWN_TYPE
from clausework.source import Name

_BOUNDS = re.compile(r"(?P<rest>.*?)\s*(?P<low>-?\w+)\.\.(?P<high>-?\w+)")
_MOST_WORDS = 20
_SIMPLE = ("boolean", "secret", "duration", "text", "bytes", "integer")


def read_type(names: Names, text: Name) -> Type | None:
    """The type, or None with a report."""
    if len(text.split()) > _MOST_WORDS:
        names.problems.report(BAD_PHRASE, f"a type has more than {_MOST_WORDS} words", text.span, "name a part of it")
        return None
    return _type(names, text.strip(), 0, text)


def _type(names: Names, text: str, offset: int, whole: Name) -> Type | None:
    place = whole.word(text, offset)
    for word in ("optional", "list of", "set of"):
        if text.startswith(word + " "):
            rest = text[len(word) + 1 :]
            return _container(names, word, rest.strip(), whole)
    if text.startswith("party "):
        role = names.role(whole.word(text[6:].strip()))
        return Party(role) if role else None
    if "|" in text:
        return Enumeration(tuple(whole.word(word.strip()) for word in text.split("|")))
    match = _BOUNDS.fullmatch(text)
    kind = match["rest"] if match else text
    if match and kind in ("integer", "text", "bytes"):
        low, high = _bound(names, match["low"], whole), _bound(names, match["high"], whole)
        if low is None or high is None:
            return None
        return _bounded(names, kind, low, high, place)
    if match is None and text in _SIMPLE:
        return _simple(names, text, place)
    named = names.type_named(place)
    if named is None and text in names.messages:
        return MessageOf(names.messages[text].name)
    if named is None:
        possible = [*names.types, "boolean", "integer", "text", "bytes", "secret", "duration", "party", "list", "set"]
        names.problems.report(UNKNOWN_TYPE, f"there is no type `{text}`", place.span, closest(text, possible))
    return named


def _simple(names: Names, text: str, place: Name) -> Type | None:
    match text:
        case "boolean":
            return Boolean()
        case "secret":
            return Secret()
        case "duration":
            return Duration()
        case "text":
            return Text()
        case "bytes":
            return Bytes()
    names.problems.report(BAD_PHRASE, "an integer needs its bounds", place.span, "write `integer 0..10`")
    return None


def _bounded(names: Names, kind: str, low: Bound, high: Bound, place: Name) -> Type | None:
    if isinstance(low, int) and isinstance(high, int) and low > high:
        names.problems.report(BAD_NUMBER, f"{low} is more than {high}", place.span)
        return None
    match kind:
        case "integer":
            return Integer(low, high)
        case "text":
            return Text(low, high)
    return Bytes(low, high)


def _container(names: Names, word: str, rest: str, whole: Name) -> Type | None:
    if word == "optional":
        inner = _type(names, rest, 0, whole)
        return Optional(inner) if inner else None
    match = _BOUNDS.fullmatch(rest)
    if match is None or not match["rest"]:
        names.problems.report(
            BAD_PHRASE, f"a {word[:4].strip()} needs its bounds", whole.span, f"write `{word} T 0..8`"
        )
        return None
    inner = _type(names, match["rest"], 0, whole)
    low, high = _bound(names, match["low"], whole), _bound(names, match["high"], whole)
    if inner is None or low is None or high is None:
        return None
    return ListOf(inner, low, high) if word == "list of" else SetOf(inner, low, high)


def _bound(names: Names, text: str, whole: Name) -> Bound | None:
    if re.fullmatch(r"-?\d{1,18}", text):
        return int(text)
    if re.fullmatch(r"-?\d+", text):
        names.problems.report(BAD_NUMBER, "the number is too large", whole.span)
        return None
    return names.parameter(whole.word(text))


def typed_default(names: Names, text: Name) -> tuple[Type, Literal | None] | None:
    """`integer 0..3 = 0`: a type and perhaps a first value."""
    head, equals, tail = text.partition(" = ")
    type_ = read_type(names, text.word(head.strip()))
    if type_ is None:
        return None
    if not equals:
        return type_, None
    value = literal(names, type_, text.word(tail.strip(), len(head)))
    return (type_, value) if value is not None else None


def literal(names: Names, type_: Type, text: Name) -> Literal | None:
    """A value written out, of a type."""
    bare = plain(type_)
    if isinstance(bare, Optional):
        if text == "none":
            return Literal(value=None, type=type_, span=text.span)
        inner = literal(names, bare.item, text)
        return Literal(value=inner.value, type=type_, span=text.span) if inner else None
    match bare:
        case Boolean() if text in ("true", "false"):
            return Literal(value=text == "true", type=type_, span=text.span)
        case Enumeration(values=values) if text in values:
            return Literal(value=str(text), type=type_, span=text.span)
        case Integer() | Duration() if re.fullmatch(r"-?\d{1,18}", text):
            return Literal(value=int(text), type=type_, span=text.span)
        case ListOf() | SetOf() if text == "empty":
            value = () if isinstance(bare, ListOf) else frozenset[str]()
            return Literal(value=value, type=type_, span=text.span)
        case Text():
            return Literal(value=str(text), type=type_, span=text.span)
    possible = list(bare.values) if isinstance(bare, Enumeration) else []
    message = f"`{text}` is not a value of {show_type(type_)}"
    names.problems.report(BAD_PHRASE, message, text.span, closest(text, possible))
    return None
