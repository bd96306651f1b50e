"""Who is concerned: the instance that a message is for, and those that hear of a link or of another instance."""

from clausework.expr.evaluate import evaluate
from clausework.expr.nodes import Value
from clausework.model.machine import Addressing, Enters, Leaves, Lost, Receive, Restarted, Restored
from clausework.model.standard import is_a
from clausework.semantics import events
from clausework.semantics.configuration import PartyState
from clausework.semantics.events import Crossed, Delivered, Event, Found, Kind, Noticed, Saw
from clausework.semantics.system import Instance, System, Way
from clausework.semantics.view import View, view_of


def takers(system: System, party: int, event: Delivered) -> list[Instance] | Found:
    """The instance that a message is for: its key is computed from the message and from who sent it.

    With `for each K in`, the instance of every element; elements that are no key of the check have none.
    """
    known = system.known_takers
    asked = party, event.link, event.message
    if asked not in known:
        known[asked] = _takers(system, party, event)
    return known[asked]


def _takers(system: System, party: int, event: Delivered) -> list[Instance] | Found:
    far = system.parties[system.links[event.link].other(party)]
    nobody = PartyState((), frozenset())
    known = False
    for number, program in enumerate(system.programs):
        if not system.plays(party, program.machine.role):
            continue
        for addressing in program.machine.addressing:
            if addressing.message == event.message.name and is_a(system.standard, far.role, addressing.sender):
                view = view_of(system, party, nobody, Instance(0, number, ()), event)
                found = [system.find(party, number, key) for key in _keys(view, addressing)]
                known = known or addressing.each is not None
                if any(found):
                    return [each for each in found if each is not None]
    if known or party in system.attackers:  # who keeps to no machine misses none
        return []
    message = event.message.name
    text = f"nothing of `{system.parties[party].role}` takes `{message}` from `{far.role}`"
    return Found(Kind.NOBODY_TAKES, text, system.messages[message].about)


def _keys(view: View, addressing: Addressing) -> list[tuple[Value, ...]]:
    if addressing.each is None:
        return [tuple(evaluate(each, view) for each in addressing.keys)]
    name, expression = addressing.each
    elements = evaluate(expression, view)
    inside = [view.binding(name, each) for each in _in_order(elements)]
    return [tuple(evaluate(each, bound) for each in addressing.keys) for bound in inside]


def _in_order(elements: Value) -> list[Value]:
    """Of a list as they stand, of a set in an order of their own: sets have none."""
    if isinstance(elements, tuple):
        return list(dict.fromkeys(elements))
    return sorted(elements, key=str) if isinstance(elements, frozenset) else []


def takes(view: View, way: Way, event: Delivered) -> bool:
    """Whether a handler is for a message, from where it comes."""
    trigger = way.handler.trigger
    if not isinstance(trigger, Receive) or trigger.message != event.message.name:
        return False
    far = view.system.parties[view.system.links[event.link].other(view.party)].role
    return trigger.sender is None or is_a(view.system.standard, far, trigger.sender)


def kinds(event: Event) -> frozenset[type]:
    """The kinds of trigger that can hear of an event."""
    match event:
        case Crossed(entered=entered):
            return frozenset((Enters if entered else Leaves,))
        case Noticed():
            return frozenset((Lost,))
        case Saw():
            return frozenset((Restored,))
        case events.Restarted():
            return frozenset((Restarted,))
    return frozenset((Receive,))


def hears(view: View, way: Way, event: Event) -> bool:
    """Whether a handler listens to something that happened to a link or to another instance."""
    trigger = way.handler.trigger
    match event, trigger:
        case (Noticed(link=link), Lost(peer=peer)) | (Saw(link=link), Restored(peer=peer)):
            return _about_link(view, link, peer)
        case events.Restarted(), Restarted():
            return True
        case Crossed(entered=True), Enters():
            return _about_instance(view, trigger, event)
        case Crossed(entered=False), Leaves():
            return _about_instance(view, trigger, event)
    return False


def _about_link(view: View, link: int, peer: str | None) -> bool:
    """An instance kept for a connection hears of that one only; others of those to the role."""
    kept = [value for name, value in view.keys().items() if name == "connection"]
    if kept:
        return kept[0] == link
    far = view.system.links[link].other(view.party)
    return peer is None or is_a(view.system.standard, view.system.parties[far].role, peer)


def _about_instance(view: View, trigger: Enters | Leaves, event: Crossed) -> bool:
    """Components of one name agree; with `of K`, the other's key (or who is at the end of its link) is K."""
    other = view.system.instances[view.party][event.instance]
    machine = view.system.programs[other.machine].machine
    same = machine.flow == trigger.flow and machine.name == trigger.machine
    if not same or not set(event.states) & set(trigger.states):
        return False
    theirs = dict(zip((str(key.name) for key in machine.keys), other.key, strict=True))
    if trigger.key is not None:
        return evaluate(trigger.key, view) in (*theirs.values(), *(_far_end(view, each) for each in theirs.values()))
    return all(theirs.get(name, value) == value for name, value in view.keys().items())


def _far_end(view: View, value: Value) -> Value:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(view.system.parties[view.system.links[value].other(view.party)].name)
    return None
