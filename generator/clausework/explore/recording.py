"""What explorations found, as it is kept; and the part of it that needs no exploration, looked for on the spot."""

from collections.abc import Iterable, Iterator

from clausework.explore.search.breadth_first import Progress
from clausework.explore.search.garbage import undisturbed
from clausework.explore.verdicts.asking import asked_by
from clausework.explore.verdicts.exercising import Item, place
from clausework.explore.verdicts.figures import fired_in, runs
from clausework.explore.verdicts.looking import MOST, Looked
from clausework.model.fingerprint import fingerprints
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, own
from clausework.model.transitions import called
from clausework.semantics.building import default_check, system
from clausework.semantics.record import CheckRecord, FlowRecord, SequenceRecord, StandInRecord
from clausework.semantics.space import Space
from clausework.semantics.values import Unexplorable
from clausework.semantics.verdict import Exploration, Outcome


def recorded(
    standard: Standard, explorations: Iterable[Exploration], known: Iterable[FlowRecord] = ()
) -> tuple[FlowRecord, ...]:
    """Flow by flow, in source order; those that were explored.

    A large check that wasn't is as it is in what is `known`.
    """
    by_flow: dict[str, list[Exploration]] = {}
    for each in explorations:
        by_flow.setdefault(each.flow, []).append(each)
    prints, names = fingerprints(standard), _names(standard)
    before = {(flow.flow, each.check): each for flow in known for each in flow.large_checks}
    found = []
    for flow in own(standard.flows):
        name, large = str(flow.name), [str(each.name) for each in flow.large_checks]
        now = by_flow.get(name, [])
        further = {(name, each.check): _check(each, names) for each in now if each.check in large}
        kept = before | further
        if now:
            found.append(
                FlowRecord(
                    flow=name,
                    fingerprint=prints[name],
                    checks=tuple(_check(each, names) for each in now if each.check not in large),
                    sequences=tuple(_sequences(flow, now, names)),
                    stands_for=_stand_in(flow, now),
                    large_checks=tuple(kept[name, each] for each in large if (name, each) in kept),
                )
            )
    return tuple(found)


def _check(exploration: Exploration, names: dict[Item, str]) -> CheckRecord:
    return CheckRecord(
        check=exploration.check,
        configurations=exploration.configurations,
        steps=exploration.steps,
        depth=exploration.depth,
        complete=exploration.complete,
        expected=sum(verdict.expected for verdict in exploration.answered),
        verdicts=len(exploration.answered),
        exercised=_named(exploration.exercised, names),
        under_all_names=exploration.under_all_names,
    )


def _sequences(flow: Flow, explorations: list[Exploration], names: dict[Item, str]) -> Iterator[SequenceRecord]:
    positive = {str(each.name) for each in flow.sequences if not each.impossible}
    for exploration in explorations:
        for verdict in exploration.verdicts:
            if verdict.kind == "sequence" and verdict.name in positive:
                possible = verdict.outcome is Outcome.HOLDS
                yield SequenceRecord(
                    sequence=verdict.name,
                    possible=possible,
                    shows=_named(verdict.shows, names) if possible else frozenset(),
                )


def _stand_in(flow: Flow, explorations: list[Exploration]) -> StandInRecord | None:
    found = [verdict for each in explorations for verdict in each.verdicts if verdict.run_of is not None]
    judged = [each for each in found if each.outcome is not Outcome.NOT_LOOKED_AT]
    if flow.stands_for is None or not judged:
        return None
    return StandInRecord(
        flow=str(flow.stands_for.flow),
        checks=len(judged),
        configurations=sum(each.looked for each in judged),
        included=all(each.outcome is Outcome.HOLDS for each in judged),
    )


def _names(standard: Standard) -> dict[Item, str]:
    """The transitions of the standard's own machines."""
    return {
        ("transition", str(machine.flow), str(machine.name), place(handler), number): name
        for flow in own(standard.flows)
        for machine in flow.machines
        for handler in machine.handlers
        for number, name in enumerate(called(machine, handler), 1)
    }


def _named(items: Iterable[Item], names: dict[Item, str]) -> frozenset[str]:
    return frozenset(names[each] for each in items if each in names)


@undisturbed
def shown(standard: Standard, flow: Flow, progress: Progress | None = None) -> FlowRecord:
    """What the positive sequences of a flow show.  Raises KeyboardInterrupt, also where a search stopped for it."""
    names = _names(standard)
    looked: dict[str, Looked] = {}
    first = next(iter(flow.checks), default_check(flow))
    found = []
    for sequence in flow.sequences:
        if sequence.impossible:
            continue
        check = asked_by(flow, sequence, first)
        try:
            if check.name not in looked:
                looked[check.name] = _looked(standard, flow, check, progress)
            has = looked[check.name].watch.sessions
            ways = list(runs(looked[check.name], flow, sequence)) if has else []
        except Unexplorable:
            ways = []
        if any(each.search.interrupted for each in looked.values()):
            raise KeyboardInterrupt
        possible = bool(ways) and all(way.complete for way in ways)
        shows = _named(fired_in(looked[check.name], ways), names) if possible else frozenset()
        found.append(SequenceRecord(sequence=str(sequence.name), possible=possible, shows=shows))
    mark = fingerprints(standard)[str(flow.name)]
    return FlowRecord(flow=str(flow.name), fingerprint=mark, checks=(), sequences=tuple(found))


def _looked(standard: Standard, flow: Flow, check: Check, progress: Progress | None) -> Looked:
    return Looked(Space(system(standard, flow, check)), check.most or MOST, progress)
