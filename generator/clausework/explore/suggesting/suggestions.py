"""For each transition that no sequence shows, the shortest one that would.

First from where a sequence without `starts` begins; what cannot be had from there, from anywhere with nothing of the
session in flight; then with steps of other flows; and only then with faults.  Where that is too much to be gone through
to the end, the rest is looked for among runs in which commands wait for what is in flight: those found so may not be
the shortest.  What is suggested is looked for again, as any sequence is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from clausework.explore.charts.chart import Chart
from clausework.explore.charts.positive import Positive, nothing_in_flight
from clausework.explore.charts.standing import flows_at_work, standing
from clausework.explore.suggesting.area import Area, Commands
from clausework.explore.suggesting.written import written
from clausework.explore.verdicts.asking import asked_by
from clausework.explore.verdicts.figures import starts
from clausework.explore.verdicts.looking import Looked
from clausework.expr import nodes
from clausework.model.machine import After, Command, Enters, Leaves, Lost, Receive, Restored, Trigger
from clausework.model.sequence import Check, Does, Parallel, Passes, Sequence, Told
from clausework.model.sequence import Step as Written
from clausework.model.standard import Flow
from clausework.model.transitions import Transition
from clausework.semantics.configuration import Configuration
from clausework.semantics.coverage import Reach
from clausework.semantics.session import Session
from clausework.semantics.space import FAULTS, Step
from clausework.source import FlowName, Name

_WRITTEN_FAULTS = frozenset({"cut", "loss", "restart", "attack"})
"""Faults that a sequence can show; of the others none is suggested."""


def fired(steps: Iterable[Step]) -> Iterator[Transition]:
    """The transitions of steps: the very objects of the system's programs."""
    for step in steps:
        yield from (each.transition for each in step.reaction.fired) if step.reaction is not None else ()


class Suggestions:
    """Suggestions for transitions of a flow, told in one of its sessions, to be looked for in a check.

    `names` are those of sequences there are; what is suggested goes by others, which are added.
    """

    def __init__(
        self, looked: Looked, flow: Flow, session: Session, wanted: Iterable[Transition], names: set[str], check: Check
    ) -> None:
        self.looked = looked
        self.flow = flow
        self.session = session
        self.wanted = {id(each): each for each in wanted}
        self.found: dict[int, Sequence] = {}
        self.names = names
        self.check = check
        self.stopped = False
        self.anywhere: set[int] = set()

    def run(self) -> None:
        """Looks for all of them; then `suggestion` and `reach` know."""
        about = self.flow.about
        for faulty in (False, True) if self.looked.space.system.check.faults else (False,):
            for spans in ((), others) if (others := self._other_flows()) else ((),):
                self._begin(Sequence(name=Name("suggested"), steps=(), about=about, spans=spans), faulty=faulty)
        if self.left():
            self.anywhere = self._fired_anywhere()

    def _begin(self, empty: Sequence, *, faulty: bool) -> None:
        """All those left, told by sequences like `empty`."""
        search = _Telling(self, empty, faulty=faulty)
        first = next(starts(self.looked, self.session, empty), None)
        if first is not None and self.left():
            search.begin((first,), Commands.EVERY, named=False)
        if first is not None and self.left() and self.stopped:
            search.begin((first,), Commands.IN_TURN, named=False)
        if self.left():
            some = Commands.ALLOWED if self.stopped else Commands.EVERY
            search.begin(self._quiet(), some, named=True)

    def _other_flows(self) -> tuple[FlowName, ...]:
        own = {machine.flow for machine in self.flow.machines}
        every = dict.fromkeys(program.machine.flow for program in self.looked.space.system.programs)
        return tuple(flow for flow in every if flow not in own) if own else ()

    def suggestion(self, transition: Transition) -> Sequence | None:
        return self.found.get(id(transition))

    def reach(self, transition: Transition) -> Reach:
        if id(transition) in self.found:
            return Reach.SUGGESTED
        if id(transition) in self.anywhere:
            return Reach.NOT_ALONE
        return Reach.UNKNOWN if self.stopped or self.looked.search.stopped else Reach.NOT_AT_ALL

    def keep(self, key: int, sequence: Sequence) -> None:
        """The same sequence may be the shortest for several transitions: it is suggested once, under its first name."""
        others = self.found.values()
        same = next((each for each in others if replace(each, name=sequence.name) == sequence), sequence)
        self.found[key] = same
        self.names.add(str(same.name))

    def left(self) -> dict[int, Transition]:
        return {key: each for key, each in self.wanted.items() if key not in self.found}

    def _quiet(self) -> Iterator[Configuration]:
        """Wherever nothing is in flight between the parties of the session."""
        self.looked.search.run(self.looked.watch)
        parties = set(self.session.parties.values())
        every = self.looked.space.system.links
        links = frozenset(each.number for each in every if {each.client, each.server} <= parties)
        return (each for each in self.looked.search if nothing_in_flight(links, each))

    def _fired_anywhere(self) -> set[int]:
        """What fires in the whole check, with all sessions and faults."""
        found: set[int] = set()
        for configuration in self.looked.search:
            taken = (each for each in self.looked.space.steps(configuration) if each.target is not None)
            found.update(id(each) for each in fired(taken))
        return found


class _Telling:
    """One search for all that are left, and what it finds told in sequences like `empty`."""

    def __init__(self, suggestions: Suggestions, empty: Sequence, *, faulty: bool) -> None:
        self.suggestions = suggestions
        self.looked = suggestions.looked
        self.flow = suggestions.flow
        self.session = suggestions.session
        self.empty = empty
        self.faults = _WRITTEN_FAULTS if faulty else frozenset()
        self.positive = self._looking_for(empty)

    def begin(self, begin: Iterable[Configuration], commands: Commands, *, named: bool) -> None:
        left = self.suggestions.left()
        area = Area(self.looked, self._is_ours, self.positive.links, left.keys(), commands)
        area.explore(begin)
        self.suggestions.stopped = self.suggestions.stopped or area.stopped
        for key, transition in left.items():
            way = area.shortest(key)
            sequence = self._suggested(transition, *way, named=named) if way is not None else None
            if sequence is not None:
                self.suggestions.keep(key, sequence)

    def _is_ours(self, step: Step) -> bool:
        kind = step.label.kind
        return (kind not in {*FAULTS, "attack"} or kind in self.faults) and self.positive.is_mine(step)

    # -- from a run to a sequence

    def _suggested(
        self, transition: Transition, start: Configuration, steps: tuple[Step, ...], *, named: bool
    ) -> Sequence | None:
        """The run written down, with no more values than it takes to fire it; None if it isn't found again."""
        end = next(step.target for step in reversed(steps) if step.target is not None)
        whole = replace(
            self.empty,
            name=self._name(transition),
            steps=written(self.looked.space, self.session, self.flow, steps),
            starts=tuple(self._states(start)) if named else (),
            ends=tuple(self._states(end)),
            spans=tuple(flow for flow in self.empty.spans if flow in set(flows_at_work(self.looked.space, steps))),
        )
        bare = replace(whole, steps=tuple(map(_bare, whole.steps)))
        if self._shows(bare, transition):
            return bare
        return self._thinned(whole, transition) if self._shows(whole, transition) else None

    def _thinned(self, whole: Sequence, transition: Transition) -> Sequence:
        for number, step in enumerate(whole.steps):
            thinner = replace(whole, steps=(*whole.steps[:number], _bare(step), *whole.steps[number + 1 :]))
            if thinner != whole and self._shows(thinner, transition):
                whole = thinner
        return whole

    def _shows(self, sequence: Sequence, transition: Transition) -> bool:
        if asked_by(self.flow, sequence, self.suggestions.check) != self.suggestions.check:
            return False
        begin = starts(self.looked, self.session, sequence)
        run = self._looking_for(sequence).run(begin, self.looked.most)
        return run.complete and any(each is transition for each in fired(run.steps))

    def _looking_for(self, sequence: Sequence) -> Positive:
        return Positive(self.looked.space, self.session, self.flow, sequence, Chart("", sequence.steps))

    def _states(self, configuration: Configuration) -> Iterator[nodes.Expr]:
        """Of the flow's own machines."""
        own = {machine.flow for machine in self.flow.machines}
        return standing(self.looked.space, self.session, configuration, own)

    def _name(self, transition: Transition) -> Name:
        where = f"in_{transition.scope}" if transition.scope is not None else "anywhere"
        name = wanted = f"suggested_{_trigger_name(transition.trigger)}_{where}"
        number = 1
        while name in self.suggestions.names:
            number += 1
            name = f"{wanted}_{number}"
        return Name(name)


def _bare(step: Written) -> Written:
    match step:
        case Passes():
            return replace(step, fields=())
        case Does() | Told():
            return replace(step, arguments=())
        case Parallel(parts=parts):
            return replace(step, parts=tuple((name, tuple(map(_bare, inner))) for name, inner in parts))
    return step


def _trigger_name(trigger: Trigger) -> str:
    match trigger:
        case Receive(message=message):
            return message.rpartition(".")[2]
        case Command(name=name):
            return str(name)
        case After(timer=timer):
            return str(timer)
        case Lost(peer=peer):
            return f"lost_{(peer or 'connection').rpartition('.')[2]}"
        case Restored(peer=peer):
            return f"restored_{(peer or 'connection').rpartition('.')[2]}"
        case Enters(states=states):
            return f"enters_{states[0]}"
        case Leaves(states=states):
            return f"leaves_{states[0]}"
    return "restarted"
