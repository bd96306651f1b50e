"""Which instances hear of something: those that are kept, and those that nothing has happened to, as far as it tells.

An instance that isn't kept is in its first state.  It is woken only where that state listens and the event itself says
under which key: of ever so many others that could be, nobody knows the keys.
"""

from collections.abc import Hashable, Mapping, Sequence
from itertools import product

from clausework.runtime.links import Linked
from clausework.runtime.message import Crossing, Link
from clausework.runtime.plan import Hears, Key, Placed, Plan
from clausework.runtime.population import Population, ordered

Known = Mapping[str, Sequence[Hashable]]


def linked_to(population: Population, placed: Placed, linked: Linked, waking: frozenset[str] | None) -> list[Key]:
    """Who hears of a link; `waking`: the roles of its far end, where that may wake an instance."""
    keys = placed.part.keys
    known = {name: [linked.link] for name, each in keys.items() if each.names == "connection"}
    found = _kept(population, placed, known)
    if waking is not None:
        far = {
            name: [linked.address] for name, each in keys.items() if {each.names, placed.prefix + each.names} & waking
        }
        found += _derived(placed, {**far, **known})
    return ordered(dict.fromkeys(found))


def concerned(
    population: Population, placed: Placed, hears: Hears, crossing: Crossing, plays: frozenset[str]
) -> list[Key]:
    """Who hears of another machine: those of the same key, as far as both have it; or those that it is `of`.

    `plays`: the roles of its peers, who can't be in the place of others.
    """
    keys = placed.part.keys
    parties = [each for each in crossing.key.values() if isinstance(each, str)]
    named = {name: [value] for name, value in crossing.key.items() if name in keys}
    guessed = {
        name: [*parties, *(crossing.peers if {each.names, placed.prefix + each.names} & plays else ())]
        for name, each in keys.items()
        if each.names not in ("", "connection")
    }
    known: Known = named if hears.same else {hears.of: guessed.get(hears.of, crossing.concerned)} if hears.of else {}
    found = _kept(population, placed, known)
    if hears.wakes:
        found += _derived(placed, {**guessed, **named, **known})
    return ordered(dict.fromkeys(found))


def is_over(placed: Placed, linked: Linked) -> bool:
    """Whether an instance can be kept for the link: it carries something that the machine hears."""
    over = placed.part.over
    return placed.link is None or not over or linked.over in {placed.prefix + each for each in over}


def kept_for(plan: Plan, population: Population, link: Link) -> list[tuple[Placed, Key]]:
    """The instances that are kept for a link."""
    found = []
    for placed in plan.parts:
        names = [name for name, each in placed.part.keys.items() if each.names == "connection"]
        if names:
            found += [(placed, key) for key in _kept(population, placed, {name: [link] for name in names})]
    return found


def _kept(population: Population, placed: Placed, known: Known) -> list[Key]:
    """Those that are kept and may be meant; looked up, not looked for, where the whole key is known."""
    kept, names = population.of(placed), tuple(placed.part.keys)
    if len(known) == len(names):
        return [key for key in _derived(placed, known) if key in kept]
    wanted = [(at, known[name]) for at, name in enumerate(names) if name in known]
    return [key for key in kept if all(key[at] in values for at, values in wanted)]


def _derived(placed: Placed, known: Known) -> list[Key]:
    """All keys of what is known; none if something of them isn't."""
    names = tuple(placed.part.keys)
    return list(product(*(known[name] for name in names))) if all(name in known for name in names) else []
