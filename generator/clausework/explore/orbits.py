"""One of each orbit by the compiled engine, where there are too many for the reference: the same orbits and verdicts.

It keeps the least of each orbit by its words, the reference the first: a trace is told under the names that lead to
just this one.

When nobody asked for it, this is what a check is explored by that is `large` and has interchangeable parties, and one
that engine c has no room or no time for: what single configurations show is better known than nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from clausework.explore import exploring as reference
from clausework.explore.packed import exploring as packed
from clausework.explore.packed.alike import Alike, as_it_is
from clausework.explore.reducing import exploring
from clausework.explore.reducing.forgetting import Forgetting
from clausework.explore.reducing.symmetry import permutations_of
from clausework.explore.search.breadth_first import Progress
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import system
from clausework.semantics.space import Space
from clausework.semantics.values import Unexplorable
from clausework.semantics.verdict import Exploration

SMALL = 20_000
"""So many configurations are looked at by the reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far is looked: configurations, bytes and seconds (None: as long as it takes), by so many threads."""

    most: int
    progress: Progress | None = None
    memory: int = 0
    seconds: float | None = None
    threads: int = 1
    began: float = field(default_factory=time.monotonic)

    def found(self, space: Space, alike: Alike) -> packed.Noted:
        left = None if self.seconds is None else max(0.0, self.seconds - (time.monotonic() - self.began))
        return packed.found_in(space, self.most, self.progress, self.memory, left, self.threads, alike=alike)


def explore(
    standard: Standard,
    flow: Flow,
    check: Check,
    *,
    progress: Progress | None = None,
    most: int | None = None,
    memory: int = 0,
    seconds: float | None = None,
    threads: int = 1,
) -> Exploration:
    """What is small by the reference, which tells what is forgotten and how much less there is by that.

    Where nobody is alike, every configuration under its own names, and then all that is asked.
    """
    limit = most or check.most or packed.MOST
    near = exploring.explore(standard, flow, check, progress=progress, most=min(limit, SMALL))
    if near.complete or near.interrupted or limit <= SMALL or not near.configurations:
        return near
    bounds = Bounds(most=limit, progress=progress, memory=memory, seconds=seconds, threads=threads)
    try:
        return by_engine(standard, flow, check, bounds)
    except packed.UNUSABLE as problem:
        found = exploring.explore(standard, flow, check, progress=progress, most=most)
        return packed.with_words(found, f"explored without engine c, which can't be used: {problem}")


def explore_large(
    standard: Standard,
    flow: Flow,
    check: Check,
    *,
    progress: Progress | None = None,
    most: int | None = None,
    memory: int = 0,
    seconds: float | None = None,
    threads: int = 1,
) -> Exploration:
    """By engine c alone: one of each orbit, if parties are interchangeable, else every configuration, runs and all."""
    bounds = Bounds(
        most=most or check.most or packed.MOST, progress=progress, memory=memory, seconds=seconds, threads=threads
    )
    try:
        found = one_of_each(standard, flow, check, bounds)
    except (Unexplorable, *packed.UNUSABLE):
        found = None
    if isinstance(found, Exploration):
        return found
    return packed.explore(
        standard,
        flow,
        check,
        progress=progress,
        most=most,
        memory=memory,
        seconds=seconds,
        threads=threads,
    )


def explore_by_any(
    standard: Standard,
    flow: Flow,
    check: Check,
    *,
    progress: Progress | None = None,
    most: int | None = None,
    memory: int = 0,
    seconds: float | None = None,
    threads: int = 1,
    sample: int = 0,
) -> Exploration:
    """By the reference; by engine c, if there is too much for it; one of each orbit, if that is too much for c, too."""
    bounds = Bounds(
        most=most or check.most or packed.MOST, progress=progress, memory=memory, seconds=seconds, threads=threads
    )
    far = packed.explore_by_either(
        standard,
        flow,
        check,
        progress=progress,
        most=most,
        memory=memory,
        seconds=seconds,
        threads=threads,
        sample=sample,
    )
    if far.complete or far.interrupted or sample or not far.configurations:
        return far
    try:
        found = one_of_each(standard, flow, check, bounds)
    except packed.UNUSABLE:
        return far
    return packed.both(far, found) if isinstance(found, Exploration) and found.complete else far


def by_engine(standard: Standard, flow: Flow, check: Check, bounds: Bounds) -> Exploration:
    """By the engine alone; raises what makes it unusable."""
    try:
        found = one_of_each(standard, flow, check, bounds)
        if isinstance(found, Exploration):
            return found
        space = Space(system(standard, flow, check))
        noted = bounds.found(space, Alike((), _forget(space)))
    except Unexplorable as problem:
        return reference.unbound_exploration(flow, check, problem, bounds.began)
    words = f"every configuration was looked at under its own names: {found}"
    return _with_words(packed.told(noted, bounds.began), noted, words)


def one_of_each(standard: Standard, flow: Flow, check: Check, bounds: Bounds) -> Exploration | str:
    """What one of each orbit tells; a text says why there are none, or that it was none after all."""
    space = Space(system(standard, flow, check))
    permutations = permutations_of(space)
    if len(permutations) == 1:
        return "no two parties are interchangeable"
    noted = bounds.found(space, Alike(permutations[1:], _forget(space)))
    if why := exploring.differing(space, permutations):
        return why
    exploring.share(noted.watch, permutations)
    found, every = exploring.summary(noted, bounds.began), noted.search.engine.stood_for()
    words = exploring.interchanged(space, permutations, found.configurations, every)
    return replace(_with_words(found, noted, words), under_all_names=every)


def _with_words(found: Exploration, noted: packed.Noted, words: str) -> Exploration:
    forgets = noted.search.tables.alike.forget is not as_it_is
    return replace(found, bounds=(*found.bounds, *((exploring.FORGOTTEN,) if forgets else ()), words))


def _forget(space: Space) -> Callable[[int, int], int]:
    forgetting = Forgetting(space)
    return forgetting.state if forgetting.any else as_it_is
