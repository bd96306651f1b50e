"""The instances of a party: made when something happens to them, dropped when they are again as at first.

Every key has an instance from the beginning; one that isn't stored is at its initial value.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from clausework.runtime.deferring import Deferring
from clausework.runtime.message import Link, Message
from clausework.runtime.plan import Key, Placed, Plan
from clausework.runtime.requests import Open, Registry

Make = Callable[[Placed, Key], Any]
Asked = tuple[type[Message], Link, int]


class Population:
    """`most` instances are kept at once: a peer that names ever new keys is refused, and memory stays bounded."""

    __slots__ = ("_asked", "_given", "_kept", "_me", "_plan", "_registries", "count", "most")

    def __init__(
        self, plan: Plan, me: str, given: tuple[Mapping[str, Any], ...], registries: Mapping[str, Registry], most: int
    ) -> None:
        self._plan, self._me, self._registries = plan, me, registries
        self._given = tuple(
            {name: each[name] for name in placed.part.needs} for placed, each in zip(plan.parts, given, strict=True)
        )
        self._kept: tuple[dict[Key, Any], ...] = tuple({} for _ in plan.parts)
        self._asked: dict[Asked, tuple[Placed, Key]] = {}
        self.count, self.most = 0, most

    @property
    def full(self) -> bool:
        return self.count >= self.most

    def find(self, placed: Placed, key: Key) -> Any:
        """The instance that is kept, or None."""
        return self._kept[placed.number].get(key)

    def fresh(self, placed: Placed, key: Key) -> Any:
        """An instance as at first, which isn't kept."""
        return self.adopted(placed, placed.part.handler(**self.given(placed, key)))

    def given(self, placed: Placed, key: Key) -> dict[str, Any]:
        """What a constructor takes."""
        attributes = (each.attribute for each in placed.part.keys.values())
        return {"me": self._me, **dict(zip(attributes, key, strict=True)), **self._given[placed.number]}

    def adopted(self, placed: Placed, made: Any) -> Any:
        """An instance of this party: it has its ids, and its deferred messages are offered by the party."""
        if isinstance(made, Deferring):
            made.in_party = True
        if placed.asks:
            made.registry = self._registries[placed.prefix]
        return made

    def of(self, placed: Placed) -> Mapping[Key, Any]:
        return self._kept[placed.number]

    def every(self) -> Iterator[tuple[Placed, Key, Any]]:
        """All that are kept, part by part, in the order of their keys."""
        for placed in self._plan.parts:
            for key in ordered(self._kept[placed.number]):
                yield placed, key, self._kept[placed.number][key]

    def add(self, placed: Placed, key: Key, handler: Any) -> None:
        self._kept[placed.number][key] = handler
        self.count += 1

    def drop(self, placed: Placed, key: Key) -> None:
        if self._kept[placed.number].pop(key, None) is not None:
            self.count -= 1

    def is_initial(self, placed: Placed, handler: Any) -> bool:
        """A machine whose first state has timers is never as at first again: there, they run."""
        if handler.state != placed.part.initial or "start" in placed.part.wakes:
            return False
        return bool(placed.values(handler) == placed.first)

    def clear(self) -> None:
        for each in self._kept:
            each.clear()
        self._asked.clear()
        self.count = 0

    # -- who asked

    def asker(self, requests: Iterable[type[Message]], link: Link, number: int) -> tuple[Placed, Key] | None:
        """The instance that keeps a request of one of these kinds open."""
        found = (self._asked.get((request, link, number)) for request in requests)
        return next((each for each in found if each is not None), None)

    def note(self, placed: Placed, key: Key, before: tuple[Open, ...], after: tuple[Open, ...]) -> None:
        """What an instance has open has changed."""
        for each in before:
            self._asked.pop((each.request, each.link, each.id), None)
        for each in after:
            self._asked[each.request, each.link, each.id] = placed, key


def ordered(keys: Iterable[Key]) -> list[Key]:
    """The same order in every run, whatever the keys are."""
    return sorted(keys, key=lambda key: tuple((type(each).__name__, str(each)) for each in key))
