"""new and stub: something to start from, and an interrupt in between."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.project import Run


def test_a_new_specification_has_no_findings_and_builds(project: Path, run: Run) -> None:
    assert run("new", "our-door").exit_code == 0
    assert run("check", "our-door", "--strict").exit_code == 0
    assert run("build").exit_code == 0


def test_a_new_specification_is_said_to_be_where_it_is(project: Path, run: Run) -> None:
    result = run("new", "our-door")

    assert "our-door/flows/ping.yaml" in result.output
    assert (project / "spec" / "our-door" / "standard.yaml").read_text("utf-8").count("our_door") == 1


def test_what_is_there_is_never_overwritten(project: Path, run: Run) -> None:
    before = (project / "spec" / "ping" / "standard.yaml").read_text("utf-8")

    assert run("new", "ping").exit_code == 2
    assert (project / "spec" / "ping" / "standard.yaml").read_text("utf-8") == before


@pytest.mark.parametrize("name", ["../up", "Ping", "a b", "-x", "9lives", "a--b", "other"])
def test_a_name_that_would_not_do_is_refused(project: Path, run: Run, name: str) -> None:
    assert run("new", "--", name).exit_code == 2
    assert sorted(path.name for path in project.iterdir()) == ["spec"]


def test_a_stub_is_printed_or_written_once(project: Path, run: Run) -> None:
    printed = run("stub", "ping", "ping", "client", "-o", "-")
    assert printed.exit_code == 0
    compile(printed.output, "stub.py", "exec")

    run("stub", "ping", "ping", "client", "-o", "mine.py")
    run("stub", "ping", "ping", "client")
    assert (project / "mine.py").read_text("utf-8") == printed.output
    assert (project / "ping_client.py").read_text("utf-8") == printed.output


def test_a_stub_that_is_somebodys_is_compared_and_never_written_again(project: Path, run: Run) -> None:
    run("stub", "ping", "ping", "client", "-o", "mine.py")
    assert run("stub", "ping", "ping", "client", "-o", "mine.py").exit_code == 0

    theirs = "class Hooks:\n    def on_past(self): ...\n    def on_present(self, more): ...\n"
    (project / "mine.py").write_text(theirs)
    result = run("stub", "ping", "ping", "client", "-o", "mine.py")

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "mine.py lacks `on_absent`",
        "mine.py has `on_past`, which is never called",
        "mine.py has `on_present(self, more)`; it is called as `on_present(self)`",
    ]
    assert (project / "mine.py").read_text("utf-8") == theirs


def test_a_stub_that_is_not_python_any_more_is_said_to_be_so(project: Path, run: Run) -> None:
    (project / "mine.py").write_text("class Hooks:\n  def\n")

    result = run("stub", "ping", "ping", "client", "-o", "mine.py")

    assert result.exit_code == 1
    assert result.output.startswith("mine.py:2: this is not Python")


def test_an_interrupt_is_one_line_and_exit_code_130(project: Path) -> None:
    os.mkfifo(project / "gate")
    program = (
        "import signal, clausework.pipeline as pipeline, clausework.cli as cli\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # as whoever runs us in the background ignores it
        "pipeline.examine = lambda files: open('gate').read()\n"  # waits until somebody writes
        "cli.main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, "check"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=project
    ) as process:
        gate = os.open(project / "gate", os.O_WRONLY)  # succeeds as soon as the other waits
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)
        os.close(gate)

    assert (process.returncode, output, errors.strip()) == (130, "", "clausework: interrupted")
