"""Named effects in a state diagram: by name on the arcs, and once in the legend what each of them is.

A name stands for its effect only if that takes more than a line and occurs at least twice.
The model keeps an effect's names and its whole content, but not which part has come with
which name.  That is found out here, from where things are written: what all uses of a name
have in common, though it is written in one place, has come with the name.

What remains beside the names is told in full, so a label is never less than what happens.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from clausework.emit.graphviz.labels import LIMIT, Line, wrapped
from clausework.emit.graphviz.words import Said, assignment_words, effect_words, whom_words, written
from clausework.model import machine as model
from clausework.model import transitions as flat
from clausework.source import MessageName, Name

SIGN: Final = "• "
_LEAST_USES: Final = 2

Parts = frozenset[Hashable]
"""Things that a transition does: what, and where it is written.  A message that is forwarded may be any."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A transition, and the names of all effects that were put in on its path, outer ones before inner ones."""

    transition: flat.Transition
    names: tuple[Name, ...]
    parts: Parts

    def places(self, name: str) -> set[Hashable]:
        return {each.span for each in self.names if each == name and each.span is not None}


class Shorthand:
    """How the transitions of a machine are told; transitions are numbered as in `flat.transitions`."""

    def __init__(self, machine: model.Machine) -> None:
        names = [found for handler in machine.handlers for found in _names(handler.effect)]
        made = zip(flat.transitions(machine), names, strict=True)
        self._runs = [_Run(transition, found, _parts(transition)) for transition, found in made]
        self._contents = {name: parts for name, parts in _contents(self._runs).items() if self._is_long(name, parts)}
        while rare := self._rare():
            del self._contents[rare]

    def effects(self, number: int) -> tuple[Said, ...]:
        """What transition `number` does, names last."""
        run = self._runs[number - 1]
        chosen = self._chosen(run, run.parts)
        return tuple(self._told(run, run.parts, chosen))

    def explained(self) -> tuple[str, ...]:
        """A sentence for each name that occurs, in order of appearance."""
        return tuple(f"{SIGN}{name}: {'; '.join(map(_phrase, self._meaning(name)))}" for name in self._contents)

    def _meaning(self, name: str) -> Iterator[Said]:
        run = self._first(name)
        parts = self._contents[name]
        return self._told(_forwarding(run), parts, self._chosen(run, parts, but=name))

    def _told(self, run: _Run, parts: Parts, chosen: Sequence[str]) -> Iterator[Said]:
        rest = parts.difference(*(self._contents[name] for name in chosen))
        yield from effect_words(_restricted(run.transition, rest))
        yield from (Said(f"{SIGN}{name}") for name in chosen)

    def _chosen(self, run: _Run, parts: Parts, *, but: str = "") -> list[str]:
        """The names that parts can be told by: those that say most come first, none says what another one has said."""
        once = [str(name) for name, uses in Counter(run.names).items() if uses == 1 and name != but]
        known = sorted((name for name in once if name in self._contents), key=lambda name: -len(self._contents[name]))
        chosen, left = [], parts
        for name in known:
            if self._contents[name] <= left:
                chosen.append(name)
                left -= self._contents[name]
        return sorted(chosen, key=once.index)

    def _first(self, name: str) -> _Run:
        return next(run for run in self._runs if name in run.names)

    def _is_long(self, name: str, parts: Parts) -> bool:
        """Small print doesn't count: a single message is shown, whatever it carries."""
        said = effect_words(_restricted(_forwarding(self._first(name)).transition, parts))
        return len(wrapped([Line(text=each.what or each.details) for each in said], LIMIT)) > 1

    def _rare(self) -> str:
        """The longest of the names that aren't worth it; empty if all are."""
        uses = Counter(name for run in self._runs for name in self._chosen(run, run.parts))
        for name, parts in self._contents.items():
            uses.update(self._chosen(self._first(name), parts, but=name))
        rare = [name for name in self._contents if uses[name] < _LEAST_USES]
        return max(rare, key=lambda name: len(self._contents[name]), default="")


def _phrase(said: Said) -> str:
    """In a sentence, what a message carries stands in brackets."""
    return f"{said.what} ({said.details})" if said.what and said.details else str(said)


def _names(effect: model.Effect) -> Iterator[tuple[Name, ...]]:
    """For each path, in the order of `flat.paths`."""
    if effect.branch is None:
        yield effect.named
        return
    for below in flat.branches_of(effect):
        for further in _names(below):
            yield (*effect.named, *further)


def _contents(runs: Sequence[_Run]) -> dict[str, Parts]:
    """What has come with each name; left out are names used in one place only, with which nothing can be compared."""
    using: dict[str, list[_Run]] = {}
    for run in runs:
        for name in dict.fromkeys(run.names):
            using.setdefault(str(name), []).append(run)
    several = {
        name: found for name, found in using.items() if len({at for run in found for at in run.places(name)}) > 1
    }
    common = {name: frozenset.intersection(*(run.parts for run in found)) for name, found in several.items()}
    return {name: common[name].difference(*_beside(name, found, common)) for name, found in several.items()}


def _beside(name: str, uses: Sequence[_Run], common: Mapping[str, Parts]) -> Iterator[Parts]:
    """What always comes along, but with another name: one that isn't written inside this one's effect."""
    for other in set.intersection(*({str(each) for each in run.names} for run in uses)) & common.keys():
        is_inside = bool(set.intersection(*(run.places(other) for run in uses)))
        if other != name and not is_inside:
            yield common[other]


# -- the parts of a transition


def _parts(transition: flat.Transition) -> Parts:
    done = (*transition.sends, *transition.closes, *transition.notifies, *transition.updates)
    return frozenset(map(_part, done)) | ({"forget"} if transition.forget else set())


def _part(done: model.Send | model.Whom | model.Notify | model.Update) -> Hashable:
    match done:
        case model.Send():
            message = "" if done.forwards else str(done.message)
            each = written(done.each_in) if done.each_in is not None else ""
            return "send", done.about.span, message, whom_words(done.to), each, *assignment_words(done.fields)
        case model.Notify():
            return "notify", done.about.span, str(done.name), *assignment_words(done.arguments)
        case model.Update():
            return "set", done.variable.span, str(done.variable), written(done.value)
        case _:
            return "close", whom_words(done)


def _restricted(transition: flat.Transition, parts: AbstractSet[Hashable]) -> flat.Transition:
    """Only what is among `parts`."""
    return replace(
        transition,
        sends=tuple(each for each in transition.sends if _part(each) in parts),
        closes=tuple(each for each in transition.closes if _part(each) in parts),
        notifies=tuple(each for each in transition.notifies if _part(each) in parts),
        updates=tuple(each for each in transition.updates if _part(each) in parts),
        forget=transition.forget and "forget" in parts,
    )


def _forwarding(run: _Run) -> _Run:
    """Told of any message: what is forwarded is called just that."""
    sends = (
        replace(send, message=MessageName("the message")) if send.forwards else send for send in run.transition.sends
    )
    return replace(run, transition=replace(run.transition, sends=tuple(sends), disposition=None))
