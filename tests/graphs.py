"""A space explored up to a bound, with all steps of each configuration: what the laws are tested on."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from clausework.explore.search.breadth_first import Search
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, named, own
from clausework.semantics.building import default_check, system
from clausework.semantics.configuration import Configuration, InstanceState, Message, PartyState
from clausework.semantics.space import Space, Step
from clausework.semantics.system import LinkOf
from strategies import Small
from support import shipped

MOST = 3_000
Plain = tuple[object, ...]
"""A configuration in values, whatever numbers they have here."""


class Graph:
    """A space, explored up to a bound, with all steps of each configuration."""

    def __init__(self, standard: Standard, flow: Flow, check: Check, most: int = MOST) -> None:
        self.space = Space(system(standard, flow, check))
        self.search = Search(self.space, most)
        self.steps: list[list[Step]] = []
        self.search.run(self)

    def configuration(self, number: int, configuration: object, steps: list[Step]) -> None:
        self.steps.append(steps)

    def taken(self) -> Iterator[tuple[Configuration, Step, Configuration]]:
        """Every step that happens, with where it starts and ends."""
        for number, steps in enumerate(self.steps):
            for step in steps:
                if step.target is not None:
                    yield self.search.order[number], step, step.target

    def plain(self) -> set[Plain]:
        """The configurations in words that don't depend on the order of finding, on budgets, or on time."""
        return {self.plainly(each) for each in self.search.order}

    def plainly(self, configuration: Configuration) -> Plain:
        parties = tuple(timeless(self.space.party(configuration, at)) for at in range(len(configuration.parties)))
        queues = tuple(tuple(self.message(number) for number in queue) for queue in configuration.queues)
        return parties, tuple(wire.replace("broken", "cut") for wire in configuration.wires), queues

    def message(self, number: int) -> Message:
        return self.space.message(number)


def timeless(state: PartyState) -> PartyState:
    return replace(state, instances=tuple(_ageless(each) for each in state.instances))


def _ageless(state: InstanceState) -> InstanceState:
    return replace(state, ages=())


def graph(drawn: Small, **changes: object) -> Graph:
    flow = named(drawn.standard.flows, "talk")
    return Graph(drawn.standard, flow, replace(flow.checks[0], **changes))  # type: ignore[arg-type]  # a check's fields


def shipped_checks() -> Iterator[tuple[str, Standard, Flow, Check]]:
    for standard in shipped().values():
        for flow in own(standard.flows):
            for check in flow.checks or (default_check(flow),):
                yield f"{flow.name}-{check.name}", standard, flow, check


def first_checks() -> Iterator[tuple[str, Standard, Flow, Check]]:
    """One of each flow, where it would take long to look at all."""
    first = {
        (standard.name, flow.name): (name, standard, flow, check)
        for name, standard, flow, check in reversed([*shipped_checks()])
    }
    yield from reversed(first.values())


def every_check(always: Iterable[str] = ()) -> list[Any]:
    """All checks as parameters, in groups of their own; slow but for every other of `first_checks`, and `always`."""
    quick = {name for at, (name, *_) in enumerate(first_checks()) if at % 2 == 0} | set(always)
    return [
        pytest.param(*rest, id=f"{rest[0].name}-{name}", marks=[
            pytest.mark.xdist_group(f"{rest[0].name}-{name}"), *([] if name in quick else [pytest.mark.slow])
        ])
        for name, *rest in shipped_checks()
    ]  # fmt: skip


def faulty_checks() -> Iterator[tuple[str, Standard, Flow, Check]]:
    """The last one of each flow in which something goes wrong, if it isn't the first one."""
    first = {name for name, *_ in first_checks()}
    last = {(rest[0].name, rest[1].name): (name, *rest) for name, *rest in shipped_checks() if rest[2].faults}
    yield from ((name, *rest) for name, *rest in last.values() if name not in first)


def ends(link: LinkOf) -> tuple[int, int]:
    """The parties of a link, its client first: the order of its two queues."""
    return link.client, link.server


def backwards(value: object) -> object:
    """The same specification with every mapping written from its end."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(each) for each in value] if isinstance(value, list) else value
