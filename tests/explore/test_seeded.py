"""Faults that people make, seeded into what is shipped: each is found, drawn and explained.

`finds` are the verdicts that fail with it, `says` begins a reason that each of them gives.
"""

from pathlib import Path

import pytest
import yaml

from clausework.explore.exploring import explore
from clausework.model.standard import named
from clausework.pipeline import is_error, runs, trace_drawing
from clausework.read import read
from clausework.semantics.verdict import Outcome, Verdict
from support import ROOT

FAULTS = sorted((Path(__file__).parents[1] / "seeded").glob("*.yaml"))


def called(verdict: Verdict) -> str:
    return f"{verdict.kind} {verdict.name}" if verdict.kind in ("property", "sequence") else verdict.kind


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_a_seeded_fault_is_found_drawn_and_explained(path: Path) -> None:
    seeded = yaml.safe_load(path.read_text())
    files = {str(each.relative_to(ROOT)): each.read_bytes() for each in sorted((ROOT / "spec").glob("*/**/*.yaml"))}
    text = files[seeded["file"]].decode()
    assert text.count(seeded["replace"]) == 1
    reading = read({**files, seeded["file"]: text.replace(seeded["replace"], seeded["by"]).encode()})
    assert not [each.message for each in reading.diagnostics if is_error(each)]
    standard = next(each for each in reading.standards if seeded["file"].startswith(f"{each.folder}/"))
    flow = named(standard.flows, seeded["flow"])
    check = next(each for each in flow.checks if each.name == seeded["check"])

    exploration = runs.explained(standard, flow, check, explore(standard, flow, check))

    failed = {called(each): each for each in exploration.verdicts if each.outcome is Outcome.FAILS}
    assert set(seeded["finds"]) <= set(failed)
    for name in seeded["finds"]:
        verdict = failed[name]
        assert verdict.diagnostic is not None
        assert verdict.diagnostic.span is not None
        if verdict.trace is not None and verdict.kind != "sequence":
            assert isinstance(trace_drawing(exploration, verdict, "found"), bytes)
            assert verdict.explanation is not None
            assert any(each.text.startswith(seeded["says"]) for each in verdict.explanation.reasons)
