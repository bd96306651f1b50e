"""`messages.py`: what roles say to each other, as dataclasses that refuse what the standard doesn't allow."""

from collections.abc import Iterator

from clausework.emit.python.code import Brackets, Prefixed, laid_out
from clausework.emit.python.headers import element, folder, header
from clausework.emit.python.imports import Imports, Places
from clausework.emit.python.types import Names, Types
from clausework.emit.python.words import cited, clause, comment, docstring, identifier, quoted
from clausework.expr.types import (
    Bytes,
    Duration,
    Integer,
    ListOf,
    Optional,
    Party,
    Secret,
    SetOf,
    Text,
    Type,
    is_optional,
    plain,
    show_type,
)
from clausework.model.machine import Field
from clausework.model.standard import Message, Standard, own


def messages(standard: Standard, names: Names, places: Places) -> dict[str, object]:
    imports = Imports(places)
    imports.take("dataclasses", "dataclass")
    types = Types(names, imports, "messages")
    listed = [message for message in own(standard.messages) if not message.abstract]
    shown = [_message(message, types) for message in listed]
    if not listed:
        imports.names.clear()
    return {
        "header": header(standard, f"Messages of {standard.name}.", folder(standard) + "/messages.yaml"),
        "messages": shown,
        "shapes": _shapes(listed, types),
        "imports": imports.lines(),
    }


def _message(message: Message, types: Types) -> dict[str, object]:
    types.imports.take("typing", "ClassVar")
    types.imports.runtime("Message")
    directions = "; ".join(f"{sender} to {receiver}" for sender, receiver in message.directions)
    more = [f"From {directions}."]
    if message.answers:
        more.append(f"Answers `{message.answers}`{', provisionally' if message.provisional else ''}.")
    if any(isinstance(plain(each.type), Secret) for each in message.fields):
        more.append("It has a secret in it.")
    first = message.about.title or f"Message `{message.name}`."
    return {
        "name": types.names.messages[message.name],
        "doc": docstring(element(first, message.about, *more), 4),
        "wire_name": quoted(message.name),
        "clause": quoted(clause(message.about)),
        "fields": [line for each in message.fields for line in _field(each, types)],
        "checks": [line for each in message.fields for line in _checks(message, each, types)],
    }


def _field(field: Field, types: Types) -> list[str]:
    default = ""
    if field.default is not None:
        default = f" = {types.value(field.default.value, field.type)}"
    elif is_optional(field.type):
        default = " = None"
    told = comment(f"{show_type(field.type)}, {cited(field.about)}", 4)
    return [*told, f"    {identifier(field.name)}: {types.annotation(field.type)}{default}"]


def _checks(message: Message, field: Field, types: Types) -> Iterator[str]:
    """Lines of `__post_init__` for one field."""
    value = f"self.{identifier(field.name)}"
    bare = plain(field.type)
    given = f"{value} is not None and " if isinstance(bare, Optional) else ""
    inner = bare.item if isinstance(bare, Optional) else field.type
    test = _refused(value, inner, types)
    if not test:
        return
    if given and " or " in test:
        test = f"({test})"
    error = types.imports.runtime("ConstraintError")
    shown = '"..."' if isinstance(plain(inner), Secret) else value
    items = (quoted(message.name), quoted(field.name), shown, quoted(show_type(inner)), quoted(clause(message.about)))
    yield from laid_out(f"{given}{test}", 8, "if ", ":")
    yield from laid_out(Brackets(f"{error}(", items), 12, "raise ")


def _refused(value: str, type_: Type, types: Types) -> str:
    """When a value is outside its type; empty where Python's own type says it all.

    A bound that is a parameter which the standard leaves open counts with the widest value that it may have.
    """
    bare = plain(type_)
    match bare:
        case Integer(low=low, high=high):
            return f"not {types.bound(low, lowest=True)} <= {value} <= {types.bound(high)}"
        case Text(low=low, high=high, pattern=pattern):
            test = _size(value, types.bound(low, lowest=True), types.bound(high))
            if pattern is None:
                return test
            re = types.imports.take("re", "fullmatch")
            return f"{test} or not {re}({quoted(pattern)}, {value})"
        case Bytes(low=low, high=high):
            return _size(value, types.bound(low, lowest=True), types.bound(high))
        case Duration():
            return f'not 0 <= {value} < float("inf")'
        case Party():
            return f"not {value}"
        case ListOf(item=item, low=low, high=high) | SetOf(item=item, low=low, high=high):
            test = _size(value, types.bound(low, lowest=True), types.bound(high))
            inner = _refused("each", item, types)
            return f"{test} or any({inner} for each in {value})" if inner else test
    return ""


def _size(value: str, low: str, high: str) -> str:
    return f"len({value}) > {high}" if low == "0" else f"not {low} <= len({value}) <= {high}"


def _shapes(listed: list[Message], types: Types) -> list[str]:
    """How fields look in snapshots and on the wire."""
    final = types.imports.take("typing", "Final")
    kind = types.imports.runtime("Message")
    mapping = types.imports.take("collections.abc", "Mapping")
    items = []
    for message in listed:
        fields = tuple(
            Prefixed(f"{quoted(identifier(each.name))}: ", types.shape(each.type)) for each in message.fields
        )
        items.append(Prefixed(f"{types.names.messages[message.name]}: ", Brackets("{", fields, "}")))
    shape = f"{types.imports.shapes()}.Shape"
    before = f"SHAPES: {final}[{mapping}[type[{kind}], {mapping}[str, {shape}]]] = "
    return laid_out(Brackets("{", tuple(items), "}"), 0, before)
