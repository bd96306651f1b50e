"""build, generate, draw, schema: what is made, and that it stays up to date."""

import json
import os
from pathlib import Path

import pytest

from cli.project import Run, change


def made(project: Path) -> dict[str, bytes]:
    folders = ("generated", "diagrams", "spec/schemas")
    return {
        str(path.relative_to(project)): path.read_bytes()
        for folder in folders
        for path in sorted((project / folder).rglob("*"))
        if path.is_file()
    }


def test_a_build_makes_a_package_diagrams_and_schemas(project: Path, run: Run) -> None:
    result = run("build")

    assert result.exit_code == 0, result.output
    paths = set(made(project))
    assert "generated/clausework_standards/ping/__init__.py" in paths
    assert {"diagrams/ping/ping-client.dot", "diagrams/ping/ping-client.svg"} <= paths
    assert {"spec/schemas/flow.json", "spec/schemas/ping-flow.json"} <= paths


def test_a_second_build_touches_nothing(project: Path, run: Run) -> None:
    run("build")
    for path in made(project):
        os.utime(project / path, (1, 1))

    result = run("build")

    assert "all up to date" in result.output
    assert {(project / path).stat().st_mtime for path in made(project)} == {1}


def test_two_builds_in_different_places_make_the_same(
    project: Path, run: Run, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build")
    other = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(other)
    run("new", "ping")
    run("build")

    assert made(other) == made(project)


def test_check_says_that_everything_is_up_to_date_or_shows_what_is_not(project: Path, run: Run) -> None:
    assert run("build", "--check").exit_code == 1
    assert made(project) == {}

    run("build")
    assert run("build", "--check").exit_code == 0

    change(project, "to: idle", "to: waiting")
    result = run("build", "--check", "--quick")
    assert result.exit_code == 1
    assert "--- a/diagrams/ping/ping-client.dot" in result.output


def test_what_nothing_makes_any_more_is_removed_and_what_is_ours_alone(project: Path, run: Run) -> None:
    run("build")
    (project / "diagrams" / "ping" / "mine.txt").write_text("mine")
    change(project, "flow: ping", "flow: pong")

    run("build")

    assert not (project / "diagrams" / "ping" / "ping-client.svg").exists()
    assert not (project / "diagrams" / "ping" / "ping-client.dot").exists()
    assert (project / "diagrams" / "ping" / "pong-client.svg").exists()
    assert (project / "diagrams" / "ping" / "mine.txt").exists()


def test_a_specification_that_is_gone_takes_its_outputs_along(project: Path, run: Run) -> None:
    run("new", "door")
    run("build")
    (project / "spec" / "door").rename(project / "door")

    run("build")

    assert [path for path in made(project) if "door" in path] == []


def test_building_a_single_specification_leaves_the_outputs_of_others_alone(project: Path, run: Run) -> None:
    run("new", "door")
    run("build")
    before = {path for path in made(project) if "door" in path}

    run("build", "--spec-folder", "spec/ping")

    assert before <= set(made(project))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("flows/ping.yaml", "to: waiting", "to: wating"),
        ("standard.yaml", "standard: ping", "standard: other"),
        ("standard.yaml", 'source: "1"', 'source: "9"'),
    ],
    ids=["found by reading", "found in its name", "found by checking"],
)
def test_from_a_specification_with_errors_nothing_is_made_and_what_was_made_stays(
    project: Path, run: Run, file: str, old: str, new: str
) -> None:
    run("build")
    before = made(project)
    change(project, old, new, file)
    change(project, "title: Asking", "title: Not asking")

    result = run("build")

    assert result.exit_code == 1
    assert made(project) == before


def test_the_others_are_made_when_one_has_errors(project: Path, run: Run) -> None:
    run("new", "door")
    change(project, "to: waiting", "to: wating")

    run("build")

    assert {path.split("/")[1] for path in made(project) if path.startswith("diagrams/")} == {"door"}


def test_json_of_a_build_has_findings_explorations_and_files(project: Path, run: Run) -> None:
    data = json.loads(run("build", "--format", "json").stdout)

    assert [(each["flow"], each["check"]) for each in data["explorations"]] == [("ping", "two")]
    assert "diagrams/ping/flows.dot" in data["changed"]


def test_a_quick_build_does_not_explore(project: Path, run: Run) -> None:
    assert json.loads(run("build", "--quick", "--format", "json").stdout)["explorations"] == []


def test_an_output_folder_in_the_way_makes_the_exit_code_2_and_changes_nothing(project: Path, run: Run) -> None:
    (project / "diagrams").write_text("in the way")

    result = run("build")

    assert result.exit_code == 2
    assert "error[unwritable-file]" in result.output
    assert not (project / "generated").exists()


def test_one_kind_of_output_can_be_made_alone(project: Path, run: Run) -> None:
    assert run("draw", "ping").exit_code == 0
    assert {path.split("/")[0] for path in made(project)} == {"diagrams"}

    assert run("generate", "ping").exit_code == 0
    assert run("schema").exit_code == 0
    assert run("build", "--quick", "--check").exit_code == 0


@pytest.mark.parametrize(("kind", "magic"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_pictures_can_be_drawn_in_other_formats(project: Path, run: Run, kind: str, magic: bytes) -> None:
    assert run("draw", "--format", kind, "--diagrams-folder", "pictures").exit_code == 0
    assert (project / "pictures" / "ping" / f"flows.{kind}").read_bytes().startswith(magic)


def test_a_picture_drawn_from_the_same_text_is_not_drawn_again(project: Path, run: Run) -> None:
    run("draw")
    picture = project / "diagrams" / "ping" / "flows.svg"
    picture.write_text(picture.read_text("utf-8").replace("</svg>", "<!-- another Graphviz --></svg>"), "utf-8")

    run("draw")

    assert "another Graphviz" in picture.read_text("utf-8")


# -- checks with more configurations than one looks at each time

LARGE = "\n  many: {parties: {alice: client, bob: client, home: server}, queue: 2, large: true}"


def kept(project: Path) -> list[dict[str, object]]:
    data = json.loads((project / "generated" / "ledger" / "ping.json").read_text("utf-8"))
    return list(data["flows"][0]["large_checks"])


def test_a_large_check_is_explored_once_and_again_when_the_specification_changes(project: Path, run: Run) -> None:
    change(project, "home: server}, queue: 2}", f"home: server}}, queue: 2}}{LARGE}")

    assert "ping: ping, many: " in run("build").output
    (found,) = kept(project)
    assert (found["check"], found["complete"]) == ("many", True)
    page = (project / "generated" / "ledger" / "ping.md").read_text("utf-8")
    assert f"| large check to its end | {found['configurations']:,} | ping, many: alice (client), bob" in page

    again = run("build")
    assert "many" not in again.output
    assert "all up to date" in again.output
    assert run("build", "--check").exit_code == 0

    assert "ping: ping, many: " in run("build", "--large").output
    assert run("build", "--large", "--quick").exit_code == 2

    change(project, "after answer_time: {notify: absent, to: idle}", "after answer_time: {to: idle}")
    assert "ping: ping, many: " in run("build").output


def test_a_large_check_that_did_not_come_to_its_end_is_explored_again(project: Path, run: Run) -> None:
    change(project, "home: server}, queue: 2}", f"home: server}}, queue: 2}}{LARGE[:-1]}, most: 10}}")

    assert "warning[incomplete]" in run("build").output
    assert "| large check, not to its end |" in (project / "generated" / "ledger" / "ping.md").read_text("utf-8")
    assert "warning[incomplete]" in run("build").output
