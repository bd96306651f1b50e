"""Claims about runs, judged by searches of the engine: one for each claim in each session, as the reference does."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from clausework.explore.charts.chart import Chart
from clausework.explore.charts.negative import Negative
from clausework.explore.charts.positive import Run
from clausework.explore.packed.contained import Contained
from clausework.explore.packed.engine import Crew
from clausework.explore.packed.engine import Run as Remembered
from clausework.explore.packed.layout import Unpackable
from clausework.explore.packed.observed import Observed, TooMuch
from clausework.explore.packed.runs import Runs, Unlooked, within_limits
from clausework.explore.packed.search import PackedSearch
from clausework.explore.packed.tables import Tables
from clausework.explore.packed.views import View, condition_of, of_condition
from clausework.explore.search.classes import FAULT
from clausework.explore.verdicts.answers import breaks_of, without_faults
from clausework.explore.verdicts.observing import DUE, Guarding, Keeping, Preceding, Promising, Repeating, Timing
from clausework.explore.verdicts.promises import GOES_ROUND, LATE, WAITS, Broken, around, ticks_of, timed_steps
from clausework.model.sequence import LeadsTo, Possible, Precedes, Property, Settled, Twice, Unchanged
from clausework.semantics.configuration import Configuration
from clausework.semantics.session import Session
from clausework.semantics.space import Space, Step


@dataclass
class Judging:
    """Of what was searched already, the tables and the limits are used; `unlooked`: why something has no answer."""

    base: PackedSearch
    sessions: tuple[Session, ...]
    unlooked: dict[str, None] = field(default_factory=dict)

    @property
    def space(self) -> Space:
        return self.base.space

    # -- what is asked

    def answer(self, session: Session, each: Property) -> Broken | bool | None:
        try:
            with within_limits(self.base):
                return self._answer(session, each)
        except (Unlooked, Unpackable, TooMuch) as problem:
            self.unlooked[str(problem)] = None
            return None

    def shown(self, each: Property) -> dict[int, list[Step]] | None:
        """For each session that shows that something is possible, a shortest way to where it does."""
        try:
            with within_limits(self.base):
                ways = ((place, self._way_to(session, each)) for place, session in enumerate(self.sessions))
                return {place: way for place, way in ways if way is not None}
        except (Unlooked, Unpackable, TooMuch) as problem:
            self.unlooked[str(problem)] = None
            return None

    def _answer(self, session: Session, each: Property) -> Broken | bool | None:
        space, claim = self.space, each.claim
        match claim:
            case LeadsTo():
                return self._promise(session, each, claim)
            case Precedes():
                return self._wrong(Observed(Preceding(space, session, each, claim)))
            case Twice():
                return self._wrong(Observed(Repeating(space, session, each, claim)))
            case Unchanged():
                return self._wrong(Observed(Keeping(space, session, each, claim)))
        return self._guarded(Guarding(space, session, each))

    # -- searches

    def _search(
        self,
        run: Remembered,
        views: tuple[View, ...] = (),
        steps_of: Callable[[Configuration], Iterable[Step]] | None = None,
        tables: Tables | None = None,
    ) -> PackedSearch:
        base = self.base
        search = PackedSearch(
            base.space,
            base.most,
            base.progress,
            views=views,
            memory=max(1, base.memory - base.engine.runs_bytes()) if base.memory else 0,
            seconds=base.left,
            crew=Crew(base.crew.workers, base.crew.grain),
            word=base.packing.word,
            run=run,
            steps_of=steps_of,
            tables=tables or base.tables,
        )
        search.run()
        if search.interrupted:
            raise KeyboardInterrupt
        return search

    def contained(self, session: Session, chart: Chart) -> tuple[Run | None, bool]:
        """A run from the very start that contains the events of a chart; and whether all was looked at."""
        wanted = Negative(self.space, session, chart)
        search = self._search(
            Remembered(Contained(wanted)), steps_of=wanted.steps, tables=self._beyond(wanted) if wanted.beyond else None
        )
        if search.wrong is None:
            return None, not search.stopped
        return Run(self.space.start(), tuple(search.way(search.wrong)), complete=True, session=session), True

    def _beyond(self, wanted: Negative) -> Tables:
        """With commands that the chart has, though the check doesn't let anybody give them."""
        may_happen = wanted.may_happen
        tables = Tables(self.space, beyond=lambda label: may_happen(Step(label, None)), alike=self.base.tables.alike)
        tables.begin()
        return tables

    def _wrong(self, observed: Observed) -> Broken | bool:
        search = self._search(Remembered(observed))
        return not search.stopped if search.wrong is None else Broken(tuple(search.way(search.wrong)))

    def _promise(self, session: Session, stated: Property, claim: LeadsTo) -> Broken | bool | None:
        space = self.space
        search = self._search(Remembered(Observed(Promising(space, session, stated, claim), DUE)))
        broken = self._for_ever(search)
        if broken is not None:
            return broken
        if claim.within is None:
            return not search.stopped
        if not space.system.timed:
            return None
        ticks = ticks_of(space, session, claim.within)
        observed = Observed(Timing(space, session, stated, claim, ticks))
        timed = self._search(Remembered(observed, timed=True), steps_of=lambda at: timed_steps(space, at))
        if timed.wrong is not None:
            return Broken(tuple(timed.way(timed.wrong)), LATE.format(ticks))
        return not timed.stopped and not search.stopped

    def _for_ever(self, search: PackedSearch) -> Broken | None:
        """A run on which something is due for ever: it ends, or goes round."""
        runs = Runs(search)
        halted = search.engine.halted()
        if halted is not None:
            return Broken(tuple(search.way(halted)), WAITS)
        due = runs.due()
        if due is None:
            return None
        return around(runs, due, lambda _node, edge: not runs.flags[edge] & FAULT, GOES_ROUND)

    def _guarded(self, observer: Guarding) -> Broken | bool:
        """A plain claim, where it counts."""
        condition, quiescent = condition_of(observer.stated), isinstance(observer.stated.claim, Settled)
        view = of_condition(self.space, observer.session, condition, quiescent=quiescent)
        search = self._search(Remembered(Observed(observer, counts=True)), (view,) if condition is not None else ())
        breaks = breaks_of(observer)
        for number in search.notable():
            if search.remembered(number) is True:
                step = breaks(search, number)
                if step is not False:
                    steps = search.way(number)
                    return Broken((*steps, step) if isinstance(step, Step) else tuple(steps))
        return not search.stopped

    def _way_to(self, session: Session, each: Property) -> list[Step] | None:
        assert isinstance(each.claim, Possible)
        space, observer = self.space, Guarding(self.space, session, each)
        view = of_condition(space, session, each.claim.condition, quiescent=False)
        run = Remembered(Observed(observer, counts=True), faultless=True)
        search = self._search(run, (view,), lambda at: without_faults(space, at))
        for number in search.noted:
            counts = search.remembered(number) is True
            if counts and observer.matcher.holds(each.claim.condition, search.order[number]):
                return search.way(number)
        return None
