"""DOT text: how names and texts get into it, and what all diagrams open and close with.

The text itself is written by the `graphviz` package.  A diagram says by itself how it is
laid out (`layout`), what it is called and what it shows in words (`title`,
`description`: attributes of ours, which Graphviz passes over), so that the text is all
that anybody needs who renders it.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

import graphviz  # type: ignore[import-untyped]  # it has no types

from clausework.emit.graphviz.labels import Label, Line, block, gap, legend, soft, widest, wrapped
from clausework.emit.graphviz.measure import held
from clausework.emit.graphviz.palette import FONT, INK, MEANINGS, PAPER, SOFT, TINT
from clausework.model.about import Mark

LEAST: Final = 380
"""Sentences above and below a diagram are never set narrower than this, however narrow it is."""

_MOST: Final = 480
"""Nor wider than this, where the width of the diagram isn't known."""

Value = str | int | float | Label
Attributes = Mapping[str, Value]
NOTHING: Final[Attributes] = {}


class Drawing:
    """A digraph or a cluster being written.

    Values are quoted here and nowhere else: a string is a text (never HTML, no escapes of
    Graphviz's), a `Label` is HTML.  Order of calls is order in the text.
    """

    def __init__(self, name: str) -> None:
        self._dot = graphviz.Digraph(name=_text(name))

    def default(self, kind: str, more: Attributes = NOTHING, **attributes: Value) -> None:
        """What all `node`s, `edge`s or the `graph` begin with."""
        self._dot.attr(kind, **_printed({**more, **attributes}))

    def set(self, **attributes: Value) -> None:
        self._dot.attr(None, **_printed(attributes))

    def node(self, name: str, more: Attributes = NOTHING, **attributes: Value) -> None:
        self._dot.node(_name(name), **_printed({**more, **attributes}))

    def edge(
        self,
        tail: str,
        head: str,
        more: Attributes = NOTHING,
        *,
        leaves: str = "",
        enters: str = "",
        **attributes: Value,
    ) -> None:
        """`leaves`, `enters` are ports, such as `bar:s`."""
        ends = (":".join(part for part in pair if part) for pair in ((_name(tail), leaves), (_name(head), enters)))
        self._dot.edge(*ends, **_printed({**more, **attributes}))

    def add(self, cluster: "Drawing") -> None:
        self._dot.subgraph(cluster._dot)  # noqa: SLF001  another of ours

    def text(self) -> str:
        """All of it.  The background comes last: every cluster behind it would inherit it."""
        self.set(bgcolor=PAPER)
        source: str = self._dot.source
        return re.sub(r"^\t+", lambda tabs: "  " * len(tabs[0]), source, flags=re.MULTILINE)


def opened(name: str, *, layout: str, title: str, description: str) -> Drawing:
    """An empty diagram with what all have in common."""
    drawing = Drawing(name)
    drawing.default("graph", fontname=FONT, layout=layout, title=title, description=description)
    drawing.default("node", fontname=FONT, fontsize=10)
    drawing.default("edge", fontname=FONT, fontsize=10, color=INK, arrowsize=0.7)
    return drawing


def inches(points: float) -> float:
    return round(points / 72, 3)


def headline(title: str, subtitle: str, limit: float) -> tuple[Line, ...]:
    return (
        *Line(text=title, size=14, bold=True).wrapped(limit),
        *Line(text=subtitle, size=9, color=SOFT).wrapped(limit),
    )


def footer(sentences: tuple[str, ...], marks: set[Mark], key: str, least: int) -> Label:
    """Sentences, the marks that occur, what the signs mean; wrapped to `least`."""
    limit = held(least)
    above = (gap(4), *wrapped((Line(text=sentence, size=9) for sentence in sentences), limit))
    meant = [(mark, soft(MEANINGS[mark])) for mark in Mark if mark in marks]
    return legend(above, meant, soft(key).wrapped(limit) if key else (), least)


class Ranked:
    """A diagram that dot lays out: draw in `page`, whose label is the title, then take the `text`.

    Title and legend are equally wide, or dot would centre the narrower one.
    """

    def __init__(self, name: str, *, title: str, subtitle: str, description: str, foot: tuple[str, ...]) -> None:
        self._whole = opened(name, layout="dot", title=title, description=description)
        self._head = headline(title, subtitle, _MOST)
        self._foot = foot
        self._whole.default(
            "node", shape="box", style="rounded,filled", color=INK, fillcolor=TINT, margin=0, penwidth=1
        )
        self.page = Drawing("cluster_page")

    def text(
        self, *, marks: set[Mark], key: str, nodesep: float, ranksep: float, rankdir: Literal["TB", "LR"] = "TB"
    ) -> str:
        sentences = min(widest(Line(text=sentence, size=9) for sentence in self._foot) + 1, _MOST)
        across = max(widest(self._head), sentences, LEAST, footer((), marks, "", 0).width)
        self.page.set(label=block((*self._head, gap(12)), least=across), labelloc="t", labeljust="l")
        self.page.set(peripheries=0, margin=0)
        self._whole.set(rankdir=rankdir, compound="true", splines="true", pad=0.15, nodesep=nodesep, ranksep=ranksep)
        self._whole.set(label=footer(self._foot, marks, key, across), labelloc="b", labeljust="l")
        self._whole.add(self.page)
        return self._whole.text()


def _name(name: str) -> str:
    """A name of the author's as a node: a colon would part off a port, and an edge's end in `<>` would be HTML."""
    return _text(name.replace("%", "%25").replace(":", "%3A").replace("<", "%3C"))


def _text(text: str) -> str:
    """Backslashes doubled, as Graphviz replaces `\\N` and the like; `escape` also keeps `<...>` from being HTML."""
    escaped: str = graphviz.escape(" ".join(text.split()))
    return escaped


def _printed(attributes: Attributes) -> dict[str, str]:
    """`class_` stands for `class`."""
    return {name.removesuffix("_"): _value(value) for name, value in attributes.items()}


def _value(value: Value) -> str:
    match value:
        case Label():
            return str(value)
        case str():
            return _text(value)
        case float():
            return f"{value:.3f}".rstrip("0").rstrip(".")
        case int():
            return str(value)
