"""Partitions together count, judge and find ways as short as the reference alone does.

Seen red on faults seeded in the partitions: a configuration goes to one that doesn't own it; of what others found, only
some is taken in; those that wait for rows are left out; where one of them had led is taken for somewhere it did lead;
what is new isn't looked for when it comes; levels are counted from elsewhere; a parent is looked for with another
partition; and in what puts them together: words are not made wider, or a search begins anew with its depth; rows are
told to one partition only; what others than the first noted is left out, or looked at furthest first; a level ends with
its first round; a limit is overshot; an interruption isn't told; a worker has another version; one that has gone isn't
missed.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausework.explore import explore
from clausework.explore.distributed import cluster, search
from clausework.explore.distributed import exploring as shared
from clausework.explore.distributed.cluster import Lost, Team
from clausework.explore.packed import compiled
from clausework.explore.packed import search as packed_search
from clausework.explore.packed.bounds import Bounds
from clausework.explore.packed.layout import WORD
from clausework.explore.verdicts.looking import is_plain
from clausework.model.sequence import Check, Possible
from clausework.model.standard import Flow, Standard, named, own
from clausework.read import read
from clausework.semantics.verdict import Exploration, Outcome, Verdict
from graphs import every_check, faulty_checks
from reductions import OF_RUNS
from strategies import Small, asking, smalls, troubled
from support import files

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

pytestmark = pytest.mark.xdist_group("dask")  # one cluster for all of them

MOST = 3_000
NARROW = 26  # bits of a word that are used: so small systems need several words
KNOWN = [read(files(folder)).standards[0] for folder in sorted(Path(__file__).parents[2].glob("known/*/spec"))]
CHECKS = [
    pytest.param(*asked, id="-".join(str(each.name) for each in asked), marks=[pytest.mark.slow] * (at % 2))
    for at, asked in enumerate(
        (each, flow, check) for each in KNOWN for flow in own(each.flows) for check in flow.checks
    )
]
BENCHMARK = read(files(Path(__file__).parents[1] / "benchmark_model" / "spec")).standards[0]


@contextmanager
def made(workers: int) -> "Iterator[tuple[LocalCluster, Client]]":
    """A cluster whose workers are threads of this process.  Imported here, as it takes long."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0"
        ) as there,  # type: ignore[no-untyped-call]  # Dask's
        Client(there) as client,  # type: ignore[no-untyped-call]  # Dask's
    ):
        yield there, client


@pytest.fixture(scope="module")
def client() -> "Iterator[Client]":
    with made(3) as (_, client):
        yield client


def benchmark(flow: str, check: str) -> tuple[Standard, Flow, Check]:
    found = named(BENCHMARK.flows, flow)
    return BENCHMARK, found, next(each for each in found.checks if each.name == check)


def told(verdicts: list[Verdict]) -> list[tuple[object, ...]]:
    """There may be several shortest ways; what steps show is called after the line, of which there may be several."""
    return sorted(
        (each.kind, "" if ".yaml:" in each.name else each.name, str(each.outcome), each.expected, far(each))
        for each in verdicts
    )


def far(verdict: Verdict) -> int:
    return len(verdict.trace.steps) if verdict.trace is not None else -1


def agree(
    client: "Client", standard: Standard, flow: Flow, check: Check, most: int = MOST, workers: int = 3, word: int = WORD
) -> None:
    """On all that configurations and steps show, where there aren't more than `most`; with hardly a row known before."""
    reference = explore(standard, flow, check, most=most)
    if not reference.complete:
        return

    found = shared.explore(standard, flow, check, client=client, workers=workers, near=1, word=word)

    assert counts(found) == counts(reference)
    assert found.exercised == reference.exercised
    assert found.bounds == reference.bounds
    unasked = {each.name for each in found.verdicts if each.outcome is Outcome.NOT_LOOKED_AT}
    asked = [each for each in flow.properties if check.judges(each.name)]
    assert unasked == {
        each.name for each in asked if not is_plain(each) or (isinstance(each.claim, Possible) and check.faults)
    }
    assert told([each for each in found.verdicts if each.name not in unasked]) == told(
        [each for each in reference.verdicts if each.kind not in OF_RUNS and each.name not in unasked]
    )


def counts(exploration: Exploration) -> tuple[int, int, int]:
    return exploration.configurations, exploration.steps, exploration.depth


@pytest.mark.parametrize(("standard", "flow", "check"), CHECKS)
def test_counts_verdicts_and_lengths_of_traces_are_the_reference_s(
    client: "Client", standard: Standard, flow: Flow, check: Check
) -> None:
    agree(client, standard, flow, check)


@pytest.mark.slow
@pytest.mark.parametrize(("standard", "flow", "check"), every_check(name for name, *_ in faulty_checks()))
def test_checks_of_shipped_specifications_are_answered_alike(
    client: "Client", standard: Standard, flow: Flow, check: Check
) -> None:
    agree(client, standard, flow, check, most=10_000)


@given(st.one_of(smalls(), troubled(), asking()), st.integers(1, 3), st.sampled_from([WORD, NARROW]))
@settings(max_examples=8, deadline=None)
def test_small_systems_are_answered_alike(client: "Client", small: Small, workers: int, word: int) -> None:
    (flow,) = [each for each in small.standard.flows if each.checks]
    for check in flow.checks:
        agree(client, small.standard, flow, check, most=600, workers=workers, word=word)


@pytest.mark.slow
@given(st.one_of(smalls(), troubled(), asking()), st.integers(1, 3), st.sampled_from([WORD, NARROW]))
@settings(max_examples=200, deadline=None)
def test_many_small_systems_are_answered_alike(client: "Client", small: Small, workers: int, word: int) -> None:
    (flow,) = [each for each in small.standard.flows if each.checks]
    for check in flow.checks:
        agree(client, small.standard, flow, check, most=2_000, workers=workers, word=word)


@pytest.mark.parametrize(
    ("flow", "check", "wanted"),
    [
        ("lossy", "one_user", (38_813, 268_801, 48)),
        pytest.param("booking", "large", (2_434_384, 12_679_278, 61), marks=pytest.mark.slow),
    ],
)
def test_configurations_and_steps_are_those_that_other_tools_count(
    client: "Client", flow: str, check: str, wanted: tuple[int, int, int]
) -> None:
    assert counts(shared.explore(*benchmark(flow, check), client=client)) == wanted


def test_where_words_get_too_narrow_it_begins_anew_in_wider_ones(client: "Client") -> None:
    agree(client, *benchmark("booking", "small"), word=16)


def test_a_level_may_be_gone_through_in_several_rounds(client: "Client", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "ROUND", 3)

    agree(client, *benchmark("booking", "small"))


def test_with_as_many_workers_the_answer_is_the_same_to_the_last_word(client: "Client") -> None:
    first, again = (shared.explore(*benchmark("booking", "small"), client=client, near=1) for _ in range(2))

    assert replace(first, seconds=0) == replace(again, seconds=0)


# -- limits, and what goes wrong


def test_a_search_that_comes_to_a_limit_says_so(client: "Client") -> None:
    large = benchmark("booking", "large")

    many = shared.explore(*large, Bounds(most=1_000), client=client)

    assert (many.complete, many.stopped) == (False, "more than 1,000 configurations")
    assert 1_000 < many.configurations < 1_100
    assert many.verdicts[-1].outcome is Outcome.UNKNOWN
    assert (
        shared.explore(*large, Bounds(memory=5_000_000), client=client).stopped == "more than 5,000,000 bytes of memory"
    )
    assert shared.explore(*large, Bounds(seconds=0), client=client).stopped == "more than 0 seconds"


def test_a_worker_that_has_hardly_any_memory_left_ends_it_before_dask_does(
    client: "Client", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SHARE", 0)

    found = shared.explore(*benchmark("booking", "small"), client=client)

    assert found.stopped.startswith("a worker has more than 0% of its")


def test_without_a_compiler_the_reference_answers_and_says_why(
    client: "Client", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, compiled.PACKAGE, None)  # as if it weren't installed
    compiled.library.cache_clear()

    found = shared.explore(*benchmark("booking", "small"), client=client)

    assert counts(found) == (376, 893, 26)
    assert "explored by reference, as engine dask can't be used: no C compiler was found" in found.bounds[-1]


def at(depth: int, does: Callable[[], object]) -> Callable[[int, int, int, int], None]:
    """Progress that does something once a search has come so far."""

    def told(_configurations: int, _steps: int, now: int, _queue: int) -> None:
        if now == depth:
            does()

    return told


def test_ctrl_c_ends_it_with_what_is_known_so_far(client: "Client") -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    found = shared.explore(*benchmark("booking", "small"), Bounds(progress=at(9, interrupted)), client=client)

    assert (found.interrupted, found.stopped, found.depth) == (True, "interrupted", 9)
    assert 0 < found.configurations < 376


def test_ctrl_c_before_it_begins_ends_it_too(client: "Client", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_search, "SLICE", 50)  # so that there is some progress before

    def interrupted(*_: int) -> None:
        raise KeyboardInterrupt

    found = shared.explore(*benchmark("booking", "small"), Bounds(progress=interrupted), client=client)

    assert (found.interrupted, found.configurations) == (True, 0)


def test_a_worker_that_is_lost_is_an_error_and_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.1)

    with made(2) as (there, client):

        def goes() -> None:
            there.sync(there.workers[0].close)  # type: ignore[no-untyped-call]  # Dask's

        with pytest.raises(Lost, match="has gone"):
            shared.explore(*benchmark("booking", "small"), Bounds(progress=at(9, goes)), client=client)


def test_without_as_many_workers_as_are_wanted_nothing_is_begun(
    client: "Client", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_STARTING", 0.01)

    with pytest.raises(Lost, match="4 workers were wanted, and there are 3"):
        Team(client, 4)


def test_a_worker_with_another_version_has_no_part_in_it(client: "Client", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "version_here", lambda: "an older one")

    with pytest.raises(Lost, match="has another version of clausework"):
        shared.explore(*benchmark("booking", "small"), client=client)


def test_without_a_library_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    assert cluster.missing() == "the library `distributed` isn't installed: pip install 'clausework[distributed]'"


def test_it_says_what_it_does_not_answer(client: "Client") -> None:
    found = shared.explore(*benchmark("booking", "small"), client=client)

    assert any("engine dask doesn't tell" in each for each in found.unexplored)
