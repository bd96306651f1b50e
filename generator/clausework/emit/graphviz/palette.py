"""The closed set of colours, type sizes and line styles that a diagram may use.

Every colour has a dark counterpart, which `svg` puts in; a colour that isn't listed
here would stay light in dark mode, so a test rejects it.  Hex and lower case only: the
dark-mode selectors match the very text.  Colour never stands alone: a mark is a line
style, a fault also a word and a cross, so that nothing is lost in black and white.
"""

from typing import Final

from clausework.model.about import Mark

PAPER: Final = "#ffffff"
TINT: Final = "#f3f4f6"
TINT2: Final = "#e4e7eb"
LINE: Final = "#8c8c8c"
SOFT: Final = "#595959"
INK: Final = "#1a1a1a"
FAULT: Final = "#b3261e"
FAULT_TINT: Final = "#fbeae8"

DARK: Final = {
    PAPER: "#14171b",
    TINT: "#20252b",
    TINT2: "#2d343c",
    LINE: "#7d8590",
    SOFT: "#a9b1ba",
    INK: "#e9ecef",
    FAULT: "#ff8a80",
    FAULT_TINT: "#43201e",
}

FONT: Final = "Arial,Helvetica,Liberation Sans,sans-serif"
HEIGHTS: Final = {14: 19, 11: 15, 10: 14, 9: 13, 8: 12}
"""Size of a text -> height of its line, in points."""

STYLES: Final = {Mark.STATED: "solid", Mark.FROM_REFERENCE: "solid", Mark.ELSEWHERE: "dotted", Mark.INFERRED: "dashed"}
PENS: Final = {Mark.STATED: 1.6, Mark.FROM_REFERENCE: 1.0, Mark.ELSEWHERE: 1.4, Mark.INFERRED: 1.0}
MEANINGS: Final = {
    Mark.STATED: "stated in the standard",
    Mark.FROM_REFERENCE: "from a normative reference",
    Mark.ELSEWHERE: "public elsewhere",
    Mark.INFERRED: "inferred",
}


def weakest(marks: list[Mark]) -> Mark:
    """The mark of what stands for several: their least sure one."""
    order = list(Mark)
    return max(marks, key=order.index)
