"""Schemas: never stricter than the reader, and strict where editors can help."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from clausework.cli.starter import starter
from clausework.emit.exports import schema
from clausework.emit.exports.schema.meanings import meaning
from clausework.model.language import ABOUT, KEYS
from clausework.model.standard import Standard
from clausework.read import read

SHIPPED = Path(__file__).parents[3] / "spec"
STARTER = {f"spec/ping/{path}": text.encode() for path, text in starter("ping")}
GENERAL = {artifact.path: json.loads(artifact.text) for artifact in schema.general()}


class AsEditorsDo(yaml.SafeLoader):
    """YAML 1.2's core: `on` and `yes` are words."""


AsEditorsDo.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":bool") or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def document(text: bytes | str) -> Any:
    """As an editor hands it to a schema: scalars typed, keys as text."""
    return _with_text_keys(yaml.load(text, AsEditorsDo))


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _with_text_keys(below) for key, below in value.items()}
    return [_with_text_keys(below) for below in value] if isinstance(value, list) else value


def faults(document: Any, of: dict[str, Any]) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message}" for error in Draft202012Validator(of).iter_errors(document)]


def kind_of(path: str) -> str:
    return "flow.json" if "/flows/" in path else f"{Path(path).stem}.json"


def flow_schema(standard: Standard) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(schema.of_flows(standard).text)
    return loaded


def shipped() -> Iterator[tuple[str, bytes]]:
    for path in sorted(SHIPPED.glob("*/*.yaml")) + sorted(SHIPPED.glob("*/flows/*.yaml")):
        yield f"spec/{path.relative_to(SHIPPED).as_posix()}", path.read_bytes()


def documented() -> dict[str, bytes]:
    """The specifications that `spec/README.md` writes in pieces; the first line of each names its file."""
    pieces: dict[str, str] = {}
    for block in re.findall(r"```yaml\n(.*?)```", (SHIPPED / "README.md").read_text("utf-8"), re.DOTALL):
        head, _, piece = block.partition("\n")
        pieces[f"spec/{head.removeprefix('# ')}"] = pieces.get(f"spec/{head.removeprefix('# ')}", "") + piece
    return {path: text.encode() for path, text in pieces.items()}


EVERY = {**STARTER, **dict(shipped()), **documented()}


def every_shape(of: Any) -> Iterator[dict[str, Any]]:
    if isinstance(of, dict):
        yield of
        for below in of.values():
            yield from every_shape(below)
    elif isinstance(of, list):
        for below in of:
            yield from every_shape(below)


def test_there_is_one_schema_for_each_kind_of_file() -> None:
    assert sorted(GENERAL) == ["flow.json", "messages.json", "standard.json", "vocabulary.json"]


@pytest.mark.parametrize("name", sorted(GENERAL))
def test_every_schema_is_a_schema_and_every_pattern_a_pattern(name: str) -> None:
    Draft202012Validator.check_schema(GENERAL[name])
    for shape in every_shape(GENERAL[name]):
        for pattern in [shape.get("pattern", ""), *shape.get("patternProperties", {})]:
            re.compile(pattern if isinstance(pattern, str) else "")


def test_every_key_of_the_language_has_a_meaning_that_editors_show() -> None:
    for kind, keys in KEYS.items():
        for key in keys:
            if "*" not in key:
                assert meaning(kind, key).endswith((".", "...")), (kind, key)


def test_no_meaning_is_of_a_key_that_the_language_does_not_have() -> None:
    from clausework.emit.exports.schema import meanings

    described = {(kind, key) for kind, keys in meanings._MEANINGS.items() for key in keys}
    assert described <= {(kind, key) for kind, keys in KEYS.items() for key in keys}
    assert set(meanings._ABOUT) == set(ABOUT)


@pytest.mark.parametrize("path", EVERY)
def test_what_the_reader_accepts_the_general_schema_accepts(path: str) -> None:
    assert faults(document(EVERY[path]), GENERAL[kind_of(path)]) == []


def test_what_the_reader_accepts_the_schema_of_its_standard_accepts() -> None:
    standards = read(EVERY).standards
    assert "ping" in {standard.name for standard in standards}
    for standard in standards:
        of = flow_schema(standard)
        for path, text in EVERY.items():
            if path.startswith(f"{standard.folder}/flows/"):
                assert faults(document(text), of) == [], path


def ping() -> dict[str, Any]:
    return flow_schema(read(STARTER).standards[0])


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("receive pong:", "receive pnog:"),
        ("send: ping to server", "send: pnig to server"),
        ("roles: {client: client,", "roles: {client: cilent,"),
        ("notifications:", "notification:"),
        ("initial: idle", "intial: idle"),
        ("notify: present, to: idle", "notify: present, too: idle"),
        ("client -> server: ping", "client -> server: pnig"),
        ("possible: client is waiting", "posible: client is waiting"),
        ("queue: 2", "queue: 99"),
        ("after answer_time:", "afer answer_time:"),
    ],
)
def test_the_schema_of_a_standard_refuses_what_an_author_mistypes(right: str, wrong: str) -> None:
    text = STARTER["spec/ping/flows/ping.yaml"].decode()
    assert right in text

    assert faults(document(text.replace(right, wrong)), ping())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("standard.json", "standard: s\ntitle: t"),
        ("standard.json", "standard: s\ntitle: t\nedition: e\nclause: {}"),
        ("vocabulary.json", "vocabulary: s\nconnections: {line: {between: a}}"),
        ("vocabulary.json", "vocabulary: s\nparameters: {p: {means: it}}"),
        ("messages.json", "messages: {m: {form: a, to: b}}"),
        ("messages.json", "messages: {m: {from: a, to: b, wire: {xmpp: mesage}}}"),
        ("flow.json", "title: no name"),
        ("flow.json", "flow: f\nmark: sure"),
    ],
)
def test_the_general_schemas_refuse_what_the_reader_refuses(kind: str, text: str) -> None:
    assert faults(document(text), GENERAL[kind])


def test_what_a_flow_declares_itself_is_proposed_but_not_insisted_on() -> None:
    text = STARTER["spec/ping/flows/ping.yaml"].decode()
    fresh = text.replace("commands: {ask: {}}", "commands: {ask: {}, ask_again: {}}").replace(
        "command ask:", "command ask_again:"
    )

    assert faults(document(fresh), ping()) == []
    assert "command ask" in ping()["$defs"]["state"]["properties"]


def test_triggers_sends_and_steps_are_proposed_in_full() -> None:
    definitions = ping()["$defs"]
    effect = next(each for each in definitions["effect"]["anyOf"] if each.get("type") == "object")

    assert {"receive ping", "receive pong", "after answer_time", "lost server"} <= set(
        definitions["state"]["properties"]
    )
    assert "ping to server" in effect["properties"]["send"]["anyOf"][0]["examples"]
    step = next(each for each in definitions["step"]["anyOf"] if each["type"] == "object")
    assert step["properties"]["client -> server"]["examples"] == ["ping"]
    assert step["properties"]["client does"]["examples"] == ["ask"]


def test_a_decision_must_get_exactly_its_answers() -> None:
    text = dedent("""\
        flow: ping
        roles: {client: client, server: server}
        decisions: {who: {question: Who is it, answers: [friend, stranger]}}
        machines:
          server:
            initial: ready
            states:
              ready: {receive ping: {decide who: {friend: {send: pong to sender}, stranger: ignore}}}
        """)
    files = {**STARTER, "spec/ping/flows/ping.yaml": text.encode()}
    (standard,) = read(files).standards
    of = flow_schema(standard)

    assert faults(document(text), of) == []
    assert faults(document(text.replace(", stranger: ignore", "")), of)
    assert faults(document(text.replace("stranger: ignore", "strager: ignore")), of)


def test_schemas_say_that_they_are_made_and_from_what() -> None:
    (standard,) = read(STARTER).standards
    artifacts = [*schema.general(), schema.of_flows(standard)]

    assert artifacts[-1].path == "ping-flow.json"
    assert all("Generated by clausework" in artifact.text[:300] for artifact in artifacts)


def test_schemas_are_the_same_every_time() -> None:
    (one,), (other,) = read(STARTER).standards, read(dict(reversed(STARTER.items()))).standards

    assert schema.of_flows(one).text == schema.of_flows(other).text
