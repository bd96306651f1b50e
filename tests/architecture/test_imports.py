"""Who may import whom, and what a start may cost."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def modules_after(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after a statement."""
    program = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    return {name.partition(".")[0] for name in done.stdout.split()} | set(done.stdout.split())


def test_the_import_contracts_are_kept() -> None:
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)

    assert done.returncode == 0, done.stdout


def test_asking_for_help_loads_nothing_heavy() -> None:
    loaded = modules_after("from clausework.cli import clausework")

    assert not {"yaml", "jinja2", "graphviz", "pygraphviz", "rich", "statemachine", "hypothesis"} & loaded
    assert not {"clausework.read", "clausework.check", "clausework.explore", "clausework.emit.python"} & loaded


@pytest.mark.parametrize("package", ["clausework.runtime", "clausework.semantics", "clausework.model"])
def test_what_generated_code_stands_on_is_light(package: str) -> None:
    assert not {"yaml", "jinja2", "click", "rich", "graphviz", "pygraphviz"} & modules_after(f"import {package}")


def test_the_map_of_the_package_imports_nothing() -> None:
    assert {name for name in modules_after("import clausework") if name.startswith("clausework.")} == set()


def test_both_packages_say_that_they_are_typed() -> None:
    assert (ROOT / "generator" / "clausework" / "py.typed").exists()
    assert (ROOT / "generated" / "clausework_standards" / "py.typed").exists()
