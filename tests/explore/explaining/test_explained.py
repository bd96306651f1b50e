"""Why something fails, and what goes well near by.

Seen red with a nearest run that may go on as the failing one did, and with one that may break the property on its way.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from clausework.emit.exports.listing import explanation
from clausework.explore import explore
from clausework.explore.explaining import explained
from clausework.explore.walking import retraced
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.pipeline import questions
from clausework.read import read
from clausework.semantics.building import system
from clausework.semantics.explanation import Explanation
from clausework.semantics.space import Space
from clausework.semantics.verdict import Outcome
from support import files
from talking import talk

LEFT = """
    commands: {begin: {}}
    initial: idle
    states:
      idle: {command begin: {send: ask to right, to: waiting}}
      waiting:
        receive accept: {to: done}
        after patience: {to: tired}
      done: {final: true}
      tired: {rests: true}
    otherwise: {stale accept: impossible}
"""
RIGHT = """
    initial: ready
    states: {ready: {receive ask: {send: accept to sender}}}
"""


def of(kind: str, left: str = LEFT, right: str = RIGHT, more: str = "") -> Explanation:
    standard, flow = talk(left, right, more)
    check = flow.checks[0]
    verdict = next(each for each in explore(standard, flow, check).verdicts if kind in (each.kind, each.name))
    found = explained(Space(system(standard, flow, check)), verdict)
    assert found is not None
    return found


def test_who_has_no_transition_is_told_with_the_state_and_where_there_is_one() -> None:
    said = [(each.text, each.about is not None) for each in of("impossible").reasons]

    assert said[1:] == [
        ("`left` takes `accept` in `waiting`", True),
        ("`left` of `l` is in `tired` since step 2", True),
        ("`accept` was sent by `r` in step 3", True),
    ]


def test_the_nearest_run_leaves_the_failing_one_as_late_as_can_be() -> None:
    found = of("impossible")

    assert found.instead is not None
    assert (found.same, [each.kind for each in found.instead.steps]) == (1, ["command", "deliver", "deliver"])
    assert "the same as far as step 1; then\n     2  r  receives ask from l" in explanation(found)


TWO_WAYS = """
    commands: {begin: {}, wait: {}, rest: {}}
    initial: idle
    states:
      idle: {command begin: {to: waiting}}
      waiting:
        after patience: {to: tired}
        after pause: {to: worn}
        command wait: {to: patient}
      tired: {command rest: {to: idle}}
      worn: {command rest: {to: idle}}
      patient: {after patience: {to: calm}}
      calm: {after patience: {to: done}}
      done: {final: true}
"""


@pytest.mark.parametrize("when", ["always", "settled"])
def test_a_run_that_keeps_a_property_keeps_it_all_the_way(when: str) -> None:
    found = of("fresh", TWO_WAYS, more=f"properties: {{fresh: {{{when}: not left is tired|worn}}}}")

    assert found.instead is not None
    assert [each.name for each in found.instead.steps] == ["begin", "wait", "patience", "patience"]


def test_where_nothing_goes_well_none_is_told() -> None:
    found = of("calm", more="properties: {calm: {always: left is idle}}")

    assert found.instead is None


KNOWN = [
    pytest.param(standard, flow, check, id=f"{standard.name}-{flow.name}-{check.name}")
    for folder in sorted((Path(__file__).parents[2] / "known").glob("*/spec"))
    for standard in read(files(folder)).standards
    for flow, check in questions(standard)
]


@pytest.mark.parametrize(("standard", "flow", "check"), KNOWN)
def test_the_nearest_run_can_happen_and_parts_from_the_failing_one_where_it_says(
    standard: Standard, flow: Flow, check: Check
) -> None:
    space = Space(system(standard, flow, check))
    for verdict in explore(standard, flow, check).verdicts:
        found = explained(space, replace(verdict, refuted=None))
        if found is None or found.instead is None:
            continue
        assert verdict.trace is not None
        assert verdict.outcome is Outcome.FAILS
        failing, instead = verdict.trace.steps, found.instead.steps
        assert [each.name for each in failing[: found.same]] == [each.name for each in instead[: found.same]]
        assert replace(failing[found.same], fault=None) != replace(instead[found.same], fault=None)
        assert retraced(space, found.instead) is not None
