"""A sequence of the standard as a set of charts, and a chart as a partial order of events.

Alternatives, options and repetitions are laid out: every chart must be possible, so that an alternative that cannot
happen is found.  `parallel` stays as it is: its parts have no order, and nothing is gained by trying every one.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Ordered
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice, product
from typing import NamedTuple

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
"""So many charts of a sequence are looked at; alternatives, options and repetitions multiply, parallel parts don't."""


@dataclass(frozen=True, slots=True)
class Chart:
    """`steps` are events, `never`, and parallel parts of such; `name` tells the chart by the alternatives taken."""

    name: str
    steps: tuple[Step, ...]


def charts(sequence: Sequence, parameters: dict[str, Value]) -> tuple[tuple[Chart, ...], bool]:
    """The charts of a sequence, and whether that is all of them; `parameters` bound repetitions."""
    found = list(islice(_runs(sequence.steps, parameters), MOST_CHARTS + 1))
    return tuple(Chart(name, steps) for name, steps in found[:MOST_CHARTS]), len(found) <= MOST_CHARTS


_Run = tuple[str, tuple[Step, ...]]


def _runs(steps: tuple[Step, ...], parameters: dict[str, Value]) -> Iterator[_Run]:
    """Every way through the steps; no more of each step than could be told apart."""
    yield from map(_joined, product(*(tuple(islice(_run(each, parameters), MOST_CHARTS + 1)) for each in steps)))


def _run(step: Step, parameters: dict[str, Value]) -> Iterator[_Run]:
    match step:
        case Alternatives(cases=cases):
            for case, steps in cases:
                yield from _named(str(case), _runs(steps, parameters))
        case Optionally(steps=steps):
            yield "", ()
            yield from _named("with the optional part", _runs(steps, parameters))
        case Repeat(low=low, high=high, steps=steps):
            for times in range(_number(low, parameters), _number(high, parameters) + 1):
                yield from _named(f"{times} times", _runs(steps * times, parameters))
        case Parallel(parts=parts):
            names = [name for name, _ in parts]
            for ways in product(*(tuple(islice(_runs(steps, parameters), MOST_CHARTS + 1)) for _, steps in parts)):
                name, _ = _joined(ways)
                yield name, (replace(step, parts=tuple(zip(names, (steps for _, steps in ways), strict=True))),)
        case Reference(steps=steps):
            yield from _runs(steps, parameters)
        case _:
            yield "", (step,)


def _named(name: str, runs: Iterable[_Run]) -> Iterator[_Run]:
    for further, steps in runs:
        yield ", ".join(part for part in (name, further) if part), steps


def _joined(runs: Ordered[_Run]) -> _Run:
    return ", ".join(name for name, _ in runs if name), tuple(each for _, steps in runs for each in steps)


def _number(bound: int | str, parameters: dict[str, Value]) -> int:
    value = parameters[bound] if isinstance(bound, str) else bound
    return value if isinstance(value, int) else 1


# -- the order


class Part(StrEnum):
    """What of an event it is: a message is sent, then received, or else lost on its way; `never` is a moment."""

    WHOLE = "whole"
    SENT = "sent"
    RECEIVED = "received"
    LOST = "lost"
    NEVER = "never"


class Occurrence(NamedTuple):
    """`before`: those that must have happened, a bit for each number.  `lifeline` is empty if it is on none."""

    lifeline: str
    part: Part
    event: Event
    before: int


Cut = int
"""What of a chart has happened: a bit for each occurrence, never without those before it."""


def occurrences(chart: Chart) -> tuple[Occurrence, ...]:
    """The events of a chart: those of a lifeline are in order, a message's receipt comes after its sending.

    The moment that `never` speaks of is the same for all: what is written before it is before, what follows is after.
    """
    order = _Order()
    order.add(chart.steps, {})
    return tuple(order.found)


_Last = dict[str, int]
"""By lifeline, what the next event on it comes after; the empty name stands for lifelines without any."""


class _Order:
    def __init__(self) -> None:
        self.found: list[Occurrence] = []

    def add(self, steps: tuple[Step, ...], last: _Last) -> _Last:
        for step in steps:
            match step:
                case Never(event=event):
                    every = 0
                    for each in last.values():
                        every |= each
                    last = {"": self._put("", Part.NEVER, event, every)}
                case Parallel(parts=parts):
                    last = _together([self.add(inner, last) for _, inner in parts])
                case Passes():
                    last = self._passes(step, last)
                case Alternatives() | Optionally() | Repeat() | Reference():
                    raise AssertionError("a chart has no choices left")
                case _:
                    last = last | {
                        step.lifeline: self._put(step.lifeline, Part.WHOLE, step, _after(last, step.lifeline))
                    }
        return last

    def _passes(self, step: Passes, last: _Last) -> _Last:
        sent = self._put(step.sender, Part.SENT, step, _after(last, step.sender))
        last = last | {step.sender: sent}
        if step.lost:
            self._put("", Part.LOST, step, sent)
            return last
        return last | {step.receiver: self._put(step.receiver, Part.RECEIVED, step, sent | _after(last, step.receiver))}

    def _put(self, lifeline: str, part: Part, event: Event, before: int) -> int:
        self.found.append(Occurrence(str(lifeline), part, event, before))
        return 1 << (len(self.found) - 1)


def _after(last: _Last, lifeline: str) -> int:
    return last.get(lifeline, last.get("", 0))


def _together(ends: list[_Last]) -> _Last:
    """After all parts: on each lifeline after what each part has there, for those that they begin with besides."""
    lifelines = {lifeline for last in ends for lifeline in last}
    found: _Last = {}
    for lifeline in lifelines | {""}:
        for last in ends:
            found[lifeline] = found.get(lifeline, 0) | _after(last, lifeline)
    return found
