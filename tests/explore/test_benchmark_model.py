"""The benchmark model, in our language, has the counts that other tools found: SPIN, TLC, Storm and others."""

import re
import subprocess
from pathlib import Path

import psutil
import pytest

from clausework.explore.packed.engine import Crew
from clausework.explore.packed.search import PackedSearch
from clausework.explore.search.breadth_first import Search
from clausework.model.standard import named
from clausework.read import read
from clausework.semantics.building import system
from clausework.semantics.space import Space, Step
from support import files

FOLDER = Path(__file__).parent / "benchmark_model" / "spec"


class Deaf:
    """Watches nothing: only the counts matter."""

    def configuration(self, number: int, configuration: object, steps: list[Step]) -> None:
        return None


def space(flow_name: str, check_name: str) -> Space:
    reading = read(files(FOLDER))
    assert reading.diagnostics == ()
    standard = reading.standards[0]
    flow = named(standard.flows, flow_name)
    check = next(each for each in flow.checks if each.name == check_name)
    return Space(system(standard, flow, check))


COUNTS = {
    ("booking", "small"): (376, 893, 26),
    ("lossy", "one_user"): (38_813, 268_801, 48),
    ("lossy", "two_users"): (200_626, 1_673_362, 48),
    ("booking", "large"): (2_434_384, 12_679_278, 61),
}
MODELS = {
    ("booking", "small"): "-DN=1 -DM=1 -DK=1 -DLOSSY=0",
    ("lossy", "one_user"): "-DN=1 -DM=1 -DK=2 -DLOSSY=1",
    ("lossy", "two_users"): "-DN=2 -DM=1 -DK=1 -DLOSSY=1",
    ("booking", "large"): "-DN=2 -DM=1 -DK=2 -DLOSSY=0",
}


@pytest.mark.parametrize(
    ("flow", "check"),
    [pytest.param(*each, marks=[pytest.mark.slow] * (each[1] in ("two_users", "large"))) for each in COUNTS],
)
def test_states_transitions_and_levels_are_those_that_other_tools_count(flow: str, check: str) -> None:
    search = Search(space(flow, check), most=10_000_000)
    search.run(Deaf())

    assert (len(search.order), search.steps, search.depth) == COUNTS[flow, check]


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize(("flow", "check"), COUNTS)
def test_the_compiled_engine_counts_the_same_whoever_looks(flow: str, check: str, workers: int) -> None:
    """Seen red with a queue that takes one message more than it has room for."""
    search = PackedSearch(space(flow, check), most=10_000_000, parents=False, crew=Crew(workers=workers))
    search.run()

    assert (search.configurations, search.steps, search.depth) == COUNTS[flow, check]


def test_several_workers_find_everything_in_the_order_in_which_one_does() -> None:
    """Seen red with what one worker did after a row that was wanted, kept: levels are large, rows unknown far into it."""
    alone, several = (
        PackedSearch(space("lossy", "two_users"), most=10_000_000, crew=Crew(workers=workers, grain=8))
        for workers in (1, 4)
    )
    alone.run()
    several.run()

    every = range(0, alone.configurations, 7)
    assert [several.engine.configuration(each) for each in every] == [
        alone.engine.configuration(each) for each in every
    ]
    assert [several.engine.origin(each) for each in every] == [alone.engine.origin(each) for each in every]


def test_no_thread_is_left_when_the_search_is_over() -> None:
    """Else whoever forks later is warned.  Seen red without `rest`."""
    process = psutil.Process()
    before = process.num_threads()

    search = PackedSearch(space("lossy", "one_user"), most=10_000_000, crew=Crew(workers=4, grain=8))
    search.run()

    assert process.num_threads() == before
    assert search.configurations == COUNTS["lossy", "one_user"][0]


@pytest.mark.slow
def test_the_compiled_engine_counts_the_same_of_fourteen_millions_in_24_bytes_each() -> None:
    search = PackedSearch(space("lossy", "two_of_each"), most=100_000_000, parents=False)
    search.run()

    assert (search.configurations, search.steps, search.depth) == (14_184_108, 150_353_080, 63)
    assert search.bytes / search.configurations < 24


@pytest.mark.spin
@pytest.mark.parametrize(("flow", "check"), COUNTS)
def test_spin_counts_the_same_in_the_model_written_by_hand(flow: str, check: str, tmp_path: Path) -> None:
    model = FOLDER.parent / "benchmark.pml"
    told = ""
    for command in (
        f"spin -a {MODELS[flow, check]} {model}",
        "cc -w -O2 -DBFS -DSAFETY -DNOREDUCE -o pan pan.c",
        "./pan -E",
    ):
        done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
        told = done.stdout + done.stderr
        assert done.returncode == 0, told

    found = [re.search(pattern, told) for pattern in (r"(\d+) states, st", r"(\d+) transitions", r"reached (\d+)")]
    states, steps, depth = COUNTS[flow, check]
    assert [each and int(each[1]) for each in found] == [states + 1, steps + 2, depth]
