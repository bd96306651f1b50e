"""What became of the flow's sequences: can they happen, and where may they begin."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from clausework.diagnostics import Diagnostic, Label
from clausework.explore import rules
from clausework.explore.charts.chart import MOST_CHARTS, Chart, Occurrence, Part, charts
from clausework.explore.charts.negative import Negative
from clausework.explore.charts.positive import Positive, Run, nothing_in_flight, session_links
from clausework.explore.verdicts.asking import asked_by, faultless, is_judged
from clausework.explore.verdicts.exercising import Item
from clausework.explore.verdicts.looking import Reached, label
from clausework.expr.show import show
from clausework.model.sequence import (
    Decides,
    Does,
    Event,
    IsIn,
    Loses,
    Passes,
    Restarts,
    Restores,
    Sequence,
    Told,
    Waits,
)
from clausework.model.standard import Flow
from clausework.semantics.configuration import UP, Configuration
from clausework.semantics.events import Found, Kind
from clausework.semantics.session import Session, session_holds
from clausework.semantics.telling import tell
from clausework.semantics.trace import Trace
from clausework.semantics.verdict import Outcome, Verdict

Find = Callable[[Sequence, Session, Chart, list[Configuration]], tuple[Run | None, bool]]
"""A run that contains the events of a chart, from one of these beginnings; and whether it was looked everywhere."""


def figures(looked: Reached, flow: Flow) -> Iterator[Verdict]:
    return figures_by(looked, flow, partial(find, looked))


def find(
    looked: Reached, _sequence: Sequence, session: Session, chart: Chart, begin: list[Configuration]
) -> tuple[Run | None, bool]:
    """By the reference's own search."""
    search = Negative(looked.space, session, chart)
    return search.run(begin, looked.most), search.complete


def figures_by(looked: Reached, flow: Flow, search: Find) -> Iterator[Verdict]:
    """By whatever engine: what must not happen is looked for by it."""
    if not looked.watch.sessions:
        return
    for sequence in flow.sequences:
        if sequence.impossible:
            if is_judged(flow, looked.space.system.check, sequence):
                yield negative(looked, sequence, search)
        elif looked.space.system.check == asked_by(flow, sequence, looked.space.system.check):
            yield positive(looked, flow, sequence)


def runs(looked: Reached, flow: Flow, sequence: Sequence) -> Iterator[Run]:
    """A run for each chart of a positive sequence; the first that isn't complete ends it.

    It happens in one of the sessions, for all charts the same if that can be.
    """
    sessions = castings(looked, flow)
    for chart in charts(sequence, looked.space.system.parameters)[0]:
        tried = (_run_in(looked, flow, sequence, chart, each) for each in tuple(sessions))
        first = next(tried)
        run = first if first.complete else next((each for each in tried if each.complete), first)
        sessions.sort(key=lambda session: session is not run.session)
        yield run
        if not run.complete:
            return


def _run_in(looked: Reached, flow: Flow, sequence: Sequence, chart: Chart, session: Session) -> Run:
    search = Positive(looked.space, session, flow, sequence, chart)
    return search.run(starts(looked, session, sequence), looked.most)


def positive(looked: Reached, flow: Flow, sequence: Sequence) -> Verdict:
    found = list(runs(looked, flow, sequence))
    return replace(judged(looked, flow, sequence, found), shows=frozenset(fired_in(looked, found)))


def fired_in(looked: Reached, found: Iterable[Run]) -> Iterator[Item]:
    """The transitions that complete runs take."""
    for run in found:
        for step in run.steps if run.complete else ():
            if step.reaction is not None:
                yield from looked.watch.exercise.fired(step.label.party, step.reaction)


def judged(looked: Reached, flow: Flow, sequence: Sequence, found: list[Run]) -> Verdict:
    """What the runs say of a positive sequence."""
    of, every = charts(sequence, looked.space.system.parameters)
    if not found[-1].complete:
        return _impossible_chart(looked, flow, sequence, of[len(found) - 1], found[-1])
    trace = tell(looked.space, found[0].start, found[0].steps)
    return _verdict(sequence, Outcome.HOLDS if every else Outcome.UNKNOWN, trace, None if every else _many(sequence))


def _verdict(sequence: Sequence, outcome: Outcome, trace: Trace | None, diagnostic: Diagnostic | None) -> Verdict:
    name = str(sequence.name)
    return Verdict(
        kind="sequence", name=name, outcome=outcome, about=sequence.about, trace=trace, diagnostic=diagnostic
    )


def _many(sequence: Sequence) -> Diagnostic:
    message = f"sequence `{sequence.name}` has more than {MOST_CHARTS} charts, and only {MOST_CHARTS} were looked at"
    help_ = "alternatives, options and repetitions multiply: write several sequences, or repeat less"
    return Diagnostic(rules.MANY_CHARTS, message, sequence.about.span, help=help_)


def castings(looked: Reached, flow: Flow) -> list[Session]:
    """The sessions, first those whose lifelines all have the very role that they ask for."""
    parties = looked.space.system.parties

    def is_cast_otherwise(session: Session) -> bool:
        return any(parties[session.parties[each.name]].role != each.role for each in flow.lifelines)

    return sorted(looked.watch.sessions, key=is_cast_otherwise)


def starts(looked: Reached, session: Session, sequence: Sequence) -> Iterator[Configuration]:
    """Where a sequence may begin: wherever `starts` holds, and nothing of the session is in flight.

    Without `starts`: where its flow is all initial, its links are up, and what its machines require is so.  Those where
    other sessions are busy come last: they are rarely needed.
    """
    links = frozenset(session_links(looked.space, session))
    busy: list[Configuration] = []
    for configuration in _reached(looked):
        if nothing_in_flight(links, configuration) and fits(looked, session, sequence, links, configuration):
            if any(configuration.queues):
                busy.append(configuration)
            else:
                yield configuration
    yield from busy


def fits(
    looked: Reached, session: Session, sequence: Sequence, links: frozenset[int], configuration: Configuration
) -> bool:
    """Whether a sequence may begin here, if nothing of the session is in flight."""
    if not sequence.starts:
        fits = _all_initial(looked, session, configuration) and _all_up(looked, links, configuration)
        return fits and _required(looked, session, configuration)
    states = tuple(looked.space.party(configuration, number) for number in range(len(configuration.parties)))
    return all(session_holds(each, looked.space.system, session, states) for each in sequence.starts)


def _reached(looked: Reached) -> Iterator[Configuration]:
    """Nearest first; no further is searched than somebody asks."""
    told = 0
    while told < len(looked.search.order):
        yield looked.search.order[told]
        told += 1
        if told == len(looked.search.order):
            looked.search.goes_on(looked.watch)


def _all_initial(looked: Reached, session: Session, configuration: Configuration) -> bool:
    """Where they begin: as declared, or as the check gives it."""
    flows = {str(machine.flow) for machine in looked.space.system.flow.machines}
    for path, instance in session.instances.items():
        if path[1] in flows or not flows:
            party, number = session.parties[path[0]], instance.number
            state = looked.space.party(configuration, party).instances[number]
            given = looked.space.party(looked.search.order[0], party).instances[number]
            if state not in (given, looked.space.system.initial(instance.machine)):
                return False
    return True


def _all_up(looked: Reached, links: frozenset[int], configuration: Configuration) -> bool:
    """Both ends see these links."""
    for number in links:
        link = looked.space.system.links[number]
        ends = (looked.space.party(configuration, party) for party in (link.client, link.server))
        if configuration.wires[number] != UP or not all(number in end.seen for end in ends):
            return False
    return True


def _required(looked: Reached, session: Session, configuration: Configuration) -> bool:
    """What the session's machines require, holds."""
    for path, instance in session.instances.items():
        machine = looked.space.system.programs[instance.machine].machine
        for wanted in machine.requires:
            of = wanted.of
            if of is None:
                continue
            other = session.instances.get((path[0], str(of.flow), str(of.machine)))
            if other is None:
                continue
            state = looked.space.party(configuration, session.parties[path[0]]).instances[other.number].state
            if state not in wanted.states:
                return False
    return True


def _impossible_chart(looked: Reached, flow: Flow, sequence: Sequence, chart: Chart, run: Run) -> Verdict:
    trace = tell(looked.space, run.start, run.steps) if run.steps else None
    if looked.search.stopped or run.stopped:
        return _verdict(sequence, Outcome.UNKNOWN, trace, None)
    where = f" ({chart.name})" if chart.name else ""
    message = f"sequence `{sequence.name}`{where} cannot happen"
    label = tuple(Label(each.event.about.span, "here it ends") for each in run.next[:1])
    help_ = _nearest(run, sequence) + faultless(flow, sequence)
    return _verdict(
        sequence,
        Outcome.FAILS,
        trace,
        Diagnostic(rules.SEQUENCE, message, sequence.about.span, label, help_),
    )


def _nearest(run: Run, sequence: Sequence) -> str:
    if not run.begun:
        wanted = "`starts` holds" if sequence.starts else "the machines of the flow are at their beginning"
        return f"it begins nowhere: there is no point with nothing in flight where {wanted}" + (
            "" if sequence.starts else ", and its connections up: say where it `starts`"
        )
    if not run.next:
        return "it happens, but `ends` doesn't hold there"
    following = ", ".join(dict.fromkeys(f"`{_wanted(each)}`" for each in run.next[:3]))
    return f"the nearest run comes {len(run.steps)} steps far; then wanted: {following}"


def _wanted(coming: Occurrence) -> str:
    """A message that is on its way already has yet to be received, and answered as the chart has it."""
    event = coming.event
    if isinstance(event, Passes) and coming.part is Part.RECEIVED:
        return f"{event.receiver} receives: {event.message}"
    return event_words(event)


def negative(looked: Reached, sequence: Sequence, search: Find) -> Verdict:
    """Without `starts` it begins at the very beginning: a `never` in front then means "not before".

    Where a check begins in the middle of things, somebody may have gone past it before.
    """
    of, every = charts(sequence, looked.space.system.parameters)
    complete = not (sequence.starts and looked.search.stopped)  # it may begin where the search didn't come
    begins = False
    for session in looked.watch.sessions:
        for chart in of:
            begin = list(starts(looked, session, sequence)) if sequence.starts else [looked.search.order[0]]
            begins = begins or bool(begin)
            run, everywhere = search(sequence, session, chart, begin)
            complete = complete and everywhere
            if run is not None:
                return _possible(looked, sequence, run)
    outcome = Outcome.HOLDS if complete and every else Outcome.UNKNOWN
    if complete and not begins:
        outcome = Outcome.NOT_LOOKED_AT
    return _verdict(sequence, outcome, None, None if every else _many(sequence))


def _possible(looked: Reached, sequence: Sequence, run: Run) -> Verdict:
    fault = Found(Kind.IMPOSSIBLE, f"this must not happen: `{sequence.name}`", sequence.about)
    trace = tell(looked.space, run.start, run.steps, fault)
    message = f"sequence `{sequence.name}` can happen, and must not"
    diagnostic = Diagnostic(rules.NEGATIVE_SEQUENCE, message, sequence.about.span, label(looked))
    return _verdict(sequence, Outcome.FAILS, trace, diagnostic)


def event_words(event: Event) -> str:
    """An event in the author's words, shortly."""
    match event:
        case Passes(sender=sender, receiver=receiver, message=message, lost=lost, forged=forged):
            how = f"{', which is lost' if lost else ''}{', which is forged' if forged else ''}"
            return f"{sender} -> {receiver}: {message}{how}"
        case Does(lifeline=lifeline, command=command):
            return f"{lifeline} does: {command}"
        case Told(lifeline=lifeline, notification=notification):
            return f"{lifeline} is told: {notification}"
        case Decides(lifeline=lifeline, decision=decision, answer=answer):
            return f"{lifeline} decides: {decision} is {answer}"
        case Waits(lifeline=lifeline, timer=timer):
            return f"{lifeline} waits: {timer}"
        case Loses(lifeline=lifeline, peer=peer):
            return f"{lifeline} loses: {peer}"
        case Restores(lifeline=lifeline, peer=peer):
            return f"{lifeline} restores: {peer}"
        case Restarts(lifeline=lifeline):
            return f"{lifeline} restarts"
        case IsIn(condition=condition):
            return show(condition)
