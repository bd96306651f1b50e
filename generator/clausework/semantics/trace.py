"""A trace: what happened, step by step, in words and numbers that can be shown."""

from dataclasses import dataclass

from clausework.model.about import About


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message put into a queue.  `number` tells equal messages apart; `lost`: it went nowhere."""

    number: int
    receiver: str
    message: str
    fields: tuple[tuple[str, str], ...]
    about: About | None = None
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStep:
    """One step.

    `kind` is command, deliver, expire, tick, attack, or a fault's or link's word (loss, duplication, swap, cut,
    restart, open, accept, notice).

    `name` is the command's, message's or timer's; `received` the number of the message delivered (or lost);
    `states`: (party, machine, key, state) of every instance after the step, those at their initial value left out
    unless the step changed them; `changed` those of them that the step changed; `queues`: (sender, receiver, messages
    with the head first) of all that is in flight after the step; `vanished` the numbers of what was in flight and never
    arrives, because a connection is gone.  `about` is the transition's: clause, mark and place.
    """

    number: int
    party: str
    kind: str
    name: str
    arguments: tuple[tuple[str, str], ...] = ()
    sender: str | None = None
    received: int | None = None
    answers: tuple[tuple[str, str], ...] = ()
    sends: tuple[Sent, ...] = ()
    notifications: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    states: tuple[tuple[str, str, str, str], ...] = ()
    changed: tuple[tuple[str, str, str, str], ...] = ()
    queues: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    vanished: tuple[int, ...] = ()
    about: About | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """`parties` are (name, role) in the order of the check; `start` the states before the first step, as in a step.

    `loop`: the number of the step that the last one leads back to.
    """

    parties: tuple[tuple[str, str], ...]
    start: tuple[tuple[str, str, str, str], ...]
    steps: tuple[TraceStep, ...]
    loop: int | None = None
