"""One step of a party, and everything that follows from it: or nothing of it.

An instance takes an event.  What it asks for is noted; the states that it came into and left, the links that it closed,
and its deferred messages go on the agenda, which is worked off in order.  Everything that changes is put on record
first, so that whoever raises, whatever was done is undone.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from clausework.runtime.around import Around
from clausework.runtime.deadlines import Deadlines, Entry
from clausework.runtime.effects import Close, Effect, Effects, Send, StartTimer, ToLink
from clausework.runtime.errors import LocalProtocolError, ProtocolError, RemoteProtocolError
from clausework.runtime.links import Linked, Links
from clausework.runtime.listening import concerned, is_over, kept_for, linked_to
from clausework.runtime.message import Crossing, Link, Message, Peer
from clausework.runtime.plan import Address, Key, Placed, Plan
from clausework.runtime.population import Population

Call = Callable[[Any], Effects]


class Reaction:
    """The steps; `whole` runs one of them and gives its effects."""

    def __init__(self, plan: Plan, links: Links, population: Population, arounds: Mapping[str, Around]) -> None:
        self._plan, self._links, self._population, self._arounds = plan, links, population, arounds
        self.deadlines = Deadlines(self._holds)
        self._effects: list[Effect] = []
        self._agenda: deque[Callable[[], None]] = deque()
        self._undo: list[Callable[[], object]] = []
        self._touched: dict[tuple[int, Key], tuple[Placed, Key, Any]] = {}
        self._gone: dict[Link, Linked] = {}

    def whole(self, step: Callable[[], None]) -> Effects:
        try:
            step()
            while self._agenda:
                self._agenda.popleft()()
            self._settle()
            return tuple(self._effects)
        except BaseException:
            while self._undo:
                self._undo.pop()()
            raise
        finally:
            self._effects.clear()
            self._agenda.clear()
            self._undo.clear()
            self._touched.clear()
            self._gone.clear()

    def _settle(self) -> None:
        """Instances that are again as at first aren't kept; but of what there is only one, that one is."""
        for placed, key, handler in self._touched.values():
            if key and self._population.is_initial(placed, handler):
                self._population.drop(placed, key)

    # -- what happens from outside

    def start(self, links: tuple[Linked, ...], now: float) -> None:
        for linked in links:
            self._see(self._links.checked(linked))
        for placed in self._plan.parts:
            if "start" in placed.part.wakes:
                for key in [()] if not placed.part.keys else [(each.link,) for each in links]:
                    self._awake(placed, key, now)

    def receive(self, message: Message, linked: Linked, request: int | None, now: float) -> None:
        asker = self._asker(message, linked, request)
        placed, keys = asker if asker is not None else self._taker(message, linked, request)
        peer = self._links.peer(linked, placed.prefix, request)
        call = partial(placed.part.handler.receive, message=message, sender=peer, now=now)
        if len(keys) == 1:
            self._take_alone(placed, keys[0], call, now, RemoteProtocolError)
            return
        for key in keys:
            self._take(placed, key, call, now, RemoteProtocolError)

    def command(
        self, placed: Placed, key: Key, command: Callable[..., Effects], args: Iterable[Any], given: Mapping[str, Any]
    ) -> None:
        self._take_alone(placed, key, lambda handler: command(handler, *args, **given), given["now"])

    def restored(self, linked: Linked, after: Link, now: float) -> None:
        self._see(linked)
        if after is not None:
            self._continue(after, linked.link)
        for placed in self._plan.parts:
            if "start" in placed.part.wakes and placed.part.keys and is_over(placed, linked):
                self._awake(placed, (linked.link,), now)
        self._agenda.append(partial(self._told, "restored", linked, None, now))

    def forget(self, link: Link) -> None:
        """Nothing will go on where that link was: instances that are kept for it are dropped."""
        for placed, key in kept_for(self._plan, self._population, link):
            handler = self._population.find(placed, key)
            self._population.drop(placed, key)
            self._undo.append(partial(self._population.add, placed, key, handler))

    def _continue(self, old: Link, new: Link) -> None:
        """Instances that were kept for the one link are kept for the other, in its place."""
        for placed, key in kept_for(self._plan, self._population, old):
            moved = tuple(new if at == placed.link else each for at, each in enumerate(key))
            self._move(placed, key, moved)
            self._undo.append(partial(self._move, placed, moved, key))

    def _move(self, placed: Placed, key: Key, moved: Key) -> None:
        handler = self._population.find(placed, key)
        self._population.drop(placed, key)
        self._population.add(placed, moved, handler)
        for component, value in zip(placed.part.keys.values(), moved, strict=True):
            setattr(handler, component.attribute, value)
        for timer, (_, attribute) in placed.part.timers.items():
            if getattr(handler, attribute) is not None:
                self.deadlines.add(getattr(handler, attribute), placed, moved, timer)

    def lost(self, link: Link, now: float) -> None:
        linked = self._links.find(link)
        if linked is not None:
            self._unsee(linked)
            self._agenda.append(partial(self._told, "lost", linked, None, now))

    def restarted(self, now: float) -> None:
        seen = list(self._links)
        for linked in seen:
            if linked.over not in self._plan.datagrams:
                self._unsee(linked)
        every = list(self._population.every())
        for placed, key, handler in every:
            self._save(placed, key, handler)
            opened = handler.open if placed.asks else ()
            handler.reset()
            self._note(placed, key, opened, handler)
        hearing = dict.fromkeys((placed.number, key) for placed, key, _ in every)
        hearing |= dict.fromkeys(self._wakened(seen))
        for number, key in sorted(hearing, key=lambda each: each[0]):
            placed = self._plan.parts[number]
            self._agenda.append(partial(self._take, placed, key, lambda handler: handler.restarted(now=now), now))

    def _wakened(self, seen: list[Linked]) -> Iterator[tuple[int, Key]]:
        """Instances in their first state that a restart concerns: those without a key, and those of the links seen."""
        for placed in self._plan.parts:
            if "restarted" not in placed.part.wakes:
                continue
            if not placed.part.keys:
                yield placed.number, ()
            for linked in seen:
                if placed.part.keys and is_over(placed, linked):
                    plays = self._plan.roles[linked.role].plays
                    yield from ((placed.number, key) for key in linked_to(self._population, placed, linked, plays))

    def expired(self, placed: Placed, key: Key, timer: str, at: float, now: float) -> None:
        if self._holds((at, (0, (), "", 0), placed, key, timer)):
            method = placed.part.timers[timer][0]
            self._take_alone(placed, key, lambda handler: method(handler, now=now), now)

    def _holds(self, entry: Entry) -> bool:
        at, _, placed, key, timer = entry
        handler = self._population.find(placed, key)
        return (
            handler is not None
            and timer in placed.part.timers
            and bool(getattr(handler, placed.part.timers[timer][1]) == at)
        )

    # -- who takes a message

    def _asker(self, message: Message, linked: Linked, request: int | None) -> tuple[Placed, list[Key]] | None:
        """The instance that keeps the request open which the message answers."""
        if request is None:
            return None
        for placed in self._plan.parts:
            answer = placed.part.handler.ANSWERS.get(type(message)) if placed.asks else None
            found = self._population.asker(answer.requests, linked.link, request) if answer is not None else None
            if found is not None:
                return found[0], [found[1]]
        return None

    def _taker(self, message: Message, linked: Linked, request: int | None) -> tuple[Placed, list[Key]]:
        found: tuple[Placed, Address] | None = self._plan.takers.get((type(message), linked.role))
        if found is None:
            event = f"receive {message.NAME}"
            raise RemoteProtocolError(f"nothing takes it from {linked.role}", event=event, clause=message.CLAUSE)
        placed, address = found
        around = self._arounds[placed.prefix]
        key = address.key(around, around.me, message, self._links.peer(linked, placed.prefix, request))
        keys: list[Key] = list(key) if address.each else [key]
        for each in keys:
            if None in each:
                event = f"receive {message.NAME}"
                raise RemoteProtocolError("it names no instance", event=event, clause=message.CLAUSE)
        return placed, keys

    # -- an instance takes an event

    def _take_alone(
        self, placed: Placed, key: Key, call: Call, now: float, refused: type[ProtocolError] = LocalProtocolError
    ) -> None:
        """The first of a step; if nothing can come after it, there is nothing to put on record."""
        handler = self._population.find(placed, key)
        if handler is None:
            handler = self._made(placed, key, now, refused)
        if not placed.quiet:
            self._save(placed, key, handler)
        self._run(placed, key, handler, call, now)

    def _take(
        self, placed: Placed, key: Key, call: Call, now: float, refused: type[ProtocolError] = LocalProtocolError
    ) -> None:
        handler = self._population.find(placed, key)
        if handler is None:
            handler = self._made(placed, key, now, refused)
        self._save(placed, key, handler)
        self._run(placed, key, handler, call, now)

    def _run(self, placed: Placed, key: Key, handler: Any, call: Call, now: float) -> None:
        state, opened = handler.state, handler.open if placed.asks else ()
        effects = call(handler)
        self._touched[placed.number, key] = placed, key, handler
        if placed.asks:
            self._note(placed, key, opened, handler)
        if effects:
            self._noted(placed, key, effects)
        if handler.state is not state and not placed.quiet:
            self._crossed(placed, key, handler, state, now)
        if placed.part.closes:
            self._closed(placed, key, effects, now)

    def _made(self, placed: Placed, key: Key, now: float, refused: type[ProtocolError] = LocalProtocolError) -> Any:
        """An instance that nothing has happened to yet; kept, for now."""
        if self._population.full:
            raise refused(f"{self._population.most} instances are kept already", event=placed.machine)
        handler = self._population.fresh(placed, key)
        self._population.add(placed, key, handler)
        self._undo.append(partial(self._population.drop, placed, key))
        self._touched[placed.number, key] = placed, key, handler
        if "start" in placed.part.wakes:
            self._noted(placed, key, handler.start(now=now))
        return handler

    def _awake(self, placed: Placed, key: Key, now: float) -> None:
        if self._population.find(placed, key) is None:
            self._made(placed, key, now)

    def _save(self, placed: Placed, key: Key, handler: Any) -> None:
        values = placed.values(handler)
        self._undo.append(partial(self._put_back, placed, key, handler, values))

    def _put_back(self, placed: Placed, key: Key, handler: Any, values: Any) -> None:
        opened = handler.open if placed.asks else ()
        changes = placed.part.changes
        for attribute, value in zip(changes, values if len(changes) > 1 else (values,), strict=True):
            setattr(handler, attribute, value)
        self._note(placed, key, opened, handler)

    def _note(self, placed: Placed, key: Key, opened: Any, handler: Any) -> None:
        if placed.asks and handler.open is not opened:
            self._population.note(placed, key, opened, handler.open)

    def _noted(self, placed: Placed, key: Key, effects: Effects) -> None:
        """The effects, with who asks for them, and where they go."""
        of = placed.instance(key)
        for effect in effects:
            for each in self._resolved(placed, key, effect):
                each.of = of
                self._effects.append(each)

    def _resolved(self, placed: Placed, key: Key, effect: Effect) -> Iterable[Any]:
        """What is sent, or closed, is so on links that are seen, if there is one."""
        if type(effect) is Send and type(effect.to) is not ToLink:
            link = self._links.way(effect.to, placed.prefix, effect.message)
            effect.to = effect.to if link is None else ToLink(link)
        elif type(effect) is StartTimer:
            self.deadlines.add(effect.at, placed, key, effect.timer)
        elif type(effect) is Close:
            return [Close(ToLink(each.link), effect.told) for each in self._links.to(effect.to, placed.prefix)]
        return (effect,)

    # -- what follows

    def _crossed(self, placed: Placed, key: Key, handler: Any, state: str, now: float) -> None:
        """Those that listen hear what was left, then what was entered; then deferred messages are offered again."""
        if placed.watched:
            around = placed.part.handler.AROUND
            was, is_ = around[state], around[handler.state]
            left = tuple(each for each in was if each not in is_)
            come = tuple(each for each in is_ if each not in was)
            for word, states in (("leaves", left), ("enters", come)):
                crossing = self._crossing(placed, key, states)
                self._agenda.append(partial(self._heard, word, placed, crossing, now))
        waiting = handler.deferred
        if waiting:
            handler.wait(())
            for message, sender in waiting:
                self._agenda.append(partial(self._offered, placed, key, message, sender, now))

    def _crossing(self, placed: Placed, key: Key, states: tuple[str, ...]) -> Crossing:
        at = placed.link
        link = None if at is None else key[at]
        linked = self._links.find(link) or self._gone.get(link)  # its machine leaves a state because it is gone
        named = dict(zip(placed.part.keys, key, strict=True))
        return Crossing(
            key=named,
            states=states,
            connection=link,
            peers=() if linked is None else (linked.address,),
            role="" if linked is None else linked.role,
        )

    def _offered(self, placed: Placed, key: Key, message: Message, sender: Peer, now: float) -> None:
        method = placed.part.handler.RECEIVES[type(message)][0]
        self._take(placed, key, lambda handler: method(handler, message, sender, now=now), now)

    def _closed(self, placed: Placed, key: Key, effects: Effects, now: float) -> None:
        for effect in effects:
            if type(effect) is Close:
                for linked in list(self._links.to(effect.to, placed.prefix)):
                    self._unsee(linked)
                    closer = None if effect.told else (placed.number, key)
                    self._agenda.append(partial(self._told, "lost", linked, closer, now))

    def _see(self, linked: Linked) -> None:
        self._links.add(linked)
        self._undo.append(partial(self._links.remove, linked.link))

    def _unsee(self, linked: Linked) -> None:
        """What was asked on the link, or is owed there, goes with it."""
        turn = self._links.remove(linked.link)
        self._gone[linked.link] = linked
        self._undo.append(partial(self._links.put_back, linked, turn))
        for placed in self._plan.parts:
            for key, handler in list(self._population.of(placed).items()) if placed.asks else ():
                if handler.is_linked(linked.link):
                    self._save(placed, key, handler)
                    opened = handler.open
                    handler.unlink(linked.link)
                    self._note(placed, key, opened, handler)
                    self._touched[placed.number, key] = placed, key, handler

    # -- those that listen

    def _told(self, word: str, linked: Linked, closer: tuple[int, Key] | None, now: float) -> None:
        """`lost` or `restored`: one kept for a link hears of that one only."""
        plays = self._plan.roles[linked.role].plays
        for placed in self._plan.parts:
            if not placed.listens(word) or not is_over(placed, linked):
                continue
            peer = self._links.peer(linked, placed.prefix)
            for key in linked_to(self._population, placed, linked, plays if word in placed.part.wakes else None):
                if (placed.number, key) != closer:
                    self._take(placed, key, lambda handler, peer=peer: getattr(handler, word)(peer, now=now), now)  # type: ignore[misc]  # the default binds the loop's value

    def _heard(self, word: str, source: Placed, crossing: Crossing, now: float) -> None:
        """`leaves` or `enters`."""
        plays = self._plan.roles[crossing.role].plays if crossing.role else frozenset[str]()
        for hearing in source.watched:
            hears, placed = hearing.hears, hearing.part
            if hears.word == word and not hears.states.isdisjoint(crossing.states):
                for key in concerned(self._population, placed, hears, crossing, plays):
                    self._take(placed, key, lambda handler, hears=hears: hears.method(handler, crossing, now=now), now)  # type: ignore[misc]  # the default binds the loop's value
