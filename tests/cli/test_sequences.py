"""What `clausework sequences` lists, and what it suggests."""

import json
from pathlib import Path

from cli.project import Run, change


def test_each_sequence_says_what_became_of_it_and_which_transitions_it_shows(project: Path, run: Run) -> None:
    result = run("sequences", "ping")

    assert result.exit_code == 0
    assert "ping, two: " in result.output
    assert "possible" in result.output
    assert "1 chart" in result.output


def test_a_sequence_that_cannot_happen_makes_the_exit_code_1(project: Path, run: Run) -> None:
    change(project, "sequences:\n", "sequences:\n  twice:\n    steps:\n      - server -> client: pong\n")

    result = run("sequences", "ping")

    assert result.exit_code == 1
    assert "impossible!  twice" in result.output
    assert "error[sequence]" in result.output


def test_what_is_suggested_can_be_pasted_and_shows_the_rest_of_what_can_happen(project: Path, run: Run) -> None:
    path = project / "spec" / "ping" / "flows" / "ping.yaml"
    before, _, after = path.read_text("utf-8").partition("sequences:\n")
    path.write_text(before + "properties" + after.partition("\nproperties")[2], "utf-8")
    assert "shown by no sequence" in run("sequences", "ping").output

    suggested = run("sequences", "ping", "ping", "--suggest").output.partition("\nsequences:\n")[2]
    path.write_text(path.read_text("utf-8").replace("properties:\n", f"sequences:\n{suggested}properties:\n"), "utf-8")
    result = run("sequences", "ping")

    assert result.exit_code == 0
    assert "possible  suggested_" in result.output
    rest = result.output.partition("shown by no sequence\n")[2]
    assert rest.strip().endswith("waiting: lost server"), "nothing cuts the connection in this check"
    assert len(rest.strip().splitlines()) == 1


def test_scripts_get_every_transition_with_those_that_show_it(project: Path, run: Run) -> None:
    data = json.loads(run("sequences", "ping", "--suggest", "--format", "json").stdout)

    (flow,) = data["flows"]
    assert {each["outcome"] for each in flow["sequences"]} == {"holds"}
    assert all(each["sequences"] or each["reach"] for each in flow["transitions"])
    assert {each["machine"] for each in flow["transitions"]} == {"client", "server"}


def test_mistyped_flows_are_answered_with_those_meant(project: Path, run: Run) -> None:
    result = run("sequences", "ping", "pinng")

    assert result.exit_code == 2
    assert "did you mean 'ping'?" in result.output


def test_a_choice_among_too_many_values_is_told_as_explore_tells_it(project: Path, run: Run) -> None:
    change(project, "commands: {ask: {}}", "commands: {ask: {port: integer 0..65535}}")

    result = run("sequences", "ping")

    assert result.exit_code == 1
    assert "error[unbound-choice]" in result.output
