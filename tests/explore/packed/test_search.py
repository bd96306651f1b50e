"""The compiled engine gives the answers of the reference, under the same numbers.

Seen red on faults seeded in the C text: an end that is left keeps what was under way to it; a link that is cut keeps
it; a full queue takes one message more; a tick passes though a timer is late; restarts come before other faults; a batch
is put in order backwards; a level begins before the one before has its numbers; and in Python: codes of a queue are not
renamed when a request ends.
"""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausework.explore.packed import compiled, engine
from clausework.explore.packed.engine import ALONE, Crew
from clausework.explore.packed.layout import WORD, Unpackable
from clausework.explore.packed.search import PackedSearch
from clausework.explore.packed.views import views
from clausework.explore.verdicts.looking import Looked
from clausework.explore.verdicts.watching import Seen, Watch
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, named, own
from clausework.read import read
from clausework.semantics.building import system
from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Space
from clausework.semantics.system import System
from graphs import every_check, faulty_checks
from strategies import MESSAGES, VOCABULARY, Small, asking, smalls, troubled
from support import files, small_standard
from talking import space

MOST = 600
KNOWN = [read(files(folder)).standards[0] for folder in sorted(Path(__file__).parents[2].glob("known/*/spec"))]
CHECKS = [
    *every_check(name for name, *_ in faulty_checks()),
    *(pytest.param(each, flow, check, id=f"{each.name}-{flow.name}-{check.name}")
      for each in KNOWN for flow in own(each.flows) for check in flow.checks),
]  # fmt: skip
SIDE_BY_SIDE = Crew(workers=2, grain=1)  # though there is so little to do
NARROW = 26  # bits of a word that are used: so small systems need several words
LESS_NARROW = 40


def told(seen: dict[str, Seen] | dict[int, Seen] | dict[tuple[str, str], Seen]) -> list[object]:
    """Messages may have other numbers."""
    return [
        (key, each.number, each.text, each.step and each.step.label._replace(message=None))
        for key, each in seen.items()
    ]


def noted(watch: Watch) -> list[object]:
    """All that a watcher knows."""
    every = (watch.findings, watch.broken, watch.stuck, watch.unread, watch.unanswered, watch.blocked)
    shown = {name: told(seen) for name, seen in watch.shown.items()}
    return [*map(told, every), shown, watch.full_cycle and watch.full_cycle.number, watch.exercise.items]


def values(space: Space, configuration: Configuration) -> object:
    parties = tuple(space.party(configuration, number) for number in range(len(configuration.parties)))
    queues = tuple(tuple(space.message(number) for number in queue) for queue in configuration.queues)
    return parties, configuration.wires, queues, configuration.left


def looked_at(system_: System) -> Looked:
    found = Looked(Space(system_), MOST, None)
    found.search.run(found.watch)
    return found


def agree(reference: Looked, word: int = WORD, crew: Crew = ALONE) -> None:
    system_ = reference.space.system
    packed = Space(system_)
    watch = Watch(packed, reference.watch.properties)

    search = PackedSearch(packed, MOST, views=tuple(views(watch)), word=word, crew=crew)
    search.run()
    for number in search.notable():
        configuration = search.configuration(number)
        watch.configuration(number, configuration, list(packed.steps(configuration)))

    found = reference.search
    assert (search.configurations, search.steps, search.depth) == (len(found.order), found.steps, found.depth)
    assert (search.stopped, search.looked, search.broken_off) == (found.stopped, found.looked, sum(found.broken_off))
    assert search.quiescent == reference.watch.quiescent
    assert noted(watch) == noted(reference.watch)
    for number in range(len(found.order)):
        assert values(packed, search.order[number]) == values(reference.space, found.order[number])
    last = len(found.order) - 1
    assert [step.label.kind for step in search.way(last)] == [step.label.kind for step in found.way(last)]


@pytest.mark.parametrize(("standard", "flow", "check"), CHECKS)
def test_a_check_is_searched_with_the_same_answers_in_one_word_or_in_several_by_two_workers(
    standard: Standard, flow: Flow, check: Check
) -> None:
    reference = looked_at(system(standard, flow, check))

    agree(reference)
    try:
        agree(reference, word=NARROW, crew=SIDE_BY_SIDE)
    except Unpackable:  # of a queue with many kinds of messages
        agree(reference, word=LESS_NARROW, crew=SIDE_BY_SIDE)


@pytest.mark.parametrize(("standard", "flow", "check"), CHECKS[::8])
def test_what_has_the_same_hash_is_told_apart(
    standard: Standard, flow: Flow, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red with all words but the first left out where configurations are compared, at the first glance or later."""
    colliding = Path(__file__).with_name("colliding.c")
    monkeypatch.setattr(engine, "library", lambda words: compiled.library(words, main=colliding))
    reference = looked_at(system(standard, flow, check))

    agree(reference, word=NARROW)
    agree(reference, word=NARROW, crew=SIDE_BY_SIDE)


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
def test_time_is_counted_alike_and_steps_come_in_the_same_order(more: str) -> None:
    vocabulary = dedent(VOCABULARY).replace("check: 1}", "check: 1}, thought: {unit: second, check: 1}")
    standard = small_standard(vocabulary=vocabulary, messages=dedent(MESSAGES), talk=TIMED.format(more=more))
    (flow,) = [each for each in standard.flows if each.checks]

    agree(looked_at(system(standard, flow, flow.checks[0])))


def test_what_may_be_lost_so_often_is_lost_no_more_often() -> None:
    """Seen red with losses that forget what they cost."""
    standard = read(files(Path(__file__).parents[1] / "benchmark_model" / "spec")).standards[0]
    flow = named(standard.flows, "lossy")
    (loss,) = flow.checks[0].faults

    agree(looked_at(system(standard, flow, replace(flow.checks[0], faults=(replace(loss, times=2),)))))


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


@pytest.mark.parametrize("check", ["queue: 2", "queue: 3", "queue: 2, faults: [lost l once, restart r once]"])
def test_ids_that_the_other_end_remembers_are_not_given_again(check: str) -> None:
    """Seen red with memories left out of what is asked of the tables."""
    agree(looked_at(space(ASKING, SLOWLY, check).system))


@given(st.one_of(smalls(), troubled(), asking()), st.sampled_from([ALONE, SIDE_BY_SIDE]))
@settings(max_examples=60, deadline=None)
def test_small_systems_are_searched_with_the_same_answers(small: Small, crew: Crew) -> None:
    (flow,) = [each for each in small.standard.flows if each.checks]
    for check in flow.checks:
        agree(looked_at(system(small.standard, flow, check)), crew=crew)
