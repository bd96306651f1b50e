"""A check, explored by one configuration of each orbit."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from clausework.explore import exploring as reference
from clausework.explore.reducing.commuting import asymmetric
from clausework.explore.reducing.symmetry import Permutation, permutations_of
from clausework.explore.search.breadth_first import Progress, Search
from clausework.explore.verdicts.answers import plain_answers
from clausework.explore.verdicts.findings import plain_findings
from clausework.explore.verdicts.looking import MOST, RUNS, is_plain, judged_here
from clausework.explore.verdicts.watching import Seen, Watch
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import system
from clausework.semantics.configuration import Configuration
from clausework.semantics.session import Session
from clausework.semantics.space import Space
from clausework.semantics.values import Unexplorable
from clausework.semantics.verdict import Exploration


@dataclass
class Reduced:
    """What was found of one configuration of each orbit; `space` is the search's."""

    space: Space
    search: Search
    watch: Watch
    permutations: tuple[Permutation, ...]

    def orbit(self, configuration: Configuration) -> frozenset[Configuration]:
        return frozenset(each.configuration(configuration) for each in self.permutations)

    def full_count(self) -> int:
        """How many configurations there are with all that are alike."""
        return sum(len(self.orbit(each)) for each in self.search.order)


def reduced(space: Space, most: int, progress: Progress | None = None) -> Reduced | str:
    """The search of the orbits; a text says why there is none, or that it was none after all."""
    permutations = permutations_of(space)
    if len(permutations) < 2:
        return "no two parties are interchangeable"
    search = Search(space, most, progress, alike=_representative(permutations))
    watch = Watch(space, tuple(each for each in judged_here(space.system) if is_plain(each)))
    search.run(watch)
    party = asymmetric(space.reactions, permutations)
    if party is not None:
        return f"what `{space.system.parties[party].name}` does isn't what the others of its role do under their names"
    _shared(watch, permutations)
    return Reduced(space, search, watch, permutations)


def explore(
    standard: Standard, flow: Flow, check: Check, *, progress: Progress | None = None, most: int | None = None
) -> Exploration:
    """What single configurations and steps show, from one of each orbit; or from all, where nobody is alike."""
    began = time.monotonic()
    try:
        found = reduced(Space(system(standard, flow, check)), most or check.most or MOST, progress)
    except Unexplorable as problem:
        return reference.unbound_exploration(flow, check, problem, began)
    if isinstance(found, str):
        whole = reference.explore(standard, flow, check, progress=progress, most=most)
        return replace(whole, bounds=(*whole.bounds, f"every configuration was looked at: {found}"))
    verdicts = [*plain_findings(found), *plain_answers(found, judged_here(found.space.system))]
    unexplored = (*reference.unexplored(found), f"{RUNS}: who is who is lost where parties are interchanged")
    told = reference.summary(found, verdicts, unexplored, began)
    return replace(told, bounds=(*told.bounds, *_words(found)))


def _words(found: Reduced) -> Iterator[str]:
    names = [str(each.name) for each in found.space.system.parties]
    moved = [
        name for number, name in enumerate(names) if any(each.parties[number] != number for each in found.permutations)
    ]
    looked, every = len(found.search.order), found.full_count()
    yield (
        f"{', '.join(f'`{name}`' for name in moved)} are interchangeable: {looked:,} configurations stand for {every:,}"
        f" (factor {every / looked:.1f})"
    )


def _representative(permutations: tuple[Permutation, ...]) -> Callable[[Configuration], Configuration]:
    """The least of those that are alike, by the numbers that states and messages got."""

    def representative(configuration: Configuration) -> Configuration:
        return min(each.configuration(configuration) for each in permutations)

    return representative


def _shared(watch: Watch, permutations: tuple[Permutation, ...]) -> None:
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
