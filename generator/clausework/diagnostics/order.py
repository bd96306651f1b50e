"""The order in which findings are told, and how many there are: the same on every machine, in every format."""

from collections import Counter
from collections.abc import Iterable

from clausework.diagnostics.diagnostic import Diagnostic, Severity


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By file, line, column; first those that have no place, since without their file nothing else makes sense."""
    return tuple(sorted(diagnostics, key=_key))


def tally(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`; `no findings` if there are none."""
    counts = Counter(diagnostic.severity for diagnostic in diagnostics)
    parts = [
        f"{counts[severity]} {severity}{'s' * (counts[severity] > 1)}" for severity in Severity if counts[severity]
    ]
    return ", ".join(parts) or "no findings"


def _key(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    span = diagnostic.span
    if span is None:
        return ("", 0, 0, diagnostic.rule.slug, diagnostic.message)
    return (span.source.path, span.start.line, span.start.column, diagnostic.rule.slug, diagnostic.message)
