"""The schema of a step of a sequence."""

from clausework.emit.exports.schema.shapes import (
    FLAG,
    NAME_PATTERN,
    TEXT,
    Schema,
    element,
    mapping,
    phrase,
    proposing,
    reference,
)
from clausework.emit.exports.schema.words import Words
from clausework.model.language import ABOUT, RESTARTS, STEP_VERBS


def step(words: Words) -> Schema:
    steps = {"type": "array", "items": reference("step")}
    parts = {"type": "object", "additionalProperties": steps, "minProperties": 1}
    shapes: dict[str, Schema] = {
        "alternatives": parts,
        "parallel": parts,
        "optional": steps,
        "repeat": _repeat(steps),
        "sequence": {"type": "string", "pattern": rf"^{NAME_PATTERN}(\.{NAME_PATTERN})*$"},
        "as": mapping(TEXT),
        "never": TEXT,
        "lost": FLAG,
        "forged": FLAG,
    }
    schema = element("step", shapes)
    schema["properties"] |= _proposed(words)
    schema["patternProperties"] = {
        rf"^\s*{NAME_PATTERN}\s*->\s*{NAME_PATTERN}\s*$": _passing(words, ()),
        rf"^{NAME_PATTERN} ({'|'.join(STEP_VERBS)})$": TEXT,
    }
    schema["not"] = {"propertyNames": {"enum": list(ABOUT)}}  # which an empty one fulfils, too
    return {"anyOf": [{"type": "string", "pattern": rf"^{NAME_PATTERN} {RESTARTS}$"}, schema]}


def _repeat(steps: Schema) -> Schema:
    times = {"type": ["string", "integer"], "pattern": r"^\w+(\.\.\w+)?$"}
    return {
        "type": "object",
        "properties": {"times": times, "steps": steps},
        "required": ["times", "steps"],
        "additionalProperties": False,
    }


def _passing(words: Words, proposed: tuple[str, ...]) -> Schema:
    return phrase(
        f"{words.message_pattern}( with .+)?", words.saying("write `M` or `M with f = e and f = e`"), proposed
    )


def _proposed(words: Words) -> dict[str, Schema]:
    proposed = {pair: _passing(words, messages) for pair, messages in words.passes}
    proposed |= {f"{name} does": proposing(TEXT, commands) for name, commands in words.does if commands}
    proposed |= {f"{name} is told": proposing(TEXT, told) for name, told in words.told if told}
    return proposed
