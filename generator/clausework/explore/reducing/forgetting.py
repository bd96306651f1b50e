"""Variables that nobody reads any more: whatever they hold, what follows is the same.

A variable is live in a state if on some way from there it may be read before it is written (Kildall 1973, as compilers
do it).  Where it isn't, two configurations that differ in it alone have the same future, step by step: one of them is
looked at.

What counts as reading: a transition from that state whose guards, values, messages or receivers speak of it, or whose
new value does, as that may be out of range.  Live everywhere is what others see (other machines of the party,
properties, sequences) and what a restart leaves.  Where a claim or a sequence asks whether a session is as at the
start, all variables are live in the initial state.
"""

from collections.abc import Iterator

from clausework.explore.verdicts.looking import is_plain
from clausework.expr import nodes
from clausework.model.machine import Machine
from clausework.model.sequence import Check
from clausework.model.standard import Flow
from clausework.model.states import entered
from clausework.model.transitions import Transition
from clausework.semantics.configuration import Configuration, InstanceState, PartyState
from clausework.semantics.space import Space
from clausework.semantics.system import Program, System


class Forgetting:
    """`dead`: for each machine and state, the numbers of the variables that are dead there; `any`: whether some are."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.system = space.system
        observed = frozenset(_observed(self.system))
        starts = _asks_for_the_start(self.system.flow, self.system.check)
        self.dead = [
            _dead(program, observed, self.system.initial(number).state if starts else None)
            for number, program in enumerate(self.system.programs)
        ]
        self._known: list[dict[int, int]] = [{} for _ in self.system.parties]
        self._met: set[int] = set()
        self.any = any(numbers for states in self.dead for numbers in states.values())

    @property
    def met(self) -> int:
        """How many different configurations were asked for, at least."""
        return len(self._met)

    @property
    def states(self) -> tuple[int, int]:
        """How many states of parties stand for how many that were asked for."""
        return sum(len(set(known.values())) for known in self._known), sum(map(len, self._known))

    def configuration(self, of: Configuration) -> Configuration:
        """The one that stands for all that differ in what is dead."""
        if not self.any:
            return of
        self._met.add(hash(of))
        parties = tuple(self.state(party, number) for party, number in enumerate(of.parties))
        return of if parties == of.parties else of._replace(parties=parties)

    def state(self, party: int, number: int) -> int:
        found = self._known[party].get(number)
        if found is None:
            reactions = self.space.reactions
            found = reactions.party(self._forgotten(party, reactions.parties[number]))
            self._known[party][number] = found
        return found

    def _forgotten(self, party: int, state: PartyState) -> PartyState:
        instances = zip(self.system.instances[party], state.instances, strict=True)
        return PartyState(tuple(self._reset(each.machine, now) for each, now in instances), state.seen, state.rigid)

    def _reset(self, machine: int, now: InstanceState) -> InstanceState:
        dead = self.dead[machine][now.state]
        if not dead:
            return now
        first = self.system.initial(machine).variables
        values = (first[at] if at in dead else value for at, value in enumerate(now.variables))
        return InstanceState(
            now.state, tuple(values), now.armed, now.deferred, ages=now.ages, open=now.open, owed=now.owed
        )


# -- who reads what


def _observed(system: System) -> Iterator[tuple[str, str, str]]:
    """Variables that somebody else reads, by flow, machine and name."""
    flows = [(flow.machines, flow.properties, flow.sequences) for flow in system.flows]
    claims = (system.flow.properties, system.flow.sequences)
    for node in nodes.walk_values((*flows, claims, tuple(each.machine for each in system.programs))):
        if isinstance(node, nodes.OfVariable):
            yield str(node.of.flow), str(node.of.machine), str(node.name)


def _asks_for_the_start(flow: Flow, check: Check) -> bool:
    """Whether something is judged that ends where all are as at the start."""
    judged = [each for each in flow.properties if check.judges(each.name)]
    return bool(flow.sequences) or not all(is_plain(each) for each in judged)


def _dead(program: Program, observed: frozenset[tuple[str, str, str]], start: str | None) -> dict[str, frozenset[int]]:
    machine = program.machine
    names = [str(each.name) for each in machine.variables]
    everywhere = {str(name) for name in machine.durable} | set(_read(_beside_handlers(machine)))
    everywhere |= {name for name in names if (str(machine.flow), str(machine.name), name) in observed}
    live = {leaf: set(everywhere) for leaf in program.scopes}
    for leaf, found in live.items():
        found |= {name for handlers in _handlers(program, leaf) for name in _read(handlers)}
    if start is not None:
        live[start] |= set(names)
    while _spread(program, live):
        continue
    return {leaf: frozenset(at for at, name in enumerate(names) if name not in found) for leaf, found in live.items()}


def _beside_handlers(machine: Machine) -> tuple[object, ...]:
    said = tuple((each.dispositions, each.otherwise) for each in machine.states)
    return machine.dispositions, machine.stale, machine.otherwise, machine.addressing, machine.requires, said


def _handlers(program: Program, leaf: str) -> Iterator[object]:
    return (way.handler for scope in program.scopes[leaf] for way in program.by_scope.get(scope, ()))


def _read(of: object) -> Iterator[str]:
    return (str(node.name) for node in nodes.walk_values(of) if isinstance(node, nodes.Variable))


def _spread(program: Program, live: dict[str, set[str]]) -> bool:
    """What is live after a transition, and isn't written by it, is live before; whether that was news."""
    news = False
    for leaf, found in live.items():
        before = len(found)
        ways = (way for scope in program.scopes[leaf] for way in program.by_scope.get(scope, ()))
        found.update(*(_needed(program, each, leaf, live) for way in ways for each in way.transitions))
        news = news or len(found) > before
    return news


def _needed(program: Program, transition: Transition, leaf: str, live: dict[str, set[str]]) -> set[str]:
    if transition.forget:
        return set()
    target = leaf if transition.target is None else str(entered(program.machine, transition.target))
    return live[target] - {str(each.variable) for each in transition.updates}
