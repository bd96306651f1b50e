"""One event as a method: the states that answer it differently, and what each does."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from clausework.emit.python.branches import Branches, Case
from clausework.emit.python.cells import arguments, disposition_of, told_apart
from clausework.emit.python.code import Block, Brackets, Code, If, Line, call, laid_out, pack, written
from clausework.emit.python.commits import committed, disposed
from clausework.emit.python.events import Event
from clausework.emit.python.expressions import python
from clausework.emit.python.members import Members
from clausework.emit.python.place import Place
from clausework.emit.python.timers import Timer
from clausework.emit.python.types import Types
from clausework.emit.python.words import cited, clause, docstring, quoted
from clausework.expr import nodes
from clausework.expr.types import is_optional
from clausework.model.machine import Disposition, Effect, Handler, Machine, Receive
from clausework.model.standard import Flow, Standard
from clausework.model.states import entered, leaves, scopes


@dataclass(frozen=True, slots=True)
class Method:
    """`signature` and `body` are lines, indented; `decorators` stand above."""

    name: str
    decorators: tuple[str, ...]
    signature: tuple[str, ...]
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Methods:
    """Writes the methods of one machine."""

    standard: Standard
    flow: Flow
    machine: Machine
    members: Members
    types: Types
    answers: dict[tuple[str, str], str]

    def method(self, event: Event) -> Method:
        block = self.body(event)
        kept = (("settles", self.members.defers), ("asks", self.members.asks))
        decorators = tuple(f"    @{self.types.imports.runtime(word)}" for word, wanted in kept if wanted)
        body = written(block, 8)
        assigned = [line for line in body if line.lstrip().startswith("effects = ")]
        several = len(assigned) > 1 or any(line.lstrip().startswith(("*(", "for ")) for line in body)
        if assigned and several:  # tuples of several shapes
            body.insert(0, f"        effects: {self.types.imports.runtime('Effects')}")
        lines = (*docstring(self._told(event), 8), *body)
        return Method(event.method, decorators, tuple(self.signature(event)), lines)

    def begun(self, timers: tuple[Timer, ...]) -> Block:
        """The first state's timers, started."""
        leaf = str(entered(self.machine, self.machine.initial))
        place = Place(types=self.types, machine=self.machine, members=self.members, leaf=leaf, target=leaf)
        attributes = [f"self.{self.members.deadlines[timer]}" for timer in timers]
        lines = [
            Line(f"now + {python(timer.duration, place)}", f"{attribute} = ")
            for timer, attribute in zip(timers, attributes, strict=True)
        ]
        start = self.types.imports.runtime("StartTimer")
        items = [call(start, (quoted(timer.name), at)) for timer, at in zip(timers, attributes, strict=True)]
        return (*lines, Line(pack(items), "return "))

    # -- the head

    def signature(self, event: Event) -> list[str]:
        effects = self.types.imports.runtime("Effects")
        items: list[Code] = ["self", *self._parameters(event)]
        return laid_out(Brackets(f"def {event.method}(", tuple(items)), 4, after=f" -> {effects}:")

    def _parameters(self, event: Event) -> Iterator[str]:
        runtime = self.types.imports.runtime
        if event.message is not None:
            yield f"message: {self.types.message(event.message.name)}"
            yield f"sender: {runtime('Peer')}"
        if event.kind in ("lost", "restored"):
            yield f"peer: {runtime('Peer')}"
        if event.trigger is not None:
            yield f"of: {runtime('Crossing')}"
        yield "*"
        if event.signal is not None:
            names = arguments(event)
            for each in event.signal.arguments:
                default = " = None" if is_optional(each.type) else ""
                yield f"{names[each.name]}: {self.types.annotation(each.type)}{default}"
        yield "now: float"

    def _told(self, event: Event) -> Iterator[str]:
        yield _summary(event)
        for handler in event.handlers:
            where = f"in `{handler.scope}`" if handler.scope else "anywhere"
            about = handler.effect.about
            tail = f": {about.title}" if about.title else ""
            yield f"- {where}{_narrowing(handler)}: {cited(about)}{tail}"

    # -- the body

    def body(self, event: Event) -> Block:
        groups: dict[Block, list[str]] = {}
        for leaf in self._leaves(event):
            groups.setdefault(self._cell(event, leaf), []).append(leaf)
        return (*self._before(event), *self._by_state(groups))

    def _leaves(self, event: Event) -> list[str]:
        names = [str(leaf.name) for leaf in leaves(self.machine)]
        if event.kind == "restarted" and "state" not in self.machine.durable:
            return [str(entered(self.machine, self.machine.initial))]
        if event.timer is None:
            return names
        return [name for name in names if event.timer.scope in scopes(self.machine, name)]

    def _before(self, event: Event) -> Iterator[Line | If]:
        if event.timer is not None:
            yield If(((f"self.{self.members.deadlines[event.timer]} is None", (Line("()", "return "),)),))
        if event.kind == "restarted":
            yield Line("self.reset()")
        if event.signal is not None:
            for wanted in self.machine.requires:
                place = self._place(event, str(self.machine.initial))
                reason = f"needs {wanted.of.flow if wanted.of else ''} to be {'|'.join(wanted.states)}"
                items = (quoted(event.name), quoted(clause(event.signal.about)), quoted(reason))
                refusal = (Line(call("self._refused", items), "raise "),)
                yield If(((python(nodes.Not(operand=wanted), place), refusal),))

    def reset(self) -> Block:
        """What isn't durable is forgotten."""
        return tuple(self._reset())

    def stale(self, event: Event, disposition: Disposition) -> list[str]:
        """A method for a response that nobody waits for: a reply at most, and nothing changes."""
        groups: dict[Block, list[str]] = {}
        for leaf in self._leaves(event):
            block = disposed(event, disposition, self.machine.about, self._place(event, leaf))
            groups.setdefault(block, []).append(leaf)
        named = replace(event, method=event.method.replace("receive_", "stale_", 1))
        told = docstring([f"`{event.name.partition(' ')[2]}` arrives, but what it answers is no longer open."], 8)
        return [*self.signature(named), *told, *written(self._by_state(groups), 8)]

    def _reset(self) -> Iterator[Line]:
        for variable in self.machine.variables:
            if variable.name not in self.machine.durable:
                yield Line(self.types.initial(variable), f"{self.members.attribute(variable.name)} = ")
        if "state" not in self.machine.durable:
            yield Line(self.members.states[entered(self.machine, self.machine.initial)], "self.state = ")
        for attribute in self.members.deadlines.values():
            yield Line("None", f"self.{attribute} = ")
        if self.members.defers:
            yield Line("()", "self._deferred = ")
        if self.members.asks:
            yield Line("()", "self._open = ")
            yield Line("()", "self._owed = ")

    def _by_state(self, groups: dict[Block, list[str]]) -> Block:
        """The largest group of short refusals last, without a condition; the others before it."""
        if not groups:
            return (Line("()", "return "),)
        ordered = sorted(groups.items(), key=lambda item: _rank(item[0], item[1]))
        if len(ordered) == 2 and _is_refusal(ordered[1][0]):
            main, rest = ordered
            return (If(((self._in(main[1], negated=True), rest[0]),)), *main[0])
        branches: list[tuple[Code | None, Block]] = [(self._in(states), block) for block, states in ordered[:-1]]
        return (
            (
                If(
                    (*branches, (None, ordered[-1][0])),
                ),
            )
            if branches
            else ordered[-1][0]
        )

    def _in(self, states: list[str], *, negated: bool = False) -> Code:
        constants = [self.members.states[state] for state in states]
        if len(constants) == 1:
            return f"self.state {'is not' if negated else 'is'} {constants[0]}"
        return Brackets(f"self.state {'not in' if negated else 'in'} (", tuple(constants))

    # -- one cell: a leaf state and the event

    def _cell(self, event: Event, leaf: str) -> Block:
        place = self._place(event, leaf)
        branches = Branches(
            self.flow,
            event.name,
            self._asked(event),
            lambda decision, answer: self.answers[decision, answer],
            lambda effects, here: committed(event, effects, here),
        )
        block: Block = ()
        done: tuple[nodes.Expr, ...] = ()
        for scope in scopes(self.machine, leaf):
            handlers = [handler for handler in event.handlers if handler.scope == scope]
            if not handlers:
                continue
            more, certain, done = branches.cases(self._cases(event, handlers), place, done)
            block = (*block, *more)
            if certain:
                return block
        return _joined(block, self._disposed(event, leaf, place))

    def _place(self, event: Event, leaf: str) -> Place:
        sender = "sender" if event.message is not None else "peer" if event.kind in ("lost", "restored") else ""
        connection = f"{sender}.link" if sender else "of.connection" if event.trigger is not None else ""
        return Place(
            types=self.types,
            machine=self.machine,
            members=self.members,
            leaf=leaf,
            target=leaf,
            message=event.message,
            sender=sender,
            connection=connection,
            arguments=arguments(event),
            local=self._elements(event),
        )

    def _elements(self, event: Event) -> dict[str, str]:
        """What `for each` calls by a name is a component of the key of the instance that is offered the message."""
        triggers = [each.trigger for each in event.handlers]
        named = [str(each.each[0]) for each in triggers if isinstance(each, Receive) and each.each is not None]
        return {name: self.members.attribute(name) for name in named if name in self.members.attributes}

    def _asked(self, event: Event) -> str:
        """What decisions are asked with: the instance, and what has happened."""
        if event.message is not None:
            return "self, message, sender"
        return "self, None, peer" if event.kind in ("lost", "restored") else "self, None, None"

    def _cases(self, event: Event, handlers: list[Handler]) -> Iterator[Case]:
        for guard, holds, handler in told_apart(self.standard, self.machine, self.members, event, handlers):
            yield Case(guard, holds, (handler.effect,))

    def _disposed(self, event: Event, leaf: str, place: Place) -> Block:
        """No transition: the disposition of the cell; events that nobody sent are simply not for this machine."""
        if event.kind == "command":
            items = [quoted(event.name)]
            if event.signal is not None and clause(event.signal.about):
                items.append(quoted(clause(event.signal.about)))
            return (Line(call("self._refused", items), "raise "),)
        if event.timer is not None:
            return committed(event, (Effect(about=self.machine.about),), place)
        if event.message is None:
            return committed(event, (Effect(about=self.machine.about),), place)
        disposition, about = disposition_of(self.machine, event.message.name, leaf)
        return disposed(event, disposition, about, place)


def _summary(event: Event) -> str:
    match event.kind:
        case "command":
            assert event.signal is not None
            return f"Command `{event.name}`, {cited(event.signal.about)}."
        case "receive":
            assert event.message is not None
            return f"`{event.message.name}` arrives."
        case "after":
            return f"Timer `{event.timer.name if event.timer else ''}` expires; nothing if it isn't running."
        case "lost":
            return "This end noticed that a link is gone."
        case "restored":
            return "A link is up, seen from this end."
        case "restarted":
            return "The party came back: what isn't durable is as at first."
        case _:
            return f"Another machine of this party {event.name.replace(' ', ' `', 1)}`: the one `of` tells of."


def _narrowing(handler: Handler) -> str:
    trigger = handler.trigger
    if not isinstance(trigger, Receive):
        return ""
    return (f" from {trigger.sender}" if trigger.sender else "") + (" where a guard holds" if trigger.where else "")


def _joined(block: Block, rest: Block) -> Block:
    """The two, without a question whose every answer is what comes after it anyway."""
    if block and isinstance(block[-1], If) and all(below == rest for _, below in block[-1].branches):
        return _joined(block[:-1], rest)
    return (*block, *rest)


def _rank(block: Block, states: list[str]) -> tuple[int, int]:
    """Refusals last, the most common of them at the end."""
    return (1 if _is_refusal(block) else 0, len(states))


def _is_refusal(block: Block) -> bool:
    """Nothing happens, or an error."""
    only = block[0] if len(block) == 1 else None
    return isinstance(only, Line) and (only.before == "raise " or (only.before == "return " and only.code == "()"))
