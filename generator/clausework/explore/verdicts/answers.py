"""What became of the flow's properties."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from clausework.diagnostics import Diagnostic
from clausework.explore import rules
from clausework.explore.engines import Found as Searched
from clausework.explore.search.breadth_first import Search
from clausework.explore.verdicts.looking import Looked, Noted, is_plain, label, steps_to
from clausework.explore.verdicts.observing import WRONG, Guarding, Keeping, Preceding, Repeating
from clausework.explore.verdicts.promises import Broken, promise
from clausework.model.sequence import (
    Always,
    LeadsTo,
    Nowhere,
    Possible,
    Precedes,
    Property,
    Settled,
    Twice,
    Unchanged,
)
from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Found, Kind
from clausework.semantics.session import Session
from clausework.semantics.space import FAULTS, Space, Step
from clausework.semantics.telling import tell
from clausework.semantics.trace import Trace
from clausework.semantics.verdict import Outcome, Verdict

Answer = Callable[[Session, Property], Broken | bool | None]
"""A run that breaks a claim in a session; else whether all was seen, None if it couldn't be."""

Shown = Callable[[Property], dict[int, list[Step]] | None]
"""For each session, by its place, a shortest way to where it has what is possible; None if nobody looked."""


def answers(looked: Looked, properties: tuple[Property, ...]) -> Iterator[Verdict]:
    return answers_by(looked, properties, partial(_answer, looked), partial(_shown, looked))


def answers_by(
    looked: Noted, properties: tuple[Property, ...], answer: Answer | None = None, shown: Shown = lambda _: None
) -> Iterator[Verdict]:
    """By whatever engine: what single configurations and steps don't tell is asked of it, or was not looked at."""
    for each in properties:
        if isinstance(each.claim, Possible):
            by_itself = is_plain(each) and not looked.space.system.check.faults  # it must be so without a fault
            found = _seen(looked, each) if by_itself else shown(each)
            yield _unseen(looked, each) if found is None else _possible(looked, each, found)
        elif is_plain(each):
            yield _property(looked, each)
        else:
            yield _followed(looked, each, answer) if answer is not None else _unseen(looked, each)


def _unseen(looked: Noted, each: Property) -> Verdict:
    return _judged(looked, each, Outcome.NOT_LOOKED_AT, None)


def _seen(looked: Noted, each: Property) -> dict[int, list[Step]]:
    return {place: steps_to(looked, first) for place, first in looked.watch.shown.get(each.name, {}).items()}


def _property(looked: Noted, each: Property) -> Verdict:
    broken = looked.watch.broken.get(each.name)
    outcome = Outcome.FAILS if broken else _unless_stopped(looked)
    return _judged(looked, each, outcome, Broken(tuple(steps_to(looked, broken))) if broken is not None else None)


# -- claims about runs


def _followed(looked: Noted, each: Property, answer: Answer) -> Verdict:
    """A claim that needs a search of its own, in every session."""
    outcome = _unless_stopped(looked)
    for session in looked.watch.sessions:
        found = answer(session, each)
        if isinstance(found, Broken):
            return _judged(looked, each, Outcome.FAILS, found)
        if found is None:
            outcome = Outcome.NOT_LOOKED_AT if outcome is Outcome.HOLDS else outcome
        elif not found:
            outcome = Outcome.UNKNOWN
    return _judged(looked, each, outcome, None)


def _answer(looked: Looked, session: Session, each: Property) -> Broken | bool | None:
    space, claim = looked.space, each.claim
    match claim:
        case LeadsTo():
            return promise(space, session, each, claim, looked.most)
        case Precedes():
            return _wrong(Preceding(space, session, each, claim), looked.most)
        case Twice():
            return _wrong(Repeating(space, session, each, claim), looked.most)
        case Unchanged():
            return _wrong(Keeping(space, session, each, claim), looked.most)
    return _guarded(Guarding(space, session, each), looked.most)


def _wrong(observer: Preceding | Repeating | Keeping, most: int) -> Broken | bool:
    search = Search(observer.space, most, observer=observer)
    search.run()
    for number, memory in enumerate(search.memories):
        if memory == WRONG:
            return Broken(tuple(search.way(number)))
    return not search.stopped


def _guarded(observer: Guarding, most: int) -> Broken | bool:
    """A plain claim, where it counts."""
    search = Search(observer.space, most, observer=observer)
    search.run()
    breaks = breaks_of(observer)
    for number in range(search.looked):
        if search.memories[number] is True:
            step = breaks(search, number)
            if step is not False:
                steps = search.way(number)
                return Broken((*steps, step) if isinstance(step, Step) else tuple(steps))
    return not search.stopped


def breaks_of(observer: Guarding) -> Callable[[Searched, int], Step | bool]:
    """Whether a configuration breaks the claim, or which step out of it does."""
    space, claim, matcher = observer.space, observer.stated.claim, observer.matcher
    match claim:
        case Always(condition=condition):
            return lambda search, number: not matcher.holds(condition, search.order[number])
        case Settled(condition=condition):
            return lambda search, number: (
                space.settled(search.order[number]) and not matcher.holds(condition, search.order[number])
            )
        case Nowhere(happening=happening) if happening.condition is not None:
            wanted = happening.condition
            return lambda search, number: matcher.holds(wanted, search.order[number])
        case Nowhere(happening=happening) if happening.event is not None:
            event = happening.event
            return lambda search, number: next(
                (step for step in space.steps(search.order[number]) if matcher.contains(step, event)), False
            )
    raise AssertionError(claim)


# -- what is possible


def _possible(looked: Noted, each: Property, shown: dict[int, list[Step]]) -> Verdict:
    """It can be reached without a fault, in every session; where commands are limited, in one."""
    wanted = min(1, len(looked.watch.sessions)) if _limited(looked) else len(looked.watch.sessions)
    missing = len(shown) < wanted
    outcome = Outcome.HOLDS
    if missing:
        outcome = Outcome.UNKNOWN if looked.search.stopped or _limited(looked) else Outcome.FAILS
    if missing or not shown:
        return _judged(looked, each, outcome, None)
    return _judged(looked, each, outcome, Broken(tuple(shown[min(shown)])))


def _shown(looked: Looked, each: Property) -> dict[int, list[Step]]:
    """For each session that shows it, a shortest way to where it does."""
    if not isinstance(each.claim, Possible):
        raise AssertionError("only what is possible is shown")
    shown = {}
    for place, session in enumerate(looked.watch.sessions):
        observer = Guarding(looked.space, session, each)
        search = Search(looked.space, looked.most, observer=observer, steps_of=partial(without_faults, looked.space))
        search.run()
        for number, memory in enumerate(search.memories):
            if memory is True and observer.matcher.holds(each.claim.condition, search.order[number]):
                shown[place] = search.way(number)
                break
    return shown


def without_faults(space: Space, configuration: Configuration) -> Iterator[Step]:
    return (step for step in space.steps(configuration) if step.label.kind not in FAULTS)


def _limited(looked: Noted) -> bool:
    """The check keeps somebody from asking for something: what isn't shown may only need that."""
    return bool(looked.space.system.check.commands)


# -- verdicts


def _unless_stopped(looked: Noted) -> Outcome:
    return Outcome.UNKNOWN if looked.search.stopped else Outcome.HOLDS


def _judged(looked: Noted, each: Property, outcome: Outcome, shown: Broken | None) -> Verdict:
    """The verdict, with the way to where the property doesn't hold (or where it is possible), if there is one.

    A diagnostic is with it where the answer isn't the expected one.
    """
    verdict = Verdict(
        kind="property",
        name=str(each.name),
        outcome=outcome,
        about=each.about,
        refuted=each.refuted,
        trace=_trace(looked, each, outcome, shown) if shown is not None else None,
    )
    if verdict.refuted is None and outcome is Outcome.FAILS:
        why = f": {shown.why}" if shown is not None and shown.why else ""
        message = f"property `{verdict.name}` doesn't hold{why}"
        return replace(verdict, diagnostic=Diagnostic(rules.PROPERTY, message, verdict.about.span, label(looked)))
    return verdict


def _trace(looked: Noted, each: Property, outcome: Outcome, shown: Broken) -> Trace:
    fault = None
    if outcome is Outcome.FAILS:
        said = f"`{each.name}` doesn't hold here" if shown.loop is None else shown.why
        fault = Found(Kind.IMPOSSIBLE, said, each.about)
    steps: Sequence[Step] = shown.steps
    return replace(tell(looked.space, looked.search.order[0], steps, fault), loop=shown.loop)
