"""How one party takes one event: the heart of the meaning, and the only place that knows it.

`react` is a function of the party's own state: which transitions are enabled (innermost scope first, exclusive, one for
each answer of a decision), what they set, send and notify (`committing`), what becomes of a message that none takes
(`disposing`), which other instances of the party react in the same step.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from clausework.expr.evaluate import holds
from clausework.model.machine import Command
from clausework.semantics.choosing import Choice, are_rivals, enabled
from clausework.semantics.committing import commit
from clausework.semantics.configuration import PartyState
from clausework.semantics.disposing import disposed, disposition, stale_disposition
from clausework.semantics.events import (
    Commanded,
    Crossed,
    Delivered,
    Event,
    Expired,
    Found,
    Kind,
    Noticed,
    Reaction,
    Restarted,
    Saw,
)
from clausework.semantics.hearing import hears, kinds, takers, takes
from clausework.semantics.requests import ended, holder, is_stale
from clausework.semantics.system import Instance, System, Way
from clausework.semantics.view import view_of
from clausework.semantics.world import World

MOST_REACTIONS = 64
"""Instances that may react in one step; the reader's check that reactions are acyclic makes more impossible."""


def react(
    system: System, party: int, state: PartyState, event: Event, busy: frozenset[tuple[int, int]] = frozenset()
) -> tuple[Reaction, ...]:
    """All ways in which the party may take the event; none if it cannot happen (a command that isn't allowed).

    `busy`: ids of requests that others remember, by link: they aren't given anew; below zero, those that
    others wait for.
    """
    return tuple(_reaction(world) for world in _take(World(system, party, state, state, event, busy)))


def commands(system: System, party: int, state: PartyState) -> Iterator[Commanded]:
    """What the application may ask for: every command that the state has, with every argument (R1)."""
    for instance in system.instances[party]:
        program = system.programs[instance.machine]
        scopes = set(program.scopes[state.instances[instance.number].state])
        possible = {
            way.handler.trigger.name
            for way in program.ways
            if isinstance(way.handler.trigger, Command) and way.handler.scope in scopes
        }
        for signal in program.machine.commands:  # once, though a state and the one around it may both have it
            if signal.name in possible:
                for arguments in product(*(system.domains.values(each.type) for each in signal.arguments)):
                    yield Commanded(instance.number, str(signal.name), arguments)


def expiries(system: System, party: int, state: PartyState) -> Iterator[Expired]:
    """The timers that may run out (R3): untimed, any that runs, at any moment; timed, those that are old enough."""
    for instance in system.instances[party]:
        now = state.instances[instance.number]
        for place, timer in enumerate(sorted(now.armed)):
            lasts = system.lasts(instance.machine, timer)
            if lasts is None or now.ages[place] >= lasts[0]:
                yield Expired(instance.number, timer)


def _reaction(world: World) -> Reaction:
    return Reaction(
        event=world.event,
        after=None if world.failed else world.state,
        sends=world.sends,
        closed=world.closed,
        notices=world.notices,
        answers=world.answers,
        fired=world.fired,
        findings=world.findings,
        disposed=world.disposed,
        taker=world.taker,
        ended=ended(world) if world.system.has_requests else frozenset(),
    )


# -- an event, and everything that follows from it


def _take(world: World) -> Iterator[World]:
    for after in _first(world, world.event):
        yield from _work_off(after)


def _first(world: World, event: Event) -> Iterator[World]:
    match event:
        case Commanded(instance=number):
            yield from _command(world, world.everybody()[number], event)
        case Expired(instance=number):
            yield from _expire(world, world.everybody()[number], event)
        case Delivered():
            yield from _deliver(world, event)
        case Noticed(link=link):
            yield world.unseen(link)._replace(agenda=((None, event),))
        case Saw(link=link):
            state = replace(world.state, seen=world.state.seen | {link})
            yield world._replace(state=state, agenda=((None, event),))
        case Restarted():
            yield _restarted(world)._replace(agenda=((None, event),))
        case Crossed():
            raise AssertionError("no event from outside")


def _work_off(world: World) -> Iterator[World]:
    """Other instances hear, in a fixed order, until nobody has anything left to react to."""
    if world.failed or not world.agenda:
        yield world
        return
    if len(world.fired) > MOST_REACTIONS:
        raise AssertionError("reactions go round in a circle")
    (only, event), *rest = world.agenda
    wanted = kinds(event)
    listening = [
        each
        for each in world.everybody()
        if (only is None or each.number == only) and wanted & world.system.programs[each.machine].listens
    ]
    yield from _hear(world._replace(agenda=tuple(rest)), listening, event)


def _hear(world: World, listening: list[Instance], event: Event) -> Iterator[World]:
    if world.failed or not listening:
        yield from _work_off(world)
        return
    first, rest = listening[0], listening[1:]
    if isinstance(event, Delivered):  # a deferred message, offered again: whoever waited for it has it
        for after in _offered(world, first, event):
            yield from _hear(after, rest, event)
        return
    view = view_of(world.system, world.party, world.state, first, event)
    choices = enabled(view, lambda way: hears(view, way, event))
    if not choices:
        yield from _hear(world, rest, event)
    for after in _fire(world, first, event, choices):
        yield from _hear(after, rest, event)


# -- the events from outside


def _command(world: World, instance: Instance, event: Commanded) -> Iterator[World]:
    view = view_of(world.system, world.party, world.state, instance, event)
    machine = world.system.programs[instance.machine].machine
    if not all(holds(wanted, view) for wanted in machine.requires):
        return
    yield from _fire(world, instance, event, enabled(view, lambda way: _is_command(way, event.command)))


def _expire(world: World, instance: Instance, event: Expired) -> Iterator[World]:
    before = world.of(instance)
    ages = dict(zip(sorted(before.armed), before.ages, strict=False))
    armed = before.armed - {event.way}
    world = world.put(instance, replace(before, armed=armed, ages=world.system.ages(armed, ages)))
    view = view_of(world.system, world.party, world.state, instance, event)
    choices = enabled(view, lambda way: way.number == event.way)
    if not choices:
        yield world._replace(disposed="ignore")
    yield from _fire(world, instance, event, choices)


def _deliver(world: World, event: Delivered) -> Iterator[World]:
    waiting = holder(world.system, world.party, world.state, event)
    instances = [waiting] if waiting is not None else takers(world.system, world.party, event)
    if isinstance(instances, Found):
        yield world.found(instances)
    elif instances:
        yield from _offer_all(world._replace(taker=instances[0].number), instances, event)
    else:  # `for each` of nobody
        yield world._replace(disposed="ignore")


def _offer_all(world: World, instances: list[Instance], event: Delivered) -> Iterator[World]:
    first, rest = instances[0], instances[1:]
    for after in _offer(world, first, event):
        if rest and not after.failed:
            yield from _offer_all(after, rest, event)
        else:
            yield after


def _offer(world: World, instance: Instance, event: Delivered) -> Iterator[World]:
    if is_stale(world.system, world.party, world.state, event):
        view = view_of(world.system, world.party, world.state, instance, event)
        said = stale_disposition(world, instance, event.message.name)
        yield disposed(world, instance, event, said, view)._replace(disposed="stale")
    else:
        yield from _offered(world, instance, event)


def _offered(world: World, instance: Instance, event: Delivered) -> Iterator[World]:
    view = view_of(world.system, world.party, world.state, instance, event)
    choices = enabled(view, lambda way: takes(view, way, event))
    if choices:
        yield from _fire(world, instance, event, choices)
    else:
        yield disposed(world, instance, event, disposition(world, instance, event.message.name), view)


def _fire(world: World, instance: Instance, event: Event, choices: list[Choice]) -> Iterator[World]:
    for choice in choices:
        rival = next((each for each in choices if each is not choice and are_rivals(choice, each)), None)
        outcome = commit(world, instance, event, choice)
        if rival is not None:
            outcome = outcome.found(_two(world, instance, choice, rival), failed=False)
        yield outcome


def _two(world: World, instance: Instance, one: Choice, other: Choice) -> Found:
    machine = world.system.programs[instance.machine].machine
    where = other.transition.about.span
    state = world.of(instance).state
    text = f"two transitions of `{machine.name}` are enabled at once in `{state}`; the other is at {where}"
    return Found(Kind.TWO_TRANSITIONS, text, one.transition.about, "narrow one of the guards: order never decides")


def _restarted(world: World) -> World:
    """What isn't durable is as at first, no link is seen but of datagrams, nothing deferred, open or owed."""
    seen = frozenset(link for link in world.state.seen if world.system.links[link].datagram)
    instances = tuple(world.system.restarted(each.machine, world.of(each)) for each in world.everybody())
    return world._replace(state=replace(world.state, instances=instances, seen=seen))


def _is_command(way: Way, command: str) -> bool:
    return isinstance(way.handler.trigger, Command) and way.handler.trigger.name == command
