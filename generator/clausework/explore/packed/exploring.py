"""A check of a flow, explored by the compiled engine: what it answers is what the reference would, of far more.

It answers what single configurations and steps show: findings of steps, `stuck`, `unread`, `never-given`, full queues,
`always`, `never`, `settled`, `possible`; from the steps between all that it found (`runs`), `never-leaves` and
`busy-for-ever`; and claims about runs (`judging`): `whenever`, `precedes`, `twice`, `unchanged`, and what has `if` or
`unless`; and sequences (`figures`).  What a limit or a sample keeps it from looking at, it names.
"""

import time
from dataclasses import dataclass, replace

from clausework.explore import exploring as reference
from clausework.explore.engines import CLAIMED, GOING_ON, SEQUENCES, STANDING
from clausework.explore.packed.alike import Alike, Likening, each_for_itself
from clausework.explore.packed.bounds import MOST, NONE, Bounds
from clausework.explore.packed.compiled import NoCompiler
from clausework.explore.packed.engine import MOST_WORKERS, Crew
from clausework.explore.packed.figures import figures
from clausework.explore.packed.judging import Judging
from clausework.explore.packed.layout import Unpackable
from clausework.explore.packed.observed import TooMuch
from clausework.explore.packed.runs import Runs, Unlooked, within_limits
from clausework.explore.packed.search import PackedSearch
from clausework.explore.packed.views import views
from clausework.explore.rules import INCOMPLETE
from clausework.explore.verdicts.answers import answers_by
from clausework.explore.verdicts.findings import findings_by
from clausework.explore.verdicts.looking import MOST as SMALL
from clausework.explore.verdicts.looking import is_plain, judged_here
from clausework.explore.verdicts.watching import Watch
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import system
from clausework.semantics.space import Space
from clausework.semantics.values import Unexplorable
from clausework.semantics.verdict import Exploration, Outcome, Verdict

UNUSABLE = (NoCompiler, Unpackable)
"""Why a check can't be explored by this engine."""
FEW = 2_000
"""Of so many configurations the reference tells all in a moment: this engine would take as long to begin."""


@dataclass
class Noted:
    """What the engine found, as far as it looked."""

    space: Space
    search: PackedSearch
    watch: Watch


def explore(
    standard: Standard, flow: Flow, check: Check, bounds: Bounds = NONE, alike: Likening = each_for_itself
) -> Exploration:
    """By this engine alone; by the reference, telling why, where it can't be used."""
    began = time.monotonic()
    try:
        space = Space(system(standard, flow, check))
        noted = found_in(space, bounds, alike(space))
    except Unexplorable as problem:
        return reference.unbound_exploration(flow, check, problem, began)
    except UNUSABLE as problem:
        found = reference.explore(standard, flow, check, progress=bounds.progress, most=bounds.most)
        return with_words(found, f"explored by reference, as engine c can't be used: {problem}")
    return told(noted, began)


def explore_by_either(
    standard: Standard, flow: Flow, check: Check, bounds: Bounds = NONE, alike: Likening = each_for_itself
) -> Exploration:
    """What is small by the reference, which is there at once; else by this engine, too.

    What is `alike` counts for one only beyond what the reference might have looked at.
    """
    began = time.monotonic()
    limit = bounds.most or check.most or MOST

    def by_reference(most: int) -> Exploration:
        return reference.explore(standard, flow, check, progress=bounds.progress, most=min(limit, most))

    near = by_reference(FEW)
    if near.complete and limit > FEW and any(each.outcome is Outcome.UNKNOWN for each in near.verdicts):
        return by_reference(SMALL)  # a sequence, or the flow that it stands for, was too much
    if near.complete or near.interrupted or not near.configurations:
        return near
    space = Space(system(standard, flow, check))
    stand_for = alike(space)
    if limit <= FEW and not stand_for.any:
        return near
    try:
        noted = found_in(space, replace(bounds, most=min(limit, SMALL)) if stand_for.any else bounds)
        if stand_for.any and noted.search.configurations > noted.search.most:
            noted = found_in(space, bounds.since(began), stand_for)
    except UNUSABLE as problem:
        return with_words(by_reference(SMALL), f"explored by reference alone, as engine c can't be used: {problem}")
    far = told(noted, began)
    answers_all = far.complete and set(far.unexplored) <= set(near.unexplored)
    return far if answers_all else both(near, far)


def both(near: Exploration, far: Exploration) -> Exploration:
    """What the reference didn't know, from the engine that looked further."""
    known = {(each.kind, each.name): each for each in far.verdicts if each.outcome is not Outcome.NOT_LOOKED_AT}
    verdicts = []
    for each in near.verdicts:
        further = known.pop((each.kind, each.name), None)
        if each.outcome is not Outcome.UNKNOWN:
            verdicts.append(each)
        elif further is not None or each.kind != INCOMPLETE.slug:
            verdicts.append(further or each)
    return replace(
        far,
        verdicts=(*verdicts, *known.values()),
        unexplored=tuple(dict.fromkeys((*near.unexplored, *far.unexplored))),
        interrupted=near.interrupted or far.interrupted,
        exercised=near.exercised | far.exercised,
    )


def found_in(space: Space, bounds: Bounds, alike: Alike | None = None) -> Noted:
    """What the engine finds of a space.  `alike`: which configurations one stands for; else each for itself."""
    watch = Watch(space, tuple(each for each in judged_here(space.system) if is_plain(each)))
    search = PackedSearch(
        space,
        bounds.most or space.system.check.most or MOST,
        bounds.progress,
        views=tuple(views(watch)),
        memory=bounds.memory,
        seconds=bounds.seconds,
        crew=Crew(workers=min(bounds.threads, MOST_WORKERS), sample=bounds.sample),
        alike=alike,
    )
    search.run()
    for number in search.notable():
        configuration = search.configuration(number)
        watch.configuration(number, configuration, list(space.steps(configuration)))
    watch.quiescent = search.quiescent
    return Noted(space, search, watch)


def told(noted: Noted, began: float) -> Exploration:
    """All that is asked, answered from what was found."""
    verdicts, unlooked = _findings(noted)
    judging = Judging(noted.search, noted.watch.sessions)
    verdicts += answers_by(noted, judged_here(noted.space.system), judging.answer, judging.shown)
    unlooked += [f"{CLAIMED}: {why}" for why in judging.unlooked]
    try:
        for each in figures(judging, noted.watch):
            verdicts.append(each)
    except (Unlooked, Unpackable, TooMuch) as problem:
        unlooked.append(f"{SEQUENCES}, {STANDING}: {problem}")
    return reference.summary(noted, verdicts, (*reference.unexplored(noted), *unlooked), began)


def _findings(noted: Noted) -> tuple[list[Verdict], list[str]]:
    """And what they leave out."""
    search = noted.search
    try:
        with within_limits(search):
            runs = Runs(search)
            return list(findings_by(noted, runs.never_leaving(noted.watch.resting), runs.by_itself())), []
    except Unlooked as problem:
        return list(findings_by(noted)), [f"{GOING_ON}: {problem}"]
    finally:
        search.engine.drop_runs()


def with_words(found: Exploration, words: str) -> Exploration:
    """With another bound.  Where that is why it didn't come to its end, the diagnostic says so, too."""
    verdicts = tuple(
        replace(each, diagnostic=replace(each.diagnostic, help=words))
        if each.kind == INCOMPLETE.slug and each.diagnostic
        else each
        for each in found.verdicts
    )
    return replace(found, bounds=(*found.bounds, words), verdicts=verdicts)
