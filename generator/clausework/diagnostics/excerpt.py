"""A line of somebody's text as a terminal can show it, with the stretches below it that are meant.

Columns of a span count characters; columns of a terminal don't: a tab goes to the next stop, a
CJK character takes two cells, a combining one none.  What would steer the terminal (escape
sequences) or turn the text round (bidirectional marks) is shown as a sign, never sent.
"""

import unicodedata
from dataclasses import dataclass

_TAB_STOP = 4
_WIDEST = 160  # cells; of a longer line the part around the stretch is shown
_BEFORE = 60
_CONTROL_PICTURES = 0x2400


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`text` as shown; `start` and `width` of the stretch in cells, at least one wide."""

    text: str
    start: int
    width: int


def excerpt(line: str, begin: int, end: int) -> Excerpt:
    """The stretch between two columns of a line (counted from 1, `end` exclusive), which may lie beyond its end."""
    first = max(begin - 1, 0)
    cells = _cells(line)
    starts = _starts(cells)
    start = starts[min(first, len(line))] + max(0, first - len(line))
    stop = starts[min(max(end - 1, first), len(line))] + max(0, end - 1 - len(line))
    return _window(cells, starts, start, max(1, stop - start))


def _cells(line: str) -> list[str]:
    """What is shown for each character; one string a character, so that columns stay countable."""
    shown: list[str] = []
    column = 0
    for character in line:
        text = " " * (_TAB_STOP - column % _TAB_STOP) if character == "\t" else _visible(character)
        shown.append(text)
        column += width(text)
    return shown


def visible(text: str) -> str:
    """The text on one line, without anything that a terminal would obey."""
    return "".join(" " if character in "\n\t" else _visible(character) for character in text)


def _visible(character: str) -> str:
    if character == "\x7f":
        return "␡"
    if character < " ":
        return chr(_CONTROL_PICTURES + ord(character))
    return "�" if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else character


def width(text: str) -> int:
    """In cells of a terminal."""
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _starts(cells: list[str]) -> list[int]:
    """The cell in which each character begins, and the one after the last."""
    starts = [0]
    for text in cells:
        starts.append(starts[-1] + width(text))
    return starts


def _window(cells: list[str], starts: list[int], start: int, wide: int) -> Excerpt:
    if starts[-1] <= _WIDEST:
        return Excerpt("".join(cells).rstrip(), start, wide)
    left = max(0, start - _BEFORE)
    chosen = [i for i in range(len(cells)) if left <= starts[i] < left + _WIDEST]
    first, last = (chosen[0], chosen[-1]) if chosen else (len(cells), len(cells) - 1)
    head = "…" if first > 0 else ""
    tail = "…" if last < len(cells) - 1 else ""
    shift = (starts[first] if first < len(starts) else starts[-1]) - len(head)
    text = head + "".join(cells[first : last + 1]).rstrip() + tail
    return Excerpt(text, start - shift, min(wide, max(1, _WIDEST - (start - shift))))
