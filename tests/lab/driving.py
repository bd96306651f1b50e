"""What moves the packets of a generated party: it keeps time, and has no opinion of the protocol."""

import selectors
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from clausework.runtime import Close, Effects, Failed, Notify, Send, StartTimer, StopTimer
from clausework.runtime.party import Party

clock = time.monotonic
"""The clock of everybody here."""


class Driver(ABC):
    """A party at sockets; `send` is the subclass's: how a message goes out.

    `told` is what the party tells its application, oldest first; `seen` the messages both ways, by name.
    """

    def __init__(self, party: Party) -> None:
        self.party = party
        self.told: list[tuple[str, dict[str, object]]] = []
        self.seen: list[str] = []
        self._selector = selectors.DefaultSelector()

    @abstractmethod
    def send(self, send: Send) -> None: ...

    # -- steps

    def listen(self, at: socket.socket, take: Callable[[socket.socket], None]) -> None:
        """`take` is called whenever something can be read there."""
        self._selector.register(at, selectors.EVENT_READ, take)

    def forget(self, at: socket.socket) -> None:
        self._selector.unregister(at)
        at.close()

    def carry_out(self, effects: Effects) -> None:
        for effect in effects:
            match effect:
                case Send():
                    self.seen.append(effect.message.NAME)
                    self.send(effect)
                case Notify():
                    self.told.append((effect.name, dict(effect.arguments)))
                case Failed(error=error):
                    raise error
                case StartTimer() | StopTimer() | Close():
                    """The party's `next_timer` knows, and there are no connections to close."""

    def run(self, until: Callable[[], bool], what: str, at_most: float = 20.0) -> None:
        """Goes on until it is so; AssertionError with what was seen if that takes too long."""
        end = clock() + at_most
        while not until():
            now = clock()
            assert now < end, f"not within {at_most:g} s: {what}; seen: {self.seen}; told: {self.told}"
            while (first := self.party.next_timer()) is not None and first <= now:
                self.carry_out(self.party.expire(now))
            pause = min(0.05, *([max(0.0, first - now)] if first is not None else []), end - now)
            for key, _ in self._selector.select(pause):
                key.data(key.fileobj)

    def close(self) -> None:
        for key in list(self._selector.get_map().values()):
            self._selector.unregister(key.fileobj)
            key.fileobj.close()  # type: ignore[union-attr]  # registered as sockets
        self._selector.close()
