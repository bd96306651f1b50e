"""A word of the author's that remembers where it stands.

A `Name` is a `str` in every respect; its place never enters equality or hash,
so names work as keys and every rule can still underline the very word.
"""

from typing import Self

from clausework.source.text import Span


class Name(str):
    __slots__ = ("span",)

    span: Span | None

    def __new__(cls, text: str, span: Span | None = None) -> Self:
        self = super().__new__(cls, text)
        self.span = span
        return self

    def part(self, begin: int, end: int) -> "Name":
        """Some of its characters, at their place."""
        return Name(self[begin:end], self.span.part(begin, end) if self.span is not None else None)

    def word(self, text: str, offset: int = 0) -> "Name":
        """A word of it, at its place; what doesn't stand there, at the place of the whole."""
        begin = self.find(text, offset)
        return self.part(begin, begin + len(text)) if begin >= 0 else Name(text, self.span)

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        """Pickled without its place: what crosses a process is the word."""
        return type(self), (str(self),)


class Shared(Name):
    """A name that importers see under the standard's own: `client` of xmpp is their `xmpp.client`."""

    __slots__ = ()

    def qualified(self, standard: str) -> Self:
        return self if "." in self else type(self)(f"{standard}.{self}", self.span)


class RoleName(Shared):
    __slots__ = ()


class ConnectionName(Shared):
    __slots__ = ()


class TypeName(Shared):
    __slots__ = ()


class ParameterName(Shared):
    __slots__ = ()


class MessageName(Shared):
    __slots__ = ()


class FlowName(Shared):
    __slots__ = ()
