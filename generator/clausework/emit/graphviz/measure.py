"""How wide a text is, in points, without asking the machine that it is drawn on.

Advance widths of the Arial metric family (Arial, Helvetica, Liberation Sans, Arimo and
Nimbus Sans share them), in thousandths of the font size.  So a layout is the same
whatever fonts are installed.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

# fmt: off
_REGULAR: Final = (  # U+0020 to U+007E
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)
_BOLD: Final = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278,
    556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584,
    556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556,
    333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
)
# fmt: on
_OTHERS: Final = {
    "→": 1000,
    "←": 1000,
    "↔": 1000,
    "×": 584,
    "…": 1000,
    "·": 333,
    "–": 556,
    "—": 1000,
    "§": 556,
    "≤": 549,
    "≥": 549,
    "≠": 549,
    "•": 350,
    "°": 400,
    "±": 549,
    "●": 604,
    "○": 604,
}  # fmt: skip
_FIRST: Final = 0x20
SEPARATOR: Final = " · "
_BREAKS: Final = "_.-/,"


def width(text: str, size: int, *, bold: bool) -> float:
    """Points from the first letter's origin to behind the last one."""
    return sum(_advance(letter, bold=bold) for letter in text) * size / 1000


def room(points: float) -> int:
    """The width of a cell that holds a text so wide: 5 % to spare, as Pango rounds every letter to whole pixels."""
    return int(points * 1.05 + 2.5)


def held(across: float) -> float:
    """How wide a text may be in a cell so wide."""
    return (across - 2) / 1.05


def wrap(text: str, limit: float, size: int, *, bold: bool) -> list[str]:
    """Lines no wider than `limit` where words allow.

    Breaks instead of a ` · `, if what stands between two of them fits; else at spaces, then after `_ . - / ,`,
    then anywhere.
    """
    lines: list[str] = []
    line = ""
    for part in " ".join(text.split()).split(SEPARATOR):
        candidate = f"{line}{SEPARATOR}{part}" if line else part
        if line and width(candidate, size, bold=bold) > limit >= width(part, size, bold=bold):
            lines.append(line)
            line = part
            continue
        *full, line = _filled(candidate, limit, size, bold=bold)
        lines.extend(full)
    return [*lines, line]


def _filled(text: str, limit: float, size: int, *, bold: bool) -> list[str]:
    """As many words on a line as fit."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        candidate = f"{line} {word}" if line else word
        if width(candidate, size, bold=bold) <= limit:
            line = candidate
            continue
        if line:
            lines.append(line.removesuffix(SEPARATOR.rstrip()))
        *full, line = [""] if word == SEPARATOR.strip() else _broken(word, limit, size, bold=bold)
        lines.extend(full)
    return [*lines, line]


def _broken(word: str, limit: float, size: int, *, bold: bool) -> list[str]:
    """A word in pieces that fit; the last one may be continued."""
    lines, line = [], ""
    for piece in _pieces(word, limit, size, bold=bold):
        if line and width(line + piece, size, bold=bold) > limit:
            lines.append(line)
            line = ""
        line += piece
    return [*lines, line]


def _pieces(word: str, limit: float, size: int, *, bold: bool) -> Iterator[str]:
    piece = ""
    for letter in word:
        if piece and width(piece + letter, size, bold=bold) > limit:
            yield piece
            piece = ""
        piece += letter
        if letter in _BREAKS:
            yield piece
            piece = ""
    if piece:
        yield piece


def _advance(letter: str, *, bold: bool) -> int:
    index = ord(letter) - _FIRST
    table = _BOLD if bold else _REGULAR
    if 0 <= index < len(table):
        return table[index]
    if letter in _OTHERS:
        return _OTHERS[letter]
    if unicodedata.combining(letter):
        return 0
    return 1000 if unicodedata.east_asian_width(letter) in "WF" else 600
