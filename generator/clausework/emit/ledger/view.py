"""A ledger in words: what all its forms say, decided once.  Templates and the text only lay it out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from clausework.emit.ledger.ledger import (
    BY_PARTS,
    KINDS,
    MISSING,
    MODELLED,
    OMITTED,
    Bound,
    Element,
    Entry,
    Gap,
    Ledger,
)
from clausework.model.about import Mark

FEW = 3
"""So many sequences, checks and tests are named; JSON names all."""

STATUS_WORDS = {
    MODELLED: "modelled",
    BY_PARTS: "by its parts",
    OMITTED: "omitted",
    MISSING: "nothing models it",
}
_RANKS = ("largest", "second largest", "third largest")
_PLURALS = {"entity": "entities", "property": "properties"}
GAPS = {
    "entry": "Entries of the contents that nothing models",
    "source": "Elements without a source",
    "sequence": "Transitions that no sequence shows",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementView:
    """`id` is an anchor; `near` its place in the standard's folder; what is generated and exercises it, a line each."""

    id: str
    kind: str
    name: str
    place: str
    near: str
    mark: str
    source: str
    generated: tuple[str, ...]
    exercised: tuple[str, ...]
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """`status` is one word for layout; `verdict` what is said.  `picture` is shown, `further` ones are only named."""

    id: str
    name: str
    title: str
    status: str
    verdict: str
    marks: str
    elements: tuple[ElementView, ...]
    picture: str
    further: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """`totals`: what, how many, and a remark; `gaps`: headline, then (what, where)."""

    title: str
    subtitle: str
    note: str
    folder: str
    totals: tuple[tuple[str, str, str], ...]
    entries: tuple[EntryView, ...]
    elements: tuple[ElementView, ...]
    gaps: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def view(ledger: Ledger) -> View:
    elements = {
        (each.kind, each.name): _element(number, each, ledger.folder) for number, each in enumerate(ledger.elements, 1)
    }
    marks = {(each.kind, each.name): each.mark for each in ledger.elements}
    return View(
        title=ledger.title,
        subtitle=f"{ledger.edition} · modelled on the standard" if ledger.edition else "modelled on the standard",
        note=ledger.note,
        folder=ledger.folder,
        totals=tuple(totals(ledger)),
        entries=tuple(_entry(each, elements, marks) for each in ledger.entries),
        elements=tuple(elements.values()),
        gaps=tuple((f"{GAPS[kind]}: {len(found)}", tuple(found)) for kind, found in _gaps(ledger.gaps).items()),
    )


def anchor(entry: str) -> str:
    return "entry-" + "".join(each if each.isalnum() or each in ".-" else "-" for each in entry)


def _element(number: int, element: Element, folder: str) -> ElementView:
    return ElementView(
        id=f"element-{number}",
        kind=element.kind,
        name=element.name,
        place=element.place,
        near=element.place.removeprefix(f"{folder}/"),
        mark=f"{element.mark}, {element.level}" if element.level else str(element.mark),
        source=element.source,
        generated=(*element.symbols, *(f"{each}.svg" for each in element.drawings)),
        exercised=tuple(exercised(element)),
        entries=tuple((each, anchor(each)) for each in element.entries),
    )


def exercised(element: Element) -> Iterator[str]:
    """What shows, exercises and names it, a line each."""
    own = element.kind == "sequence" and element.sequences == (element.name,)
    if own:
        yield "possible"
    elif element.sequences:
        yield f"shown by {few(element.sequences)}"
    if element.checks:
        yield f"in {len(element.checks)} check{'s' * (len(element.checks) != 1)}"
    if element.tests:
        yield f"named by {few(tuple(each.partition(' ')[0] for each in element.tests))}"


def few(names: tuple[str, ...]) -> str:
    more = len(names) - FEW
    return ", ".join(names[:FEW]) + (f" and {more} more" if more > 0 else "")


def _entry(
    entry: Entry, elements: Mapping[tuple[str, str], ElementView], marks: Mapping[tuple[str, str], Mark]
) -> EntryView:
    counted = Counter(marks[each] for each in entry.elements if each in marks)
    return EntryView(
        id=anchor(entry.name),
        name=entry.name,
        title=entry.title,
        status=entry.status.split()[0],
        verdict=verdict(entry),
        marks=", ".join(f"{counted[mark]} {mark}" for mark in Mark if counted[mark]),
        elements=tuple(elements[each] for each in entry.elements if each in elements),
        picture=entry.drawings[0] if entry.drawings else "",
        further=f"further: {', '.join(f'{each}.svg' for each in entry.drawings[1:])}" if entry.drawings[1:] else "",
    )


def verdict(entry: Entry) -> str:
    match entry.status:
        case "modelled":
            return count(len(entry.elements), "element")
        case "omitted":
            return f"omitted: {entry.reason}"
        case "by its parts":
            return f"by its parts: {', '.join(entry.parts)}"
    return STATUS_WORDS[entry.status]


def _gaps(gaps: Iterable[Gap]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for each in gaps:
        found.setdefault(each.kind, []).append((each.what, each.place))
    return found


def count(number: int, what: str) -> str:
    return f"{number:,} {what if number == 1 else _PLURALS.get(what, f'{what}s')}"


def totals(ledger: Ledger) -> Iterator[tuple[str, str, str]]:
    """What, how many, and a remark."""
    all_ = ledger.totals
    entries = ", ".join(f"{number} {state}" for state, number in all_.entries.items() if number)
    yield "entries", f"{sum(all_.entries.values()):,}", entries
    for kind in KINDS:
        if all_.counts[kind]:
            remark = _transitions(ledger) if kind == "transition" else ""
            yield _PLURALS.get(kind, f"{kind}s"), f"{all_.counts[kind]:,}", remark
    every = sum(all_.marks.values())
    for mark, number in all_.marks.items():
        if number:
            yield f"elements {mark}", f"{number:,}", share(number, every)
    yield "cells state x message", f"{all_.cells:,}", f"{all_.undecided:,} undecided"
    flows = all_.counts["flow"]
    if all_.explored:
        remark = f"{all_.complete} to their end" if all_.complete < all_.checks else "all to their end"
        yield "checks", f"{all_.checks:,}", remark
        yield "configurations explored", f"{all_.configurations:,}", f"{all_.steps:,} steps"
        for rank, each in zip(_RANKS, all_.largest, strict=False):
            yield f"{rank} check to its end", f"{each.configurations:,}", _told(each)
        yield "verdicts", f"{all_.verdicts:,}", f"{all_.expected:,} as they should be"
        for each in all_.large:
            what = "large check to its end" if each.complete else "large check, not to its end"
            yield what, f"{each.configurations:,}", f"{_told(each)}{_alike(each)}{_answered(each)}"
    for stand in all_.standing:
        claim = "trace inclusion checked" if stand.included else "trace inclusion not shown"
        remark = f"{claim}, over so many configurations of {count(stand.checks, 'check')}"
        yield f"{stand.flow} stands for {stand.larger}", f"{stand.configurations:,}", remark
    if all_.explored < flows:
        remark = "`clausework build` explores, and keeps what it finds"
        yield "flows not explored as they are now", f"{flows - all_.explored:,}", remark


def _told(bound: Bound) -> str:
    return f"{bound.flow}, {bound.check}: {', '.join((*bound.parties, *bound.faults))}; queues of {bound.queue}"


def _alike(bound: Bound) -> str:
    return f"; one of each that differ in names, of {bound.under_all_names:,}" if bound.under_all_names else ""


def _answered(bound: Bound) -> str:
    verdicts = f"; {bound.expected} of {count(bound.verdicts, 'verdict')} as they should be"
    return verdicts if bound.verdicts else ""


def _transitions(ledger: Ledger) -> str:
    claims = f", {ledger.totals.impossible:,} claimed to be impossible" if ledger.totals.impossible else ""
    return f"{ledger.totals.shown:,} shown by a sequence{claims}"


def share(number: int, every: int) -> str:
    """A part of all in percent; nothing that is there is 0 %, and only all of it is 100 %."""
    if number in (0, every):
        return "100 %" if number else "0 %"
    return f"{min(max(round(100 * number / every), 1), 99)} %"
