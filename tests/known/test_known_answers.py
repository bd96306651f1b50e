"""Classic small systems, right ones and wrong ones: what is found in each is known, and nothing else may be found.

The configurations, steps and levels are those that SPIN counts on the `.pml` beside each specification, which was
written by hand from the prose and not from ours; `make spin` counts them again.  The lengths are those of the shortest
way to each failure.
"""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from clausework.explore import explore_flow, never_exercised
from clausework.model.standard import Standard, named, own
from clausework.read import read
from clausework.semantics.verdict import Exploration, Outcome, Verdict
from support import files

FOLDER = Path(__file__).parent
SYSTEMS = sorted(path.parent.name for path in FOLDER.glob("*/spec"))
HOLDS = 0


@dataclass(frozen=True)
class Known:
    """`counts`: configurations, steps, levels.  `answers`: properties and findings, with the steps of the shortest way to
    where each fails, or `HOLDS`.  `model`: the `.pml` with the definitions that make it this system.
    """

    counts: tuple[int, int, int]
    answers: Mapping[str, int]
    model: str


TABLE = {
    # Frames that are all alike: one that comes again is delivered again; its acknowledgement covers for a lost frame.
    "stop_and_wait without_bit losing": Known(
        (119, 347, 16), {"once": 4, "none_missing": 7, "arrives": 8}, "stop_and_wait"
    ),
    "stop_and_wait with_bit losing": Known(
        (85, 254, 15), {"once": HOLDS, "none_missing": HOLDS, "arrives": HOLDS}, "stop_and_wait -DBIT"
    ),
    "stop_and_wait with_bit repeating": Known(
        (88, 316, 14),
        {"once": HOLDS, "none_missing": HOLDS, "arrives": HOLDS},
        "stop_and_wait -DBIT -DDUPLICATION",
    ),
    # One bit is enough only where the order is kept.
    "stop_and_wait with_bit swapping": Known(
        (361, 1_381, 20), {"once": 8, "none_missing": 9, "arrives": 12}, "stop_and_wait -DBIT -DSWAP"
    ),
    # A window of n needs n + 1 sequence numbers.
    "sliding_window window_of_two three_numbers": Known(
        (288, 931, 20),
        {"once": HOLDS, "none_missing": HOLDS, "in_order": HOLDS, "arrives": HOLDS},
        "sliding_window -DHIGHEST=2",
    ),
    "sliding_window window_of_two two_numbers": Known(
        (544, 1_810, 22),
        {"once": 7, "none_missing": 8, "in_order": HOLDS, "arrives": HOLDS},
        "sliding_window -DHIGHEST=1",
    ),
    "election election chang_roberts": Known(
        (33, 57, 8), {"one_leader": HOLDS, "highest": HOLDS, "agreed": HOLDS, "elects": HOLDS}, "election"
    ),
    # Where lower claims are passed on, everybody gets its own back.
    "election election no_filter": Known(
        (152, 240, 22), {"one_leader": 8, "highest": 4, "agreed": 14, "elects": HOLDS}, "election -DPASS_ALL"
    ),
    "lock forgotten no_restart": Known(
        (32, 70, 9), {"one_holder": HOLDS, "really_held": HOLDS, "answered": HOLDS}, "lock"
    ),
    # The holder restarts and forgets: the lock is never free again, though everybody else goes on.
    "lock forgotten comes_back": Known(
        (150, 382, 14),
        {"never-leaves forgotten.server lent": 3, "one_holder": HOLDS, "really_held": 6, "answered": HOLDS},
        "lock -DRESTART",
    ),
    "lock forgotten stays_away": Known(
        (150, 382, 14),
        {"stuck forgotten.server lent": 4, "one_holder": HOLDS, "really_held": 6, "answered": HOLDS},
        "lock -DRESTART",
    ),
    "lock released no_restart": Known(
        (32, 70, 9), {"one_holder": HOLDS, "really_held": HOLDS, "answered": HOLDS}, "lock"
    ),
    "lock released comes_back": Known(
        (108, 285, 13), {"one_holder": HOLDS, "really_held": HOLDS, "answered": HOLDS}, "lock -DRESTART -DRELEASE"
    ),
    "lock released stays_away": Known(
        (108, 285, 13), {"one_holder": HOLDS, "really_held": HOLDS, "answered": HOLDS}, "lock -DRESTART -DRELEASE"
    ),
    # The late end of an old connection: only with two of them, and only where each end notices in its own time.
    "half_open by_account one_connection": Known((33, 56, 11), {"same_view": HOLDS}, "half_open -DSLOTS=1"),
    "half_open by_account two_connections": Known((274, 858, 13), {"same_view": 9}, "half_open -DSLOTS=2"),
    "half_open by_account noticed_together": Known(
        (145, 276, 11), {"same_view": HOLDS}, "half_open -DSLOTS=2 -DTOGETHER"
    ),
    "half_open by_last_visit one_connection": Known((33, 56, 11), {"same_view": HOLDS}, "half_open -DSLOTS=1 -DLAST"),
    "half_open by_last_visit two_connections": Known(
        (238, 774, 12), {"same_view": HOLDS}, "half_open -DSLOTS=2 -DLAST"
    ),
    "half_open by_last_visit noticed_together": Known(
        (145, 276, 11), {"same_view": HOLDS}, "half_open -DSLOTS=2 -DLAST -DTOGETHER"
    ),
    # No deadlock, nothing unexpected: they only believe different things, for ever.
    "crossing without_name both": Known((55, 131, 14), {"same_view": 8, "related": HOLDS}, "crossing"),
    "crossing late_answers_count both": Known((49, 123, 14), {"same_view": HOLDS, "related": HOLDS}, "crossing -DLATE"),
    "stale_reply without_id one_client": Known((132, 300, 12), {"right_answer": 5, "comes_back": HOLDS}, "stale_reply"),
    "stale_reply with_id one_client": Known(
        (98, 212, 11), {"right_answer": HOLDS, "comes_back": HOLDS}, "stale_reply -DIDS"
    ),
    "introduction believed among_guests": Known(
        (28, 98, 10), {"mutual": HOLDS, "at_last": HOLDS, "possible_to_meet": HOLDS}, "introduction"
    ),
    # The host believes the name in the message. Whoever then really calls is not answered, as they have met already.
    "introduction believed with_a_liar": Known(
        (782, 3_220, 15),
        {"stuck believed.guest greeting": 8, "mutual": 3, "at_last": 5, "possible_to_meet": HOLDS},
        "introduction -DLIAR",
    ),
    "introduction by_connection among_guests": Known(
        (28, 98, 10), {"mutual": HOLDS, "at_last": HOLDS, "possible_to_meet": HOLDS}, "introduction"
    ),
    "introduction by_connection with_a_liar": Known(
        (252, 1_330, 11),
        {"mutual": HOLDS, "at_last": HOLDS, "possible_to_meet": HOLDS},
        "introduction -DLIAR -DDEAF",
    ),
}

NEVER_EXERCISED = {
    "election": ["`receive claim` in `quiet` of `third` never takes this branch"],  # it has the lowest number
}


@cache
def standard(system: str) -> Standard:
    reading = read(files(FOLDER / system / "spec"))
    assert reading.diagnostics == ()
    return reading.standards[0]


@cache
def explorations(system: str, flow: str) -> tuple[Exploration, ...]:
    return explore_flow(standard(system), named(standard(system).flows, flow))


def exploration(name: str) -> Exploration:
    system, flow, check = name.split(" ")
    return next(each for each in explorations(system, flow) if each.check == check)


def answer(verdict: Verdict) -> tuple[str, int | str]:
    name = verdict.name if verdict.kind == "property" else f"{verdict.kind} {verdict.name}"
    if verdict.outcome is Outcome.FAILS:
        assert verdict.trace is not None
        return name, len(verdict.trace.steps)
    return name, HOLDS if verdict.outcome is Outcome.HOLDS else verdict.outcome.value


@pytest.mark.parametrize("name", TABLE)
def test_configurations_steps_and_levels_are_those_that_spin_counts(name: str) -> None:
    found = exploration(name)

    assert (found.configurations, found.steps, found.depth) == TABLE[name].counts
    assert found.complete


@pytest.mark.parametrize("name", TABLE)
def test_what_is_known_to_fail_fails_by_a_shortest_way_and_nothing_else_does(name: str) -> None:
    assert dict(map(answer, exploration(name).verdicts)) == TABLE[name].answers


def test_every_check_of_every_system_is_in_the_table() -> None:
    checks = {
        f"{system} {flow.name} {check.name}"
        for system in SYSTEMS
        for flow in own(standard(system).flows)
        for check in flow.checks
    }

    assert checks == set(TABLE)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_checks_exercise_all_that_can_happen(system: str) -> None:
    found = [each for flow in own(standard(system).flows) if flow.checks for each in explorations(system, flow.name)]

    missing = [each.message for each in never_exercised(standard(system), found)]

    assert missing == NEVER_EXERCISED.get(system, [])


@pytest.mark.parametrize("name", TABLE)
def test_a_failure_is_told_to_its_last_step_where_the_fault_stands(name: str) -> None:
    for verdict in exploration(name).verdicts:
        if verdict.outcome is Outcome.FAILS:
            assert verdict.trace is not None
            assert [each.number for each in verdict.trace.steps if each.fault] == [len(verdict.trace.steps)]


# -- the other tool


@pytest.fixture(scope="session")
def tools() -> tuple[str, str]:
    spin, cc = shutil.which("spin"), shutil.which("cc")
    missing = [package for package, path in (("spin", spin), ("gcc", cc)) if path is None]
    if spin is None or cc is None:
        pytest.fail(f"to count again, install the Debian packages: apt-get install {' '.join(missing)}", pytrace=False)
    return spin, cc


@pytest.mark.spin
@pytest.mark.parametrize("name", TABLE)
def test_spin_counts_the_same(name: str, tools: tuple[str, str], tmp_path: Path) -> None:
    spin, cc = tools
    model, *definitions = TABLE[name].model.split(" ")
    configurations, steps, levels = TABLE[name].counts

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(spin, "-o2", "-a", *definitions, str(FOLDER / model / f"{model}.pml"))
    run(cc, "-w", "-DBFS", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c")
    told = run("./pan", "-E")

    assert "errors: 0" in told
    assert "max search depth too small" not in told
    assert number(r"(\d+) states, stored", told) == configurations + 1  # the one before its first values are set
    assert number(r"(\d+) transitions", told) == steps + 2  # that step, and pan counts the first configuration as one
    assert number(r"depth reached (\d+)", told) == levels


def number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    assert found is not None, text
    return int(found[1])
