"""Generated parties, run beside the explorer over a simulated network: the same steps, compared after each.

A `Cast` holds one party for every party of a system.  It is told each step that the explorer took, and asserts that the
party does the same: which instance takes it and which others react, states, variables, timers, deferred messages, links
that are seen, what is sent on which link and in which order, what the application is told.
"""

import importlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from clausework.emit.python.members import Members, members
from clausework.emit.python.package import modules
from clausework.emit.python.types import Names, names_of
from clausework.emit.python.words import constant, identifier, package_name
from clausework.expr import types as kinds
from clausework.expr.nodes import Value
from clausework.expr.types import Type, plain
from clausework.model.machine import After, Machine
from clausework.model.standard import Standard
from clausework.runtime import Close, Notify, RemoteProtocolError, Secret, Send, StartTimer, ToLink
from clausework.runtime.keeping import load
from clausework.runtime.links import Linked
from clausework.runtime.party import Party
from clausework.runtime.plan import Part, Placed, Plan
from clausework.semantics.configuration import Configuration, InstanceState, Message, PartyState
from clausework.semantics.events import Commanded, Delivered, Expired, Noticed, Reaction, Restarted, Saw
from clausework.semantics.space import Space, Step
from clausework.semantics.system import Instance, LinkOf, System

_SAMPLES = ("1", "2", "a", "b", "aa:bb", "cc:dd")


def plain_of(message: Message) -> Message:
    """Without the explorer's id of a request."""
    return message._replace(request=None)


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


_NAMES: dict[int, Names] = {}


def names(standard: Standard) -> Names:
    """They hold their standard, so that no other has its id; to work them out takes longer than a step."""
    if id(standard) not in _NAMES:
        _NAMES[id(standard)] = names_of(standard)
    return _NAMES[id(standard)]


def made(standard: Standard, machine: Machine) -> Made:
    """The generated handler of a machine, in the package of the standard that declares it."""
    prefix, _, flow = machine.flow.rpartition(".")
    if prefix:
        imported = next(each.standard for each in standard.imports if each.standard.name == prefix)
        own = next(
            each for one in imported.flows for each in one.machines if (each.flow, each.name) == (flow, machine.name)
        )
        return made(imported, own)
    every = list(modules(standard))  # a machine that is extended is in two of them: which form is it
    same = [word for each, word in every if any(one == machine for one in each.machines)]
    word = next(iter(same or [word for each, word in every if any(one.flow == machine.flow for one in each.machines)]))
    handlers = importlib.import_module(f"clausework_standards.{package_name(standard)}.{word}")
    return Made(standard, machine, handlers, names(standard), members(machine))


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
    """A symbol's number: `duration_2` is the second one; a parameter's name is the first.  A number is itself."""
    if isinstance(value, int):
        return value
    found = re.search(r"_(\d+)$", str(value))
    return int(found[1]) if found else 1


def _text(type_: kinds.Text, value: str) -> str:
    fitting = [each for each in (value, *_SAMPLES) if type_.pattern is None or re.fullmatch(type_.pattern, each)]
    return fitting[0] if value in fitting else fitting[_number(value) - 1]


@dataclass
class Decisions:
    """Answers as the explorer's step had them, for one machine of a party: each instance has its own."""

    cast: "Cast"
    party: int
    machine: int

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("decide_"):
            raise AttributeError(name)
        return lambda machine, *_: self.cast.answer(self.party, self.machine, machine)


@dataclass
class Directory:
    """Who there is, and whose they are."""

    system: System

    def parties(self, role: str) -> Sequence[str]:
        return [str(name) for name in self.system.domains.parties(role)]

    def home(self, party: str) -> str:
        home = self.system.home(self.system.number_of(party))
        assert home is not None
        return str(self.system.parties[home].name)


Entry = tuple[Message, int | None]


class Cast:
    """A generated party for every party of a system, and between them a network that carries ids, too."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.now = 0.0
        self.last: tuple[int, Sequence[Any]] = (0, ())
        self.error: type[Exception] | None = None
        self.inside: list[Callable[[], object]] = []  # called in the middle of a step, where something is decided
        self.system = space.system
        self.values = Values(self.system)
        self.names = names(self.system.standard)
        self.made = [made(self.system.standard, program.machine) for program in self.system.programs]
        self.pending: dict[int, list[Any]] = {}
        self.tokens = {link.number: link.number for link in self.system.links}
        self.forgotten: set[tuple[int, object]] = set()  # ends of links that a restart made unknown
        self.queues: list[list[Entry]] = [[] for _ in range(2 * len(self.system.links))]
        self.parties = [self._party(number) for number in range(len(self.system.parties))]
        for number, party in enumerate(self.parties):
            links = [link for link in self.system.links_of(number) if not self.system.is_down(link)]
            party.start(now=self.now, links=[self._linked(number, link) for link in links])
        for given in self.system.check.given:
            number = self.system.number_of(given.party)
            self._stands(number, self.system.instance_given(number, given))

    # -- who takes part

    def _stands(self, party: int, instance: Instance) -> None:
        """Where a check says that the machine is at first, as if it had come there by itself."""
        found, state = self.made[instance.machine], self.system.start(party).instances[instance.number]
        population, placed, key = (
            self.parties[party].population,
            self.placed(party, instance.machine),
            self.key(instance),
        )
        handler = population.fresh(placed, key)
        handler.state = type(handler.state)(state.state)
        for declared, value in zip(found.machine.variables, state.variables, strict=True):
            if value == "" and getattr(handler, found.members.attributes[declared.name]) == 0.0:
                setattr(handler, found.members.attributes[declared.name], 1.0)  # some time, and not none
            if value != "":
                told = None if value is None else self.values.of(found.names, declared.type, value)
                setattr(handler, found.members.attributes[declared.name], told)
        triggers = [self.system.programs[instance.machine].ways[number].handler for number in state.armed]
        wanted = {(each.scope, str(each.trigger.timer)) for each in triggers if isinstance(each.trigger, After)}
        for timer, attribute in found.members.deadlines.items():
            running = (timer.scope, timer.word) in wanted
            setattr(handler, attribute, self.now if running else None)
            if running:
                self.parties[party].reaction.deadlines.add(self.now, placed, key, timer.name)
        if population.find(placed, key) is not None:
            population.drop(placed, key)
        population.add(placed, key, handler)

    def again(self, party: int) -> Party:
        """The party as its snapshot has it, after a way through a file."""
        fresh = self._party(party)
        load(fresh, json.loads(json.dumps(self.parties[party].snapshot())))
        return fresh

    def _party(self, party: int) -> Party:
        """As the generated class for the role, but of no more machines than the check looks at."""
        role = str(self.system.parties[party].role)
        whole: Plan = getattr(_module(self.names, "parties"), f"_{constant(role)}")
        machines = [
            number
            for number, program in enumerate(self.system.programs)
            if self.system.plays(party, program.machine.role)
        ]
        parts = tuple((self._prefix(number), self._part(number)) for number in machines)
        plan = Plan(
            role,
            parts,
            roles=whole.roles,
            connections=whole.connections,
            carries=whole.carries,
            datagrams=whole.datagrams,
        )
        assert {(each.flow, each.machine) for each in plan.parts} <= {(each.flow, each.machine) for each in whole.parts}
        given = tuple(
            {"parameters": self._parameters(self.made[number]), "decisions": Decisions(self, party, number)}
            for number in machines
        )
        return Party(str(self.system.parties[party].name), plan, given, Directory(self.system))

    def _prefix(self, machine: int) -> str:
        prefix, dot, _ = self.system.programs[machine].machine.flow.rpartition(".")
        return prefix + dot

    def _part(self, machine: int) -> Part:
        found = self.made[machine]
        return getattr(found.handlers, f"{constant(found.machine.name)}_PART")  # type: ignore[no-any-return]  # a generated module

    def _linked(self, party: int, number: int | LinkOf) -> Linked:
        link = self.system.links[number] if isinstance(number, int) else number
        far = self.system.parties[link.other(party)]
        token = self.tokens[link.number]
        return Linked(link=token, address=str(far.name), role=str(far.role), over=link.connection)

    def _parameters(self, found: Made) -> Any:
        """The check's numbers, which may be smaller than any that the standard allows: put in past the constraints."""
        parameters = object.__new__(found.module("vocabulary").Parameters)
        for name, word in found.names.parameters.items():
            declared = next(each for each in found.standard.parameters if each.name == name)
            full = name if name in self.system.parameters else f"{found.standard.name}.{name}"
            value = self.values.of(found.names, declared.type, self.system.parameters[full])
            object.__setattr__(parameters, word, value)
        for each in found.standard.imports:
            theirs = Made(each.standard, found.machine, found.handlers, names(each.standard), found.members)
            object.__setattr__(parameters, identifier(each.standard.name), self._parameters(theirs))
        return parameters

    def key(self, instance: Instance) -> tuple[Any, ...]:
        """The key as the handlers have it: links by the token of the one that is there now."""
        found = self.made[instance.machine]
        return tuple(
            self.tokens[int(str(value))]
            if isinstance(plain(key.type), kinds.Link)
            else self.values.of(found.names, key.type, value)
            for key, value in zip(found.machine.keys, instance.key, strict=True)
        )

    def placed(self, party: int, machine: int) -> Placed:
        return next(each for each in self.parties[party].plan.parts if each.part is self._part(machine))

    def handler(self, party: int, instance: Instance) -> Any:
        """The instance, or a fresh one where nothing has happened yet."""
        population, placed, key = (
            self.parties[party].population,
            self.placed(party, instance.machine),
            self.key(instance),
        )
        return population.find(placed, key) or population.fresh(placed, key)

    # -- one step

    def take(self, step: Step) -> None:
        """The step on the parties; AssertionError where they do something else."""
        self.now += 1.0
        if step.target is None:
            return
        if step.reaction is None:
            self._deliver_rest(step.target, [])
            return
        try:
            effects = self.tell(step)
        except RemoteProtocolError:
            if step.label.party not in self.system.attackers:
                raise
            effects = ()  # it keeps to no machine
        self.last = step.label.party, effects
        self._compare(step.reaction, step.label.party, effects)
        self._deliver_rest(step.target, self._put(step.label.party, step.reaction, effects))

    def tell(self, step: Step) -> Sequence[Any]:
        """What has happened, to whom it happens; with `error`, every decision raises it."""
        assert step.reaction is not None
        self._answers(step.label.party, step.reaction)
        return self._told(step)

    def deadline(self, number: int, timer: StartTimer) -> float | None:
        """Until when the timer runs that an effect once started."""
        party = self.parties[number]
        placed = party.plan.by_name[timer.of.flow, timer.of.machine]
        handler = party.population.find(placed, timer.of.key)
        return None if handler is None else getattr(handler, placed.part.timers[timer.timer][1])  # type: ignore[no-any-return]  # a generated attribute

    def refuses(self, party: int, event: Delivered, state: PartyState) -> None:
        """A message that is impossible here: refused as the peer's mistake, and nothing has changed."""
        request = self._id(party, event) or self._asked(party, event, state)
        before = self.parties[party].snapshot()

        with pytest.raises(RemoteProtocolError) as refused:
            self._receive(party, event, request)

        assert refused.value.state
        assert self.parties[party].snapshot() == before

    def _told(self, step: Step) -> Sequence[Any]:
        number = step.label.party
        party = self.parties[number]
        match step.label.event:
            case Commanded(instance=instance, command=command, arguments=arguments):
                return self._does(number, self.system.instances[number][instance], command, arguments)
            case Expired(instance=instance, way=way):
                return self._expires(number, self.system.instances[number][instance], way)
            case Delivered() as delivered:
                (message, _), *_ = self._queue(number, delivered.link)
                assert message == plain_of(delivered.message)
                return self._receive(number, delivered, self._id(number, delivered))
            case Noticed(link=link):
                return party.lost(self.tokens[link], now=self.now)
            case Saw(link=link):
                self.forgotten.discard((number, link))
                return self._sees(number, link)
            case Restarted():
                seen = {each.link for each in party.links}
                tokens = {link.number: self.tokens[link.number] for link in self.system.links_of(number)}
                gone = [link for link, token in tokens.items() if token not in seen and not self._keeps(number, token)]
                self.forgotten |= {(number, link) for link in gone}
                return party.restarted(now=self.now)
        raise AssertionError(step.label)

    def _sees(self, number: int, link: int) -> Sequence[Any]:
        """A new token for a new link, in the place of the old one; both ends get the same."""
        party, old = self.parties[number], self.tokens[link]
        other = self.parties[self.system.links[link].other(number)]
        if not (other.links.find(old) and old >= len(self.system.links)) or party.links.find(old):
            self.tokens[link] = old + len(self.system.links)
        linked = self._linked(number, link)
        older = [key for key in (linked.link - len(self.system.links) * turn for turn in range(1, 99)) if key >= 0]  # type: ignore[operator]  # tokens are numbers here
        after = next((key for key in older if self._keeps(number, key)), None)
        effects = party.restored(linked.link, linked.address, linked.role, over=linked.over, after=after, now=self.now)
        self._in_order(party)
        return effects

    def _keeps(self, number: int, token: int) -> bool:
        """Whether something is kept for a link that was."""
        every = self.parties[number].population.every()
        return any(placed.link is not None and key[placed.link] == token for placed, key, _ in every)

    def _in_order(self, party: Party) -> None:
        """The explorer numbers places for links, a party counts links by age."""
        for linked in list(party.links):
            party.links.remove(linked.link)
            party.links.put_back(linked, int(str(linked.link)) % len(self.system.links))

    def _does(self, party: int, instance: Instance, command: str, arguments: tuple[Value, ...]) -> Sequence[Any]:
        found = self.made[instance.machine]
        signal = next(each for each in found.machine.commands if each.name == command)
        given = {
            identifier(each.name): self.values.of(found.names, each.type, value)
            for each, value in zip(signal.arguments, arguments, strict=True)
        }
        method = getattr(getattr(found.handlers, found.members.handler), found.members.commands[command])
        return self.parties[party].does(method, self.key(instance), now=self.now, **given)

    def _expires(self, party: int, instance: Instance, way: int) -> Sequence[Any]:
        handler = self.system.programs[instance.machine].ways[way].handler
        assert isinstance(handler.trigger, After)
        wanted = (handler.scope, str(handler.trigger.timer))
        members_ = self.made[instance.machine].members
        timer = next(each for each in members_.timers if (each.scope, each.word) == wanted)
        at = getattr(self.handler(party, instance), members_.deadlines[timer])
        of = self.placed(party, instance.machine).instance(self.key(instance))
        token = StartTimer(timer.name, at)
        token.of = of
        return self.parties[party].expires(token, now=self.now)

    def _receive(self, party: int, event: Delivered, request: int | None) -> Sequence[Any]:
        message = self.values.message(self.names, event.message)
        return self.parties[party].receive(message, self.tokens[event.link], request=request, now=self.now)

    # -- what comes with a message

    def _id(self, party: int, event: Delivered) -> int | None:
        """The id that came with a message; the explorer has its own, which mean the same."""
        return next(
            (id_ for message, id_ in self._queue(party, event.link) if message == plain_of(event.message)), None
        )

    def _asked(self, party: int, event: Delivered, state: PartyState) -> int | None:
        """The id under which the party has a request open, that the explorer knows by the response's."""
        wanted = self.system.answered(event.message.name)
        for instance in self.system.instances[party]:
            for each in state.instances[instance.number].open:
                if each.message in wanted and (each.link, each.id) == (event.link, event.message.request):
                    named = each.message.rpartition(".")[2], self.tokens[each.link], each.scope
                    opened = self.handler(party, instance).open
                    return next(mine.id for mine in opened if (mine.request.NAME, mine.link, mine.scope) == named)  # type: ignore[no-any-return]  # a generated attribute
        return None

    # -- the network

    def _queue(self, party: int, link: int) -> list[Entry]:
        return self.queues[2 * link + (self.system.links[link].client, self.system.links[link].server).index(party)]

    def _put(self, party: int, reaction: Reaction, effects: Sequence[Any]) -> list[tuple[int, Entry]]:
        """What goes into which queue, with its id."""
        sent = [each for each in effects if isinstance(each, Send)]
        found = []
        for effect, send in zip(sent, reaction.sends, strict=True):
            if send.link is not None:
                ends = self.system.links[send.link]
                to_server = 1 if party == ends.client else 0
                found.append((2 * send.link + to_server, (plain_of(send.message), effect.request)))
        return found

    def _deliver_rest(self, target: Configuration, put: list[tuple[int, Entry]]) -> None:
        """The queues are as the explorer has them; which message has which id follows from the order."""
        for queue, numbers in enumerate(target.queues):
            there = [*self.queues[queue], *(entry for number, entry in put if number == queue)]
            left = there[len(there) - len(numbers) :] if len(numbers) <= len(there) else there
            wanted = [plain_of(self.space.message(number)) for number in numbers]
            if [message for message, _ in left] != wanted:  # lost, repeated, swapped on the way
                said = [self.space.message(number).request for number in numbers]  # by an attacker, else it is there
                left = [
                    next((entry for entry in there if entry[0] == message), (message, id_))
                    for message, id_ in zip(wanted, said, strict=True)
                ]
            self.queues[queue] = left

    # -- decisions

    def _answers(self, party: int, reaction: Reaction) -> None:
        self.pending = {}
        for each in reaction.answers:
            found = self.made[self.system.instances[party][each.instance].machine]
            declared, ours = self.system.decisions[each.decision], self.names
            title = "".join(part.capitalize() for part in each.decision.split("_"))
            if any(answer.fields for answer in declared.answers):
                types = dict(next(answer.fields for answer in declared.answers if answer.name == each.answer))
                word = "".join(part.capitalize() for part in each.answer.split("_"))
                given = {identifier(name): self.values.of(ours, types[name], value) for name, value in each.values}  # type: ignore[index]  # a Name is a str
                answer: Any = getattr(found.handlers, title + word)(**given)
            else:
                answer = getattr(found.handlers, f"{title}Answer")[constant(each.answer)]
            self.pending.setdefault(each.instance, []).append(answer)

    def answer(self, party: int, machine: int, handler: Any) -> Any:
        if self.error is not None:
            raise self.error
        for call in self.inside:
            call()
        attributes = [each.attribute for each in self.placed(party, machine).part.keys.values()]
        key = tuple(getattr(handler, attribute) for attribute in attributes)
        asking = next(
            each for each in self.system.instances[party] if each.machine == machine and self.key(each) == key
        )
        return self.pending[asking.number].pop(0)

    # -- the comparison

    def _compare(self, reaction: Reaction, party: int, effects: Sequence[Any]) -> None:
        assert reaction.after is not None
        sent = [(each.message, self._way(each)) for each in effects if isinstance(each, Send)]
        wanted = [(self.values.message(self.names, each.message), self._token(each.link)) for each in reaction.sends]
        assert sent == wanted
        told = [(each.name, each.of) for each in effects if isinstance(each, Notify)]
        assert told == [(each.name, self._of(party, each.instance)) for each in reaction.notices]
        closed = [each.to.link for each in effects if isinstance(each, Close) and isinstance(each.to, ToLink)]
        assert closed == [self.tokens[link] for link in reaction.closed]
        self._same_party(party, reaction.after)

    def _same_party(self, number: int, after: PartyState) -> None:
        """Requests are compared by what is open where; their ids differ, and what each goes with shows in the steps."""
        party = self.parties[number]
        assert {each.link for each in party.links} == {self.tokens[link] for link in after.seen}
        instances = self.system.instances[number]
        there = {(self.placed(number, each.machine).number, self._place(number, each)) for each in instances}
        assert {(placed.number, self._by_link(placed, key)) for placed, key, _ in party.population.every()} <= there
        for instance, state in zip(instances, after.instances, strict=True):
            if not self._is_forgotten(number, instance):
                self._same(number, instance, state)

    def _place(self, number: int, instance: Instance) -> tuple[Any, ...]:
        return self._by_link(self.placed(number, instance.machine), self.key(instance))

    def _by_link(self, placed: Placed, key: tuple[Any, ...]) -> tuple[Any, ...]:
        """The key by the place of its link: this end may still have the token of the one that was there before."""
        return tuple(each % len(self.system.links) if at == placed.link else each for at, each in enumerate(key))

    def _is_forgotten(self, number: int, instance: Instance) -> bool:
        """Kept for a link that wasn't there when the party restarted: nothing can tell it, until there is a new one.

        The explorer's places for links are always there, so there its machine has heard of the restart.
        """
        keys = self.system.programs[instance.machine].machine.keys
        return any(
            isinstance(plain(key.type), kinds.Link) and (number, value) in self.forgotten
            for key, value in zip(keys, instance.key, strict=True)
        )

    def _same(self, party: int, instance: Instance, state: InstanceState) -> None:
        handler, found = self.handler(party, instance), self.made[instance.machine]
        assert str(handler.state) == state.state
        for declared, value in zip(found.machine.variables, state.variables, strict=True):
            wanted = None if value == "" else self.values.of(found.names, declared.type, value)
            actual = getattr(handler, found.members.attributes[declared.name])
            assert value == "" or actual == wanted, (declared.name, actual, wanted)
        self._same_timers(handler, found, instance, state.armed)
        waiting = [(link, self.values.message(self.names, message)) for link, message in state.deferred]
        there = len(self.system.links)  # it may have come over a link in whose place there is another one now
        assert [(peer.link % there, message) for message, peer in handler.deferred] == waiting
        opened = [(each.request.NAME, each.link, str(each.scope)) for each in getattr(handler, "open", ())]
        asked = [(each.message.rpartition(".")[2], self.tokens[each.link], each.scope) for each in state.open]
        assert sorted(opened) == sorted(asked)

    def _same_timers(self, handler: Any, found: Made, instance: Instance, armed: frozenset[int]) -> None:
        ways = self.system.programs[instance.machine].ways
        deadlines = found.members.deadlines.items()
        running = {
            (timer.scope, timer.word) for timer, attribute in deadlines if getattr(handler, attribute) is not None
        }
        triggers = [(ways[number].handler.scope, ways[number].handler.trigger) for number in armed]
        assert running == {(scope, str(each.timer)) for scope, each in triggers if isinstance(each, After)}

    def _way(self, effect: Send) -> int | None:
        return effect.to.link if isinstance(effect.to, ToLink) else None  # type: ignore[return-value]  # tokens are numbers here

    def _token(self, link: int | None) -> int | None:
        return None if link is None else self.tokens[link]

    def _of(self, party: int, number: int) -> Any:
        instance = self.system.instances[party][number]
        return self.placed(party, instance.machine).instance(self.key(instance))
