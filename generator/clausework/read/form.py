"""A mapping of the author's, asked for its keys one by one; what has no meaning is reported at once."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from clausework.diagnostics import Diagnostic, Label, Rule
from clausework.expr.words import closest
from clausework.model.language import KEYS, RESERVED
from clausework.read.rules import BAD_NAME, BAD_NUMBER, MISSING_KEY, REPEATED_NAME, UNKNOWN_KEY, WRONG_SHAPE
from clausework.read.tree import Entries, Items, Scalar, Tree
from clausework.source import Name, Span

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass
class Problems:
    """All that was found wrong, in the order found; the same thing is said once.

    `misread` are words that were declared, with a mistake that is reported: nobody who uses one of them is blamed.
    """

    found: dict[tuple[str, str, Span | None], Diagnostic] = field(default_factory=dict)
    misread: set[str] = field(default_factory=set)

    def report(self, rule: Rule, message: str, span: Span | None, help_: str | None = None, *others: Label) -> None:
        self.add(Diagnostic(rule, message, span, others, help_))

    def add(self, diagnostic: Diagnostic) -> None:
        if diagnostic.rule.slug.startswith("unknown-") and _words(diagnostic.span) & self.misread:
            return
        self.found.setdefault((diagnostic.rule.slug, diagnostic.message, diagnostic.span), diagnostic)

    def forget(self, since: int) -> None:
        """Drops all that was found since there were so many."""
        for key in list(self.found)[since:]:
            del self.found[key]

    def unknown(self, rule: Rule, what: str, name: Name, possible: Sequence[str], span: Span | None = None) -> None:
        """`what` is the sentence without the name's help; possible names follow it."""
        self.report(rule, what, name.span or span, closest(name, possible))

    def check_name(self, name: Name) -> Name:
        if name in RESERVED:
            self.report(BAD_NAME, f"`{name}` is a word of the language", name.span, "choose another name")
        elif not _NAME.fullmatch(name):
            self.report(BAD_NAME, f"`{name}` is not a name", name.span, "use a-z, then a-z, 0-9 and _")
        return name

    def first(self, seen: dict[str, Name], name: Name, what: str) -> bool:
        """Whether the name is new among `seen`; if not, both places are shown."""
        before = seen.setdefault(name, name)
        if before is name:
            return True
        others = (Label(before.span, "the first one"),) if before.span else ()
        self.report(REPEATED_NAME, f"there are two {what} called `{name}`", name.span, None, *others)
        return False


class Form:
    """One element.  `kind` is the row of `KEYS` that says which keys it may have; `called` how messages name it."""

    def __init__(self, problems: Problems, kind: str, tree: Tree, called: str, span: Span | None = None) -> None:
        self.problems = problems
        self.called = called
        self.span = span or tree.span
        self.kind = kind
        self.entries: dict[str, tuple[Name, Tree]] = {}
        if isinstance(tree, Entries):
            self.entries = {key: (key, value) for key, value in tree.entries}
            self._refuse_unknown(tree)
        else:
            problems.report(WRONG_SHAPE, f"{called} is a mapping of keys", tree.span, f"its keys are {_listed(kind)}")

    def _refuse_unknown(self, tree: Entries) -> None:
        allowed = KEYS[self.kind]
        if "*" in allowed:
            return
        prefixes = [key[:-1] for key in allowed if key.endswith(" *")]
        for key, value in tree.entries:
            if key not in allowed and not any(key.startswith(prefix) for prefix in prefixes):
                self.unknown_key(key, value, tree.flow)

    def unknown_key(self, key: Name, value: Tree, braces: bool) -> None:
        possible = [each for each in KEYS[self.kind] if "*" not in each]
        help_ = closest(key, possible) or f"possible are {_listed(self.kind)}"
        if braces and (" " in key or "=" in key) and isinstance(value, Scalar) and not value.text:
            help_ = "in {...} a comma begins a new key: join fields by `and`, or quote the text"
        self.problems.report(UNKNOWN_KEY, f"`{key}` has no meaning in {self.called}", key.span, help_)

    def has(self, key: str) -> bool:
        return key in self.entries

    def key(self, key: str) -> Name:
        return self.entries[key][0]

    def tree(self, key: str) -> Tree | None:
        return self.entries[key][1] if key in self.entries else None

    def others(self) -> Iterator[tuple[Name, Tree]]:
        """The entries whose keys are the author's own."""
        for key, value in self.entries.values():
            if key not in KEYS[self.kind]:
                yield key, value

    def text(self, key: str) -> Name | None:
        value = self.tree(key)
        return self.problems_text(value, key) if value is not None else None

    def problems_text(self, value: Tree, key: str) -> Name | None:
        if isinstance(value, Scalar) and value.text:
            return value.text
        self.problems.report(WRONG_SHAPE, f"`{key}` of {self.called} is a text", value.span)
        return None

    def required(self, key: str) -> Name | None:
        if not self.has(key):
            self.problems.report(MISSING_KEY, f"{self.called} has no `{key}`", self.span, f"write `{key}: ...`")
            return None
        return self.text(key)

    def texts(self, key: str) -> tuple[Name, ...]:
        """A text, or a list of them."""
        value = self.tree(key)
        if value is None:
            return ()
        items = value.items if isinstance(value, Items) else (value,)
        texts = [self.problems_text(item, key) for item in items]
        return tuple(text for text in texts if text is not None)

    def items(self, key: str) -> tuple[Tree, ...]:
        value = self.tree(key)
        if value is None:
            return ()
        if isinstance(value, Items):
            return value.items
        self.problems.report(
            WRONG_SHAPE, f"`{key}` of {self.called} is a list", value.span, "begin each item with `- `"
        )
        return ()

    def pairs(self, key: str) -> tuple[tuple[Name, Tree], ...]:
        """The entries of a mapping below `key`."""
        value = self.tree(key)
        if value is None:
            return ()
        return self.entries_of(value, f"`{key}` of {self.called}")

    def entries_of(self, value: Tree, called: str) -> tuple[tuple[Name, Tree], ...]:
        if isinstance(value, Entries):
            return value.entries
        self.problems.report(WRONG_SHAPE, f"{called} is a mapping", value.span, "write `name: ...` in each line")
        return ()

    def flag(self, key: str) -> bool:
        text = self.text(key)
        if text is not None and text not in ("true", "false"):
            self.problems.report(WRONG_SHAPE, f"`{key}` is `true` or `false`", text.span)
        return text == "true"

    def number(self, key: str, low: int, high: int) -> int | None:
        text = self.text(key)
        if text is None:
            return None
        if not re.fullmatch(r"-?\d{1,12}", text) or not low <= int(text) <= high:
            self.problems.report(BAD_NUMBER, f"`{text}` is not a number from {low} to {high}", text.span)
            return None
        return int(text)


def _words(span: Span | None) -> set[str]:
    """What is written there, and the parts of it if it is a path."""
    if span is None or span.start.line != span.end.line:
        return set()
    text = span.source.line(span.start.line)[span.start.column - 1 : span.end.column - 1]
    return {text, *text.split(".")}


def _listed(kind: str) -> str:
    return ", ".join(f"`{key}`" for key in KEYS[kind] if "*" not in key)
