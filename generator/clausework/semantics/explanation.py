"""Why a run fails, in words with their places, and the run next to it that doesn't."""

from dataclasses import dataclass

from clausework.model.about import About
from clausework.semantics.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """`about`: the element that it is written at."""

    text: str
    about: About | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`well`: what goes well in the run `instead`, the first `same` steps of which are those of the failing run.

    `instead` is None where no such run was found near by.
    """

    reasons: tuple[Reason, ...]
    well: str = ""
    same: int = 0
    instead: Trace | None = None
