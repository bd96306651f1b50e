"""How far an engine looks, whichever it is."""

import time
from dataclasses import dataclass, replace

from clausework.explore.search.breadth_first import Progress

MOST = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """`most` configurations (None: as many as the check says), bytes of `memory` (0: no bound), `seconds` (None: none).

    By so many `threads`.  `sample`: in how many bytes are bits that stand for configurations; 0: each is kept.
    """

    most: int | None = None
    progress: Progress | None = None
    memory: int = 0
    seconds: float | None = None
    threads: int = 1
    sample: int = 0

    def since(self, began: float) -> "Bounds":
        """What is left of the time, if there is a bound to it."""
        if self.seconds is None:
            return self
        return replace(self, seconds=max(0.0, self.seconds - (time.monotonic() - began)))


NONE = Bounds()
