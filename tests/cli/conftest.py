"""A project of its own for each test, and the command line as its user has it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausework.cli import clausework
from clausework.cli.starter import starter
from cli.project import Run


@pytest.fixture
def run() -> Run:
    """`run("check", "--strict")` in this process."""

    def started(*arguments: str) -> Result:
        result = CliRunner().invoke(clausework, arguments)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return started


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that we are in: one small specification, `ping`, and nothing else."""
    monkeypatch.chdir(tmp_path)
    for variable in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(variable, raising=False)
    for path, text in starter("ping"):
        file = tmp_path / "spec" / "ping" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path
