"""`spec/home-network-configuration`: what it claims, and how sure it says that it is."""

import pytest

from clausework.explore import explore_flow
from clausework.model.standard import Flow, is_a, own
from support import ROOT, shipped

STANDARD = shipped()["home_network_configuration"]
FLOWS = own(STANDARD.flows)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: str(flow.name))
def test_every_flow_says_that_it_is_inferred_and_that_its_subclause_is_unknown(flow: Flow) -> None:
    assert flow.about.mark == "inferred"
    assert flow.about.source is not None
    assert flow.about.source.clause == "4"
    assert "subclause unknown" in str(flow.about.source)


def test_the_standard_says_at_its_top_that_none_of_the_sequences_is_public() -> None:
    text = (ROOT / "spec/home-network-configuration/standard.yaml").read_text(encoding="utf-8")

    assert "None of the sequences of this standard is public" in text.split("imports:")[0]


def test_no_agent_talks_to_a_cloud_server() -> None:
    def cloud(role: str) -> bool:
        return any(each.name == role for each in STANDARD.roles) and is_a(STANDARD, role, "cloud_server")

    ends = [direction for each in own(STANDARD.messages) for direction in each.directions]
    ends += [(each.client, each.server) for each in own(STANDARD.connections)]

    assert any(map(cloud, (one for pair in ends for one in pair)))
    assert [
        pair for pair in ends if any(map(cloud, pair)) and not any(is_a(STANDARD, one, "configurator") for one in pair)
    ] == []


def test_every_sequence_that_we_number_is_in_a_flow() -> None:
    cited = " ".join(
        str(each) for flow in FLOWS for each in (flow.about.source, *(one.about.note for one in flow.sequences))
    )

    assert [number for number in range(1, 16) if f"SEQ-{number:02}" not in cited] == []


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: str(flow.name))
def test_every_check_is_explored_to_the_end_and_finds_nothing(flow: Flow) -> None:
    explorations = explore_flow(STANDARD, flow)

    assert [(each.check, each.stopped) for each in explorations if not each.complete] == []
    assert [
        (each.check, one.kind, one.name) for each in explorations for one in each.verdicts if not one.expected
    ] == []
