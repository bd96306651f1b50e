"""Entities and relations: what a standard speaks of, besides who takes part."""

import re

from clausework.model.about import About
from clausework.model.machine import Field
from clausework.model.standard import End, Entity, Relation
from clausework.read.about import about, bare
from clausework.read.form import Form
from clausework.read.names import Names
from clausework.read.rules import BAD_NUMBER, BAD_PHRASE, UNKNOWN_ENTITY, UNKNOWN_FIELD
from clausework.read.tree import Entries, Scalar, Tree
from clausework.read.types import read_type
from clausework.source import Name

_RELATES = re.compile(r"(?P<first>\S+) (?P<one>\S+) to (?P<second>\S+) (?P<other>\S+)")
_MANY = re.compile(r"(?P<least>\d{1,6})(?:\.\.(?P<most>\d{1,6}|\*))?")


def read_entities(names: Names, form: Form, around: About) -> None:
    for key, value in form.pairs("entities"):
        names.problems.check_name(key)
        entity = _inline(form, key, value, "entity")
        here = about(entity, key.span or entity.span, around)
        attributes = tuple(_attributes(names, entity, here))
        known = [str(each.name) for each in attributes]
        marked = [each for each in entity.texts("key") if _is_one(names, key, each, known)]
        names.entities[key] = Entity(
            name=key, means=entity.text("means") or "", about=here, attributes=attributes, key=tuple(marked)
        )


def _inline(form: Form, key: Name, value: Tree, kind: str) -> Form:
    """The element's form; a bare text stands for its one main key."""
    if isinstance(value, Scalar):
        value = Entries(((Name({"entity": "means", "relation": "relates"}[kind], key.span), value),), value.span)
    return Form(form.problems, kind, value, f"{kind} `{key}`", key.span)


def _attributes(names: Names, entity: Form, around: About) -> list[Field]:
    found = []
    for name, value in entity.pairs("attributes"):
        names.problems.check_name(name)
        text = entity.problems_text(value, name)
        type_ = read_type(names, text) if text is not None else None
        if type_ is None:
            names.problems.misread.add(name)
            continue
        found.append(Field(name=name, type=type_, default=None, about=bare(name.span or value.span, around)))
    return found


def _is_one(names: Names, entity: Name, attribute: Name, known: list[str]) -> bool:
    if attribute in known:
        return True
    names.problems.unknown(UNKNOWN_FIELD, f"`{entity}` has no attribute `{attribute}`", attribute, known)
    return False


def read_relations(names: Names, form: Form, around: About) -> None:
    """Entities have been read."""
    for key, value in form.pairs("relations"):
        names.problems.check_name(key)
        relation = _inline(form, key, value, "relation")
        text = relation.required("relates")
        ends = _ends(names, text) if text is not None else None
        if ends is not None:
            names.relations[key] = Relation(
                name=key,
                means=relation.text("means") or "",
                about=about(relation, key.span or relation.span, around),
                first=ends[0],
                second=ends[1],
            )


def _ends(names: Names, text: Name) -> tuple[End, End] | None:
    match = _RELATES.fullmatch(text)
    if match is None:
        message = "a relation says how many of which entity belong to how many of which"
        names.problems.report(BAD_PHRASE, message, text.span, "write `0..1 user to 0..* device`")
        return None
    first = _end(names, match["first"], match["one"], text)
    second = _end(names, match["second"], match["other"], text)
    return (first, second) if first is not None and second is not None else None


def _end(names: Names, many: str, entity: str, whole: Name) -> End | None:
    number = _MANY.fullmatch(many)
    least = int(number["least"]) if number else 0
    most = None if number is None or number["most"] == "*" else int(number["most"] or number["least"])
    if number is None or (most is not None and most < max(least, 1)):
        help_ = "write `1`, `0..1`, `0..*`, `1..*` or the like"
        names.problems.report(BAD_NUMBER, f"`{many}` does not say of how many", whole.span, help_)
        return None
    if entity not in names.entities:
        known = list(names.entities)
        names.problems.unknown(UNKNOWN_ENTITY, f"there is no entity `{entity}`", Name(entity, whole.span), known)
        return None
    return End(entity=names.entities[entity].name, least=least, most=most)
