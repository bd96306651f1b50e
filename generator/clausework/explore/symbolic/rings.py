"""Shortest ways: the configurations by how many steps away from the start they are, ring around ring.

Only as many rings as are needed, and only where there is something to be shown, or little enough for all of them: what
can be reached is found without, as on the benchmark model all rings take 3 times as long where there are 200,000
configurations, and 30 times where there are 90 million.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from clausework.explore.symbolic.diagrams import Set
from clausework.explore.symbolic.reaching import Reaching
from clausework.explore.symbolic.ways import Way, image, preimage
from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Step


@dataclass
class Rings:
    """Of a search that is through: `rings[k]` can be reached in k steps, and in no fewer."""

    reaching: Reaching
    rings: list[Set] = field(init=False)

    def __post_init__(self) -> None:
        self.symbols = self.reaching.symbols
        self.rings = [self.reaching.start]
        self._inside = self.reaching.start

    def nearest(self, wanted: Set) -> int:
        """How many steps it is to the first of a set of which some can be reached."""
        distance = 0
        while self.rings[distance] & wanted == self.symbols.none:
            distance += 1
            if distance == len(self.rings):
                self._grow()
        return distance

    def levels(self) -> int:
        """How many rings there are."""
        while self._inside != self.reaching.reached:
            self._grow()
        return len(self.rings)

    def _ways(self) -> tuple[Way, ...]:
        return tuple(way for event in self.reaching.learning.happenings.every for way in event.ways())

    def _grow(self) -> None:
        outmost = self.rings[-1]
        following = self.symbols.diagrams.union(image(self.symbols, way, outmost) for way in self._ways())
        self.rings.append(following & ~self._inside)
        assert self.rings[-1] != self.symbols.none, "what is looked for can be reached"
        self._inside |= following

    def way(self, wanted: Set) -> list[Configuration]:
        """The configurations from the start to a nearest one of a set."""
        distance = self.nearest(wanted)
        found = [self._one(self.rings[distance] & wanted)]
        for ring in reversed(self.rings[:distance]):
            origins = (preimage(self.symbols, way, found[-1]) & ring for way in self._ways())
            found.append(self._one(next(each for each in origins if each != self.symbols.none)))
        return [self._configuration(each) for each in reversed(found)]

    def _one(self, of: Set) -> Set:
        """The set of one of them: the first by its bits, whatever the order of the variables is."""
        for names in self.symbols.variables:
            for name in names:
                bit = self.symbols.diagrams.is_set(name)
                without = of & ~bit
                of = without if without != self.symbols.none else of & bit
        return of

    def _configuration(self, one: Set) -> Configuration:
        fields = self.symbols.fields
        assignment = self.symbols.diagrams.some(one, self.symbols.diagrams.variables)
        return fields.configuration(self.symbols.read(assignment, range(len(fields.names))))

    def steps(self, configurations: list[Configuration]) -> list[Step]:
        return [
            next(step for step in self.reaching.space.steps(before) if step.target == after)
            for before, after in pairwise(configurations)
        ]
