"""A check of a flow, explored by decision diagrams: how much can be reached, and what of it must not be.

It answers what the compiled engine does (`packed.exploring`): findings of steps, `stuck`, `unread`, `never-given`, full
queues, `always`, `never`, `settled`, and `possible` where no fault is in the check.  Of runs it says nothing; levels it
counts where there aren't too many configurations.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from clausework.explore import exploring as reference
from clausework.explore.engines import RUNS
from clausework.explore.packed.bounds import NONE, Bounds
from clausework.explore.packed.layout import Unpackable
from clausework.explore.symbolic.judging import Judging
from clausework.explore.symbolic.learning import TooMuch
from clausework.explore.symbolic.reaching import Reaching
from clausework.explore.symbolic.rings import Rings
from clausework.explore.verdicts.answers import answers_by
from clausework.explore.verdicts.findings import findings_by
from clausework.explore.verdicts.looking import is_plain, judged_here
from clausework.explore.verdicts.watching import Watch
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import system
from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Space, Step
from clausework.semantics.values import Unexplorable
from clausework.semantics.verdict import Exploration, Outcome, Verdict

UNUSABLE = (TooMuch, Unpackable)
"""Why a check can't be explored by this engine."""
MOST_IN_LEVELS = 300_000
"""Of so many configurations levels are counted, as the other engines do: as many as the reference looks at."""


@dataclass
class Shown:
    """Of all that was reached, the configurations that show something, nearest first; the start is number 0."""

    stopped: str
    interrupted: bool
    order: Sequence[Configuration] = ()
    ways: list[list[Step]] = field(default_factory=list)
    steps: int = 0
    depth: int = 0

    def way(self, number: int) -> list[Step]:
        return self.ways[number]


@dataclass
class Noted:
    """What was found, and what the reference's watcher says of it."""

    space: Space
    reaching: Reaching
    watch: Watch
    search: Shown
    unasked: set[str]


def explore(standard: Standard, flow: Flow, check: Check, bounds: Bounds = NONE) -> Exploration:
    """By this engine alone; by the reference, telling why, where it can't be used.  NoLibrary if there is none."""
    began = time.monotonic()
    try:
        noted = looked(Space(system(standard, flow, check)), bounds)
    except Unexplorable as problem:
        return reference.unbound_exploration(flow, check, problem, began)
    except UNUSABLE as problem:
        found = reference.explore(standard, flow, check, progress=bounds.progress, most=bounds.most)
        why = f"explored by reference, as engine symbolic can't be used: {problem}"
        return replace(found, bounds=(*found.bounds, why))
    return _told(noted, began)


def looked(space: Space, bounds: Bounds = NONE) -> Noted:
    """All that can be reached, and of what is to be seen there, the nearest of each kind."""
    reaching = Reaching(space, bounds.progress, bounds.seconds, bounds.memory)
    reaching.run()
    watch = Watch(space, tuple(each for each in judged_here(space.system) if is_plain(each)))
    judging, rings = Judging(reaching, watch), Rings(reaching)
    ways = sorted((rings.way(each) for each in judging.sets()), key=len)
    shown = Shown(reaching.stopped, reaching.interrupted)
    if not reaching.stopped and reaching.configurations() <= MOST_IN_LEVELS:
        shown.depth = rings.levels()
    shown.order = tuple(dict.fromkeys(each[-1] for each in ([space.start()], *ways)))
    nearest = {each[-1]: each for each in reversed(ways)} | {space.start(): [space.start()]}
    shown.ways = [rings.steps(nearest[each]) for each in shown.order]
    for number, configuration in enumerate(shown.order):
        watch.configuration(number, configuration, list(space.steps(configuration)))
    judging.exercise()
    watch.quiescent = reaching.symbols.diagrams.count(judging.quiescent)
    return Noted(space, reaching, watch, shown, judging.unasked)


def _told(noted: Noted, began: float) -> Exploration:
    verdicts = [*findings_by(noted), *answers_by(noted, judged_here(noted.space.system))]
    unexplored = (*reference.unexplored(noted), f"{RUNS}: engine symbolic doesn't tell")
    told = reference.summary(noted, [_asked(noted, each) for each in verdicts], unexplored, began)
    return replace(told, configurations=noted.reaching.configurations(), steps=noted.reaching.steps())


def _asked(noted: Noted, verdict: Verdict) -> Verdict:
    """What speaks of too many states at once wasn't judged, unless it fails all the same."""
    unjudged = verdict.kind == "property" and verdict.name in noted.unasked and verdict.outcome is not Outcome.FAILS
    return replace(verdict, outcome=Outcome.NOT_LOOKED_AT, trace=None, diagnostic=None) if unjudged else verdict
