"""Whatever happens to any generated machine: only declared errors, whole steps, and two ways to make it that agree."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clausework.runtime import LocalProtocolError, OutOfRange, RemoteProtocolError, Requesting, TwoTransitions
from emit.python import made
from emit.python.made import Boom, Subject

SUBJECTS = made.subjects()
EVERY = pytest.mark.parametrize("subject", SUBJECTS, ids=str)
QUICK = settings(max_examples=20, suppress_health_check=list(HealthCheck))
DECLARED = (LocalProtocolError, RemoteProtocolError, TwoTransitions, OutOfRange)


def tried(step: Any) -> tuple[str, Any]:
    """What a step gave, or the kind of error."""
    try:
        return "effects", step()
    except DECLARED as error:
        return type(error).__name__, None
    except AssertionError as error:  # `given`: the surroundings of these tests are less careful than a real party
        return f"assertion {error}", None


@EVERY
@QUICK
@given(data=st.data())
def test_the_handler_and_the_statemachine_class_walk_in_lock_step(subject: Subject, data: st.DataObject) -> None:
    seed = data.draw(st.integers(0, 99))
    numbers, answers = data.draw(made.parameters(subject)), data.draw(made.decisions(subject))
    one, other = made.handler(subject, numbers, answers, seed), made.chart(subject, numbers, answers, seed)
    assert one.start(now=0.0) == other.start(now=0.0)

    for number, happening in enumerate(data.draw(st.lists(made.happenings(subject), max_size=12))):
        now = float(number)
        left, right = tried(lambda: happening.to_handler(one, now)), tried(lambda: happening.to_chart(other, now))  # noqa: B023  called at once
        if left[0] == "TwoTransitions":  # the library takes the first, and cannot know
            return
        assert left == right, happening.event.name
        assert one.state == other.current_state_value
        assert made.memory(subject, one) == made.memory(subject, other.model)
        assert one.deferred == other.deferred
        if isinstance(one, Requesting):
            assert [tuple(each) for each in one.open] == [
                (kind, link, number_, scope) for (kind, link, scope), number_ in other.talk.opened.items()
            ]
            assert [tuple(each) for each in one.owed] == other.talk.debts


@EVERY
@QUICK
@given(data=st.data())
def test_a_step_that_raises_leaves_no_trace(subject: Subject, data: st.DataObject) -> None:
    numbers, answers = data.draw(made.parameters(subject)), data.draw(made.decisions(subject, raising=True))
    machine = made.handler(subject, numbers, answers, data.draw(st.integers(0, 99)))

    for happening in data.draw(st.lists(made.happenings(subject), max_size=12)):
        before = machine.snapshot()
        try:
            happening.to_handler(machine, 1.0)
        except (*DECLARED, AssertionError, Boom):
            if happening.event.kind != "restarted":
                assert machine.snapshot() == before


@EVERY
@QUICK
@given(data=st.data())
def test_a_snapshot_restores_what_it_was_taken_of(subject: Subject, data: st.DataObject) -> None:
    numbers, answers = data.draw(made.parameters(subject)), data.draw(made.decisions(subject))
    machine = made.handler(subject, numbers, answers, 1)
    machine.start(now=0.0)
    for happening in data.draw(st.lists(made.happenings(subject), max_size=8)):
        tried(lambda: happening.to_handler(machine, 1.0))  # noqa: B023  called at once

    snapshot = machine.snapshot()
    fresh = made.handler(subject, numbers, answers, 1)
    wanted = type(machine).restore.__func__.__annotations__
    given_ = {"me": "p0", "parameters": numbers, "decisions": made.Decisions(answers), "party": made.Party(1)}
    given_ |= made.keys(subject)
    again = type(fresh).restore(snapshot, **{name: value for name, value in given_.items() if name in wanted})

    assert again.snapshot() == snapshot
    assert again.state is machine.state
    assert made.memory(subject, again) == made.memory(subject, machine)
