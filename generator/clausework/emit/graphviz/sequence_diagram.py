"""A sequence of the standard, told in rows."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Final

from clausework.emit.graphviz.lifelines import Story, Told, drawn
from clausework.emit.graphviz.rows import (
    FORGED,
    Beside,
    Frame,
    Link,
    Message,
    Note,
    Party,
    Row,
    Sign,
    States,
    rows_of_states,
)
from clausework.emit.graphviz.words import assignment_words, citation, lifeline_role, local, written
from clausework.expr import nodes as expr
from clausework.model import sequence as model
from clausework.model.about import About
from clausework.model.language import RESTARTS
from clausework.model.renaming import lifelines
from clausework.model.standard import Flow

Titles = Mapping[tuple[str, str], str]
"""(flow, sequence) -> what it is called; flows by their local names, as they are referred to."""

_UNTITLED: Final[Titles] = {}


def sequence_diagram(
    flow: Flow, sequence: model.Sequence, *, name: str, title: str, subtitle: str, titles: Titles = _UNTITLED
) -> Told:
    """`titles`: of the sequences that may be put in."""
    return drawn(_Telling(flow, sequence, titles).story(name, title, subtitle))


class _Telling:
    def __init__(self, flow: Flow, sequence: model.Sequence, titles: Titles) -> None:
        self._flow, self._sequence, self._titles = flow, sequence, titles
        self._numbers = count(1)
        self._lost: set[frozenset[str]] = set()
        roles = {str(lifeline.name): lifeline_role(lifeline) for lifeline in flow.lifelines}
        involved = list(lifelines(sequence.steps))
        order = [name for name in roles if name in involved]
        self._names = [*order, *dict.fromkeys(name for name in involved if name not in roles)]
        self._names = self._names or list(roles)
        self._parties = tuple(
            Party(name=name, role="" if roles.get(name, name) == name else roles[name]) for name in self._names
        )

    def story(self, name: str, title: str, subtitle: str) -> Story:
        sequence = self._sequence
        rows = [*self._starts(), *self._told(sequence.steps), *self._conditions(sequence.ends, "afterwards")]
        warning = "What stands here must not happen." if sequence.impossible else ""
        note = f"{sequence.about.note.strip().removesuffix('.')}." if sequence.about.note else ""
        foot = tuple(sentence for sentence in (warning, note) if sentence)
        return Story(name=name, title=title, subtitle=subtitle, parties=self._parties, rows=tuple(rows), foot=foot)

    # -- states

    def _starts(self) -> Iterator[Row]:
        """The states at the start; if the author doesn't say, machines are in their initial ones."""
        if self._sequence.starts:
            yield from self._conditions(self._sequence.starts, "before")
            return
        machines = {str(machine.name): str(machine.initial) for machine in self._flow.machines}
        roles = {str(lifeline.name): str(lifeline.role) for lifeline in self._flow.lifelines}
        states = [(name, machines.get(name) or machines.get(roles.get(name, ""))) for name in self._names]
        known = tuple((name, state) for name, state in states if state)
        if known:
            yield States(of=known)

    def _conditions(self, conditions: Sequence[expr.Expr], what: str) -> Iterator[Row]:
        """States on the lifelines where a condition says just that, each machine's below the other; anything else as a
        note."""
        found = [(condition, self._state(condition)) for condition in conditions]
        yield from rows_of_states([state for _, state in found if state is not None])
        notes = [self._noted(condition) for condition, state in found if state is None]
        if notes:
            yield Note(over=(self._names[0], self._names[-1]), text=f"{what}: {' and '.join(notes)}")

    def _noted(self, condition: expr.Expr) -> str:
        """In words; a machine of another flow is named by that."""
        if not isinstance(condition, expr.InState) or condition.of is None or condition.of.flow == self._flow.name:
            return written(condition)
        of = condition.of
        return f"{of.lifeline}.{local(of.flow)} is {'|'.join(condition.states)}"

    def _state(self, condition: expr.Expr) -> tuple[str, str] | None:
        """(lifeline, state) if that is all it says."""
        if not isinstance(condition, expr.InState) or condition.of is None or condition.of.lifeline not in self._names:
            return None
        states = " or ".join(condition.states)
        elsewhere = condition.of.flow != self._flow.name
        return str(condition.of.lifeline), f"{local(condition.of.flow)}: {states}" if elsewhere else states

    # -- steps

    def _told(self, steps: Sequence[model.Step]) -> Iterator[Row]:
        pending: dict[str, str] = {}
        for step in steps:
            known = self._state(step.condition) if isinstance(step, model.IsIn) else None
            if known is not None and known[0] not in pending:
                pending[known[0]] = known[1]
                continue
            if pending:
                yield States(of=tuple(pending.items()))
                pending = dict([known]) if known is not None else {}
            if known is None:
                yield from self._step(step)
        if pending:
            yield States(of=tuple(pending.items()))

    def _step(self, step: model.Step) -> Iterator[Row]:
        match step:
            case model.Alternatives(cases=cases):
                yield self._framed("alternatives", cases, step.about)
            case model.Parallel(parts=parts):
                yield self._framed("parallel", parts, step.about)
            case model.Optionally(steps=steps):
                yield self._framed("optional", (("", steps),), step.about)
            case model.Repeat(low=low, high=high, steps=steps):
                times = f"{low} times" if low == high else f"{low} to {high} times"
                yield self._framed("repeat", ((times, steps),), step.about)
            case model.Reference():
                yield self._reference(step)
            case model.Never(event=event):
                said = "; ".join(_said(event))
                yield Note(over=(_lifeline(event),), text=f"from here on never: {said}")
            case _:
                yield self._event(step)

    def _framed(self, kind: str, operands: Sequence[tuple[str, tuple[model.Step, ...]]], about: About) -> Frame:
        told = tuple((str(guard), tuple(self._told(steps))) for guard, steps in operands)
        return Frame(kind=kind, operands=told, cite=self._cite(about))

    def _reference(self, step: model.Reference) -> Note:
        renamed = ", ".join(f"{theirs} is {ours}" for theirs, ours in step.roles if theirs != ours)
        over = [name for name in self._names if name in set(lifelines(step.steps))] or self._names
        called = f"sequence {local(step.flow)}, {step.sequence}"
        title = self._titles.get((local(step.flow), str(step.sequence)), "")
        link = f"#sequence-{local(step.flow)}-{step.sequence}"
        details = tuple(part for part in (called if title else "", renamed) if part)
        return Note(over=(over[0], over[-1]), text=title or called, details=details, link=link)

    def _event(self, step: model.Event) -> Row:
        cite, mark = self._cite(step.about), step.about.mark
        match step:
            case model.Passes():
                return Message(
                    sender=str(step.sender), receiver=str(step.receiver), name=local(step.message),
                    details=_details(step), cite=cite, mark=mark, number=next(self._numbers),
                    lost=step.lost,
                )  # fmt: skip
            case model.Loses() | model.Restores():
                return self._link(step, cite)
            case model.IsIn():
                return Note(over=(str(step.lifeline),), text=written(step.condition))
            case _:
                sign, text, details = _beside(step)
                return Beside(
                    who=str(step.lifeline), sign=sign, text=text, details=details, cite=cite, mark=mark,
                    number=next(self._numbers),
                )  # fmt: skip

    def _link(self, step: model.Loses | model.Restores, cite: str) -> Row:
        broken = isinstance(step, model.Loses)
        who, peer = str(step.lifeline), str(step.peer)
        ends = frozenset((who, peer))
        text = "connection lost" if broken else "connected again" if ends in self._lost else "connected"
        if broken:
            self._lost.add(ends)
        if peer in self._names and peer != who:
            said = f"{text}, {who} notices"
            return Link(ends=(who, peer), text=said, cite=cite, number=next(self._numbers), broken=broken)
        said = f"{text}: {peer}"
        return Beside(who=who, sign=Sign.EVENT, text=said, cite=cite, mark=step.about.mark, number=next(self._numbers))

    def _cite(self, about: About) -> str:
        return citation(about, self._sequence.about, self._flow.about)


_Beside = model.Does | model.Told | model.Decides | model.Waits | model.Restarts


def _beside(step: _Beside) -> tuple[Sign, str, tuple[str, ...]]:
    match step:
        case model.Does(command=command, arguments=arguments):
            return Sign.COMMAND, str(command), _carried(arguments)
        case model.Told(notification=notification, arguments=arguments):
            return Sign.NOTIFICATION, str(notification), _carried(arguments)
        case model.Decides(decision=decision, answer=answer):
            return Sign.DECISION, f"{decision}: {answer}", ()
        case model.Waits(timer=timer):
            return Sign.EXPIRY, f"{timer} expires", ()
        case model.Restarts():
            return Sign.EVENT, RESTARTS, ()


def _details(step: model.Passes) -> tuple[str, ...]:
    return (*_carried(step.fields), FORGED) if step.forged else _carried(step.fields)


def _carried(fields: tuple[tuple[str, expr.Expr], ...]) -> tuple[str, ...]:
    """Fields in one paragraph."""
    said = ", ".join(assignment_words(fields))
    return (said,) if said else ()


def _said(event: model.Event) -> Iterator[str]:
    match event:
        case model.Passes():
            yield f"{event.sender} → {event.receiver}: {local(event.message)}"
            yield from assignment_words(event.fields)
        case model.Loses(peer=peer) | model.Restores(peer=peer):
            what = "loses" if isinstance(event, model.Loses) else "gets a connection to"
            yield f"{event.lifeline} {what} {peer}"
        case model.Restarts(lifeline=lifeline):
            yield f"{lifeline} {RESTARTS}"
        case model.IsIn(condition=condition):
            yield written(condition)
        case model.Does() | model.Told():
            _, text, details = _beside(event)
            yield f"{event.lifeline} {'does' if isinstance(event, model.Does) else 'is told'} {text}"
            yield from details
        case model.Decides(decision=decision, answer=answer):
            yield f"{event.lifeline} decides {decision} is {answer}"
        case model.Waits(timer=timer):
            yield f"{timer} of {event.lifeline} expires"


def _lifeline(event: model.Event) -> str:
    return str(event.sender if isinstance(event, model.Passes) else event.lifeline)


def messages_passed(steps: Sequence[model.Step]) -> Iterator[tuple[str, str, str]]:
    """Sender, receiver, message of all steps, of sequences put in too."""
    for step in steps:
        match step:
            case model.Passes(sender=sender, receiver=receiver, message=message):
                yield str(sender), str(receiver), str(message)
            case model.Alternatives(cases=operands) | model.Parallel(parts=operands):
                for _, inner in operands:
                    yield from messages_passed(inner)
            case model.Optionally(steps=inner) | model.Repeat(steps=inner) | model.Reference(steps=inner):
                yield from messages_passed(inner)
            case _:
                pass
