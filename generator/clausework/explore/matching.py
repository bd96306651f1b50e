"""Whether a step contains an event of a sequence or property, in a session."""

from clausework.expr.evaluate import evaluate
from clausework.expr.nodes import Expr, Value
from clausework.model.machine import After
from clausework.model.sequence import Decides, Does, Event, IsIn, Loses, Passes, Restores, Told, Waits
from clausework.semantics.configuration import Configuration, Message
from clausework.semantics.events import Commanded, Delivered, Expired
from clausework.semantics.session import Session, Values, session_holds
from clausework.semantics.space import Space, Step
from clausework.semantics.system import System
from clausework.source import Name

_Bound = tuple[tuple[Name, Expr], ...]


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
            case Loses(lifeline=lifeline, peer=peer):
                return step.label.kind == "notice" and self._ends(step, lifeline, peer)
            case Restores(lifeline=lifeline, peer=peer):
                return step.label.kind in ("open", "accept") and self._ends(step, lifeline, peer)
            case IsIn(condition=condition):
                return step.target is not None and self.holds(condition, step.target)

    def holds(self, condition: Expr, configuration: Configuration) -> bool:
        states = tuple(self.space.party(configuration, number) for number in range(len(self.system.parties)))
        return session_holds(condition, self.system, self.session, states)

    def sends(self, step: Step, event: Passes) -> bool:
        if step.reaction is None or step.label.party != self.party(event.sender):
            return False
        receiver = str(self.system.parties[self.party(event.receiver)].name)
        return any(send.receiver == receiver and self.is_message(send.message, event) for send in step.reaction.sends)

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
        return link.other(step.label.party) == self.party(event.sender) and self.is_message(delivered.message, event)

    def is_message(self, message: Message, event: Passes) -> bool:
        if message.name != event.message:
            return False
        names = [str(each.name) for each in self.system.messages[message.name].fields]
        return self._bound(dict(zip(names, message.values, strict=True)), event.fields)

    def does(self, step: Step, event: Does) -> bool:
        commanded = step.label.event
        if not isinstance(commanded, Commanded) or step.label.party != self.party(event.lifeline):
            return False
        if commanded.command != event.command or not self.session.belongs(step.label.party, commanded.instance):
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
        return any(
            notice.name == event.notification
            and self.session.belongs(step.label.party, notice.instance)
            and self._bound(dict(notice.arguments), event.arguments)
            for notice in step.reaction.notices
        )

    def decides(self, step: Step, event: Decides) -> bool:
        if step.reaction is None or step.label.party != self.party(event.lifeline):
            return False
        return any(
            (each.decision, each.answer) == (event.decision, event.answer)
            and self.session.belongs(step.label.party, each.instance)
            for each in step.reaction.answers
        )

    def waits(self, step: Step, event: Waits) -> bool:
        expired = step.label.event
        if not isinstance(expired, Expired) or step.label.party != self.party(event.lifeline):
            return False
        instance = self.system.instances[step.label.party][expired.instance]
        trigger = self.system.programs[instance.machine].ways[expired.way].handler.trigger
        belongs = self.session.belongs(step.label.party, expired.instance)
        return belongs and isinstance(trigger, After) and trigger.timer == event.timer

    def _ends(self, step: Step, lifeline: str, peer: str) -> bool:
        if step.label.link is None or step.label.party != self.party(lifeline):
            return False
        return self.system.links[step.label.link].other(step.label.party) == self.party(peer)

    def _bound(self, values: dict[str, Value], wanted: _Bound) -> bool:
        return all(values.get(name) == evaluate(value, self.values) for name, value in wanted)
