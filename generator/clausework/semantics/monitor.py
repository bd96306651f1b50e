"""What a party may be, judged by what is seen of it from outside.

A monitor sees what a party receives, sends and closes, and how its links come and go.  It sees no commands, no timers
and no answers to decisions: so it keeps every state that the party may be in by now, after any unseen steps.  When none
is left, the party did what no party of its specification does.

A step is atomic: all that it sends is seen before anything else of the party is.  Ids of requests are the observed
party's own choice; here they stand for the ids that the definition of a step would have given.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from clausework.semantics.configuration import Message
from clausework.semantics.events import Delivered, Noticed, Reaction, Restarted, Saw
from clausework.semantics.reactions import Busy, Known, Reactions
from clausework.semantics.requests import STALE
from clausework.semantics.system import System
from clausework.semantics.values import Unexplorable

MOST = 100_000
"""Candidates that are kept at a time; with more, `Unexplorable` is raised."""


class Sent(NamedTuple):
    """A message that the party put on a link."""

    link: int
    message: Message


class Closed(NamedTuple):
    """A link that the party dropped."""

    link: int


Output = Sent | Closed
Input = Delivered | Saw | Noticed | Restarted

Seen = Input | Output


class Candidate(NamedTuple):
    """`state`: its number; `ids`: (link, id seen, id there); `coming`: what its last step has yet to show."""

    state: int
    ids: frozenset[tuple[int, int, int]]
    coming: tuple[Output, ...] = ()


class Monitor:
    """Watches one party of a system, from its start on.  It sees no clock: a timer may run out at any time."""

    def __init__(self, system: System, party: int, most: int = MOST) -> None:
        system = replace(system, check=replace(system.check, ticks=())) if system.timed else system
        self.system = system
        self.party = party
        self.most = most
        self.reactions = Reactions(system)
        first = Candidate(self.reactions.party(system.start(party)), frozenset())
        self.candidates = self._closed({first})

    @property
    def is_possible(self) -> bool:
        """Whether what was seen so far is something that the party can do."""
        return bool(self.candidates)

    def sees(self, seen: Seen) -> bool:
        """One thing more; whether it is possible, after all that was seen before."""
        if isinstance(seen, Sent | Closed):
            after = (each for one in self.candidates for each in self._matched(one, seen))
        else:
            after = (each for one in self.candidates if not one.coming for each in self._taken(one, seen))
        self.candidates = self._closed(set(after))
        return self.is_possible

    def _closed(self, candidates: set[Candidate]) -> set[Candidate]:
        """With all unseen steps that may have followed: those that send something are seen once they do."""
        waiting = [each for each in candidates if not each.coming]
        while waiting:
            candidate = waiting.pop()
            for known in self.reactions.by_itself(self.party, candidate.state, self._asked(candidate), beyond=True):
                for after in self._gone(candidate, known):
                    if after not in candidates:
                        candidates.add(after)
                        if not after.coming:
                            waiting.append(after)
            if len(candidates) > self.most:
                raise Unexplorable(
                    f"by what was seen, the party may be in any of more than {self.most:,} states",
                    "watch it with fewer values in the check, or from a more recent start",
                )
        return candidates

    def _taken(self, candidate: Candidate, seen: Input) -> Iterator[Candidate]:
        match seen:
            case Delivered(link=link, message=message):
                own = self.reactions.message(self._translated(candidate, link, message))
                asked = self._asked(candidate) | {(link, -(message.request or STALE))}
                found: Iterable[Known] = self.reactions.takes(self.party, candidate.state, link, own, asked)
            case _:
                found = self.reactions.hears(self.party, candidate.state, seen, "seen", self._asked(candidate))
        for known in found:
            yield from self._gone(candidate, known)

    def _asked(self, candidate: Candidate) -> Busy:
        """Nobody knows here whether others still wait for their answers, so it is said that they do."""
        return frozenset((link, -abs(id_)) for link, id_ in self.reactions.remembered(candidate.state))

    def _gone(self, candidate: Candidate, known: Known) -> Iterator[Candidate]:
        if known.state is not None:
            yield Candidate(known.state, candidate.ids, tuple(_outputs(known.reaction)))

    def _matched(self, candidate: Candidate, seen: Output) -> Iterator[Candidate]:
        if not candidate.coming:
            return
        expected, *coming = candidate.coming
        if isinstance(expected, Sent) and isinstance(seen, Sent):
            if expected._replace(message=_bare(expected.message)) == seen._replace(message=_bare(seen.message)):
                yield from self._named(candidate, expected, seen, tuple(coming))
        elif expected == seen:
            yield candidate._replace(coming=tuple(coming))

    def _named(
        self, candidate: Candidate, expected: Sent, seen: Sent, coming: tuple[Output, ...]
    ) -> Iterator[Candidate]:
        """A response must carry the id of its request, if that is open still; a request brings one, whichever it is."""
        link, own, id_ = seen.link, expected.message.request, seen.message.request
        if self.system.answered(seen.message.name):
            ids = candidate.ids
            known = {there: told for at, told, there in ids if at == link} if self._is_chained(seen.message) else {}
            if id_ not in (known.get(own or STALE, own), STALE):
                return
        elif self.system.is_request(seen.message.name) and own is not None and id_ is not None:
            ids = frozenset(each for each in candidate.ids if each[0] != link or (each[1] != id_ and each[2] != own))
        elif own == id_:
            ids = candidate.ids
        else:
            return
        if self.system.is_request(seen.message.name) and own is not None and id_ is not None:
            ids |= {(link, id_, own)}
        yield Candidate(candidate.state, ids, coming)

    def _is_chained(self, message: Message) -> bool:
        """Whether it answers a message that is a response itself, and so keeps the id of the first request."""
        return any(self.system.answered(each) for each in self.system.answered(message.name))

    def _translated(self, candidate: Candidate, link: int, message: Message) -> Message:
        """A response with the id that its request has there; one that answers nothing any more is stale."""
        if not self.system.answered(message.name):
            return message
        known = {seen: own for at, seen, own in candidate.ids if at == link}
        return message._replace(request=known.get(message.request or STALE, STALE))


def _outputs(reaction: Reaction) -> Iterator[Output]:
    yield from (Sent(send.link, send.message) for send in reaction.sends if send.link is not None)
    yield from (Closed(link) for link in reaction.closed)


def _bare(message: Message) -> Message:
    return message._replace(request=None)
