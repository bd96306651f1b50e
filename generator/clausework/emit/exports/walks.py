"""Where a walk stands, and what can happen next: for a terminal.

visitor  waiting  patience runs
house    quiet
on the way from visitor to house: ring

visitor
  1  has waited patience (waiting -> left)
house
  2  receives ring from visitor (quiet -> ringing)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from clausework.emit.exports.listing import consequences, given, place, what
from clausework.emit.exports.sequences import yaml
from clausework.model.sequence import Sequence as Written
from clausework.semantics.moment import Moment, Move, Standing
from clausework.semantics.trace import Trace, TraceStep

Instance = tuple[str, str, str]
"""Party, machine, key."""


def standing(moment: Moment) -> str:
    """All that there is to be known of a moment, but for machines with which nothing has happened."""
    return "".join(f"{line}\n" for line in _standing(moment))


def _standing(moment: Moment) -> Iterator[str]:
    shown = [each for each in moment.standings if not each.initial or each.alone]
    rows = [(each.party, _machine(each), each.state, _remembered(each)) for each in shown]
    widths = [max(len(row[column]) for row in rows) for column in range(3)] if rows else []
    for row in rows:
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False) if width]
        yield f"  {'  '.join((*cells, row[3]))}".rstrip()
    if hidden := len(moment.standings) - len(shown):
        yield f"  ({hidden} more {'machine' if hidden == 1 else 'machines'}, as at first)"
    for way in moment.underway:
        messages = ", ".join(name + given(fields) for name, fields in way.messages)
        yield f"  on the way from {way.sender} to {way.receiver}: {messages}"
    for wire in moment.wires:
        seen = f"seen by {' and '.join(wire.seen_by)}" if wire.seen_by else "seen by nobody"
        yield f"  {wire.connection} of {' and '.join(wire.ends)}: {wire.state}, {seen}"


def _machine(each: Standing) -> str:
    if each.alone:
        return ""
    return f"{each.machine}[{each.key}]" if each.key else each.machine


def _remembered(each: Standing) -> str:
    said = [f"{name} = {value}" for name, value in each.variables]
    said += [f"{timer} runs" for timer in each.timers]
    said += [f"{message} waits to be read" for message in each.deferred]
    said += [f"{message} isn't answered yet" for message in each.asked]
    return ", ".join(said)


def choices(moves: Sequence[Move], before: Moment) -> str:
    """The moves from a moment by party, numbered from 1."""
    return "".join(f"{line}\n" for line in _choices(moves, _states(before)))


def _choices(moves: Sequence[Move], states: Mapping[Instance, str]) -> Iterator[str]:
    if not moves:
        yield "  nothing can happen any more"
    digits = len(str(len(moves)))
    for party, of_it in groupby(enumerate(moves, 1), key=lambda each: each[1].told.party):
        yield f"  {party}"
        for number, move in of_it:
            yield f"    {number:>{digits}}  {_move(move, states)}"


def _move(move: Move, states: Mapping[Instance, str]) -> str:
    whose = f"{move.machine}[{move.key}] " if move.key else f"{move.machine} " if move.machine else ""
    said = whose + what(move.told) + "".join(f", decides {name}: {answer}" for name, answer in move.told.answers)
    if move.fails:
        return f"{said}: fails, {'; '.join(move.fails)}"
    if move.waits:
        return f"{said}: waits, there is no room on the way to {move.waits}"
    changed = [(states[each[:3]], each[3]) for each in move.told.changed]
    moved = ", ".join(f"{before} -> {after}" for before, after in changed if before != after)
    return f"{said} ({moved})" if moved else said


def _states(before: Moment) -> Mapping[Instance, str]:
    return {(each.party, each.machine, each.key): each.state for each in before.standings}


def step(told: TraceStep, before: Moment) -> str:
    """A step that was taken, and what came of it."""
    previous = _states(before)
    lines = [f"  {told.number}  {told.party}  {what(told)}", *(f"     {line}" for line in consequences(told, previous))]
    if where := place(told.about):
        lines.append(f"     ({where})")
    return "".join(f"{line}\n" for line in lines)


def path(trace: Trace, since: int = 0) -> str:
    """The steps so far, a line each; those after the first so many."""
    names = max((len(name) for name, _ in trace.parties), default=0)
    digits = len(str(len(trace.steps)))
    lines = [f"  {each.number:>{digits}}  {each.party:<{names}}  {what(each)}" for each in trace.steps[since:]]
    return "".join(f"{line}\n" for line in lines or ["  at the start"])


def sequence(written: Written, own: frozenset[str], why: Iterable[str] = ()) -> str:
    """A sequence to be pasted into a flow; `own`: the flows of its machines, `why`: comments above."""
    lines = (*(f"# {each}" for each in why), "sequences:", *yaml(written, own))
    return "".join(f"{line}\n" for line in lines)
