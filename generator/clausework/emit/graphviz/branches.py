"""The paths through an effect, with the conditions on the way as the author wrote them.

`model.machine.paths` has the same paths with conditions to be computed: `else` is a
negation there, a row of a table a conjunction.  People read `else`, and `a | b`.
A condition on the state that the machine is in is kept apart: it says where an arc begins.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clausework.emit.graphviz.words import denied, written
from clausework.expr import nodes as expr
from clausework.model import machine as model


@dataclass(frozen=True, slots=True)
class Answered:
    """A decision on the way, and the answer it got."""

    decision: str
    answer: str


@dataclass(frozen=True, slots=True)
class InOneOf:
    """The machine is in one of these states."""

    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InNoneOf:
    """The `else` of conditions on the state: the machine is in another one."""

    states: tuple[str, ...]


Condition = str | Answered | InOneOf | InNoneOf


def conditions(effect: model.Effect) -> Iterator[tuple[Condition, ...]]:
    """For each path, in the order of `paths`, the conditions from the outermost to the innermost."""
    if effect.branch is None:
        yield ()
        return
    for met, below in _cases(effect.branch):
        for further in conditions(below):
            yield (*met, *further)


def _cases(branch: model.Branching) -> Iterator[tuple[tuple[Condition, ...], model.Effect]]:
    match branch:
        case model.When(cases=cases):
            met = [_guard(guard) for guard, _ in cases if guard is not None]
            named = [each.states for each in met if isinstance(each, InOneOf)]
            only_states = len(named) == len(met)
            other = InNoneOf(tuple(state for states in named for state in states)) if only_states else "else"
            for guard, below in cases:
                yield (_guard(guard) if guard is not None else other,), below
        case model.Match(subject=subject, cases=matched):
            for values, below in matched:
                yield (_among(subject, values) if values else "else",), below
        case model.Decide(decision=decision, cases=answered):
            for answer, below in answered:
                yield (Answered(str(decision), str(answer)),), below
        case model.Lookup(given=given, rows=rows):
            for row in rows:
                asked = zip(given, row.values, strict=True)
                yield tuple(_among(subject, values) for subject, values in asked if values), row.effect


def _guard(guard: expr.Expr) -> Condition:
    match guard:
        case expr.InState(of=None, states=states):
            return InOneOf(tuple(str(state) for state in states))
        case expr.Compare(operator="=", left=expr.CurrentState(), right=expr.Literal(value=str(state))):
            return InOneOf((state,))
        case _:
            return written(guard)


def _among(subject: expr.Expr, values: tuple[expr.Expr, ...]) -> Condition:
    """`subject = a|b`; a boolean subject stands for itself."""
    shown = tuple(written(value) for value in values)
    if isinstance(subject, expr.CurrentState):
        return InOneOf(shown)
    if shown == ("true",):
        return written(subject)
    if shown == ("false",):
        return denied(subject)
    return f"{written(subject)} = {'|'.join(shown)}"
