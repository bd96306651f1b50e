"""What generated handlers do, event by event, on a help desk that has one of everything."""

from typing import Any

import pytest

from clausework.runtime import (
    Close,
    ConstraintError,
    Crossing,
    LocalProtocolError,
    Notify,
    OutOfRange,
    Peer,
    RemoteProtocolError,
    Secret,
    Send,
    SnapshotError,
    StartTimer,
    StopTimer,
    ToParty,
    ToRole,
    TwoTransitions,
    deliver,
)
from emit.python import made
from emit.python.made import Decisions, Party

serving: Any = made.module("desk", "serving")
lobby: Any = made.module("desk", "lobby")
messages: Any = made.module("desk", "messages")
vocabulary: Any = made.module("desk", "vocabulary")

NUMBERS = vocabulary.Parameters(patience=5, lease=60.0, nap=30, most_tries=2, most_waiting=2)
DESK = Peer("d", "desk", 1)
PERSON = Peer("p1", "person", 2)


def caller() -> Any:
    return serving.Caller(me="me", desk="d", parameters=NUMBERS)


def desk(*answers: Any) -> Any:
    decisions = Decisions({"worthy": answers, "rated": answers})
    return serving.Desk(me="d", caller="p1", parameters=NUMBERS, decisions=decisions)


def talking() -> Any:
    machine = caller()
    machine.call(topic="roof", now=0.0)
    machine.receive(messages.Welcome(result=vocabulary.WelcomeResult.TAKEN), DESK, now=1.0)
    return machine


def test_a_command_sends_and_starts_the_timers_of_the_states_it_enters() -> None:
    machine = caller()

    effects = machine.call(topic="roof", code=Secret("x"), now=10.0)

    hello = messages.Hello(topic="roof", code=Secret("x"))
    assert effects == (StartTimer("lease", 70.0), StartTimer("patience", 15.0), Send(hello, ToParty("d")))
    assert (machine.state, machine.about, machine.next_timer()) == (serving.CallerState.CALLING, "roof", 15.0)


def test_a_command_that_the_state_does_not_allow_is_a_local_error_with_state_event_and_clause() -> None:
    machine = caller()

    with pytest.raises(LocalProtocolError) as caught:
        machine.ask(number=1, now=0.0)

    assert (caught.value.state, caught.value.event, caught.value.clause) == ("idle", "ask", "1")
    assert machine.state is serving.CallerState.IDLE


def test_a_message_that_cannot_be_is_a_remote_error() -> None:
    machine = talking()

    with pytest.raises(RemoteProtocolError) as caught:
        machine.receive(messages.Report(busy=True, grade=vocabulary.GradeNext.LOW), DESK, now=2.0)

    assert caught.value.event == "receive report"


def test_a_message_from_a_role_that_does_not_send_it_is_a_remote_error() -> None:
    with pytest.raises(RemoteProtocolError, match="from boss"):
        caller().receive(messages.Bye(), Peer("b", "boss"), now=0.0)


def test_a_timer_of_a_compound_state_spans_the_inner_ones() -> None:
    machine = talking()

    assert machine.next_timer() == 31.0  # nap, of the group; lease still runs since 0
    assert machine.snapshot()["timers"] == {"lease": 60.0, "nap": 31.0}


def test_a_transition_to_the_same_state_rearms_its_own_timers_only() -> None:
    machine = caller()
    machine.call(topic="roof", now=0.0)

    effects = machine.expire(5.0)

    assert effects[0] == StartTimer("patience", 10.0)
    assert len(effects) == 2
    assert machine.snapshot()["timers"] == {"lease": 60.0, "patience": 10.0}


def test_a_transition_to_the_compound_state_around_rearms_that_one_too() -> None:
    machine = talking()
    machine.ask(number=3, now=2.0)

    effects = machine.receive(messages.Welcome(result=vocabulary.WelcomeResult.QUEUED), DESK, now=3.0)

    assert effects == (StopTimer("nap"), StartTimer("lease", 63.0), StartTimer("patience", 8.0))


def test_a_timer_that_is_not_running_expires_without_effect() -> None:
    machine = caller()

    assert machine.after_patience(now=1.0) == ()
    assert machine.expire(1.0) == ()


def test_an_expired_timer_is_not_told_to_stop() -> None:
    machine = talking()

    effects = machine.expire(31.0)

    assert StopTimer("nap") not in effects
    assert StopTimer("lease") in effects
    assert machine.next_timer() is None


def test_a_deferred_message_is_taken_after_the_next_change_of_state() -> None:
    machine = caller()
    machine.call(topic="roof", now=0.0)
    early = messages.Reply(number=1, grade=vocabulary.Grade.LOW)
    assert machine.receive(early, DESK, now=0.5) == ()

    effects = machine.receive(messages.Welcome(result=vocabulary.WelcomeResult.TAKEN), DESK, now=1.0)

    assert effects[-2:] == (Notify("linked"), Notify("answered", {"number": 1, "grade": vocabulary.Grade.LOW}))
    assert machine.deferred == ()


def test_deferred_messages_are_bounded() -> None:
    machine = caller()
    machine.call(topic="roof", now=0.0)
    early = messages.Reply(number=1, grade=vocabulary.Grade.LOW)
    for _ in range(8):
        machine.receive(early, DESK, now=0.5)

    with pytest.raises(RemoteProtocolError, match="too many"):
        machine.receive(early, DESK, now=0.5)
    assert len(machine.deferred) == 8


def test_where_beats_the_plain_trigger() -> None:
    machine = caller()
    machine.call(topic="roof", now=0.0)

    machine.receive(messages.Welcome(result=vocabulary.WelcomeResult.TAKEN), DESK, now=1.0)

    assert machine.state is serving.CallerState.TALKING


def test_forget_puts_everything_back() -> None:
    machine = talking()

    effects = machine.lost(DESK, now=2.0)

    assert effects[:2] == (StopTimer("lease"), StopTimer("nap"))
    assert machine.snapshot() == caller().snapshot()


def test_a_link_to_somebody_else_may_be_lost() -> None:
    assert talking().lost(Peer("x", "boss", 9), now=2.0) == ()


def test_decisions_are_asked_before_anything_is_changed() -> None:
    seen = []

    class Hooks:
        def decide_worthy(self, machine: Any, message: Any, sender: Any) -> Any:
            seen.append((machine.state, machine.served, message, sender))
            return serving.WorthyAnswer.YES_INDEED

    machine = serving.Desk(me="d", caller="p1", parameters=NUMBERS, decisions=Hooks())
    hello = messages.Hello(topic="roof")
    effects = machine.receive(hello, PERSON, now=0.0)

    assert seen == [(serving.DeskState.SHUT, 0, hello, PERSON)]
    welcome = messages.Welcome(result=vocabulary.WelcomeResult.TAKEN)
    assert effects == (Send(welcome, ToParty("p1")),)
    assert (machine.state, machine.served) == (serving.DeskState.OPEN, 1)


def test_what_a_decision_carries_can_be_sent() -> None:
    machine = desk(serving.RatedGood(grade=vocabulary.Grade.HIGH))
    machine.state = serving.DeskState.OPEN

    effects = machine.receive(messages.Question(number=7, to=frozenset()), PERSON, now=0.0)

    assert effects == (Send(messages.Reply(number=7, grade=vocabulary.Grade.HIGH), ToParty("p1")),)


def test_an_answer_that_does_not_exist_is_an_assertion_and_changes_nothing() -> None:
    machine = desk("perhaps")

    with pytest.raises(AssertionError):
        machine.receive(messages.Hello(topic="roof"), PERSON, now=0.0)
    assert machine.state is serving.DeskState.SHUT


def test_a_variable_does_not_leave_its_range() -> None:
    machine = desk(serving.RatedGood(grade=vocabulary.Grade.LOW))
    machine.state, machine.tries = serving.DeskState.OPEN, 9

    with pytest.raises(OutOfRange, match="tries"):
        machine.receive(messages.Question(number=7, to=frozenset()), PERSON, now=0.0)
    assert (machine.tries, machine.served) == (9, 0)


def test_columns_are_constants_of_the_state() -> None:
    machine = desk()
    machine.state = serving.DeskState.QUEUE

    effects = machine.receive(messages.Check(about="p1"), Peer("b", "boss"), now=0.0)

    assert effects == (Send(messages.Report(busy=False, grade=vocabulary.GradeNext.MID), ToRole("boss")),)


def test_closing_comes_after_sending() -> None:
    assert desk().drop(now=0.0) == (Send(messages.Bye(), ToParty("p1")), Close(ToParty("p1")))


def test_restarting_keeps_what_is_durable_and_nothing_else() -> None:
    machine = desk()
    machine.state, machine.served, machine.tries = serving.DeskState.OPEN, 5, 3

    machine.restarted(now=9.0)

    assert (machine.state, machine.served, machine.tries) == (serving.DeskState.SHUT, 5, 0)


def in_lobby(seed: int = 0) -> Any:
    return lobby.Caller(me="me", desk="d", parameters=NUMBERS, party=Party(seed))


def test_the_timers_of_the_first_state_are_started_once() -> None:
    machine = in_lobby()

    assert machine.start(now=1.0) == (StartTimer("nap", 31.0),)
    assert machine.restarted(now=2.0) == (StartTimer("nap", 32.0),)


def test_two_open_branches_are_an_assertion_and_nothing_happens() -> None:
    machine = in_lobby()

    with pytest.raises(TwoTransitions, match="two transitions for receive bye in state standing"):
        machine.receive(messages.Bye(), DESK, now=0.0)
    assert machine.sum_ == 3


def test_a_command_needs_what_the_flow_requires() -> None:
    class Nowhere(Party):
        def is_in(self, flow: str, machine: str, key: tuple[Any, ...], *states: str) -> bool:
            return False

    machine = lobby.Caller(me="me", desk="d", parameters=NUMBERS, party=Nowhere(0))

    with pytest.raises(LocalProtocolError, match=r"needs serving to be talking\|waiting"):
        machine.sit(now=0.0)


def test_another_machine_that_shares_the_key_is_heard_and_no_other() -> None:
    machine = in_lobby()

    machine.leaves_serving_talking_or_waiting(Crossing(key={"desk": "somebody"}, states=("talking",)), now=0.0)
    assert machine.state is lobby.CallerState.STANDING
    machine.leaves_serving_talking_or_waiting(Crossing(key={"desk": "d"}, states=("waiting", "busy")), now=0.0)
    assert machine.state is lobby.CallerState.STANDING  # the trigger of `anywhere`, which ignores it
    machine.leaves_serving_talking_or_waiting(Crossing(key={"desk": "d"}, states=("talking",)), now=0.0)
    assert machine.state is lobby.CallerState.SITTING


def test_a_message_that_no_state_knows_closes_the_link_where_the_machine_says_so() -> None:
    machine = in_lobby()
    machine.state = lobby.CallerState.SITTING

    effects = machine.receive(messages.Welcome(result=vocabulary.WelcomeResult.TAKEN), DESK, now=0.0)

    assert effects == (Send(messages.Bye(), DESK.way_back), Close(DESK.way_back, told=True))


def test_notifications_are_delivered_by_name_and_the_rest_is_for_the_network() -> None:
    told = []

    class Hooks:
        def on_linked(self) -> None:
            told.append("linked")

        def on_over(self, reason: Any) -> None:
            told.append(reason)

    effects = talking().hang_up(now=2.0)

    assert deliver((Notify("linked"), *effects), Hooks()) == effects[:-1]
    assert told == ["linked", vocabulary.OverReason.DONE]


@pytest.mark.parametrize(
    "spoilt",
    [
        None,
        [],
        {},
        {"state": "nowhere"},
        {"machine": "serving.desk"},
        {"variables": {}},
        {"variables": {"tries": True, "about": "", "last": None}},
        {"variables": {"tries": 6, "about": "", "last": None}},
        {"timers": {"lunch": 1.0}},
        {"timers": {"nap": float("nan")}},
        {"deferred": [["x"]]},
        {"deferred": None},
        {"more": 1},
    ],
)
def test_what_is_not_a_snapshot_is_refused(spoilt: Any) -> None:
    data = {**caller().snapshot(), **spoilt} if isinstance(spoilt, dict) and spoilt else spoilt

    with pytest.raises(SnapshotError):
        serving.Caller.restore(data, me="me", desk="d", parameters=NUMBERS)


def test_a_message_refuses_what_is_outside_its_constraints() -> None:
    with pytest.raises(ConstraintError) as caught:
        messages.Question(number=100, to=frozenset())
    assert str(caught.value) == "question.number is 100, but must be integer 0..99"
    with pytest.raises(ConstraintError):
        messages.Hello(topic="")


def test_a_table_of_the_standard_is_an_enumeration_with_properties() -> None:
    assert [(grade.weight, grade.next_) for grade in vocabulary.Grade] == [(1, "mid"), (5, "high"), (9, None)]


def test_parameters_refuse_what_is_outside_their_type() -> None:
    with pytest.raises(ConstraintError, match="most_tries"):
        vocabulary.Parameters(patience=5, lease=60.0, nap=30, most_tries=6, most_waiting=2)


def test_instances_are_small() -> None:
    import sys

    machine = talking()
    assert sys.getsizeof(machine) < 150
    assert not hasattr(machine, "__dict__")
