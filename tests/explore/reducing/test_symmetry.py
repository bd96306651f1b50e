"""One configuration of each orbit: all orbits together are all configurations, and what is answered stays the same.

Seen red with a permutation that leaves the values in queues as they were (counts), with what one session shows kept to
itself (verdicts), and with reactions that are taken to be alike without being compared.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import event, given, settings

from clausework.explore import explore
from clausework.explore.reducing import exploring as reducing
from clausework.explore.reducing.exploring import Reduced, reduced
from clausework.explore.reducing.forgetting import Forgetting
from clausework.explore.reducing.symmetry import permutations_of
from clausework.explore.search.breadth_first import Search
from clausework.explore.shrinking import without
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, named
from clausework.read import read
from clausework.semantics.building import system
from clausework.semantics.space import Space
from clausework.semantics.verdict import Exploration, Outcome
from clausework.source import Name
from reductions import ORDERED, TWO_ALIKE
from strategies import Small, smalls
from support import files, shipped, small_standard

MOST = 3_000


def test_there_are_such_checks() -> None:
    assert len(TWO_ALIKE) > 5


def under_all_names(standard: Standard, flow: Flow, check: Check, most: int) -> Search:
    """All of them, where what nobody reads any more doesn't count."""
    space = Space(system(standard, flow, check))
    space.alike = Forgetting(space).configuration
    whole = Search(space, most)
    whole.run()
    return whole


@pytest.mark.parametrize(("standard", "flow", "check"), TWO_ALIKE)
def test_the_orbits_together_are_all_configurations(standard: Standard, flow: Flow, check: Check) -> None:
    found = reduced(Space(system(standard, flow, check)), MOST)
    whole = under_all_names(standard, flow, check, MOST)

    assert isinstance(found, Reduced)
    assert found.full_count() == len(whole.order)
    assert len(found.search.order) < len(whole.order)
    assert found.search.depth == whole.depth


def judged(exploration: Exploration) -> set[tuple[str, str, Outcome, int | None]]:
    """What was answered, with how far it is to it; a name may be of either of two that are alike."""
    return {
        (each.kind, each.name, each.outcome, len(each.trace.steps) if each.trace is not None else None)
        for each in exploration.verdicts
        if each.outcome is not Outcome.NOT_LOOKED_AT
    }


@pytest.mark.parametrize(("standard", "flow", "check"), TWO_ALIKE)
def test_what_is_answered_is_what_is_answered_without(standard: Standard, flow: Flow, check: Check) -> None:
    whole, found = explore(standard, flow, check), reducing.explore(standard, flow, check)

    assert judged(found) <= judged(whole)
    plain = {each for each in judged(whole) if each[0] not in ("sequence", "never-leaves", "busy-for-ever")}
    missing = {each[:2] for each in plain - judged(found)}
    assert missing <= {(each.kind, each.name) for each in found.verdicts if each.outcome is Outcome.NOT_LOOKED_AT}


def test_it_says_who_is_interchangeable_and_by_how_much_less_was_looked_at() -> None:
    standard = read(files(Path(__file__).parents[2] / "known" / "introduction" / "spec")).standards[0]
    flow = named(standard.flows, "believed")

    found = reducing.explore(standard, flow, next(each for each in flow.checks if each.name == "with_a_liar"))

    words = "`ann`, `bob` are interchangeable: 397 configurations stand for 782 (factor 2.0)"
    assert words in found.bounds
    assert found.configurations == 397


def test_where_our_own_order_decides_parties_are_not_interchangeable() -> None:
    """`guest` alone is one of them: the one that we number first."""
    standard = small_standard(**ORDERED)
    flow = standard.flows[0]

    found = reduced(Space(system(standard, flow, flow.checks[0])), MOST)

    assert isinstance(found, str)
    assert "isn't what the others of its role do" in found


@pytest.mark.parametrize(
    ("alice", "bob", "many"),
    [
        ("ask", "ask", 4),
        ("ask of tv|ask of lamp", "ask of tv|ask of lamp", 4),
        ("ask of tv", "ask of lamp", 2),
        ("ask of tv", "ask of tv", 2),
        ("ask of tv", "ask", 1),
    ],
)
def test_who_is_asked_moves_with_who_asks(alice: str, bob: str, many: int) -> None:
    """Seen red with limits that aren't compared, and with limits that are compared as they are written."""
    standard = shipped()["igrs_remote_access"]
    flow = named(standard.flows, "service")
    check = named(flow.large_checks, "two_of_each")
    commands = {"alice": alice, "bob": bob, "tv": "accept", "lamp": "accept"}
    asked = tuple((Name(who), tuple(map(Name, texts.split("|")))) for who, texts in commands.items())

    found = permutations_of(Space(system(standard, flow, replace(check, commands=asked))))

    assert len(found) == many


def test_more_than_a_queue_holds_is_never_said_in_whatever_order() -> None:
    """Who has been asked by two is told of both when it logs in, in our order. Seen red with the order compared."""
    standard = shipped()["igrs_remote_access"]
    flow = named(standard.flows, "service")
    check = without(named(flow.large_checks, "two_of_each"), ("lamp",))
    online = tuple(each for each in check.given if str(each.party) != "tv" and "tv" not in map(str, each.key))
    wanted = {"alice": "ask of tv", "bob": "ask of tv", "tv": "accept"}
    commands = tuple((Name(who), (Name(text),)) for who, text in wanted.items())
    check = replace(check, given=online, down=(Name("tv"),), commands=commands)

    queues = {room: reduced(Space(system(standard, flow, replace(check, queue=room))), 20_000) for room in (1, 2, 3)}

    assert isinstance(queues[1], Reduced)
    assert isinstance(queues[2], Reduced)
    assert isinstance(queues[3], str)


ONE_IS_FED = (
    "states: {ready: {receive hungry: {send: food to sender, to: empty_handed}}, empty_handed: {ignore: [hungry]}}"
)


def test_all_sessions_show_what_one_of_them_shows() -> None:
    """Only one of the two is ever fed: of the two ways, one is looked at."""
    meal = ORDERED["meal"].replace("states: {ready: {receive hungry: {send: food to guest}}}", ONE_IS_FED)
    standard = small_standard(**{**ORDERED, "meal": meal})
    flow = standard.flows[0]

    found = reduced(Space(system(standard, flow, flow.checks[0])), MOST)

    assert isinstance(found, Reduced)
    assert len(found.watch.shown["fed"]) == len(found.watch.sessions) == 2


@settings(max_examples=40, deadline=None)
@given(smalls())
def test_of_two_that_run_the_same_machine_the_orbits_are_all_configurations(small: Small) -> None:
    """Or our own order decides: `right` speaks to one of them, without saying to whom."""
    standard = small.standard
    flow = standard.flows[0]
    left, right = flow.checks[0].parties
    check = replace(flow.checks[0], parties=(left, replace(left, name=Name("m")), right), queue=1)

    found = reduced(Space(system(standard, flow, check)), 1_000)
    whole = under_all_names(standard, flow, check, 1_000)

    if isinstance(found, Reduced) and not whole.stopped:
        event("interchangeable")
        assert found.full_count() == len(whole.order)
        assert found.search.depth == whole.depth
