"""What every element of a specification says about itself: its source and how sure we are of it."""

from dataclasses import dataclass
from enum import StrEnum

from clausework.source import Span


class Mark(StrEnum):
    """How an element is known.  Weakest last."""

    STATED = "stated"
    FROM_REFERENCE = "from-reference"
    ELSEWHERE = "elsewhere"
    INFERRED = "inferred"


class Level(StrEnum):
    MUST = "MUST"
    MUST_NOT = "MUST NOT"
    SHOULD = "SHOULD"
    SHOULD_NOT = "SHOULD NOT"
    MAY = "MAY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A place in the standard, or in a document that it stands on.

    `document` is empty for the standard itself; `clause`, `figures`, `tables` are as printed; `statements` as the
    contents name them: words of ours, so nobody is told them as a place.
    """

    document: str = ""
    clause: str = ""
    figures: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    note: str = ""

    def __str__(self) -> str:
        """As people cite: `10.3, Figure 4` or `RFC 6121 A.2`."""
        where = [" ".join(part for part in (self.document, self.clause) if part)]
        where += [f"Figure {figure}" for figure in self.figures]
        where += [f"Table {table}" for table in self.tables]
        return ", ".join(part for part in (*where, self.note) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """`source` and `mark` are the element's own, or those of the flow or file that it stands in.

    `span` is where the element's name or trigger is written; `cited` whether it has a source of its own.
    """

    span: Span
    source: Citation | None = None
    mark: Mark = Mark.INFERRED
    level: Level | None = None
    note: str = ""
    title: str = ""
    cited: bool = False
