"""Ways back: from where something was found to where the search for it began."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Label, Step

Node = TypeVar("Node")


def way_to(came: Mapping[Node, tuple[Node, Step] | None], node: Node) -> tuple[Node, tuple[Step, ...]]:
    """Where the way to a node began, and its steps; `came`: from which node, by which step."""
    steps: list[Step] = []
    while (before := came[node]) is not None:
        node, step = before
        steps.append(step)
    return node, tuple(reversed(steps))


def numbered_way(
    ways: Sequence[tuple[int, Label] | None],
    number: int,
    order: Sequence[Configuration],
    steps_of: Callable[[Configuration], Iterator[Step]],
) -> list[Step]:
    """The steps to a configuration, by its number in `order`; `ways`: from which number, by which label."""
    labels: list[tuple[int, Label]] = []
    while (came := ways[number]) is not None:
        labels.append(came)
        number = came[0]
    return [next(step for step in steps_of(order[before]) if step.label == label) for before, label in reversed(labels)]
