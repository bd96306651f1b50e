"""How one party takes one event: the heart of the meaning, and the only place that knows it.

`react` is a function of the party's own state: which transitions are enabled (innermost scope first, exclusive, one for
each answer of a decision), what they set, send and notify, which other instances of the party react in the same step.
Everything to the right of a trigger reads the values before the step; updates are simultaneous.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from clausework.expr.evaluate import chosen, evaluate, holds
from clausework.expr.nodes import Value
from clausework.model.about import About
from clausework.model.machine import (
    CloseLink,
    Command,
    Defer,
    Disposition,
    Enters,
    Ignore,
    Impossible,
    Leaves,
    Lost,
    Receive,
    Reject,
    Restored,
    Send,
    ToEach,
    ToLink,
    ToParty,
    ToRole,
    Transition,
    Whom,
    ancestry,
    entered,
)
from clausework.model.standard import is_a
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
from clausework.semantics.system import Instance, System, Way
from clausework.semantics.view import View

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


@dataclass(frozen=True, slots=True)
class _Choice:
    """A transition that is enabled, with the answers that its decisions got."""

    way: Way
    transition: Transition
    answers: tuple[tuple[str, str, tuple[tuple[str, Value], ...]], ...]

    @property
    def fields(self) -> dict[str, Value]:
        return {name: value for _, _, values in self.answers for name, value in values}


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
        for way in sorted(state.instances[instance.number].armed):
            yield Expired(instance.number, way)


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
        kinds = _kinds(event)
        listening = [
            each
            for each in self._instances()
            if (only is None or each.number == only) and kinds & self.system.programs[each.machine].listens
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
        view = self._view(world, first, event)
        enabled = self._enabled(world, first, view, lambda way: self._hears(way, event, first, view))
        if not enabled:
            yield from self._hear(world, rest, event)
        for after in self._fire(world, first, event, enabled):
            yield from self._hear(after, rest, event)

    def _hears(self, way: Way, event: Event, instance: Instance, view: View) -> bool:
        """Whether a handler listens to something that happened to a link or to another instance."""
        trigger = way.handler.trigger
        match event, trigger:
            case (Noticed(link=link), Lost(peer=peer)) | (Saw(link=link), Restored(peer=peer)):
                return self._about_link(link, peer, instance)
            case Crossed(entered=True), Enters() | Leaves():
                return isinstance(trigger, Enters) and self._about_instance(trigger, event, instance, view)
            case Crossed(entered=False), Enters() | Leaves():
                return isinstance(trigger, Leaves) and self._about_instance(trigger, event, instance, view)
        return False

    def _about_link(self, link: int, peer: str | None, instance: Instance) -> bool:
        keyed = [
            value
            for key, value in zip(self.system.programs[instance.machine].machine.keys, instance.key, strict=True)
            if key.name == "connection"
        ]
        if keyed:
            return keyed[0] == link
        far = self.system.links[link].other(self.party)
        return peer is None or is_a(self.system.standard, self.system.parties[far].role, peer)

    def _about_instance(self, trigger: Enters | Leaves, event: Crossed, instance: Instance, view: View) -> bool:
        other = self._instance(event.instance)
        machine = self.system.programs[other.machine].machine
        if (
            machine.flow != trigger.flow
            or machine.name != trigger.machine
            or not set(event.states) & set(trigger.states)
        ):
            return False
        keys = dict(zip((str(key.name) for key in machine.keys), other.key, strict=True))
        if trigger.key is not None:
            wanted = evaluate(trigger.key, view)
            return wanted in (*keys.values(), *(self._far_end(value) for value in keys.values()))
        mine = self.system.programs[instance.machine].machine.keys
        return all(keys.get(str(key.name), value) == value for key, value in zip(mine, instance.key, strict=True))

    def _far_end(self, value: Value) -> Value:
        if isinstance(value, int) and not isinstance(value, bool):
            return str(self.system.parties[self.system.links[value].other(self.party)].name)
        return None

    # -- the events from outside

    def _command(self, world: _World, instance: Instance, event: Commanded) -> Iterator[_World]:
        view = self._view(world, instance, event)
        machine = self.system.programs[instance.machine].machine
        if not all(holds(wanted, view) for wanted in machine.requires):
            return
        yield from self._fire(
            world, instance, event, self._enabled(world, instance, view, lambda way: _is_command(way, event.command))
        )

    def _expire(self, world: _World, instance: Instance, event: Expired) -> Iterator[_World]:
        before = world.state.instances[instance.number]
        disarmed = replace(before, armed=before.armed - {event.way})
        world = self._put(world, instance, disarmed)
        view = self._view(world, instance, event)
        enabled = self._enabled(world, instance, view, lambda way: way.number == event.way)
        if not enabled:
            yield world._replace(disposed="ignore")
        yield from self._fire(world, instance, event, enabled)

    def _deliver(self, world: _World, event: Delivered) -> Iterator[_World]:
        taker = self._taker(world, event)
        if isinstance(taker, Found):
            yield world.found(taker)
        else:
            yield from self._offer(world, taker, event)

    def _taker(self, world: _World, event: Delivered) -> Instance | Found:
        """The one instance that a message is for."""
        far = self.system.parties[self.system.links[event.link].other(self.party)]
        for number, program in enumerate(self.system.programs):
            if not self.system.plays(self.party, program.machine.role):
                continue
            for addressing in program.machine.addressing:
                if addressing.message == event.message.name and is_a(self.system.standard, far.role, addressing.sender):
                    anybody = Instance(0, number, ())
                    view = self._view(world, anybody, event)
                    key = tuple(evaluate(each, view) for each in addressing.keys)
                    found = self.system.find(self.party, number, key)
                    if found is not None:
                        return found
        me, message = self.system.parties[self.party], event.message.name
        about = self.system.messages[message].about
        return Found(Kind.NOBODY_TAKES, f"nothing of `{me.role}` takes `{message}` from `{far.role}`", about)

    def _offer(self, world: _World, instance: Instance, event: Delivered) -> Iterator[_World]:
        view = self._view(world, instance, event)
        far = self.system.parties[self.system.links[event.link].other(self.party)].role

        def takes(way: Way) -> bool:
            trigger = way.handler.trigger
            return (
                isinstance(trigger, Receive)
                and trigger.message == event.message.name
                and (trigger.sender is None or is_a(self.system.standard, far, trigger.sender))
            )

        enabled = self._enabled(world, instance, view, takes)
        if enabled:
            yield from self._fire(world, instance, event, enabled)
        else:
            yield self._dispose(world, instance, event, self._disposition(world, instance, event.message.name), view)

    # -- which transitions are enabled

    def _enabled(self, world: _World, instance: Instance, view: View, suits: Callable[[Way], bool]) -> list[_Choice]:
        """Innermost first: state, its groups, the state around it, anywhere; outer ones only if none is inside."""
        program = self.system.programs[instance.machine]
        for scope in program.scopes[world.state.instances[instance.number].state]:
            found: list[_Choice] = []
            narrowed = False
            for way in program.by_scope.get(scope, ()):
                trigger = way.handler.trigger
                if not suits(way):
                    continue
                if isinstance(trigger, Receive) and trigger.where is not None:
                    if not holds(trigger.where, view):
                        continue
                    narrowed = True
                elif isinstance(trigger, Receive) and narrowed:
                    continue
                found += [choice for each in way.transitions for choice in self._choices(way, each, view)]
            if found:
                return found
        return []

    def _choices(self, way: Way, transition: Transition, view: View) -> Iterator[_Choice]:
        for answers in product(*(self._answers(decision, answer) for decision, answer in transition.answers)):
            fields = {name: value for _, _, values in answers for name, value in values}
            if all(holds(guard, view._replace(answer=fields)) for guard in transition.guards):
                yield _Choice(way, transition, answers)

    def _answers(self, decision: str, answer: str) -> list[tuple[str, str, tuple[tuple[str, Value], ...]]]:
        declared = next(each for each in self.system.decisions[decision].answers if each.name == answer)
        names = [str(name) for name, _ in declared.fields]
        every = product(*(self.system.domains.values(type_) for _, type_ in declared.fields))
        return [(str(decision), str(answer), tuple(zip(names, values, strict=True))) for values in every]

    def _fire(self, world: _World, instance: Instance, event: Event, enabled: list[_Choice]) -> Iterator[_World]:
        for choice in enabled:
            rival = next((each for each in enabled if each is not choice and _exclude(choice, each)), None)
            outcome = self._commit(world, instance, event, choice)
            if rival is not None:
                outcome = outcome.found(self._two(instance, world, choice, rival), failed=False)
            yield outcome

    def _two(self, instance: Instance, world: _World, one: _Choice, other: _Choice) -> Found:
        machine = self.system.programs[instance.machine].machine
        state = world.state.instances[instance.number].state
        where = other.transition.about.span
        text = f"two transitions of `{machine.name}` are enabled at once in `{state}`; the other is at {where}"
        return Found(Kind.TWO_TRANSITIONS, text, one.transition.about, "narrow one of the guards: order never decides")

    # -- what a transition does

    def _commit(self, world: _World, instance: Instance, event: Event, choice: _Choice) -> _World:
        transition = choice.transition
        view = self._view(world, instance, event)._replace(answer=choice.fields)
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
        before = view.state_
        changed = before.state != after.state
        world = self._put(world, instance, replace(after, deferred=()) if changed else after)
        if changed:
            world = world._replace(agenda=(*world.agenda, *self._news(instance, before, after)))
        for whom in transition.closes:
            world = self._close(world, instance, view, whom)
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
        before = view.state_
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
            for inside, whom in self._receivers(send.to, view):
                for message, source in self._messages(send, inside):
                    world = self._send(world, inside, whom, message, source)
        notices = tuple(
            Notice(
                instance.number,
                str(each.name),
                tuple((str(name), evaluate(value, view)) for name, value in each.arguments),
            )
            for each in transition.notifies
        )
        return world._replace(notices=(*world.notices, *notices))

    def _receivers(self, whom: Whom, view: View) -> Iterator[tuple[View, Whom]]:
        """With `each`, every element by itself: the message's fields may speak of it."""
        if not isinstance(whom, ToEach):
            yield view, whom
            return
        for element in self._elements(view, whom):
            yield view.binding(whom.variable, element), whom.to

    def _messages(self, send: Send, view: View) -> Iterator[tuple[Message, Send]]:
        if send.each_in is None:
            yield Message(str(send.message), tuple(evaluate(value, view) for _, value in send.fields)), send
            return
        stored = evaluate(send.each_in, view)
        for each in stored if isinstance(stored, tuple) else ():
            if isinstance(each, Message):
                inside = view._replace(message=each)
                yield Message(str(send.message), tuple(evaluate(value, inside) for _, value in send.fields)), send

    def _send(self, world: _World, view: View, whom: Whom, message: Message, send: Send) -> _World:
        for link, receiver in self._ends(world, view, whom, message):
            dispatch = Dispatch(link, receiver, message, send.about)
            world = world._replace(sends=(*world.sends, dispatch))
            if link is None:
                text = f"`{message.name}` is sent to `{receiver}` while there is no connection"
                help_ = "guard it with `is connected`, or say what `lost` does"
                world = world.found(Found(Kind.SENT_TO_NOWHERE, text, send.about, help_), failed=False)
        return world

    def _ends(self, world: _World, view: View, whom: Whom, message: Message) -> Iterator[tuple[int | None, str]]:
        """The links that a send goes on; None where there is none."""
        match whom:
            case ToRole(role=role):
                links = [
                    each for each in self.system.links_of(self.party) if self.system.plays(each.other(self.party), role)
                ]
                yield self._through(world, [each.number for each in links], message, str(role))
            case ToParty(party=expression):
                party = evaluate(expression, view)
                if party is None:
                    yield None, "nobody"
                    return
                links = list(self.system.links_to(self.party, self.system.number_of(party)))
                yield self._through(world, [each.number for each in links], message, str(party))
            case ToLink(link=expression):
                link = evaluate(expression, view)
                numbers = [link] if isinstance(link, int) else []
                yield self._through(world, numbers, message, "connection")
            case ToEach(to=to, variable=variable):
                for element in self._elements(view, whom):
                    yield from self._ends(world, view.binding(variable, element), to, message)

    def _elements(self, view: View, whom: ToEach) -> list[Value]:
        elements = list(chosen(whom.domain, whom.variable, whom.where, view))
        if whom.best is None or not elements:
            return elements
        value, highest = whom.best
        ranked = [(evaluate(value, view.binding(whom.variable, element)), element) for element in elements]
        numbers = [rank for rank, _ in ranked if isinstance(rank, int)]
        best = max(numbers) if highest else min(numbers)
        return [element for rank, element in ranked if rank == best]

    def _through(self, world: _World, links: list[int], message: Message, receiver: str) -> tuple[int | None, str]:
        for number in links:
            link = self.system.links[number]
            if number in world.state.seen and (not message.name or self.system.carries(link, message.name)):
                return number, str(self.system.parties[link.other(self.party)].name)
        return None, receiver

    def _close(self, world: _World, instance: Instance, view: View, whom: Whom) -> _World:
        for link, _ in (
            self._ends(world, view, whom, Message("", ()))
            if not isinstance(whom, ToRole | ToParty)
            else self._all(world, view, whom)
        ):
            if link is not None:
                world = self._drop(world, instance, link)
        return world

    def _all(self, world: _World, view: View, whom: ToRole | ToParty) -> Iterator[tuple[int | None, str]]:
        for link in self.system.links_of(self.party):
            far = link.other(self.party)
            wanted = (
                self.system.plays(far, whom.role)
                if isinstance(whom, ToRole)
                else str(self.system.parties[far].name) == evaluate(whom.party, view)
            )
            if wanted and link.number in world.state.seen:
                yield link.number, ""

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
                values = tuple(evaluate(value, view) for _, value in fields)
                answer = Dispatch(
                    event.link, self._far(event.link), Message(str(name), values), self._cell(world, instance)
                )
                return world._replace(disposed="reject", sends=(*world.sends, answer))
            case CloseLink(message=last, fields=fields):
                if last is not None:
                    values = tuple(evaluate(value, view) for _, value in fields)
                    answer = Dispatch(
                        event.link, self._far(event.link), Message(str(last), values), self._cell(world, instance)
                    )
                    world = world._replace(sends=(*world.sends, answer))
                state = replace(world.state, seen=world.state.seen - {event.link})
                told = (*world.agenda, (None, Noticed(event.link)))
                return world._replace(disposed="close", state=state, closed=(*world.closed, event.link), agenda=told)
            case Impossible():
                return world.found(self._unexpected(world, instance, event.message.name))

    def _far(self, link: int) -> str:
        return str(self.system.parties[self.system.links[link].other(self.party)].name)

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

    def _view(self, world: _World, instance: Instance, event: Event) -> View:
        view = View(self.system, self.party, instance, world.state.instances, world.state.seen)
        match event:
            case Delivered(link=link, message=message):
                return view._replace(message=message, link=link)
            case Commanded(command=command, arguments=values):
                signal = next(
                    each for each in self.system.programs[instance.machine].machine.commands if each.name == command
                )
                names = [str(each.name) for each in signal.arguments]
                return view._replace(arguments=dict(zip(names, values, strict=True)))
            case Noticed(link=link) | Saw(link=link):
                return view._replace(link=link)
            case Crossed(instance=other):
                keys = self.system.programs[self._instance(other).machine].machine.keys
                named = dict(zip((str(key.name) for key in keys), self._instance(other).key, strict=True))
                found = named.get("connection")
                return view._replace(link=found if isinstance(found, int) else None)
        return view


def _kinds(event: Event) -> frozenset[type]:
    """The kinds of trigger that can hear of an event."""
    match event:
        case Crossed(entered=entered_):
            return frozenset((Enters if entered_ else Leaves,))
        case Noticed():
            return frozenset((Lost,))
        case Saw():
            return frozenset((Restored,))
    return frozenset((Receive,))


def _is_command(way: Way, command: str) -> bool:
    return isinstance(way.handler.trigger, Command) and way.handler.trigger.name == command


def _exclude(one: _Choice, other: _Choice) -> bool:
    """Whether two enabled transitions are rivals: no decision tells them apart."""
    answers = {decision: (answer, fields) for decision, answer, fields in one.answers}
    if one.transition is other.transition:
        return False
    return all(
        answers.get(decision, (answer, fields)) == (answer, fields) for decision, answer, fields in other.answers
    )
