"""Offline storage of ISO/IEC 14543-5-8: what was stored is handed over at a login, all of it, in order, and once."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from clausework.semantics.configuration import Configuration, Message
from clausework.semantics.space import Step
from graphs import Graph
from support import shipped, shipped_flow

Stored = tuple[object, ...]


@cache
def graph(name: str) -> Graph:
    """A check of one that writes to another who comes and goes, with two different messages to write."""
    flow = shipped_flow("igrs_remote_access", "stored_order")
    check = next(each for each in flow.checks if each.name == name)
    bodies = tuple((name, ("one", "two") if name == "body" else values) for name, values in check.bind)
    return Graph(shipped()["igrs_remote_access"], flow, replace(check, bind=bodies))


def stored(found: Graph, configuration: Configuration) -> Stored:
    """What the IRSP has stored for the recipient: who wrote it, and what."""
    system = found.space.system
    party = system.number_of("irsp")
    (number,) = (
        each.number
        for each in system.instances[party]
        if each.key == ("tv",) and system.programs[each.machine].machine.flow == "message_exchange"
    )
    (messages,) = found.space.party(configuration, party).instances[number].variables
    assert isinstance(messages, tuple)
    return tuple(said(each) for each in messages if isinstance(each, Message))


def said(message: Message) -> Stored:
    """A message without whether it is delayed."""
    return message.values[:-1]


def handed_over(step: Step) -> Stored:
    sends = step.reaction.sends if step.reaction else ()
    return tuple(
        said(each.message) for each in sends if each.message.name == "text_message" and each.message.values[-1]
    )


def changes(check: str) -> Iterator[tuple[Stored, Stored, Stored]]:
    found = graph(check)
    for before, step, after in found.taken():
        yield stored(found, before), handed_over(step), stored(found, after)


@pytest.mark.parametrize("check", ["recipient_cut", "irsp_restarts"])
def test_what_is_handed_over_is_all_that_was_stored_in_order_and_is_stored_no_more(check: str) -> None:
    found = [each for each in changes(check) if each[1]]

    assert {len(before) for before, _, _ in found} == {1, 2}
    assert {len(set(before)) for before, _, _ in found} == {1, 2}
    assert [(before, sent, after) for before, sent, after in found if sent != before or after] == []


@pytest.mark.parametrize("check", ["recipient_cut", "irsp_restarts"])
def test_a_message_is_stored_behind_those_before_it_and_goes_only_by_being_handed_over(check: str) -> None:
    kept = {(before, after) for before, sent, after in changes(check) if not sent and before != after}

    assert {len(after) for _, after in kept} == {1, 2}
    assert [(before, after) for before, after in kept if after[:-1] != before] == []
