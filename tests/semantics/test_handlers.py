"""Generated handlers do what the definition of a step says: on random walks, and on every sequence of the standards."""

import random
from collections.abc import Iterator

import pytest

from clausework.explore import witnesses
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, own
from clausework.semantics.space import Space
from clausework.semantics.system import default_check, system
from replay import Cast
from support import shipped

WALKS, LENGTH = 12, 40


def checks() -> Iterator[tuple[Standard, Flow, Check]]:
    for standard in shipped().values():
        for flow in own(standard.flows):
            for check in flow.checks or ((default_check(flow),) if flow.machines else ()):
                yield standard, flow, check


@pytest.mark.parametrize(("standard", "flow", "check"), list(checks()), ids=lambda each: str(each.name))
def test_random_walks_go_the_same_way_on_the_handlers(standard: Standard, flow: Flow, check: Check) -> None:
    space = Space(system(standard, flow, check))
    for seed in range(WALKS):
        chance = random.Random(seed)
        cast, configuration = Cast(space), space.start()
        for _ in range(LENGTH):
            steps = [step for step in space.steps(configuration) if step.target is not None]
            if not steps:
                break
            step = chance.choice(steps)
            cast.take(step)
            assert step.target is not None
            configuration = step.target


def flows() -> Iterator[tuple[Standard, Flow]]:
    for standard in shipped().values():
        yield from ((standard, flow) for flow in own(standard.flows) if flow.sequences)


@pytest.mark.parametrize(("standard", "flow"), list(flows()), ids=lambda each: str(each.name))
def test_the_sequences_of_the_standards_run_on_the_handlers(standard: Standard, flow: Flow) -> None:
    shown = set()
    for space, sequence, steps in witnesses(standard, flow):
        cast = Cast(space)
        for step in steps:
            cast.take(step)
        shown.add(sequence.name)

    assert shown == {each.name for each in flow.sequences if not each.impossible}
