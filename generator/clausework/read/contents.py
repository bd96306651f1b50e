"""`standard.yaml`: what the standard is, its contents as printed, and what it stands on."""

from dataclasses import dataclass

from clausework.model.about import About, Mark
from clausework.model.standard import Clause
from clausework.read.about import about
from clausework.read.form import Form, Problems
from clausework.read.tree import Entries, Scalar, Tree
from clausework.source import Name


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
    for kind, key in (("clause", "clauses"), ("figure", "figures"), ("table", "tables")):
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
        omitted=str(entry.text("omitted") or ""),
    )


def _imports(form: Form) -> tuple[tuple[Name, tuple[tuple[Name, Name], ...]], ...]:
    found = []
    for name, value in form.pairs("imports"):
        roles = form.entries_of(value, f"the roles of `{name}`")
        found.append((name, tuple((theirs, ours.text) for theirs, ours in roles if isinstance(ours, Scalar))))
    return tuple(found)
