"""Several checks at a time are explored as one after the other, and nobody is left behind."""

import multiprocessing
import os
import signal
import time
from dataclasses import replace

import pytest

from clausework import pipeline
from clausework.cli.working import Ended, exploring
from clausework.model.standard import own
from support import shipped

ASKED = [
    (standard, flow, check)
    for standard in (shipped()["doorbell"], shipped()["dhcp"])
    for flow in own(standard.flows)
    if flow.name in ("ringing", "inform", "lease")
    for check in flow.checks
]
LONG = next(
    (shipped()["dhcp"], *each) for each in pipeline.questions(shipped()["dhcp"]) if each[1].name == "one_address"
)


def test_they_answer_as_one_process_does_in_the_order_asked() -> None:
    """Seen to fail when a text that comes back is a copy of ours, and when what is ready first comes first."""
    longest_first = ASKED[::-1]
    alone = [replace(pipeline.explore(*each), seconds=0) for each in longest_first]

    with exploring(longest_first, 3) as found:
        together = [replace(each, seconds=0) for each in found]

    assert len(together) > 5
    assert together == alone


def test_who_stops_in_the_middle_leaves_nobody_at_work() -> None:
    """Seen to fail when processes are waited for, and when they aren't ended: each check takes longer than a second."""
    with exploring([ASKED[0], *[LONG] * 20], 2) as found:
        next(found)
        working = [each.pid for each in multiprocessing.active_children()]
        until = time.monotonic() + 1

    while any(map(_is_there, working)):
        assert time.monotonic() < until
        time.sleep(0.01)
    assert time.monotonic() < until
    assert len(working) == 2


def _is_there(process: int | None) -> bool:
    try:
        os.kill(process or 0, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_process_that_somebody_ends_is_told_of() -> None:
    with exploring([ASKED[0], *[LONG] * 20], 2) as found:
        next(found)
        os.kill(multiprocessing.active_children()[0].pid or 0, signal.SIGKILL)
        with pytest.raises(Ended):
            list(found)
