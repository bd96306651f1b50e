"""`spec/igd` against the published arguments, error codes and lease rules of WANIPConnection."""

import re
from typing import Any

import pytest

from clausework.explore import explore_flow
from clausework.expr.show import show
from clausework.model.standard import Flow, named, own
from clausework.model.transitions import transitions
from clausework.runtime import Peer
from clausework_standards.igd import mapping, messages, vocabulary
from support import oracle, shipped

PUBLISHED = oracle("igd-wanipconnection.yaml")
MESSAGES = {
    "AddPortMapping": messages.AddPortMapping,
    "AddAnyPortMapping": messages.AddAnyPortMapping,
    "DeletePortMapping": messages.DeletePortMapping,
    "GetSpecificPortMappingEntry": messages.GetPortMapping,
    "GetStatusInfo": messages.GetStatus,
    "GetExternalIPAddress": messages.GetExternalAddress,
}
NO_ARGUMENTS = {"chosen_port"}
"""What the gateway puts in when it takes the request."""


class Able:
    """A gateway that can do what it is asked for."""

    def decide_possible(self, *_: object) -> mapping.PossibleAnswer:
        return mapping.PossibleDone()


def rows_of(enumeration: str) -> list[tuple[Any, ...]]:
    type_ = named(shipped()["igd"].types, enumeration)
    return [tuple(literal.value for literal in literals) for _, literals in type_.rows]


def camel(field: str) -> str:
    return re.sub(r"(?:^|_)([a-z])", lambda match: match[1].upper(), field)


@pytest.mark.parametrize("row", PUBLISHED["arguments"], ids=lambda row: str(row["action"]))
def test_an_action_has_the_published_arguments_in_their_order(row: dict[str, Any]) -> None:
    fields = named(shipped()["igd"].messages, MESSAGES[row["action"]].NAME).fields

    assert [camel(str(each.name)) for each in fields if each.name not in NO_ARGUMENTS] == row["in"]


def test_what_version_2_alone_has_fails_as_version_2_says_and_no_older_one() -> None:
    action = next(row for row in PUBLISHED["arguments"] if row.get("versions") == "two")
    answers = {"port_reserved": {}, "reserving_failed": {}}
    gateway = named(shipped()["igd"].flows, "mapping").machines[0]
    for transition in transitions(gateway):
        for send in transition.sends:
            answers.get(str(send.message), {}).update({show(value): str(field) for field, value in send.fields})
    newer = {row["code"] for row in PUBLISHED["errors"] if row["versions"] in {"two", "both"}}

    assert action["out"] == [camel(field) for field in set(answers["port_reserved"].values())]
    assert set(answers["reserving_failed"]) - {"answer.error"} == {"not_authorized", "no_port_maps_available"}
    assert {codes()[error] for error in answers["reserving_failed"] if error in codes()} <= newer


def test_the_error_codes_and_their_versions_are_the_published_ones() -> None:
    assert rows_of("error") == [(row["code"], row["versions"]) for row in PUBLISHED["errors"]]


def test_the_connection_statuses_are_the_published_ones() -> None:
    assert rows_of("connection_status") == [(row["name"], row["optional"] == "true") for row in PUBLISHED["statuses"]]


def test_a_mapping_is_kept_under_the_published_key() -> None:
    flow = named(shipped()["igd"].flows, "mapping")

    assert [camel(str(key.name)) for key in flow.machines[0].keys] == [row["field"] for row in PUBLISHED["key"]]


@pytest.mark.parametrize("rule", PUBLISHED["rules"], ids=lambda rule: ", ".join(map(str, rule.values())))
def test_a_gateway_follows_the_published_lease_rules(rule: dict[str, Any]) -> None:
    gateway = mapping.Gateway(
        me="box",
        remote_host="",
        external_port=80,
        protocol=vocabulary.Protocol.TCP,
        parameters=vocabulary.Parameters(
            second_version=rule["version"] == 2,
            leases_known=rule["leases"] == "known",
            for_others=rule.get("for") is None,
            wanted_lease=60,
            refresh_time=30,
            soap_time=5,
            most_tries=1,
        ),
        decisions=Able(),
    )
    owner = {"none": None, "same client": "tv", "other client": "console"}[rule["entry"]]
    if owner is not None:
        gateway.receive_add_port_mapping(asked(owner, 10), Peer(owner, "control_point"), now=0.0)

    said = gateway.receive_add_port_mapping(asked("tv", rule["lease"]), Peer(asker(rule), "control_point"), now=1.0)

    error = next((each.message.error for each in said if hasattr(getattr(each, "message", None), "error")), None)
    timer = gateway.next_timer()
    if isinstance(rule["then"], int) and rule["then"] in {row["code"] for row in PUBLISHED["errors"]}:
        assert error is not None
        assert codes()[str(error)] == rule["then"]
    elif rule["then"] == "for ever":
        assert (gateway.owner, gateway.state, timer) == ("tv", mapping.GatewayState.PERMANENT, None)
    else:
        assert (gateway.owner, timer) == ("tv", 1.0 + rule["then"])


def asker(rule: dict[str, Any]) -> str:
    return "tv" if rule.get("for") is None else "hub"


def asked(client: str, lease: float) -> messages.AddPortMapping:
    return messages.AddPortMapping(
        remote_host="",
        external_port=80,
        protocol=vocabulary.Protocol.TCP,
        internal_port=8080,
        internal_client=client,
        lease_duration=lease,
    )


def codes() -> dict[str, object]:
    return {str(name): literals[0].value for name, literals in named(shipped()["igd"].types, "error").rows}


@pytest.mark.parametrize("flow", own(shipped()["igd"].flows), ids=lambda flow: str(flow.name))
def test_every_check_is_explored_to_the_end_and_finds_nothing(flow: Flow) -> None:
    explorations = explore_flow(shipped()["igd"], flow)

    assert [(each.check, each.stopped) for each in explorations if not each.complete] == []
    assert [
        (each.check, one.kind, one.name) for each in explorations for one in each.verdicts if not one.expected
    ] == []
    assert max(each.configurations for each in explorations) < 40_000
