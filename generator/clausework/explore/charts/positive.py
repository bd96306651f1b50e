"""Positive sequences can happen: a product of a search with how far a chart has come."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from clausework.explore.charts.chart import Chart, Cut, Occurrence, Part
from clausework.explore.charts.following import Follower, Items, fullest
from clausework.explore.charts.matching import Matcher
from clausework.explore.search.ways import way_to
from clausework.expr.types import Link, plain
from clausework.model.machine import Machine
from clausework.model.sequence import (
    Alternatives,
    Event,
    Loses,
    Optionally,
    Parallel,
    Passes,
    Reference,
    Repeat,
    Sequence,
)
from clausework.model.sequence import (
    Step as Written,
)
from clausework.model.standard import Flow
from clausework.semantics.configuration import Configuration, Message
from clausework.semantics.events import Commanded, Delivered, Expired
from clausework.semantics.session import Session
from clausework.semantics.space import FAULTS, Space, Step


@dataclass(frozen=True, slots=True)
class Run:
    """A run found; or, with `complete` false, the one that came furthest, and what was next there.

    `stopped`: the search ended at its limit, so that there may be a complete one all the same.  `begun`: there was
    somewhere to begin.  `session`: the one whose run it is.
    """

    start: Configuration
    steps: tuple[Step, ...]
    complete: bool
    session: Session
    next: tuple[Occurrence, ...] = ()
    stopped: bool = False
    begun: bool = True


_Node = tuple[Configuration, Cut]
_Came = dict[_Node, tuple[_Node, Step] | None]


class Positive:
    """Looks for a run that shows a chart and nothing else of the session.

    The chart says itself what is asked for: commands that the check doesn't let a party give are given where they are
    written.  A fault happens only where the chart has it.
    """

    def __init__(self, space: Space, session: Session, flow: Flow, sequence: Sequence, chart: Chart) -> None:
        self.space = space
        self.session = session
        self.sequence = sequence
        self.matcher = Matcher(space, session)
        self.follower = Follower(self.matcher, chart)
        self.parties = set(session.parties.values())
        self.names = {str(space.system.parties[number].name) for number in self.parties}
        self.flows = flows_of(space, flow, sequence)
        self.links = frozenset(session_links(space, session))

    def run(self, starts: Iterator[Configuration], most: int) -> Run:
        """The first run found, from the first start that has one; else the furthest."""
        best: tuple[int, _Node] | None = None
        came: _Came = {}
        waiting: deque[_Node] = deque()
        for start in starts:
            node = (start, self.follower.settled(self.follower.begin, start))
            if node not in came:
                came[node] = None
                waiting.append(node)
            while waiting and len(came) < most:
                node = waiting.popleft()
                configuration, cut = node
                if best is None or cut.bit_count() > best[0]:
                    best = cut.bit_count(), node
                if self.is_shown(configuration, cut):
                    return self._told(came, node, complete=True)
                for step, after in self.following(configuration, cut):
                    if step.target is not None and (step.target, after) not in came:
                        came[step.target, after] = node, step
                        waiting.append((step.target, after))
        if best is None:
            return Run(self.space.start(), (), complete=False, session=self.session, begun=False)
        return self._told(came, best[1], complete=False, stopped=bool(waiting))

    def _told(self, came: _Came, node: _Node, *, complete: bool, stopped: bool = False) -> Run:
        coming = self.follower.coming(node[1])
        start, steps = way_to(came, node)
        return Run(start[0], steps, complete, self.session, coming, stopped)

    def accepts(self, start: Configuration, steps: tuple[Step, ...]) -> bool:
        """Whether just this run shows the chart."""
        cuts = {self.follower.settled(self.follower.begin, start)}
        for step in steps:
            cuts = {after for cut in cuts for after in self.after(step, cut)}
        end = steps[-1].target if steps else start
        return end is not None and any(self.is_shown(end, cut) for cut in cuts)

    # -- the end

    def is_shown(self, configuration: Configuration, cut: Cut) -> bool:
        return self.follower.is_done(cut) and self._ended(configuration)

    def _ended(self, configuration: Configuration) -> bool:
        if not nothing_in_flight(self.links, configuration):
            return False
        return all(self.matcher.holds(condition, configuration) for condition in self.sequence.ends)

    # -- the steps that the chart has next

    def following(self, configuration: Configuration, cut: Cut) -> Iterator[tuple[Step, Cut]]:
        for step in self.space.steps(configuration, beyond=True):
            for after in self.after(step, cut):
                yield step, after

    def after(self, step: Step, cut: Cut) -> tuple[Cut, ...]:
        """How far the chart has come after a step that it has next; empty if it hasn't."""
        if step.target is None:
            return ()
        if step.label.kind in FAULTS and step.label.kind != "restart":
            return tuple(self._faulty(step, cut)) if self.is_mine(step) else ()
        found = self.follower.known(step, cut, self._read)
        return tuple(self.follower.settled(after, step.target) for after in found) if self.follower.quiet else found

    def _read(self, step: Step, cut: Cut) -> tuple[Cut, ...]:
        if not self.is_mine(step) or self.follower.is_forbidden(step, cut):
            return ()
        bound, free = self._parts(step)
        lines = self.session.lifelines_of(step.label.party)
        return fullest(self.follower.readings(step, cut, lines, bound, free))

    def is_mine(self, step: Step) -> bool:
        """Whether the step is one of the session: its instance is, or it only concerns a link between its parties."""
        label = step.label
        if label.party not in self.parties:
            return False
        event = label.event
        if isinstance(event, Commanded | Expired):
            return self._is_instance(label.party, event.instance)
        if isinstance(event, Delivered):
            fired = step.reaction.fired if step.reaction else ()
            far = self.space.system.links[event.link].other(label.party)
            return far in self.parties and all(self._is_about_us(label.party, each.instance) for each in fired[:1])
        return label.link is None or label.link in self.links

    def _is_instance(self, party: int, number: int) -> bool:
        return self._machine(party, number).flow in self.flows and self.session.belongs(party, number)

    def _is_about_us(self, party: int, number: int) -> bool:
        """An instance of the session; or of another one of the same parties, as of two that ask each other."""
        machine = self._machine(party, number)
        keys = zip(machine.keys, self.space.system.instances[party][number].key, strict=True)
        ours = all(value in (self.links if isinstance(plain(key.type), Link) else self.names) for key, value in keys)
        return self._is_instance(party, number) or (ours and machine.flow in self.flows)

    def _machine(self, party: int, number: int) -> Machine:
        return self.space.system.programs[self.space.system.instances[party][number].machine].machine

    def _parts(self, step: Step) -> tuple[Items, Items]:
        """What of the step the chart must show, its trigger and its sends to the session; and what it may."""
        bound, free = [], []
        for item in self.matcher.items(step):
            if item[0] in ("trigger", "attack") or (item[0] == "send" and self._is_among_us(step, item[1])):
                bound.append(item)
            elif item[0] != "send":
                free.append(item)
        return tuple(bound), tuple(free)

    def _is_among_us(self, step: Step, number: int) -> bool:
        if step.reaction is None:
            return False
        send = step.reaction.sends[number]
        return send.link in self.links if send.link is not None else send.receiver in self.names

    def _faulty(self, step: Step, cut: Cut) -> Iterator[Cut]:
        """A link is cut where one of its ends has its loss next; a message is lost that is written so."""
        label = step.label
        if label.link is None or step.target is None:
            return
        if label.kind == "cut" and any(self._is_about(label.link, each.event) for each in self.follower.coming(cut)):
            yield cut
        elif label.kind == "loss" and label.message is not None:
            message = self.space.message(label.message)
            for number in self.follower.can_come("", cut):
                if self._is_lost(self.follower.occurrences[number], message, label.party):
                    yield self.follower.settled(cut | 1 << number, step.target)

    def _is_lost(self, occurrence: Occurrence, message: Message, receiver: int) -> bool:
        event = occurrence.event
        if occurrence.part is not Part.LOST or not isinstance(event, Passes):
            return False
        return self.matcher.party(event.receiver) == receiver and self.matcher.is_message(message, event)

    def _is_about(self, link: int, event: Event) -> bool:
        if not isinstance(event, Loses):
            return False
        ends = self.space.system.links[link]
        return {self.matcher.party(event.lifeline), self.matcher.party(event.peer)} == {ends.client, ends.server}


def nothing_in_flight(links: frozenset[int], configuration: Configuration) -> bool:
    """Nothing is in flight on these links."""
    return not any(content and queue // 2 in links for queue, content in enumerate(configuration.queues))


def session_links(space: Space, session: Session) -> Iterator[int]:
    """The links between a session's parties; of several slots only the one that its instances are kept for."""
    kept = {
        value
        for each in session.instances.values()
        for key, value in zip(space.system.programs[each.machine].machine.keys, each.key, strict=True)
        if isinstance(plain(key.type), Link)
    }
    parties = set(session.parties.values())
    for link in space.system.links:
        ends = {link.client, link.server}
        same = {each.number for each in space.system.links if {each.client, each.server} == ends}
        if ends <= parties and (link.number in kept or not kept & same):
            yield link.number


def flows_of(space: Space, flow: Flow, sequence: Sequence) -> set[str]:
    """The flows whose steps a sequence may use: its own machines', those it spans or puts in; else all."""
    own = {str(machine.flow) for machine in flow.machines}
    if not own and not sequence.spans:
        return {str(program.machine.flow) for program in space.system.programs}
    return own | {str(name) for name in sequence.spans} | set(_put_in(sequence.steps))


def _put_in(steps: tuple[Written, ...]) -> Iterator[str]:
    """The flows of the sequences that are put in."""
    for step in steps:
        match step:
            case Reference(flow=flow, steps=inner):
                yield str(flow)
                yield from _put_in(inner)
            case Optionally(steps=inner) | Repeat(steps=inner):
                yield from _put_in(inner)
            case Alternatives(cases=parts) | Parallel(parts=parts):
                yield from (each for _, inner in parts for each in _put_in(inner))
