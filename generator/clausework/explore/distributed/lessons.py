"""What tables tell, written down for whoever isn't there: the same numbers mean the same to every partition then.

Why not tables in each worker: parties number their states in the order of finding, which is another one everywhere, so
that words of one worker would mean nothing to the next; and each would ask `semantics` for all that one has asked for.
A dictionary kept in one place costs a message where something is new, which gets rare soon.  The other way, to send
configurations in full, would make them twenty times as long, and each would have to be looked up on both ends.
"""

from collections.abc import Sequence

from clausework.explore.packed.engine import ALONE, Engine
from clausework.explore.packed.layout import Layout
from clausework.explore.packed.tables import Tables
from clausework.explore.packed.views import View

Lesson = tuple[str, *tuple[int | bytes, ...]]
"""A function of the engine, and what it's told by it."""


class Lessons(Engine):
    """Listens to tables as an engine does, and is told the same; but doesn't search."""

    def __init__(self, tables: Tables, views: tuple[View, ...], layout: Layout) -> None:
        self._lessons: list[Lesson] = []
        self._new = 0
        super().__init__(tables, views, layout.words, parents=True)
        for row in list(tables.rows):
            self.add(*row.asked())

    def _tell(self, function: str, *told: int | bytes) -> None:
        self._lessons.append((function, *told))

    @property
    def described(self) -> Sequence[int]:
        return self._described(parents=True, crew=ALONE)

    def all(self) -> Sequence[Lesson]:
        self._new = len(self._lessons)
        return self._lessons

    def new(self) -> Sequence[Lesson]:
        """Those since the last time."""
        before, self._new = self._new, len(self._lessons)
        return self._lessons[before:]
