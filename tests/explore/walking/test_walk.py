"""Walking: the same steps as the search; there and back; traces and sequences lead back to the steps they tell.

Seen red with `undo` that leaves the teller where it was, and with a trace found again by its kinds of step alone.
"""

from collections.abc import Iterator
from random import Random

import pytest

from clausework.explore.walking import Walk, retraced, sample, saved
from clausework.explore.walking.walk import at_random
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.pipeline import questions
from clausework.semantics.building import system
from clausework.semantics.space import PROGRESS, Space
from support import shipped

CHECKS = [
    pytest.param(standard, flow, check, id=f"{name}-{flow.name}-{check.name}")
    for name in ("doorbell", "dhcp", "home_network_configuration", "ssdp")
    for standard in (shipped()[name],)
    for flow, check in questions(standard)
]


def walk_of(standard: Standard, flow: Flow, check: Check) -> Walk:
    return Walk(Space(system(standard, flow, check)))


@pytest.mark.parametrize(("standard", "flow", "check"), CHECKS)
def test_a_walk_goes_there_and_back_and_its_trace_leads_there_again(
    standard: Standard, flow: Flow, check: Check
) -> None:
    walk = walk_of(standard, flow, check)
    walk.wander(12, Random(1))
    end, trace = walk.now, walk.trace()

    walk.restart()
    assert walk.now == walk.start
    walk.redo(99)
    assert (walk.now, walk.trace()) == (end, trace)
    assert [move.step for move in walk.moves() if move.happens] != [] or at_random(
        walk.space.steps(end), Random()
    ) is None

    again = retraced(walk.space, trace)
    assert again is not None
    walk.follow(again)
    assert walk.trace() == trace


def quiet(walk: Walk, chance: Random) -> bool:
    """Goes on until nothing happens by itself."""
    for _ in range(30):
        steps = [each for each in walk.space.steps(walk.now) if each.target and each.label.kind in PROGRESS]
        if not steps:
            return True
        walk.take(chance.choice(steps))
    return False


def paths() -> Iterator[Walk]:
    """Of first checks, which are those where sequences are looked for."""
    chance = Random(4)
    for name in ("doorbell", "home_network_configuration", "ssdp"):
        for flow in dict.fromkeys(flow for flow, _ in questions(shipped()[name])):
            check = next(check for each, check in questions(shipped()[name]) if each is flow)
            walk = walk_of(shipped()[name], flow, check)
            for _ in range(3):
                walk.restart()
                walk.wander(5, chance)
                if quiet(walk, chance):
                    yield walk


def test_a_path_that_is_saved_is_found_again_where_sequences_are_looked_for() -> None:
    found = [saved(walk.space, walk.path, "walked") for walk in paths()]

    told = [each for each in found if each.sequence is not None and not each.left_out]
    assert len(told) > 10
    assert [each.doubt for each in told if not each.found] == []


def test_a_trace_of_another_space_is_not_found() -> None:
    (doorbell, *_), (other, *_) = ([*questions(shipped()[name])] for name in ("doorbell", "ssdp"))
    walk = walk_of(shipped()["ssdp"], *other)
    walk.wander(3, Random(1))

    assert retraced(Space(system(shipped()["doorbell"], *doorbell)), walk.trace()) is None


def test_a_sample_meets_nothing_that_the_search_does_not_and_comes_everywhere_in_time() -> None:
    standard = shipped()["doorbell"]
    flow, check = next(questions(standard))

    short, long = (sample(standard, flow, check, steps=steps, seed=2) for steps in (5, 2_000))

    assert short.configurations < long.configurations == 14
    assert not long.complete
    assert long.depth == 6
