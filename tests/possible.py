"""Law M7: what is not possible is never exercised, and the other way round, of every state of a flow."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from clausework.explore import explore
from clausework.expr import nodes
from clausework.expr.types import Boolean
from clausework.model.machine import Machine
from clausework.model.sequence import Check, Possible, Property
from clausework.model.standard import Flow, Standard
from clausework.model.states import leaves
from clausework.semantics.building import system
from clausework.semantics.verdict import Outcome
from clausework.source import Name


def claims(flow: Flow, only: set[tuple[str, str]]) -> Iterator[tuple[Property, Machine]]:
    """For each state of these machines, that its role can be in it."""
    for machine in flow.machines:
        lifeline = next((each for each in flow.lifelines if each.role == machine.role), None)
        if lifeline is None or (machine.flow, machine.name) not in only:
            continue
        of = nodes.Of(flow=machine.flow, machine=machine.name, lifeline=lifeline.name, type=Boolean())
        for state in leaves(machine):
            claim = Possible(condition=nodes.InState(of=of, states=(state.name,)))
            yield Property(name=Name(f"{machine.name}_{state.name}"), claim=claim, about=state.about), machine


def possible_or_dead(standard: Standard, flow: Flow, check: Check, most: int) -> Iterator[Outcome]:
    """What is said of each state, which is asserted to be so; nothing where not everything was looked at.

    Only of machines that there is one of: a claim is of every session, and what was exercised of any.
    """
    of = system(standard, flow, check)
    kept = Counter(
        (of.programs[each.machine].machine.flow, of.programs[each.machine].machine.name)
        for party in of.instances
        for each in party
    )
    stated = list(claims(flow, {machine for machine, number in kept.items() if number == 1}))
    exploration = explore(standard, replace(flow, properties=tuple(each for each, _ in stated)), check, most=most)
    if not exploration.complete:
        return
    outcomes = {each.name: each.outcome for each in exploration.verdicts if each.kind == "property"}
    for each, machine in stated:
        state = str(each.name).removeprefix(f"{machine.name}_")
        visited = ("state", machine.flow, machine.name, state, 0) in exploration.exercised
        assert (outcomes[str(each.name)] is Outcome.HOLDS) == visited, (flow.name, check.name, each.name)
        yield outcomes[str(each.name)]
