"""What the generated python-statemachine classes stand on.  Nothing else of the runtime imports this.

The classes are for that library's ecosystem (diagrams, listeners), and a second opinion: they are made from the same
specification in another way, and walk in lock-step with the handlers.  They are some hundred times slower.

What the library does otherwise, and what is done about it: it takes the first transition whose guard holds and never
looks at the others (so two at once aren't noticed); guards may be asked repeatedly (so decisions are asked before,
once, and handed in); an event sent by an action is queued, and fails after the fact (so actions send nothing).
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from statemachine import StateMachine
from statemachine.exceptions import TransitionNotAllowed

from clausework.runtime.conversation import Conversation, Turn
from clausework.runtime.deferring import MOST_DEFERRED
from clausework.runtime.effects import Effects, StartTimer, StopTimer
from clausework.runtime.errors import LocalProtocolError, ProtocolError, RemoteProtocolError
from clausework.runtime.message import Crossing, Message, Peer


@dataclass(slots=True, kw_only=True)
class Happening:
    """One event, with all that came with it; `answers` are those of the decisions that it made necessary.

    `taken`, `waits`, `forgot`: what became of it: a request was taken, a message deferred, everything forgotten.
    """

    now: float
    message: Message | None = None
    sender: Peer | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    of: Crossing | None = None
    timer: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    taken: bool = False
    waits: bool = False
    forgot: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """A transition that may be taken in `states`: its guard, and the answers that it needs, in order."""

    states: frozenset[str]
    guard: str | None
    answers: tuple[tuple[str, str, Callable[[Any], bool]], ...]


class Chart(StateMachine):
    """`SCOPES`: for each state, where its triggers may stand, innermost first.  `AROUND`: the states around it.

    `TIMERS`: (timer, scope, method that says how long).  `PATHS`: for each event, what decides whether to ask.
    `EVENTS`: messages -> event, and the roles that send them.  `FIRST`, `WAITS`, `RESPONSES`, `STALE`: as a handler's.
    """

    allow_event_without_transition = False
    catch_errors_as_events = False
    validate_trap_states = False
    validate_disconnected_states = False
    validate_final_reachability = False

    SCOPES: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    AROUND: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    TIMERS: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    PATHS: ClassVar[Mapping[str, tuple[Path, ...]]] = {}
    EVENTS: ClassVar[Mapping[type[Message], tuple[str, frozenset[str]]]] = {}

    FIRST: ClassVar[str] = ""
    WAITS: ClassVar[Mapping[type[Message], Mapping[str, str]]] = {}
    RESPONSES: ClassVar[Mapping[type[Message], tuple[frozenset[type[Message]], bool]]] = {}
    STALE: ClassVar[Mapping[type[Message], str]] = {}

    def __init__(self, model: Any) -> None:
        self.talk = Conversation(self.FIRST, self.WAITS, self.RESPONSES)
        self.timers: dict[str, float] = {}
        self.deferred: tuple[tuple[Message, Peer], ...] = ()
        self.effects: Effects = ()
        super().__init__(model)

    # -- events

    def take(self, message: Message, sender: Peer, *, now: float) -> Effects:
        """A message arrives."""
        event, roles = self.EVENTS.get(type(message), ("", frozenset()))
        if event and self.talk.is_stale(message, sender):
            return self._stale(message, sender, now)
        if sender.role not in roles:
            raise RemoteProtocolError("impossible here", state=str(self.current_state_value), event=message.NAME)
        return self._whole(event, Happening(now=now, message=message, sender=sender))

    def command(self, name: str, *, now: float, **arguments: Any) -> Effects:
        return self._whole(f"command_{name}", Happening(now=now, arguments=arguments))

    def expires(self, timer: str, *, now: float) -> Effects:
        """The timer expires; nothing if it isn't running."""
        return self._whole(f"after_{timer}", Happening(now=now, timer=timer)) if timer in self.timers else ()

    def link(self, event: str, peer: Peer, *, now: float) -> Effects:
        """`event` is `lost` or `restored`."""
        saved = self.talk.save()
        if event == "lost":
            self.talk.unlink(peer.link)
        try:
            return self._whole(f"link_{event}", Happening(now=now, sender=peer))
        except BaseException:
            self.talk.put_back(saved)
            raise

    def restarts(self, *, now: float) -> Effects:
        """The party came back."""
        self.timers, self.deferred = {}, ()
        self.talk.clear()
        self.reset()
        before = set(self.timers)
        effects = self._whole("party_restarted", Happening(now=now))
        told = tuple(effect for effect in effects if not isinstance(effect, StartTimer | StopTimer))
        self.timers = {timer: at for timer, at in self.timers.items() if timer in before}
        return (*self._begun(str(self.current_state_value), Happening(now=now)), *told)

    @abstractmethod
    def reset(self) -> None:
        """What isn't durable is as at first."""

    def crosses(self, event: str, of: Crossing, *, now: float) -> Effects:
        """Another machine of the party comes into a state or leaves it."""
        return self._whole(event, Happening(now=now, of=of))

    # -- a step

    def _whole(self, event: str, at: Happening) -> Effects:
        """The step, and the deferred messages after it; or nothing of it."""
        state, model = self.current_state_value, dict(vars(self.model))
        timers, deferred, talk = dict(self.timers), self.deferred, self.talk.save()
        try:
            effects = self._step(event, at)
            if self.current_state_value != state:
                effects += self._offered_again(at.now)
        except BaseException:
            self.current_state_value, self.timers, self.deferred = state, timers, deferred
            vars(self.model).update(model)
            self.talk.put_back(talk)
            raise
        return effects

    def _step(self, event: str, at: Happening) -> Effects:
        self._ask(event, at)
        self.effects = ()
        self.timers.pop(at.timer, None)
        state = str(self.current_state_value)
        try:
            self.send(event, at=at)
        except TransitionNotAllowed:
            self.effects = self._unlisted(event, state)
        if self.WAITS or self.RESPONSES:
            self.talk.settle(self._turn(state, at), self.effects)
        return self.effects

    def _turn(self, before: str, at: Happening) -> Turn:
        state = str(self.current_state_value)
        return Turn(
            message=at.message,
            sender=at.sender or Peer("", ""),
            was=self.AROUND[before],
            state=state,
            around=self.AROUND[state],
            taken=at.taken,
            waits=at.waits,
            forgot=at.forgot,
        )

    def _stale(self, message: Message, sender: Peer, now: float) -> Effects:
        """Too late: a reply at most."""
        method = self.STALE.get(type(message))
        if method is None:
            return ()
        self.effects = ()
        getattr(self, method)(Happening(now=now, message=message, sender=sender))
        return self.effects

    def owes(self, at: Happening) -> None:
        """A request was taken; it may be answered later."""
        at.taken = True

    def _unlisted(self, event: str, state: str) -> Effects:
        """No transition: refused, or not for this machine."""
        if event.startswith("command_"):
            raise LocalProtocolError("not allowed here", state=state, event=event)
        if event.startswith("receive_"):
            raise RemoteProtocolError("impossible here", state=state, event=event)
        return ()

    def impossible(self, event: str) -> ProtocolError:
        """For a transition that says so."""
        error = LocalProtocolError if event.startswith("command_") else RemoteProtocolError
        return error("impossible here", state=str(self.current_state_value), event=event)

    def _offered_again(self, now: float) -> Effects:
        """Oldest first; a further change of state puts those deferred again behind the others."""
        effects: Effects = ()
        queue = list(self.deferred)
        self.deferred = ()
        while queue:
            message, sender = queue.pop(0)
            before = self.current_state_value
            effects += self._step(self.EVENTS[type(message)][0], Happening(now=now, message=message, sender=sender))
            if self.current_state_value != before:
                queue += self.deferred
                self.deferred = ()
        return effects

    def defers(self, at: Happening) -> None:
        if at.message is None or at.sender is None:
            raise AssertionError("only a message can wait")
        if len(self.deferred) >= MOST_DEFERRED:
            raise RemoteProtocolError("too many messages wait", state=str(self.current_state_value))
        self.deferred = (*self.deferred, (at.message, at.sender))
        at.waits = True

    def ignores(self, at: Happening) -> None:
        """Taken, and nothing else."""

    def _ask(self, event: str, at: Happening) -> None:
        """Asks the decisions of the transition that will be taken."""
        for path in self.PATHS.get(event, ()):
            if self.current_state_value not in path.states:
                continue
            if path.guard is not None and not getattr(self, path.guard)(at):
                continue
            if all(self._answered(decision, at, fits) for decision, _, fits in path.answers):
                return

    def _answered(self, decision: str, at: Happening, fits: Callable[[Any], bool]) -> bool:
        if decision not in at.answers:
            hook = getattr(self.model.decisions, f"decide_{decision}")
            at.answers[decision] = hook(self.model, at.message, at.sender)
        return fits(at.answers[decision])

    # -- time

    def goes(self, at: Happening, named: str, target: str) -> Effects:
        """Timers of what is left stop, those of what is entered start; so do those of a state that is named again.

        The transition is written to `named`, and ends in `target`, a state in it.
        """
        source = str(self.current_state_value)
        left, entered = set(self.SCOPES[source]), set(self.SCOPES[target])
        again = {named, target}
        stopped, started = [], []
        for timer, scope, lasts in self.TIMERS:
            if scope and scope in left and scope not in entered:
                self.timers.pop(timer, None)
                if timer != at.timer:
                    stopped.append(StopTimer(timer))
            elif scope and scope in entered and (scope not in left or scope in again):
                deadline = at.now + getattr(self, lasts)(at)
                self.timers[timer] = deadline
                started.append(StartTimer(timer, deadline))
        return (*stopped, *started)

    def forgets(self, at: Happening, target: str) -> Effects:
        """Everything is as at first: other timers stop, those of the first state begin."""
        left = self.SCOPES[str(self.current_state_value)]
        first = self.SCOPES[target]
        stopped = [timer for timer, scope, _ in self.TIMERS if scope and scope in left and scope not in first]
        self.timers = {}
        at.forgot = True
        if str(self.current_state_value) == target:
            self.deferred = ()
        return (*(StopTimer(timer) for timer in stopped if timer != at.timer), *self._begun(target, at))

    def start(self, *, now: float) -> Effects:
        """The timers of the first state begin; once, before anything else."""
        return self._begun(str(self.current_state_value), Happening(now=now))

    def _begun(self, state: str, at: Happening) -> Effects:
        started = []
        for timer, scope, lasts in self.TIMERS:
            if scope and scope in self.SCOPES[state]:
                self.timers[timer] = at.now + getattr(self, lasts)(at)
                started.append(StartTimer(timer, self.timers[timer]))
        return tuple(started)
