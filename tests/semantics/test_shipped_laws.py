"""The laws that random small specifications are tested on, on all that is shipped, as far as a small search comes.

D5 isn't among them: nothing in them is impossible.  M6 would be about nothing, since nobody gets stuck in them: so all
timers are taken away first.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

import pytest
import yaml

from clausework.explore.verdicts.looking import Looked
from clausework.model.machine import After, Machine
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, named
from clausework.pipeline import is_error
from clausework.read import read
from clausework.semantics.building import system
from clausework.semantics.space import Space
from clausework.semantics.verdict import Outcome
from clausework.source import Name
from graphs import Graph, every_check, first_checks, shipped_checks
from possible import possible_or_dead
from support import ROOT

FEW = 300
CHECKS = [(f"{rest[0].name}-{name}", *rest) for name, *rest in shipped_checks()]


def over(checks: Iterable[tuple[str, Standard, Flow, Check]]) -> pytest.MarkDecorator:
    """Every other check; all of them take minutes."""
    params = [
        pytest.param(*rest, id=name, marks=[pytest.mark.xdist_group(name), *([pytest.mark.slow] if at % 2 else [])])
        for at, (name, *rest) in enumerate(checks)
    ]
    return pytest.mark.parametrize(("standard", "flow", "check"), params)


EVERY = pytest.mark.parametrize(("standard", "flow", "check"), every_check())
FAULTY = over(each for each in CHECKS if each[3].faults)


def whole(standard: Standard, flow: Flow, check: Check) -> Graph:
    """As far as it is compared with: searched once for all laws, which one process tests of a check."""
    return _whole(f"{standard.name}-{flow.name}-{check.name}")


@lru_cache(maxsize=2)
def _whole(name: str) -> Graph:
    return Graph(*next(rest for one, *rest in CHECKS if one == name), 20 * FEW)


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


@FAULTY
def test_m2_what_happens_without_faults_happens_with_them(standard: Standard, flow: Flow, check: Check) -> None:
    """Seen to fail when faults happen before anything else does."""
    without = Graph(standard, flow, replace(check, faults=()), FEW)
    if not without.search.stopped:
        having = whole(standard, flow, check)
        assert having.search.stopped or without.plain() <= having.plain()


@EVERY
def test_m5_fewer_commands_reach_fewer_configurations(standard: Standard, flow: Flow, check: Check) -> None:
    """Seen to fail when a limit on commands is read the other way round."""
    none = tuple((party.name, ()) for party in check.parties)
    fewer = Graph(standard, flow, replace(check, commands=none), FEW)
    if not fewer.search.stopped:
        more = whole(standard, flow, check)
        assert more.search.stopped or fewer.plain() <= more.plain()


@EVERY
def test_m3_what_happens_in_time_happens_without_it(standard: Standard, flow: Flow, check: Check) -> None:
    """Seen to fail when a tick disarms all timers."""
    names = {
        str(each.trigger.timer) for one in flow.machines for each in one.handlers if isinstance(each.trigger, After)
    }
    ticks = check.ticks or tuple((Name(name), 1, 2) for name in sorted(names))
    if not ticks or check.urgent:
        return  # nothing to be counted
    timed = Graph(standard, flow, replace(check, ticks=ticks), FEW)
    untimed = (
        whole(standard, flow, check) if not check.ticks else Graph(standard, flow, replace(check, ticks=()), 20 * FEW)
    )
    assert untimed.search.stopped or timed.plain() <= untimed.plain()


@FAULTY
def test_m4_what_happens_together_happens_apart(standard: Standard, flow: Flow, check: Check) -> None:
    """Seen to fail when what is under way to an end that notices a broken link stays there."""
    if not any(fault.kind == "lost" for fault in check.faults):
        return  # nothing to be noticed
    together = Graph(standard, flow, replace(check, together=True), FEW)
    apart = (
        Graph(standard, flow, replace(check, together=False), 20 * FEW)
        if check.together
        else whole(standard, flow, check)
    )
    assert apart.search.stopped or together.plain() <= apart.plain()


def test_m6_who_is_stuck_never_leaves_by_himself() -> None:
    """Without their timers many get stuck: nothing that happens by itself leads anybody out of there.

    Seen to fail when messages in flight don't count as progress.
    """
    found = 0
    for _, standard, flow, check in CHECKS:
        machines = tuple(map(without_timers, flow.machines))
        if machines == flow.machines:
            continue
        looked = Looked(Space(system(standard, replace(flow, machines=machines), check)), FEW, None)
        looked.search.run(looked.watch)
        for seen in looked.watch.stuck.values():
            found += 1
            steps = looked.space.steps(looked.search.order[seen.number])
            assert not [step for step in steps if step.label.kind in ("deliver", "expire", "notice", "accept")]

    assert found > 10


def without_timers(machine: Machine) -> Machine:
    return replace(machine, handlers=tuple(each for each in machine.handlers if not isinstance(each.trigger, After)))


def test_m7_what_is_not_possible_is_never_exercised() -> None:
    """And what is possible is.  Without timers, too: then much isn't possible.

    Seen to fail when `possible` was asked of the start only, and when states count only after a step that sends.
    """
    outcomes: Counter[Outcome] = Counter()
    for _, standard, flow, check in first_checks():
        fewer = replace(flow, machines=tuple(map(without_timers, flow.machines)), sequences=())
        for each in (replace(flow, sequences=()), fewer):
            outcomes.update(possible_or_dead(standard, each, replace(check, faults=(), claims=None), FEW))

    assert min(outcomes[Outcome.HOLDS], outcomes[Outcome.FAILS]) > 20


def turned_but_tables(value: object) -> object:
    """Of a table the first row says what the columns are; `given` names keys in the order of `one per`."""
    if isinstance(value, dict):
        kept = {
            key: each
            for key, each in value.items()
            if str(key).split(" ")[-1] in ("columns", "tables", "answers", "per")
        }
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
    for name, standard, flow, check in first_checks():
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
