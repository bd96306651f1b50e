"""A trace, which is words, back into the steps that it tells."""

from clausework.semantics.configuration import Configuration
from clausework.semantics.space import Space, Step
from clausework.semantics.telling import Teller
from clausework.semantics.trace import Trace, TraceStep


def retraced(space: Space, trace: Trace) -> tuple[Step, ...] | None:
    """The steps from the start that tell this trace; None if it begins elsewhere, or isn't of this space.

    Steps may differ in what a trace doesn't show: then the first of them that leads on is taken.
    """
    start = space.start()
    ways: list[tuple[Configuration, Teller, tuple[Step, ...]]] = [(start, Teller(space, start), ())]
    while ways:
        now, teller, taken = ways.pop()
        if len(taken) == len(trace.steps):
            return taken
        if taken and taken[-1].target is None:
            continue
        wanted = trace.steps[len(taken)]
        same = [each for each in space.steps(now, beyond=True) if _is_told(teller, each, wanted)]
        for step in reversed(same):
            ways.append((step.target or now, teller.gone(step), (*taken, step)))
    return None


def _is_told(teller: Teller, step: Step, wanted: TraceStep) -> bool:
    """The state rows may be more than we know by now to be worth showing; what the step changed tells enough."""
    said = teller.would(step)
    return all(getattr(said, name) == getattr(wanted, name) for name in _COMPARED)


_COMPARED = tuple(name for name in TraceStep.__slots__ if name not in {"fault", "states"})
