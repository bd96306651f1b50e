"""What a party can react to, and what its reaction is: values only."""

from dataclasses import dataclass
from enum import StrEnum

from clausework.expr.nodes import Value
from clausework.model.about import About
from clausework.model.transitions import Transition
from clausework.semantics.configuration import Message, PartyState


@dataclass(frozen=True, slots=True)
class Commanded:
    """The application asks for something (R1).  `instance` as in `System.instances` of the party."""

    instance: int
    command: str
    arguments: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The head of a queue arrives (R2)."""

    link: int
    message: Message


@dataclass(frozen=True, slots=True)
class Expired:
    """A timer runs out (R3): the one that handler number `way` waits for."""

    instance: int
    way: int


@dataclass(frozen=True, slots=True)
class Noticed:
    """This end sees that a link is gone (R6)."""

    link: int


@dataclass(frozen=True, slots=True)
class Saw:
    """This end sees a link: it opened it (R4), or accepted it (R5)."""

    link: int


@dataclass(frozen=True, slots=True)
class Crossed:
    """Another instance of the party came into states, or left them; never an event from outside."""

    entered: bool
    instance: int
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restarted:
    """The party has lost all that isn't durable, and sees no link (R7)."""


Event = Commanded | Delivered | Expired | Noticed | Saw | Restarted | Crossed


class Kind(StrEnum):
    """What can be found in a step."""

    IMPOSSIBLE = "impossible"
    TWO_TRANSITIONS = "two-transitions"
    OUT_OF_RANGE = "out-of-range"
    SENT_TO_NOWHERE = "sent-to-nowhere"
    TOO_MANY_DEFERRED = "too-many-deferred"
    NOBODY_TAKES = "nobody-takes"
    GIVEN_TWICE = "given-twice"


@dataclass(frozen=True, slots=True)
class Found:
    """Something wrong in a step; `about` is the element that it is to be shown at."""

    kind: Kind
    text: str
    about: About
    help: str = ""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A message on its way into a link; `link` None: there was none to send it on.  `instance`: who sends it."""

    link: int | None
    receiver: str
    message: Message
    about: About
    instance: int = -1


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification to the application."""

    instance: int
    name: str
    arguments: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Answered:
    instance: int
    decision: str
    answer: str
    values: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Fired:
    instance: int
    transition: Transition


@dataclass(frozen=True, slots=True)
class Reaction:
    """One way in which a party takes an event.  `disposed`: the word of the disposition, where no transition fired.

    With `findings` the step may still have happened (`two-transitions`, `sent-to-nowhere`); `after` is None if not.
    `taker`: the instance that took the message first; `ended`: (message, link, id) of the requests that
    aren't open any more.
    """

    event: Event
    after: PartyState | None
    sends: tuple[Dispatch, ...] = ()
    closed: tuple[int, ...] = ()
    notices: tuple[Notice, ...] = ()
    answers: tuple[Answered, ...] = ()
    fired: tuple[Fired, ...] = ()
    findings: tuple[Found, ...] = ()
    disposed: str = ""
    taker: int | None = None
    ended: frozenset[tuple[str, int, int]] = frozenset()
