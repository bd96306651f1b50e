"""RFC 6121 Appendix A is the witness: all 72 cells, and the mirror property of all 36 pairs of them."""

from collections.abc import Iterator

import pytest

from clausework.explore import explore
from clausework.model.machine import Machine, Receive
from clausework.model.transitions import Transition, transitions
from clausework.semantics.verdict import Outcome
from support import oracle, shipped, shipped_flow

ROWS = oracle("rfc6121-subscription.yaml")["rows"]
# our names: a state is not called like a word of the language (`none`) or of a send (`to`, `from`)
NAMES = {"none": "none_yet", "to": "to_peer", "from": "from_peer", "both": "both_ways"}
STANZAS = ("subscribe", "unsubscribe", "subscribed", "unsubscribed")


def server() -> Machine:
    return next(each for each in shipped_flow("xmpp", "subscription").machines if each.name == "server")


def cell(state: str, stanza: str, sender: str) -> list[Transition]:
    """The transitions of a state for a stanza from a client (outbound) or another server (inbound)."""
    return [
        each
        for each in transitions(server())
        if each.scope == state
        and isinstance(each.trigger, Receive)
        and each.trigger.message == stanza
        and each.trigger.sender == sender
    ]


def usual(found: list[Transition]) -> Transition:
    """Of the two for a pre-approved request, the one without a pre-approval: that is what the table shows."""
    return found[-1]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['table']}-{row['stanza']}-{row['state']}")
def test_every_cell_of_the_appendix_is_as_printed(row: dict[str, str]) -> None:
    sender = "client" if row["direction"] == "outbound" else "server"
    state = NAMES.get(row["state"], row["state"])

    transition = usual(cell(state, row["stanza"], sender))

    assert (transition.target or state) == NAMES.get(row["new_state"], row["new_state"])
    forwards = [send for send in transition.sends if send.forwards]
    wanted = row.get("route") or row.get("deliver")
    assert bool(forwards) == (wanted == "MUST")
    if row.get("pre_approval"):
        assert [update.variable for update in transition.updates] == ["approved"]


def test_there_are_seventy_two_cells() -> None:
    assert len(ROWS) == 72
    assert {(row["direction"], row["stanza"], row["state"]) for row in ROWS} == {
        (direction, stanza, state)
        for direction in ("outbound", "inbound")
        for stanza in STANZAS
        for state in {row["state"] for row in ROWS}
    }


def bits(state: str) -> tuple[bool, bool, bool, bool]:
    """to, from, pending out, pending in."""
    return (
        state in ("to_peer", "to_pending_in", "both_ways"),
        state in ("from_peer", "from_pending_out", "both_ways"),
        "pending_out" in state,
        state.endswith("_in"),
    )


def mirrored(state: str) -> str:
    to, from_, out, in_ = bits(state)
    return next(str(each.name) for each in server().states if bits(each.name) == (from_, to, in_, out))


def pairs() -> Iterator[tuple[str, str]]:
    yield from ((str(state.name), stanza) for state in server().states for stanza in STANZAS)


@pytest.mark.parametrize(("state", "stanza"), list(pairs()))
def test_the_other_end_stays_the_mirror(state: str, stanza: str) -> None:
    outbound = usual(cell(state, stanza, "client"))
    mine = str(outbound.target or state)
    theirs = mirrored(state)

    if any(send.forwards for send in outbound.sends):
        theirs = str(usual(cell(theirs, stanza, "server")).target or theirs)

    assert theirs == mirrored(mine)


def test_the_mirror_breaks_when_a_repeated_request_crosses_the_refusal() -> None:
    flow = shipped_flow("xmpp", "subscription")

    exploration = explore(shipped()["xmpp"], flow, flow.checks[0])

    mirror = next(each for each in exploration.verdicts if each.name == "mirror")
    assert mirror.outcome is Outcome.FAILS
    assert mirror.expected
    assert mirror.trace is not None
    asked = [step.name for step in mirror.trace.steps if step.kind == "command"]
    assert asked.count("subscribe") == 2
    assert "cancel" in asked
    ends = {party: state for party, machine, _, state in mirror.trace.steps[-1].states if machine == "server"}
    assert ends == {"capulet": "none_yet", "montague": "from_peer"}
