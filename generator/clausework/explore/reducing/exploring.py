"""A check, explored by one configuration of all that differ in names, or in what nobody reads any more."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from clausework.explore import exploring as reference
from clausework.explore.engines import RUNS
from clausework.explore.reducing.commuting import asymmetric
from clausework.explore.reducing.forgetting import Forgetting
from clausework.explore.reducing.symmetry import Permutation, permutations_of
from clausework.explore.search.breadth_first import Progress, Search
from clausework.explore.search.garbage import undisturbed
from clausework.explore.verdicts.answers import answers_by
from clausework.explore.verdicts.findings import findings_by
from clausework.explore.verdicts.looking import MOST, Looked, Noted, is_plain, judged_here
from clausework.explore.verdicts.watching import Seen, Watch
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import system
from clausework.semantics.configuration import Configuration
from clausework.semantics.session import Session
from clausework.semantics.space import Space
from clausework.semantics.values import Unexplorable
from clausework.semantics.verdict import Exploration

_MOST_KEPT = 200_000
FORGOTTEN = "variables that nobody reads any more don't count"


@dataclass
class Reduced:
    """What was found of one configuration of each orbit; `space` is the search's."""

    space: Space
    search: Search
    watch: Watch
    permutations: tuple[Permutation, ...]
    forgetting: Forgetting

    def orbit(self, configuration: Configuration) -> frozenset[Configuration]:
        known_as = self.forgetting.configuration(configuration)
        return frozenset(each.configuration(known_as) for each in self.permutations)

    def full_count(self) -> int:
        """How many configurations there are under all names, where what is forgotten doesn't count."""
        return sum(len(self.orbit(each)) for each in self.search.order)


def reduced(space: Space, most: int, progress: Progress | None = None) -> Reduced | str:
    """The search of the orbits; a text says why there is none, or that it was none after all."""
    permutations = permutations_of(space)
    if len(permutations) < 2:
        return "no two parties are interchangeable"
    forgetting = Forgetting(space)
    space.alike = _representative(permutations, forgetting)
    search = Search(space, most, progress)
    watch = Watch(space, tuple(each for each in judged_here(space.system) if is_plain(each)))
    search.run(watch)
    if why := differing(space, permutations):
        return why
    share(watch, permutations)
    return Reduced(space, search, watch, permutations, forgetting)


def differing(space: Space, permutations: tuple[Permutation, ...]) -> str:
    """Why parties aren't interchangeable after all, as a search shows; nothing, if they are."""
    party = asymmetric(space.reactions, permutations)
    if party is None:
        return ""
    return f"what `{space.system.parties[party].name}` does isn't what the others of its role do under their names"


def explore(
    standard: Standard, flow: Flow, check: Check, *, progress: Progress | None = None, most: int | None = None
) -> Exploration:
    """What single configurations and steps show, from one of each orbit; where nobody is alike, all that is asked."""
    began, limit = time.monotonic(), most or check.most or MOST
    try:
        found = reduced(Space(system(standard, flow, check)), limit, progress)
        if isinstance(found, str):
            told = forgetful(Space(system(standard, flow, check)), limit, progress)
            bounds = (*told.bounds, f"every configuration was looked at under its own names: {found}")
            return replace(told, bounds=bounds, seconds=time.monotonic() - began)
    except Unexplorable as problem:
        return reference.unbound_exploration(flow, check, problem, began)
    told = summary(found, began)
    if found.forgetting.any:
        told = replace(told, bounds=(*told.bounds, FORGOTTEN))
    every = found.full_count()
    words = interchanged(found.space, found.permutations, told.configurations, every)
    return replace(told, bounds=(*told.bounds, words), under_all_names=every)


def summary(found: Noted, began: float) -> Exploration:
    """What one configuration of each orbit tells."""
    verdicts = [*findings_by(found), *answers_by(found, judged_here(found.space.system))]
    unexplored = (*reference.unexplored(found), f"{RUNS}: who is who is lost where parties are interchanged")
    return reference.summary(found, verdicts, unexplored, began)


@undisturbed
def forgetful(space: Space, most: int, progress: Progress | None = None) -> Exploration:
    """By the reference, runs and all: what is forgotten changes nothing that anybody asks for."""
    began, forgetting = time.monotonic(), Forgetting(space)
    space.alike = forgetting.configuration if forgetting.any else None
    told = reference.answered(Looked(space, most, progress), began)
    return replace(told, bounds=(*told.bounds, *_forgotten(forgetting, told.configurations)))


def _forgotten(forgetting: Forgetting, looked: int) -> Iterator[str]:
    """Those that were met on the way are known to be different; there may be more."""
    if forgetting.any:
        yield (
            f"variables that nobody reads any more don't count: {looked:,} configurations stand for at least"
            f" {forgetting.met:,} (factor at least {forgetting.met / max(1, looked):.1f})"
        )


def interchanged(space: Space, permutations: tuple[Permutation, ...], looked: int, every: int) -> str:
    """Who is, and how many configurations under all names stand behind those that were looked at."""
    names = [str(each.name) for each in space.system.parties]
    moved = [name for number, name in enumerate(names) if any(each.parties[number] != number for each in permutations)]
    return (
        f"{', '.join(f'`{name}`' for name in moved)} are interchangeable: {looked:,} configurations stand for {every:,}"
        f" (factor {every / looked:.1f})"
    )


def _representative(
    permutations: tuple[Permutation, ...], forgetting: Forgetting
) -> Callable[[Configuration], Configuration]:
    """The least of those that are alike, by the numbers that states and messages got.

    Remembered, as several steps lead to each configuration; of many one begins anew: memory has an end.
    """
    known: dict[Configuration, Configuration] = {}

    def representative(configuration: Configuration) -> Configuration:
        found = known.get(configuration)
        if found is None:
            if len(known) == _MOST_KEPT:
                known.clear()
            known_as = forgetting.configuration(configuration)
            found = known[configuration] = min(each.configuration(known_as) for each in permutations)
        return found

    return representative


def share(watch: Watch, permutations: tuple[Permutation, ...]) -> None:
    """What one session shows, those show that it can be turned into."""
    places = {_cast(each): place for place, each in enumerate(watch.sessions)}
    for shown in watch.shown.values():
        for place, seen in list(shown.items()):
            for each in permutations:
                other = places.get(_turned(each, watch.sessions[place]))
                if other is not None:
                    shown.setdefault(other, Seen(seen.number, session=seen.session))


_Cast = frozenset[tuple[str, int, str, str, int]]


def _cast(session: Session) -> _Cast:
    """Who plays what, by which instance."""
    return frozenset(
        (lifeline, session.parties[lifeline], flow, machine, instance.number)
        for (lifeline, flow, machine), instance in session.instances.items()
    )


def _turned(permutation: Permutation, session: Session) -> _Cast:
    return frozenset(
        (lifeline, permutation.parties[party], flow, machine, permutation.instance(party, number))
        for lifeline, party, flow, machine, number in _cast(session)
    )
