"""Bytes -> a tree of texts, lists and mappings that know where they stand.

Read from libyaml's events, so that every scalar stays the text that was written (no `on` becomes true, no `10.30` a
number), every node has its place, and repeated keys are kept to be shown.  Anchors, aliases and tags are refused, and
size and depth are bounded: nothing in a file can make reading it expensive.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml

from clausework.diagnostics import Diagnostic, Label, Rule
from clausework.read.rules import ALIAS, EMPTY_FILE, NOT_UTF8, REPEATED_KEY, TAB, TOO_LARGE, WRONG_SHAPE, YAML_SYNTAX
from clausework.source import Name, Position, Source, Span

MOST_BYTES = 4 * 1024 * 1024
MOST_NODES = 500_000
MOST_DEEP = 60


@dataclass(frozen=True, slots=True)
class Scalar:
    text: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple["Tree", ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping; `flow` if written in braces on one line, where a comma is a trap."""

    entries: tuple[tuple[Name, "Tree"], ...]
    span: Span
    flow: bool = False


Tree = Scalar | Items | Entries


def tree(path: str, data: bytes) -> tuple[Tree | None, Source, list[Diagnostic]]:
    """The tree of a file, or None with what is wrong."""
    if len(data) > MOST_BYTES:
        source = Source(path, "")
        message = f"the file has {len(data):,} bytes; {MOST_BYTES:,} are the most"
        return None, source, [Diagnostic(TOO_LARGE, message, _start(source))]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        source = Source(path, data.decode("utf-8", "replace"))
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        span = Span(source, Position(line, column), Position(line, column + 1))
        return None, source, [Diagnostic(NOT_UTF8, f"byte 0x{data[error.start]:02x} is not UTF-8", span)]
    source = Source(path, text)
    builder = _Builder(source)
    return builder.build(), source, builder.problems


def _start(source: Source) -> Span:
    return Span(source, Position(1, 1), Position(1, 2))


class _Stopped(Exception):
    """Reading ends here; the problem has been noted."""


@dataclass
class _Builder:
    source: Source
    problems: list[Diagnostic] = field(default_factory=list)
    nodes: int = 0
    depth: int = 0

    def build(self) -> Tree | None:
        loader: Any = yaml.CSafeLoader(self.source.text)  # the stubs don't know the events' attributes
        result: Tree | None = None
        documents = 0
        try:
            while not isinstance(event := loader.get_event(), yaml.StreamEndEvent):
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        self._stop(
                            YAML_SYNTAX, "a second document begins here", self._span(event), "one file, one document"
                        )
                elif not isinstance(event, yaml.StreamStartEvent | yaml.DocumentEndEvent):
                    result = self._node(loader, event)
        except yaml.MarkedYAMLError as error:
            self._syntax(error)
            return None
        except yaml.YAMLError as error:
            self._report(YAML_SYNTAX, str(error).splitlines()[0], _start(self.source))
            return None
        except _Stopped:
            return None
        finally:
            loader.dispose()
        if result is None or (isinstance(result, Scalar) and not result.text):
            self._report(EMPTY_FILE, "the file is empty", _start(self.source))
            return None
        return result

    def _node(self, loader: Any, event: Any) -> Tree:
        self.nodes += 1
        if self.nodes > MOST_NODES or self.depth > MOST_DEEP:
            self._stop(TOO_LARGE, "the file is nested too deeply or has too many parts", self._span(event))
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._stop(ALIAS, "anchors and aliases are not part of the language", self._span(event))
        if event.tag is not None:
            self._stop(ALIAS, f"the tag `{event.tag}` is not part of the language", self._span(event))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        self.depth += 1
        result = (
            self._items(loader, event) if isinstance(event, yaml.SequenceStartEvent) else self._entries(loader, event)
        )
        self.depth -= 1
        return result

    def _scalar(self, event: Any) -> Scalar:
        span = self._span(event)
        if span.start == span.end:  # nothing stands there
            span = span.part(0, 1)
        if event.style in ("'", '"') and span.start.line == span.end.line:
            span = span.part(1, span.end.column - span.start.column - 1)
        return Scalar(Name(event.value, span), span)

    def _items(self, loader: Any, start: Any) -> Items:
        items = []
        while not isinstance(event := loader.get_event(), yaml.SequenceEndEvent):
            items.append(self._node(loader, event))
        return Items(tuple(items), self._span(start, event))

    def _entries(self, loader: Any, start: Any) -> Entries:
        entries: list[tuple[Name, Tree]] = []
        seen: dict[str, Name] = {}
        while not isinstance(event := loader.get_event(), yaml.MappingEndEvent):
            key = self._node(loader, event)
            value = self._node(loader, loader.get_event())
            if not isinstance(key, Scalar):
                self._report(WRONG_SHAPE, "a key is a text", key.span)
                continue
            first = seen.setdefault(key.text, key.text)
            if first is not key.text:
                others = (Label(first.span, "it stands here first"),) if first.span else ()
                self.problems.append(Diagnostic(REPEATED_KEY, f"`{key.text}` stands twice", key.span, others))
                continue
            entries.append((key.text, value))
        return Entries(tuple(entries), self._span(start, event), bool(start.flow_style))

    def _syntax(self, error: yaml.MarkedYAMLError) -> None:
        mark: Any = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        span = Span(self.source, Position(line, column), Position(line, column + 1))
        problem = error.problem or "this is not YAML"
        if "nesting depth" in problem:  # newer parsers have a limit of their own, and may meet it before ours
            self._report(TOO_LARGE, "the file is nested too deeply or has too many parts", span)
            return
        rest = self.source.line(line)[column - 1 :]
        if rest.startswith("\t") or "\t" in problem or self.source.line(line).startswith("\t"):
            at = self.source.line(line).find("\t") + 1 or column
            span = Span(self.source, Position(line, at), Position(line, at + 1))
            self._report(TAB, "a tab where YAML wants spaces", span, "indent with spaces")
            return
        others: tuple[Label, ...] = ()
        context: Any = error.context_mark
        if context is not None and error.context and context.line + 1 != line:
            begin = Position(context.line + 1, context.column + 1)
            others = (Label(Span(self.source, begin, Position(begin.line, begin.column + 1)), error.context),)
        self.problems.append(Diagnostic(YAML_SYNTAX, problem, span, others, _advice(problem)))

    def _span(self, start: Any, end: Any = None) -> Span:
        last = (end or start).end_mark
        begin = Position(start.start_mark.line + 1, start.start_mark.column + 1)
        return Span(self.source, begin, max(begin, Position(last.line + 1, last.column + 1)))

    def _report(self, rule: Rule, message: str, span: Span, help_: str | None = None) -> None:
        self.problems.append(Diagnostic(rule, message, span, help=help_))

    def _stop(self, rule: Rule, message: str, span: Span, help_: str | None = None) -> None:
        self._report(rule, message, span, help_)
        raise _Stopped


def _advice(problem: str) -> str | None:
    if "mapping values are not allowed" in problem:
        return "quote the text if the colon belongs to it, or look at the indentation"
    if "block mapping" in problem or "block collection" in problem or "did not find expected key" in problem:
        return "look at the indentation of this line and the one before"
    if "flow" in problem or "',' or" in problem:
        return "a bracket or brace before this place is not closed"
    return None
