"""Which configurations have the same future, so that one of them is gone on from: what the engine needs to know."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Space


class Turn(Protocol):
    """A permutation of the parties: where each goes, and what it makes of states and messages, by their numbers."""

    @property
    def parties(self) -> tuple[int, ...]: ...
    @property
    def links(self) -> tuple[int, ...]: ...

    def state(self, party: int, number: int) -> int: ...

    def message(self, number: int) -> int: ...

    def configuration(self, of: Configuration) -> Configuration: ...


def as_it_is(_party: int, state: int) -> int:
    """Nothing is forgotten."""
    return state


@dataclass(frozen=True, slots=True)
class Alike:
    """`turns`: all permutations but the one that changes nothing; `forget`: the state that stands for a state."""

    turns: tuple[Turn, ...] = ()
    forget: Callable[[int, int], int] = as_it_is

    @property
    def any(self) -> bool:
        """Whether two configurations may be alike."""
        return bool(self.turns) or self.forget is not as_it_is

    def names(self, of: Configuration) -> Iterator[Configuration]:
        """A configuration under all names, its own first."""
        yield of
        for turn in self.turns:
            yield turn.configuration(of)


Likening = Callable[[Space], Alike]
"""What is alike in a space."""


def each_for_itself(_space: Space) -> Alike:
    return Alike()
