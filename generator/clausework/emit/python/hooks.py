"""The implementer's side of a machine: decisions that it asks, notifications that it gives."""

from collections.abc import Iterator
from dataclasses import dataclass

from clausework.emit.python.answers import Answers, asked
from clausework.emit.python.code import Brackets, laid_out
from clausework.emit.python.events import Event
from clausework.emit.python.members import Members
from clausework.emit.python.types import Types
from clausework.emit.python.words import behind, cited, docstring, identifier
from clausework.model.machine import Decide, Effect, Machine
from clausework.model.standard import Flow


@dataclass(frozen=True, slots=True)
class Hook:
    """`head` are the lines of `def`, `told` those of its docstring; both indented as in a class."""

    name: str
    head: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return (*self.head, *self.told)


def decisions_in(effect: Effect) -> Iterator[str]:
    """The decisions that an effect may ask."""
    branch = effect.branch
    if isinstance(branch, Decide):
        yield str(branch.decision)
    cases = getattr(branch, "cases", ()) or getattr(branch, "rows", ())
    for case in cases:
        yield from decisions_in(case.effect if hasattr(case, "effect") else case[1])


def decision_methods(
    flow: Flow,
    parts: Members,
    happenings: tuple[Event, ...],
    types: Types,
    answers: tuple[Answers, ...],
) -> list[Hook]:
    found = []
    for decision in flow.decisions:
        asking = [
            event
            for event in happenings
            if any(decision.name in decisions_in(handler.effect) for handler in event.handlers)
        ]
        if asking:
            annotation = next(each.annotation for each in answers if each.decision == decision.name)
            name = behind("decide", decision.name)
            items = ("self", f'machine: "{parts.handler}"', *_what(asking, types))
            head = laid_out(Brackets(f"def {name}(", items), 4, after=f" -> {annotation}:")
            told = [asked(decision), f"Source: {cited(decision.about)}."]
            if decision.rigid:
                told.insert(1, "The same question must always get the same answer.")
            found.append(Hook(name, tuple(head), docstring(told, 8)))
    return found


def _what(asking: list[Event], types: Types) -> Iterator[str]:
    """The message that is being handled, and who sent it; None where something else asks."""
    kinds = list(dict.fromkeys(types.message(event.message.name) for event in asking if event.message is not None))
    peer = types.imports.runtime("Peer")
    silent = [event for event in asking if event.message is None]
    yield f"message: {' | '.join([*kinds, *(['None'] if silent else [])])}"
    linked = [event for event in silent if event.kind in ("lost", "restored")]
    yield f"sender: {peer} | None" if len(silent) > len(linked) else f"sender: {peer}"


def notification_methods(machine: Machine, types: Types) -> list[Hook]:
    found = []
    for signal in machine.notifications:
        name = behind("on", signal.name)
        arguments = (f"{identifier(each.name)}: {types.annotation(each.type)}" for each in signal.arguments)
        head = laid_out(Brackets(f"def {name}(", ("self", *arguments)), 4, after=" -> None:")
        told = [signal.about.title or f"Notification `{signal.name}`.", f"Source: {cited(signal.about)}."]
        found.append(Hook(name, tuple(head), docstring(told, 8)))
    return found
