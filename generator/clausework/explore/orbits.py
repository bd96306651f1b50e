"""One of each orbit by the compiled engine, where there are too many for the reference: the same orbits and verdicts.

It keeps the least of each orbit by its words, the reference the first: a trace is told under the names that lead to
just this one.

When nobody asked for an engine, this is what a check is explored by that is `large` and has interchangeable parties,
and one that engine c has no room or no time for: what single configurations show is better known than nothing.
Engine c then forgets what nobody reads any more, as that changes no answer; who asks for c counts what others count.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from clausework.explore import exploring as reference
from clausework.explore.packed import exploring as packed
from clausework.explore.packed.alike import Alike, as_it_is
from clausework.explore.packed.bounds import MOST, NONE, Bounds
from clausework.explore.reducing import exploring
from clausework.explore.reducing.forgetting import Forgetting
from clausework.explore.reducing.symmetry import permutations_of
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import system
from clausework.semantics.space import Space
from clausework.semantics.values import Unexplorable
from clausework.semantics.verdict import Exploration

SMALL = 20_000
"""So many configurations are looked at by the reference."""


def explore(standard: Standard, flow: Flow, check: Check, bounds: Bounds = NONE) -> Exploration:
    """What is small by the reference, which tells what is forgotten and how much less there is by that."""
    began, limit = time.monotonic(), bounds.most or check.most or MOST
    near = exploring.explore(standard, flow, check, progress=bounds.progress, most=min(limit, SMALL))
    if near.complete or near.interrupted or limit <= SMALL or not near.configurations:
        return near
    try:
        return by_engine(standard, flow, check, bounds.since(began))
    except packed.UNUSABLE as problem:
        found = exploring.explore(standard, flow, check, progress=bounds.progress, most=bounds.most)
        return packed.with_words(found, f"explored without engine c, which can't be used: {problem}")


class Forgetful:
    """Has an engine forget what nobody reads any more, and tells what that came to; of a sample, nothing."""

    def __init__(self, *, sample: int) -> None:
        self._sample = sample
        self._forgetting: Forgetting | None = None

    def alike(self, space: Space) -> Alike:
        forgetting = Forgetting(space)
        if self._sample or not forgetting.any:
            return Alike()
        self._forgetting = forgetting
        return Alike((), forgetting.state)

    def told(self, found: Exploration) -> Exploration:
        """Of what was explored with what is `alike`, if it was."""
        if self._forgetting is None:
            return found
        kept, met = self._forgetting.states
        if not met:
            return found
        words = f"{exploring.FORGOTTEN}: {kept:,} states of parties stand for {met:,} (factor {met / kept:.1f})"
        return replace(found, bounds=(*found.bounds, words))


def explore_large(standard: Standard, flow: Flow, check: Check, bounds: Bounds = NONE) -> Exploration:
    """By engine c alone: one of each orbit, if parties are interchangeable, else every configuration, runs and all."""
    began = time.monotonic()
    with suppress(Unexplorable, *packed.UNUSABLE):
        found = one_of_each(standard, flow, check, bounds) if not bounds.sample else ""
        if isinstance(found, Exploration):
            return found
    forgetful = Forgetful(sample=bounds.sample)
    return forgetful.told(packed.explore(standard, flow, check, bounds.since(began), forgetful.alike))


def explore_by_any(standard: Standard, flow: Flow, check: Check, bounds: Bounds = NONE) -> Exploration:
    """By the reference; by engine c, if there is too much for it; one of each orbit, if that is too much for c, too."""
    began, forgetful = time.monotonic(), Forgetful(sample=bounds.sample)
    far = forgetful.told(packed.explore_by_either(standard, flow, check, bounds, forgetful.alike))
    if not (far.complete or far.interrupted or bounds.sample or not far.configurations):
        with suppress(*packed.UNUSABLE):
            found = one_of_each(standard, flow, check, bounds.since(began))
            if isinstance(found, Exploration) and found.complete:
                return packed.both(far, found)
    return far


def by_engine(standard: Standard, flow: Flow, check: Check, bounds: Bounds = NONE) -> Exploration:
    """One of each orbit; where there are none, every configuration but for what is forgotten, and all that is asked.

    Raises what makes the engine unusable.
    """
    began = time.monotonic()
    try:
        found = one_of_each(standard, flow, check, bounds)
        if isinstance(found, Exploration):
            return found
        space = Space(system(standard, flow, check))
        noted = packed.found_in(space, bounds.since(began), Alike((), _forget(space)))
    except Unexplorable as problem:
        return reference.unbound_exploration(flow, check, problem, began)
    words = f"every configuration was looked at under its own names: {found}"
    return _with_words(packed.told(noted, began), noted, words)


def one_of_each(standard: Standard, flow: Flow, check: Check, bounds: Bounds) -> Exploration | str:
    """What one of each orbit tells; a text says why there are none, or that it was none after all.

    KeyboardInterrupt if somebody has had enough before that was known.
    """
    began, space = time.monotonic(), Space(system(standard, flow, check))
    permutations = permutations_of(space)
    if len(permutations) == 1:
        return "no two parties are interchangeable"
    alike = Alike(permutations[1:], _forget(space))
    limit = bounds.most or check.most or MOST
    noted = packed.found_in(space, replace(bounds, most=min(limit, SMALL)), alike)
    why = exploring.differing(space, permutations)  # where it is not so, that is mostly seen soon
    if not why and noted.search.configurations > SMALL and limit > SMALL:
        noted = packed.found_in(space, bounds.since(began), alike)
        why = exploring.differing(space, permutations)
    if why:
        if noted.search.interrupted:
            raise KeyboardInterrupt
        return why
    exploring.share(noted.watch, permutations)
    found, every = exploring.summary(noted, began), noted.search.engine.stood_for()
    words = exploring.interchanged(space, permutations, found.configurations, every)
    return replace(_with_words(found, noted, words), under_all_names=every)


def _with_words(found: Exploration, noted: packed.Noted, words: str) -> Exploration:
    forgets = noted.search.tables.alike.forget is not as_it_is
    return replace(found, bounds=(*found.bounds, *((exploring.FORGOTTEN,) if forgets else ()), words))


def _forget(space: Space) -> Callable[[int, int], int]:
    forgetting = Forgetting(space)
    return forgetting.state if forgetting.any else as_it_is
