"""Fairness: what goes on happening as long as it can, by classes of steps.

Weak fairness, one class for each queue, for each timer of an instance, for each end of a link that has to accept it or
to notice its loss.  Time passes wherever it can again and again (strongly fair: else an application that asks for
something ever anew would make it stand still, and no run could be told to be too late).  Nobody has to give a command,
to answer in a certain way, to open a link (unless the check says that they reconnect), or to go wrong.
"""

from clausework.semantics.events import Expired, Reaction
from clausework.semantics.space import FAULTS, Label

Class = tuple[str, int, int, int]
"""Kind, party, link or instance, timer; -1 for what doesn't apply."""

TICK: Class = ("tick", -1, -1, -1)

FAULT, ENVIRONMENT, RECURRING = 1, 2, 4
"""What else matters of a step: it was a fault; it needs somebody outside; it is meant to come again and again."""


def class_of(label: Label, *, reconnects: bool) -> Class | None:
    """The class of a step; None if nothing makes it happen."""
    match label.kind:
        case "expire" if isinstance(label.event, Expired):
            return "expire", label.party, label.event.instance, label.event.way
        case "deliver" | "accept" | "notice":
            return label.kind, label.party, -1 if label.link is None else label.link, -1
        case "tick":
            return TICK
        case "open" if reconnects:
            return "open", label.party, -1 if label.link is None else label.link, -1
    return None


def flags_of(label: Label, reaction: Reaction | None) -> int:
    """What else matters of a step."""
    if label.kind in FAULTS:
        return FAULT
    recurring = reaction is not None and any(each.transition.recurring for each in reaction.fired)
    return (ENVIRONMENT if label.kind in ("command", "open", "attack") else 0) | (RECURRING if recurring else 0)
