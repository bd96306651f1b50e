"""Where one may stay: initial and final states, those with commands or `rests`, those waiting for a link."""

from clausework.model.machine import Command, Restored
from clausework.model.standard import is_a
from clausework.model.states import ancestry
from clausework.semantics.configuration import PartyState
from clausework.semantics.system import Instance, System


class Resting:
    """Answers, remembered."""

    def __init__(self, system: System) -> None:
        self.system = system
        self._known: dict[tuple[int, str], bool] = {}
        self._wakened: dict[tuple[int, str], tuple[str | None, ...]] = {}

    def rests(self, party: int, instance: Instance, state: PartyState) -> bool:
        key = (instance.machine, state.instances[instance.number].state)
        return self.always(*key) or any(self._unseen(party, instance, state, peer) for peer in self._wakened[key])

    def always(self, machine: int, leaf: str) -> bool:
        """Whether one may stay in a state whatever the links are."""
        key = (machine, leaf)
        if key not in self._known:
            self._known[key] = self._always(*key)
            self._wakened[key] = self._peers(*key)
        return self._known[key]

    def _always(self, number: int, leaf: str) -> bool:
        program = self.system.programs[number]
        around = ancestry(program.machine, leaf)
        states = [each for each in program.machine.states if each.name in around]
        if leaf == self.system.initial(number).state or any(each.final or each.rests for each in states):
            return True
        inside = set(program.scopes[leaf])
        return any(isinstance(way.handler.trigger, Command) for way in program.ways if way.handler.scope in inside)

    def _peers(self, number: int, leaf: str) -> tuple[str | None, ...]:
        """The roles whose return would wake it; None for its own connection."""
        program = self.system.programs[number]
        inside = set(program.scopes[leaf])
        triggers = [way.handler.trigger for way in program.ways if way.handler.scope in inside]
        return tuple(each.peer for each in triggers if isinstance(each, Restored))

    def _unseen(self, party: int, instance: Instance, state: PartyState, peer: str | None) -> bool:
        """Whether a link that it waits for is not seen."""
        keys = self.system.programs[instance.machine].machine.keys
        own = [value for key, value in zip(keys, instance.key, strict=True) if key.name == "connection"]
        for link in self.system.links_of(party):
            fits = link.number in own if own else self._leads_to(link.other(party), peer)
            if fits and link.number not in state.seen:
                return True
        return False

    def _leads_to(self, other: int, peer: str | None) -> bool:
        return peer is None or is_a(self.system.standard, self.system.parties[other].role, peer)
