"""What a check fixes beyond its parties: where machines stand at first, what is judged, who keeps to no machine."""

import gc
from dataclasses import replace

import pytest

from clausework.explore import explore, explore_flow
from clausework.explore.search.breadth_first import Search
from clausework.semantics.building import system
from clausework.semantics.events import Commanded
from clausework.semantics.space import Space
from clausework.semantics.values import Unexplorable
from clausework.semantics.verdict import Outcome
from support import small_standard
from talking import MESSAGES, VOCABULARY, explored, found, outcomes, space, talk

ASKING = """
commands: {go: {}}
variables: {score: integer 0..2 = 0}
initial: idle
states:
  idle:
    command go: {send: ask to right, to: waiting}
  waiting:
    receive accept: {to: idle}
    receive refuse: {to: idle}
    after patience: {to: idle}
otherwise: {later: ignore, tell: ignore}
"""
ANSWERING = """
variables: {score: integer 0..2 = 0}
initial: ready
states:
  ready:
    receive ask: {send: accept to left}
  sated:
    rests: true
    receive ask: {send: refuse to left}
"""
CLAIMS = """
properties:
  first: {possible: right is sated}
  second: {never: right is sated}
sequences:
  refused:
    impossible: true
    steps: [{right -> left: refuse}]
"""


def test_a_machine_begins_where_it_is_given() -> None:
    of = space(ASKING, ANSWERING, "given: {r: right is sated with score = 2}")
    start = of.start()

    assert of.party(start, 1).instances[0].state == "sated"
    assert of.party(start, 1).instances[0].variables == (2,)
    assert of.party(start, 0) == of.system.start(0)
    assert of.party(start, 0).instances[0].state == "idle"


LINKED = """
flow: talk
title: Talk
roles: {left: left, right: right}
machines:
  left: {commands: {go: {}}, initial: idle, states: {idle: {command go: {send: ask to right}}}}
  right:
    one per: connection
    initial: away
    states:
      away: {receive ask: ignore}
      here: {receive ask: ignore}
checks:
  both:
    parties: {ann: left, bob: left, hub: right}
    connections: {bob: 2}
    given: {hub: right of KEY is here}
"""


def standing(key: str) -> list[tuple[str, int]]:
    """At whose connection, and which of his, the server's machine isn't as it begins."""
    text = LINKED.replace("KEY", key)
    flow = (standard := small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=text)).flows[0]
    of = system(standard, flow, flow.checks[0])
    hub = of.number_of("hub")
    keys = [each.key for each in of.instances[hub] if of.start(hub).instances[each.number].state == "here"]
    links = [link for link in of.links if (link.number,) in keys]
    return [(str(of.parties[each.client].name), each.slot) for each in links]


def test_a_connection_is_given_by_who_is_at_its_other_end() -> None:
    assert standing("ann") == [("ann", 0)]
    assert standing("bob") == [("bob", 0)]
    assert standing("bob.2") == [("bob", 1)]


def asked(commands: str) -> set[str]:
    """At whose connections the hub's application asks for something."""
    text = LINKED.replace("given: {hub: right of KEY is here}", f"commands: {commands}")
    text = text.replace("initial: away", "commands: {call: {}}\n    initial: away")
    text = text.replace("away: {receive ask: ignore}", "away: {receive ask: ignore, command call: {to: here}}")
    flow = (standard := small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=text)).flows[0]
    of = system(standard, flow, flow.checks[0])
    whole = Space(of)
    labels = [each.label for each in whole.steps(whole.start())]
    hub = [each.event.instance for each in labels if isinstance(each.event, Commanded) and each.party == 2]
    return {str(of.parties[of.links[of.instances[2][each].key[0]].client].name) for each in hub}


def test_an_application_asks_for_something_of_those_that_the_check_names() -> None:
    """Seen red with a limit that doesn't look at whose machine it is."""
    assert asked("{hub: [call]}") == {"ann", "bob"}
    assert asked("{hub: [call of bob]}") == {"bob"}
    assert asked("{hub: [call of ann, call of bob]}") == {"ann", "bob"}


@pytest.mark.parametrize("of", ["ann and bob", "hub"])
def test_nobody_is_asked_of_whom_no_machine_is_kept(of: str) -> None:
    """Seen red without that: the command was never given, and nobody was told."""
    with pytest.raises(Unexplorable, match=f"no machine with `call` that is kept for {of}") as caught:
        asked(f"{{hub: [call of {of}]}}")
    assert caught.value.help == "there are some for `ann`, `bob`"


@pytest.mark.parametrize("key", ["cat", "1", "ann.2", "bob.3", "bob."])
def test_a_connection_that_the_check_has_not_is_no_key(key: str) -> None:
    """A number alone would depend on the order in which the parties are written."""
    with pytest.raises(Unexplorable, match="none of the connections") as caught:
        standing(key)
    assert caught.value.help == "it is one of ann, bob, bob.1, bob.2"


def test_timers_of_the_state_that_is_given_run() -> None:
    of = space(ASKING, ANSWERING, "given: {l: left is waiting}, commands: {l: []}")

    kinds = {step.label.kind for step in of.steps(of.start())}

    assert kinds == {"expire"}


def test_the_beginning_is_still_the_beginning() -> None:
    """Where a machine is given to stand changes nothing of where it goes when it forgets."""
    of = space(ASKING, ANSWERING, "given: {r: right is sated with score = 2}, faults: [restart r once]")
    search = Search(of, 1000)
    search.run()

    seen = {of.party(each, 1).instances[0].state for each in search.order}

    assert seen == {"sated", "ready"}


def test_only_what_is_claimed_is_judged() -> None:
    standard, flow = talk(ASKING, ANSWERING, CLAIMS, "claims: [second]")

    judged = {each.name for each in explore(standard, flow, flow.checks[0]).verdicts if each.kind != "never-exercised"}

    assert "second" in judged
    assert not judged & {"first", "refused"}


def test_a_negative_sequence_is_judged_from_the_beginning_if_some_check_has_it() -> None:
    given = "  later: {parties: {l: left, r: right}, given: {r: right is sated}}\n"
    standard, flow = talk(ASKING, ANSWERING, CLAIMS, "queue: 1}\n" + given + "  last: {parties: {l: left, r: right}")

    first, later, _ = (explore(standard, flow, check) for check in flow.checks)

    assert [each.outcome for each in first.verdicts if each.name == "refused"] == [Outcome.HOLDS]
    assert not [each for each in later.verdicts if each.name == "refused"]


NOWHERE = """
sequences:
  refused:
    impossible: true
    starts: {right: sated}
    steps: [{right -> left: refuse}]
"""


@pytest.mark.parametrize(("given", "found_"), [("", {"never-begins"}), ("given: {r: right is sated}", set())])
def test_a_negative_sequence_that_begins_nowhere_shows_nothing(given: str, found_: set[str]) -> None:
    silent = ANSWERING.replace("{send: refuse to left}", "ignore")
    standard, flow = talk(ASKING, silent, NOWHERE, given)

    explorations = explore_flow(standard, flow)

    assert {each.kind for each in explorations[-1].verdicts if each.kind == "never-begins"} == found_
    outcome = Outcome.NOT_LOOKED_AT if found_ else Outcome.HOLDS
    assert next(each.outcome for each in explorations[0].verdicts if each.name == "refused") is outcome


def test_a_message_on_a_connection_is_lost_with_it() -> None:
    """Only datagrams are lost by themselves; so the sequence is looked for where the connection may be lost."""
    steps = (
        "left does: go, {left -> right: ask, lost: true}, right loses: left, left loses: right, left waits: patience"
    )
    vanished = f"sequences: {{vanished: {{steps: [{steps}]}}}}"
    standard, flow = talk(
        ASKING, ANSWERING, vanished, "queue: 1}\n  cut: {parties: {l: left, r: right}, faults: [lost once]"
    )

    outcomes_ = {
        each.check: [one.outcome for one in each.verdicts if one.name == "vanished"]
        for each in explore_flow(standard, flow)
    }

    assert outcomes_ == {"both": [], "cut": [Outcome.HOLDS]}


def test_what_is_on_its_way_is_wanted_as_received() -> None:
    """It is answered at once, which the sequence hasn't: so nobody takes it as written.  It was said to be wanted again."""
    unanswered = "sequences: {it: {steps: [left does: go, left -> right: ask]}}"

    (verdict,) = (each for each in explored(ASKING, ANSWERING, unanswered).verdicts if each.kind == "sequence")

    assert verdict.outcome is Outcome.FAILS
    assert str(verdict.diagnostic and verdict.diagnostic.help).endswith("then wanted: `right receives: ask`")


def test_what_an_attacker_cannot_take_is_no_finding() -> None:
    """Its own machine stays as it is; what others can't take is one."""
    strange = ASKING.replace("otherwise: {later: ignore, tell: ignore}", "")
    asked = "faults: [attack l], commands: {l: []}"

    assert "impossible" not in found(explored(strange, ANSWERING.replace("send: accept", "send: tell"), "", asked))
    once = ANSWERING.replace("{send: accept to left}", "{to: sated}").replace(
        "    receive ask: {send: refuse to left}\n", ""
    )
    assert "impossible" in found(explored(strange, once, "", asked))


def test_a_full_queue_does_not_make_a_run_fair() -> None:
    """What would happen if there was room is not for ever impossible: no promise is broken by that."""
    repeating = """
        commands: {}
        initial: idle
        states:
          idle:
            after pause: {send: ask to right, to: idle, recurring: true}
            receive accept: ignore
    """
    patient = """
        variables: {score: integer 0..2 = 0}
        initial: ready
        states:
          ready:
            receive ask: {send: accept to left}
            after patience: {send: tell to left, to: done}
          done:
            rests: true
            receive ask: {send: accept to left}
    """
    claim = "properties:\n  claim: {whenever: right is ready, eventually: right is done}\n"
    listening = repeating.replace("receive accept: ignore", "receive accept: ignore\n            receive tell: ignore")

    assert outcomes(explored(listening, patient, claim, "queue: 1"))["claim"] is Outcome.HOLDS


def test_a_check_that_has_nobody_for_a_part_says_that_nothing_was_judged() -> None:
    """Seen to fail when claims are looked for and sessions aren't."""
    standard, flow = talk(ASKING, ANSWERING, CLAIMS)
    alone = replace(flow.checks[0], parties=flow.checks[0].parties[:1])

    assert "no-session" in found(explore(standard, flow, alone))
    assert "no-session" not in found(explore(standard, flow, flow.checks[0]))
    assert "no-session" not in found(explore(standard, flow, replace(alone, claims=())))


def test_the_search_leaves_the_collector_as_it_was() -> None:
    """Seen to fail when it isn't put on again."""
    standard, flow = talk(ASKING, ANSWERING)

    explore(standard, flow, flow.checks[0])
    on = gc.isenabled()
    gc.disable()
    try:
        explore(standard, flow, flow.checks[0])
        off = gc.isenabled()
    finally:
        gc.enable()

    assert on
    assert not off
