"""explore and matrix: what the roles do together, and what each does alone."""

import json
from pathlib import Path

from cli.project import Run, change


def test_a_table_says_what_holds_and_how_far_was_looked(project: Path, run: Run) -> None:
    result = run("explore", "ping")

    assert result.exit_code == 0, result.output
    assert "ping, two: alice (client), home (server)" in result.output
    assert "configurations" in result.output
    assert "holds" in result.output


def test_a_failure_is_shown_step_by_step_and_makes_the_exit_code_1(project: Path, run: Run) -> None:
    change(project, "possible: client is waiting", "never: client is waiting")

    result = run("explore", "ping", "ping")

    assert result.exit_code == 1
    assert "error[" in result.output
    assert "1  alice" in result.output
    assert "does `ask`" in result.output


def test_a_failure_can_be_drawn(project: Path, run: Run) -> None:
    change(project, "possible: client is waiting", "never: client is waiting")

    run("explore", "ping", "--draw", "traces")

    assert [path for path in (project / "traces").glob("*.svg") if "answered" in path.name]


def test_only_the_check_named_is_explored(project: Path, run: Run) -> None:
    change(project, "checks:\n", "checks:\n  three: {parties: {bob: client, home: server}, queue: 1}\n")

    data = json.loads(run("explore", "ping", "--check-name", "three", "--format", "json").stdout)

    assert [each["check"] for each in data["explorations"]] == ["three"]


def test_a_limit_is_said_honestly(project: Path, run: Run) -> None:
    data = json.loads(run("explore", "ping", "--most", "2", "--format", "json").stdout)

    assert data["explorations"][0]["complete"] is False
    assert data["explorations"][0]["stopped"]


def test_mistyped_flows_and_checks_are_answered_with_those_meant(project: Path, run: Run) -> None:
    assert "did you mean 'ping'?" in run("explore", "ping", "pinng").output
    assert "did you mean 'two'?" in run("explore", "ping", "--check-name", "tow").output


def test_a_specification_with_errors_is_not_explored(project: Path, run: Run) -> None:
    change(project, "to: waiting", "to: wating")

    result = run("explore", "ping")

    assert result.exit_code == 1
    assert "unknown-state" in result.stderr


def test_the_matrix_of_a_flow_has_all_its_machines(project: Path, run: Run) -> None:
    result = run("matrix", "ping", "ping")

    assert result.exit_code == 0
    assert "ping: client" in result.output
    assert "ping: server" in result.output


def test_the_matrix_of_one_machine_in_markdown_and_json(project: Path, run: Run) -> None:
    assert "| `pong` |" in run("matrix", "ping", "ping", "client", "--format", "markdown").output
    assert [m["machine"] for m in json.loads(run("matrix", "ping", "ping", "client", "--format", "json").stdout)] == [
        "client"
    ]
