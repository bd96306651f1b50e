"""A verdict that fails -> its explanation."""

from collections.abc import Iterator

from clausework.explore.explaining.nearest import nearest
from clausework.explore.explaining.well import Well, well_of
from clausework.explore.walking.retracing import retraced
from clausework.model.machine import Command, Receive, Trigger
from clausework.semantics.events import Commanded, Delivered, Expired, Kind
from clausework.semantics.explanation import Explanation, Reason
from clausework.semantics.space import Space, Step
from clausework.semantics.system import System
from clausework.semantics.telling import tell
from clausework.semantics.trace import Trace
from clausework.semantics.verdict import Verdict
from clausework.semantics.words import short_name

_MOST_PLACES = 4


def explained(space: Space, verdict: Verdict) -> Explanation | None:
    """None for what has no run from the start of the space, or none that is a failure; a sequence's is its nearest."""
    if verdict.trace is None or verdict.expected or verdict.kind == "sequence":
        return None
    steps = retraced(space, verdict.trace)
    if not steps:
        return None
    reasons = (*_refused(space, steps[-1]), *_unanswered(space.system, verdict.trace))
    reasons += (*_since(verdict.trace, steps[-1]), *_origin(verdict.trace))
    well = well_of(space, verdict, steps)
    found = _instead(space, steps, well) if well is not None else None
    if well is None or found is None:
        return Explanation(reasons=reasons)
    same, run = found
    return Explanation(reasons=reasons, well=well.words, same=same, instead=tell(space, space.start(), run))


def _instead(space: Space, steps: tuple[Step, ...], well: Well) -> tuple[int, tuple[Step, ...]] | None:
    found = nearest(space, steps, well)
    return (found[0], (*steps[: found[0]], *found[1])) if found is not None else None


# -- reasons


def _refused(space: Space, last: Step) -> Iterator[Reason]:
    """Who has no transition for what, and in which states there is one."""
    reaction = last.reaction
    found = next((each for each in reaction.findings if each.kind is Kind.IMPOSSIBLE), None) if reaction else None
    if reaction is None or found is None:
        return
    instance = space.system.instances[last.label.party][reaction.taker if reaction.taker is not None else 0]
    program = space.system.programs[instance.machine]
    what = _what(last)
    yield Reason(text=found.text, about=found.about)
    taken = [way for way in program.ways if _is_for(way.handler.trigger, last)]
    for way in taken[:_MOST_PLACES]:
        where = f"in `{way.handler.scope}`" if way.handler.scope is not None else "anywhere"
        about = way.transitions[0].about if way.transitions else None
        yield Reason(text=f"`{program.machine.name}` takes `{what}` {where}", about=about)
    if not taken:
        yield Reason(text=f"`{program.machine.name}` takes `{what}` in no state", about=program.machine.about)


def _what(step: Step) -> str:
    match step.label.event:
        case Commanded(command=command):
            return command
        case Delivered(message=message):
            return short_name(message.name)
        case Expired():
            return "the timer"
    return step.label.kind


def _is_for(trigger: Trigger, step: Step) -> bool:
    match step.label.event, trigger:
        case Delivered(message=message), Receive(message=name):
            return str(name) == message.name
        case Commanded(command=command), Command(name=name):
            return str(name) == command
    return False


def _origin(trace: Trace) -> Iterator[Reason]:
    """Where the message that is taken last came from."""
    last = trace.steps[-1]
    for step in trace.steps:
        for sent in step.sends:
            if sent.number == last.received and last.kind == "deliver":
                yield Reason(
                    text=f"`{sent.message}` was sent by `{step.party}` in step {step.number}", about=sent.about
                )


def _unanswered(system: System, trace: Trace) -> Iterator[Reason]:
    """Who took a request and has sent nothing for it."""
    for asking in trace.steps:
        for sent in asking.sends:
            answers = {
                short_name(name)
                for request in system.messages
                if short_name(request) == sent.message
                for name in system.responses(request)
            }
            taken = next(
                (each for each in trace.steps if each.kind == "deliver" and each.received == sent.number), None
            )
            if not answers or taken is None:
                continue
            given = (
                each
                for step in trace.steps[taken.number - 1 :]
                if step.party == taken.party
                for each in step.sends
                if each.receiver == asking.party
            )
            if not any(each.message in answers for each in given):
                text = (
                    f"`{sent.message}` was taken by `{taken.party}` in step {taken.number}, and nothing was sent for it"
                )
                yield Reason(text=text, about=taken.about)


def _since(trace: Trace, last: Step) -> Iterator[Reason]:
    """Since when who fails is where he is; where it isn't one of them who fails, everybody who went anywhere."""
    came = {row[:3]: step for step in trace.steps for row in step.changed}
    alone = last.reaction is not None and last.reaction.findings
    for party, machine, key, state in trace.steps[-1].states:
        step = came.get((party, machine, key))
        if step is not None and (not alone or party == trace.steps[-1].party):
            whose = f"`{machine}` of `{party}`" if machine != party else f"`{party}`"
            of = f" for {key}" if key else ""
            yield Reason(text=f"{whose}{of} is in `{state}` since step {step.number}", about=step.about)
