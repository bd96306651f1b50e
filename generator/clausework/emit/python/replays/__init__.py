"""A run -> a pytest that goes along it on the generated parties.

`runtime.stage` is what it is written against, so it reads as what happens: who does what, what arrives, which state
that leads to.  Whoever saved it owns it: it is written once.
"""

from collections.abc import Sequence

from clausework.emit.artifact import Artifact
from clausework.emit.python.package import written
from clausework.emit.python.replays.script import Replay, Unreplayable, replay
from clausework.semantics.space import Space, Step

__all__ = ["Replay", "Unreplayable", "replay", "replay_test"]


def replay_test(space: Space, steps: Sequence[Step], name: str, why: str) -> Artifact:
    """`why`: what the run shows.  Raises `Unreplayable`."""
    view = replay(space, steps, name, why)
    return written(f"test_{name}.py", "replay.py.jinja", {"replay": view})
