"""Who runs what: the machines of one role, as tables that generated code fills in and a `Party` reads.

Names are those of the role's own standard; what an imported standard calls by a name of its own is found behind its
prefix: the flow `stream` of `xmpp` is `xmpp.stream` here, and `stream` to its own machines.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from clausework.runtime.effects import Instance
from clausework.runtime.handler import Handler
from clausework.runtime.message import Message, Peer
from clausework.runtime.requests import Requesting
from clausework.runtime.shapes import Shape
from clausework.runtime.surroundings import Surroundings

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a key: its attribute, its shape in snapshots, and what it names: a role, `connection`, or neither."""

    attribute: str
    shape: Shape
    names: str = ""


def _alone(_party: Surroundings, _me: str, _message: Message, _sender: Peer) -> Key:
    return ()


@dataclass(frozen=True, slots=True)
class Address:
    """Which instance takes a message from these roles; with `each`, which instances: the key of every one."""

    roles: frozenset[str]
    key: Callable[[Surroundings, str, Any, Peer], Any] = _alone
    each: bool = False


@dataclass(frozen=True, slots=True)
class Hears:
    """A machine reacts when another one enters (or leaves) one of `states`.

    `wakes`: also from its first state.  `of`: the component of its key that says whose; `same`: whose key has the same
    values; neither, where it depends on more.
    """

    word: str
    flow: str
    machine: str
    states: frozenset[str]
    method: Callable[..., Any]
    wakes: bool = False
    same: bool = False
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One machine.  `changes` are the attributes that a step can change, `needs` what its constructor takes.

    `timers`: for each, the method that it expires with and the attribute of its deadline.  `over`: the connections that
    its messages come over, empty for any.  `wakes` has `lost`, `restored`, `start` where those concern an instance in
    its first state.
    """

    handler: type[Any]
    keys: Mapping[str, Component]
    addresses: Mapping[type[Message], tuple[Address, ...]]
    commands: tuple[Callable[..., Any], ...]
    timers: Mapping[str, tuple[Callable[..., Any], str]]
    hears: tuple[Hears, ...]
    initial: str
    changes: tuple[str, ...]
    first: tuple[Any, ...]
    needs: frozenset[str]
    variables: Mapping[str, str]
    columns: Mapping[str, Mapping[str, Any]]
    over: frozenset[str] = frozenset()
    wakes: frozenset[str] = frozenset()
    closes: bool = False

    def read(self, handler: Any, name: str) -> Any:
        """A variable, or a column of the state that it is in."""
        if name in self.columns:
            return self.columns[name][handler.state]
        return getattr(handler, self.variables[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role that the party at the other end of a link may play.

    `plays`: itself and all that it also is; `called`: by which name each imported standard (by its prefix) knows it.
    """

    plays: frozenset[str]
    called: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hearing:
    """A part that hears of another, and how."""

    part: "Placed"
    hears: Hears


@dataclass(eq=False, slots=True)
class Placed:
    """A part in a plan, with what follows from where it stands.

    `quiet`: nothing can come after a step of it, so that it needs not be undone.
    """

    number: int
    prefix: str
    part: Part
    flow: str
    machine: str
    quiet: bool = False
    asks: bool = False
    watched: list[Hearing] = field(default_factory=list)
    values: Callable[[Any], Any] = attrgetter("state")
    only: Instance = field(init=False)

    def __post_init__(self) -> None:
        self.only = Instance(self.flow, self.machine)

    @property
    def first(self) -> Any:
        """As `values` gives it."""
        return self.part.first if len(self.part.changes) > 1 else self.part.first[0]

    def instance(self, key: Key) -> Instance:
        return Instance(self.flow, self.machine, key) if key else self.only

    @property
    def link(self) -> int | None:
        """Where in the key the link is that an instance is kept for."""
        return next((at for at, each in enumerate(self.part.keys.values()) if each.names == "connection"), None)

    def listens(self, word: str) -> bool:
        """Whether it has a trigger of that kind: `lost`, `restored`."""
        inherited = (getattr(Handler, word), getattr(Requesting, word, None))
        return getattr(self.part.handler, word) not in inherited


class Plan:
    """All machines of a role.  `parts` are (prefix, part), in the order in which they hear of the same event.

    `roles`: who may be at the other end; `connections`: (name, client's role, server's role); `carries`: for messages
    that only some connections have, which; `datagrams`: those without a connection that could be lost.
    """

    def __init__(
        self,
        role: str,
        parts: tuple[tuple[str, Part], ...],
        *,
        roles: Mapping[str, Role],
        connections: tuple[tuple[str, str, str], ...],
        carries: Mapping[type[Message], frozenset[str]],
        datagrams: frozenset[str] = frozenset(),
    ) -> None:
        self.role, self.roles, self.connections, self.carries = role, roles, connections, carries
        self.datagrams = datagrams
        self.parts = tuple(_placed(number, *each) for number, each in enumerate(parts))
        self.by_name = {(each.flow, each.machine): each for each in self.parts}
        self.commands = {command: each for each in self.parts for command in each.part.commands}
        self.takers = dict(_takers(self.parts, roles))
        for each in self.parts:
            for hears in each.part.hears:
                other = self.by_name.get((each.prefix + hears.flow, hears.machine))
                other = other or self.by_name.get((hears.flow, hears.machine))
                if other is not None:
                    other.watched.append(Hearing(each, hears))
        for each in self.parts:
            plain = not each.watched and not each.part.closes
            each.quiet = plain and "_deferred" not in each.part.changes

    def carried(self, message: Message, over: str) -> bool:
        allowed = self.carries.get(type(message))
        return allowed is None or over in allowed

    def between(self, role: str) -> Iterator[str]:
        """The connections that are declared between this role and another."""
        mine, theirs = self.roles[self.role].plays, self.roles[role].plays
        for name, client, server in self.connections:
            if (client in mine and server in theirs) or (client in theirs and server in mine):
                yield name


def _placed(number: int, prefix: str, part: Part) -> Placed:
    handler = part.handler
    placed = Placed(number, prefix, part, prefix + handler.FLOW, handler.MACHINE)
    placed.values = attrgetter(*part.changes) if len(part.changes) > 1 else attrgetter("state")
    placed.asks = issubclass(handler, Requesting)
    return placed


def _takers(parts: tuple[Placed, ...], roles: Mapping[str, Role]) -> Iterator[tuple[tuple[Any, str], Any]]:
    """For each message and sender's role the one part that takes it, and how its key is found."""
    found = set()
    for role, known in roles.items():
        for placed in parts:
            called = known.called.get(placed.prefix, role)
            for message, addresses in placed.part.addresses.items():
                for address in addresses:
                    if called in address.roles and (message, role) not in found:
                        found.add((message, role))
                        yield (message, role), (placed, address)
