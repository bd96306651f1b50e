"""From the start to all that can be reached, and how many that is.

What is reached grows event by event, each from all that was reached before it (chaining), the events of a party again
and again until they lead to nothing new, before it's the next party's turn: that takes fewer rounds than one level
after the other, and smaller diagrams.
"""

import time
from dataclasses import dataclass, field
from itertools import groupby

from clausework.explore.packed.tables import Ask, Tables
from clausework.explore.search.breadth_first import Progress
from clausework.explore.symbolic.diagrams import Set
from clausework.explore.symbolic.fields import Fields
from clausework.explore.symbolic.learning import Learning, Outgrown
from clausework.explore.symbolic.ordering import ordered
from clausework.explore.symbolic.reacting import Reacting
from clausework.explore.symbolic.symbols import Symbols
from clausework.explore.symbolic.ways import Event, image
from clausework.semantics.space import Space

_AROUND_A_PARTY = (Ask.BY_ITSELF, Ask.TAKES)


@dataclass
class Reaching:
    """`run` makes `reached` what can be reached: all of it, unless `stopped` says why not.

    `seconds` is how long it may take, `memory` how many bytes (0: no limit).

    `rounds` and `restarts`: how often everybody had a turn, and how often fields had become too narrow.
    """

    space: Space
    progress: Progress | None = None
    seconds: float | None = None
    memory: int = 0
    rounds: int = 0
    restarts: int = 0
    stopped: str = ""
    interrupted: bool = False
    learning: Learning = field(init=False)
    reached: Set = field(init=False)

    def __post_init__(self) -> None:
        self.tables = Tables(self.space)
        self.tables.begin()
        self._began = time.monotonic()
        self._begin()

    @property
    def symbols(self) -> Symbols:
        return self.learning.symbols

    def _begin(self) -> None:
        """From the start, with fields that have room for all that has turned up, and for as much again."""
        fields = Fields(self.tables)
        start = fields.row(self.space.start())
        for party, states in enumerate(self.tables.states):
            for local in range(len(states)):
                fields.of_party(party, local)
        self.learning = Learning(Symbols(fields, fields.roomy(), ordered(fields)))
        self.reached = self.start = self.symbols.row(start)

    def run(self) -> None:
        """To the end or a limit; Ctrl-C stops it with what is known so far."""
        try:
            while not self.stopped and self._goes_on():
                self.rounds += 1
                if self.progress is not None:
                    self.progress(self.configurations(), 0, 0, 0)  # nobody counts levels, or looks at each
        except KeyboardInterrupt:
            self.stopped, self.interrupted = "interrupted", True

    def _goes_on(self) -> bool:
        try:
            return self._round()
        except Outgrown:
            self.restarts += 1
            self._begin()
            return True

    def _round(self) -> bool:
        """Everybody's turn once; false if nothing came of it that is new."""
        before = self.reached
        for numbers in self._turns():
            self._turn(numbers)
        learned = self.learning.ages(self.reached)
        for event in self.learning.happenings.others:
            self._happens(event)
        return learned or self.reached != before

    def _turns(self) -> list[list[int]]:
        """The numbers of what can be reacted to, by who does so; all else stands alone."""

        def around(numbered: tuple[int, Reacting]) -> int:
            number, event = numbered
            return event.party if event.kind in _AROUND_A_PARTY else -1 - number

        listed = enumerate(self.learning.happenings.reacting)
        return [[number for number, _ in each] for _, each in groupby(listed, key=around)]

    def _turn(self, numbers: list[int]) -> None:
        """Until it leads to nothing new."""
        while not self.stopped:
            before, learned = self.reached, False
            for number in numbers:
                learned |= self.learning.learn(self.learning.happenings.reacting[number], self.reached)
                self._happens(self.learning.happenings.reacting[number])
            if self.reached == before and not learned:
                return

    def _happens(self, event: Event) -> None:
        for way in event.ways():
            self.reached |= image(self.symbols, way, self.reached)
        if self.seconds is not None and time.monotonic() - self._began > self.seconds:
            self.stopped = f"more than {self.seconds:g} seconds"
        elif self.memory and self.symbols.diagrams.bytes > self.memory:
            self.stopped = f"more than {self.memory:,} bytes of memory"

    # -- how many

    def configurations(self) -> int:
        return self.symbols.diagrams.count(self.reached)

    def steps(self) -> int:
        """Steps from each of them to each, where several lead to the same one each of them."""
        events = self.learning.happenings.every
        return sum(self.symbols.diagrams.count(self.reached & going) for each in events for going in each.going())
