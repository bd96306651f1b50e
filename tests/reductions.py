"""Checks with something to be reduced, for whoever reduces them; what those engines don't tell that say nothing of runs."""

from pathlib import Path

import pytest

from clausework.explore.reducing.symmetry import permutations_of
from clausework.explore.rules import (
    BUSY,
    MANY_CHARTS,
    NEVER_LEAVES,
    NEVER_MATCHED,
    NO_SESSION,
    NOT_INCLUDED,
    UNCLEAR,
    UNMATCHED,
)
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.pipeline import questions
from clausework.read import read
from clausework.semantics.building import system
from clausework.semantics.space import Space
from clausework.semantics.verdict import Exploration
from support import files
from talking import talk

ABOUT_RUNS = (NEVER_LEAVES, BUSY, MANY_CHARTS, NO_SESSION, NOT_INCLUDED, UNCLEAR, UNMATCHED, NEVER_MATCHED)
OF_RUNS = {"sequence", *(each.slug for each in ABOUT_RUNS)}
"""Kinds of verdicts."""

TWO_ALIKE = [
    pytest.param(standard, flow, check, id=f"{standard.name}-{flow.name}-{check.name}")
    for folder in sorted((Path(__file__).parent / "known").glob("*/spec"))
    for standard in read(files(folder)).standards
    for flow, check in questions(standard)
    if len(permutations_of(Space(system(standard, flow, check)))) > 1
]

ORDERED = {
    "vocabulary": """
        vocabulary: small
        roles: {guest: {means: One of several}, host: {means: Serves the first}}
        connections: {table: {between: guest and host}}
    """,
    "messages": "messages: {hungry: {from: guest, to: host}, food: {from: host, to: guest}}",
    "meal": """
        flow: meal
        title: A meal
        roles: {guest: guest, host: host}
        machines:
          guest:
            commands: {ask: {}}
            initial: idle
            states: {idle: {command ask: {send: hungry to host}, receive food: {to: fed}}, fed: {ignore: [food]}}
          host:
            initial: ready
            states: {ready: {receive hungry: {send: food to guest}}}
        properties: {fed: {possible: guest is fed}}
        checks: {two: {parties: {ann: guest, bob: guest, hall: host}, commands: {ann: [ask], bob: [ask]}}}
    """,
}

SPEAKS = """
commands: {speak: {what: one|two}}
variables: {said: one|two = one}
initial: idle
states:
  idle:
    command speak: {set: {said: what}, to: about_to}
  about_to:
    after pause: {to: saying}
  saying:
    after patience: {send: say to right with what = said, to: idle}
otherwise: ignore
"""
HEARS = "initial: ready\nstates:\n  ready: {ignore: [say, ask]}\n"
AT_REST = "properties:\n  calm: {always: left is idle or left is about_to or left is saying}\n"


def asked(
    left: str = SPEAKS, more: str = AT_REST, check: str = "commands: {l: [speak]}"
) -> tuple[Standard, Flow, Check]:
    standard, flow = talk(left, HEARS, more, check)
    return standard, flow, flow.checks[0]


def told(exploration: Exploration) -> object:
    """A run that goes on for ever may come back earlier to where it was, where something is forgotten."""
    verdicts = {
        (each.kind, each.name, each.outcome, len(each.trace.steps) if each.trace and each.trace.loop is None else None)
        for each in exploration.verdicts
    }
    return verdicts, exploration.exercised, exploration.complete
