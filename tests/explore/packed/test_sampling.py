"""What bits stand for: with many of them all is found, with few less, and what is left out is told; nothing is proved.

Seen red with a bit that isn't set, with bits that depend on how many look, and with the parent's step one further.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from clausework.explore.packed import exploring as packed
from clausework.explore.packed.bounds import Bounds
from clausework.explore.packed.engine import Crew
from clausework.explore.packed.sampling import left_out
from clausework.explore.packed.search import PackedSearch
from clausework.explore.verdicts.looking import is_plain
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, named, own
from clausework.read import read
from clausework.semantics.building import system
from clausework.semantics.space import Space
from clausework.semantics.verdict import Outcome
from support import files

MANY, FEW = 1_000_000, 20_000
TESTS = Path(__file__).parents[2]
CHECKS = [
    pytest.param(standard, flow, check, id=f"{standard.name}-{flow.name}-{check.name}")
    for name in ("stop_and_wait", "sliding_window")
    for standard in (read(files(TESTS / "known" / name / "spec")).standards[0],)
    for flow in own(standard.flows)
    for check in flow.checks
]
LARGE = 38_813


def searched(bytes_: int, workers: int = 1) -> PackedSearch:
    standard = read(files(TESTS / "explore" / "benchmark_model" / "spec")).standards[0]
    flow = named(standard.flows, "lossy")
    search = PackedSearch(
        Space(system(standard, flow, flow.checks[0])), 10**9, crew=Crew(workers=workers, grain=8, sample=bytes_)
    )
    search.run()
    return search


@pytest.mark.parametrize(("standard", "flow", "check"), CHECKS)
def test_with_many_bits_the_same_is_refuted_by_the_same_traces_and_nothing_proved(
    standard: Standard, flow: Flow, check: Check
) -> None:
    every = packed.explore(standard, flow, check)

    sample = packed.explore(standard, flow, check, Bounds(sample=MANY))

    assert (sample.configurations, sample.steps, sample.depth) == (every.configurations, every.steps, every.depth)
    assert not sample.complete
    assert sample.stopped.startswith("only sampled, in 1 MB of bits")
    runs = {str(each.name) for each in flow.properties if not is_plain(each)}
    failing = [each for each in every.verdicts if each.outcome is Outcome.FAILS and each.trace is not None]
    assert [each for each in sample.verdicts if each.outcome is Outcome.FAILS] == [
        each for each in failing if each.name not in runs and each.kind not in ("never-leaves", "busy-for-ever")
    ]
    assert not any(each.outcome is Outcome.HOLDS and each.trace is None for each in sample.verdicts)


def test_with_few_bits_less_is_found_and_about_so_much_as_is_told() -> None:
    missing = LARGE - searched(FEW).configurations

    assert 0.5 * left_out(LARGE, 8 * FEW) < missing < 3 * left_out(LARGE, 8 * FEW)
    assert searched(MANY).configurations == LARGE


def test_the_sample_is_the_same_however_many_look() -> None:
    alone, together = searched(FEW), searched(FEW, workers=3)

    assert (together.configurations, together.steps) == (alone.configurations, alone.steps)


def test_nothing_is_kept_but_bits_the_ways_and_what_is_still_to_be_looked_at() -> None:
    assert searched(FEW).bytes < FEW + 8 * LARGE


def test_what_ended_early_says_both() -> None:
    standard = read(files(TESTS / "explore" / "benchmark_model" / "spec")).standards[0]
    flow = named(standard.flows, "lossy")

    found = packed.explore(standard, flow, replace(flow.checks[0], most=1_000), Bounds(sample=MANY))

    assert found.stopped.startswith("more than 1,000 configurations, and only sampled")
