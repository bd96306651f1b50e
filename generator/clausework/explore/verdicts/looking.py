"""A search of a check, and what was noted by the way: what all verdicts are judged from."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from clausework.diagnostics import Diagnostic, Label
from clausework.explore import rules
from clausework.explore.engines import Found
from clausework.explore.search.breadth_first import Progress, Search, Watcher
from clausework.explore.verdicts.leaving import Backwards
from clausework.explore.verdicts.watching import Seen, Watch
from clausework.model.sequence import Always, Check, Nowhere, Possible, Property, Settled
from clausework.semantics.space import Space, Step
from clausework.semantics.system import System
from clausework.semantics.values import Unexplorable

MOST = 300_000
"""Configurations looked at unless the check or the caller says otherwise."""


class Noted(Protocol):
    """A search, whichever it was, and what its watcher noted."""

    @property
    def space(self) -> Space: ...
    @property
    def watch(self) -> Watch: ...
    @property
    def search(self) -> Found: ...


class Going(Found, Protocol):
    """A search that may still go on."""

    def goes_on(self, watcher: Watcher | None = None) -> bool: ...


class Reached(Noted, Protocol):
    """Of a search, what sequences need, and what a flow stands for: where they may begin, how much may be looked at."""

    @property
    def search(self) -> Going: ...
    @property
    def most(self) -> int: ...
    @property
    def progress(self) -> Progress | None: ...


@dataclass
class Looked:
    """Ready to be searched; nothing has been until `search.run(watch)` or `search.goes_on(watch)`."""

    space: Space
    most: int
    progress: Progress | None
    search: Search = field(init=False)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        properties = judged_here(self.space.system)
        self.search = Search(self.space, self.most, self.progress)
        self.watch = Watch(self.space, tuple(each for each in properties if is_plain(each)))

    @cached_property
    def backwards(self) -> Backwards:
        return Backwards(self.search)


def label(looked: Noted) -> tuple[Label, ...]:
    """Where the check is, for the diagnostics."""
    return (Label(looked.space.system.check.about.span, "found by this check"),)


def steps_to(looked: Noted, seen: Seen) -> list[Step]:
    steps = looked.search.way(seen.number)
    return [*steps, seen.step] if seen.step is not None else steps


def judged_here(system: System) -> tuple[Property, ...]:
    """The flow's properties, but for those that the check leaves to others."""
    return tuple(each for each in system.flow.properties if system.check.judges(each.name))


def is_plain(stated: Property) -> bool:
    """Whether configurations and steps alone tell; other claims need something of the run to be remembered."""
    claims = isinstance(stated.claim, Always | Nowhere | Settled | Possible)
    return claims and stated.provided is None and stated.unless is None


def unbound(check: Check, problem: Unexplorable) -> Diagnostic:
    """Why nothing can be looked at."""
    return Diagnostic(rules.UNBOUND, str(problem), check.about.span, help=problem.help)
