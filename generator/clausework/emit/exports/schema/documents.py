"""Schemas of `standard.yaml`, `vocabulary.yaml` and `messages.yaml`."""

from clausework.emit.exports.schema.shapes import (
    FLAG,
    NAME,
    NAME_PATTERN,
    QUALIFIED_PATTERN,
    TEXT,
    TEXTS,
    Schema,
    anything,
    element,
    mapping,
)

QUALIFIED: Schema = {"type": "string", "pattern": f"^{QUALIFIED_PATTERN}$"}
_ROLES: Schema = {"anyOf": [QUALIFIED, {"type": "array", "items": QUALIFIED}]}


def standard_file() -> Schema:
    clause = {"anyOf": [TEXT, element("clause", _entry(), required=("title",))]}
    shapes = {
        "standard": NAME,
        "title": TEXT,
        "edition": TEXT,
        "imports": mapping(mapping(QUALIFIED)),
        "clauses": anything(clause),
        "figures": anything(clause),
        "tables": anything(clause),
        "statements": anything(clause),
    }
    return element("standard", shapes, required=("standard", "title", "edition"))


def _entry() -> dict[str, Schema]:
    return {"page": TEXT, "omitted": TEXT, "clause": TEXT, "shows": {"enum": ["flows"]}}


def vocabulary() -> Schema:
    shapes = {
        "vocabulary": NAME,
        "roles": mapping({"anyOf": [TEXT, _role()]}),
        "connections": mapping(_connection()),
        "types": mapping({"anyOf": [TEXT, _type()]}),
        "parameters": mapping({"anyOf": [TEXT, _parameter()]}),
        "entities": mapping({"anyOf": [TEXT, _entity()]}),
        "relations": mapping({"anyOf": [TEXT, _relation()]}),
    }
    return element("vocabulary", shapes)


def _entity() -> Schema:
    return element("entity", {"means": TEXT, "attributes": mapping(TEXT), "key": TEXTS})


def _relation() -> Schema:
    return element("relation", {"relates": TEXT, "means": TEXT}, required=("relates",))


def _role() -> Schema:
    return element("role", {"means": TEXT, "is a": _ROLES, "abstract": FLAG, "belongs to": QUALIFIED})


def _connection() -> Schema:
    between = {"type": "string", "pattern": f"^{QUALIFIED_PATTERN} and {QUALIFIED_PATTERN}$"}
    return element("connection", {"between": between, "datagram": FLAG}, required=("between",))


def _type() -> Schema:
    shapes = {
        "is": TEXT,
        "enum": TEXTS,
        "pattern": TEXT,
        "columns": mapping(TEXT),
        "rows": anything({"type": "array", "items": TEXT}),
        "means": TEXT,
    }
    return element("type", shapes, anyOf=[{"required": ["is"]}, {"required": ["enum"]}])


def _parameter() -> Schema:
    shapes = {"type": TEXT, "unit": proposed_units(), "means": TEXT, "value": TEXT, "check": TEXT}
    return element("parameter", shapes, anyOf=[{"required": ["type"]}, {"required": ["unit"]}])


def proposed_units() -> Schema:
    return TEXT | {"examples": ["second"]}


def messages() -> Schema:
    return element("messages", {"messages": mapping(_message())}, required=("messages",))


def _message() -> Schema:
    side = {"type": "string", "pattern": f"^{QUALIFIED_PATTERN}( or {QUALIFIED_PATTERN})*$"}
    shapes = {
        "between": {"type": "array", "items": side, "minItems": 2, "maxItems": 2},
        "from": _ROLES,
        "to": _ROLES,
        "fields": mapping(TEXT),
        "wire": _wire(),
        "answers": QUALIFIED,
        "provisional": FLAG,
        "abstract": FLAG,
        "is a": QUALIFIED,
        "over": QUALIFIED,
    }
    known = [["between"], ["from", "to"], ["answers"], ["is a"]]
    return element("message", shapes, anyOf=[{"required": keys} for keys in known])


def _wire() -> Schema:
    shapes = {
        "xmpp": {"enum": ["message", "presence", "iq", "stream", "element"]},
        "https": TEXT,
        "type": TEXT,
        "element": TEXT,
        "namespace": TEXT,
        "at": mapping(TEXT, keys=NAME_PATTERN),
    }
    return element("wire", shapes, oneOf=[{"required": ["xmpp"]}, {"required": ["https"]}])
