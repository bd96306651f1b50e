"""The links that a party sees, in the order they were made, and who is at their far ends.

A link is a token, new for every connection made: so what is said of an old one can never be taken for its successor's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from clausework.runtime.effects import Whom
from clausework.runtime.errors import LocalProtocolError
from clausework.runtime.message import Link, Message, Peer, ToLink, ToParty
from clausework.runtime.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A link that is up: who is at its far end, in which role, and over which declared connection.

    `over` may be left out where only one connection is declared between the two roles.
    """

    link: Link
    address: str
    role: str
    over: str = ""
    peers: dict[str, Peer] = field(default_factory=dict, repr=False, compare=False)


class Links:
    """`remove` gives what `put_back` needs to put a link back where it was."""

    __slots__ = ("_count", "_plan", "_seen", "_turns")

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._seen: dict[Link, Linked] = {}
        self._turns: dict[Link, int] = {}
        self._count = 0

    def __iter__(self) -> Iterator[Linked]:
        return iter(self._seen.values())

    def __len__(self) -> int:
        return len(self._seen)

    def find(self, link: Link) -> Linked | None:
        return self._seen.get(link)

    def checked(self, linked: Linked) -> Linked:
        """The link with its connection filled in; LocalProtocolError where that, or the role, isn't known."""
        if linked.link is None or linked.link in self._seen:
            raise LocalProtocolError("every link is a token of its own, and not None", event="restored")
        if linked.role not in self._plan.roles:
            raise LocalProtocolError(f"there is no role {linked.role!r}", event="restored")
        found = list(self._plan.between(linked.role))
        if linked.over in found:
            return linked
        if linked.over or len(found) != 1:
            raise LocalProtocolError(f"it goes over one of {', '.join(found) or 'nothing'}", event="restored")
        return Linked(link=linked.link, address=linked.address, role=linked.role, over=found[0])

    def add(self, linked: Linked) -> None:
        self._count += 1
        self._seen[linked.link], self._turns[linked.link] = linked, self._count

    def remove(self, link: Link) -> int:
        """When it was made, among the others."""
        del self._seen[link]
        return self._turns.pop(link)

    def put_back(self, linked: Linked, turn: int) -> None:
        self._seen[linked.link], self._turns[linked.link] = linked, turn
        self._seen = dict(sorted(self._seen.items(), key=lambda item: self._turns[item[0]]))

    def peer(self, linked: Linked, prefix: str, request: int | None = None) -> Peer:
        """The far end, in the words of a standard; one and the same for all messages without an id."""
        known = linked.peers.get(prefix)
        if known is None:
            role = self._plan.roles[linked.role].called.get(prefix, linked.role)
            known = linked.peers[prefix] = Peer(linked.address, role, linked.link)
        return known if request is None else Peer(known.address, known.role, known.link, request)

    def to(self, whom: Whom, prefix: str) -> Iterator[Linked]:
        """The links to somebody, oldest first."""
        if isinstance(whom, ToLink):
            found = self._seen.get(whom.link)
            if found is not None:
                yield found
        elif isinstance(whom, ToParty):
            yield from (each for each in self._seen.values() if each.address == whom.address)
        else:
            roles = self._plan.roles
            wanted = {prefix + whom.role, whom.role}
            yield from (each for each in self._seen.values() if wanted & roles[each.role].plays)

    def way(self, whom: Whom, prefix: str, message: Message) -> Link | None:
        """The link that a message takes: the oldest that reaches whom and carries it."""
        carried = self._plan.carried
        return next((each.link for each in self.to(whom, prefix) if carried(message, each.over)), None)
