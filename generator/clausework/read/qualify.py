"""A standard's elements as an importer sees them: roles, types, messages, flows under the standard's name."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from clausework.source import Shared, Span

_Value = TypeVar("_Value")


def qualified(value: _Value, standard: str) -> _Value:
    """The value with every shared name in it qualified; whatever has none stays the very same object."""
    result: _Value = _qualified(value, standard)
    return result


def _qualified(value: Any, standard: str) -> Any:
    if isinstance(value, Shared):
        return value.qualified(standard)
    if isinstance(value, tuple):
        items = tuple(_qualified(item, standard) for item in value)
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if isinstance(value, Span) or not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {}
    for each in fields(value):
        before = getattr(value, each.name)
        after = _qualified(before, standard)
        if after is not before:
            changed[each.name] = after
    return replace(value, **changed) if changed else value
