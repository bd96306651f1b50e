"""What a transition says, in the author's own words: one place for the grammar of all labels.

`?` received, `!` sent, `do` a command from the application, `notify` an indication to it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, assert_never

from clausework.expr import nodes as expr
from clausework.expr.show import show
from clausework.model import machine as model
from clausework.model import transitions as flat
from clausework.model.about import About, Mark
from clausework.model.standard import Lifeline

_OPPOSITES: Final[dict[str, expr.Comparison]] = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def written(expression: expr.Expr) -> str:
    """Without `message.` before the fields: the author may leave it out, and a label has little room."""
    return re.sub(r"\bmessage\.", "", show(expression))


def denied(expression: expr.Expr) -> str:
    """That it doesn't hold: `a != b` rather than `not a = b`."""
    if isinstance(expression, expr.Compare):
        return written(replace(expression, operator=_OPPOSITES[expression.operator]))
    return written(expr.Not(operand=expression, span=expression.span))


def lifeline_role(lifeline: Lifeline) -> str:
    """What stands under a lifeline's name: its role, or whose further connection it is."""
    return f"also {lifeline.another}" if lifeline.another is not None else local(lifeline.role)


def local(name: str) -> str:
    """The last part of a qualified name: `xmpp.client` is `client` to who looks at a picture."""
    return name.rpartition(".")[2]


def trigger_words(trigger: model.Trigger) -> str:
    match trigger:
        case model.Receive(message=message, sender=sender, each=each):
            whose = f" from {local(sender)}" if sender else ""
            apiece = f" for each {each[0]} in {written(each[1])}" if each else ""
            return f"? {local(message)}{whose}{apiece}"
        case model.Command(name=name):
            return f"do {name}"
        case model.After(timer=timer):
            return f"after {timer}"
        case model.Lost(peer=peer):
            return f"lost {local(peer) if peer else 'connection'}"
        case model.Restored(peer=peer):
            return f"restored {local(peer) if peer else 'connection'}"
        case model.Restarted():
            return "restarted"
        case model.Enters(flow=flow, states=states, key=key):
            return f"enters {_elsewhere(flow, states, key)}"
        case model.Leaves(flow=flow, states=states, key=key):
            return f"leaves {_elsewhere(flow, states, key)}"
    assert_never(trigger)


def narrowed(trigger: model.Trigger) -> tuple[str, ...]:
    """The `where` of a trigger, as a condition."""
    where = trigger.where if isinstance(trigger, model.Receive) else None
    return (written(where),) if where is not None else ()


@dataclass(frozen=True, slots=True)
class Said:
    """An effect, and in small print what it carries or sets."""

    what: str
    details: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.details) if part)


def effect_words(transition: flat.Transition) -> Iterator[Said]:
    """What is done, sends first; what it leads to is left to the caller."""
    for send in transition.sends:
        each = f"each {local(send.message)} in {written(send.each_in)}" if send.each_in is not None else ""
        yield Said(f"! {each or local(send.message)}{_towards(send.to)}", ", ".join(assignment_words(send.fields)))
    for whom in transition.closes:
        yield Said(f"close {whom_words(whom)}")
    for notify in transition.notifies:
        yield Said(f"notify {notify.name}", ", ".join(assignment_words(notify.arguments)))
    if transition.forget:
        yield Said("forget")
    if transition.updates:
        yield Said("", ", ".join(_update_words(transition.updates)))
    if transition.disposition is not None:
        yield Said(disposition_words(transition.disposition))


def _update_words(updates: tuple[model.Update, ...]) -> Iterator[str]:
    """Variables that get the same value together; a field called as the variable is, with `message.` before it."""
    by_value: dict[str, list[str]] = {}
    for update in updates:
        value = written(update.value)
        value = show(update.value) if value == update.variable else value
        by_value.setdefault(value, []).append(str(update.variable))
    for value, variables in by_value.items():
        yield f"{' and '.join(variables)} := {value}"


def _towards(whom: model.Whom) -> str:
    """Empty for the connection that an instance is kept for, or that the message came on."""
    words = whom_words(whom)
    return "" if words == "connection" else f" to {words}"


def whom_words(whom: model.Whom) -> str:
    match whom:
        case model.ToRole(role=role):
            return local(role)
        case model.ToParty(party=party):
            return written(party)
        case model.ToLink(link=link):
            return written(link)
        case model.ToEach():
            where = f" where {written(whom.where)}" if whom.where is not None else ""
            best = f" by {'highest' if whom.best[1] else 'lowest'} {written(whom.best[0])}" if whom.best else ""
            return f"{_for_each(whom)}{where}{best}"
    assert_never(whom)


def disposition_words(disposition: model.Disposition) -> str:
    """What becomes of a message, after `is` or alone on a line."""
    match disposition:
        case model.Ignore():
            return "ignored"
        case model.Defer():
            return "kept for later"
        case model.Impossible():
            return "impossible"
        case model.Reject(message=message):
            return f"rejected with {local(message)}"
        case model.CloseLink(message=message):
            return f"answered by closing the connection{f' with {local(message)}' if message else ''}"
    assert_never(disposition)


def here(mark: Mark) -> Mark:
    """A mark of what is imported: what is stated there is here from a reference."""
    return Mark.FROM_REFERENCE if mark is Mark.STATED else mark


def citation(about: About, *beside: About) -> str:
    """Where it is from; empty if it says nothing that those `beside` it don't say, too."""
    if about.source is None or any(about.source == other.source for other in beside):
        return ""
    return str(about.source)


def assignment_words(fields: tuple[tuple[str, expr.Expr], ...]) -> Iterator[str]:
    """`field = value`, but for fields that have just the value of the same name, or none."""
    for name, value in fields:
        text = written(value)
        if text not in (name, "none"):
            yield f"{name} = {text}"


def _for_each(whom: model.ToEach) -> str:
    elsewhere = isinstance(whom.to, model.ToLink) and not isinstance(whom.to.link, expr.Local)
    return f"{whom_words(whom.to)} for {_each(whom)}" if elsewhere else _each(whom)


def _each(whom: model.ToEach) -> str:
    what, of = whom.domain.what, whom.domain.of
    other = "other " if whom.domain.other else ""
    if what == "connections":
        return f"each {other}connection{f' of {written(of)}' if of is not None else ''}"
    if what == "items" and of is not None:
        return f"each {whom.variable} in {written(of)}"
    return f"each {other}{whom.variable}"


def _elsewhere(flow: str, states: tuple[str, ...], key: expr.Expr | None) -> str:
    of = f" of {written(key)}" if key is not None else ""
    return f"{local(flow)} {'|'.join(states)}{of}"
