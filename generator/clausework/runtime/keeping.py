"""A whole party's memory as plain JSON values, and back.

What is taken is everything but the links' tokens' own meaning: a party that comes back after a crash restores this,
then says `lost` for every link that is in it (or `restarted`, if only what is durable should count).
"""

from typing import TYPE_CHECKING, Any

from clausework.runtime.errors import ProtocolError, SnapshotError
from clausework.runtime.links import Linked
from clausework.runtime.plan import Key, Placed
from clausework.runtime.requests import MOST_ISSUED
from clausework.runtime.shapes import Address, Integer, Text, Token

if TYPE_CHECKING:
    from clausework.runtime.party import Party

_PARTS = ("role", "me", "issued", "links", "instances")
_ISSUED = Integer(0, MOST_ISSUED // 2)


def dump(party: "Party") -> dict[str, object]:
    """SnapshotError where a link, or another key, is nothing that JSON has."""
    try:
        return _dump(party)
    except ValueError as error:
        raise SnapshotError(f"{party.plan.role}: {error}") from error


def _dump(party: "Party") -> dict[str, object]:
    return {
        "role": party.plan.role,
        "me": party.me,
        "issued": party.issued,
        "links": [[Token().dump(each.link), each.address, each.role, each.over] for each in party.links],
        "instances": [
            [placed.flow, placed.machine, _dumped(placed, key), handler.snapshot()]
            for placed, key, handler in party.population.every()
        ],
    }


def load(party: "Party", data: object) -> None:
    """Fills in a fresh party; SnapshotError, whatever is wrong with `data`."""
    try:
        _load(party, data)
    except SnapshotError:
        raise
    except (ValueError, TypeError, AssertionError, ProtocolError) as error:
        raise SnapshotError(f"{party.plan.role}: {error}") from error


def _load(party: "Party", data: object) -> None:
    if not isinstance(data, dict) or data.keys() != set(_PARTS):
        raise SnapshotError(f"{party.plan.role}: not a snapshot: it must have {', '.join(_PARTS)}")
    if (data["role"], data["me"]) != (party.plan.role, party.me):
        raise SnapshotError(f"{party.plan.role}: this is a snapshot of another party")
    party.issued = _ISSUED.load(data["issued"])
    for link, address, role, over in (_entry(each) for each in _many(data["links"], party)):
        linked = Linked(
            link=Token().load(link), address=Address().load(address), role=Text().load(role), over=Text().load(over)
        )
        party.links.add(party.links.checked(linked))
    for flow, machine, key, inside in (_entry(each) for each in _many(data["instances"], party)):
        placed = party.plan.by_name.get((Text().load(flow), Text().load(machine)))
        if placed is None:
            raise SnapshotError(f"{party.plan.role}: it runs no {machine!r} of {flow!r}")
        _recall(party, placed, _loaded(placed, key), inside)


def _recall(party: "Party", placed: Placed, key: Key, data: object) -> None:
    population = party.population
    if population.find(placed, key) is not None:
        raise SnapshotError(f"{placed.machine}: the same key twice")
    handler = placed.part.handler.restore(data, **population.given(placed, key))
    population.add(placed, key, population.adopted(placed, handler))
    if placed.asks:
        population.note(placed, key, (), handler.open)
    for timer, (_, attribute) in placed.part.timers.items():
        if getattr(handler, attribute) is not None:
            party.reaction.deadlines.add(getattr(handler, attribute), placed, key, timer)


def _dumped(placed: Placed, key: Key) -> list[object]:
    return [each.shape.dump(value) for each, value in zip(placed.part.keys.values(), key, strict=True)]


def _loaded(placed: Placed, data: object) -> Key:
    components = list(placed.part.keys.values())
    if not isinstance(data, list) or len(data) != len(components):
        raise SnapshotError(f"{placed.machine}: not its key")
    return tuple(each.shape.load(value) for each, value in zip(components, data, strict=True))


def _many(data: object, party: "Party") -> list[Any]:
    """No more than the party itself would keep."""
    if not isinstance(data, list) or len(data) > party.population.most:
        raise SnapshotError(f"{party.plan.role}: not a list, or too long a one")
    return data


def _entry(data: object) -> list[Any]:
    if not isinstance(data, list) or len(data) != 4:
        raise SnapshotError("not an entry of four")
    return data
