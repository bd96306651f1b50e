"""check, rules, explain: findings, in every format, with the right exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.project import Run, change


def test_a_specification_without_mistakes_is_fine(project: Path, run: Run) -> None:
    result = run("check")

    assert (result.exit_code, result.output) == (0, "no findings in 1 specification\n")


def test_a_mistake_is_shown_at_its_word_and_makes_the_exit_code_1(project: Path, run: Run) -> None:
    change(project, "to: waiting", "to: wating")

    result = run("check")

    assert result.exit_code == 1
    assert " --> spec/ping/flows/ping.yaml:" in result.output
    assert "\x1b" not in result.output
    assert result.output.splitlines()[-1].endswith(("1 error", "errors", "warning", "warnings"))


def test_what_cannot_be_read_makes_the_exit_code_2(project: Path, run: Run) -> None:
    (project / "spec" / "ping" / "messages.yaml").unlink()
    (project / "spec" / "ping" / "messages.yaml").mkdir()

    assert run("check").exit_code == 2


def test_a_missing_folder_makes_the_exit_code_2_and_says_how_to_start(project: Path, run: Run) -> None:
    result = run("check", "--spec-folder", "nowhere")

    assert result.exit_code == 2
    assert "clausework new" in result.output


def test_a_warning_is_fine_unless_asked_to_be_strict(project: Path, run: Run) -> None:
    (project / "spec" / "ping" / "notes.yaml").write_text("")

    assert run("check").exit_code == 0
    assert run("check", "--strict").exit_code == 1


def test_only_the_specification_named_is_told_of(project: Path, run: Run) -> None:
    run("new", "door")
    change(project, "to: waiting", "to: wating")

    assert run("check", "door").exit_code == 0
    assert run("check", "ping").exit_code == 1
    assert run("check", "spec/ping/").exit_code == 1


def test_of_others_only_errors_are_told_where_the_one_named_cannot_be_read(project: Path, run: Run) -> None:
    run("new", "door")
    change(project, "to: waiting", "to: wating")
    other = project / "spec" / "door" / "messages.yaml"
    other.write_text(other.read_text("utf-8") + "  unheard: {from: client, to: server}\n", "utf-8")

    warned = run("check", "ping").output
    other.write_text(other.read_text("utf-8").replace("to: server}\n", "to: sevrer}\n"), "utf-8")
    wrong = run("check", "ping").output

    assert "wating" in warned
    assert "spec/door" not in warned
    assert "spec/door" in run("check").output
    assert "sevrer" in wrong


def test_a_specification_can_be_named_as_its_package_is(project: Path, run: Run) -> None:
    run("new", "our-door")

    assert run("check", "our_door").exit_code == 0


def test_a_mistyped_specification_is_answered_with_the_one_meant(project: Path, run: Run) -> None:
    result = run("check", "pinng")

    assert result.exit_code == 2
    assert "did you mean 'ping'?" in result.output


def test_json_holds_the_findings_and_nothing_else_is_printed(project: Path, run: Run) -> None:
    change(project, "to: waiting", "to: wating")

    result = run("check", "--format", "json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["summary"]["errors"] >= 1


def test_json_of_no_findings_is_still_json(project: Path, run: Run) -> None:
    assert json.loads(run("check", "--format", "json").stdout)["diagnostics"] == []


def test_sarif_lists_every_rule_there_is(project: Path, run: Run) -> None:
    driver = json.loads(run("check", "--format", "sarif").stdout)["runs"][0]["tool"]["driver"]
    listed = json.loads(run("rules", "--format", "json").stdout)

    assert [rule["id"] for rule in driver["rules"]] == [rule["rule"] for rule in listed]


def test_github_gets_a_line_for_each_finding(project: Path, run: Run) -> None:
    change(project, "to: waiting", "to: wating")

    assert run("check", "--format", "github").stdout.startswith("::error file=spec/ping/flows/ping.yaml,line=")


@pytest.mark.parametrize(
    ("option", "environment", "coloured"),
    [
        ("auto", {}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "0"}, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_as_the_option_and_the_environment_say(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch, option: str, environment: dict[str, str], coloured: bool
) -> None:
    change(project, "to: waiting", "to: wating")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert ("\x1b[" in run("check", "--color", option).output) is coloured


def test_every_rule_has_a_summary_and_a_page_and_its_slug_is_its_own(run: Run) -> None:
    rules = json.loads(run("rules", "--format", "json").stdout)
    slugs = [rule["rule"] for rule in rules]

    assert slugs == sorted(set(slugs))
    assert [rule["rule"] for rule in rules if not rule["summary"] or len(rule["page"]) < 20] == []


def test_a_rule_is_explained_also_by_what_stands_before_a_finding(run: Run) -> None:
    assert run("explain", "unknown-state").output == run("explain", "error[unknown-state]").output
    assert run("explain", "unknown-state").output.startswith("# unknown-state\n\n*error*: ")


def test_a_page_is_rendered_for_a_terminal(run: Run) -> None:
    shown = run("explain", "unknown-state", "--color", "always").output

    assert "\x1b[" in shown
    assert "# unknown-state" not in shown


def test_a_mistyped_rule_is_answered_with_the_one_meant(run: Run) -> None:
    result = run("explain", "unknown-stat")

    assert result.exit_code == 2
    assert "did you mean 'unknown-state'" in result.output


def test_a_reader_that_stops_reading_is_no_fault(project: Path) -> None:
    command = f"{sys.executable} -c 'from clausework.cli import main; main()' rules | head -1"

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=project, timeout=60)

    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_text_that_the_terminal_cannot_show_is_no_fault(project: Path) -> None:
    change(project, "to: waiting", "to: wartet_日本")

    command = [sys.executable, "-c", "from clausework.cli import main; main()", "check"]
    environment = {"PYTHONIOENCODING": "latin-1", "PATH": "/usr/bin"}
    done = subprocess.run(command, capture_output=True, check=False, cwd=project, timeout=60, env=environment)

    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"wartet_\\u65e5" in done.stdout
