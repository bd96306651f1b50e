"""What stands beside the rows: numbers at the left, clauses and queues at the right.

A text that is higher than its row moves the one below it down, so that none covers another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from clausework.emit.graphviz.columns import PAD
from clausework.emit.graphviz.labels import Label, Line, block, queue, soft, widest
from clausework.emit.graphviz.palette import TINT
from clausework.emit.graphviz.rows import Queues, Row, flattened
from clausework.emit.graphviz.sheet import Sheet

_LIMIT: Final = 110.0
_QUEUES: Final = "in the queues after the step"


@dataclass(slots=True)
class Margins:
    """`cites_at`, `queues_at`: where columns begin; `cited_to`, `queued_to`: down to where they are full."""

    sheet: Sheet
    cites_at: float
    queues_at: float
    cited_to: float = 0.0
    queued_to: float = 0.0
    numbered_at: float = 0.0

    def head(self, cites: str, rows: Sequence[Row], bottom: float) -> None:
        """The headings of the columns that hold anything."""
        shown = ((cites, self.cites_at, cite_width(rows)), (_QUEUES, self.queues_at, queue_width(rows)))
        for name, at, width in shown:
            if width:
                label = block([soft(name)])
                self.sheet.label(label, at + label.width / 2, bottom - 8, "heading")

    def number(self, number: int, y: float) -> None:
        if number:
            label = block([soft(str(number))], align="RIGHT")
            self.sheet.label(label, PAD + 12 - label.width / 2, y, "number")
            self.numbered_at = y

    def cite(self, cite: str, y: float) -> None:
        if cite:
            label = block(soft(cite).wrapped(_LIMIT))
            middle = max(y, self.cited_to + 3 + label.height / 2)
            self.sheet.label(label, self.cites_at + label.width / 2, middle, "cite")
            self.cited_to = middle + label.height / 2

    def queues(self, row: Queues, y: float) -> float:
        """Beside the last number; gives where the next row may begin, so that its own queues stand apart from these."""
        top = max(self.numbered_at - 7, self.queued_to)
        for name, messages in row.of:
            label = _queue(name, messages)
            self.sheet.label(label, self.queues_at + label.width / 2, top + label.height / 2, "queue")
            top += label.height + 2
        self.queued_to = top
        return max(y, top + 4)


def cite_width(rows: Sequence[Row]) -> int:
    """0 if nothing is cited."""
    cites = [getattr(row, "cite", "") for row, _ in flattened(rows)]
    lines = [line for cite in cites if cite for line in soft(cite).wrapped(_LIMIT)]
    return widest(lines) if lines else 0


def queue_width(rows: Sequence[Row]) -> int:
    """0 if no queues are shown."""
    labels = [_queue(*each) for row, _ in flattened(rows) if isinstance(row, Queues) for each in row.of]
    return max([widest([soft(_QUEUES)]), *(label.width for label in labels)]) if labels else 0


def _queue(name: str, messages: Sequence[str]) -> Label:
    return queue(soft(name), [Line(text=message, size=8) for message in messages], TINT)
