"""The effect of a trigger as statements: guards first, then decisions, then one transition.

Whatever can fail stands before the first assignment to `self`: a step happens whole or not at all.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from clausework.emit.python.code import Block, Code, Comment, If, Line, Statement, call
from clausework.emit.python.code import Match as MatchStatement
from clausework.emit.python.exclusive import complete, exclusive, satisfiable
from clausework.emit.python.expressions import condition, python
from clausework.emit.python.place import Place, is_static, simplified
from clausework.emit.python.words import behind, identifier, quoted
from clausework.expr import nodes
from clausework.expr.types import Boolean
from clausework.model.machine import Decide, Effect, Lookup, Match, When
from clausework.model.standard import Flow

Commit = Callable[[tuple[Effect, ...], Place], Block]


@dataclass(frozen=True, slots=True)
class Case:
    """`guard` is what is written, None for `else`; `holds` what it comes to, for proofs."""

    guard: nodes.Expr | None
    holds: nodes.Expr
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Branches:
    """Writes effects in one state for one event.  `asked` is how decisions are called here."""

    flow: Flow
    event: str
    asked: str
    answers: Callable[[str, str], str]
    commit: Commit

    def cases(
        self, cases: Iterable[Case], place: Place, done: tuple[nodes.Expr, ...] = ()
    ) -> tuple[Block, bool, tuple[nodes.Expr, ...]]:
        """Statements; whether one of the cases is certainly taken; the conditions under which one certainly was.

        `done`: conditions under which something before has returned already.
        """
        open_cases = self._open(cases, place, done)
        if not open_cases:
            return (), False, done
        conditions = [case.holds for case in open_cases]
        always = complete((*conditions, *done))
        guards, inner, first = self._guards(open_cases, place, done)
        if not exclusive(conditions):
            shown = [condition(case.holds, inner) for case in open_cases]
            items: list[Code] = ["self.state", quoted(self.event), *shown]
            first = (*first, Line(call(inner.types.imports.runtime("exclusive"), items)))
        branches: list[tuple[Code | None, Block]] = []
        sure = True
        for number, (case, guard) in enumerate(zip(open_cases, guards, strict=True)):
            block, certain = self.effect(case.effects, inner)
            sure = sure and certain
            done = (*done, case.holds) if certain else done
            last = always and number == len(open_cases) - 1
            branches.append((None if last else condition(guard, inner), block))
        return (*first, *_if(branches)), always and sure, done

    def _open(self, cases: Iterable[Case], place: Place, done: tuple[nodes.Expr, ...]) -> list[Case]:
        """The cases that this state, and what has returned before, leave possible."""
        before = [nodes.Not(operand=each) for each in done]
        simple = [replace(case, holds=simplified(case.holds, place)) for case in cases]
        return [
            case for case in simple if is_static(case.holds, place) is not False and satisfiable((case.holds, *before))
        ]

    def _guards(
        self, cases: list[Case], place: Place, done: tuple[nodes.Expr, ...]
    ) -> tuple[list[nodes.Expr], Place, Block]:
        """What is written for each case: without what is certain because nothing before has returned.

        A named guard that is asked for more than once becomes a local variable of that name.
        """
        guards: list[nodes.Expr] = []
        for case in cases:
            guard = simplified(case.guard, place) if case.guard is not None else case.holds
            guards.append(_without(guard, [nodes.Not(operand=each) for each in done]))
            if self.effect(case.effects, place)[1]:
                done = (*done, case.holds)
        counted: dict[nodes.Expr, int] = {}
        for guard in guards:
            for defined in {each for each in nodes.walk(guard) if isinstance(each, nodes.Defined)}:
                counted[defined] = counted.get(defined, 0) + 1
        known = dict(place.known)
        lines: list[Statement] = []
        for guard in guards:
            for node in nodes.walk(guard):
                if isinstance(node, nodes.Defined) and counted[node] > 1 and node not in known:
                    word = identifier(node.name, ("message", "sender", "now", "effects", "state", "messages"))
                    lines.append(Line(condition(node.body, replace(place, known=known)), f"{word} = "))
                    known[node] = word
        return guards, replace(place, known=known), tuple(lines)

    def effect(self, effects: tuple[Effect, ...], place: Place) -> tuple[Block, bool]:
        """The last of `effects` may branch; those before it stand around it and happen with it."""
        branch = effects[-1].branch
        match branch:
            case None:
                return self.commit(effects, place), True
            case When(cases=cases):
                return self.cases(_guarded(cases, effects), place)[:2]
            case Match():
                return self._match(branch, effects, place)
            case Decide():
                return self._decide(branch, effects, place)
            case Lookup(given=given, rows=rows):
                listed = [_row(given, row.values, (*effects, row.effect)) for row in rows]
                return self.cases(listed, place)[:2]
            case _:
                assert_never(branch)

    def _match(self, branch: Match, effects: tuple[Effect, ...], place: Place) -> tuple[Block, bool]:
        subject = branch.subject
        literal = all(isinstance(value, nodes.Literal) for values, _ in branch.cases for value in values or ())
        cases = list(_matched(branch, effects))
        static = any(is_static(simplified(case.holds, place), place) is not None for case in cases)
        if static or not literal or isinstance(subject.type, Boolean) or len(cases) <= 2:
            return self.cases(cases, place)[:2]
        always = complete([case.holds for case in cases])
        written: list[tuple[str, Block]] = []
        sure = True
        for number, ((values, _), case) in enumerate(zip(_last_else(branch.cases), cases, strict=True)):
            block, certain = self.effect(case.effects, place)
            sure = sure and certain
            words = [place.types.value(v.value, subject.type) for v in values or () if isinstance(v, nodes.Literal)]
            if values is None or (always and number == len(cases) - 1):
                named = [str(v.value) for v in values or () if isinstance(v, nodes.Literal)]
                shown: Block = (Comment(" or ".join(named)),) if named else ()
                written.append(("_", (*shown, *block)))
            else:
                written.append((" | ".join(words), block))
        return (MatchStatement(python(subject, place), tuple(written)),), always and sure

    def _decide(self, branch: Decide, effects: tuple[Effect, ...], place: Place) -> tuple[Block, bool]:
        decision = next(each for each in self.flow.decisions if each.name == branch.decision)
        word = f"{identifier(branch.decision).strip('_')}_answer"
        asked = f"self._decisions.{behind('decide', branch.decision)}({self.asked})"
        fields = {str(answer.name): frozenset(str(name) for name, _ in answer.fields) for answer in decision.answers}
        written: list[tuple[str, Block]] = []
        sure = True
        for answer, below in branch.cases:
            inner = replace(place, answers=(*place.answers, (word, fields[answer])))
            block, certain = self.effect((*effects, below), inner)
            sure = sure and certain
            written.append((self.answers(decision.name, answer), block))
        answered = {answer for answer, _ in branch.cases}
        if all(answer.name in answered for answer in decision.answers):
            never = place.types.imports.take("typing", "assert_never")
            written.append(("_", (Line(f"{never}({word})"),)))
        return (Line(asked, f"{word} = "), MatchStatement(word, tuple(written))), sure


def _if(branches: list[tuple[Code | None, Block]]) -> Block:
    """One branch that is always taken needs no `if`."""
    if len(branches) == 1 and branches[0][0] is None:
        return branches[0][1]
    return (If(tuple(branches)),)


def _without(guard: nodes.Expr, known: list[nodes.Expr]) -> nodes.Expr:
    """The guard without the conjuncts that follow from what is known."""
    if not isinstance(guard, nodes.Logic) or guard.operator != "and":
        return guard
    left, right = _without(guard.left, known), _without(guard.right, known)
    if not satisfiable((*known, nodes.Not(operand=guard.left))):
        return right
    if not satisfiable((*known, nodes.Not(operand=guard.right))):
        return left
    return replace(guard, left=left, right=right)


def _guarded(cases: tuple[tuple[nodes.Expr | None, Effect], ...], around: tuple[Effect, ...]) -> list[Case]:
    """`else` last: it holds where none of the others does."""
    guards = [guard for guard, _ in cases if guard is not None]
    listed = [Case(guard, guard, (*around, below)) for guard, below in cases if guard is not None]
    otherwise = [Case(none_of(guards), none_of(guards), (*around, below)) for guard, below in cases if guard is None]
    return [*listed, *otherwise]


def _last_else(
    cases: tuple[tuple[tuple[nodes.Expr, ...] | None, Effect], ...],
) -> list[tuple[tuple[nodes.Expr, ...] | None, Effect]]:
    return sorted(cases, key=lambda case: case[0] is None)


def _matched(branch: Match, around: tuple[Effect, ...]) -> Iterable[Case]:
    listed = tuple(value for values, _ in branch.cases for value in values or ())
    for values, below in _last_else(branch.cases):
        holds: nodes.Expr = nodes.Not(operand=among(branch.subject, listed)) if listed else CERTAIN
        if values is not None:
            holds = among(branch.subject, values)
        yield Case(holds, holds, (*around, below))


def _row(
    given: tuple[nodes.Expr, ...], values: tuple[tuple[nodes.Expr, ...] | None, ...], effects: tuple[Effect, ...]
) -> Case:
    tests = [among(subject, cell) for subject, cell in zip(given, values, strict=True) if cell]
    holds: nodes.Expr = CERTAIN
    for test in tests:
        holds = both(holds, test)
    return Case(holds, holds, effects)


def none_of(guards: Iterable[nodes.Expr]) -> nodes.Expr:
    """The condition that no guard holds."""
    result: nodes.Expr = CERTAIN
    for guard in guards:
        result = both(result, nodes.Not(operand=guard))
    return result


def both(left: nodes.Expr | None, right: nodes.Expr | None) -> nodes.Expr:
    """The conjunction, without what is certain; None is."""
    if left is None or left == CERTAIN:
        return right or CERTAIN
    if right is None or right == CERTAIN:
        return left
    return nodes.Logic(operator="and", left=left, right=right)


CERTAIN = nodes.Literal(value=True, type=Boolean())


def among(subject: nodes.Expr, values: tuple[nodes.Expr, ...]) -> nodes.Expr:
    """The subject is one of the values."""
    tests: list[nodes.Expr] = []
    for value in values:
        if isinstance(value, nodes.Literal) and isinstance(value.value, bool):
            tests.append(subject if value.value else nodes.Not(operand=subject))
        else:
            tests.append(nodes.Compare(operator="=", left=subject, right=value))
    result = tests[0]
    for test in tests[1:]:
        result = nodes.Logic(operator="or", left=result, right=test)
    return result
