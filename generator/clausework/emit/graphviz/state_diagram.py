"""A machine as a state diagram.  What is written where is decided here; dot decides the positions.

An arc is drawn in two pieces with its label between them: the label has a bar, and the
bar is a part of the arc.  So nobody has to guess which label belongs to which arc, and
dot keeps room for it.  Arcs that run up the page are written head first, or dot would
turn the layout round.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from clausework.emit.graphviz import entries
from clausework.emit.graphviz.document import NOTHING, Attributes, Drawing, Ranked, Value
from clausework.emit.graphviz.labels import bar
from clausework.emit.graphviz.levels import Places
from clausework.emit.graphviz.moves import Arc, Moves, Origin, defined, moves, sentences
from clausework.emit.graphviz.nesting import Nesting
from clausework.emit.graphviz.palette import PENS, STYLES, weakest
from clausework.emit.graphviz.state_boxes import Boxes
from clausework.model import machine as model
from clausework.model import states as tree
from clausework.model.about import About

_POPULAR: Final = 4
"""A state with so many sources gets its upward arcs as chips."""

Draw = Callable[[Drawing], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """An end of an arc: the node that it touches, the state in it, the cluster at whose border it stops."""

    node: str
    leaf: str = ""
    cluster: str = ""


def state_diagram(machine: model.Machine, *around: About, name: str, title: str, subtitle: str) -> str:
    """DOT text.  `around`: the flow, whose clause needs no saying."""
    return _StateDiagram(machine, moves(machine, *around), around).text(name, title, subtitle)


class _StateDiagram:
    def __init__(self, machine: model.Machine, found: Moves, around: tuple[About, ...]) -> None:
        self._machine, self._found = machine, found
        self._entries = found.entries()
        self._nesting = Nesting(machine)
        self._bold = any(entries.has_second_line(entry) for entry in self._entries)
        self._boxes = Boxes(machine, found, around, bold=self._bold)
        self._groups = {origin: f"g{place}" for place, origin in enumerate(found.groups(), 1)}
        self._arcs_between = [arc for arc in found.arcs if arc.target is not None and arc.origin.is_state]
        ends = [(self._leaf(arc.origin.name), self._leaf(arc.target)) for arc in self._arcs_between]
        boxed = [self._leaf(arc.target) for arc in found.arcs if arc.target and not arc.origin.is_state]
        self._places = Places(machine, ends, boxed)
        self._waiting: dict[str, list[Draw]] = {}
        self._questions: dict[object, str] = {}

    def text(self, name: str, title: str, subtitle: str) -> str:
        told = [f"{arc.ends}: {entry.words}" for arc in self._found.arcs for entry in arc.entries]
        told += [f"{origin.name}: {entry.words}" for origin, stays in self._found.stays.items() for entry in stays]
        named = (*self._found.explained, *defined(self._machine, self._found))
        foot = (*named, *self._found.sourced, *sentences(self._machine, self._found))
        whole = Ranked(name, title=title, subtitle=subtitle, description="; ".join([*told, *foot]), foot=foot)
        for number, arc in enumerate(self._found.arcs, 1):
            self._draw_arc(number, arc)
        self._draw_continuations()
        self._fill(whole.page, "")
        marks = {entry.mark for entry in self._entries} | {state.about.mark for state in self._machine.states}
        return whole.text(
            marks=marks, key=entries.key(self._entries, self._found.explained), nodesep=0.32, ranksep=0.22
        )

    def _fill(self, drawing: Drawing, compound: str) -> None:
        """The states in a compound one ("": on the page), then the arcs that belong there."""
        initial = self._machine.initial if not compound else tree.state_named(self._machine, compound).initial
        if initial is not None and (not compound or self._is_entered(compound)):
            self._boxes.draw_initial(drawing, compound, self._leaf(initial))
        inner = [state for state in self._machine.states if (state.parent or "") == compound]
        for state in inner:
            if not state.compound:
                self._boxes.draw_state(drawing, state)
        here = (compound,) if compound else ()
        groups = {
            origin: node for origin, node in self._groups.items() if self._nesting.around_origin(origin)[:1] == here
        }
        for origin, node in groups.items():
            self._boxes.draw_group(drawing, origin, node)
        self._set_beside(drawing, inner, groups)
        for state in inner:
            if state.compound:
                frame = self._boxes.compound(state)
                self._fill(frame, str(state.name))
                drawing.add(frame)
        for draw in self._waiting.get(compound, ()):
            draw(drawing)

    def _set_beside(self, drawing: Drawing, inner: list[model.State], groups: dict[Origin, str]) -> None:
        """A box that no arc begins at stands beside the highest state, where there is room: dot would put it above all,
        and move everything down by its height.  With compound states it can't be moved out of its rank.
        """
        simple = [state for state in inner if not state.compound]
        beginning = {arc.origin for arc in self._found.arcs}
        boxes = [node for origin, node in groups.items() if origin not in beginning]
        if not simple or len(simple) < len(inner) or not boxes:
            return
        highest = max(simple, key=self._boxes.height)
        row = Drawing(f"row_{self._boxes.node(str(highest.name))}")
        row.set(rank="same")
        for node in (self._boxes.node(str(highest.name)), *boxes):
            row.node(node)
        drawing.add(row)

    # -- arcs

    def _draw_arc(self, number: int, arc: Arc) -> None:
        inner = next(iter(self._nesting.around_origin(arc.origin)), "")
        is_chip = arc.target is None or self._is_far(arc, arc.target)
        home = inner if is_chip else self._nesting.home(arc)
        mark = weakest([entry.mark for entry in arc.entries])
        stroke: dict[str, Value] = {"style": STYLES[mark], "penwidth": PENS[mark], "class_": f"transition {mark}"}
        tail = self._tail(arc)
        if arc.question is not None:
            tail = End(node=self._question(arc, inner, tail, stroke), leaf=tail.leaf)
            lines = entries.outcome_lines(arc.entries, arc.ends)
        else:
            lines = entries.whole_lines(arc.entries, arc.ends, bold=self._bold)
        label = f"l{number}"
        text = bar(lines, mark)
        self._wait(home, lambda drawing: drawing.node(label, shape="plain", style="", label=text))
        tooltip = f"{arc.ends}: {'; '.join(entry.words for entry in arc.entries)}"
        named = stroke | {"id": f"arc-{number}", "tooltip": tooltip, "URL": f"#transition-{arc.entries[0].number}"}
        if arc.target is None or is_chip:
            chip, target = f"c{number}", arc.target or (arc.origin.name if arc.origin.is_state else "")
            said = f"→ {target or 'the same state'}"
            self._wait(home, lambda drawing: self._boxes.draw_chip(drawing, chip, said, target))
            self._connect(home, tail, label, End(node=chip), stroke, named | {"weight": 6})
            return
        head = self._head(arc, arc.target)
        if arc.origin.is_state and not self._places.runs_down(tail.leaf, head.leaf):
            self._connect_upwards(home, tail, label, head, stroke, named)
        else:
            straight = arc.question is None and arc.origin.is_state and self._places.is_next(tail.leaf, head.leaf)
            pull: Attributes = {"weight": 4} if straight else NOTHING
            self._connect(home, tail, label, head, {**stroke, **pull}, {**named, **pull})

    def _question(self, arc: Arc, home: str, tail: End, stroke: Attributes) -> str:
        """The hexagon that the arc forks at; drawn when the first of its arcs is."""
        if arc.question in self._questions:
            return self._questions[arc.question]
        node = self._questions[arc.question] = f"d{len(self._questions) + 1}"
        first = arc.entries[0]
        trigger = bar(entries.trigger_lines(first, bold=self._bold), first.mark)
        self._wait(home, lambda drawing: self._boxes.draw_question(drawing, node, first.asks))
        self._wait(home, lambda drawing: drawing.node(f"t{node}", shape="plain", style="", label=trigger))
        self._connect(home, tail, f"t{node}", End(node=node), stroke, stroke)
        return node

    def _connect(self, home: str, tail: End, label: str, head: End, first: Attributes, second: Attributes) -> None:
        """From the tail to the label's bar, and on to the head."""
        begins: Attributes = {"ltail": tail.cluster} if tail.cluster else NOTHING
        ends: Attributes = {"lhead": head.cluster} if head.cluster else NOTHING

        def draw(drawing: Drawing) -> None:
            drawing.edge(tail.node, label, {**first, **begins}, enters="bar:n", arrowhead="none")
            drawing.edge(label, head.node, {**second, **ends}, leaves="bar:s")

        self._wait(home, draw)

    def _connect_upwards(
        self, home: str, tail: End, label: str, head: End, first: Attributes, second: Attributes
    ) -> None:
        """Written head first, so that dot puts the head above."""
        begins: Attributes = {"lhead": tail.cluster} if tail.cluster else NOTHING
        ends: Attributes = {"ltail": head.cluster} if head.cluster else NOTHING

        def draw(drawing: Drawing) -> None:
            drawing.edge(head.node, label, {**second, **ends}, enters="bar:n", dir="back")
            drawing.edge(label, tail.node, {**first, **begins}, leaves="bar:s", arrowhead="none")

        self._wait(home, draw)

    def _draw_continuations(self) -> None:
        """With several columns, a state that is reached from another column only says from where."""
        near = {self._leaf(arc.target) for arc in self._found.arcs if arc.target and not self._is_far(arc, arc.target)}
        for leaf in tree.leaves(self._machine):
            name = str(leaf.name)
            sources = [arc.origin.name for arc in self._arcs_between if arc.target and self._leaf(arc.target) == name]
            if sources and name not in near and name != self._leaf(self._machine.initial):
                self._draw_continuation(name, list(dict.fromkeys(sources)))

    def _draw_continuation(self, name: str, sources: list[str]) -> None:
        node = self._boxes.node(name)
        text = "from " + ", ".join(sources)

        def draw(drawing: Drawing) -> None:
            self._boxes.draw_chip(drawing, f"f{node}", text, sources[0])
            drawing.edge(f"f{node}", node, weight=10, tooltip=text)

        self._wait(next(iter(self._nesting.around(name)), ""), draw)

    def _wait(self, home: str, draw: Draw) -> None:
        """Drawn after the states of `home`: dot begins with the order in which nodes are written."""
        self._waiting.setdefault(home, []).append(draw)

    # -- where arcs begin and end

    def _leaf(self, name: str | None) -> str:
        assert name is not None
        return self._nesting.leaf(name)

    def _tail(self, arc: Arc) -> End:
        if not arc.origin.is_state:
            return End(node=self._groups[arc.origin])
        outside = arc.target is None or arc.origin.name not in self._nesting.around(arc.target)
        return self._end(arc.origin.name, at_border=outside)

    def _head(self, arc: Arc, target: str) -> End:
        return self._end(target, at_border=target not in self._nesting.around_origin(arc.origin))

    def _end(self, state: str, *, at_border: bool) -> End:
        """An arc of a compound state ends at its border, but for one to or from a state inside."""
        leaf = self._leaf(state)
        border = at_border and self._nesting.is_compound(state)
        return End(node=self._boxes.node(leaf), leaf=leaf, cluster=self._boxes.cluster(state) if border else "")

    def _is_entered(self, compound: str) -> bool:
        return compound == self._machine.initial or any(arc.target == compound for arc in self._found.arcs)

    def _is_far(self, arc: Arc, target: str) -> bool:
        """Whether a chip stands for the head: it is in another column, or this is an answer that leads up, or one more
        arc up into a popular state, or it comes from a box of several states and the target has arcs of its own."""
        leaf = self._leaf(target)
        if not arc.origin.is_state:
            return leaf == self._leaf(self._machine.initial) or leaf in self._reached()
        tail = self._leaf(arc.origin.name)
        if self._places.column(tail) != self._places.column(leaf):
            return True
        sources = {other.origin for other in self._found.arcs if other.target == target}
        is_one_too_many = arc.question is not None or len(sources) >= _POPULAR
        return is_one_too_many and not self._places.runs_down(tail, leaf)

    def _reached(self) -> set[str]:
        return {self._leaf(arc.target) for arc in self._arcs_between}
