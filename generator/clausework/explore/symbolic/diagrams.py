"""The library of decision diagrams: `dd`, with CUDD compiled into it where there is such a wheel.

Each bit of a field has two variables, side by side: how it is before a step, and (with a stroke) how it is after it.
"""

import importlib
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, Self

_NODE = 500
"""Bytes of a node in Python, with its places in tables."""


class NoLibrary(Exception):
    """There is none; the text says what to do."""


class Set(Protocol):
    """A set of configurations, or of pairs of them: a boolean function of variables."""

    def __and__(self, other: Self, /) -> Self: ...
    def __or__(self, other: Self, /) -> Self: ...
    def __invert__(self, /) -> Self: ...
    def __len__(self, /) -> int: ...
    @property
    def var(self) -> str | None: ...
    @property
    def low(self) -> Self: ...
    @property
    def high(self) -> Self: ...
    @property
    def negated(self) -> bool: ...


Bits = tuple[Set, ...]
"""A number, the lowest bit first, each of which is a function."""


def after(variable: str) -> str:
    """The variable of the same bit after a step."""
    return f"{variable}'"


class Diagrams:
    """One order of variables, and all functions of them.  `compiled`: whether it's CUDD that works."""

    def __init__(self, variables: Iterable[str]) -> None:
        module, self.compiled = _library()
        self._manager: Any = module.BDD()
        if self.compiled:
            self._and_exists: Any = module.and_exists
        self.variables = tuple(variables)
        for each in self.variables:
            self._manager.declare(each, after(each))
            if self.compiled:  # so that reordering keeps them side by side
                self._manager.group({each: 2})
        self._manager.configure(reordering=self.compiled)
        self._equal: dict[frozenset[str], Set] = {}
        self.none: Set = self._manager.false
        self.all: Set = self._manager.true

    # -- functions

    def is_set(self, variable: str) -> Set:
        found: Set = self._manager.var(variable)
        return found

    def cube(self, values: Mapping[str, bool]) -> Set:
        found: Set = self._manager.cube(values)
        return found

    def either(self, condition: Set, this: Set, that: Set) -> Set:
        found: Set = self._manager.ite(condition, this, that)
        return found

    def same(self, one: Set, other: Set) -> Set:
        return self.either(one, other, ~other)

    def union(self, sets: Iterable[Set]) -> Set:
        """By halves: functions of equal size are faster to put together than one that grows and one that is small."""
        found = list(sets)
        while len(found) > 1:
            found = [found[at] | found[at + 1] if at + 1 < len(found) else found[at] for at in range(0, len(found), 2)]
        return found[0] if found else self.none

    def without(self, variables: Iterable[str], of: Set) -> Set:
        """Whatever these variables are."""
        found: Set = self._manager.exist(set(variables), of)
        return found

    def both_without(self, variables: Iterable[str], one: Set, other: Set) -> Set:
        """What both say, whatever these variables are."""
        if not self.compiled:
            return self.without(variables, one & other)
        found: Set = self._and_exists(one, other, set(variables))
        return found

    def later(self, variables: frozenset[str], of: Set) -> Set:
        """These variables are those after a step."""
        return self.both_without(variables, of, self._alike(variables))

    def earlier(self, variables: frozenset[str], of: Set) -> Set:
        """What was after a step is now.

        By a product with "these are equal": the library's renaming takes three times as long.
        """
        return self.both_without([after(each) for each in variables], of, self._alike(variables))

    def _alike(self, variables: frozenset[str]) -> Set:
        """Where these variables are after a step what they were before."""
        if variables not in self._equal:
            found = self.all
            for each in variables:
                found &= self.same(self.is_set(each), self.is_set(after(each)))
            self._equal[variables] = found
        return self._equal[variables]

    # -- what is in them

    def some(self, of: Set, variables: Iterable[str]) -> dict[str, bool]:
        """One of a set that isn't empty: the value of each of the variables."""
        found: dict[str, bool] = self._manager.pick(of, set(variables))
        return found

    def each(self, of: Set, variables: Iterable[str]) -> Iterator[dict[str, bool]]:
        found: Iterator[dict[str, bool]] = self._manager.pick_iter(of, set(variables))
        return found

    def count(self, of: Set) -> int:
        """How many there are, exactly: the library counts in floating point."""
        levels = sorted((self._manager.level_of_var(each), each) for each in self.variables)
        places = {each: place for place, (_, each) in enumerate(levels)}
        return _count(of, places)

    @property
    def bytes(self) -> int:
        """The memory that all diagrams take, roughly where it isn't CUDD that has them."""
        if not self.compiled:
            return len(self._manager) * _NODE
        with warnings.catch_warnings():  # it warns of what it did before 0.5.7
            warnings.simplefilter("ignore")
            return int(self._manager.statistics()["mem"])


def _count(of: Set, places: Mapping[str, int]) -> int:
    """Assignments of the variables that have places; a node counts those of its own place and beyond."""
    end = len(places)
    known: dict[Set, int] = {}

    def place(node: Set) -> int:
        return end if node.var is None else places[node.var]

    def counted(edge: Set, at: int) -> int:
        node = ~edge if edge.negated else edge
        found = known.get(node, 1) << place(node) - at
        return (1 << end - at) - found if edge.negated else found

    for node in sorted(_nodes(of), key=place, reverse=True):
        known[node] = counted(node.low, place(node) + 1) + counted(node.high, place(node) + 1)
    return counted(of, 0)


def _nodes(of: Set) -> set[Set]:
    """All nodes below, none of them negated, but for the constant."""
    found: set[Set] = set()
    waiting = [of]
    while waiting:
        edge = waiting.pop()
        node = ~edge if edge.negated else edge
        if node.var is not None and node not in found:
            found.add(node)
            waiting += (node.low, node.high)
    return found


def missing() -> str:
    """What is to be done, if there is no library; else nothing."""
    try:
        _library()
    except NoLibrary as problem:
        return str(problem)
    return ""


def _library() -> tuple[Any, bool]:
    for name in ("dd.cudd", "dd.autoref"):
        try:
            return importlib.import_module(name), name == "dd.cudd"
        except ImportError:
            continue
    raise NoLibrary("the library `dd` isn't installed: pip install 'clausework[symbolic]'")
