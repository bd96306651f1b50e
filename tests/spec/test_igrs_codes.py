"""Verification codes (10.3.2, 10.5): who becomes related by a claim has the code that the IRSP has at that moment."""

import pytest

from clausework.model.standard import named
from clausework.semantics.configuration import InstanceState
from clausework.semantics.events import Delivered
from graphs import Graph
from support import shipped


def states(graph: Graph, number: int, machine: str) -> dict[tuple[object, ...], InstanceState]:
    """Of a machine of the IRSP, by key, in one of its states."""
    system, space = graph.space.system, graph.space
    instances = space.reactions.parties[number].instances
    return {
        each.key: instances[each.number]
        for each in system.instances[system.number_of("irsp")]
        if str(system.programs[each.machine].machine.name) == machine
    }


@pytest.mark.parametrize("check_name", ["claims_and_changes", "user_lies"])
def test_an_old_verification_code_never_works(check_name: str) -> None:
    standard = shipped()["igrs_remote_access"]
    flow = named(standard.flows, "claiming")
    graph = Graph(standard, flow, named(flow.checks, check_name), 10_000)
    system = graph.space.system
    irsp, fields = system.number_of("irsp"), [str(each.name) for each in system.messages["claim"].fields]
    by_code, refused = 0, 0

    for before, step, after in graph.taken():
        event = step.label.event
        if step.label.party != irsp or not isinstance(event, Delivered) or event.message.name != "claim":
            continue
        said = dict(zip(fields, event.message.values, strict=True))
        (code,) = states(graph, before.parties[irsp], "irsp")[(said["target"],)].variables
        had, has = (states(graph, each.parties[irsp], "platform") for each in (before, after))
        claimed = [key for key in has if (had[key].state, has[key].state) == ("none_yet", "related")]
        assert claimed in ([], [(said["requester"], said["target"])])
        assert not claimed or said["code"] == code
        by_code, refused = by_code + bool(claimed), refused + (said["code"] != code)

    assert by_code
    assert refused
