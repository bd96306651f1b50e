"""The checks of millions of configurations, explored again: what is kept of them is what comes out."""

import pytest

from clausework.explore.orbits import explore_large
from clausework.explore.packed.bounds import Bounds
from clausework.explore.recording import recorded
from clausework.explore.shrinking import without
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, named, own
from clausework.semantics.record import CheckRecord, from_text
from support import ROOT, shipped

EVERY = [
    pytest.param(standard, flow, check, id=f"{standard.name}-{flow.name}-{check.name}")
    for standard in shipped().values()
    for flow in own(standard.flows)
    for check in flow.large_checks
]


def kept(standard: Standard, flow: Flow, check: Check) -> CheckRecord:
    text = (ROOT / "generated" / "ledger" / f"{standard.folder.rpartition('/')[2]}.json").read_text("utf-8")
    (of_flow,) = [each for each in from_text(text) if each.flow == flow.name]
    (found,) = [each for each in of_flow.large_checks if each.check == check.name]
    return found


@pytest.mark.parametrize(("standard", "flow", "check"), EVERY)
def test_what_is_kept_of_it_came_to_an_end_as_it_should(standard: Standard, flow: Flow, check: Check) -> None:
    found = kept(standard, flow, check)

    assert found.complete
    assert found.expected == found.verdicts > 0
    assert found.configurations > 100_000


def test_of_two_pairs_that_share_only_the_irsp_there_are_as_many_as_the_square_of_one() -> None:
    """Counted in another way: what one pair does has nothing to do with what the other one does."""
    standard = shipped()["igrs_remote_access"]
    flow = named(standard.flows, "service")
    check = named(flow.large_checks, "two_of_each_from_login_to_logout")

    one = explore_large(standard, flow, without(check, ("bob", "lamp")))

    assert one.complete
    assert kept(standard, flow, check).under_all_names == one.configurations**2


@pytest.mark.large
@pytest.mark.parametrize(("standard", "flow", "check"), EVERY)
def test_it_is_explored_to_its_end_and_gives_what_is_kept(standard: Standard, flow: Flow, check: Check) -> None:
    exploration = explore_large(standard, flow, check, Bounds(threads=2))

    assert [each.name for each in exploration.verdicts if not each.expected] == []
    ((again,),) = [each.large_checks for each in recorded(standard, [exploration])]
    assert again == kept(standard, flow, check)
