"""Runs left to chance: what they meet is known, what they don't is not, and the verdicts say so.

For what is too large to be gone through.  The same seed gives the same walks.  A walk ends where nothing can happen any
more, or when it is long enough; then another one begins.  What is found is shown by the shortest way that was walked.
"""

import time
from dataclasses import replace
from random import Random

from clausework.explore.engines import RUNS
from clausework.explore.exploring import summary, unbound_exploration, unexplored
from clausework.explore.rules import INCOMPLETE
from clausework.explore.search.breadth_first import EVERY, Progress
from clausework.explore.search.ways import numbered_way
from clausework.explore.verdicts.answers import answers_by
from clausework.explore.verdicts.findings import findings_by
from clausework.explore.verdicts.looking import is_plain, judged_here
from clausework.explore.verdicts.watching import Watch
from clausework.explore.walking.walk import at_random
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import system
from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Label, Space, Step
from clausework.semantics.values import Unexplorable
from clausework.semantics.verdict import Exploration, Verdict

LONGEST = 300
"""Steps of one walk: enough to come anywhere that a session comes; beyond, mostly the same happens again."""


class Sample:
    """Random walks of `times` steps together, that read like a search of what they met.

    `order` are the configurations in the order of meeting, `steps` those taken, `depth` the length of the longest
    shortest way that was walked.
    """

    def __init__(self, space: Space, times: int, seed: int, progress: Progress | None = None) -> None:
        self.space = space
        self.times = times
        self.seed = seed
        self.progress = progress
        self.order: list[Configuration] = [space.start()]
        self.steps = 0
        self.depth = 1
        self.walks = 0
        self.stopped = ""
        self.interrupted = False
        self._numbers = {self.order[0]: 0}
        self._ways: list[tuple[int, Label] | None] = [None]
        self._far = [0]

    def run(self, watch: Watch) -> None:
        chance = Random(self.seed)  # noqa: S311 - to be the same again is what is wanted
        watched: set[int] = set()
        try:
            while self.steps < self.times:
                before = self.steps
                self._walk(chance, watch, watched)
                if self.steps == before:
                    break  # nothing can happen at all
        except KeyboardInterrupt:
            self.interrupted = True
        self.depth = max(self._far) + 1
        walks = f"{self.walks:,} random {'walk' if self.walks == 1 else 'walks'}"
        self.stopped = f"sampled by {walks} of {self.steps:,} steps together, seed {self.seed}"

    def _walk(self, chance: Random, watch: Watch, watched: set[int]) -> None:
        self.walks += 1
        here = 0
        for _ in range(min(LONGEST, self.times - self.steps)):
            steps = list(self.space.steps(self.order[here]))
            if here not in watched:
                watched.add(here)
                watch.configuration(here, self.order[here], steps)
            step = at_random(steps, chance)
            if step is None or step.target is None:
                return
            here = self._go(here, step, step.target)
            if self.progress is not None and self.steps % EVERY == 0:
                self.progress(len(self.order), self.steps, max(self._far) + 1, 0)

    def _go(self, here: int, step: Step, target: Configuration) -> int:
        self.steps += 1
        found = self._numbers.setdefault(target, len(self.order))
        if found == len(self.order):
            self.order.append(target)
            self._ways.append(None)
            self._far.append(self._far[here] + 2)
        if self._far[here] + 1 < self._far[found]:
            self._far[found] = self._far[here] + 1
            self._ways[found] = here, step.label
        return found

    def way(self, number: int) -> list[Step]:
        """The steps of the shortest way that was walked there."""
        return numbered_way(self._ways, number, self.order, self.space.steps)


class _Noted:
    """A sample, and what its watcher noted."""

    def __init__(self, space: Space, search: Sample) -> None:
        self.space = space
        self.search = search
        self.watch = Watch(space, tuple(each for each in judged_here(space.system) if is_plain(each)))


def sample(
    standard: Standard, flow: Flow, check: Check, *, steps: int, seed: int, progress: Progress | None = None
) -> Exploration:
    """Of a check, what so many random steps meet: whatever fails then is so, whatever doesn't is unknown."""
    began = time.monotonic()
    try:
        space = Space(system(standard, flow, check))
    except Unexplorable as problem:
        return unbound_exploration(flow, check, problem, began)
    noted = _Noted(space, Sample(space, steps, seed, progress))
    noted.search.run(noted.watch)
    verdicts = [*findings_by(noted), *answers_by(noted, judged_here(space.system))]
    found = summary(noted, verdicts, (*unexplored(noted), f"{RUNS}: a sample doesn't tell"), began)
    return replace(found, verdicts=_without_surprise(found), interrupted=noted.search.interrupted)


def _without_surprise(found: Exploration) -> tuple[Verdict, ...]:
    """That not all was looked at is what was asked for, and no finding."""
    return tuple(each for each in found.verdicts if each.kind != INCOMPLETE.slug)
