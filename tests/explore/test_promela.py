"""SPIN finds the configurations and steps that we find, in the model that we write for it.

Seen red on faults seeded in the writer: rows written twice, a queue that isn't emptied when its end drops the link, room
for one send where there are two, budgets that are not spent.
"""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from clausework.explore.promela import TooLarge, promela
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, own
from clausework.read import read
from graphs import shipped_checks
from support import files
from talking import talk

TESTS = Path(__file__).parent.parent
FOLDERS = (*sorted(TESTS.glob("known/*/spec")), TESTS / "explore" / "benchmark_model" / "spec")
MOST = 5_000
LONGEST = 300_000  # characters; the C compiler takes minutes for longer ones


def checks() -> list[tuple[str, Standard, Flow, Check]]:
    others = [read(files(folder)).standards[0] for folder in FOLDERS]
    named = [(f"{each.name}-{flow.name}-{check.name}", each, flow, check)
             for each in others for flow in own(each.flows) for check in flow.checks]  # fmt: skip
    return [*shipped_checks(), *named]


CHECKS = {name: rest for name, *rest in checks()}


@cache
def model(name: str) -> str | None:
    standard, flow, check = CHECKS[name]
    try:
        text = promela(standard, flow, check, MOST)
    except TooLarge:
        return None
    return text if len(text) <= LONGEST else None


@pytest.mark.spin
@pytest.mark.parametrize("name", CHECKS)
def test_spin_counts_what_we_count_in_the_model_that_we_write(name: str, tmp_path: Path) -> None:
    if (text := model(name)) is None:
        return
    assert shutil.which("spin"), "apt-get install spin gcc"
    (tmp_path / "model.pml").write_text(text)

    told = ""
    for command in ("spin -a model.pml", "cc -w -O1 -DBFS -DSAFETY -DNOREDUCE -o pan pan.c", "./pan -E"):
        done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
        told = done.stdout + done.stderr
        assert done.returncode == 0, told

    assert "errors: 0" in told
    assert "max search depth too small" not in told
    patterns = (r"(\d+) states, stored", r"(\d+) transitions", r"depth reached (\d+)")
    counted = tuple(number(pattern, told) for pattern in patterns)
    said = re.search(r"tells of (\d+) states, (\d+) transitions, depth (\d+)", text)
    assert said is not None
    assert counted == tuple(map(int, said.groups()))


@pytest.mark.spin
def test_most_checks_are_small_enough_for_spin() -> None:
    """So that the test above can't pass by looking at nothing."""
    assert sum(model(name) is not None for name in CHECKS if not name.startswith("igrs")) > 35


def test_where_nothing_happens_the_model_says_so() -> None:
    """SPIN reads no loop without a step in it."""
    silent = "initial: quiet\nstates:\n  quiet: {}\notherwise: ignore\n"
    standard, flow = talk(silent, silent)

    text = promela(standard, flow, flow.checks[0], MOST)

    assert ":: d_step { false -> skip } /* nothing happens */" in text
    assert "tells of 2 states, 2 transitions" in text


def number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    assert found is not None, text
    return int(found[1])
