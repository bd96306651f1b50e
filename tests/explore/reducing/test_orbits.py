"""The engine keeps one of each orbit, as the reference does: as many, with the same verdicts and lengths of traces.

Seen red with the links of a permutation left out where wires are turned, with the codes of one queue taken for those of
another, with a run that ends under other names than the configuration that it leads to, and with nothing forgotten.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from clausework.explore import MOST, explore, orbits
from clausework.explore.packed import exploring as packed
from clausework.explore.packed.alike import Alike
from clausework.explore.packed.bounds import Bounds
from clausework.explore.packed.engine import Crew
from clausework.explore.packed.layout import WORD
from clausework.explore.packed.search import PackedSearch
from clausework.explore.reducing import exploring
from clausework.explore.reducing.exploring import Reduced, reduced
from clausework.explore.reducing.forgetting import Forgetting
from clausework.explore.reducing.symmetry import permutations_of
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.pipeline import questions
from clausework.semantics.building import system
from clausework.semantics.space import Space
from clausework.semantics.verdict import Exploration, Outcome
from clausework.source import Name
from reductions import ORDERED, TWO_ALIKE, asked, told
from strategies import Small, asking, smalls, troubled
from support import shipped, small_standard

FEW = 3_000
NARROW = 26

SHIPPED = [
    pytest.param(
        standard,
        flow,
        check,
        marks=pytest.mark.slow if flow.name == "rivals" else (),  # the reference takes some seconds for it
        id=f"{standard.name}-{flow.name}-{check.name}",
    )
    for standard in shipped().values()
    for flow, check in questions(standard)
    if not check.large and len(permutations_of(Space(system(standard, flow, check)))) > 1
]


def answered(exploration: Exploration) -> object:
    verdicts = {
        (each.kind, each.name, each.outcome, len(each.trace.steps) if each.trace is not None else None)
        for each in exploration.verdicts
        if each.outcome is not Outcome.NOT_LOOKED_AT
    }
    counts = exploration.configurations, exploration.steps, exploration.depth, exploration.complete
    return counts, verdicts, exploration.bounds, exploration.unexplored


@pytest.mark.parametrize(("standard", "flow", "check"), [*TWO_ALIKE, *SHIPPED])
def test_it_answers_what_the_reference_does_of_one_of_each_orbit(standard: Standard, flow: Flow, check: Check) -> None:
    near = exploring.explore(standard, flow, check)
    if not near.complete:
        pytest.fail("it is meant to be small")

    assert answered(orbits.by_engine(standard, flow, check)) == answered(near)


def turned(space: Space, word: int = WORD, workers: int = 1) -> PackedSearch:
    forgetting = Forgetting(space)
    crew = Crew(workers=workers, grain=1)
    search = PackedSearch(space, FEW, word=word, crew=crew, alike=Alike(permutations_of(space)[1:], forgetting.state))
    search.run()
    return search


def is_run(search: PackedSearch, number: int) -> bool:
    """Whether the way there is one, step by step, to that configuration but for what is forgotten."""
    at = search.space.start()
    for step in search.way(number):
        assert step in search.space.steps(at)
        assert step.target is not None
        at = step.target
    return search.packing.packed(at) == search.engine.configuration(number)


@pytest.mark.parametrize(("standard", "flow", "check"), TWO_ALIKE)
def test_every_way_is_a_run_to_just_that_configuration(standard: Standard, flow: Flow, check: Check) -> None:
    search = turned(Space(system(standard, flow, check)), NARROW, workers=2)

    assert search.engine.words > 1 or search.configurations < FEW
    assert all(is_run(search, number) for number in range(search.configurations))


@settings(max_examples=40, deadline=None)
@given(smalls(), st.sampled_from((WORD, NARROW)))
def test_of_two_that_run_the_same_machine_it_keeps_as_many_as_the_reference(small: Small, word: int) -> None:
    standard = small.standard
    flow = standard.flows[0]
    left, right = flow.checks[0].parties
    check = replace(flow.checks[0], parties=(left, replace(left, name=Name("m")), right), queue=1)

    found = reduced(Space(system(standard, flow, check)), 1_000)
    search = turned(Space(system(standard, flow, check)), word)

    if isinstance(found, Reduced) and not found.search.stopped:
        event("interchangeable")
        assert (search.configurations, search.steps, search.depth) == (
            len(found.search.order),
            found.search.steps,
            found.search.depth,
        )
        assert search.engine.stood_for() == found.full_count()


def test_where_our_own_order_decides_it_answers_all_that_is_asked() -> None:
    standard = small_standard(**ORDERED)
    flow = standard.flows[0]

    found = orbits.by_engine(standard, flow, flow.checks[0])

    assert found.configurations == explore(standard, flow, flow.checks[0]).configurations
    assert "isn't what the others of its role do" in found.bounds[-1]


def test_who_has_had_enough_before_that_is_known_gets_nothing_else() -> None:
    """What was looked at under other names isn't begun anew under their own."""
    standard = small_standard(**ORDERED)
    flow = standard.flows[0]

    def enough(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        orbits.by_engine(standard, flow, flow.checks[0], Bounds(progress=enough))


# -- without being asked for

ALIKE = next(each.values for each in TWO_ALIKE if each.id == "introduction-believed-with_a_liar")
FORGETFUL = 15  # of 16 configurations, as one thing is remembered to no purpose


def test_what_is_too_much_is_answered_from_one_of_each_orbit() -> None:
    """There are 782 configurations, 397 of them differ in more than names."""
    found = orbits.explore_by_any(*ALIKE, Bounds(most=500))

    assert (found.complete, found.configurations, found.under_all_names) == (True, 397, 782)
    assert not {each.outcome for each in found.verdicts} & {Outcome.UNKNOWN}
    assert any("who is who is lost" in each for each in found.unexplored)


def test_where_that_is_too_much_as_well_it_is_as_it_was() -> None:
    found = orbits.explore_by_any(*ALIKE, Bounds(most=300))

    assert (found.complete, found.under_all_names) == (False, 0)
    assert answered(found) == answered(explore(*ALIKE, most=300))


def test_a_large_check_is_explored_by_one_of_each_orbit_if_there_are_any() -> None:
    found, other = orbits.explore_large(*ALIKE), orbits.explore_large(*asked())

    assert (found.configurations, found.under_all_names) == (397, 782)
    assert (other.configurations, other.under_all_names) == (FORGETFUL, 0)
    assert explore(*asked()).configurations > FORGETFUL


def test_what_is_too_much_is_answered_without_what_nobody_reads_any_more() -> None:
    """All of it, runs too: that a sender has sent before is forgotten, and that is one configuration less."""
    near, found = explore(*asked()), orbits.explore_by_any(*asked(), Bounds(most=FORGETFUL))

    assert not explore(*asked(), most=FORGETFUL).complete
    assert (found.complete, found.configurations) == (True, FORGETFUL)
    assert told(found) == told(near)
    assert found.bounds[-1].startswith(
        "variables that nobody reads any more don't count: 6 states of parties stand for 7"
    )


def test_what_the_reference_could_look_at_as_well_is_counted_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen red where what is forgotten was told of though nothing was."""
    monkeypatch.setattr(packed, "FEW", 5)

    found, near = orbits.explore_by_any(*asked()), explore(*asked())

    assert (found.configurations, found.bounds) == (near.configurations, near.bounds)


def test_who_asks_for_an_engine_counts_what_others_count() -> None:
    assert packed.explore(*asked()).configurations == explore(*asked()).configurations


# -- what nobody reads any more


def agree(standard: Standard, flow: Flow, check: Check) -> Iterator[str]:
    if not Forgetting(Space(system(standard, flow, check))).any:
        return
    if exploring.forgetful(Space(system(standard, flow, check)), FEW).complete:
        yield "something is forgotten"
        near = exploring.forgetful(Space(system(standard, flow, check)), MOST)  # a sequence may have need of more
        far = orbits.by_engine(standard, flow, check)
        assert told(far) == told(near)
        assert (far.configurations, far.steps, far.depth) == (near.configurations, near.steps, near.depth)


def test_it_forgets_what_the_reference_does() -> None:
    assert list(agree(*asked())) == ["something is forgotten"]


@given(st.one_of(smalls(), troubled(), asking()))
@settings(max_examples=20, deadline=None)
def test_small_systems_are_answered_alike(small: Small) -> None:
    (flow,) = [each for each in small.standard.flows if each.checks]
    for check in flow.checks:
        if len(permutations_of(Space(system(small.standard, flow, check)))) == 1:
            for said in agree(small.standard, flow, check):
                event(said)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(shipped()))
def test_shipped_specifications_are_answered_alike(name: str) -> None:
    for flow, check in questions(shipped()[name]):
        if not check.large and len(permutations_of(Space(system(shipped()[name], flow, check)))) == 1:
            list(agree(shipped()[name], flow, check))
