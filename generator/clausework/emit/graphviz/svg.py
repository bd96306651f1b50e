"""What Graphviz cannot put into an SVG: a title and a description, dark colours, tooltips, ids that may share a page.

An SVG carries the hash of the DOT that it was drawn from.  Layouts differ a little
between versions of Graphviz, so it is drawn again only when its DOT has changed.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

from clausework.emit.graphviz.palette import DARK

_HASH: Final = "data-dot-sha256"
_OWN_IDS: Final = re.compile(r' id="(?:graph|node|edge|clust|a_node|a_edge|a_clust)\d+(?:_\d+)?"')
_DASHES: Final = (('"5,2"', '"6,4"'), ('"1,5"', '"1.2,3.2"'))
"""Graphviz's are nearly solid on a phone, and other than in its PDF."""

_NO_LINKS: Final[Mapping[str, str]] = {}


def finish_svg(svg: str, *, name: str, dot: str, links: Mapping[str, str] = _NO_LINKS, language: str = "en") -> str:
    """`name` becomes the SVG's id and the prefix of all ids in it.

    A link within the diagram (`#state-waiting`) leads to the element of the same id in this
    SVG; `links` sends it elsewhere: anchor, without `#`, -> address.
    """
    identity = re.sub(r"[^\w.-]", "-", name)
    head, body = svg[svg.index("<svg") :].split(">", 1)
    body = re.sub(r"<!--.*?-->\n?", "", body, flags=re.DOTALL)
    body = re.sub(r"<title>[^<]*</title>\n?", "", body)  # `a->b` says nothing to a reader
    body = body.replace("&#45;", "-").replace(' xml:space="preserve"', "")
    for theirs, ours in _DASHES:
        body = body.replace(f"stroke-dasharray={theirs}", f"stroke-dasharray={ours}")
    body = _with_ids(_OWN_IDS.sub("", body), identity)
    body = _with_links(body, identity, links)
    title, description = told(dot)
    opening = (
        f'{head} id="{identity}" role="img" aria-labelledby="{identity}--title {identity}--description" '
        f'xml:lang="{language}" {_HASH}="{_hash(dot)}">'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}\n<title id="{identity}--title">{escape(title)}</title>\n'
        f'<desc id="{identity}--description">{escape(description)}</desc>\n{_style(identity)}{body}'
    )


def is_current(svg: str, dot: str) -> bool:
    """Whether an SVG, finished before, was drawn from this very DOT."""
    return f'{_HASH}="{_hash(dot)}"' in svg[:2000]


def told(dot: str) -> tuple[str, str]:
    """Title and description, as the DOT carries them."""
    return _attribute(dot, "title"), _attribute(dot, "description")


def _attribute(dot: str, name: str) -> str:
    found = re.search(rf'\b{name}=(?:"((?:[^"\\]|\\.)*)"|([\w.-]+))', dot)
    if found is None:
        return ""
    return found[2] or re.sub(r"\\(.)", r"\1", found[1] or "")


def _hash(dot: str) -> str:
    return hashlib.sha256(dot.encode("utf-8")).hexdigest()


def _with_ids(body: str, identity: str) -> str:
    """Ids made unique on a page.  Graphviz writes `a_` before the id of what is a link; if the link is of a cell
    that has an id, that is the only place where it stands."""
    given = set(re.findall(r' id="(?!a_)([^"]+)"', body))

    def renamed(found: re.Match[str]) -> str:
        inner = found[1].removeprefix("a_")
        if found[1] == inner:
            return f' id="{identity}--{inner}"'
        of_another = inner in given or re.sub(r"_\d+$", "", inner) in given
        return "" if of_another or re.search(r"_\d+$", inner) else f' id="{identity}--{inner}"'

    return re.sub(r' id="([^"]+)"', renamed, body)


def _with_links(body: str, identity: str, links: Mapping[str, str]) -> str:
    """`<a href>` with a title inside, which browsers show, in place of xlink's attributes."""
    here = set(re.findall(rf' id="{re.escape(identity)}--([^"]+)"', body))

    def address(href: str) -> str:
        anchor = href.removeprefix("#")
        if href.startswith("#") and anchor in links:
            return escape(links[anchor], {'"': "&quot;"})
        return f"#{identity}--{anchor}" if href.startswith("#") and anchor in here else href

    def link(found: re.Match[str]) -> str:
        href = f' href="{address(found[1])}"' if found[1] is not None else ""
        return f"<a{href}>" + (f"<title>{found[2]}</title>" if found[2] is not None else "")

    return re.sub(r'<a(?: xlink:href="([^"]*)")?(?: xlink:title="([^"]*)")?>', link, body)


def _style(identity: str) -> str:
    """Dark colours by attribute selectors, so that they work in a page and in an `<img>`; paper stays white."""
    at = f"#{identity} "
    dark = "".join(
        f'{at}[{attribute}="{light}"]{{{attribute}:{instead}}}'
        for light, instead in DARK.items()
        for attribute in ("fill", "stroke")
    )
    return (
        f"<style>svg#{identity}{{max-width:100%;height:auto}}{at}a:hover text{{text-decoration:underline}}"
        f"{at}a:focus-visible *{{stroke-width:2.5}}@media screen and (prefers-color-scheme:dark){{{dark}}}</style>"
    )
