"""RFC 6121 Appendix A is the witness: all 72 cells, and the mirror property of all 36 pairs of them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from clausework.explore import explore
from clausework.model.machine import Machine, Receive
from clausework.model.sequence import Fault
from clausework.model.transitions import Transition, transitions
from clausework.semantics.building import system
from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Commanded, Delivered
from clausework.semantics.space import Space, Step
from clausework.semantics.verdict import Outcome
from clausework.source import Name
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


# -- probes (4.3): every request is answered before the next one is made

RELATED = ["juliet subscribe", "capulet subscribe", "montague subscribe", "romeo approve", "montague subscribed"]
CANCELLED = ["romeo cancel", "montague unsubscribed", "capulet unavailable"]
PROBED = ["capulet subscribed", "capulet probe", *CANCELLED, "montague probe", "capulet unsubscribed"]
NOT_PROBED = ["capulet subscribed", *CANCELLED, "capulet unsubscribed"]


def rows_after(story: list[str]) -> tuple[str, str]:
    """Juliet's row for Romeo and his for her, at rest after these steps; clients read what comes at once."""
    flow = shipped_flow("xmpp", "probes")
    lost = Fault(kind=Name("lost"), subject=Name("montague"), message=None, times=1, about=flow.about)
    space = Space(system(shipped()["xmpp"], flow, replace(flow.checks[0], faults=(lost,))))
    names = [str(each.name) for each in space.system.parties]
    now = space.start()
    for event in story:
        now = read_by_clients(space, names, taken(space, names, now, event))
    assert space.settled(now)
    return row(space, now, "capulet", ("juliet", "romeo")), row(space, now, "montague", ("romeo", "juliet"))


def row(space: Space, now: Configuration, server_name: str, key: tuple[str, str]) -> str:
    party = space.system.number_of(server_name)
    found = next(each for each in space.system.instances[party] if each.key == key)
    return space.party(now, party).instances[found.number].state


def taken(space: Space, names: list[str], now: Configuration, event: str) -> Configuration:
    (target,) = {step.target for step in space.steps(now) if said(names, step) == event} - {now, None}
    assert target is not None
    return target


def said(names: list[str], step: Step) -> str:
    """Party, and command or message; of what happens to a link, the kind and the link's number."""
    match step.label.event:
        case Commanded(command=name) | Delivered(message=(name, *_)):
            return f"{names[step.label.party]} {name}"
    return f"{names[step.label.party]} {step.label.kind} {step.label.link}"


def read_by_clients(space: Space, names: list[str], now: Configuration) -> Configuration:
    for step in space.steps(now):
        if isinstance(step.label.event, Delivered) and names[step.label.party] in ("juliet", "romeo"):
            assert step.target is not None
            return read_by_clients(space, names, step.target)
    return now


def test_the_answer_to_a_probe_that_crossed_a_cancellation_refuses_the_next_request() -> None:
    again = ["juliet subscribe", "capulet subscribe"]
    answered = ["montague subscribe", "romeo approve", "montague subscribed", "capulet subscribed"]

    assert rows_after([*RELATED, *NOT_PROBED, *again, *answered]) == ("to_peer", "from_peer")
    assert rows_after([*RELATED, *PROBED, *again, "capulet unsubscribed", *answered]) == ("none_yet", "from_peer")


def test_a_probe_mends_what_the_loss_of_a_cancellation_broke() -> None:
    between = 2  # the link of the two servers
    lost = [
        *("romeo cancel", "montague unsubscribed", f"montague cut {between}"),
        *(
            f"capulet notice {between}",
            f"montague notice {between}",
            f"capulet open {between}",
            f"montague accept {between}",
        ),
    ]
    asked = ["capulet probe", "montague probe", "capulet unsubscribed"]

    assert rows_after([*RELATED, "capulet subscribed", *lost]) == ("to_peer", "none_yet")
    assert rows_after([*RELATED, "capulet subscribed", *lost, *asked]) == ("none_yet", "none_yet")
