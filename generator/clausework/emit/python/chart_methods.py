"""The methods of a python-statemachine class: a guard and an action for each transition, once where they agree."""

import re
from collections.abc import Iterator
from dataclasses import replace

from clausework.emit.python import outputs
from clausework.emit.python.answers import Answers
from clausework.emit.python.cells import arguments
from clausework.emit.python.code import Chain, Code, Comprehension, call, laid_out, pack
from clausework.emit.python.commits import new_value
from clausework.emit.python.events import Event
from clausework.emit.python.expressions import condition, operand, python, untyped
from clausework.emit.python.members import Members
from clausework.emit.python.place import Place
from clausework.emit.python.types import Types
from clausework.emit.python.words import cited, constant, docstring, identifier, quoted
from clausework.expr import nodes
from clausework.expr.types import is_optional
from clausework.model.machine import CloseLink, Defer, Disposition, Impossible, Machine, Reject
from clausework.model.standard import Flow
from clausework.model.states import entered, state_named
from clausework.model.transitions import Transition
from clausework.source import Name


class ChartMethods:
    """Collects methods by name; `casts` are local names of decisions' answers."""

    def __init__(
        self, flow: Flow, machine: Machine, model: Members, module: str, types: Types, answers: tuple[Answers, ...]
    ) -> None:
        self.flow, self.machine, self.model, self.module, self.types = flow, machine, model, module, types
        self.imports = types.imports
        self.answers = {each.decision: each for each in answers}
        self.casts: dict[str, str] = {}
        self.methods: dict[str, tuple[str, ...]] = {}
        self.bodies: dict[tuple[str, tuple[str, ...]], str] = {}

    # -- guards

    def guard(self, name: str, event: Event, holds: nodes.Expr, place: Place) -> str:
        pieces = condition(holds, place)
        returned = call("bool", (pieces,)) if untyped(holds, place) else pieces
        return self.kept(name, self._returning(event, returned), "bool")

    def answered(self, name: str, event: Event, path: Transition, place: Place) -> str:
        """Whether the decisions were answered so, and what they carried fits."""
        inner = replace(place, answers=tuple(self._carried(path)))
        tests: list[Code] = [
            self.fits(decision, answer, f'at.answers["{decision}"]') for decision, answer in path.answers
        ]
        tests += [operand(guard, inner) for guard in path.guards if reads_answer(guard)]
        return self.kept(
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

    def fits(self, decision: str, answer: str, value: str) -> Code:
        pattern = self.answers[decision].patterns[answer]
        word = self.imports.take(self.module, pattern.removesuffix("()").partition(".")[0])
        if pattern.endswith("()"):
            return f"isinstance({value}, {word})"
        return call("bool", (f"{value} == {pattern}",))

    # -- actions

    def action(self, name: str, event: Event, path: Transition, place: Place) -> str:
        if isinstance(path.disposition, Impossible):
            refusal = f"        raise self.impossible({quoted(event_name(event))})"
            return self.kept(name, (*docstring([cited(path.about)], 8), refusal), "None")
        if isinstance(path.disposition, Defer):
            return "defers" if event.message is not None else "ignores"
        goes = str(self.machine.initial) if path.forget else path.target
        target = str(entered(self.machine, named_state(self.machine, goes))) if goes else place.leaf
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
        made += replies(path.disposition, here) if event.message is not None else []
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
        lines = self.body(event, made, [*values, "", *assigned], moved)
        if path.disposition is None and event.message is not None and event.message.name in self.model.owes:
            lines = (*lines, "        self.owes(at)")
        return self.kept(name, (*docstring([cited(path.about)], 8), *lines), "None")

    def body(self, event: Event, made: list[Code], updates: list[str], moved: str) -> tuple[str, ...]:
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
                    yield f"        {word}: {self.types.annotation(each.type)} = at.arguments{taken}"

    def kept(self, name: str, lines: tuple[str, ...], result: str) -> str:
        """The method's name: one for all states where it is the same, numbered where it isn't."""
        stem = (name, lines)
        if stem not in self.bodies:
            count = sum(1 for other, _ in self.bodies if other == name)
            word = name if count == 0 else f"{name}_{constant(str(count + 1)).lower().removeprefix('n')}"
            self.bodies[stem] = word
            at = self.imports.take(f"{self.imports.places.runtime}.charts", "Happening")
            self.methods[word] = (f"    def {word}(self, at: {at}) -> {result}:", *lines)
        return self.bodies[stem]

    def lasting(self, event: Event, name: str, place: Place) -> None:
        assert event.timer is not None
        at = self.imports.take(f"{self.imports.places.runtime}.charts", "Happening")
        value = python(event.timer.duration, place)
        self.methods[name] = (f"    def {name}(self, at: {at}) -> float:", f"        return {value}")


def replies(disposition: Disposition | None, place: Place) -> list[Code]:
    match disposition:
        case Reject(message=message, fields=fields):
            return list(outputs.reply(message, fields, place))
        case CloseLink(message=message, fields=fields):
            return [*outputs.reply(message, fields, place), outputs.close_back(place)]
        case _:
            return []


def event_name(event: Event) -> str:
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


def reads_answer(guard: nodes.Expr) -> bool:
    return any(isinstance(node, nodes.AnswerField) for node in nodes.walk(guard))


def named_state(machine: Machine, name: str | None) -> Name:
    return state_named(machine, name or "").name
