"""What an event comes to: relations between before and after, and where it happens."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from clausework.explore.symbolic.diagrams import Set, after
from clausework.explore.symbolic.symbols import Moment, Symbols


class Way(NamedTuple):
    """A relation, and the variables that it says anything new of."""

    relation: Set
    touched: frozenset[str]


def image(symbols: Symbols, way: Way, of: Set) -> Set:
    """Where a way leads to from a set of configurations."""
    diagrams = symbols.diagrams
    return diagrams.earlier(way.touched, diagrams.both_without(way.touched, of, way.relation))


def preimage(symbols: Symbols, way: Way, of: Set) -> Set:
    """From where a way leads into a set of configurations."""
    diagrams = symbols.diagrams
    hidden = [after(each) for each in way.touched]
    return diagrams.both_without(hidden, way.relation, diagrams.later(way.touched, of))


class Event(Protocol):
    """What may happen at one place."""

    @property
    def progress(self) -> Set:
        """Where it happens by itself, if only to be kept from it by a full queue."""

    def ways(self) -> tuple[Way, ...]:
        """The relations that it is the union of."""

    def going(self) -> Iterator[Set]:
        """Where a step happens; one set for each of several steps from the same place."""

    def free(self) -> Set:
        """Where something follows that no full queue keeps from happening."""

    def blocked(self) -> Set:
        """Where a full queue keeps something from happening."""


class Fault:
    """What the world does, and nobody reacts to."""

    def __init__(self, moment: Moment, guard: Set) -> None:
        self.symbols, self.guard = moment.symbols, guard
        self.progress = moment.symbols.none
        self._way = Way(guard & moment.relation(), frozenset(moment.symbols.names(moment.changed)))

    def ways(self) -> tuple[Way, ...]:
        return (self._way,)

    def going(self) -> Iterator[Set]:
        yield self.guard

    def free(self) -> Set:
        return self.guard

    def blocked(self) -> Set:
        return self.symbols.none
