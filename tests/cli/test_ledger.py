"""What `clausework ledger` says, in which form, and with which exit code; and what a build keeps for it."""

import json
import shutil
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from clausework.cli import clausework
from cli.project import Run, change

SHOWN = """
  answered_too_late:
    steps:
      - client does: ask
      - client -> server: ping
      - client waits: answer_time
      - server -> client: pong
"""


@pytest.fixture
def complete(project: Path) -> Path:
    """Nothing is missing."""
    change(project, "        lost server: {notify: absent, to: idle}\n", "")
    change(project, "\nproperties:\n", f"{SHOWN}\nproperties:\n")
    return project


def test_the_exit_code_is_0_where_nothing_is_missing(complete: Path, run: Run) -> None:
    result = run("ledger", "ping")

    assert result.exit_code == 0, result.output
    assert result.output.endswith("Nothing is missing.\n")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("standard.yaml", '"1": Whether', '"2": Whatever\n  "1": Whether', "2 Whatever  spec/ping/standard.yaml:"),
        ("standard.yaml", 'source: "1"\n', "", "message ping  spec/ping/messages.yaml:"),
        ("flows/ping.yaml", "      - client waits: answer_time\n", "", "after answer_time  spec/ping/flows/ping.yaml:"),
    ],
    ids=["entry", "source", "sequence"],
)
def test_each_of_the_three_causes_makes_it_1(
    complete: Path, run: Run, file: str, old: str, new: str, told: str
) -> None:
    change(complete, old, new, file)

    result = run("ledger", "ping", "--brief")

    assert result.exit_code == 1
    assert told in result.output.partition("From the contents")[2]


def test_it_is_written_to_a_file_whole_or_not_at_all(project: Path, run: Run) -> None:
    result = run("ledger", "ping", "--format", "html", "--output", "pages/ledger.html")

    assert result.output == ""
    assert (project / "pages" / "ledger.html").read_text("utf-8").startswith("<!doctype html>")
    assert [path.name for path in (project / "pages").iterdir()] == ["ledger.html"]


def test_where_it_cannot_be_written_is_told(project: Path, run: Run) -> None:
    (project / "pages").write_text("in the way", "utf-8")

    result = run("ledger", "ping", "--output", "pages/ledger.txt")

    assert result.exit_code == 2
    assert "error[unwritable-file]" in result.stderr


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_every_form_for_people_names_the_place_and_what_is_generated(project: Path, run: Run, form: str) -> None:
    output = run("ledger", "ping", "--format", form).output

    assert "flows/ping.yaml:" in output
    assert "ping.Client.ask" in output


def test_colour_is_asked_for_or_left_out(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" in run("ledger", "ping", "--color", "always").output
    assert "\x1b[" not in run("ledger", "ping").output
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run("ledger", "ping").output
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("ledger", "ping").output


def test_a_part_is_asked_for_by_a_clause_an_element_or_a_place(project: Path, run: Run) -> None:
    for what in ("1", "ping.client", "spec/ping/messages.yaml:3", "messages.Ping"):
        assert "ping" in run("ledger", "ping", what).output
    result = run("ledger", "ping", "ping.cleint")

    assert result.exit_code == 2
    assert "did you mean 'ping.client'" in result.stderr


def test_tests_that_name_elements_are_found_where_they_are_said_to_be(project: Path, run: Run) -> None:
    (project / "checks").mkdir()
    text = 'def test_it():\n    assert ("ping", "ping.answered", "answered")\n'
    (project / "checks" / "test_ping.py").write_text(text, "utf-8")

    data = json.loads(run("ledger", "ping", "--format", "json", "--tests", "checks").output)

    named = {each["name"] for each in data["elements"] if each["tests"] == ["checks/test_ping.py:1 test_it"]}
    assert "ping.answered" in named


def test_a_shell_completes_entries_of_the_contents(project: Path) -> None:
    change(project, "source:", "figures:\n  A: Somebody asks\nsource:", "standard.yaml")
    for typed, meant in (("", ["1", "Figure A"]), ("fig", ["Figure A"]), ("2", [])):
        found = ShellComplete(clausework, {}, "clausework", "_X").get_completions(["ledger", "ping"], typed)

        assert [each.value for each in found] == meant


# -- what a build keeps


def test_a_build_keeps_what_it_found_and_makes_the_page(project: Path, run: Run) -> None:
    run("build")

    data = json.loads(run("ledger", "ping", "--format", "json").output)
    page = (project / "generated" / "ledger" / "ping.md").read_text("utf-8")
    assert data["totals"]["flows_explored"] == 1
    assert data["totals"]["configurations"] > 10
    assert f"| configurations explored | {data['totals']['configurations']:,} |" in page


def test_what_was_found_stays_known_while_only_words_change(project: Path, run: Run) -> None:
    run("build")
    change(project, "title: Asking whether somebody is there", "title: Is somebody there?\nnote: Asked politely")

    data = json.loads(run("ledger", "ping", "--format", "json").output)
    assert data["totals"]["flows_explored"] == 1


def test_what_was_found_is_forgotten_when_the_flow_behaves_otherwise(project: Path, run: Run) -> None:
    run("build")
    page = (project / "generated" / "ledger" / "ping.md").read_bytes()
    change(project, "lost server: {notify: absent, to: idle}", "lost server: {to: idle}")

    data = json.loads(run("ledger", "ping", "--format", "json").output)
    quick = run("build", "--quick")

    assert data["totals"]["flows_explored"] == 0
    assert any(each["sequences"] for each in data["elements"]), "sequences are looked for without exploring"
    assert "ping: the page with its numbers stays as it is until a build explores" in quick.output
    assert (project / "generated" / "ledger" / "ping.md").read_bytes() == page


def test_what_was_kept_may_be_broken_by_hand(project: Path, run: Run) -> None:
    run("build")
    (project / "generated" / "ledger" / "ping.json").write_text('{"flows": [{}], "transitions": 3}', "utf-8")

    result = run("ledger", "ping", "--format", "json")

    assert json.loads(result.output)["totals"]["flows_explored"] == 0


def test_a_flow_that_cannot_be_explored_shows_nothing_and_breaks_nothing(project: Path, run: Run) -> None:
    change(project, "commands: {ask: {}}", "commands: {ask: {port: integer 0..65535}}")

    data = json.loads(run("ledger", "ping", "--format", "json").output)

    assert data["totals"]["transitions_shown"] == 0
    assert data["gaps"]


def test_pages_go_with_their_standards(project: Path, run: Run) -> None:
    run("new", "pong")
    run("build")
    assert {path.name for path in (project / "generated" / "ledger").iterdir()} == {
        *("ping.json", "ping.md", "pong.json", "pong.md"),
    }

    shutil.rmtree(project / "spec" / "pong")
    run("build")

    assert {path.name for path in (project / "generated" / "ledger").iterdir()} == {"ping.json", "ping.md"}
