"""Who never gets out of a state: found backwards, from all the steps with which somebody leaves.

Found earlier than a session that hangs: others may still go on, but no path without a fault leads this one further.
"""

from array import array
from collections.abc import Iterator

from clausework.explore.search.breadth_first import Search
from clausework.explore.search.classes import FAULT


class Backwards:
    """The steps of a search, but for faults, from where they lead to where they came from."""

    def __init__(self, search: Search) -> None:
        self.search = search
        size = len(search.order)
        counts = array("L", bytes(8 * (size + 1)))
        for edge, target in enumerate(search.targets):
            if not search.flags[edge] & FAULT:
                counts[target + 1] += 1
        for number in range(size):
            counts[number + 1] += counts[number]
        self.begins = counts
        self.sources = array("L", bytes(8 * counts[size]))
        place = array("L", counts[:size])
        for number in range(search.looked):
            for edge in search.edges(number):
                if not search.flags[edge] & FAULT:
                    target = search.targets[edge]
                    self.sources[place[target]] = number
                    place[target] += 1

    def never_leaving(self, states: list[str]) -> Iterator[int]:
        """The configurations from which no path leads to one with another state; `states`: one for each."""
        search = self.search
        free = bytearray(len(states))
        waiting = []
        for number, state in enumerate(states):
            beyond = number >= search.looked or search.broken_off[number]  # what nobody knows may lead out
            leaves = beyond or any(
                states[search.targets[edge]] != state and not search.flags[edge] & FAULT
                for edge in search.edges(number)
            )
            if leaves:
                free[number] = 1
                waiting.append(number)
        while waiting:
            number = waiting.pop()
            for place in range(self.begins[number], self.begins[number + 1]):
                source = self.sources[place]
                if not free[source] and states[source] == states[number]:
                    free[source] = 1
                    waiting.append(source)
        return (number for number, out in enumerate(free) if not out)
