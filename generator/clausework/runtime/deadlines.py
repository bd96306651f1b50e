"""When which timer of which instance expires; entries that no longer hold are cleaned up in passing."""

from collections.abc import Callable
from heapq import heapify, heappop, heappush

from clausework.runtime.plan import Key, Placed

Rank = tuple[int, tuple[str, ...], str, int]
Entry = tuple[float, Rank, Placed, Key, str]


class Deadlines:
    """`holds` says whether an entry's timer still runs, until that very moment."""

    __slots__ = ("_count", "_entries", "_holds", "_roomy")

    def __init__(self, holds: Callable[[Entry], bool]) -> None:
        self._entries: list[Entry] = []
        self._count = 0
        self._roomy = 64
        self._holds = holds

    def add(self, at: float, placed: Placed, key: Key, timer: str) -> None:
        self._count += 1
        rank = placed.number, tuple(map(str, key)), timer, self._count
        heappush(self._entries, (at, rank, placed, key, timer))
        if len(self._entries) > self._roomy:
            self._clean()

    def first(self) -> Entry | None:
        """The earliest; of two at the same moment the one of the first machine and key: so it is after a crash, too."""
        while self._entries:
            if self._holds(self._entries[0]):
                return self._entries[0]
            heappop(self._entries)
        return None

    def _clean(self) -> None:
        """Timers that were stopped or started anew can't pile up: a peer may make us do that without end."""
        seen: set[tuple[float, int, Key, str]] = set()
        kept = []
        for entry in sorted(self._entries, key=lambda each: each[:2]):
            at, _, placed, key, timer = entry
            if (at, placed.number, key, timer) not in seen and self._holds(entry):
                seen.add((at, placed.number, key, timer))
                kept.append(entry)
        self._entries = kept
        heapify(self._entries)
        self._roomy = max(64, 2 * len(kept))
