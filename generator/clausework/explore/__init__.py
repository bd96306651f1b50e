"""Standard -> verdicts: every configuration within a check's bounds, breadth first, and shortest traces for what fails.

Plain and small on purpose: this is the reference that faster engines are compared with.  `search` goes through the
space, `watching` notes what is seen by the way; from both (`looking`) come `findings`, `answers` to properties and
`figures`, the verdicts on sequences; `exploring` puts them together.  Claims about runs are searched for with an
observer that remembers what they need (`observing`); what goes on for ever is found in `cycles`.  `covering` asks the
other way round: which transitions the sequences show, and which sequences would show the others.  `packed` is the same
search, compiled, for what single configurations and steps show; `reducing` looks at one configuration of those that
differ in names only; `walking` takes one run, step by step or by chance; `explaining` says why one fails; `promela`
writes a check for SPIN.  `recording` makes of explorations what is kept of them.
"""

from clausework.explore.covering import coverage
from clausework.explore.exploring import explore, explore_flow, judged, witnesses
from clausework.explore.looking import MOST
from clausework.explore.recording import recorded, shown
from clausework.explore.rules import RULES
from clausework.explore.unexercised import never_exercised

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
