"""Which parties are interchangeable, and what it means to interchange them.

Nobody declares it: parties of one role that the check treats alike are.  A permutation renames parties, and with them
links, keys, variables, messages, whatever names them; it never touches what only reads the same (a text).  Two
configurations that a permutation turns into each other have the same future, under other names.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import permutations, product

from clausework.expr import types as kinds
from clausework.expr.nodes import Value
from clausework.expr.types import Type, plain
from clausework.model.sequence import Asked, Check, PartyOf
from clausework.semantics.configuration import Configuration, InstanceState, Message, PartyState
from clausework.semantics.reactions import Reactions
from clausework.semantics.requests import STALE
from clausework.semantics.space import Space
from clausework.semantics.system import System
from clausework.source import Name

MOST_PERMUTATIONS = 720
"""Of more, none is used: each configuration would have to be turned so often."""


@dataclass
class Permutation:
    """`parties`: where each one goes.  Numbers of states and messages are those of the reactions."""

    system: System
    reactions: Reactions
    parties: tuple[int, ...]
    _states: dict[tuple[int, int], int] = field(default_factory=dict)
    _messages: dict[int, int] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[Value, Value]:
        of = self.system.parties
        return {str(of[one].name): str(of[other].name) for one, other in enumerate(self.parties)}

    def name(self, of: str) -> str:
        return str(self.names[of])

    @cached_property
    def links(self) -> tuple[int, ...]:
        """Where each link goes; -1 where one has no place to go to, as it would be opened from the other end."""
        places = {(each.connection, each.client, each.server, each.slot): each.number for each in self.system.links}
        moved = (
            (each.connection, self.parties[each.client], self.parties[each.server], each.slot)
            for each in self.system.links
        )
        return tuple(places.get(each, -1) for each in moved)

    @cached_property
    def origins(self) -> tuple[int, ...]:
        """Who comes to each place."""
        return tuple(self.parties.index(place) for place in range(len(self.parties)))

    @cached_property
    def link_origins(self) -> tuple[int, ...]:
        return tuple(self.links.index(place) for place in range(len(self.links)))

    @cached_property
    def _ids(self) -> tuple[int, ...]:
        """What the first id of each instance becomes."""
        return tuple(
            self.system.first_ids[self.parties[party]] + self.instance(party, instance.number)
            for party, instances in enumerate(self.system.instances)
            for instance in instances
        )

    # -- by number

    def configuration(self, of: Configuration) -> Configuration:
        parties = tuple(self.state(origin, of.parties[origin]) for origin in self.origins)
        wires = tuple(of.wires[origin] for origin in self.link_origins)
        queues = tuple(
            tuple(self.message(each) for each in of.queues[2 * origin + end])
            for origin in self.link_origins
            for end in (0, 1)
        )
        return Configuration(parties, wires, queues, of.left)

    def state(self, party: int, number: int) -> int:
        """The state that the party in the new place has."""
        found = self._states.get((party, number))
        if found is None:
            found = self.reactions.party(self._party(party, self.reactions.parties[number]))
            self._states[party, number] = found
        return found

    def message(self, number: int) -> int:
        found = self._messages.get(number)
        if found is None:
            found = self._messages[number] = self.reactions.message(self.renamed(self.reactions.messages[number]))
        return found

    # -- what is in them

    def _party(self, party: int, state: PartyState) -> PartyState:
        moved: dict[int, InstanceState] = {}
        for instance in self.system.instances[party]:
            moved[self.instance(party, instance.number)] = self._instance(
                instance.machine, state.instances[instance.number]
            )
        seen = frozenset(self.links[each] for each in state.seen)
        return replace(state, instances=tuple(moved[number] for number in range(len(moved))), seen=seen)

    def instance(self, party: int, number: int) -> int:
        """The number of an instance in the new place of its party."""
        instance = self.system.instances[party][number]
        keys = self.system.programs[instance.machine].machine.keys
        key = tuple(self.value(each.type, value) for each, value in zip(keys, instance.key, strict=True))
        found = self.system.find(self.parties[party], instance.machine, key)
        if found is None:
            raise AssertionError("parties that are alike have the same instances")
        return found.number

    def _instance(self, machine: int, state: InstanceState) -> InstanceState:
        declared = self.system.programs[machine].machine.variables
        return replace(
            state,
            variables=tuple(self.value(each.type, at) for each, at in zip(declared, state.variables, strict=True)),
            deferred=tuple((self.links[link], self.renamed(message)) for link, message in state.deferred),
            open=tuple(each._replace(link=self.links[each.link], id=self.id(each.id)) for each in state.open),
            owed=tuple(each._replace(link=self.links[each.link], id=self.id(each.id)) for each in state.owed),
        )

    def id(self, number: int) -> int:
        """Of a request: the instance in the new place has it.  Below zero as in `requests.remembered`."""
        if number == STALE:
            return STALE
        again, place = divmod(abs(number) - 1, self.system.ids)
        moved = again * self.system.ids + self._ids[place]
        return moved if number > 0 else -moved

    def renamed(self, message: Message) -> Message:
        fields = self.system.messages[message.name].fields
        values = (self.value(each.type, at) for each, at in zip(fields, message.values, strict=True))
        request = None if message.request is None else self.id(message.request)
        return message._replace(values=tuple(values), request=request)

    def value(self, type_: Type, value: Value) -> Value:
        match plain(type_):
            case kinds.Party():
                return self.names.get(value, value)
            case kinds.Link():
                return self.links[value] if isinstance(value, int) else value
            case kinds.Optional(item=item):
                return None if value is None else self.value(item, value)
            case kinds.ListOf(item=item) if isinstance(value, tuple):
                return tuple(self.value(item, each) for each in value)
            case kinds.SetOf(item=item) if isinstance(value, frozenset):
                return frozenset(self.value(item, each) for each in value)
            case kinds.MessageOf() if isinstance(value, Message):
                return self.renamed(value)
        return value


def permutations_of(space: Space) -> tuple[Permutation, ...]:
    """All that keep the check as it is, the one that changes nothing first; only that one, if there are too many."""
    system, start = space.system, space.start()
    found: list[Permutation] = []
    for parties in _rearranged(system):
        permutation = Permutation(system, space.reactions, parties)
        if (
            -1 not in permutation.links
            and permutation.configuration(start) == start
            and _asks_the_same(system.check, permutation)
        ):
            found.append(permutation)
        if len(found) > MOST_PERMUTATIONS:
            return tuple(found[:1])
    return tuple(found)


def _asks_the_same(check: Check, permutation: Permutation) -> bool:
    """Whether applications may ask for the same, of whom they may ask it, under the other names."""
    limits = {str(name): {Asked.of_text(text) for text in asked} for name, asked in check.commands}
    return all(
        limits.get(permutation.name(name))
        == {each._replace(of=frozenset(map(permutation.name, each.of))) for each in asked}
        for name, asked in limits.items()
    )


def _rearranged(system: System) -> Iterator[tuple[int, ...]]:
    """Those of one role and one place among each other, so that who belongs to somebody moves with him."""
    if any(each.rigid for each in system.decisions.values()):
        yield tuple(range(len(system.parties)))  # an answer that is kept may name anybody
        return
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, party in enumerate(system.parties):
        alike.setdefault(_said_of(system.check, party), []).append(number)
    classes = list(alike.values())
    for places in product(*(permutations(each) for each in classes)):
        moved = dict(
            zip((each for one in classes for each in one), (each for one in places for each in one), strict=True)
        )
        parties = tuple(moved[number] for number in range(len(system.parties)))
        if all(system.home(parties[number]) == _moved(moved, system.home(number)) for number in range(len(parties))):
            yield parties


def _commands(allowed: tuple[Name, ...]) -> tuple[str, ...]:
    """Whoever they are of: that is seen when parties have been interchanged."""
    return tuple(sorted(Asked.of_text(text).command for text in allowed))


def _moved(moved: dict[int, int], home: int | None) -> int | None:
    return None if home is None else moved[home]


def _said_of(check: Check, party: PartyOf) -> tuple[object, ...]:
    """What tells a party from others: its role, and all that the check says of it; its name, if it speaks of that.

    What is `given` makes the start, and nothing else: whether that stays as it is can be seen.
    """
    named = {str(each.subject) for each in check.faults} | {text for _, texts in check.bind for text in texts}
    commands = next((_commands(allowed) for name, allowed in check.commands if name == party.name), None)
    slots = next((count for name, count in check.slots if name == party.name), 1)
    name = str(party.name) if party.name in named else ""
    return str(party.role), commands, slots, party.name in check.down, party.at is None, name
