"""Standard -> diagrams: states, sequences, roles, flows; and a counterexample as a picture.

`diagrams` gives DOT text, which is committed and compared byte by byte.  `render` makes
pictures of any DOT text of ours, in a process of its own; an SVG remembers the DOT that
it was drawn from, so `is_current` tells whether it must be drawn again.

    labels      lines of text, measured (`measure`), in the closed `palette`
    document    DOT text; `Ranked` is what dot lays out, `sheet` what we lay out
    words       the author's own words; `branches`, `shorthand`, `moves`, `entries`: those of a machine
    state_diagram, sequence_diagram, trace_diagram, role_map, flow_map
    rows, columns, margins, placing, sheet, lifelines: what the three with lifelines have in common
    render, worker, svg: DOT to pictures

Why positions of our own for what has lifelines: dot cannot keep lifelines straight, frames
nested or arrows slanted.  Why label nodes in state diagrams: labels of edges overlap.

Links lead to anchors: `#state-waiting`, `#transition-7`, `#decision-name`, `#step-12`, `#message-3`,
`#role-irsp`, `#flow-login`, `#sequence-login-figure_3`, `#transitions`.  In an SVG, those
it has itself are its own (`<name>--state-waiting`); `finish_svg` can send them elsewhere.
"""

from collections.abc import Iterator

from clausework.emit.artifact import Artifact
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
from clausework.model.standard import Flow, Standard, own
from clausework.semantics.trace import Trace

__all__ = [
    "NO_GRAPHVIZ",
    "Drawn",
    "Failed",
    "Job",
    "diagrams",
    "finish_svg",
    "is_current",
    "render",
    "trace_diagram",
]


def diagrams(standard: Standard) -> Iterator[Artifact]:
    """DOT text of all that the standard declares itself, in source order.

    `flows.dot`; for each flow `<flow>-roles.dot` (if anything is said in it),
    `<flow>-<machine>.dot`, `<flow>-<sequence>.dot`; two of one name in a flow become
    `<flow>-<machine>-machine.dot` and `<flow>-<sequence>-sequence.dot`.
    """
    if own(standard.flows):
        title = f"Flows: {standard.title or standard.name}"
        yield Artifact("flows.dot", flow_map(standard, name="flows", title=title, subtitle=_subtitle(standard)))
    for flow in own(standard.flows):
        yield from _of_flow(standard, flow)


def trace_diagram(trace: Trace, *, name: str, title: str, subtitle: str, foot: str = "") -> str:
    """DOT text of a counterexample.  `name` becomes the name of the graph, `foot` a sentence under it."""
    return told_trace(trace, name=name, title=title, subtitle=subtitle, foot=foot).dot


def _of_flow(standard: Standard, flow: Flow) -> Iterator[Artifact]:
    taken = {"roles"}
    about = _subtitle(standard, flow.about)
    title = flow.title or str(flow.name)
    name = _file(flow.name, "roles")
    subtitle = f"{about} · the order of the arrows means nothing here"
    roles = role_map(standard, flow, name=name, title=f"Who says what: {title}", subtitle=subtitle)
    if roles is not None:
        yield Artifact(f"{name}.dot", roles.dot)
    for machine in flow.machines:
        name = _untaken(taken, flow.name, machine.name, "machine")
        yield Artifact(f"{name}.dot", _state_diagram(standard, flow, machine, name))
    for sequence in flow.sequences:
        name = _untaken(taken, flow.name, sequence.name, "sequence")
        yield Artifact(f"{name}.dot", _sequence_diagram(standard, flow, sequence, name))


def _state_diagram(standard: Standard, flow: Flow, machine: Machine, name: str) -> str:
    keys = f", one per {' and '.join(key.name for key in machine.keys)}" if machine.keys else ""
    title = machine.about.title or f"{flow.title or flow.name}: {machine.name}"
    subtitle = _subtitle(standard, machine.about, f"machine of role {local(machine.role)}{keys}")
    return state_diagram(machine, flow.about, name=name, title=title, subtitle=subtitle)


def _sequence_diagram(standard: Standard, flow: Flow, sequence: Sequence, name: str) -> str:
    title = sequence.about.title or f"{flow.title or flow.name}: {sequence.name}"
    what = "must not happen" if sequence.impossible else ""
    subtitle = _subtitle(standard, sequence.about, what)
    return sequence_diagram(flow, sequence, name=name, title=title, subtitle=subtitle).dot


def _subtitle(standard: Standard, about: About | None = None, what: str = "") -> str:
    source = citation(about) if about is not None else ""
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
