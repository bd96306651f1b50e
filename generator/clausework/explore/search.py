"""Breadth first through a space: every configuration once, with the way there.

The search knows nothing of properties: whoever watches it is told of each configuration with its steps, and may note
what it finds.  The first way to a configuration is a shortest one.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Label, Space, Step

Progress = Callable[[int, int, int, int], None]
"""Configurations, steps, depth, length of the queue of those to be looked at."""

EVERY = 5_000


class Watcher(Protocol):
    def configuration(self, number: int, configuration: Configuration, steps: list[Step]) -> None: ...


class Search:
    """`order` are the configurations in the order found; `ways` the number that each came from, and by which step."""

    def __init__(self, space: Space, most: int, progress: Progress | None = None) -> None:
        self.space = space
        self.most = most
        self.progress = progress
        self.order: list[Configuration] = [space.start()]
        self.ways: list[tuple[int, Label] | None] = [None]
        self.steps = 0
        self.depth = 0
        self.stopped = ""
        self.interrupted = False

    def run(self, watcher: Watcher) -> None:
        """To the end, or to `most` configurations; Ctrl-C stops it with what is known so far."""
        numbers = {self.order[0]: 0}
        level = [0]
        try:
            while level and not self.stopped:
                self.depth += 1
                level = self._level(level, numbers, watcher)
        except KeyboardInterrupt:
            self.stopped = "interrupted"
            self.interrupted = True

    def _level(self, level: list[int], numbers: dict[Configuration, int], watcher: Watcher) -> list[int]:
        following: list[int] = []
        for number in level:
            steps = list(self.space.steps(self.order[number]))
            watcher.configuration(number, self.order[number], steps)
            for step in steps:
                if step.target is None:
                    continue
                self.steps += 1
                if numbers.setdefault(step.target, len(self.order)) == len(self.order):
                    following.append(len(self.order))
                    self.order.append(step.target)
                    self.ways.append((number, step.label))
            if self.progress is not None and number % EVERY == 0:
                self.progress(len(self.order), self.steps, self.depth, len(following))
            if len(self.order) > self.most:
                self.stopped = f"more than {self.most:,} configurations"
                break
        return following

    def way(self, number: int) -> list[Step]:
        """The steps from the start to a configuration."""
        labels: list[tuple[int, Label]] = []
        while (came := self.ways[number]) is not None:
            labels.append(came)
            number = came[0]
        return [self._step(before, label) for before, label in reversed(labels)]

    def _step(self, number: int, label: Label) -> Step:
        return next(step for step in self.space.steps(self.order[number]) if step.label == label)

    def __iter__(self) -> Iterator[Configuration]:
        return iter(self.order)
