"""Which transitions a flow's sequences show, and what would show the others."""

from dataclasses import dataclass
from enum import StrEnum

from clausework.diagnostics import Diagnostic
from clausework.model.sequence import Sequence
from clausework.model.transitions import Transition
from clausework.semantics.verdict import Verdict


class Reach(StrEnum):
    """How far a transition that no sequence shows can be reached, within the check."""

    SUGGESTED = "suggested"
    NOT_ALONE = "not by one session alone"  # only together with another session, a fault, or steps of another flow
    NOT_AT_ALL = "not reached"
    UNKNOWN = "unknown"  # the search stopped before it was reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A sequence: what became of it, how many charts it has (`all_charts` unless there are more), what it fires.

    `transitions` are places in `Coverage.transitions`; none for one that must not happen.
    """

    verdict: Verdict
    impossible: bool
    charts: int
    all_charts: bool
    transitions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """A transition, the names of the sequences that show it, and if none does, whether one could.

    `number` is its place among those of its machine, from 1, as diagrams have it.
    """

    machine: str
    number: int
    transition: Transition
    sequences: tuple[str, ...]
    reach: Reach | None = None
    suggestion: Sequence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`check` is the first of the flow, where transitions are looked for; `suggested`: so were suggestions.

    `problem` is why nothing could be looked at.
    """

    flow: str
    check: str
    sequences: tuple[Shown, ...]
    transitions: tuple[Covered, ...]
    suggested: bool
    problem: Diagnostic | None = None
