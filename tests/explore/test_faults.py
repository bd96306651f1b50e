"""What the world does: links cut and noticed at each end, restarts, datagrams, attackers; each as often as is said."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from clausework.explore.search.breadth_first import Search
from clausework.semantics.configuration import BROKEN, CUT, DOWN, UP, Configuration
from clausework.semantics.space import Space, Step
from clausework.semantics.telling import tell
from clausework.semantics.verdict import Outcome
from talking import explored, found, length, outcomes, space

TELLING = """
commands: {go: {which: one|two}}
initial: idle
states:
  idle:
    command go:
      when: {right is connected: {send: say to right with what = which}, else: ignore}
    lost right: {to: alone}
    restored right: ignore
  alone:
    restored right: {to: idle}
    lost right: ignore
"""
HEARING = """
notifications: {heard: {}}
variables: {last: one|two = one}
initial: quiet
states:
  quiet:
    receive say: {set: {last: what}, notify: heard, to: spoken}
  spoken:
    rests: true
    receive say: {set: {last: what}, notify: heard}
    lost left: {to: quiet}
"""
ONCE_EACH = """
commands: {go: {}}
initial: idle
states:
  idle:
    command go: {send: say to connection with what = one}
    lost connection: {to: alone}
  alone:
    restored connection: {to: idle}
"""
SENDING = """
commands: {send: {which: one|two}}
initial: idle
states:
  idle:
    command send:
      when: {left is connected: {send: card to left with number = which}, else: ignore}
"""
READING = """
notifications: {read: {}}
initial: idle
states:
  idle:
    receive card: {notify: read}
"""


def steps(of: Space) -> Iterator[tuple[Configuration, Step]]:
    search = Search(of, 20_000)
    search.run()
    assert not search.stopped
    for each in search.order:
        yield from ((each, step) for step in of.steps(each))


def kinds(of: Space) -> Counter[str]:
    return Counter(step.label.kind for _, step in steps(of))


def wires(of: Space) -> set[str]:
    return {wire for configuration, _ in steps(of) for wire in configuration.wires}


# -- connections


def test_each_end_notices_in_its_own_time_and_may_still_read_what_was_sent() -> None:
    of = space(TELLING, HEARING, "queue: 2, faults: [lost l once]")
    late = [each for each, step in steps(of) if step.label.kind == "deliver" and CUT in each.wires]

    assert late
    assert wires(of) == {UP, CUT, DOWN}


def test_what_is_sent_into_a_cut_link_vanishes() -> None:
    of = space(TELLING, HEARING, "queue: 2, faults: [lost l once]")

    vanished = 0
    for before, step in steps(of):
        if step.label.kind == "command" and step.reaction is not None and step.target is not None:
            for send in step.reaction.sends:
                if send.link is not None and before.wires[send.link] == CUT:
                    vanished += 1
                    assert step.target.queues == before.queues
    assert vanished


def test_together_nothing_happens_before_both_ends_have_noticed() -> None:
    of = space(TELLING, HEARING, "queue: 2, faults: [lost l once], notice: together")

    assert wires(of) == {UP, BROKEN, DOWN}
    assert {step.label.kind for before, step in steps(of) if BROKEN in before.wires} == {"notice"}


def test_together_is_named_in_the_verdict() -> None:
    bounds = explored(TELLING, HEARING, check="faults: [lost l once], notice: together").bounds

    assert "both ends notice a lost connection before anything else happens" in bounds
    assert "l may lose a connection once" in bounds


@pytest.mark.parametrize(("often", "times"), [("once", 1), ("twice", 2), ("3 times", 3)])
def test_a_fault_happens_so_often_as_is_said(often: str, times: int) -> None:
    of = space(TELLING, HEARING, f"faults: [lost l {often}]")

    assert {each.left for each, _ in steps(of)} == {(left,) for left in range(times + 1)}
    assert all(each.left[0] for each, step in steps(of) if step.label.kind == "cut")


def test_who_opens_a_link_sees_it_first_and_nothing_is_delivered_before_it_is_accepted() -> None:
    of = space(TELLING, HEARING, "queue: 2, down: [l]")

    assert of.start().wires == (DOWN,)
    for before, step in steps(of):
        if step.label.kind == "accept":
            assert step.label.link is not None
            assert step.label.party == of.system.links[step.label.link].server
        if step.label.kind == "deliver":
            assert step.label.link is not None
            assert step.label.link in of.party(before, step.label.party).seen
    assert kinds(of)["accept"]


def test_who_is_lost_tells_all_that_listen() -> None:
    claim = """
        properties:
          reset: {settled: left is alone implies right is quiet or right is spoken}
          alone: {never: left is alone}
    """

    assert outcomes(explored(TELLING, HEARING, claim, "faults: [lost l once]"))["alone"] is Outcome.FAILS
    assert outcomes(explored(TELLING, HEARING, claim))["alone"] is Outcome.HOLDS


def test_a_message_sent_where_nobody_is_seen_is_found_with_the_shortest_way() -> None:
    careless = TELLING.replace(
        "when: {right is connected: {send: say to right with what = which}, else: ignore}",
        "{send: say to right with what = which}",
    )
    careless = careless.replace("    command go:\n      {", "    command go: {").replace(
        "lost right: {to: alone}", "lost right: ignore"
    )

    exploration = explored(careless, HEARING, check="faults: [lost l once]")

    assert found(exploration) == {"sent-to-nowhere"}
    assert length(exploration, "sent-to-nowhere") == 3


def test_what_vanishes_is_what_was_on_the_link_that_is_gone() -> None:
    """With two connections at once.  Seen to fail when it is the message that was sent last."""
    of = space("one per: connection\n" + ONCE_EACH, HEARING, "connections: {l: 2}, queue: 2, faults: [lost l once]")
    vanished = 0
    for seed in range(60):
        chance, at, run = random.Random(seed), of.start(), list[Step]()
        for _ in range(30):
            run.append(chance.choice([step for step in of.steps(at) if step.target is not None]))
            at = run[-1].target or at
        went: dict[int, int | None] = {}
        for step, words in zip(run, tell(of, of.start(), run).steps, strict=True):
            for sent, send in zip(words.sends, step.reaction.sends if step.reaction else (), strict=True):
                went[sent.number] = send.link
            assert {went[each] for each in words.vanished} <= {step.label.link}
            vanished += len(words.vanished)

    assert vanished


# -- restarts


def test_a_restart_forgets_what_is_not_durable_and_sees_no_link_but_of_datagrams() -> None:
    of = space(TELLING.rstrip() + "\notherwise: {card: ignore}\n", HEARING, "faults: [restart r once]")
    restarted = [step for _, step in steps(of) if step.label.kind == "restart"]

    assert restarted
    for step in restarted:
        assert step.target is not None
        after = of.party(step.target, 1)
        assert {of.system.links[link].connection for link in after.seen} == {"post"}
        assert after.instances == of.system.start(1).instances
        assert {link.connection for link in of.system.links if step.target.wires[link.number] == UP} == {"post"}


def test_what_is_durable_stays() -> None:
    durable = HEARING.replace("initial: quiet", "durable: [last, state]\ninitial: quiet")
    of = space(TELLING, durable, "faults: [restart r once]")
    after = {
        of.party(step.target, 1).instances[0]
        for _, step in steps(of)
        if step.label.kind == "restart" and step.target is not None
    }

    expected = {("quiet", ("one",)), ("spoken", ("one",)), ("spoken", ("two",))}
    assert {(each.state, each.variables) for each in after} == expected


def test_who_restarted_reacts_after_it_has_forgotten() -> None:
    waking = HEARING.replace("  quiet:\n", "  quiet:\n    restarted: {set: {last: two}}\n").replace(
        "    lost left: {to: quiet}", "    lost left: {to: quiet}\n    restarted: ignore"
    )
    claim = "properties:\n  two: {never: right is quiet and right.last = two}\n"
    mute = TELLING.replace("go: {which: one|two}", "go: {which: one|two}")

    assert outcomes(explored(mute, waking, claim, "faults: [restart r once]"))["two"] is Outcome.FAILS


# -- datagrams


@pytest.mark.parametrize("fault", ["loss", "duplication", "swap"])
def test_datagrams_are_lost_repeated_and_swapped_at_the_head_of_their_queue(fault: str) -> None:
    of = space(READING, SENDING, f"queue: 2, faults: [{fault}]")
    changed = 0
    for before, step in steps(of):
        if step.label.kind != fault:
            continue
        assert step.target is not None
        assert step.label.link is not None
        assert of.system.links[step.label.link].datagram
        for was, is_ in zip(before.queues, step.target.queues, strict=True):
            if was != is_:
                changed += 1
                expected = {"loss": was[1:], "duplication": (was[0], *was), "swap": (*was[1::-1], *was[2:])}
                assert is_ == expected[fault]
    assert changed


def test_other_connections_are_never_disturbed() -> None:
    assert not kinds(space(TELLING, HEARING, "queue: 2, faults: [loss, duplication, swap]")) & Counter(
        loss=1, duplication=1, swap=1
    )


def test_only_the_message_that_is_named_is_lost() -> None:
    of = space(READING, SENDING, "queue: 1, faults: [loss of card once]")

    assert kinds(of)["loss"]


# -- attackers


def test_an_attacker_says_anything_on_its_own_links_if_nothing_is_under_way() -> None:
    of = space(TELLING, HEARING, "faults: [attack l]")
    said = set()
    for before, step in steps(of):
        if step.label.kind == "attack":
            assert step.target is not None
            assert step.label.link is not None
            assert step.target.parties == before.parties
            assert before.queues[2 * step.label.link + 1] == ()
            assert step.label.message is not None
            said.add(of.message(step.label.message).values)

    assert said == {("one",), ("two",)}


def test_an_attacker_makes_a_claim_fail_that_holds_among_honest_parties() -> None:
    honest = TELLING.replace("which: one|two", "").replace("with what = which", "with what = one")
    claim = "properties:\n  never_two: {never: right.last = two}\n"

    assert outcomes(explored(honest, HEARING, claim))["never_two"] is Outcome.HOLDS
    assert outcomes(explored(honest, HEARING, claim, "faults: [attack l]"))["never_two"] is Outcome.FAILS
