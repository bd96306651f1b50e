"""Fields as variables of decision diagrams, and a moment as functions of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clausework.explore.symbolic.diagrams import Bits, Diagrams, Set, after
from clausework.explore.symbolic.fields import Fields


class Symbols:
    """Fields of these widths, in this order: those that change together should stand together."""

    def __init__(self, fields: Fields, widths: list[int], order: Iterable[int]) -> None:
        self.fields, self.widths = fields, widths
        self.variables = [tuple(f"{place}.{bit}" for bit in range(width)) for place, width in enumerate(widths)]
        self.diagrams = Diagrams(name for place in order for name in self.variables[place])
        self.none, self.all = self.diagrams.none, self.diagrams.all
        self._now = [tuple(self.diagrams.is_set(name) for name in names) for names in self.variables]

    def now(self, place: int) -> Bits:
        return self._now[place]

    def constant(self, place: int, value: int) -> Bits:
        assert not value >> self.widths[place], f"{value} doesn't fit into {self.fields.names[place]}"
        return tuple(self.all if value >> bit & 1 else self.none for bit in range(self.widths[place]))

    def equal(self, bits: Bits, value: int) -> Set:
        found = self.all
        for bit, each in enumerate(bits):
            found &= each if value >> bit & 1 else ~each
        return found

    def is_(self, place: int, value: int) -> Set:
        return self.row({place: value})

    def row(self, values: Mapping[int, int]) -> Set:
        """Where fields have these values."""
        return self.diagrams.cube(self._cube(values))

    def later_row(self, values: Mapping[int, int]) -> Set:
        return self.diagrams.cube({after(name): value for name, value in self._cube(values).items()})

    def _cube(self, values: Mapping[int, int]) -> dict[str, bool]:
        return {
            name: bool(value >> bit & 1)
            for place, value in values.items()
            for bit, name in enumerate(self.variables[place])
        }

    def names(self, places: Iterable[int]) -> set[str]:
        return {name for place in places for name in self.variables[place]}

    def read(self, assignment: Mapping[str, bool], places: Iterable[int]) -> dict[int, int]:
        return {
            place: sum(1 << bit for bit, name in enumerate(self.variables[place]) if assignment[name])
            for place in places
        }

    def others(self, places: Iterable[int]) -> set[str]:
        """The variables of all other fields."""
        return set(self.diagrams.variables) - self.names(places)


@dataclass
class Moment:
    """What fields are, as functions of what they were; those that aren't in `changed` are as before."""

    symbols: Symbols
    changed: dict[int, Bits] = field(default_factory=dict)

    def copy(self) -> "Moment":
        return Moment(self.symbols, dict(self.changed))

    def of(self, place: int) -> Bits:
        return self.changed.get(place) or self.symbols.now(place)

    def is_(self, place: int, value: int) -> Set:
        return self.symbols.equal(self.of(place), value)

    def put(self, place: int, bits: Bits, where: Set | None = None) -> None:
        """What the field is, `where` that is so: elsewhere it stays what it was."""
        if where is not None:
            either = self.symbols.diagrams.either
            bits = tuple(either(where, new, old) for new, old in zip(bits, self.of(place), strict=True))
        self.changed[place] = bits

    def put_number(self, place: int, value: int, where: Set | None = None) -> None:
        self.put(place, self.symbols.constant(place, value), where)

    def relation(self) -> Set:
        """How the fields that change are before and after."""
        diagrams, found = self.symbols.diagrams, self.symbols.all
        for place, bits in self.changed.items():
            for name, bit in zip(self.symbols.variables[place], bits, strict=True):
                found &= diagrams.same(diagrams.is_set(after(name)), bit)
        return found
