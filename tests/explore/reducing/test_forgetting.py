"""What nobody reads any more doesn't count: fewer configurations, one for each that the others are like, same answers.

Seen red with one of these left out of what is read: what is read further on, what properties read, what a restart
leaves, the start that sequences ask for; and with a variable that is forgotten where the state before it was.
"""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausework.explore import explore
from clausework.explore.reducing import exploring as reducing
from clausework.explore.reducing.forgetting import Forgetting
from clausework.explore.search.breadth_first import Search
from clausework.explore.verdicts.looking import MOST
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.pipeline import questions
from clausework.semantics.building import system
from clausework.semantics.space import Space
from reductions import SPEAKS, asked, told
from strategies import Small, asking, smalls, troubled
from support import shipped

FEW = 3_000


def dead(of: tuple[Standard, Flow, Check]) -> set[str]:
    """The states in which what was said counts for nothing."""
    found = Forgetting(Space(system(*of)))
    number = next(number for number, each in enumerate(found.system.programs) if each.machine.variables)
    return {str(leaf) for leaf, numbers in found.dead[number].items() if numbers}


def test_a_variable_is_dead_where_it_is_written_before_it_is_read() -> None:
    assert dead(asked()) == {"idle"}


def test_what_a_property_reads_is_live_everywhere() -> None:
    assert dead(asked(more="properties:\n  first: {never: left.said = two}\n")) == set()


def test_what_a_restart_leaves_is_live_everywhere() -> None:
    assert dead(asked(SPEAKS.replace("initial:", "durable: [said]\ninitial:"))) == set()


def test_where_the_start_is_asked_for_everything_counts_there() -> None:
    """`precedes` begins anew where all are as at the start: two have said what one hasn't, and aren't."""
    before = "properties:\n  order: {precedes: left does speak, before: 'left -> right: say'}\n"

    assert dead(asked(more=before)) == set()


def classes(space: Space) -> Iterator[object]:
    """What the whole search found, sorted by what counts."""
    search = Search(space, FEW)
    search.run()
    forgetting = Forgetting(space)
    return (forgetting.configuration(each) for each in search.order if not search.stopped)


def agree(standard: Standard, flow: Flow, check: Check) -> None:
    """Where there aren't more than a few."""
    every = set(classes(Space(system(standard, flow, check))))
    if not every or not Forgetting(Space(system(standard, flow, check))).any:
        return
    whole = explore(standard, flow, check)
    found = reducing.forgetful(Space(system(standard, flow, check)), MOST)

    assert told(found) == told(whole)
    assert found.configurations == len(every)


def test_fewer_configurations_give_the_same_answers_and_say_how_many_they_stand_for() -> None:
    whole, found = explore(*asked()), reducing.explore(*asked())

    agree(*asked())
    assert found.configurations < whole.configurations
    assert "variables that nobody reads any more don't count" in found.bounds[-2]
    assert "(factor at least 1." in found.bounds[-2]


@given(st.one_of(smalls(), troubled(), asking()))
@settings(max_examples=10, deadline=None)
def test_small_systems_are_answered_alike(small: Small) -> None:
    (flow,) = [each for each in small.standard.flows if each.checks]
    for check in flow.checks:
        agree(small.standard, flow, check)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(shipped()))
def test_shipped_specifications_are_answered_alike(name: str) -> None:
    for flow, check in questions(shipped()[name]):
        agree(shipped()[name], flow, check)
