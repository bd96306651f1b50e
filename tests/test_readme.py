"""What the README claims, tried: its Python, its example broken on purpose, its links, its commands."""

import doctest
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausework.cli import clausework
from support import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_its_python_does_what_it_says() -> None:
    test = doctest.DocTestParser().get_doctest(README, {}, "README.md", "README.md", 0)

    assert len(test.examples) >= 5
    assert doctest.DocTestRunner().run(test).failed == 0


def test_its_links_lead_somewhere() -> None:
    links = [each for each in re.findall(r"\]\(([^)]+)\)", README) if not each.startswith("http")]

    assert links
    assert [each for each in links if not (ROOT / each).exists()] == []


def test_its_specification_is_the_one_that_is_shipped() -> None:
    block = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert block is not None

    assert block[1] in (ROOT / "spec/doorbell/flows/2-ringing.yaml").read_text("utf-8")


def test_its_example_fails_as_shown_when_the_line_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "spec/doorbell", tmp_path / "spec/doorbell")
    flow = tmp_path / "spec/doorbell/flows/2-ringing.yaml"
    flow.write_text(re.sub(r".*ignore: \[open, refuse\]\n", "", flow.read_text("utf-8")), "utf-8")
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(clausework, ["explore", "doorbell"])

    shown = re.findall(r"```\n(error.*?)```", README, re.DOTALL)[0]
    assert result.exit_code == 1
    assert [line for line in shown.splitlines() if line and line not in result.output] == []


def test_every_command_it_names_exists() -> None:
    named = set(re.findall(r"(?:`|bin/)clausework ([a-z]+)", README))

    assert len(named) >= 8

    helped = {each for each in named if CliRunner().invoke(clausework, [each, "--help"]).exit_code == 0}
    assert named - helped == set()
