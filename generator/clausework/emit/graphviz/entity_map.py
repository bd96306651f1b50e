"""Entities with their attributes, and how many of each belong together: the data model, or a figure of it."""

from collections.abc import Sequence
from typing import Final

from clausework.emit.graphviz.document import Drawing, Ranked, Value, inches
from clausework.emit.graphviz.labels import Line, bar, record, soft
from clausework.emit.graphviz.palette import INK, PAPER, PENS, STYLES
from clausework.emit.graphviz.words import citation
from clausework.expr.types import show_type
from clausework.model.about import Mark
from clausework.model.standard import End, Entity, Relation

_TYPE_LIMIT: Final = 150
_RELATION_LIMIT: Final = 120
_SIGNS: Final = {(True, True): "teetee", (False, True): "teeodot", (True, False): "crowtee", (False, False): "crowodot"}
"""By whether there is one at least, and whether there is one at most."""
_MEANINGS: Final = {
    "teetee": "two bars: exactly one",
    "teeodot": "circle and bar: none or one",
    "crowtee": "bar and fork: at least one",
    "crowodot": "circle and fork: any number",
}


def entity_map(
    entities: Sequence[Entity], relations: Sequence[Relation], *, name: str, title: str, subtitle: str
) -> str:
    """DOT text.  An entity that is declared first stands above one that it is related to."""
    apart = [each for each in relations if each.first.entity != each.second.entity]
    signs = {_sign(end) for each in apart for end in (each.first, each.second)}
    told = "; ".join(
        f"{each.first} {each.first.entity} {_words(each)} {each.second} {each.second.entity}" for each in relations
    )
    foot = ("; ".join(text for sign, text in _MEANINGS.items() if sign in signs).capitalize() + ".",) if signs else ()
    names = ", ".join(str(each.name) for each in entities)
    whole = Ranked(name, title=title, subtitle=subtitle, description=f"{names}. {told}", foot=foot)
    places = {str(each.name): place for place, each in enumerate(entities, 1)}
    for each in entities:
        among = [one for one in relations if one.first.entity == one.second.entity == each.name]
        _draw_entity(whole.page, each, among, f"e{places[str(each.name)]}")
    for number, relation in enumerate(relations, 1):
        if relation.first.entity != relation.second.entity:
            _draw_relation(whole.page, relation, number, places)
    marks = {each.about.mark for each in entities} | {each.about.mark for each in relations}
    key = "border and line = how sure it is" + (" · bold = key" if any(each.key for each in entities) else "")
    return whole.text(marks=marks, key=key, nodesep=0.35, ranksep=0.42)


def _draw_entity(drawing: Drawing, entity: Entity, among: Sequence[Relation], node: str) -> None:
    """Relations among its own kind stand in the box: as arcs they would lead from a box to itself."""
    fields = [
        (
            Line(text=str(each.name), bold=each.name in entity.key),
            Line(text=show_type(each.type).replace("|", " | "), size=9).wrapped(_TYPE_LIMIT),
        )
        for each in entity.attributes
    ]
    own = [(Line(text=_words(each), italic=True), _among(each, entity)) for each in among]
    label = record(Line(text=_plain(entity.name), size=11, bold=True), soft(citation(entity.about)), fields, own)
    mark = entity.about.mark
    tooltip = " · ".join(part for part in (entity.means or str(entity.name), citation(entity.about), mark) if part)
    size: dict[str, Value] = {"width": inches(label.width + 1), "height": inches(label.height + 2), "fixedsize": "true"}
    look: dict[str, Value] = {"style": _style("filled", mark), "penwidth": PENS[mark], "fillcolor": PAPER}
    named: dict[str, Value] = {"id": f"entity-{entity.name}", "class_": f"entity {mark}", "tooltip": tooltip}
    drawing.node(node, size | look | named, label=label)


def _among(relation: Relation, entity: Entity) -> tuple[Line, ...]:
    """How many of its own kind it belongs to; where that is from, if that isn't where the entity is from."""
    cited = citation(relation.about, entity.about)
    mark = relation.about.mark if relation.about.mark != entity.about.mark else ""
    small = " · ".join(part for part in (cited, mark) if part)
    many = Line(text=f"{relation.first} : {relation.second} {_plain(entity.name)}", size=9)
    return (many, *(soft(small).wrapped(_TYPE_LIMIT) if small else ()))


def _style(first: str, mark: Mark) -> str:
    return first if STYLES[mark] == "solid" else f"{first},{STYLES[mark]}"


def _draw_relation(drawing: Drawing, relation: Relation, number: int, places: dict[str, int]) -> None:
    upper, lower = relation.first, relation.second
    if places[str(upper.entity)] > places[str(lower.entity)]:
        upper, lower = lower, upper
    mark = relation.about.mark
    lines = [*Line(text=_words(relation), size=9).wrapped(_RELATION_LIMIT)]
    lines.append(Line(text=f"{relation.first} : {relation.second}", size=9))
    cited = citation(relation.about)
    lines += soft(cited).wrapped(_RELATION_LIMIT) if cited else ()
    node = f"r{number}"
    tooltip = f"{relation.first} {relation.first.entity} {_words(relation)} {relation.second} {relation.second.entity}"
    drawing.node(
        node,
        shape="plain",
        style="",
        label=bar(lines, mark),
        id=f"relation-{relation.name}",
        class_=f"relation {mark}",
        tooltip=f"{tooltip} · {mark}",
    )
    line: dict[str, Value] = {"style": STYLES[mark], "penwidth": PENS[mark], "color": INK, "arrowsize": 1.1}
    ends = f"e{places[str(upper.entity)]}", f"e{places[str(lower.entity)]}"
    drawing.edge(
        ends[0], node, line, enters="bar:n", dir="both", arrowtail=_sign(upper), arrowhead="none", tooltip=tooltip
    )
    drawing.edge(
        node, ends[1], line, leaves="bar:s", dir="both", arrowtail="none", arrowhead=_sign(lower), tooltip=tooltip
    )


def _sign(end: End) -> str:
    return _SIGNS[end.least > 0, end.most == 1]


def _words(relation: Relation) -> str:
    return relation.means or _plain(relation.name)


def _plain(name: str) -> str:
    return name.replace("_", " ")
