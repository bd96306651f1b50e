"""What an exploration found out, and how far it looked: said honestly, with a trace for whatever fails."""

from dataclasses import dataclass
from enum import StrEnum

from clausework.diagnostics import Diagnostic
from clausework.model.about import About
from clausework.semantics.explanation import Explanation
from clausework.semantics.trace import Trace


class Outcome(StrEnum):
    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"  # the search stopped at a limit before it could tell
    NOT_LOOKED_AT = "not looked at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer to one question.

    `kind`: property, sequence, or the finding's rule (`stuck`, `impossible`, ...); `name` is the element's.
    `refuted`: known not to hold, with the reason; then FAILS is what is expected.
    `trace` shows a failure, or the witness of `possible` and of positive sequences; `diagnostic` is set where the
    outcome isn't the expected one.  `shows`: the transitions that a positive sequence's runs take, as in `exercised`.
    `explanation`: why it fails, if somebody asked.  `without`: the parties of the check that the trace does without,
    as it is one of the check without them.  `run_of`: the flow and the check that the trace is one of, if not of those
    explored.  `looked`: configurations of a search of its own.
    """

    kind: str
    name: str
    outcome: Outcome
    about: About
    refuted: str | None = None
    trace: Trace | None = None
    diagnostic: Diagnostic | None = None
    shows: frozenset[tuple[str, str, str, str, int]] = frozenset()
    explanation: Explanation | None = None
    without: tuple[str, ...] = ()
    run_of: tuple[str, str] | None = None
    looked: int = 0

    @property
    def expected(self) -> bool:
        if self.refuted is not None:
            return self.outcome is not Outcome.HOLDS
        return self.outcome is not Outcome.FAILS


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """One check of one flow, explored.

    `configurations`, `steps` (edges), `depth` (breadth-first levels, the start counted as one; 0 where nobody counted
    them); `complete` unless a limit stopped the search, which `stopped` then names (`interrupted`: the user did).
    `bounds` and `unexplored` say in words within which bounds, and what was not looked at.  `exercised`: states,
    transitions and answers that occurred, as (kind, flow, machine, name, number).  `under_all_names`: how many
    configurations there are, if of those that differ in names one was looked at; else 0.
    """

    flow: str
    check: str
    parties: tuple[tuple[str, str], ...]
    configurations: int
    steps: int
    depth: int
    complete: bool
    stopped: str
    bounds: tuple[str, ...]
    unexplored: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    seconds: float
    interrupted: bool = False
    exercised: frozenset[tuple[str, str, str, str, int]] = frozenset()
    under_all_names: int = 0

    @property
    def answered(self) -> tuple[Verdict, ...]:
        """Those of the verdicts that somebody looked for."""
        return tuple(each for each in self.verdicts if each.outcome is not Outcome.NOT_LOOKED_AT)
