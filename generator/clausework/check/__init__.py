"""Standard -> findings on its text: what can be seen without exploring.

One module per family of rules; `CHECKS` is all of them, in the order in which they are run.
"""

from collections.abc import Callable, Iterator

from clausework.check.branches import check_branches
from clausework.check.reachability import check_reachability
from clausework.check.rules import RULES
from clausework.check.sources import check_sources
from clausework.check.uses import check_uses
from clausework.check.waking import check_waking
from clausework.diagnostics import Diagnostic
from clausework.model.standard import Standard

CHECKS: tuple[Callable[[Standard], Iterator[Diagnostic]], ...] = (
    check_reachability,
    check_waking,
    check_branches,
    check_uses,
    check_sources,
)


def check(standard: Standard) -> Iterator[Diagnostic]:
    """All findings; what a standard imports has been checked in its own place."""
    for each in CHECKS:
        yield from each(standard)


__all__ = ["CHECKS", "RULES", "check"]
