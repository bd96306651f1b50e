"""What a machine may ask about the party that runs it."""

from collections.abc import Hashable, Sequence
from typing import Any, Protocol

from clausework.runtime.message import Link


class Surroundings(Protocol):
    """The other machines and the links of the same party, as they are before the step.

    A key has its components in the machine's order, and is empty for a machine without one.  A machine that isn't
    there is in its initial state, with initial variables.
    """

    def is_in(self, flow: str, machine: str, key: tuple[Hashable, ...], *states: str) -> bool:
        """Whether the machine is in one of the states; a compound one counts for those in it."""
        ...

    def variable(self, flow: str, machine: str, key: tuple[Hashable, ...], name: str) -> Any: ...

    def connections(self, of: str | None = None) -> Sequence[Link]:
        """The links that this party sees, in the order they were made: those to one peer, or all."""
        ...

    def parties(self, role: str) -> Sequence[str]:
        """The addresses of all parties of this role that this party knows."""
        ...

    def is_connected(self, peer: str) -> bool:
        """Whether this party sees a link up to `peer`."""
        ...

    def home(self, party: str) -> str:
        """Who `party` belongs to: the server of an account."""
        ...
