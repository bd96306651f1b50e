"""A run, written as the steps of a sequence: a chart that it shows.

A message is one step, written where it fits between what comes before and after it on both lifelines.  Where messages
cross there is no such place: those that cross each other, and what happens between them, become parts of a `parallel`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from clausework.explore.charts.positive import session_links
from clausework.expr import nodes
from clausework.expr.nodes import Value
from clausework.expr.types import Enumeration, Type, plain, required
from clausework.model.about import About
from clausework.model.machine import After, Field
from clausework.model.sequence import (
    Decides,
    Does,
    Event,
    Loses,
    Parallel,
    Passes,
    Restarts,
    Restores,
    Step,
    Told,
    Waits,
)
from clausework.model.standard import Flow
from clausework.semantics.configuration import Configuration, Message
from clausework.semantics.events import Commanded, Delivered, Expired, Noticed, Restarted, Saw
from clausework.semantics.reactions import Label
from clausework.semantics.session import Session
from clausework.semantics.space import Space
from clausework.semantics.space import Step as Taken
from clausework.semantics.values import Unexplorable
from clausework.source import FlowName, MessageName, Name


def written(space: Space, session: Session, flow: Flow, taken: Iterable[Taken]) -> tuple[Step, ...]:
    """What happened in a session, which had nothing in flight at first; every value that can be written is."""
    writer = _Writer(space, session, flow)
    for step in taken:
        writer.step(step)
    return _ordered(writer.done(), range(len(writer.events)))


@dataclass
class _Story:
    """`events` as they began; `lines`: what happened on each lifeline, in order."""

    events: list[Event]
    lines: dict[str, list[int]]

    def begins_at(self, number: int) -> str:
        event = self.events[number]
        return str(event.sender if isinstance(event, Passes) else event.lifeline)


@dataclass
class _Writer:
    space: Space
    session: Session
    flow: Flow
    events: list[Event] = field(default_factory=list)
    lines: dict[str, list[int]] = field(default_factory=dict)
    flying: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.system = self.space.system
        self.names = {party: self.session.line(party, None) for party in self.session.parties.values()}
        self.links = frozenset(session_links(self.space, self.session))
        self.about = self.flow.about

    def done(self) -> _Story:
        """What is in flight at the end is received after all that happened."""
        for flying in self.flying.values():
            for number in flying:
                event = self.events[number]
                if isinstance(event, Passes):
                    self.lines.setdefault(str(event.receiver), []).append(number)
        self.flying.clear()
        return _Story(self.events, self.lines)

    def step(self, step: Taken) -> None:
        label = step.label
        who = self._who(label)
        if label.kind == "loss" and label.link is not None:
            self._is_lost(self.flying[self._queue_to(label.link, label.party)].pop(0))
            return
        if label.kind == "attack" and label.link in self.links and label.message is not None:
            self._sent(who, label.party, label.link, self.space.message(label.message), forged=True)
        match label.event:
            case Commanded():
                self._put(who, self._does(who, label.party, label.event))
            case Expired():
                self._put(who, self._waits(who, label.party, label.event))
            case Delivered(link=link) if link in self.links:
                self.lines.setdefault(who, []).append(self.flying[self._queue_to(link, label.party)].pop(0))
            case Noticed(link=link) if link in self.links:
                self._put(who, Loses(lifeline=who, peer=self._far(link, label.party), about=self.about))
            case Saw(link=link) if link in self.links:
                self._put(who, Restores(lifeline=who, peer=self._far(link, label.party), about=self.about))
            case Restarted():
                self._put(who, Restarts(lifeline=who, about=self.about))
        self._reacted(who, step)
        if step.target is not None:
            self._vanished(step.target)

    def _who(self, label: Label) -> Name:
        event = label.event
        if isinstance(event, Commanded | Expired):
            return Name(self.session.line(label.party, None, event.instance))
        return Name(self.session.line(label.party, event.link if isinstance(event, Delivered) else label.link))

    def _reacted(self, who: Name, step: Taken) -> None:
        party, reaction = step.label.party, step.reaction
        if reaction is None:
            return
        for answer in reaction.answers:
            if self.session.belongs(party, answer.instance):
                name, chosen = Name(answer.decision), Name(answer.answer)
                self._put(who, Decides(lifeline=who, decision=name, answer=chosen, about=self.about))
        for send in reaction.sends:
            if send.link in self.links:
                self._sent(who, party, send.link, send.message)
        for notice in reaction.notices:
            if self.session.belongs(party, notice.instance):
                signals = self.system.programs[self._machine(party, notice.instance)].machine.notifications
                fields = next(each.arguments for each in signals if each.name == notice.name)
                self._put(
                    who,
                    Told(
                        lifeline=who,
                        notification=Name(notice.name),
                        arguments=self._values(fields, dict(notice.arguments)),
                        about=self.about,
                        flow=self._elsewhere(party, notice.instance),
                    ),
                )

    # -- events

    def _put(self, who: str, event: Event) -> int:
        self.events.append(event)
        self.lines.setdefault(who, []).append(len(self.events) - 1)
        return len(self.events) - 1

    def _does(self, who: Name, party: int, event: Commanded) -> Does:
        signals = self.system.programs[self._machine(party, event.instance)].machine.commands
        fields = next(each.arguments for each in signals if each.name == event.command)
        values = dict(zip((str(each.name) for each in fields), event.arguments, strict=True))
        return Does(
            lifeline=who,
            command=Name(event.command),
            arguments=self._values(fields, values),
            about=self.about,
            flow=self._elsewhere(party, event.instance),
        )

    def _waits(self, who: Name, party: int, event: Expired) -> Waits:
        trigger = self.system.programs[self._machine(party, event.instance)].ways[event.way].handler.trigger
        assert isinstance(trigger, After)
        return Waits(lifeline=who, timer=trigger.timer, about=self.about)

    def _sent(self, who: Name, party: int, link: int, message: Message, *, forged: bool = False) -> None:
        far = self.system.links[link].other(party)
        fields = self.system.messages[message.name].fields
        values = dict(zip((str(each.name) for each in fields), message.values, strict=True))
        number = self._put(
            who,
            Passes(
                sender=who,
                receiver=Name(self.session.line(far, link)),
                message=MessageName(message.name),
                fields=self._values(fields, values),
                about=self.about,
                forged=forged,
            ),
        )
        self.flying.setdefault(self._queue_to(link, far), []).append(number)

    def _vanished(self, after: Configuration) -> None:
        """What went nowhere, or with its connection."""
        for queue, flying in self.flying.items():
            for number in flying[len(after.queues[queue]) :]:
                self._is_lost(number)
            del flying[len(after.queues[queue]) :]

    def _is_lost(self, number: int) -> None:
        event = self.events[number]
        assert isinstance(event, Passes)
        self.events[number] = replace(event, lost=True)

    # -- words

    def _queue_to(self, link: int, party: int) -> int:
        return 2 * link + (self.system.links[link].server == party)

    def _far(self, link: int, party: int) -> Name:
        return Name(self.session.line(self.system.links[link].other(party), link))

    def _machine(self, party: int, instance: int) -> int:
        return self.system.instances[party][instance].machine

    def _elsewhere(self, party: int, instance: int) -> FlowName | None:
        """The flow of a machine that isn't one of our own flow."""
        flow = self.system.programs[self._machine(party, instance)].machine.flow
        return None if flow in {machine.flow for machine in self.flow.machines} else flow

    def _values(self, fields: tuple[Field, ...], values: dict[str, Value]) -> tuple[tuple[Name, nodes.Expr], ...]:
        found = ((each.name, self._value(each.type, values[each.name])) for each in fields)
        return tuple((name, value) for name, value in found if value is not None)

    def _value(self, type_: Type, value: Value) -> nodes.Expr | None:
        """The value as an author can write it; opaque ones can't be, and of a single one nothing need be said."""
        if self._is_only(type_):
            return None
        if value is None or isinstance(value, bool) or (isinstance(value, int) and value >= 0):
            return nodes.Literal(value=value, type=type_)
        if isinstance(plain(required(type_)), Enumeration):
            return nodes.Literal(value=value, type=type_)
        lifeline = next((name for party, name in self.names.items() if self.system.parties[party].name == value), None)
        return nodes.Local(name=Name(lifeline), type=type_) if lifeline is not None else None

    def _is_only(self, type_: Type) -> bool:
        try:
            return len(self.system.domains.values(type_)) < 2
        except Unexplorable:
            return False


# -- the order


def _ordered(story: _Story, numbers: Iterable[int]) -> tuple[Step, ...]:
    """In an order that all lifelines have; what has none, because it goes round in a circle, in parallel."""
    wanted = set(numbers)
    after = _neighbours(story, wanted)
    steps: list[Step] = []
    for circle in _circles(wanted, after):
        if len(circle) == 1:
            steps.append(story.events[circle[0]])
        else:
            steps.append(_parallel(story, circle))
    return tuple(steps)


def _neighbours(story: _Story, wanted: set[int]) -> dict[int, set[int]]:
    """What comes directly after each, on one lifeline or another."""
    found: dict[int, set[int]] = {number: set() for number in wanted}
    for line in story.lines.values():
        mine = [number for number in line if number in wanted]
        for one, other in pairwise(mine):
            found[one].add(other)
    return found


def _parallel(story: _Story, circle: list[int]) -> Parallel:
    """A part for each lifeline that begins something, or for each event if one of them begins all."""
    parts: dict[str, list[int]] = {}
    for number in circle:
        parts.setdefault(story.begins_at(number), []).append(number)
    if len(parts) == 1:
        (who,) = parts
        parts = {f"{who}_{place}": [number] for place, number in enumerate(circle, 1)}
    about: About = story.events[circle[0]].about
    return Parallel(
        parts=tuple((Name(who), _ordered(story, numbers)) for who, numbers in parts.items()),
        about=about,
    )


def _circles(wanted: set[int], after: dict[int, set[int]]) -> Iterator[list[int]]:
    """The strongly connected parts, each after those that lead to it, the earliest first where either may be."""
    reached = {number: _reach(number, after) for number in wanted}
    left = set(wanted)
    while left:
        first = min(
            number for number in left if all(other in reached[number] for other in left if number in reached[other])
        )
        circle = sorted(other for other in left if other in reached[first] and first in reached[other])
        circle = circle or [first]
        yield circle
        left -= set(circle)


def _reach(number: int, after: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [number]
    while waiting:
        for other in after[waiting.pop()] - found:
            found.add(other)
            waiting.append(other)
    return found
