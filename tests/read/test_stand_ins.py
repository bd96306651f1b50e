"""`stands for`: what is wrong with it is reported at its word, with what was possible; the corpus has the rule of its own."""

import pytest

from clausework.read import Reading
from lines import VOCABULARY
from support import small

MESSAGES = """
    messages:
      ask: {from: user, to: box}
      on: {from: box, to: user}
"""
LARGE = """
    flow: talk
    roles: {user: user, box: box}
    machines:
      user:
        commands: {call: {}}
        initial: idle
        states:
          idle:
            command call: {send: ask to box, to: on}
          on: {rests: true}
      box:
        initial: idle
        states:
          idle:
            rests: true
            receive ask: {to: on}
          on: {rests: true}
"""
SMALL = """
    flow: line
    roles: {user: user, box: box}
    stands for:
      flow: talk
      check: plain
      note: It is seen so
      seen:
        user: {down: user is idle, up: user is on}
        box: {down: box is idle, up: box is on, away: false}
    machines:
      user:
        initial: down
        states:
          down:
            rests: true
            receive on: {to: up}
          up: {rests: true}
      box:
        commands: {connect: {}}
        initial: down
        states:
          down:
            command connect: {send: on to user, to: up}
          open:
            initial: up
            states:
              up: {rests: true}
              away: {rests: true}
    checks:
      plain: {parties: {ann: user, hall: box}}
      later: {parties: {ann: user, hall: box}, given: {ann: user is up}}
"""
ABOUT = """
    flow: about
    uses: [line]
    roles: {user: user, box: box}
"""

WRONG = {
    "it doesn't say for what": ("      flow: talk\n", "", "missing-key", "stands for:"),
    "there is no such flow": ("flow: talk", "flow: walk", "unknown-flow", "flow: walk"),
    "it stands for itself": ("flow: talk", "flow: line", "contradiction", "flow: line\n"),
    "it stands for a flow that uses it": ("flow: talk", "flow: about", "contradiction", "flow: about"),
    "a part of nobody": (
        "        box: {down",
        "        ghost: {up: false}\n        box: {down",
        "unknown-lifeline",
        "ghost",
    ),
    "a part is missing": ("        user: {down: user is idle, up: user is on}\n", "", "missing-key", "seen:"),
    "a state is missing": (", away: false", "", "missing-key", "box: {down: box"),
    "a state that is none": ("away: false", "away: false, odd: false", "unknown-state", "odd"),
    "a compound state": ("away: false", "away: false, open: false", "unknown-state", "open: false"),
    "a state of ours in a condition": ("up: box is on", "up: box is up", "unknown-name", "box is up"),
    "a condition that is none": ("away: false", "away: 3", "wrong-type", "away: 3"),
    "a check of nobody": ("check: plain", "check: fancy", "unknown-check", "check: fancy"),
    "a check in the midst": ("check: plain", "check: later", "contradiction", "check: later"),
    "a key without meaning": ("check: plain", "checks: plain", "unknown-key", "checks: plain"),
    "no mapping of states": (
        "box: {down: box is idle, up: box is on, away: false}",
        "box: on",
        "wrong-shape",
        "box: on",
    ),
}


def reading(line: str = SMALL) -> Reading:
    return small(vocabulary=VOCABULARY, messages=MESSAGES, talk=LARGE, line=line, about=ABOUT)


def test_a_stand_in_is_read_with_its_conditions() -> None:
    found = reading()

    assert found.diagnostics == ()
    (stand_in,) = (flow.stands_for for flow in found.standards[0].flows if flow.stands_for is not None)
    assert (stand_in.flow, stand_in.check, stand_in.about.note) == ("talk", "plain", "It is seen so")
    assert [(view.lifeline, [str(state) for state, _ in view.states]) for view in stand_in.seen] == [
        ("user", ["down", "up"]),
        ("box", ["down", "up", "away"]),
    ]


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_reported_once_at_its_word(name: str) -> None:
    old, new, rule, at = WRONG[name]
    assert SMALL.count(old) == 1

    found = reading(SMALL.replace(old, new)).diagnostics

    assert [each.rule.slug for each in found] == [rule]
    (diagnostic,) = found
    assert diagnostic.span is not None
    assert diagnostic.span.source.path.endswith("flows/line.yaml")
    line = diagnostic.span.source.line(diagnostic.span.start.line)
    assert at.strip() in line


def test_a_part_that_the_larger_flow_does_not_have_is_reported() -> None:
    other = LARGE.replace("roles: {user: user, box: box}", "roles: {caller: user, box: box}").replace(
        "user:\n        c", "caller:\n        c"
    )

    found = small(vocabulary=VOCABULARY, messages=MESSAGES, talk=other, line=SMALL, about=ABOUT).diagnostics

    assert [(each.rule.slug, each.help) for each in found] == [("unknown-lifeline", "possible are `caller`, `box`")]


def test_a_flow_without_machines_stands_for_nothing() -> None:
    text = ABOUT + "    stands for: {flow: talk, seen: {user: {up: false}}}\n"

    found = small(vocabulary=VOCABULARY, messages=MESSAGES, talk=LARGE, line=SMALL, about=text).diagnostics

    assert [each.rule.slug for each in found] == ["unknown-lifeline"]
