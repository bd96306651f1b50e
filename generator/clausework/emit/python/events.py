"""What can happen to a machine: one event, one method."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clausework.emit.python.exclusive import one_of
from clausework.emit.python.members import Members
from clausework.emit.python.timers import Timer
from clausework.emit.python.words import behind, identifier, quoted
from clausework.expr import nodes
from clausework.expr.types import Boolean, Link, plain
from clausework.model.machine import (
    After,
    Command,
    Enters,
    Handler,
    Leaves,
    Lost,
    Machine,
    Receive,
    Restarted,
    Restored,
    Signal,
    Trigger,
)
from clausework.model.standard import Message, Standard, is_a


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`kind` is the trigger's word; `name` what is said of it (`receive features`); `method` its name in Python.

    `handlers` are all that may answer, in source order; `message`, `signal`, `timer`, `trigger` what it is about.
    """

    kind: str
    name: str
    method: str
    handlers: tuple[Handler, ...]
    message: Message | None = None
    senders: tuple[str, ...] = ()
    signal: Signal | None = None
    timer: Timer | None = None
    trigger: Enters | Leaves | None = None


def playing(standard: Standard, role: str) -> tuple[str, ...]:
    """The roles whose parties can be taken for `role`: itself, those that are it, those that play an imported one."""
    found = [str(each.name) for each in standard.roles if is_a(standard, each.name, role)]
    for each in standard.imports:
        for theirs, ours in each.roles:
            qualified = f"{each.standard.name}.{theirs.rpartition('.')[2]}"
            if qualified in found or qualified == role:
                found += [name for name in playing(standard, ours) if name not in found]
    return tuple(found)


def events(standard: Standard, machine: Machine, members: Members) -> tuple[Event, ...]:
    """Commands, messages, timers, links, restarts, then other machines of the party."""
    return (
        *_commands(machine, members),
        *_messages(standard, machine),
        *_timers(machine, members),
        *_links(machine),
        *_crossings(machine),
    )


def _triggered(machine: Machine, *kinds: type[Trigger]) -> tuple[Handler, ...]:
    return tuple(handler for handler in machine.handlers if isinstance(handler.trigger, kinds))


def _commands(machine: Machine, members: Members) -> Iterator[Event]:
    for signal in machine.commands:
        found = tuple(
            handler
            for handler in machine.handlers
            if isinstance(handler.trigger, Command) and handler.trigger.name == signal.name
        )
        method = members.commands[signal.name]
        yield Event(kind="command", name=str(signal.name), method=method, handlers=found, signal=signal)


def _messages(standard: Standard, machine: Machine) -> Iterator[Event]:
    heard = {
        *(handler.trigger.message for handler in machine.handlers if isinstance(handler.trigger, Receive)),
        *(name for state in machine.states for name, _ in state.dispositions),
        *(name for name, _ in (*machine.dispositions, *machine.stale)),
        *(each.message for each in machine.addressing),
    }
    mine = set(playing(standard, machine.role)) | {str(machine.role)}
    for message in standard.messages:
        if message.name not in heard or message.abstract:
            continue
        found = tuple(
            handler
            for handler in machine.handlers
            if isinstance(handler.trigger, Receive) and handler.trigger.message == message.name
        )
        senders = [
            role
            for sender, receiver in message.directions
            if mine & {*playing(standard, receiver), receiver}
            for role in playing(standard, sender)
        ]
        yield Event(
            kind="receive",
            name=f"receive {message.name}",
            method=behind("receive", message.name),
            handlers=found,
            message=message,
            senders=tuple(dict.fromkeys(senders)),
        )


def _timers(machine: Machine, members: Members) -> Iterator[Event]:
    for timer in members.timers:
        found = tuple(
            handler
            for handler in machine.handlers
            if isinstance(handler.trigger, After)
            and handler.scope == timer.scope
            and handler.trigger.timer == timer.word
        )
        method = behind("after", timer.name)
        yield Event(kind="after", name=f"after {timer.name}", method=method, handlers=found, timer=timer)


def _links(machine: Machine) -> Iterator[Event]:
    for kind, word in ((Lost, "lost"), (Restored, "restored"), (Restarted, "restarted")):
        found = _triggered(machine, kind)
        if found or kind is Restarted:
            yield Event(kind=word, name=word, method=word, handlers=found)


def _crossings(machine: Machine) -> Iterator[Event]:
    """One for all triggers about the same machine: the innermost one counts, whichever states it names."""
    seen: dict[tuple[str, str, str], list[Handler]] = {}
    for handler in machine.handlers:
        trigger = handler.trigger
        if isinstance(trigger, Enters | Leaves):
            word = "enters" if isinstance(trigger, Enters) else "leaves"
            seen.setdefault((word, str(trigger.flow), str(trigger.machine)), []).append(handler)
    for (word, flow, other), found in seen.items():
        trigger = found[0].trigger
        assert isinstance(trigger, Enters | Leaves)
        states = crossed(found)
        name = f"{word} {flow} {'|'.join(states)}"
        method = behind(behind(word, flow), "_or_".join(states))
        if any(key[:2] == (word, flow) and key[2] != other for key in seen):
            method += f"_of_{identifier(other).strip('_')}"
        yield Event(kind=word, name=name, method=method, handlers=tuple(found), trigger=trigger)


def crossed(handlers: Iterable[Handler]) -> tuple[str, ...]:
    """All states that the triggers name."""
    triggers = [each.trigger for each in handlers]
    named = [str(state) for each in triggers if isinstance(each, Enters | Leaves) for state in each.states]
    return tuple(dict.fromkeys(named))


def narrowed(
    standard: Standard, machine: Machine, members: Members, event: Event, handler: Handler
) -> nodes.Expr | None:
    """What a trigger says besides the kind of event: who from, whose; None if that is everybody."""
    match handler.trigger:
        case Receive(sender=sender):
            return _from(standard, sender, event, "sender")
        case Lost(peer=peer) | Restored(peer=peer):
            keys = [members.attribute(key.name) for key in machine.keys if isinstance(plain(key.type), Link)]
            if keys:
                return one_of("peer.link", keys, f"peer.link == {keys[0]}")
            return _from(standard, peer, event, "peer")
        case Enters() | Leaves() as crossing:
            return _whose(standard, machine, members, crossing, _which(event, crossing))
        case _:
            return None


def _which(event: Event, trigger: Enters | Leaves) -> list[str]:
    """Which of the states it is about, where the event is about more."""
    states = tuple(str(each) for each in trigger.states)
    if states == crossed(event.handlers):
        return []
    shown = ", ".join(quoted(each) for each in states)
    return [f"not {{{shown}}}.isdisjoint(of.states)"]


def _whose(
    standard: Standard, machine: Machine, members: Members, trigger: Enters | Leaves, tests: list[str]
) -> nodes.Expr | None:
    """Without `of`, an instance hears of those that have the same keys as far as both have them."""
    if trigger.key is not None:
        return _all(tests)
    others = [each for flow in standard.flows for each in flow.machines]
    other = next((each for each in others if each.flow == trigger.flow and each.name == trigger.machine), None)
    shared = [key.name for key in machine.keys if other and key.name in {each.name for each in other.keys}]
    tests = [*tests, *(f"of.key[{quoted(name)}] == {members.attribute(name)}" for name in shared)]
    return _all(tests)


def _all(tests: list[str]) -> nodes.Expr | None:
    text = " and ".join(tests)
    return one_of(text, (True,), text) if tests else None


def _from(standard: Standard, role: str | None, event: Event, word: str) -> nodes.Expr | None:
    if role is None:
        return None
    roles = playing(standard, role)
    if event.senders and set(event.senders) <= set(roles):
        return None
    if event.senders:
        roles = tuple(each for each in roles if each in event.senders)
    if not roles:
        return nodes.Literal(value=False, type=Boolean())
    shown = ", ".join(f'"{each}"' for each in roles)
    text = f"{word}.role == {shown}" if len(roles) == 1 else f"{word}.role in ({shown})"
    return one_of(f"{word}.role", roles, text)
