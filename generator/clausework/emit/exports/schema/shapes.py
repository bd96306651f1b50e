"""The shapes that elements of a specification have, whatever they are called."""

from typing import Any

from clausework.emit.exports.schema.meanings import meaning
from clausework.model.about import Level, Mark
from clausework.model.language import KEYS

Schema = dict[str, Any]

NAME_PATTERN = "[a-z][a-z0-9_]*"
QUALIFIED_PATTERN = rf"{NAME_PATTERN}(\.{NAME_PATTERN})?"

TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""All scalars are text to the reader; to an editor `10.3` is a number and `true` a boolean."""

TEXTS: Schema = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
FLAG: Schema = {"enum": [True, False, "true", "false"]}
NAME: Schema = {"type": "string", "pattern": f"^{NAME_PATTERN}$"}
SOURCE: Schema = {
    "anyOf": [
        TEXT,
        {
            "type": "object",
            "properties": dict.fromkeys(
                ("document", "clause", "figure", "table", "statement", "note", "sequence"), TEXTS
            ),
            "additionalProperties": False,
        },
    ]
}
_ABOUT: dict[str, Schema] = {
    "source": SOURCE,
    "mark": {"enum": [str(mark) for mark in Mark]},
    "level": {"enum": [str(level) for level in Level]},
    "note": TEXT,
    "title": TEXT,
}


def about_definitions() -> dict[str, Schema]:
    """What every element may say of itself, once for the whole schema."""
    return {key: {"description": meaning("", key)} | schema for key, schema in _ABOUT.items()}


def element(kind: str, shapes: dict[str, Schema], *, required: tuple[str, ...] = (), **more: Any) -> Schema:
    """An object with the keys that the language has for this kind, each with its shape and its meaning."""
    plain = [key for key in KEYS[kind] if "*" not in key]
    schema: Schema = {
        "type": "object",
        "properties": {
            key: described(shapes[key], meaning(kind, key)) if key in shapes else reference(key) for key in plain
        },
        "additionalProperties": False,
    }
    if required:
        schema["required"] = list(required)
    return schema | more


def described(schema: Schema, text: str) -> Schema:
    """Editors show the text when a pointer rests on the key; a reference has to be wrapped to have one."""
    if not text:
        return schema
    return {"description": text, "allOf": [schema]} if "$ref" in schema else {"description": text} | schema


def mapping(value: Schema, *, keys: str = NAME_PATTERN, proposed: tuple[str, ...] = ()) -> Schema:
    """Names to values; `proposed` names are completed, others of the pattern are as good."""
    schema: Schema = {"type": "object", "patternProperties": {f"^({keys})$": value}, "additionalProperties": False}
    if proposed:
        schema["properties"] = dict.fromkeys(proposed, value)
    return schema


def anything(value: Schema) -> Schema:
    """Any key to values: phrases, expressions, numbers of clauses."""
    return {"type": "object", "additionalProperties": value}


def proposing(schema: Schema, examples: tuple[str, ...]) -> Schema:
    return schema | {"examples": list(examples)} if examples else schema


def phrase(pattern: str, says: str, examples: tuple[str, ...] = ()) -> Schema:
    """A little text.  `says` is what editors tell instead of the pattern when it doesn't match."""
    return proposing({"type": "string", "pattern": f"^{pattern}$", "patternErrorMessage": says}, examples)


def one_of(names: tuple[str, ...], *, otherwise: Schema = NAME) -> Schema:
    """One of those names; if none are known, any."""
    return {"enum": list(names)} if names else otherwise


def reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
