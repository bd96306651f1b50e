"""What has to be remembered of a run to judge it: one observer for each kind of claim about runs.

Each follows one session.  `WRONG` is the memory of a run that breaks the claim; it isn't followed further.
`if` and `unless` of a property: nothing counts before the one has happened, nor once the other has, until the session
is as at the start again.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from clausework.explore.charts.matching import Matcher
from clausework.expr.evaluate import evaluate
from clausework.expr.nodes import Value
from clausework.model.sequence import Happening, LeadsTo, Passes, Precedes, Property, Twice, Unchanged
from clausework.semantics.configuration import Configuration
from clausework.semantics.session import Session, Values
from clausework.semantics.space import Space, Step

WRONG = "wrong"


@dataclass(frozen=True)
class Following:
    """A session whose run is followed, and what the property says besides its claim."""

    space: Space
    session: Session
    stated: Property

    @property
    def matcher(self) -> Matcher:
        return Matcher(self.space, self.session)

    def happens(self, step: Step, happening: Happening | None) -> bool:
        """Whether a step contains an event, or makes a condition hold."""
        if happening is None or step.target is None:
            return False
        if happening.event is not None:
            return self.matcher.contains(step, happening.event)
        return happening.condition is not None and self.matcher.holds(happening.condition, step.target)

    def begins(self, before: Configuration, step: Step, happening: Happening) -> bool:
        """As `happens`; but a condition must not have held before."""
        if happening.condition is not None and self.matcher.holds(happening.condition, before):
            return False
        return self.happens(step, happening)

    def is_initial(self, configuration: Configuration) -> bool:
        """Whether the whole session is as at the start."""
        system = self.space.system
        return all(
            self.space.party(configuration, self.session.parties[path[0]]).instances[instance.number]
            == system.initial(instance.machine)
            for path, instance in self.session.instances.items()
        )


@dataclass(frozen=True)
class Guarding(Following):
    """Remembers whether a plain claim counts: `if` has happened, and `unless` has not."""

    def first(self, start: Configuration) -> Iterator[Hashable]:
        provided = self.stated.provided
        yield provided is None or (provided.condition is not None and self.matcher.holds(provided.condition, start))

    def after(self, memory: Hashable, _before: Configuration, step: Step) -> Iterator[Hashable]:
        if self.happens(step, self.stated.unless):
            yield None
        elif memory is None and step.target is not None and self.is_initial(step.target):
            yield self.stated.provided is None
        elif memory is False and self.happens(step, self.stated.provided):
            yield True
        else:
            yield memory


@dataclass(frozen=True)
class Preceding(Following):
    """`A precedes B`: wrong where B happens and A has not.  A in the very step of B counts as before it.

    A message that is received has been sent before, even if all are as at the start since then; unless an attacker may
    have said it.  (To remember it as long as something is under way would be too long: others share the connection.)
    """

    claim: Precedes

    def first(self, _start: Configuration) -> Iterator[Hashable]:
        yield (False, self.stated.provided is None)

    def after(self, memory: Hashable, _before: Configuration, step: Step) -> Iterator[Hashable]:
        if not isinstance(memory, tuple):
            return
        seen, counts = memory
        seen = seen or self.happens(step, self.claim.first) or self.happens(step, self.stated.unless)
        seen = seen or (step.target is not None and self.received(step))
        counts = counts or self.happens(step, self.stated.provided)
        if not seen and counts and self.happens(step, self.claim.before):
            yield WRONG
        elif step.target is not None and self.is_initial(step.target):
            yield (False, self.stated.provided is None)
        else:
            yield (seen, counts)

    def received(self, step: Step) -> bool:
        """Whether A is a message, and here is the other end of it."""
        event = self.claim.first.event
        if not isinstance(event, Passes) or self.matcher.party(event.sender) in self.space.system.attackers:
            return False
        return self.matcher.receives(step, event)


@dataclass(frozen=True)
class Repeating(Following):
    """`never: E twice`: at each E it may be this one that comes again, or a later one; both are followed."""

    claim: Twice

    def first(self, _start: Configuration) -> Iterator[Hashable]:
        yield None

    def after(self, memory: Hashable, _before: Configuration, step: Step) -> Iterator[Hashable]:
        if memory == WRONG:
            return
        if self.happens(step, self.stated.unless):
            memory = None
        carried = self.carried(step)
        if carried is not None and carried == memory:
            yield WRONG
            return
        yield memory
        if memory is None and carried is not None:
            yield carried

    def carried(self, step: Step) -> tuple[Value, ...] | None:
        """What has to be the same in both; None if it isn't the event."""
        if step.target is None or not self.matcher.contains(step, self.claim.event):
            return None
        carried = self.matcher.carried(step, self.claim.event)
        return tuple(carried[name] for name in self.claim.same)


@dataclass(frozen=True)
class Keeping(Following):
    """`unchanged`: values as before the step that begins it, compared after the step that ends it.

    Where it begins again in between, it is the last beginning that counts.  With `if`, only what has it in between.
    """

    claim: Unchanged

    def first(self, _start: Configuration) -> Iterator[Hashable]:
        yield None

    def after(self, memory: Hashable, before: Configuration, step: Step) -> Iterator[Hashable]:
        if memory == WRONG or step.target is None:
            return
        if isinstance(memory, tuple):
            values, counts = memory
            counts = counts or self.happens(step, self.stated.provided)
            memory = (values, counts)
            if self.begins(before, step, self.claim.end):
                yield WRONG if counts and values != self.values(step.target) else None
                return
        if self.happens(step, self.stated.unless):
            memory = None
        if self.begins(before, step, self.claim.start):
            at = before if self.claim.start.event is not None else step.target
            memory = (self.values(at), self.stated.provided is None)
        yield memory

    def values(self, configuration: Configuration) -> tuple[Value, ...]:
        """What is to be kept."""
        states = tuple(self.space.party(configuration, number) for number in range(len(configuration.parties)))
        values = Values(self.space.system, self.session, states)
        return tuple(evaluate(each, values) for each in self.claim.values)


IDLE, WAITING, DUE = 0, 1, 2
"""Nothing is promised; something is, but `if` hasn't happened yet; something is due."""


@dataclass(frozen=True)
class Promising(Following):
    """`whenever P eventually Q`: whether a P waits for its Q.  Q, or `unless`, in the very step of P is enough."""

    claim: LeadsTo

    def first(self, start: Configuration) -> Iterator[Hashable]:
        conditions = [each.condition for each in self.claim.eventually if each.condition is not None]
        whenever = self.claim.whenever.condition
        begun = whenever is not None and self.matcher.holds(whenever, start)
        yield self._promised() if begun and not any(self.matcher.holds(each, start) for each in conditions) else IDLE

    def after(self, memory: Hashable, _before: Configuration, step: Step) -> Iterator[Hashable]:
        kept = any(self.happens(step, each) for each in self.claim.eventually)
        if kept or self.happens(step, self.stated.unless):
            yield IDLE
        elif memory == IDLE:
            yield self._promised() if self.happens(step, self.claim.whenever) else IDLE
        elif memory == WAITING and self.happens(step, self.stated.provided):
            yield DUE
        else:
            yield memory

    def _promised(self) -> int:
        return DUE if self.stated.provided is None else WAITING


@dataclass(frozen=True)
class Timing(Promising):
    """`within n`: how many ticks the oldest P has waited; wrong if it is more than n."""

    ticks: int

    def first(self, start: Configuration) -> Iterator[Hashable]:
        for promised in super().first(start):
            yield (promised, 0)

    def after(self, memory: Hashable, before: Configuration, step: Step) -> Iterator[Hashable]:
        if not isinstance(memory, tuple):
            return
        promised, waited = memory
        for now in super().after(promised, before, step):
            if now == IDLE:
                yield (IDLE, 0)
            elif step.label.kind == "tick" and promised != IDLE:
                yield WRONG if waited == self.ticks and now == DUE else (now, min(waited + 1, self.ticks))
            else:
                yield (now, waited)
