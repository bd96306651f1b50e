"""What is committed is what a fresh run makes: `generated/`, `diagrams/` and `spec/schemas/` are the golden files."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from clausework.cli import clausework

ROOT = Path(__file__).parents[2]


def test_committed_packages_and_schemas_are_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """These and the diagrams are all that a build makes."""
    monkeypatch.chdir(ROOT)

    result = CliRunner().invoke(clausework, ["generate", "--check"])
    schemas = CliRunner().invoke(clausework, ["schema", "--check"])

    assert schemas.exit_code == 0, f"run `clausework build`, then commit\n{schemas.output[-4000:]}"

    assert result.exit_code == 0, f"run `clausework build`, then commit\n{result.output[-4000:]}"


def test_committed_diagrams_and_counterexamples_are_those_of_a_fresh_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    result = CliRunner().invoke(clausework, ["draw", "--check"])

    assert result.exit_code == 0, f"run `clausework build`, then commit\n{result.output[-4000:]}"
