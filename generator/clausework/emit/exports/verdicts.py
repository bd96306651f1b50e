"""An exploration as a table for people, and as JSON: the verdicts, and how far the search looked."""

from collections.abc import Iterator
from typing import Any

from clausework.diagnostics.report import as_data
from clausework.model.about import About
from clausework.semantics.explanation import Explanation
from clausework.semantics.trace import Sent, Trace, TraceStep
from clausework.semantics.verdict import Exploration, Outcome, Verdict


def table(exploration: Exploration) -> str:
    """The head says who takes part and how much was looked at; then a line for each verdict."""
    return "".join(f"{line}\n" for line in _lines(exploration))


def _lines(exploration: Exploration) -> Iterator[str]:
    parties = ", ".join(f"{name} ({role})" if name != role else name for name, role in exploration.parties)
    yield f"{exploration.flow}, {exploration.check}: {parties}"
    yield f"  {extent(exploration)}"
    for bound in exploration.bounds:
        yield f"  within: {bound}"
    for missed in exploration.unexplored:
        yield f"  not looked at: {missed}"
    if not exploration.verdicts:
        return
    yield ""
    rows = [(_word(verdict), verdict.kind, verdict.name, _remark(verdict)) for verdict in exploration.verdicts]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False))
        yield f"  {'  '.join((*cells, row[3]))}".rstrip()


def line(exploration: Exploration) -> str:
    """The whole in one line: how much was looked at, and how many verdicts are as they should be."""
    answered = exploration.answered
    verdicts = f"{sum(each.expected for each in answered)} of {_count(len(answered), 'verdict')} as they should be"
    unanswered = len(exploration.verdicts) - len(answered)
    further = f", {unanswered} not looked at" if unanswered else ""
    return f"{exploration.flow}, {exploration.check}: {extent(exploration)}; {verdicts}{further}"


def extent(exploration: Exploration) -> str:
    """How much was looked at, in one line."""
    end = "all of them" if exploration.complete else f"stopped: {exploration.stopped}"
    size = f"{_count(exploration.configurations, 'configuration')}, {_count(exploration.steps, 'step')}"
    depth = f", depth {exploration.depth}" if exploration.depth else ""
    return f"{size}{depth}, {end}, {exploration.seconds:.2f} s"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def _word(verdict: Verdict) -> str:
    return f"{verdict.outcome}" if verdict.expected else f"{verdict.outcome}!"


def _remark(verdict: Verdict) -> str:
    steps = _count(len(verdict.trace.steps), "step") if verdict.trace else ""
    steps += f" without {', '.join(verdict.without)}" if verdict.without else ""
    refuted = f"as is known: {verdict.refuted}" if verdict.refuted and verdict.outcome is Outcome.FAILS else ""
    looked = f"over {_count(verdict.looked, 'configuration')}" if verdict.looked else ""
    return "; ".join(part for part in (steps, looked, refuted) if part)


def as_json(exploration: Exploration) -> dict[str, Any]:
    """Everything but the element's place in memory: traces step by step, sources as cited."""
    return {
        "flow": exploration.flow,
        "check": exploration.check,
        "parties": [{"name": name, "role": role} for name, role in exploration.parties],
        "configurations": exploration.configurations,
        "steps": exploration.steps,
        "depth": exploration.depth,
        "complete": exploration.complete,
        "stopped": exploration.stopped,
        "bounds": list(exploration.bounds),
        "unexplored": list(exploration.unexplored),
        "seconds": exploration.seconds,
        "verdicts": [_verdict(verdict) for verdict in exploration.verdicts],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "kind": verdict.kind,
        "name": verdict.name,
        "outcome": str(verdict.outcome),
        "expected": verdict.expected,
        "refuted": verdict.refuted,
        "about": _about(verdict.about),
        "diagnostic": as_data(verdict.diagnostic) if verdict.diagnostic else None,
        "trace": _trace(verdict.trace) if verdict.trace else None,
        "without": list(verdict.without),
        "run_of": dict(zip(("flow", "check"), verdict.run_of, strict=True)) if verdict.run_of else None,
        "looked": verdict.looked,
        "explanation": _explanation(verdict.explanation) if verdict.explanation else None,
    }


def _explanation(explanation: Explanation) -> dict[str, Any]:
    return {
        "reasons": [
            {"text": each.text, "about": _about(each.about) if each.about else None} for each in explanation.reasons
        ],
        "well": explanation.well,
        "same": explanation.same,
        "instead": _trace(explanation.instead) if explanation.instead else None,
    }


def _trace(trace: Trace) -> dict[str, Any]:
    return {
        "parties": [{"name": name, "role": role} for name, role in trace.parties],
        "start": [_state(state) for state in trace.start],
        "steps": [_step(step) for step in trace.steps],
        "loop": trace.loop,
    }


def _step(step: TraceStep) -> dict[str, Any]:
    return {
        "number": step.number,
        "party": step.party,
        "kind": step.kind,
        "name": step.name,
        "arguments": dict(step.arguments),
        "sender": step.sender,
        "received": step.received,
        "answers": dict(step.answers),
        "sends": [_sent(sent) for sent in step.sends],
        "notifications": [{"name": name, "arguments": dict(arguments)} for name, arguments in step.notifications],
        "states": [_state(state) for state in step.states],
        "changed": [_state(state) for state in step.changed],
        "queues": [{"from": sender, "to": to, "messages": list(held)} for sender, to, held in step.queues],
        "fault": step.fault,
        "about": _about(step.about) if step.about else None,
    }


def _sent(sent: Sent) -> dict[str, Any]:
    fields = dict(sent.fields)
    return {
        "number": sent.number,
        "to": sent.receiver,
        "message": sent.message,
        "fields": fields,
        "lost": sent.lost,
    }


def _state(state: tuple[str, str, str, str]) -> dict[str, str]:
    return dict(zip(("party", "machine", "key", "state"), state, strict=True))


def _about(about: About) -> dict[str, str]:
    return {"place": str(about.span), "source": str(about.source or ""), "mark": str(about.mark)}
