"""A party in the middle of a step, and the little that everything which changes it shares."""

from dataclasses import replace
from typing import NamedTuple

from clausework.model.about import About
from clausework.semantics.configuration import InstanceState, Message, PartyState
from clausework.semantics.events import Answered, Delivered, Dispatch, Event, Fired, Found, Notice
from clausework.semantics.system import Instance, System


class World(NamedTuple):
    """`agenda` is what other instances have still to hear of, oldest first; (None, event) is for whoever listens.

    `before` is the party before the step.  `busy`: the ids of requests that somebody else remembers, by link; `asked`:
    requests made in this step, with link and id.
    """

    system: System
    party: int
    before: PartyState
    state: PartyState
    event: Event
    busy: frozenset[tuple[int, int]] = frozenset()
    sends: tuple[Dispatch, ...] = ()
    closed: tuple[int, ...] = ()
    notices: tuple[Notice, ...] = ()
    answers: tuple[Answered, ...] = ()
    fired: tuple[Fired, ...] = ()
    findings: tuple[Found, ...] = ()
    disposed: str = ""
    agenda: tuple[tuple[int | None, Event], ...] = ()
    failed: bool = False
    taker: int | None = None
    asked: tuple[tuple[str, int, int], ...] = ()

    def found(self, found: Found, *, failed: bool = True) -> "World":
        return self._replace(findings=(*self.findings, found), failed=self.failed or failed)

    def put(self, instance: Instance, state: InstanceState) -> "World":
        instances = list(self.state.instances)
        instances[instance.number] = state
        return self._replace(state=replace(self.state, instances=tuple(instances)))

    def of(self, instance: Instance) -> InstanceState:
        return self.state.instances[instance.number]

    def everybody(self) -> tuple[Instance, ...]:
        return self.system.instances[self.party]

    def cell(self, instance: Instance) -> About:
        """The state that an instance is in, as an element to be shown at."""
        machine = self.system.programs[instance.machine].machine
        return next(each.about for each in machine.states if each.name == self.of(instance).state)

    def unseen(self, link: int) -> "World":
        """This end doesn't see a link any more; requests on it are neither open nor owed."""
        instances = tuple(_without(each, link) for each in self.state.instances)
        return self._replace(state=replace(self.state, instances=instances, seen=self.state.seen - {link}))


def _without(state: InstanceState, link: int) -> InstanceState:
    if not state.open and not state.owed:
        return state
    return replace(
        state,
        open=tuple(each for each in state.open if each.link != link),
        owed=tuple(each for each in state.owed if each.link != link),
    )


def at_hand(event: Event, names: frozenset[str], link: int) -> Message | None:
    """The request that is being taken, if it is one of `names`, has an id, and came over this link."""
    if isinstance(event, Delivered) and event.link == link and event.message.name in names:
        return event.message if event.message.request is not None else None
    return None
