"""The generated handlers, run beside the explorer over a simulated network: the same steps, compared after each.

A `Cast` holds one generated handler for every instance of a system.  It is told each step that the explorer took, and
asserts that the handlers do the same: state, variables, running timers, what is sent and in which order, what the
application is told.
"""

import importlib
import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

from clausework.emit.python.members import Members, members
from clausework.emit.python.package import modules
from clausework.emit.python.types import Names, names_of
from clausework.emit.python.words import behind, constant, identifier, package_name
from clausework.expr import types as kinds
from clausework.expr.nodes import Value
from clausework.expr.types import Type, plain
from clausework.model.machine import After, Enters, Leaves, Lost, Machine, Receive, Restored
from clausework.model.standard import Standard
from clausework.runtime import Crossing, Notify, Peer, RemoteProtocolError, Secret, Send, ToLink, ToParty, ToRole
from clausework.semantics.configuration import Message
from clausework.semantics.events import Commanded, Delivered, Expired, Fired, Noticed, Reaction, Restarted, Saw
from clausework.semantics.hearing import takers
from clausework.semantics.space import Space, Step
from clausework.semantics.system import Instance, System

_SAMPLES = ("1", "2", "a", "b", "aa:bb", "cc:dd")


@dataclass(frozen=True)
class Made:
    """What was generated for one machine."""

    standard: Standard
    machine: Machine
    handlers: ModuleType
    names: Names
    members: Members

    @property
    def package(self) -> str:
        return f"clausework_standards.{package_name(self.standard)}"

    def module(self, name: str) -> ModuleType:
        return importlib.import_module(f"{self.package}.{name}")


def made(standard: Standard, machine: Machine) -> Made:
    """The generated handler of a machine, in the package of the standard that declares it."""
    prefix, _, flow = machine.flow.rpartition(".")
    if prefix:
        imported = next(each.standard for each in standard.imports if each.standard.name == prefix)
        own = next(
            each for one in imported.flows for each in one.machines if (each.flow, each.name) == (flow, machine.name)
        )
        return made(imported, own)
    word = next(word for each, word in modules(standard) if any(one.flow == machine.flow for one in each.machines))
    handlers = importlib.import_module(f"clausework_standards.{package_name(standard)}.{word}")
    return Made(standard, machine, handlers, names_of(standard), members(machine))


class Values:
    """The explorer's values as generated code has them."""

    def __init__(self, system: System) -> None:
        self.system = system

    def of(self, names: Names, type_: Type, value: Value) -> Any:
        match type_:
            case kinds.Named(name=name, item=kinds.Enumeration()):
                owner, word = names.owner(name)
                return getattr(_module(owner, "vocabulary"), owner.types[word])(value)
            case kinds.Enumeration(values=words):
                return self._anonymous(names, tuple(str(word) for word in words), value)
        bare = plain(type_)
        match bare:
            case kinds.Optional(item=item):
                return None if value is None else self.of(names, item, value)
            case kinds.ListOf(item=item) | kinds.SetOf(item=item):
                assert isinstance(value, tuple | frozenset)
                items = (self.of(names, item, each) for each in value)
                return tuple(items) if isinstance(bare, kinds.ListOf) else frozenset(items)
            case kinds.MessageOf():
                assert isinstance(value, Message)
                return self.message(names, value)
            case kinds.Secret():
                return Secret(str(value))
            case kinds.Duration():
                return float(_number(value))
            case kinds.Bytes(low=low):
                return str(value).encode().ljust(int(low), b"a")[: max(int(low), 6)]
            case kinds.Text():
                return _text(bare, str(value))
        return value

    def _anonymous(self, names: Names, words: tuple[str, ...], value: Value) -> Any:
        for owner in (names, *names.imported.values()):
            if words in owner.anonymous:
                return getattr(_module(owner, "vocabulary"), owner.anonymous[words])(value)
        raise AssertionError(words)

    def message(self, names: Names, message: Message) -> Any:
        owner, word = names.owner(message.name)
        declared = owner.message(word)
        kind = getattr(_module(owner, "messages"), owner.messages[word])
        given = {
            identifier(each.name): self.of(owner, each.type, value)
            for each, value in zip(declared.fields, message.values, strict=True)
        }
        return kind(**given)


def _module(names: Names, name: str) -> ModuleType:
    return importlib.import_module(f"clausework_standards.{package_name(names.standard)}.{name}")


def _number(value: Value) -> int:
    """A symbol's number: `duration_2` is the second one; a parameter's name is the first."""
    found = re.search(r"_(\d+)$", str(value))
    return int(found[1]) if found else 1


def _text(type_: kinds.Text, value: str) -> str:
    fitting = [each for each in (value, *_SAMPLES) if type_.pattern is None or re.fullmatch(type_.pattern, each)]
    return fitting[0] if value in fitting else fitting[_number(value) - 1]


@dataclass
class Decisions:
    """Answers as the explorer's step had them."""

    pending: list[Any] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("decide_"):
            raise AttributeError(name)
        return lambda *_: self.pending.pop(0)


@dataclass
class Surroundings:
    """What a party knows of itself, answered from the handlers."""

    cast: "Cast"
    party: int

    def _handler(self, flow: str, machine: str, key: tuple[Hashable, ...]) -> Any:
        """The handler of that key; one that isn't there is as a fresh one."""
        for number, program in enumerate(self.cast.system.programs):
            declared = program.machine
            if declared.name == machine and declared.flow.rpartition(".")[2] == flow.rpartition(".")[2]:
                for instance in self.cast.system.instances[self.party]:
                    if instance.machine == number and tuple(instance.key) == tuple(key):
                        return self.cast.handlers[self.party][instance.number]
                return self.cast.handler(self.party, Instance(0, number, key))  # type: ignore[arg-type]  # values of keys
        raise AssertionError((flow, machine, key))

    def is_in(self, flow: str, machine: str, key: tuple[Hashable, ...], *states: str) -> bool:
        handler = self._handler(flow, machine, key)
        return bool(set(handler.AROUND[handler.state]) & set(states))

    def variable(self, flow: str, machine: str, key: tuple[Hashable, ...], name: str) -> Any:
        return getattr(self._handler(flow, machine, key), identifier(name), None)

    def connections(self, of: str | None = None) -> Sequence[int]:
        system = self.cast.system
        return [
            link.number
            for link in system.links_of(self.party)
            if link.number in self.cast.seen[self.party]
            and (of is None or str(system.parties[link.other(self.party)].name) == of)
        ]

    def parties(self, role: str) -> Sequence[str]:
        found: list[str] = []
        for word in (
            role,
            *(str(each.name) for each in self.cast.system.standard.roles if each.name.endswith(f".{role}")),
        ):
            if any(each.name == word for each in self.cast.system.standard.roles):
                found += [name for name in self.cast.system.domains.parties(word) if name not in found]
        return found

    def is_connected(self, peer: str) -> bool:
        return bool(self.connections(peer))

    def home(self, party: str) -> str:
        home = self.cast.system.home(self.cast.system.number_of(party))
        assert home is not None
        return str(self.cast.system.parties[home].name)


class Cast:
    """A generated handler for every instance of a system."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.system = space.system
        self.values = Values(self.system)
        self.made = [made(self.system.standard, program.machine) for program in self.system.programs]
        self.answers: list[list[Decisions]] = []
        self.handlers: list[list[Any]] = []
        self.seen: list[set[int]] = []
        for party in range(len(self.system.parties)):
            self.seen.append({link.number for link in self.system.links_of(party)})
            self.answers.append([Decisions() for _ in self.system.instances[party]])
            self.handlers.append([])
            for instance in self.system.instances[party]:
                handler = self.handler(party, instance)
                handler.start(now=0.0)
                self.handlers[party].append(handler)

    def handler(self, party: int, instance: Instance) -> Any:
        found = self.made[instance.machine]
        kind = getattr(found.handlers, found.members.handler)
        given: dict[str, Any] = {
            "me": str(self.system.parties[party].name),
            "parameters": self._parameters(found),
            "decisions": self.answers[party][instance.number],
            "party": Surroundings(self, party),
        }
        for key, value in zip(found.machine.keys, instance.key, strict=True):
            given[found.members.attributes[key.name]] = self.values.of(found.names, key.type, value)
        accepted = set(kind.__init__.__annotations__)
        return kind(**{name: value for name, value in given.items() if name in accepted})

    def _parameters(self, found: Made) -> Any:
        """The check's numbers, which may be smaller than any that the standard allows: put in past the constraints."""
        parameters = object.__new__(found.module("vocabulary").Parameters)
        for name, word in found.names.parameters.items():
            declared = next(each for each in found.standard.parameters if each.name == name)
            full = name if name in self.system.parameters else f"{found.standard.name}.{name}"
            value = self.values.of(found.names, declared.type, self.system.parameters[full])
            object.__setattr__(parameters, word, value)
        for each in found.standard.imports:
            theirs = Made(each.standard, found.machine, found.handlers, names_of(each.standard), found.members)
            object.__setattr__(parameters, identifier(each.standard.name), self._parameters(theirs))
        return parameters

    # -- one step

    def take(self, step: Step) -> None:
        """The step on the handlers; AssertionError where they do something else."""
        reaction, party = step.reaction, step.label.party
        if reaction is None or step.target is None:
            return
        self._links(step, reaction)
        effects: list[Any] = []
        if isinstance(step.label.event, Restarted):
            for handler in self.handlers[party]:
                effects += handler.restarted(now=0.0)
            self._compare(step, reaction, party, effects)
            return
        first = self._first(step)
        hearers = [each for each in reaction.fired if not isinstance(each.transition.trigger, Receive)]
        if first is not None:
            instance, call = first
            self._answer(party, reaction, instance.number)
            effects += call(self.handlers[party][instance.number])
            hearers = [each for each in hearers if each.instance != instance.number]
        for fired in hearers:
            effects += self._hear(step, party, fired, reaction, first[0] if first else None)
        self._compare(step, reaction, party, effects)

    def refuses(self, party: int, event: Delivered) -> None:
        """A message that is impossible here: refused as the peer's mistake, and nothing has changed."""
        found = self._receiver(party, event)
        assert found is not None
        instance, call = found
        handler = self.handlers[party][instance.number]
        before = handler.snapshot()
        with pytest.raises(RemoteProtocolError) as refused:
            call(handler)
        assert refused.value.state == handler.state
        assert handler.snapshot() == before

    def _links(self, step: Step, reaction: Reaction) -> None:
        event = step.label.event
        if isinstance(event, Noticed):
            self.seen[step.label.party].discard(event.link)
        elif isinstance(event, Saw):
            self.seen[step.label.party].add(event.link)
        elif isinstance(event, Restarted):
            self.seen[step.label.party].clear()

    def _first(self, step: Step) -> tuple[Instance, Any] | None:
        """Whom the event concerns, and what is called."""
        party = step.label.party
        match step.label.event:
            case Commanded(instance=number, command=command, arguments=arguments):
                instance = self.system.instances[party][number]
                found = self.made[instance.machine]
                signal = next(each for each in found.machine.commands if each.name == command)
                given = {
                    identifier(each.name): self.values.of(found.names, each.type, value)
                    for each, value in zip(signal.arguments, arguments, strict=True)
                }
                return instance, lambda handler: getattr(handler, found.members.commands[command])(now=0.0, **given)
            case Expired(instance=number, way=way):
                instance = self.system.instances[party][number]
                handler = self.system.programs[instance.machine].ways[way].handler
                assert isinstance(handler.trigger, After)
                wanted = (handler.scope, str(handler.trigger.timer))
                timers = self.made[instance.machine].members.timers
                timer = next(each for each in timers if (each.scope, each.word) == wanted)
                method = behind("after", timer.name)
                return instance, lambda handler: getattr(handler, method)(now=0.0)
            case Delivered() as delivered:
                return self._receiver(party, delivered)
        return None

    def _receiver(self, party: int, event: Delivered) -> tuple[Instance, Any] | None:
        found = takers(self.system, party, event)
        if not isinstance(found, list):
            return None
        receiver = found[0]
        names = self.made[receiver.machine].names
        message = self.values.message(names_of(self.system.standard), event.message)
        peer = self._peer(party, event.link, names)
        return receiver, lambda handler: handler.receive(message, peer, now=0.0)

    def _peer(self, party: int, link: int, names: Names) -> Peer:
        far = self.system.parties[self.system.links[link].other(party)]
        return Peer(str(far.name), self._role(str(far.role), names), link)

    def _role(self, role: str, names: Names) -> str:
        """The role as the package knows it: one of its own, or ours, which its tables list as playing it."""
        if any(each.name == role for each in names.standard.roles):
            return role
        roles = next(each.roles for each in self.system.standard.imports if each.standard.name == names.standard.name)
        waiting, seen = [role], set()
        while waiting:
            word = waiting.pop()
            for theirs, ours in roles:
                if ours == word:
                    return str(theirs)
            seen.add(word)
            declared = next((each for each in self.system.standard.roles if each.name == word), None)
            waiting += [str(parent) for parent in (declared.parents if declared else ()) if parent not in seen]
        return role

    def _answer(self, party: int, reaction: Reaction, number: int) -> None:
        decisions = self.answers[party][number]
        decisions.pending.clear()
        for each in reaction.answers:
            if each.instance != number:
                continue
            found = self.made[self.system.instances[party][number].machine]
            declared, ours = self.system.decisions[each.decision], names_of(self.system.standard)
            title = "".join(part.capitalize() for part in each.decision.split("_"))
            if any(answer.fields for answer in declared.answers):
                types = dict(next(answer.fields for answer in declared.answers if answer.name == each.answer))
                word = "".join(part.capitalize() for part in each.answer.split("_"))
                given = {identifier(name): self.values.of(ours, types[name], value) for name, value in each.values}  # type: ignore[index]  # a Name is a str
                decisions.pending.append(getattr(found.handlers, title + word)(**given))
            else:
                decisions.pending.append(getattr(found.handlers, f"{title}Answer")[constant(each.answer)])

    def _hear(self, step: Step, party: int, fired: Fired, reaction: Reaction, source: Instance | None) -> Sequence[Any]:
        instance = self.system.instances[party][fired.instance]
        handler = self.handlers[party][fired.instance]
        self._answer(party, reaction, fired.instance)
        trigger = fired.transition.trigger
        names = self.made[instance.machine].names
        if isinstance(trigger, Lost | Restored):
            word = "lost" if isinstance(trigger, Lost) else "restored"
            link = step.label.link if step.label.kind != "deliver" or not reaction.closed else reaction.closed[0]
            if reaction.closed and step.label.link is None:
                link = reaction.closed[0]
            assert link is not None
            return list(getattr(handler, word)(self._peer(party, link, names), now=0.0))
        assert isinstance(trigger, Enters | Leaves)
        assert source is not None
        crossing = self._crossing(party, source)
        word = "enters" if isinstance(trigger, Enters) else "leaves"
        flow = identifier(trigger.flow.rpartition(".")[2]).strip("_")
        states = "_or_".join(trigger.states)
        return list(getattr(handler, f"{word}_{flow}_{states}")(crossing, now=0.0))

    def _crossing(self, party: int, source: Instance) -> Crossing:
        keys = self.system.programs[source.machine].machine.keys
        named = {str(key.name): value for key, value in zip(keys, source.key, strict=True)}
        links = [value for key, value in zip(keys, source.key, strict=True) if isinstance(plain(key.type), kinds.Link)]
        peers = tuple(
            str(self.system.parties[self.system.links[link].other(party)].name)
            for link in links
            if isinstance(link, int)
        )
        return Crossing(key=named, peers=peers, connection=links[0] if links else None)  # type: ignore[arg-type]  # values of keys are hashable

    # -- the comparison

    def _compare(self, step: Step, reaction: Reaction, party: int, effects: list[Any]) -> None:
        assert reaction.after is not None
        names = names_of(self.system.standard)
        sent = [each.message for each in effects if isinstance(each, Send)]
        assert sent == [self.values.message(names, each.message) for each in reaction.sends]
        for each, send in zip((one for one in effects if isinstance(one, Send)), reaction.sends, strict=True):
            self._same_receiver(each, send.link, send.receiver)
        told = [each.name for each in effects if isinstance(each, Notify)]
        assert told == [each.name for each in reaction.notices]
        for number, state in enumerate(reaction.after.instances):
            handler, instance = self.handlers[party][number], self.system.instances[party][number]
            found = self.made[instance.machine]
            assert str(handler.state) == state.state
            for declared, value in zip(found.machine.variables, state.variables, strict=True):
                wanted = None if value == "" else self.values.of(found.names, declared.type, value)
                actual = getattr(handler, found.members.attributes[declared.name])
                assert value == "" or actual == wanted, (declared.name, actual, wanted)
            self._same_timers(handler, found, instance, state.armed)
        for link in reaction.closed:
            self.seen[party].discard(link)

    def _same_timers(self, handler: Any, found: Made, instance: Instance, armed: frozenset[int]) -> None:
        ways = self.system.programs[instance.machine].ways
        deadlines = found.members.deadlines.items()
        running = {
            (timer.scope, timer.word) for timer, attribute in deadlines if getattr(handler, attribute) is not None
        }
        triggers = [(ways[number].handler.scope, ways[number].handler.trigger) for number in armed]
        assert running == {(scope, str(each.timer)) for scope, each in triggers if isinstance(each, After)}

    def _same_receiver(self, effect: Send, link: int | None, receiver: str) -> None:
        match effect.to:
            case ToParty(address=address):
                assert address == receiver
            case ToLink(link=token):
                assert token == link
            case ToRole(role=role):
                party = self.system.parties[self.system.number_of(receiver)]
                assert role.rpartition(".")[2] in _kinds(self.system.standard, str(party.role))


def _kinds(standard: Standard, role: str) -> set[str]:
    """A role and all that it also is, without their standards' names."""
    declared = next((each for each in standard.roles if each.name == role), None)
    found = {role.rpartition(".")[2]}
    for parent in declared.parents if declared else ():
        found |= _kinds(standard, str(parent))
    return found
