"""explore --save: failures as a sequence and a test.

Seen red with a sequence without the message that isn't taken, and with files that are written again.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from cli.project import Run, change

ONCE = "receive ping: {send: pong to sender, to: done}\n      done: {rests: true}"
"""The server answers once, and is then surprised."""
MENDED = "done: {rests: true, ignore: [ping]}"
NAME = "ping_two_impossible_ping_25"


def failing(project: Path, run: Run) -> str:
    change(project, "receive ping: {send: pong to sender}", ONCE)
    result = run("explore", "ping", "--save", "found")
    assert result.exit_code == 1
    return result.output


def test_a_failure_is_written_as_a_sequence_and_as_a_test(project: Path, run: Run) -> None:
    said = failing(project, run)

    assert f"written: found/{NAME}.yaml" in said
    assert sorted(each.name for each in (project / "found").iterdir()) == [f"{NAME}.yaml", f"test_{NAME}.py"]


def test_the_sequence_cannot_happen_before_it_is_mended_and_can_afterwards(project: Path, run: Run) -> None:
    failing(project, run)
    lines = (project / "found" / f"{NAME}.yaml").read_text("utf-8").splitlines(keepends=True)
    block = "".join(line for line in lines if not line.startswith("#")).removeprefix("sequences:\n")
    change(project, "sequences:\n", f"sequences:\n{block}")

    before = run("explore", "ping")
    change(project, "done: {rests: true}", MENDED)
    after = run("explore", "ping")

    assert f"error[sequence]: sequence `{NAME}` cannot happen" in before.output
    assert re.search(rf"holds +sequence +{NAME}", after.output), after.output


def outcome_of_the_test(project: Path, run: Run) -> str:
    """What pytest says of what was found, on what is generated now."""
    assert run("generate", "ping").exit_code == 0
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "found"]
    environment = {**os.environ, "PYTHONPATH": str(project / "generated"), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=project, env=environment)
    return done.stdout.splitlines()[-1]


def test_the_test_is_expected_to_fail_until_it_is_mended(project: Path, run: Run) -> None:
    failing(project, run)
    before = outcome_of_the_test(project, run)
    change(project, "done: {rests: true}", MENDED)
    after = outcome_of_the_test(project, run)

    assert before.startswith("1 xfailed")
    assert after.startswith("1 failed")


def test_what_is_there_already_stays_as_it_is(project: Path, run: Run) -> None:
    failing(project, run)
    mine = project / "found" / f"{NAME}.yaml"
    mine.write_text("mine", "utf-8")

    said = run("explore", "ping", "--save", "found").output

    assert f"found/{NAME}.yaml is there already" in said
    assert mine.read_text("utf-8") == "mine"


def test_what_holds_is_not_kept(project: Path, run: Run) -> None:
    assert run("explore", "ping", "--save", "found").exit_code == 0
    assert not (project / "found").exists()
