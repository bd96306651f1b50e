"""What is seen of a configuration: of the stand-in its states, of the larger flow those whose conditions hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from clausework.diagnostics import Rule
from clausework.explore import rules
from clausework.expr.types import Link, plain
from clausework.model.stand_in import StandIn
from clausework.semantics.configuration import Configuration, PartyState
from clausework.semantics.session import Session, session_holds, sessions
from clausework.semantics.space import Space
from clausework.semantics.system import Instance, LinkOf, System

Seen = tuple[str, ...]
"""A state for each place."""


@dataclass(frozen=True)
class Amiss:
    """A configuration of the larger flow that nothing stands for, whatever the stand-in does."""

    rule: Rule
    text: str


@dataclass(frozen=True)
class Place:
    """A lifeline in one session of the stand-in, and in the one of the larger flow that it stands for.

    `number` counts the sessions.  `link`: the connection that its machine is kept for, as either flow numbers it.
    """

    number: int
    lifeline: str
    party: int
    instance: Instance
    session: Session
    link: tuple[int, int] | None


class Unmatched(Exception):
    """Nobody knows which session of the stand-in stands for which of the larger flow."""


def places(stand_in: StandIn, smaller: System, larger: System) -> tuple[Place, ...]:
    """Session by session, in the order in which the lifelines are seen.  Raises `Unmatched`."""
    found: list[Place] = []
    lifelines = tuple(str(view.lifeline) for view in stand_in.seen)
    ours = sessions(smaller, smaller.flow)
    theirs = sessions(larger, larger.flow)
    for number, session in enumerate(ours, 1):
        links = _links(smaller, session, lifelines)
        same = [
            each
            for each in theirs
            if all(each.parties[name] == session.parties[name] for name in lifelines)
            and links.keys() <= _links(larger, each, lifelines).keys()
        ]
        if len(same) != 1:
            who = " and ".join(f"`{smaller.parties[session.parties[name]].name}`" for name in lifelines)
            raise Unmatched(
                f"of {who} there are {len(same)} sessions in `{larger.flow.name}`, where there has to be one"
            )
        known = _links(larger, same[0], lifelines)
        found += [_place(smaller, number, session, name, same[0], known) for name in lifelines]
    if not found:
        raise Unmatched(f"there is no session of `{smaller.flow.name}`")
    return tuple(found)


_Ends = tuple[str, int, int, int]
"""A link, whichever flow numbers it: its connection, both ends, the slot."""


def _links(system: System, session: Session, lifelines: tuple[str, ...]) -> dict[_Ends, int]:
    """The links that the lifelines' machines are kept for."""
    return {
        _ends(system.links[number]): number
        for (lifeline, _, _), instance in session.instances.items()
        if lifeline in lifelines and (number := _link(system, instance)) is not None
    }


def _link(system: System, instance: Instance) -> int | None:
    keys = system.programs[instance.machine].machine.keys
    found = (
        value
        for key, value in zip(keys, instance.key, strict=True)
        if isinstance(plain(key.type), Link) and isinstance(value, int)
    )
    return next(found, None)


def _ends(link: LinkOf) -> _Ends:
    return link.connection, link.client, link.server, link.slot


def _place(
    system: System, number: int, session: Session, lifeline: str, larger: Session, links: dict[_Ends, int]
) -> Place:
    own = {str(each.flow) for each in system.flow.machines}
    instance = next(each for path, each in session.instances.items() if path[0] == lifeline and path[1] in own)
    at = _link(system, instance)
    link = (at, links[_ends(system.links[at])]) if at is not None else None
    return Place(number, lifeline, session.parties[lifeline], instance, larger, link)


@dataclass
class Smaller:
    """What is seen of the stand-in."""

    space: Space
    places: tuple[Place, ...]

    def seen(self, configuration: Configuration) -> Seen:
        return tuple(self._state(configuration, each) for each in self.places)

    def _state(self, configuration: Configuration, place: Place) -> str:
        return self.space.party(configuration, place.party).instances[place.instance.number].state

    def connected(self, configurations: Iterable[Configuration]) -> frozenset[tuple[str, str]]:
        """Lifelines and states in which a machine always sees the connection that it is kept for."""
        every: dict[tuple[str, str], bool] = {}
        for configuration in configurations:
            for each in self.places:
                sees = each.link is not None and each.link[0] in self.space.party(configuration, each.party).seen
                key = each.lifeline, self._state(configuration, each)
                every[key] = every.get(key, True) and sees
        return frozenset(key for key, sees in every.items() if sees)


@dataclass
class Larger:
    """What is seen of the larger flow; it depends on the parties' states only, and is remembered by them.

    `connected`: where its stand-in always sees its connection; others count on that, so it has to be so here, too.
    """

    space: Space
    stand_in: StandIn
    places: tuple[Place, ...]
    connected: frozenset[tuple[str, str]]
    _known: dict[tuple[int, ...], Seen | Amiss] = field(default_factory=dict)

    def seen(self, configuration: Configuration) -> Seen | Amiss:
        found = self._known.get(configuration.parties)
        if found is None:
            found = self._known[configuration.parties] = self._looked(configuration)
        return found

    def _looked(self, configuration: Configuration) -> Seen | Amiss:
        states = tuple(self.space.party(configuration, number) for number in range(len(configuration.parties)))
        found = []
        for each in self.places:
            holding = self._holding(each, states)
            if len(holding) != 1:
                several = " and in ".join(f"`{state}`" for state in holding)
                text = f"`{each.lifeline}` is seen in {f'{several} at once' if several else 'no state here'}"
                return Amiss(rules.UNCLEAR, text)
            found.append(holding[0])
            sees = each.link is None or each.link[1] in states[each.party].seen
            if not sees and (each.lifeline, holding[0]) in self.connected:
                text = (
                    f"`{each.lifeline}` is seen in `{holding[0]}`, where its stand-in has its connection: here is none"
                )
                return Amiss(rules.NOT_INCLUDED, text)
        return tuple(found)

    def _holding(self, place: Place, states: tuple[PartyState, ...]) -> list[str]:
        view = next(each for each in self.stand_in.seen if each.lifeline == place.lifeline)
        return [
            str(state)
            for state, condition in view.states
            if session_holds(condition, self.space.system, place.session, states)
        ]
