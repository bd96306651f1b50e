"""Messages kept for later: machines some of whose states say `defer`."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from clausework.runtime.effects import Effects
from clausework.runtime.errors import RemoteProtocolError
from clausework.runtime.handler import Handler
from clausework.runtime.message import Message, Peer

MOST_DEFERRED = 8
"""So many messages wait in one machine; the peer that sends more has gone wrong, or means harm."""

_Parameters = ParamSpec("_Parameters")
_Machine = TypeVar("_Machine", bound="Deferring")


class Deferring(Handler):
    """A handler with a bounded list of deferred messages, offered again, oldest first, after a change of state.

    `CHANGES` are the attributes that a step can change: what is put back when it fails half way.  `in_party`: a party
    offers them again, because others of its machines react first.
    """

    __slots__ = ("_deferred", "in_party")

    CHANGES: ClassVar[tuple[str, ...]]
    in_party: bool
    _deferred: tuple[tuple[Message, Peer], ...]

    @property
    def deferred(self) -> tuple[tuple[Message, Peer], ...]:
        """The messages that wait, with who sent them, oldest first."""
        return self._deferred

    def wait(self, deferred: tuple[tuple[Message, Peer], ...]) -> None:
        """What waits from now on; for restoring."""
        self._deferred = deferred

    def _saved(self) -> tuple[Any, ...]:
        return tuple(getattr(self, attribute) for attribute in self.CHANGES)

    def _put_back(self, saved: tuple[Any, ...]) -> None:
        for attribute, value in zip(self.CHANGES, saved, strict=True):
            setattr(self, attribute, value)

    def _defer(self, message: Message, sender: Peer) -> Effects:
        if len(self._deferred) >= MOST_DEFERRED:
            raise RemoteProtocolError("too many messages wait", state=self.state, event=f"receive {message.NAME}")
        self._deferred = (*self._deferred, (message, sender))
        return ()

    def _offer_again(self, now: float) -> Effects:
        """Oldest first; those deferred again come after the others, once the state changes once more."""
        effects: Effects = ()
        waiting, self._deferred = self._deferred, ()
        while waiting:
            (message, sender), *rest = waiting
            before = self.state
            effects += self._take(message, sender, now)
            waiting = tuple(rest)
            if self.state is not before:
                waiting, self._deferred = (*waiting, *self._deferred), ()
        return effects

    def _take(self, message: Message, sender: Peer, now: float) -> Effects:
        """The message's own method, without what `settles` adds to it; the message has been routed already."""
        method: Callable[..., Effects] = self.RECEIVES[type(message)][0].__wrapped__  # type: ignore[attr-defined]  # `settles` wraps it
        return method(self, message, sender, now=now)


def settles(
    step: Callable[Concatenate[_Machine, _Parameters], Effects],
) -> Callable[Concatenate[_Machine, _Parameters], Effects]:
    """A step of a deferring machine: deferred messages come after it, in the same step, or all of it is undone."""

    @wraps(step)
    def whole(self: _Machine, *args: _Parameters.args, **kwargs: _Parameters.kwargs) -> Effects:
        if not self._deferred or self.in_party:  # nothing comes after the step, and a step by itself is whole
            return step(self, *args, **kwargs)
        saved, before = self._saved(), self.state
        try:
            effects = step(self, *args, **kwargs)
            if self.state is not before:
                effects += self._offer_again(cast("float", kwargs["now"]))
        except BaseException:
            self._put_back(saved)
            raise
        return effects

    return cast("Callable[Concatenate[_Machine, _Parameters], Effects]", whole)
