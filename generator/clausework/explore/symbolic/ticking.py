"""Time passes for everybody at once (R11)."""

from collections.abc import Iterator

from clausework.explore.symbolic.diagrams import Set
from clausework.explore.symbolic.network import Network
from clausework.explore.symbolic.symbols import Moment
from clausework.explore.symbolic.ways import Way


class Tick:
    """A relation for each party, over those of its parts that grow older; all of them together are the step."""

    def __init__(self, network: Network, guard: Set) -> None:
        self.network, self.symbols, self.guard = network, network.symbols, guard
        many = len(self.symbols.fields.parts)
        self.asked = [self.symbols.none] * many
        self.late = [self.symbols.none] * many
        self.changes = [self.symbols.none] * many
        self._older: list[dict[int, int]] = [{} for _ in range(many)]
        self._way: Way | None = None

    def learn(self, party: int, state: int, older: int | None) -> None:
        where = self.symbols.row(self.symbols.fields.row_of(party, state))
        self.asked[party] |= where
        if older is None:
            self.late[party] |= where
            return
        self._older[party][state] = older
        if older != state:
            self.changes[party] |= where
        self._way = None

    @property
    def progress(self) -> Set:
        diagrams = self.symbols.diagrams
        return self.guard & diagrams.union(self.changes) & ~diagrams.union(self.late) & ~self._urgent()

    def _urgent(self) -> Set:
        fields, now = self.symbols.fields, Moment(self.symbols)
        if not fields.tables.space.system.check.urgent:
            return self.symbols.none
        return self.symbols.diagrams.union(
            ~self.network.is_empty(now, queue) & self.network.sees(queue // 2, queue % 2)
            for queue in range(len(fields.queues))
        )

    def ways(self) -> tuple[Way, ...]:
        if self._way is None:
            relation, touched = self.progress, set()
            for party, older in enumerate(self._older):
                parts = self._growing(party, older)
                touched |= parts
                if parts:
                    relation &= self._relation(party, older, parts)
            self._way = Way(relation, frozenset(self.symbols.names(touched)))
        return (self._way,)

    def _growing(self, party: int, older: dict[int, int]) -> set[int]:
        found = set()
        for state, then in older.items():
            before, later = self.symbols.fields.row_of(party, state), self.symbols.fields.row_of(party, then)
            found |= {part for part in before if before[part] != later[part]}
        return found

    def _relation(self, party: int, older: dict[int, int], parts: set[int]) -> Set:
        rows = (
            (self.symbols.fields.row_of(party, state), self.symbols.fields.row_of(party, then))
            for state, then in older.items()
        )
        return self.symbols.diagrams.union(
            self.symbols.row(before) & self.symbols.later_row({part: then[part] for part in parts})
            for before, then in rows
        )

    def going(self) -> Iterator[Set]:
        yield self.progress

    def free(self) -> Set:
        return self.progress

    def blocked(self) -> Set:
        return self.symbols.none
