"""A flow's sequences as a table, as JSON, and as YAML to be pasted."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from clausework.diagnostics.report import as_data
from clausework.expr import nodes
from clausework.expr.show import show
from clausework.model import sequence as model
from clausework.model.language import RESTARTS
from clausework.model.transitions import trigger_words
from clausework.semantics.coverage import Coverage, Covered, Reach, Shown
from clausework.semantics.verdict import Outcome

_WORDS = {
    (Outcome.HOLDS, False): "possible",
    (Outcome.FAILS, False): "impossible!",
    (Outcome.HOLDS, True): "impossible",
    (Outcome.FAILS, True): "possible!",
}
"""By what became of it, and whether it must not happen; what is not as it should be has a `!`."""


def table(coverage: Coverage) -> str:
    """Sequences with what became of them; transitions with the sequences that show them."""
    return "".join(f"{line}\n" for line in _lines(coverage))


def _lines(coverage: Coverage) -> Iterator[str]:
    shown = sum(bool(each.sequences) for each in coverage.transitions)
    yield (
        f"{coverage.flow}, {coverage.check}: {_count(len(coverage.sequences), 'sequence')}, "
        f"{shown} of {_count(len(coverage.transitions), 'transition')} shown"
    )
    rows = [(_word(each), each.verdict.name, _charts(each), _exercised(coverage, each)) for each in coverage.sequences]
    yield from _columns(rows)
    missing = [each for each in coverage.transitions if not each.sequences]
    if missing:
        yield ""
        yield "  shown by no sequence"
        yield from _columns([(*_described(each), _reach(each)) for each in missing], indent=4)


def _columns(rows: Sequence[tuple[str, ...]], indent: int = 2) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield (" " * indent + "  ".join(cells)).rstrip()


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def _word(shown: Shown) -> str:
    return _WORDS.get((shown.verdict.outcome, shown.impossible), str(shown.verdict.outcome))


def _charts(shown: Shown) -> str:
    return f"{'' if shown.all_charts else 'over '}{_count(shown.charts, 'chart')}"


def _exercised(coverage: Coverage, shown: Shown) -> str:
    """`visitor 1 2 5, house 1`: the numbers of a machine's transitions."""
    by_machine: dict[str, list[str]] = {}
    for place in shown.transitions:
        each = coverage.transitions[place]
        by_machine.setdefault(each.machine, []).append(str(each.number))
    return ", ".join(f"{machine} {' '.join(numbers)}" for machine, numbers in by_machine.items())


def _described(covered: Covered) -> tuple[str, str, str]:
    transition = covered.transition
    answers = ", ".join(f"{decision} is {answer}" for decision, answer in transition.answers)
    what = trigger_words(transition.trigger) + (f" ({answers})" if answers else "")
    return (
        f"{covered.machine} {covered.number}",
        f"line {transition.about.span.start.line}",
        f"{_scope(covered)}: {what}",
    )


def _scope(covered: Covered) -> str:
    return str(covered.transition.scope or "anywhere")


def _reach(covered: Covered) -> str:
    if covered.suggestion is not None:
        return str(covered.suggestion.name)
    return str(covered.reach or "")


# -- YAML


def suggestions(coverage: Coverage) -> str:
    """What to paste under `sequences:`, each with the transitions that it is for; empty if there is nothing."""
    every = dict.fromkeys(each.suggestion for each in coverage.transitions if each.suggestion is not None)
    return "".join(f"{line}\n" for each in every for line in _suggestion(coverage, each))


def _suggestion(coverage: Coverage, sequence: model.Sequence) -> Iterator[str]:
    for each in coverage.transitions:
        if each.suggestion == sequence:
            number, line, what = _described(each)
            yield f"  # {number}, {line}, {what}"
    yield from yaml(sequence)


def yaml(sequence: model.Sequence, own: frozenset[str] = frozenset()) -> Iterator[str]:
    """A sequence as it is written under `sequences:`; of its conditions, those that say which state a part is in.

    `own`: the flows whose states need no flow beside them; if none is named, no state does.
    """
    yield f"  {sequence.name}:"
    if sequence.spans:
        yield f"    spans: [{', '.join(sequence.spans)}]"
    if sequence.starts:
        yield f"    starts: {{{_states(sequence.starts, own)}}}"
    yield "    steps:"
    for step in sequence.steps:
        yield from _step(step, 6)
    if sequence.ends:
        yield f"    ends: {{{_states(sequence.ends, own)}}}"


def _states(conditions: Iterable[nodes.Expr], own: frozenset[str]) -> str:
    return ", ".join(
        f"{each.of.lifeline}{_flow(each.of, own)}: {'|'.join(each.states)}"
        for each in conditions
        if isinstance(each, nodes.InState) and each.of is not None
    )


def _flow(of: nodes.Of, own: frozenset[str]) -> str:
    return f".{of.flow.rpartition('.')[2]}" if own and of.flow not in own else ""


def _step(step: model.Step, indent: int) -> Iterator[str]:
    begin = " " * indent + "- "
    match step:
        case model.Parallel(parts=parts):
            yield f"{begin}parallel:"
            for name, steps in parts:
                yield f"{' ' * (indent + 4)}{name}:"
                for each in steps:
                    yield from _step(each, indent + 6)
        case model.Passes(lost=lost, forged=forged) if lost or forged:
            beside = f"{', lost: true' if lost else ''}{', forged: true' if forged else ''}"
            yield f"{begin}{{{_said(step)}{beside}}}"
        case model.Passes() | model.Does() | model.Told() | model.Decides():
            yield f"{begin}{_said(step)}"
        case model.Waits(lifeline=lifeline, timer=timer):
            yield f"{begin}{lifeline} waits: {timer}"
        case model.Loses(lifeline=lifeline, peer=peer):
            yield f"{begin}{lifeline} loses: {peer}"
        case model.Restores(lifeline=lifeline, peer=peer):
            yield f"{begin}{lifeline} restores: {peer}"
        case model.Restarts(lifeline=lifeline):
            yield f"{begin}{lifeline} {RESTARTS}"
        case _:
            raise AssertionError("no run is told in such steps")


def _said(step: model.Passes | model.Does | model.Told | model.Decides) -> str:
    match step:
        case model.Passes(sender=sender, receiver=receiver, message=message, fields=fields):
            return f"{sender} -> {receiver}: {message}{_given(fields)}"
        case model.Does(lifeline=lifeline, command=command, arguments=arguments, flow=flow):
            return f"{lifeline} does: {_of_flow(flow)}{command}{_given(arguments)}"
        case model.Told(lifeline=lifeline, notification=notification, arguments=arguments, flow=flow):
            return f"{lifeline} is told: {_of_flow(flow)}{notification}{_given(arguments)}"
        case model.Decides(lifeline=lifeline, decision=decision, answer=answer):
            return f"{lifeline} decides: {decision} is {answer}"


def _of_flow(flow: str | None) -> str:
    return f"{flow.rpartition('.')[2]}." if flow is not None else ""


def _given(fields: tuple[tuple[str, nodes.Expr], ...]) -> str:
    said = " and ".join(f"{name} = {show(value)}" for name, value in fields)
    return f" with {said}" if said else ""


# -- JSON


def as_json(coverage: Coverage) -> dict[str, Any]:
    return {
        "flow": coverage.flow,
        "check": coverage.check,
        "sequences": [_shown_data(coverage, each) for each in coverage.sequences],
        "transitions": [_covered_data(each, suggested=coverage.suggested) for each in coverage.transitions],
    }


def _shown_data(coverage: Coverage, shown: Shown) -> dict[str, Any]:
    return {
        "name": shown.verdict.name,
        "impossible": shown.impossible,
        "outcome": str(shown.verdict.outcome),
        "expected": shown.verdict.expected,
        "charts": shown.charts,
        "all_charts": shown.all_charts,
        "diagnostic": as_data(shown.verdict.diagnostic) if shown.verdict.diagnostic else None,
        "transitions": [
            {"machine": each.machine, "number": each.number}
            for each in (coverage.transitions[place] for place in shown.transitions)
        ],
    }


def _covered_data(covered: Covered, *, suggested: bool) -> dict[str, Any]:
    about = covered.transition.about
    data = {
        "machine": covered.machine,
        "number": covered.number,
        "state": covered.transition.scope,
        "trigger": trigger_words(covered.transition.trigger),
        "place": str(about.span),
        "source": str(about.source or ""),
        "mark": str(about.mark),
        "sequences": list(covered.sequences),
    }
    if suggested and not covered.sequences:
        data["reach"] = str(covered.reach or Reach.UNKNOWN)
        data["suggestion"] = "\n".join(yaml(covered.suggestion)) if covered.suggestion else None
    return data
