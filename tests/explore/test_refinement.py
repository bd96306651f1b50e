"""A flow stands for a larger one only if it can do whatever is seen of that: each way to be wrong is found, with its run."""

import pytest

from clausework.explore import explore_flow
from clausework.explore.refinement.deriving import derived
from clausework.model.standard import named
from clausework.pipeline import runs, trace_drawing
from clausework.semantics.verdict import Outcome, Verdict
from lines import LARGE, SMALL, changed, standard


def verdicts(line: str = SMALL, talk: str = LARGE) -> dict[str, Verdict]:
    made = standard(line, talk)
    (found,) = explore_flow(made, named(made.flows, "line"))
    return {each.name if each.kind != "never-matched" else each.kind: each for each in found.verdicts}


def failure(line: str = SMALL, talk: str = LARGE) -> Verdict:
    """What check `once` finds."""
    found = verdicts(line, talk)["talk.once"]
    assert found.outcome is Outcome.FAILS
    assert found.run_of == ("talk", "once")
    return found


def said(verdict: Verdict) -> str:
    assert verdict.diagnostic is not None
    return verdict.diagnostic.message


def told(verdict: Verdict) -> list[str]:
    assert verdict.trace is not None
    return [f"{each.party} {each.kind} {each.name}" for each in verdict.trace.steps]


def test_what_can_do_all_that_is_seen_stands_for_it_with_as_many_users_as_there_are() -> None:
    found = verdicts()

    assert {name: (each.outcome, each.expected) for name, each in found.items()} == {
        "talk.once": (Outcome.HOLDS, True),
        "talk.twice": (Outcome.HOLDS, True),
        "talk.mallory": (Outcome.NOT_LOOKED_AT, True),
    }
    assert (found["talk.once"].looked, found["talk.twice"].looked) == (7, 49)


def test_any_number_of_steps_that_are_not_seen_may_come_between() -> None:
    """A connection is opened, and accepted, before the first step that is seen."""
    found = verdicts(changed(SMALL, ("shop: box}, queue: 2}", "shop: box}, queue: 2, down: [zoe]}")))

    assert found["talk.once"].outcome is Outcome.HOLDS


def test_a_step_that_is_missing_is_found_by_the_shortest_run_that_takes_it() -> None:
    found = failure(changed(SMALL, ("receive farewell: {to: down}", "receive farewell: {}")))

    assert said(found) == "`line` cannot follow: `box` goes from `up` to `down` while `user` is in `down`"
    assert told(found) == [
        "ann command call",
        "hall deliver ask",
        "ann deliver yes_sir",
        "ann command end",
        "hall deliver bye",
    ]
    assert found.diagnostic is not None
    assert found.diagnostic.help == "in `line`, nobody goes anywhere from there"
    assert found.trace is not None
    assert found.trace.steps[-1].fault == said(found)


def test_who_is_first_counts() -> None:
    first = changed(
        SMALL,
        ("commands: {admit: {}}", "commands: {}"),
        ("commands: {hang_up: {}}", "commands: {hang_up: {}, dial: {}}"),
        ("receive welcome: {to: up}", "command dial: {send: farewell to connection, to: up}"),
        ("command admit: {send: welcome to connection, to: up}", "receive farewell: {to: up}"),
    )

    found = failure(first)

    assert told(found) == ["ann command call", "hall deliver ask"]
    assert said(found) == "`line` cannot follow: `box` goes from `down` to `up` while `user` is in `down`"
    assert found.diagnostic is not None
    assert found.diagnostic.help == "in `line`, `user` goes from `down` to `up` while `box` is in `down`"


def test_a_beginning_that_is_seen_otherwise_is_found() -> None:
    found = failure(
        changed(
            SMALL, ("down: user is idle|asking, up: user is talking", "up: user is idle|asking, down: user is talking")
        )
    )

    assert said(found) == "`line` does not begin as `talk` does, with `user` in `up` and `box` in `down`"
    assert told(found) == []


@pytest.mark.parametrize(
    ("seen", "message", "steps"),
    [
        ("down: user is idle, up: user is talking", "`user` is seen in no state here", 1),
        ("down: user is idle|asking|talking, up: user is talking", "`user` is seen in `down` and in `up` at once", 3),
    ],
)
def test_a_configuration_that_is_seen_as_no_state_or_as_two_is_found(seen: str, message: str, steps: int) -> None:
    found = failure(changed(SMALL, ("down: user is idle|asking, up: user is talking", seen)))

    assert found.kind == "unclear-state"
    assert said(found) == message
    assert len(told(found)) == steps


def test_what_is_never_seen_is_a_note_and_no_mistake() -> None:
    more = changed(
        SMALL,
        ("commands: {admit: {}}", "commands: {admit: {}, drop: {}}"),
        (
            "        rests: true\n            receive farewell",
            "        rests: true\n            command drop: {to: down}\n            receive farewell",
        ),
    )
    more = changed(more, ("receive farewell: {to: down}", "receive farewell: {to: down}\n        otherwise: ignore"))

    found = verdicts(more)

    assert found["talk.once"].outcome is Outcome.HOLDS
    assert "never-matched" not in found  # the box goes from `up` to `down` in `talk`, too
    away = changed(
        more,
        ("drop: {to: down}", "drop: {to: away}"),
        (
            "            receive farewell: {to: down}",
            "            receive farewell: {to: down}\n          away: {rests: true}",
        ),
        ("box: {down: box is idle, up: box is talking}", "box: {down: box is idle, up: box is talking, away: false}"),
    )
    note = verdicts(away)["never-matched"]
    assert note.expected
    assert said(note) == "`talk` is never seen to do what its stand-in can: `box` goes from `up` to `away`"


def test_a_step_that_changes_two_sessions_at_once_is_no_two_steps() -> None:
    """In the larger flow, the box ends one connection in the step in which it begins to talk over another."""
    lost = "        otherwise: ignore\n        anywhere: {lost connection: {to: %s}}\n        initial: %s\n"
    talk = changed(
        LARGE,
        (
            "{send: yes_sir to connection, to: talking}",
            "{send: yes_sir to connection, close: each other connection of sender, to: talking}",
        ),
        (
            "once: {parties: {ann: user, hall: box}, queue: 2}",
            "once: {parties: {ann: user, hall: box}, connections: {ann: 2}, queue: 2}",
        ),
    ).replace("        initial: idle\n", lost % ("idle", "idle"))
    line = changed(
        SMALL,
        (
            "plain: {parties: {zoe: user, shop: box}, queue: 2}",
            "plain: {parties: {zoe: user, shop: box}, queue: 2, faults: [lost]}",
        ),
    ).replace("        initial: down\n", lost % ("down", "down"))

    assert verdicts(line, talk)["talk.twice"].outcome is Outcome.HOLDS
    assert said(failure(line, talk)) == (
        "`line` cannot follow: `box` of session 1 goes from `up` to `down` and `box` of session 2 goes from `down` to `up`"
        " while `user` of session 1 is in `down` and `user` of session 2 is in `down`"
    )


def test_the_check_is_explored_for_the_parties_that_play_the_same_parts() -> None:
    own = changed(
        SMALL,
        (
            "plain: {parties: {zoe: user, shop: box}, queue: 2}",
            "plain: {parties: {zoe: user, shop: box}, queue: 2, down: [zoe], faults: [restart shop once, lost zoe], commands: {shop: []}}",
        ),
    )
    made = standard(own)
    line, talk = named(made.flows, "line"), named(made.flows, "talk")

    check = derived(made, line, line.checks[0], talk.checks[1])

    assert [str(each.name) for each in check.parties] == ["ann", "ben", "hall"]
    assert check.down == ("ann", "ben")
    assert [(str(each.kind), str(each.subject)) for each in check.faults] == [
        ("restart", "hall"),
        ("lost", "ann"),
        ("lost", "ben"),
    ]
    assert check.commands == (("hall", ()),)


def test_a_state_that_has_its_connection_has_it_in_the_larger_flow_too() -> None:
    deaf = changed(LARGE, ("receive yes_sir: {to: talking}", "receive yes_sir: {close: connection, to: talking}"))
    deaf = changed(deaf, ("command end: {send: bye to connection, to: idle}", "command end: {to: idle}"))
    deaf = changed(
        deaf,
        ("command call: {send: ask to connection, to: asking}", "command call: {send: ask to connection, to: asking}"),
    )

    found = failure(talk=deaf)

    assert said(found) == "`user` is seen in `up`, where its stand-in has its connection: here is none"
    assert told(found)[-1] == "ann deliver yes_sir"


def test_runs_that_begin_in_the_midst_are_followed_from_wherever_the_stand_in_can_be() -> None:
    midst = "      once: {parties: {ann: user, hall: box}, queue: 2, given: {ann: user of hall is talking, hall: box of ann is talking}}\n"
    text = changed(LARGE, ("      once: {parties: {ann: user, hall: box}, queue: 2}\n", midst))

    assert verdicts(talk=text)["talk.once"].outcome is Outcome.HOLDS


def test_where_the_search_is_stopped_nothing_is_known() -> None:
    text = changed(
        LARGE,
        (
            "once: {parties: {ann: user, hall: box}, queue: 2}",
            "once: {parties: {ann: user, hall: box}, queue: 2, most: 3}",
        ),
    )

    assert verdicts(talk=text)["talk.once"].outcome is Outcome.UNKNOWN


def test_sessions_that_have_no_counterpart_are_told() -> None:
    other = changed(LARGE, ("      box:\n        one per: connection\n", "      box:\n"))
    other = other.replace(
        "to connection, to: talking}\n                bad: {send: no_sir to connection}",
        "to sender, to: talking}\n                bad: {send: no_sir to sender}",
    )
    line = changed(
        SMALL,
        ("      user:\n        one per: connection\n", "      user:\n"),
        ("send: farewell to connection", "send: farewell to box"),
    )
    line = changed(
        line,
        ("      box:\n        one per: connection\n", "      box:\n"),
        ("send: welcome to connection", "send: welcome to user"),
    )
    other = other.replace(
        "twice: {parties: {ann: user, ben: user, hall: box}, queue: 2}",
        "twice: {parties: {ann: user, hall: box}, connections: {ann: 2}, queue: 2}",
    )

    found = verdicts(line, other)["talk.twice"]

    assert found.kind == "unmatched-session"
    assert said(found) == "of `ann` and `hall` there are 2 sessions in `talk`, where there has to be one"


def test_a_failure_is_explained_drawn_and_kept_as_a_run_of_the_larger_flow() -> None:
    two = ("parties: {zoe: user, shop: box}", "parties: {zoe: user, yan: user, shop: box}")
    made = standard(changed(SMALL, ("receive farewell: {to: down}", "receive farewell: {}"), two))
    line = named(made.flows, "line")
    (exploration,) = explore_flow(made, line)

    shrunk = runs.shrunk(made, line, line.checks[0], exploration)
    explained = runs.explained(made, line, line.checks[0], shrunk)

    verdict = next(each for each in explained.verdicts if each.name == "talk.once")
    assert verdict.without == ()  # parties of the stand-in's check: none of them takes part in this run
    assert verdict.explanation is not None
    assert any("is in `idle` since step 5" in each.text for each in verdict.explanation.reasons)
    assert isinstance(trace_drawing(explained, verdict, "found"), bytes)
    kept = runs.kept(made, line, line.checks[0], verdict, "found")
    assert [each.path for each in kept.artifacts] == ["found.yaml", "test_found.py"]
    assert "flow `talk`" in kept.artifacts[0].text
