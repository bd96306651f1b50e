"""A handler's memory as plain JSON values, and back: what a store keeps over a restart."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, Any

from clausework.runtime.deferring import MOST_DEFERRED, Deferring
from clausework.runtime.errors import SnapshotError
from clausework.runtime.message import Peer
from clausework.runtime.shapes import Address, Shape, Token, Whole

if TYPE_CHECKING:
    from clausework.runtime.handler import Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What to keep of one machine: attributes by the specification's names.

    `timers` are (name, attribute); `deferred` has the messages that may wait, None where none can.
    """

    machine: str
    states: type[StrEnum]
    variables: Mapping[str, tuple[str, Shape]]
    timers: Mapping[str, str]
    deferred: Whole | None = None


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
        data["deferred"] = [
            [record.deferred.dump(message), peer.address, peer.role, Token().dump(peer.link)]
            for message, peer in handler.deferred
        ]
    return data


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


def _moment(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise SnapshotError(f"{value!r} is not a moment")
    return value


def _deferred(data: object, messages: Whole) -> tuple[Any, ...]:
    if not isinstance(data, list) or len(data) > MOST_DEFERRED:
        raise SnapshotError("not the messages that wait")
    waiting = []
    for entry in data:
        if not isinstance(entry, list) or len(entry) != 4:
            raise SnapshotError("not a message that waits")
        message, address, role, link = entry
        peer = Peer(Address().load(address), Address().load(role), Token().load(link))
        waiting.append((messages.load(message), peer))
    return tuple(waiting)
