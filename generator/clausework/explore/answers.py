"""What became of the flow's properties."""

from collections.abc import Iterator
from dataclasses import replace

from clausework.diagnostics import Diagnostic
from clausework.explore import rules
from clausework.explore.looking import Looked
from clausework.explore.precedence import Precedence
from clausework.model.sequence import Possible, Precedes, Property
from clausework.semantics.events import Found, Kind
from clausework.semantics.telling import tell
from clausework.semantics.verdict import Outcome, Verdict


def answers(looked: Looked, properties: tuple[Property, ...]) -> Iterator[Verdict]:
    for each in properties:
        if each.name in looked.skipped:
            yield Verdict(
                kind="property",
                name=str(each.name),
                outcome=Outcome.NOT_LOOKED_AT,
                about=each.about,
                refuted=each.refuted,
            )
        elif isinstance(each.claim, Possible):
            yield _possible(looked, each)
        elif isinstance(each.claim, Precedes):
            yield _precedes(looked, each, each.claim)
        else:
            yield _property(looked, each)


def _property(looked: Looked, each: Property) -> Verdict:
    seen = looked.watch.broken.get(each.name)
    outcome = Outcome.FAILS if seen else _unless_stopped(looked)
    trace = None
    if seen is not None:
        fault = Found(Kind.IMPOSSIBLE, f"`{each.name}` doesn't hold here", each.about)
        trace = tell(looked.space, looked.search.order[0], looked.steps_to(seen), fault)
    return _judged(
        looked,
        Verdict(
            kind="property",
            name=str(each.name),
            outcome=outcome,
            about=each.about,
            refuted=each.refuted,
            trace=trace,
        ),
    )


def _precedes(looked: Looked, each: Property, claim: Precedes) -> Verdict:
    outcome, trace = _unless_stopped(looked), None
    for session in looked.watch.sessions:
        precedence = Precedence(looked.space, session, claim, each)
        run = precedence.run(looked.most)
        if not precedence.complete:
            outcome = Outcome.UNKNOWN
        if run is not None:
            fault = Found(Kind.IMPOSSIBLE, f"`{each.name}` doesn't hold here", each.about)
            trace = tell(looked.space, run.start, run.steps, fault)
            outcome = Outcome.FAILS
            break
    return _judged(
        looked,
        Verdict(
            kind="property",
            name=str(each.name),
            outcome=outcome,
            about=each.about,
            refuted=each.refuted,
            trace=trace,
        ),
    )


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
    return _judged(
        looked,
        Verdict(
            kind="property",
            name=str(each.name),
            outcome=outcome,
            about=each.about,
            refuted=each.refuted,
            trace=trace,
        ),
    )


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
