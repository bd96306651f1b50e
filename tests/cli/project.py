"""What the tests of the command line have in common."""

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]
"""`run("check", "--strict")` in this process."""


def change(project: Path, old: str, new: str, file: str = "flows/ping.yaml") -> None:
    path = project / "spec" / "ping" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
