"""A ledger for a terminal, and as JSON for scripts."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from textwrap import wrap
from typing import Any

from clausework.diagnostics.excerpt import width
from clausework.emit.ledger.ledger import Bound, Element, Entry, Ledger
from clausework.emit.ledger.view import ElementView, EntryView, view

Paint = Callable[[str, str], str]
"""A text, and what it is: `missing`, `modelled`, `omitted`, `title`, `soft`."""

_CODES = {"missing": "31", "modelled": "32", "by": "32", "omitted": "2", "title": "1", "soft": "2"}


def plain(text: str, _what: str) -> str:
    return text


def coloured(text: str, what: str) -> str:
    return f"\x1b[{_CODES[what]}m{text}\x1b[0m"


def as_text(ledger: Ledger, paint: Paint = plain, *, brief: bool = False) -> str:
    """Totals, the contents with what models them, the elements with what they are from, and what is missing.

    `brief`: without the elements.
    """
    return "".join(f"{line.rstrip()}\n" for line in _lines(ledger, paint, brief=brief))


def _lines(ledger: Ledger, paint: Paint, *, brief: bool) -> Iterator[str]:
    shown = view(ledger)
    yield paint(shown.title, "title")
    yield paint(shown.subtitle, "soft")
    if shown.note:
        yield ""
        yield from wrap(shown.note, 100)
    yield ""
    yield from _columns(shown.totals)
    yield ""
    yield paint("From the contents to what models them", "title")
    names = max((width(each.name) for each in shown.entries), default=0)
    for entry in shown.entries:
        yield from _entry(entry, names, paint, brief=brief)
    if not brief:
        yield ""
        yield paint("From the elements to where they are from", "title")
        for element in shown.elements:
            yield from _element(element, paint)
    for headline, found in shown.gaps:
        yield ""
        yield paint(headline, "missing")
        for what, place in found:
            yield f"  {what}  {paint(place, 'soft')}"
    if not shown.gaps:
        yield ""
        yield paint("Nothing is missing.", "modelled")


def _columns(rows: tuple[tuple[str, str, str], ...]) -> Iterator[str]:
    left = max(width(row[0]) for row in rows)
    middle = max(width(row[1]) for row in rows)
    for what, number, remark in rows:
        yield f"  {what}{' ' * (left - width(what))}  {number:>{middle}}  {remark}"


def _entry(entry: EntryView, names: int, paint: Paint, *, brief: bool) -> Iterator[str]:
    marks = f" ({entry.marks})" if entry.marks else ""
    space = " " * (names - width(entry.name))
    yield f"  {entry.name}{space}  {entry.title}: {paint(f'{entry.verdict}{marks}', entry.status)}"
    for each in () if brief else entry.elements:
        yield f"  {' ' * names}    {each.kind} {each.name}  {paint(f'{each.place}  {each.mark}', 'soft')}"
        for line in _more(each):
            yield f"  {' ' * names}      {paint(line, 'soft')}"


def _more(element: ElementView) -> Iterator[str]:
    if element.generated:
        yield f"-> {', '.join(element.generated)}"
    yield from element.exercised


def _element(element: ElementView, paint: Paint) -> Iterator[str]:
    entries = ", ".join(name for name, _ in element.entries)
    source = f" (cites {element.source})" if element.source and element.source != entries else ""
    yield f"  {element.place}  {element.kind} {element.name}"
    said = f"{entries or 'no entry'}{source}, {element.mark}"
    yield f"      {paint(said, 'soft')}"


# -- JSON


def as_json(ledger: Ledger) -> str:
    """All of it, nothing shortened; `schema` changes when what is there gets another meaning."""
    totals = ledger.totals
    data = {
        "schema": 1,
        "standard": ledger.name,
        "folder": ledger.folder,
        "title": ledger.title,
        "edition": ledger.edition,
        "totals": {
            "entries": dict(totals.entries),
            "elements": dict(totals.counts),
            "marks": {str(mark): number for mark, number in totals.marks.items()},
            "transitions_shown": totals.shown,
            "transitions_impossible": totals.impossible,
            "cells": totals.cells,
            "cells_undecided": totals.undecided,
            "flows_explored": totals.explored,
            "checks": totals.checks,
            "checks_complete": totals.complete,
            "configurations": totals.configurations,
            "steps": totals.steps,
            "largest_checks": [_bound_data(each) for each in totals.largest],
            "large_checks": [_bound_data(each) for each in totals.large],
            "stand_ins": [asdict(each) for each in totals.standing],
            "verdicts": totals.verdicts,
            "verdicts_expected": totals.expected,
        },
        "entries": [_entry_data(each) for each in ledger.entries],
        "elements": [_element_data(each) for each in ledger.elements],
        "gaps": [{"kind": each.kind, "what": each.what, "place": each.place} for each in ledger.gaps],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _bound_data(bound: Bound) -> dict[str, Any]:
    return {
        "flow": bound.flow,
        "check": bound.check,
        "configurations": bound.configurations,
        "depth": bound.depth,
        "complete": bound.complete,
        "verdicts": bound.verdicts,
        "verdicts_expected": bound.expected,
        "queue": bound.queue,
        **({"under_all_names": bound.under_all_names} if bound.under_all_names else {}),
        "parties": list(bound.parties),
        "faults": list(bound.faults),
    }


def _entry_data(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "name": entry.name,
        "title": entry.title,
        "page": entry.page,
        "place": entry.place,
        "mark": str(entry.mark),
        "status": entry.status,
        "reason": entry.reason,
        "parts": list(entry.parts),
        "elements": [{"kind": kind, "name": name} for kind, name in entry.elements],
        "drawings": list(entry.drawings),
    }


def _element_data(element: Element) -> dict[str, Any]:
    return {
        "kind": element.kind,
        "name": element.name,
        "place": element.place,
        "mark": str(element.mark),
        "level": element.level,
        "source": element.source,
        "entries": list(element.entries),
        "symbols": list(element.symbols),
        "drawings": list(element.drawings),
        "sequences": list(element.sequences),
        "checks": list(element.checks),
        "tests": list(element.tests),
    }
