"""Requests and responses: who answers what, and what becomes of an answer that comes too late."""

from collections.abc import Iterator

from clausework.explore.search.breadth_first import Search
from clausework.semantics.configuration import Configuration
from clausework.semantics.requests import STALE
from clausework.semantics.space import Space
from clausework.semantics.verdict import Outcome
from talking import explored, found, outcomes, space

ASKING = """
commands: {go: {}}
notifications: {granted: {}, told: {}}
initial: idle
states:
  idle:
    command go: {send: ask to right, to: waiting}
  waiting:
    receive accept: {notify: granted, to: idle}
    receive refuse: {to: idle}
    after patience: {to: idle}
otherwise: {later: ignore}
"""
ANSWERING = """
initial: ready
states:
  ready:
    receive ask: {send: accept to left}
"""
SLOWLY = """
commands: {grant: {}, deny: {}}
initial: ready
states:
  ready:
    receive ask: {to: asked}
  asked:
    command grant: {send: accept to left, to: ready}
    command deny: {send: refuse to left, to: ready}
    ignore: [ask]
"""


def configurations(of: Space) -> Iterator[Configuration]:
    search = Search(of, 10_000)
    search.run()
    assert not search.stopped
    return iter(search.order)


def test_a_late_answer_is_never_taken_for_a_fresh_one() -> None:
    """What `granted` answers is the request that is open, though the one before may be answered any time later."""
    claim = """
        sequences:
          stale:
            title: An answer that was under way when its request was given up is taken for the next one
            impossible: true
            steps:
              - left does: go
              - right -> left: accept
              - left waits: patience
              - never: "left -> right: ask"
              - left is told: granted
    """

    with_answers = explored(ASKING, ANSWERING, claim, "queue: 2")

    assert {each.outcome for each in with_answers.verdicts if each.kind == "sequence"} == {Outcome.HOLDS}
    assert found(with_answers) == set()


def test_who_asks_first_makes_no_difference_to_the_ids() -> None:
    """Seen red with the least id that is free, whoever asks."""
    of = space("one per: [word]\n" + ASKING.strip(), ANSWERING, "queue: 2, bind: {word: [a, b]}")
    ids: dict[int, set[int]] = {0: set(), 1: set()}
    for each in configurations(of):
        for number, instance in enumerate(of.party(each, 0).instances):
            ids[number] |= {asked.id for asked in instance.open}

    assert all(ids.values())
    assert not ids[0] & ids[1]


def test_what_belongs_to_a_request_that_ended_is_stale_in_flight() -> None:
    of = space(ASKING, ANSWERING, "queue: 2")
    stale = [
        each
        for each in configurations(of)
        if any(of.message(number).request == STALE for queue in each.queues for number in queue)
    ]

    assert stale
    for each in stale:
        open_ = {one.id for instance in of.party(each, 0).instances for one in instance.open}
        assert STALE not in open_


def test_what_answers_a_request_that_ended_before_is_stale_from_the_first() -> None:
    """Or else its id, which nobody remembers then, is given to the next request while it is still under way."""
    of = space(ASKING, SLOWLY, "queue: 2")
    answers = 0
    for each in configurations(of):
        open_ = {one.id for instance in of.party(each, 0).instances for one in instance.open}
        ids = {of.message(number).request for number in each.queues[0]}
        answers += len(ids)
        assert ids <= {STALE, *open_}

    assert answers


def test_ids_are_the_least_free_ones() -> None:
    of = space(ASKING, ANSWERING, "queue: 2")

    ids = {one.id for each in configurations(of) for instance in of.party(each, 0).instances for one in instance.open}

    assert ids == {1}


def test_a_response_that_answers_nothing_is_found() -> None:
    twice = ANSWERING.replace("{send: accept to left}", "{send: [accept to left, accept to left]}")

    assert found(explored(ASKING, twice, check="queue: 2")) == {"given-twice"}


def test_a_later_step_answers_what_is_owed() -> None:
    assert found(explored(ASKING, SLOWLY, check="queue: 2")) == set()


def test_of_requests_that_are_over_the_last_one_is_still_owed() -> None:
    """Two that were given up before they came look the same: only one of them is forgotten."""
    again = SLOWLY.replace("    ignore: [ask]\n", "    receive ask: {to: asked}\n")

    assert found(explored(ASKING, again)) == set()


def test_a_request_that_nobody_answers_is_found_where_everything_rests() -> None:
    patient = ASKING.replace("    after patience: {to: idle}\n", "    rests: true\n")
    silent = ANSWERING.replace("{send: accept to left}", "ignore")

    assert found(explored(patient, silent)) == {"never-given"}
    assert found(explored(patient, ANSWERING)) == set()


def test_a_provisional_response_keeps_the_request_open() -> None:
    """`later`, then the final answer; without `provisional` the second would answer nothing."""
    waiting = ASKING.replace("    receive refuse", "    receive later: {notify: told}\n    receive refuse").replace(
        "otherwise: {later: ignore}\n", ""
    )
    twice = ANSWERING.replace("{send: accept to left}", "{send: [later to left, accept to left]}")
    final = twice.replace("later", "refuse")
    claim = "properties:\n  told: {possible: left is idle}\n"

    assert found(explored(waiting, twice, claim, "queue: 2")) == set()
    assert found(explored(ASKING, final, claim, "queue: 2")) == {"given-twice"}


def test_without_answers_nobody_remembers_anything() -> None:
    of = space(
        ASKING.replace("ask to right", "say to right with what = one"),
        ANSWERING.replace("ask", "say").replace("{send: accept to left}", "ignore"),
    )

    for each in configurations(of):
        assert all(not one.open and not one.owed for party in (0, 1) for one in of.party(each, party).instances)


def test_rigid_decisions_give_the_same_answer_to_the_same_question() -> None:
    """`word` is asked of `one` and of `two`: each has its answer, for ever."""
    left = """
        commands: {go: {which: one|two}}
        initial: idle
        states:
          idle:
            command go: {send: say to right with what = which}
            receive tell: ignore
    """
    right = """
        variables: {yes: boolean = false, no: boolean = false}
        initial: ready
        states:
          ready:
            receive say where what = one:
              decide word: {yes: {set: {yes: true}}, no: {set: {no: true}}}
            receive say:
              decide word: {yes: {}, no: {}}
    """
    claim = """
        properties:
          one_answer: {never: right.yes and right.no}
          either: {possible: right.yes}
          either_no: {possible: right.no}
    """
    free = (
        right.replace("decide word", "decide mood")
        .replace("yes: {", "good: {")
        .replace("no: {", "bad: {")
        .replace("{yes: boolean = false, no: boolean = false}", "{yes: boolean = false, no: boolean = false}")
    )

    rigid = outcomes(explored(left, right, claim))

    assert set(rigid.values()) == {Outcome.HOLDS}
    assert outcomes(explored(left, free, claim))["one_answer"] is Outcome.FAILS
