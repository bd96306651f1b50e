"""A search of a check, and what was noted by the way: what all verdicts are judged from."""

from dataclasses import dataclass, field
from functools import cached_property

from clausework.diagnostics import Diagnostic, Label
from clausework.explore import rules
from clausework.explore.leaving import Backwards
from clausework.explore.search import Progress, Search
from clausework.explore.watching import Seen, Watch
from clausework.model.sequence import Always, Check, Nowhere, Possible, Property, Settled
from clausework.semantics.space import Space, Step
from clausework.semantics.values import Unexplorable


@dataclass
class Looked:
    """Ready to be searched; nothing has been until `search.run(watch)`."""

    space: Space
    most: int
    progress: Progress | None
    search: Search = field(init=False)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        properties = self.space.system.flow.properties
        self.search = Search(self.space, self.most, self.progress)
        self.watch = Watch(self.space, tuple(each for each in properties if is_plain(each)))

    @cached_property
    def backwards(self) -> Backwards:
        return Backwards(self.search)

    @property
    def label(self) -> tuple[Label, ...]:
        """Where the check is, for the diagnostics."""
        return (Label(self.space.system.check.about.span, "found by this check"),)

    def steps_to(self, seen: Seen) -> list[Step]:
        steps = self.search.way(seen.number)
        return [*steps, seen.step] if seen.step is not None else steps


def is_plain(stated: Property) -> bool:
    """Whether configurations and steps alone tell; other claims need something of the run to be remembered."""
    claims = isinstance(stated.claim, Always | Nowhere | Settled | Possible)
    return claims and stated.provided is None and stated.unless is None


def unbound(check: Check, problem: Unexplorable) -> Diagnostic:
    """Why nothing can be looked at."""
    return Diagnostic(rules.UNBOUND, str(problem), check.about.span, help=problem.help)
