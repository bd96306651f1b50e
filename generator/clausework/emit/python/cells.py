"""A state and an event: which triggers answer, in which order they are asked, and what is said where none does."""

from collections.abc import Iterator

from clausework.emit.python.branches import both, none_of
from clausework.emit.python.events import Event, narrowed
from clausework.emit.python.members import Members
from clausework.emit.python.words import identifier
from clausework.expr import nodes
from clausework.expr.types import SetOf
from clausework.model.about import About
from clausework.model.machine import Disposition, Enters, Handler, Leaves, Machine, Receive
from clausework.model.standard import Standard
from clausework.model.states import ancestry, state_named
from clausework.source import Name


def disposition_of(machine: Machine, message: str, leaf: str) -> tuple[Disposition, About]:
    """What a cell without a transition says: the state, the compound ones around it, the machine."""
    for name in ancestry(machine, leaf):
        state = state_named(machine, name)
        for listed, disposition in state.dispositions:
            if listed == message:
                return disposition, state.about
        if state.otherwise is not None:
            return state.otherwise, state.about
    for listed, disposition in machine.dispositions:
        if listed == message:
            return disposition, machine.about
    return machine.otherwise, machine.about


def told_apart(
    standard: Standard, machine: Machine, members: Members, event: Event, handlers: list[Handler]
) -> Iterator[tuple[nodes.Expr, nodes.Expr, Handler]]:
    """Handlers of one scope: what is asked for each, and what that comes to, as nothing before it was so.

    A plain `receive M` is for what no `receive M where` of its scope is for.
    """
    narrow: list[nodes.Expr] = []
    late: list[tuple[nodes.Expr, Handler]] = []
    for handler in handlers:
        guard = _guard(standard, machine, members, event, handler)
        if isinstance(handler.trigger, Receive) and handler.trigger.where is not None:
            narrow.append(guard)
            yield guard, guard, handler
        else:
            late.append((guard, handler))
    for guard, handler in late:
        yield guard, both(guard, none_of(narrow)), handler


def _guard(standard: Standard, machine: Machine, members: Members, event: Event, handler: Handler) -> nodes.Expr:
    """Who it is from, and its `where`."""
    trigger = handler.trigger
    where: nodes.Expr | None = trigger.where if isinstance(trigger, Receive) else None
    if isinstance(trigger, Enters | Leaves) and trigger.key is not None:
        where = nodes.In(item=trigger.key, container=nodes.Local(name=_OF, type=SetOf(trigger.key.type)))
    return both(narrowed(standard, machine, members, event, handler), where)


_OF = Name("of.concerned")


def arguments(event: Event) -> dict[str, str]:
    """The command's parameters, in Python."""
    taken = ("self", "now", "message", "messages", "vocabulary", "effects", "given", "within", "state")
    if event.signal is None:
        return {}
    return {str(each.name): identifier(each.name, taken) for each in event.signal.arguments}
