"""What the words of sequences and properties mean: the machines of a session, by lifeline."""

from dataclasses import dataclass

from clausework.expr import nodes
from clausework.expr.parser import Parser, Unreadable
from clausework.expr.scope import MachineView, Scope
from clausework.expr.syntax import Raw
from clausework.expr.typecheck import Checker
from clausework.expr.types import Boolean, Party, Type
from clausework.model.about import About
from clausework.model.machine import Field
from clausework.model.sequence import Decides, Does, Event, IsIn, Loses, Passes, Restarts, Restores, Told, Waits
from clausework.read.about import bare
from clausework.read.names import FlowOutline, MachineOutline, Names
from clausework.read.outline import field_named
from clausework.read.rules import (
    BAD_DIRECTION,
    BAD_PHRASE,
    UNKNOWN_COMMAND,
    UNKNOWN_DECISION,
    UNKNOWN_FIELD,
    UNKNOWN_LIFELINE,
    UNKNOWN_NOTIFICATION,
    UNKNOWN_STATE,
)
from clausework.source import FlowName, MessageName, Name

Given = tuple[tuple[Name, nodes.Expr], ...]


@dataclass
class Sessions:
    """Reads events and conditions of one flow's sessions."""

    names: Names
    outline: FlowOutline

    def __post_init__(self) -> None:
        outline = self.outline
        self.views: dict[tuple[str, ...], MachineView] = {}
        self.machines: dict[tuple[str, ...], MachineOutline] = {}
        flows = [(None, outline), *((name, self.names.outlines.get(name)) for name in self.used())]
        for lifeline in outline.lifelines:
            for flow, each in flows:
                machine = _machine(self.names, outline, each, lifeline) if each else None
                if machine is None:
                    continue
                path = (lifeline,) if flow is None else (lifeline, flow.split(".")[-1])
                self.machines.setdefault(path, machine)
                self.views.setdefault(path, machine.view)
                if flow is not None and not outline.machines:
                    self.views.setdefault((lifeline,), machine.view)
                    self.machines.setdefault((lifeline,), machine)
        words: dict[str, nodes.Expr] = {
            name.split(".")[-1]: nodes.Parameter(name=parameter.name, type=parameter.type)
            for name, parameter in self.names.parameters.items()
        }
        for name, lifeline_ in outline.lifelines.items():
            words[name] = nodes.Local(name=Name(name), type=Party(lifeline_.role))
        self.scope = Scope(words=words, lifelines=self.views, parties=self.names.parties())

    def used(self) -> list[str]:
        """The flows that lifelines' other machines may come from: those used, and what those use."""
        found: list[str] = []
        waiting = [*self.outline.uses]
        while waiting:
            outline = self.names.outline(waiting.pop(0))
            if outline is not None and outline.name not in found and outline.name != self.outline.name:
                found.append(outline.name)
                waiting.extend(outline.uses)
        return found

    # -- conditions

    def condition(self, text: Name) -> nodes.Expr | None:
        return self._typed(text, Boolean())

    def value(self, text: Name) -> nodes.Expr | None:
        return self._typed(text, None)

    def _typed(self, text: Name, expected: Type | None) -> nodes.Expr | None:
        try:
            parser = Parser(text, self.scope.arity)
            raw = parser.expression()
            parser.end()
        except Unreadable as problem:
            self.names.problems.add(problem.diagnostic)
            return None
        return self._resolve(raw, expected)

    def _resolve(self, raw: Raw, expected: Type | None) -> nodes.Expr | None:
        checker = Checker(self.scope, self.names.related)
        result = checker.value(raw, expected)
        for problem in checker.problems:
            self.names.problems.add(problem)
        return result

    def in_states(self, lifeline: Name, states: Name) -> nodes.Expr | None:
        """`{user: online}`: a lifeline (or `lifeline.flow`) and the states that it is in, written in two places."""
        path = tuple(lifeline.split("."))
        view = self.views.get(path)
        if view is None:
            possible = [".".join(each) for each in self.views]
            self.names.problems.unknown(
                UNKNOWN_LIFELINE, f"the flow has no machine of `{lifeline}`", lifeline, possible
            )
            return None
        found = tuple(Name(word.strip(), states.span) for word in states.split("|"))
        for state in found:
            if state not in view.states:
                message = f"`{view.machine}` of `{view.flow}` has no state `{state}`"
                self.names.problems.unknown(UNKNOWN_STATE, message, state, view.states)
                return None
        of = nodes.Of(flow=view.flow, machine=view.machine, lifeline=Name(path[0], lifeline.span), type=Boolean())
        return nodes.InState(of=of, states=found, span=states.span)

    # -- events

    def passes(self, sender: Name, receiver: Name, text: Name, around: About) -> Passes | None:
        found = self._said(text)
        ends = self.lifeline(sender), self.lifeline(receiver)
        message = self.names.message(found[0]) if found else None
        if found is None or message is None or not all(ends):
            return None
        roles = [self.outline.lifelines[end].role for end in (sender, receiver)]
        if message.directions and not any(
            self.names.related(roles[0], one) and self.names.related(roles[1], other)
            for one, other in message.directions
        ):
            shown = ", ".join(f"{one} to {other}" for one, other in message.directions)
            self.names.problems.report(
                BAD_DIRECTION,
                f"`{message.name}` doesn't go from `{sender}` to `{receiver}`",
                text.span,
                f"it goes from {shown}",
            )
        return Passes(
            sender=sender,
            receiver=receiver,
            message=MessageName(message.name, found[0].span),
            fields=self._bound(message.fields, found[1], f"`{message.name}`"),
            about=around,
        )

    def event(self, lifeline: Name, verb: str, text: Name, around: About) -> Event | None:
        """`a does: C with ...` and its like; the verbs are the language's."""
        if not self.lifeline(lifeline):
            return None
        match verb:
            case "does":
                return self._signal(lifeline, text, around, Does)
            case "is told":
                return self._signal(lifeline, text, around, Told)
            case "decides":
                return self._decides(lifeline, text, around)
            case "waits":
                return self._waits(lifeline, text, around)
            case "loses":
                return Loses(lifeline=lifeline, peer=text, about=around) if self.lifeline(text) else None
            case "restores":
                return Restores(lifeline=lifeline, peer=text, about=around) if self.lifeline(text) else None
        condition = self.in_states(lifeline, text)
        return IsIn(lifeline=lifeline, condition=condition, about=around) if condition else None

    def restarts(self, lifeline: Name, around: About) -> Restarts | None:
        return Restarts(lifeline=lifeline, about=around) if self.lifeline(lifeline) else None

    def carried(self, event: Event) -> tuple[str, ...]:
        """The names of what an event carries: a message's fields, a command's or notification's arguments."""
        match event:
            case Passes(message=message):
                return tuple(str(each.name) for each in self.names.messages[message].fields)
            case Does(lifeline=lifeline, command=name) | Told(lifeline=lifeline, notification=name):
                for keys, machine in self.machines.items():
                    signals = machine.commands if isinstance(event, Does) else machine.notifications
                    if keys[0] == lifeline and name in signals:
                        return tuple(str(each.name) for each in signals[name].arguments)
        return ()

    def lifeline(self, name: Name) -> bool:
        if name in self.outline.lifelines:
            return True
        possible = list(self.outline.lifelines)
        self.names.problems.unknown(UNKNOWN_LIFELINE, f"the flow has no role `{name}`", name, possible)
        return False

    def _signal(self, lifeline: Name, text: Name, around: About, kind: type[Does] | type[Told]) -> Event | None:
        found = self._said(text, dotted=True)
        if found is None:
            return None
        path, given = found
        flow_word, _, word = path.rpartition(".")
        name = Name(word, path.span)
        told = kind is Told
        machines = [
            (keys, each)
            for keys, each in self.machines.items()
            if keys[0] == lifeline and (not flow_word or keys[-1] == flow_word)
        ]
        possible: list[str] = []
        for keys, machine in machines:
            signals = machine.notifications if told else machine.commands
            possible += list(signals)
            if name in signals:
                arguments = self._bound(signals[name].arguments, given, f"`{name}`")
                flow = FlowName(machine.view.flow) if len(keys) > 1 else None
                if told:
                    return Told(lifeline=lifeline, notification=name, arguments=arguments, about=around, flow=flow)
                return Does(lifeline=lifeline, command=name, arguments=arguments, about=around, flow=flow)
        rule = UNKNOWN_NOTIFICATION if told else UNKNOWN_COMMAND
        what = "notification" if told else "command"
        self.names.problems.unknown(rule, f"`{lifeline}` has no {what} `{name}`", name, possible)
        return None

    def _decides(self, lifeline: Name, text: Name, around: About) -> Event | None:
        words = text.split(" is ")
        decisions = dict(self.outline.decisions)
        for used in self.used():
            decisions |= self.names.outlines[used].decisions
        if len(words) != 2:
            self.names.problems.report(BAD_PHRASE, "this is not `decision is answer`", text.span)
            return None
        name, answer = Name(words[0].strip(), text.span), Name(words[1].strip(), text.span)
        if name not in decisions:
            self.names.problems.unknown(UNKNOWN_DECISION, f"there is no decision `{name}`", name, list(decisions))
            return None
        if answer not in {each.name for each in decisions[name].answers}:
            possible = [str(each.name) for each in decisions[name].answers]
            self.names.problems.unknown(UNKNOWN_DECISION, f"`{name}` has no answer `{answer}`", answer, possible)
            return None
        return Decides(lifeline=lifeline, decision=name, answer=answer, about=around)

    def _waits(self, lifeline: Name, text: Name, around: About) -> Event | None:
        timers = {str(timer) for keys, each in self.machines.items() if keys[0] == lifeline for timer in each.timers}
        if text not in timers:
            self.names.problems.unknown(BAD_PHRASE, f"`{lifeline}` has no timer `{text}`", text, sorted(timers))
            return None
        return Waits(lifeline=lifeline, timer=text, about=around)

    def _said(self, text: Name, dotted: bool = False) -> tuple[Name, tuple[tuple[Name, Raw], ...]] | None:
        """`M with f = e and f = e`."""
        try:
            parser = Parser(text, self.scope.arity)
            name = parser.name("a message" if not dotted else "a name")
            given = []
            if parser.take("with"):
                while True:
                    field = parser.name("a field")
                    parser.expect("=")
                    given.append((field, parser.operand()))
                    if not parser.take("and"):
                        break
            parser.end()
        except Unreadable as problem:
            self.names.problems.add(problem.diagnostic)
            return None
        return name, tuple(given)

    def _bound(self, fields: tuple[Field, ...], given: tuple[tuple[Name, Raw], ...], called: str) -> Given:
        bound = []
        for name, raw in given:
            field = field_named(fields, name)
            if field is None:
                possible = [str(each.name) for each in fields]
                self.names.problems.unknown(UNKNOWN_FIELD, f"{called} has no `{name}`", name, possible)
                continue
            value = self._resolve(raw, field.type)
            if value is not None:
                bound.append((name, value))
        return tuple(bound)

    def place(self, span_of: Name, around: About) -> About:
        return bare(span_of.span or around.span, around)


def _machine(names: Names, own: FlowOutline, flow: FlowOutline, lifeline: str) -> MachineOutline | None:
    """The machine that the lifeline's party runs in a flow: in its own by name, in another by role."""
    if flow.name == own.name:
        return own.machine_of(lifeline)
    role, lifeline = own.lifelines[lifeline].role, own.lifelines[lifeline].party
    same = [machine for machine in flow.machines if machine.name == lifeline and names.related(machine.role, role)]
    related = [machine for machine in flow.machines if names.is_a(role, machine.role)]
    return next(iter([*same, *related]), None)
