"""Alternatives are exclusive and complete: `when:` guards and the rows of decision tables."""

from collections.abc import Iterator

from clausework.check.rules import DEAD_TRANSITION, MISSING_CASE, OVERLAPPING_BRANCHES
from clausework.check.truth import Atoms, truth, words
from clausework.diagnostics import Diagnostic, Label
from clausework.expr import nodes
from clausework.expr.types import Boolean
from clausework.model.machine import Effect, Lookup, Row, When
from clausework.model.standard import Standard, own
from clausework.model.transitions import branches_of
from clausework.source import Span

_Case = tuple[nodes.Expr, Span]


def check_branches(standard: Standard) -> Iterator[Diagnostic]:
    seen: set[Span] = set()
    for flow in own(standard.flows):
        for machine in flow.machines:
            for handler in machine.handlers:
                for found in _effect(handler.effect):
                    if found.span is not None and found.span not in seen:  # a named effect stands in many places
                        seen.add(found.span)
                        yield found


def _effect(effect: Effect) -> Iterator[Diagnostic]:
    match effect.branch:
        case When(cases=cases):
            guards = [(guard, guard.span or below.about.span) for guard, below in cases if guard is not None]
            complete = any(guard is None for guard, _ in cases)
            yield from _cases(guards, complete, effect.about.span, "`when`")
        case Lookup(table=table, given=given, rows=rows):
            row_guards = [(_row_guard(given, row), row.about.span) for row in rows]
            yield from _cases(row_guards, False, effect.about.span, f"table `{table}`")
    for below in branches_of(effect):
        yield from _effect(below)


def _row_guard(given: tuple[nodes.Expr, ...], row: Row) -> nodes.Expr:
    result: nodes.Expr = nodes.Literal(value=True, type=Boolean())
    for subject, values in zip(given, row.values, strict=True):
        if values is not None:
            result = nodes.Logic(operator="and", left=result, right=_among(subject, values))
    return result


def _among(subject: nodes.Expr, values: tuple[nodes.Expr, ...]) -> nodes.Expr:
    tests: list[nodes.Expr] = [nodes.Compare(operator="=", left=subject, right=value) for value in values]
    if isinstance(subject.type, Boolean) or all(
        isinstance(value, nodes.Literal) and isinstance(value.value, bool) for value in values
    ):
        tests = [
            subject if isinstance(value, nodes.Literal) and value.value is True else nodes.Not(operand=subject)
            for value in values
        ]
    result = tests[0]
    for test in tests[1:]:
        result = nodes.Logic(operator="or", left=result, right=test)
    return result


def _cases(cases: list[_Case], complete: bool, span: Span, called: str) -> Iterator[Diagnostic]:
    atoms = Atoms(guard for guard, _ in cases)
    assignments = atoms.assignments()
    if assignments is None:
        return
    ever: set[int] = set()
    overlap: tuple[int, int] | None = None
    gap = None
    example: dict[tuple[int, int], str] = {}
    for assignment in assignments:
        holding = [number for number, (guard, _) in enumerate(cases) if truth(guard, assignment)]
        ever.update(holding)
        if len(holding) > 1 and overlap is None:
            overlap = (holding[0], holding[1])
            example[overlap] = words(assignment)
        if not holding and gap is None:
            gap = words(assignment)
    if overlap is not None and atoms.independent:
        (_, first), (_, second) = cases[overlap[0]], cases[overlap[1]]
        message = f"this branch and another hold together: {example[overlap]}"
        yield Diagnostic(
            OVERLAPPING_BRANCHES, message, second, (Label(first, "the other one"),), "narrow one of the two"
        )
    if gap is not None and not complete and atoms.independent:
        yield Diagnostic(MISSING_CASE, f"no branch of {called} holds for {gap}", span, help="add a branch, or `else:`")
    for number, (_, place) in enumerate(cases):
        if number not in ever:
            yield Diagnostic(DEAD_TRANSITION, "this can never hold", place, help="its parts contradict each other")
