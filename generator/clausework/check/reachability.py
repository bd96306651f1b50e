"""States that nothing enters, states that nothing leaves, machines that react to each other in a circle."""

from collections.abc import Iterator

from clausework.check.rules import SELF_REACTION, TRAP_STATE, UNREACHABLE_STATE
from clausework.diagnostics import Diagnostic, Label
from clausework.model.machine import Command, Enters, Leaves, Machine
from clausework.model.standard import Standard, own
from clausework.model.states import ancestry, entered, leaves, scopes
from clausework.model.transitions import Transition, transitions
from clausework.source import Name


def check_reachability(standard: Standard) -> Iterator[Diagnostic]:
    for flow in own(standard.flows):
        for machine in flow.machines:
            yield from _states(machine)
    yield from _circles(standard)


def _states(machine: Machine) -> Iterator[Diagnostic]:
    every = transitions(machine)
    around = {str(leaf.name): set(scopes(machine, leaf.name)) for leaf in leaves(machine)}
    onward = {
        leaf: {str(entered(machine, each.target)) for each in every if each.target and _here(each, inside)}
        for leaf, inside in around.items()
    }
    reached = _closure(str(entered(machine, machine.initial)), onward)
    for leaf in leaves(machine):
        if leaf.name not in reached:
            yield Diagnostic(
                UNREACHABLE_STATE,
                f"nothing enters `{leaf.name}` of `{machine.name}`",
                leaf.about.span,
                help=f"`{machine.initial}` is where it starts; add a transition with `to: {leaf.name}`",
            )
        elif (
            not onward[leaf.name] - {leaf.name}
            and len(around) > 1
            and not _may_stay(machine, leaf.name, every, around[leaf.name])
        ):
            help_ = "say `final: true` or `rests: true` if that is meant"
            yield Diagnostic(
                TRAP_STATE, f"nothing leaves `{leaf.name}` of `{machine.name}`", leaf.about.span, help=help_
            )


def _here(transition: Transition, inside: set[Name | None]) -> bool:
    return transition.scope in inside


def _may_stay(machine: Machine, leaf: str, every: tuple[Transition, ...], inside: set[Name | None]) -> bool:
    around = ancestry(machine, leaf)
    said = any(state.final or state.rests for state in machine.states if state.name in around)
    return said or any(_here(each, inside) and (isinstance(each.trigger, Command) or each.forget) for each in every)


def _closure(start: str, onward: dict[str, set[str]]) -> set[str]:
    reached = {start}
    waiting = [start]
    while waiting:
        for leaf in onward[waiting.pop()] - reached:
            reached.add(leaf)
            waiting.append(leaf)
    return reached


def _circles(standard: Standard) -> Iterator[Diagnostic]:
    """A step ends only if the graph "machine reacts to machine" has no circle."""
    reacts: dict[tuple[str, str], dict[tuple[str, str], Label]] = {}
    for flow in own(standard.flows):
        for machine in flow.machines:
            for handler in machine.handlers:
                trigger = handler.trigger
                if isinstance(trigger, Enters | Leaves) and any(
                    each.target or each.forget for each in transitions(machine) if each.trigger is trigger
                ):
                    source = (str(trigger.flow), str(trigger.machine))
                    label = Label(handler.about.span, "it reacts here")
                    reacts.setdefault(source, {}).setdefault((str(machine.flow), str(machine.name)), label)
    for source, targets in reacts.items():
        for target, label in targets.items():
            if _leads(reacts, target, source):
                message = f"`{target[0]}.{target[1]}` and `{source[0]}.{source[1]}` react to each other"
                yield Diagnostic(SELF_REACTION, message, label.span)


def _leads(
    reacts: dict[tuple[str, str], dict[tuple[str, str], Label]], start: tuple[str, str], goal: tuple[str, str]
) -> bool:
    seen: set[tuple[str, str]] = set()
    waiting = [start]
    while waiting:
        each = waiting.pop()
        if each == goal:
            return True
        if each not in seen:
            seen.add(each)
            waiting.extend(reacts.get(each, {}))
    return False
