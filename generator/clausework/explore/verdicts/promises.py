"""`whenever P eventually Q`: no run on which a P waits for ever.

A run may end where nothing happens by itself any more, or go round a fair cycle without a fault; `within` also bounds
the time, where a check counts it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clausework.explore.engines import Graph
from clausework.explore.search import cycles
from clausework.explore.search.breadth_first import Search
from clausework.explore.search.classes import FAULT
from clausework.explore.verdicts.observing import DUE, WRONG, Promising, Timing
from clausework.expr.evaluate import evaluate
from clausework.expr.nodes import Expr, Parameter
from clausework.model.sequence import LeadsTo, Property
from clausework.semantics.configuration import Configuration
from clausework.semantics.session import Session, Values
from clausework.semantics.space import Space, Step


@dataclass(frozen=True, slots=True)
class Broken:
    """A run that breaks a claim.  `loop`: the number of the step (from 1) that the last one leads back to."""

    steps: tuple[Step, ...]
    why: str = ""
    loop: int | None = None


def promise(space: Space, session: Session, stated: Property, claim: LeadsTo, most: int) -> Broken | bool | None:
    """A run that breaks it; else whether all runs were looked at (None: the time couldn't be counted)."""
    search = Search(space, most, observer=Promising(space, session, stated, claim))
    search.run()
    broken = _stopped(search) or _round(search)
    if broken is not None:
        return broken
    if claim.within is None:
        return not search.stopped
    if not space.system.timed:
        return None
    in_time = _late(space, session, stated, claim, claim.within, most)
    return in_time if isinstance(in_time, Broken) else in_time and not search.stopped


WAITS = "it waits for ever: nothing happens by itself any more"
GOES_ROUND = "it may go on so for ever, and what is due never comes"
LATE = "more than {} ticks have passed, and what is due hasn't come"


def _stopped(search: Search) -> Broken | None:
    """A run that ends while something is due: nothing that has to happen is left."""
    for number in range(search.looked):
        if search.memories[number] != DUE or search.broken_off[number]:
            continue
        if not any(search.classes[search.kinds[edge]] is not None for edge in search.edges(number)):
            return Broken(tuple(search.way(number)), WAITS)
    return None


def _round(search: Search) -> Broken | None:
    """A run that goes round for ever while something is due."""

    def within(_node: int, edge: int) -> bool:
        return not search.flags[edge] & FAULT and search.memories[search.targets[edge]] == DUE

    due = [number for number in range(search.looked) if search.memories[number] == DUE]
    fair = cycles.fair(search, due, within)
    if not fair:
        return None
    return around(search, cycles.part(search, fair[0]), within, GOES_ROUND)


def around(search: Graph, part: cycles.Part, within: cycles.Within, why: str) -> Broken:
    begin, cycle = cycles.lasso(search, part, within)
    before = search.way(begin)
    steps = (*before, *(search.step(node, edge) for node, edge in cycle))
    return Broken(steps, why, len(before) + 1)


def _late(space: Space, session: Session, stated: Property, claim: LeadsTo, within: Expr, most: int) -> Broken | bool:
    ticks = ticks_of(space, session, within)
    observer = Timing(space, session, stated, claim, ticks)
    search = Search(space, most, observer=observer, steps_of=lambda configuration: timed_steps(space, configuration))
    search.run()
    for number, memory in enumerate(search.memories):
        if memory == WRONG:
            return Broken(tuple(search.way(number)), LATE.format(ticks))
    return not search.stopped


def ticks_of(space: Space, session: Session, within: Expr) -> int:
    """A time in ticks: as the check says of the timer of that name, at most; else the number itself."""
    if isinstance(within, Parameter):
        for name, _, high in space.system.check.ticks:
            if name == within.name:
                return high
    value = evaluate(within, Values(space.system, session, ()))
    return value if isinstance(value, int) else 0


def timed_steps(space: Space, configuration: Configuration) -> Iterator[Step]:
    """Time passes also where no timer counts it: somebody waits."""
    passes = False
    for step in space.steps(configuration):
        passes = passes or step.label.kind == "tick"
        yield step
    if not passes:
        yield from space.ticks(configuration, always=True)
