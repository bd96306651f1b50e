"""A check of a flow -> an `Exploration`: everything asked, answered, and how far it was looked."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from posixpath import basename

from clausework.diagnostics import Diagnostic, Label, Rule
from clausework.explore import rules
from clausework.explore.charts import MOST_CHARTS, Chart, charts
from clausework.explore.precedence import Precedence
from clausework.explore.search import Progress, Search
from clausework.explore.sequences import Negative, Positive, Run
from clausework.explore.watching import Seen, Watch, not_looked_at
from clausework.expr.show import show
from clausework.model.about import About
from clausework.model.sequence import (
    Check,
    Decides,
    Does,
    Event,
    IsIn,
    Loses,
    Passes,
    Possible,
    Precedes,
    Property,
    Restores,
    Sequence,
    Told,
    Waits,
)
from clausework.model.standard import Flow, Standard
from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Found, Kind
from clausework.semantics.session import Session, session_holds
from clausework.semantics.space import Space, Step
from clausework.semantics.system import default_check, system
from clausework.semantics.telling import tell
from clausework.semantics.values import TooMany
from clausework.semantics.verdict import Exploration, Outcome, Verdict

MOST = 300_000
"""Configurations looked at unless the check or the caller says otherwise."""

_RULE_OF = {
    "impossible": rules.IMPOSSIBLE,
    "two-transitions": rules.TWO_TRANSITIONS,
    "out-of-range": rules.OUT_OF_RANGE,
    "sent-to-nowhere": rules.SENT_TO_NOWHERE,
    "too-many-deferred": rules.TOO_MANY_DEFERRED,
    "nobody-takes": rules.NOBODY_TAKES,
}


def explore_flow(
    standard: Standard, flow: Flow, *, progress: Progress | None = None, most: int | None = None
) -> tuple[Exploration, ...]:
    """All checks of a flow, or the default one; what holds in one of them at least is judged over all."""
    checks = flow.checks or (default_check(flow),)
    return judged(flow, tuple(explore(standard, flow, check, progress=progress, most=most) for check in checks))


def judged(flow: Flow, explorations: tuple[Exploration, ...]) -> tuple[Exploration, ...]:
    """What is refuted must fail in one check, what is possible be shown in one: else the last check says so."""
    found = {
        (verdict.name, verdict.outcome)
        for each in explorations
        for verdict in each.verdicts
        if verdict.kind == "property"
    }
    added: list[Verdict] = []
    for each in flow.properties:
        name = str(each.name)
        if each.refuted is not None and (name, Outcome.HOLDS) in found and (name, Outcome.FAILS) not in found:
            message = f"property `{name}` holds, and is said to be refuted"
            added.append(_wrong(rules.NOT_REFUTED, each, message, "remove `refuted:`, or look for what changed"))
        unshown = (name, Outcome.UNKNOWN) in found and not {(name, Outcome.HOLDS), (name, Outcome.FAILS)} & found
        if isinstance(each.claim, Possible) and each.refuted is None and unshown:
            message = f"no check shows that `{name}` is possible"
            added.append(_wrong(rules.PROPERTY, each, message, "let one check ask for all that it needs"))
    if not added:
        return explorations
    last = explorations[-1]
    return (*explorations[:-1], replace(last, verdicts=(*last.verdicts, *added)))


def witnesses(standard: Standard, flow: Flow, most: int = MOST) -> Iterator[tuple[Space, Sequence, tuple[Step, ...]]]:
    """Runs from the very start that show the flow's positive sequences, one for each of their charts."""
    check = next(iter(flow.checks), default_check(flow))
    explorer = _Explorer(Space(system(standard, flow, check)), most, None)
    explorer.begin()
    for sequence in flow.sequences:
        for run in explorer.runs(flow, sequence) if not sequence.impossible else ():
            before = explorer.search.way(explorer.search.order.index(run.start))
            yield explorer.space, sequence, (*before, *run.steps)


def _wrong(rule: Rule, each: Property, message: str, help_: str) -> Verdict:
    diagnostic = Diagnostic(rule, message, each.about.span, help=help_)
    return Verdict(kind=rule.slug, name=str(each.name), outcome=Outcome.FAILS, about=each.about, diagnostic=diagnostic)


def explore(
    standard: Standard, flow: Flow, check: Check, *, progress: Progress | None = None, most: int | None = None
) -> Exploration:
    """Looks at every configuration within the check's bounds, up to `most` of them."""
    began = time.monotonic()
    try:
        space = Space(system(standard, flow, check))
        return _Explorer(space, most or check.most or MOST, progress).exploration(began)
    except TooMany as problem:
        return _unbound(flow, check, problem, began)


def _unbound(flow: Flow, check: Check, problem: TooMany, began: float) -> Exploration:
    message = f"any value of `{problem}` may be chosen, which are too many to try"
    help_ = f"name some in the check: `bind: {{{problem}: [...]}}`"
    diagnostic = Diagnostic(rules.UNBOUND, message, check.about.span, help=help_)
    verdict = Verdict(
        kind=rules.UNBOUND.slug, name=str(check.name), outcome=Outcome.FAILS, about=check.about, diagnostic=diagnostic
    )
    return Exploration(
        flow=str(flow.name),
        check=str(check.name),
        parties=tuple((str(each.name), str(each.role)) for each in check.parties),
        configurations=0,
        steps=0,
        depth=0,
        complete=False,
        stopped="nothing could be explored",
        bounds=(),
        unexplored=(),
        verdicts=(verdict,),
        seconds=time.monotonic() - began,
    )


@dataclass
class _Explorer:
    space: Space
    most: int
    progress: Progress | None

    def begin(self) -> None:
        """Everything is ready to be searched; nothing has been."""
        properties = self.space.system.flow.properties
        self.search = Search(self.space, self.most, self.progress)
        self.skipped = {each.name for each in not_looked_at(properties)}
        self.watch = Watch(self.space, tuple(each for each in properties if each.name not in self.skipped))

    def exploration(self, began: float) -> Exploration:
        system_, flow = self.space.system, self.space.system.flow
        self.begin()
        self.search.run(self.watch)
        verdicts = [*self._findings(), *self._properties(flow.properties)]
        if not self.search.interrupted:
            verdicts += self._sequences(flow)
        if self.search.stopped:
            verdicts.append(self._incomplete())
        return Exploration(
            flow=str(flow.name),
            check=str(system_.check.name),
            parties=tuple((str(each.name), str(each.role)) for each in system_.parties),
            configurations=len(self.search.order),
            steps=self.search.steps,
            depth=self.search.depth,
            complete=not self.search.stopped,
            stopped=self.search.stopped,
            bounds=tuple(self._bounds()),
            unexplored=tuple(self._unexplored()),
            verdicts=tuple(verdicts),
            seconds=time.monotonic() - began,
            interrupted=self.search.interrupted,
        )

    # -- what steps showed

    def _findings(self) -> Iterator[Verdict]:
        for (kind, text), seen in self.watch.findings.items():
            found = next(each for each in _found(seen) if each.text == text)
            place = found.about.span
            name = f"{basename(place.source.path)}:{place.start.line}"
            yield self._failure(_RULE_OF[kind], name, seen, text, found.about, found.help or None)
        for name, seen in self.watch.stuck.items():
            about = seen.about or self.space.system.flow.about
            yield self._failure(
                rules.STUCK,
                name,
                seen,
                seen.text,
                about,
                "say what ends the waiting: a timer, `lost`, or `rests: true`",
            )
        if self.watch.full_cycle is not None:
            check = self.space.system.check
            yield self._failure(
                rules.FULL_CYCLE,
                str(check.name),
                self.watch.full_cycle,
                "everybody waits for room in a queue",
                check.about,
                "raise `queue:`",
            )
        if self.watch.blocked and self.space.system.check.queue_full_is_error:
            check = self.space.system.check
            text = f"a queue holds {check.queue} messages, and another one is sent"
            yield self._failure(
                rules.QUEUE_OVERFLOW, str(check.name), next(iter(self.watch.blocked.values())), text, check.about, None
            )

    def _failure(self, rule: Rule, name: str, seen: Seen, message: str, about: About, help_: str | None) -> Verdict:
        steps = self._steps_to(seen)
        fault = Found(Kind.IMPOSSIBLE, message, about)
        trace = tell(self.space, self.search.order[0], steps, fault)
        diagnostic = Diagnostic(rule, message, about.span, self._check_label(), help_)
        return Verdict(
            kind=rule.slug, name=name, outcome=Outcome.FAILS, about=about, trace=trace, diagnostic=diagnostic
        )

    def _check_label(self) -> tuple[Label, ...]:
        check = self.space.system.check
        return (Label(check.about.span, "found by this check"),)

    def _steps_to(self, seen: Seen) -> list[Step]:
        steps = self.search.way(seen.number)
        return [*steps, seen.step] if seen.step is not None else steps

    # -- properties

    def _properties(self, properties: tuple[Property, ...]) -> Iterator[Verdict]:
        for each in properties:
            if each.name in self.skipped:
                yield Verdict(
                    kind="property",
                    name=str(each.name),
                    outcome=Outcome.NOT_LOOKED_AT,
                    about=each.about,
                    refuted=each.refuted,
                )
            elif isinstance(each.claim, Possible):
                yield self._possible(each)
            elif isinstance(each.claim, Precedes):
                yield self._precedes(each, each.claim)
            else:
                yield self._property(each)

    def _property(self, each: Property) -> Verdict:
        seen = self.watch.broken.get(each.name)
        outcome = Outcome.FAILS if seen else self._unless_stopped()
        trace = None
        if seen is not None:
            fault = Found(Kind.IMPOSSIBLE, f"`{each.name}` doesn't hold here", each.about)
            trace = tell(self.space, self.search.order[0], self._steps_to(seen), fault)
        return self._judged(
            Verdict(
                kind="property",
                name=str(each.name),
                outcome=outcome,
                about=each.about,
                refuted=each.refuted,
                trace=trace,
            )
        )

    def _precedes(self, each: Property, claim: Precedes) -> Verdict:
        outcome, trace = self._unless_stopped(), None
        for session in self.watch.sessions:
            precedence = Precedence(self.space, session, claim, each)
            run = precedence.run(self.most)
            if not precedence.complete:
                outcome = Outcome.UNKNOWN
            if run is not None:
                fault = Found(Kind.IMPOSSIBLE, f"`{each.name}` doesn't hold here", each.about)
                trace = tell(self.space, run.start, run.steps, fault)
                outcome = Outcome.FAILS
                break
        return self._judged(
            Verdict(
                kind="property",
                name=str(each.name),
                outcome=outcome,
                about=each.about,
                refuted=each.refuted,
                trace=trace,
            )
        )

    def _possible(self, each: Property) -> Verdict:
        shown = self.watch.shown.get(each.name, {})
        wanted = min(1, len(self.watch.sessions)) if self._limited() else len(self.watch.sessions)
        missing = len(shown) < wanted
        outcome = Outcome.HOLDS
        if missing:
            outcome = Outcome.UNKNOWN if self.search.stopped or self._limited() else Outcome.FAILS
        trace = None
        if not missing and shown:
            trace = tell(self.space, self.search.order[0], self._steps_to(shown[min(shown)]))
        return self._judged(
            Verdict(
                kind="property",
                name=str(each.name),
                outcome=outcome,
                about=each.about,
                refuted=each.refuted,
                trace=trace,
            )
        )

    def _limited(self) -> bool:
        """The check keeps somebody from asking for something: what isn't shown may only need that."""
        return bool(self.space.system.check.commands)

    def _unless_stopped(self) -> Outcome:
        return Outcome.UNKNOWN if self.search.stopped else Outcome.HOLDS

    def _judged(self, verdict: Verdict) -> Verdict:
        """With a diagnostic, where the answer isn't the expected one."""
        if verdict.refuted is None and verdict.outcome is Outcome.FAILS:
            message = f"property `{verdict.name}` doesn't hold"
            return replace(
                verdict, diagnostic=Diagnostic(rules.PROPERTY, message, verdict.about.span, self._check_label())
            )
        return verdict

    # -- sequences

    def _sequences(self, flow: Flow) -> Iterator[Verdict]:
        for sequence in flow.sequences:
            if not self.watch.sessions:
                continue
            if sequence.impossible:
                yield self._negative(sequence)
            elif self.space.system.check == next(iter(flow.checks), self.space.system.check):
                yield self._positive(flow, sequence)  # once a flow: the chart itself says what is asked for

    def runs(self, flow: Flow, sequence: Sequence) -> Iterator[Run]:
        """A run for each chart of a positive sequence; the first that isn't complete ends it.

        It happens in one of the sessions; parties of one role are alike but for what the check says of them.
        """
        session = self._casting(flow)
        for chart in charts(sequence, self.space.system.parameters):
            positive = Positive(self.space, session, flow, sequence, chart)
            run = positive.run(self._starts(session, sequence), self.most)
            yield run
            if not run.complete:
                return

    def _positive(self, flow: Flow, sequence: Sequence) -> Verdict:
        runs = list(self.runs(flow, sequence))
        if not runs[-1].complete:
            chart = charts(sequence, self.space.system.parameters)[len(runs) - 1]
            return self._impossible_chart(sequence, chart, runs[-1])
        trace = tell(self.space, runs[0].start, runs[0].steps)
        outcome = Outcome.HOLDS if len(runs) < MOST_CHARTS else Outcome.UNKNOWN
        return Verdict(kind="sequence", name=str(sequence.name), outcome=outcome, about=sequence.about, trace=trace)

    def _casting(self, flow: Flow) -> Session:
        """The first session whose lifelines all have the very role that they ask for."""
        for session in self.watch.sessions:
            parties = self.space.system.parties
            if all(parties[session.parties[each.name]].role == each.role for each in flow.lifelines):
                return session
        return self.watch.sessions[0]

    def _starts(self, session: Session, sequence: Sequence) -> Iterator[Configuration]:
        """Where a sequence may begin: wherever `starts` holds, or where all its parts are in their initial states."""
        for configuration in self._reached():
            states = tuple(self.space.party(configuration, number) for number in range(len(configuration.parties)))
            if sequence.starts:
                fits = all(session_holds(each, self.space.system, session, states) for each in sequence.starts)
            else:
                fits = self._all_initial(session, configuration)
            if fits and not any(configuration.queues) and self._required(session, configuration):
                yield configuration

    def _reached(self) -> Iterator[Configuration]:
        """The start first; the rest is searched for only if somebody asks for it."""
        yield self.search.order[0]
        if self.search.depth == 0:
            self.search.run(self.watch)
        yield from self.search.order[1:]

    def _all_initial(self, session: Session, configuration: Configuration) -> bool:
        flows = {str(machine.flow) for machine in self.space.system.flow.machines}
        for path, instance in session.instances.items():
            if path[1] in flows or not flows:
                state = self.space.party(configuration, session.parties[path[0]]).instances[instance.number]
                if state != self.space.system.initial(instance.machine):
                    return False
        return True

    def _required(self, session: Session, configuration: Configuration) -> bool:
        """What the session's machines require, holds."""
        for path, instance in session.instances.items():
            machine = self.space.system.programs[instance.machine].machine
            for wanted in machine.requires:
                of = wanted.of
                if of is None:
                    continue
                other = session.instances.get((path[0], str(of.flow), str(of.machine)))
                if other is None:
                    continue
                state = self.space.party(configuration, session.parties[path[0]]).instances[other.number].state
                if state not in wanted.states:
                    return False
        return True

    def _impossible_chart(self, sequence: Sequence, chart: Chart, run: Run) -> Verdict:
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
        trace = tell(self.space, run.start, run.steps) if run.steps else None
        outcome = Outcome.UNKNOWN if self.search.stopped else Outcome.FAILS
        return Verdict(
            kind="sequence",
            name=str(sequence.name),
            outcome=outcome,
            about=sequence.about,
            trace=trace,
            diagnostic=diagnostic if outcome is Outcome.FAILS else None,
        )

    def _negative(self, sequence: Sequence) -> Verdict:
        complete = True
        for session in self.watch.sessions:
            for chart in charts(sequence, self.space.system.parameters):
                negative = Negative(self.space, session, chart)
                starts = iter([self.search.order[0]]) if not sequence.starts else self._starts(session, sequence)
                run = negative.run(starts, self.most)
                complete = complete and negative.complete
                if run is not None:
                    fault = Found(Kind.IMPOSSIBLE, f"this must not happen: `{sequence.name}`", sequence.about)
                    trace = tell(self.space, run.start, run.steps, fault)
                    message = f"sequence `{sequence.name}` can happen, and must not"
                    diagnostic = Diagnostic(rules.NEGATIVE_SEQUENCE, message, sequence.about.span, self._check_label())
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

    # -- how far it was looked

    def _incomplete(self) -> Verdict:
        check = self.space.system.check
        message = f"check `{check.name}` was not explored to the end: {self.search.stopped}"
        diagnostic = Diagnostic(
            rules.INCOMPLETE, message, check.about.span, help="raise `most:`, or make the check smaller"
        )
        return Verdict(
            kind=rules.INCOMPLETE.slug,
            name=str(check.name),
            outcome=Outcome.UNKNOWN,
            about=check.about,
            diagnostic=diagnostic,
        )

    def _bounds(self) -> Iterator[str]:
        system_ = self.space.system
        check = system_.check
        yield f"queues of {check.queue}" + (
            ", never full" if not self.watch.blocked else ", full at times: what needs longer ones was not looked at"
        )
        for name, allowed in check.commands:
            yield f"`{name}` asks only for " + ", ".join(allowed)
        for name, texts in check.bind:
            yield f"`{name}` is " + " or ".join(texts)
        if any(link.datagram for link in system_.links) and "loss" in {each.kind for each in check.faults}:
            yield "messages may be lost"

    def _unexplored(self) -> Iterator[str]:
        system_ = self.space.system
        if any(message.answers for message in system_.messages.values()):
            yield "responses are not told apart by the request that they answer"
        if any(each.rigid for each in system_.decisions.values()):
            yield "rigid decisions are answered anew each time"
        kinds = sorted({str(each.kind) for each in system_.check.faults} - {"loss"})
        if kinds:
            yield "faults: " + ", ".join(kinds)
        else:
            yield "links that are lost without anybody closing them, restarts, attackers"
        if self.skipped:
            yield "properties of kinds that need another search: " + ", ".join(f"`{name}`" for name in sorted(self.skipped))


def _found(seen: Seen) -> tuple[Found, ...]:
    return seen.step.reaction.findings if seen.step is not None and seen.step.reaction is not None else ()


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
