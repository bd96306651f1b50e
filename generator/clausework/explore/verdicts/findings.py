"""What the search showed by the way: findings of steps, hanging sessions, what is never read or answered."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from posixpath import basename

from clausework.diagnostics import Diagnostic, Rule
from clausework.explore import rules
from clausework.explore.engines import Graph
from clausework.explore.search import cycles
from clausework.explore.search.breadth_first import Search
from clausework.explore.search.classes import ENVIRONMENT, FAULT, RECURRING
from clausework.explore.verdicts.asking import asked_by
from clausework.explore.verdicts.looking import Looked, Noted, judged_here, label, steps_to
from clausework.explore.verdicts.promises import around
from clausework.explore.verdicts.watching import Seen
from clausework.model.about import About
from clausework.semantics.events import Found, Kind
from clausework.semantics.system import Instance
from clausework.semantics.telling import tell
from clausework.semantics.verdict import Outcome, Verdict

_RULE_OF = {
    Kind.IMPOSSIBLE: rules.IMPOSSIBLE,
    Kind.TWO_TRANSITIONS: rules.TWO_TRANSITIONS,
    Kind.OUT_OF_RANGE: rules.OUT_OF_RANGE,
    Kind.SENT_TO_NOWHERE: rules.SENT_TO_NOWHERE,
    Kind.TOO_MANY_DEFERRED: rules.TOO_MANY_DEFERRED,
    Kind.NOBODY_TAKES: rules.NOBODY_TAKES,
    Kind.GIVEN_TWICE: rules.GIVEN_TWICE,
}
_ENDS_THE_WAITING = "say what ends the waiting: a timer, `lost`, or `rests: true`"


Kept = tuple[int, Instance, int]
"""A party, an instance of its, and a configuration from which no path without a fault leads it out of its state."""

Round = tuple[Graph, cycles.Part]
"""A fair part of what was found, in which nobody outside does anything and nothing is meant to recur."""


def findings(looked: Looked) -> Iterator[Verdict]:
    yield from findings_by(looked, _kept(looked), _round(looked.search))


def findings_by(looked: Noted, kept: Iterable[Kept] = (), goes_round: Round | None = None) -> Iterator[Verdict]:
    """`kept`, in order for each instance, and what goes on by itself are by whatever engine; the rest steps show."""
    yield from _of_steps(looked)
    yield from _hanging(looked)
    yield from _never_leaving(looked, kept)
    yield from _left_over(looked)
    yield from _full(looked)
    if goes_round is not None:
        yield _busy(looked, *goes_round)
    yield from _nobody(looked)


def _nobody(looked: Noted) -> Iterator[Verdict]:
    """Claims hold in every session: of none, in vain."""
    system_ = looked.space.system
    check, flow = system_.check, system_.flow
    claimed = judged_here(system_) or any(each.impossible and check.judges(each.name) for each in flow.sequences)
    asked = any(not each.impossible and asked_by(flow, each, check) == check for each in flow.sequences)
    if looked.watch.sessions or not (claimed or asked):
        return
    parts = ", ".join(f"`{each.name}` ({each.role})" for each in flow.lifelines)
    message = f"check `{check.name}` has no party of its own for each of {parts}"
    diagnostic = Diagnostic(
        rules.NO_SESSION,
        message,
        check.about.span,
        help="so no property or sequence was judged: add a party, or connections",
    )
    yield Verdict(
        kind=rules.NO_SESSION.slug,
        name=str(check.name),
        outcome=Outcome.FAILS,
        about=check.about,
        diagnostic=diagnostic,
    )


def _left_over(looked: Noted) -> Iterator[Verdict]:
    for rule, found in ((rules.UNREAD, looked.watch.unread), (rules.NEVER_GIVEN, looked.watch.unanswered)):
        for name, seen in found.items():
            yield _failure(looked, rule, name, seen, seen.text, seen.about or _flow(looked), None)


def _of_steps(looked: Noted) -> Iterator[Verdict]:
    for (kind, text), seen in looked.watch.findings.items():
        found = next(each for each in _found(seen) if each.text == text)
        place = found.about.span
        name = f"{basename(place.source.path)}:{place.start.line}"
        yield _failure(looked, _RULE_OF[Kind(kind)], name, seen, text, found.about, found.help or None)


def _found(seen: Seen) -> tuple[Found, ...]:
    return seen.step.reaction.findings if seen.step is not None and seen.step.reaction is not None else ()


# -- who doesn't get further


def _hanging(looked: Noted) -> Iterator[Verdict]:
    for name, seen in looked.watch.stuck.items():
        help_ = "; ".join(part for part in (_cause(looked, seen), _ENDS_THE_WAITING) if part)
        yield _failure(looked, rules.STUCK, name, seen, seen.text, seen.about or _flow(looked), help_)


def _cause(looked: Noted, seen: Seen) -> str:
    """The message that was lost or ignored last, between the parties of the session that hangs."""
    parties = looked.space.system.parties
    names = {str(parties[number].name) for number in (seen.session.parties.values() if seen.session else ())}
    steps = steps_to(looked, seen)
    told = tell(looked.space, looked.search.order[0], steps)
    for step, words in reversed(list(zip(steps, told.steps, strict=True))):
        vanished = next((sent.message for sent in words.sends if sent.lost and sent.receiver in names), None)
        if words.party not in names:
            continue
        if vanished is not None:
            return f"the last message that went nowhere: `{vanished}`, in step {words.number}"
        if step.label.kind == "loss":
            return f"the last message that was lost: `{words.name}`, in step {words.number}"
        if step.reaction is not None and step.reaction.disposed in ("ignore", "stale") and step.label.kind == "deliver":
            return f"the last message that was ignored: `{words.name}`, in step {words.number}"
    return ""


def _kept(looked: Looked) -> Iterator[Kept]:
    space, search = looked.space, looked.search
    for party, inside in enumerate(space.system.instances):
        for instance in inside:
            states = [space.party(each, party).instances[instance.number].state for each in search.order]
            if not all(looked.watch.resting.always(instance.machine, state) for state in set(states)):
                yield from ((party, instance, number) for number in looked.backwards.never_leaving(states))


def _never_leaving(looked: Noted, kept: Iterable[Kept]) -> Iterator[Verdict]:
    """Instances that no path without a fault gets out of a state where nobody rests; those that hang were said."""
    space = looked.space
    said = set(looked.watch.stuck)
    for party, instance, number in kept:
        machine = space.system.programs[instance.machine].machine
        there = space.party(looked.search.order[number], party)
        state = there.instances[instance.number].state
        name = f"{machine.flow}.{machine.name} {state}"
        if name in said or looked.watch.resting.rests(party, instance, there):
            continue
        said.add(name)
        about = next(each.about for each in machine.states if each.name == state)
        text = f"`{machine.name}` never leaves `{state}` again, whatever happens"
        yield _failure(looked, rules.NEVER_LEAVES, name, Seen(number), text, about, _ENDS_THE_WAITING)


def _full(looked: Noted) -> Iterator[Verdict]:
    check = looked.space.system.check
    if looked.watch.full_cycle is not None:
        text = "everybody waits for room in a queue"
        yield _failure(
            looked, rules.FULL_CYCLE, str(check.name), looked.watch.full_cycle, text, check.about, "raise `queue:`"
        )
    if looked.watch.blocked and check.queue_full_is_error:
        text = f"a queue holds {check.queue} messages, and another one is sent"
        seen = next(iter(looked.watch.blocked.values()))
        yield _failure(looked, rules.QUEUE_OVERFLOW, str(check.name), seen, text, check.about, None)


def _round(search: Search) -> Round | None:
    fair = cycles.fair(search, list(range(search.looked)), _by_itself(search))
    return (search, cycles.part(search, fair[0])) if fair else None


def _by_itself(search: Graph) -> cycles.Within:
    return lambda _node, edge: not search.flags[edge] & _NOT_BY_ITSELF


def _busy(looked: Noted, search: Graph, goes_round: cycles.Part) -> Verdict:
    """A fair cycle in which nobody outside does anything, and nothing is meant to recur."""
    run = around(search, goes_round, _by_itself(search), "")
    cycle = run.steps[(run.loop or 1) - 1 :]
    fired = [each for step in cycle if step.reaction for each in step.reaction.fired]
    about = fired[0].transition.about if fired else _flow(looked)
    text = "it goes on for ever by itself: nobody outside does anything, and nothing in it is said to recur"
    trace = replace(tell(looked.space, looked.search.order[0], run.steps), loop=run.loop)
    help_ = "if it is meant to, say `recurring: true` there"
    wrong = Diagnostic(rules.BUSY, text, about.span, label(looked), help_)
    name = str(looked.space.system.check.name)
    return Verdict(kind=rules.BUSY.slug, name=name, outcome=Outcome.FAILS, about=about, trace=trace, diagnostic=wrong)


_NOT_BY_ITSELF = FAULT | ENVIRONMENT | RECURRING


# -- verdicts


def _flow(looked: Noted) -> About:
    return looked.space.system.flow.about


def _failure(
    looked: Noted, rule: Rule, name: str, seen: Seen, message: str, about: About, help_: str | None
) -> Verdict:
    steps = steps_to(looked, seen)
    fault = Found(Kind.IMPOSSIBLE, message, about)
    trace = tell(looked.space, looked.search.order[0], steps, fault)
    diagnostic = Diagnostic(rule, message, about.span, label(looked), help_)
    return Verdict(kind=rule.slug, name=name, outcome=Outcome.FAILS, about=about, trace=trace, diagnostic=diagnostic)
