"""The names that a standard has, as a schema needs them: for patterns that check, and for proposals."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from clausework.emit.exports.schema.shapes import NAME_PATTERN, QUALIFIED_PATTERN
from clausework.expr.types import Duration, plain
from clausework.model.machine import Machine
from clausework.model.standard import Flow, Standard, is_a, own


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Empty tuples where nothing is known; then any name will do.

    `answers`: the words that each decision may be answered with.  `passes`: "a -> b" and the messages that go there.
    `does`, `told`, `decides`, `waits`: a lifeline and what may follow its verb.  `sends`: "M to R".
    """

    messages: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    timers: tuple[str, ...] = ()
    lifelines: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    notifications: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    sends: tuple[str, ...] = ()
    answers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    passes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    does: tuple[tuple[str, tuple[str, ...]], ...] = ()
    told: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def message_pattern(self) -> str:
        return _either(self.messages) or QUALIFIED_PATTERN

    def saying(self, how: str) -> str:
        """What to write, and which messages there are."""
        return f"{how}; messages are {', '.join(self.messages)}" if self.messages else how

    @property
    def role_pattern(self) -> str:
        return _either(self.roles) or QUALIFIED_PATTERN


ANY = Words()


def names(elements: Iterable[str]) -> tuple[str, ...]:
    """In their order, each once."""
    return tuple(dict.fromkeys(str(element) for element in elements))


def words_of(standard: Standard) -> Words:
    flows = own(standard.flows)
    machines = [machine for flow in flows for machine in flow.machines]
    sent = [message for message in standard.messages if not message.abstract]
    decisions = {str(each.name): each for flow in flows for each in flow.decisions}
    return Words(
        messages=_called(message.name for message in standard.messages),
        roles=_called(role.name for role in standard.roles),
        flows=_called(flow.name for flow in standard.flows),
        types=_called(each.name for each in standard.types),
        timers=_called(each.name for each in standard.parameters if isinstance(plain(each.type), Duration)),
        lifelines=names(each.name for flow in flows for each in flow.lifelines),
        states=names(state.name for machine in machines for state in machine.states),
        commands=names(each.name for machine in machines for each in machine.commands),
        notifications=names(each.name for machine in machines for each in machine.notifications),
        variables=names(each.name for machine in machines for each in machine.variables),
        columns=names(each.name for machine in machines for each in machine.columns),
        sends=names(f"{message.name} to {receiver}" for message in sent for _, receiver in message.directions),
        answers=tuple((name, names(answer.name for answer in each.answers)) for name, each in decisions.items()),
        passes=_joined(pair for flow in flows for pair in _passes(standard, flow)),
        does=_joined((a, names(e.name for e in m.commands)) for flow in flows for a, m in _parts(flow)),
        told=_joined((a, names(e.name for e in m.notifications)) for flow in flows for a, m in _parts(flow)),
    )


def _called(elements: Iterable[str]) -> tuple[str, ...]:
    """A qualified name may be written without its standard, unless that clashes; both are proposed."""
    every = names(elements)
    return names((*every, *(name.rpartition(".")[2] for name in every)))


def _passes(standard: Standard, flow: Flow) -> Iterable[tuple[str, tuple[str, ...]]]:
    for one in flow.lifelines:
        for other in flow.lifelines:
            passing = names(
                message.name
                for message in standard.messages
                if not message.abstract
                and any(
                    is_a(standard, one.role, sender) and is_a(standard, other.role, receiver)
                    for sender, receiver in message.directions
                )
            )
            if one is not other and passing:
                yield f"{one.name} -> {other.name}", passing


def _parts(flow: Flow) -> Iterable[tuple[str, Machine]]:
    for lifeline in flow.lifelines:
        for machine in flow.machines:
            if machine.name in {lifeline.name, lifeline.role}:
                yield str(lifeline.name), machine


def _joined(pairs: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The same lifeline in several flows may do what it may in any of them."""
    found: dict[str, tuple[str, ...]] = {}
    for key, values in pairs:
        found[key] = names((*found.get(key, ()), *values))
    return tuple(found.items())


def _either(words: tuple[str, ...]) -> str:
    return f"({'|'.join(re.escape(word) for word in words)})" if words else ""


__all__ = ["ANY", "NAME_PATTERN", "Words", "names", "words_of"]
