"""Steps -> a trace that can be shown: who did what, what was sent, what everybody's state is, what is in flight."""

from collections.abc import Iterable, Iterator
from copy import copy

from clausework.expr.show import show_value
from clausework.model.about import About
from clausework.semantics.configuration import UP, Configuration
from clausework.semantics.events import Commanded, Delivered, Expired, Found
from clausework.semantics.space import Space, Step
from clausework.semantics.trace import Sent, Trace, TraceStep
from clausework.semantics.words import field_words, key_words, link_words, machine_words, short_name


def tell(space: Space, start: Configuration, steps: Iterable[Step], fault: Found | None = None) -> Trace:
    """The trace of steps from a configuration; `fault` is what is wrong with the last one."""
    teller = Teller(space, start)
    told = [teller.step(step) for step in steps]
    if fault is not None and told:
        last = told[-1]
        told[-1] = TraceStep(**{name: getattr(last, name) for name in TraceStep.__slots__} | {"fault": fault.text})
    parties = tuple((str(each.name), str(each.role)) for each in space.system.parties)
    return Trace(parties=parties, start=tuple(_shown(space, start, teller.touched)), steps=tuple(told))


class Teller:
    """Goes along a run, and gives every message sent a number, so that equal ones can be told apart."""

    def __init__(self, space: Space, start: Configuration) -> None:
        self.space = space
        self.system = space.system
        self.now = start
        self.numbers: list[list[int]] = []
        self.sent = 0
        for queue in start.queues:
            self.numbers.append([self._next() for _ in queue])
        self.taken = 0
        self.touched: set[tuple[str, str, str]] = set()

    def _next(self) -> int:
        self.sent += 1
        return self.sent

    def would(self, step: Step) -> TraceStep:
        """What `step` would tell, without going along."""
        return self._again().step(step)

    def gone(self, step: Step) -> "Teller":
        """Another teller, that has gone along."""
        other = self._again()
        other.step(step)
        return other

    def _again(self) -> "Teller":
        other = copy(self)
        other.numbers = [list(each) for each in self.numbers]
        other.touched = set(self.touched)
        return other

    def step(self, step: Step) -> TraceStep:
        before, after = self.now, step.target or self.now
        self.taken += 1
        label, reaction = step.label, step.reaction
        received = self._received(step)
        sends = tuple(self._sends(step))
        vanished = tuple(self._dropped(after))
        changed = tuple(_changed(self.space, before, after))
        self.touched |= {row[:3] for row in changed}
        self.now = after
        sender = None
        if label.link is not None:
            sender = self._name(self.system.links[label.link].other(label.party))
        return TraceStep(
            number=self.taken,
            party=self._name(label.party),
            kind=label.kind,
            name=self._what(step),
            arguments=tuple(self._arguments(step)),
            sender=sender,
            received=received,
            answers=tuple((each.decision, each.answer) for each in (reaction.answers if reaction else ())),
            sends=sends,
            notifications=tuple(
                (each.name, tuple((name, show_value(value)) for name, value in each.arguments))
                for each in (reaction.notices if reaction else ())
            ),
            states=tuple(_shown(self.space, after, self.touched)),
            changed=changed,
            queues=tuple(self._queues(after)),
            vanished=vanished,
            about=_about(step),
        )

    # -- messages

    def _received(self, step: Step) -> int | None:
        label = step.label
        if label.kind not in _AT_THE_HEAD or label.link is None:
            return None
        link = self.system.links[label.link]
        numbers = self.numbers[2 * label.link + (link.client, link.server).index(label.party)]
        if label.kind == "duplication":
            numbers.insert(0, numbers[0])
            return numbers[0]
        if label.kind == "swap":
            numbers[0], numbers[1] = numbers[1], numbers[0]
            return numbers[1]
        return numbers.pop(0) if numbers else None

    def _sends(self, step: Step) -> Iterator[Sent]:
        if step.label.kind == "attack":
            yield self._said(step)
        for send in step.reaction.sends if step.reaction else ():
            number = self._next()
            lost = send.link is None or self.now.wires[send.link] != UP or step.target is None
            if send.link is not None and not lost:
                link = self.system.links[send.link]
                side = 1 - (link.client, link.server).index(step.label.party)
                self.numbers[2 * send.link + side].append(number)
            fields = tuple(field_words(self.space, send.message))
            yield Sent(
                number=number,
                receiver=send.receiver,
                message=short_name(send.message.name),
                fields=fields,
                about=send.about,
                lost=lost,
            )

    def _said(self, step: Step) -> Sent:
        """What an attacker puts into its queue."""
        label, number = step.label, self._next()
        if label.link is None or label.message is None:
            raise AssertionError("an attacker says something somewhere")
        link, message = self.system.links[label.link], self.space.message(label.message)
        self.numbers[2 * label.link + 1 - (link.client, link.server).index(label.party)].append(number)
        receiver = self._name(link.other(label.party))
        fields = tuple(field_words(self.space, message))
        return Sent(number=number, receiver=receiver, message=short_name(message.name), fields=fields)

    def _dropped(self, after: Configuration) -> Iterator[int]:
        for queue, content in enumerate(after.queues):
            yield from self.numbers[queue][len(content) :]
            del self.numbers[queue][len(content) :]

    def _queues(self, configuration: Configuration) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        for queue, content in enumerate(configuration.queues):
            if content:
                link = self.system.links[queue // 2]
                receiver = (link.client, link.server)[queue % 2]
                names = tuple(short_name(self.space.message(number).name) for number in content)
                yield self._name(link.other(receiver)), self._name(receiver), names

    # -- words

    def _what(self, step: Step) -> str:
        event = step.label.event
        match event:
            case Commanded(command=command):
                return command
            case Delivered(message=message):
                return short_name(message.name)
            case Expired(instance=number, way=way):
                instance = self.system.instances[step.label.party][number]
                trigger = self.system.programs[instance.machine].ways[way].handler.trigger
                return str(getattr(trigger, "timer", ""))
        if step.label.message is not None:
            return short_name(self.space.message(step.label.message).name)
        return link_words(self.space, step.label.link) if step.label.link is not None else ""

    def _arguments(self, step: Step) -> Iterator[tuple[str, str]]:
        event = step.label.event
        if isinstance(event, Delivered):
            yield from field_words(self.space, event.message)
        elif isinstance(event, Commanded):
            instance = self.system.instances[step.label.party][event.instance]
            machine = self.system.programs[instance.machine].machine
            signal = next(each for each in machine.commands if each.name == event.command)
            for each, value in zip(signal.arguments, event.arguments, strict=True):
                yield str(each.name), show_value(value)

    def _name(self, party: int) -> str:
        return str(self.system.parties[party].name)


_AT_THE_HEAD = frozenset({"deliver", "loss", "duplication", "swap"})
"""Kinds of step that concern the first message of a queue."""


def _about(step: Step) -> About | None:
    """The element that the step is shown at: the first transition that fired, else what was found."""
    reaction = step.reaction
    if reaction is None:
        return None
    if reaction.fired:
        return reaction.fired[0].transition.about
    return reaction.findings[0].about if reaction.findings else None


def _rows(space: Space, configuration: Configuration) -> Iterator[tuple[tuple[str, str, str, str], bool]]:
    """Every instance's row, and whether it is at its initial value."""
    system = space.system
    for number, party in enumerate(system.parties):
        state = space.party(configuration, number)
        for instance in system.instances[number]:
            now = state.instances[instance.number]
            row = (
                str(party.name),
                machine_words(system, instance.machine),
                key_words(space, number, instance.key),
                now.state,
            )
            yield row, now == system.initial(instance.machine)


def _shown(
    space: Space, configuration: Configuration, touched: set[tuple[str, str, str]]
) -> Iterator[tuple[str, str, str, str]]:
    """The rows worth showing: not initial, touched before, or the party's only one."""
    several = {
        str(party.name): len(space.system.instances[number]) for number, party in enumerate(space.system.parties)
    }
    for row, initial in _rows(space, configuration):
        if not initial or row[:3] in touched or several[row[0]] == 1:
            yield row


def _changed(space: Space, before: Configuration, after: Configuration) -> Iterator[tuple[str, str, str, str]]:
    for (old, _), (new, _) in zip(_rows(space, before), _rows(space, after), strict=True):
        if old != new:
            yield new
