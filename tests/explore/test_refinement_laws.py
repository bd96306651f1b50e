"""Trace inclusion, decided twice: by subset construction, and by listing all that is seen of either flow.

Flows are changed by chance; the small one may stand for the large one about as often as not.
"""

from functools import cache
from random import Random

import pytest

from clausework.explore import explore_flow
from clausework.model.standard import Flow, Standard, named
from clausework.semantics.building import system
from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Space
from clausework.semantics.verdict import Outcome
from lines import LARGE, SMALL, changed, standard

SEEDS = 24
LENGTH = 6
SEEN = {"idle": "down", "asking": "down", "talking": "up"}
OURS = {"down": "down", "up": "up"}
LARGE_STEPS = {
    "command end: {send: bye to connection, to: idle}": (
        "command end: {to: idle}",
        "command end: {send: bye to connection}",
    ),
    "receive bye: {to: idle}": ("receive bye: {}",),
    "receive yes_sir: {to: talking}": ("receive yes_sir: {}", "receive yes_sir: {to: idle}"),
    "good: {send: yes_sir to connection, to: talking}": ("good: {send: yes_sir to connection}", "good: {to: talking}"),
    "bad: {send: no_sir to connection}": ("bad: {send: yes_sir to connection}", "bad: {to: talking}"),
}
SMALL_STEPS = {
    "command admit: {send: welcome to connection, to: up}": (
        "command admit: {to: up}",
        "command admit: {send: welcome to connection}",
    ),
    "receive welcome: {to: up}": ("receive welcome: {}",),
    "command hang_up: {send: farewell to connection, to: down}": ("command hang_up: {to: down}",),
    "receive farewell: {to: down}": ("receive farewell: {}",),
}


def by_chance(text: str, steps: dict[str, tuple[str, ...]], chance: Random) -> str:
    for step, others in steps.items():
        if chance.random() < 0.25:
            text = changed(text, (step, chance.choice(others)))
    return text.replace("        initial:", "        otherwise: ignore\n        initial:")


def made(seed: int) -> Standard:
    chance = Random(seed)
    return standard(by_chance(SMALL, SMALL_STEPS, chance), by_chance(LARGE, LARGE_STEPS, chance))


def words(whole: Standard, flow: Flow, states: dict[str, str]) -> set[tuple[tuple[str, ...], ...]]:
    """All that is seen of a flow's runs in its first check, up to so many changes."""
    space = Space(system(whole, flow, flow.checks[0]))

    def seen(configuration: Configuration) -> tuple[str, ...]:
        return tuple(states[space.party(configuration, party).instances[0].state] for party in (0, 1))

    start = space.start()
    waiting = [(start, (seen(start),))]
    known = set(waiting)
    while waiting:
        configuration, word = waiting.pop()
        for target in (step.target for step in space.steps(configuration) if step.target is not None):
            longer = word if seen(target) == word[-1] else (*word, seen(target))
            if len(longer) <= LENGTH and (target, longer) not in known:
                known.add((target, longer))
                waiting.append((target, longer))
    return {word for _, word in known}


@cache
def is_listed(seed: int) -> bool:
    whole = made(seed)
    return words(whole, named(whole.flows, "talk"), SEEN) <= words(whole, named(whole.flows, "line"), OURS)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_it_holds_exactly_where_all_that_is_seen_is_seen_of_the_stand_in(seed: int) -> None:
    whole = made(seed)

    (exploration,) = explore_flow(whole, named(whole.flows, "line"))

    verdict = next(each for each in exploration.verdicts if each.name == "talk.once")
    assert (verdict.outcome is Outcome.HOLDS) == is_listed(seed)


def test_both_answers_are_given_often() -> None:
    holding = sum(is_listed(seed) for seed in range(SEEDS))

    assert SEEDS / 5 < holding < SEEDS * 4 / 5
