"""Requests and responses: machines that ask and wait, or are asked and owe an answer.

Each request that is sent gets an id, and its response carries that id back; nobody writes this in a specification but
for `answers`.  A generated handler says in two tables what is a request and what answers it; `asks`, around each of its
steps, looks at what the step sent and keeps the books:

* *open*: what this instance has asked, on which link, and in which state it waits for the answer.  It closes when a
  response is taken that isn't provisional, when that state is left, when the link is lost, at a restart.
* *owed*: what this instance was asked and hasn't answered in the same step, the oldest first.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import ClassVar, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar, cast

from clausework.runtime.effects import Close, Effects, Send, Whom
from clausework.runtime.handler import Handler
from clausework.runtime.message import Link, Message, Peer, ToLink, ToParty

MOST_OWED = 8
"""So many requests of one kind, of one link, wait for an answer; the oldest are forgotten."""
MOST_OPEN = 256
"""So many questions one instance keeps open; the oldest are forgotten.  Each has a link or a kind of its own."""
MOST_ISSUED = 2**63 - 1
"""No id is greater: they fit wherever others keep them."""
_NONE: tuple[str, ...] = ()

_Parameters = ParamSpec("_Parameters")
_Machine = TypeVar("_Machine", bound="Requesting")


class Open(NamedTuple):
    """A request that was sent; `scope` is the state that waits for the response.  `link` None: any."""

    request: type[Message]
    link: Link
    id: int
    scope: str


class Owed(NamedTuple):
    """A request that was taken; `sender.request` is its id."""

    request: type[Message]
    sender: Peer


class Answer(NamedTuple):
    """What a response answers; `provisional`: the final one still comes."""

    requests: frozenset[type[Message]]
    provisional: bool = False


class Registry(Protocol):
    """Where ids come from, and which link a message takes: a party's business, if there is one."""

    def fresh(self) -> int: ...

    def way(self, to: Whom, message: Message) -> Link | None:
        """The link that the message goes over; None if there is none."""
        ...


class Requesting(Handler):
    """A handler that sends requests or responses.

    `WAITS`: for each request that it sends, the state that waits, by the state that it is in.  `ANSWERS`: the responses
    that it sends or takes.  `STALE`: what is done with a response whose request isn't open; nothing, if it isn't there.
    `FIRST`: the initial state.  The slots are the subclasses': a handler may defer, too.
    """

    __slots__ = _NONE

    WAITS: ClassVar[Mapping[type[Message], Mapping[str, str]]] = {}
    ANSWERS: ClassVar[Mapping[type[Message], Answer]] = {}
    STALE: ClassVar[Mapping[type[Message], Callable[..., Effects]]] = {}
    FIRST: ClassVar[str]

    registry: Registry | None
    _open: tuple[Open, ...]
    _owed: tuple[Owed, ...]
    _issued: int

    @property
    def open(self) -> tuple[Open, ...]:
        """The requests that wait for a response, oldest first."""
        return self._open

    @property
    def owed(self) -> tuple[Owed, ...]:
        """The requests that wait for an answer from here, oldest first."""
        return self._owed

    @property
    def issued(self) -> int:
        """How many ids this handler has given by itself."""
        return self._issued

    def keep(self, open_: tuple[Open, ...], owed: tuple[Owed, ...], issued: int) -> None:
        """What is open and owed from now on; for restoring."""
        self._open, self._owed, self._issued = open_, owed, issued

    def awaits(self, message: Message, sender: Peer) -> bool:
        """Whether the request that the message says it answers is open."""
        requests = self.ANSWERS[type(message)].requests
        return any(each.request in requests and _is_of(each, sender) for each in self._open)

    def receive(self, message: Message, sender: Peer, *, now: float) -> Effects:
        """As `Handler.receive`; but a response is stale if its request isn't open.

        The messages' own methods don't look: they are for those who know that it is.
        """
        if type(message) in self.ANSWERS and type(message) in self.RECEIVES and not self.awaits(message, sender):
            stale = self.STALE.get(type(message))
            return stale(self, message, sender, now=now) if stale is not None else ()
        return super().receive(message, sender, now=now)

    def lost(self, peer: Peer, *, now: float) -> Effects:  # noqa: ARG002 - for those that listen
        self.unlink(peer.link)
        return ()

    def unlink(self, link: Link) -> None:
        """What was asked there isn't answered any more, and what is owed there cannot be."""
        if any(each.link == link for each in self._open):
            self._open = tuple(each for each in self._open if each.link != link)
        if any(each.sender.link == link for each in self._owed):
            self._owed = tuple(each for each in self._owed if each.sender.link != link)

    def is_linked(self, link: Link) -> bool:
        """Whether anything was asked on that link, or is owed there."""
        return any(each.link == link for each in self._open) or any(each.sender.link == link for each in self._owed)

    def _owe(self, message: Message, sender: Peer) -> None:
        if sender.request is not None:
            self._owed = (*self._owed, Owed(type(message), sender))

    # -- after a step

    def _keep_books(self, before: "_Before", message: Message | None, sender: Peer, effects: Effects) -> None:
        if message is not None and self.deferred is before.deferred:
            self._close(message, sender)
        if self.state is not before.state and self._open:
            around = self.AROUND[self.state]
            self._open = tuple(each for each in self._open if each.scope in around)
        taken = self._owed[-1] if self._owed and all(self._owed[-1] is not each for each in before.owed) else None
        left = _Debts(before.owed, taken, message, sender)
        for effect in effects:
            if type(effect) is Send:
                self._note(effect, left)
        self._owed = left.kept(self._forgot(before, taken))
        for effect in effects:
            if type(effect) is Close and (link := self._way(effect.to, None)) is not None:
                self.unlink(link)

    def _note(self, send: Send, left: "_Debts") -> None:
        """The message that is sent gets its id."""
        kind = type(send.message)
        if kind in self.ANSWERS:
            link = self._way(send.to, send.message)
            send.request = left.pay(self.ANSWERS[kind], lambda sender: _reaches(send.to, link, sender))
        if kind in self.WAITS:
            self._ask(send, self.WAITS[kind][self.state])

    def _ask(self, send: Send, scope: str) -> None:
        """A request is opened, in the place of an older one of its kind that the same state waits for there."""
        link = self._way(send.to, send.message)
        if self.registry is not None and link is None:  # nobody is asked
            return
        kind = type(send.message)
        if send.request is None:
            send.request = self._fresh()
        others = (each for each in self._open if (each.request, each.link, each.scope) != (kind, link, scope))
        self._open = (*others, Open(kind, link, send.request, scope))[-MOST_OPEN:]

    def _close(self, message: Message, sender: Peer) -> None:
        answer = self.ANSWERS.get(type(message))
        if answer is not None and not answer.provisional:
            requests = answer.requests
            self._open = tuple(each for each in self._open if each.request not in requests or not _is_of(each, sender))

    def _forgot(self, before: "_Before", taken: Owed | None) -> bool:
        """Whether what was owed before is gone: the machine forgot, or came back to where it begins."""
        if before.owed and self._owed == ((taken,) if taken else ()):
            return True
        return self.FIRST in self.AROUND[self.state] and self.FIRST not in self.AROUND[before.state]

    def _fresh(self) -> int:
        if self.registry is not None:
            return self.registry.fresh()
        self._issued += 1
        return self._issued

    def _way(self, to: Whom, message: Message | None) -> Link | None:
        if isinstance(to, ToLink):
            return to.link
        return self.registry.way(to, message) if self.registry is not None and message is not None else None


class _Before(NamedTuple):
    state: str
    owed: tuple[Owed, ...]
    deferred: tuple[tuple[Message, Peer], ...]


class _Debts:
    """What is owed, while the messages of one step go out.  `taken`: the request of this very step, if it fired."""

    def __init__(self, owed: tuple[Owed, ...], taken: Owed | None, message: Message | None, sender: Peer) -> None:
        self._owed = list(owed)
        self._taken = taken
        self._kind, self._sender = type(message), sender

    def pay(self, answer: Answer, reaches: Callable[[Peer], bool]) -> int | None:
        """The id that a response carries: of what is being answered, else of the oldest that is owed there."""
        if self._kind in answer.requests and reaches(self._sender):
            self._taken = self._taken if answer.provisional else None
            return self._sender.request
        found = next((each for each in self._owed if each.request in answer.requests and reaches(each.sender)), None)
        if found is None:
            return None
        if not answer.provisional:
            self._owed.remove(found)
        return found.sender.request

    def kept(self, forgot: bool) -> tuple[Owed, ...]:
        """What is still owed; of one kind and link the newest few."""
        owed = [] if forgot else self._owed
        if self._taken is None:
            return tuple(owed)
        like = [each for each in owed if _same(each, self._taken)]
        gone = like[: max(0, len(like) + 1 - MOST_OWED)]
        return (*(each for each in owed if each not in gone), self._taken)


def _same(one: Owed, other: Owed) -> bool:
    return one.request is other.request and one.sender.link == other.sender.link


def _is_of(opened: Open, sender: Peer) -> bool:
    return opened.id == sender.request and (opened.link is None or opened.link == sender.link)


def _reaches(to: Whom, link: Link | None, sender: Peer) -> bool:
    """Whether a message to `to`, which goes over `link` if that is known, comes to the sender."""
    if link is not None and sender.link is not None:
        return link == sender.link
    return to.address == sender.address if isinstance(to, ToParty) else True


_NOBODY = Peer("", "")


def asks(
    step: Callable[Concatenate[_Machine, _Parameters], Effects],
) -> Callable[Concatenate[_Machine, _Parameters], Effects]:
    """A step of a machine that asks or answers: afterwards requests and responses have their ids."""
    ends = step.__name__ == "lost"

    @wraps(step)
    def whole(self: _Machine, *args: _Parameters.args, **kwargs: _Parameters.kwargs) -> Effects:
        opened, owed = self._open, self._owed
        if ends and isinstance(args[0], Peer):
            self.unlink(args[0].link)
        before = _Before(self.state, self._owed, self.deferred)
        try:
            effects = step(self, *args, **kwargs)
        except BaseException:
            self._open, self._owed = opened, owed
            raise
        message = args[0] if args and isinstance(args[0], Message) else None
        sender = args[1] if message is not None and isinstance(args[1], Peer) else _NOBODY
        self._keep_books(before, message, sender, effects)
        return effects

    return cast("Callable[Concatenate[_Machine, _Parameters], Effects]", whole)
