"""Requests and responses of a python-statemachine class: the rules of `requests`, written a second time.

Kept apart on purpose: the two walk in lock-step, so what one gets wrong the other shows.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from clausework.runtime.effects import Close, Effects, Send
from clausework.runtime.message import Link, Message, Peer, ToLink, ToParty
from clausework.runtime.requests import MOST_OPEN, MOST_OWED

Slot = tuple[type[Message], Link, str]
Debt = tuple[type[Message], Peer]


class Turn(NamedTuple):
    """What became of an event.  `taken`: a transition fired; `waits`: the message was deferred."""

    message: Message | None
    sender: Peer
    was: Sequence[str]
    state: str
    around: Sequence[str]
    taken: bool
    waits: bool
    forgot: bool


class Conversation:
    """`opened` has the id of each request by its kind, link and waiting state; `debts` is what is owed."""

    def __init__(
        self,
        first: str,
        waits: Mapping[type[Message], Mapping[str, str]],
        answers: Mapping[type[Message], tuple[frozenset[type[Message]], bool]],
    ) -> None:
        self.first, self.waits, self.answers = first, waits, answers
        self.opened: dict[Slot, int] = {}
        self.debts: list[Debt] = []
        self.issued = 0

    def save(self) -> tuple[dict[Slot, int], list[Debt], int]:
        return dict(self.opened), list(self.debts), self.issued

    def put_back(self, saved: tuple[dict[Slot, int], list[Debt], int]) -> None:
        self.opened, self.debts, self.issued = saved

    def is_stale(self, message: Message, sender: Peer) -> bool:
        return type(message) in self.answers and not self._answered(message, sender)

    def clear(self) -> None:
        self.opened, self.debts = {}, []

    def unlink(self, link: Link) -> None:
        self.opened = {slot: number for slot, number in self.opened.items() if slot[1] != link}
        self.debts = [debt for debt in self.debts if debt[1].link != link]

    def settle(self, turn: Turn, effects: Effects) -> None:
        """After a step: closes what was answered or left, and gives ids to what was sent."""
        if turn.message is not None and not turn.waits and not self.answers.get(type(turn.message), ((), True))[1]:
            for slot in self._answered(turn.message, turn.sender):
                del self.opened[slot]
        self.opened = {
            slot: number for slot, number in self.opened.items() if slot[2] in turn.around and not turn.forgot
        }
        paid = False
        for effect in effects:
            if isinstance(effect, Send) and type(effect.message) in self.answers:
                paid = self._pay(effect, turn) or paid
            if isinstance(effect, Send) and type(effect.message) in self.waits:
                self._ask(effect, turn)
        if turn.forgot or (self.first in turn.around and self.first not in turn.was):
            self.debts = []
        if turn.taken and not paid and turn.message is not None and turn.sender.request is not None:
            self._owe((type(turn.message), turn.sender))
        for effect in effects:
            if isinstance(effect, Close) and isinstance(effect.to, ToLink):
                self.unlink(effect.to.link)

    def _answered(self, message: Message, sender: Peer) -> list[Slot]:
        requests = self.answers[type(message)][0]
        return [
            (kind, link, scope)
            for (kind, link, scope), number in self.opened.items()
            if kind in requests and number == sender.request and link in (None, sender.link)
        ]

    def _pay(self, send: Send, turn: Turn) -> bool:
        """Whether this is the final answer to what has just come."""
        requests, provisional = self.answers[type(send.message)]
        if type(turn.message) in requests and _is_for(send, turn.sender):
            send.request = turn.sender.request
            return not provisional
        fitting = [debt for debt in self.debts if debt[0] in requests and _is_for(send, debt[1])]
        if fitting:
            send.request = fitting[0][1].request
            if not provisional:
                self.debts.remove(fitting[0])
        return False

    def _ask(self, send: Send, turn: Turn) -> None:
        if send.request is None:
            self.issued += 1
            send.request = self.issued
        link = send.to.link if isinstance(send.to, ToLink) else None
        slot = (type(send.message), link, self.waits[type(send.message)][turn.state])
        self.opened.pop(slot, None)
        self.opened[slot] = send.request
        while len(self.opened) > MOST_OPEN:
            del self.opened[next(iter(self.opened))]

    def _owe(self, debt: Debt) -> None:
        alike = [each for each in self.debts if each[0] is debt[0] and each[1].link == debt[1].link]
        if len(alike) >= MOST_OWED:
            self.debts.remove(alike[0])
        self.debts.append(debt)


def _is_for(send: Send, sender: Peer) -> bool:
    match send.to:
        case ToLink(link=link) if link is not None and sender.link is not None:
            return link == sender.link
        case ToParty(address=address):
            return address == sender.address
        case _:
            return True
