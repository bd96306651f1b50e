"""Which flows stand for larger ones, as their records say."""

from collections.abc import Iterator
from dataclasses import dataclass

from clausework.semantics.record import FlowRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A flow that stands for a larger one, and over how much of that this was checked (trace inclusion)."""

    flow: str
    larger: str
    checks: int
    configurations: int
    included: bool


def standings(records: tuple[FlowRecord, ...]) -> Iterator[Standing]:
    for flow in records:
        found = flow.stands_for
        if found is not None:
            yield Standing(
                flow=flow.flow,
                larger=found.flow,
                checks=found.checks,
                configurations=found.configurations,
                included=found.included,
            )
