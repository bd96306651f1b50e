"""Finding and reading specifications: whatever lies in the folder, it ends in bytes or in a finding."""

import os
from pathlib import Path

import pytest

from clausework import files
from clausework.files import NO_SPECIFICATION, UNNOTICED, UNREADABLE


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one specification, from which the tool is started."""
    monkeypatch.chdir(tmp_path)
    for name in ("standard", "vocabulary", "messages", "flows/01-first", "flows/02-second"):
        write(tmp_path / "spec" / "ping" / f"{name}.yaml", f"{name}\n")
    return Path("spec")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def found(folder: Path) -> list[tuple[str, str]]:
    return [(one.rule.slug, one.message) for one in files.load(folder).diagnostics]


def test_all_files_of_a_specification_are_read_by_the_paths_that_users_know(spec: Path) -> None:
    loaded = files.load(spec)

    assert list(loaded.files) == [
        "spec/ping/standard.yaml",
        "spec/ping/vocabulary.yaml",
        "spec/ping/messages.yaml",
        "spec/ping/flows/01-first.yaml",
        "spec/ping/flows/02-second.yaml",
    ]
    assert loaded.files["spec/ping/flows/01-first.yaml"] == b"flows/01-first\n"
    assert loaded.folders == (Path("spec/ping"),)
    assert loaded.diagnostics == ()


def test_a_folder_elsewhere_is_shown_by_its_whole_path(
    spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = spec.absolute()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    assert next(iter(files.load(whole).files)) == f"{whole}/ping/standard.yaml"


def test_a_single_specification_can_be_given_itself(spec: Path) -> None:
    assert files.load(spec / "ping").folders == (spec / "ping",)


def test_specifications_come_in_the_order_of_their_names(spec: Path) -> None:
    for name in ("zeta", "alpha"):
        write(spec / name / "standard.yaml", "")

    assert [folder.name for folder in files.load(spec).folders] == ["alpha", "ping", "zeta"]


def test_bytes_are_handed_over_as_they_are(spec: Path) -> None:
    (spec / "ping" / "messages.yaml").write_bytes(b"\xff\xfe\x00\r\n")

    assert files.load(spec).files["spec/ping/messages.yaml"] == b"\xff\xfe\x00\r\n"


def test_a_missing_folder_is_a_finding_that_says_how_to_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (only,) = files.load(Path("spec")).diagnostics

    assert (only.rule, only.message) == (NO_SPECIFICATION, "there is no folder spec")
    assert only.help is not None
    assert "clausework new" in only.help


def test_a_file_in_place_of_the_folder_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "spec", "")

    assert found(Path("spec")) == [(NO_SPECIFICATION.slug, "spec is not a folder")]


def test_an_empty_folder_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec").mkdir()

    assert found(Path("spec")) == [(NO_SPECIFICATION.slug, "spec holds no folder with a standard.yaml")]


def test_a_huge_file_is_refused_before_it_is_read(spec: Path) -> None:
    with (spec / "ping" / "messages.yaml").open("wb") as file:
        file.truncate(100 * 1024**2)

    ((slug, message),) = found(spec)
    assert slug == UNREADABLE.slug
    assert "spec/ping/messages.yaml has 104,857,600 bytes" in message


def test_a_file_of_just_the_limit_is_read(spec: Path) -> None:
    (spec / "ping" / "messages.yaml").write_bytes(b" " * files.LARGEST)

    assert found(spec) == []


def test_a_folder_in_place_of_a_file_is_a_finding(spec: Path) -> None:
    (spec / "ping" / "messages.yaml").unlink()
    (spec / "ping" / "messages.yaml").mkdir()

    assert found(spec) == [(UNREADABLE.slug, "spec/ping/messages.yaml is a folder")]


def test_a_pipe_in_place_of_a_file_is_a_finding_and_is_not_waited_for(spec: Path) -> None:
    (spec / "ping" / "messages.yaml").unlink()
    os.mkfifo(spec / "ping" / "messages.yaml")

    assert found(spec) == [(UNREADABLE.slug, "spec/ping/messages.yaml is not a regular file")]


def test_a_device_in_place_of_a_file_is_a_finding(spec: Path) -> None:
    (spec / "ping" / "messages.yaml").unlink()
    (spec / "ping" / "messages.yaml").symlink_to("/dev/zero")

    assert found(spec) == [(UNREADABLE.slug, "spec/ping/messages.yaml is not a regular file")]


def test_a_link_that_leads_nowhere_is_a_finding(spec: Path) -> None:
    (spec / "ping" / "flows" / "03-third.yaml").symlink_to("nowhere")

    assert found(spec) == [(UNREADABLE.slug, "spec/ping/flows/03-third.yaml: no such file or directory")]


def test_a_link_that_leads_to_itself_is_a_finding(spec: Path) -> None:
    (spec / "ping" / "flows" / "03-third.yaml").symlink_to("03-third.yaml")

    assert [slug for slug, _ in found(spec)] == [UNREADABLE.slug]


def test_a_file_that_cannot_be_read_is_a_finding(spec: Path) -> None:
    (spec / "ping" / "messages.yaml").unlink()
    (spec / "ping" / "messages.yaml").symlink_to("/proc/self/mem")  # it opens, and fails when read: for root, too

    assert [slug for slug, _ in found(spec)] == [UNREADABLE.slug]


def test_the_rest_is_read_when_one_file_cannot_be(spec: Path) -> None:
    (spec / "ping" / "messages.yaml").unlink()
    (spec / "ping" / "messages.yaml").mkdir()

    assert len(files.load(spec).files) == 4


@pytest.mark.parametrize("name", ["ping/flows/03-third.yml", "ping/vocabulary.yml", "ping/extra.yaml"])
def test_a_file_that_would_be_passed_over_is_pointed_out(spec: Path, name: str) -> None:
    write(spec / name, "")

    assert found(spec) == [(UNNOTICED.slug, f"spec/{name} is not read")]


def test_a_specification_without_its_standard_is_pointed_out(spec: Path) -> None:
    write(spec / "draft" / "messages.yaml", "")

    assert found(spec) == [(UNNOTICED.slug, "spec/draft has no standard.yaml, so it is not read")]


def test_what_editors_leave_behind_is_passed_over(spec: Path) -> None:
    for name in (
        "ping/flows/.#01-first.yaml",
        "ping/flows/01-first.yaml~",
        "ping/.DS_Store",
        ".git/flows/x",
        "README.md",
    ):
        write(spec / name, "")

    assert found(spec) == []
    assert len(files.load(spec).files) == 5


def test_a_file_name_that_is_not_text_can_still_be_shown(spec: Path) -> None:
    (spec / "ping" / "flows" / os.fsdecode(b"\xff.yaml")).write_bytes(b"")

    assert "spec/ping/flows/\ufffd.yaml" in files.load(spec).files
