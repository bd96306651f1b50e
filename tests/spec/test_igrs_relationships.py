"""Relationships of ISO/IEC 14543-5-8: our Table 2 is what the machine does, and is RFC 6121's where that is the same."""

from collections.abc import Iterator
from functools import cache

import pytest

from clausework.semantics.events import Delivered
from clausework.semantics.space import Step
from graphs import Graph
from support import oracle, shipped, shipped_flow

# what an acceptance from the target does, by how the record stands: the next state, and whether the requester is told
TABLE_2 = {
    "none_yet": {("none_yet", False)},
    "pending": {("related", True), ("related", False), ("none_yet", True), ("none_yet", False)},
    "related": {("related", False)},
}
CONTACT = {"none_yet": "none", "pending": "none_pending_in", "related": "both"}
"""The state of the target's server for the requester, in RFC 6121; a relationship is both ways."""

Reaction = tuple[str, str, bool, str]


@cache
def graph(flow_name: str, check_name: str) -> Graph:
    flow = shipped_flow("igrs_remote_access", flow_name)
    check = next(each for each in flow.checks if each.name == check_name)
    return Graph(shipped()["igrs_remote_access"], flow, check, most=20_000)


def records(found: Graph, configuration: object) -> dict[tuple[str, str], str]:
    party = found.space.system.number_of("irsp")
    state = found.space.party(configuration, party)  # type: ignore[arg-type]  # what the graph gives
    return {
        (str(each.key[0]), str(each.key[1])): str(state.instances[each.number].state)
        for each in found.space.system.instances[party]
        if len(each.key) == 2
    }


def acceptances(found: Graph) -> Iterator[Reaction]:
    """For each acceptance that the IRSP takes: the record before, after, whether the requester is told, and what."""
    for before, step, after in found.taken():
        event = step.label.event
        if isinstance(event, Delivered) and event.message.name == "relationship_acceptance":
            _, requester, target = (str(value) for value in event.message.values)
            told, view = tells(found, step, requester)
            yield records(found, before)[requester, target], records(found, after)[requester, target], told, view


def tells(found: Graph, step: Step, requester: str) -> tuple[bool, str]:
    assert step.reaction is not None
    notices = [(each.link, each.message) for each in step.reaction.sends if each.message.name == "relationship_notice"]
    number = found.space.system.number_of(requester)
    mine = [
        message for link, message in notices if link is not None and found.space.system.links[link].client == number
    ]
    return bool(mine), str(mine[0].values[1]) if mine else ""


def reactions() -> set[Reaction]:
    asked = graph("relationship_offline", "requester_goes")
    crossed = graph("crossing_requests", "both_ask_and_accept")
    return {*acceptances(asked), *acceptances(crossed)}


def test_the_machine_takes_an_acceptance_as_table_2_says_in_every_reachable_state() -> None:
    found = reactions()

    assert {(before, after, told) for before, after, told, _ in found} <= {
        (before, *row) for before, rows in TABLE_2.items() for row in rows
    }
    assert {before for before, *_ in found} >= {"none_yet", "pending"}
    assert {view for _, after, told, view in found if told and after == "related"} == {"related"}


def test_only_an_acceptance_of_a_pending_request_makes_a_relationship() -> None:
    changes = {
        (before[key], records(found, after)[key], step.label.event.message.name)
        for found in (graph("crossing_requests", "both_ask_and_accept"), graph("release", "either_releases"))
        for start, step, after in found.taken()
        if isinstance(step.label.event, Delivered)
        for before in (records(found, start),)
        for key in before
    }

    assert {change for change in changes if change[0] != "related" and change[1] == "related"} == {
        ("pending", "related", "relationship_acceptance")
    }


@pytest.mark.parametrize(
    ("flow", "check"),
    [
        ("relationship", "one_asks"),
        ("crossing_requests", "both_ask"),
        ("crossing_requests", "both_ask_and_accept"),
        ("release", "either_releases"),
    ],
)
def test_only_one_of_the_two_directions_is_ever_more_than_empty(flow: str, check: str) -> None:
    found = graph(flow, check)

    for configuration in found.search.order:
        states = records(found, configuration)
        assert not [pair for pair in states if {states[pair], states[pair[::-1]]} <= {"pending", "related"}]


@pytest.mark.parametrize("ours", ["none_yet", "pending", "related"])
def test_table_2_forwards_an_acceptance_where_rfc_6121_routes_it(ours: str) -> None:
    (cell,) = [
        row
        for row in oracle("rfc6121-subscription.yaml")["rows"]
        if row["direction"] == "outbound" and row["stanza"] == "subscribed" and row["state"] == CONTACT[ours]
    ]

    assert any(told for _, told in TABLE_2[ours]) == (cell["route"] == "MUST")
    assert ("related" in {state for state, _ in TABLE_2[ours]}) == (cell["new_state"] in ("from", "both"))
