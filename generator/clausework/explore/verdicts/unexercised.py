"""What no check of a standard exercises: states, transitions, answers.  All checks count together.

A transition that does nothing isn't missed, nor one that is said to be impossible.  A guard was seen both ways when the
branches beside it were taken too, so guards are counted with the transitions.
"""

from collections.abc import Iterable, Iterator

from clausework.diagnostics import Diagnostic
from clausework.explore import rules
from clausework.explore.verdicts.exercising import Item, place
from clausework.model.machine import Handler, Ignore, Impossible, Machine
from clausework.model.standard import Standard, whole_machines
from clausework.model.states import inside, leaves
from clausework.model.transitions import Transition, paths, trigger_words
from clausework.semantics.verdict import Exploration


def never_exercised(standard: Standard, explorations: Iterable[Exploration]) -> Iterator[Diagnostic]:
    """Nothing, unless every check was explored to its end: what is missing may lie beyond."""
    found = tuple(explorations)
    if not all(each.complete for each in found):
        return
    seen = frozenset(item for each in found for item in each.exercised)
    for machine in whole_machines(standard):
        yield from _states(machine, seen)
        yield from _transitions(machine, seen)


def _states(machine: Machine, seen: frozenset[Item]) -> Iterator[Diagnostic]:
    for state in leaves(machine):
        if not _visited(machine, state.name, seen):
            yield Diagnostic(rules.NEVER_EXERCISED, f"`{machine.name}` is never in `{state.name}`", state.about.span)


def _visited(machine: Machine, state: str, seen: frozenset[Item]) -> bool:
    return ("state", machine.flow, machine.name, state, 0) in seen


def _transitions(machine: Machine, seen: frozenset[Item]) -> Iterator[Diagnostic]:
    for handler in machine.handlers:
        if not _reachable(machine, handler, seen):
            continue
        every = [each for each in paths(handler) if _counts(each)]
        missing = [each for each in every if not _fired(machine, handler, each, seen)]
        where = f" in `{handler.scope}`" if handler.scope is not None else ""
        if missing and len(missing) == len(every):
            text = f"`{trigger_words(handler.trigger)}`{where} of `{machine.name}` never happens"
            yield Diagnostic(rules.NEVER_EXERCISED, text, handler.about.span)
            continue
        for each in missing:
            text = f"`{trigger_words(handler.trigger)}`{where} of `{machine.name}` never takes this branch"
            yield Diagnostic(rules.NEVER_EXERCISED, text, each.about.span)


def _reachable(machine: Machine, handler: Handler, seen: frozenset[Item]) -> bool:
    """Whether a state that the trigger stands for was visited; else it is the state that is reported."""
    if handler.scope is None:
        return True
    group = next((each.states for each in machine.groups if each.name == handler.scope), (handler.scope,))
    return any(inside(machine, each.name, group) and _visited(machine, each.name, seen) for each in leaves(machine))


def _fired(machine: Machine, handler: Handler, transition: Transition, seen: frozenset[Item]) -> bool:
    return ("transition", machine.flow, machine.name, place(handler), transition.number) in seen


def _counts(transition: Transition) -> bool:
    """Whether it does anything that could be missed."""
    if isinstance(transition.disposition, Ignore | Impossible):
        return False
    does = transition.updates, transition.sends, transition.closes, transition.notifies, transition.target
    return bool(any(does) or transition.forget or transition.disposition is not None)
