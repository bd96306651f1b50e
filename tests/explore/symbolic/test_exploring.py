"""Sets of configurations, reached and judged as diagrams, are those that the other engines reach one by one.

Seen red on faults seeded in what is written once more here: an end that is left keeps what was under way to it; a link
that is cut keeps it; a queue takes a message more than it has room for; a message goes in front of the others; ids of
requests that others remember are left out of what is asked of the tables; time passes though a timer is late; a budget
isn't spent; and in what is judged: a state is stuck though it has commands; full queues keep nothing from happening.
"""

import sys
from collections.abc import Container
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausework.explore.packed import exploring as packed
from clausework.explore.packed.bounds import Bounds
from clausework.explore.symbolic import diagrams
from clausework.explore.symbolic import exploring as symbolic
from clausework.explore.symbolic.reaching import Reaching
from clausework.explore.verdicts.looking import is_plain
from clausework.model.sequence import Check, Possible, Property
from clausework.model.standard import Flow, Standard, named, own
from clausework.read import read
from clausework.semantics.building import system
from clausework.semantics.space import Space
from clausework.semantics.verdict import Exploration, Outcome, Verdict
from clausework.source import Name
from graphs import every_check, faulty_checks
from reductions import OF_RUNS
from strategies import MESSAGES, VOCABULARY, Small, asking, smalls, troubled
from support import files, small_standard
from talking import space

MOST = 3_000
KNOWN = [read(files(folder)).standards[0] for folder in sorted(Path(__file__).parents[2].glob("known/*/spec"))]
CHECKS = [
    pytest.param(each, flow, check, id=f"{each.name}-{flow.name}-{check.name}")
    for each in KNOWN
    for flow in own(each.flows)
    for check in flow.checks
]
BENCHMARK = read(files(Path(__file__).parents[1] / "benchmark_model" / "spec")).standards[0]
COUNTS = {
    ("booking", "small"): (376, 893),
    ("lossy", "one_user"): (38_813, 268_801),
    ("lossy", "two_users"): (200_626, 1_673_362),
    ("booking", "large"): (2_434_384, 12_679_278),
}


def benchmark(flow: str, check: str) -> tuple[Standard, Flow, Check]:
    found = named(BENCHMARK.flows, flow)
    return BENCHMARK, found, next(each for each in found.checks if each.name == check)


def counted(space: Space) -> tuple[int, int]:
    reaching = Reaching(space)
    reaching.run()
    return reaching.configurations(), reaching.steps()


def told(exploration: Exploration, unlooked: Container[str] = ()) -> list[object]:
    """All that was answered, with how far it is to it, but for what the other one doesn't look at.

    There may be several shortest ways; what steps show is called after the line, of which there may be several, too.
    """
    verdicts = sorted(
        (each.kind, "" if ".yaml:" in each.name else each.name, str(each.outcome), each.expected, far(each))
        for each in exploration.verdicts
        if each.name not in unlooked and each.kind not in OF_RUNS
        if each.outcome is not Outcome.NOT_LOOKED_AT
    )
    counts = exploration.configurations, exploration.steps, exploration.depth
    return [counts, verdicts, exploration.exercised, exploration.bounds]


def far(verdict: Verdict) -> int:
    return len(verdict.trace.steps) if verdict.trace is not None else -1


def agree(standard: Standard, flow: Flow, check: Check, most: int = MOST) -> None:
    """On all, where there aren't more than `most`."""
    one_by_one = packed.explore(standard, flow, check, Bounds(most=most))
    if one_by_one.complete:
        found = symbolic.explore(standard, flow, check)
        assert told(found) == told(one_by_one, {each.name for each in flow.properties if not looks_at(check, each)})


def looks_at(check: Check, stated: Property) -> bool:
    return is_plain(stated) and not (check.faults and isinstance(stated.claim, Possible))


@pytest.mark.parametrize(
    ("flow", "check"), [pytest.param(*each, marks=[pytest.mark.slow] * (each[1] == "large")) for each in COUNTS]
)
def test_configurations_and_steps_are_those_that_other_tools_count(flow: str, check: str) -> None:
    assert counted(Space(system(*benchmark(flow, check)))) == COUNTS[flow, check]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("users", "queue", "wanted"),
    [(2, 2, (89_425_282, 519_100_398)), (3, 1, (115_064_777, 760_835_467)), (3, 2, (1_550_245_312, 11_608_782_624))],
)
def test_a_billion_configurations_are_counted_as_other_tools_count_them(
    users: int, queue: int, wanted: tuple[int, int]
) -> None:
    """Of three users and queues of two there is one device, else two of them."""
    standard, flow, check = benchmark("booking", "large")
    user, _, server, device = check.parties
    devices = 1 if (users, queue) == (3, 2) else 2
    parties = (
        *(replace(user, name=Name(f"u{number}")) for number in range(users)),
        server,
        *(replace(device, name=Name(f"d{number}")) for number in range(devices)),
    )

    assert counted(Space(system(standard, flow, replace(check, parties=parties, queue=queue)))) == wanted


@pytest.mark.parametrize(("standard", "flow", "check"), CHECKS)
def test_verdicts_are_those_of_the_compiled_engine_as_far_from_the_start(
    standard: Standard, flow: Flow, check: Check
) -> None:
    agree(standard, flow, check)


@pytest.mark.slow
@pytest.mark.parametrize(("standard", "flow", "check"), every_check(name for name, *_ in faulty_checks()))
def test_checks_of_shipped_specifications_are_answered_alike(standard: Standard, flow: Flow, check: Check) -> None:
    agree(standard, flow, check, most=10_000)


@given(st.one_of(smalls(), troubled(), asking()))
@settings(max_examples=6, deadline=None)
def test_small_systems_are_answered_alike(small: Small) -> None:
    (flow,) = [each for each in small.standard.flows if each.checks]
    for check in flow.checks:
        agree(small.standard, flow, check, most=600)


@pytest.mark.slow
@given(st.one_of(smalls(), troubled(), asking()))
@settings(max_examples=200, deadline=None)
def test_many_small_systems_are_answered_alike(small: Small) -> None:
    (flow,) = [each for each in small.standard.flows if each.checks]
    for check in flow.checks:
        agree(small.standard, flow, check, most=2_000)


ASKING = """
commands: {go: {}}
initial: idle
states:
  idle:
    command go: {send: ask to right, to: waiting}
  waiting:
    receive accept: {to: idle}
    receive refuse: {to: idle}
    after patience: {to: idle}
otherwise: {later: ignore}
"""
SLOWLY = """
commands: {grant: {}, deny: {}}
initial: ready
states:
  ready:
    receive ask: {to: asked}
  asked:
    command grant: {send: accept to left, to: ready}
    command deny: {send: refuse to left, to: ready}
    ignore: [ask]
"""


@pytest.mark.parametrize("check", ["queue: 2", "queue: 2, faults: [lost l once, restart r once]"])
def test_ids_that_the_other_end_remembers_are_not_given_again(check: str) -> None:
    asked = space(ASKING, SLOWLY, check).system

    agree(asked.standard, asked.flow, asked.check)


TIMED = """
flow: talk
title: Talk
roles: {{left: left, right: right}}
machines:
  left:
    commands: {{go: {{}}}}
    initial: idle
    states:
      idle:
        command go: {{send: ask to right with loud = true, to: waiting}}
      waiting:
        receive grant: {{to: idle}}
        after patience: {{to: idle}}
    otherwise: ignore
  right:
    initial: quiet
    states:
      quiet:
        receive ask: {{to: thinking}}
      thinking:
        after thought: {{send: grant to left, to: quiet}}
    otherwise: ignore
checks:
  both: {{parties: {{l: left, r: right}}, queue: 2, ticks: {{patience: 2..3, thought: 1..2}}, {more}}}
"""


@pytest.mark.parametrize("more", ["delivery: urgent", "faults: [restart r once, lost l once]", "down: [l]"])
def test_time_is_counted_alike(more: str) -> None:
    vocabulary = dedent(VOCABULARY).replace("check: 1}", "check: 1}, thought: {unit: second, check: 1}")
    standard = small_standard(vocabulary=vocabulary, messages=dedent(MESSAGES), talk=TIMED.format(more=more))
    (flow,) = [each for each in standard.flows if each.checks]

    agree(standard, flow, flow.checks[0])


SPEAKS = """
    properties:
      one_of_them: {{always: left is idle or left is waiting}}
      not_both:    {{never: left is waiting and right is thinking}}
      at_rest:     {{settled: left is idle}}
      unheard:     {{never: "right -> left: grant"}}
      comes_back:  {{possible: right is thinking}}
"""


def test_properties_fail_and_hold_alike() -> None:
    """Seen red with what holds taken for what doesn't, and with steps that a property forbids left out."""
    vocabulary = dedent(VOCABULARY).replace("check: 1}", "check: 1}, thought: {unit: second, check: 1}")
    talk = TIMED.replace("checks:", f"{dedent(SPEAKS).strip()}\nchecks:").format(more="down: []")
    standard = small_standard(vocabulary=vocabulary, messages=dedent(MESSAGES), talk=talk)
    (flow,) = [each for each in standard.flows if each.checks]

    found = symbolic.explore(standard, flow, flow.checks[0])

    outcomes = {each.name: each.outcome for each in found.verdicts if each.kind == "property"}
    assert outcomes == {
        "one_of_them": Outcome.HOLDS,
        "not_both": Outcome.FAILS,
        "at_rest": Outcome.HOLDS,
        "unheard": Outcome.FAILS,
        "comes_back": Outcome.HOLDS,
    }
    agree(standard, flow, flow.checks[0])


PATIENT = ASKING.replace("    after patience: {to: idle}\n", "")
ANSWERING = "initial: ready\nstates:\n  ready:\n    receive ask: {send: accept to left}\n"
HURRIED = """
commands: {}
initial: first
states:
  first:
    after patience: {send: ask to right, to: second}
  second:
    receive tell: {send: [ask to right, ask to right], to: first}
    after pause: {to: third}
  third:
    receive tell: {send: [ask to right, ask to right], to: first}
"""
SULKING = """
commands: {go: {}, close: {}}
initial: idle
states:
  idle:
    command go: {to: alone}
    command close: {close: right}
  alone:
    restored right: {to: idle}
"""


@pytest.mark.parametrize(
    ("wanted", "left", "right", "check"),
    [
        ("full-cycle", HURRIED, HURRIED.replace("ask to right", "tell to left").replace("tell:", "ask:"), "queue: 1"),
        ("never-given", PATIENT.replace("waiting:", "waiting:\n    rests: true"), "", ""),
        ("unread", PATIENT.replace("waiting:", "waiting:\n    rests: true"), "{defer: [ask]}", ""),
        ("stuck", SULKING, "", ""),
        ("stuck", SULKING, "", "faults: [lost l once]"),
        ("given-twice", PATIENT, ANSWERING.replace("accept to left", "[accept to left, refuse to left]"), "queue: 2"),
    ],
)
def test_what_is_found_where_nothing_happens_by_itself_is_found_alike(
    wanted: str, left: str, right: str, check: str
) -> None:
    """Seen red with none of these sets looked at, one by one; and with a closed link that stays as it was."""
    right = right if "\n" in right else f"initial: ready\nstates:\n  ready: {right or '{ignore: [ask]}'}\n"
    asked = space(left, right, check).system

    found = symbolic.explore(asked.standard, asked.flow, asked.check)

    assert wanted in {each.kind for each in found.verdicts}
    agree(asked.standard, asked.flow, asked.check)


def test_without_a_compiled_library_it_is_the_same_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dd.cudd", None)

    assert counted(Space(system(*benchmark("booking", "small")))) == COUNTS["booking", "small"]


def test_without_a_library_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in ("dd.cudd", "dd.autoref"):
        monkeypatch.setitem(sys.modules, each, None)

    assert diagrams.missing() == "the library `dd` isn't installed: pip install 'clausework[symbolic]'"


def test_a_search_that_takes_too_much_time_or_memory_says_that_it_stopped() -> None:
    late = symbolic.explore(*benchmark("booking", "large"), Bounds(seconds=0))

    assert (late.complete, late.stopped, late.verdicts[-1].outcome) == (False, "more than 0 seconds", Outcome.UNKNOWN)
    assert (
        symbolic.explore(*benchmark("booking", "small"), Bounds(memory=1_000)).stopped
        == "more than 1,000 bytes of memory"
    )


def test_it_says_what_it_does_not_answer() -> None:
    found = symbolic.explore(*benchmark("booking", "small"))

    assert any("engine symbolic doesn't tell" in each for each in found.unexplored)
