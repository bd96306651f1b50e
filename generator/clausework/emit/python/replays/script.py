"""What a replay says, line by line."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from clausework.emit.exports.listing import what
from clausework.emit.python.code import Brackets, Code, Prefixed, laid_out
from clausework.emit.python.headers import modelled_on
from clausework.emit.python.imports import Imports, Places
from clausework.emit.python.members import Members, members
from clausework.emit.python.package import all_modules
from clausework.emit.python.parties_view import constructors
from clausework.emit.python.replays.values import Literals, Unreplayable, parameters
from clausework.emit.python.types import Names, names_of
from clausework.emit.python.words import (
    class_name,
    comment,
    constant,
    distinct,
    docstring,
    identifier,
    package_name,
    quoted,
)
from clausework.expr import types as kinds
from clausework.expr.types import plain
from clausework.model.machine import After, Machine
from clausework.model.standard import is_a
from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Answered, Commanded, Delivered, Expired, Noticed, Restarted, Saw
from clausework.semantics.space import Space, Step
from clausework.semantics.system import Instance
from clausework.semantics.telling import tell
from clausework.semantics.words import short_name

__all__ = ["Replay", "Unreplayable", "replay"]

_TAKEN = ("stage", "parameters", "parties", "messages", "vocabulary", "pytest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """`reason`: why the last step is refused, as a literal: the test is expected to fail until that is mended."""

    header: str
    imports: tuple[str, ...]
    name: str
    reason: str
    body: tuple[str, ...]


def replay(space: Space, steps: Sequence[Step], name: str, why: str) -> Replay:
    if space.system.check.given:
        raise Unreplayable("the check begins in the midst of things")
    return _Writer(space).written(tuple(steps), name, why)


@dataclass
class _Writer:
    space: Space
    lines: list[str] = field(default_factory=list)
    known: dict[int, tuple[Names, Machine, Members, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.system = self.space.system
        self.standard = self.system.standard
        self.names = names_of(self.standard)
        self.imports = Imports(Places(siblings=f"clausework_standards.{package_name(self.standard)}"))
        self.literals = Literals(self.imports)
        self.modules = all_modules(self.standard)
        taken = (*_TAKEN, *self.modules.values())
        words = [identifier(each.name) for each in self.system.parties]
        links = [identifier(each.connection) for each in self.system.links]
        found = distinct((*words, *links), taken)
        self.parties, self.links = found[: len(words)], found[len(words) :]

    def written(self, steps: tuple[Step, ...], name: str, why: str) -> Replay:
        self.imports.take("clausework.runtime.stage", "Stage")
        trace = tell(self.space, self.space.start(), steps)
        before = self.space.start()
        for step, told in zip(steps, trace.steps, strict=True):
            self.lines += ["", *comment(f"{told.number}  {told.party}  {what(told)}", 4)]
            if step.blocked is not None:
                self.lines += comment("there is no room for what this sends; the parties know of no such bound", 4)
                break
            self._step(step)
            if step.target is not None:
                self._states(step.label.party, before, step.target)
                before = step.target
        played, self.lines = self.lines, []
        self._entering(frozenset(re.findall(r"\w+", "\n".join(played))))
        fails = bool(steps) and steps[-1].target is None and steps[-1].blocked is None
        if fails:
            self.imports.runtime("ProtocolError")
        check = f"{self.system.flow.name}, {self.system.check.name} of {self.standard.name}"
        told_of = (f"{why}: {check}.", modelled_on(self.standard), "Written once by clausework; it is yours.")
        return Replay(
            header="\n".join(docstring(told_of, 0)),
            imports=self.imports.lines(),
            name=name,
            reason=quoted(why) if fails else "",
            body=(*self.lines, *played),
        )

    def _put(self, code: Code, before: str = "", after: str = "") -> None:
        self.lines += laid_out(code, 4, before, after)

    def _call(self, function: str, *items: Code) -> None:
        self._put(Brackets(f"stage.{function}(", items))

    # -- who takes part

    def _entering(self, used: frozenset[str]) -> None:
        """`used`: the words of what is played; who is never spoken of needs no name."""
        roles = {str(each.role) for each in self.system.parties}
        known = constructors(self.standard, self.names, self.modules, roles)
        made = [known[str(each.role)] for each in self.system.parties if str(each.role) in known]
        if len(made) < len(self.system.parties):
            raise Unreplayable("a party's role has no class of its own")
        self._put(Brackets("Stage(", self._flows()), "stage = ")
        if any("parameters" in arguments for _, arguments in made):
            self._put(parameters(self.literals, self.names, self.system), "parameters = ")
        for party, word, (title, arguments) in zip(self.system.parties, self.parties, made, strict=True):
            given = tuple(_given(each, str(party.name)) for each in arguments)
            home = (f"at={quoted(party.at)}",) if party.at is not None else ()
            class_ = f"{self.literals.module(self.names, 'parties')}.{title}("
            before = f"{word} = " if word in used or self._is_joined(word) else ""
            self._put(Brackets("stage.enters(", (Brackets(class_, given), *home)), before)
        for link, word in zip(self.system.links, self.links, strict=True):
            up = ("up=False",) if self.system.is_down(link) else ()
            ends = (self.parties[link.client], self.parties[link.server], f"over={quoted(link.connection)}")
            self._put(Brackets("stage.joins(", (*ends, *up)), f"{word} = " if word in used else "")
        self._call("begins")

    def _is_joined(self, word: str) -> bool:
        party = self.parties.index(word)
        return any(party in (link.client, link.server) for link in self.system.links)

    def _flows(self) -> tuple[Code, ...]:
        """The flows that are played, where the parties have machines of others, too."""
        roles = [party.role for party in self.system.parties]
        every = {
            str(machine.flow)
            for each in self.standard.flows
            for machine in each.machines
            if any(is_a(self.standard, role, machine.role) for role in roles)
        }
        played = {str(program.machine.flow) for program in self.system.programs}
        return () if every <= played else (Prefixed("flows=", Brackets("{", _quoted(sorted(played)), "}")),)

    # -- steps

    def _step(self, step: Step) -> None:
        if step.reaction is not None and step.reaction.answers:
            self._call("answers", *(self._answer(step.label.party, each) for each in step.reaction.answers))
        label = step.label
        who, line = self.parties[label.party], self.links[label.link] if label.link is not None else ""
        match label.event:
            case Commanded():
                self._does(label.party, label.event)
            case Delivered(message=message):
                self._call("receives", who, quoted(short_name(message.name)), line)
            case Expired():
                self._waits(label.party, label.event)
            case Noticed():
                self._call("notices", who, line)
            case Saw():
                self._call("opens", line) if label.kind == "open" else self._call("accepts", who, line)
            case Restarted():
                self._call("restarts", who)
            case _:
                self._befalls(label.kind, who, line)

    def _befalls(self, kind: str, who: str, line: str) -> None:
        match kind:
            case "cut":
                self._call("cuts", line)
            case "loss":
                self._call("loses", who, line)
            case "tick":
                return
            case _:
                raise Unreplayable(f"it has a step that the stage can't play: {kind}")

    def _does(self, party: int, event: Commanded) -> None:
        instance = self.system.instances[party][event.instance]
        names, machine, parts, module = self._machine(instance)
        signal = next(each for each in machine.commands if each.name == event.command)
        method = f"{module}.{parts.handler}.{parts.commands[event.command]}"
        given = (
            f"{identifier(each.name)}={self.literals.of(names, each.type, value)}"
            for each, value in zip(signal.arguments, event.arguments, strict=True)
        )
        self._call("does", self.parties[party], method, *self._keys(party, instance), *given)

    def _waits(self, party: int, event: Expired) -> None:
        instance = self.system.instances[party][event.instance]
        _, _, parts, module = self._machine(instance)
        handler = self.system.programs[instance.machine].ways[event.way].handler
        word = str(handler.trigger.timer) if isinstance(handler.trigger, After) else ""
        timer = next(each for each in parts.timers if (each.scope, each.word) == (handler.scope, word))
        machine = f"{module}.{parts.handler}"
        self._call("waits", self.parties[party], machine, quoted(timer.name), *self._keys(party, instance))

    def _answer(self, party: int, answered: Answered) -> Code:
        module = self._machine(self.system.instances[party][answered.instance])[3]
        declared = self.system.decisions[answered.decision]
        if not any(each.fields for each in declared.answers):
            return f"{module}.{class_name(answered.decision, 'answer')}.{constant(answered.answer)}"
        fields = next(each.fields for each in declared.answers if each.name == answered.answer)
        types = {str(name): type_ for name, type_ in fields}
        given = (
            f"{identifier(name)}={self.literals.of(self.names, types[name], value)}" for name, value in answered.values
        )
        return Brackets(f"{module}.{class_name(answered.decision, answered.answer)}(", tuple(given))

    def _states(self, party: int, before: Configuration, after: Configuration) -> None:
        old, new = self.space.party(before, party).instances, self.space.party(after, party).instances
        for instance in self.system.instances[party]:
            state = new[instance.number].state
            if old[instance.number].state != state:
                _, _, parts, module = self._machine(instance)
                of = (self.parties[party], f"{module}.{parts.handler}", *self._keys(party, instance))
                self._put(Brackets("stage.state(", of), "assert ", f" == {quoted(state)}")

    # -- machines

    def _machine(self, instance: Instance) -> tuple[Names, Machine, Members, str]:
        """Whose words it is written in, the machine as its own standard has it, its members, its module.

        In its last form, if it is extended: that is the one that parties run.
        """
        if instance.machine not in self.known:
            self.known[instance.machine] = self._in_its_last_form(instance.machine)
        return self.known[instance.machine]

    def _in_its_last_form(self, number: int) -> tuple[Names, Machine, Members, str]:
        machine = self.system.programs[number].machine
        names, word = self.names.owner(str(machine.flow))
        known = all_modules(names.standard)
        forms = [
            (one, known[str(each.name)])
            for each in sorted(names.standard.flows, key=lambda each: each.extends is not None)
            for one in each.machines
            if (one.flow, one.name) == (word, machine.name)
        ]
        declared, module = forms[-1]
        return names, declared, members(declared), self.literals.module(names, module)

    def _keys(self, party: int, instance: Instance) -> tuple[str, ...]:
        """The key as an argument; none where there is none."""
        names, machine, _, _ = self._machine(instance)
        shown = [
            f"{self.links[value]}.of({self.parties[party]})"
            if isinstance(plain(key.type), kinds.Link) and isinstance(value, int)
            else self.literals.of(names, key.type, value)
            for key, value in zip(machine.keys, instance.key, strict=True)
        ]
        return (f"({', '.join(shown)}{',' if len(shown) == 1 else ''})",) if shown else ()


def _given(argument: str, party: str) -> str:
    """What a party is made with."""
    match argument:
        case "me":
            return f"me={quoted(party)}"
        case "parameters":
            return "parameters=parameters"
        case "directory":
            return "directory=stage"
    return f"{argument}=stage.decisions"


def _quoted(words: Iterable[str]) -> tuple[Code, ...]:
    return tuple(quoted(each) for each in words)
