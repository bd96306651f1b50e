"""What a transition does: values, timers, messages, notifications, and what others hear of it.

Everything to the right of a trigger reads the values before the step; updates are simultaneous.
"""

from collections.abc import Iterator
from dataclasses import replace

from clausework.expr.evaluate import evaluate
from clausework.expr.nodes import Value
from clausework.model.machine import Impossible, Send
from clausework.model.states import ancestry, entered
from clausework.model.transitions import Transition
from clausework.semantics.choosing import Choice
from clausework.semantics.configuration import InstanceState, Message
from clausework.semantics.disposing import disposed
from clausework.semantics.events import (
    Answered,
    Crossed,
    Delivered,
    Dispatch,
    Event,
    Fired,
    Found,
    Kind,
    Notice,
    Noticed,
)
from clausework.semantics.requests import closed, kept, numbered, owed
from clausework.semantics.sending import links_seen, messages, receivers, way
from clausework.semantics.system import Instance, Program, System
from clausework.semantics.view import View, view_of
from clausework.semantics.world import World


def commit(world: World, instance: Instance, event: Event, choice: Choice) -> World:
    transition = choice.transition
    view = view_of(world.system, world.party, world.state, instance, event)
    world = world._replace(fired=(*world.fired, Fired(instance.number, transition)))
    if choice.answers:
        view = view._replace(answer=choice.fields)
        answers = tuple(Answered(instance.number, *answer) for answer in choice.answers)
        world = world._replace(answers=(*world.answers, *answers))
    if choice.asked:
        world = world._replace(state=replace(world.state, rigid=world.state.rigid | choice.asked))
    if transition.disposition is not None:
        if isinstance(event, Delivered):
            return disposed(world, instance, event, transition.disposition, view)
        return _refused(world, instance, transition)
    after = _after(world.system, view, transition)
    wrong = _out_of_range(world.system, instance, after, transition)
    if wrong is not None:
        return world.found(wrong)
    return _done(world, instance, event, transition, view._replace(after=after))


def _done(world: World, instance: Instance, event: Event, transition: Transition, view: View) -> World:
    before, after = view.own, view.after or view.own
    changed = before.state != after.state
    world = world.put(instance, replace(after, deferred=()) if changed and after.deferred else after)
    if isinstance(event, Delivered):
        world = closed(world, instance, event)
    world = _said(world, instance, view, transition)
    began = transition.forget or (changed and after.state == world.system.initial(instance.machine).state)
    if began and world.of(instance).owed:  # nothing is owed any more at the beginning
        world = world.put(instance, replace(world.of(instance), owed=()))
    if isinstance(event, Delivered):
        world = owed(world, instance, event)
    if changed:
        world = world._replace(agenda=(*world.agenda, *_news(world.system, instance, before, after)))
    for link in [number for whom in transition.closes for number in links_seen(view, whom)]:
        world = _dropped(world, instance, link)
    return world


def _refused(world: World, instance: Instance, transition: Transition) -> World:
    if isinstance(transition.disposition, Impossible) and world.party not in world.system.attackers:
        machine = world.system.programs[instance.machine].machine.name
        text = f"`{machine}` is in `{world.of(instance).state}`, where this is impossible"
        return world.found(Found(Kind.IMPOSSIBLE, text, transition.about))
    return world._replace(disposed="ignore")


def _after(system: System, view: View, transition: Transition) -> InstanceState:
    program = system.programs[view.instance.machine]
    before = view.own
    if transition.forget:
        return replace(system.initial(view.instance.machine), owed=before.owed)
    variables = _updated(program, view, transition) if transition.updates else before.variables
    if transition.target is None:
        return replace(before, variables=variables) if transition.updates else before
    leaf = str(entered(program.machine, transition.target))
    running = _running(system, view.instance, before, leaf, transition.target)
    armed = frozenset(running)
    return replace(
        before,
        open=kept(system, view.instance.machine, before, leaf),
        state=leaf,
        variables=variables,
        armed=armed,
        ages=system.ages(armed, running),
    )


def _updated(program: Program, view: View, transition: Transition) -> tuple[Value, ...]:
    values = list(view.own.variables)
    names = [str(each.name) for each in program.machine.variables]
    for update in transition.updates:
        values[names.index(update.variable)] = evaluate(update.value, view)
    return tuple(values)


def _running(system: System, instance: Instance, before: InstanceState, leaf: str, target: str) -> dict[int, int]:
    """Timers of states left are disarmed, of states entered armed; those of the target itself begin anew.

    The ages of those that run, in ticks; 0 where time isn't counted.
    """
    program = system.programs[instance.machine]
    timers = program.timers(leaf)
    if not before.armed and not timers:
        return {}
    stayed = set(program.scopes[before.state]) & set(program.scopes[leaf]) - {target, leaf}
    ages = dict(zip(sorted(before.armed), before.ages, strict=False))
    running = {number: ages.get(number, 0) for number in before.armed if program.ways[number].handler.scope in stayed}
    return running | {number: 0 for number in timers if program.ways[number].handler.scope not in stayed}


def _out_of_range(system: System, instance: Instance, after: InstanceState, transition: Transition) -> Found | None:
    machine = system.programs[instance.machine].machine
    for each, value in zip(machine.variables, after.variables, strict=True):
        if not system.domains.allows(each.type, value) and value != "":
            text = f"`{each.name}` of `{machine.name}` would become {value}, which is out of its range"
            return Found(Kind.OUT_OF_RANGE, text, transition.about, "guard the transition, or widen the type")
    return None


# -- what is said


def _said(world: World, instance: Instance, view: View, transition: Transition) -> World:
    for send in transition.sends:
        for inside, whom in receivers(send.to, view):
            for message in messages(send, inside):
                world = _sent(world, instance, way(inside, whom, message), message, send)
    if not transition.notifies:
        return world
    notices = tuple(
        Notice(
            instance.number,
            str(each.name),
            tuple((str(name), evaluate(value, view)) for name, value in each.arguments),
        )
        for each in transition.notifies
    )
    return world._replace(notices=(*world.notices, *notices))


def _sent(world: World, instance: Instance, end: tuple[int | None, str], message: Message, send: Send) -> World:
    link, receiver = end
    if link is not None:
        world, message = numbered(world, instance, link, message, send.about)
    sent = Dispatch(link, receiver, message, send.about, instance.number)
    world = world._replace(sends=(*world.sends, sent))
    if link is not None:
        return world
    text = f"`{message.name}` is sent to `{receiver}` while there is no connection"
    help_ = "guard it with `is connected`, or say what `lost` does"
    return world.found(Found(Kind.SENT_TO_NOWHERE, text, send.about, help_), failed=False)


def _dropped(world: World, instance: Instance, link: int) -> World:
    """This end closes a link: the other instances hear `lost`; the one that closes knows."""
    others = tuple((each.number, Noticed(link)) for each in world.everybody() if each.number != instance.number)
    return world.unseen(link)._replace(closed=(*world.closed, link), agenda=(*world.agenda, *others))


# -- news for others


def _news(
    system: System, instance: Instance, before: InstanceState, after: InstanceState
) -> Iterator[tuple[int | None, Event]]:
    """Boundaries crossed, left ones first; then the deferred messages, oldest first."""
    machine = system.programs[instance.machine].machine
    if not system.is_watched(instance.machine) and not before.deferred:
        return
    was, is_ = ancestry(machine, before.state), ancestry(machine, after.state)
    left, come = tuple(each for each in was if each not in is_), tuple(each for each in is_ if each not in was)
    yield None, Crossed(False, instance.number, left)
    yield None, Crossed(True, instance.number, come)
    for link, message in before.deferred:
        yield instance.number, Delivered(link, message)
