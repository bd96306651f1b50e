"""The schema of a flow file, for any standard or for one whose names are known."""

from clausework.emit.exports.schema.documents import QUALIFIED
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
    one_of,
    phrase,
    proposing,
    reference,
)
from clausework.emit.exports.schema.steps import step
from clausework.emit.exports.schema.words import Words
from clausework.model.language import ABOUT, KEYS

_EFFECT = reference("effect")
_WHERE = r"( from [\w.]+)?( for each \w+ in .+)?( where .+)?"


def flow(words: Words) -> Schema:
    shapes = {
        "flow": NAME,
        "uses": _names(words.flows),
        "extends": proposing(QUALIFIED, words.flows),
        "roles": mapping({"anyOf": [_part(words), _lifeline(words)]}, proposed=words.lifelines),
        "requires": mapping(TEXTS, proposed=words.lifelines),
        "decisions": mapping(_decision()),
        "machines": mapping(reference("machine"), proposed=words.lifelines),
        "sequences": mapping(_sequence(words)),
        "properties": mapping(_property()),
        "checks": mapping(_check(words)),
        "stands for": _stand_in(words),
    }
    definitions = {
        "machine": _machine(words),
        "effect": _effect(words),
        "state": _state(words),
        "step": step(words),
        "disposition": _disposition(words),
    }
    return element("flow", shapes, required=("flow",)) | {"$defs": definitions}


def _names(proposed: tuple[str, ...]) -> Schema:
    name = proposing(QUALIFIED, proposed)
    return {"anyOf": [name, {"type": "array", "items": name}]}


# -- parts and decisions


def _part(words: Words) -> Schema:
    roles = f"; roles are {', '.join(words.roles)}" if words.roles else ""
    return phrase(rf"{words.role_pattern}( at {NAME_PATTERN})?", f"write `ROLE` or `ROLE at PART`{roles}", words.roles)


def _lifeline(words: Words) -> Schema:
    shapes = {"is": one_of(words.roles, otherwise=QUALIFIED), "at": NAME, "another": NAME}
    said = {"oneOf": [{"required": ["is"]}, {"required": ["another"]}]}
    return element("lifeline", shapes) | said | {"additionalProperties": TEXT}


def _decision() -> Schema:
    answers = {"anyOf": [{"type": "array", "items": NAME, "minItems": 1}, mapping(mapping(TEXT))]}
    return element("decision", {"question": TEXT, "answers": answers, "rigid": FLAG}, required=("question", "answers"))


# -- machines


def _machine(words: Words) -> Schema:
    types = proposing(TEXT, words.types)
    signals = mapping(mapping(types))
    shapes = {
        "one per": {"anyOf": [TEXTS, anything({"anyOf": [TEXT, anything(TEXT)]})]},
        "commands": signals,
        "notifications": signals,
        "variables": mapping(types),
        "durable": {"anyOf": [proposing(TEXT, ("all", "state", *words.variables)), {"type": "array", "items": TEXT}]},
        "definitions": mapping(TEXT),
        "columns": mapping(types),
        "initial": proposing(NAME, words.states),
        "states": mapping(reference("state")),
        "groups": mapping(_group(words)),
        "anywhere": _triggers(words),
        "singly": _triggers(words),
        "effects": mapping(_EFFECT),
        "state tables": mapping(_state_table()),
        "decision tables": mapping(_decision_table()),
        "otherwise": {"anyOf": [reference("disposition"), _otherwise(words)]},
    }
    return element("machine", shapes)


def _trigger_pattern(words: Words) -> str:
    heard = rf"receive {words.message_pattern}(\|{words.message_pattern})*{_WHERE}"
    others = (
        rf"command {NAME_PATTERN}",
        rf"after {NAME_PATTERN}",
        r"(lost|restored) [\w.]+",
        "restarted",
        rf"(enters|leaves) [\w.]+ {NAME_PATTERN}(\|{NAME_PATTERN})*( of .+)?",
    )
    return f"^({'|'.join((heard, *others))})$"


def _proposed(words: Words) -> list[str]:
    """Triggers in full, since editors complete keys, not patterns."""
    ends = [*words.lifelines, "connection"] if words.lifelines else []
    return [
        *(f"receive {message}" for message in words.messages),
        *(f"command {command}" for command in words.commands),
        *(f"after {timer}" for timer in words.timers),
        *(f"{word} {end}" for word in ("lost", "restored") for end in ends),
    ]


def _triggers(words: Words) -> Schema:
    return {
        "type": "object",
        "properties": dict.fromkeys(_proposed(words), _EFFECT),
        "patternProperties": {_trigger_pattern(words): _EFFECT},
        "additionalProperties": False,
    }


def _state(words: Words) -> Schema:
    message = one_of(words.messages, otherwise=QUALIFIED)
    listed = {"anyOf": [message, {"type": "array", "items": message}]}
    shapes = {
        "initial": proposing(NAME, words.states),
        "states": mapping(reference("state")),
        "final": FLAG,
        "rests": FLAG,
        "ignore": listed,
        "defer": listed,
        "impossible": listed,
        "otherwise": reference("disposition"),
    }
    schema = element("state", shapes)
    schema["properties"] |= dict.fromkeys(words.columns, TEXT) | dict.fromkeys(_proposed(words), _EFFECT)
    columns = NAME_PATTERN if not words.messages else ""
    schema["patternProperties"] = {_trigger_pattern(words): _EFFECT} | ({f"^{columns}$": {}} if columns else {})
    return schema


def _group(words: Words) -> Schema:
    schema = element("group", {"states": _names(words.states)}, required=("states",))
    schema["properties"] |= dict.fromkeys(_proposed(words), _EFFECT)
    schema["patternProperties"] = {_trigger_pattern(words): _EFFECT}
    return schema


def _state_table() -> Schema:
    row = {"type": "array", "items": TEXT}
    return {
        "type": "object",
        "properties": {"source": reference("source")},
        "additionalProperties": row,
        "minProperties": 2,
    }


def _decision_table() -> Schema:
    row = {"type": "array", "items": {"anyOf": [TEXT, _EFFECT]}, "minItems": 2}
    return element(
        "decision table", {"given": TEXTS, "rows": {"type": "array", "items": row}}, required=("given", "rows")
    )


def _disposition(words: Words) -> Schema:
    sent = rf"^(reject|close) with {words.message_pattern}( with .+)?$"
    return {"anyOf": [{"enum": ["ignore", "defer", "impossible", "close"]}, {"type": "string", "pattern": sent}]}


def _otherwise(words: Words) -> Schema:
    disposition = reference("disposition")
    return {
        "type": "object",
        "properties": {"any": disposition},
        "patternProperties": {
            f"^(stale )?{words.message_pattern}$": disposition,
            _trigger_pattern(words): _EFFECT,
        },
        "additionalProperties": False,
    }


# -- effects


def _effect(words: Words) -> Schema:
    short = {"type": "string", "pattern": rf"^({NAME_PATTERN})?\s*(->\s*{NAME_PATTERN})?$"}
    return {"anyOf": [reference("disposition"), short, _full_effect(words)]}


def _full_effect(words: Words) -> Schema:
    sent = words.saying("write `M to WHOM` or `M to WHOM with f = e and f = e`")
    send = phrase(rf"(each message in \w+|message|{words.message_pattern}) to .+", sent, words.sends)
    told = "write `N` or `N with a = e and a = e`"
    notify = phrase(rf"{NAME_PATTERN}( with .+)?", told, words.notifications)
    branches = anything(_EFFECT)
    shapes = {
        "set": mapping(TEXT, proposed=words.variables),
        "send": {"anyOf": [send, {"type": "array", "items": send}]},
        "close": TEXTS,
        "notify": {"anyOf": [notify, {"type": "array", "items": notify}]},
        "do": TEXTS,
        "to": proposing(NAME, words.states),
        "forget": FLAG,
        "recurring": FLAG,
        "when": branches,
        "table": NAME,
    }
    schema = element("effect", shapes)
    assert {key for key in KEYS["effect"] if "*" in key} == {"when *", "decide *"}
    schema["properties"] |= {f"decide {name}": _answered(answers) for name, answers in words.answers}
    decide = {} if words.answers else {f"^decide {NAME_PATTERN}$": branches}
    schema["patternProperties"] = {"^when .+$": branches} | decide
    return schema


def _answered(answers: tuple[str, ...]) -> Schema:
    return {
        "type": "object",
        "properties": dict.fromkeys(answers, _EFFECT),
        "required": list(answers),
        "additionalProperties": False,
    }


# -- sequences, properties, checks


def _sequence(words: Words) -> Schema:
    conditions = {"anyOf": [TEXTS, mapping(TEXT, keys=QUALIFIED_PATTERN, proposed=words.lifelines)]}
    shapes: dict[str, Schema] = {
        "starts": conditions,
        "steps": {"type": "array", "items": reference("step")},
        "ends": conditions,
        "impossible": FLAG,
        "spans": _names(words.flows),
    }
    return element("sequence", shapes, required=("steps",))


def _property() -> Schema:
    keys = [key for key in KEYS["property"] if key not in {"unchanged", *ABOUT}]
    claims = ("always", "never", "settled", "possible", "whenever", "precedes", "unchanged")
    needs = {"whenever": ["eventually"], "precedes": ["before"], "unchanged": ["from", "to"]}
    return element(
        "property",
        {**dict.fromkeys(keys, TEXT), "unchanged": TEXTS},
        oneOf=[{"required": [claim]} for claim in claims],
        dependentRequired=needs,
    )


def _check(words: Words) -> Schema:
    of = rf"{NAME_PATTERN}( of {NAME_PATTERN}( and {NAME_PATTERN})*)?"
    commands = phrase(of, "a command, or a command of somebody, as `ask of tv`", words.commands)
    shapes: dict[str, Schema] = {
        "parties": mapping(_part(words)),
        "connections": mapping({"type": "integer", "minimum": 1, "maximum": 4}),
        "queue": {"type": "integer", "minimum": 1, "maximum": 8},
        "full": {"enum": ["error", "note"]},
        "bind": anything(TEXTS),
        "commands": mapping({"anyOf": [commands, {"type": "array", "items": commands}]}),
        "faults": TEXTS,
        "notice": {"enum": ["together", "apart"]},
        "reconnects": {"enum": ["eventually"]},
        "down": TEXTS,
        "given": anything(TEXTS),
        "claims": TEXTS,
        "ticks": anything(TEXT),
        "delivery": {"enum": ["urgent"]},
        "most": {"type": "integer", "minimum": 1},
        "large": FLAG,
    }
    return element("check", shapes, required=("parties",))


def _stand_in(words: Words) -> Schema:
    shapes: dict[str, Schema] = {
        "flow": proposing(QUALIFIED, words.flows),
        "check": NAME,
        "seen": mapping(mapping(TEXT, proposed=words.states), proposed=words.lifelines),
    }
    return element("stand-in", shapes, required=("flow", "seen"))
