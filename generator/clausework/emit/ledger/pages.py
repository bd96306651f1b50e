"""A ledger as Markdown and HTML, and the page of a standard that is committed."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from clausework.emit.ledger.ledger import Ledger
from clausework.emit.ledger.view import ElementView, EntryView, View, view

_NO_PICTURES: Mapping[str, str] = MappingProxyType({})


def as_markdown(ledger: Ledger) -> str:
    shown = view(ledger)
    return _printed("ledger.md.jinja", _for_markdown(shown, lambda picture: picture))


def as_page(ledger: Ledger, remark: str, drawings: str) -> str:
    """Without places in files, so that it changes when what it says does.  `drawings`: where the pictures are."""
    shown = _for_markdown(view(ledger), lambda picture: f"{drawings}/{picture}.svg")
    return _printed("page.md.jinja", shown | {"remark": remark})


def as_html(ledger: Ledger, pictures: Mapping[str, str] = _NO_PICTURES) -> str:
    """One file that needs no other.  `pictures`: SVGs by name; those of figures are put in."""
    shown = view(ledger)
    entries = [(each, _drawn(pictures.get(each.picture, ""))) for each in shown.entries]
    return _printed("ledger.html.jinja", {"view": shown, "entries": entries})


def _drawn(picture: str) -> Markup:
    """An SVG of ours: every text in it was escaped when it was drawn."""
    return Markup(picture[picture.index("<svg") :] if "<svg" in picture else "")  # noqa: S704 - drawn by us


# -- Markdown


def _for_markdown(shown: View, address: Callable[[str], str]) -> dict[str, Any]:
    return {
        "title": escaped(shown.title),
        "folder": escaped(shown.folder),
        "subtitle": escaped(shown.subtitle),
        "note": escaped(shown.note),
        "totals": [tuple(map(escaped, row)) for row in shown.totals],
        "entries": [_entry(each, address) for each in shown.entries],
        "figures": [_entry(each, address) for each in shown.entries if each.picture],
        "elements": [_element(each) for each in shown.elements],
        "gaps": [
            (escaped(headline), [(escaped(what), escaped(place)) for what, place in found])
            for headline, found in shown.gaps
        ],
    }


def _entry(entry: EntryView, address: Callable[[str], str]) -> dict[str, Any]:
    return {
        "name": escaped(entry.name),
        "title": escaped(entry.title),
        "verdict": escaped(entry.verdict),
        "marks": escaped(entry.marks),
        "elements": [_element(each) for each in entry.elements],
        "picture": escaped(entry.picture),
        "address": address(entry.picture),
        "further": escaped(entry.further),
    }


def _element(element: ElementView) -> dict[str, str]:
    return {
        "name": f"{element.kind} {escaped(element.name)}",
        "place": escaped(element.near),
        "mark": escaped(element.mark),
        "source": escaped(element.source),
        "generated": _lines(element.generated),
        "exercised": _lines(element.exercised),
        "entries": escaped(", ".join(name for name, _ in element.entries)),
    }


def _lines(texts: Iterable[str]) -> str:
    return "<br>".join(map(escaped, texts))


_SPECIAL = str.maketrans({each: f"\\{each}" for each in "\\`*_[]|#"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"})


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, also in a table."""
    return " ".join(text.split()).translate(_SPECIAL)


def _printed(template: str, shown: Mapping[str, Any]) -> str:
    return _templates().get_template(template).render(shown).strip("\n") + "\n"


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("clausework.emit.ledger"),
        autoescape=select_autoescape(["html.jinja"]),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
