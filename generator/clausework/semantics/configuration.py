"""What a moment looks like: states of instances, of parties, of everybody.

Every key has an instance, so a party's state is a tuple over a fixed list: nothing is created or destroyed, and an
instance "not there" is one at its initial value.
"""

from dataclasses import dataclass
from typing import NamedTuple

from clausework.expr.nodes import Value


class Message(NamedTuple):
    """A message in flight; `values` in the order of its fields."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class InstanceState:
    """`armed` are the timers running, by the number of the handler that waits for them; `deferred`: (link, message)."""

    state: str
    variables: tuple[Value, ...]
    armed: frozenset[int] = frozenset()
    deferred: tuple[tuple[int, Message], ...] = ()


@dataclass(frozen=True, slots=True)
class PartyState:
    """`instances` as in `System.instances` of the party; `seen` the links that this end sees, by their number."""

    instances: tuple[InstanceState, ...]
    seen: frozenset[int]


UP, CUT, DOWN = "up", "cut", "down"


class Configuration(NamedTuple):
    """Everybody, and what is between them: numbers stand for party states and messages (`Space` knows which).

    `parties`: a number each.  `wires`: `up`, `cut` or `down` for each link.  `queues`: two for each link, to its client
    side and to its server side; the head first.
    """

    parties: tuple[int, ...]
    wires: tuple[str, ...]
    queues: tuple[tuple[int, ...], ...]
