"""Labels: lines of text, measured and wrapped, as the HTML-like tables that Graphviz sets.

Every line of text stands in a cell of fixed size, computed here, so that no installed
font can change a layout; one style per line, because a viewer with another font would
tear apart two runs of text on one line.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from clausework.emit.graphviz.measure import room, width, wrap
from clausework.emit.graphviz.palette import HEIGHTS, INK, LINE, PENS, SOFT, STYLES, TINT2
from clausework.model.about import Mark

LIMIT: Final = 165
"""How wide a text of a state diagram may be."""

Align = Literal["LEFT", "CENTER", "RIGHT"]
Attributes = tuple[tuple[str, str], ...]

_BARE: Attributes = (("BORDER", "0"), ("CELLBORDER", "0"), ("CELLSPACING", "0"), ("CELLPADDING", "0"))
_THICK = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a line leads to, and what a pointer that rests on it shows.  `id` is only on the first line of several."""

    href: str
    tooltip: str
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a label, in one style from end to end.  An empty one is a gap of `gap` points."""

    text: str
    size: int = 10
    bold: bool = False
    italic: bool = False
    color: str = INK
    link: Link | None = None
    gap: int = 0

    @property
    def width(self) -> float:
        return width(self.text, self.size, bold=self.bold)

    @property
    def height(self) -> int:
        return self.gap or HEIGHTS[self.size]

    def wrapped(self, limit: float) -> tuple["Line", ...]:
        first, *others = wrap(self.text, limit, self.size, bold=self.bold)
        bare = replace(self.link, id="") if self.link else None
        return (replace(self, text=first), *(replace(self, text=text, link=bare) for text in others))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`attributes` as Graphviz has them; in it a table, a text (`html`, escaped, in the style of `line`), or none."""

    attributes: Attributes
    line: Line | None = None
    html: str = ""
    table: "Table | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    cells: tuple[Cell, ...]
    ruled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    rows: tuple[Row, ...]
    attributes: Attributes = field(default=_BARE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A table printed, with its size in points."""

    html: str
    width: int
    height: int

    def __str__(self) -> str:
        """As a value of a DOT attribute."""
        return f"<{self.html}>"


def soft(text: str) -> Line:
    """Small print: clauses, numbers, legends."""
    return Line(text=text, size=8, color=SOFT)


def gap(points: int) -> Line:
    return Line(text="", size=8, gap=points)


def wrapped(lines: Iterable[Line], limit: float) -> tuple[Line, ...]:
    return tuple(piece for line in lines for piece in line.wrapped(limit))


def widest(lines: Iterable[Line]) -> int:
    """The width of a cell that holds any of the lines."""
    return room(max((line.width for line in lines), default=0))


# -- labels


def block(lines: Sequence[Line], *, align: Align = "LEFT", fill: str = "", least: int = 0) -> Label:
    """Lines, one under the other."""
    across = max(widest(lines), least)
    rows = tuple(Row(cells=(_text(line, across, align),)) for line in lines)
    attributes = (*_BARE, ("BGCOLOR", fill)) if fill else _BARE
    return _label(Table(rows=rows, attributes=attributes), across, _tall(lines))


def bar(lines: Sequence[Line], mark: Mark) -> Label:
    """Text to the right of a bar in the line style of `mark`.  The bar is a piece of the arc, which comes in at the
    port `bar:n` and goes out at `bar:s`."""
    across, tall = widest(lines), _tall(lines)
    span = ("ROWSPAN", str(len(lines)))
    thick = PENS[mark] > _THICK  # a border of 2 grows to the left of its cell
    before, behind = (2, 4) if thick else (3, 3)
    drawn = (("BORDER", "2" if thick else "1"), ("SIDES", "L"), ("STYLE", STYLES[mark]), ("COLOR", INK))
    halves = (_space(before, tall), _space(behind, tall, *drawn))
    port = Cell(attributes=(("PORT", "bar"), span, *_size(6, tall)), table=Table(rows=(Row(cells=halves),)))
    first, *others = (_text(line, across) for line in lines)
    rows = (Row(cells=(port, _space(2, tall, span), first)), *(Row(cells=(cell,)) for cell in others))
    return _label(Table(rows=rows), across + 8, tall)


def box(heading: Sequence[Line], inside: Sequence[Line]) -> Label:
    """The heading, and under a rule what happens inside.  As wide as its node: the rule spans the table only."""
    across = max(widest([*heading, *inside]) + 16, 60)
    rows = [_blank(across, 4), *(Row(cells=(_text(line, across, "CENTER"),)) for line in heading)]
    if inside:
        rows += [_blank(across, 3), replace(_blank(across, 3), ruled=True)]
        rows += [Row(cells=(_inset(line, across),)) for line in inside]
    tall = 8 + _tall(heading) + (7 + _tall(inside) if inside else 0)
    return _label(Table(rows=tuple(rows)), across, tall)


Pair = tuple[Line, Sequence[Line]]
"""A name, and the lines beside it."""


def record(heading: Line, source: Line, *sections: Sequence[Pair]) -> Label:
    """A head with its source at the right, and sections of two columns, with a rule between them."""
    shown = [section for section in sections if section]
    left = widest(name for section in shown for name, _ in section)
    right = widest(line for section in shown for _, lines in section for line in lines)
    title, small = widest([heading]), widest([source])
    inside = max(left + 10 + right if shown else 0, title + (14 + small if source.text else 0))
    across = inside + 16
    head = (_space(8, 20), _text(heading, title, tall=20), _text(source, inside - title, "RIGHT", tall=20))
    rows, tall = [_filled((*head, _space(8, 20)), ("BGCOLOR", TINT2))], 20
    for number, section in enumerate(shown):
        rows.append(replace(_blank(across, 4), ruled=number > 0))
        for name, lines in section:
            rows += _pair(name, lines, left, inside - left - 10)
        rows.append(_blank(across, 4))
        tall += 8 + (number > 0) + sum(max(name.height, each.height) for name, lines in section for each in lines)
    return _label(Table(rows=tuple(rows)), across, tall)


def _pair(name: Line, lines: Sequence[Line], left: int, right: int) -> Iterator[Row]:
    for number, line in enumerate(lines):
        tall = max(name.height, line.height)
        first = _text(name, left, tall=tall) if number == 0 else _space(left, tall)
        yield _filled((_space(8, tall), first, _space(10, tall), _text(line, right, tall=tall), _space(8, tall)))


def _filled(cells: tuple[Cell, ...], *attributes: tuple[str, str]) -> Row:
    """A row of one cell, as the columns of two rows need not be the same."""
    return Row(cells=(Cell(attributes=attributes, table=Table(rows=(Row(cells=cells),))),))


def listing(entries: Sequence[tuple[Line, Line]], fill: str) -> Label:
    """Two columns."""
    left, right = widest(first for first, _ in entries), widest(second for _, second in entries)
    space = 10 if right > room(0) else 0
    rows = []
    for first, second in entries:
        tall = first.height
        cells = (_text(first, left), _space(max(space, 1), tall), _text(second, right, tall=tall))
        rows.append(Row(cells=cells))
    across = left + right + max(space, 1)
    table = Table(rows=tuple(rows), attributes=(*_BARE, ("BGCOLOR", fill)))
    return _label(table, across, _tall([first for first, _ in entries]))


def queue(name: Line, messages: Sequence[Line], fill: str) -> Label:
    """A queue: its name and a cell per message, the head first."""
    tall = 14
    left = widest([name]) + 2
    framed = (("BORDER", "1"), ("COLOR", LINE), ("BGCOLOR", fill))
    cells = [_text(name, left, tall=tall)]
    cells += [_text(line, widest([line]) + 4, "CENTER", *framed, tall=tall) for line in messages]
    across = left + sum(widest([line]) + 4 for line in messages)
    return _label(Table(rows=(Row(cells=tuple(cells)),)), across, tall)


def samples(marks: Sequence[tuple[Mark, Line]], least: int) -> tuple[Table, int]:
    """A short line in the style of each mark, and what it means; a last cell takes what is left of `least`."""
    cells: list[Cell] = []
    across = 0
    for mark, meaning in marks:
        border = (
            ("BORDER", "2" if PENS[mark] > _THICK else "1"),
            ("SIDES", "B"),
            ("STYLE", STYLES[mark]),
            ("COLOR", INK),
        )
        stroke = Table(rows=(Row(cells=(_space(22, 5, *border),)), Row(cells=(_space(22, 5),))))
        words = widest([meaning])
        cells += [Cell(attributes=_size(24, 14), table=stroke), _space(6, 12), _text(meaning, words), _space(14, 12)]
        across += words + 44
    if least > across:
        cells.append(_space(least - across, 12))
    return Table(rows=(Row(cells=tuple(cells)),)), across


def legend(above: Sequence[Line], marks: Sequence[tuple[Mark, Line]], below: Sequence[Line], least: int) -> Label:
    """Sentences, samples of the marks, and what the signs mean."""
    across = max(widest([*above, *below]), samples(marks, 0)[1], least)
    rows = [Row(cells=(_text(line, across),)) for line in above]
    if marks:
        rows.append(Row(cells=(Cell(attributes=(("ALIGN", "LEFT"),), table=samples(marks, across)[0]),)))
    rows += [Row(cells=(_text(line, across),)) for line in below]
    return _label(Table(rows=tuple(rows)), across, _tall(above) + (14 if marks else 0) + _tall(below))


# -- cells


def _text(line: Line, across: int, align: Align = "LEFT", *attributes: tuple[str, str], tall: int = 0) -> Cell:
    size = _size(across, tall or line.height)
    return Cell(
        attributes=(("ALIGN", align), *size, *_linked(line.link), *attributes), line=line, html=escaped(line.text)
    )


def _linked(link: Link | None) -> Attributes:
    if link is None:
        return ()
    named = (("ID", escaped(link.id)),) if link.id else ()
    return (*named, ("HREF", escaped(link.href)), ("TOOLTIP", escaped(link.tooltip)))


def _inset(line: Line, across: int) -> Cell:
    row = Row(cells=(_space(8, line.height), _text(line, across - 8)))
    return Cell(attributes=(("ALIGN", "LEFT"),), table=Table(rows=(row,)))


def _blank(across: int, tall: int) -> Row:
    return Row(cells=(_space(across, tall),))


def _space(across: int, tall: int, *attributes: tuple[str, str]) -> Cell:
    return Cell(attributes=(*_size(across, tall), *attributes))


def _size(across: int, tall: int) -> Attributes:
    return ("FIXEDSIZE", "TRUE"), ("WIDTH", str(across)), ("HEIGHT", str(tall))


def _tall(lines: Iterable[Line]) -> int:
    return sum(line.height for line in lines)


# -- printing


_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\\": "&#92;&#92;", "\n": " "})


def escaped(text: str) -> str:
    """Text for an HTML-like label.  Backslashes doubled: Graphviz replaces `\\N`, `\\E`, `\\G` even in entities."""
    return text.translate(_ENTITIES)


def _label(table: Table, across: int, tall: int) -> Label:
    return Label(html=_template().render(whole=table), width=across, height=tall)


@cache
def _template() -> Template:
    loader = PackageLoader("clausework.emit.graphviz")
    environment = Environment(loader=loader, undefined=StrictUndefined, autoescape=False)  # noqa: S701  escaped above
    return environment.get_template("table.j2")
