"""What must not be there, and what is asked for, as sets of configurations: those of them that can be reached.

Nothing is decided twice: of each set one nearest configuration is handed to the reference's own watcher, which judges
it.  What a condition says of instances, and who rests where, is asked of the reference too, state by state.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from clausework.explore.packed.tables import Ask
from clausework.explore.symbolic.diagrams import Set
from clausework.explore.symbolic.reaching import Reaching
from clausework.explore.symbolic.symbols import Moment
from clausework.explore.symbolic.ways import preimage
from clausework.explore.verdicts.watching import Watch
from clausework.expr import nodes
from clausework.model.sequence import Always, Event, IsIn, Nowhere, Possible, Property, Settled
from clausework.semantics.configuration import UP, InstanceState, Open, PartyState
from clausework.semantics.events import Commanded
from clausework.semantics.requests import remembered
from clausework.semantics.session import Session, session_holds
from clausework.semantics.space import Step
from clausework.semantics.system import Instance

MOST_TOGETHER = 100_000
"""States of the instances that a condition speaks of, together; of more it isn't asked."""


class Judging:
    """Of a search that is through.  `unasked`: the properties that speak of too much at once."""

    def __init__(self, reaching: Reaching, watch: Watch) -> None:
        self.reaching, self.watch = reaching, watch
        self.symbols, self.fields = reaching.symbols, reaching.symbols.fields
        self.space = reaching.space
        self.system = self.space.system
        self.diagrams = self.symbols.diagrams
        self.happenings = reaching.learning.happenings
        self.network = self.happenings.network
        self.reached = reaching.reached
        self.unasked: set[str] = set()
        progress = self.diagrams.union(each.progress for each in self.happenings.every)
        self.quiescent = self.reached & ~progress
        self._full_cycle = self.reached & progress & ~self.diagrams.union(each.free() for each in self.happenings.every)

    def sets(self) -> Iterator[Set]:
        """All that there is something to be seen in, none of them empty."""
        for found in self._every():
            if found != self.symbols.none:
                yield found

    def _every(self) -> Iterator[Set]:
        yield from self._findings()
        for each in self.watch.properties:
            yield from self._of_property(each)
        for session in self.watch.all_sessions:
            yield from self._stuck(session)
        yield from self._left_over()
        yield self.reached & self.diagrams.union(each.blocked() for each in self.happenings.every)
        yield self._full_cycle

    # -- what steps show

    def _steps(self, shows: Callable[[Step], object]) -> dict[object, Set]:
        """Where something shows, by what it is that is shown; nothing of it may be reached."""
        found: dict[object, Set] = {}
        for event in self.happenings.reacting:
            for row, where in event.rows.items():
                for known in self.reaching.tables.reactions(row):
                    shown = shows(Step(known.label, None, known.reaction))
                    if shown:
                        found[shown] = found.get(shown, self.symbols.none) | (where & event.guard)
        return found

    def _findings(self) -> Iterator[Set]:
        def kinds(step: Step) -> object:
            return tuple((found.kind, found.text) for found in (step.reaction.findings if step.reaction else ()))

        yield from (self.reached & where for where in self._steps(kinds).values())

    def exercise(self) -> None:
        """Tells the watcher of every reaction that happens."""
        busy = self.reaching.learning.busy
        for event in self.happenings.reacting:
            for group in event.groups.values():
                guard = event.guard & group.fits
                hidden = event.hidden if not busy else ()
                here = self.diagrams.both_without(hidden, self.reached, guard)
                for where, reaction in group.reactions:
                    if here & self.diagrams.without(hidden, where) != self.symbols.none:
                        self.watch.exercise.step(event.party, reaction, happened=True)

    # -- properties

    def _of_property(self, stated: Property) -> Iterator[Set]:
        match stated.claim:
            case Always(condition=condition):
                yield from self._where(stated, condition, self.reached, holds=False)
            case Settled(condition=condition):
                yield from self._where(stated, condition, self.quiescent & self.network.calm(), holds=False)
            case Possible(condition=condition):
                yield from self._where(stated, condition, self.reached, holds=True)
            case Nowhere(happening=happening):
                if happening.condition is not None:
                    yield from self._where(stated, happening.condition, self.reached, holds=True)
                if isinstance(happening.event, IsIn):
                    for into in self._where(stated, happening.event.condition, self.reached, holds=True):
                        yield self.reached & self._before(into)
                elif happening.event is not None:
                    yield from self._of_event(happening.event)

    def _before(self, into: Set) -> Set:
        ways = (way for event in self.happenings.every for way in event.ways())
        return self.diagrams.union(preimage(self.symbols, way, into) for way in ways)

    def _of_event(self, event: Event) -> Iterator[Set]:
        def contains(step: Step) -> object:
            return any(matcher.contains(step, event) for matcher in self.watch.matchers)

        yield from (self.reached & where for where in self._steps(contains).values())

    def _where(self, stated: Property, condition: nodes.Expr, among: Set, *, holds: bool) -> Iterator[Set]:
        """For each session, where the condition holds, or doesn't."""
        for session in self.watch.sessions:
            places = self._spoken(condition, session)
            shown = self.diagrams.without(self.symbols.others(places.values()), among)
            found = []
            for many, assignment in enumerate(self.diagrams.each(shown, self.symbols.names(places.values()))):
                if many == MOST_TOGETHER:
                    self.unasked.add(str(stated.name))
                    break
                row = self.symbols.read(assignment, places.values())
                if self._holds(condition, session, places, row) is holds:
                    found.append(self.symbols.row(row))
            yield among & self.diagrams.union(found)

    def _spoken(self, condition: nodes.Expr, session: Session) -> dict[tuple[int, int], int]:
        """The fields of the instances that a condition speaks of, by party and number."""
        found = {}
        for of in nodes.walk_values(condition):
            if isinstance(of, nodes.Of):
                path = (str(of.lifeline), str(of.flow), str(of.machine))
                instance = session.instances.get(path)
                if instance is not None:
                    party = session.parties[path[0]]
                    found[party, instance.number] = self.fields.parts[party][instance.number]
        return found

    def _holds(
        self, condition: nodes.Expr, session: Session, places: dict[tuple[int, int], int], row: dict[int, int]
    ) -> bool:
        states = [list(self.system.start(party).instances) for party in range(len(self.system.parties))]
        for (party, number), place in places.items():
            states[party][number] = self._state(place, row[place])
        parties = tuple(PartyState(tuple(each), frozenset()) for each in states)
        return session_holds(condition, self.system, session, parties)

    def _state(self, place: int, number: int) -> InstanceState:
        found = self.fields.values[place].listed[number]
        assert isinstance(found, InstanceState)
        return found

    # -- where nothing happens by itself

    def _stuck(self, session: Session) -> Iterator[Set]:
        """By the first of the session that doesn't rest, and its state."""
        members = [(session.parties[path[0]], instance) for path, instance in session.instances.items()]
        hanging = self.quiescent
        for party, instance in members:
            hanging &= ~self._able(party, instance.number)
        for party, instance in members:
            waiting: dict[str, Set] = {}
            for state, where in self._states(party, instance):
                here = where & ~self._rests(party, instance, state)
                waiting[state.state] = waiting.get(state.state, self.symbols.none) | here
            yield from (hanging & where for where in waiting.values())
            hanging &= ~self.diagrams.union(waiting.values())

    def _able(self, party: int, number: int) -> Set:
        """Where an instance can be asked for something."""
        found = self.symbols.none
        for event in self.happenings.reacting:
            if event.kind is Ask.BY_ITSELF and event.party == party:
                for row, where in event.rows.items():
                    events = (known.label.event for known in self.reaching.tables.reactions(row))
                    if any(isinstance(each, Commanded) and each.instance == number for each in events):
                        found |= where & event.guard
        return found

    def _states(self, party: int, instance: Instance) -> Iterator[tuple[InstanceState, Set]]:
        place = self.fields.parts[party][instance.number]
        for number in range(len(self.fields.values[place].listed)):
            yield self._state(place, number), self.symbols.is_(place, number)

    def _rests(self, party: int, instance: Instance, state: InstanceState) -> Set:
        """It may rest because one link or another isn't seen: each is asked after alone."""
        whole = self.system.start(party)
        inside = list(whole.instances)
        inside[instance.number] = state
        links = {link.number: (link.client, link.server).index(party) for link in self.system.links_of(party)}
        seen = frozenset(links) if self.fields.wired else whole.seen
        if self.watch.resting.rests(party, instance, replace(whole, instances=tuple(inside), seen=seen)):
            return self.symbols.all
        found = self.symbols.none
        for link, end in links.items() if self.fields.wired else ():
            without = replace(whole, instances=tuple(inside), seen=seen - {link})
            if self.watch.resting.rests(party, instance, without):
                found |= ~self.network.sees(link, end)
        return found

    def _left_over(self) -> Iterator[Set]:
        """Messages that wait in a machine, requests that nobody will answer."""
        for party, inside in enumerate(self.system.instances):
            for instance in inside:
                unread: dict[str, Set] = {}
                for state, where in self._states(party, instance):
                    if state.deferred:
                        unread[state.state] = unread.get(state.state, self.symbols.none) | where
                    for open_ in state.open:
                        yield self.quiescent & where & self._never_answered(party, open_)
                yield from (self.quiescent & where for where in unread.values())

    def _never_answered(self, party: int, open_: Open) -> Set:
        link = self.system.links[open_.link]
        up = self.network.wire(Moment(self.symbols), open_.link, UP)
        kept = self._any(
            party, lambda state: any(at == open_.link and said.request == open_.id for at, said in state.deferred)
        )
        asked = (open_.link, open_.id)
        known = self._any(
            link.other(party), lambda state: asked in remembered(self.system, PartyState((state,), frozenset()))
        )
        return up & ~kept & ~known

    def _any(self, party: int, wanted: Callable[[InstanceState], bool]) -> Set:
        """Where one of a party's instances is as wanted."""
        instances = self.system.instances[party]
        states = (pair for instance in instances for pair in self._states(party, instance))
        return self.diagrams.union(where for state, where in states if wanted(state))
