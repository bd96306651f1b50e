"""Everything comes from somewhere, and from a place that is in the contents."""

from collections.abc import Iterator

from clausework.check.rules import NO_SOURCE, UNKNOWN_CLAUSE
from clausework.diagnostics import Diagnostic
from clausework.expr.words import closest
from clausework.model.about import About, Citation
from clausework.model.standard import Flow, Standard, own


def check_sources(standard: Standard) -> Iterator[Diagnostic]:
    for what, about, name in _declared(standard):
        if not about.cited:
            yield Diagnostic(NO_SOURCE, f"{what} `{name}` has no source", about.span, help='write `source: "CLAUSE"`')
    clauses = [entry.number for entry in standard.clauses if entry.kind == "clause"]
    for entry in standard.clauses:
        if entry.within and entry.within not in clauses:
            message = f"the contents have no clause {entry.within}, where {entry.kind} {entry.number} would stand"
            yield Diagnostic(UNKNOWN_CLAUSE, message, entry.about.span, help=closest(entry.within, sorted(clauses)))
    for about in _abouts(standard):
        for message, help_ in _unknown(standard, about.source) if about.source is not None else ():
            yield Diagnostic(UNKNOWN_CLAUSE, message, about.span, help=help_)


def _declared(standard: Standard) -> Iterator[tuple[str, About, str]]:
    for role in own(standard.roles):
        yield "role", role.about, role.name
    for definition in own(standard.types):
        yield "type", definition.about, definition.name
    for parameter in own(standard.parameters):
        yield "parameter", parameter.about, parameter.name
    for entity in standard.entities:
        yield "entity", entity.about, entity.name
    for relation in standard.relations:
        yield "relation", relation.about, relation.name
    for message in own(standard.messages):
        yield "message", message.about, message.name
    for flow in own(standard.flows):
        yield "flow", flow.about, flow.name
        for sequence in flow.sequences:
            yield "sequence", sequence.about, sequence.name


def _abouts(standard: Standard) -> Iterator[About]:
    """The abouts of all elements that cite; of what has its source from the flow around it, only the flow's."""
    yield from (about for what, about, _ in _declared(standard) if what not in {"flow", "sequence"})
    yield from (each.about for each in own(standard.connections))
    for flow in own(standard.flows):
        yield flow.about
        seen = {flow.about.source}
        for around, inside in _in_flow(flow):
            if around.source not in seen:
                yield around
            yield from (each for each in inside if each.source not in {*seen, around.source})


def _in_flow(flow: Flow) -> Iterator[tuple[About, list[About]]]:
    """Each part of a flow, with what stands in it."""
    yield from ((each.about, []) for each in flow.decisions)
    yield from ((each.about, []) for each in flow.properties)
    yield from ((each.about, []) for each in flow.sequences)
    for machine in flow.machines:
        states = [each.about for each in machine.states]
        yield machine.about, [*states, *(each.about for each in machine.handlers)]


def _unknown(standard: Standard, source: Citation) -> Iterator[tuple[str, str | None]]:
    entries = {(each.kind, each.number) for each in standard.clauses}
    clauses = [number for kind, number in entries if kind == "clause"]
    documents = {number.rpartition(" ")[0] for number in clauses if " " in number}
    cited = " ".join(part for part in (source.document, source.clause) if part)
    ours = not source.document or source.document in documents
    if ours and source.clause and clauses and cited not in clauses and not _below(cited, clauses):
        yield f"the contents have no clause {cited}", closest(cited, sorted(clauses))
    if source.document and source.document not in documents:
        return
    for kind, numbers in (("figure", source.figures), ("table", source.tables), ("statement", source.statements)):
        for number in numbers:
            if (kind, number) not in entries:
                possible = sorted(each for which, each in entries if which == kind)
                yield f"the contents have no {kind} {number}", closest(number, possible)


def _below(cited: str, clauses: list[str]) -> bool:
    """An appendix or clause whose parts the contents don't list: `A` covers nothing below it, but `10.3, note` does."""
    return any(cited.startswith(f"{clause},") for clause in clauses)
