"""A part of a space, by some steps only: the shortest ways in it that fire a transition, and on until it is quiet."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from enum import Enum, auto
from itertools import pairwise

from clausework.explore.charts.positive import nothing_in_flight
from clausework.explore.search.breadth_first import EVERY
from clausework.explore.search.ways import way_to
from clausework.explore.verdicts.looking import Looked
from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Commanded
from clausework.semantics.space import Step

MOST_TRIED, MOST_CALM = 20, 1_000
"""So many steps that fire a transition are followed, each through so many configurations, if no way on is known."""


class Commands(Enum):
    """Which commands are given: whatever a state has, the same but only while nothing is in flight, or the check's."""

    EVERY = auto()
    IN_TURN = auto()
    ALLOWED = auto()


class Area:
    """`wanted` are identities of transitions; `stopped`: there is more than was looked at."""

    def __init__(
        self,
        looked: Looked,
        allowed: Callable[[Step], bool],
        links: frozenset[int],
        wanted: AbstractSet[int],
        commands: Commands,
    ) -> None:
        self.looked = looked
        self.allowed = allowed
        self.links = links
        self.wanted = wanted
        self.commands = commands
        self.stopped = False
        self.numbers: dict[Configuration, int] = {}
        self.order: list[Configuration] = []
        self.came: list[int | None] = []
        self.depth: list[int] = []
        self.before: list[list[int]] = []
        self.firing: dict[int, list[tuple[int, int]]] = {key: [] for key in wanted}
        self.left: dict[int, int] = {}

    def explore(self, begin: Iterable[Configuration]) -> None:
        """Forward from all of these at once, then backward from wherever nothing is in flight."""
        for start in begin:
            self._number(start, None)
        number = 0
        while number < len(self.order):
            if len(self.order) > self.looked.most:
                self.stopped = True
                break
            for step, target in self._steps(number):
                after = self._number(target, number)
                self.before[after].append(number)
                for key in self._fired(step):
                    self.firing[key].append((number, after))
            self._tell(number)
            number += 1
        self._back()

    def _number(self, configuration: Configuration, came: int | None) -> int:
        number = self.numbers.setdefault(configuration, len(self.order))
        if number == len(self.order):
            self.order.append(configuration)
            self.came.append(came)
            self.depth.append(0 if came is None else self.depth[came] + 1)
            self.before.append([])
        return number

    def _steps(self, number: int) -> Iterator[tuple[Step, Configuration]]:
        configuration = self.order[number]
        busy = self.commands is Commands.IN_TURN and not nothing_in_flight(self.links, configuration)
        for step in self.looked.space.steps(configuration, beyond=self.commands is not Commands.ALLOWED):
            waits = busy and isinstance(step.label.event, Commanded)
            if step.target is not None and not waits and self.allowed(step):
                yield step, step.target

    def _fired(self, step: Step) -> set[int]:
        every = {id(each.transition) for each in step.reaction.fired} if step.reaction is not None else set()
        return every & self.wanted

    def _back(self) -> None:
        """How many steps it is from each to the nearest quiet one."""
        quiet = [number for number, each in enumerate(self.order) if nothing_in_flight(self.links, each)]
        self.left = dict.fromkeys(quiet, 0)
        waiting = deque(quiet)
        while waiting:
            number = waiting.popleft()
            for before in self.before[number]:
                if before not in self.left:
                    self.left[before] = self.left[number] + 1
                    waiting.append(before)

    def shortest(self, key: int) -> tuple[Configuration, tuple[Step, ...]] | None:
        """Where the shortest run begins that fires the transition and ends with nothing in flight, and its steps."""
        ways = [(one, other) for one, other in self.firing[key] if other in self.left]
        if not ways:
            return self._quietened(key)
        one, other = min(ways, key=lambda way: self.depth[way[0]] + self.left[way[1]])
        steps = [*self._way(one), self._step(one, other, key)]
        while self.left[other]:
            following = min(self._onward(other), key=self.left.__getitem__)
            steps.append(self._step(other, following))
            other = following
        return self._begun(one), tuple(steps)

    def _quietened(self, key: int) -> tuple[Configuration, tuple[Step, ...]] | None:
        """The same where the way on was not looked at any more: what is in flight is delivered, and that is all."""
        for one, other in self.firing[key][:MOST_TRIED]:
            on = self._delivered(self.order[other])
            if on is not None:
                return self._begun(one), (*self._way(one), self._step(one, other, key), *on)
        return None

    def _delivered(self, start: Configuration) -> tuple[Step, ...] | None:
        came: dict[Configuration, tuple[Configuration, Step] | None] = {start: None}
        waiting = deque([start])
        while waiting and len(came) < MOST_CALM:
            configuration = waiting.popleft()
            if nothing_in_flight(self.links, configuration):
                return way_to(came, configuration)[1]
            for step in self.looked.space.steps(configuration):
                new = step.target is not None and step.target not in came
                if new and step.target is not None and step.label.kind == "deliver" and self.allowed(step):
                    came[step.target] = configuration, step
                    waiting.append(step.target)
        return None

    def _path(self, number: int) -> list[int]:
        path = [number]
        while (came := self.came[path[-1]]) is not None:
            path.append(came)
        return path[::-1]

    def _begun(self, number: int) -> Configuration:
        return self.order[self._path(number)[0]]

    def _way(self, number: int) -> list[Step]:
        return [self._step(one, other) for one, other in pairwise(self._path(number))]

    def _onward(self, number: int) -> Iterator[int]:
        return (self.numbers[target] for _, target in self._steps(number) if self.numbers.get(target) in self.left)

    def _step(self, one: int, other: int, key: int | None = None) -> Step:
        return next(
            step
            for step, target in self._steps(one)
            if target == self.order[other] and (key is None or key in self._fired(step))
        )

    def _tell(self, number: int) -> None:
        if self.looked.progress is not None and number % EVERY == 0:
            self.looked.progress(len(self.order), 0, self.depth[number], len(self.order) - number)
