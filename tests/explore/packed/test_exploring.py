"""What the compiled engine answers is what the reference answers, told in the same words; what it doesn't, it names.

Seen red with a property that is only looked at where nothing happens.
"""

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausework import explore as searching
from clausework import pipeline
from clausework.explore import explore
from clausework.explore.packed import compiled
from clausework.explore.packed import exploring as packed
from clausework.explore.packed.bounds import Bounds
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, named, own
from clausework.read import read
from clausework.semantics.verdict import Outcome
from strategies import Small, smalls, troubled
from support import files

FOLDERS = sorted(Path(__file__).parents[2].glob("known/*/spec"))
CHECKS = [
    pytest.param(standard, flow, check, id=f"{standard.name}-{flow.name}-{check.name}")
    for standard in (read(files(folder)).standards[0] for folder in FOLDERS)
    for flow in own(standard.flows)
    for check in flow.checks
]
BENCHMARK = Path(__file__).parents[1] / "benchmark_model" / "spec"


@pytest.mark.parametrize(("standard", "flow", "check"), CHECKS)
def test_verdicts_and_traces_are_the_same(standard: Standard, flow: Flow, check: Check) -> None:
    reference = explore(standard, flow, check)

    found = packed.explore(standard, flow, check)

    assert found.verdicts == reference.verdicts
    assert found.exercised == reference.exercised
    assert found.bounds == reference.bounds
    assert found.unexplored == reference.unexplored


@given(st.one_of(smalls(), troubled()))
@settings(max_examples=15, deadline=None)
def test_findings_of_small_systems_are_the_same(small: Small) -> None:
    """Seen red with findings of steps left out."""
    (flow,) = [each for each in small.standard.flows if each.checks]
    for check in flow.checks:
        reference = explore(small.standard, flow, check, most=1_000)
        found = packed.explore(small.standard, flow, check, Bounds(most=1_000))

        assert found.verdicts == reference.verdicts


def booking(check: str) -> tuple[Standard, Flow, Check]:
    standard = read(files(BENCHMARK)).standards[0]
    flow = named(standard.flows, "booking")
    return standard, flow, next(each for each in flow.checks if each.name == check)


def test_a_search_that_has_found_too_much_says_that_it_stopped() -> None:
    found = packed.explore(*booking("large"), Bounds(most=1_000))

    assert (found.complete, found.stopped) == (False, "more than 1,000 configurations")
    assert found.verdicts[-1].outcome is Outcome.UNKNOWN


def test_a_search_that_takes_too_much_memory_or_time_says_that_it_stopped() -> None:
    assert packed.explore(*booking("large"), Bounds(memory=2_000_000)).stopped == "more than 2,000,000 bytes of memory"
    assert packed.explore(*booking("large"), Bounds(seconds=0)).stopped == "more than 0 seconds"


@pytest.mark.parametrize(
    ("bounds", "more"),
    [
        (Bounds(most=1_000), "raise `most:`"),
        (Bounds(memory=2_000_000), "allow it more memory (`--memory`)"),
        (Bounds(seconds=0), "allow it more time (`--seconds`)"),
    ],
)
def test_a_search_that_stopped_says_what_would_let_it_go_on(bounds: Bounds, more: str) -> None:
    """Seen red with the same advice for all."""
    diagnostic = packed.explore(*booking("large"), bounds).verdicts[-1].diagnostic

    assert diagnostic is not None
    assert diagnostic.help == f"{more}, or make the check smaller"


def test_without_a_compiler_the_reference_answers_and_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, compiled.PACKAGE, None)  # as if it weren't installed
    compiled.library.cache_clear()

    found = packed.explore(*booking("small"))

    assert (found.configurations, found.steps, found.depth) == (376, 893, 26)
    assert "explored by reference, as engine c can't be used: no C compiler was found" in found.bounds[-1]

    cut_off = packed.explore(*booking("small"), Bounds(most=10)).verdicts[-1].diagnostic

    assert cut_off is not None
    assert cut_off.help == found.bounds[-1]


@pytest.mark.slow
def test_a_compiler_that_was_installed_as_a_package_serves_where_there_is_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert importlib.util.find_spec(compiled.PACKAGE), f"this one needs `pip install {compiled.PACKAGE}`"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    compiled.library.cache_clear()

    found = packed.explore(*booking("small"), Bounds(threads=2))

    assert (found.configurations, found.steps, found.depth) == (376, 893, 26)
    assert not any("reference" in each for each in found.bounds)


def test_what_is_small_is_left_to_the_reference_which_answers_everything() -> None:
    assert packed.explore_by_either(*booking("small")).verdicts == explore(*booking("small")).verdicts
    assert not any("engine c" in each for each in packed.explore_by_either(*booking("small")).unexplored)


@pytest.mark.parametrize(("standard", "flow", "check"), CHECKS)
def test_what_is_not_is_answered_as_by_the_reference(
    standard: Standard, flow: Flow, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red with the steps left out that only engine c has seen."""
    monkeypatch.setattr(packed, "FEW", 5)

    found, reference = packed.explore_by_either(standard, flow, check), explore(standard, flow, check)

    assert found.verdicts == reference.verdicts
    assert (found.configurations, found.steps, found.depth) == (
        reference.configurations,
        reference.steps,
        reference.depth,
    )
    assert (found.exercised, found.bounds, found.unexplored) == (
        reference.exercised,
        reference.bounds,
        reference.unexplored,
    )


def test_what_is_not_is_answered_by_the_reference_where_there_is_no_compiler(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Seen red with the reference stopped where engine c would go on."""
    monkeypatch.setattr(packed, "FEW", 5)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, compiled.PACKAGE, None)
    compiled.library.cache_clear()

    found = packed.explore_by_either(*booking("small"))

    assert (found.complete, found.configurations) == (True, 376)
    assert "explored by reference alone, as engine c can't be used: no C compiler was found" in found.bounds[-1]


def test_whoever_sets_no_limit_waits_no_longer_than_for_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen red without that: a build would go on until nothing is left to be found."""
    monkeypatch.setattr(packed, "FEW", 5)
    monkeypatch.setattr(searching, "MOST", 100)

    assert pipeline.explore(*booking("small")).stopped == "more than 100 configurations"
    assert pipeline.explore(*booking("small"), limits=pipeline.Limits()).complete


def test_what_was_compiled_is_kept_and_not_compiled_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    compiled.library.cache_clear()
    compiled.library(1, tmp_path)
    made = [path.name for path in tmp_path.iterdir()]
    compiled.library.cache_clear()
    monkeypatch.setenv("PATH", "")

    compiled.library(1, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == made
