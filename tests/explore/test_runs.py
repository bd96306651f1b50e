"""Claims about runs: what comes after what, for ever or in time, and what stays as it was."""

import pytest

from clausework.semantics.verdict import Outcome
from talking import explored, found, outcomes

ASKING = """
commands: {go: {}, stop: {}}
notifications: {granted: {}}
variables: {score: integer 0..2 = 0}
initial: idle
states:
  idle:
    command go: {send: ask to right, to: waiting}
  waiting:
    command stop: {to: idle}
    receive accept: {notify: granted, to: idle}
    receive refuse: {to: idle}
otherwise: {later: ignore, tell: ignore}
"""
GRANTING = """
initial: ready
states:
  ready:
    receive ask: {send: accept to left}
"""
UNDECIDED = """
initial: ready
states:
  ready:
    receive ask: {decide mood: {good: {send: accept to left}, bad: {to: thinking}}}
  thinking:
    ignore: [ask]
    after patience: {decide mood: {good: {send: accept to left, to: ready}, bad: {to: thinking, recurring: true}}}
"""


def claim(text: str) -> str:
    return f"properties:\n  claim: {{{text}}}\n"


def outcome(left: str, right: str, text: str, check: str = "queue: 2") -> Outcome:
    return outcomes(explored(left, right, claim(text), check))["claim"]


# -- for ever


def test_what_is_delivered_sooner_or_later_is_answered() -> None:
    answered = "whenever: left does go, eventually: left is told granted, unless: left does stop"

    assert outcome(ASKING, GRANTING, answered) is Outcome.HOLDS


def test_a_run_that_ends_before_breaks_a_promise() -> None:
    silent = GRANTING.replace("{send: accept to left}", "ignore")
    answered = "whenever: left does go, eventually: left is told granted"

    exploration = explored(ASKING, silent, claim(answered), "queue: 2")
    broken = next(each for each in exploration.verdicts if each.name == "claim")

    assert broken.outcome is Outcome.FAILS
    assert broken.trace is not None
    assert broken.trace.loop is None


def test_answers_may_always_be_the_wrong_ones_and_the_loop_is_shown() -> None:
    """Nobody has to decide for good: a timer that is answered `bad` each time goes round fairly."""
    answered = "whenever: left does go, eventually: left is told granted"

    exploration = explored(without_stop(ASKING), UNDECIDED, claim(answered), "queue: 2")
    broken = next(each for each in exploration.verdicts if each.name == "claim")

    assert broken.outcome is Outcome.FAILS
    assert broken.trace is not None
    assert broken.trace.loop is not None
    assert {step.kind for step in broken.trace.steps[broken.trace.loop - 1 :]} == {"expire"}


def without_stop(left: str) -> str:
    return left.replace("    command stop: {to: idle}\n", "").replace(
        "commands: {go: {}, stop: {}}", "commands: {go: {}}"
    )


def test_faults_end() -> None:
    """A message may be lost as often as anybody likes, but not for ever: what is sent again and again arrives."""
    right = """
        commands: {send: {}}
        initial: idle
        states:
          idle:
            command send: {to: sending}
          sending:
            after patience: {send: card to left with number = one, to: sending, recurring: true}
    """
    left = """
        notifications: {read: {}}
        initial: idle
        states:
          idle:
            receive card: {notify: read}
    """
    arrives = "whenever: right does send, eventually: left is told read"

    assert outcome(left, right, arrives, "queue: 1, faults: [loss of card]") is Outcome.HOLDS
    once = right.replace("to: sending, recurring: true", "to: sent").replace(
        "          sending:", "          sent: {final: true}\n          sending:"
    )
    assert outcome(left, once, arrives, "queue: 1, faults: [loss of card]") is Outcome.FAILS


def test_nobody_has_to_give_a_command_or_to_open_a_link_again() -> None:
    assert outcome(ASKING, GRANTING, "whenever: left is idle, eventually: left is waiting") is Outcome.FAILS

    left = ASKING.replace(
        "    command go: {send: ask to right, to: waiting}", "    command go: ignore\n    lost right: {to: away}"
    ).replace("  waiting:", "  away:\n    restored right: {to: idle}\n  waiting:")
    back = "whenever: left is away, eventually: left is idle"
    cut = "queue: 2, faults: [lost l once]"
    assert outcome(left, GRANTING, back, cut) is Outcome.FAILS
    assert outcome(left, GRANTING, back, f"{cut}, reconnects: eventually") is Outcome.HOLDS


def test_if_counts_only_what_has_it_afterwards() -> None:
    silent = GRANTING.replace("{send: accept to left}", "ignore")
    plain = "whenever: left does go, eventually: left is told granted"
    never_stops = "queue: 2, commands: {l: [go]}"

    assert outcome(ASKING, silent, f"{plain}, if: left does stop") is Outcome.FAILS
    assert outcome(ASKING, silent, f"{plain}, if: left does stop", never_stops) is Outcome.HOLDS
    assert outcome(ASKING, silent, plain, never_stops) is Outcome.FAILS


# -- in time


TIMED = """
commands: {go: {}}
initial: idle
states:
  idle:
    command go: {to: waiting}
  waiting:
    after patience: {to: idle}
"""
QUIET = "initial: idle\nstates:\n  idle: {ignore: [ask]}\n"


@pytest.mark.parametrize(("ticks", "holds"), [("2", True), ("1..2", True), ("3", False), ("2..3", False)])
def test_within_bounds_the_time_where_it_is_counted(ticks: str, holds: bool) -> None:
    check = f"ticks: {{patience: {ticks}, pause: 2}}"
    bounded = "whenever: left does go, eventually: left is idle, within: pause"

    assert outcome(TIMED, QUIET, bounded, check) is (Outcome.HOLDS if holds else Outcome.FAILS)


def test_within_is_not_looked_at_where_no_time_is_counted() -> None:
    exploration = explored(TIMED, QUIET, claim("whenever: left does go, eventually: left is idle, within: pause"))

    assert outcomes(exploration)["claim"] is Outcome.NOT_LOOKED_AT
    assert any("ticks" in each for each in exploration.unexplored)


def test_messages_that_are_urgent_arrive_before_time_passes() -> None:
    left = TIMED.replace("{to: waiting}", "{send: ask to right, to: waiting}").replace(
        "after patience: {to: idle}", "receive accept: {to: idle}"
    )
    bounded = "whenever: left does go, eventually: left is idle, within: pause"
    check = "ticks: {patience: 1, pause: 0}, queue: 1"
    left = (
        left.replace("idle:\n    command go", "idle:\n    command go", 1)
        + "  unused:\n    rests: true\n    after patience: {to: idle}\n"
    )

    assert outcome(left, GRANTING, bounded, f"{check}, delivery: urgent") is Outcome.HOLDS
    assert outcome(left, GRANTING, bounded, check) is Outcome.FAILS


# -- as it was


KEEPING = """
commands: {begin: {}, spoil: {}, mend: {}, give_up: {}}
notifications: {over: {}}
variables: {score: integer 0..1 = 0}
initial: idle
states:
  idle:
    command begin: {to: busy}
  busy:
    command spoil: {set: {score: 1}}
    command mend: {set: {score: 0}}
    command give_up: {notify: over, to: idle}
"""


def test_values_are_afterwards_what_they_were_before() -> None:
    unchanged = "unchanged: [left.score], from: left does begin, to: left is told over"
    careful = KEEPING.replace("{notify: over, to: idle}", "{set: {score: 0}, notify: over, to: idle}")

    assert outcome(KEEPING, QUIET, unchanged) is Outcome.FAILS
    assert outcome(careful, QUIET, unchanged) is Outcome.HOLDS


def test_only_what_has_it_in_between_is_compared() -> None:
    unchanged = "unchanged: [left.score], from: left does begin, to: left is told over"
    spoilt_only = KEEPING.replace("    command mend: {set: {score: 0}}\n", "").replace(", mend: {}", "")

    assert outcome(KEEPING, QUIET, f"{unchanged}, if: left does mend") is Outcome.FAILS
    assert outcome(spoilt_only, QUIET, f"{unchanged}, unless: left does spoil") is Outcome.HOLDS


# -- if and unless of plain claims


def test_a_plain_claim_counts_after_if_and_not_after_unless() -> None:
    assert outcome(KEEPING, QUIET, "always: left.score = 0") is Outcome.FAILS
    assert outcome(KEEPING, QUIET, "always: left.score = 0, unless: left does spoil") is Outcome.HOLDS
    assert outcome(KEEPING, QUIET, "never: left is idle, if: left does begin") is Outcome.FAILS
    assert outcome(KEEPING, QUIET, "never: left is told over, if: left does give_up") is Outcome.FAILS


def test_possible_is_shown_without_faults() -> None:
    left = ASKING.replace("    command go", "    lost right: {to: cut_off}\n    command go").replace(
        "  waiting:", "  cut_off: {rests: true}\n  waiting:"
    )

    assert outcome(left, GRANTING, "possible: left is cut_off", "queue: 2, faults: [lost l once]") is Outcome.FAILS
    assert outcome(left, GRANTING, "possible: left is waiting", "queue: 2, faults: [lost l once]") is Outcome.HOLDS


def test_what_hangs_names_the_message_that_was_ignored_last() -> None:
    patient = without_stop(ASKING)
    silent = GRANTING.replace("{send: accept to left}", "ignore")

    exploration = explored(patient, silent)
    stuck = next(each for each in exploration.verdicts if each.kind == "stuck")

    assert "stuck" in found(exploration)
    assert stuck.diagnostic is not None
    assert stuck.diagnostic.help is not None
    assert "the last message that was ignored: `ask`, in step 2" in stuck.diagnostic.help
