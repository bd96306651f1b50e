"""What is committed is what a fresh run makes: `generated/`, `diagrams/` and `spec/schemas/` are the golden files."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from clausework.cli import clausework

ROOT = Path(__file__).parents[2]


def test_committed_output_is_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    result = CliRunner().invoke(clausework, ["build", "--quick", "--check"])

    assert result.exit_code == 0, f"run `clausework build`, then commit\n{result.output[-4000:]}"


def test_committed_diagrams_and_counterexamples_are_those_of_a_fresh_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    result = CliRunner().invoke(clausework, ["draw", "--check"])

    assert result.exit_code == 0, f"run `clausework build`, then commit\n{result.output[-4000:]}"
