"""Configurations as words, and back: `unpacked(packed(c)) == c`, and equal configurations are equal words."""

from dataclasses import replace

from clausework.explore.packed.layout import WORD, Layout, Widths, arranged
from clausework.explore.packed.observed import Remembers
from clausework.explore.packed.tables import WIRES, Tables
from clausework.semantics.configuration import Configuration

_LEAST_OF_A_RUN = 2


class Packing:
    """A layout that is arranged anew when something turns up that its fields are too narrow for."""

    def __init__(self, tables: Tables, word: int = WORD, observed: Remembers | None = None) -> None:
        self.tables = tables
        self.word = word
        self.observed = observed
        self.layout: Layout = self._roomy(self._widths())
        self._fitting: tuple[int, bool, int] | None = None

    @property
    def outgrown(self) -> bool:
        now = self.tables.numbered, self.tables.wired, len(self.observed.memories) if self.observed else 0
        if self._fitting == now:  # as it is asked after each row, and most rows bring nothing new
            return False
        have, need = self.layout.widths, self._widths()
        found = any(mine < wanted for mine, wanted in zip(have.fields(), need.fields(), strict=True))
        self._fitting = None if found else now
        return found

    def widen(self) -> None:
        """So that all fits that has turned up; words packed before mean nothing any more."""
        self._fitting = None
        have, need = self.layout.widths, self._widths()
        both = Widths(
            parties=tuple(map(max, have.parties, need.parties)),
            wires=tuple(map(max, have.wires, need.wires)),
            codes=tuple(map(max, have.codes, need.codes)),
            left=need.left,
            room=need.room,
            run=need.run,
        )
        self.layout = min((self._roomy(need), self._roomy(both)), key=lambda layout: layout.words)

    def _widths(self) -> Widths:
        if self.observed is None:
            return self.tables.widths()
        bits = max(_LEAST_OF_A_RUN, (len(self.observed.memories) - 1).bit_length())
        return replace(self.tables.widths(), run=(bits,))

    def _roomy(self, widths: Widths) -> Layout:
        return arranged(widths.roomier(self.word), self.word)

    def packed(self, configuration: Configuration, memory: int = 0) -> tuple[int, ...]:
        """The words of a configuration, with what is remembered there; widens the layout if it has to."""
        parties, wires, left = self.tables.numbers(configuration)
        contents = self.tables.contents(configuration)
        self.tables.wired = self.tables.wired or any(wires)
        if self.outgrown:
            self.widen()
        return self.layout.packed(parties, wires, contents, left, (memory,) if self.observed else ())

    def memory(self, words: tuple[int, ...]) -> int:
        """What is remembered, by its number."""
        return self.layout.run[0].read(words)

    def unpacked(self, words: tuple[int, ...]) -> Configuration:
        layout, tables = self.layout, self.tables
        return Configuration(
            parties=tuple(tables.states[party][field.read(words)] for party, field in enumerate(layout.parties)),
            wires=tuple(WIRES[field.read(words)] for field in layout.wires),
            queues=tuple(
                tuple(tables.codes[queue][code] for code in layout.content(queue, words))
                for queue in range(len(layout.queues))
            ),
            left=tuple(
                field.read(words) if fault.times is not None else None
                for field, fault in zip(layout.left, tables.space.system.check.faults, strict=True)
            ),
        )
