"""Which transitions are enabled: innermost first, exclusive, one for each answer of a decision."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

from clausework.expr.evaluate import holds
from clausework.expr.nodes import Value
from clausework.model.machine import Receive
from clausework.model.transitions import Transition
from clausework.semantics.configuration import Answer, Question
from clausework.semantics.system import System, Way
from clausework.semantics.view import View


class Choice(NamedTuple):
    """A transition that is enabled, with the answers that its decisions got; `asked`: the rigid ones among them."""

    transition: Transition
    answers: tuple[Answer, ...]
    asked: frozenset[tuple[Question, Answer]] = frozenset()

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
    if not transition.answers:
        if all(holds(guard, view) for guard in transition.guards):
            yield Choice(transition, ())
        return
    for answers in product(*(_answers(view, decision, answer) for decision, answer in transition.answers)):
        asked = frozenset(
            (_question(view, answer[0]), answer) for answer in answers if view.system.decisions[answer[0]].rigid
        )
        choice = Choice(transition, answers, asked)
        inside = view._replace(answer=choice.fields)
        if all(holds(guard, inside) for guard in transition.guards):
            yield choice


def _answers(view: View, decision: str, answer: str) -> list[Answer]:
    """The answers of that name; of a rigid decision that was asked this before, only the one that it gave."""
    every = _possible(view.system, decision, answer)
    if not view.system.decisions[decision].rigid:
        return every
    question = _question(view, decision)
    given = [known for asked, known in view.rigid if asked == question]
    return [each for each in every if each in given] if given else every


def _question(view: View, decision: str) -> Question:
    """What the decision is asked: for which key, on which message from whom, or with which arguments."""
    told: tuple[Value, ...] = tuple(view.arguments.values())
    if view.message is not None and view.link is not None:
        sender = str(view.system.parties[view.system.links[view.link].other(view.party)].name)
        told = (view.message.name, view.message.values, sender)
    return str(decision), view.instance.key, told


def _possible(system: System, decision: str, answer: str) -> list[Answer]:
    declared = next(each for each in system.decisions[decision].answers if each.name == answer)
    names = [str(name) for name, _ in declared.fields]
    every = product(*(system.domains.values(type_) for _, type_ in declared.fields))
    return [(str(decision), str(answer), tuple(zip(names, values, strict=True))) for values in every]
