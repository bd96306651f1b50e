"""A trace as a list for a terminal: each step with who, what, what came of it, and where that is written.

    1  alice    does `subscribe` with to = bob
                -> home: subscribe with to = bob
                roster: none -> pending                      spec/xmpp/flows/subscription.yaml:12, RFC 6121 3.1

States and queues are shown where they change; the last step shows all of them, since that
is the picture that a failure is about.
"""

from collections.abc import Iterator, Mapping

from clausework.model.about import About
from clausework.semantics.explanation import Explanation
from clausework.semantics.trace import Sent, Trace, TraceStep

Pairs = tuple[tuple[str, str], ...]
State = tuple[str, str, str, str]

_KINDS = {
    "command": "does `{name}`",
    "deliver": "receives {name} from {sender}",
    "expire": "has waited {name}",
    "tick": "time passes",
    "attack": "lies to {sender}: {name}",
    "loss": "never gets {name} from {sender}: lost on the way",
    "duplication": "will get {name} from {sender} once more",
    "swap": "will get {name} from {sender} after the next message",
    "cut": "is cut off from {sender}",
    "open": "opens a connection to {sender}",
    "accept": "accepts the connection of {sender}",
    "notice": "notices that the connection to {sender} is gone",
    "restart": "restarts",
}


def listing(trace: Trace) -> str:
    """Ends with a line feed.  A trace without steps says that the start itself is what is meant."""
    return "".join(f"{line}\n" for line in _lines(trace))


def explanation(found: Explanation) -> str:
    """Why, and what would go well."""
    return "".join(f"{line}\n" for line in _why(found))


def _why(found: Explanation) -> Iterator[str]:
    if found.reasons:
        yield "  why"
    for reason in found.reasons:
        where = place(reason.about)
        yield f"    {reason.text}{f' ({where})' if where else ''}"
    if found.instead is not None:
        after = f"is the same as far as step {found.same}; then" if found.same else "differs from the start"
        yield f"  the nearest run that goes well, as {found.well}, {after}"
        names = max(len(name) for name, _ in found.instead.parties)
        for step in found.instead.steps[found.same :]:
            yield f"    {step.number:>2}  {step.party:<{names}}  {what(step)}"


def _lines(trace: Trace) -> Iterator[str]:
    names = max((len(name) for name, _ in trace.parties), default=0)
    digits = len(str(len(trace.steps)))
    indent = " " * (digits + names + 6)
    previous = {_instance(state): state[3] for state in trace.start}
    if not trace.steps:
        yield "  already at the start"
    for step in trace.steps:
        yield f"  {step.number:>{digits}}  {step.party:<{names}}  {what(step)}"
        for line in consequences(step, previous):
            yield indent + line
        if where := place(step.about):
            yield f"{indent}({where})"
        previous.update((_instance(state), state[3]) for state in step.changed)
    if trace.loop is not None:
        yield f"  and from here on as from step {trace.loop}, for ever"
    yield from _at_the_end(trace)


def what(step: TraceStep) -> str:
    """What a party does, or what befalls it."""
    pattern = _KINDS.get(step.kind, step.kind + " {name}")
    text = pattern.format(name=step.name, sender=step.sender).strip()
    return text + given(step.arguments)


def consequences(step: TraceStep, previous: Mapping[tuple[str, str, str], str]) -> Iterator[str]:
    """What came of a step, a line each; `previous` are the states before, by party, machine and key."""
    for question, answer in step.answers:
        yield f"decides {question}: {answer}"
    for state in step.changed:
        before = previous.get(_instance(state))
        moved = f"{before} -> {state[3]}" if before is not None and before != state[3] else f"is {state[3]}"
        yield f"{_machine(state)}: {moved}"
    for sent in step.sends:
        yield _sent(sent)
    for name, arguments in step.notifications:
        yield f"is told {name}{given(arguments)}"
    if step.fault:
        yield f"fails: {step.fault}"


def _sent(sent: Sent) -> str:
    return f"-> {sent.receiver}: {sent.message}{given(sent.fields)}{' (goes nowhere)' if sent.lost else ''}"


def _at_the_end(trace: Trace) -> Iterator[str]:
    states = trace.steps[-1].states if trace.steps else trace.start
    queues = trace.steps[-1].queues if trace.steps else ()
    yield ""
    yield "  at the end"
    for state in states:
        yield f"    {state[0]}: {_machine(state)} is {state[3]}"
    for sender, receiver, messages in queues:
        if messages:
            yield f"    on the way from {sender} to {receiver}: {', '.join(messages)}"


def _instance(state: State) -> tuple[str, str, str]:
    return state[:3]


def _machine(state: State) -> str:
    return f"{state[1]}[{state[2]}]" if state[2] else state[1]


def given(pairs: Pairs) -> str:
    return " with " + " and ".join(f"{name} = {value}" for name, value in pairs) if pairs else ""


def place(about: About | None) -> str:
    """Where an element is written, and where that is from."""
    if about is None:
        return ""
    clause = "clause " if about.source and about.source.clause and not about.source.document else ""
    source = [f"{clause}{about.source}, {about.mark}"] if about.source else []
    return ", ".join([str(about.span), *source])
