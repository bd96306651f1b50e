"""One transition as statements: values, then the commit, then what it asks for."""

from collections.abc import Iterable
from dataclasses import replace

from clausework.emit.python import outputs
from clausework.emit.python.code import Block, Code, Line, Prefixed, Statement, call, flat, pack
from clausework.emit.python.events import Event
from clausework.emit.python.expressions import python
from clausework.emit.python.fitted import lower, upper
from clausework.emit.python.place import Place
from clausework.emit.python.timers import Change, Timer, change, running
from clausework.emit.python.words import clause, identifier, quoted
from clausework.expr import nodes
from clausework.expr.types import Integer, ListOf, SetOf, plain
from clausework.model.about import About
from clausework.model.machine import CloseLink, Defer, Disposition, Effect, Ignore, Impossible, Machine, Reject, Update
from clausework.model.states import entered, state_named
from clausework.source import Name


def committed(event: Event, effects: tuple[Effect, ...], place: Place) -> Block:
    """The transition that a path of effects is."""
    disposition = next((each.disposition for each in reversed(effects) if each.disposition is not None), None)
    match disposition:
        case Impossible():
            return impossible(event, effects[-1].about)
        case Defer() if event.message is not None:
            return (Line("self._defer(message, sender)", "return "),)
        case Reject() | CloseLink() | Ignore() | Defer():  # instead of anything else
            effects = (Effect(about=effects[-1].about),)
    target = next((each.target for each in reversed(effects) if each.target is not None), None)
    return _Commit(event, effects, disposition, target, place).block()


def impossible(event: Event, about: About) -> Block:
    """What happens here must not: the application's fault, or the peer's."""
    items: list[Code] = [quoted(event.name)]
    if clause(about):
        items.append(quoted(clause(about)))
    name = "_refused" if event.kind == "command" else "_impossible"
    return (Line(call(f"self.{name}", items), "raise "),)


def disposed(event: Event, disposition: Disposition, about: About, place: Place) -> Block:
    """A cell of state and message that has no transition."""
    return committed(event, (Effect(about=about, disposition=disposition),), place)


class _Commit:
    """One transition while it is written."""

    def __init__(
        self,
        event: Event,
        effects: tuple[Effect, ...],
        disposition: Disposition | None,
        target: str | None,
        place: Place,
    ) -> None:
        self.event = event
        self.effects = effects
        self.disposition = disposition
        self.forget = any(each.forget for each in effects)
        self.leaf = place.leaf
        self.goes = target
        if self.forget:
            self.goes = str(place.machine.initial)
        after = entered(place.machine, _state(place.machine, self.goes)) if self.goes else place.leaf
        self.place = replace(place, target=str(after))
        self.updates = [update for each in effects for update in each.updates]

    def block(self) -> Block:
        first = list(self._values())
        outputs_ = list(self._outputs())
        commit = list(self._assignments())
        timers, deadlines = self._timers()
        commit += deadlines
        simple = all(outputs.is_constant(each, self._fixed()) for each in outputs_)
        if not commit or simple or not outputs_:
            return (*first, *commit, Line(_tuple((*timers, *outputs_)), "return "))
        first.append(Line(pack(outputs_), "effects = "))
        result: Code = "effects" if not timers else pack((*timers, Prefixed("*", "effects")))
        return (*first, *commit, Line(result, "return "))

    def _fixed(self) -> frozenset[str]:
        """What never changes in an instance."""
        keys = (self.place.members.attribute(key.name) for key in self.place.machine.keys)
        return frozenset(("self.me", *keys))

    # -- values, computed before anything is changed

    def _values(self) -> Iterable[Statement]:
        """Local variables for what later parts need; single updates are computed where they are assigned."""
        new: dict[str, str] = {}
        for update in self.updates:
            if self._named(update):
                word = f"new_{identifier(update.variable).strip('_')}"
                yield Line(self._value(update), f"{word} = ")
                new[str(update.variable)] = word
            elif isinstance(update.value, nodes.Literal):
                new[str(update.variable)] = flat(self._value(update))
        self.place = replace(self.place, new=new)

    def _named(self, update: Update) -> bool:
        if isinstance(update.value, nodes.Literal):
            return False
        if self._asked_for(update.variable):
            return True
        text = flat(self._value(update))
        return len(self.updates) > 1 and ("(" in text or "self." in text)

    def _asked_for(self, variable: str) -> bool:
        """Whether something of this transition reads the new value."""
        parts = [value for each in self.effects for send in each.sends for _, value in send.fields]
        parts += [value for each in self.effects for note in each.notifies for _, value in note.arguments]
        return any(
            isinstance(node, nodes.New) and node.of.name == variable for part in parts for node in nodes.walk(part)
        )

    def _value(self, update: Update) -> Code:
        return new_value(update, self.place)

    # -- what the transition asks for

    def _outputs(self) -> Iterable[Code]:
        place = self.place
        for each in self.effects:
            for send in each.sends:
                yield outputs.send(send, place)
        match self.disposition if place.sender == "sender" else None:
            case Reject(message=message, fields=fields):
                yield from outputs.reply(message, fields, place)
            case CloseLink(message=message, fields=fields):
                yield from outputs.reply(message, fields, place)
                yield outputs.close_back(place)
        for each in self.effects:
            for whom in each.closes:
                yield outputs.close(whom, place)
        signals = {signal.name: signal for signal in place.machine.notifications}
        for each in self.effects:
            for note in each.notifies:
                yield outputs.notify(note, signals[note.name], place)

    # -- the commit

    def _assignments(self) -> Iterable[Statement]:
        members, machine = self.place.members, self.place.machine
        if self.forget:
            for variable in machine.variables:
                yield Line(self.place.types.initial(variable), f"{members.attribute(variable.name)} = ")
            yield from self._forgotten()
        else:
            for update in self.updates:
                named = self._named(update)
                value: Code = self.place.new[str(update.variable)] if named else self._value(update)
                yield Line(value, f"{members.attribute(update.variable)} = ")
        if self.goes is not None and self.place.target != self.leaf:
            yield Line(members.states[self.place.target], "self.state = ")
        if self.disposition is None and self.event.message is not None and self.event.message.name in members.owes:
            yield Line("self._owe(message, sender)")

    def _forgotten(self) -> Iterable[Statement]:
        """No request is open or owed; messages that wait are gone, unless a new state is there to take them."""
        members = self.place.members
        if members.asks:
            yield Line("()", "self._open = ")
            yield Line("()", "self._owed = ")
        if members.defers and self.place.target == self.leaf:
            yield Line("()", "self._deferred = ")

    def _timers(self) -> tuple[list[Code], list[Statement]]:
        """StopTimer and StartTimer, and the deadlines that go with them."""
        changed = self._change()
        expired = self.event.timer
        deadlines: list[Statement] = []
        asked: list[Code] = []
        runtime, members = self.place.types.imports.runtime, self.place.members
        if expired is not None and expired not in changed.started and expired not in changed.stopped:
            deadlines.append(Line("None", f"self.{members.deadlines[expired]} = "))
        for timer in changed.stopped:
            deadlines.append(Line("None", f"self.{members.deadlines[timer]} = "))
            if timer != expired:
                asked.append(call(runtime("StopTimer"), (quoted(timer.name),)))
        after = replace(self.place, leaf=self.place.target, new={}, message=None)
        for timer in changed.started:
            attribute = f"self.{members.deadlines[timer]}"
            deadlines.append(Line(f"now + {_duration(timer, after)}", f"{attribute} = "))
            asked.append(call(runtime("StartTimer"), (quoted(timer.name), attribute)))
        return asked, deadlines

    def _change(self) -> Change:
        machine, timers = self.place.machine, self.place.members.timers
        if self.forget:
            left, begun = running(machine, timers, self.leaf), running(machine, timers, self.place.target)
            return Change(tuple(timer for timer in left if timer not in begun), begun)
        if self.event.kind == "restarted":
            return Change((), running(machine, timers, self.place.target))
        return Change((), ()) if self.goes is None else change(machine, timers, self.leaf, self.goes)


def new_value(update: Update, place: Place) -> Code:
    """The new value, asserted to be within the variable's type where the text doesn't show that it is."""
    declared = next(each for each in place.machine.variables if each.name == update.variable)
    text = python(update.value, place, declared.type)
    kind = plain(declared.type)
    runtime = place.types.imports.runtime
    arithmetic = isinstance(update.value, nodes.Arithmetic)
    if isinstance(kind, Integer) and (arithmetic or not _fits(update.value, kind)):
        low, high = lower(declared.type, place), upper(declared.type, place)
        return call(runtime("within"), (text, low, high, quoted(update.variable)))
    if isinstance(kind, ListOf | SetOf) and arithmetic:
        return call(runtime("holding"), (text, upper(declared.type, place), quoted(update.variable)))
    return text


def _duration(timer: Timer, place: Place) -> str:
    return python(timer.duration, place)


def _tuple(items: tuple[Code, ...]) -> Code:
    return pack(items) if items else "()"


def _state(machine: Machine, name: str | None) -> Name:
    return state_named(machine, name or "").name


def _fits(value: nodes.Expr, kind: Integer) -> bool:
    """Whether the value's own type shows that it is within the variable's."""
    if isinstance(value, nodes.Literal):
        return True  # the reader has seen to it
    found = plain(value.type)
    if not isinstance(found, Integer):
        return False
    if found == kind:
        return True
    bounds = (found.low, found.high, kind.low, kind.high)
    if not all(isinstance(bound, int) for bound in bounds):
        return False
    return int(kind.low) <= int(found.low) and int(found.high) <= int(kind.high)
