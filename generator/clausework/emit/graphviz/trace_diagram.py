"""A counterexample, told in rows: what was sent and what was delivered apart, so that crossing messages cross."""

from collections.abc import Iterator, Sequence
from typing import Final

from clausework.emit.graphviz.lifelines import Story, Told, drawn
from clausework.emit.graphviz.rows import (
    Beside,
    Deliver,
    Elapsing,
    Fault,
    Frame,
    Link,
    Message,
    Party,
    Queues,
    Row,
    Send,
    Sign,
    States,
    rows_of_states,
)
from clausework.emit.graphviz.words import citation, here, local
from clausework.model.about import About, Mark
from clausework.semantics.trace import Sent, Trace, TraceStep

Instance = tuple[str, str, str, str]
"""Party, machine, key, state."""


def told_trace(trace: Trace, *, name: str, title: str, subtitle: str, foot: str = "", home: str = "") -> Told:
    """`home`: the folder of the flows that are the standard's own; what stands elsewhere is imported."""
    telling = _Telling(trace, home)
    sentences = tuple(sentence for sentence in (foot, telling.loop_sentence()) if sentence)
    parties = tuple(Party(name=party, role="" if role == party else local(role)) for party, role in trace.parties)
    return drawn(
        Story(
            name=name,
            title=title,
            subtitle=subtitle,
            parties=parties,
            rows=tuple(telling.rows()),
            cites="clause · YAML line",
            foot=sentences,
        )
    )


class _Telling:
    def __init__(self, trace: Trace, home: str) -> None:
        self._trace, self._home = trace, home
        self._names = [party for party, _ in trace.parties]
        shown = [*trace.start, *(changed for step in trace.steps for changed in step.changed)]
        self._machines = {
            party: {(machine, key) for of, machine, key, _ in shown if of == party} for party in self._names
        }
        self._several = len({step.name for step in trace.steps if step.kind in _LINKS or step.kind == "notice"}) > 1
        self._flying = {sent.number for step in trace.steps for sent in step.sends if not sent.lost}

    def loop_sentence(self) -> str:
        if self._trace.loop is None:
            return ""
        return f"After the last step it goes on with step {self._trace.loop}, and so for ever."

    def rows(self) -> Iterator[Row]:
        yield from self._states(self._trace.start)
        steps = self._trace.steps
        loop = self._trace.loop
        before = [step for step in steps if loop is None or step.number < loop]
        cycle = [step for step in steps if loop is not None and step.number >= loop]
        yield from self._steps(before)
        if cycle:
            guard = f"for ever, from step {loop}"
            yield Frame(kind="repeat", operands=((guard, tuple(self._steps(cycle))),))

    def _steps(self, steps: Sequence[TraceStep]) -> Iterator[Row]:
        for step in steps:
            yield from self._step(step)

    def _step(self, step: TraceStep) -> Iterator[Row]:
        cite = _place(step.about)
        mark = self._mark(step.about)
        lost = [number for number in step.vanished if number in self._flying]
        if step.fault is not None:
            yield from self._fault(step, cite)
        else:
            yield self._head(step, cite, mark)
            yield from self._did(step, mark)
        yield from (Deliver(slot=slot, lost=True) for slot in lost)
        if step.queues:
            yield Queues(of=tuple((f"{sender} → {receiver}", of) for sender, receiver, of in step.queues))
        yield from self._states(step.changed, fault=step.fault is not None)

    def _head(self, step: TraceStep, cite: str, mark: Mark) -> Row:
        """What the step is, with its number: where a message arrives, what the application does, ..."""
        details = _pairs(step.arguments)
        if step.received in self._flying and step.kind in ("deliver", "loss"):
            return Deliver(slot=step.received, cite=cite, number=step.number, lost=step.kind == "loss")
        if step.kind == "deliver" and step.sender in self._names and step.sender != step.party:
            return Message(
                sender=step.sender or "", receiver=step.party, name=local(step.name), details=details, cite=cite,
                mark=mark, number=step.number,
            )  # fmt: skip
        if step.kind == "command":
            return self._beside(step, Sign.COMMAND, local(step.name), details, cite, mark)
        if step.kind == "tick":
            return Elapsing(text="a tick passes", number=step.number)
        if step.kind == "expire":
            return self._beside(step, Sign.EXPIRY, f"{step.name} expires", details, cite, mark)
        if step.kind in _LINKS and step.sender in self._names and step.sender != step.party:
            ends = (step.party, step.sender or "")
            broken = step.kind == "cut"
            text = _LINKS[step.kind] + (f" ({local(step.name)})" if self._several else "")
            return Link(ends=ends, text=text, cite=cite, number=step.number, broken=broken)
        which = f"{local(step.name)} " if self._several and step.kind == "notice" else ""
        about = f" ({which}connection with {step.sender})" if step.sender in self._names else ""
        said = f"{_KINDS.get(step.kind, f'{step.kind}: {local(step.name)}')}{about}"
        return self._beside(step, Sign.EVENT, said, details, cite, mark)

    @staticmethod
    def _beside(step: TraceStep, sign: Sign, text: str, details: tuple[str, ...], cite: str, mark: Mark) -> Beside:
        return Beside(who=step.party, sign=sign, text=text, details=details, cite=cite, mark=mark, number=step.number)

    def _did(self, step: TraceStep, mark: Mark) -> Iterator[Row]:
        for decision, answer in step.answers:
            yield Beside(who=step.party, sign=Sign.DECISION, text=f"{decision}: {answer}", mark=mark)
        for sent in step.sends:
            yield self._sent(step, sent, mark)
        for notification, arguments in step.notifications:
            details = _pairs(arguments)
            yield Beside(who=step.party, sign=Sign.NOTIFICATION, text=notification, details=details, mark=mark)

    def _sent(self, step: TraceStep, sent: Sent, mark: Mark) -> Row:
        party, cite = step.party, _place(sent.about) if _place(sent.about) != _place(step.about) else ""
        mark = self._mark(sent.about) if sent.about else mark
        name, details = local(sent.message), _pairs(sent.fields)
        if sent.lost:
            return Message(
                sender=party, receiver=sent.receiver, name=name, details=details, cite=cite, mark=mark, lost=True
            )
        return Send(
            slot=sent.number, sender=party, receiver=sent.receiver, name=name, details=details, cite=cite, mark=mark
        )

    def _fault(self, step: TraceStep, cite: str) -> Iterator[Row]:
        """The band; what led to it, if it isn't a message that arrives, stands above."""
        received = step.received if step.received in self._flying else None
        if step.kind != "deliver" or received is None:
            mark = self._mark(step.about)
            yield self._head(step, cite, mark)
            yield from self._did(step, mark)
            yield Fault(who=step.party, text=step.fault or "", details=self._all_states())
            return
        details = self._all_states()
        yield Fault(
            who=step.party, text=step.fault or "", details=details, cite=cite, number=step.number, slot=received
        )
        yield from self._did(step, self._mark(step.about))

    def _mark(self, about: About | None) -> Mark:
        """What the network or an attacker does is in no standard: nobody has stated it."""
        if about is None:
            return Mark.INFERRED
        return about.mark if about.span.source.path.startswith(self._home) else here(about.mark)

    def _all_states(self) -> tuple[str, ...]:
        """Who is where after the last step, in one paragraph; nothing if there are too many to be taken in."""
        last = {
            (party, machine, key): state
            for instances in (self._trace.start, *(step.changed for step in self._trace.steps))
            for party, machine, key, state in instances
        }
        told = {
            party: [
                self._shown(party, machine, key, state) for (of, machine, key), state in last.items() if of == party
            ]
            for party in self._names
        }
        if len(last) > _MOST_STATES:
            return ()
        said = [f"{party} {', '.join(states)}" for party, states in told.items() if states]
        return (" · ".join(said),) if said else ()

    def _states(self, instances: Sequence[Instance], *, fault: bool = False) -> Iterator[States]:
        shown = [(party, self._shown(party, machine, key, state)) for party, machine, key, state in instances]
        yield from rows_of_states(shown, fault=fault)

    def _shown(self, party: str, machine: str, key: str, state: str) -> str:
        """Only the state, unless the party has several instances in this trace."""
        known = self._machines.get(party, set())
        several_machines = len({each for each, _ in known}) > 1
        several_keys = len({other for each, other in known if each == machine}) > 1
        of = f" {key}" if several_keys and key else ""
        return f"{machine}{of}: {state}" if several_machines or of else state


_MOST_STATES: Final = 6
_LINKS: Final = {"cut": "connection lost", "open": "connection opened", "accept": "connection accepted"}
_KINDS: Final = {"notice": "notices the loss", "restart": "restarts", "cut": "connection lost"}


def _pairs(pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """What is given, in one paragraph."""
    given = [f"{name} = {value}" for name, value in pairs if value != "none"]
    return (", ".join(given),) if given else ()


def _place(about: About | None) -> str:
    """Clause, file and line of a transition."""
    if about is None:
        return ""
    path = about.span.source.path.rpartition("/")[2]
    written = f"{path}:{about.span.start.line}"
    return " · ".join(part for part in (citation(about), written) if part)
