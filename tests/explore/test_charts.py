"""What a written sequence asks for: the order of each lifeline, and nothing else; and what it may not leave out."""

from dataclasses import dataclass
from textwrap import dedent, indent

import pytest

from clausework.explore import explore
from clausework.explore.charts.chart import MOST_CHARTS, charts, occurrences
from clausework.model.standard import named
from clausework.semantics.verdict import Outcome, Verdict
from support import small, small_standard

VOCABULARY = """
    vocabulary: small
    roles: {left: {means: One end}, right: {means: The other end}}
    connections: {wire: {between: left and right}, air: {between: left and right, datagram: true}}
    parameters: {patience: {unit: second, check: 1}}
"""
MESSAGES = """
    messages:
      ask:    {from: left, to: right, over: wire}
      signal: {from: left, to: right, over: air}
      tell:   {from: right, to: left, over: wire}
"""
FLOW = """
flow: talk
title: Talk
roles: {left: left, right: right}
machines:
  left:
    commands: {go: {}, wave: {}, hang_up: {}}
    initial: idle
    states:
      idle:
        command go: {send: ask to right, to: waiting}
        command wave: {send: signal to right}
        command hang_up: {close: right}
        receive tell: ignore
        lost right: ignore
      waiting:
        receive tell: {to: idle}
        after patience: {send: ask to right, to: waiting}
        lost right: {to: idle}
  right:
    commands: {speak: {}}
    initial: ready
    states:
      ready:
        command speak: {send: tell to left}
        receive ask: ignore
        receive signal: ignore
sequences:
%s
checks:
  both: {parties: {l: left, r: right}, queue: 2, commands: {l: [go, wave, hang_up], r: [speak]}%s}
"""


def text(sequences: str, check: str = "") -> str:
    return FLOW % (indent(dedent(sequences).strip("\n"), "  "), check)


def verdicts(sequences: str, check: str = "") -> dict[str, Verdict]:
    standard = small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=text(sequences, check))
    flow = named(standard.flows, "talk")
    return {each.name: each for each in explore(standard, flow, flow.checks[0]).verdicts if each.kind == "sequence"}


def outcome(steps: str, more: str = "", check: str = "") -> Outcome:
    lines = "\n".join(f"    - {step.strip()}" for step in steps.strip().splitlines())
    return verdicts(f"it:\n  steps:\n{lines}\n{indent(dedent(more), '  ')}", check)["it"].outcome


CROSSING = """
    {parallel: {one: [left does: go, left -> right: ask], other: [right does: speak, right -> left: tell]}}
"""


def test_parallel_parts_cross() -> None:
    """Both have sent before either receives; without `parallel` the first to be written arrives first."""
    found = verdicts(f"it:\n  steps:\n    - {CROSSING.strip()}\n  ends: {{left: idle}}")["it"]

    assert found.outcome is Outcome.HOLDS
    assert found.trace is not None
    assert {step.name for step in found.trace.steps} == {"go", "ask", "speak", "tell"}


def test_what_does_not_say_where_it_starts_begins_as_the_check_does_or_as_declared() -> None:
    """Seen to fail when only what is declared counts."""
    waiting = ", given: {l: left is waiting}"

    assert outcome("left waits: patience\nleft -> right: ask", check=waiting) is Outcome.HOLDS
    assert outcome("left waits: patience\nleft -> right: ask") is Outcome.FAILS
    assert outcome("left does: go\nleft -> right: ask", check=waiting) is Outcome.HOLDS


ANSWER_FIRST = """
    left does: go
    left -> right: ask
    right does: speak
    right -> left: tell
"""
CROSSED = """
    it:
      steps:
        - left does: go
        - parallel: {one: [left -> right: ask], other: [right does: speak, right -> left: tell]}
        - left does: go
        - left -> right: ask
"""


def test_what_stands_after_parallel_comes_after_all_its_parts_on_each_lifeline() -> None:
    assert verdicts(CROSSED)["it"].outcome is Outcome.HOLDS
    assert outcome(ANSWER_FIRST) is Outcome.HOLDS
    assert outcome(ANSWER_FIRST.replace("left does: go\n", "left does: go\nleft waits: patience\n", 1)) is Outcome.FAILS


def test_each_part_of_parallel_comes_after_what_is_before_and_before_what_is_after() -> None:
    """Seen to fail when the next step comes after the last part only, and when it comes after all but the first."""
    claim = """
        it:
          steps:
            - left does: go
            - parallel: {one: [left does: wave], other: [left does: hang_up], none: [right does: speak]}
            - left waits: patience
    """
    standard = small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=text(claim))
    ((chart,), _) = charts(named(standard.flows, "talk").sequences[0], {})

    assert [each.before for each in occurrences(chart)] == [0b00000, 0b00001, 0b00001, 0b00000, 0b00111]


@pytest.mark.parametrize("times", ["1", "2", "0..2"])
def test_parallel_inside_repeat_and_alternatives_inside_parallel(times: str) -> None:
    sequences = f"""
        it:
          steps:
            - repeat:
                times: {times}
                steps:
                  - parallel:
                      one:
                        - left does: go
                        - left -> right: ask
                        - alternatives:
                            patient: []
                            impatient: [left waits: patience, left -> right: ask]
                      other: [{{parallel: {{a: [right does: speak, right -> left: tell], b: []}}}}]
    """

    assert verdicts(sequences)["it"].outcome is Outcome.HOLDS


def test_parallel_parts_are_not_multiplied() -> None:
    """Twelve parts have half a billion orders; they are one chart."""
    parts = ", ".join(f"part_{number}: [left does: wave, left -> right: signal]" for number in range(12))
    standard = small_standard(
        vocabulary=VOCABULARY,
        messages=MESSAGES,
        talk=text(f"it:\n  steps:\n    - parallel: {{{parts}}}"),
    )

    found, every = charts(named(standard.flows, "talk").sequences[0], {})

    assert len(found) == 1
    assert every


def test_a_message_too_many_in_parallel_is_missed() -> None:
    """Two parts that want the same message need two."""
    twice = CROSSING.replace("left -> right: ask]", "left -> right: ask], again: [left -> right: ask]")

    assert outcome(twice) is Outcome.FAILS


def test_each_notice_shows_one_event() -> None:
    """Two equal events in a row need two steps, or two of the same in one."""
    never_twice = """
        it:
          impossible: true
          steps: [{left does: go}, {left -> right: ask}, {left -> right: ask}]
    """

    assert verdicts(never_twice)["it"].outcome is Outcome.FAILS  # another `go` in between
    assert outcome("left does: go\nleft -> right: ask\nleft -> right: ask\nright does: speak\nright -> left: tell") is (
        Outcome.FAILS
    )


# -- faults


LOST = "left does: wave\n{left -> right: signal, lost: true}"


def test_a_message_is_lost_where_that_is_written_and_nowhere_else() -> None:
    """Seen to fail when what is in flight at the end is no matter."""
    with_faults = ", faults: [loss]"

    assert outcome(LOST, check=with_faults) is Outcome.HOLDS
    assert outcome("left does: wave\nleft -> right: signal", check=with_faults) is Outcome.HOLDS
    assert outcome(LOST + "\nright does: speak\nright -> left: tell", check=with_faults) is Outcome.HOLDS
    assert outcome("left does: go\n{left -> right: ask, lost: true}", check=with_faults) is Outcome.FAILS


def test_one_of_two_equal_messages_is_lost_whichever_that_is() -> None:
    for order in ("{0}\n{1}", "{1}\n{0}"):
        two = order.format(LOST, "left does: wave\nleft -> right: signal")
        assert outcome(two, check=", faults: [loss]") is Outcome.HOLDS


def test_a_loss_that_no_check_allows_is_named() -> None:
    found = verdicts("it:\n  steps:\n    - left does: wave\n    - {left -> right: signal, lost: true}")["it"]

    assert found.outcome is Outcome.FAILS
    assert found.diagnostic is not None
    assert "it needs a check with `faults: [loss]`" in str(found.diagnostic.help)


def test_who_closes_a_connection_loses_it_and_what_was_sent_before_may_vanish() -> None:
    closed = "left does: hang_up\nright loses: left"

    assert outcome(closed) is Outcome.HOLDS
    assert outcome(closed + "\nright restores: left") is Outcome.HOLDS
    assert outcome("right does: speak\n{right -> left: tell, lost: true}\n" + closed) is Outcome.HOLDS
    assert outcome("right does: speak\nright loses: left") is Outcome.FAILS


RESTARTED = """
it:
  steps: [left does: go, {left -> right: ask, lost: true}, right restarts, left loses: right, left restores: right]
  ends: {left: idle}
"""


def test_a_restart_happens_where_it_is_written_and_only_there() -> None:
    restarting = "faults: [restart r once]"

    assert verdicts(RESTARTED, f", {restarting}")["it"].outcome is Outcome.HOLDS
    assert outcome("left does: go\nleft -> right: ask\nleft loses: right", check=f", {restarting}") is Outcome.FAILS
    assert outcome("right does: speak\nright restarts", check=f", {restarting}") is Outcome.FAILS


def test_a_restart_is_looked_for_in_the_check_where_just_that_party_restarts() -> None:
    """The second check has a restart, but not this one; the third is asked, so nothing is wrong."""
    checks = (
        "}\n  left: {parties: {l: left, r: right}, faults: [lost once, restart l once]"
        "}\n  right: {parties: {l: left, r: right}, faults: [restart r once]"
    )
    standard = small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=text(RESTARTED, checks))
    flow = named(standard.flows, "talk")

    found = [explore(standard, flow, each) for each in flow.checks]

    shown = [[one.outcome for one in each.verdicts if one.kind == "sequence"] for each in found]
    assert shown == [[], [], [Outcome.HOLDS]]


def test_a_restart_that_no_check_allows_is_named() -> None:
    found = verdicts(RESTARTED)["it"]

    assert found.outcome is Outcome.FAILS
    assert found.diagnostic is not None
    assert "then wanted: `left loses: right`, `right restarts`" in str(found.diagnostic.help)
    assert "it needs a check with `faults: [restart right]`" in str(found.diagnostic.help)


def test_a_sequence_may_happen_in_any_session() -> None:
    """Of the two on the left, the first is in the midst of something."""
    two = text(
        "it: {steps: [left does: go, left -> right: ask], ends: {left: waiting}}", ", given: {l: left is waiting}"
    )
    for old, new in (("l: left, r:", "l: left, m: left, r:"), ("tell to left", "tell to each left"), ("[speak]", "[]")):
        two = two.replace(old, new)
    standard = small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=two)
    flow = named(standard.flows, "talk")

    found = explore(standard, flow, flow.checks[0])

    assert [each.outcome for each in found.verdicts if each.kind == "sequence"] == [Outcome.HOLDS]


# -- moments


def test_never_holds_from_where_it_stands() -> None:
    """Who waits is only freed by what is told or by losing the connection; it may have been told before."""
    claim = """
        it:
          impossible: true
          steps:
            - never: left does hang_up
            - {0}
            - left does: go
            - {1}
            - left is: idle
    """
    never, nothing = "never: right does speak", "left is: idle|waiting"

    assert verdicts(claim.format(never, nothing))["it"].outcome is Outcome.HOLDS
    assert verdicts(claim.format(nothing, never))["it"].outcome is Outcome.FAILS


def test_the_moment_of_never_is_one_for_all_lifelines() -> None:
    """What comes after it on one lifeline comes after what came before it on another."""
    claim = """
        it:
          impossible: true
          steps: [{left does: wave}, {never: right does speak}, {right is: ready}]
    """
    standard = small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=text(claim))
    ((chart,), _) = charts(named(standard.flows, "talk").sequences[0], {})

    assert [each.before for each in occurrences(chart)] == [0b000, 0b001, 0b010]


def test_a_negative_waits_for_a_later_event_if_the_first_was_no_good() -> None:
    """`go`, `speak`, `go` again: from the second one on nobody has spoken."""
    claim = """
        it:
          impossible: true
          steps:
            - left is: waiting
            - left is: idle
            - left does: go
            - never: right does speak
            - left waits: patience
    """

    assert verdicts(claim)["it"].outcome is Outcome.FAILS


def test_a_negative_gives_the_commands_that_it_has_beyond_the_check() -> None:
    claim = """
        it:
          impossible: true
          steps: [{right does: speak}, {right -> left: tell}]
    """
    standard = small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=text(claim).replace("r: [speak]", "r: []"))
    flow = named(standard.flows, "talk")

    (found,) = [each for each in explore(standard, flow, flow.checks[0]).verdicts if each.kind == "sequence"]

    assert found.outcome is Outcome.FAILS


# -- limits


def test_more_charts_than_are_looked_at_are_said() -> None:
    def repeated(times: int) -> Verdict:
        return verdicts(
            f"it:\n  steps:\n    - repeat: {{times: 0..{times}, steps: [left does: wave, left -> right: signal]}}"
        )["it"]

    assert repeated(MOST_CHARTS - 1).outcome is Outcome.HOLDS
    cut = repeated(MOST_CHARTS)
    assert cut.outcome is Outcome.UNKNOWN
    assert cut.diagnostic is not None
    assert cut.diagnostic.rule.slug == "many-charts"


def test_alternatives_of_alternatives_are_not_all_laid_out_before_the_first_is_looked_at() -> None:
    deep = "{optional: [left does: wave, left -> right: signal]}"
    many = ", ".join([deep] * 30)

    assert verdicts(f"it:\n  steps: [{many}]")["it"].outcome is Outcome.UNKNOWN


# -- put in

PUT_IN = """
flow: %s
title: Elsewhere
uses: [talk]
roles: {here: left, there: right}
sequences:
  as_before:
    steps:
      - sequence: talk.asked
        as: %s
    ends: {here.talk: idle}
checks:
  both: {parties: {l: left, r: right}, queue: 2, commands: {l: [go], r: [speak]}}
"""
ASKED = """
asked:
  steps:
    - left does: go
    - left -> right: ask
    - left is: waiting
    - right does: speak
    - right -> left: tell
"""


def test_what_is_put_in_is_told_in_our_names() -> None:
    standard = small_standard(
        vocabulary=VOCABULARY,
        messages=MESSAGES,
        talk=text(ASKED),
        yonder=PUT_IN % ("yonder", "{left: here, right: there}"),
    )
    flow = named(standard.flows, "yonder")

    (found,) = [each for each in explore(standard, flow, flow.checks[0]).verdicts if each.kind == "sequence"]

    assert found.outcome is Outcome.HOLDS
    assert found.trace is not None
    assert [step.name for step in found.trace.steps] == ["go", "ask", "speak", "tell"]


@dataclass(frozen=True)
class Bad:
    names: str
    message: str


BAD = (
    Bad("{left: here}", "`right` of sequence `talk.asked` is no role of this flow"),
    Bad("{left: here, right: there, middle: here}", "sequence `talk.asked` has no part `middle`"),
    Bad("{left: here, right: nowhere}", "the flow has no role `nowhere`"),
)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.names)
def test_every_part_of_what_is_put_in_is_one_of_ours(bad: Bad) -> None:
    reading = small(vocabulary=VOCABULARY, messages=MESSAGES, talk=text(ASKED), yonder=PUT_IN % ("yonder", bad.names))

    assert [each.message for each in reading.diagnostics] == [bad.message]


def test_only_a_message_can_be_lost() -> None:
    reading = small(
        vocabulary=VOCABULARY, messages=MESSAGES, talk=text("it:\n  steps:\n    - {left does: go, lost: true}")
    )

    assert [each.message for each in reading.diagnostics] == ["only a message can be lost"]
