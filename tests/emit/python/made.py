"""Packages generated once for all tests, and ways to drive whatever machine is in them."""

import atexit
import importlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from hypothesis import strategies as st

from clausework.emit.python.cells import arguments
from clausework.emit.python.events import Event, crossed, events
from clausework.emit.python.members import members
from clausework.emit.python.package import modules, package
from clausework.emit.python.types import Names, names_of
from clausework.emit.python.words import constant, identifier, package_name
from clausework.expr import types as kinds
from clausework.expr.types import Type, plain
from clausework.model.machine import Machine
from clausework.model.standard import Flow, Message, Standard, named, own
from clausework.model.states import leaves
from clausework.read import read
from clausework.runtime import Crossing, Peer, Secret
from support import ROOT, files

HERE = Path(__file__).parent
ALL = ("desk", "dhcp", "doorbell", "xmpp")
"""Standards without imports: their packages can stand anywhere."""


@cache
def standards() -> Mapping[str, Standard]:
    reading = read(files(HERE / "spec"))
    assert reading.diagnostics == (), reading.diagnostics
    shipped = read(files(ROOT / "spec"))
    return {str(each.name): each for each in (*reading.standards, *shipped.standards)}


@cache
def folder() -> Path:
    """Where the packages are, importable as `made_by_tests.<name>`."""
    path = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    for name in ALL:
        for artifact in package(standards()[name]):
            target = path / "made_by_tests" / artifact.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(artifact.text, encoding="utf-8")
    (path / "made_by_tests" / "__init__.py").write_text("")
    sys.path.insert(0, str(path))
    return path


def module(standard: str, name: str) -> ModuleType:
    folder()
    return importlib.import_module(f"made_by_tests.{standard}.{name}")


@dataclass(frozen=True)
class Subject:
    """One machine, with everything that was generated for it."""

    standard: Standard
    flow: Flow
    machine: Machine
    word: str

    def __str__(self) -> str:
        return f"{self.standard.name}-{self.flow.name}-{self.machine.name}"

    @property
    def handlers(self) -> ModuleType:
        return module(package_name(self.standard), self.word)

    @property
    def charts(self) -> ModuleType:
        return module(package_name(self.standard), f"{self.word}_machines")

    @property
    def messages(self) -> ModuleType:
        return module(package_name(self.standard), "messages")

    @property
    def vocabulary(self) -> ModuleType:
        return module(package_name(self.standard), "vocabulary")

    @cached_property
    def names(self) -> Names:
        return names_of(self.standard)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        return events(self.standard, self.machine, members(self.machine))


@cache
def subjects() -> tuple[Subject, ...]:
    return tuple(
        Subject(standards()[name], flow, machine, word)
        for name in ALL
        for flow, word in modules(standards()[name])
        for machine in flow.machines
    )


def subject(standard: str, flow: str, machine: str) -> Subject:
    return next(each for each in subjects() if str(each) == f"{standard}-{flow}-{machine}")


# -- values


def values(subject: Subject, type_: Type) -> st.SearchStrategy[Any]:
    """Values of a type as generated code has them; opaque ones from a few, so that they are equal now and then."""
    names = subject.names
    match type_:
        case kinds.Named(name=name, item=kinds.Enumeration()):
            return st.sampled_from(list(getattr(subject.vocabulary, names.types[name])))
        case kinds.Enumeration(values=words):
            found = names.anonymous.get(tuple(str(word) for word in words))
            return st.sampled_from(list(getattr(subject.vocabulary, found or "")))
    match plain(type_):
        case kinds.Boolean():
            return st.booleans()
        case kinds.Integer(low=int(low), high=int(high)):
            return st.integers(low, min(high, low + 99))
        case kinds.Integer():
            return st.integers(1, 2)
        case kinds.Text(low=low, pattern=None):
            return st.sampled_from(["a" * max(int(low), 1), "b" * max(int(low), 1)])
        case kinds.Text():
            return st.sampled_from(["1", "a", "aa:bb"])
        case kinds.Bytes(low=low):
            return st.sampled_from([b"a" * max(int(low), 1), b"b" * max(int(low), 1)])
        case kinds.Secret():
            return st.sampled_from([Secret("one"), Secret("two")])
        case kinds.Duration():
            return st.sampled_from([1.0, 2.5])
        case kinds.Party():
            return st.sampled_from(["p1", "p2", "p3"])
        case kinds.Link():
            return st.sampled_from([1, 2])
        case kinds.Optional(item=item):
            return st.none() | values(subject, item)
        case kinds.ListOf(item=item, low=low):
            return st.lists(values(subject, item), min_size=int(low), max_size=int(low) + 2).map(tuple)
        case kinds.SetOf(item=item, low=low):
            return st.frozensets(values(subject, item), min_size=int(low), max_size=int(low) + 2)
        case kinds.MessageOf(name=kept):
            return messages(subject, named(subject.standard.messages, kept))
    raise AssertionError(type_)


def messages(subject: Subject, message: Message) -> st.SearchStrategy[Any]:
    kind = getattr(subject.messages, subject.names.messages[message.name])
    return st.builds(kind, **{identifier(each.name): values(subject, each.type) for each in message.fields})


def parameters(subject: Subject) -> st.SearchStrategy[Any]:
    chosen = {
        subject.names.parameters[each.name]: values(subject, each.type) for each in own(subject.standard.parameters)
    }
    return st.builds(subject.vocabulary.Parameters, **chosen)


# -- surroundings and decisions that answer the same to both


@dataclass
class Party:
    """Answers from a seed: the same question gets the same answer."""

    seed: int

    def _chosen(self, *question: object) -> int:
        return sum(map(ord, repr((self.seed, *question))))

    def is_in(self, flow: str, machine: str, key: tuple[Any, ...], *states: str) -> bool:
        return self._chosen(flow, machine, key, states) % 2 == 0

    def variable(self, flow: str, machine: str, key: tuple[Any, ...], name: str) -> Any:
        return ("p1", 1, None, True)[self._chosen(flow, machine, key, name) % 4]

    def connections(self, of: str | None = None) -> Sequence[int]:
        return (1, 2, 3)[: self._chosen(of) % 4]

    def parties(self, role: str) -> Sequence[str]:
        return ("p1", "p2", "p3")[: self._chosen(role) % 4]

    def is_connected(self, peer: str) -> bool:
        return self._chosen(peer) % 3 > 0

    def home(self, party: str) -> str:
        return f"home-of-{party}"


class Boom(Exception):
    """What a hook raises in these tests."""


@dataclass
class Decisions:
    """Answers drawn beforehand, by decision and turn; `None` raises."""

    answers: Mapping[str, Sequence[Any]]
    turn: int = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def hook(machine: object, message: object, sender: object) -> Any:
            answers = self.answers[name.removeprefix("decide_")]
            answer = answers[self.turn % len(answers)]
            self.turn += 1
            if answer is None:
                raise Boom
            return answer

        if not name.startswith("decide_"):
            raise AttributeError(name)
        return hook


def decisions(subject: Subject, *, raising: bool = False) -> st.SearchStrategy[Mapping[str, Sequence[Any]]]:
    drawn = {}
    for decision in subject.flow.decisions:
        every: list[st.SearchStrategy[Any]] = [st.none()] if raising else []
        for answer in decision.answers:
            title = "".join(part.capitalize() for part in str(decision.name).split("_"))
            if any(each.fields for each in decision.answers):
                carried = getattr(
                    subject.handlers, title + "".join(p.capitalize() for p in str(answer.name).split("_"))
                )
                fields_ = {identifier(name): values(subject, type_) for name, type_ in answer.fields}
                every.append(st.builds(carried, **fields_))
            else:
                words = getattr(subject.handlers, f"{title}Answer")
                every.append(st.just(words[constant(answer.name)]))
        drawn[identifier(decision.name)] = st.lists(st.one_of(every), min_size=5, max_size=5)
    return st.fixed_dictionaries(drawn)


# -- instances


def keys(subject: Subject) -> dict[str, Any]:
    found = members(subject.machine)
    first = {kinds.Link: 1, kinds.Bytes: b"aaaaaa", kinds.Integer: 1}
    return {found.attributes[key.name]: first.get(type(plain(key.type)), "p1") for key in subject.machine.keys}


def handler(subject: Subject, parameters: Any, answers: Mapping[str, Sequence[Any]], seed: int) -> Any:
    kind = getattr(subject.handlers, members(subject.machine).handler)
    given = {
        "me": "p0",
        "parameters": parameters,
        "decisions": Decisions(answers),
        "party": Party(seed),
        **keys(subject),
    }
    wanted = kind.__init__.__kwdefaults__ or {}
    accepted = set(kind.__init__.__annotations__) - {"return"} | set(wanted)
    return kind(**{name: value for name, value in given.items() if name in accepted})


def chart(subject: Subject, parameters: Any, answers: Mapping[str, Sequence[Any]], seed: int) -> Any:
    base = members(subject.machine).handler
    model: Any = getattr(subject.charts, f"{base}Model")
    given = {
        "me": "p0",
        "parameters": parameters,
        "decisions": Decisions(answers),
        "party": Party(seed),
        **keys(subject),
    }
    accepted = {each.name for each in fields(model)}
    return getattr(subject.charts, f"{base}Machine")(
        model(**{name: value for name, value in given.items() if name in accepted})
    )


# -- events


@dataclass(frozen=True)
class Happening:
    """One event, told to a handler or to a chart."""

    event: Event
    message: Any = None
    peer: Any = None
    arguments: Mapping[str, Any] | None = None
    of: Any = None

    def to_handler(self, machine: Any, now: float) -> Any:
        match self.event.kind:
            case "command":
                return getattr(machine, self.event.method)(now=now, **(self.arguments or {}))
            case "receive":
                return machine.receive(self.message, self.peer, now=now)
            case "lost" | "restored":
                return getattr(machine, self.event.method)(self.peer, now=now)
            case "enters" | "leaves":
                return getattr(machine, self.event.method)(self.of, now=now)
            case _:
                return getattr(machine, self.event.method)(now=now)

    def to_chart(self, machine: Any, now: float) -> Any:
        match self.event.kind:
            case "command":
                return machine.command(identifier(self.event.name).strip("_"), now=now, **(self.arguments or {}))
            case "receive":
                return machine.take(self.message, self.peer, now=now)
            case "lost" | "restored":
                return machine.link(self.event.kind, self.peer, now=now)
            case "enters" | "leaves":
                return machine.crosses(self.event.method, self.of, now=now)
            case "restarted":
                return machine.restarts(now=now)
            case _:
                assert self.event.timer is not None
                return machine.expires(self.event.timer.name, now=now)


def happenings(subject: Subject) -> st.SearchStrategy[Happening]:
    return st.one_of([_happening(subject, event) for event in subject.events])


def _happening(subject: Subject, event: Event) -> st.SearchStrategy[Happening]:
    roles = event.senders or tuple(str(role.name) for role in subject.standard.roles)
    ids = st.sampled_from([None, 1, 2, 3])
    peers = st.builds(Peer, st.sampled_from(["p1", "p2"]), st.sampled_from(roles), st.sampled_from([1, 2]), ids)
    if event.message is not None:
        return st.builds(Happening, st.just(event), messages(subject, event.message), peers)
    if event.signal is not None:
        drawn = {arguments(event)[each.name]: values(subject, each.type) for each in event.signal.arguments}
        return st.builds(Happening, st.just(event), arguments=st.fixed_dictionaries(drawn))
    if event.trigger is not None:
        other = next(
            machine
            for flow in subject.standard.flows
            for machine in flow.machines
            if machine.flow == event.trigger.flow and machine.name == event.trigger.machine
        )
        key = st.fixed_dictionaries({str(each.name): values(subject, each.type) for each in other.keys})
        states = st.sampled_from(crossed(event.handlers)).map(lambda state: (state,))
        crossing = st.builds(
            Crossing, key=key, states=states, peers=st.just(("p1",)), connection=st.sampled_from([1, 2])
        )
        return st.builds(Happening, st.just(event), of=crossing)
    return st.builds(Happening, st.just(event), peer=peers)


def memory(subject: Subject, machine: Any) -> dict[str, Any]:
    """The state and the variables of a handler or of a chart's model."""
    attributes = members(subject.machine).attributes
    return {name: getattr(machine, attributes[name]) for name in map(str, (v.name for v in subject.machine.variables))}


__all__ = ["Boom", "Happening", "Subject", "leaves"]
