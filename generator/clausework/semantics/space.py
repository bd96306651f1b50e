"""The steps of everybody together: parties that react, and queues between them.

`step` says what a party does with an event, which depends on nothing but the party's own state (and on which request
ids are free); so every reaction is computed once and remembered by number.  What is left for a step of the whole is to
see whether there is room in the queues, and to put numbers into a tuple.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from clausework.semantics import network
from clausework.semantics.configuration import BROKEN, CUT, DOWN, UP, Configuration, Message, PartyState
from clausework.semantics.events import Noticed, Reaction, Restarted, Saw
from clausework.semantics.faults import Faults
from clausework.semantics.reactions import NOBODY, Busy, Ended, Known, Label, Reactions
from clausework.semantics.system import System

__all__ = ["FAULTS", "PROGRESS", "Label", "Space", "Step"]


class Step(NamedTuple):
    """`target` None: the step did not happen, as `blocked` (a queue was full) or the reaction's findings say."""

    label: Label
    target: Configuration | None
    reaction: Reaction | None = None
    blocked: int | None = None


PROGRESS = frozenset({"deliver", "expire", "accept", "notice", "tick"})
FAULTS = frozenset({"cut", "restart", "loss", "duplication", "swap"})
"""What is neither happens only if somebody outside wants it: command, open, attack."""

MOST_KEPT = 100_000
"""Of so many configurations the steps are kept, then one begins anew: memory has an end."""


class Space:
    """The configurations of a system, found as they are asked for."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.reactions = Reactions(system)
        self.faults = Faults(system, self.party, self.message, self.reactions.message) if system.check.faults else None
        self.alike: Callable[[Configuration], Configuration] | None = None
        """Of configurations with the same future, the one that stands for them all; None: each stands for itself."""
        self._ends = self.reactions.ends
        self._seen = self.reactions.seen
        self._up = (UP,) * len(system.links)
        self._known: tuple[dict[Configuration, tuple[Step, ...]], ...] = ({}, {})

    def start(self) -> Configuration:
        parties = tuple(self.reactions.party(self.system.start(party)) for party in range(len(self.system.parties)))
        wires = tuple(DOWN if self.system.is_down(link) else UP for link in self.system.links)
        left = tuple(fault.times for fault in self.system.check.faults)
        return Configuration(parties, wires, ((),) * (2 * len(self.system.links)), left)

    def party(self, configuration: Configuration, party: int) -> PartyState:
        return self.reactions.parties[configuration.parties[party]]

    def message(self, number: int) -> Message:
        return self.reactions.messages[number]

    def quiescent(self, configuration: Configuration) -> bool:
        """Nothing in flight, no timer running, nobody about to notice or accept: nothing happens by itself."""
        return not any(step.label.kind in PROGRESS for step in self.steps(configuration))

    def settled(self, configuration: Configuration) -> bool:
        """Quiescent, and all links seen up."""
        return self.calm(configuration) and self.quiescent(configuration)

    # -- steps

    def steps(self, configuration: Configuration, *, beyond: bool = False) -> tuple[Step, ...]:
        """All steps from a configuration, those that a full queue or a finding keeps from happening included.

        `beyond`: also commands that the check doesn't let a party ask for (a sequence has its own).  They are kept, as
        every claim about runs goes through the same configurations again.
        """
        known = self._known[beyond]
        found = known.get(configuration)
        if found is None:
            if len(known) == MOST_KEPT:
                known.clear()
            found = known[configuration] = tuple(self._steps(configuration, beyond=beyond))
        return found

    def _steps(self, configuration: Configuration, *, beyond: bool) -> Iterator[Step]:
        if BROKEN in configuration.wires:
            yield from self._links(configuration)
            return
        for party, state in enumerate(configuration.parties):
            busy = self.busy(configuration, party)
            for known in self.reactions.by_itself(party, state, busy, beyond=beyond):
                yield self._taken(configuration, party, known)
        for queue, content in enumerate(configuration.queues):
            if content:
                yield from self._head(configuration, queue, content)
        if not self.calm(configuration):
            yield from self._links(configuration)
        if self.system.timed:
            yield from self.ticks(configuration)
        if self.faults is not None:
            yield from self._faulty(configuration, self.faults)

    def calm(self, configuration: Configuration) -> bool:
        """All links are up, and seen so at both ends."""
        return configuration.wires == self._up and all(
            self._seen[state] == every for state, every in zip(configuration.parties, self.reactions.links, strict=True)
        )

    def _sees(self, configuration: Configuration, link: int, end: int) -> bool:
        return link in self._seen[configuration.parties[self._ends[link][end]]]

    def _head(self, configuration: Configuration, queue: int, content: tuple[int, ...]) -> Iterator[Step]:
        link = queue // 2
        if not self._sees(configuration, link, queue % 2):
            return
        party = self._ends[link][queue % 2]
        popped = network.with_queue(configuration, queue, content[1:])
        busy = self.busy(configuration, party)
        for known in self.reactions.takes(party, configuration.parties[party], link, content[0], busy):
            yield self._taken(popped, party, known)

    def _taken(self, configuration: Configuration, party: int, known: Known) -> Step:
        """The step of the whole, if there is room for what it sends."""
        if known.state is None:
            return Step(known.label, None, known.reaction)
        parties = configuration.parties
        if known.state != parties[party]:
            changed = (*parties[:party], known.state, *parties[party + 1 :])
            configuration = Configuration(changed, configuration.wires, configuration.queues, configuration.left)
        if known.reaction.ended:
            configuration = self._outdated(configuration, party, known.reaction.ended)
        if known.sends:
            sent = network.pushed(configuration, known.sends, self.system.check.queue)
            if isinstance(sent, int):
                return Step(known.label, None, known.reaction, blocked=sent)
            configuration = sent
        for link in known.reaction.closed:
            end = self._ends[link].index(party)
            other = self._sees(configuration, link, 1 - end)
            configuration = network.left_by(configuration, link, end, other, together=False)
        return Step(known.label, configuration, known.reaction)

    # -- links

    def _links(self, configuration: Configuration) -> Iterator[Step]:
        hurried = BROKEN in configuration.wires
        for link, wire in enumerate(configuration.wires):
            for end, party in enumerate(self._ends[link]):
                seen = self._sees(configuration, link, end)
                if wire == BROKEN or (wire == CUT and not hurried):
                    if seen:
                        other = self._sees(configuration, link, 1 - end)
                        after = network.left_by(configuration, link, end, other, together=False)
                        yield from self._news(after, party, Noticed(link), "notice")
                elif hurried:
                    continue
                elif wire == DOWN and end == 0:
                    yield from self._news(network.with_wire(configuration, link, UP), party, Saw(link), "open")
                elif wire == UP and not seen:
                    yield from self._news(configuration, party, Saw(link), "accept")

    def _news(
        self, configuration: Configuration, party: int, event: Noticed | Saw | Restarted, kind: str
    ) -> Iterator[Step]:
        busy = self.busy(configuration, party)
        for known in self.reactions.hears(party, configuration.parties[party], event, kind, busy):
            yield self._taken(configuration, party, known)

    # -- faults, and time

    def _faulty(self, configuration: Configuration, faults: Faults) -> Iterator[Step]:
        for kind, party, link, message, after in faults.all(configuration):
            yield Step(Label(kind, party, None, link, message), after)
        for party, after in faults.restarts(configuration):
            yield from self._news(after, party, Restarted(), "restart")

    def ticks(self, configuration: Configuration, *, always: bool = False) -> Iterator[Step]:
        """Time passes (R11): not while a timer must run out, nor, if messages are urgent, while one can be delivered.

        `always`: also where no timer counts it.
        """
        after = [self.reactions.older(party, state) for party, state in enumerate(configuration.parties)]
        parties = tuple(state for state in after if state is not None)
        if len(parties) < len(after) or (self.system.check.urgent and self._deliverable(configuration)):
            return
        if always or parties != configuration.parties:
            yield Step(Label("tick", 0, None), configuration._replace(parties=parties))

    def _deliverable(self, configuration: Configuration) -> bool:
        return any(
            content and self._sees(configuration, queue // 2, queue % 2)
            for queue, content in enumerate(configuration.queues)
        )

    # -- requests

    def busy(self, configuration: Configuration, party: int) -> Busy:
        """The ids of the party's requests that others remember."""
        if not self.system.has_requests:
            return NOBODY
        mine, found = self.reactions.links[party], NOBODY
        for other, state in enumerate(configuration.parties):
            if other != party and (ids := self.reactions.remembered(state)):
                found |= {each for each in ids if each[0] in mine}
        return found

    def _outdated(self, configuration: Configuration, party: int, ended: Ended) -> Configuration:
        """What is in flight and belongs to a request that has ended is stale: nobody waits for it."""
        queues = list(configuration.queues)
        for link in {link for _, link, _ in ended}:
            for queue in (2 * link, 2 * link + 1):
                queues[queue] = tuple(self.reactions.outdated(each, queue, party, ended) for each in queues[queue])
        return configuration._replace(queues=tuple(queues))
