"""`vocabulary.yaml`: roles, connections, types, parameters; entities have a module of their own."""

import re
from dataclasses import replace

from clausework.expr.nodes import Literal
from clausework.expr.types import Duration, Enumeration, Text, Type
from clausework.model.about import About
from clausework.model.machine import Field
from clausework.model.standard import Connection, Parameter, Role, TypeDefinition
from clausework.read.about import about, bare
from clausework.read.entities import read_entities, read_relations
from clausework.read.form import Form
from clausework.read.names import Names
from clausework.read.rules import BAD_PHRASE, CYCLIC_IMPORT, MISSING_BRANCH, UNKNOWN_TYPE, WRONG_SHAPE
from clausework.read.tree import Entries, Items, Scalar, Tree
from clausework.read.types import literal, read_type, typed_default
from clausework.source import ConnectionName, Name, ParameterName, RoleName, TypeName


def read_vocabulary(names: Names, tree: Tree, around: About) -> None:
    """Declares all that the file has in `names`; parameters before types, as bounds name them."""
    form = Form(names.problems, "vocabulary", tree, "the vocabulary")
    inside = about(form, form.span, around)
    _read_roles(names, form, inside)
    _read_connections(names, form, inside)
    _read_parameters(names, form, inside)
    _read_types(names, form, inside)
    read_entities(names, form, inside)
    read_relations(names, form, inside)


def _inline(form: Form, key: Name, value: Tree, kind: str, called: str) -> Form:
    """The element's form; a bare text stands for its one main key."""
    main = {"type": "is", "parameter": "type", "role": "means"}[kind]
    if isinstance(value, Scalar):
        value = Entries(((Name(main, key.span), value),), value.span)
    return Form(form.problems, kind, value, called, key.span)


def _read_roles(names: Names, form: Form, around: About) -> None:
    seen: dict[str, Name] = {}
    forms: list[tuple[RoleName, Form]] = []
    for key, value in form.pairs("roles"):
        names.problems.check_name(key)
        if names.problems.first(seen, key, "roles"):
            role = _inline(form, key, value, "role", f"role `{key}`")
            parents = names.roles[key].parents if key in names.roles else ()
            name = RoleName(key, key.span)
            names.roles[key] = Role(
                name=name,
                means=role.text("means") or "",
                about=about(role, key.span or role.span, around),
                parents=parents,
                abstract=role.flag("abstract"),
            )
            forms.append((name, role))
    for name, role in forms:  # a second pass: roles may refer to later ones
        parents = tuple(parent for text in role.texts("is a") if (parent := names.role(text)) is not None)
        home_text = role.text("belongs to")
        home = names.role(home_text) if home_text else None
        before = names.roles[name]
        names.roles[name] = replace(before, parents=(*before.parents, *parents), home=home or _home(names, parents))
    for name, _ in forms:
        if _circular(names, name):
            names.problems.report(CYCLIC_IMPORT, f"role `{name}` is a kind of itself", name.span)
            names.roles[name] = replace(names.roles[name], parents=())


def _home(names: Names, parents: tuple[RoleName, ...]) -> RoleName | None:
    return next((names.roles[parent].home for parent in parents if names.roles[parent].home), None)


def _circular(names: Names, start: RoleName) -> bool:
    seen: set[str] = set()
    waiting: list[str] = list(names.roles[start].parents)
    while waiting:
        role = waiting.pop()
        if role == start:
            return True
        if role not in seen:
            seen.add(role)
            waiting.extend(names.roles[role].parents)
    return False


def _read_connections(names: Names, form: Form, around: About) -> None:
    for key, value in form.pairs("connections"):
        before = names.misread_connection
        names.problems.check_name(key)
        connection = Form(names.problems, "connection", value, f"connection `{key}`", key.span)
        text = connection.required("between")
        names.misread_connection = True
        if text is None:
            continue
        ends = [part.strip() for part in text.split(" and ")]
        if len(ends) != 2:
            names.problems.report(
                BAD_PHRASE, "a connection is between two roles", text.span, "write `client and server`"
            )
            continue
        client, server = (names.role(Name(end, text.span)) for end in ends)
        if client and server:
            names.connections[key] = Connection(
                name=ConnectionName(key, key.span),
                client=client,
                server=server,
                about=about(connection, key.span or connection.span, around),
                datagram=connection.flag("datagram"),
            )
            names.misread_connection = before


def _read_parameters(names: Names, form: Form, around: About) -> None:
    for key, value in form.pairs("parameters"):
        names.problems.check_name(key)
        parameter = _inline(form, key, value, "parameter", f"parameter `{key}`")
        text, unit = parameter.text("type"), parameter.text("unit") or ""
        type_ = read_type(names, text) if text else Duration()
        if text is None and not unit:
            names.problems.report(
                WRONG_SHAPE,
                f"parameter `{key}` has neither a type nor a unit",
                key.span,
                "write `unit: second` for a time",
            )
        if type_ is None:
            names.problems.misread.add(key)
            continue
        names.parameters[key] = Parameter(
            name=ParameterName(key, key.span),
            type=type_,
            about=about(parameter, key.span or parameter.span, around),
            means=parameter.text("means") or "",
            unit=unit,
            value=_value(names, parameter, "value", type_),
            check=_value(names, parameter, "check", type_),
        )


def _value(names: Names, form: Form, key: str, type_: Type) -> Literal | None:
    text = form.text(key)
    return literal(names, type_, text) if text is not None else None


def _read_types(names: Names, form: Form, around: About) -> None:
    waiting = {key: _inline(form, key, value, "type", f"type `{key}`") for key, value in form.pairs("types")}
    for key in waiting:
        names.problems.check_name(key)
    while waiting:  # a type may name a later one: whatever can be read is read first
        ready = [key for key, type_ in waiting.items() if not _mentions(type_, set(waiting) - {key})]
        for key in ready:
            _read_type(names, key, waiting.pop(key), around)
        if not ready:
            for key, _ in list(waiting.items()):
                names.problems.report(CYCLIC_IMPORT, f"type `{key}` contains itself", key.span)
                names.problems.misread.add(key)
                del waiting[key]


def _mentions(form: Form, others: set[Name]) -> bool:
    texts = [form.text("is") or ""]
    texts += [str(value.text) for _, value in form.pairs("columns") if isinstance(value, Scalar)]
    return any(word in others for text in texts for word in text.replace("|", " ").split())


def _read_type(names: Names, key: Name, form: Form, around: About) -> None:
    base: Type | None
    text = form.text("is")
    if text is not None:
        base = read_type(names, text)
    elif form.has("enum"):
        base = Enumeration(form.texts("enum"))
    else:
        names.problems.report(WRONG_SHAPE, f"type `{key}` says neither `is` nor `enum`", key.span)
        base = None
    pattern = form.text("pattern")
    if base is None:
        names.problems.misread.add(key)
        return
    if pattern is not None:
        base = _with_pattern(names, base, pattern)
    definition = TypeDefinition(
        name=TypeName(key, key.span),
        type=base,
        about=about(form, key.span or form.span, around),
        means=form.text("means") or "",
    )
    names.types[key] = definition
    if form.has("columns"):
        names.types[key] = _with_columns(names, form, definition)


def _with_pattern(names: Names, base: Type, pattern: Name) -> Type:
    try:
        re.compile(pattern)
    except re.error as error:
        names.problems.report(BAD_PHRASE, f"the pattern cannot be read: {error.msg}", pattern.span)
        return base
    if not isinstance(base, Text):
        names.problems.report(UNKNOWN_TYPE, "only a text has a pattern", pattern.span)
        return base
    return replace(base, pattern=str(pattern))


def _with_columns(names: Names, form: Form, definition: TypeDefinition) -> TypeDefinition:
    if not isinstance(definition.type, Enumeration):
        names.problems.report(WRONG_SHAPE, "only an enumeration has columns", form.key("columns").span)
        return definition
    columns: list[Field] = []
    for name, value in form.pairs("columns"):
        found = typed_default(names, value.text) if isinstance(value, Scalar) else None
        if found is not None:
            columns.append(
                Field(name=name, type=found[0], default=found[1], about=bare(name.span or value.span, definition.about))
            )
    rows: list[tuple[Name, tuple[Literal, ...]]] = []
    for name, value in form.pairs("rows"):
        if name not in definition.type.values:
            names.problems.unknown(
                BAD_PHRASE, f"`{name}` is not a value of `{definition.name}`", name, list(definition.type.values)
            )
            continue
        cells = _cells(names, value, columns, name)
        if cells is not None:
            rows.append((name, cells))
    for value_name in definition.type.values:
        if columns and value_name not in dict(form.pairs("rows")):
            names.problems.report(
                MISSING_BRANCH,
                f"`{value_name}` has no row",
                value_name.span,
                f"add `{value_name}: [...]` under `rows:`",
            )
    return replace(definition, columns=tuple(columns), rows=tuple(rows))


def _cells(names: Names, value: Tree, columns: list[Field], row: Name) -> tuple[Literal, ...] | None:
    if not isinstance(value, Items) or len(value.items) != len(columns):
        message = f"the row of `{row}` needs {len(columns)} values, one for each column"
        names.problems.report(WRONG_SHAPE, message, value.span)
        return None
    cells = [
        literal(names, column.type, cell.text) if isinstance(cell, Scalar) else None
        for column, cell in zip(columns, value.items, strict=True)
    ]
    return None if None in cells else tuple(cell for cell in cells if cell is not None)
