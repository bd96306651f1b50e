"""Help, mistyped words, completion: what a user meets first."""

import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from clausework.cli import clausework

COMMANDS = sorted(clausework.commands)


def program(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The real thing, in a process of its own."""
    command = [sys.executable, "-c", "from clausework.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=60)


def test_every_command_stands_in_a_section_of_the_help() -> None:
    shown = CliRunner().invoke(clausework, ["--help"]).output

    assert all(f"\n  {name} " in shown for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_has_examples(name: str) -> None:
    shown = CliRunner().invoke(clausework, [name, "--help"])

    assert shown.exit_code == 0
    assert f"Examples:\n    clausework {name}" in shown.output or "clausework new ping" in shown.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_every_command_says_what_it_does(name: str) -> None:
    options = [each for each in clausework.commands[name].params if isinstance(each, click.Option)]

    assert [each.name for each in options if not each.help] == []


def test_help_comes_well_under_half_a_second() -> None:
    program("--help")  # compiled files are written the first time
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        assert program("--help").returncode == 0
        taken.append(time.perf_counter() - began)

    assert min(taken) < 0.5


def test_the_version_is_one_line() -> None:
    shown = CliRunner().invoke(clausework, ["--version"])

    assert shown.exit_code == 0
    assert shown.output.startswith("clausework ")
    assert shown.output.count("\n") == 1


@pytest.mark.parametrize(("typed", "meant"), [("bild", "build"), ("chek", "check"), ("explian", "explain")])
def test_a_mistyped_command_is_answered_with_the_one_meant(typed: str, meant: str) -> None:
    shown = CliRunner().invoke(clausework, [typed])

    assert shown.exit_code == 2
    assert f"'{meant}'" in shown.output


def test_a_mistyped_option_is_answered_with_the_one_meant() -> None:
    shown = CliRunner().invoke(clausework, ["build", "--chekc"])

    assert shown.exit_code == 2
    assert "--check" in shown.output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_asks_our_program(shell: str) -> None:
    shown = CliRunner().invoke(clausework, ["completion", shell])

    assert shown.exit_code == 0
    assert "_CLAUSEWORK_COMPLETE" in shown.output
    assert "clausework" in shown.output


def test_the_bash_script_is_bash(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(CliRunner().invoke(clausework, ["completion", "bash"]).output, "utf-8")

    checked = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
