"""What a moment looks like: states of instances, of parties, of everybody.

Every key has an instance, so a party's state is a tuple over a fixed list: nothing is created or destroyed, and an
instance "not there" is one at its initial value.
"""

from dataclasses import dataclass
from typing import NamedTuple

from clausework.expr.nodes import Value


class Message(NamedTuple):
    """A message in flight; `values` in the order of its fields.

    `request`: of a request its id, of a response that of the request it answers; None where nobody answers or asked.
    """

    name: str
    values: tuple[Value, ...]
    request: int | None = None


class Open(NamedTuple):
    """A request that an instance waits to be answered, as long as it stays in `scope` (None: wherever it is)."""

    message: str
    link: int
    id: int
    scope: str | None


class Owed(NamedTuple):
    """A request that an instance has taken and not answered yet."""

    message: str
    link: int
    id: int


@dataclass(frozen=True, slots=True)
class InstanceState:
    """`armed` are the timers running, by the number of the handler that waits for them; `deferred`: (link, message).

    `ages` in ticks, of the timers armed in the order of their numbers; empty where time isn't counted.  `open` and
    `owed` are the requests sent and taken that have no answer yet, oldest first.
    """

    state: str
    variables: tuple[Value, ...]
    armed: frozenset[int] = frozenset()
    deferred: tuple[tuple[int, Message], ...] = ()
    ages: tuple[int, ...] = ()
    open: tuple[Open, ...] = ()
    owed: tuple[Owed, ...] = ()


Question = tuple[str, tuple[Value, ...], Value]
"""A decision that is asked: its name, the key of the instance that asks, what it was told."""

Answer = tuple[str, str, tuple[tuple[str, Value], ...]]
"""Decision, answer, and what the answer carries."""


@dataclass(frozen=True, slots=True)
class PartyState:
    """`instances` as in `System.instances` of the party; `seen` the links that this end sees, by their number.

    `rigid`: the answers that rigid decisions got, for ever.
    """

    instances: tuple[InstanceState, ...]
    seen: frozenset[int]
    rigid: frozenset[tuple[Question, Answer]] = frozenset()


UP, CUT, DOWN, BROKEN = "up", "cut", "down", "broken"
"""`BROKEN`: cut where the check says that both ends notice together; nothing else happens before they have."""


class Configuration(NamedTuple):
    """Everybody, and what is between them: numbers stand for party states and messages (`Space` knows which).

    `parties`: a number each.  `wires`: a word for each link.  `queues`: two for each link, to its client side and to
    its server side; the head first.  `left`: how often each fault of the check may still happen (None: always).
    """

    parties: tuple[int, ...]
    wires: tuple[str, ...]
    queues: tuple[tuple[int, ...], ...]
    left: tuple[int | None, ...] = ()
