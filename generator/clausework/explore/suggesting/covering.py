"""A flow's sequences, each with what became of it, and the transitions that they show between them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from clausework.explore.charts.chart import charts
from clausework.explore.search.breadth_first import Progress
from clausework.explore.search.garbage import undisturbed
from clausework.explore.suggesting.suggestions import Suggestions, fired
from clausework.explore.verdicts.asking import asked_by, is_judged
from clausework.explore.verdicts.figures import castings, find, judged, negative, runs
from clausework.explore.verdicts.looking import MOST, Looked, unbound
from clausework.model.machine import Impossible
from clausework.model.sequence import Check, Sequence
from clausework.model.standard import Flow, Standard
from clausework.model.transitions import Transition
from clausework.semantics.building import default_check, system
from clausework.semantics.coverage import Coverage, Covered, Reach, Shown
from clausework.semantics.space import Space
from clausework.semantics.values import Unexplorable
from clausework.semantics.verdict import Outcome, Verdict


@undisturbed
def coverage(
    standard: Standard, flow: Flow, *, suggest: bool, progress: Progress | None = None, most: int | None = None
) -> Coverage:
    """What became of the flow's sequences; with `suggest`, also what would show the transitions that none shows.

    Raises KeyboardInterrupt, also where a search stopped for it.
    """
    covering = _Covering(standard, flow, progress, most)
    try:
        return covering.told(suggest=suggest)
    except Unexplorable as problem:
        return Coverage(
            flow=str(flow.name),
            check=str(covering.first.name),
            sequences=(),
            transitions=(),
            suggested=suggest,
            problem=unbound(covering.first, problem),
        )


class _Covering:
    def __init__(self, standard: Standard, flow: Flow, progress: Progress | None, most: int | None) -> None:
        self.standard = standard
        self.flow = flow
        self.progress = progress
        self.most = most
        self.first = next(iter(flow.checks), default_check(flow))
        self.looked_at: dict[str, Looked] = {}

    def told(self, *, suggest: bool) -> Coverage:
        looked = self._looked(self.first)
        every = tuple(self._transitions(looked))
        places = {id(each.transition): place for place, each in enumerate(every)}
        sequences = tuple(self._shown(each, places) for each in self.flow.sequences if looked.watch.sessions)
        covered = tuple(
            replace(each, sequences=tuple(one.verdict.name for one in sequences if place in one.transitions))
            for place, each in enumerate(every)
        )
        if suggest and looked.watch.sessions:
            covered = self._suggested(looked, covered)
        if any(each.search.interrupted for each in self.looked_at.values()):
            raise KeyboardInterrupt
        return Coverage(
            flow=str(self.flow.name),
            check=str(self.first.name),
            sequences=sequences,
            transitions=covered,
            suggested=suggest,
        )

    def _looked(self, check: Check) -> Looked:
        if check.name not in self.looked_at:
            space = Space(system(self.standard, self.flow, check))
            self.looked_at[check.name] = Looked(space, self.most or check.most or MOST, self.progress)
        return self.looked_at[check.name]

    # -- sequences

    def _shown(self, sequence: Sequence, places: Mapping[int, int]) -> Shown:
        """What became of it, and what its runs fire; of those that must not happen there are none."""
        looked = self._looked(asked_by(self.flow, sequence, self.first))
        of, every = charts(sequence, looked.space.system.parameters)
        found = [] if sequence.impossible else list(runs(looked, self.flow, sequence))
        shown = fired(step for run in found if run.complete for step in run.steps)
        return Shown(
            verdict=self._worst(sequence) if sequence.impossible else judged(looked, self.flow, sequence, found),
            impossible=sequence.impossible,
            charts=len(of),
            all_charts=every,
            transitions=tuple(sorted({places[id(one)] for one in self._same(looked, shown) if id(one) in places})),
        )

    def _same(self, looked: Looked, shown: Iterable[Transition], of: Looked | None = None) -> Iterator[Transition]:
        """The transitions of one check as another knows them, or else the first."""
        ours = (of or self._looked(self.first)).space.system
        theirs = {
            id(each): (number, way, place)
            for number, program in enumerate(looked.space.system.programs)
            for way, each_way in enumerate(program.ways)
            for place, each in enumerate(each_way.transitions)
        }
        for each in shown:
            number, way, place = theirs[id(each)]
            yield ours.programs[number].ways[way].transitions[place]

    def _worst(self, sequence: Sequence) -> Verdict:
        """Of all checks: what must not happen must happen in none."""
        found = []
        for check in self.flow.checks or (self.first,):
            if not is_judged(self.flow, check, sequence):
                continue
            looked = self._looked(check)
            looked.search.run(looked.watch)
            found.append(negative(looked, sequence, partial(find, looked)))
        return max(found, key=lambda verdict: _BADNESS[verdict.outcome])

    # -- transitions

    def _transitions(self, looked: Looked) -> Iterator[Covered]:
        """All transitions of the flow's machines that can be taken at all, in the order written."""
        machines = {(machine.flow, machine.name) for machine in self.flow.machines}
        for program in looked.space.system.programs:
            if (program.machine.flow, program.machine.name) in machines:
                every = (each for way in program.ways for each in way.transitions)
                for number, each in enumerate(every, 1):
                    if not isinstance(each.disposition, Impossible):
                        yield Covered(machine=str(program.machine.name), number=number, transition=each, sequences=())

    def _suggested(self, looked: Looked, covered: tuple[Covered, ...]) -> tuple[Covered, ...]:
        """In the first check, in one session after the other; then in the others, with the faults that they have."""
        found = list(covered)
        names = {str(each.name) for each in self.flow.sequences}
        for check in dict.fromkeys((self.first, *self.flow.checks)):
            here = self._looked(check)
            for session in castings(here, self.flow)[:MOST_SESSIONS]:
                left = [at for at, each in enumerate(found) if not each.sequences and each.suggestion is None]
                if not left:
                    return tuple(found)
                wanted = dict(
                    zip(left, self._same(looked, (found[each].transition for each in left), here), strict=True)
                )
                suggestions = Suggestions(here, self.flow, session, wanted.values(), names, check)
                suggestions.run()
                for number, each in wanted.items():
                    reach = min(found[number].reach or Reach.NOT_AT_ALL, suggestions.reach(each), key=_REACHES.index)
                    found[number] = replace(found[number], reach=reach, suggestion=suggestions.suggestion(each))
        return tuple(found)


MOST_SESSIONS = 3
"""In so many sessions of a check a suggestion is looked for."""

_REACHES = (Reach.SUGGESTED, Reach.NOT_ALONE, Reach.UNKNOWN, Reach.NOT_AT_ALL)

_BADNESS = {Outcome.HOLDS: 0, Outcome.NOT_LOOKED_AT: 1, Outcome.UNKNOWN: 2, Outcome.FAILS: 3}
