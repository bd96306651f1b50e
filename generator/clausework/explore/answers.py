"""What became of the flow's properties."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from clausework.diagnostics import Diagnostic
from clausework.explore import rules
from clausework.explore.looking import Looked
from clausework.explore.precedence import Precedence
from clausework.explore.repetition import Repetition
from clausework.model.sequence import Possible, Precedes, Property, Twice
from clausework.semantics.events import Found, Kind
from clausework.semantics.space import Step
from clausework.semantics.telling import tell
from clausework.semantics.trace import Trace
from clausework.semantics.verdict import Outcome, Verdict


def answers(looked: Looked, properties: tuple[Property, ...]) -> Iterator[Verdict]:
    for each in properties:
        if each.name in looked.skipped:
            yield _verdict(each, Outcome.NOT_LOOKED_AT)
        elif isinstance(each.claim, Possible):
            yield _possible(looked, each)
        elif isinstance(each.claim, Precedes | Twice):
            yield _searched(looked, each, each.claim)
        else:
            yield _property(looked, each)


def _property(looked: Looked, each: Property) -> Verdict:
    seen = looked.watch.broken.get(each.name)
    steps = looked.steps_to(seen) if seen is not None else None
    return _broken(looked, each, steps, Outcome.FAILS if seen else _unless_stopped(looked))


def _searched(looked: Looked, each: Property, claim: Precedes | Twice) -> Verdict:
    """A claim that needs a search of its own, in every session."""
    outcome = _unless_stopped(looked)
    for session in looked.watch.sessions:
        search: Precedence | Repetition
        if isinstance(claim, Precedes):
            search = Precedence(looked.space, session, claim, each)
        else:
            search = Repetition(looked.space, session, claim)
        run = search.run(looked.most)
        if run is not None:
            return _broken(looked, each, run.steps, Outcome.FAILS)
        if not search.complete:
            outcome = Outcome.UNKNOWN
    return _broken(looked, each, None, outcome)


def _broken(looked: Looked, each: Property, steps: Sequence[Step] | None, outcome: Outcome) -> Verdict:
    """The verdict, with the way to where the property doesn't hold, if there is one."""
    trace = None
    if steps is not None:
        fault = Found(Kind.IMPOSSIBLE, f"`{each.name}` doesn't hold here", each.about)
        trace = tell(looked.space, looked.search.order[0], steps, fault)
    return _judged(looked, _verdict(each, outcome, trace))


def _verdict(each: Property, outcome: Outcome, trace: Trace | None = None) -> Verdict:
    name = str(each.name)
    return Verdict(kind="property", name=name, outcome=outcome, about=each.about, refuted=each.refuted, trace=trace)


def _possible(looked: Looked, each: Property) -> Verdict:
    shown = looked.watch.shown.get(each.name, {})
    wanted = min(1, len(looked.watch.sessions)) if _limited(looked) else len(looked.watch.sessions)
    missing = len(shown) < wanted
    outcome = Outcome.HOLDS
    if missing:
        outcome = Outcome.UNKNOWN if looked.search.stopped or _limited(looked) else Outcome.FAILS
    trace = None
    if not missing and shown:
        trace = tell(looked.space, looked.search.order[0], looked.steps_to(shown[min(shown)]))
    return _judged(looked, _verdict(each, outcome, trace))


def _limited(looked: Looked) -> bool:
    """The check keeps somebody from asking for something: what isn't shown may only need that."""
    return bool(looked.space.system.check.commands)


def _unless_stopped(looked: Looked) -> Outcome:
    return Outcome.UNKNOWN if looked.search.stopped else Outcome.HOLDS


def _judged(looked: Looked, verdict: Verdict) -> Verdict:
    """With a diagnostic, where the answer isn't the expected one."""
    if verdict.refuted is None and verdict.outcome is Outcome.FAILS:
        message = f"property `{verdict.name}` doesn't hold"
        return replace(verdict, diagnostic=Diagnostic(rules.PROPERTY, message, verdict.about.span, looked.label))
    return verdict
