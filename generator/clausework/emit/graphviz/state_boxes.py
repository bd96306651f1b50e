"""The boxes of a state diagram: states, compound states, groups, chips that stand for a far state."""

from typing import Final

from clausework.emit.graphviz import entries
from clausework.emit.graphviz.document import Attributes, Drawing, Value, inches
from clausework.emit.graphviz.labels import LIMIT, Label, Line, Link, block, box, gap, soft, wrapped
from clausework.emit.graphviz.moves import Entry, Moves, Origin
from clausework.emit.graphviz.palette import INK, LINE, PAPER, PENS, SOFT, STYLES
from clausework.emit.graphviz.words import citation
from clausework.model import machine as model
from clausework.model.about import About

_MOST: Final = 12
"""A box is in nobody's way: it holds more transitions than a label."""

_BULLET: Final[Attributes] = {
    "shape": "circle",
    "label": "",
    "style": "filled",
    "fillcolor": INK,
    "width": 0.14,
    "height": 0.14,
    "fixedsize": "true",
    "class_": "initial",
    "tooltip": "initial state",
}


class Boxes:
    """What stands in the boxes.  `bold`: triggers are bold, since other lines follow them."""

    def __init__(self, machine: model.Machine, found: Moves, around: tuple[About, ...], *, bold: bool) -> None:
        self._around = around
        self._machine, self._found, self._bold = machine, found, bold
        self._nodes = {str(state.name): f"s{place}" for place, state in enumerate(machine.states, 1)}

    def node(self, state: str) -> str:
        """A name of our own: the author's may hold anything."""
        return self._nodes[state]

    def cluster(self, compound: str) -> str:
        return f"cluster_{self._nodes[compound]}"

    def draw_initial(self, drawing: Drawing, compound: str, leaf: str) -> None:
        bullet = f"initial {compound}".strip()
        drawing.node(bullet, _BULLET)
        drawing.edge(bullet, self._nodes[leaf], weight=10, tooltip="initial state")

    def height(self, state: model.State) -> int:
        return box(self._heading(state, None), self._inside(str(state.name), self._stays(str(state.name)))).height

    def draw_state(self, drawing: Drawing, state: model.State) -> None:
        """The whole box is a link; but with transitions inside, which are links of their own, only its name is."""
        stays = self._stays(str(state.name))
        mark = state.about.mark
        tooltip = " · ".join(part for part in (state.name, citation(state.about), mark) if part)
        link = Link(href=f"#state-{state.name}", tooltip=tooltip)
        label = box(self._heading(state, link if stays else None), self._inside(str(state.name), stays))
        broken = () if STYLES[mark] == "solid" else (STYLES[mark],)
        look: dict[str, Value] = {"style": ",".join(("rounded", "filled", *broken)), "penwidth": PENS[mark]}
        look |= {"peripheries": 2 if state.final else 1, "id": f"state-{state.name}", "class_": f"state {mark}"}
        linked: dict[str, Value] = {} if stays else {"URL": link.href, "tooltip": link.tooltip}
        drawing.node(self._nodes[str(state.name)], _sized(label, 1, 2) | look | linked)

    def draw_group(self, drawing: Drawing, origin: Origin, node: str) -> None:
        """A group, or `any state`: not a state, so it has square corners and isn't tinted."""
        heading = list(Line(text=origin.name, size=11, bold=True).wrapped(LIMIT))
        if origin.states and " or ".join(origin.states) != origin.name:
            members = Line(text=f"any of {', '.join(origin.states)}", size=9, color=SOFT)
            heading += members.wrapped(LIMIT)
        label = box(heading, self._inside(origin.name, self._found.stays.get(origin, [])))
        look: dict[str, Value] = {"style": "filled", "fillcolor": PAPER, "color": LINE, "class_": "group"}
        drawing.node(node, _sized(label, 1, 2) | look)

    def compound(self, state: model.State) -> Drawing:
        """The frame, to be filled; its name and what stays in it stand at the top."""
        frame = Drawing(self.cluster(str(state.name)))
        stays = self._stays(str(state.name))
        inside = self._inside(str(state.name), stays)
        lines = [*self._heading(state, None), *([gap(4), *inside] if inside else ())]
        mark = state.about.mark
        frame.set(label=block(lines), labelloc="t", labeljust="l", style="rounded", peripheries=1, color=LINE)
        frame.set(penwidth=1, margin=10, bgcolor="transparent", id=f"state-{state.name}", class_=f"compound {mark}")
        if not stays:
            frame.set(URL=f"#state-{state.name}", tooltip=f"{state.name} · {mark}")
        return frame

    def draw_chip(self, drawing: Drawing, node: str, text: str, state: str) -> None:
        """Instead of a long arc: the name of where it goes on, or comes from; no `state`: wherever it is."""
        label = block(Line(text=text, size=9).wrapped(LIMIT), align="CENTER")
        look: dict[str, Value] = {"fillcolor": PAPER, "color": LINE, "class_": "reference"}
        linked: dict[str, Value] = {"tooltip": f"state {state}", "URL": f"#state-{state}"} if state else {}
        drawing.node(node, _sized(label, 8, 3) | look | linked)

    def draw_question(self, drawing: Drawing, node: str, decision: str) -> None:
        """A hexagon: a stretched diamond, as a true one is twice as wide as its text."""
        label = block(Line(text=f"{decision} ?").wrapped(LIMIT), align="CENTER")
        look: dict[str, Value] = {"shape": "hexagon", "style": "filled", "fillcolor": PAPER, "class_": "decision"}
        named: dict[str, Value] = {"tooltip": f"decision: {decision}", "URL": f"#decision-{decision}"}
        drawing.node(node, _sized(label, 30, 10) | look | named)

    def _stays(self, name: str) -> list[Entry]:
        return self._found.stays.get(Origin(name, (name,), is_state=True), [])

    def _heading(self, state: model.State, link: Link | None) -> list[Line]:
        lines = list(Line(text=str(state.name), size=11, bold=True, link=link).wrapped(LIMIT))
        timers = (Line(text=f"timer {timer}", size=9, color=SOFT) for timer in self._timers(state))
        cite = citation(state.about, self._machine.about, *self._around)
        return [*lines, *wrapped(timers, LIMIT), *(soft(cite).wrapped(LIMIT) if cite else ())]

    def _timers(self, state: model.State) -> list[str]:
        handlers = [handler for handler in self._machine.handlers if handler.scope == state.name]
        timers = [str(handler.trigger.timer) for handler in handlers if isinstance(handler.trigger, model.After)]
        return list(dict.fromkeys(timers))

    def _inside(self, name: str, stays: list[Entry]) -> list[Line]:
        return entries.whole_lines(stays, name, bold=self._bold, most=_MOST) if stays else []


def _sized(label: Label, wider: int, higher: int) -> dict[str, Value]:
    """A node so much larger than its label."""
    size: dict[str, Value] = {"width": inches(label.width + wider), "height": inches(label.height + higher)}
    return size | {"label": label, "fixedsize": "true"}
