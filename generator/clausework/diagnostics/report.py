"""Diagnostics for machines: JSON for scripts, SARIF 2.1.0 for code scanners, annotations for GitHub's logs.

All three tell the same findings in the same order as the text does.  Columns count characters
from 1, and an end is the first column after the stretch, as SARIF has it.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from clausework.diagnostics.diagnostic import Diagnostic, Rule, Severity
from clausework.diagnostics.order import in_order
from clausework.source import Span

_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_GITHUB_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}

_Json = dict[str, Any]


def as_json(diagnostics: Iterable[Diagnostic], more: Mapping[str, Any] = MappingProxyType({})) -> str:
    """An object with `diagnostics`, a list, and `summary`, a number for each severity; `more` is what else it holds."""
    found = in_order(diagnostics)
    return _dumps({"diagnostics": [as_data(diagnostic) for diagnostic in found], "summary": summary(found), **more})


def as_data(diagnostic: Diagnostic) -> _Json:
    """One diagnostic as JSON has it; `place` is null where there is no text to point at."""
    return {
        "rule": diagnostic.rule.slug,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        "place": _place(diagnostic.span) if diagnostic.span else None,
        "others": [{"place": _place(label.span), "text": label.text} for label in diagnostic.others],
        "help": diagnostic.help,
    }


def summary(diagnostics: Sequence[Diagnostic]) -> dict[str, int]:
    counts = Counter(diagnostic.severity for diagnostic in diagnostics)
    return {f"{severity}s": counts[severity] for severity in Severity}


def as_sarif(diagnostics: Iterable[Diagnostic], rules: Iterable[Rule] = (), version: str = "0") -> str:
    """A SARIF log of one run.  `rules` are listed even when nothing broke them; `version` is the tool's."""
    found = in_order(diagnostics)
    known = list({rule.slug: rule for rule in (*rules, *(diagnostic.rule for diagnostic in found))}.values())
    index = {rule.slug: number for number, rule in enumerate(known)}
    driver = {"name": "clausework", "semanticVersion": version, "rules": [_sarif_rule(rule) for rule in known]}
    results = [
        _sarif_result(diagnostic, index[diagnostic.rule.slug], fingerprint)
        for diagnostic, fingerprint in zip(found, fingerprints(found), strict=True)
    ]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "the folder that clausework was started in"}}},
        "results": results,
    }
    return _dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Workflow commands, a line each, which GitHub shows at the line of the file."""
    return "".join(f"{_annotation(diagnostic)}\n" for diagnostic in in_order(diagnostics))


def fingerprints(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """The same finding keeps its fingerprint when lines are put in above it: no line number is part of it.

    Findings that agree in rule, file, message and text are numbered, so all fingerprints of a run differ.
    """
    seen: Counter[tuple[str, str, str, str]] = Counter()
    result = []
    for diagnostic in diagnostics:
        span = diagnostic.span
        path, text = (span.source.path, span.source.line(span.start.line).strip()) if span else ("", "")
        same = (diagnostic.rule.slug, path, diagnostic.message, text)
        seen[same] += 1
        result.append(hashlib.sha256("\0".join((*same, str(seen[same]))).encode()).hexdigest()[:32])
    return result


def _place(span: Span) -> _Json:
    return {
        "path": span.source.path,
        "line": span.start.line,
        "column": span.start.column,
        "end_line": span.end.line,
        "end_column": span.end.column,
    }


def _sarif_rule(rule: Rule) -> _Json:
    return {
        "id": rule.slug,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _sarif_result(diagnostic: Diagnostic, index: int, fingerprint: str) -> _Json:
    result: _Json = {
        "ruleId": diagnostic.rule.slug,
        "ruleIndex": index,
        "level": str(diagnostic.severity),
        "message": {"text": _with_help(diagnostic.message, diagnostic)},
        "partialFingerprints": {"clausework/v1": fingerprint},
    }
    if diagnostic.span:
        result["locations"] = [{"physicalLocation": _sarif_location(diagnostic.span)}]
    if diagnostic.others:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _sarif_location(label.span), "message": {"text": label.text}}
            for number, label in enumerate(diagnostic.others, 1)
        ]
    return result


def _sarif_location(span: Span) -> _Json:
    absolute = span.source.path.startswith("/")
    uri = quote(span.source.path)
    return {
        "artifactLocation": {"uri": f"file://{uri}"} if absolute else {"uri": uri, "uriBaseId": "ROOT"},
        "region": {
            "startLine": span.start.line,
            "startColumn": span.start.column,
            "endLine": span.end.line,
            "endColumn": span.end.column,
        },
    }


def _annotation(diagnostic: Diagnostic) -> str:
    where: list[tuple[str, str]] = []
    if span := diagnostic.span:
        where = [("file", span.source.path), ("line", str(span.start.line)), ("endLine", str(span.end.line))]
        if span.start.line == span.end.line:  # GitHub refuses columns of a stretch over several lines
            where += [("col", str(span.start.column)), ("endColumn", str(span.end.column))]
    where.append(("title", f"{diagnostic.severity}[{diagnostic.rule.slug}]"))
    text = "\n".join((diagnostic.message, *(f"{label.span}: {label.text}" for label in diagnostic.others)))
    properties = ",".join(f"{key}={_escaped_property(value)}" for key, value in where)
    return f"::{_GITHUB_COMMANDS[diagnostic.severity]} {properties}::{_escaped(_with_help(text, diagnostic))}"


def _with_help(text: str, diagnostic: Diagnostic) -> str:
    return f"{text}\nhelp: {diagnostic.help}" if diagnostic.help else text


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _dumps(data: _Json) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
