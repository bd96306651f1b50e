"""What the search of another engine has to offer, so that the reference's verdicts can be said of it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Step

GOING_ON = "who never leaves a state, what goes on for ever"
CLAIMED, SEQUENCES, STANDING = "claims about runs", "sequences", "what a flow stands for"
RUNS = f"{GOING_ON}, {CLAIMED}, {SEQUENCES}, {STANDING}"
"""What single configurations and steps don't tell."""


class Found(Protocol):
    """What verdicts on single configurations and steps need."""

    @property
    def order(self) -> Sequence[Configuration]: ...
    @property
    def steps(self) -> int: ...
    @property
    def depth(self) -> int: ...
    @property
    def stopped(self) -> str: ...
    @property
    def interrupted(self) -> bool: ...

    def way(self, number: int) -> list[Step]: ...


class Graph(Protocol):
    """What a lasso needs: the steps of those configurations that it asks for."""

    @property
    def targets(self) -> Sequence[int]: ...
    @property
    def kinds(self) -> Sequence[int]: ...
    @property
    def flags(self) -> Sequence[int]: ...
    @property
    def classes(self) -> Sequence[object | None]: ...
    @property
    def kept(self) -> Mapping[int, frozenset[int]]: ...

    def edges(self, number: int) -> range: ...

    def step(self, number: int, edge: int) -> Step: ...

    def way(self, number: int) -> list[Step]: ...
