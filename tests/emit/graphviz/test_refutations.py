"""The pictures of what is known not to hold: one a property, by its shortest counterexample."""

from dataclasses import replace

from clausework import pipeline
from clausework.explore import explore
from clausework.model.standard import named
from clausework.semantics.verdict import Exploration
from support import shipped, shipped_flow


def explored(check: str) -> Exploration:
    flow = shipped_flow("igrs_remote_access", "session")
    return explore(shipped()["igrs_remote_access"], flow, named(flow.checks, check))


def longer(exploration: Exploration) -> Exploration:
    """Its traces, with every step twice."""
    verdicts = [
        replace(each, trace=replace(each.trace, steps=each.trace.steps * 2)) if each.trace else each
        for each in exploration.verdicts
    ]
    return replace(exploration, verdicts=tuple(verdicts))


def test_of_several_counterexamples_the_shortest_is_drawn_and_of_equal_ones_the_first() -> None:
    honest, liar = explored("comes_and_goes"), explored("liar")

    drawn = [[each.text for each in pipeline.refutations(them)] for them in ((honest, liar), (longer(liar), honest))]

    (first,), (shortest,) = drawn
    assert "alice" in first
    assert "mallory" not in first
    assert shortest == first
