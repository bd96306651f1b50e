"""What a state diagram shows of a machine: which arcs there are, what stays inside a box, what is only a sentence.

* Transitions with the same ends are one arc.
* What leaves the state as it is stands inside the state's box.
* A group, or `anywhere`, isn't a state: it gets a box of its own, from which its arcs begin.
  A condition on the current state narrows it: then the arc begins at that state.
* A message that is merely ignored, deferred or rejected is a sentence under the diagram.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from clausework.emit.graphviz.branches import Answered, InNoneOf, InOneOf, conditions
from clausework.emit.graphviz.shorthand import Shorthand
from clausework.emit.graphviz.words import (
    Said,
    citation,
    disposition_words,
    effect_words,
    local,
    narrowed,
    trigger_words,
    written,
)
from clausework.expr import nodes as expr
from clausework.model import machine as model
from clausework.model import states as tree
from clausework.model import transitions as flat
from clausework.model.about import About, Mark
from clausework.source import Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A transition, in words.  `asks` is the decision that the arc forks at, `answer` the one it got;
    conditions `before` it are met before the question is asked.  Named effects are names in `effects`, not in `words`.
    """

    number: int
    trigger: str
    before: tuple[str, ...]
    asks: str
    answer: str
    after: tuple[str, ...]
    effects: tuple[Said, ...]
    cite: str
    mark: Mark
    words: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an arc begins: a state, or several (`states`), called `name`; no states: any."""

    name: str
    states: tuple[str, ...]
    is_state: bool = False


ANY = Origin("any state", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """All transitions between two ends; those after the same question, if there is one.

    `target` None: the answer leaves the state as it is.
    """

    origin: Origin
    target: str | None
    entries: tuple[Entry, ...]

    @property
    def ends(self) -> str:
        return f"{self.origin.name} → {self.target or self.origin.name}"

    @property
    def question(self) -> tuple[Origin, str, tuple[str, ...], str] | None:
        """What the arcs that fork at one question have in common."""
        first = self.entries[0]
        return (self.origin, first.trigger, first.before, first.asks) if first.asks else None


@dataclass(slots=True)
class Moves:
    arcs: list[Arc] = field(default_factory=list)
    stays: dict[Origin, list[Entry]] = field(default_factory=dict)
    settled: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """(where, what becomes of them) -> messages"""

    explained: tuple[str, ...] = ()
    """What the names of effects mean that stand in entries."""

    sourced: tuple[str, ...] = ()
    """Where many entries are from that don't say it themselves."""

    def entries(self) -> list[Entry]:
        """All that is drawn."""
        shown = [entry for arc in self.arcs for entry in arc.entries]
        return [*shown, *(entry for stays in self.stays.values() for entry in stays)]

    def groups(self) -> list[Origin]:
        """Where arcs begin, or transitions stand, that isn't a state."""
        origins = [*(arc.origin for arc in self.arcs), *self.stays]
        return list(dict.fromkeys(origin for origin in origins if not origin.is_state))


def moves(machine: model.Machine, *around: About) -> Moves:
    """`around`: whose clause is said once, for all: the flow's."""
    shorthand = Shorthand(machine)
    found = Moves(explained=shorthand.explained())
    joined: dict[tuple[object, ...], list[Entry]] = {}
    ends: dict[tuple[object, ...], tuple[Origin, str | None]] = {}
    every = list(_entries(machine, around, shorthand))
    common = _common_sources([(transition, entry) for _, transition, entry in every])
    found.sourced = tuple(f"Of messages from {of}, all that is shown is from {cite}." for of, cite in common.items())
    for origin, transition, told in every:
        entry = replace(told, cite="") if _sender(transition) in common else told
        if _is_settled(transition, entry):
            where = "" if origin is ANY else origin.name
            key = (where, disposition_words(transition.disposition or model.Ignore()))
            guards = "".join(f" [{guard}]" for guard in entry.before)
            found.settled.setdefault(key, []).append(entry.trigger.removeprefix("? ") + guards)
            continue
        target = _target(origin, transition)
        if target is None and not entry.asks:
            found.stays.setdefault(origin, []).append(entry)
            continue
        fork = (entry.trigger, entry.before, entry.asks) if entry.asks else ()
        ends[origin, target, fork] = origin, target
        joined.setdefault((origin, target, fork), []).append(entry)
    for ending, entries in joined.items():
        origin, target = ends[ending]
        found.arcs.append(Arc(origin=origin, target=target, entries=tuple(entries)))
    _without_idle_questions(found)
    return found


def _without_idle_questions(found: Moves) -> None:
    """A question none of whose answers leads anywhere is told inside the box."""
    leading = {arc.question for arc in found.arcs if arc.target is not None}
    idle = [arc for arc in found.arcs if arc.question not in leading]
    found.arcs = [arc for arc in found.arcs if arc.question in leading]
    for arc in idle:
        found.stays.setdefault(arc.origin, []).extend(arc.entries)
    for entries in found.stays.values():
        entries.sort(key=lambda entry: entry.number)


def _common_sources(every: Iterable[tuple[flat.Transition, Entry]]) -> dict[str, str]:
    """Role -> clause, if all of many entries for messages from that role have the same: a table of the standard."""
    cites: dict[str, list[str]] = {}
    for transition, entry in every:
        sender = _sender(transition)
        if sender and not _is_settled(transition, entry):
            cites.setdefault(sender, []).append(entry.cite)
    return {sender: of[0] for sender, of in cites.items() if len(of) >= _MANY_SOURCED and of[0] and len(set(of)) == 1}


def _sender(transition: flat.Transition) -> str:
    sender = transition.trigger.sender if isinstance(transition.trigger, model.Receive) else None
    return local(sender) if sender else ""


def _entries(
    machine: model.Machine, around: tuple[About, ...], shorthand: Shorthand
) -> Iterator[tuple[Origin, flat.Transition, Entry]]:
    numbered = iter(flat.transitions(machine))
    for handler in machine.handlers:
        for met in conditions(handler.effect):
            transition = next(numbered)
            narrower = [
                condition.states if isinstance(condition, InOneOf) else _others(machine, transition.scope, condition)
                for condition in met
                if isinstance(condition, InOneOf | InNoneOf)
            ]
            origin = _origin(machine, transition.scope, narrower)
            said = [condition for condition in met if not isinstance(condition, InOneOf | InNoneOf)]
            beside = (
                machine.about,
                *around,
                *(state.about for state in machine.states if state.name == transition.scope),
            )
            entry = _entry(transition, (*narrowed(transition.trigger), *said), beside)
            yield origin, transition, replace(entry, effects=shorthand.effects(transition.number))


def _entry(transition: flat.Transition, met: tuple[str | Answered, ...], beside: tuple[About, ...]) -> Entry:
    asked = next((place for place, condition in enumerate(met) if isinstance(condition, Answered)), len(met))
    first = met[asked] if asked < len(met) else None
    trigger = trigger_words(transition.trigger)
    effects = tuple(effect_words(transition))
    cite = citation(transition.about, *beside)
    said = _said(met)
    answer = first.answer if isinstance(first, Answered) else ""
    asks = first.decision if isinstance(first, Answered) else ""
    guards = (*said[:asked], *([f"{asks}: {answer}"] if asks else []), *said[asked + 1 :])
    whole = (trigger, *(f"[{guard}]" for guard in guards), *map(str, effects), cite, transition.about.mark)
    return Entry(
        number=transition.number,
        trigger=trigger,
        before=said[:asked],
        asks=asks,
        answer=answer,
        after=said[asked + 1 :],
        effects=effects,
        cite=cite,
        mark=transition.about.mark,
        words=" · ".join(part for part in whole if part),
    )


def _said(met: tuple[str | Answered, ...]) -> tuple[str, ...]:
    """Conditions in words; of the questions, the first is told elsewhere."""
    return tuple(each if isinstance(each, str) else f"{each.decision}: {each.answer}" for each in met)


def _origin(machine: model.Machine, scope: str | None, narrower: list[tuple[str, ...]]) -> Origin:
    if narrower:
        states = narrower[-1]
        return Origin(" or ".join(states), states, is_state=len(states) == 1)
    if scope is None:
        return ANY
    group = next((group for group in machine.groups if group.name == scope), None)
    if group is not None:
        return Origin(str(scope), tuple(str(state) for state in group.states))
    return Origin(str(scope), (str(scope),), is_state=True)


def _others(machine: model.Machine, scope: str | None, condition: InNoneOf) -> tuple[str, ...]:
    """The states that a trigger can come in, but for those that are named."""
    names = tuple(Name(state) for state in condition.states)
    return tuple(
        str(leaf.name)
        for leaf in tree.leaves(machine)
        if scope in tree.scopes(machine, leaf.name) and not tree.inside(machine, leaf.name, names)
    )


def _target(origin: Origin, transition: flat.Transition) -> str | None:
    """Where it leads; None: it stays.  A transition to the same state rearms its timers, but is drawn inside, too."""
    target = transition.target
    if target is None or (origin.is_state and target == origin.name):
        return None
    return str(target)


def _is_settled(transition: flat.Transition, entry: Entry) -> bool:
    """Nothing but what becomes of a message, or of whatever else happens."""
    acts = transition.updates or transition.sends or transition.closes or transition.notifies or transition.forget
    told = transition.disposition is not None and not entry.asks
    return told and not acts and transition.target is None


def defined(machine: model.Machine, found: Moves) -> tuple[str, ...]:
    """What the author's names of conditions mean, of those that are read anywhere; a name may stand in another's
    meaning."""
    meanings = {str(name): written(body) for name, body in _definitions(machine)}
    settled = (message for messages in found.settled.values() for message in messages)
    texts = [*(entry.words for entry in found.entries()), *found.explained, *settled]
    read: list[str] = []
    while texts:
        text = texts.pop()
        names = [name for name in meanings if name not in read and re.search(rf"\b{re.escape(name)}\b", text)]
        read += names
        texts += [meanings[name] for name in names]
    return tuple(f"{name} means: {meaning}." for name, meaning in meanings.items() if name in read)


def _definitions(machine: model.Machine) -> Iterator[tuple[Name, expr.Expr]]:
    """The machine's own, and those that make sense with a message only, from where they are used."""
    for transition in flat.transitions(machine):
        for guard in transition.guards:
            yield from ((node.name, node.body) for node in expr.walk(guard) if isinstance(node, expr.Defined))
    yield from machine.definitions


def sentences(machine: model.Machine, found: Moves) -> tuple[str, ...]:
    """What becomes of messages that no arc shows: any other first, then what is said of some, then of some states."""
    other = f"Any other message in any state is {disposition_words(machine.otherwise)}."
    never = isinstance(machine.otherwise, model.Impossible)
    told = ["No other message comes in any state; explorations check that." if never else other]
    for message, disposition in machine.stale:
        told.append(f"{message} that comes too late is {disposition_words(disposition)}.")
    by_place: dict[tuple[str, str], list[str]] = {place: list(messages) for place, messages in found.settled.items()}
    for message, disposition in machine.dispositions:
        by_place.setdefault(("", disposition_words(disposition)), []).append(str(message))
    for state in machine.states:
        for message, disposition in state.dispositions:
            by_place.setdefault((str(state.name), disposition_words(disposition)), []).append(str(message))
        if state.otherwise is not None:
            by_place.setdefault((str(state.name), disposition_words(state.otherwise)), []).append("any other message")
    if sum(len(messages) for messages in by_place.values()) > _MOST_SETTLED:
        counted = sum(len(messages) for messages in by_place.values())
        return (
            *told,
            f"What {counted} other cells of state and message do is in the table: nothing that an arc could show.",
        )
    order = ["", *(str(state.name) for state in machine.states)]
    by_place = dict(sorted(by_place.items(), key=lambda cell: order.index(cell[0][0]) if cell[0][0] in order else -1))
    by_state, by_message = _by_state(by_place), _by_message(by_place)
    return (*told, *(by_message if len(by_message) < len(by_state) else by_state))


def _by_state(cells: Mapping[tuple[str, str], list[str]]) -> list[str]:
    """`In b, c: x, y are ignored.`  A cell is (place, what becomes of them) -> messages; place "" is everywhere."""
    places: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (place, becomes), messages in cells.items():
        places.setdefault((becomes, tuple(dict.fromkeys(messages))), []).append(place)
    return [f"{_where(within)}: {_are(messages, becomes)}." for (becomes, messages), within in places.items()]


def _by_message(cells: Mapping[tuple[str, str], list[str]]) -> list[str]:
    """`In a, b, c: x is ignored.`, a message once; shorter where every state treats other messages so."""
    places: dict[tuple[str, str], list[str]] = {}
    for (place, becomes), messages in cells.items():
        for message in dict.fromkeys(messages):
            places.setdefault((becomes, message), []).append(place)
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (becomes, message), within in places.items():
        together.setdefault((becomes, tuple(within)), []).append(message)
    return [f"{_where(within)}: {_are(messages, becomes)}." for (becomes, within), messages in together.items()]


def _where(places: Sequence[str]) -> str:
    return "In any state" if "" in places else f"In {', '.join(places)}"


def _are(messages: Sequence[str], becomes: str) -> str:
    return f"{', '.join(messages)} {'is' if len(messages) == 1 else 'are'} {becomes}"


_MOST_SETTLED: Final = 24
_MANY_SOURCED: Final = 8
