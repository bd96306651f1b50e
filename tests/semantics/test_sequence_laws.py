"""The laws of sequences: on charts of random runs of random small specifications, and on all shipped ones.

Each was seen to fail on a seeded fault, which its docstring names.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from clausework.emit.exports.sequences import suggestions
from clausework.explore import coverage, explore
from clausework.explore.charts.chart import Chart, charts
from clausework.explore.charts.negative import Negative
from clausework.explore.charts.positive import Positive, session_links
from clausework.explore.suggesting.written import written
from clausework.explore.verdicts.asking import asked_by
from clausework.explore.verdicts.figures import castings, runs, starts
from clausework.explore.verdicts.looking import Looked
from clausework.model.renaming import lifelines
from clausework.model.sequence import Check, Does, Never, Parallel, Passes, Restarts, Sequence, Step, Waits
from clausework.model.standard import Flow, Standard, named, own
from clausework.read import read
from clausework.semantics.building import default_check, system
from clausework.semantics.configuration import Configuration
from clausework.semantics.coverage import Reach
from clausework.semantics.events import Commanded, Delivered, Expired, Restarted
from clausework.semantics.session import Session
from clausework.semantics.space import Label, Space
from clausework.semantics.space import Step as Taken
from clausework.semantics.verdict import Outcome, Verdict
from clausework.source import Name
from strategies import MESSAGES, VOCABULARY, Small, smalls
from support import ROOT, files, shipped, small_standard

MOST = 10_000


# -- random runs


class Walk:
    """A random run of a small specification, from its start to where nothing is in flight."""

    def __init__(self, drawn: Small, random: Random) -> None:
        self.flow = named(drawn.standard.flows, "talk")
        self.looked = Looked(Space(system(drawn.standard, self.flow, self.flow.checks[0])), MOST, None)
        self.space = self.looked.space
        self.session = castings(self.looked, self.flow)[0]
        self.start = self.space.start()
        self.random = random
        self.steps: list[Taken] = []
        for _ in range(random.randint(1, 10)):
            self._go(None)
        for _ in range(20):
            if any(self.end.queues):
                self._go("deliver")
        self.is_over = bool(self.steps) and not any(self.end.queues)

    @property
    def end(self) -> Configuration:
        return (self.steps[-1].target if self.steps else None) or self.start

    def _go(self, kind: str | None) -> None:
        every = [each for each in self.space.steps(self.end) if each.target is not None]
        possible = [each for each in every if kind is None or each.label.kind == kind] or every
        if possible:
            self.steps.append(self.random.choice(possible))

    def sequence(self) -> Sequence:
        steps = written(self.space, self.session, self.flow, self.steps)
        return Sequence(name=Name("walked"), steps=steps, about=self.flow.about)

    def positive(self, sequence: Sequence) -> Positive:
        return Positive(self.space, self.session, self.flow, sequence, Chart("", sequence.steps))

    def reordered(self) -> tuple[Taken, ...]:
        """The run with neighbours of different parties changed about, where both orders can be run."""
        labels = [step.label for step in self.steps]
        steps = self.steps
        for _ in range(3 * len(steps)):
            at = self.random.randrange(len(steps))
            changed = self._run([*labels[:at], *reversed(labels[at : at + 2]), *labels[at + 2 :]])
            if changed is not None and len({label.party for label in labels[at : at + 2]}) > 1:
                steps, labels = changed, [step.label for step in changed]
        return tuple(steps)

    def disordered(self) -> tuple[Taken, ...]:
        """The same steps in any order that can be run."""
        wanted = [step.label for step in self.steps]
        taken: list[Taken] = []
        while wanted:
            possible = [label for label in dict.fromkeys(wanted) if self._run([*(one.label for one in taken), label])]
            if not possible:
                return tuple(self.steps)
            label = self.random.choice(possible)
            wanted.remove(label)
            taken = self._run([*(one.label for one in taken), label]) or taken
        return tuple(taken)

    def _run(self, wanted: list[Label]) -> list[Taken] | None:
        """The run of these steps from the start, if there is one."""
        configuration, taken = self.start, []
        for label in wanted:
            step = next((one for one in self.space.steps(configuration) if one.label == label), None)
            if step is None or step.target is None:
                return None
            taken.append(step)
            configuration = step.target
        return taken


def _chatting() -> Small:
    """Both say what they like whenever they like: nearly every run of it has messages that cross."""
    side = """
  {0}:
    commands: {{go: {{}}}}
    variables: {{score: integer 0..1 = 0}}
    initial: one
    states:
      one:
        command go: {{send: {1} to {2}, to: one}}
        after patience: {{send: {3} to {2}, to: one}}
        ignore: [{4}]
"""
    left = side.format("left", "ask", "right with loud = true", "cancel", "grant, refuse")
    text = (
        "flow: talk\ntitle: Talk\nroles: {left: left, right: right}\nmachines:"
        + left.replace("cancel to right with loud = true", "cancel to right")
        + side.format("right", "grant", "left", "refuse", "ask, cancel")
        + "checks:\n  both: {parties: {l: left, r: right}, queue: 2}\n"
    )
    return Small(text, small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=text))


walks = st.builds(Walk, st.one_of(smalls(), st.just(_chatting())), st.randoms(use_true_random=False))
QUICKLY = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


# -- shipped sequences


def positives() -> Iterator[tuple[str, Looked, Flow, Sequence]]:
    for standard in shipped().values():
        for flow in own(standard.flows):
            known: dict[str, Looked] = {}
            for sequence in flow.sequences:
                check = asked_by(flow, sequence, default_check(flow))
                if check.name not in known:
                    known[check.name] = Looked(Space(system(standard, flow, check)), MOST, None)
                if not sequence.impossible:
                    yield f"{flow.name}-{sequence.name}", known[check.name], flow, sequence


POSITIVES = [pytest.param(*rest, id=name) for name, *rest in positives()]


def laid_out(looked: Looked, sequence: Sequence) -> Iterator[Sequence]:
    """Each chart of a sequence as a sequence of its own."""
    for chart in charts(sequence, looked.space.system.parameters)[0]:
        yield replace(sequence, steps=chart.steps)


# -- Q1


def shuffled(steps: tuple[Step, ...], random: Random) -> tuple[Step, ...]:
    """The steps in another order of writing, the same on each lifeline; the parts of `parallel` in any."""
    left, found = list(steps), []
    while left:
        first = [at for at, step in enumerate(left) if not any(are_ordered(each, step) for each in left[:at])]
        step = left.pop(random.choice(first))  # by its place: what is repeated is several times the same step
        if isinstance(step, Parallel):
            parts = [(name, shuffled(inner, random)) for name, inner in step.parts]
            step = replace(step, parts=tuple(random.sample(parts, len(parts))))
        found.append(step)
    return tuple(found)


def are_shown(looked: Looked, flow: Flow, sequence: Sequence) -> bool:
    """A sequence that begins further away than is looked here is shown in no order."""
    return all(run.complete for run in runs(looked, flow, sequence))


def test_most_shipped_sequences_begin_near_enough() -> None:
    """Or else the test below would be about nothing."""
    shown = [are_shown(looked, flow, sequence) for _, looked, flow, sequence in [*positives()][::3]]

    assert sum(shown) > 0.9 * len(shown)


def are_ordered(one: Step, other: Step) -> bool:
    return isinstance(one, Never) or isinstance(other, Never) or bool({*lifelines((one,))} & {*lifelines((other,))})


@pytest.mark.parametrize(("looked", "flow", "sequence"), POSITIVES)
@given(random=st.randoms(use_true_random=False))
@settings(max_examples=2, deadline=None)
def test_q1_the_order_of_writing_between_lifelines_means_nothing(
    looked: Looked, flow: Flow, sequence: Sequence, random: Random
) -> None:
    """Seen to fail when a message's receiver is put on its sender's lifeline."""
    for each in laid_out(looked, sequence):
        changed = replace(each, steps=shuffled(each.steps, random))

        assert are_shown(looked, flow, changed) == are_shown(looked, flow, each)


@given(walks)
@QUICKLY
def test_q1_every_linearisation_of_a_run_shows_its_chart(walk: Walk) -> None:
    """Seen to fail when the parts of `parallel` come one after the other."""
    assume(walk.is_over)
    sequence = walk.sequence()

    positive = walk.positive(sequence)

    assert positive.accepts(walk.start, tuple(walk.steps))
    assert positive.accepts(walk.start, walk.reordered())
    assert positive.run(iter([walk.start]), MOST).complete


@given(walks)
@QUICKLY
def test_q1_the_order_of_writing_a_walk_means_nothing(walk: Walk) -> None:
    """Seen to fail when a message's receiver is put on its sender's lifeline."""
    assume(walk.is_over)
    sequence = walk.sequence()

    changed = replace(sequence, steps=shuffled(sequence.steps, walk.random))

    assert walk.positive(changed).accepts(walk.start, tuple(walk.steps))


# -- Q2


def turned(standard: Standard, flow: Flow) -> tuple[Standard, Flow]:
    """The flow with each sequence that can happen claimed to be impossible, and no other claim."""
    sequences = tuple(replace(each, impossible=True) for each in flow.sequences if not each.impossible)
    changed = replace(flow, sequences=sequences, properties=())
    return replace(standard, flows=tuple(changed if each is flow else each for each in standard.flows)), changed


def negated(standard: Standard, flow: Flow, check: Check) -> list[Verdict]:
    told = explore(*turned(standard, flow), check, most=3_000).verdicts
    return [each for each in told if each.kind == "sequence"]


def _once(checks: Iterable[Check]) -> list[Check]:
    return list({str(each.name): each for each in checks}.values())


@pytest.mark.parametrize("name", sorted(shipped()))
def test_q2_a_sequence_and_its_negative_never_both_hold(name: str) -> None:
    """Seen to fail when a negative sequence is said to hold though the search ended before anything like its start."""
    standard = shipped()[name]
    compared = 0
    for whole in own(standard.flows):
        flow = replace(whole, sequences=whole.sequences[::2])  # every other one: it takes long enough
        first = next(iter(flow.checks), default_check(flow))
        asked = {str(each.name): asked_by(flow, each, first) for each in flow.sequences}
        told = [(check, each) for check in _once(asked.values()) for each in negated(standard, flow, check)]
        for check, verdict in told:
            if asked[verdict.name] == check:
                compared += 1
                assert verdict.outcome is not Outcome.HOLDS, f"{flow.name}: {verdict.name}"

    assert compared > 1


@given(walks)
@QUICKLY
def test_q2_what_a_run_shows_its_negative_finds(walk: Walk) -> None:
    """In a check that lets nobody ask for anything, too.  Seen to fail when a negative doesn't give the commands that
    its chart has."""
    assume(walk.is_over)
    steps = shuffled(walk.sequence().steps, walk.random)
    silent = replace(walk.flow.checks[0], commands=((Name("l"), ()), (Name("r"), ())))

    for check in (walk.flow.checks[0], silent):
        space = Space(system(walk.space.system.standard, walk.flow, check))
        session = castings(Looked(space, MOST, None), walk.flow)[0]
        found = Negative(space, session, Chart("", steps))
        assert found.run(iter([space.start()]), MOST) is not None or not found.complete


# -- Q3

Line = tuple["str | tuple[Line, ...]", ...]
"""What happens on a lifeline, in order; a tuple of lines stands for parts without order."""


def line(steps: tuple[Step, ...], lifeline: str) -> Line:
    """Messages sent and received, commands and timers of a chart on one lifeline."""
    found: list[str | tuple[Line, ...]] = []
    for step in steps:
        match step:
            case Parallel(parts=parts):
                found.append(tuple(line(inner, lifeline) for _, inner in parts))
            case Passes(sender=sender, message=message) if sender == lifeline:
                found.append(f"sends {message}")
            case Passes(receiver=receiver, message=message, lost=False) if receiver == lifeline:
                found.append(f"receives {message}")
            case Does(lifeline=who, command=command) if who == lifeline:
                found.append(f"does {command}")
            case Waits(lifeline=who, timer=timer) if who == lifeline:
                found.append(f"waits {timer}")
            case Restarts(lifeline=who) if who == lifeline:
                found.append("restarts")
    return tuple(found)


def rests(expected: Line, word: str) -> Iterator[Line]:
    """What is still expected after a word, for each way to take it."""
    if not expected:
        return
    first, *others = expected
    if isinstance(first, str):
        if first == word:
            yield tuple(others)
        return
    for at, part in enumerate(first):
        for rest in rests(part, word):
            yield ((*first[:at], rest, *first[at + 1 :]), *others)
    if is_over(first):
        yield from rests(tuple(others), word)


def is_over(parts: tuple[Line, ...] | Line) -> bool:
    return all(not isinstance(each, str) and is_over(each) for each in parts)


def said(space: Space, session: Session, lifeline: str, steps: tuple[Taken, ...]) -> list[str]:
    """What happens on a lifeline in a run."""
    links = {each for each in session_links(space, session) if session.is_over(lifeline, each)}
    found = []
    for step in steps:
        if step.label.party != session.parties[lifeline] or step.label.kind == "loss":
            continue
        if step.label.kind == "attack" and step.label.message is not None:
            found.append(f"sends {space.message(step.label.message).name}")
        match step.label.event:
            case Commanded(instance=number, command=command) if session.is_of(lifeline, number):
                found.append(f"does {command}")
            case Delivered(link=link, message=message) if link in links:
                found.append(f"receives {message.name}")
            case Restarted():
                found.append("restarts")
            case Expired(instance=number, way=way) if session.is_of(lifeline, number):
                instance = space.system.instances[step.label.party][number]
                trigger = space.system.programs[instance.machine].ways[way].handler.trigger
                found.append(f"waits {getattr(trigger, 'timer', '')}")
        sends = step.reaction.sends if step.reaction else ()
        found += [f"sends {each.message.name}" for each in sends if each.link in links]
    return found


def is_projected(space: Space, session: Session, chart: Sequence, steps: tuple[Taken, ...]) -> bool:
    """Whether what happens on each lifeline is what the chart has there."""
    for lifeline in session.parties:
        expected = {line(chart.steps, lifeline)}
        for word in said(space, session, lifeline, steps):
            expected = {rest for each in expected for rest in rests(each, word)}
        if not any(is_over(each) for each in expected):
            return False
    return True


@pytest.mark.parametrize(("looked", "flow", "sequence"), POSITIVES)
def test_q3_the_witness_shows_the_chart_and_nothing_else(looked: Looked, flow: Flow, sequence: Sequence) -> None:
    """Seen to fail when a step may send more than the chart shows, and when the end doesn't wait for all of it."""
    for each in laid_out(looked, sequence):
        for run in runs(looked, flow, each):
            assert is_projected(looked.space, run.session, each, run.steps) or not run.complete


@given(walks)
@QUICKLY
def test_q3_the_witness_of_a_walk_shows_its_chart(walk: Walk) -> None:
    """Seen to fail when the parts of `parallel` come one after the other."""
    assume(walk.is_over)
    sequence = walk.sequence()

    run = walk.positive(sequence).run(iter([walk.start]), MOST)

    assert is_projected(walk.space, walk.session, sequence, run.steps)


def bound(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Only messages, commands and timers, whatever they carry."""
    for step in steps:
        match step:
            case Passes():
                yield replace(step, fields=())
            case Does() | Waits():
                yield step
            case Parallel(parts=parts):
                yield replace(step, parts=tuple((name, tuple(bound(inner))) for name, inner in parts))


@given(walks)
@QUICKLY
def test_q3_a_run_shows_a_chart_just_when_each_lifeline_does(walk: Walk) -> None:
    """Seen to fail when a receipt may come before what its receiver did earlier."""
    assume(walk.is_over)
    sequence = walk.sequence()
    chart = replace(sequence, steps=tuple(bound(sequence.steps)))

    for _ in range(10):
        run = walk.disordered()
        over = run[-1].target is not None and not any(run[-1].target.queues)
        shown = over and is_projected(walk.space, walk.session, chart, run)
        assert walk.positive(chart).accepts(walk.start, run) == shown


def mutants(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """One message, command or timer more or less."""
    for at, step in enumerate(steps):
        if isinstance(step, Passes | Does | Waits):
            yield (*steps[:at], *steps[at + 1 :])
            yield (*steps[:at], step, *steps[at:])
        elif isinstance(step, Parallel):
            for number, (name, inner) in enumerate(step.parts):
                for changed in mutants(inner):
                    parts = (*step.parts[:number], (name, changed), *step.parts[number + 1 :])
                    yield (*steps[:at], replace(step, parts=parts), *steps[at + 1 :])


@given(walks)
@QUICKLY
def test_q3_a_run_shows_no_chart_with_an_event_more_or_less(walk: Walk) -> None:
    """Seen to fail when a chart that is not over is taken to be shown."""
    assume(walk.is_over)
    sequence = walk.sequence()

    for steps in mutants(sequence.steps):
        assert not walk.positive(replace(sequence, steps=steps)).accepts(walk.start, tuple(walk.steps))


# -- suggestions

FLOWS = [
    pytest.param(standard, flow, id=f"{standard.name}-{flow.name}")
    for standard in shipped().values()
    for flow in own(standard.flows)
    if flow.machines
]


def pasted(standard: Standard, flow: Flow, text: str) -> tuple[Standard, Flow]:
    """The shipped specifications with this put under the sequences of a flow; they read without a diagnostic."""
    texts = files(ROOT / "spec")
    path = flow.about.span.source.path
    before, _, after = texts[path].decode().partition("\nsequences:\n")
    reading = read(texts | {path: f"{before}\nsequences:\n{text}{after}".encode()})
    assert reading.diagnostics == (), [f"{each.message} {each.span}" for each in reading.diagnostics]
    again = named(reading.standards, standard.name)
    return again, named(again.flows, flow.name)


def without_negatives(flow: Flow) -> Flow:
    """They are judged in every check, which takes long, and nothing is suggested for them."""
    return replace(flow, sequences=tuple(each for each in flow.sequences if not each.impossible))


def incomplete(standard: Standard, flow: Flow) -> Flow:
    """Without its last sequence: all together may show every transition, and nothing would be suggested.

    A step of lldp reaches all its machines, so a suggestion there takes seconds: its flows stay whole.
    """
    left = without_negatives(flow)
    return left if standard.name == "lldp" else replace(left, sequences=left.sequences[:-1])


SOME_FLOWS = [
    each if at % 4 == 0 else pytest.param(*each.values, id=each.id, marks=pytest.mark.slow)
    for at, each in enumerate(FLOWS)
]
"""Every fourth; all of them take minutes."""


@pytest.mark.parametrize(("standard", "flow"), SOME_FLOWS)
def test_what_is_suggested_can_be_pasted_and_shows_what_it_is_for(standard: Standard, flow: Flow) -> None:
    """Seen to fail when values are left out without looking whether it still shows the transition."""
    suggested = coverage(standard, incomplete(standard, flow), suggest=True, most=4_000)
    wanted = {(each.machine, each.number) for each in suggested.transitions if each.reach is Reach.SUGGESTED}

    text = suggestions(suggested)
    if not text:
        assert not wanted
        return  # nothing to be pasted
    again, longer = pasted(standard, flow, text)
    after = coverage(again, only_suggested(longer), suggest=False, most=4_000)

    assert {each.verdict.outcome for each in after.sequences} <= {Outcome.HOLDS}
    assert wanted <= {(each.machine, each.number) for each in after.transitions if each.sequences}


def only_suggested(flow: Flow) -> Flow:
    return replace(flow, sequences=tuple(each for each in flow.sequences if each.name.startswith("suggested_")))


@pytest.mark.slow
def test_the_shipped_flows_have_something_to_suggest() -> None:
    """Or else the test above would be about nothing.  Seen to fail when suggestions end where their transition fires."""
    for standard, flow in (("home_network_configuration", "service_start"), ("dhcp", "lease"), ("xmpp", "stream")):
        whole = without_negatives(named(shipped()[standard].flows, flow))
        shortened = replace(whole, sequences=whole.sequences[: len(whole.sequences) // 2])
        found = coverage(shipped()[standard], shortened, suggest=True, most=MOST)
        assert sum(each.reach is Reach.SUGGESTED for each in found.transitions) > 1


@given(walks)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_no_suggestion_is_longer_than_a_run_that_fires_the_same(walk: Walk) -> None:
    """Seen to fail when the way that was found last is taken."""
    assume(walk.is_over)
    standard = walk.space.system.standard
    begin = next(starts(walk.looked, walk.session, walk.sequence()), None)
    assume(begin == walk.start)

    for each in coverage(standard, walk.flow, suggest=True, most=MOST).transitions:
        fired = {one.transition.about.span for step in walk.steps if step.reaction for one in step.reaction.fired}
        if each.suggestion is not None and each.transition.about.span in fired:
            run = walk.positive(each.suggestion).run(iter([walk.start]), MOST)
            assert not run.complete or len(run.steps) <= len(walk.steps)
