"""What is remembered of reactions is what they are, also where one stands for all that others may remember.

Seen red with an answer that may come late taken for one that asks of nobody, and with the links that are asked of left
out but for one.
"""

from itertools import islice

import pytest
from hypothesis import event, given, settings

from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.semantics.events import Delivered
from clausework.semantics.reactions import Busy
from clausework.semantics.step import commands, expiries, react
from graphs import Graph, first_checks
from strategies import Small, asking

FEW, MANY = 500, 60

ASKING = [
    pytest.param(*rest, id=name)
    for name, *rest in first_checks()
    if name
    in {
        "crossing_requests-both_ask",
        "claiming-claims_and_changes",
        "release-either_releases",
        "service-whole",
        "nat_traversal-one_calls",
    }
]


def agree(standard: Standard, flow: Flow, check: Check) -> bool:
    """Whether something could differ: somebody remembers something."""
    graph = Graph(standard, flow, check, FEW)
    space, reactions = graph.space, graph.space.reactions
    met: list[dict[Busy, None]] = [{} for _ in space.system.parties]
    for configuration in graph.search.order:
        for party, known in enumerate(met):
            known[space.busy(configuration, party)] = None
    for (party, state, link, message, _), _ in islice(reactions.entries()[1], MANY):
        came = Delivered(link, reactions.messages[message])
        for busy in islice(met[party], MANY):
            found = reactions.takes(party, state, link, message, busy)
            wanted = react(space.system, party, reactions.parties[state], came, busy)
            assert tuple(each.reaction for each in found) == wanted
    for (party, state, _), _ in islice(reactions.entries()[0], MANY):
        now = reactions.parties[state]
        events = (*commands(space.system, party, now), *expiries(space.system, party, now))
        for busy in islice(met[party], MANY):
            found = reactions.by_itself(party, state, busy, beyond=True)
            every = (each for what in events for each in react(space.system, party, now, what, busy))
            assert [each.reaction for each in found] == list(every)
    return any(len(known) > 1 for known in met)


@settings(max_examples=30, deadline=None)
@given(asking())
def test_small_systems_react_as_the_table_says(small: Small) -> None:
    (flow,) = [each for each in small.standard.flows if each.checks]
    for check in flow.checks:
        event(f"something is remembered: {agree(small.standard, flow, check)}")


@pytest.mark.parametrize(("standard", "flow", "check"), ASKING)
def test_shipped_systems_react_as_the_table_says(standard: Standard, flow: Flow, check: Check) -> None:
    assert agree(standard, flow, check)
