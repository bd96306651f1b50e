"""`standard.yaml`: what the standard is, its contents as printed, and what it stands on."""

from dataclasses import dataclass

from clausework.model.about import About, Mark
from clausework.model.standard import Clause
from clausework.read.about import about
from clausework.read.form import Form, Problems
from clausework.read.rules import BAD_PHRASE, WRONG_SHAPE
from clausework.read.tree import Entries, Scalar, Tree
from clausework.source import Name

SHOWN = ("flows",)
"""What is drawn of a whole standard, and may be the picture for one of its figures."""


@dataclass(frozen=True, slots=True)
class Head:
    """`imports`: (standard's name, ((their role, our role), ...))."""

    name: Name
    title: str
    edition: str
    about: About
    clauses: tuple[Clause, ...]
    imports: tuple[tuple[Name, tuple[tuple[Name, Name], ...]], ...]


def read_head(problems: Problems, tree: Tree) -> Head | None:
    form = Form(problems, "standard", tree, "the standard")
    name = form.required("standard")
    title, edition = form.required("title"), form.required("edition")
    if name is None:
        return None
    problems.check_name(name)
    here = about(form, name.span or form.span, About(span=form.span, mark=Mark.INFERRED))
    clauses = []
    for kind, key in (("clause", "clauses"), ("figure", "figures"), ("table", "tables"), ("statement", "statements")):
        clauses += [_clause(form, kind, number, value, here) for number, value in form.pairs(key)]
    return Head(name, str(title or name), str(edition or ""), here, tuple(clauses), _imports(form))


def _clause(form: Form, kind: str, number: Name, value: Tree, around: About) -> Clause:
    called = f"{kind} {number}"
    if isinstance(value, Scalar):
        value = Entries(((Name("title", value.span), value),), value.span)
    entry = Form(form.problems, "clause", value, called, number.span)
    title = entry.required("title")
    return Clause(
        kind=kind,
        number=str(number),
        title=str(title or ""),
        about=about(entry, number.span or entry.span, around),
        page=str(entry.text("page") or ""),
        within=str(entry.text("clause") or ""),
        omitted=str(entry.text("omitted") or ""),
        shows=_shows(entry, kind),
    )


def _shows(entry: Form, kind: str) -> str:
    text = entry.text("shows")
    if text is None:
        return ""
    if kind != "figure":
        entry.problems.report(
            WRONG_SHAPE, f"`shows` has no meaning for a {kind}", text.span, "only a figure shows something"
        )
    elif text not in SHOWN:
        entry.problems.unknown(BAD_PHRASE, f"`{text}` is nothing that is drawn of a whole standard", text, SHOWN)
    return str(text)


def _imports(form: Form) -> tuple[tuple[Name, tuple[tuple[Name, Name], ...]], ...]:
    found = []
    for name, value in form.pairs("imports"):
        roles = form.entries_of(value, f"the roles of `{name}`")
        found.append((name, tuple((theirs, ours.text) for theirs, ours in roles if isinstance(ours, Scalar))))
    return tuple(found)
