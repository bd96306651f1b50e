"""`<flow>_machines.py`: the machines of a flow as python-statemachine classes: another way to make them.

Made from the transitions laid flat, a guard and an action for each, where the handlers are made from the tree of
effects: what they agree on is not the same mistake made once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clausework.emit.python.answers import Answers, answers_of
from clausework.emit.python.branches import both
from clausework.emit.python.cells import arguments, disposition_of, told_apart
from clausework.emit.python.chart_methods import ChartMethods, event_name, named_state, reads_answer, replies
from clausework.emit.python.code import Brackets, Chain, Code, Prefixed, flat, frozen, laid_out
from clausework.emit.python.events import Event, events
from clausework.emit.python.exclusive import satisfiable
from clausework.emit.python.headers import flow_file, header
from clausework.emit.python.imports import Imports, Places
from clausework.emit.python.members import members
from clausework.emit.python.place import Place, is_static, simplified
from clausework.emit.python.talk import talk_of
from clausework.emit.python.types import Names, Types
from clausework.emit.python.words import cited, docstring, identifier, quoted
from clausework.expr import nodes
from clausework.model.machine import Defer, Handler, Ignore, Impossible, Machine
from clausework.model.standard import Flow, Standard
from clausework.model.states import ancestry, entered, leaves, scopes
from clausework.model.transitions import Transition, paths


def machines_module(standard: Standard, flow: Flow, module: str, names: Names, places: Places) -> dict[str, object]:
    """What the template prints."""
    imports = Imports(places)
    for name in ("State", "Event"):
        imports.take("statemachine", name)
    for source, name in (("typing", "ClassVar"), ("collections.abc", "Mapping"), ("dataclasses", "dataclass")):
        imports.take(source, name)
    imports.take(f"{places.runtime}.charts", "Chart")
    types = Types(names, imports, "machines")
    answers = answers_of(flow, Types(names, Imports(places), "flow"))
    shown = [_Chart(standard, flow, machine, module, types, answers).view() for machine in flow.machines]
    first = f"{flow.title or flow.name}, as python-statemachine classes."
    told = "Slow and independent; `take`, `command`, `expires` and the rest are the base class's."
    return {
        "header": header(standard, first, flow_file(standard, flow), told),
        "machines": shown,
        "imports": imports.lines(),
    }


@dataclass(frozen=True, slots=True)
class _Path:
    """One transition in one leaf state: names of its guards and action, and where it leads."""

    leaf: str
    target: str | None
    guards: tuple[str, ...]
    action: str


class _Chart:
    """One machine while it is written."""

    def __init__(
        self,
        standard: Standard,
        flow: Flow,
        machine: Machine,
        module: str,
        types: Types,
        answers: tuple[Answers, ...],
    ) -> None:
        self.standard, self.flow, self.machine, self.types = standard, flow, machine, types
        self.imports = types.imports
        self.module = f".{module}"
        self.members = members(machine, standard)
        self.model = self.members.of_model()
        self.parts = ChartMethods(flow, machine, self.model, self.module, types, answers)
        self.asking: dict[str, list[Code]] = {}
        self.numbers = {
            (number, place): count
            for count, (number, place) in enumerate(
                ((n, p) for n, handler in enumerate(machine.handlers) for p in range(len(paths(handler)))), 1
            )
        }

    def view(self) -> dict[str, object]:
        happenings = events(self.standard, self.machine, self.members)
        declared = [line for event in happenings for line in self._event(event)]
        names = [str(leaf.name) for leaf in leaves(self.machine)]
        first = str(entered(self.machine, self.machine.initial))
        return {
            "chart": f"{self.members.handler}Machine",
            "model": f"{self.members.handler}Model",
            "doc": docstring([f"`{self.machine.name}` of `{self.flow.name}`, {cited(self.machine.about)}."], 4),
            "states": [line for name in names for line in _declared(name, name == first)],
            "events": declared,
            "tables": [
                *self._scopes(),
                *self._timer_table(happenings),
                *self._event_table(happenings),
                *self._asks(),
                *self._talk(happenings),
            ],
            "reset": self._reset(first),
            "methods": list(self.parts.methods.values()),
            "fields": self._fields(),
        }

    # -- the model

    def _fields(self) -> list[str]:
        text = "\n".join(line for body in self.parts.methods.values() for line in body)
        lines = ["    me: str"]
        lines += [f"    {self.members.attributes[k.name]}: {self.types.annotation(k.type)}" for k in self.machine.keys]
        if "self.model.parameters" in text:
            lines.append(f"    parameters: {self.types.in_vocabulary('Parameters')}")
        if self.asking:
            lines.append(f"    decisions: {self.imports.take(self.module, self.members.decisions)}")
        if "self.model.party" in text:
            lines.append(f"    party: {self.imports.runtime('Surroundings')}")
        lines.append("    state: str | None = None")
        for variable in self.machine.variables:
            attribute, annotation = self.members.attributes[variable.name], self.types.annotation(variable.type)
            lines.append(f"    {attribute}: {annotation} = {self.types.initial(variable)}")
        return lines

    def _reset(self, first: str) -> list[str]:
        lines = [
            f"        {self.model.attribute(variable.name)} = {self.types.initial(variable)}"
            for variable in self.machine.variables
            if variable.name not in self.machine.durable
        ]
        if "state" not in self.machine.durable:
            lines.append(f"        self.current_state_value = {quoted(first)}")
        return lines or ["        pass"]

    # -- tables

    def _scopes(self) -> Iterator[str]:
        around, scoped = [], []
        for leaf in leaves(self.machine):
            key = f"{quoted(leaf.name)}: "
            names = tuple(quoted(name) for name in ancestry(self.machine, leaf.name))
            around.append(Prefixed(key, Brackets("(", names)))
            found = tuple(quoted(name or "") for name in scopes(self.machine, leaf.name))
            scoped.append(Prefixed(key, Brackets("(", found)))
        kind = "ClassVar[Mapping[str, tuple[str, ...]]]"
        yield from laid_out(Brackets("{", tuple(around), "}"), 4, f"AROUND: {kind} = ")
        yield from laid_out(Brackets("{", tuple(scoped), "}"), 4, f"SCOPES: {kind} = ")

    def _timer_table(self, happenings: tuple[Event, ...]) -> Iterator[str]:
        items = []
        for event in happenings:
            if event.timer is not None:
                lasts = f"lasts_{identifier(event.timer.name)}"
                self.parts.lasting(event, lasts, self._place(event, str(entered(self.machine, self.machine.initial))))
                items.append(Brackets("(", (quoted(event.timer.name), quoted(event.timer.scope or ""), quoted(lasts))))
        if items:
            before = "TIMERS: ClassVar[tuple[tuple[str, str, str], ...]] = "
            yield from laid_out(Brackets("(", tuple(items)), 4, before)

    def _event_table(self, happenings: tuple[Event, ...]) -> Iterator[str]:
        items = []
        for event in happenings:
            if event.message is not None:
                roles = frozen(quoted(sender) for sender in event.senders)
                pair = Brackets("(", (quoted(event_name(event)), roles))
                items.append(Prefixed(f"{self.types.message(event.message.name)}: ", pair))
        if items:
            message = self.imports.runtime("Message")
            before = f"EVENTS: ClassVar[Mapping[type[{message}], tuple[str, frozenset[str]]]] = "
            yield from laid_out(Brackets("{", tuple(items), "}"), 4, before)

    def _asks(self) -> Iterator[str]:
        if self.asking:
            path = self.imports.take(f"{self.imports.places.runtime}.charts", "Path")
            items = [Prefixed(f"{quoted(name)}: ", Brackets("(", tuple(found))) for name, found in self.asking.items()]
            before = f"PATHS: ClassVar[Mapping[str, tuple[{path}, ...]]] = "
            yield from laid_out(Brackets("{", tuple(items), "}"), 4, before)

    def _talk(self, happenings: tuple[Event, ...]) -> Iterator[str]:
        """What is asked and answered."""
        talk = talk_of(self.standard, self.machine)
        if not talk.asks:
            return
        message, provisional = self.imports.runtime("Message"), self._provisional()
        yield f"    FIRST: ClassVar[str] = {quoted(self.machine.initial)}"
        waits = []
        for name, by_leaf in talk.waits.items():
            pairs = tuple(f"{quoted(leaf)}: {quoted(scope)}" for leaf, scope in by_leaf.items())
            waits.append(Prefixed(f"{self.types.message(name)}: ", Brackets("{", pairs, "}")))
        before = f"WAITS: ClassVar[Mapping[type[{message}], Mapping[str, str]]] = "
        yield from laid_out(Brackets("{", tuple(waits), "}"), 4, before)
        answers = []
        for name, requests in talk.answers.items():
            kinds = frozen(self.types.message(each) for each in requests)
            pair = Brackets("(", (kinds, str(name in provisional)))
            answers.append(Prefixed(f"{self.types.message(name)}: ", pair))
        before = f"RESPONSES: ClassVar[Mapping[type[{message}], tuple[frozenset[type[{message}]], bool]]] = "
        yield from laid_out(Brackets("{", tuple(answers), "}"), 4, before)
        stale = tuple(self._stale(happenings))
        if stale:
            before = f"STALE: ClassVar[Mapping[type[{message}], str]] = "
            yield from laid_out(Brackets("{", stale, "}"), 4, before)

    def _provisional(self) -> frozenset[str]:
        return frozenset(str(each.name) for each in self.standard.messages if each.provisional)

    def _stale(self, happenings: tuple[Event, ...]) -> Iterator[Code]:
        """The methods for what comes too late, as far as anything is done."""
        said = dict(self.machine.stale)
        for event in happenings:
            disposition = said.get(event.message.name) if event.message is not None else None
            if event.message is None or disposition is None or isinstance(disposition, Ignore | Defer):
                continue
            word = f"stale_{identifier(event.message.name)}"
            if isinstance(disposition, Impossible):
                lines: tuple[str, ...] = (f"        raise self.impossible({quoted(event_name(event))})",)
            else:
                place = self._place(event, str(entered(self.machine, self.machine.initial)))
                lines = self.parts.body(event, list(replies(disposition, place)), [], "")
            method = self.parts.kept(word, lines, "None")
            yield f"{self.types.message(event.message.name)}: {quoted(method)}"

    # -- events

    def _event(self, event: Event) -> list[str]:
        found = [path for leaf in leaves(self.machine) for path in self._paths(event, str(leaf.name))]
        if not found:
            return []
        if any(handler_answers(handler) for handler in event.handlers):
            self.asking[event_name(event)] = [self._asked(path) for path in self._asked_paths]
        calls = tuple(_call(path) for path in found)
        chain: Code = calls[0] if len(calls) == 1 else Chain("|", calls)
        return laid_out(Brackets("Event(", (chain,)), 4, f"{event_name(event)} = ")

    def _paths(self, event: Event, leaf: str) -> Iterator[_Path]:
        """In the order of scopes: the library takes the first whose guard holds."""
        if leaf == leaves(self.machine)[0].name:
            self._asked_paths: list[tuple[str, str | None, Transition]] = []
        place = self._place(event, leaf)
        for scope in scopes(self.machine, leaf):
            handlers = [handler for handler in event.handlers if handler.scope == scope]
            for _, holds, handler in told_apart(self.standard, self.machine, self.model, event, handlers):
                yield from self._handled(event, handler, holds, place)
        if event.message is not None:
            yield from self._disposed(event, leaf, place)

    def _handled(self, event: Event, handler: Handler, holds: nodes.Expr, place: Place) -> Iterator[_Path]:
        for order, path in enumerate(paths(handler)):
            number = self.numbers[self.machine.handlers.index(handler), order]
            before = holds
            for wanted in self.machine.requires if event.kind == "command" else ():
                before = both(before, wanted)
            for guard in path.guards:
                before = before if reads_answer(guard) else both(before, guard)
            before = simplified(before, place)
            static = is_static(before, place)
            if static is False or not satisfiable((before,)):
                continue
            guards = [] if static else [self.parts.guard(f"may_{number}", event, before, place)]
            if path.answers:
                self._asked_paths.append((place.leaf, guards[0] if guards else None, path))
                guards.append(self.parts.answered(f"answered_{number}", event, path, place))
            elif not path.answers:
                self._asked_paths.append((place.leaf, guards[0] if guards else None, path))
            action = self.parts.action(f"does_{number}", event, path, place)
            goes = str(self.machine.initial) if path.forget else path.target
            if path.disposition is not None:
                goes = None
            target = str(entered(self.machine, named_state(self.machine, goes))) if goes else None
            yield _Path(place.leaf, target, tuple(guards), action)

    def _disposed(self, event: Event, leaf: str, place: Place) -> Iterator[_Path]:
        assert event.message is not None
        disposition, _ = disposition_of(self.machine, event.message.name, leaf)
        match disposition:
            case Impossible():
                return
            case Ignore():
                yield _Path(leaf, None, (), "ignores")
            case Defer():
                yield _Path(leaf, None, (), "defers")
            case _:
                lines = self.parts.body(event, list(replies(disposition, place)), [], "")
                yield _Path(leaf, None, (), self.parts.kept(f"answers_{identifier(event.message.name)}", lines, "None"))

    def _place(self, event: Event, leaf: str) -> Place:
        sender = "sender" if event.message is not None else "peer" if event.kind in ("lost", "restored") else ""
        connection = f"{sender}.link" if sender else "of.connection" if event.trigger is not None else ""
        return Place(
            types=self.types,
            machine=self.machine,
            members=self.model,
            leaf=leaf,
            target=leaf,
            message=event.message,
            sender=sender,
            connection=connection,
            arguments=arguments(event),
        )

    def _asked(self, asked: tuple[str, str | None, Transition]) -> Code:
        leaf, guard, path = asked
        answers = []
        for decision, answer in path.answers:
            fits = f"lambda answer: {flat(self.parts.fits(decision, answer, 'answer'))}"
            answers.append(Brackets("(", (quoted(str(decision)), quoted(answer), fits)))
        states = f"frozenset(({quoted(leaf)},))"
        name = "None" if guard is None else quoted(guard)
        return Brackets("Path(", (states, name, Brackets("(", tuple(answers))))


def _declared(name: str, first: bool) -> tuple[str, ...]:
    """A state as python-statemachine has it, folded where the line would be too long."""
    own = f"in_{identifier(name).strip('_')}"
    given = f"{quoted(name)}, value={quoted(name)}{', initial=True' if first else ''}"
    whole = f"    {own} = State({given})"
    return (whole,) if len(whole) <= 120 else (f"    {own} = State(", f"        {given}", "    )")


def handler_answers(handler: Handler) -> bool:
    return any(path.answers for path in paths(handler))


def _call(path: _Path) -> Code:
    source = f"in_{identifier(path.leaf).strip('_')}"
    target = f"in_{identifier(path.target or path.leaf).strip('_')}"
    items: list[Code] = [target]
    if path.target is None:
        items.append("internal=True")
    if len(path.guards) == 1:
        items.append(Prefixed("cond=", quoted(path.guards[0])))
    elif path.guards:
        items.append(Prefixed("cond=", Brackets("[", tuple(quoted(guard) for guard in path.guards), "]")))
    items.append(Prefixed("on=", quoted(path.action)))
    return Brackets(f"{source}.to(", tuple(items))
