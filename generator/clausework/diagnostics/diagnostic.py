"""What the tool has to say, as data.  A diagnostic is never raised."""

from dataclasses import dataclass, field
from enum import StrEnum

from clausework.source import Span


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding.  `page` is Markdown; `clausework explain SLUG` prints it."""

    slug: str
    severity: Severity
    summary: str
    page: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Label:
    """A second place, and what is to be seen there."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake.  `message` is lower case, without a full stop; `help` is an action.

    `span` is None only where there is no text to point at (a missing file).
    """

    rule: Rule
    message: str
    span: Span | None
    others: tuple[Label, ...] = ()
    help: str | None = None

    @property
    def severity(self) -> Severity:
        return self.rule.severity
