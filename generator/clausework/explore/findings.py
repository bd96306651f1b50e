"""What the search showed by the way, as verdicts: findings of steps, hanging sessions, queues that fill."""

from collections.abc import Iterator
from posixpath import basename

from clausework.diagnostics import Diagnostic, Rule
from clausework.explore import rules
from clausework.explore.looking import Looked
from clausework.explore.watching import Seen
from clausework.model.about import About
from clausework.semantics.events import Found, Kind
from clausework.semantics.telling import tell
from clausework.semantics.verdict import Outcome, Verdict

_RULE_OF = {
    "impossible": rules.IMPOSSIBLE,
    "two-transitions": rules.TWO_TRANSITIONS,
    "out-of-range": rules.OUT_OF_RANGE,
    "sent-to-nowhere": rules.SENT_TO_NOWHERE,
    "too-many-deferred": rules.TOO_MANY_DEFERRED,
    "nobody-takes": rules.NOBODY_TAKES,
}


def findings(looked: Looked) -> Iterator[Verdict]:
    for (kind, text), seen in looked.watch.findings.items():
        found = next(each for each in _found(seen) if each.text == text)
        place = found.about.span
        name = f"{basename(place.source.path)}:{place.start.line}"
        yield _failure(looked, _RULE_OF[kind], name, seen, text, found.about, found.help or None)
    for name, seen in looked.watch.stuck.items():
        about = seen.about or looked.space.system.flow.about
        yield _failure(
            looked,
            rules.STUCK,
            name,
            seen,
            seen.text,
            about,
            "say what ends the waiting: a timer, `lost`, or `rests: true`",
        )
    if looked.watch.full_cycle is not None:
        check = looked.space.system.check
        yield _failure(
            looked,
            rules.FULL_CYCLE,
            str(check.name),
            looked.watch.full_cycle,
            "everybody waits for room in a queue",
            check.about,
            "raise `queue:`",
        )
    if looked.watch.blocked and looked.space.system.check.queue_full_is_error:
        check = looked.space.system.check
        text = f"a queue holds {check.queue} messages, and another one is sent"
        yield _failure(
            looked,
            rules.QUEUE_OVERFLOW,
            str(check.name),
            next(iter(looked.watch.blocked.values())),
            text,
            check.about,
            None,
        )


def _failure(
    looked: Looked, rule: Rule, name: str, seen: Seen, message: str, about: About, help_: str | None
) -> Verdict:
    steps = looked.steps_to(seen)
    fault = Found(Kind.IMPOSSIBLE, message, about)
    trace = tell(looked.space, looked.search.order[0], steps, fault)
    diagnostic = Diagnostic(rule, message, about.span, looked.label, help_)
    return Verdict(kind=rule.slug, name=name, outcome=Outcome.FAILS, about=about, trace=trace, diagnostic=diagnostic)


def _found(seen: Seen) -> tuple[Found, ...]:
    return seen.step.reaction.findings if seen.step is not None and seen.step.reaction is not None else ()
