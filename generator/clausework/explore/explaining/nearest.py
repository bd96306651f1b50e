"""The run nearest to a failing one that goes well: the same as long as can be, then the shortest way."""

from collections import deque

from clausework.explore.explaining.well import Well
from clausework.explore.search.ways import way_to
from clausework.semantics.configuration import Configuration
from clausework.semantics.space import FAULTS, Space, Step

MOST = 4_000
"""Configurations looked at in all: an explanation must not take longer than what it explains."""


def nearest(space: Space, steps: tuple[Step, ...], well: Well) -> tuple[int, tuple[Step, ...]] | None:
    """How many steps are the same, and those that follow; None if there is none within reach."""
    here = [space.start()]
    for step in steps:
        if step.target is not None:
            here.append(step.target)
    left = MOST
    for same in reversed(range(len(steps))):
        found, looked = _shortest(space, here[same], well, left)
        if found is not None:
            return same, found
        left -= looked
        if left <= 0:
            return None
    return None


def _shortest(space: Space, start: Configuration, well: Well, most: int) -> tuple[tuple[Step, ...] | None, int]:
    """The shortest way from here, and how many configurations were looked at for it; no fault is called good."""
    came: dict[Configuration, tuple[Configuration, Step] | None] = {start: None}
    waiting = deque([start])
    while waiting and len(came) < most:
        now = waiting.popleft()
        for step in space.steps(now):
            if step.target is None or step.label.kind in FAULTS or well.spoils(step, step.target):
                continue
            if well.reached(now, step, step.target):
                return (*way_to(came, now)[1], step), len(came)
            if step.target not in came:
                came[step.target] = now, step
                waiting.append(step.target)
    return None, len(came)
