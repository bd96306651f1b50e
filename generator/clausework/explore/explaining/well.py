"""What it would be for a run to go well, by what fails in the other one."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from clausework.explore import rules
from clausework.explore.verdicts.looking import is_plain
from clausework.explore.verdicts.resting import Resting
from clausework.expr import nodes
from clausework.model.sequence import Always, Nowhere, Property, Settled
from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Commanded, Delivered
from clausework.semantics.session import session_holds, sessions
from clausework.semantics.space import Space, Step
from clausework.semantics.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Well:
    """`reached`: from a configuration, by a step, to another one: it went well.

    `spoils`: a step that a good run doesn't take.
    """

    words: str
    reached: Callable[[Configuration, Step, Configuration], bool]
    spoils: Callable[[Step, Configuration], bool]


def well_of(space: Space, verdict: Verdict, steps: tuple[Step, ...]) -> Well | None:
    """None where nobody can say it of the end of a run."""
    if steps[-1].reaction is not None and steps[-1].reaction.findings:
        return _taken(steps[-1])
    if verdict.kind == "property":
        stated = next(each for each in space.system.flow.properties if each.name == verdict.name)
        return _holding(space, stated) if is_plain(stated) else None
    if verdict.kind in (rules.STUCK.slug, rules.NEVER_LEAVES.slug):
        return _resting(space, steps[-1])
    return None


def _has_findings(step: Step, _after: Configuration) -> bool:
    return step.reaction is not None and bool(step.reaction.findings)


def _taken(failing: Step) -> Well:
    """The same party takes the same message (or command, or timer), and can."""
    wanted = _what(failing)

    def reached(_before: Configuration, step: Step, _after: Configuration) -> bool:
        return _what(step) == wanted

    return Well("it is taken", reached, _has_findings)


def _what(step: Step) -> tuple[int, str, Hashable]:
    """Who, and what he takes; values and ids may differ."""
    match step.label.event:
        case Delivered(message=message):
            return step.label.party, step.label.kind, message.name
        case Commanded(command=command, instance=instance):
            return step.label.party, step.label.kind, (command, instance)
    return step.label.party, step.label.kind, step.label.event


def _holding(space: Space, stated: Property) -> Well | None:
    """Nothing happens by itself any more, and the property held all the way."""
    match stated.claim:
        case Always(condition=condition):
            return _kept(space, stated, condition, wanted=True, always=True)
        case Settled(condition=condition):
            return _kept(space, stated, condition, wanted=True, always=False)
        case Nowhere(happening=happening) if happening.condition is not None:
            return _kept(space, stated, happening.condition, wanted=False, always=True)
    return None


def _kept(space: Space, stated: Property, condition: nodes.Expr, *, wanted: bool, always: bool) -> Well:
    every = sessions(space.system, space.system.flow)

    def holds(at: Configuration) -> bool:
        states = tuple(space.party(at, party) for party in range(len(at.parties)))
        return all(session_holds(condition, space.system, session, states) is wanted for session in every)

    def reached(_before: Configuration, _step: Step, after: Configuration) -> bool:
        return space.quiescent(after) and holds(after)

    def spoils(step: Step, after: Configuration) -> bool:
        return _has_findings(step, after) or (not holds(after) and (always or space.settled(after)))

    return Well(f"`{stated.name}` holds when all has come to rest", reached, spoils)


def _resting(space: Space, last: Step) -> Well | None:
    """Nothing happens by itself any more, and all that hung rests."""
    hanging = last.target
    if hanging is None:
        return None
    resting = Resting(space.system)
    hung = [
        (party, instance)
        for party, inside in enumerate(space.system.instances)
        for instance in inside
        if not resting.rests(party, instance, space.party(hanging, party))
    ]

    def reached(_before: Configuration, _step: Step, after: Configuration) -> bool:
        at_rest = all(resting.rests(party, instance, space.party(after, party)) for party, instance in hung)
        return at_rest and space.quiescent(after)

    def spoils(step: Step, after: Configuration) -> bool:
        return _has_findings(step, after) or after == hanging

    return Well("nobody hangs when all has come to rest", reached, spoils)
