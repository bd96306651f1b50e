"""How values look outside: as JSON (snapshots, traces) and as text (attributes and elements of XML).

Every shape is strict: `load` and `parse` take exactly what `dump` and `show` give, within the bounds, and raise
`Unfit` (or another `ValueError`) for anything else.  Booleans aren't numbers, numbers aren't text.
"""

import re
from abc import ABC, abstractmethod
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Any

from clausework.runtime.message import Message
from clausework.runtime.secret import Secret

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,18})", re.ASCII)
_SECONDS = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?", re.ASCII)


class Unfit(ValueError):
    """A value or text that is not of the shape."""


class Shape(ABC):
    """`dump`/`load`: JSON and back.  `show`/`parse`: text and back; lists and messages have none."""

    __slots__ = ()

    def dump(self, value: Any) -> object:
        return value

    @abstractmethod
    def load(self, data: object) -> Any: ...

    def show(self, value: Any) -> str:
        return str(value)

    def parse(self, text: str) -> Any:
        return self.load(text)


@dataclass(frozen=True, slots=True)
class Boolean(Shape):
    def load(self, data: object) -> bool:
        if not isinstance(data, bool):
            raise Unfit(f"{data!r} is not true or false")
        return data

    def show(self, value: Any) -> str:
        return "true" if value else "false"

    def parse(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise Unfit(f"{text!r} is not true or false")
        return text == "true"


@dataclass(frozen=True, slots=True)
class Integer(Shape):
    low: int
    high: int

    def load(self, data: object) -> int:
        if not isinstance(data, int) or isinstance(data, bool) or not self.low <= data <= self.high:
            raise Unfit(f"{data!r} is not an integer of {self.low}..{self.high}")
        return data

    def parse(self, text: str) -> int:
        if not _NUMBER.fullmatch(text) or text == "-0":
            raise Unfit(f"{text!r} is not an integer")
        return self.load(int(text))


@dataclass(frozen=True, slots=True)
class Text(Shape):
    low: int = 0
    high: int = 65535
    pattern: str | None = None

    def load(self, data: object) -> str:
        if not isinstance(data, str) or not self.low <= len(data) <= self.high:
            raise Unfit(f"{data!r} is not a text of {self.low}..{self.high} characters")
        if self.pattern is not None and not re.fullmatch(self.pattern, data):
            raise Unfit(f"{data!r} doesn't match {self.pattern}")
        return data


@dataclass(frozen=True, slots=True)
class Address(Shape):
    """A party; never empty."""

    def load(self, data: object) -> str:
        if not isinstance(data, str) or not data:
            raise Unfit(f"{data!r} is not an address")
        return data


@dataclass(frozen=True, slots=True)
class Hidden(Shape):
    """A secret.  A snapshot has its text: keep it as you keep passwords."""

    def dump(self, value: Any) -> object:
        return value.reveal()

    def load(self, data: object) -> Secret:
        if not isinstance(data, str):
            raise Unfit("not a secret's text")
        return Secret(data)

    def show(self, value: Any) -> str:
        return str(value.reveal())


@dataclass(frozen=True, slots=True)
class Octets(Shape):
    """Bytes, as base64."""

    low: int = 0
    high: int = 65535

    def dump(self, value: Any) -> object:
        return b64encode(value).decode("ascii")

    def load(self, data: object) -> bytes:
        if not isinstance(data, str):
            raise Unfit(f"{data!r} is not base64")
        value = b64decode(data, validate=True)
        if not self.low <= len(value) <= self.high or b64encode(value).decode("ascii") != data:
            raise Unfit(f"not base64 of {self.low}..{self.high} bytes")
        return value

    def show(self, value: Any) -> str:
        return b64encode(value).decode("ascii")


@dataclass(frozen=True, slots=True)
class Seconds(Shape):
    """A duration, at a nanosecond's precision in text."""

    def load(self, data: object) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float) or not isfinite(data) or data < 0:
            raise Unfit(f"{data!r} is not a duration in seconds")
        return data

    def show(self, value: Any) -> str:
        return str(value) if isinstance(value, int) else (f"{value:.9f}".rstrip("0").rstrip("."))

    def parse(self, text: str) -> float:
        if not _SECONDS.fullmatch(text):
            raise Unfit(f"{text!r} is not a duration in seconds")
        return float(text)


@dataclass(frozen=True, slots=True)
class Word(Shape):
    """A value of an enumeration."""

    values: type[StrEnum]

    def dump(self, value: Any) -> object:
        return str(value)

    def load(self, data: object) -> StrEnum:
        if not isinstance(data, str):
            raise Unfit(f"{data!r} is not a word")
        return self.values(data)


@dataclass(frozen=True, slots=True)
class Token(Shape):
    """A link, in snapshots: only tokens that JSON has can be kept."""

    def dump(self, value: Any) -> object:
        return self.load(value)

    def load(self, data: object) -> str | int | None:
        if data is not None and (not isinstance(data, str | int) or isinstance(data, bool)):
            raise Unfit(f"the link {data!r} is neither text nor a number")
        return data


@dataclass(frozen=True, slots=True)
class Maybe(Shape):
    item: Shape

    def dump(self, value: Any) -> object:
        return None if value is None else self.item.dump(value)

    def load(self, data: object) -> Any:
        return None if data is None else self.item.load(data)

    def show(self, value: Any) -> str:
        return self.item.show(value)

    def parse(self, text: str) -> Any:
        return self.item.parse(text)


@dataclass(frozen=True, slots=True)
class Items(Shape):
    """A list: a tuple of its elements."""

    item: Shape
    low: int = 0
    high: int = 255

    def dump(self, value: Any) -> object:
        return [self.item.dump(each) for each in value]

    def load(self, data: object) -> tuple[Any, ...]:
        if not isinstance(data, list) or not self.low <= len(data) <= self.high:
            raise Unfit(f"not a list of {self.low}..{self.high} elements")
        return tuple(self.item.load(each) for each in data)


@dataclass(frozen=True, slots=True)
class Members(Shape):
    """A set: a frozen set; in JSON a list in order."""

    item: Shape
    low: int = 0
    high: int = 255

    def dump(self, value: Any) -> object:
        return sorted((self.item.dump(each) for each in value), key=repr)

    def load(self, data: object) -> frozenset[Any]:
        if not isinstance(data, list):
            raise Unfit("not a list of a set's elements")
        value = frozenset(self.item.load(each) for each in data)
        if len(value) != len(data) or not self.low <= len(value) <= self.high:
            raise Unfit(f"not a set of {self.low}..{self.high} elements")
        return value


@dataclass(frozen=True, slots=True, eq=False)
class Whole(Shape):
    """A message kept whole; `fields` has the shapes of all messages that it may be."""

    fields: Mapping[type[Message], Mapping[str, Shape]]
    names: frozenset[str] | None = None

    def dump(self, value: Any) -> object:
        shapes = self.fields[type(value)]
        return {"message": value.NAME, **{name: shape.dump(getattr(value, name)) for name, shape in shapes.items()}}

    def load(self, data: object) -> Message:
        if not isinstance(data, dict) or not isinstance(data.get("message"), str):
            raise Unfit("not a message")
        name = data["message"]
        found = [kind for kind in self.fields if name == kind.NAME and (self.names is None or name in self.names)]
        if not found:
            raise Unfit(f"no message is called {name!r}")
        shapes = self.fields[found[0]]
        if data.keys() - {"message"} != shapes.keys():
            raise Unfit(f"not the fields of {name}")
        return found[0](**{field: shape.load(data[field]) for field, shape in shapes.items()})
