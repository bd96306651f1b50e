"""The three machines of `spec/lldp` against the published ones, row by row: from where, on what, doing what, to where."""

from typing import Any

import pytest

from clausework.explore import explore_flow
from clausework.expr.show import show
from clausework.model.machine import After, Command, Enters, Leaves, Machine, Receive
from clausework.model.standard import Flow, own
from clausework.model.states import leaves
from clausework.model.transitions import Transition, transitions
from support import oracle, shipped, shipped_flow

ORACLE = oracle("ieee8021ab-lldp.yaml")
TRANSMITS = "portEnabled and adminStatus in enabledRxTx enabledTxOnly"
RECEIVES = "adminStatus in enabledRxTx enabledRxOnly"
MAY_NOT_TRANSMIT, MAY_NOT_RECEIVE = "adminStatus in disabled enabledRxOnly", "adminStatus in disabled enabledTxOnly"

CONDITIONS = {
    "transmit": {
        "enters port down": "not portEnabled",
        "enters port tx_only|rx_tx": TRANSMITS,
        "after at_once: transmits": TRANSMITS,
        "enters port disabled|rx_only": MAY_NOT_TRANSMIT,
        "after at_once: not transmits": MAY_NOT_TRANSMIT,
        "after at_once: sends": "txNow and txCredit > 0",
        "after at_once": "always",
        "after reinit_delay": "txShutdownWhile = 0",
    },
    "timers": {
        "enters port down|disabled|rx_only": f"not portEnabled or {MAY_NOT_TRANSMIT}",
        "enters port tx_only|rx_tx": TRANSMITS,
        "command change": "localChange",
        "after at_once: local_change": "localChange",
        "after at_once: expired": "txTTR = 0",
        "after at_once: greets": "newNeighbor",
        "after at_once: ticks": "txTick",
        "after at_once": "always",
    },
    "receive": {
        "enters port down": "not portEnabled",
        "enters port up": "portEnabled",
        "enters clock tick|tock: aged": "rxInfoAge",
        "enters port rx_only|rx_tx": RECEIVES,
        "after at_once: receives": RECEIVES,
        "enters port disabled|tx_only": MAY_NOT_RECEIVE,
        "after at_once: not receives": MAY_NOT_RECEIVE,
        "receive lldpdu": "rcvFrame",
        "after at_once: withdraws": "rxTTL = 0",
        "after at_once: changes": "rxTTL != 0 and rxChanges",
        "after at_once: nothing_new": "otherwise",
        "after at_once": "always",
    },
}
"""What in the specification stands for which published condition; the same one may be seen in two ways."""

ACTIONS = {
    "send shutdown LLDPDU": {"send ttl withdrawn, information none"},
    "send info LLDPDU": {"send ttl time_to_live, information timers.says"},
    "txCredit - 1": {"tx_credit: tx_credit - 1"},
    "txNow false": {"tx_now: false"},
    "txTTR 0": {"tx_ttr: 0"},
    "txFast 0": {"tx_fast: 0"},
    "localChange false": {"local_change: false"},
    "newNeighbor false": {"new_neighbour: false"},
    "txTick false": {"tx_tick: false"},
    "txTTR again": {"tx_ttr: msg_fast_tx", "tx_ttr: msg_tx_interval"},
    "txFast - 1": {"tx_fast: tx_fast - 1"},
    "txFast txFastInit": {"tx_fast: tx_fast_init"},
    "delete MIB objects": {"neighbour: none", "mib: none"},
    "initialise": {"neighbour: none", "mib: none"},
    "update MIB objects": {"neighbour: speaker", "mib: frame"},
}
OURS = {
    "says: what",
    "speaker: sender",
    "frame: message.information",
    "rx_ttl: message.ttl",
    "tx_credit: tx_credit_max",
}
"""What is only taken down: the frame, what is to be said, and the first credit, which the timers' reset gives there."""

Row = tuple[str, str, str]


def event(transition: Transition) -> str:
    guards = [show(each) for each in transition.guards if not speaks_of_values(show(each))]
    words = ": ".join((trigger(transition), *guards[:1]))
    assert len(guards) < 2, guards
    return words


def speaks_of_values(guard: str) -> bool:
    """A guard inside of a branch that only chooses what is done."""
    return guard.startswith(("tx_fast", "not tx_fast", "neighbour is", "not neighbour is", "speaker is"))


def trigger(transition: Transition) -> str:
    match transition.trigger:
        case After(timer=timer):
            return f"after {timer}"
        case Command(name=name):
            return f"command {name}"
        case Receive(message=message):
            return f"receive {message}"
        case Enters(flow=flow, states=states):
            return f"enters {flow} {'|'.join(states)}"
        case Leaves(flow=flow, states=states):
            return f"leaves {flow} {'|'.join(states)}"
    raise AssertionError(transition.trigger)


def moves(machine: Machine) -> list[Transition]:
    """What changes the state: re-entering one only looks at the conditions anew."""
    return [
        each
        for each in transitions(machine)
        if each.disposition is None and each.target is not None and each.target != each.scope
    ]


def row(name: str, transition: Transition) -> Row:
    came = "any" if transition.scope is None else str(transition.scope).upper()
    return came, CONDITIONS[name][event(transition)], str(transition.target).upper()


def done(transition: Transition) -> set[str]:
    sent = {"send " + ", ".join(f"{field} {show(value)}" for field, value in each.fields) for each in transition.sends}
    return sent | {f"{each.variable}: {show(each.value)}" for each in transition.updates}


def machine_of(name: str) -> Machine:
    return shipped_flow("lldp", name).machines[0]


@pytest.mark.parametrize("name", ORACLE)
def test_the_states_are_the_published_ones(name: str) -> None:
    published = {each[end] for each in ORACLE[name] for end in ("from", "to")} - {"any"}

    assert {str(each.name).upper() for each in leaves(machine_of(name))} == published


@pytest.mark.parametrize("name", ORACLE)
def test_the_transitions_are_the_published_ones_and_no_others(name: str) -> None:
    ours = {row(name, each) for each in moves(machine_of(name))}

    assert ours == {(each["from"], each["condition"], each["to"]) for each in ORACLE[name]}


@pytest.mark.parametrize(
    ("name", "published"),
    [(name, each) for name, rows in ORACLE.items() for each in rows],
    ids=lambda value: value if isinstance(value, str) else f"{value['from']}: {value['condition']}",
)
def test_each_transition_does_what_is_published_and_nothing_else(name: str, published: dict[str, Any]) -> None:
    wanted = (published["from"], published["condition"], published["to"])
    found = [done(each) - OURS for each in moves(machine_of(name)) if row(name, each) == wanted]
    actions = published.get("action", [])

    assert set().union(*found) == set().union(*(ACTIONS[each] for each in actions))


@pytest.mark.parametrize("flow", own(shipped()["lldp"].flows), ids=lambda flow: str(flow.name))
def test_every_check_is_explored_to_the_end_and_answers_as_expected(flow: Flow) -> None:
    explorations = explore_flow(shipped()["lldp"], flow)

    assert [(each.check, each.stopped) for each in explorations if not each.complete] == []
    assert [
        (each.check, one.kind, one.name) for each in explorations for one in each.verdicts if not one.expected
    ] == []
