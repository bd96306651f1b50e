"""Of what a moment looks like, the parts that verdicts depend on: where such a part is new, the reference looks.

A view sorts the states of some parties into classes.  Two configurations whose parties are of the same classes are
alike to whoever asks; only the first of them need be looked at.  A view may tell more apart than is asked for: that
costs time, and changes no answer.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from clausework.explore.verdicts.resting import Resting
from clausework.explore.verdicts.watching import Watch
from clausework.expr import nodes
from clausework.model.machine import Defer, Disposition
from clausework.model.sequence import Always, IsIn, Nowhere, Possible, Property, Settled
from clausework.semantics.configuration import PartyState
from clausework.semantics.events import Commanded
from clausework.semantics.session import Session
from clausework.semantics.space import Space

MOST_SESSIONS = 500
"""Of more, one view tells apart what matters to any of them: to look through so many at a time takes longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """`class_of`: what counts of a party's state, by its number in the space.

    `quiescent`: only where nothing happens by itself; `wires`: the state of the wires counts too.
    """

    parties: tuple[int, ...]
    class_of: Callable[[int, int], Hashable]
    quiescent: bool = False
    wires: bool = False


def views(watch: Watch) -> Iterator[View]:
    """All that the watcher of a search looks at, beside the steps themselves."""
    for each in watch.properties:
        condition = condition_of(each)
        for session in watch.sessions if condition is not None else ():
            yield of_condition(watch.space, session, condition, quiescent=isinstance(each.claim, Settled))
    every = watch.all_sessions
    for sessions in [every] if len(every) > MOST_SESSIONS else [[each] for each in every]:
        yield _of_rest(watch.space, watch.resting, sessions)
    if watch.space.system.has_requests or _may_defer(watch.space):
        yield _of_leftovers(watch.space)


def condition_of(stated: Property) -> nodes.Expr | None:
    """The condition that a plain claim is about, if it isn't about an event."""
    match stated.claim:
        case Always(condition=condition) | Settled(condition=condition) | Possible(condition=condition):
            return condition
        case Nowhere(happening=happening):
            event = happening.event
            return event.condition if isinstance(event, IsIn) else happening.condition
    return None


def of_condition(space: Space, session: Session, condition: nodes.Expr | None, *, quiescent: bool) -> View:
    """The states and variables of the instances that a condition speaks of."""
    spoken = {(str(of.lifeline), str(of.flow), str(of.machine)) for of in instances(condition)}
    read: dict[int, list[int]] = {}
    for path in sorted(spoken):
        if path in session.instances:
            read.setdefault(session.parties[path[0]], []).append(session.instances[path].number)

    def class_of(party: int, state: int) -> Hashable:
        instances = space.reactions.parties[state].instances
        seen = space.reactions.seen[state] if quiescent else None
        return seen, tuple((instances[each].state, instances[each].variables) for each in read.get(party, ()))

    parties = range(len(space.system.parties)) if quiescent else sorted(read)
    return View(parties=tuple(parties), class_of=class_of, quiescent=quiescent, wires=quiescent)


def instances(condition: nodes.Expr | None) -> Iterator[nodes.Of]:
    return (each for each in nodes.walk_values(condition) if isinstance(each, nodes.Of))


def _of_rest(space: Space, resting: Resting, sessions: Sequence[Session]) -> View:
    """Who rests, in which state, and who can be asked for something: of one session, whether anybody can."""
    members: dict[int, set[int]] = {}
    for session in sessions:
        for path, instance in session.instances.items():
            members.setdefault(session.parties[path[0]], set()).add(instance.number)

    def class_of(party: int, state: int) -> Hashable:
        now, mine = space.reactions.parties[state], members[party]
        events = (known.label.event for known in space.reactions.by_itself(party, state))
        able = mine & {event.instance for event in events if isinstance(event, Commanded)}
        rests = tuple(_rest(space, resting, party, each, now) for each in sorted(mine))
        return bool(able) if len(sessions) == 1 else frozenset(able), rests

    return View(parties=tuple(sorted(members)), class_of=class_of, quiescent=True)


def _rest(space: Space, resting: Resting, party: int, number: int, state: PartyState) -> str | None:
    """The state in which an instance doesn't rest."""
    instance = space.system.instances[party][number]
    return None if resting.rests(party, instance, state) else state.instances[number].state


def _of_leftovers(space: Space) -> View:
    """What waits in machines, and what others remember of it."""

    def class_of(_party: int, state: int) -> Hashable:
        instances = space.reactions.parties[state].instances
        waiting = tuple(
            (each.state, each.deferred, each.open) if each.deferred or each.open else () for each in instances
        )
        return waiting, space.reactions.remembered(state)

    everybody = tuple(range(len(space.system.parties)))
    return View(parties=everybody, class_of=class_of, quiescent=True, wires=True)


def _may_defer(space: Space) -> bool:
    machines = [program.machine for program in space.system.programs]
    said: list[Disposition | None] = []
    for machine in machines:
        said += [machine.otherwise, *(word for _, word in (*machine.dispositions, *machine.stale))]
        for state in machine.states:
            said += [state.otherwise, *(word for _, word in state.dispositions)]
    return any(isinstance(each, Defer) for each in said)
