"""What generated code asserts of the specification it was made from, before anything is committed."""

from collections.abc import Callable, Iterable, Sized
from typing import Any, Final, TypeVar

from clausework.runtime.errors import OutOfRange, TwoTransitions

EMPTY: Final[frozenset[Any]] = frozenset()
"""One for all: CPython makes a new object of 216 bytes for every `frozenset()`."""

_Value = TypeVar("_Value")
_Sized = TypeVar("_Sized", bound=Sized)


def exclusive(state: str, event: str, *enabled: bool) -> None:
    """At most one of the branches may be open; called only where the text doesn't prove it."""
    if sum(enabled) > 1:
        raise TwoTransitions(f"two transitions for {event} in state {state}")


def within(value: int, low: int, high: int, variable: str) -> int:
    """The value, which a variable of this range can hold."""
    if not low <= value <= high:
        raise OutOfRange(f"{variable} would become {value}, outside {low}..{high}")
    return value


def holding(items: _Sized, high: int, variable: str) -> _Sized:
    """The list or set, which has room for its elements."""
    if len(items) > high:
        raise OutOfRange(f"{variable} would hold {len(items)} elements, more than {high}")
    return items


def given(value: _Value | None) -> _Value:
    """The value of an optional in a place whose guard says that there is one."""
    if value is None:
        raise AssertionError("a value that a guard says is given is not")
    return value


def best(elements: Iterable[_Value], rank: Callable[[_Value], int], *, highest: bool) -> tuple[_Value, ...]:
    """The elements of the highest (lowest) rank, in order; all of them where several share it."""
    ranked = [(rank(element), element) for element in elements]
    if not ranked:
        return ()
    wanted = max(number for number, _ in ranked) if highest else min(number for number, _ in ranked)
    return tuple(element for number, element in ranked if number == wanted)
