"""Whether a step contains an event of a sequence or property, in a session; and which part of it is which event."""

from collections.abc import Iterator
from typing import Literal

from clausework.explore.charts.chart import Occurrence, Part
from clausework.expr.evaluate import evaluate
from clausework.expr.nodes import Expr, Value
from clausework.model.machine import After
from clausework.model.sequence import Decides, Does, Event, IsIn, Loses, Passes, Restarts, Restores, Told, Waits
from clausework.semantics.configuration import Configuration, Message
from clausework.semantics.events import (
    Answered,
    Commanded,
    Delivered,
    Dispatch,
    Expired,
    Notice,
    Noticed,
    Restarted,
    Saw,
)
from clausework.semantics.session import Session, Values, session_holds
from clausework.semantics.space import Space, Step
from clausework.semantics.system import System
from clausework.source import Name

_Bound = tuple[tuple[Name, Expr], ...]

Item = tuple[Literal["trigger", "send", "answer", "notice", "news", "attack"], int]
"""A part of a step that an event can be; a step's sends, answers and notices are numbered."""


class Matcher:
    """Answers for one session of a system."""

    def __init__(self, space: Space, session: Session) -> None:
        self.space = space
        self.system: System = space.system
        self.session = session
        self.values = Values(self.system, session, ())

    def party(self, lifeline: str) -> int:
        return self.session.parties[lifeline]

    def contains(self, step: Step, event: Event) -> bool:
        """For `a -> b: M` it is the sending that counts."""
        match event:
            case Passes():
                return self.sends(step, event)
            case Does():
                return self.does(step, event)
            case Told():
                return self.told(step, event)
            case Decides():
                return self.decides(step, event)
            case Waits():
                return self.waits(step, event)
            case Loses() | Restores():
                return self._is_news(step, event)
            case Restarts():
                return self._is_restart(step, event)
            case IsIn(condition=condition):
                return step.target is not None and self.holds(condition, step.target)

    def holds(self, condition: Expr, configuration: Configuration) -> bool:
        states = tuple(self.space.party(configuration, number) for number in range(len(self.system.parties)))
        return session_holds(condition, self.system, self.session, states)

    def sends(self, step: Step, event: Passes) -> bool:
        if step.label.kind == "attack":
            return self._is_forged(step, event)
        if step.reaction is None or step.label.party != self.party(event.sender):
            return False
        return any(self._is_send(send, event) for send in step.reaction.sends)

    def _is_send(self, send: Dispatch, event: Passes) -> bool:
        receiver = str(self.system.parties[self.party(event.receiver)].name)
        there = send.receiver == receiver and self._is_over(event, send.link)
        return there and not event.forged and self.is_message(send.message, event)

    def _is_over(self, event: Passes, link: int | None) -> bool:
        return self.session.is_over(event.sender, link) and self.session.is_over(event.receiver, link)

    def _is_forged(self, step: Step, event: Passes) -> bool:
        label = step.label
        if not event.forged or label.party != self.party(event.sender) or label.link is None or label.message is None:
            return False
        to = self.system.links[label.link].other(label.party)
        there = to == self.party(event.receiver) and self._is_over(event, label.link)
        return there and self.is_message(self.space.message(label.message), event)

    def carried(self, step: Step, event: Event) -> dict[str, Value]:
        """What the event carries in a step that contains it, by name."""
        reaction = step.reaction
        match event:
            case Passes() if reaction is not None:
                message = next(each.message for each in reaction.sends if self.is_message(each.message, event))
                names = [str(each.name) for each in self.system.messages[message.name].fields]
                return dict(zip(names, message.values, strict=True))
            case Told(notification=name) if reaction is not None:
                return dict(next(each.arguments for each in reaction.notices if each.name == name))
            case Does(command=command) if isinstance(step.label.event, Commanded):
                instance = self.system.instances[step.label.party][step.label.event.instance]
                signals = self.system.programs[instance.machine].machine.commands
                names = [str(each.name) for each in next(one for one in signals if one.name == command).arguments]
                return dict(zip(names, step.label.event.arguments, strict=True))
        return {}

    def receives(self, step: Step, event: Passes) -> bool:
        delivered = step.label.event
        if not isinstance(delivered, Delivered) or step.label.party != self.party(event.receiver):
            return False
        link = self.system.links[delivered.link]
        there = link.other(step.label.party) == self.party(event.sender) and self._is_over(event, link.number)
        return there and self.is_message(delivered.message, event)

    def is_message(self, message: Message, event: Passes) -> bool:
        if message.name != event.message:
            return False
        names = [str(each.name) for each in self.system.messages[message.name].fields]
        return self._bound(dict(zip(names, message.values, strict=True)), event.fields)

    def does(self, step: Step, event: Does) -> bool:
        commanded = step.label.event
        if not isinstance(commanded, Commanded) or step.label.party != self.party(event.lifeline):
            return False
        if commanded.command != event.command or not self.session.is_of(event.lifeline, commanded.instance):
            return False
        instance = self.system.instances[step.label.party][commanded.instance]
        machine = self.system.programs[instance.machine].machine
        signal = next((each for each in machine.commands if each.name == event.command), None)
        if signal is None or (event.flow is not None and machine.flow != event.flow):
            return False
        names = [str(each.name) for each in signal.arguments]
        return self._bound(dict(zip(names, commanded.arguments, strict=True)), event.arguments)

    def told(self, step: Step, event: Told) -> bool:
        if step.reaction is None or step.label.party != self.party(event.lifeline):
            return False
        return any(self._is_notice(notice, event) for notice in step.reaction.notices)

    def _is_notice(self, notice: Notice, event: Told) -> bool:
        return (
            notice.name == event.notification
            and self.session.is_of(event.lifeline, notice.instance)
            and self._bound(dict(notice.arguments), event.arguments)
        )

    def decides(self, step: Step, event: Decides) -> bool:
        if step.reaction is None or step.label.party != self.party(event.lifeline):
            return False
        return any(self._is_answer(each, event) for each in step.reaction.answers)

    def _is_answer(self, answer: Answered, event: Decides) -> bool:
        same = (answer.decision, answer.answer) == (event.decision, event.answer)
        return same and self.session.is_of(event.lifeline, answer.instance)

    def waits(self, step: Step, event: Waits) -> bool:
        expired = step.label.event
        if not isinstance(expired, Expired) or step.label.party != self.party(event.lifeline):
            return False
        instance = self.system.instances[step.label.party][expired.instance]
        trigger = self.system.programs[instance.machine].ways[expired.way].handler.trigger
        belongs = self.session.is_of(event.lifeline, expired.instance)
        return belongs and isinstance(trigger, After) and trigger.timer == event.timer

    def _is_news(self, step: Step, event: Loses | Restores) -> bool:
        """The lifeline's end sees its link to the peer gone, or there again (which side opened it says nothing)."""
        kinds = Noticed if isinstance(event, Loses) else Saw
        if not isinstance(step.label.event, kinds) or step.label.party != self.party(event.lifeline):
            return False
        link = step.label.event.link
        mine = self.session.is_over(event.lifeline, link) and self.session.is_over(event.peer, link)
        return mine and self.system.links[link].other(step.label.party) == self.party(event.peer)

    def _is_restart(self, step: Step, event: Restarts) -> bool:
        return isinstance(step.label.event, Restarted) and step.label.party == self.party(event.lifeline)

    # -- part by part

    def items(self, step: Step) -> Iterator[Item]:
        """Whatever of a step can be an event: its trigger or news of a link, its answers, sends and notices."""
        event, reaction = step.label.event, step.reaction
        if isinstance(event, Commanded | Expired | Delivered | Restarted):
            yield "trigger", 0
        elif isinstance(event, Noticed | Saw):
            yield "news", 0
        elif step.label.kind == "attack":
            yield "attack", 0
        if reaction is not None:
            yield from (("answer", number) for number in range(len(reaction.answers)))
            yield from (("send", number) for number in range(len(reaction.sends)))
            yield from (("notice", number) for number in range(len(reaction.notices)))

    def is_item(self, step: Step, item: Item, occurrence: Occurrence) -> bool:
        """Whether just this part of the step is the occurrence of a chart."""
        what, number = item
        event, sent, reaction = occurrence.event, occurrence.part is Part.SENT, step.reaction
        match event:
            case Passes() if what == "send" and sent and reaction is not None:
                mine = step.label.party == self.party(event.sender)
                return mine and self._is_send(reaction.sends[number], event)
            case Passes() if what == "attack" and sent:
                return self._is_forged(step, event)
            case Passes() if what == "trigger" and not sent:
                return self.receives(step, event)
            case Does() if what == "trigger":
                return self.does(step, event)
            case Waits() if what == "trigger":
                return self.waits(step, event)
            case Restarts() if what == "trigger":
                return self._is_restart(step, event)
            case Loses() | Restores() if what == "news":
                return self._is_news(step, event)
            case Told(lifeline=lifeline) if what == "notice" and reaction is not None:
                mine = step.label.party == self.party(lifeline)
                return mine and self._is_notice(reaction.notices[number], event)
            case Decides(lifeline=lifeline) if what == "answer" and reaction is not None:
                mine = step.label.party == self.party(lifeline)
                return mine and self._is_answer(reaction.answers[number], event)
        return False

    def _bound(self, values: dict[str, Value], wanted: _Bound) -> bool:
        return all(values.get(name) == evaluate(value, self.values) for name, value in wanted)
