"""What the machines of a party see of it, each in the words of its own standard."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from clausework.runtime.effects import Whom
from clausework.runtime.errors import LocalProtocolError
from clausework.runtime.message import Link, Message
from clausework.runtime.plan import Placed

if TYPE_CHECKING:
    from clausework.runtime.party import Party


class Directory(Protocol):
    """What a party knows of others without a link to them: the application's own knowledge."""

    def home(self, party: str) -> str:
        """Who a party belongs to: the server of an account."""
        ...

    def parties(self, role: str) -> Sequence[str]:
        """The addresses of all parties of a role."""
        ...


class Around:
    """The `Surroundings`, and the `Registry`, of those machines of a party that are of one standard."""

    __slots__ = ("_directory", "_party", "_prefix")

    def __init__(self, party: "Party", prefix: str, directory: Directory | None) -> None:
        self._party, self._prefix, self._directory = party, prefix, directory

    @property
    def me(self) -> str:
        return self._party.me

    def is_in(self, flow: str, machine: str, key: tuple[Hashable, ...], *states: str) -> bool:
        placed = self._placed(flow, machine)
        found = self._party.population.find(placed, key)
        state = placed.part.initial if found is None else found.state
        return any(each in states for each in placed.part.handler.AROUND[state])

    def variable(self, flow: str, machine: str, key: tuple[Hashable, ...], name: str) -> Any:
        placed, population = self._placed(flow, machine), self._party.population
        return placed.part.read(population.find(placed, key) or population.fresh(placed, key), name)

    def connections(self, of: str | None = None) -> Sequence[Link]:
        return [each.link for each in self._party.links if of is None or each.address == of]

    def parties(self, role: str) -> Sequence[str]:
        return self._asked().parties(self._named(role))

    def is_connected(self, peer: str) -> bool:
        return any(each.address == peer for each in self._party.links)

    def home(self, party: str) -> str:
        return self._asked().home(party)

    # -- requests

    def fresh(self) -> int:
        self._party.issued += 1
        return self._party.issued

    def way(self, to: Whom, message: Message) -> Link | None:
        return self._party.links.way(to, self._prefix, message)

    # -- names

    def _named(self, role: str) -> str:
        known = {word for each in self._party.plan.roles.values() for word in each.plays}
        return self._prefix + role if self._prefix + role in known else role

    def _asked(self) -> Directory:
        if self._directory is None:
            raise LocalProtocolError("this needs a directory of parties", event="directory")
        return self._directory

    def _placed(self, flow: str, machine: str) -> Placed:
        names = self._party.plan.by_name
        found = names.get((self._prefix + flow, machine)) or names.get((flow, machine))
        if found is None:
            raise AssertionError(f"{self._party.plan.role} runs no {machine} of {flow}")
        return found
