"""Claims about runs are judged by the engine as by the reference, with the same runs and lassos.

Seen red on faults seeded: a run that is wrong doesn't end the search; what is due is forgotten by fairness; an end where
something is due is none; what counts isn't asked where views look; a memory isn't part of the way back; letters are those
of before only, or of after only; time doesn't pass where nobody counts it; faults happen where something is possible.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beside import NARROW, SIDE_BY_SIDE, both
from clausework.explore import explore
from clausework.explore.packed import exploring as packed
from clausework.explore.packed.bounds import Bounds
from clausework.explore.packed.engine import ALONE, Crew
from clausework.explore.packed.judging import Judging
from clausework.explore.packed.layout import WORD
from clausework.explore.verdicts.answers import answers, answers_by
from clausework.explore.verdicts.looking import judged_here
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import system
from clausework.semantics.system import System
from clausework.semantics.verdict import Outcome
from graphs import shipped_checks
from strategies import Small, claiming
from talking import BUSY_LEFT, BUSY_RIGHT, talk

MOST = 400
TESTS = Path(__file__).parents[2]


def agree(system_: System, most: int = MOST, word: int = WORD, crew: Crew = ALONE) -> dict[str, Outcome]:
    looked, noted = both(system_, most, word, crew)
    judging = Judging(noted.search, noted.watch.sessions)
    found = list(answers_by(noted, judged_here(system_), judging.answer, judging.shown))

    assert found == list(answers(looked, judged_here(system_)))
    assert not judging.unlooked
    return {each.name: each.outcome for each in found}


@given(claiming(), st.sampled_from([ALONE, SIDE_BY_SIDE]), st.sampled_from([40, MOST, MOST]))
@settings(max_examples=12, deadline=None)
def test_claims_about_small_systems_are_judged_alike(small: Small, crew: Crew, most: int) -> None:
    (flow,) = [each for each in small.standard.flows if each.checks]
    agree(system(small.standard, flow, flow.checks[0]), most, NARROW, crew)


CLAIMS = {
    "whenever: left does go, eventually: left is told granted": Outcome.FAILS,
    "whenever: left does go, eventually: left is told granted or left is told over": Outcome.HOLDS,
    "whenever: left is idle, eventually: left is waiting": Outcome.FAILS,
    "whenever: left does go, eventually: left is served, if: left does spoil": Outcome.FAILS,
    "whenever: left does go, eventually: left is idle, unless: left is told granted": Outcome.HOLDS,
    "whenever: left is waiting, eventually: left is idle, within: pause": Outcome.FAILS,
    "whenever: left is away, eventually: left is idle": Outcome.HOLDS,  # nobody knows what lies beyond
    "whenever: left is away, eventually: left is idle, within: pause": Outcome.FAILS,  # time passes there, too
    "precedes: left does go, before: left is told granted": Outcome.HOLDS,
    "precedes: left does go, before: left does halt": Outcome.FAILS,
    "precedes: left does spoil, before: left is told granted": Outcome.FAILS,
    "precedes: left does spoil, before: left is told granted, if: left is waiting": Outcome.FAILS,
    "precedes: left does spoil, before: left is served, unless: left does go": Outcome.HOLDS,
    'precedes: left does spoil, before: left is told granted, if: "right -> left: refuse"': Outcome.HOLDS,
    "never: left is told granted twice": Outcome.FAILS,
    "never: left does spoil twice, unless: left is idle": Outcome.FAILS,
    "unchanged: [left.score], from: left does go, to: left is told granted": Outcome.FAILS,
    "unchanged: [left.score], from: left does go, to: left is told granted, unless: left does spoil": Outcome.HOLDS,
    "unchanged: [left.score], from: left is waiting, to: left is idle|served, if: left does spoil": Outcome.FAILS,
    "unchanged: [left.score], from: left is waiting, to: left is served, if: left is told over": Outcome.HOLDS,
    "always: left.score = 0 or left is away, unless: left does spoil": Outcome.HOLDS,
    "always: left.score = 0, if: left does stop": Outcome.FAILS,
    "always: left is idle|waiting, if: left does spoil": Outcome.FAILS,
    "settled: left.score = 0, if: left is told granted": Outcome.FAILS,
    "settled: left.score = 0, if: left does stop": Outcome.FAILS,
    "settled: left is idle, if: left is told over": Outcome.FAILS,
    "never: left does spoil, if: left is told granted": Outcome.FAILS,
    "never: left does stop, unless: left does go": Outcome.FAILS,
    "never: left does stop, if: left does go": Outcome.FAILS,  # where it isn't as at the start again
    "possible: left is served": Outcome.HOLDS,
    "possible: left is served, unless: left does go": Outcome.FAILS,
}
ENOUGH = 3_000
HOWS = ((WORD, ALONE, ENOUGH), (NARROW, SIDE_BY_SIDE, ENOUGH), (WORD, SIDE_BY_SIDE, 5), (NARROW, ALONE, 20))
CHECKS = (
    "queue: 1",
    "queue: 2, faults: [lost l once]",
    "ticks: {patience: 2, pause: 1}",
    "faults: [restart r once], queue: 1",
    "queue: 1, faults: [attack r once]",
)


@pytest.mark.parametrize(
    ("check", "word", "crew", "most"),
    [
        (CHECKS[2], WORD, ALONE, ENOUGH),
        (CHECKS[3], NARROW, SIDE_BY_SIDE, ENOUGH),
        (CHECKS[1], NARROW, ALONE, 60),
        *(pytest.param(each, *how, marks=pytest.mark.slow) for each in CHECKS for how in HOWS),
    ],
)
def test_every_kind_of_claim_is_judged_alike(check: str, word: int, crew: Crew, most: int) -> None:
    properties = "".join(f"\n  c{number}: {{{claim}}}" for number, claim in enumerate(CLAIMS))
    standard, flow = talk(BUSY_LEFT, BUSY_RIGHT, f"properties:{properties}", check)

    outcomes = agree(system(standard, flow, flow.checks[0]), most, word, crew)

    if check == CHECKS[2] and most == ENOUGH:
        assert list(outcomes.values()) == list(CLAIMS.values())


SENDING = """
commands: {go: {}}
initial: idle
states:
  idle:
    command go: {send: say to right with what = one}
"""
TOLD = """
commands: {prepare: {}, presume: {}}
initial: quiet
states:
  quiet:
    ignore: [say]
    command prepare: {to: one}
  one:
    receive say: {to: told}
    command prepare: {to: two}
  two:
    ignore: [say]
    command prepare: {to: three}
  three:
    ignore: [say]
    command presume: {to: told}
  told:
    ignore: [say]
"""


@pytest.mark.parametrize(
    ("check", "outcome"),
    [
        ("commands: {r: [prepare]}", Outcome.HOLDS),
        ("", Outcome.FAILS),
        ("commands: {l: [], r: [prepare]}, faults: [attack l once]", Outcome.FAILS),
    ],
)
def test_what_is_received_has_been_sent_although_all_are_as_at_the_start(check: str, outcome: Outcome) -> None:
    """But by an attacker.  Seen red where a step that receives it was not told from others, and with attackers believed."""
    claim = 'properties: {told: {precedes: "left -> right: say", before: right is told}}'
    standard, flow = talk(SENDING, TOLD, claim, check)

    assert agree(system(standard, flow, flow.checks[0]), ENOUGH) == {"told": outcome}


SAYING = """
commands: {go: {}}
initial: first
states:
  first:
    command go: {send: say to right with what = one, to: second}
  second:
    command go: {send: say to right with what = two, to: third}
  third:
    command go: {send: say to right with what = one, to: fourth}
  fourth: {final: true}
"""
SILENTLY = SAYING.replace("{send: say to right with what = two, to: third}", "{to: fourth}")
HEARING = """
initial: quiet
states:
  quiet:
    receive say: {to: heard}
  heard:
    receive say: {}
"""
KEEPING = """
commands: {begin: {}, jump: {}, spoil: {}, back: {}, end: {}}
notifications: {over: {}}
variables: {score: integer 0..1 = 0}
initial: idle
states:
  idle:
    command begin: {to: busy}
    command jump: {set: {score: 1}, to: busy}
  busy:
    command spoil: {set: {score: 1}, to: spoilt}
    command back: {to: idle}
    command end: {notify: over, to: idle}
  spoilt: {rests: true}
"""


@pytest.mark.parametrize(
    ("left", "claim", "outcome"),
    [
        (SAYING, 'never: "left -> right: say twice with the same what"', Outcome.FAILS),
        (SILENTLY, 'never: "left -> right: say twice"', Outcome.HOLDS),
        (SILENTLY, "never: left is fourth, if: right is heard", Outcome.FAILS),
        (KEEPING, "unchanged: [left.score], from: left is busy|spoilt, to: left is told over", Outcome.HOLDS),
    ],
)
def test_what_came_before_and_what_is_carried_is_told_apart(left: str, claim: str, outcome: Outcome) -> None:
    standard, flow = talk(left, HEARING, f"properties:\n  claim: {{{claim}}}", "queue: 1")

    assert agree(system(standard, flow, flow.checks[0])) == {"claim": outcome}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("standard", "flow", "check"),
    [pytest.param(*rest, id=f"{rest[0].name}-{name}") for name, *rest in shipped_checks()],
)
def test_shipped_checks_are_explored_with_the_same_verdicts(standard: Standard, flow: Flow, check: Check) -> None:
    check = replace(check, most=min(check.most or 5_000, 5_000))
    reference = explore(standard, flow, check)

    found = packed.explore(standard, flow, check, Bounds(threads=2))

    assert found.verdicts == reference.verdicts
    assert found.unexplored == reference.unexplored
