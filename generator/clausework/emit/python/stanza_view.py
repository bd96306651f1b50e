"""`stanzas.py`: how messages look as XMPP stanzas, as a table that `clausework.runtime.stanzas` reads."""

from collections.abc import Iterator
from dataclasses import dataclass

from clausework.emit.python.code import Brackets, Code, Prefixed, laid_out
from clausework.emit.python.headers import folder, header
from clausework.emit.python.imports import Imports, Places
from clausework.emit.python.types import Names, Types
from clausework.emit.python.words import identifier, quoted
from clausework.expr.types import ListOf, MessageOf, SetOf, Type, plain, required
from clausework.model.machine import Field
from clausework.model.standard import Message, Standard, Wire, own

_CLIENT = "jabber:client"
_STREAM = "http://etherx.jabber.org/streams"
_ENVELOPE = ("from", "to", "id")


def stanza_messages(standard: Standard) -> list[Message]:
    """The messages that have a stanza, and whose fields can all be written in one."""
    return [
        message
        for message in written_as(standard, "xmpp")
        if all(message.wire and _place(message.wire, field) is not None for field in message.fields)
    ]


def written_as(standard: Standard, form: str) -> list[Message]:
    """The messages of a wire form whose fields can all be written as texts."""
    return [
        message
        for message in own(standard.messages)
        if message.wire is not None
        and message.wire.form == form
        and not message.abstract
        and all(_flat(field.type) for field in message.fields)
    ]


def _flat(type_: Type) -> bool:
    bare = plain(required(type_))
    if isinstance(bare, ListOf | SetOf):
        return not isinstance(plain(required(bare.item)), ListOf | SetOf | MessageOf)
    return not isinstance(bare, MessageOf)


def stanzas(standard: Standard, names: Names, places: Places) -> dict[str, object]:
    imports = Imports(places)
    types = Types(names, imports, "stanzas")
    layouts = tuple(_layout(message, types) for message in stanza_messages(standard))
    final = imports.take("typing", "Final")
    codec = imports.take(f"{places.runtime}.stanzas", "Codec")
    lines = laid_out(Brackets(f"{codec}(", (Brackets("(", layouts),)), 0, f"CODEC: {final} = ")
    return {
        "header": header(
            standard, f"Messages of {standard.name} as XMPP stanzas.", f"{folder(standard)}/messages.yaml"
        ),
        "codec": lines,
        "imports": imports.lines(),
    }


@dataclass(frozen=True, slots=True)
class _Place:
    level: int
    child: str | None
    attribute: str | None


def _layout(message: Message, types: Types) -> Code:
    wire = message.wire
    assert wire is not None
    module = f"{types.imports.places.runtime}.stanzas"
    layout, place = types.imports.take(module, "Layout"), types.imports.take(module, "Place")
    name = types.message(message.name)
    shapes = f"{name.rpartition('.')[0]}.SHAPES[{name}]"
    tags = _tags(wire)
    places = []
    for field in message.fields:
        at = _place(wire, field)
        assert at is not None
        shape = f"{shapes}[{quoted(identifier(field.name))}]"
        items = (quoted(identifier(field.name)), str(at.level), _word(at.child), _word(at.attribute), shape)
        places.append(Brackets(f"{place}(", items))
    return Brackets(
        f"{layout}(",
        (
            Prefixed("message=", name),
            Prefixed("tag=", quoted(tags[0])),
            Prefixed("kind=", quoted(message.name.rpartition(".")[2] if wire.kind == "name" else wire.kind)),
            Prefixed("path=", Brackets("(", tuple(quoted(tag) for tag in tags[1:]))),
            Prefixed("places=", Brackets("(", tuple(places))),
            Prefixed("defaults=", Brackets("{", tuple(defaults_of(message, types)), "}")),
        ),
    )


def defaults_of(message: Message, types: Types) -> Iterator[Code]:
    for field in message.fields:
        if field.default is not None:
            yield f"{quoted(identifier(field.name))}: {types.value(field.default.value, field.type)}"


def _word(text: str | None) -> str:
    return "None" if text is None else quoted(text)


def _tags(wire: Wire) -> list[str]:
    """The stanza's tag, then those of the elements in it.  In a stream, the first element is itself the outermost."""
    inner = [f"{{{wire.namespace}}}{name}" if wire.namespace else f"{{{_CLIENT}}}{name}" for name in wire.element]
    if wire.stanza in ("stream", "element"):
        return inner or [f"{{{_STREAM}}}stream"]
    return [f"{{{_CLIENT}}}{wire.stanza}", *inner]


def _place(wire: Wire, field: Field) -> _Place | None:
    """Where a field is: as `at` says; `from`, `to` and `id` on the stanza; any other in a child of its name.

    None if a place is given that a list cannot have.
    """
    tags = _tags(wire)
    last = len(tags) - 1
    default = f"@{field.name}" if field.name in _ENVELOPE else str(field.name)
    text = dict(wire.at).get(field.name, default)
    many = isinstance(plain(required(field.type)), ListOf | SetOf)
    path, found, attribute = text.rpartition("@")
    path = path.strip("/")
    if not found:
        path, attribute = text, ""
    if path in ("", "."):
        where = _Place(0 if attribute else last, None, attribute or None)
    elif path in wire.element:
        offset = 0 if wire.stanza in ("stream", "element") else 1
        where = _Place(wire.element.index(path) + offset, None, attribute or None)
    else:
        where = _Place(last, f"{{{wire.namespace or _CLIENT}}}{path}", attribute or None)
    return None if many and where.child is None else where
