"""Several parties on one stage, with a network between them that moves only when it is told to: for tests.

    stage = Stage()
    anna = stage.enters(parties.Button(me="anna", parameters=parameters))
    gate = stage.enters(parties.House(me="gate"))
    wire = stage.joins(anna, gate, over="wire")
    stage.begins()
    stage.does(anna, ringing.Visitor.press)
    stage.receives(gate, "ring", wire)
    assert stage.state(gate, ringing.House) == "ringing"

Each call is one step of one party, a second after the one before; what it sends waits on its line until somebody
receives it.  A line that is cut can be read to its end by who hasn't noticed yet; what he sends goes nowhere.
"""

from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from clausework.runtime.effects import Close, Effects, Failed, Send, StartTimer, ToLink
from clausework.runtime.links import Linked
from clausework.runtime.party import Party

Key = tuple[Hashable, ...]
Entering = TypeVar("Entering", bound=Party)
Parameters = TypeVar("Parameters")


def unchecked(kind: type[Parameters], **values: object) -> Parameters:
    """Parameters whose numbers are smaller than any that the standard allows, so that a run stays short."""
    made = object.__new__(kind)
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


class Line:
    """A connection: `token` is the link that the parties know it by, another one each time that it is opened."""

    def __init__(self, client: Party, server: Party, over: str) -> None:
        self.client, self.server, self.over = client, server, over
        self.token = 0
        self.up = False
        self.seen: dict[str, int] = {}
        self.last: dict[str, int] = {}
        self.queues: dict[str, deque[Send]] = {client.me: deque(), server.me: deque()}

    def of(self, party: Party) -> int:
        """The link as this end knows it, or knew it last."""
        return self.seen.get(party.me, self.last.get(party.me, self.token))

    def far(self, party: Party) -> Party:
        return self.server if party is self.client else self.client


class Decisions:
    """Whatever is asked, the next of the answers that were given beforehand."""

    def __init__(self) -> None:
        self.answers: deque[object] = deque()

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("decide_"):
            raise AttributeError(name)
        return self._decide

    def _decide(self, *_asked: object) -> object:
        assert self.answers, "a decision is asked, and no answer was given beforehand"
        return self.answers.popleft()


class Stage:
    """`decisions` and, for parties that want a `directory`, the stage itself are what parties are made with.

    With `flows`, nobody hears what machines of other flows say.
    """

    def __init__(self, flows: frozenset[str] | set[str] = frozenset()) -> None:
        self.flows = flows
        self.decisions: Any = Decisions()
        self.now = 0.0
        self.entered: list[Party] = []
        self.lines: list[Line] = []
        self._homes: dict[str, str] = {}
        self._tokens = 0
        self._timers: dict[tuple[str, Hashable, str], StartTimer] = {}

    # -- who takes part

    def enters(self, party: Entering, at: str = "") -> Entering:
        """`at`: the party that it belongs to."""
        self.entered.append(party)
        self._homes[party.me] = at
        return party

    def joins(self, client: Party, server: Party, over: str, *, up: bool = True) -> Line:
        line = Line(client, server, over)
        self.lines.append(line)
        if up:
            self._new(line)
            line.seen = {client.me: line.token, server.me: line.token}
        return line

    def begins(self) -> None:
        """Everybody starts; the lines that are up are there from the beginning."""
        for party in self.entered:
            links = [self._linked(line, party) for line in self.lines if party.me in line.seen]
            self._carried_out(party, party.start(now=self.now, links=links))

    def parties(self, role: str) -> Sequence[str]:
        return [each.me for each in self.entered if role in each.plan.roles[each.plan.role].plays]

    def home(self, party: str) -> str:
        return self._homes[party]

    # -- steps

    def answers(self, *answers: object) -> None:
        """What is decided in the next step, in the order of asking."""
        self.decisions.answers = deque(answers)

    def does(self, party: Party, command: Callable[..., Effects], key: Key = (), **arguments: object) -> Effects:
        return self._step(party, lambda now: party.does(command, key, now=now, **arguments))

    def receives(self, party: Party, name: str, line: Line) -> Effects:
        """The next message on the line, which must be of that name."""
        queue = line.queues[party.me]
        assert queue, f"nothing is on its way to {party.me}"
        send = queue[0]
        assert name == send.message.NAME, f"{send.message.NAME} comes first"
        queue.popleft()
        link = line.seen[party.me]
        return self._step(party, lambda now: party.receive(send.message, link, request=send.request, now=now))

    def waits(self, party: Party, machine: type[Any], timer: str, key: Key = ()) -> Effects:
        """The timer that runs in this machine expires."""
        placed = next(each for each in party.plan.parts if each.part.handler is machine)
        started = self._timers[party.me, placed.instance(key), timer]
        self.now = max(self.now, started.at)
        return self._step(party, lambda now: party.expires(started, now=now))

    def state(self, party: Party, machine: type[Any], key: Key = ()) -> str:
        return str(party.instance(machine, key).state)

    # -- connections

    def opens(self, line: Line) -> Effects:
        """The client opens the line anew, and sees it."""
        self._new(line)
        return self._sees(line, line.client)

    def accepts(self, party: Party, line: Line) -> Effects:
        """This end sees the line that was opened."""
        return self._sees(line, party)

    def cuts(self, line: Line) -> None:
        """Nobody has noticed yet."""
        line.up = False
        for party in (line.client, line.server):
            if party.me not in line.seen:
                line.queues[party.me].clear()

    def notices(self, party: Party, line: Line) -> Effects:
        """That the line is gone."""
        link = line.seen[party.me]
        self._leaves(line, party)
        return self._step(party, lambda now: party.lost(link, now=now))

    def loses(self, party: Party, line: Line) -> None:
        """The next message to the party never arrives."""
        line.queues[party.me].popleft()

    def restarts(self, party: Party) -> Effects:
        for line in self.lines:
            if party in (line.client, line.server):
                if line.over in party.plan.datagrams:
                    line.queues[party.me].clear()
                else:
                    self._leaves(line, party)
        return self._step(party, lambda now: party.restarted(now=now))

    def _new(self, line: Line) -> None:
        self._tokens += 1
        line.token, line.up = self._tokens, True

    def _sees(self, line: Line, party: Party) -> Effects:
        linked, after = self._linked(line, party), line.last.get(party.me)
        line.seen[party.me] = line.token
        return self._step(
            party,
            lambda now: party.restored(
                linked.link, linked.address, linked.role, over=linked.over, after=after, now=now
            ),
        )

    def _linked(self, line: Line, party: Party) -> Linked:
        far = line.far(party)
        return Linked(link=line.token, address=far.me, role=far.plan.role, over=line.over)

    def _leaves(self, line: Line, party: Party) -> None:
        """This end knows that the line is gone; what was under way to it is lost."""
        line.up = False
        line.queues[party.me].clear()
        if party.me in line.seen:
            line.last[party.me] = line.seen.pop(party.me)
        if line.far(party).me not in line.seen:
            line.queues[line.far(party).me].clear()

    # -- what comes of a step

    def _step(self, party: Party, step: Callable[[float], Effects]) -> Effects:
        self.now += 1.0
        effects = step(self.now)
        self._carried_out(party, effects)
        return effects

    def _carried_out(self, party: Party, effects: Effects) -> None:
        closed = []
        for effect in effects:
            if isinstance(effect, Failed) or (self.flows and effect.of.flow not in self.flows):
                continue
            if isinstance(effect, StartTimer):
                self._timers[party.me, effect.of, effect.timer] = effect
            elif isinstance(effect, Send) and isinstance(effect.to, ToLink):
                line = self._line(party, effect.to.link)
                if line.up:
                    line.queues[line.far(party).me].append(effect)
            elif isinstance(effect, Close) and isinstance(effect.to, ToLink):
                closed.append(self._line(party, effect.to.link))
        for line in closed:
            self._leaves(line, party)

    def _line(self, party: Party, link: Hashable) -> Line:
        return next(each for each in self.lines if each.seen.get(party.me) == link)
