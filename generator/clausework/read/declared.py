"""What a machine says beside its states: signals, what outlasts a restart, guards with names, what it requires."""

from collections.abc import Iterator

from clausework.expr import nodes
from clausework.expr.rules import SECRET_LEAK
from clausework.expr.types import Secret, plain, required
from clausework.model.machine import Field, Signal
from clausework.read.form import Form
from clausework.read.names import MachineOutline
from clausework.read.outline import Draft
from clausework.read.phrases import Phrases
from clausework.read.rules import UNKNOWN_STATE, UNKNOWN_VARIABLE, WRONG_SHAPE
from clausework.read.scopes import Words
from clausework.read.tree import Scalar
from clausework.source import Name


def notifications(form: Form, outline: MachineOutline) -> tuple[Signal, ...]:
    for signal in outline.notifications.values():
        for argument in signal.arguments:
            if isinstance(plain(required(argument.type)), Secret):
                form.problems.report(SECRET_LEAK, f"`{argument.name}` would tell a secret", argument.name.span)
    return tuple(outline.notifications.values())


def durable(form: Form, outline: MachineOutline, variables: tuple[Field, ...]) -> frozenset[Name]:
    texts = form.texts("durable")
    every = [field.name for field in variables]
    if any(text == "all" for text in texts):
        return frozenset([*every, Name("state")])
    for text in texts:
        if text not in every and text != "state":
            form.problems.unknown(UNKNOWN_VARIABLE, f"`{outline.name}` has no variable `{text}`", text, every)
    return frozenset(texts)


def definitions(form: Form, phrases: Phrases, words: Words) -> Iterator[tuple[Name, nodes.Expr]]:
    """Those that make sense without a message; the others are resolved where they are used."""
    for name, tree in form.pairs("definitions"):
        form.problems.check_name(name)
        text = form.problems_text(tree, name)
        raw = phrases.parsed(text, words.base) if text else None
        value = phrases.checker(words.base).condition(raw) if raw is not None else None
        if value is not None:
            yield name, value


def requires(draft: Draft, outline: MachineOutline, phrases: Phrases, words: Words) -> tuple[nodes.InState, ...]:
    """Each once, though several of the flow's roles may run the machine and say so."""
    return tuple(dict.fromkeys(_required(draft, outline, phrases, words)))


def _required(draft: Draft, outline: MachineOutline, phrases: Phrases, words: Words) -> Iterator[nodes.InState]:
    problems, lifelines = draft.form.problems, draft.outline.lifelines
    for lifeline, value in draft.form.pairs("requires"):
        if draft.outline.machine_of(lifeline) is not outline:
            if lifeline not in lifelines:
                problems.unknown(UNKNOWN_STATE, f"the flow has no role `{lifeline}`", lifeline, list(lifelines))
            continue
        for text in [value.text] if isinstance(value, Scalar) else []:
            found = phrases.expression(text, words.base)
            if isinstance(found, nodes.InState):
                yield found
            elif found is not None:
                problems.report(WRONG_SHAPE, "what is required is a state: `login is online`", text.span)
