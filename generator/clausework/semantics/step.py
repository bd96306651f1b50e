"""How one party takes one event: the heart of the meaning, and the only place that knows it.

`react` is a function of the party's own state: which transitions are enabled (innermost scope first, exclusive, one for
each answer of a decision), what they set, send and notify, which other instances of the party react in the same step.
Everything to the right of a trigger reads the values before the step; updates are simultaneous.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from clausework.expr import nodes
from clausework.expr.evaluate import evaluate, holds
from clausework.model.about import About
from clausework.model.machine import CloseLink, Command, Defer, Disposition, Ignore, Impossible, Reject, Send
from clausework.model.states import ancestry, entered
from clausework.model.transitions import Transition
from clausework.semantics.choosing import Choice, are_rivals, enabled
from clausework.semantics.configuration import InstanceState, Message, PartyState
from clausework.semantics.events import (
    Answered,
    Commanded,
    Crossed,
    Delivered,
    Dispatch,
    Event,
    Expired,
    Fired,
    Found,
    Kind,
    Notice,
    Noticed,
    Reaction,
    Saw,
)
from clausework.semantics.hearing import hears, kinds, taker, takes
from clausework.semantics.sending import links_seen, messages, receivers, way
from clausework.semantics.system import Instance, System, Way
from clausework.semantics.view import View, view_of
from clausework.source import Name

Pairs = tuple[tuple[Name, nodes.Expr], ...]

MOST_REACTIONS = 64
"""Instances that may react in one step; the reader's check that reactions are acyclic makes more impossible."""


class _World(NamedTuple):
    """A party in the middle of a step.  `agenda` is what other instances have still to hear of, oldest first."""

    state: PartyState
    event: Event
    sends: tuple[Dispatch, ...] = ()
    closed: tuple[int, ...] = ()
    notices: tuple[Notice, ...] = ()
    answers: tuple[Answered, ...] = ()
    fired: tuple[Fired, ...] = ()
    findings: tuple[Found, ...] = ()
    disposed: str = ""
    agenda: tuple[tuple[int | None, Event], ...] = ()
    failed: bool = False

    def found(self, found: Found, failed: bool = True) -> "_World":
        return self._replace(findings=(*self.findings, found), failed=self.failed or failed)


def react(system: System, party: int, state: PartyState, event: Event) -> tuple[Reaction, ...]:
    """All ways in which the party may take the event; none if it cannot happen (a command that isn't allowed)."""
    return tuple(_reaction(world) for world in _Party(system, party).take(state, event))


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
    """The timers that run; untimed, any of them may expire at any moment (R3)."""
    for instance in system.instances[party]:
        for timer in sorted(state.instances[instance.number].armed):
            yield Expired(instance.number, timer)


def _reaction(world: _World) -> Reaction:
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
    )


@dataclass(frozen=True, slots=True)
class _Party:
    system: System
    party: int

    # -- an event, and everything that follows from it

    def take(self, state: PartyState, event: Event) -> Iterator[_World]:
        for world in self._first(_World(state, event), event):
            yield from self._work_off(world)

    def _first(self, world: _World, event: Event) -> Iterator[_World]:
        match event:
            case Commanded(instance=number):
                yield from self._command(world, self._instance(number), event)
            case Expired(instance=number):
                yield from self._expire(world, self._instance(number), event)
            case Delivered():
                yield from self._deliver(world, event)
            case Noticed(link=link):
                state = replace(world.state, seen=world.state.seen - {link})
                yield world._replace(state=state, agenda=((None, event),))
            case Saw(link=link):
                state = replace(world.state, seen=world.state.seen | {link})
                yield world._replace(state=state, agenda=((None, event),))
            case Crossed():
                raise AssertionError("no event from outside")

    def _work_off(self, world: _World) -> Iterator[_World]:
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
            for each in self._instances()
            if (only is None or each.number == only) and wanted & self.system.programs[each.machine].listens
        ]
        yield from self._hear(world._replace(agenda=tuple(rest)), listening, event)

    def _hear(self, world: _World, listening: list[Instance], event: Event) -> Iterator[_World]:
        if world.failed or not listening:
            yield from self._work_off(world)
            return
        first, rest = listening[0], listening[1:]
        if isinstance(event, Delivered):  # a deferred message, offered again
            for after in self._offer(world, first, event):
                yield from self._hear(after, rest, event)
            return
        view = view_of(self.system, self.party, world.state, first, event)
        choices = enabled(view, lambda way: hears(view, way, event))
        if not choices:
            yield from self._hear(world, rest, event)
        for after in self._fire(world, first, event, choices):
            yield from self._hear(after, rest, event)

    # -- the events from outside

    def _command(self, world: _World, instance: Instance, event: Commanded) -> Iterator[_World]:
        view = view_of(self.system, self.party, world.state, instance, event)
        machine = self.system.programs[instance.machine].machine
        if not all(holds(wanted, view) for wanted in machine.requires):
            return
        yield from self._fire(world, instance, event, enabled(view, lambda way: _is_command(way, event.command)))

    def _expire(self, world: _World, instance: Instance, event: Expired) -> Iterator[_World]:
        before = world.state.instances[instance.number]
        disarmed = replace(before, armed=before.armed - {event.way})
        world = self._put(world, instance, disarmed)
        view = view_of(self.system, self.party, world.state, instance, event)
        choices = enabled(view, lambda way: way.number == event.way)
        if not choices:
            yield world._replace(disposed="ignore")
        yield from self._fire(world, instance, event, choices)

    def _deliver(self, world: _World, event: Delivered) -> Iterator[_World]:
        instance = taker(self.system, self.party, event)
        if isinstance(instance, Found):
            yield world.found(instance)
        else:
            yield from self._offer(world, instance, event)

    def _offer(self, world: _World, instance: Instance, event: Delivered) -> Iterator[_World]:
        view = view_of(self.system, self.party, world.state, instance, event)
        choices = enabled(view, lambda way: takes(view, way, event))
        if choices:
            yield from self._fire(world, instance, event, choices)
        else:
            yield self._dispose(world, instance, event, self._disposition(world, instance, event.message.name), view)

    def _fire(self, world: _World, instance: Instance, event: Event, choices: list[Choice]) -> Iterator[_World]:
        for choice in choices:
            rival = next((each for each in choices if each is not choice and are_rivals(choice, each)), None)
            outcome = self._commit(world, instance, event, choice)
            if rival is not None:
                outcome = outcome.found(self._two(world, instance, choice, rival), failed=False)
            yield outcome

    def _two(self, world: _World, instance: Instance, one: Choice, other: Choice) -> Found:
        machine = self.system.programs[instance.machine].machine
        state = world.state.instances[instance.number].state
        where = other.transition.about.span
        text = f"two transitions of `{machine.name}` are enabled at once in `{state}`; the other is at {where}"
        return Found(Kind.TWO_TRANSITIONS, text, one.transition.about, "narrow one of the guards: order never decides")

    # -- what a transition does

    def _commit(self, world: _World, instance: Instance, event: Event, choice: Choice) -> _World:
        transition = choice.transition
        view = view_of(self.system, self.party, world.state, instance, event)._replace(answer=choice.fields)
        fired = Fired(instance.number, transition)
        answers = tuple(Answered(instance.number, *answer) for answer in choice.answers)
        world = world._replace(fired=(*world.fired, fired), answers=(*world.answers, *answers))
        if transition.disposition is not None:
            if isinstance(event, Delivered):
                return self._dispose(world, instance, event, transition.disposition, view)
            return self._refused(world, instance, transition)
        after = self._after(view, transition)
        wrong = self._out_of_range(instance, after, transition)
        if wrong is not None:
            return world.found(wrong)
        view = view._replace(after=after)
        world = self._say(world, instance, view, transition)
        before = view.own
        changed = before.state != after.state
        world = self._put(world, instance, replace(after, deferred=()) if changed else after)
        if changed:
            world = world._replace(agenda=(*world.agenda, *self._news(instance, before, after)))
        for link in [number for whom in transition.closes for number in links_seen(view, whom)]:
            world = self._drop(world, instance, link)
        return world

    def _refused(self, world: _World, instance: Instance, transition: Transition) -> _World:
        if isinstance(transition.disposition, Impossible):
            state = world.state.instances[instance.number].state
            machine = self.system.programs[instance.machine].machine.name
            return world.found(
                Found(Kind.IMPOSSIBLE, f"`{machine}` is in `{state}`, where this is impossible", transition.about)
            )
        return world._replace(disposed="ignore")

    def _after(self, view: View, transition: Transition) -> InstanceState:
        program = self.system.programs[view.instance.machine]
        before = view.own
        if transition.forget:
            return self.system.initial(view.instance.machine)
        values = list(before.variables)
        names = [str(each.name) for each in program.machine.variables]
        for update in transition.updates:
            values[names.index(update.variable)] = evaluate(update.value, view)
        if transition.target is None:
            return replace(before, variables=tuple(values))
        leaf = str(entered(program.machine, transition.target))
        armed = self._armed(view.instance, before, leaf, transition.target)
        return replace(before, state=leaf, variables=tuple(values), armed=armed)

    def _armed(self, instance: Instance, before: InstanceState, leaf: str, target: str) -> frozenset[int]:
        """Timers of states left are disarmed, of states entered armed; those of the target itself begin anew."""
        program = self.system.programs[instance.machine]
        stayed = set(program.scopes[before.state]) & set(program.scopes[leaf]) - {target, leaf}
        running = {number for number in before.armed if program.ways[number].handler.scope in stayed}
        begun = {number for number in program.timers(leaf) if program.ways[number].handler.scope not in stayed}
        return frozenset(running | begun)

    def _out_of_range(self, instance: Instance, after: InstanceState, transition: Transition) -> Found | None:
        machine = self.system.programs[instance.machine].machine
        for each, value in zip(machine.variables, after.variables, strict=True):
            if not self.system.domains.allows(each.type, value) and value != "":
                text = f"`{each.name}` of `{machine.name}` would become {value}, which is out of its range"
                return Found(Kind.OUT_OF_RANGE, text, transition.about, "guard the transition, or widen the type")
        return None

    def _say(self, world: _World, instance: Instance, view: View, transition: Transition) -> _World:
        for send in transition.sends:
            for inside, whom in receivers(send.to, view):
                for message in messages(send, inside):
                    world = self._send(world, way(inside, whom, message), message, send)
        notices = tuple(
            Notice(
                instance.number,
                str(each.name),
                tuple((str(name), evaluate(value, view)) for name, value in each.arguments),
            )
            for each in transition.notifies
        )
        return world._replace(notices=(*world.notices, *notices))

    def _send(self, world: _World, end: tuple[int | None, str], message: Message, send: Send) -> _World:
        link, receiver = end
        world = world._replace(sends=(*world.sends, Dispatch(link, receiver, message, send.about)))
        if link is not None:
            return world
        text = f"`{message.name}` is sent to `{receiver}` while there is no connection"
        help_ = "guard it with `is connected`, or say what `lost` does"
        return world.found(Found(Kind.SENT_TO_NOWHERE, text, send.about, help_), failed=False)

    def _drop(self, world: _World, instance: Instance, link: int) -> _World:
        """This end closes a link: the other instances hear `lost`; the one that closes knows."""
        state = replace(world.state, seen=world.state.seen - {link})
        others = tuple((each.number, Noticed(link)) for each in self._instances() if each.number != instance.number)
        return world._replace(state=state, closed=(*world.closed, link), agenda=(*world.agenda, *others))

    # -- dispositions

    def _disposition(self, world: _World, instance: Instance, message: str) -> Disposition:
        """What happens to a message that no transition takes: the innermost word on it, message by message first."""
        machine = self.system.programs[instance.machine].machine
        around = ancestry(machine, world.state.instances[instance.number].state)
        states = [next(each for each in machine.states if each.name == name) for name in around]
        for state in states:
            for name, disposition in state.dispositions:
                if name == message:
                    return disposition
        for state in states:
            if state.otherwise is not None:
                return state.otherwise
        for name, disposition in machine.dispositions:
            if name == message:
                return disposition
        return machine.otherwise

    def _dispose(
        self, world: _World, instance: Instance, event: Delivered, disposition: Disposition, view: View
    ) -> _World:
        match disposition:
            case Ignore():
                return world._replace(disposed="ignore")
            case Defer():
                return self._defer(world, instance, event)
            case Reject(message=name, fields=fields):
                answer = self._answer(world, instance, view, event.link, name, fields)
                return world._replace(disposed="reject", sends=(*world.sends, answer))
            case CloseLink(message=last, fields=fields):
                if last is not None:
                    answer = self._answer(world, instance, view, event.link, last, fields)
                    world = world._replace(sends=(*world.sends, answer))
                state = replace(world.state, seen=world.state.seen - {event.link})
                told = (*world.agenda, (None, Noticed(event.link)))
                return world._replace(disposed="close", state=state, closed=(*world.closed, event.link), agenda=told)
            case Impossible():
                return world.found(self._unexpected(world, instance, event.message.name))

    def _answer(self, world: _World, instance: Instance, view: View, link: int, name: str, fields: Pairs) -> Dispatch:
        far = str(self.system.parties[self.system.links[link].other(self.party)].name)
        values = tuple(evaluate(value, view) for _, value in fields)
        return Dispatch(link, far, Message(str(name), values), self._cell(world, instance))

    def _cell(self, world: _World, instance: Instance) -> About:
        machine = self.system.programs[instance.machine].machine
        return next(each.about for each in machine.states if each.name == world.state.instances[instance.number].state)

    def _unexpected(self, world: _World, instance: Instance, message: str) -> Found:
        machine = self.system.programs[instance.machine].machine
        state = world.state.instances[instance.number].state
        text = f"`{machine.name}` is in `{state}`, which has no line for `{message}`"
        help_ = f"write `receive {message}: ...`, or `ignore: [{message}]`, in `{state}`"
        return Found(Kind.IMPOSSIBLE, text, self._cell(world, instance), help_)

    def _defer(self, world: _World, instance: Instance, event: Delivered) -> _World:
        before = world.state.instances[instance.number]
        if len(before.deferred) >= self.system.check.queue:
            text = f"`{event.message.name}` is deferred, and {len(before.deferred)} are already"
            return world.found(Found(Kind.TOO_MANY_DEFERRED, text, self._cell(world, instance)))
        after = replace(before, deferred=(*before.deferred, (event.link, event.message)))
        return self._put(world, instance, after)._replace(disposed="defer")

    # -- news for others

    def _news(
        self, instance: Instance, before: InstanceState, after: InstanceState
    ) -> Iterator[tuple[int | None, Event]]:
        """Boundaries crossed, left ones first; then the deferred messages, oldest first."""
        machine = self.system.programs[instance.machine].machine
        if not self.system.is_watched(instance.machine) and not before.deferred:
            return
        was, is_ = ancestry(machine, before.state), ancestry(machine, after.state)
        left, come = tuple(each for each in was if each not in is_), tuple(each for each in is_ if each not in was)
        yield None, Crossed(False, instance.number, left)
        yield None, Crossed(True, instance.number, come)
        for link, message in before.deferred:
            yield instance.number, Delivered(link, message)

    # -- little helpers

    def _instances(self) -> tuple[Instance, ...]:
        return self.system.instances[self.party]

    def _instance(self, number: int) -> Instance:
        return self.system.instances[self.party][number]

    def _put(self, world: _World, instance: Instance, state: InstanceState) -> _World:
        instances = list(world.state.instances)
        instances[instance.number] = state
        return world._replace(state=replace(world.state, instances=tuple(instances)))


def _is_command(way: Way, command: str) -> bool:
    return isinstance(way.handler.trigger, Command) and way.handler.trigger.name == command
