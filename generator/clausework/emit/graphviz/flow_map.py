"""The flows of a standard, and which needs which: an arrow leads from what must be true to what needs it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from clausework.emit.graphviz.document import NOTHING, Attributes, Drawing, Ranked, Value, inches
from clausework.emit.graphviz.labels import Label, Line, block, soft
from clausework.emit.graphviz.palette import LINE, PAPER, PENS, SOFT, STYLES, weakest
from clausework.emit.graphviz.words import citation
from clausework.model import transitions as flat
from clausework.model.about import Mark
from clausework.model.standard import Flow, Standard, own

_NAME_LIMIT: Final = 110
_IN_A_ROW: Final = 3
"""So many flows of a clause stand beside each other; dot itself would put all of a rank into one row."""
_MANY: Final = 12
"""Of more flows, the arrows lead to the right: clauses then stand below each other, as on a page."""
_SEEN_AS: Final = "is seen as"
"""What leads from a larger flow to the one that stands for it."""
_KEY: Final = "border = weakest mark in the flow · arrow = is needed by"


@dataclass(frozen=True, slots=True)
class Need:
    """`what` of the flow `needed` must hold for `needs`; empty: it only stands on it, or as `_SEEN_AS`, for it."""

    needed: str
    needs: str
    what: str


def flow_map(standard: Standard, *, name: str, title: str, subtitle: str) -> str:
    """DOT text."""
    flows = own(standard.flows)
    all_needs = list(_needs(flows))
    needs = [need for need in all_needs if not _follows(need, all_needs)]
    often = Counter(need.what for need in needs if need.what != _SEEN_AS)
    usual = {what for what, count in often.items() if count > 1 and what}
    foot: tuple[str, ...] = ()
    if usual:
        foot += (f"An arrow that says nothing needs: {', '.join(sorted(usual))}.",)
    if len(needs) < len(all_needs):
        foot += ("What a flow needs by way of another one has no arrow of its own.",)
    told = "; ".join(map(_sentence, all_needs))
    names = ", ".join(flow.title or str(flow.name) for flow in flows)
    whole = Ranked(name, title=title, subtitle=subtitle, description=f"{names}. {told}", foot=foot)
    nodes = {str(flow.name): f"f{place}" for place, flow in enumerate(flows, 1)}
    arrows = _arrows(needs, nodes)
    tall = len(flows) > _MANY
    for place, (clause, inside) in enumerate(_by_clause(standard, flows).items(), 1):
        rows = list(_rows(inside, arrows))
        later = {below for _, below in rows}
        first = [each for each in inside if each.name not in later and not _is_led_to(each, inside, arrows)]
        whole.page.add(_clause(place, clause, inside, first, nodes, tall=tall))
        for above, below in rows:
            whole.page.edge(nodes[above], nodes[below], style="invis")
    titles = {str(flow.name): flow.title or str(flow.name) for flow in flows}
    for place, need in enumerate(needs, 1):
        at_chip = (need.needed, need.needs) not in arrows
        begin = f"c{place}" if at_chip else nodes[need.needed]
        if at_chip:
            _draw_chip(whole.page, begin, titles.get(need.needed, need.needed), need.needed)
        _draw_need(whole.page, need, begin, nodes[need.needs], "" if need.what in usual else need.what)
    marks = {_mark(flow) for flow in flows}
    return whole.text(marks=marks, key=_KEY, nodesep=0.4, ranksep=0.42, rankdir="LR" if tall else "TB")


# -- boxes


def _by_clause(standard: Standard, flows: tuple[Flow, ...]) -> dict[str, list[Flow]]:
    """Flows by the clause of the highest level that they are from, in order of their first one."""
    titles = {clause.number: clause.title for clause in standard.clauses if clause.kind == "clause"}
    found: dict[str, list[Flow]] = {}
    for flow in flows:
        number = _top(flow)
        found.setdefault(" ".join(part for part in (number, titles.get(number, "")) if part), []).append(flow)
    return found


def _top(flow: Flow) -> str:
    source = flow.about.source
    if source is None or not source.clause:
        return ""
    number = re.match(r"[A-Z]|\d+", source.clause)
    return " ".join(part for part in (source.document, number[0] if number else "") if part)


def _clause(
    place: int, name: str, flows: list[Flow], first: list[Flow], nodes: dict[str, str], *, tall: bool
) -> Drawing:
    """A clause's name is a node left of its first row, or above its first column (which dot fills from below): arrows
    would cross the label of a cluster.
    """
    around = Drawing(f"cluster_around_{place}")  # dot lets clusters touch, so each gets an invisible one with a margin
    around.set(label="", peripheries=0, margin=5, bgcolor="transparent")
    frame = Drawing(f"cluster_{place}")
    frame.set(label="", style="rounded", peripheries=1 if name else 0, color=LINE, penwidth=0.7)
    frame.set(margin=9, bgcolor="transparent", class_="clause")
    if name:
        row = Drawing(f"row_{place}")
        row.set(rank="same")
        label = block(Line(text=name, size=9, bold=True, color=SOFT).wrapped(80))
        row.node(f"k{place}", label=label, shape="plain", style="")
        for flow in first:
            ends = f"k{place}", nodes[str(flow.name)]
            row.edge(*(reversed(ends) if tall else ends), style="invis")
        frame.add(row)
    for flow in flows:
        _draw_flow(frame, flow, nodes[str(flow.name)])
    around.add(frame)
    return around


def _is_led_to(flow: Flow, others: list[Flow], arrows: list[tuple[str, str]]) -> bool:
    return any(_leads(arrows, str(other.name), str(flow.name)) for other in others if other is not flow)


def _rows(inside: list[Flow], arrows: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Which flow of a clause has to stand above which, so that no row gets too long."""
    by_level: dict[int, list[str]] = {}
    for flow in inside:
        by_level.setdefault(_level(str(flow.name), arrows), []).append(str(flow.name))
    for names in by_level.values():
        yield from zip(names, names[_IN_A_ROW:], strict=False)


def _level(flow: str, arrows: list[tuple[str, str]]) -> int:
    """How many arrows one has to follow, at most, to come to a flow; arrows have no circles."""
    return max((1 + _level(begin, arrows) for begin, end in arrows if end == flow), default=0)


def _draw_flow(drawing: Drawing, flow: Flow, node: str) -> None:
    title, cite, mark = flow.title or str(flow.name), citation(flow.about), _mark(flow)
    lines = [*Line(text=title, bold=True).wrapped(_NAME_LIMIT), *(soft(cite).wrapped(_NAME_LIMIT) if cite else ())]
    label = block(lines, align="CENTER")
    broken = () if STYLES[mark] == "solid" else (STYLES[mark],)
    size: dict[str, Value] = {
        "width": inches(label.width + 14),
        "height": inches(label.height + 9),
        "fixedsize": "true",
    }
    look: dict[str, Value] = {"style": ",".join(("rounded", "filled", *broken)), "penwidth": PENS[mark]}
    named: dict[str, Value] = {"id": f"flow-{flow.name}", "URL": f"#flow-{flow.name}", "class_": f"flow {mark}"}
    drawing.node(node, size | look | named, label=label, tooltip=" · ".join(p for p in (title, cite, mark) if p))


def _mark(flow: Flow) -> Mark:
    """The weakest of what is in the flow."""
    marks = [flow.about.mark]
    for machine in flow.machines:
        marks += [transition.about.mark for transition in flat.transitions(machine)]
    return weakest([*marks, *(sequence.about.mark for sequence in flow.sequences)])


# -- arrows


def _needs(flows: tuple[Flow, ...]) -> Iterator[Need]:
    for flow in flows:
        required = {str(state.of.flow): state for machine in flow.machines for state in machine.requires if state.of}
        names = dict.fromkeys([*(str(used) for used in flow.uses), *required])
        for used in names:
            if used != flow.name:
                yield Need(used, str(flow.name), " or ".join(required[used].states) if used in required else "")
        if flow.extends is not None and flow.extends not in names:
            yield Need(str(flow.extends), str(flow.name), "extended")
        if flow.stands_for is not None:
            yield Need(str(flow.stands_for.flow), str(flow.name), _SEEN_AS)


def _follows(need: Need, needs: list[Need]) -> bool:
    """Whether it is needed already by another flow that is needed, and this one asks for nothing besides."""
    if any(other.needed == need.needs and other.needs == need.needed for other in needs):
        return False  # they need each other: a circle, which is told as it is
    if need.what == _SEEN_AS:
        return False
    others = [other for other in needs if other is not need and other.what != _SEEN_AS]
    arrows = [(other.needed, other.needs) for other in others]
    asked = {other.what for other in others if other.needed == need.needed and _leads(arrows, other.needs, need.needs)}
    return bool(asked) and (not need.what or need.what in asked)


def _arrows(needs: list[Need], nodes: dict[str, str]) -> list[tuple[str, str]]:
    """All but those that would close a circle, and those from other standards: these begin at a chip."""
    arrows: list[tuple[str, str]] = []
    for need in needs:
        if need.needed in nodes and not _leads(arrows, need.needs, need.needed):
            arrows.append((need.needed, need.needs))
    return arrows


def _draw_need(drawing: Drawing, need: Need, begin: str, end: str, unusual: str) -> None:
    tooltip = _sentence(need)
    said: Attributes = {"label": _said(unusual)} if unusual else NOTHING
    drawing.edge(begin, end, said, color=SOFT, tooltip=tooltip)


def _sentence(need: Need) -> str:
    if need.what == _SEEN_AS:
        return f"{need.needed} is seen as {need.needs}"
    return f"{need.needs} needs {need.needed}: {need.what}".removesuffix(": ")


def _said(what: str) -> Label:
    return block(Line(text=f" {what}", size=8, color=SOFT).wrapped(_NAME_LIMIT), fill=PAPER)


def _draw_chip(drawing: Drawing, node: str, title: str, flow: str) -> None:
    label = block(Line(text=title, size=9).wrapped(_NAME_LIMIT), align="CENTER")
    size: dict[str, Value] = {"width": inches(label.width + 8), "height": inches(label.height + 3), "fixedsize": "true"}
    look: dict[str, Value] = {"fillcolor": PAPER, "color": LINE, "class_": "reference"}
    drawing.node(node, size | look, label=label, tooltip=f"flow {flow}", URL=f"#flow-{flow}")


def _leads(arrows: list[tuple[str, str]], begin: str, end: str) -> bool:
    """Whether arrows lead from one flow to another."""
    reached, frontier = {begin}, [begin]
    while frontier:
        here = frontier.pop()
        after = [to for origin, to in arrows if origin == here and to not in reached]
        reached.update(after)
        frontier += after
    return end in reached
