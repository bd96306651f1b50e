"""RFC 6120: a stream's negotiation, in the RFC's order, every step with its section."""

import pytest

from clausework.explore import explore_flow
from clausework.expr.types import Enumeration
from clausework.model.machine import Machine, Receive
from clausework.model.sequence import Passes
from clausework.model.standard import Flow, named, own
from clausework.model.transitions import transitions
from support import shipped, shipped_flow

NEGOTIATION = [
    "stream_open",
    "offer_tls",
    "start_tls",
    "tls_proceed",
    "stream_open",
    "offer_sasl",
    "auth",
    "sasl_success",
    "stream_open",
    "offer_bind",
    "bind_request",
    "bind_result",
]


def machine(name: str) -> Machine:
    return next(each for each in shipped_flow("xmpp", "stream").machines if each.name == name)


@pytest.mark.parametrize(("type_", "count"), [("sasl_condition", 11), ("stream_condition", 25)])
def test_all_conditions_of_the_rfc_are_there(type_: str, count: int) -> None:
    found = named(shipped()["xmpp"].types, type_).type

    assert isinstance(found, Enumeration)
    assert len(set(found.values)) == count


def test_the_sequence_of_a_login_has_the_messages_of_the_rfc_in_their_order() -> None:
    login = next(each for each in shipped_flow("xmpp", "stream").sequences if each.name == "log_in")

    assert [str(each.message) for each in login.steps if isinstance(each, Passes)] == NEGOTIATION


@pytest.mark.parametrize("name", ["client", "server"])
def test_every_step_of_the_stream_cites_a_section_of_its_own(name: str) -> None:
    whole = shipped_flow("xmpp", "stream").about.source
    uncited = [str(each.about.span) for each in transitions(machine(name)) if each.about.source == whole]

    assert uncited == []


def test_the_server_takes_a_proof_only_under_tls_and_binds_only_after_it() -> None:
    taking = {
        message: {str(each.scope) for each in transitions(machine("server")) if _receives(each.trigger, message)}
        for message in ("start_tls", "auth", "bind_request")
    }

    assert taking == {"start_tls": {"plain"}, "auth": {"plain", "secured", "challenged"}, "bind_request": {"unbound"}}
    assert [
        [str(send.message) for send in each.sends]
        for each in transitions(machine("server"))
        if _receives(each.trigger, "auth") and each.scope == "plain"
    ] == [["sasl_failure"]]


def _receives(trigger: object, message: str) -> bool:
    return isinstance(trigger, Receive) and trigger.message == message


@pytest.mark.parametrize("flow", own(shipped()["xmpp"].flows), ids=lambda flow: str(flow.name))
def test_every_check_is_explored_to_the_end_and_answers_as_expected(flow: Flow) -> None:
    explorations = explore_flow(shipped()["xmpp"], flow)

    assert [(each.check, each.stopped) for each in explorations if not each.complete] == []
    assert [
        (each.check, one.kind, one.name) for each in explorations for one in each.verdicts if not one.expected
    ] == []
    assert max(each.configurations for each in explorations) < 100_000
