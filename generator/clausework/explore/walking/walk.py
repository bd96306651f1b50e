"""A path from the start, that can be gone on, back and on again; and what can happen at its end."""

from collections.abc import Iterable
from random import Random

from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Commanded, Expired
from clausework.semantics.moment import Moment, Move, moment
from clausework.semantics.space import FAULTS, Space, Step
from clausework.semantics.system import Instance
from clausework.semantics.telling import Teller, tell
from clausework.semantics.trace import Trace
from clausework.semantics.words import key_words


class Walk:
    """`path` are the steps taken, `undone` those taken back, the last one first."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.start = space.start()
        self.path: list[Step] = []
        self.undone: list[Step] = []
        self._teller = Teller(space, self.start)

    @property
    def now(self) -> Configuration:
        return _target(self.path[-1]) if self.path else self.start

    def moment(self) -> Moment:
        return moment(self.space, self.now)

    def trace(self) -> Trace:
        return tell(self.space, self.start, self.path)

    def moves(self) -> tuple[Move, ...]:
        """All that can happen now, party by party, what nobody asked for (faults) at the end of each."""
        steps = sorted(self.space.steps(self.now), key=lambda each: (each.label.party, each.label.kind in FAULTS))
        return tuple(self._move(each) for each in steps)

    # -- there and back

    def take(self, step: Step) -> None:
        """One of the steps from here, that happens; what was undone is forgotten."""
        self.undone.clear()
        self._go(step)

    def follow(self, steps: Iterable[Step]) -> None:
        """From the start anew, as far as the steps happen."""
        self.restart()
        for step in steps:
            if step.target is not None:
                self.take(step)

    def undo(self, times: int = 1) -> int:
        """Back by so many steps; how many it were."""
        gone = min(times, len(self.path))
        for _ in range(gone):
            self.undone.append(self.path.pop())
        self._teller = Teller(self.space, self.start)
        for step in self.path:
            self._teller.step(step)
        return gone

    def redo(self, times: int = 1) -> int:
        """On again by so many of the steps undone; how many it were."""
        gone = min(times, len(self.undone))
        for _ in range(gone):
            self._go(self.undone.pop())
        return gone

    def restart(self) -> None:
        """To the start; all of the path can be redone."""
        self.undo(len(self.path))

    def wander(self, times: int, chance: Random) -> int:
        """Up to so many steps, each by chance; less, where nothing can happen any more."""
        for taken in range(times):
            step = at_random(self.space.steps(self.now), chance)
            if step is None:
                return taken
            self.take(step)
        return times

    def _go(self, step: Step) -> None:
        self._teller.step(step)
        self.path.append(step)

    # -- words

    def _move(self, step: Step) -> Move:
        instance = self._instance(step)
        several = instance is not None and len(self.space.system.instances[step.label.party]) > 1
        findings = step.reaction.findings if step.reaction is not None else ()
        return Move(
            step=step,
            told=self._teller.would(step),
            machine=str(self.space.system.programs[instance.machine].machine.name) if several and instance else "",
            key=key_words(self.space, step.label.party, instance.key) if several and instance else "",
            fails=tuple(each.text for each in findings),
            waits=self._receiver(step.blocked) if step.blocked is not None else "",
        )

    def _instance(self, step: Step) -> Instance | None:
        """Whose command or timer it is, or who takes the message."""
        event = step.label.event
        number = event.instance if isinstance(event, Commanded | Expired) else None
        if number is None and step.reaction is not None:
            number = step.reaction.taker
        return self.space.system.instances[step.label.party][number] if number is not None else None

    def _receiver(self, queue: int) -> str:
        link = self.space.system.links[queue // 2]
        return str(self.space.system.parties[(link.client, link.server)[queue % 2]].name)


def at_random(steps: Iterable[Step], chance: Random) -> Step | None:
    """One of those that happen: first who and what, each as likely, then how.

    So a command with many arguments, or a fault that may strike anywhere, doesn't crowd out everything else.
    """
    kinds: dict[tuple[object, ...], list[Step]] = {}
    for step in steps:
        if step.target is not None:
            event = step.label.event
            what = event.command if isinstance(event, Commanded) else step.label.message
            kinds.setdefault((step.label.party, step.label.kind, what), []).append(step)
    return chance.choice(chance.choice(list(kinds.values()))) if kinds else None


def _target(step: Step) -> Configuration:
    if step.target is None:
        raise AssertionError("only steps that happen are on a path")
    return step.target
