"""Standard -> verdicts: every configuration within a check's bounds, breadth first, and shortest traces for what fails.

Plain and small on purpose: this is the reference that faster engines are compared with.  `search` goes through the
space, `watching` notes findings, `sequences` looks for the standard's own runs, `exploring` asks and answers.
"""

from clausework.explore.exploring import MOST, explore, explore_flow, judged, witnesses
from clausework.explore.rules import RULES

__all__ = ["MOST", "RULES", "explore", "explore_flow", "judged", "witnesses"]
