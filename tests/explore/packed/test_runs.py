"""What goes on for ever, and who never leaves a state: found by the engine as by the reference, with the same lassos.

Seen red on faults seeded in the C text: a part that is unfair is taken; one where time stands still is taken; what wasn't
looked at, or didn't happen, leads nowhere; what is reached from a part isn't told to those before it; recurring steps
count as going on by themselves; where there is no room, nothing is enabled.
"""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent, indent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beside import NARROW, SIDE_BY_SIDE, both
from clausework.explore.packed import exploring as packed
from clausework.explore.packed.bounds import Bounds
from clausework.explore.packed.engine import ALONE, Crew
from clausework.explore.packed.layout import WORD
from clausework.explore.packed.runs import Runs
from clausework.explore.verdicts.findings import findings, findings_by
from clausework.model.standard import named
from clausework.read import read
from clausework.semantics.building import system
from clausework.semantics.system import System
from strategies import MESSAGES, VOCABULARY, Small, asking, smalls, troubled
from support import files, small_standard

MOST = 400
BENCHMARK = Path(__file__).parents[1] / "benchmark_model" / "spec"


def agree(system_: System, most: int = MOST, word: int = WORD, crew: Crew = ALONE) -> set[str]:
    """The kinds of finding."""
    looked, noted = both(system_, most, word, crew)
    runs = Runs(noted.search)
    found = list(findings_by(noted, runs.never_leaving(noted.watch.resting), runs.by_itself()))

    assert found == list(findings(looked))
    return {each.kind for each in found}


@given(st.one_of(smalls(), troubled(), asking()), st.sampled_from([ALONE, SIDE_BY_SIDE]), st.sampled_from([60, MOST]))
@settings(max_examples=20, deadline=None)
def test_small_systems_have_the_same_findings_with_the_same_lassos(small: Small, crew: Crew, most: int) -> None:
    (flow,) = [each for each in small.standard.flows if each.checks]
    for check in flow.checks:
        agree(system(small.standard, flow, check), most, NARROW, crew)


PLAYING = """
commands: {serve: {}}
initial: idle
states:
  idle:
    command serve: {send: ask to right with loud = true, to: playing}
  playing:
    receive grant: {send: ask to right with loud = true}
    MORE
otherwise: ignore
"""
RETURNING = """
initial: quiet
states:
  quiet:
    receive ask: {send: grant to left}
otherwise: ignore
"""
FLOW = """
flow: talk
title: Talk
roles: {left: left, right: right}
machines:
  left:
LEFT
  right:
RIGHT
checks:
  both: {parties: {l: left, r: right}, MORE}
"""


def talk(left: str, right: str, more: str) -> System:
    text = FLOW.replace("LEFT", indent(left.strip(), "    ")).replace("RIGHT", indent(right.strip(), "    "))
    text = text.replace("MORE", more)
    vocabulary = dedent(VOCABULARY).replace("check: 1}", "check: 1}, thought: {unit: second, check: 1}")
    standard = small_standard(vocabulary=vocabulary, messages=dedent(MESSAGES), talk=text)
    (flow,) = [each for each in standard.flows if each.checks]
    return system(standard, flow, flow.checks[0])


@pytest.mark.parametrize(
    ("in_between", "more", "busy"),
    [
        ("command serve: {to: idle}", "queue: 1", True),
        ("after patience: {to: idle}", "queue: 1", False),  # the timer runs out some time
        ("after patience: {}", "queue: 1", True),  # the lasso goes through it
        ("after patience: {to: idle}", "queue: 1, ticks: {patience: 3}", False),  # time goes on
        ("after patience: {to: idle}", "queue: 1, ticks: {patience: 3}, delivery: urgent", True),
        ("after patience: {}", "queue: 2, ticks: {patience: 1..2}, faults: [restart r]", True),
        ("after patience: {}", "queue: 1, faults: [lost l once]", True),
    ],
)
def test_what_goes_on_for_ever_by_itself_is_found_where_it_is_fair(in_between: str, more: str, busy: bool) -> None:
    playing = PLAYING.replace("MORE", in_between)
    recurring = playing.replace("loud = true}", "loud = true, recurring: true}")

    assert ("busy-for-ever" in agree(talk(playing, RETURNING, more))) is busy
    assert "busy-for-ever" not in agree(talk(recurring, RETURNING, more))


THINKING = """
commands: {serve: {}}
initial: idle
states:
  idle:
    command serve: {to: thinking}
  thinking:
    after thought: {send: ask to right with loud = true, to: asking}
  asking:
    receive grant: {to: thinking}
otherwise: ignore
"""
TIRING = """
initial: quiet
states:
  quiet:
    receive ask: {send: grant to left}
    receive cancel: {send: refuse to left}
    after patience: {to: tired}
  tired:
    receive ask: {send: grant to left}
    receive cancel: {send: refuse to left}
otherwise: ignore
"""


HASTY = THINKING.replace("to: asking", "to: thinking")
ROUNDABOUT = THINKING.replace("grant: {to: thinking}", "grant: {send: cancel to right, to: resting}").replace(
    "otherwise", "  resting:\n    receive refuse: {to: thinking}\notherwise"
)


@pytest.mark.parametrize("left", [THINKING, HASTY, ROUNDABOUT])
@pytest.mark.parametrize("delivery", ["urgent", "any"])
def test_where_time_could_pass_and_does_not_no_run_stays(left: str, delivery: str) -> None:
    more = f"queue: 2, ticks: {{patience: 3}}{', delivery: urgent' if delivery == 'urgent' else ''}"

    assert "busy-for-ever" in agree(talk(left, TIRING, more))


def test_what_was_not_looked_at_may_lead_out_of_a_state() -> None:
    left = PLAYING.replace("MORE", "receive refuse: {to: idle}")

    for most in range(1, 9):
        assert "never-leaves" not in agree(talk(left, RETURNING.replace("grant", "refuse"), "queue: 1"), most)
    assert "never-leaves" in agree(talk(left, RETURNING, "queue: 1"), 9)


def test_a_limit_of_memory_is_said_where_it_leaves_runs_unlooked_at() -> None:
    standard = read(files(BENCHMARK)).standards[0]
    flow = named(standard.flows, "lossy")

    found = packed.explore(standard, flow, replace(flow.checks[0], most=None), Bounds(memory=1))

    assert found.complete
    assert "who never leaves a state, what goes on for ever: more than 1 bytes of memory" in found.unexplored


def test_who_has_seen_enough_gets_what_is_known_so_far() -> None:
    standard = read(files(BENCHMARK)).standards[0]
    flow = named(standard.flows, "lossy")

    def enough(*_: int) -> None:
        raise KeyboardInterrupt

    found = packed.explore(standard, flow, flow.checks[0], Bounds(progress=enough))

    assert (found.interrupted, found.stopped, found.configurations) == (True, "interrupted", 38_813)
    assert "who never leaves a state, what goes on for ever: interrupted" in found.unexplored
