"""Sequences are judged as by the reference, those that must not happen by the engine itself.

Seen red on faults seeded: a search from several memories goes on from the first alone; where all has come isn't wrong;
conditions, or events, of the chart aren't told apart; commands that only the chart has aren't given.
"""

import pytest

from clausework.explore import explore
from clausework.explore.packed import exploring as packed
from talking import BUSY_LEFT, BUSY_RIGHT, talk

IMPOSSIBLE = {
    "unasked": "[{never: left does go}, {right -> left: accept}]",
    "twice": "[{right -> left: accept}, {right -> left: accept}]",
    "crossing": "[{left -> right: ask}, {right -> left: refuse}, {left does: go}]",
    "left_alone": "[{left does: leave}, {left is: idle}]",
    "at_last": "[{left does: go}, {left is: served}, {never: left does go}, {left is: waiting}]",
    "parallel": "[{parallel: {one: [{left does: spoil}], other: [{left is: served}]}}, {left is: idle}]",
    "optional": "[{optional: [{left does: stop}]}, {left does: halt}, {left is told: granted}]",
    "restarted": "[right restarts, {left is told: granted}]",
    "forged": "[{right -> left: accept, forged: true}, {left is told: granted}]",
    "later": "[{left does: go}, {left is told: over}]",
    "unspoilt": "[{left does: go}, {never: left does spoil}, {left is told: granted}]",
    "unheard": "[{left does: go}, {never: 'right -> left: accept'}, {left is told: granted}]",
    "two_beginnings": "[{left is: idle}, {never: left does stop}, {left does: go}]",
    "waited": "[{left is: waiting|served}, {left is: idle|waiting}, {left does: spoil}, {left is: idle}]",
}
SHOWN = "  shown: {steps: [{left does: go}, {left -> right: ask}, {right -> left: accept}, {left is told: granted}]}\n"
CHECKS = (
    "queue: 1",
    "queue: 2, commands: {l: [go]}",
    "queue: 1, faults: [attack r once]",
    "queue: 1, faults: [restart r once, lost l once]",
)


@pytest.mark.parametrize("check", CHECKS)
def test_sequences_are_judged_alike(check: str) -> None:
    impossible = "".join(f"  {name}: {{impossible: true, steps: {steps}}}\n" for name, steps in IMPOSSIBLE.items())
    begun = "  begun: {impossible: true, starts: {left: served}, steps: [{left does: go}, {left is: idle}]}\n"
    standard, flow = talk(BUSY_LEFT, BUSY_RIGHT, f"sequences:\n{impossible}{begun}{SHOWN}", check)
    reference = explore(standard, flow, flow.checks[0])

    found = packed.explore(standard, flow, flow.checks[0])

    assert found.verdicts == reference.verdicts
    assert found.unexplored == reference.unexplored
