"""Which arcs run down the page: decided here, and not by dot, so that the author's order of states decides.

The level of a state is its distance from the initial one, breadth first; among equals the
order in the file.  Arcs to a later place run down, others up.
"""

from collections.abc import Iterable

from clausework.model import machine as model
from clausework.model import states as tree

_ONE_COLUMN, _TWO_COLUMNS = 8, 16


class Places:
    """Where the leaves of a machine stand, by their arcs (from, to)."""

    def __init__(self, machine: model.Machine, arcs: Iterable[tuple[str, str]], boxed: Iterable[str]) -> None:
        """`boxed` are reached from boxes of several states, not from one state."""
        self._index = {str(state.name): place for place, state in enumerate(machine.states)}
        followers: dict[str, list[str]] = {}
        for origin, target in arcs:
            followers.setdefault(origin, []).append(target)
        initial = str(tree.entered(machine, machine.initial))
        self._levels = _distances([initial], followers, {})
        starts = [leaf for leaf in boxed if leaf not in self._levels]
        self._levels = _distances(starts, followers, self._levels)
        for leaf in tree.leaves(machine):
            if leaf.name not in self._levels:
                self._levels = _distances([str(leaf.name)], followers, self._levels)
        self._unit = {str(leaf.name): str(tree.ancestry(machine, leaf.name)[-1]) for leaf in tree.leaves(machine)}
        self._first = {unit: min(self._levels[leaf] for leaf in self._of(unit)) for unit in self._unit.values()}
        count = max(self._levels.values()) + 1
        columns = 1 if count <= _ONE_COLUMN else 2 if count <= _TWO_COLUMNS else 3
        self._per_column = -(-count // columns)

    def _of(self, unit: str) -> list[str]:
        return [leaf for leaf, its in self._unit.items() if its == unit]

    def runs_down(self, origin: str, target: str) -> bool:
        return (self._levels[origin], self._index[origin]) < (self._levels[target], self._index[target])

    def is_next(self, origin: str, target: str) -> bool:
        return self._levels[target] == self._levels[origin] + 1

    def column(self, leaf: str) -> int:
        """A compound state stands in one column, whole."""
        return self._first[self._unit[leaf]] // self._per_column


def _distances(starts: list[str], followers: dict[str, list[str]], known: dict[str, int]) -> dict[str, int]:
    levels = known | dict.fromkeys(starts, 0)
    frontier = starts
    while frontier:
        reached = []
        for origin in frontier:
            for target in followers.get(origin, ()):
                if target not in levels:
                    levels[target] = levels[origin] + 1
                    reached.append(target)
        frontier = reached
    return levels
