"""In which order the variables stand: fields that change together close together (FORCE: Aloul, Markov, Sakallah 2003).

The size of a diagram depends on it more than on anything else.  What changes together is guessed from who is linked
with whom and from keys that name a party, and known from what was learned, once something was.
"""

from collections.abc import Iterator

from clausework.explore.packed.tables import Ask, Tables
from clausework.explore.symbolic.fields import Fields

_ROUNDS, _PATIENCE = 60, 8

Edge = frozenset[int]
"""Fields that belong together."""


def ordered(fields: Fields) -> list[int]:
    """All fields: each round moves every one to the middle of where those are that it belongs together with."""
    edges = list(dict.fromkeys((*_linked(fields), *_named(fields), *_learned(fields))))
    places = {each: float(place) for place, each in enumerate(_by_link(fields))}
    best, least, latest = list(places), float("inf"), 0
    for number in range(_ROUNDS):
        order = sorted(places, key=lambda each: (places[each], each))
        places = {each: float(place) for place, each in enumerate(order)}
        stretched = sum(max(places[each] for each in edge) - min(places[each] for each in edge) for edge in edges)
        if stretched < least:
            best, least, latest = order, stretched, number
        if number - latest > _PATIENCE:
            break
        pulls: dict[int, list[float]] = {}
        for edge in edges:
            middle = sum(places[each] for each in edge) / len(edge)
            for each in edge:
                pulls.setdefault(each, []).append(middle)
        places |= {each: sum(found) / len(found) for each, found in pulls.items()}
    return best


def _by_link(fields: Fields) -> list[int]:
    """A first order: each link with its client, then whatever is left."""
    found: dict[int, None] = {}
    for link in fields.tables.space.system.links:
        found |= dict.fromkeys((*fields.parts[link.client], *_of_link(fields, link.number)))
    return [*found, *(place for place in range(len(fields.names)) if place not in found)]


def _of_link(fields: Fields, link: int) -> list[int]:
    found = [*fields.queues[2 * link], *fields.queues[2 * link + 1]]
    if fields.wired:
        found += (fields.wires[link], fields.seen[link, 0], fields.seen[link, 1])
    return found


def _linked(fields: Fields) -> Iterator[Edge]:
    for link in fields.tables.space.system.links:
        for queue in (2 * link.number, 2 * link.number + 1):
            yield frozenset(fields.queues[queue])
        yield frozenset(_of_link(fields, link.number))
        for end in (link.client, link.server):
            if len(list(fields.tables.space.system.links_of(end))) == 1:
                yield frozenset((*fields.parts[end], *_of_link(fields, link.number)))


def _named(fields: Fields) -> Iterator[Edge]:
    """An instance whose key names a party, or a link, is about what goes on between the two."""
    system = fields.tables.space.system
    names = {str(party.name): number for number, party in enumerate(system.parties)}
    for party, instances in enumerate(system.instances):
        for instance in instances:
            for value in instance.key:
                others = [names[value]] if isinstance(value, str) and value in names else []
                links = [link.number for other in others for link in system.links_to(party, other)]
                links += [value] if isinstance(value, int) and value < len(system.links) else []
                for link in links:
                    yield frozenset((fields.parts[party][instance.number], *_of_link(fields, link)))


def _learned(fields: Fields) -> Iterator[Edge]:
    """What a reaction changes, with the queues that it takes from and sends to."""
    tables: Tables = fields.tables
    for row in tables.rows:
        if row.kind is Ask.GROWS_OLDER:
            continue
        party = tables.party(row)
        before = fields.of_party(party, row.state)
        for known in tables.reactions(row):
            if known.state is None:
                continue
            then = fields.of_party(party, tables.local(party, known.state))
            changed = {part for part, old, new in zip(fields.parts[party], before, then, strict=True) if old != new}
            for queue in (*(queue for queue, _ in known.sends), *((row.which,) if row.kind is Ask.TAKES else ())):
                changed |= set(fields.queues[queue])
            if len(changed) > 1:
                yield frozenset(changed)
