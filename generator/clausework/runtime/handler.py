"""The base of every generated handler: what is the same for all."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import ClassVar

from clausework.runtime.effects import Effects
from clausework.runtime.errors import LocalProtocolError, RemoteProtocolError
from clausework.runtime.message import Message, Peer


class Handler(ABC):
    """One machine of one party, under one key.

    Every method that takes `now` is one step: it either happens whole, and its effects are returned, or it raises
    and leaves no trace.  `FLOW` and `MACHINE` are the specification's names; `AROUND` has, for each state, the state
    and the compound states around it, innermost first: what others may say that the machine is in; `RECEIVES` the
    method for each message, and the roles that send it.
    """

    __slots__ = ()

    FLOW: ClassVar[str]
    MACHINE: ClassVar[str]
    ROLE: ClassVar[str]
    AROUND: ClassVar[Mapping[str, tuple[str, ...]]]
    RECEIVES: ClassVar[Mapping[type[Message], tuple[Callable[..., Effects], frozenset[str]]]] = {}

    state: StrEnum

    def receive(self, message: Message, sender: Peer, *, now: float) -> Effects:
        """A message of any kind that this machine takes; each also has a method of its own."""
        found = self.RECEIVES.get(type(message))
        if found is None:
            raise self._impossible(f"receive {message.NAME}", message.CLAUSE)
        method, roles = found
        if sender.role not in roles:
            raise self._impossible(f"receive {message.NAME} from {sender.role}", message.CLAUSE)
        return method(self, message, sender, now=now)

    def start(self, *, now: float) -> Effects:  # noqa: ARG002 - for those that have timers in their first state
        """The timers of the first state begin; once, before anything else."""
        return ()

    def lost(self, peer: Peer, *, now: float) -> Effects:  # noqa: ARG002 - for those that listen
        """This end noticed that a link is gone; machines that don't listen do nothing."""
        return ()

    def restored(self, peer: Peer, *, now: float) -> Effects:  # noqa: ARG002 - for those that listen
        """A link is up, seen from this end."""
        return ()

    @abstractmethod
    def reset(self) -> None:
        """What isn't durable is as at first; no timer runs, nothing waits, no request is open."""

    @abstractmethod
    def restarted(self, *, now: float) -> Effects:
        """The party came back: what isn't durable is as at first, then the machine reacts."""

    @property
    def deferred(self) -> tuple[tuple[Message, Peer], ...]:
        """The messages that wait, with who sent them, oldest first; none in a machine that never defers."""
        return ()

    @abstractmethod
    def snapshot(self) -> dict[str, object]:
        """State, variables, timers and whatever waits, as plain JSON values."""

    def next_timer(self) -> float | None:
        """When the first of the running timers expires; None if none runs."""
        return None

    def expire(self, now: float) -> Effects:  # noqa: ARG002 - for those that listen
        """One timer that is due, the earliest first; nothing if none is.  Call it until `next_timer()` is later."""
        return ()

    def _impossible(self, event: str, clause: str = "") -> RemoteProtocolError:
        return RemoteProtocolError("impossible here", state=self.state, event=event, clause=clause)

    def _refused(self, command: str, clause: str = "", reason: str = "not allowed here") -> LocalProtocolError:
        return LocalProtocolError(reason, state=self.state, event=command, clause=clause)
