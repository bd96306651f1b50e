"""Where the lifelines stand: as close together as their labels allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from clausework.emit.graphviz.labels import Line, listing, soft, widest
from clausework.emit.graphviz.palette import PAPER, SOFT
from clausework.emit.graphviz.rows import (
    Beside,
    Bundle,
    Frame,
    Link,
    Message,
    Note,
    Party,
    Row,
    Send,
    States,
    flattened,
)
from clausework.emit.graphviz.sheet import ARROWHEAD

PAD: Final = 8.0
GUTTER: Final = 20.0
INSET: Final = 8.0
HEAD_PAD: Final = 10.0
MESSAGE_LIMIT: Final = 170.0
BESIDE_LIMIT: Final = 150.0
_LEAST: Final = 96.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """`at`: party -> x.  Frames reach from `left` to `right`."""

    at: dict[str, float]
    left: float
    right: float

    def clear(self, begin: float, end: float, width: float, wanted: float) -> float:
        """The middle of a text between two lifelines that covers none between them, as near as can be to the one
        wanted; just that where no gap is wide enough."""
        low, high = sorted((begin, end))
        stops = [low, *sorted(x for x in self.at.values() if low < x < high), high]
        half = width / 2 + 4
        gaps = [(left + half, right - half) for left, right in pairwise(stops) if right - left >= 2 * half]
        return min(
            (min(max(wanted, least), most) for least, most in gaps), key=lambda x: abs(x - wanted), default=wanted
        )

    def sign(self, party: str) -> int:
        """On which side of its lifeline a party's own affairs are told: right (1), but for the last one left."""
        return -1 if len(self.at) > 1 and party == list(self.at)[-1] else 1


def columns(parties: Sequence[Party], rows: Sequence[Row], sides: dict[int, int]) -> Columns:
    """One pass from left to right over the least distances.  `sides`: slot -> where the label of a `Send` stands."""
    needs = _Needs([party.name for party in parties])
    for party in parties:
        needs.around(party.name, head_width(party) / 2 + 7, least=_LEAST / 2)
    depth = 0
    for row, deep in flattened(rows):
        depth = max(depth, deep + isinstance(row, Frame))
        needs.of(row, sides)
    inset = INSET * (depth + 1) if depth else 2.0
    begin = PAD + GUTTER + inset
    return needs.placed(begin, left=PAD + GUTTER - 2, inset=inset)


class _Needs:
    """Least distances between lifelines; -1 is the left edge, as many as there are lifelines the right one."""

    def __init__(self, names: list[str]) -> None:
        self._index = {name: place for place, name in enumerate(names)}
        self._edge = len(names)
        self._least: dict[tuple[int, int], float] = {}
        self._halves: dict[tuple[int, int], float] = {}

    def between(self, first: int, second: int, distance: float) -> None:
        pair = (min(first, second), max(first, second))
        self._least[pair] = max(self._least.get(pair, 0.0), distance)

    def around(self, party: str, half: float, *, least: float = 0.0) -> None:
        """Room on both sides; neighbours' add up."""
        place = self._index[party]
        for side in (-1, 1):
            beyond = place + side
            needed = half if beyond in (-1, self._edge) else max(half, least)
            self._halves[place, beyond] = max(self._halves.get((place, beyond), 0.0), needed)

    def beside(self, party: str, distance: float, side: int) -> None:
        place = self._index[party]
        self.between(place, place + side, distance)

    def of(self, row: Row, sides: dict[int, int]) -> None:
        match row:
            case Message():
                across = widest(message_lines(row)) + 2 * ARROWHEAD + 10
                self.between(self._index[row.sender], self._index[row.receiver], across)
            case Send(slot=slot):
                self.beside(row.sender, widest(message_lines(row)) + 18, sides[slot])
            case Bundle():
                across = listing(bundle_lines(row), PAPER).width + 2 * ARROWHEAD + 12
                self.between(self._index[row.sender], self._index[row.receiver], across)
            case Beside():
                last = self._edge > 1 and self._index[row.who] == self._edge - 1
                self.beside(row.who, widest(beside_lines(row)) + 34, -1 if last else 1)
            case States(of=of):
                for party, state in of:
                    self.around(party, (widest([state_line(state)]) + 10) / 2 + 4)
            case Link(ends=(first, second), text=text):
                across = widest(Line(text=text, bold=True).wrapped(BESIDE_LIMIT)) + 24
                self.between(self._index[first], self._index[second], across)
            case Note(over=over):
                self._note(row, over)
            case _:
                pass

    def _note(self, row: Note, over: tuple[str, ...]) -> None:
        places = [self._index[party] for party in over]
        self.between(-1, self._edge, widest(note_lines(row)) + 20)
        self.between(min(places) - 1, max(places) + 1, widest(note_lines(row)) + 20)

    def placed(self, begin: float, *, left: float, inset: float) -> Columns:
        for (first, second), half in list(self._halves.items()):
            self.between(first, second, half + self._halves.get((second, first), 0.0))
        at = {-1: 0.0}
        for place in range(self._edge + 1):
            reached = [at[first] + distance for (first, second), distance in self._least.items() if second == place]
            at[place] = max([at[place - 1], *reached])
        names = {name: begin + at[place] for name, place in self._index.items()}
        return Columns(at=names, left=left, right=begin + at[self._edge] + inset)


# -- the lines of what takes room


def head_lines(party: Party) -> list[Line]:
    lines = list(Line(text=party.name, size=11, bold=True).wrapped(MESSAGE_LIMIT))
    return [*lines, *(Line(text=party.role, size=9, color=SOFT).wrapped(MESSAGE_LIMIT) if party.role else ())]


def head_width(party: Party) -> float:
    return widest(head_lines(party)) + 2 * HEAD_PAD


def message_lines(row: Message | Send) -> list[Line]:
    lines = list(Line(text=row.name, bold=True).wrapped(MESSAGE_LIMIT))
    for detail in row.details:
        lines += Line(text=detail, size=9, color=SOFT).wrapped(MESSAGE_LIMIT)
    return lines


def beside_lines(row: Beside) -> list[Line]:
    lines = list(Line(text=row.text, italic=row.sign in ("command", "notification")).wrapped(BESIDE_LIMIT))
    for detail in row.details:
        lines += Line(text=detail, size=9, color=SOFT).wrapped(BESIDE_LIMIT)
    return lines


def note_lines(row: Note) -> list[Line]:
    lines = list(Line(text=row.text, size=9, bold=bool(row.link)).wrapped(BESIDE_LIMIT))
    for detail in row.details:
        lines += Line(text=detail, size=9, color=SOFT).wrapped(BESIDE_LIMIT)
    return lines


def state_line(state: str, *, bold: bool = False) -> Line:
    return Line(text=state, size=9, bold=bold)


def bundle_lines(row: Bundle) -> list[tuple[Line, Line]]:
    return [(Line(text=name, bold=True), soft(cite)) for name, cite in row.messages]
