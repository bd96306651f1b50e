"""What must hold of a machine as a whole, once all of it has been read."""

from clausework.diagnostics import Label
from clausework.model.machine import Handler, Leaves, Machine, Receive, State, Trigger
from clausework.model.states import scopes
from clausework.read.form import Problems
from clausework.read.rules import CONTRADICTION, MISSING_LEAVES, REPEATED_TRIGGER
from clausework.source import MessageName


def check_repeated(problems: Problems, machine: Machine) -> None:
    seen: dict[tuple[object, ...], Handler] = {}
    for handler in machine.handlers:
        key = (handler.scope, *_event(handler.trigger))
        first = seen.setdefault(key, handler)
        if first is not handler:
            others = (Label(first.about.span, "here it is the first time"),)
            problems.report(REPEATED_TRIGGER, "this trigger stands here already", handler.about.span, None, *others)
    for state in machine.states:
        for message, _ in state.dispositions:
            _check_disposition(problems, machine, state, message)


def _check_disposition(problems: Problems, machine: Machine, state: State, message: MessageName) -> None:
    """`ignore: [M]` says what happens to what no trigger takes: one here, or around, would take it first."""
    around = scopes(machine, state.name)
    for handler in machine.handlers:
        trigger = handler.trigger
        if not isinstance(trigger, Receive) or trigger.message != message or handler.scope not in around:
            continue
        if handler.scope == state.name and trigger.where is None:
            problems.report(CONTRADICTION, f"`{message}` has a trigger in `{state.name}`, too", message.span)
        elif handler.scope != state.name and trigger.where is None and trigger.sender is None:
            where = Label(handler.about.span, "this takes it first")
            help_ = f"write `receive {message}: ignore`, which is nearer"
            problems.report(
                CONTRADICTION, f"a trigger around `{state.name}` takes `{message}`", message.span, help_, where
            )


def check_leaves(problems: Problems, machine: Machine) -> None:
    """Every state of a machine that requires says what happens when that ceases."""
    for wanted in machine.requires:
        of = wanted.of
        if of is None:
            continue
        saying = {
            handler.scope
            for handler in machine.handlers
            if isinstance(handler.trigger, Leaves) and handler.trigger.flow == of.flow
        }
        for state in machine.states:
            if not state.compound and not saying & set(scopes(machine, state.name)):
                shown = f"leaves {of.flow} {'|'.join(wanted.states)}"
                problems.report(
                    MISSING_LEAVES,
                    f"`{state.name}` doesn't say what `{shown}` does",
                    state.about.span,
                    f"write `{shown}: ...` here, in a group, or `anywhere`",
                )


def _event(trigger: Trigger) -> tuple[object, ...]:
    """What makes two triggers the same one: not their guards' place in the text."""
    if isinstance(trigger, Receive):
        return ("receive", trigger.message, trigger.sender, trigger.where)
    return (trigger,)
