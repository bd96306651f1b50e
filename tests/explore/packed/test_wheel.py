"""A wheel brings the engine, so that who installs it needs no compiler."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from clausework.explore.packed import compiled
from support import ROOT

NOWHERE = "/nonexistent"


def hook(said: list[str]) -> tuple[ModuleType, Any]:
    """The module, and what builds by it; `said`: what it has to tell."""
    spec = importlib.util.spec_from_file_location("wheel", ROOT / "generator" / "wheel.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    app: Any = SimpleNamespace(display_warning=said.append)
    nothing: Any = None
    return module, module.Engines(str(ROOT), {}, nothing, nothing, "", "wheel", app)


@pytest.fixture
def without_a_compiler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", NOWHERE)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    compiled.library.cache_clear()


def test_what_a_wheel_brings_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Seen red with a name that tells of the machine where it was built."""
    module, building = hook([])
    monkeypatch.setattr(module, "WORDS", (1,))
    monkeypatch.setattr(module, "MAINS", module.MAINS[:1])
    data: dict[str, Any] = {"force_include": {}}
    building.initialize("standard", data)
    ((made, place),) = data["force_include"].items()
    assert not data["pure_python"]
    assert data["tag"].startswith("py3-none-")
    assert Path(place).parent.name == compiled.BROUGHT.name
    shutil.copy(made, tmp_path / Path(place).name)
    building.finalize("standard", data, "")
    assert not Path(made).exists()

    monkeypatch.setattr(compiled, "BROUGHT", tmp_path)
    monkeypatch.setenv("PATH", NOWHERE)
    compiled.library.cache_clear()

    assert compiled.library(1, tmp_path / "unused")
    assert not (tmp_path / "unused").exists()
    compiled.library.cache_clear()


@pytest.mark.usefixtures("without_a_compiler")
def test_a_wheel_is_built_without_a_compiler_too(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    module, building = hook(said)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    data: dict[str, Any] = {"force_include": {}}

    assert building.dependencies() == [module.PACKAGE]
    building.initialize("standard", data)

    assert data == {"force_include": {}}
    assert "no C compiler was found" in said[0]


def test_an_editable_installation_brings_nothing() -> None:
    _, building = hook([])
    data: dict[str, Any] = {"force_include": {}}

    building.initialize("editable", data)
    building.finalize("editable", data, "")

    assert data == {"force_include": {}}


@pytest.mark.slow
def test_who_installs_it_needs_no_compiler(tmp_path: Path) -> None:
    """Built and installed as `pip install` does, in an environment of its own (from PyPI)."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "env"], check=True)
    python = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", ROOT], check=True)
    script = (
        "from clausework.explore.packed.compiled import BROUGHT, library\n"
        "assert [library(words) for words in (1, 2, 3, 4)]\n"
        "assert len(list(BROUGHT.iterdir())) == 8\n"
    )
    environment = {"PATH": NOWHERE, "HOME": str(tmp_path / "home")}

    done = subprocess.run([python, "-c", script], env=environment, check=False, capture_output=True, text=True)

    assert done.stderr == ""
