"""How completely a standard is modelled: its contents -> what models them -> what is generated -> what exercises it.

A value, and a pure function that makes it; and the other way round, since each element knows its entries.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clausework.emit.exports.matrix import matrix
from clausework.emit.graphviz import drawn_files
from clausework.emit.ledger.contents import Contents, entry_name
from clausework.emit.ledger.elements import Written, elements
from clausework.emit.ledger.naming import Case, naming
from clausework.emit.ledger.standing import Standing, standings
from clausework.emit.python import symbols_of
from clausework.model.about import Mark
from clausework.model.sequence import Check, Fault
from clausework.model.standard import Clause, Standard, whole_machines
from clausework.semantics.record import CheckRecord, FlowRecord

MODELLED, BY_PARTS, OMITTED, MISSING = "modelled", "by its parts", "omitted", "missing"
"""What became of an entry.  `by its parts`: a heading, all of whose subclauses are modelled or say why not."""

DECLARED = ("role", "connection", "type", "parameter", "entity", "relation", "message", "flow", "decision", "machine")
KINDS = (*DECLARED, "state", "transition", "sequence", "property")


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """`place` is `file:line`; `entries` are names of entries; `elsewhere` what is cited besides.

    `sequences` show it, `checks` exercise it, `tests` name it.
    """

    kind: str
    name: str
    place: str
    mark: Mark
    level: str
    source: str
    entries: tuple[str, ...]
    symbols: tuple[str, ...]
    drawings: tuple[str, ...]
    sequences: tuple[str, ...]
    checks: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the contents.  `elements` are (kind, name); `drawings` the pictures of what stands for a figure."""

    kind: str
    name: str
    title: str
    page: str
    place: str
    mark: Mark
    status: str
    reason: str
    parts: tuple[str, ...]
    elements: tuple[tuple[str, str], ...]
    drawings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing: an `entry` has no element, an element no `source`, a transition no `sequence`."""

    kind: str
    what: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """How far a check was explored: `parties` as `alice (user)`, `faults` as written, `queue` how long they are.

    `under_all_names`: how many there are, where of those that differ in names one was looked at; else 0.
    """

    flow: str
    check: str
    configurations: int
    depth: int
    complete: bool
    expected: int
    verdicts: int
    queue: int
    parties: tuple[str, ...]
    faults: tuple[str, ...]
    under_all_names: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """`marks`: so many elements by mark.  `cells` of all matrices, `undecided` those of them that nobody vouches for.

    Of the transitions, so many are `shown` by a sequence, and so many claim that something is `impossible`.
    `explored` flows have been explored as they are now; the numbers of configurations and so on are theirs.
    `largest`: the checks with most configurations, the largest first; the `large` ones stand by themselves.
    """

    counts: Mapping[str, int]
    marks: Mapping[Mark, int]
    entries: Mapping[str, int]
    shown: int
    impossible: int
    cells: int
    undecided: int
    explored: int
    checks: int
    complete: int
    configurations: int
    steps: int
    expected: int
    verdicts: int
    largest: tuple[Bound, ...]
    standing: tuple[Standing, ...]
    large: tuple[Bound, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """`note`: what is to be known of the standard before anything else."""

    name: str
    folder: str
    title: str
    edition: str
    note: str
    entries: tuple[Entry, ...]
    elements: tuple[Element, ...]
    gaps: tuple[Gap, ...]
    totals: Totals


def ledger(standard: Standard, records: Iterable[FlowRecord], tests: Sequence[Case] = ()) -> Ledger:
    """`records` of flows as they are now; what is not in them is neither shown nor exercised."""
    known = tuple(records)
    contents = Contents(standard)
    drawn = drawn_files(standard)
    written = tuple(elements(standard, symbols_of(standard), drawn))
    found = _elements(written, contents, known, naming(standard, written, tests))
    entries = tuple(_entry(each, contents, found, drawn) for each in standard.clauses)
    entries = _by_parts(entries)
    return Ledger(
        name=str(standard.name),
        folder=standard.folder,
        title=standard.title,
        edition=standard.edition,
        note=standard.about.note,
        entries=entries,
        elements=found,
        gaps=tuple(_gaps(entries, written, found)),
        totals=_totals(standard, entries, written, found, known),
    )


# -- elements


def _elements(
    written: tuple[Written, ...], contents: Contents, records: tuple[FlowRecord, ...], tests: list[tuple[str, ...]]
) -> tuple[Element, ...]:
    shows = [(f"{flow.flow}.{each.sequence}", each.shows) for flow in records for each in flow.sequences]
    exercises = [(f"{flow.flow}.{each.check}", each.exercised) for flow in records for each in flow.checks]
    possible = {f"{flow.flow}.{each.sequence}" for flow in records for each in flow.sequences if each.possible}
    checks = {flow.flow: tuple(f"{flow.flow}.{each.check}" for each in flow.checks) for flow in records}
    return tuple(
        Element(
            kind=each.kind,
            name=each.name,
            place=_place(each),
            mark=each.about.mark,
            level=str(each.about.level or ""),
            source="; ".join(dict.fromkeys(str(citation) for citation in each.citations)),
            entries=contents.meant(each.citations, each.kind),
            symbols=each.symbols,
            drawings=each.drawn,
            sequences=tuple(name for name, shown in shows if _is_shown(each, name, shown) and name in possible),
            checks=tuple(name for name, taken in exercises if taken & each.transitions)
            or (checks.get(each.flow, ()) if each.kind in {"sequence", "property"} else ()),
            tests=named,
        )
        for each, named in zip(written, tests, strict=True)
    )


def _is_shown(each: Written, sequence: str, shown: frozenset[str]) -> bool:
    """By the transitions that exercise it; a sequence also by itself, a flow by its own ones."""
    own = each.kind == "sequence" and each.name == sequence
    inside = each.kind == "flow" and sequence.rpartition(".")[0] == each.name
    return own or inside or bool(shown & each.transitions)


def _place(each: Written) -> str:
    span = each.about.span
    return f"{span.source.path}:{span.start.line}"


# -- entries


def _entry(
    entry: Clause, contents: Contents, found: tuple[Element, ...], drawn: Mapping[tuple[str, ...], tuple[str, ...]]
) -> Entry:
    name = entry_name(entry)
    mine = tuple((each.kind, each.name) for each in found if name in each.entries)
    pictures = list(drawn.get(("figure", entry.number), ())) if entry.kind == "figure" else []
    pictures += _pictured(entry, [each for each in found if name in each.entries])
    span = entry.about.span
    return Entry(
        kind=entry.kind,
        name=name,
        title=entry.title,
        page=entry.page,
        place=f"{span.source.path}:{span.start.line}",
        mark=entry.about.mark,
        status=MODELLED if mine else OMITTED if entry.omitted else MISSING,
        reason=entry.omitted,
        parts=contents.parts(name),
        elements=mine,
        drawings=tuple(dict.fromkeys(pictures)),
    )


def _pictured(entry: Clause, found: list[Element]) -> Iterator[str]:
    """For a figure its sequences, the one first that is called after it; or if none cites it, its machines."""
    for kind in ("sequence", "machine") if entry.kind == "figure" else ():
        drawn = [each for each in found if each.kind == kind and each.drawings]
        if drawn:
            drawn.sort(key=lambda each: not each.name.endswith(f".figure_{entry.number.lower()}"))
            yield from (picture for each in drawn for picture in each.drawings)
            return


def _by_parts(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Headings, from the innermost outwards."""
    by_name = {each.name: each for each in entries}
    for each in sorted(entries, key=lambda entry: -len(entry.name.split("."))):
        states = {by_name[part].status for part in each.parts}
        if each.status == MISSING and states and MISSING not in states and states != {OMITTED}:
            by_name[each.name] = replace(each, status=BY_PARTS)
    return tuple(by_name[each.name] for each in entries)


# -- what is missing, and how much there is


def _gaps(entries: tuple[Entry, ...], written: tuple[Written, ...], found: tuple[Element, ...]) -> Iterator[Gap]:
    yield from (Gap("entry", f"{each.name} {each.title}", each.place) for each in entries if each.status == MISSING)
    for each, element in zip(written, found, strict=True):
        if not each.about.cited:
            yield Gap("source", f"{each.kind} {each.name}", element.place)
    for each, element in zip(written, found, strict=True):
        if each.kind == "transition" and not each.silent and not element.sequences:
            yield Gap("sequence", each.name, element.place)


def _totals(
    standard: Standard,
    entries: tuple[Entry, ...],
    written: tuple[Written, ...],
    found: tuple[Element, ...],
    records: tuple[FlowRecord, ...],
) -> Totals:
    counts = Counter(each.kind for each in found)
    marks = Counter(each.mark for each in found)
    states = Counter(each.status for each in entries)
    checks = [each for flow in records for each in flow.checks]
    cells, undecided = _cells(standard, {name for each in checks if each.complete for name in each.exercised})
    return Totals(
        counts={kind: counts[kind] for kind in KINDS},
        marks={mark: marks[mark] for mark in Mark},
        entries={state: states[state] for state in (MODELLED, BY_PARTS, OMITTED, MISSING)},
        shown=sum(bool(each.sequences) for each in found if each.kind == "transition"),
        impossible=sum(each.silent for each in written if each.kind == "transition"),
        cells=cells,
        undecided=undecided,
        explored=sum(bool(flow.checks) for flow in records),
        checks=len(checks),
        complete=sum(each.complete for each in checks),
        configurations=sum(each.configurations for each in checks),
        steps=sum(each.steps for each in checks),
        expected=sum(each.expected for each in checks),
        verdicts=sum(each.verdicts for each in checks),
        largest=tuple(_largest(standard, records)),
        standing=tuple(standings(records)),
        large=tuple(_large(standard, records)),
    )


MOST_BOUNDS = 3
"""So many of the largest checks are told of."""


def _largest(standard: Standard, records: tuple[FlowRecord, ...]) -> Iterator[Bound]:
    """Of each flow its largest check, those with most configurations."""
    declared = {(str(flow.name), str(each.name)): each for flow in standard.flows for each in flow.checks}
    largest = [
        (max(complete, key=lambda check: check.configurations), flow.flow)
        for flow in records
        if (complete := [each for each in flow.checks if each.complete and (flow.flow, each.check) in declared])
    ]
    for found, flow in sorted(largest, key=lambda each: -each[0].configurations)[:MOST_BOUNDS]:
        yield _bound(declared[flow, found.check], flow, found)


def _large(standard: Standard, records: tuple[FlowRecord, ...]) -> Iterator[Bound]:
    """In source order."""
    known = {(flow.flow, each.check): each for flow in records for each in flow.large_checks}
    for flow in standard.flows:
        for check in flow.large_checks:
            found = known.get((str(flow.name), str(check.name)))
            if found is not None:
                yield _bound(check, str(flow.name), found)


def _bound(check: Check, flow: str, found: CheckRecord) -> Bound:
    return Bound(
        flow=flow,
        check=found.check,
        configurations=found.configurations,
        depth=found.depth,
        complete=found.complete,
        expected=found.expected,
        verdicts=found.verdicts,
        queue=check.queue,
        under_all_names=found.under_all_names,
        parties=tuple(f"{each.name} ({each.role.rpartition('.')[2]})" for each in check.parties),
        faults=tuple(_fault(each) for each in check.faults),
    )


def _fault(fault: Fault) -> str:
    about = fault.subject or (f"of {fault.message.rpartition('.')[2]}" if fault.message is not None else "")
    return " ".join(word for word in (fault.kind, about, fault.often) if word)


def _cells(standard: Standard, exercised: set[str]) -> tuple[int, int]:
    """State x message, and how many of those cells nobody decided.

    A cell that says `impossible` is a claim: it counts as decided once a check of the machine has been explored to its
    end.
    """
    tested = {name.partition(" ")[0] for name in exercised}
    every = undecided = 0
    for machine in whole_machines(standard):
        known = f"{machine.flow}.{machine.name}" in tested
        for cell in (cell for row in matrix(standard, machine).cells for cell in row):
            every += 1
            claimed = any(way.disposition == "impossible" for way in cell.ways)
            undecided += not cell.ways or (claimed and not known)
    return every, undecided


# -- a part of it


def narrowed(whole: Ledger, what: Sequence[str]) -> Ledger:
    """Only the entries and elements that are meant, what models those entries, and what is missing there.

    The totals stay those of the whole.
    """
    entries = [each for each in whole.entries if any(_is_entry(each, one) for one in what)]
    chosen = {(each.kind, each.name) for each in whole.elements if any(_is_element(each, one) for one in what)}
    near = [replace(each, elements=tuple(one for one in each.elements if one in chosen)) for each in whole.entries]
    names = {each.name for each in entries}
    entries += [each for each in near if each.elements and each.name not in names]
    order = {each.name: number for number, each in enumerate(whole.entries)}
    entries.sort(key=lambda each: order[each.name])
    kept = chosen | {one for each in entries for one in each.elements}
    elements = tuple(each for each in whole.elements if (each.kind, each.name) in kept)
    places = {each.place for each in elements} | {each.place for each in entries}
    gaps = tuple(each for each in whole.gaps if each.place in places)
    return replace(whole, entries=tuple(entries), elements=elements, gaps=gaps)


def nothing_called(whole: Ledger, what: str) -> bool:
    return not any(_is_entry(each, what) for each in whole.entries) and not any(
        _is_element(each, what) for each in whole.elements
    )


def _is_entry(entry: Entry, what: str) -> bool:
    return entry.name.lower() == what.lower() or (entry.kind == "clause" and entry.name.startswith(f"{what}."))


def _is_element(element: Element, what: str) -> bool:
    return what in {element.name, element.place, element.place.rpartition(":")[0], *element.symbols}
