"""`source`, `mark`, `level`, `note`, `title`: what every element may say of itself."""

import re
from dataclasses import replace
from typing import TypeVar

from clausework.expr.words import closest
from clausework.model.about import About, Citation, Level, Mark
from clausework.read.form import Form, Problems
from clausework.read.rules import BAD_PHRASE, UNKNOWN_KEY, WRONG_SHAPE
from clausework.read.tree import Entries, Items, Scalar, Tree
from clausework.source import Name, Span

_DOCUMENT = re.compile(
    r"(?P<document>(?:RFC|XEP|IEC|ISO|ISO/IEC|ITU-T|UPnP|TR)[- ][\w./-]+(?:-[\w.]+)*)(?:[ ,]+(?P<clause>.*))?"
)
_Word = TypeVar("_Word", Mark, Level)
_CITATION = ("document", "clause", "figure", "table", "statement", "note", "sequence")


def about(form: Form, span: Span, around: About) -> About:
    """What an element says of itself; what it doesn't is as around it, but for level, note and title."""
    source = form.tree("source")
    citation = cited(form.problems, source) if source is not None else None
    return About(
        span=span,
        source=_within(citation, around.source) if citation else around.source,
        mark=_one_of(form, "mark", Mark) or around.mark,
        level=_one_of(form, "level", Level),
        note=form.text("note") or "",
        title=form.text("title") or "",
        cited=citation is not None or around.cited,
    )


def bare(span: Span, around: About) -> About:
    """The about of an element that says nothing of itself."""
    return replace(around, span=span, level=None, note="", title="")


def cited(problems: Problems, tree: Tree) -> Citation | None:
    """`10.3.2`, `RFC 6121 A.2`, or `{clause: ..., figure: ..., table: ...}`."""
    if isinstance(tree, Scalar) and tree.text:
        return _from_text(tree.text)
    if not isinstance(tree, Entries):
        problems.report(WRONG_SHAPE, "a source is a clause, or `{clause: ..., figure: ...}`", tree.span)
        return None
    found: dict[str, tuple[str, ...]] = {}
    for key, value in tree.entries:
        if key not in _CITATION:
            problems.report(UNKNOWN_KEY, f"`{key}` has no meaning in a source", key.span, closest(key, list(_CITATION)))
            continue
        found[key] = tuple(str(text) for text in _texts(problems, value))
    first = {key: values[0] for key, values in found.items() if values}
    base = _from_text(Name(first.get("clause", "")))
    return Citation(
        document=first.get("document", base.document),
        clause=base.clause,
        figures=found.get("figure", ()),
        tables=found.get("table", ()),
        statements=found.get("statement", ()),
        note=", ".join(part for part in (first.get("sequence", ""), first.get("note", "")) if part),
    )


def _texts(problems: Problems, value: Tree) -> list[Name]:
    items = value.items if isinstance(value, Items) else (value,)
    texts = [item.text for item in items if isinstance(item, Scalar) and item.text]
    if len(texts) != len(items):
        problems.report(BAD_PHRASE, "this is a text, or a list of texts", value.span)
    return texts


def _from_text(text: Name) -> Citation:
    match = _DOCUMENT.fullmatch(text)
    if match is None:
        return Citation(clause=str(text))
    return Citation(document=match["document"], clause=match["clause"] or "")


def _within(inner: Citation, outer: Citation | None) -> Citation:
    """A figure, table or statement alone stands in the clause around it."""
    if outer is None or inner.clause or inner.document:
        return inner
    return replace(inner, document=outer.document, clause=outer.clause)


def _one_of(form: Form, key: str, kind: type[_Word]) -> _Word | None:
    text = form.text(key)
    if text is None:
        return None
    words = [str(word) for word in kind]
    if text not in words:
        form.problems.report(BAD_PHRASE, f"`{text}` is not a {key}", text.span, closest(text, words))
        return None
    return kind(str(text))
