"""What a step asks for, as data, in order: timers, then messages, then links to close, then notifications.

The classes are slotted and never changed.  They aren't frozen, because a step makes several and
freezing trebles the time it takes to make one.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from clausework.runtime.message import Message, ToLink, ToParty, ToRole

Whom = ToRole | ToParty | ToLink


@dataclass(frozen=True, slots=True)
class Instance:
    """A machine of a party under a key: whose effect it is.  `key` is empty for a machine that is kept once."""

    flow: str
    machine: str
    key: tuple[Hashable, ...] = ()


@dataclass(slots=True, unsafe_hash=True)
class Send:
    """`request`: the id of this request, or of the one that this response answers; None for any other message.

    `of`, here and below, is there only in what a `Party` gives: the instance that asks for it.
    """

    message: Message
    to: Whom
    request: int | None = None
    of: Instance = field(init=False, repr=False, compare=False)


@dataclass(slots=True, unsafe_hash=True)
class StartTimer:
    """The timer now expires at `at`, on the clock that the step's `now` was read from; it may have been running.

    A party's `expires` takes the effect itself for a token: once the timer was stopped, or started for another
    moment, it is void.
    """

    timer: str
    at: float
    of: Instance = field(init=False, repr=False, compare=False)


@dataclass(slots=True, unsafe_hash=True)
class StopTimer:
    timer: str
    of: Instance = field(init=False, repr=False, compare=False)


@dataclass(slots=True, unsafe_hash=True)
class Close:
    """The link (or the links to that party) is to be closed once what was sent before has gone.

    `told`: the instance that closes hears `lost` like the others; else it knows.
    """

    to: Whom
    told: bool = False
    of: Instance = field(init=False, repr=False, compare=False)


@dataclass(slots=True, unsafe_hash=True)
class Notify:
    """The application is to be told: `deliver` calls `on_<name>` with the arguments."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict, hash=False)
    of: Instance = field(init=False, repr=False, compare=False)


@dataclass(slots=True)
class Failed:
    """A call that a hook made in the middle of a step, and that waited for its end, was refused or went wrong."""

    error: Exception


Effect = Send | StartTimer | StopTimer | Close | Notify | Failed
Effects = tuple[Effect, ...]

__all__ = [
    "Close",
    "Effect",
    "Effects",
    "Failed",
    "Instance",
    "Notify",
    "Send",
    "StartTimer",
    "StopTimer",
    "ToLink",
    "ToParty",
    "ToRole",
    "Whom",
]
