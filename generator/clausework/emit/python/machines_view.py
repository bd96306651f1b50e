"""`<flow>_machines.py`: the machines of a flow as python-statemachine classes: another way to make them.

Made from the transitions laid flat, a guard and an action for each, where the handlers are made from the tree of
effects: what they agree on is not the same mistake made once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from clausework.emit.python import outputs
from clausework.emit.python.answers import Answers, answers_of
from clausework.emit.python.branches import both
from clausework.emit.python.code import Brackets, Chain, Code, Comprehension, Prefixed, laid_out, pack
from clausework.emit.python.commits import new_value
from clausework.emit.python.events import Event, events
from clausework.emit.python.exclusive import satisfiable
from clausework.emit.python.expressions import Place, condition, is_static, operand, python, simplified
from clausework.emit.python.headers import flow_file, header
from clausework.emit.python.imports import Imports, Places
from clausework.emit.python.members import members
from clausework.emit.python.methods import arguments, disposition_of, told_apart
from clausework.emit.python.types import Names, Types
from clausework.emit.python.words import cited, constant, docstring, identifier, quoted
from clausework.expr import nodes
from clausework.expr.types import is_optional
from clausework.model.machine import (
    CloseLink,
    Defer,
    Disposition,
    Handler,
    Ignore,
    Impossible,
    Machine,
    Reject,
    Transition,
    ancestry,
    entered,
    leaves,
    paths,
    scopes,
    state_named,
)
from clausework.model.standard import Flow, Standard
from clausework.source import Name


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
        self.members = members(machine)
        self.model = self.members.of_model()
        self.answers = {each.decision: each for each in answers}
        self.casts: dict[str, str] = {}
        self.methods: dict[str, tuple[str, ...]] = {}
        self.bodies: dict[tuple[str, tuple[str, ...]], str] = {}
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
            "states": [(f"in_{identifier(name).strip('_')}", quoted(name), name == first) for name in names],
            "events": declared,
            "tables": [*self._scopes(), *self._timer_table(happenings), *self._event_table(happenings), *self._asks()],
            "reset": self._reset(first),
            "methods": list(self.methods.values()),
            "fields": self._fields(),
        }

    # -- the model

    def _fields(self) -> list[str]:
        text = "\n".join(line for body in self.methods.values() for line in body)
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
                self._lasting(event, lasts)
                items.append(Brackets("(", (quoted(event.timer.name), quoted(event.timer.scope or ""), quoted(lasts))))
        if items:
            before = "TIMERS: ClassVar[tuple[tuple[str, str, str], ...]] = "
            yield from laid_out(Brackets("(", tuple(items)), 4, before)

    def _lasting(self, event: Event, name: str) -> None:
        assert event.timer is not None
        at = self.imports.take(f"{self.imports.places.runtime}.charts", "Happening")
        value = python(event.timer.duration, self._place(event, str(entered(self.machine, self.machine.initial))))
        self.methods[name] = (f"    def {name}(self, at: {at}) -> float:", f"        return {value}")

    def _event_table(self, happenings: tuple[Event, ...]) -> Iterator[str]:
        items = []
        for event in happenings:
            if event.message is not None:
                close = ",))" if len(event.senders) == 1 else "))"
                roles = Brackets("frozenset((", tuple(quoted(sender) for sender in event.senders), close)
                pair = Brackets("(", (quoted(_event_name(event)), roles))
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

    # -- events

    def _event(self, event: Event) -> list[str]:
        found = [path for leaf in leaves(self.machine) for path in self._paths(event, str(leaf.name))]
        if not found:
            return []
        if any(handler_answers(handler) for handler in event.handlers):
            self.asking[_event_name(event)] = [self._asked(path) for path in self._asked_paths]
        calls = tuple(_call(path) for path in found)
        chain: Code = calls[0] if len(calls) == 1 else Chain("|", calls)
        return laid_out(Brackets("Event(", (chain,)), 4, f"{_event_name(event)} = ")

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

    def _handled(self, event: Event, handler: Handler, holds: nodes.Node, place: Place) -> Iterator[_Path]:
        for order, path in enumerate(paths(handler)):
            number = self.numbers[self.machine.handlers.index(handler), order]
            before = holds
            for wanted in self.machine.requires if event.kind == "command" else ():
                before = both(before, wanted)
            for guard in path.guards:
                before = before if _reads_answer(guard) else both(before, guard)
            before = simplified(before, place)
            static = is_static(before, place)
            if static is False or not satisfiable((before,)):
                continue
            guards = [] if static else [self._guard(f"may_{number}", event, before, place)]
            if path.answers:
                self._asked_paths.append((place.leaf, guards[0] if guards else None, path))
                guards.append(self._answered(f"answered_{number}", event, path, place))
            elif not path.answers:
                self._asked_paths.append((place.leaf, guards[0] if guards else None, path))
            action = self._action(f"does_{number}", event, path, place)
            goes = str(self.machine.initial) if path.forget else path.target
            if path.disposition is not None:
                goes = None
            target = str(entered(self.machine, _named(self.machine, goes))) if goes else None
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
                lines = self._body(event, list(_replies(disposition, place)), [], "")
                yield _Path(leaf, None, (), self._kept(f"answers_{identifier(event.message.name)}", lines, "None"))

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

    # -- guards

    def _guard(self, name: str, event: Event, holds: nodes.Node, place: Place) -> str:
        return self._kept(name, self._returning(event, condition(holds, place)), "bool")

    def _answered(self, name: str, event: Event, path: Transition, place: Place) -> str:
        """Whether the decisions were answered so, and what they carried fits."""
        inner = replace(place, answers=tuple(self._carried(path)))
        tests: list[Code] = [
            self._fits(decision, answer, f'at.answers["{decision}"]') for decision, answer in path.answers
        ]
        tests += [operand(guard, inner) for guard in path.guards if _reads_answer(guard)]
        return self._kept(
            name, self._returning(event, tests[0] if len(tests) == 1 else Chain("and", tuple(tests))), "bool"
        )

    def _carried(self, path: Transition) -> Iterator[tuple[str, frozenset[str]]]:
        decisions = {each.name: each for each in self.flow.decisions}
        for decision, answer in path.answers:
            fields = next(each.fields for each in decisions[decision].answers if each.name == answer)
            if fields:
                pattern = self.answers[decision].patterns[answer].removesuffix("()")
                word = self.imports.take(self.module, pattern)
                cast = self.imports.take("typing", "cast")
                local = f"{identifier(decision).strip('_')}_answer"
                self.casts[local] = f'        {local} = {cast}("{word}", at.answers["{decision}"])'
                yield local, frozenset(str(name) for name, _ in fields)

    def _fits(self, decision: str, answer: str, value: str) -> str:
        pattern = self.answers[decision].patterns[answer]
        word = self.imports.take(self.module, pattern.removesuffix("()").partition(".")[0])
        if pattern.endswith("()"):
            return f"isinstance({value}, {word})"
        return f"bool({value} == {pattern})"

    def _asked(self, asked: tuple[str, str | None, Transition]) -> Code:
        leaf, guard, path = asked
        answers = [
            Brackets("(", (quoted(identifier(d)), quoted(a), f"lambda answer: {self._fits(d, a, 'answer')}"))
            for d, a in path.answers
        ]
        states = f"frozenset(({quoted(leaf)},))"
        name = "None" if guard is None else quoted(guard)
        return Brackets("Path(", (states, name, Brackets("(", tuple(answers))))

    # -- actions

    def _action(self, name: str, event: Event, path: Transition, place: Place) -> str:
        if isinstance(path.disposition, Impossible):
            refusal = f"        raise self.impossible({quoted(_event_name(event))})"
            return self._kept(name, (*docstring([cited(path.about)], 8), refusal), "None")
        if isinstance(path.disposition, Defer):
            return "defers" if event.message is not None else "ignores"
        goes = str(self.machine.initial) if path.forget else path.target
        target = str(entered(self.machine, _named(self.machine, goes))) if goes else place.leaf
        here = replace(place, target=target, answers=tuple(self._carried(path)))
        if path.disposition is not None:
            path = replace(path, updates=(), sends=(), closes=(), notifies=(), forget=False, target=None)
            goes, target = None, place.leaf
        values: list[str] = []
        new: dict[str, str] = {}
        for update in path.updates:
            word = f"new_{identifier(update.variable).strip('_')}"
            values += laid_out(new_value(update, here), 8, f"{word} = ")
            new[str(update.variable)] = word
        here = replace(here, new=new)
        made = [outputs.send(send, here) for send in path.sends]
        made += _replies(path.disposition, here) if event.message is not None else []
        made += [outputs.close(whom, here) for whom in path.closes]
        signals = {signal.name: signal for signal in self.machine.notifications}
        made += [outputs.notify(note, signals[note.name], here) for note in path.notifies]
        moved = ""
        if path.forget:
            moved = f"self.forgets(at, {quoted(target)})"
        elif goes is not None:
            moved = f"self.goes(at, {quoted(goes)}, {quoted(target)})"
        assigned = [
            f"        {self.model.attribute(update.variable)} = {new[update.variable]}" for update in path.updates
        ]
        if path.forget:
            assigned = [
                f"        {self.model.attribute(v.name)} = {self.types.initial(v)}" for v in self.machine.variables
            ]
        lines = self._body(event, made, [*values, "", *assigned], moved)
        return self._kept(name, (*docstring([cited(path.about)], 8), *lines), "None")

    def _body(self, event: Event, made: list[Code], updates: list[str], moved: str) -> tuple[str, ...]:
        """Values and effects from what was before, then the variables, then timers, which may read them."""
        values = updates[: updates.index("")] if "" in updates else []
        assigned = updates[len(values) + 1 :] if updates else []
        lines = [*values]
        if made and (assigned or moved):
            if any(isinstance(each, Comprehension) for each in made):
                lines.append(f"        effects: {self.imports.runtime('Effects')}")
            lines += laid_out(pack(made), 8, "effects = ")
        lines += assigned
        result: Code = pack(made) if made else "()"
        if made and (assigned or moved):
            result = "effects"
        if moved:
            result = f"(*{moved}, *effects)" if made else moved
        lines += laid_out(result, 8, "self.effects = ")
        return (*self._bound(event, lines), *lines)

    def _returning(self, event: Event, code: Code) -> tuple[str, ...]:
        lines = laid_out(code, 8, "return ")
        return (*self._bound(event, lines), *lines)

    def _bound(self, event: Event, lines: list[str]) -> Iterator[str]:
        """Local names for what the lines read of the event."""
        text = "\n".join(lines)
        cast = 'cast("'
        if event.message is not None and re.search(r"\bmessage\b(?!=)", text):
            self.imports.take("typing", "cast")
            yield f'        message = {cast}{self.types.message(event.message.name)}", at.message)'
        for word in ("sender", "peer"):
            if re.search(rf"\b{word}\.", text):
                self.imports.take("typing", "cast")
                yield f'        {word} = {cast}{self.imports.runtime("Peer")}", at.sender)'
        if event.trigger is not None and re.search(r"\bof\.", text):
            self.imports.take("typing", "cast")
            yield f'        of = {cast}{self.imports.runtime("Crossing")}", at.of)'
        for word, line in self.casts.items():
            if re.search(rf"\b{word}\.", text):
                yield line
        if event.signal is not None:
            for each, word in zip(event.signal.arguments, arguments(event).values(), strict=True):
                if re.search(rf"(?<![.\w\"]){word}\b(?!=[^=]|\")", text):
                    taken = f'.get("{word}")' if is_optional(each.type) else f'["{word}"]'
                    yield f"        {word} = at.arguments{taken}"

    def _kept(self, name: str, lines: tuple[str, ...], result: str) -> str:
        """The method's name: one for all states where it is the same, numbered where it isn't."""
        stem = (name, lines)
        if stem not in self.bodies:
            count = sum(1 for other, _ in self.bodies if other == name)
            word = name if count == 0 else f"{name}_{constant(str(count + 1)).lower().removeprefix('n')}"
            self.bodies[stem] = word
            at = self.imports.take(f"{self.imports.places.runtime}.charts", "Happening")
            self.methods[word] = (f"    def {word}(self, at: {at}) -> {result}:", *lines)
        return self.bodies[stem]


def handler_answers(handler: Handler) -> bool:
    return any(path.answers for path in paths(handler))


def _replies(disposition: Disposition | None, place: Place) -> list[Code]:
    match disposition:
        case Reject(message=message, fields=fields):
            return list(outputs.reply(message, fields, place))
        case CloseLink(message=message, fields=fields):
            return [*outputs.reply(message, fields, place), outputs.close_back(place)]
        case _:
            return []


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


def _event_name(event: Event) -> str:
    """Prefixed, so that it is no method of the library's."""
    match event.kind:
        case "command":
            return f"command_{identifier(event.name).strip('_')}"
        case "lost" | "restored":
            return f"link_{event.kind}"
        case "restarted":
            return "party_restarted"
        case _:
            return event.method


def _reads_answer(guard: nodes.Node) -> bool:
    return any(isinstance(node, nodes.AnswerField) for node in nodes.walk(guard))


def _named(machine: Machine, name: str | None) -> Name:
    return state_named(machine, name or "").name
