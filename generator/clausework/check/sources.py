"""Everything comes from somewhere, and from a place that is in the contents."""

from collections.abc import Iterator

from clausework.check.rules import NO_SOURCE, UNKNOWN_CLAUSE
from clausework.diagnostics import Diagnostic
from clausework.expr.typecheck import closest
from clausework.model.about import About, Citation
from clausework.model.standard import Standard, own
from clausework.source import Span


def check_sources(standard: Standard) -> Iterator[Diagnostic]:
    for what, about, name in _declared(standard):
        if not about.cited:
            yield Diagnostic(NO_SOURCE, f"{what} `{name}` has no source", about.span, help='write `source: "CLAUSE"`')
    seen: set[tuple[str, Span]] = set()
    for about in _abouts(standard):
        for message, help_ in _unknown(standard, about.source) if about.source is not None else ():
            if (message, about.span) not in seen:
                seen.add((message, about.span))
                yield Diagnostic(UNKNOWN_CLAUSE, message, about.span, help=help_)


def _declared(standard: Standard) -> Iterator[tuple[str, About, str]]:
    for role in own(standard.roles):
        yield "role", role.about, role.name
    for definition in own(standard.types):
        yield "type", definition.about, definition.name
    for parameter in own(standard.parameters):
        yield "parameter", parameter.about, parameter.name
    for message in own(standard.messages):
        yield "message", message.about, message.name
    for flow in own(standard.flows):
        yield "flow", flow.about, flow.name
        for sequence in flow.sequences:
            yield "sequence", sequence.about, sequence.name


def _abouts(standard: Standard) -> Iterator[About]:
    """The abouts of all elements that can cite."""
    for _, about, _ in _declared(standard):
        yield about
    for connection in own(standard.connections):
        yield connection.about
    for flow in own(standard.flows):
        for decision in flow.decisions:
            yield decision.about
        for claim in flow.properties:
            yield claim.about
        for machine in flow.machines:
            yield machine.about
            yield from (state.about for state in machine.states)
            yield from (handler.about for handler in machine.handlers)


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
    for kind, numbers in (("figure", source.figures), ("table", source.tables)):
        for number in numbers:
            if (kind, number) not in entries:
                possible = sorted(each for which, each in entries if which == kind)
                yield f"the contents have no {kind} {number}", closest(number, possible)


def _below(cited: str, clauses: list[str]) -> bool:
    """An appendix or clause whose parts the contents don't list: `A` covers nothing below it, but `10.3, note` does."""
    return any(cited.startswith(f"{clause},") for clause in clauses)
