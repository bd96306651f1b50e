"""Rows put on a sheet, from top to bottom.  Every method takes the y that a row begins at and gives the next row's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, assert_never

from clausework.emit.graphviz import columns as measures
from clausework.emit.graphviz.columns import Columns
from clausework.emit.graphviz.document import Attributes, Value
from clausework.emit.graphviz.labels import Align, Line, block, listing, soft, widest
from clausework.emit.graphviz.margins import Margins
from clausework.emit.graphviz.palette import (
    FAULT,
    FAULT_TINT,
    INK,
    LINE,
    PAPER,
    PENS,
    STYLES,
    TINT,
    TINT2,
)
from clausework.emit.graphviz.rows import (
    Beside,
    Bundle,
    Deliver,
    Elapsing,
    Fault,
    Frame,
    Link,
    Message,
    Note,
    Queues,
    Row,
    Send,
    Sign,
    States,
    words,
)
from clausework.emit.graphviz.sheet import Area, Point, Sheet
from clausework.model.about import Mark

_STUB: Final = 22.0
_TAB: Final = 16.0
_RAIL: Final = 9.0


@dataclass(slots=True)
class _Flight:
    """An arrow that has begun and not yet ended."""

    begin: Point
    row: Send


@dataclass(slots=True)
class Placer:
    """`sides`: slot -> on which side of its lifeline the label of a `Send` stands."""

    sheet: Sheet
    columns: Columns
    sides: dict[int, int]
    margins: Margins
    flights: dict[int, _Flight] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)

    def rows(self, rows: Sequence[Row], y: float, depth: int = 0) -> float:
        for row in rows:
            y = max(self._row(row, y, depth), self.margins.cited_to - 4)
        return y

    def landed(self, y: float) -> float:
        """Messages that are still under way at the end."""
        for flight in [flight for slot, flight in self.flights.items() if slot not in self.ended]:
            row = flight.row
            x, begin = flight.begin
            far = (x + (self.columns.at[row.receiver] - x) * 0.8, max(y, begin) + 12)
            self._arrow(row, flight.begin, far, {})
            label = block([soft("still in the queue")], fill=PAPER)
            self.sheet.label(label, far[0], far[1] + 8, "label")
            y = far[1] + 16
        return y

    def _row(self, row: Row, y: float, depth: int) -> float:
        match row:
            case Message():
                return self._message(row, y)
            case Send():
                return self._send(row, y)
            case Deliver():
                return self._deliver(row, y)
            case Beside():
                return self._beside(row, y)
            case Elapsing():
                return self._elapsing(row, y)
            case States():
                return self._states(row, y)
            case Note():
                return self._note(row, y)
            case Frame():
                return self._frame(row, y, depth)
            case Link():
                return self._link(row, y)
            case Queues():
                return self.margins.queues(row, y)
            case Fault():
                return self._fault(row, y)
            case Bundle():
                return self._bundle(row, y)
        assert_never(row)

    # -- messages

    def _message(self, row: Message, y: float) -> float:
        label = block(measures.message_lines(row), align="CENTER", fill=PAPER)
        at = y + label.height + (7 if row.lost else 3)
        begin, end = self._x(row.sender), self._x(row.receiver)
        stroke = self._named(row)
        reach = begin + (end - begin) * 0.62 if row.lost else end
        middle = self.columns.clear(begin, end, label.width, (begin + reach) / 2)
        if row.lost:
            self._arrow(row, (begin, at), (reach, at), {"arrowhead": "none"})
            self.sheet.cross(row.sender, reach, at, 5, penwidth=1.8)
            self.sheet.label(label, middle, y + label.height / 2, "label")
        else:
            self.sheet.arrow(row.sender, row.receiver, (begin, at), (end, at), label, stroke, middle)
        self._margins(row, at)
        return at + 11

    def _bundle(self, row: Bundle, y: float) -> float:
        label = listing(measures.bundle_lines(row), PAPER)
        at = y + label.height + 3
        begin, end = self._x(row.sender), self._x(row.receiver)
        stroke = self._stroke(row.mark, "messages") | {"tooltip": words(row)}
        middle = self.columns.clear(begin, end, label.width + _RAIL, (begin + end) / 2)
        self.sheet.arrow(row.sender, row.receiver, (begin, at), (end, at), label, stroke, middle)
        return at + 14

    def _send(self, row: Send, y: float) -> float:
        side = self.sides[row.slot]
        align: Align = "LEFT" if side > 0 else "RIGHT"
        label = block(measures.message_lines(row), align=align, fill=PAPER)
        at = y + label.height + 3
        x = self._x(row.sender)
        self.flights[row.slot] = _Flight((x, at), row)
        self.sheet.label(label, x + side * (label.width / 2 + 9), y + label.height / 2, "label")
        self._margins(row, at)
        return at + 14

    def _deliver(self, row: Deliver, y: float) -> float:
        flight = self._ended(row.slot)
        at = y + 7
        tip = (self._x(flight.row.receiver), at)
        if row.lost:
            middle = ((flight.begin[0] + tip[0]) / 2, at)
            self._arrow(flight.row, flight.begin, middle, {"arrowhead": "none"})
            self.sheet.cross(flight.row.sender, *middle, 5, penwidth=1.8)
        else:
            self._arrow(flight.row, flight.begin, tip, {})
        self._margins(row, at)
        return at + 11

    def _ended(self, slot: int) -> _Flight:
        """An arrow may end twice: a datagram that arrives again."""
        self.ended.add(slot)
        return self.flights[slot]

    def _arrow(self, row: Message | Send, begin: Point, tip: Point, more: Attributes) -> None:
        self.sheet.arrow(row.sender, row.receiver, begin, tip, None, {**self._named(row), **more})

    # -- beside a lifeline

    def _beside(self, row: Beside, y: float) -> float:
        lines = measures.beside_lines(row)
        side = self.columns.sign(row.who)
        label = block(lines, align="LEFT" if side > 0 else "RIGHT", fill=PAPER)
        at = y + label.height / 2
        x = self._x(row.who)
        self._glyph(row, x, at, side)
        reach = 12.0 if row.sign in (Sign.DECISION, Sign.EVENT) else 28.0 if row.sign is Sign.EXPIRY else _STUB + 4
        self.sheet.label(label, x + side * (reach + label.width / 2), at, "label")
        self._margins(row, at)
        return y + label.height + 8

    def _glyph(self, row: Beside, x: float, y: float, side: int) -> None:
        stroke = self._named(row)
        far = x + side * _STUB
        match row.sign:
            case Sign.COMMAND:
                self.sheet.stub(row.who, (far, y), (x, y), stroke, head="normal", tail="dot")
            case Sign.NOTIFICATION:
                self.sheet.stub(row.who, (x, y), (far, y), stroke, head="odot")
            case Sign.DECISION:
                self._small(x, y, "diamond", 0.19, 0.19, PAPER, row)
            case Sign.EVENT:
                self._small(x, y, "circle", 0.1, 0.1, INK, row)
            case Sign.EXPIRY:
                glass = x + side * 20
                self._small(glass, y - 3.2, "invtriangle", 0.13, 0.09, INK, row)
                self._small(glass, y + 3.2, "triangle", 0.13, 0.09, INK, row)
                self.sheet.stub(row.who, (glass - side * 5, y), (x, y), stroke, head="normal")

    def _small(self, x: float, y: float, shape: str, width: float, height: float, fill: str, row: Beside) -> None:
        look: dict[str, Value] = {"shape": shape, "style": "filled", "fillcolor": fill, "color": INK, "label": ""}
        size: dict[str, Value] = {"width": width, "height": height, "fixedsize": "true"}
        named: dict[str, Value] = {"class_": f"{row.sign} {row.mark}", "tooltip": words(row)}
        self.sheet.shape(x, y, look | size | named)

    def _states(self, row: States, y: float) -> float:
        for party, state in row.of:
            line = measures.state_line(state, bold=row.fault)
            look: dict[str, Value] = {"fillcolor": TINT2, "color": LINE, "penwidth": 0.7}
            if row.fault:
                look = {"fillcolor": FAULT_TINT, "color": FAULT, "penwidth": 1.6}
            area = Area.around(self._x(party), y + 8, widest([line]) + 10, 15, "state")
            look |= {"style": "rounded,filled", "tooltip": f"{party} is in {state}"}
            self.sheet.box(block([line], align="CENTER"), area, look)
        return y + 25

    # -- across lifelines

    def _elapsing(self, row: Elapsing, y: float) -> float:
        label = block([Line(text=row.text, size=9, italic=True)], align="CENTER", fill=PAPER)
        at = y + label.height / 2
        self.sheet.rule(self.columns.left + 2, self.columns.right - 2, at, "time")
        self.sheet.label(label, (self.columns.left + self.columns.right) / 2, at, "label")
        self._margins(row, at)
        return y + label.height + 6

    def _note(self, row: Note, y: float) -> float:
        label = block(measures.note_lines(row), align="CENTER" if row.link else "LEFT")
        width, height = label.width + 14.0, label.height + 8.0
        places = [self._x(party) for party in row.over]
        middle = (max(places) + min(places)) / 2
        middle = min(max(middle, self.columns.left + 2 + width / 2), self.columns.right - 2 - width / 2)
        linked: dict[str, Value] = {"URL": row.link, "tooltip": words(row)} if row.link else {}
        look: dict[str, Value] = {"shape": "note", "fillcolor": TINT, "color": LINE, "penwidth": 0.8}
        if row.link:
            width = max(width, max(places) - min(places) + 60)
            look |= {"shape": "box", "penwidth": 1}
        self.sheet.box(label, Area.around(middle, y + height / 2, width, height, "note"), look | linked)
        return y + height + 9

    def _frame(self, row: Frame, y: float, depth: int) -> float:
        left, right = self.columns.left + 8 * depth, self.columns.right - 8 * depth
        top = y + 2
        tab = Line(text=row.kind, size=9, bold=True)
        width = widest([tab]) + 12
        look: dict[str, Value] = {"fillcolor": TINT2, "color": LINE, "penwidth": 0.8}
        self.sheet.box(block([tab], align="CENTER"), Area(left, top, left + width, top + _TAB, "frame"), look)
        self.margins.cite(row.cite, top + _TAB / 2)
        y = top
        for place, (guard, inner) in enumerate(row.operands):
            if place:
                self.sheet.rule(left, right, y, "operand")
                y += 3
            begin = left + 6 if place else left + width + 8
            y = self.rows(inner, self._guard(guard, begin, y), depth + 1) + 1
        border: dict[str, Value] = {"bgcolor": "transparent", "color": LINE, "penwidth": 0.8}
        self.sheet.frame(Area(left, top, right, y), border | {"class_": f"frame {row.kind}"})
        return y + 9

    def _guard(self, guard: str, left: float, y: float) -> float:
        if not guard:
            return y + _TAB + 7
        lines = Line(text=f"[{guard}]", size=9, italic=True).wrapped(max(self.columns.right - left - 24, 60))
        label = block(lines, fill=PAPER)
        self.sheet.label(label, left + label.width / 2, y + max(label.height, _TAB) / 2 + 0.5, "guard")
        return y + max(label.height, _TAB) + 7

    def _link(self, row: Link, y: float) -> float:
        left, right = sorted(self._x(party) for party in row.ends)
        label = block(Line(text=row.text, bold=True).wrapped(max(right - left - 20, 80)), align="CENTER", fill=PAPER)
        at = y + label.height + (8 if row.broken else 4)
        for offset in (-1.7, 1.7):
            look: dict[str, Value] = {"class_": "link", "tooltip": words(row)}
            self.sheet.stub(row.ends[0], (left, at + offset), (right, at + offset), look)
        middle = (left + right) / 2
        self.sheet.label(label, middle, y + label.height / 2, "label")
        if row.broken and not row.loses:
            self.sheet.cross(row.ends[0], middle, at, 6, penwidth=2)
        for slot in row.loses:
            flight = self._ended(slot)
            end = ((flight.begin[0] + self._x(flight.row.receiver)) / 2, at)
            self._arrow(flight.row, flight.begin, end, {"arrowhead": "none"})
            self.sheet.cross(flight.row.sender, *end, 6, penwidth=2)
        self._margins(row, at)
        return at + 14

    def _fault(self, row: Fault, y: float) -> float:
        x = self._x(row.who)
        left, right = self.columns.left + 8, self.columns.right - 8
        begin, end = max((left, x - 18), (x + 18, right), key=lambda gap: gap[1] - gap[0])
        heading = Line(text="FAULT", bold=True, color=FAULT)
        lines = [heading, *Line(text=row.text).wrapped(max((end - begin) * 0.7, 90))]
        for detail in row.details:
            lines += Line(text=detail, size=9).wrapped(max((end - begin) * 0.9, 90))
        label = block(lines, fill=FAULT_TINT)
        height = label.height + 12
        at = y + height / 2
        tinted: dict[str, Value] = {"style": "filled", "fillcolor": FAULT_TINT, "bgcolor": FAULT_TINT}
        area = Area(self.columns.left, y, self.columns.right, y + height)
        self.sheet.frame(area, tinted | {"color": FAULT, "penwidth": 1.6, "class_": "fault"})
        middle = end - label.width / 2 if begin > x else begin + label.width / 2
        self.sheet.label(label, middle, at, "fault")
        if row.slot is not None:
            flight = self._ended(row.slot)
            near = 9 if flight.begin[0] > x else -9
            self._arrow(flight.row, flight.begin, (x + near, at), {})
        self.sheet.cross(row.who, x, at, 6, color=FAULT, penwidth=2.6)
        self._margins(row, at)
        return y + height + 10

    def _margins(self, row: Message | Send | Deliver | Beside | Elapsing | Link | Fault, y: float) -> None:
        self.margins.number(row.number, y)
        self.margins.cite("" if isinstance(row, Elapsing) else row.cite, y)

    # -- what several need

    def _x(self, party: str) -> float:
        return self.columns.at[party]

    def _named(self, row: Message | Send | Beside) -> dict[str, Value]:
        kind = "message" if isinstance(row, Message | Send) else str(row.sign)
        stroke = self._stroke(row.mark, kind) | {"tooltip": words(row)}
        slot = f"-{row.slot}" if isinstance(row, Send) else ""
        if row.number or slot:
            name = f"message{slot}" if slot else f"step-{row.number}"
            stroke |= {"id": name, "URL": f"#{name}"}
        return stroke

    @staticmethod
    def _stroke(mark: Mark, kind: str) -> dict[str, Value]:
        return {"style": STYLES[mark], "penwidth": PENS[mark], "class_": f"{kind} {mark}"}
