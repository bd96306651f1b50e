"""The little texts: triggers, sends, whom they go to, notifications.

Each is parsed with the expression's own words and comes out resolved, or not at all, with a report.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from clausework.expr import nodes
from clausework.expr.parser import Parser, Unreadable
from clausework.expr.scope import MachineView, Scope
from clausework.expr.syntax import Raw, Word
from clausework.expr.typecheck import Checker
from clausework.expr.types import Boolean, Link, ListOf, MessageOf, Party, SetOf, Type, plain, required
from clausework.model.machine import (
    After,
    Command,
    Enters,
    Leaves,
    Lost,
    Restarted,
    Restored,
    ToEach,
    ToLink,
    ToParty,
    ToRole,
    Trigger,
    Whom,
)
from clausework.model.standard import Message
from clausework.read.names import FlowOutline, MachineOutline, Names
from clausework.read.rules import BAD_PHRASE, UNKNOWN_COMMAND, UNKNOWN_STATE
from clausework.source import Name, RoleName

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Heard:
    """`receive M|M from R for each K in e where g`, before it is resolved; `lifeline` is the part named by `from`."""

    messages: tuple[Message, ...]
    sender: RoleName | None
    lifeline: Name | None
    each: tuple[Name, Raw] | None
    where: Raw | None


@dataclass(frozen=True, slots=True)
class Saying:
    """`M to WHOM with f = e and f = e`, before its fields are filled in.  `message` None is the one received.

    `inside` is what the fields' words mean: with `each`, they may speak of the element.
    """

    message: Message | None
    each_in: nodes.Expr | None
    to: Whom
    target: RoleName | None
    given: tuple[tuple[Name, Raw], ...]
    inside: Scope


@dataclass
class Phrases:
    """Reads phrases of one machine."""

    names: Names
    flow: FlowOutline
    machine: MachineOutline

    # -- triggers

    def trigger(self, text: Name, scope: Scope) -> Trigger | Heard | None:
        return self._read(text, scope, lambda parser: self._trigger(parser, scope))

    def _trigger(self, parser: Parser, scope: Scope) -> Trigger | Heard | None:
        if parser.take("receive"):
            return self._heard(parser)
        if parser.take("command"):
            name = parser.name("a command")
            if name not in self.machine.commands:
                message = f"`{self.machine.name}` has no command `{name}`"
                self.names.problems.unknown(UNKNOWN_COMMAND, message, name, list(self.machine.commands))
                return None
            return Command(name=name)
        if parser.take("after"):
            timer = parser.name("a parameter or variable that holds a time")
            duration = self.value(Word((timer,), (), timer.span or parser.since(0)), scope)
            return After(timer=timer, duration=duration) if duration is not None else None
        if parser.take("lost"):
            return Lost(peer=self._peer(parser))
        if parser.take("restored"):
            return Restored(peer=self._peer(parser))
        if parser.take("restarted"):
            return Restarted()
        for word, kind in (("enters", Enters), ("leaves", Leaves)):
            if parser.take(word):
                return self._crossing(parser, scope, kind)
        raise parser.unexpected("a trigger: receive, command, after, lost, restored, restarted, enters or leaves")

    def _heard(self, parser: Parser) -> Heard | None:
        messages = [self.names.message(parser.name("a message"))]
        while parser.take("|"):
            messages.append(self.names.message(parser.name("a message")))
        sender, lifeline = None, None
        if parser.take("from"):
            lifeline = parser.name("a role")
            sender = self.role(lifeline)
        each = None
        if parser.take("for", "each"):
            variable = parser.name()
            parser.expect("in")
            each = (variable, parser.atom())
        where = parser.expression() if parser.take("where") else None
        known = tuple(message for message in messages if message is not None)
        return Heard(known, sender, lifeline, each, where) if len(known) == len(messages) else None

    def _peer(self, parser: Parser) -> RoleName | None:
        name = parser.name("a role, or `connection`")
        return None if name == "connection" else self.role(name)

    def _crossing(self, parser: Parser, scope: Scope, kind: type[Enters] | type[Leaves]) -> Trigger | None:
        flow = parser.name("a flow")
        view = scope.machines.get(flow)
        if view is None:
            self.names.problems.unknown(
                UNKNOWN_STATE, f"`{self.machine.name}` has no machine in a flow `{flow}`", flow, list(scope.machines)
            )
            return None
        states = [self.state(view, parser.name("a state"))]
        while parser.take("|"):
            states.append(self.state(view, parser.name("a state")))
        key = self.value(parser.atom(), scope) if parser.take("of") else None
        found = tuple(state for state in states if state is not None)
        return kind(flow=view.flow, machine=view.machine, states=found, key=key) if len(found) == len(states) else None

    def state(self, view: MachineView, name: Name) -> Name | None:
        if name in view.states:
            return name
        message = f"`{view.machine}` of `{view.flow}` has no state `{name}`"
        self.names.problems.unknown(UNKNOWN_STATE, message, name, view.states)
        return None

    def role(self, name: Name) -> RoleName | None:
        """The role of a lifeline, or the role of that name."""
        lifeline = self.flow.lifelines.get(name)
        return RoleName(lifeline.role, name.span) if lifeline else self.names.role(name)

    # -- sends

    def saying(self, text: Name, scope: Scope) -> Saying | None:
        return self._read(text, scope, lambda parser: self._saying(parser, scope))

    def _saying(self, parser: Parser, scope: Scope) -> Saying | None:
        message, each_in, fine = None, None, True
        if parser.take("each"):
            parser.name("`message`")
            parser.expect("in")
            each_in = self.value(parser.atom(), scope)
            message, fine = self._stored(each_in), each_in is not None
        else:
            name = parser.name("a message")
            if name != "message":
                message = self.names.message(name)
                fine = message is not None
        parser.expect("to")
        aimed = self.whom(parser, scope)
        given = self.given(parser)
        if aimed is None or not fine:
            return None
        return Saying(message, each_in, aimed[0], aimed[1], given, self._inside(aimed[0], scope))

    def _inside(self, whom: Whom, scope: Scope) -> Scope:
        if not isinstance(whom, ToEach):
            return scope
        items = whom.domain.type
        return scope.binding(whom.variable, items)

    def _stored(self, stored: nodes.Expr | None) -> Message | None:
        bare = plain(stored.type) if stored is not None else None
        item = plain(bare.item) if isinstance(bare, ListOf) else None
        if isinstance(item, MessageOf):
            return self.names.messages[item.name]
        if stored is not None:
            self.names.problems.report(BAD_PHRASE, "this is not a list of messages", stored.span)
        return None

    def given(self, parser: Parser) -> tuple[tuple[Name, Raw], ...]:
        """`with f = e and f = e`, if it comes next."""
        if not parser.take("with"):
            return ()
        given = []
        while True:
            name = parser.name("a field")
            parser.expect("=")
            given.append((name, parser.operand()))
            if not parser.take("and"):
                return tuple(given)

    def whom_text(self, text: Name, scope: Scope) -> Whom | None:
        aimed = self._read(text, scope, lambda parser: self.whom(parser, scope))
        return aimed[0] if aimed else None

    def whom(self, parser: Parser, scope: Scope) -> tuple[Whom, RoleName | None] | None:
        """Where to, and the role there, where the text tells it."""
        if parser.take("sender") or (parser.peek() == "connection" and parser.peek(1) != "of"):
            parser.take("connection")
            link = self._link(parser, scope)
            if not parser.take("for"):
                return link
            parser.expect("each")
            return self._each(parser, scope, to=link[0])
        if parser.peek() in ("each", "other") or parser.peek() == "connection":
            return self._each(parser, scope)
        name = parser.name("whom")
        if parser.take("of"):
            return self._home(parser, scope, name)
        leaf = scope.words.get(name)
        if leaf is not None and isinstance(plain(required(leaf.type)), Party):
            return self._party(leaf)
        role = self.role(name)
        return (ToRole(role=role), role) if role is not None else None

    def _link(self, parser: Parser, scope: Scope) -> tuple[ToLink, RoleName | None]:
        leaf = scope.words.get("connection")
        if leaf is None:
            raise parser.unexpected("somebody: there is no connection here")
        return ToLink(link=leaf), None

    def _party(self, party: nodes.Expr) -> tuple[Whom, RoleName | None]:
        bare = plain(required(party.type))
        return ToParty(party=party), bare.role if isinstance(bare, Party) else None

    def _home(self, parser: Parser, scope: Scope, name: Name) -> tuple[Whom, RoleName | None] | None:
        """`server of peer`, `server of each account as peer where ...`."""
        role = self.role(name)
        if role is None:
            return None
        if parser.peek() == "each":
            return self._each(parser, scope, home=role)
        party = self.value(parser.atom(), scope)
        if party is None:
            return None
        return ToParty(party=nodes.Home(of=party, type=Party(role), span=party.span)), role

    def _each(
        self, parser: Parser, scope: Scope, *, home: RoleName | None = None, to: ToLink | None = None
    ) -> tuple[Whom, RoleName | None] | None:
        """`each account as peer where ...`; with `to`, what is for each goes there: `connection for each ...`."""
        parser.take("each")
        range_ = parser.range()
        checker = self.checker(scope)
        found = checker.domain(range_)
        self._note(checker)
        if found is None:
            return None
        domain, type_ = found
        if to is not None and domain.of is not None and isinstance(plain(domain.of.type), SetOf):
            self.names.problems.report(BAD_PHRASE, "a set has no order, and a connection has one", domain.of.span)
        inside = scope.binding(range_.variable, type_)
        where = self.condition(parser.operand_chain(), inside) if parser.take("where") else None
        best = None
        if parser.take("by"):
            highest = parser.name("`highest` or `lowest`")
            value = self.value(parser.atom(), inside)
            best = (value, highest != "lowest") if value is not None else None
        where_to, role = (to, None) if to is not None else self._element(range_.variable, type_, home)
        return ToEach(variable=range_.variable, domain=domain, where=where, to=where_to, best=best), role

    def _element(self, variable: Name, type_: Type, home: RoleName | None) -> tuple[ToParty | ToLink, RoleName | None]:
        local = nodes.Local(name=variable, type=type_)
        if isinstance(type_, Link):
            return ToLink(link=local), None
        bare = plain(type_)
        if home is not None:
            return ToParty(party=nodes.Home(of=local, type=Party(home))), home
        return ToParty(party=local), bare.role if isinstance(bare, Party) else None

    # -- notifications and the like: a name, then what is given

    def signal(self, text: Name, scope: Scope) -> tuple[Name, tuple[tuple[Name, Raw], ...]] | None:
        return self._read(text, scope, lambda parser: (parser.name(), self.given(parser)))

    # -- expressions

    def checker(self, scope: Scope) -> Checker:
        return Checker(scope, self.names.related)

    def value(self, raw: Raw, scope: Scope, expected: Type | None = None) -> nodes.Expr | None:
        checker = self.checker(scope)
        result = checker.value(raw, expected)
        self._note(checker)
        return result

    def condition(self, raw: Raw, scope: Scope) -> nodes.Expr | None:
        return self.value(raw, scope, Boolean())

    def parsed(self, text: Name, scope: Scope) -> Raw | None:
        return self._read(text, scope, lambda parser: parser.expression())

    def expression(self, text: Name, scope: Scope, expected: Type | None = None) -> nodes.Expr | None:
        raw = self.parsed(text, scope)
        return self.value(raw, scope, expected) if raw is not None else None

    def _note(self, checker: Checker) -> None:
        for problem in checker.problems:
            self.names.problems.add(problem)

    def _read(self, text: Name, scope: Scope, what: Callable[[Parser], _Result]) -> _Result | None:
        before = len(self.names.problems.found)
        try:
            parser = Parser(text, scope.arity)
            result = what(parser)
            parser.end()
        except Unreadable as problem:
            self.names.problems.forget(before)  # what could not be read to its end was misunderstood from the start
            self.names.problems.add(problem.diagnostic)
            return None
        return result
