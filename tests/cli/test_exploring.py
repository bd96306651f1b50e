"""explore and matrix: what the roles do together, and what each does alone."""

import json
import sys
from pathlib import Path

import psutil
import pytest

from clausework.explore.symbolic import exploring as symbolic
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


def test_a_failure_is_explained_to_people_and_to_machines(project: Path, run: Run) -> None:
    change(project, "possible: client is waiting", "never: client is waiting")

    shown = run("explore", "ping", "ping").output
    told = json.loads(run("explore", "ping", "ping", "--format", "json").output)["explorations"][0]["verdicts"]

    assert "  why\n    `client` of `alice` is in `waiting` since step 1 (spec/ping/flows/ping.yaml:14:" in shown
    reasons = next(each["explanation"] for each in told if each["name"] == "answered" and each["kind"] == "property")
    assert [each["text"] for each in reasons["reasons"]] == ["`client` of `alice` is in `waiting` since step 1"]
    assert reasons["instead"] is None


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


# -- engines, and other tools


def test_a_failure_is_shown_with_as_few_parties_as_are_enough(project: Path, run: Run) -> None:
    change(project, "possible: client is waiting", "never: client is waiting")
    change(project, "alice: client", "alice: client, bob: client")

    result = run("explore", "ping")
    told = json.loads(run("explore", "ping", "--format", "json").stdout)

    assert "step without bob" in result.output
    assert "shown without `bob`, as it fails there too" in result.output
    failing = [each for each in told["explorations"][0]["verdicts"] if each["outcome"] == "fails"]
    assert [each["without"] for each in failing] == [["bob"]] * len(failing)


def test_the_compiled_engine_finds_and_answers_as_much(project: Path, run: Run) -> None:
    """Seen red with an engine that leaves out the first level."""
    told = [
        json.loads(run("explore", "ping", "--engine", engine, "--format", "json").stdout)["explorations"][0]
        for engine in ("reference", "c")
    ]

    assert told[0]["configurations"] == told[1]["configurations"]
    assert told[0]["verdicts"] == told[1]["verdicts"]


def test_the_symbolic_engine_finds_as_much_too_and_counts_levels_where_they_are_few(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = json.loads(run("explore", "ping", "--engine", "symbolic", "--format", "json").stdout)["explorations"][0]
    reference = json.loads(run("explore", "ping", "--engine", "reference", "--format", "json").stdout)["explorations"][
        0
    ]

    for each in ("configurations", "steps", "depth"):
        assert counted[each] == reference[each]
    monkeypatch.setattr(symbolic, "MOST_IN_LEVELS", counted["configurations"] - 1)
    said = run("explore", "ping", "--engine", "symbolic").output
    assert "engine symbolic doesn't tell" in said
    assert "depth" not in said


def test_an_engine_that_is_not_installed_is_said_with_how_to_get_it(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in ("dd.cudd", "dd.autoref"):
        monkeypatch.setitem(sys.modules, each, None)

    result = run("explore", "ping", "--engine", "symbolic")

    assert result.exit_code == 1
    assert "pip install 'clausework[symbolic]'" in result.output


@pytest.mark.xdist_group("dask")
def test_the_workers_of_a_cluster_find_as_much_too(project: Path, run: Run) -> None:
    """Seen red with the engine left to those that `auto` means."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0") as cluster,  # type: ignore[no-untyped-call]  # Dask's
        Client(cluster),  # type: ignore[no-untyped-call]  # Dask's
    ):
        by = ("--engine", "dask", "--scheduler", cluster.scheduler_address)
        found = json.loads(run("explore", "ping", *by, "--format", "json").stdout)["explorations"][0]
        said = run("explore", "ping", *by, "--workers", "2").output
    reference = json.loads(run("explore", "ping", "--format", "json").stdout)["explorations"][0]

    assert (found["configurations"], found["steps"]) == (reference["configurations"], reference["steps"])
    assert "engine dask doesn't tell" in said


def test_workers_are_for_the_engine_that_has_some(project: Path, run: Run) -> None:
    for option in (("--workers", "2"), ("--scheduler", "tcp://head:8786")):
        result = run("explore", "ping", *option)

        assert result.exit_code == 2
        assert f"`{option[0]}` is for engine dask, not for auto" in result.output


def test_without_dask_it_is_said_how_to_get_it(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    result = run("explore", "ping", "--engine", "dask")

    assert result.exit_code == 1
    assert "pip install 'clausework[distributed]'" in result.output


@pytest.mark.slow
@pytest.mark.xdist_group("dask")
def test_workers_of_its_own_are_processes_that_end_with_it(project: Path, run: Run) -> None:
    before = {each.pid for each in psutil.Process().children(recursive=True)}

    result = run("explore", "ping", "--engine", "dask", "--workers", "2")

    assert "all of them" in result.output
    assert {
        each.pid for each in psutil.Process().children(recursive=True) if "spawn_main" in str(each.cmdline())
    } <= before


def test_a_search_stops_at_the_time_that_it_is_given(project: Path, run: Run) -> None:
    result = run("explore", "ping", "--engine", "c", "--seconds", "0")

    assert "more than 0 seconds" in result.output


def test_a_check_is_written_for_spin(project: Path, run: Run) -> None:
    """Seen red with the check's name left out."""
    result = run("export", "promela", "ping", "ping", "--check", "two")

    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("/* Check `two` of flow `ping`")
    assert "\ninit {\n" in result.stdout


def test_a_check_that_is_too_large_to_be_written_says_so(project: Path, run: Run) -> None:
    result = run("export", "promela", "ping", "--most", "1")

    assert result.exit_code == 2
    assert "can't be written: more than 1 configurations" in result.output
