"""Sequences, and what a flow stands for: what must not happen is looked for by the engine, the rest by the reference.

The reference's search for what can happen goes through the steps of one session alone, so it has little to do.  Where
something may begin anywhere (`starts`), it has to look at each configuration: so it does, if they aren't too many.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from clausework.explore.charts.chart import Chart
from clausework.explore.charts.positive import Run
from clausework.explore.packed.judging import Judging
from clausework.explore.packed.runs import Unlooked, within_limits
from clausework.explore.packed.search import Order, PackedSearch
from clausework.explore.refinement.standing import standings
from clausework.explore.search.breadth_first import Progress, Watcher
from clausework.explore.verdicts.figures import figures_by
from clausework.explore.verdicts.figures import find as by_reference
from clausework.explore.verdicts.looking import MOST
from clausework.explore.verdicts.watching import Watch
from clausework.model import sequence as model
from clausework.semantics.configuration import Configuration
from clausework.semantics.session import Session
from clausework.semantics.space import Space, Step
from clausework.semantics.verdict import Verdict


class First(Order):
    """The first so many configurations that a search found, as long as there is time for them.

    Each is unpacked once: for every session and every chart all of them are gone through.
    """

    def __init__(self, search: PackedSearch, most: int) -> None:
        super().__init__(search)
        self._unpacked: dict[int, Configuration] = {}
        self._many = len(search.order) if search.most <= most else min(most, len(search.order))

    def __len__(self) -> int:
        return self._many

    def at(self, number: int) -> Configuration:
        if self._search.late:
            raise Unlooked(f"more than {self._search.seconds:g} seconds")
        found = self._unpacked.get(number)
        if found is None:
            found = self._unpacked[number] = super().at(number)
        return found


class Ended:
    """A search that doesn't go on, as the reference's reads."""

    def __init__(self, search: PackedSearch, most: int) -> None:
        self._search = search
        self.order = First(search, most)
        self.steps, self.depth, self.interrupted = search.steps, search.depth, search.interrupted
        self.further = len(self.order) < len(search.order)
        self.stopped = search.stopped or (f"more than {most:,} configurations" if self.further else "")

    def way(self, number: int) -> list[Step]:
        return self._search.way(number)

    def goes_on(self, _watcher: Watcher | None = None) -> bool:
        return False


@dataclass
class Near:
    """What sequences may begin in, and how much is looked at for each."""

    space: Space
    watch: Watch
    most: int
    progress: Progress | None
    found: PackedSearch
    search: Ended = field(init=False)

    def __post_init__(self) -> None:
        self.search = Ended(self.found, MOST)


def figures(judging: Judging, watch: Watch) -> Iterator[Verdict]:
    """Raises `Unlooked` where it was stopped."""
    base, flow = judging.base, judging.space.system.flow
    near = Near(judging.space, watch, min(base.most, MOST), base.progress, base)

    def find(
        sequence: model.Sequence, session: Session, chart: Chart, begin: list[Configuration]
    ) -> tuple[Run | None, bool]:
        if sequence.starts:
            return by_reference(near, sequence, session, chart, begin)
        return judging.contained(session, chart)

    looked_for = tuple(each for each in flow.sequences if not (each.starts and near.search.further))
    if flow.sequences or flow.stands_for is not None:
        with within_limits(base):
            yield from figures_by(near, replace(flow, sequences=looked_for), find)
            yield from standings(near)
    if looked_for != flow.sequences:
        names = ", ".join(f"`{each.name}`" for each in flow.sequences if each not in looked_for)
        raise Unlooked(f"{names} may begin in any of more than {MOST:,} configurations")
