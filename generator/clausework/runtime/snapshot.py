"""A handler's memory as plain JSON values, and back: what a store keeps over a restart."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, Any

from clausework.runtime.deferring import MOST_DEFERRED, Deferring
from clausework.runtime.errors import SnapshotError
from clausework.runtime.message import Message, Peer
from clausework.runtime.requests import MOST_ISSUED, MOST_OPEN, Open, Owed, Requesting
from clausework.runtime.shapes import Address, Integer, Shape, Text, Token, Whole

if TYPE_CHECKING:
    from clausework.runtime.handler import Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What to keep of one machine: attributes by the specification's names.

    `timers` are (name, attribute); `deferred` has the messages that may wait, None where none can; `requests`
    those that may be open or owed.
    """

    machine: str
    states: type[StrEnum]
    variables: Mapping[str, tuple[str, Shape]]
    timers: Mapping[str, str]
    deferred: Whole | None = None
    requests: tuple[type[Message], ...] | None = None


def dump(handler: "Handler", record: Record) -> dict[str, object]:
    data: dict[str, object] = {
        "machine": record.machine,
        "state": str(handler.state),
        "variables": {
            name: shape.dump(getattr(handler, attribute)) for name, (attribute, shape) in record.variables.items()
        },
        "timers": {
            name: getattr(handler, attribute)
            for name, attribute in record.timers.items()
            if getattr(handler, attribute) is not None
        },
    }
    if isinstance(handler, Deferring) and record.deferred is not None:
        data["deferred"] = [[record.deferred.dump(message), *_dumped(peer)] for message, peer in handler.deferred]
    if isinstance(handler, Requesting):
        data["open"] = [[each.request.NAME, Token().dump(each.link), each.id, each.scope] for each in handler.open]
        data["owed"] = [[each.request.NAME, *_dumped(each.sender)] for each in handler.owed]
        data["issued"] = handler.issued
    return data


def _dumped(peer: Peer) -> list[object]:
    return [peer.address, peer.role, Token().dump(peer.link), peer.request]


def load(handler: "Handler", record: Record, data: object) -> None:
    """Fills in a fresh handler; SnapshotError, whatever is wrong with `data`."""
    try:
        _load(handler, record, data)
    except SnapshotError:
        raise
    except (ValueError, TypeError, AssertionError) as error:
        raise SnapshotError(f"{record.machine}: {error}") from error


def _load(handler: "Handler", record: Record, data: object) -> None:
    parts = {"machine", "state", "variables", "timers"} | ({"deferred"} if record.deferred else set())
    parts |= {"open", "owed", "issued"} if record.requests is not None else set()
    if not isinstance(data, dict) or data.keys() != parts:
        raise SnapshotError(f"{record.machine}: not a snapshot: it must have {', '.join(sorted(parts))}")
    if data["machine"] != record.machine:
        raise SnapshotError(f"{record.machine}: this is a snapshot of {data['machine']!r}")
    variables, timers = data["variables"], data["timers"]
    if not isinstance(variables, dict) or variables.keys() != record.variables.keys():
        raise SnapshotError(f"{record.machine}: not its variables")
    if not isinstance(timers, dict) or not timers.keys() <= record.timers.keys():
        raise SnapshotError(f"{record.machine}: not its timers")
    if not isinstance(data["state"], str):
        raise SnapshotError(f"{record.machine}: not a state")
    setattr(handler, "state", record.states(data["state"]))  # noqa: B010 - the slot is the subclass's
    for name, (attribute, shape) in record.variables.items():
        setattr(handler, attribute, shape.load(variables[name]))
    for name, deadline in timers.items():
        setattr(handler, record.timers[name], _moment(deadline))
    if isinstance(handler, Deferring) and record.deferred is not None:
        handler.wait(_deferred(data["deferred"], record.deferred))
    if isinstance(handler, Requesting) and record.requests is not None:
        handler.keep(*_requests(data, record.requests))


def _moment(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise SnapshotError(f"{value!r} is not a moment")
    return value


def _deferred(data: object, messages: Whole) -> tuple[Any, ...]:
    if not isinstance(data, list) or len(data) > MOST_DEFERRED:
        raise SnapshotError("not the messages that wait")
    waiting = []
    for entry in data:
        message, *peer = _entry(entry, 5)
        waiting.append((messages.load(message), _peer(peer)))
    return tuple(waiting)


def _requests(data: dict[str, Any], kinds: tuple[type[Message], ...]) -> tuple[Any, Any, int]:
    opened, owed = data["open"], data["owed"]
    if not isinstance(opened, list) or len(opened) > MOST_OPEN or not isinstance(owed, list) or len(owed) > MOST_OPEN:
        raise SnapshotError("not what is open and owed")
    by_name = {kind.NAME: kind for kind in kinds}
    known = [
        Open(_kind(name, by_name), Token().load(link), _ID.load(number), Text().load(scope))
        for name, link, number, scope in (_entry(each, 4) for each in opened)
    ]
    debts = [Owed(_kind(name, by_name), _peer(peer)) for name, *peer in (_entry(each, 5) for each in owed)]
    return tuple(known), tuple(debts), _ID.load(data["issued"])


def _kind(name: object, by_name: Mapping[str, type[Message]]) -> type[Message]:
    if not isinstance(name, str) or name not in by_name:
        raise SnapshotError(f"{name!r} is no request")
    return by_name[name]


def _entry(data: object, size: int) -> list[Any]:
    if not isinstance(data, list) or len(data) != size:
        raise SnapshotError(f"not a list of {size}")
    return data


def _peer(data: list[Any]) -> Peer:
    address, role, link, request = data
    number = None if request is None else _ID.load(request)
    return Peer(Address().load(address), Address().load(role), Token().load(link), number)


_ID = Integer(0, MOST_ISSUED)
