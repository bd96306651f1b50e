"""One run at a time: gone step by step, there and back; kept as a sequence; found again from a trace; left to chance.

The search asks for everything, whoever walks asks for one thing after the other.  Both take their steps from the same
`Space`, so whatever can be walked is what the search goes through, and a path that was walked can be looked for again.
"""

from clausework.explore.walking.retracing import retraced
from clausework.explore.walking.sampling import sample
from clausework.explore.walking.saving import Saved, saved
from clausework.explore.walking.walk import Walk

__all__ = ["Saved", "Walk", "retraced", "sample", "saved"]
