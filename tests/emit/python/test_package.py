"""The generated files: clean as they are, light, and able to stand alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from clausework.emit.python import package, standalone
from emit.python import made
from support import ROOT

pytestmark = pytest.mark.xdist_group("packages")  # made once, not once for each process
TOOLS = Path(sys.executable).parent
UNAVOIDABLE = "ARG002,C901,PLR0915,PLR1714,S105"
"""All methods of a kind have one shape; a method is as long as the standard has states; words are the standard's."""


def run(*command: str, cwd: Path, **environment: str) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env=environment or None)
    return done.stdout + done.stderr if done.returncode else ""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All packages in a project with this one's settings."""
    path = tmp_path_factory.mktemp("project")
    for standard in made.standards().values():
        for artifact in package(standard):
            target = path / "generated" / "clausework_standards" / artifact.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(artifact.text, encoding="utf-8")
    (path / "generated" / "clausework_standards" / "__init__.py").write_text("")
    (path / "generator").symlink_to(ROOT / "generator")
    (path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    return path


def test_the_formatter_has_nothing_to_change(project: Path) -> None:
    assert run(str(TOOLS / "ruff"), "format", "--no-cache", "--diff", "generated", cwd=project) == ""


def test_the_linter_has_nothing_to_say(project: Path) -> None:
    assert run(str(TOOLS / "ruff"), "check", "--no-cache", "--ignore", UNAVOIDABLE, "generated", cwd=project) == ""


def test_the_strict_type_checker_has_nothing_to_say(project: Path) -> None:
    command = [str(TOOLS / "mypy"), "--strict", "--cache-dir", str(project / "cache"), "-p", "clausework_standards"]
    assert run(*command, cwd=project, MYPYPATH="generator:generated") == ""


def test_the_same_standard_gives_the_same_files() -> None:
    for name in ("desk", "dhcp", "xmpp"):
        assert list(package(made.standards()[name])) == list(package(made.standards()[name]))


def test_each_file_says_what_it_was_made_from_and_how() -> None:
    for standard in made.standards().values():
        for artifact in package(standard):
            assert "do not edit; made again by `clausework generate`" in artifact.text.replace("\n", " ")
            assert str(standard.edition).split(" ", maxsplit=1)[0] in artifact.text


@pytest.mark.parametrize("name", ["desk", "dhcp", "xmpp"])
def test_a_standalone_package_needs_nothing_but_python(name: str, tmp_path: Path) -> None:
    for artifact in standalone(made.standards()[name]):
        target = tmp_path / artifact.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(artifact.text, encoding="utf-8")
    modules = [path.stem for path in (tmp_path / name).glob("*.py") if not path.stem.endswith("_machines")]
    imports = "; ".join(f"import {name}.{module}" for module in modules if module != "__init__")
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {imports}; assert 'clausework' not in sys.modules"

    assert run(sys.executable, "-I", "-S", "-c", program, cwd=tmp_path) == ""


def test_handlers_load_neither_python_statemachine_nor_xml_nor_anything_of_the_generator(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import made_by_tests.desk.serving; "
        "heavy = {'statemachine', 'jinja2', 'yaml', 'xml', 'clausework.model', 'clausework.expr', 'clausework.emit'}; "
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )

    assert run(sys.executable, "-c", program, str(made.folder()), cwd=tmp_path) == ""
