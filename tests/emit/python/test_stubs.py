"""The implementer's file: complete when it is written, and never written again."""

import ast
import dataclasses
import subprocess
import sys
from pathlib import Path

from clausework.emit.python import stub, stub_report
from clausework.source import Name
from emit.python import made

SUBJECT = made.subject("desk", "serving", "desk")
CALLER = made.subject("desk", "serving", "caller")
TEXT = stub(SUBJECT.standard, SUBJECT.flow, SUBJECT.machine).text


def report(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str, str], ...]]:
    return stub_report(SUBJECT.standard, SUBJECT.flow, SUBJECT.machine, text)


def test_a_fresh_stub_has_every_hook() -> None:
    assert report(TEXT) == ((), (), ())
    assert not stub_report(SUBJECT.standard, SUBJECT.flow, SUBJECT.machine, TEXT)
    for subject in made.subjects():
        artifact = stub(subject.standard, subject.flow, subject.machine)
        assert not stub_report(subject.standard, subject.flow, subject.machine, artifact.text)


def test_hooks_that_are_missing_left_over_or_different_are_told() -> None:
    text = TEXT.replace("decide_worthy", "decide_wordy").replace("message: messages.Question", "question")

    new, gone, changed = report(text)

    assert (new, gone) == (("decide_worthy",), ("decide_wordy",))
    assert [name for name, _, _ in changed] == ["decide_rated"]


def test_how_an_annotation_is_written_does_not_matter() -> None:
    text = TEXT.replace("messages.Hello", '"Hello"').replace(": Peer", "").replace(" -> RatedAnswer", "")

    assert report(text) == ((), (), ())


def test_a_new_notification_of_a_new_edition_is_new() -> None:
    machine = CALLER.machine
    text = stub(CALLER.standard, CALLER.flow, machine).text
    later = dataclasses.replace(machine.notifications[0], name=Name("moved"))
    newer = dataclasses.replace(machine, notifications=(later, *machine.notifications[1:]))

    assert stub_report(CALLER.standard, CALLER.flow, newer, text)[:2] == (("on_moved",), ("on_linked",))


def test_stubs_are_formatted_and_clean(tmp_path: Path) -> None:
    for subject in made.subjects():
        artifact = stub(subject.standard, subject.flow, subject.machine)
        ast.parse(artifact.text)
        (tmp_path / f"{subject}.py".replace("-", "_")).write_text(artifact.text)
    ruff = str(Path(sys.executable).parent / "ruff")
    line = ("--line-length", "120", "--no-cache", "--isolated", str(tmp_path))

    assert subprocess.run([ruff, "format", "--diff", *line], capture_output=True, text=True, check=False).stdout == ""
    assert subprocess.run([ruff, "check", "-q", *line], capture_output=True, text=True, check=False).stdout == ""
