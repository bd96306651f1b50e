"""The tree of a machine's states: leaves, what is around them, where their triggers may stand."""

from clausework.model.machine import Machine, State
from clausework.source import Name


def state_named(machine: Machine, name: str) -> State:
    return next(state for state in machine.states if state.name == name)


def leaves(machine: Machine) -> tuple[State, ...]:
    """The states that a configuration can name: all but the compound ones."""
    return tuple(state for state in machine.states if not state.compound)


def entered(machine: Machine, name: Name) -> Name:
    """The leaf that a transition to `name` ends in."""
    state = state_named(machine, name)
    while state.initial is not None:
        state = state_named(machine, state.initial)
    return state.name


def ancestry(machine: Machine, leaf: str) -> tuple[Name, ...]:
    """The state and the compound states around it, innermost first."""
    around = []
    state: State | None = state_named(machine, leaf)
    while state is not None:
        around.append(state.name)
        state = state_named(machine, state.parent) if state.parent else None
    return tuple(around)


def scopes(machine: Machine, leaf: str) -> tuple[Name | None, ...]:
    """Where triggers for a leaf may stand, innermost first: state, its groups, the state around it, ..., anywhere."""
    found: list[Name | None] = []
    for name in ancestry(machine, leaf):
        found.append(name)
        found.extend(group.name for group in machine.groups if name in group.states)
    return (*found, None)


def inside(machine: Machine, leaf: str, states: tuple[Name, ...]) -> bool:
    """Whether a leaf is one of `states` or in one of them."""
    return any(name in states for name in ancestry(machine, leaf))
