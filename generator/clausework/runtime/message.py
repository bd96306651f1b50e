"""Messages, and who they come from."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import ClassVar

Link = Hashable
"""One connection of this party: an opaque token that the caller chooses, new for every connection made."""


class Message:
    """The base of generated messages: frozen, slotted, keyword-only dataclasses.

    `NAME` is the message's in the specification, `CLAUSE` where the standard describes it.
    """

    __slots__ = ()

    NAME: ClassVar[str] = ""
    CLAUSE: ClassVar[str] = ""


@dataclass(slots=True, unsafe_hash=True)
class Peer:
    """The other end of a link: what the transport knows for certain, and nobody can forge.

    `role` is the name of the role that the peer plays; `link` the connection that a message came on.  `request` is not
    certain, but what the peer says: the id that came with a request, or of the request that a response answers.
    Never changed; not frozen, because one is made for every message and freezing trebles the time.
    """

    address: str
    role: str
    link: Link = None
    request: int | None = None

    @property
    def way_back(self) -> "ToLink | ToParty":
        """Where an answer goes: the same connection, if it is known."""
        return ToParty(self.address) if self.link is None else ToLink(self.link)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Another machine of the same party that came into a state or left it.

    `key`: its key, by the names of the components; `peers`: who is at the far end of the links in it, in which `role`;
    `connection`: the link that it is kept for, if it is; `states`: all that it came into (left) in that step, the
    compound ones, too.
    """

    key: Mapping[str, Hashable]
    states: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()
    connection: Link = None
    role: str = ""

    @property
    def concerned(self) -> tuple[Hashable, ...]:
        """Whose machine it is: everything that it can be said to be `of`."""
        return (*self.key.values(), *self.peers)


@dataclass(slots=True, unsafe_hash=True)
class ToRole:
    """The one party of this role that there is a connection to."""

    role: str


@dataclass(slots=True, unsafe_hash=True)
class ToParty:
    """A party by its address, over whatever connection there is."""

    address: str


@dataclass(slots=True, unsafe_hash=True)
class ToLink:
    """One connection."""

    link: Link
