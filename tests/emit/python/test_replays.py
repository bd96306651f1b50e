"""A run, written as a test, goes the same way on the generated parties; and is written as the formatter leaves it.

Seen red with a stage that delivers the last message first, and with keys that name the link of the other end.
"""

import subprocess
import sys
from pathlib import Path
from random import Random
from runpy import run_path

import pytest

from clausework.emit.artifact import Artifact
from clausework.emit.python.replays import Unreplayable, replay_test
from clausework.explore.walking import Walk
from clausework.model.standard import named
from clausework.pipeline import runs
from support import shipped

CASES = [
    ("doorbell", "ringing", "one_visitor"),
    ("xmpp", "stream", "cut_at_every_point"),
    ("home_network_configuration", "quality_check", "restarts"),
    ("igrs_remote_access", "several_connections", "two_connections"),
    ("igd", "control", "one"),
    ("dhcp", "lease", "lossy"),
]


def walked(standard: str, flow: str, check: str, steps: int, seed: int) -> Walk:
    whole = named(shipped()[standard].flows, flow)
    walk = runs.walk(shipped()[standard], whole, next(each for each in whole.checks if each.name == check))
    assert isinstance(walk, Walk)
    walk.wander(steps, Random(seed))
    return walk


def played(test: Artifact, folder: Path) -> None:
    path = folder / test.path
    path.write_text(test.text, "utf-8")
    run_path(str(path))["test_walked"]()


@pytest.mark.parametrize(("standard", "flow", "check"), CASES)
def test_a_run_goes_the_same_way_on_the_generated_parties(standard: str, flow: str, check: str, tmp_path: Path) -> None:
    walk = walked(standard, flow, check, steps=30, seed=8)

    played(replay_test(walk.space, walk.path, "walked", "a walk"), tmp_path)


def test_a_run_that_the_parties_do_not_go_is_told_at_its_step(tmp_path: Path) -> None:
    walk = walked("doorbell", "ringing", "one_visitor", steps=2, seed=8)
    text = replay_test(walk.space, walk.path, "walked", "a walk").text

    with pytest.raises(AssertionError):
        played(Artifact("wrong.py", text.replace('== "waiting"', '== "inside"')), tmp_path)


def test_it_is_laid_out_as_the_formatter_leaves_it() -> None:
    walk = walked("home_network_configuration", "quality_check", "restarts", steps=30, seed=8)
    text = replay_test(walk.space, walk.path, "walked", "a \"walk\" that \\ is 'odd'").text

    for command in (("format", "--diff", "--line-length=120"), ("check", "--select=E,F,I", "--line-length=120")):
        called = [sys.executable, "-m", "ruff", *command, "--isolated", "-"]
        done = subprocess.run(called, input=text, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_stage_cannot_play_is_said() -> None:
    walk = walked("xmpp", "subscription", "answers_cross", steps=3, seed=1)

    with pytest.raises(Unreplayable, match="in the midst of things"):
        replay_test(walk.space, walk.path, "walked", "a walk")
