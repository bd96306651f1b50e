"""What machines see of a finding."""

import json
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from clausework.diagnostics import Diagnostic, Label, Rule, Severity
from clausework.diagnostics.report import as_github, as_json, as_sarif, fingerprints
from clausework.source import Position, Source, Span

RULE = Rule("unknown-state", Severity.ERROR, "a machine has no such state", "The help names those that it has.")
NOTE = Rule("hint", Severity.NOTE, "a hint", "A hint.")
TEXT = "flow: ping\nto: wating\nto: wating\n"
SOURCE = Source("spec/a ping, 100%/flows/ping.yaml", TEXT)


def at(line: int, begin: int, end: int, source: Source = SOURCE, last: int | None = None) -> Span:
    return Span(source, Position(line, begin), Position(last or line, end))


FINDINGS = (
    Diagnostic(RULE, "no `wating`", at(3, 5, 11), (Label(at(1, 1, 5), "in this flow"),), "it has `waiting`"),
    Diagnostic(RULE, "no `wating`", at(2, 5, 11)),
    Diagnostic(NOTE, "a block", at(1, 1, 1, last=3)),
    Diagnostic(RULE, "there is no folder", None),
)


def closed(required: str, optional: str = "", **properties: Any) -> dict[str, Any]:
    """An object of SARIF: every one of them is closed, so a key it doesn't know makes a log invalid."""
    known = {name: properties.get(name.replace("$", ""), {}) for name in (*required.split(), *optional.split())}
    return {"type": "object", "properties": known, "required": required.split(), "additionalProperties": False}


# OASIS SARIF 2.1.0, sections 3.13 to 3.52: the objects that we use
MESSAGE = closed("text", "markdown id arguments properties", text={"type": "string", "minLength": 1})
NUMBER: Any = {"type": "integer", "minimum": 1}
REGION = closed(
    "startLine startColumn endLine endColumn",
    **dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), NUMBER),
)
ARTIFACT = closed("uri", "uriBaseId index description", uri={"type": "string", "pattern": "^[!-~]+$"})
PLACE = closed(
    "physicalLocation",
    "id message",
    id={"type": "integer", "minimum": 0},
    message=MESSAGE,
    physicalLocation=closed("artifactLocation", "region", artifactLocation=ARTIFACT, region=REGION),
)
LEVEL = {"enum": ["none", "note", "warning", "error"]}
RESULT = closed(
    "message",
    "ruleId ruleIndex level locations relatedLocations partialFingerprints",
    message=MESSAGE,
    level=LEVEL,
    ruleIndex={"type": "integer", "minimum": 0},
    locations={"type": "array", "items": PLACE},
    relatedLocations={"type": "array", "uniqueItems": True, "items": PLACE},
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
)
DESCRIPTOR = closed(
    "id",
    "shortDescription help defaultConfiguration",
    shortDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=closed("level", level=LEVEL),
)
DRIVER = closed("name", "semanticVersion rules", rules={"type": "array", "uniqueItems": True, "items": DESCRIPTOR})
RUN = closed(
    "tool",
    "columnKind originalUriBaseIds results",
    tool=closed("driver", driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": RESULT},
)
SARIF = closed("version runs", "$schema", version={"const": "2.1.0"}, runs={"type": "array", "items": RUN})


def test_json_holds_every_finding_in_order_with_its_place() -> None:
    data = json.loads(as_json(FINDINGS))

    assert [each["place"] and each["place"]["line"] for each in data["diagnostics"]] == [None, 1, 2, 3]
    assert data["diagnostics"][3] == {
        "rule": "unknown-state",
        "severity": "error",
        "message": "no `wating`",
        "place": {"path": SOURCE.path, "line": 3, "column": 5, "end_line": 3, "end_column": 11},
        "others": [
            {
                "place": {"path": SOURCE.path, "line": 1, "column": 1, "end_line": 1, "end_column": 5},
                "text": "in this flow",
            }
        ],
        "help": "it has `waiting`",
    }
    assert data["summary"] == {"errors": 3, "warnings": 0, "notes": 1}


def test_sarif_names_rules_regions_and_related_places() -> None:
    run = json.loads(as_sarif(FINDINGS, [RULE], "1.2.3"))["runs"][0]
    last = run["results"][-1]

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["unknown-state", "hint"]
    assert last["ruleId"] == run["tool"]["driver"]["rules"][last["ruleIndex"]]["id"]
    location = last["locations"][0]["physicalLocation"]
    assert location["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 11}
    assert unquote(location["artifactLocation"]["uri"]) == SOURCE.path
    assert " " not in location["artifactLocation"]["uri"]
    assert last["relatedLocations"][0]["message"] == {"text": "in this flow"}


def test_sarif_of_no_findings_still_lists_the_rules_and_has_results() -> None:
    run = json.loads(as_sarif([], [RULE]))["runs"][0]

    assert run["results"] == []
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["unknown-state"]


def test_sarif_has_only_what_sarif_knows_in_the_shape_it_wants() -> None:
    for log in (as_sarif(FINDINGS, [RULE], "1.2.3"), as_sarif([])):
        Draft202012Validator(SARIF).validate(json.loads(log))


def test_fingerprints_survive_lines_put_in_above() -> None:
    moved = Source(SOURCE.path, "# new\n# lines\n" + TEXT)
    before = fingerprints([Diagnostic(RULE, "m", at(2, 5, 11)), Diagnostic(RULE, "m", at(3, 5, 11))])
    after = fingerprints([Diagnostic(RULE, "m", at(4, 5, 11, moved)), Diagnostic(RULE, "m", at(5, 5, 11, moved))])

    assert before == after
    assert len(set(before)) == 2


@pytest.mark.parametrize(
    ("rule", "command"),
    [(RULE, "error"), (NOTE, "notice"), (Rule("w", Severity.WARNING, "w", "w"), "warning")],
)
def test_github_annotates_at_the_severity_of_the_rule(rule: Rule, command: str) -> None:
    assert as_github([Diagnostic(rule, "m", None)]).startswith(f"::{command} ")


def test_github_annotations_are_a_line_each_and_escape_what_would_end_them() -> None:
    line = as_github([Diagnostic(RULE, "100%\nof: it, all", at(2, 5, 11), (), "do")])

    assert line == (
        "::error file=spec/a ping%2C 100%25/flows/ping.yaml,line=2,endLine=2,col=5,endColumn=11,"
        "title=error[unknown-state]::100%25%0Aof: it, all%0Ahelp: do\n"
    )


def test_github_gets_no_columns_for_a_stretch_over_several_lines() -> None:
    assert "col" not in as_github([Diagnostic(NOTE, "m", at(1, 1, 1, last=3))]).lower()
