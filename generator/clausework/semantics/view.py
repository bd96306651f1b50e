"""What the leaves of an expression come to, for one instance at one moment."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from clausework.expr import nodes
from clausework.expr.evaluate import evaluate
from clausework.expr.nodes import Value
from clausework.expr.types import Link, ListOf, SetOf, plain, required
from clausework.model.states import ancestry
from clausework.semantics.configuration import Answer, InstanceState, Message, PartyState, Question
from clausework.semantics.events import Commanded, Crossed, Delivered, Event, Noticed, Saw
from clausework.semantics.system import Instance, System

_NOTHING: Mapping[str, Value] = MappingProxyType({})


class View(NamedTuple):
    """`instances` and `seen` are the party's, before the step; `after` the new values, once they are known."""

    system: System
    party: int
    instance: Instance
    instances: tuple[InstanceState, ...]
    seen: frozenset[int]
    message: Message | None = None
    link: int | None = None
    arguments: Mapping[str, Value] = _NOTHING
    answer: Mapping[str, Value] = _NOTHING
    local: Mapping[str, Value] = _NOTHING
    after: InstanceState | None = None
    rigid: frozenset[tuple[Question, Answer]] = frozenset()

    @property
    def own(self) -> InstanceState:
        """The instance's own state."""
        return self.instances[self.instance.number]

    def keys(self) -> dict[str, Value]:
        """The components of its key, by name."""
        declared = self.system.programs[self.instance.machine].machine.keys
        return dict(zip((str(key.name) for key in declared), self.instance.key, strict=True))

    def leaf(self, node: nodes.Expr) -> Value:
        match node:
            case nodes.Variable(name=name):
                return self._variable(self.instance.machine, self.own, name)
            case nodes.MessageField(name=name):
                return self._field(name)
            case nodes.Key(name=name):
                return self.keys()[name]
            case nodes.Argument(name=name):
                return self.arguments[name]
            case nodes.Parameter(name=name):
                return self.system.parameters[name]
            case nodes.Local(name=name):
                return self.local[name]
            case nodes.AnswerField(name=name):
                return self.answer[name]
            case nodes.Column(name=name):
                return self._variable(self.instance.machine, self.own, name)
            case nodes.New(of=leaf):
                return self._variable(self.instance.machine, self.after or self.own, leaf.name)
            case nodes.Me():
                return str(self.system.parties[self.party].name)
            case nodes.CurrentState():
                return self.own.state
        return self._event(node)

    def _event(self, node: nodes.Expr) -> Value:
        match node:
            case nodes.Sender():
                if self.link is None:
                    return None
                return str(self.system.parties[self.system.links[self.link].other(self.party)].name)
            case nodes.Connection():
                return self.link
            case nodes.MessageKind():
                return self.message.name if self.message else None
            case nodes.ReceivedMessage():
                return self.message._replace(request=None) if self.message else None
            case nodes.Home(of=of):
                party = evaluate(of, self)
                home = self.system.home(self.system.number_of(party)) if party is not None else None
                return str(self.system.parties[home].name) if home is not None else None
        raise AssertionError(node)

    def _field(self, name: str) -> Value:
        if self.message is None:
            raise AssertionError("a field is read only where a message was received")
        names = [str(each.name) for each in self.system.messages[self.message.name].fields]
        return self.message.values[names.index(name)]

    def _variable(self, machine: int, state: InstanceState, name: str) -> Value:
        declared = self.system.programs[machine].machine
        for number, each in enumerate(declared.variables):
            if each.name == name:
                return state.variables[number]
        columns = next(each.columns for each in declared.states if each.name == state.state)
        return next(value.value for column, value in columns if column == name)

    # -- other machines of the party

    def _other(self, of: nodes.Of) -> tuple[int, InstanceState]:
        number = self.system.machine_number(of.flow, of.machine)
        if number is None:
            raise AssertionError(f"{of.flow} is explored with what reads it")
        key = tuple(evaluate(each, self) for each in of.keys)
        found = self.system.find(self.party, number, key)
        state = self.instances[found.number] if found is not None else self.system.initial(number)
        return number, state

    def state(self, of: nodes.Of | None) -> tuple[str, ...]:
        machine, state = (self.instance.machine, self.own) if of is None else self._other(of)
        return tuple(ancestry(self.system.programs[machine].machine, state.state))

    def variable(self, of: nodes.Of, name: str) -> Value:
        machine, state = self._other(of)
        return self._variable(machine, state, name)

    def elements(self, domain: nodes.Domain) -> Iterable[Value]:
        match domain.what:
            case "connections":
                yield from self._links(domain)
            case "items":
                found = evaluate(domain.of, self) if domain.of is not None else ()
                yield from found if isinstance(found, tuple | frozenset) else ()
            case "parties":
                mine = str(self.system.parties[self.party].name)
                yield from (
                    each for each in self.system.domains.values(domain.type) if not (domain.other and each == mine)
                )

    def _links(self, domain: nodes.Domain) -> Iterable[Value]:
        of = evaluate(domain.of, self) if domain.of is not None else None
        for link in self.system.links_of(self.party):
            far = str(self.system.parties[link.other(self.party)].name)
            if link.number not in self.seen or (domain.of is not None and far != of):
                continue
            if domain.other and link.number == self._at_hand():
                continue
            yield link.number

    def _at_hand(self) -> Value:
        for key, value in zip(self.system.programs[self.instance.machine].machine.keys, self.instance.key, strict=True):
            if isinstance(plain(key.type), Link):
                return value
        return self.link

    def binding(self, variable: str, value: Value) -> "View":
        return self._replace(local={**self.local, variable: value})

    def is_connected(self, peer: Value) -> bool:
        if peer is None:
            return False
        number = self.system.number_of(peer)
        return any(link.number in self.seen for link in self.system.links_to(self.party, number))

    def high(self, container: nodes.Expr) -> int:
        bare = plain(required(container.type))
        return self.system.domains.number(bare.high) if isinstance(bare, ListOf | SetOf) else 0


def view_of(system: System, party: int, state: PartyState, instance: Instance, event: Event) -> View:
    """What an instance sees when it reacts to an event."""
    if isinstance(event, Delivered):
        return View(system, party, instance, state.instances, state.seen, event.message, event.link, rigid=state.rigid)
    view = View(system, party, instance, state.instances, state.seen, rigid=state.rigid)
    match event:
        case Commanded(command=command, arguments=values):
            signals = system.programs[instance.machine].machine.commands
            names = [str(each.name) for each in next(each for each in signals if each.name == command).arguments]
            return view._replace(arguments=dict(zip(names, values, strict=True)))
        case Noticed(link=link) | Saw(link=link):
            return view._replace(link=link)
        case Crossed(instance=number):
            kept = view._replace(instance=system.instances[party][number]).keys().get("connection")
            return view._replace(link=kept if isinstance(kept, int) else None)
    return view
