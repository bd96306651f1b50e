"""Who is to be woken, and nobody can say under which key.

An instance that nothing has happened to isn't kept: it stands in its first state, as does every other of ever so many
keys.  So what happens elsewhere (a link, another machine) reaches one only if it says itself which: else a search,
which tries a few keys, would show what no party can do.
"""

from collections.abc import Iterator

from clausework.check.rules import NOBODY_WOKEN
from clausework.diagnostics import Diagnostic
from clausework.expr import nodes
from clausework.expr.types import Link, Party, Type, plain
from clausework.model.machine import Enters, Field, Handler, Ignore, Leaves, Lost, Machine, Restored
from clausework.model.standard import Standard, is_a, own
from clausework.model.states import entered, scopes
from clausework.model.transitions import Transition, paths, trigger_words


def check_waking(standard: Standard) -> Iterator[Diagnostic]:
    """Each place once, though a flow that extends another has its machines, too."""
    return iter(dict.fromkeys(_all(standard)))


def _all(standard: Standard) -> Iterator[Diagnostic]:
    machines = {(str(each.flow), str(each.name)): each for flow in standard.flows for each in flow.machines}
    for flow in own(standard.flows):
        for machine in flow.machines:
            first = entered(machine, machine.initial)
            for handler in machine.handlers:
                does = any(_does(machine, each, first) for each in paths(handler))
                unsaid = list(_unsaid(standard, machines, machine, handler))
                if handler.scope in scopes(machine, first) and does and unsaid:
                    yield _nobody(machine, handler, unsaid)


def _does(machine: Machine, transition: Transition, first: str) -> bool:
    """Whether an instance as at first would be different, or say something."""
    if isinstance(transition.disposition, Ignore):
        return False
    says = transition.sends or transition.notifies or transition.closes
    moves = transition.target is not None and entered(machine, transition.target) != first
    return bool(says or moves or (transition.updates and not transition.forget) or transition.disposition)


def _unsaid(
    standard: Standard, machines: dict[tuple[str, str], Machine], machine: Machine, handler: Handler
) -> Iterator[Field]:
    match handler.trigger:
        case Enters() | Leaves() as trigger:
            source = machines.get((str(trigger.flow), str(trigger.machine)))
            if source is not None:
                yield from (each for each in machine.keys if not _is_said(standard, each, source, trigger))
        case Lost(peer=peer) | Restored(peer=peer):
            far = _far(standard, machine.role) if peer is None else {str(peer)}
            yield from (each for each in machine.keys if not _is_link(each.type) and not _fits(standard, each, far))


def _is_said(standard: Standard, key: Field, source: Machine, trigger: Enters | Leaves) -> bool:
    """By a component of the same name, by `of`, or as one of the parties that the other machine is about."""
    if isinstance(trigger.key, nodes.Key) and trigger.key.name == key.name:
        return True
    if trigger.key is None and key.name in {each.name for each in source.keys}:
        return True
    about = {str(role) for each in source.keys if (role := getattr(plain(each.type), "role", None))}
    if any(_is_link(each.type) for each in source.keys):
        about |= _far(standard, source.role)
    return _fits(standard, key, about)


def _is_link(type_: Type) -> bool:
    return isinstance(plain(type_), Link)


def _fits(standard: Standard, key: Field, roles: set[str]) -> bool:
    bare = plain(key.type)
    return isinstance(bare, Party) and any(is_a(standard, role, bare.role) for role in roles)


def _far(standard: Standard, role: str) -> set[str]:
    """Who is at the other end of the connections of a role."""
    found = set()
    for each in standard.connections:
        for mine, theirs in ((each.client, each.server), (each.server, each.client)):
            if is_a(standard, role, mine) or is_a(standard, mine, role):
                found.add(str(theirs))
    return found


def _nobody(machine: Machine, handler: Handler, unsaid: list[Field]) -> Diagnostic:
    keys = " and ".join(f"`{each.name}`" for each in unsaid)
    first = entered(machine, machine.initial)
    said = trigger_words(handler.trigger)
    message = f"`{said}` doesn't say which {keys} it is about, of all `{machine.name}` in `{first}`"
    help_ = f"let it do nothing in `{first}`, the first state, and guard commands by `requires`"
    return Diagnostic(NOBODY_WOKEN, message, handler.about.span, help=help_)
