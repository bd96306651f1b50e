"""Races of the obvious designs of ISO/IEC 14543-5-8, which the shipped specification avoids: each is one change away."""

from dataclasses import replace
from functools import cache

import pytest

from clausework.explore import explore
from clausework.explore.packed import exploring as packed
from clausework.model.sequence import Fault
from clausework.model.standard import Standard, named
from clausework.read import read
from clausework.semantics.verdict import Exploration, Outcome
from clausework.source import Name
from support import ROOT, files, shipped, shipped_flow

FLOWS = "spec/igrs-remote-access/flows/"
CROSSING = (
    "10-relationship.yaml",
    ("other_way: relationship of target and requester is pending|related", "other_way: requester != requester"),
)
OWN_CODE = (
    "10-verification-code.yaml",
    ("set: {wanted: new_code}, to: changing", "set: {wanted: new_code, code: new_code}, to: changing"),
    ("done: {set: {code: wanted, wanted: none}", "done: {set: {wanted: none}"),
)


@cache
def changed(file: str, *changes: tuple[str, str]) -> Standard:
    texts = files(ROOT / "spec")
    text = texts[FLOWS + file].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    reading = read({**texts, FLOWS + file: text.encode()})
    assert reading.diagnostics == ()
    return named(reading.standards, "igrs_remote_access")


def explored(standard: Standard, flow_name: str, check_name: str) -> Exploration:
    flow = named(standard.flows, flow_name)
    return explore(standard, flow, named(flow.checks, check_name))


def failing(found: Exploration) -> set[str]:
    return {str(each.name) for each in found.verdicts if each.outcome is Outcome.FAILS and not each.expected}


def test_with_a_record_for_each_request_two_that_cross_are_answered_differently() -> None:
    found = explored(changed(*CROSSING), "crossing_requests", "both_ask_and_accept")

    assert failing(found) & {"agreed", "rightly"}


def test_a_device_that_takes_its_new_code_at_once_disagrees_with_the_irsp_when_the_user_changes_it_too() -> None:
    found = explored(changed(*OWN_CODE), "verification_code", "both_change")

    assert "one_code" in failing(found)


@pytest.mark.parametrize(
    ("flow_name", "check_name", "party"),
    [
        pytest.param("relationship", "one_asks", "alice", marks=pytest.mark.slow),
        pytest.param("relationship", "one_asks", "bob", marks=pytest.mark.slow),
        ("claiming", "claims_and_changes", "alice"),
    ],
)
def test_relationships_survive_a_connection_that_each_end_loses_in_its_own_time(
    flow_name: str, check_name: str, party: str
) -> None:
    """Seen red with a claim that isn't known to have been made when it comes, as all are as at the start meanwhile."""
    flow = shipped_flow("igrs_remote_access", flow_name)
    lost = Fault(kind=Name("lost"), subject=Name(party), message=None, times=1, about=flow.about)
    check = replace(named(flow.checks, check_name), faults=(lost,))

    found = explore(shipped()["igrs_remote_access"], flow, check)
    compiled = packed.explore(shipped()["igrs_remote_access"], flow, check)

    assert found.complete
    assert failing(found) == failing(compiled) == set()
