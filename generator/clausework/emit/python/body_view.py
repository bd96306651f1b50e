"""`bodies.py`: how messages look as HTTPS requests and responses, as tables that `clausework.runtime.bodies` reads.

A wire form `POST /path` is a request with a form in its body, a status (`200`) a response with XML in it, whose element
is called as `element` says, or `response`.  A field stands under the name that `at` gives it, or under its own.
"""

from clausework.emit.python.code import Brackets, Code, Prefixed, laid_out
from clausework.emit.python.headers import folder, header
from clausework.emit.python.imports import Imports, Places
from clausework.emit.python.stanza_view import defaults_of, written_as
from clausework.emit.python.types import Names, Types
from clausework.emit.python.words import identifier, quoted
from clausework.model.standard import Message, Standard


def body_messages(standard: Standard) -> list[Message]:
    return written_as(standard, "https")


def bodies(standard: Standard, names: Names, places: Places) -> dict[str, object]:
    imports = Imports(places)
    types = Types(names, imports, "bodies")
    final = imports.take("typing", "Final")
    kind = imports.take(f"{places.runtime}.bodies", "Bodies")
    listed = body_messages(standard)
    forms = Brackets("(", tuple(_form(message, types) for message in listed if not _is_response(message)))
    responses = Brackets("(", tuple(_response(message, types) for message in listed if _is_response(message)))
    lines = laid_out(Brackets(f"{kind}(", (forms, responses)), 0, f"BODIES: {final} = ")
    first = f"Messages of {standard.name} as HTTPS requests and responses."
    return {
        "header": header(standard, first, f"{folder(standard)}/messages.yaml"),
        "codec": lines,
        "imports": imports.lines(),
    }


def _is_response(message: Message) -> bool:
    return message.wire is not None and message.wire.stanza.isdigit()


def _form(message: Message, types: Types) -> Code:
    assert message.wire is not None
    method, _, path = message.wire.stanza.partition(" ")
    form = types.imports.take(f"{types.imports.places.runtime}.bodies", "Form")
    parts = (Prefixed("method=", quoted(method)), Prefixed("path=", quoted(path.strip())))
    return _table(f"{form}(", message, parts, (), types)


def _response(message: Message, types: Types) -> Code:
    assert message.wire is not None
    layout = types.imports.take(f"{types.imports.places.runtime}.stanzas", "Layout")
    names = message.wire.element or ("response",)
    tags = [f"{{{message.wire.namespace}}}{name}" if message.wire.namespace else name for name in names]
    path = Brackets("(", tuple(quoted(tag) for tag in tags[1:]))
    parts = (Prefixed("tag=", quoted(tags[0])), Prefixed("kind=", '""'), Prefixed("path=", path))
    table = _table(f"{layout}(", message, parts, (Prefixed("envelope=", "frozenset()"),), types)
    return Brackets("(", (quoted(message.wire.stanza), table))


def _table(opening: str, message: Message, parts: tuple[Code, ...], last: tuple[Code, ...], types: Types) -> Code:
    assert message.wire is not None
    place = types.imports.take(f"{types.imports.places.runtime}.stanzas", "Place")
    name = types.message(message.name)
    said = {str(field): at for field, at in message.wire.at}
    level = max(len(message.wire.element) - 1, 0)
    space = f"{{{message.wire.namespace}}}" if message.wire.namespace else ""
    places = []
    for field in message.fields:
        shape = f"{name.rpartition('.')[0]}.SHAPES[{name}][{quoted(identifier(field.name))}]"
        child = f"{space}{said.get(str(field.name), str(field.name))}"
        places.append(Brackets(f"{place}(", (quoted(identifier(field.name)), str(level), quoted(child), "None", shape)))
    defaults = Brackets("{", tuple(defaults_of(message, types)), "}")
    items = (Prefixed("message=", name), *parts, Prefixed("places=", Brackets("(", tuple(places))))
    return Brackets(opening, (*items, Prefixed("defaults=", defaults), *last))
