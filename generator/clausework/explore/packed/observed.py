"""An observer of runs as the engine reads it: memories, and what of steps and configurations they depend on, numbered.

The observers are the reference's own, and are asked what to remember whenever the engine comes to something new.  Here
it is only said what is new: a step with other events in it (its symbol), a configuration in which other conditions of
the claim hold (its letter).  To tell more apart than is asked for costs time, and changes no answer.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Protocol

from clausework.explore.packed.views import View, instances
from clausework.explore.verdicts.observing import WRONG, Guarding, Keeping, Preceding, Promising, Repeating
from clausework.expr import nodes
from clausework.model.sequence import Event, Happening, IsIn
from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Reaction
from clausework.semantics.reactions import Label
from clausework.semantics.session import Session
from clausework.semantics.space import Space, Step

Observer = Guarding | Preceding | Repeating | Keeping | Promising

MOST = 1 << 16


class Remembers(Protocol):
    """What the engine is told of an observer: `memories` by number; 0 is WRONG, and 1 where it counts what happens."""

    @property
    def memories(self) -> Sequence[Hashable]: ...

    def first(self) -> list[int]: ...

    def after(self, memory: int, before: Configuration, step: Step) -> list[int]: ...

    def symbol(self, label: Label, reaction: Reaction | None) -> int: ...

    def letter(self, configuration: Configuration) -> int: ...

    def view(self) -> View: ...


class TooMuch(Exception):
    """A claim has too many memories, or depends on too much; the text says of what."""


class Observed:
    """`counts`: the memory where it matters what happens, or that has to end; WRONG is number 0, and `counts` 1."""

    def __init__(self, observer: Observer, counts: Hashable = None) -> None:
        self.observer = observer
        self.space: Space = observer.space
        self._start = self.space.start()
        self.matcher = observer.matcher
        self.memories: list[Hashable] = []
        self._memories: dict[Hashable, int] = {}
        self._symbols: dict[Hashable, int] = {}
        self._letters: dict[Hashable, int] = {}
        happenings = list(_happenings(observer))
        events = [each.event for each in happenings if each.event is not None]
        self._events: list[Event] = [each for each in events if not isinstance(each, IsIn)]
        self._conditions = [each.condition for each in happenings if each.condition is not None]
        self._conditions += [each.condition for each in events if isinstance(each, IsIn)]
        for memory in (WRONG, ("counts",) if counts is None else counts):
            self._memory(memory)
        self.symbol(Label("", -1, None), None)

    def first(self) -> list[int]:
        return [self._memory(each) for each in self.observer.first(self._start)]

    def after(self, memory: int, before: Configuration, step: Step) -> list[int]:
        return [self._memory(each) for each in self.observer.after(self.memories[memory], before, step)]

    def _memory(self, memory: Hashable) -> int:
        return numbered(self._memories, memory, "memories of a run", self.memories)

    # -- what it depends on

    def symbol(self, label: Label, reaction: Reaction | None) -> int:
        """The kind of a step, by the events of the claim; 0 if it has none of them."""
        step = Step(label, self._start, reaction)
        happens = tuple(self.matcher.contains(step, each) for each in self._events)
        carried = self.observer.carried(step) if isinstance(self.observer, Repeating) and self._events else None
        received = isinstance(self.observer, Preceding) and self.observer.received(step)
        return numbered(self._symbols, (happens, received, carried, label.kind == "tick"), "kinds of steps")

    def letter(self, configuration: Configuration) -> int:
        """What counts of a configuration: which conditions hold, what is to be kept, whether it is as at the start."""
        holds = tuple(self.matcher.holds(each, configuration) for each in self._conditions)
        kept = self.observer.values(configuration) if isinstance(self.observer, Keeping) else ()
        begins = self._starts_anew and self.observer.is_initial(configuration)
        return numbered(self._letters, (holds, kept, begins), "conditions")

    @property
    def _starts_anew(self) -> bool:
        return isinstance(self.observer, Guarding | Preceding)

    def view(self) -> View:
        """What letters depend on."""
        values = self.observer.claim.values if isinstance(self.observer, Keeping) else ()
        return reads(self.space, self.observer.session, (*self._conditions, *values), anew=self._starts_anew)


def reads(space: Space, session: Session, expressions: Iterable[nodes.Expr], *, anew: bool = False) -> View:
    """The states and variables that expressions speak of in a session; `anew`: and whether it is as at the start."""
    read: dict[int, list[int]] = {}
    spoken = {(str(of.lifeline), str(of.flow), str(of.machine)) for each in expressions for of in instances(each)}
    for path in sorted(spoken & set(session.instances)):
        read.setdefault(session.parties[path[0]], []).append(session.instances[path].number)
    all_of: dict[int, list[tuple[int, int]]] = {}
    for path, each in session.instances.items() if anew else ():
        all_of.setdefault(session.parties[path[0]], []).append((each.number, each.machine))

    def class_of(party: int, state: int) -> Hashable:
        states = space.reactions.parties[state].instances
        begins = all(states[number] == space.system.initial(machine) for number, machine in all_of.get(party, ()))
        return begins, tuple((states[each].state, states[each].variables) for each in read.get(party, ()))

    return View(parties=tuple(sorted({*read, *all_of})), class_of=class_of)


def _happenings(observer: Observer) -> Iterator[Happening]:
    """All that the claim, its `if` and its `unless` speak of."""
    match observer:
        case Promising(claim=claim):
            yield from (claim.whenever, *claim.eventually)
        case Preceding(claim=claim):
            yield from (claim.first, claim.before)
        case Keeping(claim=claim):
            yield from (claim.start, claim.end)
        case Repeating(claim=claim):
            yield Happening(event=claim.event)
    yield from (each for each in (observer.stated.provided, observer.stated.unless) if each is not None)


def numbered(known: dict[Hashable, int], what: Hashable, words: str, every: list[Hashable] | None = None) -> int:
    number = known.setdefault(what, len(known))
    if number >= MOST:
        raise TooMuch(f"more than {MOST:,} {words}")
    if every is not None and number == len(every):
        every.append(what)
    return number
