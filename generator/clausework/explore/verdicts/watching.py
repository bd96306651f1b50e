"""What is noted while the search goes by, where it is first seen: findings of steps, properties, hanging sessions."""

from dataclasses import dataclass, field

from clausework.explore.charts.matching import Matcher
from clausework.explore.verdicts.exercising import Exercise
from clausework.explore.verdicts.resting import Resting
from clausework.expr import nodes
from clausework.model.about import About
from clausework.model.sequence import Always, Nowhere, Possible, Property, Settled
from clausework.semantics.configuration import UP, Configuration, Open
from clausework.semantics.events import Commanded
from clausework.semantics.requests import remembered
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


_Who = tuple[int, int]


@dataclass
class Watch:
    """`findings` by kind and text; `broken` and `shown` by property; `blocked` by queue.

    `stuck`, `unread` and `unanswered` by machine and state.
    """

    space: Space
    properties: tuple[Property, ...]
    findings: dict[tuple[str, str], Seen] = field(default_factory=dict)
    broken: dict[str, Seen] = field(default_factory=dict)
    shown: dict[str, dict[int, Seen]] = field(default_factory=dict)
    stuck: dict[str, Seen] = field(default_factory=dict)
    unread: dict[str, Seen] = field(default_factory=dict)
    unanswered: dict[str, Seen] = field(default_factory=dict)
    blocked: dict[int, Seen] = field(default_factory=dict)
    full_cycle: Seen | None = None
    quiescent: int = 0

    def __post_init__(self) -> None:
        system = self.space.system
        self.sessions = sessions(system, system.flow)
        self.all_sessions = [session for flow in system.flows for session in sessions(system, flow)]
        self.matchers = [Matcher(self.space, session) for session in self.sessions]
        self.resting = Resting(system)
        self.exercise = Exercise(system)
        self.progress = PROGRESS | ({"open"} if system.check.reconnects else frozenset())
        self._known: dict[tuple[int, int, tuple[int, ...]], bool] = {}
        self._never = [
            (each, each.claim.happening.event, each.claim.happening.condition)
            for each in self.properties
            if isinstance(each.claim, Nowhere)
        ]

    # -- called by the search

    def configuration(self, number: int, configuration: Configuration, steps: list[Step]) -> None:
        for step in steps:
            self._step(number, step)
        self._properties(number, configuration)
        if not any(step.label.kind in self.progress for step in steps):
            self.quiescent += 1
            self._quiet(number, configuration, steps)
        elif self.full_cycle is None and steps and all(step.blocked is not None for step in steps):
            self.full_cycle = Seen(number)

    def _step(self, number: int, step: Step) -> None:
        if step.reaction is not None:
            self.exercise.step(step.label.party, step.reaction, happened=step.target is not None)
            for found in step.reaction.findings:
                self.findings.setdefault((found.kind, found.text), Seen(number, step, found.text, found.about))
        if step.blocked is not None:
            self.blocked.setdefault(step.blocked, Seen(number, step))
        for each, event, _ in self._never:
            if event is not None and each.name not in self.broken:
                for matcher in self.matchers:
                    if matcher.contains(step, event):
                        self.broken[each.name] = Seen(number, step, session=matcher.session)

    def _properties(self, number: int, configuration: Configuration) -> None:
        for index, each in enumerate(self.properties):
            match each.claim:
                case Always(condition=condition):
                    self._expect(index, condition, number, configuration, wanted=True)
                case Nowhere(happening=happening) if happening.condition is not None:
                    self._expect(index, happening.condition, number, configuration, wanted=False)
                case Possible(condition=condition):
                    seen = self.shown.setdefault(each.name, {})
                    for place, session in enumerate(self.sessions):
                        if place not in seen and self.holds(index, condition, place, configuration):
                            seen[place] = Seen(number, session=session)

    def _expect(self, index: int, condition: nodes.Expr, number: int, at: Configuration, *, wanted: bool) -> None:
        name = self.properties[index].name
        for place, session in enumerate(self.sessions if name not in self.broken else ()):
            if self.holds(index, condition, place, at) is not wanted:
                self.broken[name] = Seen(number, session=session)
                return

    # -- where nothing happens by itself

    def _quiet(self, number: int, configuration: Configuration, steps: list[Step]) -> None:
        if self.space.calm(configuration):
            for index, each in enumerate(self.properties):
                if isinstance(each.claim, Settled):
                    self._expect(index, each.claim.condition, number, configuration, wanted=True)
        able = {
            (step.label.party, step.label.event.instance) for step in steps if isinstance(step.label.event, Commanded)
        }
        states = [self.space.party(configuration, party) for party in range(len(configuration.parties))]
        restless = {
            (party, each.number): states[party].instances[each.number].state
            for party, instances in enumerate(self.space.system.instances)
            for each in instances
            if not self.resting.rests(party, each, states[party])
        }
        for session in self.all_sessions if restless else ():
            self._stuck(number, session, able, restless)
        self._left_over(number, configuration)

    def _stuck(self, number: int, session: Session, able: set[_Who], restless: dict[_Who, str]) -> None:
        """Nobody in a session can be asked for anything, and somebody doesn't rest: the first of them."""
        members = {(session.parties[path[0]], each.number): path for path, each in session.instances.items()}
        stuck = [who for who in members if who in restless] if able.isdisjoint(members) else ()
        for who in stuck[:1]:
            path, leaf = members[who], restless[who]
            machine = self.space.system.programs[session.instances[path].machine].machine
            text = f"`{path[0]}` stays in `{leaf}` for ever: nothing is in flight, no timer runs"
            about = next(each.about for each in machine.states if each.name == leaf)
            self.stuck.setdefault(f"{machine.flow}.{machine.name} {leaf}", Seen(number, None, text, about, session))

    def _left_over(self, number: int, configuration: Configuration) -> None:
        """Messages that wait in a machine, requests that wait for an answer: nobody will see to them."""
        system = self.space.system
        for party, inside in enumerate(system.instances):
            state = self.space.party(configuration, party)
            for instance in inside:
                now = state.instances[instance.number]
                if not now.deferred and not now.open:
                    continue
                machine = system.programs[instance.machine].machine
                about = next(each.about for each in machine.states if each.name == now.state)
                name = f"{machine.flow}.{machine.name} {now.state}"
                for _, message in now.deferred:
                    text = f"`{message.name}` was deferred in `{now.state}`, and nothing makes `{machine.name}` read it"
                    self.unread.setdefault(name, Seen(number, None, text, about))
                for open_ in now.open:
                    if not self._may_be_answered(configuration, party, open_):
                        text = f"`{machine.name}` waits in `{now.state}`: `{open_.message}` is never answered"
                        self.unanswered.setdefault(name, Seen(number, None, text, about))

    def _may_be_answered(self, configuration: Configuration, party: int, open_: Open) -> bool:
        link = self.space.system.links[open_.link]
        if configuration.wires[open_.link] != UP:
            return True  # the loss of the link will end it
        other = self.space.party(configuration, link.other(party))
        own = self.space.party(configuration, party).instances
        kept = any(message.request == open_.id for each in own for at, message in each.deferred if at == open_.link)
        return kept or (open_.link, open_.id) in remembered(self.space.system, other)

    # -- conditions, remembered by what they read

    def holds(self, index: int, condition: nodes.Expr, place: int, configuration: Configuration) -> bool:
        session = self.sessions[place]
        key = (index, place, tuple(configuration.parties[party] for party in session.parties.values()))
        known = self._known.get(key)
        if known is None:
            states = tuple(self.space.party(configuration, each) for each in range(len(configuration.parties)))
            known = self._known[key] = session_holds(condition, self.space.system, session, states)
        return known
