"""The laws that random small specifications are tested on, on all that is shipped, as far as a small search comes.

D5 isn't among them: nothing in them is impossible.
"""

from dataclasses import replace

import pytest
import yaml

from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, named
from clausework.pipeline import is_error
from clausework.read import read
from graphs import Graph, shipped_checks
from support import ROOT

FEW = 600
EVERY = pytest.mark.parametrize(
    ("standard", "flow", "check"),
    [pytest.param(*rest, id=f"{rest[0].name}-{name}") for name, *rest in shipped_checks()],
)


@EVERY
def test_d6_no_step_is_infinite(standard: Standard, flow: Flow, check: Check) -> None:
    """Each instance fires once for what it hears, and once for what it had deferred.  Seen to fail with 1 for 3."""
    explored = Graph(standard, flow, check, FEW)
    for before, step, _ in explored.taken():
        party = explored.space.party(before, step.label.party)
        deferred = sum(len(instance.deferred) for instance in party.instances)
        assert len(step.reaction.fired if step.reaction else ()) <= 3 * len(party.instances) + deferred


@EVERY
def test_m1_a_longer_queue_reaches_all_that_a_shorter_one_does(standard: Standard, flow: Flow, check: Check) -> None:
    """Seen to fail when a full queue drops the message instead of holding the step back."""
    short = Graph(standard, flow, replace(check, queue=1), FEW)
    if not short.search.stopped:
        long = Graph(standard, flow, replace(check, queue=2), 20 * FEW)
        assert long.search.stopped or short.plain() <= long.plain()


@EVERY
def test_m2_what_happens_without_faults_happens_with_them(standard: Standard, flow: Flow, check: Check) -> None:
    """Seen to fail when faults happen before anything else does."""
    without = Graph(standard, flow, replace(check, faults=()), FEW)
    if not without.search.stopped and check.faults:
        having = Graph(standard, flow, check, 20 * FEW)
        assert having.search.stopped or without.plain() <= having.plain()


@EVERY
def test_m5_fewer_commands_reach_fewer_configurations(standard: Standard, flow: Flow, check: Check) -> None:
    """Seen to fail when a limit on commands is read the other way round."""
    none = tuple((party.name, ()) for party in check.parties)
    fewer = Graph(standard, flow, replace(check, commands=none), FEW)
    if not fewer.search.stopped:
        more = Graph(standard, flow, check, 20 * FEW)
        assert more.search.stopped or fewer.plain() <= more.plain()


def turned_but_tables(value: object) -> object:
    """Of a table the first row says what the columns are."""
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if str(key).split(" ")[-1] in ("columns", "tables", "answers")}
        return {key: turned_but_tables(value[key]) for key in reversed(value) if key not in kept} | kept
    return [turned_but_tables(each) for each in value] if isinstance(value, list) else value


def turned() -> dict[str, Standard]:
    """All that is shipped, every mapping written from its end."""
    files = {
        str(path.relative_to(ROOT)): yaml.safe_dump(
            turned_but_tables(yaml.load(path.read_text(), yaml.BaseLoader)),  # makes texts of all, and nothing else
            sort_keys=False,
        ).encode()
        for path in sorted((ROOT / "spec").glob("*/**/*.yaml"))
    }
    reading = read(files)
    assert not [each.message for each in reading.diagnostics if is_error(each)]
    return {str(standard.name): standard for standard in reading.standards}


def test_d2_the_order_of_writing_means_nothing() -> None:
    """Seen to fail when a machine begins in the state that is written first."""
    others = turned()
    compared = 0
    for name, standard, flow, check in shipped_checks():
        one = Graph(standard, flow, check, FEW)
        if not one.search.stopped and flow.checks:
            again = named(others[standard.name].flows, flow.name)
            other = Graph(others[standard.name], again, next(each for each in again.checks if each.name == check.name))
            assert (len(one.search.order), one.search.steps, one.search.depth) == (
                len(other.search.order),
                other.search.steps,
                other.search.depth,
            ), name
            compared += 1
    assert compared > 5
