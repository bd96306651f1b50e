"""Standard -> verdicts: every configuration within a check's bounds, breadth first, and shortest traces for what fails.

The reference, plain and small on purpose, is what faster engines are compared with: read `search`, which goes through
the space; `charts`, which holds runs against the sequences of the standard; `verdicts`, which says what became of all
that was asked; `refinement`, which says whether a flow stands for a larger one; and `exploring`, which puts them
together.

The rest stands on it.  `suggesting` asks the other way round: which transitions the sequences show, and which sequences
would show the others.  `packed` is the same search, compiled; `reducing` looks at one configuration of those that
differ in names only, and `orbits` has `packed` do so; `symbolic` looks at sets of them, not at each; `distributed` has
the workers of a cluster do together what `packed` does, but for runs; `walking` takes one run, step by step or by
chance; `explaining` says why one fails, `shrinking` shows it with fewer parties; `promela` writes a check for SPIN.
`recording` makes of explorations what is kept.
"""

from clausework.explore.exploring import explore, explore_flow, judged, witnesses
from clausework.explore.recording import recorded, shown
from clausework.explore.rules import RULES
from clausework.explore.suggesting.covering import coverage
from clausework.explore.verdicts.looking import MOST
from clausework.explore.verdicts.unexercised import never_exercised

__all__ = [
    "MOST",
    "RULES",
    "coverage",
    "explore",
    "explore_flow",
    "judged",
    "never_exercised",
    "recorded",
    "shown",
    "witnesses",
]
