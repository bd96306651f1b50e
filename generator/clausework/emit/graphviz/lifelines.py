"""A whole drawing with lifelines: title, heads, rows, margins, feet, legend."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from clausework.emit.graphviz.columns import PAD, Columns, columns, head_lines, head_width
from clausework.emit.graphviz.document import LEAST, Attributes, Value, footer, headline
from clausework.emit.graphviz.labels import block
from clausework.emit.graphviz.margins import Margins, cite_width, queue_width
from clausework.emit.graphviz.palette import INK, LINE, TINT, TINT2
from clausework.emit.graphviz.placing import Placer
from clausework.emit.graphviz.rows import (
    FORGED,
    Beside,
    Deliver,
    Fault,
    Link,
    Message,
    Party,
    Row,
    Send,
    Sign,
    described,
    flattened,
    marks,
)
from clausework.emit.graphviz.sheet import Area, Sheet

_TALL: Final = 560.0
"""Higher than that, and the heads are repeated at the bottom."""

_END: Final[Attributes] = {
    "shape": "box",
    "style": "filled",
    "fillcolor": LINE,
    "color": LINE,
    "label": "",
    "width": 0.22,
    "height": 0.02,
    "fixedsize": "true",
    "class_": "end",
}
_SIGNS: Final = {
    Sign.COMMAND: "dot = command from the application",
    Sign.NOTIFICATION: "circle = indication to the application",
    Sign.DECISION: "diamond = decision by the implementer",
    Sign.EXPIRY: "hourglass = a timer expires",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is told.  `cites` heads the column of clauses; `stems` are lifelines, or rails for a map without order."""

    name: str
    title: str
    subtitle: str
    parties: tuple[Party, ...]
    rows: tuple[Row, ...]
    cites: str = "clause"
    foot: tuple[str, ...] = ()
    key: str = ""
    stems: Literal["lifeline", "rail"] = "lifeline"


@dataclass(frozen=True, slots=True)
class Told:
    """DOT text, and where its labels are: none may cover another."""

    dot: str
    texts: tuple[Area, ...]


def drawn(story: Story) -> Told:
    sides = _sides(story)
    place = columns(story.parties, story.rows, sides)
    return _Page(story, place, sides).drawn()


class _Page:
    def __init__(self, story: Story, place: Columns, sides: dict[int, int]) -> None:
        self._story, self._columns, self._sides = story, place, sides
        self._sheet = Sheet()
        cited, queued = cite_width(story.rows), queue_width(story.rows)
        cites_at = place.right + 16
        queues_at = cites_at + cited + (14 if cited else 0)
        self._margins = Margins(self._sheet, cites_at, queues_at)
        self._right = max(place.right, cites_at + cited if cited else 0, queues_at + queued if queued else 0)
        self._heads = {party.name: head_lines(party) for party in story.parties}
        self._head_height = max(sum(line.height for line in lines) for lines in self._heads.values()) + 8

    def drawn(self) -> Told:
        story, sheet = self._story, self._sheet
        across = max(self._right - PAD, LEAST)
        title = block(headline(story.title, story.subtitle, across))
        legend = footer(story.foot, marks(story.rows), story.key or _key(story.rows), int(across))
        sheet.label(title, PAD + title.width / 2, PAD + title.height / 2, "title")
        top = PAD + title.height + 12
        self._draw_heads(top, "role")
        self._margins.head(story.cites, story.rows, top + self._head_height)
        begin = top + self._head_height
        placer = Placer(sheet, self._columns, self._sides, self._margins)
        end = placer.landed(placer.rows(story.rows, begin + 10))
        end = max(end, self._margins.cited_to, self._margins.queued_to) + 6
        bottom = self._draw_feet(begin, end)
        sheet.label(legend, PAD + legend.width / 2, bottom + 8 + legend.height / 2, "legend")
        height = bottom + 8 + legend.height + PAD
        width = max(self._right, PAD + title.width, PAD + legend.width) + PAD
        dot = sheet.text(story.name, title=story.title, description=described(story.rows), width=width, height=height)
        return Told(dot, tuple(sheet.texts))

    def _draw_heads(self, top: float, kind: str) -> None:
        for party in self._story.parties:
            label = block(self._heads[party.name], align="CENTER")
            foot = kind == "foot"
            x, width = self._columns.at[party.name], head_width(party)
            area = Area(x - width / 2, top, x + width / 2, top + self._head_height, kind)
            tooltip = " · ".join(part for part in (party.name, party.role) if part)
            look: dict[str, Value] = {"fillcolor": TINT, "color": INK, "penwidth": 1.1, "tooltip": tooltip}
            look |= {"id": f"{kind}-{party.name}", "URL": f"#role-{party.name}"}
            self._sheet.box(label, area, look, f"{party.name} end" if foot else party.name)

    def _draw_feet(self, begin: float, end: float) -> float:
        """The lower ends of the lifelines, and the lifelines themselves."""
        rail = self._story.stems == "rail"
        again = end - begin > _TALL and not rail
        look: dict[str, Value] = {"color": TINT2, "penwidth": 9} if rail else {"color": LINE, "penwidth": 0.9}
        for party in self._story.parties:
            x = self._columns.at[party.name]
            name = self._sheet.foot(party.name)
            self._sheet.lifeline(party.name, x, begin, end, look | {"class_": self._story.stems})
            if not again:
                self._sheet.shape(x, end, _END, name)
        if again:
            self._draw_heads(end, "foot")
        return end + (self._head_height if again else 2)


def _sides(story: Story) -> dict[int, int]:
    """On which side of its lifeline the label of a message sent stands: towards the receiver, unless another message
    in flight passes there and the other side is free."""
    index = {party.name: place for place, party in enumerate(story.parties)}
    open_: dict[int, tuple[int, int]] = {}
    sides = {}
    for row, _ in flattened(story.rows):
        match row:
            case Send():
                begin, end = index[row.sender], index[row.receiver]
                ahead = 1 if end > begin else -1
                sides[row.slot] = ahead
                towards, away = (begin, begin - 1) if ahead > 0 else (begin - 1, begin)
                taken = [span for span in open_.values() if span[0] <= towards < span[1]]
                free = 0 <= away < len(index) - 1 and not [s for s in open_.values() if s[0] <= away < s[1]]
                if taken and free:
                    sides[row.slot] = -ahead
                open_[row.slot] = (min(begin, end), max(begin, end))
            case Deliver(slot=slot):
                open_.pop(slot, None)
            case Link(loses=loses):
                for slot in loses:
                    open_.pop(slot, None)
            case Fault(slot=slot) if slot is not None:
                open_.pop(slot, None)
            case _:
                pass
    return sides


def _key(rows: Sequence[Row]) -> str:
    """What the signs mean that occur."""
    found = [row for row, _ in flattened(rows)]
    messages = [row for row in found if isinstance(row, Message | Send)]
    parts = ["arrow = message"] if messages else []
    parts += ["cross = it is lost"] if any(isinstance(row, Message) and row.lost for row in messages) else []
    parts += ["forged = an attacker says it, no machine"] if any(FORGED in row.details for row in messages) else []
    parts += [
        meaning
        for sign, meaning in _SIGNS.items()
        if any(isinstance(row, Beside) and row.sign is sign for row in found)
    ]
    return " · ".join(parts)
