"""An expression as it was written: names not yet resolved, types not yet known."""

from dataclasses import dataclass
from typing import Literal as OneOf

from clausework.source import Name, Span


@dataclass(frozen=True, slots=True)
class Number:
    value: int
    span: Span


@dataclass(frozen=True, slots=True)
class Word:
    """`a`, `a.b`, `a.b of k and k`."""

    parts: tuple[Name, ...]
    keys: tuple["Raw", ...]
    span: Span

    @property
    def text(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class NewWord:
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: "Raw"
    right: "Raw"
    span: Span


@dataclass(frozen=True, slots=True)
class Negation:
    operand: "Raw"
    span: Span


@dataclass(frozen=True, slots=True)
class IsTest:
    """`x is given`, `x is not given`, `x is full`, `x is empty`, `p is connected`."""

    what: OneOf["given", "full", "empty", "connected"]
    operand: "Raw"
    span: Span


@dataclass(frozen=True, slots=True)
class IsStates:
    operand: Word
    states: tuple[Name, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class SizeOf:
    operand: "Raw"
    span: Span


@dataclass(frozen=True, slots=True)
class Range:
    """What `each`, `exists` and `count of` range over.

    `connection of p`, `other connection` (`name` is `connection`); `peer in list` (`within`); `account`,
    `account as peer`.
    """

    name: Name
    variable: Name
    of: "Raw | None"
    within: "Raw | None"
    other: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Quantifier:
    what: OneOf["exists", "count"]
    range: Range
    where: "Raw | None"
    span: Span


Raw = Number | Word | NewWord | Binary | Negation | IsTest | IsStates | SizeOf | Quantifier
