"""A diagnostic as text for people: the line of the specification, the word underlined, what to do about it.

    error[unknown-state]: `client` has no state `wating`
     --> spec/ping/flows/ping.yaml:12:15
       |
    12 |           to: wating
       |               ^^^^^^
       = help: it has `idle`, `waiting`

Second places stand in the same picture, underlined with `-` and labelled; those in other
files follow under `:::`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from clausework.diagnostics.diagnostic import Diagnostic, Severity
from clausework.diagnostics.excerpt import excerpt, visible
from clausework.diagnostics.order import in_order
from clausework.source import Source, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """What goes before a coloured stretch (terminal control sequences), and `end` after it."""

    error: str = ""
    warning: str = ""
    note: str = ""
    frame: str = ""
    strong: str = ""
    end: str = ""

    def of(self, severity: Severity) -> str:
        return {Severity.ERROR: self.error, Severity.WARNING: self.warning, Severity.NOTE: self.note}[severity]


PLAIN = Palette()
COLOURED = Palette(
    error="\x1b[1;31m",
    warning="\x1b[1;33m",
    note="\x1b[1;36m",
    frame="\x1b[34m",
    strong="\x1b[1m",
    end="\x1b[0m",
)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch to underline; the primary one has `^` and no text."""

    span: Span
    text: str
    primary: bool


def render(diagnostics: Iterable[Diagnostic], palette: Palette = PLAIN) -> str:
    """All of them in order, a blank line between two; empty if there are none."""
    return "\n".join(render_one(diagnostic, palette) for diagnostic in in_order(diagnostics))


def render_one(diagnostic: Diagnostic, palette: Palette = PLAIN) -> str:
    return "".join(f"{line}\n" for line in _lines(diagnostic, palette))


def _lines(diagnostic: Diagnostic, palette: Palette) -> Iterator[str]:
    tint = palette.of(diagnostic.severity)
    head = f"{tint}{diagnostic.severity}[{diagnostic.rule.slug}]{palette.end}"
    yield f"{head}{palette.strong}: {visible(diagnostic.message)}{palette.end}"
    marks = _marks(diagnostic)
    gutter = max((len(str(mark.span.start.line)) for mark in marks), default=1)
    for number, (source, here) in enumerate(_by_source(marks)):
        yield from _picture(source, here, gutter, "-->" if number == 0 else ":::", tint, palette)
    if diagnostic.help is not None:
        yield from _help(diagnostic.help, gutter, palette)


def _marks(diagnostic: Diagnostic) -> list[_Mark]:
    primary = [_Mark(diagnostic.span, "", primary=True)] if diagnostic.span else []
    return primary + [_Mark(label.span, visible(label.text), primary=False) for label in diagnostic.others]


def _by_source(marks: list[_Mark]) -> list[tuple[Source, list[_Mark]]]:
    """Files in the order in which they are first named: that of the mistake itself comes first."""
    sources = list({mark.span.source.path: mark.span.source for mark in marks}.values())
    return [(source, [mark for mark in marks if mark.span.source.path == source.path]) for source in sources]


def _picture(source: Source, marks: list[_Mark], gutter: int, arrow: str, tint: str, palette: Palette) -> Iterator[str]:
    def frame(text: str) -> str:
        return f"{palette.frame}{text}{palette.end}"

    blank = f"{' ' * gutter} |"
    yield f" {frame(arrow)} {marks[0].span}"
    yield frame(blank)
    before = None
    for number, here in groupby(sorted(marks, key=_place), key=lambda mark: mark.span.start.line):
        if before is not None and number > before + 1:
            yield frame("...")
        before = number
        for index, mark in enumerate(here):
            shown = excerpt(_text(source, number), mark.span.start.column, _end_column(mark.span))
            if index == 0:
                yield f"{frame(f'{number:>{gutter}} |')} {shown.text}".rstrip()
            stroke = ("^" if mark.primary else "-") * shown.width
            colour = tint if mark.primary else palette.frame
            text = " ".join(part for part in (stroke, _spread(mark.span), mark.text) if part)
            yield f"{frame(blank)} {' ' * shown.start}{colour}{text}{palette.end}"


def _place(mark: _Mark) -> tuple[int, int, bool]:
    return (mark.span.start.line, mark.span.start.column, not mark.primary)


def _end_column(span: Span) -> int:
    """Of the first line of the span: where it ends, or the end of the line if it goes on below."""
    if span.end.line == span.start.line:
        return span.end.column
    return len(_text(span.source, span.start.line).rstrip()) + 1


def _text(source: Source, number: int) -> str:
    lines = _split(source)
    return lines[number - 1] if 0 < number <= len(lines) else ""


@lru_cache(maxsize=4)
def _split(source: Source) -> list[str]:
    """Kept, because a thousand findings in one large file would split it a thousand times."""
    return source.text.splitlines()


def _spread(span: Span) -> str:
    """A stretch over several lines is underlined in its first; this says where it ends."""
    last = span.end.line if span.end.column > 1 else span.end.line - 1
    return f"(to line {last})" if last > span.start.line else ""


def _help(text: str, gutter: int, palette: Palette) -> Iterator[str]:
    lines = text.splitlines() or [""]
    yield f"{' ' * gutter} {palette.frame}={palette.end} {palette.strong}help{palette.end}: {visible(lines[0])}"
    yield from (f"{' ' * (gutter + 9)}{visible(line)}".rstrip() for line in lines[1:])
