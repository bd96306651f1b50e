"""What a machine says and hears, as far as it matters what answers what, and what may have to wait."""

from collections.abc import Iterator
from dataclasses import dataclass

from clausework.model.machine import CloseLink, Defer, Disposition, Machine, Receive, Reject
from clausework.model.standard import Message, Standard
from clausework.model.states import ancestry, leaves
from clausework.model.transitions import transitions


@dataclass(frozen=True, slots=True)
class Talk:
    """`waits`: for each request that it sends, the state that waits for the response, by leaf state.

    `answers`: for each response that it sends or hears, the requests that it may answer; `owes`: the requests that it
    answers itself.
    """

    waits: dict[str, dict[str, str]]
    answers: dict[str, tuple[str, ...]]
    owes: frozenset[str]

    @property
    def asks(self) -> bool:
        return bool(self.waits or self.answers)

    @property
    def requests(self) -> tuple[str, ...]:
        """All that may be open or owed."""
        found = [*self.waits, *(name for names in self.answers.values() for name in names)]
        return tuple(dict.fromkeys(found))


def requests_of(standard: Standard, response: Message) -> tuple[str, ...]:
    """The messages that a response may answer: the one that it names, or each that is a kind of it."""
    if response.answers is None:
        return ()
    return tuple(
        str(each.name) for each in standard.messages if not each.abstract and response.answers in _kinds(standard, each)
    )


def talk_of(standard: Standard, machine: Machine) -> Talk:
    said, heard = set(_said(machine)), set(_heard(machine))
    responses = {str(each.name): requests_of(standard, each) for each in standard.messages if each.answers}
    requests = {name for names in responses.values() for name in names}
    return Talk(
        waits={
            str(each.name): _waits(machine, {name for name, asked in responses.items() if each.name in asked})
            for each in standard.messages
            if each.name in said & requests
        },
        answers={name: asked for name, asked in responses.items() if name in said | heard},
        owes=frozenset(name for response, asked in responses.items() if response in said for name in asked),
    )


def _kinds(standard: Standard, message: Message) -> Iterator[str]:
    yield str(message.name)
    parent = next((each for each in standard.messages if each.name == message.parent), None)
    if parent is not None:
        yield from _kinds(standard, parent)


def _waits(machine: Machine, responses: set[str]) -> dict[str, str]:
    """The innermost state, of a leaf and those around it, that has a line for one of the responses; else the leaf."""
    waiting = {
        str(handler.scope)
        for handler in machine.handlers
        if isinstance(handler.trigger, Receive) and handler.trigger.message in responses
    }
    waiting |= {str(state.name) for state in machine.states if any(name in responses for name, _ in state.dispositions)}
    return {
        str(leaf.name): next((str(each) for each in ancestry(machine, leaf.name) if each in waiting), str(leaf.name))
        for leaf in leaves(machine)
    }


def _said(machine: Machine) -> Iterator[str]:
    for transition in transitions(machine):
        yield from (str(send.message) for send in transition.sends)
        yield from _replied(transition.disposition)
    for disposition in (*dispositions(machine), *(each for _, each in machine.stale)):
        yield from _replied(disposition)


def _replied(disposition: Disposition | None) -> Iterator[str]:
    if isinstance(disposition, Reject | CloseLink) and disposition.message is not None:
        yield str(disposition.message)


def _heard(machine: Machine) -> Iterator[str]:
    yield from (str(each.message) for each in machine.addressing)
    yield from (str(each.trigger.message) for each in machine.handlers if isinstance(each.trigger, Receive))


def dispositions(machine: Machine) -> Iterator[Disposition]:
    """All that are said of messages without a trigger."""
    for state in machine.states:
        yield from (disposition for _, disposition in state.dispositions)
        if state.otherwise is not None:
            yield state.otherwise
    yield from (disposition for _, disposition in machine.dispositions)
    yield machine.otherwise


def defers(machine: Machine) -> bool:
    """Whether some message may have to wait."""
    said = [*dispositions(machine), *(each.disposition for each in transitions(machine))]
    return any(isinstance(each, Defer) for each in said)
