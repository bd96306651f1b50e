"""A sequence of the standard as a set of charts: each lifeline's events in order, and nothing else ordered.

Alternatives, options and repetitions are laid out: every chart must be possible, so that an alternative that cannot
happen is found.  A message is two events, its sending and its receipt.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations, product

from clausework.expr.nodes import Value
from clausework.model.sequence import (
    Alternatives,
    Event,
    Never,
    Optionally,
    Parallel,
    Passes,
    Reference,
    Repeat,
    Sequence,
    Step,
)

MOST_CHARTS = 64


@dataclass(frozen=True, slots=True)
class Chart:
    """`lines`: each lifeline's events; a message is there as (True, event) where sent, (False, event) where received.

    `name` tells the chart among those of its sequence by the alternatives taken.
    """

    name: str
    events: tuple[Event | Never, ...]

    @property
    def lines(self) -> dict[str, tuple[tuple[bool, Event], ...]]:
        lines: dict[str, list[tuple[bool, Event]]] = {}
        for event in self.events:
            if isinstance(event, Never):
                continue
            if isinstance(event, Passes):
                lines.setdefault(event.sender, []).append((True, event))
                lines.setdefault(event.receiver, []).append((False, event))
            else:
                lines.setdefault(event.lifeline, []).append((True, event))
        return {lifeline: tuple(events) for lifeline, events in lines.items()}


def charts(sequence: Sequence, parameters: dict[str, Value]) -> tuple[Chart, ...]:
    """The charts of a sequence, at most `MOST_CHARTS` of them; `parameters` bound repetitions."""
    found: list[Chart] = []
    for name, events in _runs(sequence.steps, parameters):
        found.append(Chart(name, events))
        if len(found) == MOST_CHARTS:
            break
    return tuple(found)


_Run = tuple[str, tuple[Event | Never, ...]]


def _runs(steps: tuple[Step, ...], parameters: dict[str, Value]) -> Iterator[_Run]:
    if not steps:
        yield "", ()
        return
    for name, first in _run(steps[0], parameters):
        for further, rest in _runs(steps[1:], parameters):
            yield ", ".join(part for part in (name, further) if part), (*first, *rest)


def _run(step: Step, parameters: dict[str, Value]) -> Iterator[_Run]:
    match step:
        case Alternatives(cases=cases):
            for case, steps in cases:
                for name, events in _runs(steps, parameters):
                    yield _joined(str(case), name), events
        case Optionally(steps=steps):
            yield "", ()
            for name, events in _runs(steps, parameters):
                yield _joined("with the optional part", name), events
        case Repeat(low=low, high=high, steps=steps):
            for times in range(_number(low, parameters), _number(high, parameters) + 1):
                for runs in product(*(list(_runs(steps, parameters)) for _ in range(times))):
                    yield f"{times} times", tuple(event for _, events in runs for event in events)
        case Parallel(parts=parts):
            for order in permutations(parts):
                yield from _runs(tuple(each for _, steps in order for each in steps), parameters)
        case Reference(steps=steps):
            yield from _runs(steps, parameters)
        case _:
            yield "", (step,)


def _joined(one: str, other: str) -> str:
    return f"{one}, {other}" if other else one


def _number(bound: int | str, parameters: dict[str, Value]) -> int:
    value = parameters[bound] if isinstance(bound, str) else bound
    return value if isinstance(value, int) else 1
