"""Standard -> diagrams: states, sequences, roles, flows; and a counterexample as a picture.

`diagrams` gives DOT text, which is committed and compared byte by byte.  `render` makes
pictures of any DOT text of ours, in a process of its own; an SVG remembers the DOT that
it was drawn from, so `is_current` tells whether it must be drawn again.

    labels      lines of text, measured (`measure`), in the closed `palette`
    document    DOT text; `Ranked` is what dot lays out, `sheet` what we lay out
    words       the author's own words; `branches`, `shorthand`, `moves`, `entries`: those of a machine
    state_diagram, sequence_diagram, trace_diagram, role_map, flow_map, entity_map
    rows, columns, margins, placing, sheet, lifelines: what the three with lifelines have in common
    render, worker, svg: DOT to pictures

Why positions of our own for what has lifelines: dot cannot keep lifelines straight, frames
nested or arrows slanted.  Why label nodes in state diagrams: labels of edges overlap.

Links lead to anchors: `#state-waiting`, `#transition-7`, `#decision-name`, `#step-12`, `#message-3`,
`#role-irsp`, `#flow-login`, `#sequence-login-figure_3`, `#transitions`.  In an SVG, those
it has itself are its own (`<name>--state-waiting`); `finish_svg` can send them elsewhere.
"""

import re
from collections.abc import Iterator

from clausework.emit.artifact import Artifact
from clausework.emit.graphviz.entity_map import entity_map
from clausework.emit.graphviz.flow_map import flow_map
from clausework.emit.graphviz.render import NO_GRAPHVIZ, Drawn, Failed, Job, render
from clausework.emit.graphviz.role_map import role_map
from clausework.emit.graphviz.sequence_diagram import sequence_diagram
from clausework.emit.graphviz.state_diagram import state_diagram
from clausework.emit.graphviz.svg import finish_svg, is_current
from clausework.emit.graphviz.trace_diagram import told_trace
from clausework.emit.graphviz.words import citation, local
from clausework.model.about import About
from clausework.model.machine import Machine
from clausework.model.sequence import Sequence
from clausework.model.standard import Entity, Flow, Relation, Standard, own
from clausework.semantics.trace import Trace

__all__ = [
    "NO_GRAPHVIZ",
    "Drawn",
    "Failed",
    "Job",
    "diagrams",
    "drawn_files",
    "finish_svg",
    "is_current",
    "render",
    "trace_diagram",
]


def diagrams(standard: Standard) -> Iterator[Artifact]:
    """DOT text of all that the standard declares itself, in source order.

    `flows.dot`; `entities.dot`, and `figure-<number>.dot` for each figure that entities are from; for each flow
    `<flow>-roles.dot` (if anything is said in it),
    `<flow>-<machine>.dot`, `<flow>-<sequence>.dot`; two of one name in a flow become
    `<flow>-<machine>-machine.dot` and `<flow>-<sequence>-sequence.dot`.
    """
    if own(standard.flows):
        figures = ", ".join(
            f"Figure {each.number} {_quoted(each.title)}".strip() for each in standard.clauses if each.shows == "flows"
        )
        subtitle = " · ".join(part for part in (standard.title, _subtitle(standard, what=figures)) if part)
        yield Artifact(
            "flows.dot", flow_map(standard, name="flows", title="Flows, and what they need", subtitle=subtitle)
        )
    if standard.entities:
        subtitle = " · ".join(part for part in (standard.title, _subtitle(standard)) if part)
        dot = entity_map(standard.entities, standard.relations, name="entities", title="Data model", subtitle=subtitle)
        yield Artifact("entities.dot", dot)
    for number, (title, entities, relations) in _entity_figures(standard).items():
        name = _figure(number)
        subtitle = _subtitle(standard, what=f"Figure {number}")
        yield Artifact(f"{name}.dot", entity_map(entities, relations, name=name, title=title, subtitle=subtitle))
    for flow in own(standard.flows):
        yield from _of_flow(standard, flow)


def _entity_figures(standard: Standard) -> dict[str, tuple[str, tuple[Entity, ...], tuple[Relation, ...]]]:
    """The figures that entities or relations cite: title, what cites it, and the entities that those relate."""
    found = {}
    for entry in standard.clauses:
        if entry.kind == "figure":
            relations = tuple(each for each in standard.relations if _cites(each.about, entry.number))
            related = {str(end.entity) for each in relations for end in (each.first, each.second)}
            entities = tuple(
                each for each in standard.entities if each.name in related or _cites(each.about, entry.number)
            )
            if entities:
                found[entry.number] = (entry.title, entities, relations)
    return found


def _cites(about: About, figure: str) -> bool:
    return about.source is not None and not about.source.document and figure in about.source.figures


def _figure(number: str) -> str:
    return "figure-" + re.sub(r"[^a-z0-9]+", "-", number.lower())


def trace_diagram(trace: Trace, *, name: str, title: str, subtitle: str, foot: str = "", home: str = "") -> str:
    """DOT text of a counterexample.  `name` becomes the name of the graph, `foot` a sentence under it; `home` is the
    folder of the standard's own flows."""
    return told_trace(trace, name=name, title=title, subtitle=subtitle, foot=foot, home=home).dot


def drawn_files(standard: Standard) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The pictures of the elements that have one of their own, without the end of the file's name.

    By ("machine", flow, name), ("sequence", flow, name), ("entity", name), ("relation", name), and ("figure", number)
    for what is drawn for a figure besides what cites it.
    """
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for flow in own(standard.flows):
        machines, sequences = _names(flow)
        found |= {("machine", str(flow.name), name): (file,) for name, file in machines.items()}
        found |= {("sequence", str(flow.name), name): (file,) for name, file in sequences.items()}
    for entry in standard.clauses:
        if entry.shows == "flows" and own(standard.flows):
            found["figure", entry.number] = ("flows",)
    found |= {("entity", str(each.name)): ("entities",) for each in standard.entities}
    found |= {("relation", str(each.name)): ("entities",) for each in standard.relations}
    for number in _entity_figures(standard):
        found["figure", number] = (*found.get(("figure", number), ()), _figure(number))
    return found


def _names(flow: Flow) -> tuple[dict[str, str], dict[str, str]]:
    """Names of files, of machines and of sequences."""
    taken = {"roles"}
    machines = {str(each.name): _untaken(taken, flow.name, each.name, "machine") for each in flow.machines}
    return machines, {str(each.name): _untaken(taken, flow.name, each.name, "sequence") for each in flow.sequences}


def _of_flow(standard: Standard, flow: Flow) -> Iterator[Artifact]:
    machines, sequences = _names(flow)
    about = _subtitle(standard, flow.about)
    title = flow.title or str(flow.name)
    name = _file(flow.name, "roles")
    subtitle = f"{about} · the order of the arrows means nothing here"
    roles = role_map(standard, flow, name=name, title=f"Who says what: {title}", subtitle=subtitle)
    if roles is not None:
        yield Artifact(f"{name}.dot", roles.dot)
    for machine in flow.machines:
        name = machines[str(machine.name)]
        yield Artifact(f"{name}.dot", _state_diagram(standard, flow, machine, name))
    for sequence in flow.sequences:
        name = sequences[str(sequence.name)]
        yield Artifact(f"{name}.dot", _sequence_diagram(standard, flow, sequence, name))


def _state_diagram(standard: Standard, flow: Flow, machine: Machine, name: str) -> str:
    *first, last = [str(key.name) for key in machine.keys] or [""]
    keys = f", one per {' and '.join(part for part in (', '.join(first), last) if part)}" if last else ""
    title = machine.about.title or f"{flow.title or flow.name}: {machine.name}"
    about = machine.about if machine.flow == flow.name else flow.about  # one that is extended is from elsewhere
    subtitle = _subtitle(standard, about, f"machine of role {local(machine.role)}{keys}")
    return state_diagram(machine, flow.about, name=name, title=title, subtitle=subtitle)


def _sequence_diagram(standard: Standard, flow: Flow, sequence: Sequence, name: str) -> str:
    title = sequence.about.title or f"{flow.title or flow.name}: {sequence.name}"
    what = "must not happen" if sequence.impossible else ""
    subtitle = _subtitle(standard, sequence.about, what, _printed_titles(standard, flow, sequence))
    imported_first = sorted(standard.flows, key=lambda each: "." not in each.name)
    titles = {
        (local(each.name), str(other.name)): other.about.title for each in imported_first for other in each.sequences
    }
    return sequence_diagram(flow, sequence, name=name, title=title, subtitle=subtitle, titles=titles).dot


def _printed_titles(standard: Standard, flow: Flow, sequence: Sequence) -> str:
    """Those of the figures that it says it is from, so that they are known again; what must not happen is in none.

    A sequence without a source has that of its flow, the very same: of the flow's figure it may be anything.
    """
    titles = {entry.number: entry.title for entry in standard.clauses if entry.kind == "figure" and entry.title}
    source = sequence.about.source
    if source is None or source.document or sequence.impossible or source is flow.about.source:
        return ""
    return ", ".join(_quoted(titles[figure]) for figure in source.figures if figure in titles)


def _quoted(title: str) -> str:
    return f"“{title}”" if title else ""


def _subtitle(standard: Standard, about: About | None = None, what: str = "", printed: str = "") -> str:
    source = " ".join(part for part in (citation(about), printed) if part) if about is not None else ""
    is_elsewhere = about is not None and about.source is not None and bool(about.source.document)
    between = " · " if is_elsewhere else ", "  # a clause of a document named with it stands for itself
    origin = between.join(part for part in (standard.edition or standard.title, source) if part)
    return " · ".join(part for part in (origin, what, "modelled on the standard") if part)


def _untaken(taken: set[str], flow: str, part: str, kind: str) -> str:
    name = str(part) if str(part) not in taken else f"{part}-{kind}"
    taken.add(name)
    return _file(flow, name)


def _file(flow: str, part: str) -> str:
    return f"{flow}-{part}".replace("_", "-")
