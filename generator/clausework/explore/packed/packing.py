"""Configurations as words, and back: `unpacked(packed(c)) == c`, and equal configurations are equal words."""

from clausework.explore.packed.layout import WORD, Layout, Widths, arranged
from clausework.explore.packed.tables import WIRES, Tables
from clausework.semantics.configuration import Configuration


class Packing:
    """A layout that is arranged anew when something turns up that its fields are too narrow for."""

    def __init__(self, tables: Tables, word: int = WORD) -> None:
        self.tables = tables
        self.word = word
        self.layout: Layout = self._roomy(tables.widths())
        self._fitting = -1

    @property
    def outgrown(self) -> bool:
        if self._fitting == self.tables.numbered:  # as it is asked after each row, and most rows bring nothing new
            return False
        have, need = self.layout.widths, self.tables.widths()
        found = any(mine < wanted for mine, wanted in zip(have.fields(), need.fields(), strict=True))
        self._fitting = -1 if found else self.tables.numbered
        return found

    def widen(self) -> None:
        """So that all fits that has turned up; words packed before mean nothing any more."""
        self._fitting = -1
        have, need = self.layout.widths, self.tables.widths()
        both = Widths(
            parties=tuple(map(max, have.parties, need.parties)),
            wires=tuple(map(max, have.wires, need.wires)),
            codes=tuple(map(max, have.codes, need.codes)),
            left=need.left,
            room=need.room,
        )
        self.layout = min((self._roomy(need), self._roomy(both)), key=lambda layout: layout.words)

    def _roomy(self, widths: Widths) -> Layout:
        return arranged(widths.roomier(self.word), self.word)

    def packed(self, configuration: Configuration) -> tuple[int, ...]:
        """The words of a configuration; widens the layout if it has to."""
        parties, wires, left = self.tables.numbers(configuration)
        contents = self.tables.contents(configuration)
        self.tables.wired = self.tables.wired or any(wires)
        if self.outgrown:
            self.widen()
        return self.layout.packed(parties, wires, contents, left)

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
