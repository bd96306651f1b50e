"""State x message of a machine: what happens in every cell, so that a reviewer sees that none is empty.

Triggers come first, innermost before outer ones: the state's, its groups', those of the state around
it, `anywhere`; one with a guard (`where`, `from`) leaves the rest of the cell to the next.  What
no trigger takes gets a disposition: the states' lists, their `otherwise`, then the machine's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clausework.expr.show import show
from clausework.model.about import About
from clausework.model.machine import (
    CloseLink,
    Defer,
    Disposition,
    Handler,
    Ignore,
    Impossible,
    Machine,
    Receive,
    Reject,
)
from clausework.model.standard import Message, Standard
from clausework.model.states import ancestry, leaves, scopes, state_named
from clausework.model.transitions import Transition, transitions

ANYWHERE = "anywhere"
OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One thing that can happen in a cell.

    `scope`: who says so (the state itself, a group, a compound state, `anywhere`, `otherwise`); `condition`: its
    guard in the author's words, empty if there is none.  `transitions` are numbered as in the machine; `targets`
    are theirs, an empty one where the state stays; `disposition` says what happens instead of a transition.
    """

    scope: str
    condition: str = ""
    transitions: tuple[int, ...] = ()
    targets: tuple[str, ...] = ()
    disposition: str = ""
    about: About


@dataclass(frozen=True, slots=True)
class Cell:
    state: str
    message: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """`cells` in rows: a message, in each of `states`.  `stale`: what happens to a response nobody waits for."""

    flow: str
    machine: str
    role: str
    states: tuple[str, ...]
    messages: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    stale: tuple[tuple[str, str], ...]


def matrix(standard: Standard, machine: Machine) -> Matrix:
    messages = tuple(message for message in standard.messages if _takes(machine, message))
    states = tuple(str(state.name) for state in leaves(machine))
    numbered = transitions(machine)
    stale = dict(machine.stale)
    return Matrix(
        flow=str(machine.flow),
        machine=str(machine.name),
        role=str(machine.role),
        states=states,
        messages=tuple(str(message.name) for message in messages),
        cells=tuple(
            tuple(Cell(state, str(message.name), tuple(_ways(machine, numbered, state, message))) for state in states)
            for message in messages
        ),
        stale=tuple(
            (str(message.name), words(stale.get(message.name, Ignore()))) for message in messages if message.answers
        ),
    )


def words(disposition: Disposition) -> str:
    match disposition:
        case Ignore():
            return "ignored"
        case Defer():
            return "deferred"
        case Impossible():
            return "impossible"
        case Reject(message=message):
            return f"rejected with {message}"
        case CloseLink(message=message):
            return f"closed with {message}" if message else "closed"


def _takes(machine: Machine, message: Message) -> bool:
    """Whether it is this machine, of all that the role runs, that the message is for."""
    heard = {handler.trigger.message for handler in machine.handlers if isinstance(handler.trigger, Receive)}
    listed = {name for state in machine.states for name, _ in (*state.dispositions, *machine.dispositions)}
    return message.name in heard | listed | {each.message for each in machine.addressing}


def _ways(machine: Machine, numbered: tuple[Transition, ...], state: str, message: Message) -> Iterator[Way]:
    """Ends with the first that holds whatever comes."""
    for scope in scopes(machine, state):
        here = [each for each in machine.handlers if each.scope == scope and _hears(each, message)]
        for handler in here:
            yield _handled(handler, numbered)
        if not all(_condition(handler) for handler in here):
            return
    yield _untaken(machine, state, message)


def _hears(handler: Handler, message: Message) -> bool:
    trigger = handler.trigger
    return isinstance(trigger, Receive) and trigger.message == message.name


def _handled(handler: Handler, numbered: tuple[Transition, ...]) -> Way:
    taken = [each for each in numbered if each.trigger is handler.trigger and each.scope == handler.scope]
    return Way(
        scope=str(handler.scope or ANYWHERE),
        condition=_condition(handler),
        transitions=tuple(each.number for each in taken),
        targets=tuple(dict.fromkeys(_target(each) for each in taken)),
        about=handler.about,
    )


def _target(transition: Transition) -> str:
    if transition.disposition is not None:
        return words(transition.disposition)
    return f"-> {transition.target}" if transition.target else "stays"


def _condition(handler: Handler) -> str:
    trigger = handler.trigger
    assert isinstance(trigger, Receive)
    sender = f"from {trigger.sender}" if trigger.sender else ""
    where = f"where {show(trigger.where)}" if trigger.where is not None else ""
    return " ".join(part for part in (sender, where) if part)


def _untaken(machine: Machine, state: str, message: Message) -> Way:
    """What happens to a message that no transition takes: as `semantics.step` has it, the message's name first."""
    around = [state_named(machine, name) for name in ancestry(machine, state)]
    for each in around:
        for name, disposition in each.dispositions:
            if name == message.name:
                return Way(scope=str(each.name), disposition=words(disposition), about=each.about)
    for each in around:
        if each.otherwise is not None:
            return Way(scope=str(each.name), disposition=words(each.otherwise), about=each.about)
    disposition = dict(machine.dispositions).get(message.name, machine.otherwise)
    return Way(scope=OTHERWISE, disposition=words(disposition), about=machine.about)
