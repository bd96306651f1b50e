"""The DHCP client of `spec/dhcp` against Figure 5 of RFC 2131, arrow by arrow."""

import pytest

from clausework.explore import explore_flow
from clausework.expr import nodes
from clausework.model.machine import After, Command, Ignore, Machine, Receive, Restarted
from clausework.model.standard import Flow, own
from clausework.model.states import ancestry, entered, leaves
from clausework.model.transitions import Transition, transitions
from support import oracle, shipped, shipped_flow

EVENTS = {
    "DHCPOFFER": "offer",
    "DHCPACK": "ack",
    "DHCPACK, not acceptable": "ack",
    "DHCPNAK": "nak",
    "select offer": "after collecting_time",
    "T1 expires": "after t1",
    "T2 expires": "after t2",
    "lease expires": "after lease",
}
BEGINS = {"init": "after pause", "init_reboot": "after start_delay"}
"""The figure has no event where the client begins by itself: there is a timer."""


def state(printed: str) -> str:
    return printed.lower().replace("-", "_")


PRINTED = oracle("rfc2131-dhcp-client.yaml")["rows"]
FIGURE_5 = {
    (state(row["from"]), EVENTS.get(row["event"]) or BEGINS[state(row["from"])], state(row["to"])) for row in PRINTED
}


@pytest.fixture(scope="module")
def client() -> Machine:
    return next(machine for machine in shipped_flow("dhcp", "lease").machines if machine.name == "client")


def event(transition: Transition) -> str:
    match transition.trigger:
        case Receive(message=message):
            return str(message)
        case After(timer=timer):
            return f"after {timer}"
        case Command(name=name):
            return f"command {name}"
        case Restarted():
            return "restarted"
    raise AssertionError(transition.trigger)


def possible(machine: Machine, transition: Transition, leaf: str) -> bool:
    """Whether the transition's place, and what it says of the state, let it happen in the leaf."""
    if transition.scope is not None and transition.scope not in ancestry(machine, leaf):
        return False
    return all(said(guard, leaf) for guard in transition.guards)


def said(guard: nodes.Expr, leaf: str) -> bool:
    """Whether a guard can hold in a state; only `state = x` and its like tell."""
    match guard:
        case nodes.Not(operand=operand) if isinstance(operand, nodes.Compare | nodes.Logic):
            return not said(operand, leaf) if speaks_of_state(operand) else True
        case nodes.Logic(operator="or", left=left, right=right):
            return said(left, leaf) or said(right, leaf)
        case nodes.Logic(operator="and", left=left, right=right):
            return said(left, leaf) and said(right, leaf)
        case nodes.Compare(operator="=", left=nodes.CurrentState(), right=nodes.Literal(value=value)):
            return value == leaf
    return True


def speaks_of_state(guard: nodes.Expr) -> bool:
    return any(isinstance(node, nodes.CurrentState) for node in nodes.walk(guard))


def from_figure_5(transition: Transition) -> bool:
    return transition.about.source is not None and transition.about.source.figures == ("5",)


def arrows(machine: Machine) -> list[tuple[tuple[str, str, str], Transition]]:
    return [
        ((str(leaf.name), event(transition), target(machine, transition, str(leaf.name))), transition)
        for transition in transitions(machine)
        for leaf in leaves(machine)
        if transition.disposition is None and possible(machine, transition, str(leaf.name))
    ]


def discarded(machine: Machine) -> set[tuple[str, str, str]]:
    """What a state of the figure takes without doing anything."""
    return {
        (str(leaf.name), str(message), str(leaf.name))
        for leaf in leaves(machine)
        if leaf.about.source is not None and leaf.about.source.figures == ("5",)
        for message, disposition in leaf.dispositions
        if isinstance(disposition, Ignore)
    }


def target(machine: Machine, transition: Transition, leaf: str) -> str:
    if transition.forget:
        return str(machine.initial)
    return str(entered(machine, transition.target)) if transition.target else leaf


def test_the_client_has_the_eight_states_of_figure_5(client: Machine) -> None:
    names = {str(state.name) for state in leaves(client)}

    assert names == {"init", "selecting", "requesting", "init_reboot", "rebooting", "bound", "renewing", "rebinding"}


def test_what_cites_figure_5_is_its_twenty_transitions_and_nothing_else(client: Machine) -> None:
    cited = {arrow for arrow, transition in arrows(client) if from_figure_5(transition)}

    assert len(FIGURE_5) == 20
    assert len(cited) == 16
    assert cited | discarded(client) == FIGURE_5


def test_what_the_figure_says_is_discarded_is_ignored(client: Machine) -> None:
    said = {
        (state(row["from"]), EVENTS[row["event"]], state(row["to"])) for row in PRINTED if row["action"] == "discard"
    }

    assert discarded(client) == said


def test_whatever_the_text_adds_to_figure_5_cites_its_section(client: Machine) -> None:
    added = {(arrow, str(transition.about.source)) for arrow, transition in arrows(client) if arrow not in FIGURE_5}

    assert {source for _, source in added} == {"3.1", "3.2", "3.7", "4.4.5", "4.4.6"}


def test_no_transition_of_the_figure_is_there_twice_under_another_source(client: Machine) -> None:
    other = [arrow for arrow, transition in arrows(client) if arrow in FIGURE_5 and not from_figure_5(transition)]

    assert not other


def test_t2_and_the_lease_run_on_from_bound_through_renewing_to_rebinding(client: Machine) -> None:
    timers = {str(each.trigger.timer): each.scope for each in client.handlers if isinstance(each.trigger, After)}

    assert timers["t2"] == timers["lease"] == "leased"
    assert {str(state.name) for state in client.states if state.parent == "leased"} == {
        "bound",
        "renewing",
        "rebinding",
    }


@pytest.mark.parametrize("flow", own(shipped()["dhcp"].flows), ids=lambda flow: str(flow.name))
def test_every_check_is_explored_to_the_end_and_answers_as_expected(flow: Flow) -> None:
    explorations = explore_flow(shipped()["dhcp"], flow)

    assert [(each.check, each.stopped) for each in explorations if not each.complete] == []
    assert [
        (each.check, one.kind, one.name) for each in explorations for one in each.verdicts if not one.expected
    ] == []
    assert max(each.configurations for each in explorations) < 100_000
