"""What is noted while the search goes by, where it is first seen: findings of steps, properties, hanging sessions."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from clausework.explore.matching import Matcher
from clausework.expr import nodes
from clausework.model.about import About
from clausework.model.machine import Command, Restored
from clausework.model.sequence import Always, LeadsTo, Nowhere, Possible, Precedes, Property, Settled, Unchanged
from clausework.model.states import ancestry
from clausework.semantics.configuration import UP, Configuration, PartyState
from clausework.semantics.events import Commanded
from clausework.semantics.session import Session, session_holds, sessions
from clausework.semantics.space import PROGRESS, Space, Step


@dataclass(frozen=True, slots=True)
class Seen:
    """Where something was first seen: a configuration, and the step out of it that showed it, if it was one."""

    number: int
    step: Step | None = None
    text: str = ""
    about: About | None = None
    session: Session | None = None


@dataclass
class Watch:
    """`findings` by kind and text; `broken` and `shown` by property; `stuck` by session; `blocked` by queue."""

    space: Space
    properties: tuple[Property, ...]
    findings: dict[tuple[str, str], Seen] = field(default_factory=dict)
    broken: dict[str, Seen] = field(default_factory=dict)
    shown: dict[str, dict[int, Seen]] = field(default_factory=dict)
    stuck: dict[str, Seen] = field(default_factory=dict)
    blocked: dict[int, Seen] = field(default_factory=dict)
    full_cycle: Seen | None = None
    quiescent: int = 0

    def __post_init__(self) -> None:
        system = self.space.system
        self.sessions = sessions(system, system.flow)
        self.all_sessions = [session for flow in system.flows for session in sessions(system, flow)]
        self.matchers = [Matcher(self.space, session) for session in self.sessions]
        self._known: dict[tuple[int, int, tuple[int, ...]], bool] = {}
        self._resting: dict[tuple[int, str, bool], bool] = {}

    # -- called by the search

    def configuration(self, number: int, configuration: Configuration, steps: list[Step]) -> None:
        for step in steps:
            self._step(number, step)
        self._properties(number, configuration)
        if not any(step.label.kind in PROGRESS for step in steps):
            self.quiescent += 1
            self._quiet(number, configuration, steps)
        elif self.full_cycle is None and steps and all(step.blocked is not None for step in steps):
            self.full_cycle = Seen(number)

    def _step(self, number: int, step: Step) -> None:
        for found in step.reaction.findings if step.reaction is not None else ():
            self.findings.setdefault((found.kind, found.text), Seen(number, step, found.text, found.about))
        if step.blocked is not None:
            self.blocked.setdefault(step.blocked, Seen(number, step))
        for each in self.properties:
            claim = each.claim
            if isinstance(claim, Nowhere) and claim.happening.event is not None and each.name not in self.broken:
                for matcher in self.matchers:
                    if matcher.contains(step, claim.happening.event):
                        self.broken[each.name] = Seen(number, step, session=matcher.session)

    def _properties(self, number: int, configuration: Configuration) -> None:
        for index, each in enumerate(self.properties):
            claim = each.claim
            match claim:
                case Always(condition=condition):
                    self._expect(index, each, condition, number, configuration, wanted=True)
                case Nowhere():
                    if claim.happening.condition is not None:
                        self._expect(index, each, claim.happening.condition, number, configuration, wanted=False)
                case Possible(condition=condition):
                    seen = self.shown.setdefault(each.name, {})
                    for place, session in enumerate(self.sessions):
                        if place not in seen and self._holds(index, condition, place, configuration):
                            seen[place] = Seen(number, session=session)

    def _expect(
        self,
        index: int,
        each: Property,
        condition: nodes.Expr,
        number: int,
        configuration: Configuration,
        *,
        wanted: bool,
    ) -> None:
        if each.name in self.broken:
            return
        for place, session in enumerate(self.sessions):
            if self._holds(index, condition, place, configuration) is not wanted:
                self.broken[each.name] = Seen(number, session=session)
                return

    def _quiet(self, number: int, configuration: Configuration, steps: list[Step]) -> None:
        if all(wire == UP for wire in configuration.wires):
            for index, each in enumerate(self.properties):
                if isinstance(each.claim, Settled):
                    self._expect(index, each, each.claim.condition, number, configuration, wanted=True)
        able = {
            (step.label.party, step.label.event.instance) for step in steps if isinstance(step.label.event, Commanded)
        }
        for session in self.all_sessions:
            self._stuck(number, configuration, session, able)

    def _stuck(self, number: int, configuration: Configuration, session: Session, able: set[tuple[int, int]]) -> None:
        members = [(session.parties[path[0]], instance, path) for path, instance in session.instances.items()]
        if any((party, instance.number) in able for party, instance, _ in members):
            return
        for party, instance, path in members:
            state = self.space.party(configuration, party)
            leaf = state.instances[instance.number].state
            if not self._rests(instance.machine, leaf, state):
                machine = self.space.system.programs[instance.machine].machine
                text = f"`{path[0]}` stays in `{leaf}` for ever: nothing is in flight, no timer runs"
                about = next(each.about for each in machine.states if each.name == leaf)
                self.stuck.setdefault(f"{machine.flow}.{machine.name} {leaf}", Seen(number, None, text, about, session))
                return

    def _rests(self, machine: int, leaf: str, state: PartyState) -> bool:
        """A place where one may stay: initial, final, with commands, said to be; or waiting for a link that is gone."""
        unseen = any(link.number not in state.seen for link in self.space.system.links)
        key = (machine, leaf, unseen)
        if key not in self._resting:
            self._resting[key] = self._is_resting(machine, leaf, unseen)
        return self._resting[key]

    def _is_resting(self, number: int, leaf: str, unseen: bool) -> bool:
        program = self.space.system.programs[number]
        machine = program.machine
        around = ancestry(machine, leaf)
        states = [each for each in machine.states if each.name in around]
        if leaf == self.space.system.initial(number).state or any(each.final or each.rests for each in states):
            return True
        inside = set(program.scopes[leaf])
        triggers = [way.handler.trigger for way in program.ways if way.handler.scope in inside]
        return any(isinstance(each, Command) or (unseen and isinstance(each, Restored)) for each in triggers)

    # -- conditions, remembered by what they read

    def _holds(self, index: int, condition: nodes.Expr, place: int, configuration: Configuration) -> bool:
        session = self.sessions[place]
        key = (index, place, tuple(configuration.parties[party] for party in session.parties.values()))
        known = self._known.get(key)
        if known is None:
            states = tuple(self.space.party(configuration, each) for each in range(len(configuration.parties)))
            known = self._known[key] = session_holds(condition, self.space.system, session, states)
        return known


def not_looked_at(properties: tuple[Property, ...]) -> Iterator[Property]:
    """Claims that need more than reachability: read and checked, not explored by this search."""
    for each in properties:
        past = isinstance(each.claim, Precedes)
        if isinstance(each.claim, LeadsTo | Unchanged) or each.provided or (each.unless and not past):
            yield each
