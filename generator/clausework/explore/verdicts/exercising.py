"""What an exploration exercised: states visited, transitions fired, guards seen both ways, answers given."""

from collections.abc import Iterator

from clausework.model.machine import Handler, Receive
from clausework.semantics.configuration import PartyState
from clausework.semantics.events import Reaction
from clausework.semantics.system import System

Item = tuple[str, str, str, str, int]
"""Kind (state, transition, answer), flow, machine, name, number.

A transition is named by where its trigger is written, and the number of its path through the effect.
"""


def place(handler: Handler) -> str:
    """Where a trigger is written, and for which message: `receive M|N` is two."""
    span = handler.about.span
    message = handler.trigger.message if isinstance(handler.trigger, Receive) else ""
    return f"{span.source.path}:{span.start.line}:{span.start.column} {message}"


class Exercise:
    """Collects what was exercised; reactions are remembered, so each is looked at once."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.items: set[Item] = set()
        self._reactions: dict[int, Reaction] = {}
        self._numbers = {
            (number, id(transition)): (place(way.handler), transition.number)
            for number, program in enumerate(system.programs)
            for way in program.ways
            for transition in way.transitions
        }
        for party in range(len(system.parties)):
            self._states(party, system.start(party))

    def step(self, party: int, reaction: Reaction, *, happened: bool) -> None:
        if not happened or id(reaction) in self._reactions:
            return
        self._reactions[id(reaction)] = reaction
        self.items.update(self.fired(party, reaction))
        for answered in reaction.answers:
            self.items.add(("answer", "", "", f"{answered.decision} is {answered.answer}", 0))
        if reaction.after is not None:
            self._states(party, reaction.after)

    def fired(self, party: int, reaction: Reaction) -> Iterator[Item]:
        """The transitions that a reaction takes."""
        for fired in reaction.fired:
            machine_number = self.system.instances[party][fired.instance].machine
            machine = self.system.programs[machine_number].machine
            written, path = self._numbers[machine_number, id(fired.transition)]
            yield "transition", machine.flow, machine.name, written, path

    def _states(self, party: int, state: PartyState) -> None:
        for instance in self.system.instances[party]:
            machine = self.system.programs[instance.machine].machine
            self.items.add(("state", machine.flow, machine.name, state.instances[instance.number].state, 0))
