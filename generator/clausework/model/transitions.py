"""A machine laid flat: every path through a handler's effect is a transition.

For those who search, draw or count; whoever writes code or pages keeps the author's tree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from clausework.expr import nodes as expr
from clausework.expr.show import show
from clausework.model.about import About
from clausework.model.machine import (
    After,
    Branching,
    Command,
    Decide,
    Disposition,
    Effect,
    Enters,
    Handler,
    Leaves,
    Lookup,
    Lost,
    Machine,
    Match,
    Notify,
    Receive,
    Restarted,
    Restored,
    Send,
    Trigger,
    Update,
    When,
    Whom,
)
from clausework.source import Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One path through a handler's effect.

    `guards` all hold; `answers` are those that the decisions on the path get, in order; the `else` of a `when`
    has become the negation of its guards.  `scope`, `trigger` as in the handler; `about` is the innermost effect's.
    """

    number: int
    scope: Name | None
    trigger: Trigger
    guards: tuple[expr.Expr, ...]
    answers: tuple[tuple[Name, Name], ...]
    updates: tuple[Update, ...]
    sends: tuple[Send, ...]
    closes: tuple[Whom, ...]
    notifies: tuple[Notify, ...]
    forget: bool
    target: Name | None
    disposition: Disposition | None
    about: About
    recurring: bool = False


def transitions(machine: Machine) -> tuple[Transition, ...]:
    """All transitions of a machine, numbered from 1 in source order."""
    paths = [(handler, path) for handler in machine.handlers for path in _paths(handler.effect)]
    return tuple(_transition(number, handler, path) for number, (handler, path) in enumerate(paths, 1))


def paths(handler: Handler) -> tuple[Transition, ...]:
    """The transitions of one handler, numbered from 1."""
    return tuple(_transition(number, handler, path) for number, path in enumerate(_paths(handler.effect), 1))


def trigger_words(trigger: Trigger) -> str:
    """A trigger in the author's words, shortly: without standards, guards and from whom."""
    match trigger:
        case Receive(message=message):
            return f"receive {message.rpartition('.')[2]}"
        case Command(name=name):
            return f"command {name}"
        case After(timer=timer):
            return f"after {timer}"
        case Lost(peer=peer):
            return f"lost {(peer or 'connection').rpartition('.')[2]}"
        case Restored(peer=peer):
            return f"restored {(peer or 'connection').rpartition('.')[2]}"
        case Restarted():
            return "restarted"
        case Enters(flow=flow, states=states):
            return f"enters {flow.rpartition('.')[2]} {'|'.join(states)}"
        case Leaves(flow=flow, states=states):
            return f"leaves {flow.rpartition('.')[2]} {'|'.join(states)}"
    assert_never(trigger)


def called(machine: Machine, handler: Handler) -> tuple[str, ...]:
    """A name for each transition of a handler that stays when lines move: `login.client offline: command log_in`.

    Of several paths through the effect, all but the first have their number behind.
    """
    trigger = handler.trigger
    sender = f" from {trigger.sender}" if isinstance(trigger, Receive) and trigger.sender else ""
    where = f" where {show(trigger.where)}" if isinstance(trigger, Receive) and trigger.where is not None else ""
    of = f" of {show(trigger.key)}" if isinstance(trigger, Enters | Leaves) and trigger.key is not None else ""
    words = f"{trigger_words(trigger)}{sender}{where}{of}"
    whole = f"{machine.flow}.{machine.name} {handler.scope or 'anywhere'}: {words}"
    return tuple(whole if number == 1 else f"{whole} #{number}" for number, _ in enumerate(_paths(handler.effect), 1))


def branches_of(effect: Effect) -> tuple[Effect, ...]:
    """The effects directly below, in source order."""
    return tuple(below for _, below in _cases(effect.branch)) if effect.branch is not None else ()


_Choice = expr.Expr | tuple[Name, Name]
_Path = tuple[tuple[_Choice, ...], tuple[Effect, ...]]


def _transition(number: int, handler: Handler, path: _Path) -> Transition:
    choices, effects = path
    targets = [effect.target for effect in effects if effect.target]
    dispositions = [effect.disposition for effect in effects if effect.disposition]
    return Transition(
        number=number,
        scope=handler.scope,
        trigger=handler.trigger,
        guards=tuple(choice for choice in choices if not isinstance(choice, tuple)),
        answers=tuple(choice for choice in choices if isinstance(choice, tuple)),
        updates=tuple(update for effect in effects for update in effect.updates),
        sends=tuple(send for effect in effects for send in effect.sends),
        closes=tuple(whom for effect in effects for whom in effect.closes),
        notifies=tuple(notify for effect in effects for notify in effect.notifies),
        forget=any(effect.forget for effect in effects),
        target=targets[-1] if targets else None,
        disposition=dispositions[-1] if dispositions else None,
        about=effects[-1].about,
        recurring=any(effect.recurring for effect in effects),
    )


def _paths(effect: Effect) -> Iterator[_Path]:
    if effect.branch is None:
        yield (), (effect,)
        return
    for choices, below in _cases(effect.branch):
        for further, effects in _paths(below):
            yield (*choices, *further), (effect, *effects)


def _cases(branch: Branching) -> Iterator[tuple[tuple[_Choice, ...], Effect]]:
    match branch:
        case When(cases=cases):
            others = tuple(expr.Not(operand=guard) for guard, _ in cases if guard is not None)
            for guard, below in cases:
                yield ((guard,) if guard is not None else others), below
        case Match(subject=subject, cases=matched):
            listed = tuple(value for values, _ in matched for value in values or ())
            for values, below in matched:
                yield ((_among(subject, values) if values else expr.Not(operand=_among(subject, listed))),), below
        case Decide(decision=decision, cases=answered):
            for answer, below in answered:
                yield ((decision, answer),), below
        case Lookup(given=given, rows=rows):
            for row in rows:
                tests = zip(given, row.values, strict=True)
                yield tuple(_among(subject, values) for subject, values in tests if values), row.effect


def _among(subject: expr.Expr, values: tuple[expr.Expr, ...]) -> expr.Expr:
    """`subject` equals one of `values`; a boolean subject stands for itself."""
    tests = [_equal(subject, value) for value in values]
    result = tests[0]
    for test in tests[1:]:
        result = expr.Logic(operator="or", left=result, right=test, span=subject.span)
    return result


def _equal(subject: expr.Expr, value: expr.Expr) -> expr.Expr:
    if isinstance(value, expr.Literal) and value.value is True:
        return subject
    if isinstance(value, expr.Literal) and value.value is False:
        return expr.Not(operand=subject, span=subject.span)
    return expr.Compare(operator="=", left=subject, right=value, span=subject.span)
