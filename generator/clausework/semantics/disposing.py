"""What happens to a message that no transition takes."""

from dataclasses import replace

from clausework.expr import nodes
from clausework.expr.evaluate import evaluate
from clausework.model.machine import CloseLink, Defer, Disposition, Ignore, Impossible, Reject
from clausework.model.states import ancestry
from clausework.semantics.configuration import Message
from clausework.semantics.events import Delivered, Dispatch, Found, Kind, Noticed
from clausework.semantics.requests import closed, numbered
from clausework.semantics.system import Instance
from clausework.semantics.view import View
from clausework.semantics.world import World
from clausework.source import Name

Pairs = tuple[tuple[Name, nodes.Expr], ...]


def disposition(world: World, instance: Instance, message: str) -> Disposition:
    """The innermost word on it, message by message first."""
    machine = world.system.programs[instance.machine].machine
    around = ancestry(machine, world.of(instance).state)
    states = [next(each for each in machine.states if each.name == name) for name in around]
    for state in states:
        for name, said in state.dispositions:
            if name == message:
                return said
    for state in states:
        if state.otherwise is not None:
            return state.otherwise
    return next((said for name, said in machine.dispositions if name == message), machine.otherwise)


def stale_disposition(world: World, instance: Instance, message: str) -> Disposition:
    """What a machine does with a response that nobody waits for any more."""
    machine = world.system.programs[instance.machine].machine
    return next((said for name, said in machine.stale if name == message), Ignore())


def disposed(world: World, instance: Instance, event: Delivered, said: Disposition, view: View) -> World:
    match said:
        case Ignore():
            return closed(world._replace(disposed="ignore"), instance, event)
        case Defer():
            return _deferred(world, instance, event)
        case Reject(message=name, fields=fields):
            world = _answer(world, instance, event, view, name, fields)
            return closed(world._replace(disposed="reject"), instance, event)
        case CloseLink(message=last, fields=fields):
            if last is not None:
                world = _answer(world, instance, event, view, last, fields)
            world = world.unseen(event.link)
            told = (*world.agenda, (None, Noticed(event.link)))
            return world._replace(disposed="close", closed=(*world.closed, event.link), agenda=told)
        case Impossible() if world.party in world.system.attackers:
            return world._replace(disposed="ignore")
        case Impossible():
            return world.found(_unexpected(world, instance, event.message.name))


def _answer(world: World, instance: Instance, event: Delivered, view: View, name: str, fields: Pairs) -> World:
    far = str(world.system.parties[world.system.links[event.link].other(world.party)].name)
    message = Message(str(name), tuple(evaluate(value, view) for _, value in fields))
    about = world.cell(instance)
    world, message = numbered(world, instance, event.link, message, about)
    sent = Dispatch(event.link, far, message, about, instance.number)
    return world._replace(sends=(*world.sends, sent))


def _unexpected(world: World, instance: Instance, message: str) -> Found:
    machine = world.system.programs[instance.machine].machine
    text = f"`{machine.name}` is in `{world.of(instance).state}`, which has no line for `{message}`"
    help_ = f"write `receive {message}: ...`, or `ignore: [{message}]`, in `{world.of(instance).state}`"
    return Found(Kind.IMPOSSIBLE, text, world.cell(instance), help_)


def _deferred(world: World, instance: Instance, event: Delivered) -> World:
    before = world.of(instance)
    if len(before.deferred) >= world.system.check.queue:
        text = f"`{event.message.name}` is deferred, and {len(before.deferred)} are already"
        return world.found(Found(Kind.TOO_MANY_DEFERRED, text, world.cell(instance)))
    after = replace(before, deferred=(*before.deferred, (event.link, event.message)))
    return world.put(instance, after)._replace(disposed="defer")
