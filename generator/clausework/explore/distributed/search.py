"""A search in partitions, level by level: who asks for it keeps the tables, and no configuration.

A level has rounds: all partitions take some steps; rows that they lack are looked up here and told to all of them,
until none is lacking; then each collects what the others found for it.  So a level costs two meetings of all at least.
"""

import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from clausework.explore.distributed.cluster import Team
from clausework.explore.distributed.lessons import Lessons
from clausework.explore.distributed.partition import Beginning, Found, Have, Taken
from clausework.explore.packed.layout import WORD
from clausework.explore.packed.search import PackedSearch
from clausework.explore.packed.views import View
from clausework.explore.search.breadth_first import Progress
from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Space, Step

NEAR = 100_000
"""So many configurations are looked at here first, for their rows: else each of them would be asked for from afar."""

ROUND = 1 << 21
"""The most configurations of a partition whose steps are taken between two meetings: what they lead to is in memory."""

SHARE = 0.6
"""Of the memory that Dask gives a worker, what configurations may take: beyond 0.8 it would be stopped, then ended."""

Place = tuple[int, int]
"""A partition, and the number of a configuration there."""

_START = (-1, -1)  # of which nobody asks how to get there


class PartitionedSearch:
    """`stopped` says why it ended early; `memory`: of all workers together, in bytes (0: as much as Dask lets them)."""

    def __init__(
        self,
        space: Space,
        team: Team,
        most: int,
        progress: Progress | None = None,
        *,
        views: tuple[View, ...] = (),
        memory: int = 0,
        seconds: float | None = None,
        near: int = NEAR,
        word: int = WORD,
    ) -> None:
        self.space, self.team, self.most, self.progress = space, team, most, progress
        self.views, self.memory, self.seconds = views, memory, seconds
        self.near, self.word = near, word
        self.stopped, self.interrupted = "", False
        self.depth = 0
        self.have = [Have(0, 0, 0, 0, 0, 0, 0) for _ in range(len(team))]
        self.order: list[Configuration] = [space.start()]
        self._places: list[Place] = []
        self._begun = False

    def run(self) -> None:
        """To the end or a limit; Ctrl-C stops it with what is known so far."""
        self._began = time.monotonic()
        try:
            self._learn()
            self._begin()
            while not self.stopped and self._goes_on():
                continue
        except KeyboardInterrupt:
            self.stopped, self.interrupted = "interrupted", True
        except MemoryError:
            self.stopped = "there is no more memory"
        if self._begun:
            self.have = self.team.every("have")

    def _learn(self) -> None:
        few = min(self.near, self.most)
        near = PackedSearch(self.space, few, self.progress, views=self.views, parents=False, word=self.word)
        near.run()
        if near.interrupted:
            raise KeyboardInterrupt
        self.tables, self.packing = near.tables, near.packing

    def _begin(self) -> None:
        """From the start anew, in words wide enough for all that has turned up."""
        start = self.packing.packed(self.space.start())
        layout = self.packing.layout
        self.lessons = Lessons(self.tables, self.views, layout)
        lessons, described = self.lessons.all(), self.lessons.described
        self.team.every("begin", Beginning(layout.words, described, tuple(layout.numbers()), lessons, start))
        self._begun = True
        self.have = self.team.every("have")
        self.depth = 0

    # -- levels

    def _goes_on(self) -> bool:
        """One level further; false if there was none any more."""
        self.depth += 1
        before = self._sum("configurations")
        taken = self.team.every("deeper", self._round())
        while self._looked_at(taken):
            self.have = self.team.every("collect")
            left = sum(each.left for each in taken)
            if self.progress is not None:
                waiting = self._sum("configurations") - before + left
                self.progress(self._sum("configurations"), self._sum("steps"), self.depth, waiting)
            self.stopped = self._limit()
            if self.stopped or not left:
                return self._sum("configurations") > before
            taken = self.team.every("take", self._round())
        self.packing.widen()
        self._begin()
        return True

    def _looked_at(self, taken: list[Taken]) -> bool:
        """Until no row is lacking; false if what they bring doesn't fit into the words any more."""
        while wanted := sorted({row for each in taken for row in each.wanted}):
            for a, b in wanted:
                self.lessons.add(a, b)
            if self.packing.outgrown or self.lessons.wired != self.tables.wired:
                return False
            self.team.every("learn", self.lessons.new())
            again = self.team.every("take", 0)
            taken[:] = [after._replace(left=before.left) for before, after in zip(taken, again, strict=True)]
        return True

    def _round(self) -> int:
        """Fewer where the limit is near, as each may lead to several."""
        return min(ROUND, (self.most - self._sum("configurations")) // (4 * len(self.team)) + 1)

    def _limit(self) -> str:
        if self._sum("configurations") > self.most:
            return f"more than {self.most:,} configurations"
        if self.memory and self._sum("bytes") > self.memory:
            return f"more than {self.memory:,} bytes of memory"
        for have, limit in zip(self.have, self.team.memory, strict=True):
            if limit and have.bytes > SHARE * limit:
                return f"a worker has more than {SHARE:.0%} of its {limit:,} bytes of memory in use"
        if self.seconds is not None and time.monotonic() - self._began > self.seconds:
            return f"more than {self.seconds:g} seconds"
        return ""

    # -- what was found

    def _sum(self, what: str) -> int:
        return sum(getattr(each, what) for each in self.have)

    @property
    def configurations(self) -> int:
        return self._sum("configurations")

    @property
    def steps(self) -> int:
        return self._sum("steps")

    @property
    def quiescent(self) -> int:
        return self._sum("quiescent")

    def notable(self) -> Sequence[int]:
        """Where something was first seen in any partition, nearest first: their places in `order` from then on.

        The start is the first of `order` in any case.
        """
        noted: list[list[Found]] = self.team.every("noted") if self._begun else []
        found = {(partition, each.number): each for partition, every in enumerate(noted) for each in every}
        places = sorted(found, key=lambda place: (found[place].level, place))
        unnoted = not places or found[places[0]].level > 0
        self._places = [*([_START] * unnoted), *places]
        self.order = [*self.order[:unnoted], *(self._configuration(found[place]) for place in places)]
        return range(int(unnoted), len(self.order))

    def _configuration(self, found: Found) -> Configuration:
        return self.packing.unpacked(found.words)

    def way(self, number: int) -> list[Step]:
        """The steps from the start to a configuration of `order`: found again from its end, partition by partition."""
        place, configurations = self._places[number], []
        while True:
            found: Any = self.team.one(place[0], "found", [place[1]])[0]
            configurations.append(self._configuration(found))
            if not found.level:
                break
            place = found.origin
        return [
            next(step for step in self.space.steps(before) if step.target == after)
            for before, after in pairwise(reversed(configurations))
        ]
