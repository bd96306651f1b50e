"""The timers of a machine, and what a change of state does to them.

A timer belongs to the state, compound state or group that it is written in: armed when that is entered, disarmed
when it is left.  Those of the first state run from the start; one of `anywhere` belongs to no state, and never runs.
"""

from dataclasses import dataclass

from clausework.expr import nodes
from clausework.model.machine import After, Machine
from clausework.model.states import entered, scopes
from clausework.source import Name


@dataclass(frozen=True, slots=True)
class Timer:
    """`name` is the specification's, with the scope before it where two of that name can run at once."""

    name: str
    scope: str | None
    word: str
    duration: nodes.Expr


def timers(machine: Machine) -> tuple[Timer, ...]:
    """In source order, one for each scope that has it."""
    found: dict[tuple[str | None, str], nodes.Expr] = {}
    for handler in machine.handlers:
        if isinstance(handler.trigger, After):
            found.setdefault((handler.scope, str(handler.trigger.timer)), handler.trigger.duration)
    words = [word for _, word in found]
    result = []
    for (scope, word), duration in found.items():
        alone = words.count(word) == 1 or word.startswith(f"{scope}_")
        result.append(Timer(word if alone else f"{scope or 'anywhere'}_{word}", scope, word, duration))
    return tuple(result)


def running(machine: Machine, all_timers: tuple[Timer, ...], leaf: str) -> tuple[Timer, ...]:
    """The timers that may run in a leaf state."""
    around = scopes(machine, leaf)
    return tuple(timer for timer in all_timers if timer.scope is not None and timer.scope in around)


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to timers when one leaf state is left for another (or for itself)."""

    stopped: tuple[Timer, ...]
    started: tuple[Timer, ...]


def change(machine: Machine, all_timers: tuple[Timer, ...], source: str, target: str) -> Change:
    """A transition from a leaf to `target`, as written: a leaf, a compound state, the very same state.

    The state named, and the leaf that it ends in, begin their time anew; what is around both stays as it is.
    """
    leaf = entered(machine, _name(machine, target))
    before, after = running(machine, all_timers, source), running(machine, all_timers, leaf)
    again = {target, str(leaf)}
    stopped = tuple(timer for timer in before if timer not in after)
    started = tuple(timer for timer in after if timer not in before or timer.scope in again)
    return Change(stopped, started)


def _name(machine: Machine, name: str) -> Name:
    return next(state.name for state in machine.states if state.name == name)
