"""A text and places in it.  Lines and columns count from 1, as editors do; a
column is a character, not a byte."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One file's text.  `path` is what the user is shown, relative where possible."""

    path: str
    text: str

    def line(self, number: int) -> str:
        """The text of a line, without its end; empty beyond the last one."""
        lines = self.text.splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text; `end` is the first position after it."""

    source: Source
    start: Position
    end: Position

    def __str__(self) -> str:
        return f"{self.source.path}:{self.start.line}:{self.start.column}"

    def part(self, begin: int, end: int) -> "Span":
        """The stretch between two offsets in a one-line span, in characters."""
        if self.start.line != self.end.line:
            return self
        line, column = self.start.line, self.start.column
        last = max(column + end, column + begin + 1)
        return Span(self.source, Position(line, column + begin), Position(line, last))
