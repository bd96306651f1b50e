"""Where an effect stands, and how much is put in there: named effects and tables stand where they are used."""

from dataclasses import dataclass, field, replace

from clausework.expr.scope import Scope
from clausework.model.about import About
from clausework.model.standard import Message
from clausework.read.form import Problems
from clausework.read.rules import CYCLIC_IMPORT, TOO_LARGE
from clausework.source import Name

MOST_INSIDE = 20
MOST_PUT_IN = 5_000
"""Named effects and tables are put in where they are used: so many inside each other, so many in a machine."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an effect stands: what its words mean, the message received, what is known around it."""

    scope: Scope
    message: Message | None
    around: About
    within: tuple[str, ...] = ()

    def at(self, name: Name, known: frozenset[str] = frozenset()) -> "Place":
        """The place inside a branch: its diagnostics point at the branch's guard."""
        around = replace(self.around, span=name.span or self.around.span, level=None, note="", title="")
        return replace(self, scope=self.scope.knowing(known), around=around)


@dataclass
class PutIn:
    """How many named effects and tables a machine has put in; `used`: which of them."""

    problems: Problems
    used: set[str] = field(default_factory=set)
    count: int = 0

    def is_endless(self, message: str, name: Name, place: Place) -> bool:
        """Whether an effect or table is inside itself, or too many are inside each other; then that is reported."""
        self.count += 1
        if name in place.within:
            self.problems.report(CYCLIC_IMPORT, message, name.span)
        elif len(place.within) >= MOST_INSIDE or self.count > MOST_PUT_IN:
            self.problems.report(TOO_LARGE, "too many effects do each other", name.span)
        else:
            return False
        return True
