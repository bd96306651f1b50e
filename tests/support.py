"""What many tests start from: the shipped specifications, read once, and small ones written in the test."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

from clausework.model.standard import Flow, Standard, named
from clausework.read import Reading, read

ROOT = Path(__file__).parent.parent
ORACLES = Path(__file__).parent / "oracles"


def files(folder: Path) -> dict[str, bytes]:
    """The files of a folder of specifications, by the path that users see."""
    return {f"spec/{path.relative_to(folder)}": path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}


@cache
def shipped() -> Mapping[str, Standard]:
    """Every standard of `spec/`, by name; they read without a diagnostic."""
    reading = read(files(ROOT / "spec"))
    assert reading.diagnostics == ()
    return {standard.name: standard for standard in reading.standards}


def shipped_flow(standard: str, flow: str) -> Flow:
    return named(shipped()[standard].flows, flow)


def oracle(name: str) -> dict[str, list[dict[str, Any]]]:
    return yaml.safe_load((ORACLES / name).read_text())  # type: ignore[no-any-return]  # tables as data


def small(**texts: str) -> Reading:
    """A standard written in the test: `vocabulary`, `messages`, and a flow of any other name."""
    texts = {"standard": "standard: small\ntitle: Small\nedition: first\nmark: stated\nsource: test\n", **texts}
    inside = {}
    for name, text in texts.items():
        folder = "" if name in ("standard", "vocabulary", "messages") else "flows/"
        inside[f"spec/small/{folder}{name}.yaml"] = dedent(text).encode()
    return read(inside)


def small_standard(**texts: str) -> Standard:
    reading = small(**texts)
    assert reading.diagnostics == (), [f"{each.message} {each.span}" for each in reading.diagnostics]
    return reading.standards[0]
