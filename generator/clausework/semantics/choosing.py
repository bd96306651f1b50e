"""Which transitions are enabled: innermost first, exclusive, one for each answer of a decision."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

from clausework.expr.evaluate import holds
from clausework.expr.nodes import Value
from clausework.model.machine import Receive
from clausework.model.transitions import Transition
from clausework.semantics.system import System, Way
from clausework.semantics.view import View

Answer = tuple[str, str, tuple[tuple[str, Value], ...]]
"""Decision, answer, and what the answer carries."""


class Choice(NamedTuple):
    """A transition that is enabled, with the answers that its decisions got."""

    transition: Transition
    answers: tuple[Answer, ...]

    @property
    def fields(self) -> dict[str, Value]:
        return {name: value for _, _, values in self.answers for name, value in values}


def enabled(view: View, suits: Callable[[Way], bool]) -> list[Choice]:
    """Of the handlers that suit: state, its groups, the state around it, anywhere; outer ones only if none is inside.

    `receive M` without `where` means "and no `where` of this scope holds".
    """
    program = view.system.programs[view.instance.machine]
    for scope in program.scopes[view.own.state]:
        found: list[Choice] = []
        narrowed = False
        for way in program.by_scope.get(scope, ()):
            trigger = way.handler.trigger
            if not suits(way):
                continue
            if isinstance(trigger, Receive) and trigger.where is not None:
                if not holds(trigger.where, view):
                    continue
                narrowed = True
            elif isinstance(trigger, Receive) and narrowed:
                continue
            found += [choice for each in way.transitions for choice in _choices(each, view)]
        if found:
            return found
    return []


def are_rivals(one: Choice, other: Choice) -> bool:
    """Whether two enabled transitions exclude each other, and no decision tells them apart."""
    if one.transition is other.transition:
        return False
    answers = {decision: (answer, fields) for decision, answer, fields in one.answers}
    return all(
        answers.get(decision, (answer, fields)) == (answer, fields) for decision, answer, fields in other.answers
    )


def _choices(transition: Transition, view: View) -> Iterator[Choice]:
    for answers in product(*(_answers(view.system, decision, answer) for decision, answer in transition.answers)):
        choice = Choice(transition, answers)
        inside = view._replace(answer=choice.fields)
        if all(holds(guard, inside) for guard in transition.guards):
            yield choice


def _answers(system: System, decision: str, answer: str) -> list[Answer]:
    declared = next(each for each in system.decisions[decision].answers if each.name == answer)
    names = [str(name) for name, _ in declared.fields]
    every = product(*(system.domains.values(type_) for _, type_ in declared.fields))
    return [(str(decision), str(answer), tuple(zip(names, values, strict=True))) for values in every]
