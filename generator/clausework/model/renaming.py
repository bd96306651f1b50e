"""Steps of a sequence told in other lifelines' names: how one sequence is put into another."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from clausework.expr import nodes
from clausework.expr.types import Type
from clausework.model.about import About
from clausework.model.sequence import Alternatives, Never, Optionally, Parallel, Passes, Reference, Repeat, Step
from clausework.source import Name, Span

_WHO = frozenset({"lifeline", "sender", "receiver", "peer"})
"""The fields of events and expressions that name a lifeline."""


def renamed(steps: tuple[Step, ...], names: Mapping[str, Name]) -> tuple[Step, ...]:
    """The steps with their lifelines called otherwise, in conditions and values, too."""
    result: tuple[Step, ...] = _renamed(steps, names)
    return result


def _renamed(value: Any, names: Mapping[str, Name]) -> Any:
    match value:
        case tuple():
            return tuple(_renamed(item, names) for item in value)
        case Reference(roles=roles, steps=steps):
            told = tuple((theirs, names.get(ours, ours)) for theirs, ours in roles)
            return replace(value, roles=told, steps=_renamed(steps, names))
        case nodes.Local(name=name):
            return replace(value, name=names.get(name, name))
        case nodes.Quantified(variable=variable):
            names = {theirs: ours for theirs, ours in names.items() if theirs != variable}
    if not is_dataclass(value) or isinstance(value, Span | About | Type | type):
        return value
    changed = {each.name: _field(each.name, getattr(value, each.name), names) for each in fields(value)}
    return replace(value, **changed)


def _field(field: str, value: Any, names: Mapping[str, Name]) -> Any:
    return names.get(value, value) if field in _WHO and value is not None else _renamed(value, names)


def lifelines(steps: tuple[Step, ...]) -> Iterator[str]:
    """The lifelines of steps, with repetitions."""
    for step in steps:
        match step:
            case Passes(sender=sender, receiver=receiver):
                yield str(sender)
                yield str(receiver)
            case Alternatives(cases=operands) | Parallel(parts=operands):
                for _, inner in operands:
                    yield from lifelines(inner)
            case Optionally(steps=inner) | Repeat(steps=inner) | Reference(steps=inner):
                yield from lifelines(inner)
            case Never(event=event):
                yield from lifelines((event,))
            case _:
                yield str(step.lifeline)
