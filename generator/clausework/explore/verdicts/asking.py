"""In which of a flow's checks a sequence is looked for: a positive one in one that has its faults, once a flow."""

from collections.abc import Iterator

from clausework.model.sequence import (
    Alternatives,
    Check,
    Loses,
    Optionally,
    Parallel,
    Passes,
    Reference,
    Repeat,
    Restarts,
    Sequence,
    Step,
)
from clausework.model.standard import Flow


def is_judged(flow: Flow, check: Check, sequence: Sequence) -> bool:
    """Whether the check judges a negative sequence: one that begins at the beginning not in the midst of things."""
    begins = sequence.starts or not check.given or all(each.given for each in flow.checks)
    return bool(begins) and check.judges(sequence.name)


def asked_by(flow: Flow, sequence: Sequence, default: Check) -> Check:
    """The check in which a positive sequence is looked for, once a flow: the first that has the faults written in it.

    If none has, it is the first, where the sequence may still happen: a connection is also lost when it is closed.
    """
    for wanted in _wanted(sequence):
        for each in flow.checks:
            if wanted <= _offered(each):
                return each
    return next(iter(flow.checks), default)


def _wanted(sequence: Sequence) -> Iterator[set[str]]:
    """The faults that a check is asked for; then those that may do.

    A message is lost with its connection, too, and a connection with who restarts; who it is may go by another name.
    """
    wanted = _faults(sequence.steps)
    for each in (wanted, wanted & {*_BY_WHOM, "lost", "loss"}):
        yield each
        if {"lost", "restart"} & wanted:
            yield each - {"loss"}
        if "restart" in wanted:
            yield each - {"lost"}
            yield each - {"lost", "loss"}


_BY_WHOM = ("restart", "attack")


def _offered(check: Check) -> set[str]:
    """The kinds of its faults; and who restarts or attacks, by the name and the role of the party."""
    roles = {str(each.name): str(each.role) for each in check.parties}
    found = {str(each.kind) for each in check.faults}
    for each in check.faults:
        if each.kind in _BY_WHOM:
            found |= {f"{each.kind} of {word}" for word in (each.subject, roles.get(str(each.subject)))}
    return found


def _faults(steps: tuple[Step, ...]) -> set[str]:
    found = set()
    for step in steps:
        match step:
            case Passes(sender=sender, lost=lost, forged=forged):
                found |= {"loss"} if lost else set()
                found |= {"attack", f"attack of {sender}"} if forged else set()
            case Loses():
                found.add("lost")
            case Restarts(lifeline=lifeline):
                found |= {"restart", f"restart of {lifeline}"}
            case Alternatives(cases=parts) | Parallel(parts=parts):
                found |= {each for _, inner in parts for each in _faults(inner)}
            case Optionally(steps=inner) | Repeat(steps=inner) | Reference(steps=inner):
                found |= _faults(inner)
    return found


def faultless(flow: Flow, sequence: Sequence) -> str:
    """What it needs that no check allows."""
    *_, least = _wanted(sequence)
    if not least or any(least <= _offered(each) for each in flow.checks):
        return ""
    whose = {each.replace(" of ", " ") for each in _faults(sequence.steps) if " of " in each}
    shown = sorted(whose | {each for each in least if each not in _BY_WHOM})
    return f"; it needs a check with `faults: [{', '.join(shown)}]`"
