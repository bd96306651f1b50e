"""Sequences in which a party has several connections, each with a lifeline of its own; and what somebody forges."""

from clausework.emit.exports.sequences import suggestions
from clausework.explore import coverage, explore
from clausework.model.standard import named
from clausework.semantics.verdict import Outcome, Verdict
from support import small_standard
from talking import explored, found, talk

WIRE = """
    vocabulary: small
    roles: {left: {means: One end}, right: {means: The other end}}
    connections: {wire: {between: left and right}}
"""
ASKED = """
    messages:
      ask:    {from: left, to: right, over: wire}
      accept: {answers: ask, over: wire}
      tell:   {from: right, to: left, over: wire}
"""
TWO = """
flow: talk
title: Talk
roles: {left: left, left_too: {another: left}, right: right}
machines:
  left:
    one per: connection
    commands: {go: {}}
    initial: idle
    states:
      idle: {command go: {send: ask to connection, to: waiting}}
      waiting:
        receive accept: {to: idle}
    otherwise: {tell: ignore}
  right:
    one per: connection
    initial: ready
    states:
      ready: {receive ask: {send: accept to connection}}
sequences:
  it:
    steps: [STEPS]
checks:
  both: {parties: {l: left, r: right}, connections: {l: NUMBER}, queue: 1}
"""


def two(steps: str, number: int = 2) -> Verdict:
    text = TWO.replace("STEPS", steps).replace("NUMBER", str(number))
    standard = small_standard(vocabulary=WIRE, messages=ASKED, talk=text)
    flow = named(standard.flows, "talk")
    return next(
        each for each in explore(standard, flow, flow.checks[0]).verdicts if each.kind in ("sequence", "no-session")
    )


ASKS, ANSWERED = "left does: go, left -> right: ask", "right -> left: accept"


def test_each_connection_has_a_lifeline_of_its_own() -> None:
    too = ASKS.replace("left", "left_too")

    assert two(f"{ASKS}, {ANSWERED}, {too}, {ANSWERED.replace('left', 'left_too')}").outcome is Outcome.HOLDS
    assert two(f"{ASKS}, {ANSWERED.replace('left', 'left_too')}").outcome is Outcome.FAILS
    assert two(f"{ASKS}, {ASKS}").outcome is Outcome.FAILS


def test_there_is_no_session_without_so_many_connections() -> None:
    assert two(ASKS + ", " + ANSWERED, 1).kind == "no-session"


# -- what is forged

ASKING = """
commands: {go: {}}
initial: idle
states:
  idle: {command go: {send: say to right with what = one}}
"""
HEARING = """
initial: ready
states:
  ready:
    receive say:
      when:
        what = one: ignore
        what = two: {send: tell to left, to: fooled}
  fooled: {receive say: ignore}
"""
LIED = "sequences: {it: {steps: [{left -> right: say with what = two, forged: FORGED}, right -> left: tell]}}"


def lied(forged: str, check: str) -> Verdict:
    exploration = explored(ASKING, HEARING, LIED.replace("FORGED", forged), f"commands: {{l: []}}{check}")
    assert "nobody-takes" not in found(exploration), "who keeps to no machine misses none"
    return next(each for each in exploration.verdicts if each.kind == "sequence")


def test_what_is_forged_is_said_by_an_attacker_and_by_nobody_else() -> None:
    attacked = ", faults: [attack l once]"

    assert lied("true", attacked).outcome is Outcome.HOLDS
    assert lied("false", attacked).outcome is Outcome.FAILS
    assert lied("true", ", faults: [attack r once]").outcome is Outcome.FAILS


def test_an_attacker_that_no_check_has_is_named() -> None:
    verdict = lied("true", "")

    assert verdict.outcome is Outcome.FAILS
    assert "it needs a check with `faults: [attack left]`" in str(verdict.diagnostic and verdict.diagnostic.help)


def test_what_only_an_attacker_brings_about_is_suggested_as_forged() -> None:
    standard, flow = talk(ASKING, HEARING, "", "faults: [attack l once, restart r once]")

    text = suggestions(coverage(standard, flow, suggest=True))

    assert "- {left -> right: say, forged: true}" in text
