"""A page drawn at positions of our own.  y runs down here and is turned over when DOT is written; units are points.

Layout engine `nop2` draws exactly what it is told: lifelines stay straight, frames nest,
arrows slant as they should.  Painting order: frames, then edges grouped by their tail in
the order of its declaration, then nodes; so the feet of the lifelines, which are the
lifelines' tails, are declared first, or a later lifeline would be painted over an earlier
label.
"""

import math
from dataclasses import dataclass
from typing import Final

from clausework.emit.graphviz.document import Attributes, Drawing, Value, inches, opened
from clausework.emit.graphviz.labels import Label
from clausework.emit.graphviz.palette import INK, LINE

ARROWHEAD: Final = 7.0
GLYPH: Final = 5.6
"""A dot or circle at the end of a line."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on the page; `what` is in it."""

    left: float
    top: float
    right: float
    bottom: float
    what: str = ""

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float, what: str) -> "Area":
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2, what)

    def overlaps(self, other: "Area") -> bool:
        apart_x = self.right <= other.left or other.right <= self.left
        return not (apart_x or self.bottom <= other.top or other.bottom <= self.top)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    name: str
    at: Point
    attributes: Attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edge:
    tail: str
    head: str
    begin: Point
    end: Point
    tip: Point | None = None
    """Where an arrowhead ends; `end` is where it begins."""
    root: Point | None = None
    label_at: Point | None = None
    attributes: Attributes


class Sheet:
    """`texts` are the areas of all labels: none may cover another."""

    def __init__(self) -> None:
        self.texts: list[Area] = []
        self._frames: list[tuple[Area, Attributes]] = []
        self._feet: list[str] = []
        self._lines: list[_Edge] = []
        self._edges: list[_Edge] = []
        self._nodes: list[_Node] = []

    # -- what can be put on it

    def label(self, label: Label, x: float, y: float, kind: str) -> None:
        """Text, centred at a point."""
        self._claim(label, x, y, kind)
        self.shape(x, y, {"shape": "plain", "style": "", "label": label, "class_": kind})

    def shape(self, x: float, y: float, look: Attributes, name: str = "") -> None:
        self._nodes.append(_Node(name=name or f"n{len(self._nodes) + 1}", at=(x, y), attributes=look))

    def box(self, label: Label, area: Area, look: Attributes, name: str = "") -> None:
        """Text in a shape of its own size, a box if nothing else is said."""
        self.texts.append(area)
        across, tall = area.right - area.left, area.bottom - area.top
        size: dict[str, Value] = {"width": inches(across), "height": inches(tall), "fixedsize": "true", "margin": 0}
        drawn: dict[str, Value] = {"shape": "box", "style": "filled", "label": label, "class_": area.what}
        self.shape(area.left + across / 2, area.top + tall / 2, {**drawn, **size, **look}, name)

    def foot(self, party: str) -> str:
        """The name of the lower end of a lifeline; those asked for first are painted first."""
        name = f"{party} end"
        self._feet.append(name)
        return name

    def lifeline(self, party: str, x: float, top: float, bottom: float, look: Attributes) -> None:
        line = {"arrowhead": "none", **look}
        self._lines.append(_Edge(tail=f"{party} end", head=party, begin=(x, bottom), end=(x, top), attributes=line))

    def rule(self, left: float, right: float, y: float, kind: str) -> None:
        line: dict[str, Value] = {"arrowhead": "none", "color": LINE, "penwidth": 0.8, "class_": kind}
        self._lines.append(_Edge(tail="page", head="page", begin=(left, y), end=(right, y), attributes=line))

    def arrow(
        self,
        sender: str,
        receiver: str,
        begin: Point,
        tip: Point,
        label: Label | None,
        look: Attributes,
        label_x: float = 0.0,
    ) -> None:
        """From party to party; its label, if it has one, above a level arrow, its middle at `label_x`."""
        at = None
        if label is not None:
            at = (label_x, begin[1] - 3 - label.height / 2)
            self._claim(label, *at, "message")
            look = {**look, "label": label}
        end = _short_of(begin, tip, ARROWHEAD)
        self._edges.append(
            _Edge(tail=sender, head=receiver, begin=begin, end=end, tip=tip, label_at=at, attributes=look)
        )

    def stub(
        self, party: str, begin: Point, end: Point, look: Attributes, *, head: str = "none", tail: str = "none"
    ) -> None:
        """A short line at a lifeline; `head` and `tail` are Graphviz's names of arrowheads."""
        sizes = {"none": 0.0, "normal": ARROWHEAD}
        shape: dict[str, Value] = {"dir": "both", "arrowhead": head, "arrowtail": tail}
        self._edges.append(
            _Edge(
                tail=party,
                head=party,
                begin=_short_of(end, begin, sizes.get(tail, GLYPH)),
                end=_short_of(begin, end, sizes.get(head, GLYPH)),
                tip=end if head != "none" else None,
                root=begin if tail != "none" else None,
                attributes={**shape, **look},
            )
        )

    def cross(self, party: str, x: float, y: float, size: float, *, color: str = INK, penwidth: float = 1.4) -> None:
        for slope in (1, -1):
            begin, end = (x - size, y - slope * size), (x + size, y + slope * size)
            self.stub(party, begin, end, {"color": color, "penwidth": penwidth, "class_": "cross"})

    def frame(self, area: Area, look: Attributes) -> None:
        self._frames.append((area, look))

    def _claim(self, label: Label, x: float, y: float, kind: str) -> None:
        self.texts.append(Area.around(x, y, label.width, label.height, kind))

    # -- DOT

    def text(self, name: str, *, title: str, description: str, width: float, height: float) -> str:
        whole = opened(name, layout="nop2", title=title, description=description)
        whole.set(outputorder="edgesfirst", pad=0)
        for number, (area, attributes) in enumerate(self._frames, 1):
            whole.add(_framed(number, area, attributes, height))
        size: dict[str, Value] = {"width": inches(width), "height": inches(height), "fixedsize": "true"}
        whole.node("page", size, pos=_place((width / 2, height / 2), height), shape="box", style="invis", label="")
        for foot in self._feet:
            whole.node(foot)
        for edge in (*self._lines, *self._edges):
            at: dict[str, Value] = {"lp": _place(edge.label_at, height)} if edge.label_at else {}
            whole.edge(edge.tail, edge.head, {**at, **edge.attributes}, pos=_curve(edge, height))
        for node in self._nodes:
            whole.node(node.name, node.attributes, pos=_place(node.at, height))
        return whole.text()


def _framed(number: int, area: Area, attributes: Attributes, height: float) -> Drawing:
    """A cluster without a node in it is dropped: hence the anchor."""
    frame = Drawing(f"cluster_{number}")
    corners = (area.left, height - area.bottom, area.right, height - area.top)
    frame.default("graph", attributes, bb=",".join(f"{corner:.1f}" for corner in corners))
    at = _place((area.left + 1, area.top + 1), height)
    frame.node(f"anchor_{number}", pos=at, shape="point", width=0.01, style="invis")
    return frame


def _place(point: Point, height: float) -> str:
    return f"{point[0]:.1f},{height - point[1]:.1f}"


def _curve(edge: _Edge, height: float) -> str:
    """A straight line as the Bézier curve that Graphviz wants."""
    (x, y), (to_x, to_y) = edge.begin, edge.end
    inner = [(x + (to_x - x) * part / 3, y + (to_y - y) * part / 3) for part in (1, 2)]
    points = [_place(point, height) for point in (edge.begin, *inner, edge.end)]
    tip = [f"e,{_place(edge.tip, height)}"] if edge.tip else []
    root = [f"s,{_place(edge.root, height)}"] if edge.root else []
    return " ".join([*root, *tip, *points])


def _short_of(begin: Point, tip: Point, distance: float) -> Point:
    """The point so far before the tip."""
    length = math.dist(begin, tip) or 1.0
    return (tip[0] - (tip[0] - begin[0]) / length * distance, tip[1] - (tip[1] - begin[1]) / length * distance)
