"""A stage plays what its parties do, in order, and nothing by itself.

Seen red with a cut that empties what is still to be read, and with a timer that is looked for by its name alone.
"""

import pytest

from clausework.runtime import LocalProtocolError
from clausework.runtime.stage import Line, Stage, unchecked
from clausework_standards.doorbell import parties, ringing, vocabulary


def doorbell() -> tuple[Stage, parties.Button, parties.House, Line]:
    stage = Stage()
    visitor = stage.enters(parties.Button(me="anna", parameters=vocabulary.Parameters(patience=30.0)))
    house = stage.enters(parties.House(me="gate"))
    wire = stage.joins(visitor, house, over="wire")
    stage.begins()
    return stage, visitor, house, wire


def test_what_is_sent_arrives_when_it_is_received_and_in_order() -> None:
    stage, visitor, house, wire = doorbell()
    stage.does(visitor, ringing.Visitor.press)
    stage.waits(visitor, ringing.Visitor, "patience")

    assert stage.now == 32.0
    assert stage.state(house, ringing.House) == "quiet"
    with pytest.raises(AssertionError, match="ring comes first"):
        stage.receives(house, "leave", wire)
    stage.receives(house, "ring", wire)
    assert stage.state(house, ringing.House) == "ringing"


def test_nothing_arrives_that_was_not_sent() -> None:
    stage, _, house, wire = doorbell()

    with pytest.raises(AssertionError, match="nothing is on its way to gate"):
        stage.receives(house, "ring", wire)


def test_a_line_that_is_cut_can_be_read_to_its_end_and_takes_nothing_more() -> None:
    stage, visitor, house, wire = doorbell()
    stage.does(visitor, ringing.Visitor.press)
    stage.cuts(wire)
    stage.waits(visitor, ringing.Visitor, "patience")

    stage.receives(house, "ring", wire)
    assert not wire.queues["gate"]


def test_who_has_noticed_reads_no_more_until_it_is_opened_again() -> None:
    stage, visitor, house, wire = doorbell()
    stage.does(visitor, ringing.Visitor.press)
    stage.cuts(wire)
    stage.notices(house, wire)
    assert not wire.queues["gate"]

    stage.notices(visitor, wire)
    stage.opens(wire)
    assert (wire.of(visitor), wire.of(house)) == (2, 1)
    stage.accepts(house, wire)
    assert wire.up
    assert wire.of(visitor) == wire.of(house) == 2


def test_a_message_can_be_lost_on_its_way() -> None:
    stage, visitor, house, wire = doorbell()
    stage.does(visitor, ringing.Visitor.press)

    stage.loses(house, wire)

    assert not wire.queues["gate"]


def test_what_is_refused_is_refused_as_by_the_party_alone() -> None:
    stage, visitor, _, _ = doorbell()
    stage.does(visitor, ringing.Visitor.press)

    with pytest.raises(LocalProtocolError):
        stage.does(visitor, ringing.Visitor.press)


def test_an_answer_must_be_given_beforehand() -> None:
    with pytest.raises(AssertionError, match="no answer was given"):
        Stage().decisions.decide_anything()


def test_numbers_may_be_smaller_than_the_standard_allows() -> None:
    assert unchecked(vocabulary.Parameters, patience=-1.0).patience == -1.0
