"""A party: all the machines that it runs, as one sans-IO object.

    party = parties.Client(me="anna", parameters=..., ...)
    effects = party.start(now=clock())
    effects = party.restored(link, "server.example", "server", now=clock())
    effects = party.does(stream.Client.log_in, (link,), now=clock(), ...)
    effects = party.receive(message, link, now=clock())

Each call is one step: a message finds its machine and its key, a command its instance; what an instance enters or
leaves is told to those of the same party that listen, in the same step, until nobody reacts any more.  What all of them
ask for comes back as one tuple, with `of` saying who; or the call raises, and nothing has happened anywhere.

Messages are resolved to links: `Send.to` is a `ToLink`, unless nothing that is seen leads there.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from clausework.runtime.around import Around, Directory
from clausework.runtime.effects import Effects, Failed, StartTimer
from clausework.runtime.errors import LocalProtocolError
from clausework.runtime.handler import Handler
from clausework.runtime.keeping import dump
from clausework.runtime.links import Linked, Links
from clausework.runtime.message import Link, Message
from clausework.runtime.plan import Key, Plan
from clausework.runtime.population import Population
from clausework.runtime.reaction import Reaction

MOST_INSTANCES = 65536

_Machine = TypeVar("_Machine", bound=Handler)
_Arguments = ParamSpec("_Arguments")


class Party:
    """The base of the classes in a generated `parties` module.

    `snapshot` is all of it as plain JSON values; the generated class's `restore` takes it back.  Machines that are
    kept for a connection stay when that is lost: say `restored(..., after=link)`, or `forget(link)`.

    A call from inside a step (a hook that calls the party) waits until the step is over, and gives nothing by itself:
    its effects stand behind those of the step.  If it fails then, a `Failed` stands there.
    """

    def __init__(
        self,
        me: str,
        plan: Plan,
        given: tuple[Mapping[str, Any], ...],
        directory: Directory | None,
        most: int = MOST_INSTANCES,
    ) -> None:
        self.me, self.plan = me, plan
        self.issued = 0
        self.links = Links(plan)
        arounds = {placed.prefix: Around(self, placed.prefix, directory) for placed in plan.parts}
        full = tuple({**each, "party": arounds[placed.prefix]} for placed, each in zip(plan.parts, given, strict=True))
        self.population = Population(plan, me, full, arounds, most)
        self.arounds: Mapping[str, Around] = arounds
        self.reaction = Reaction(self.plan, self.links, self.population, arounds)
        self._waiting: deque[Callable[[], None]] = deque()
        self._busy = False

    # -- steps

    def start(self, *, now: float, links: Iterable[Linked] = ()) -> Effects:
        """Once, before anything else.  Nobody hears of `links`: they are there from the beginning."""
        return self._step(partial(self.reaction.start, tuple(links), now))

    def receive(self, message: Message, link: Link, *, now: float, request: int | None = None) -> Effects:
        """A message arrives; `request` is the id that came with it, if one did."""
        return self._step(partial(self._receive, message, link, request, now))

    def does(
        self,
        command: Callable[Concatenate[_Machine, _Arguments], Effects],
        key: Key = (),
        /,
        *args: _Arguments.args,
        **arguments: _Arguments.kwargs,
    ) -> Effects:
        """A command of the application: `party.does(stream.Client.log_in, (link,), now=..., ...)`."""
        placed = self.plan.commands.get(command)
        if placed is None or len(key) != len(placed.part.keys):
            name = getattr(command, "__qualname__", str(command))
            raise LocalProtocolError("no command of this party, or not its key", event=name)
        return self._step(partial(self.reaction.command, placed, key, command, args, arguments))

    def restored(
        self, link: Link, address: str, role: str, *, now: float, over: str = "", after: Link = None
    ) -> Effects:
        """A link is up, seen from this end.  `over` is needed where several connections join the two roles.

        `after`: the link that was lost and that this one is in the place of, if machines that are kept for a connection
        are to go on.
        """
        linked = Linked(link=link, address=address, role=role, over=over)
        return self._step(partial(self._restore, linked, after, now))

    def lost(self, link: Link, *, now: float) -> Effects:
        """This end noticed that a link is gone; nothing, if it knows already."""
        return self._step(partial(self.reaction.lost, link, now))

    def forget(self, link: Link) -> None:
        """No other link will come `after` this one, which is lost: the machines that are kept for it are dropped."""
        if self.links.find(link) is not None:
            raise LocalProtocolError("the link is still seen", event="forget")
        self._step(partial(self.reaction.forget, link))

    def restarted(self, *, now: float) -> Effects:
        """The party came back: only what is durable is left, and no link but of datagrams; then it reacts."""
        return self._step(partial(self.reaction.restarted, now))

    def next_timer(self) -> float | None:
        """When the first of all running timers expires; None if none runs."""
        first = self.reaction.deadlines.first()
        return None if first is None else first[0]

    def expire(self, now: float) -> Effects:
        """One timer that is due, the earliest first; nothing if none is.  Call it until `next_timer()` is later."""
        first = self.reaction.deadlines.first()
        if first is None or first[0] > now:
            return ()
        return self._step(partial(self.reaction.expired, *first[2:], first[0], now))

    def expires(self, timer: StartTimer, *, now: float) -> Effects:
        """The timer that this effect started; nothing if it was stopped or started anew since."""
        of = getattr(timer, "of", None)
        placed = self.plan.by_name.get((of.flow, of.machine)) if of is not None else None
        if placed is None or of is None:
            raise LocalProtocolError("not a timer of this party", event=timer.timer)
        return self._step(partial(self.reaction.expired, placed, of.key, timer.timer, timer.at, now))

    # -- looking

    def snapshot(self) -> dict[str, object]:
        """All machines, links and requests; SnapshotError where a link isn't text or a number."""
        return dump(self)

    def instance(self, machine: type[_Machine], key: Key = ()) -> _Machine:
        """The machine under a key, to look at: a fresh one where nothing has happened yet, which is nobody's."""
        placed = next((each for each in self.plan.parts if each.part.handler is machine), None)
        if placed is None:
            raise LocalProtocolError("this party runs no such machine", event=machine.__qualname__)
        found: _Machine = self.population.find(placed, key) or self.population.fresh(placed, key)
        return found

    # -- one at a time

    def _step(self, step: Callable[[], None]) -> Effects:
        if self._busy:
            self._waiting.append(step)
            return ()
        self._busy = True
        try:
            effects = self._whole(step)
            while self._waiting:
                effects += self._later(self._waiting.popleft())
            return effects
        finally:
            self._waiting.clear()
            self._busy = False

    def _whole(self, step: Callable[[], None]) -> Effects:
        issued = self.issued
        try:
            return self.reaction.whole(step)
        except BaseException:
            self.issued = issued
            raise

    def _later(self, step: Callable[[], None]) -> Effects:
        """A step that waited: what went before has happened, whatever becomes of this one."""
        try:
            return self._whole(step)
        except Exception as error:  # noqa: BLE001 - a hook may raise anything; the effects before must not be lost
            return (Failed(error),)

    def _restore(self, linked: Linked, after: Link, now: float) -> None:
        if after is not None and self.links.find(after) is not None:
            raise LocalProtocolError("the link before it is still seen", event="restored")
        self.reaction.restored(self.links.checked(linked), after, now)

    def _receive(self, message: Message, link: Link, request: int | None, now: float) -> None:
        linked = self.links.find(link)
        if linked is None:
            raise LocalProtocolError("a message came on a link that is not seen", event=f"receive {message.NAME}")
        self.reaction.receive(message, linked, request, now)
