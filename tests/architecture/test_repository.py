"""What lies in the repository: nothing of the machine it was written on, nothing half done."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ("search", "charts", "verdicts")
FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"/(?:home|Users)/\w+/|/ro" + r"ot/|/wor" + r"k/|[A-Z]:\\Users\\"),
    "something left to do": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|HA" + r"CK)\b"),
    "a debugger": re.compile(r"\bbreak" + r"point\(\)|\bpdb\.set_" + "trace"),
    "a conflict": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
}


def committed() -> list[Path]:
    """What git knows or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def texts() -> Iterator[tuple[Path, str]]:
    for path in committed():
        try:
            yield path, path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_contains(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}" for path, text in texts() for hit in FORBIDDEN[what].finditer(text)
    ]

    assert found == []


def test_every_text_ends_with_exactly_one_line_feed() -> None:
    sources = [(path, text) for path, text in texts() if path.suffix in {".py", ".yaml", ".toml", ".md", ".json"}]

    assert [str(path) for path, text in sources if text and (not text.endswith("\n") or text.endswith("\n\n"))] == []


def test_no_file_is_larger_than_somebody_would_read() -> None:
    assert [str(path) for path in committed() if path.stat().st_size > 2_000_000] == []


def test_no_module_is_longer_than_somebody_would_read() -> None:
    sources = (path for path in committed() if path.is_relative_to(ROOT / "generator") and path.suffix == ".py")

    assert [str(path) for path in sources if len(path.read_text("utf-8").splitlines()) > 400] == []


def test_the_reference_explorer_is_read_in_one_sitting() -> None:
    """All that the faster engines are compared with; lines of code, without its docstrings and imports."""
    explore = ROOT / "generator" / "clausework" / "explore"
    parts = [explore / "exploring.py", *(each for name in REFERENCE for each in (explore / name).glob("*.py"))]

    assert 1_000 < sum(lines_of_code(each.read_text("utf-8")) for each in parts) <= 2_100


def lines_of_code(text: str) -> int:
    tree = ast.parse(text)
    docstrings = [n for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)]
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
    left_out = {line for node in (*docstrings, *imports) for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    lines = enumerate(text.splitlines(), 1)
    return sum(1 for number, line in lines if line.strip() and line.strip()[0] != "#" and number not in left_out)


def test_every_lint_rule_that_is_ignored_has_a_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("ignore = ["))
    end = next(number for number, line in enumerate(lines) if number > begin and line == "]")

    assert [line for line in lines[begin + 1 : end] if "#" not in line] == []


def test_the_changelog_has_a_section_for_what_is_not_released_yet() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_licence_is_the_one_that_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
