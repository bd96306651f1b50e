"""What a step asks for, as data, in order: timers, then messages, then links to close, then notifications.

The classes are slotted and never changed.  They aren't frozen, because a step makes several and
freezing trebles the time it takes to make one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clausework.runtime.message import Message, ToLink, ToParty, ToRole

Whom = ToRole | ToParty | ToLink


@dataclass(slots=True, unsafe_hash=True)
class Send:
    message: Message
    to: Whom


@dataclass(slots=True, unsafe_hash=True)
class StartTimer:
    """The timer now expires at `at`, on the clock that the step's `now` was read from; it may have been running."""

    timer: str
    at: float


@dataclass(slots=True, unsafe_hash=True)
class StopTimer:
    timer: str


@dataclass(slots=True, unsafe_hash=True)
class Close:
    """The link (or the links to that party) is to be closed once what was sent before has gone."""

    to: Whom


@dataclass(slots=True, unsafe_hash=True)
class Notify:
    """The application is to be told: `deliver` calls `on_<name>` with the arguments."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict, hash=False)


Effect = Send | StartTimer | StopTimer | Close | Notify
Effects = tuple[Effect, ...]

__all__ = [
    "Close",
    "Effect",
    "Effects",
    "Notify",
    "Send",
    "StartTimer",
    "StopTimer",
    "ToLink",
    "ToParty",
    "ToRole",
    "Whom",
]
