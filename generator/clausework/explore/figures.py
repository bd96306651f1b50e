"""What became of the flow's sequences: can they happen, and where may they begin."""

from collections.abc import Iterator

from clausework.diagnostics import Diagnostic, Label
from clausework.explore import rules
from clausework.explore.charts import MOST_CHARTS, Chart, charts
from clausework.explore.looking import Looked
from clausework.explore.sequences import Negative, Positive, Run
from clausework.expr.show import show
from clausework.model.sequence import Decides, Does, Event, IsIn, Loses, Passes, Restores, Sequence, Told, Waits
from clausework.model.standard import Flow
from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Found, Kind
from clausework.semantics.session import Session, session_holds
from clausework.semantics.telling import tell
from clausework.semantics.verdict import Outcome, Verdict


def figures(looked: Looked, flow: Flow) -> Iterator[Verdict]:
    for sequence in flow.sequences:
        if not looked.watch.sessions:
            continue
        if sequence.impossible:
            yield _negative(looked, sequence)
        elif looked.space.system.check == next(iter(flow.checks), looked.space.system.check):
            yield _positive(looked, flow, sequence)  # once a flow: the chart itself says what is asked for


def runs(looked: Looked, flow: Flow, sequence: Sequence) -> Iterator[Run]:
    """A run for each chart of a positive sequence; the first that isn't complete ends it.

    It happens in one of the sessions; parties of one role are alike but for what the check says of them.
    """
    session = casting(looked, flow)
    for chart in charts(sequence, looked.space.system.parameters):
        positive = Positive(looked.space, session, flow, sequence, chart)
        run = positive.run(_starts(looked, session, sequence), looked.most)
        yield run
        if not run.complete:
            return


def _positive(looked: Looked, flow: Flow, sequence: Sequence) -> Verdict:
    found = list(runs(looked, flow, sequence))
    if not found[-1].complete:
        chart = charts(sequence, looked.space.system.parameters)[len(found) - 1]
        return _impossible_chart(looked, sequence, chart, found[-1])
    trace = tell(looked.space, found[0].start, found[0].steps)
    outcome = Outcome.HOLDS if len(found) < MOST_CHARTS else Outcome.UNKNOWN
    return Verdict(kind="sequence", name=str(sequence.name), outcome=outcome, about=sequence.about, trace=trace)


def casting(looked: Looked, flow: Flow) -> Session:
    """The first session whose lifelines all have the very role that they ask for."""
    for session in looked.watch.sessions:
        parties = looked.space.system.parties
        if all(parties[session.parties[each.name]].role == each.role for each in flow.lifelines):
            return session
    return looked.watch.sessions[0]


def _starts(looked: Looked, session: Session, sequence: Sequence) -> Iterator[Configuration]:
    """Where a sequence may begin: wherever `starts` holds, or where all its parts are in their initial states."""
    for configuration in _reached(looked):
        states = tuple(looked.space.party(configuration, number) for number in range(len(configuration.parties)))
        if sequence.starts:
            fits = all(session_holds(each, looked.space.system, session, states) for each in sequence.starts)
        else:
            fits = _all_initial(looked, session, configuration)
        if fits and not any(configuration.queues) and _required(looked, session, configuration):
            yield configuration


def _reached(looked: Looked) -> Iterator[Configuration]:
    """The start first; the rest is searched for only if somebody asks for it."""
    yield looked.search.order[0]
    if looked.search.depth == 0:
        looked.search.run(looked.watch)
    yield from looked.search.order[1:]


def _all_initial(looked: Looked, session: Session, configuration: Configuration) -> bool:
    flows = {str(machine.flow) for machine in looked.space.system.flow.machines}
    for path, instance in session.instances.items():
        if path[1] in flows or not flows:
            state = looked.space.party(configuration, session.parties[path[0]]).instances[instance.number]
            if state != looked.space.system.initial(instance.machine):
                return False
    return True


def _required(looked: Looked, session: Session, configuration: Configuration) -> bool:
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


def _impossible_chart(looked: Looked, sequence: Sequence, chart: Chart, run: Run) -> Verdict:
    where = f" ({chart.name})" if chart.name else ""
    message = f"sequence `{sequence.name}`{where} cannot happen"
    following = ", ".join(f"`{event_words(each)}`" for each in run.next[:3])
    help_ = (
        f"the nearest run comes {len(run.steps)} steps far; then wanted: {following}"
        if following
        else "it happens, but `ends` doesn't hold there"
    )
    label = tuple(Label(each.about.span, "here it ends") for each in run.next[:1])
    diagnostic = Diagnostic(rules.SEQUENCE, message, sequence.about.span, label, help_)
    trace = tell(looked.space, run.start, run.steps) if run.steps else None
    outcome = Outcome.UNKNOWN if looked.search.stopped else Outcome.FAILS
    return Verdict(
        kind="sequence",
        name=str(sequence.name),
        outcome=outcome,
        about=sequence.about,
        trace=trace,
        diagnostic=diagnostic if outcome is Outcome.FAILS else None,
    )


def _negative(looked: Looked, sequence: Sequence) -> Verdict:
    complete = not (sequence.starts and looked.search.stopped)  # it may begin where the search didn't come
    for session in looked.watch.sessions:
        for chart in charts(sequence, looked.space.system.parameters):
            negative = Negative(looked.space, session, chart)
            starts = iter([looked.search.order[0]]) if not sequence.starts else _starts(looked, session, sequence)
            run = negative.run(starts, looked.most)
            complete = complete and negative.complete
            if run is not None:
                fault = Found(Kind.IMPOSSIBLE, f"this must not happen: `{sequence.name}`", sequence.about)
                trace = tell(looked.space, run.start, run.steps, fault)
                message = f"sequence `{sequence.name}` can happen, and must not"
                diagnostic = Diagnostic(rules.NEGATIVE_SEQUENCE, message, sequence.about.span, looked.label)
                return Verdict(
                    kind="sequence",
                    name=str(sequence.name),
                    outcome=Outcome.FAILS,
                    about=sequence.about,
                    trace=trace,
                    diagnostic=diagnostic,
                )
    outcome = Outcome.HOLDS if complete else Outcome.UNKNOWN
    return Verdict(kind="sequence", name=str(sequence.name), outcome=outcome, about=sequence.about)


def event_words(event: Event) -> str:
    """An event in the author's words, shortly."""
    match event:
        case Passes(sender=sender, receiver=receiver, message=message):
            return f"{sender} -> {receiver}: {message}"
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
        case IsIn(condition=condition):
            return show(condition)
