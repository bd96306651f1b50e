"""Compound states: which are around a state, and in which one an arc between two states belongs."""

from clausework.emit.graphviz.moves import Arc, Origin
from clausework.model import machine as model
from clausework.model import states as tree


class Nesting:
    def __init__(self, machine: model.Machine) -> None:
        self.machine = machine
        self._states = {str(state.name): state for state in machine.states}

    def is_compound(self, name: str) -> bool:
        return self._states[name].compound

    def leaf(self, name: str) -> str:
        """Where a transition to the state ends."""
        return str(tree.entered(self.machine, self._states[name].name))

    def around(self, name: str) -> tuple[str, ...]:
        """The compound states around a state, innermost first."""
        return tuple(str(each) for each in tree.ancestry(self.machine, name)[1:])

    def around_origin(self, origin: Origin) -> tuple[str, ...]:
        """Those around all of its states; none around `any state`."""
        if not origin.states:
            return ()
        first, *others = (self.around(state) for state in origin.states)
        return tuple(compound for compound in first if all(compound in other for other in others))

    def home(self, arc: Arc) -> str:
        """The innermost compound state that both ends are in ("": the page); the label stands there."""
        target = self.around(arc.target) if arc.target is not None else self.around_origin(arc.origin)
        return next((compound for compound in self.around_origin(arc.origin) if compound in target), "")
