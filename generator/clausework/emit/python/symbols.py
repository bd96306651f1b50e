"""What the elements of a standard are called in its generated package: `relationship.Client.accept`."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from clausework.emit.python.events import events
from clausework.emit.python.hooks import decisions_in
from clausework.emit.python.members import members
from clausework.emit.python.package import all_modules, modules
from clausework.emit.python.parties_view import party_names
from clausework.emit.python.types import names_of
from clausework.emit.python.words import behind
from clausework.model.machine import Handler, Machine
from clausework.model.standard import Flow, Standard, own


@dataclass(slots=True)
class Symbols:
    """By name of the element; flows' own as `flow`, or (flow, name); handlers by their place in memory."""

    roles: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    flows: dict[str, str] = field(default_factory=dict)
    decisions: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    machines: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    states: dict[tuple[str, str, str], str] = field(default_factory=dict)
    handlers: dict[int, list[str]] = field(default_factory=dict)


def symbols_of(standard: Standard) -> Symbols:
    names = names_of(standard)
    every = all_modules(standard)
    found = Symbols(
        types={name: f"vocabulary.{title}" for name, title in names.types.items()},
        parameters={name: f"vocabulary.Parameters.{title}" for name, title in names.parameters.items()},
        messages={
            str(each.name): f"messages.{names.messages[str(each.name)]}"
            for each in own(standard.messages)
            if not each.abstract
        },
    )
    if any(flow.machines for flow in standard.flows):
        found.roles = {name: f"parties.{title}" for name, title in party_names(standard, names, every).items()}
    for flow, module in modules(standard):
        found.flows[str(flow.name)] = module
        for machine in flow.machines:
            _machine(found, standard, flow, machine, module)
    return found


def _machine(found: Symbols, standard: Standard, flow: Flow, machine: Machine, module: str) -> None:
    parts = members(machine, standard)
    whole = f"{module}.{parts.handler}"
    found.machines[str(flow.name), str(machine.name)] = (whole, f"{module}_machines.{parts.handler}Machine")
    for state, constant in parts.states.items():
        found.states[str(flow.name), str(machine.name), state] = f"{module}.{constant}"
    for event in events(standard, machine, parts):
        for handler in event.handlers:
            found.handlers.setdefault(id(handler), []).append(f"{whole}.{event.method}")
    asked = {name for handler in machine.handlers for name in _asked(handler)}
    for decision in flow.decisions:
        if str(decision.name) in asked:
            hook = f"{module}.{parts.decisions}.{behind('decide', decision.name)}"
            found.decisions.setdefault((str(flow.name), str(decision.name)), []).append(hook)


def _asked(handler: Handler) -> Iterator[str]:
    return decisions_in(handler.effect)
