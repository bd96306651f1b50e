"""Positive sequences can happen, negative ones cannot: two products of a search with the positions in a chart."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from clausework.explore.charts import Chart
from clausework.explore.matching import Matcher
from clausework.expr.types import Link, plain
from clausework.model.sequence import Decides, Does, Event, IsIn, Loses, Never, Passes, Restores, Sequence, Told, Waits
from clausework.model.standard import Flow
from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Commanded, Delivered, Expired
from clausework.semantics.session import Session
from clausework.semantics.space import FAULTS, Space, Step

Cut = tuple[int, ...]
"""How far each lifeline has come."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run found; or, with `complete` false, the one that came furthest, and the events that were next there."""

    start: Configuration
    steps: tuple[Step, ...]
    complete: bool
    next: tuple[Event, ...] = ()


class Positive:
    """Looks for a run that shows a chart and nothing else of the session."""

    def __init__(self, space: Space, session: Session, flow: Flow, sequence: Sequence, chart: Chart) -> None:
        self.space = space
        self.session = session
        self.sequence = sequence
        self.matcher = Matcher(space, session)
        self.lifelines = [str(each.name) for each in flow.lifelines]
        lines = chart.lines
        self.lines = [lines.get(lifeline, ()) for lifeline in self.lifelines]
        self.flows = _flows(space, flow, sequence)
        self.links = frozenset(session_links(space, session))

    def run(self, starts: Iterator[Configuration], most: int) -> Run:
        """The first run found, from the first start that has one; else the furthest."""
        best: tuple[int, tuple[Configuration, Cut]] | None = None
        came: dict[tuple[Configuration, Cut], tuple[tuple[Configuration, Cut], Step] | None] = {}
        waiting: deque[tuple[Configuration, Cut]] = deque()
        done = tuple(len(line) for line in self.lines)
        for start in starts:
            node = (start, self._skipped((0,) * len(self.lines), start))
            if node not in came:
                came[node] = None
                waiting.append(node)
            while waiting and len(came) < most:
                node = waiting.popleft()
                configuration, cut = node
                if best is None or sum(cut) > best[0]:
                    best = sum(cut), node
                if cut == done and self._ended(configuration):
                    return self._told(came, node, complete=True)
                for step, after in self._steps(configuration, cut):
                    if step.target is not None and (step.target, after) not in came:
                        came[step.target, after] = node, step
                        waiting.append((step.target, after))
        if best is None:
            return Run(self.space.start(), (), complete=False)
        return self._told(came, best[1], complete=False)

    def _told(
        self,
        came: dict[tuple[Configuration, Cut], tuple[tuple[Configuration, Cut], Step] | None],
        node: tuple[Configuration, Cut],
        *,
        complete: bool,
    ) -> Run:
        steps: list[Step] = []
        last = node
        while (before := came[node]) is not None:
            node, step = before
            steps.append(step)
        following = [
            line[position][1] for line, position in zip(self.lines, last[1], strict=True) if position < len(line)
        ]
        return Run(node[0], tuple(reversed(steps)), complete, tuple(dict.fromkeys(following)))

    def _ended(self, configuration: Configuration) -> bool:
        for queue, content in enumerate(configuration.queues):
            if content and queue // 2 in self.links:
                return False
        return all(self.matcher.holds(condition, configuration) for condition in self.sequence.ends)

    def _steps(self, configuration: Configuration, cut: Cut) -> Iterator[tuple[Step, Cut]]:
        for step in self.space.steps(configuration, beyond=True):
            if step.target is None or step.label.kind in FAULTS or not self._mine(step):
                continue
            after = self._consumed(step, cut)
            if after is not None:
                yield step, self._skipped(after, step.target)

    def _mine(self, step: Step) -> bool:
        """Whether the step is one of the session: its instance is, or it only concerns a link between its parties."""
        label = step.label
        if label.party not in self.session.parties.values():
            return False
        event = label.event
        if isinstance(event, Commanded | Expired):
            return self._instance(label.party, event.instance)
        if isinstance(event, Delivered):
            fired = step.reaction.fired if step.reaction else ()
            far = self.space.system.links[event.link].other(label.party)
            return far in self.session.parties.values() and all(
                self._instance(label.party, each.instance) for each in fired[:1]
            )
        return True

    def _instance(self, party: int, number: int) -> bool:
        machine = self.space.system.programs[self.space.system.instances[party][number].machine].machine
        return machine.flow in self.flows and self.session.belongs(party, number)

    def _consumed(self, step: Step, cut: Cut) -> Cut | None:
        """The cut after a step that is exactly the chart's next on its lifeline; None if it isn't."""
        party = step.label.party
        names = [name for name in self.session.lifelines_of(party) if name in self.lifelines]
        for name in names:
            index = self.lifelines.index(name)
            position = self._line(step, self.lines[index], cut[index])
            if position is not None:
                return (*cut[:index], position, *cut[index + 1 :])
        return None

    def _line(self, step: Step, line: tuple[tuple[bool, Event], ...], position: int) -> int | None:
        """Consumes the step's trigger and sends, in order; decisions and notifications where they are written."""
        wanted = self._binding(step)
        while wanted or position < len(line):
            if position == len(line):
                return None
            sent, event = line[position]
            if isinstance(event, Told | Decides | Loses | Restores):
                if not self.matcher.contains(step, event):
                    return position if not wanted else None
                position += 1
            elif isinstance(event, IsIn):
                return position if not wanted else None
            elif wanted and self._is(step, wanted[0], sent, event):
                wanted = wanted[1:]
                position += 1
            else:
                return position if not wanted else None
        return position

    def _binding(self, step: Step) -> list[int]:
        """What of the step a chart must show: -1 for its trigger, then the number of each send to the session."""
        event = step.label.event
        triggers = [-1] if isinstance(event, Commanded | Expired | Delivered) else []
        sends = step.reaction.sends if step.reaction else ()
        names = {str(self.space.system.parties[number].name) for number in self.session.parties.values()}
        return triggers + [
            number
            for number, send in enumerate(sends)
            if (send.link in self.links if send.link is not None else send.receiver in names)
        ]

    def _is(self, step: Step, part: int, sent: bool, event: Event) -> bool:
        if part == -1:
            match event:
                case Does():
                    return self.matcher.does(step, event)
                case Waits():
                    return self.matcher.waits(step, event)
                case Passes() if not sent:
                    return self.matcher.receives(step, event)
            return False
        if not isinstance(event, Passes) or not sent or step.reaction is None:
            return False
        send = step.reaction.sends[part]
        receiver = str(self.space.system.parties[self.matcher.party(event.receiver)].name)
        return send.receiver == receiver and self.matcher.is_message(send.message, event)

    def _skipped(self, cut: Cut, configuration: Configuration) -> Cut:
        """Past `a is: state` where it holds."""
        positions = list(cut)
        for index, line in enumerate(self.lines):
            while positions[index] < len(line):
                event = line[positions[index]][1]
                if not isinstance(event, IsIn) or not self.matcher.holds(event.condition, configuration):
                    break
                positions[index] += 1
        return tuple(positions)


class Negative:
    """Looks for a run, with everything else going on, that contains the events in order."""

    def __init__(self, space: Space, session: Session, chart: Chart) -> None:
        self.space = space
        self.matcher = Matcher(space, session)
        self.events = chart.events

    def run(self, starts: Iterator[Configuration], most: int) -> Run | None:
        """A run that contains them; None if there is none among at most `most` positions (then see `complete`)."""
        self.complete = True
        nodes = [(start, self._past(0)) for start in starts]
        came: dict[tuple[Configuration, int], tuple[tuple[Configuration, int], Step] | None] = dict.fromkeys(nodes)
        waiting = deque(nodes)
        while waiting:
            node = waiting.popleft()
            if node[1] == len(self.events):
                return self._told(came, node)
            if len(came) > most:
                self.complete = False
                return None
            for step in self.space.steps(node[0]):
                position = self._after(step, node[1]) if step.target is not None else None
                if position is not None and step.target is not None and (step.target, position) not in came:
                    came[step.target, position] = node, step
                    waiting.append((step.target, position))
        return None

    def _told(
        self,
        came: dict[tuple[Configuration, int], tuple[tuple[Configuration, int], Step] | None],
        node: tuple[Configuration, int],
    ) -> Run:
        steps: list[Step] = []
        while (before := came[node]) is not None:
            node, step = before
            steps.append(step)
        return Run(node[0], tuple(reversed(steps)), complete=True)

    def _after(self, step: Step, position: int) -> int | None:
        """How far the events have come after a step; None if it contains what must never happen from here on."""
        if any(self.matcher.contains(step, each) for each in self._forbidden(position)):
            return None
        while position < len(self.events):
            event = self.events[position]
            if isinstance(event, Never) or not self.matcher.contains(step, event):
                break
            position = self._past(position + 1)
        return position

    def _forbidden(self, position: int) -> Iterator[Event]:
        """`never` holds from where it is written to the end."""
        for each in self.events[:position]:
            if isinstance(each, Never):
                yield each.event

    def _past(self, position: int) -> int:
        while position < len(self.events) and isinstance(self.events[position], Never):
            position += 1
        return position


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


def _flows(space: Space, flow: Flow, sequence: Sequence) -> set[str]:
    """The flows whose steps a sequence may use: its own machines', those it spans; all, if it has no machines."""
    own = {str(machine.flow) for machine in flow.machines} | {str(name) for name in sequence.spans}
    return own or {str(program.machine.flow) for program in space.system.programs}
