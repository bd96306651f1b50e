"""Requests and their responses: which are open, which are owed, which id goes with what.

A message is a request if another one `answers` it.  Its id is the least that nobody knows, of those that are the
asking instance's own; the sender's instance keeps it open as long as it stays in the innermost scope that waits for a
response, and a response goes to whoever has its id open: nobody, then it is stale.  Who takes a request owes the
answer, and gives it to the request at hand, else to the oldest one owed.

Why the ids are the least free ones and not ever higher: configurations stay finite.  When a request ends, what is in
flight with its id gets `STALE` instead, for good; an id that the other end remembers is not given again: so a stale
response is never taken for a fresh one.  What is owed is remembered only where a later step could answer it; if its
request has ended by then, the answer is stale from the first.

Why each instance has ids of its own: an id says nothing but which request is meant.  Were they the least free of all,
who asked first would have the first one, and configurations would differ in nothing else: a user who asks two devices
for a relationship, and then something, was in 724 states instead of 103.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from clausework.model.about import About
from clausework.model.machine import Receive
from clausework.model.states import ancestry, state_named
from clausework.semantics.configuration import InstanceState, Message, Open, Owed, PartyState
from clausework.semantics.events import Delivered, Found, Kind
from clausework.semantics.system import Instance, System
from clausework.semantics.world import World, at_hand

STALE = 0
"""The id of all that belongs to a request which isn't open any more."""


def holder(system: System, party: int, state: PartyState, event: Delivered) -> Instance | None:
    """The instance that waits for this response."""
    wanted = system.answered(event.message.name)
    for instance in system.instances[party]:
        for each in state.instances[instance.number].open:
            if each.message in wanted and (each.link, each.id) == (event.link, event.message.request):
                return instance
    return None


def is_stale(system: System, party: int, state: PartyState, event: Delivered) -> bool:
    return bool(system.answered(event.message.name)) and holder(system, party, state, event) is None


def numbered(world: World, instance: Instance, link: int, message: Message, about: About) -> tuple[World, Message]:
    """The message with its id; the request is open now, or the response given.

    A message that is both (a challenge, say) keeps the id of what it answers.
    """
    wanted = world.system.answered(message.name)
    if wanted:
        taken = at_hand(world.event, wanted, link)
        if taken is None or _given(world, message.name, link, taken.request):
            world, message = _owed_first(world, instance, link, message, about)
        else:
            message = _answering(world, message, taken.name, link, taken.request)
    if world.system.is_request(message.name):
        return _asked(world, instance, link, message)
    return world, message


def _answering(world: World, message: Message, request: str, link: int, id_: int | None) -> Message:
    """With the id of its request; stale from the first, if that has ended meanwhile: who asked may give its id anew."""
    has_ended = request in world.system.outlasted and (link, -(id_ or STALE)) not in world.busy
    return message._replace(request=STALE if has_ended else id_)


def _given(world: World, name: str, link: int, id_: int | None) -> bool:
    """Whether this step has given the final answer to the request at hand already."""
    answered = world.system.answered(name)
    return any(
        send.link == link
        and send.message.request == id_
        and world.system.answered(send.message.name) == answered
        and not world.system.messages[send.message.name].provisional
        for send in world.sends
    )


def _asked(world: World, instance: Instance, link: int, message: Message) -> tuple[World, Message]:
    state = world.of(instance)
    scope = waits_in(world.system, instance.machine, state.state, message.name)
    others = tuple(each for each in state.open if (each.message, each.link, each.scope) != (message.name, link, scope))
    world = world.put(instance, replace(state, open=others))
    id_ = message.request
    if id_ is None:
        used = {each for at, each in (*world.busy, *_waiting(world.state)) if at == link}
        own = count(world.system.first_ids[world.party] + instance.number, world.system.ids)
        id_ = next(number for number in own if number not in used)
    opened = replace(world.of(instance), open=(*others, Open(message.name, link, id_, scope)))
    world = world.put(instance, opened)._replace(asked=(*world.asked, (message.name, link, id_)))
    return world, message._replace(request=id_)


def _owed_first(world: World, instance: Instance, link: int, message: Message, about: About) -> tuple[World, Message]:
    """The oldest request owed, of this instance first, gets the answer."""
    wanted = world.system.answered(message.name)
    for each in (instance, *(one for one in world.everybody() if one.number != instance.number)):
        state = world.of(each)
        for place, oldest in enumerate(state.owed):
            if oldest.message in wanted and oldest.link == link:
                if not world.system.messages[message.name].provisional:
                    left = (*state.owed[:place], *state.owed[place + 1 :])
                    world = world.put(each, replace(state, owed=left))
                return world, _answering(world, message, oldest.message, link, oldest.id)
    text = f"`{message.name}` answers nothing: no request is open here, or it has been answered already"
    help_ = "answer each request once; what comes by itself is a message that `answers` nothing"
    return world.found(Found(Kind.GIVEN_TWICE, text, about, help_), failed=False), message


def closed(world: World, instance: Instance, event: Delivered) -> World:
    """A response that isn't provisional ends its request."""
    name = event.message.name
    answered = world.system.answered(name)
    if not answered or world.system.messages[name].provisional:
        return world
    state = world.of(instance)
    left = tuple(
        each
        for each in state.open
        if not (each.message in answered and (each.link, each.id) == (event.link, event.message.request))
    )
    return world.put(instance, replace(state, open=left)) if left != state.open else world


def owed(world: World, instance: Instance, event: Delivered) -> World:
    """A request that was taken and not answered yet, if a later step may do so."""
    name, id_ = event.message.name, event.message.request
    if id_ is None or name not in world.system.answered_late or event.link not in world.state.seen:
        return world
    if _answered(world, event):
        return world
    state = world.of(instance)
    kept_ = (*state.owed, Owed(name, event.link, id_))
    same = [each for each in kept_ if (each.message, each.link) == (name, event.link)]
    if len(same) > world.system.check.queue:  # whoever asks so often without waiting waits for the last ones only
        oldest = kept_.index(same[0])  # one of them: of requests that are over, all look the same
        kept_ = (*kept_[:oldest], *kept_[oldest + 1 :])
    return world.put(instance, replace(state, owed=kept_))


def _answered(world: World, event: Delivered) -> bool:
    return any(
        event.message.name in world.system.answered(send.message.name)
        and (send.link, send.message.request) == (event.link, event.message.request)
        and not world.system.messages[send.message.name].provisional
        for send in world.sends
    )


def kept(system: System, machine: int, before: InstanceState, leaf: str) -> tuple[Open, ...]:
    """What stays open when the state changes to `leaf`."""
    around = ancestry(system.programs[machine].machine, leaf)
    return tuple(each for each in before.open if each.scope in around)


def waits_in(system: System, machine: int, leaf: str, request: str) -> str:
    """The innermost state around a leaf that says something of a response; the leaf itself, if none does."""
    program = system.programs[machine]
    responses = system.responses(request)
    for state in ancestry(program.machine, leaf):
        triggers = (way.handler.trigger for way in program.by_scope.get(state, ()))
        heard = {str(each.message) for each in triggers if isinstance(each, Receive)}
        heard |= {str(name) for name, _ in state_named(program.machine, state).dispositions}
        if heard & responses:
            return str(state)
    return leaf


def remembered(system: System, state: PartyState) -> frozenset[tuple[int, int]]:
    """The requests of others that a party remembers, by link: owed, or deferred.

    Also those of its own that it waits for and that may be answered after they have ended: with their ids below zero.
    """
    return frozenset(
        found
        for instance in state.instances
        for found in (
            *((each.link, each.id) for each in instance.owed if each.id != STALE),
            *(
                (link, message.request)
                for link, message in instance.deferred
                if message.request and system.is_request(message.name)
            ),
            *((each.link, -each.id) for each in instance.open if each.message in system.outlasted),
        )
    )


def _waiting(state: PartyState) -> Iterator[tuple[int, int]]:
    """The ids of its own requests that a party knows: open, or those of deferred responses."""
    for instance in state.instances:
        yield from ((each.link, each.id) for each in instance.open)
        yield from ((link, message.request) for link, message in instance.deferred if message.request)


def ended(world: World) -> frozenset[tuple[str, int, int]]:
    """The requests that were open before the step and aren't any more, though their ids may be in use again."""
    return _asks(world.before) - (_asks(world.state) - frozenset(world.asked))


def _asks(state: PartyState) -> frozenset[tuple[str, int, int]]:
    return frozenset((each.message, each.link, each.id) for instance in state.instances for each in instance.open)
