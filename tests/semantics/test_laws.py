"""The laws of the meaning that concern what is explored so far, on random small specifications and on shipped ones.

Each was seen to fail on a seeded fault, which its docstring names.
"""

from collections import Counter
from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings

from clausework.explore.verdicts.looking import Looked
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, named, own
from clausework.semantics.building import system
from clausework.semantics.configuration import BROKEN, Message, PartyState
from clausework.semantics.events import Commanded, Delivered, Event
from clausework.semantics.space import Space
from clausework.semantics.step import commands, expiries, react
from clausework.semantics.system import System
from graphs import MOST, Graph, backwards, ends, every_check, graph
from possible import possible_or_dead
from strategies import MESSAGES, VOCABULARY, Small, smalls
from support import shipped, small_standard

# -- the explorer against a naive one


def naive(system_: System) -> tuple[int, int]:
    """Configurations and steps, depth first over plain values: no numbers, nothing remembered, no order."""
    start = tuple(system_.start(party) for party in range(len(system_.parties)))
    waiting: list[tuple[tuple[PartyState, ...], tuple[tuple[Message, ...], ...]]] = [
        (start, ((),) * (2 * len(system_.links)))
    ]
    seen: set[object] = set()
    steps = 0
    while waiting:
        parties, queues = waiting.pop()
        if (parties, queues) in seen:
            continue
        seen.add((parties, queues))
        events: list[tuple[int, Event, tuple[tuple[Message, ...], ...]]] = []
        for party, state in enumerate(parties):
            events += [(party, event, queues) for event in commands(system_, party, state)]
            events += [(party, event, queues) for event in expiries(system_, party, state)]
        for index, queue in enumerate(queues):
            if queue:
                link = system_.links[index // 2]
                popped = (*queues[:index], queue[1:], *queues[index + 1 :])
                events.append((ends(link)[index % 2], Delivered(index // 2, queue[0]), popped))
        for party, event, left in events:
            for reaction in react(system_, party, parties[party], event):
                if reaction.after is None:
                    continue
                after = list(left)
                for send in reaction.sends:
                    assert send.link is not None
                    side = 1 - ends(system_.links[send.link]).index(party)
                    after[2 * send.link + side] = (*after[2 * send.link + side], send.message)
                if all(len(queue) <= system_.check.queue for queue in after):
                    steps += 1
                    waiting.append(((*parties[:party], reaction.after, *parties[party + 1 :]), tuple(after)))
    return len(seen), steps


@given(smalls())
@settings(max_examples=60)
def test_the_explorer_finds_what_a_naive_search_finds(drawn: Small) -> None:
    """Seen to fail when a message delivered stays in its queue."""
    explored = graph(drawn, queue=1)

    if not explored.search.stopped:
        assert (len(explored.search.order), explored.search.steps) == naive(explored.space.system)


# -- network


@given(smalls())
@settings(max_examples=150)
def test_n1_what_is_received_is_a_prefix_of_what_was_sent(drawn: Small) -> None:
    """Along every shortest way, by link and direction.  Seen to fail when the last message is delivered first."""
    explored = graph(drawn, queue=2)
    for number in range(0, len(explored.search.order), 3):
        sent: dict[int, list[Message]] = {}
        received: dict[int, list[Message]] = {}
        for step in explored.search.way(number):
            event, party = step.label.event, step.label.party
            if isinstance(event, Delivered):
                received.setdefault(2 * event.link + party, []).append(event.message)
            for send in step.reaction.sends if step.reaction else ():
                assert send.link is not None
                sent.setdefault(2 * send.link + 1 - party, []).append(send.message)
        for queue, messages in received.items():
            assert messages == sent[queue][: len(messages)]
        for queue, content in enumerate(explored.search.order[number].queues):  # N2, N4: nothing vanishes or merges
            assert len(sent.get(queue, [])) == len(received.get(queue, [])) + len(content)


@given(smalls())
@settings(max_examples=40)
def test_n5_no_queue_is_ever_above_its_bound(drawn: Small) -> None:
    """Seen to fail when room is looked for in the queue as it was before the step."""
    explored = graph(drawn)
    bound = explored.space.system.check.queue

    assert all(len(queue) <= bound for each in explored.search.order for queue in each.queues)


# -- steps


@given(smalls())
@settings(max_examples=40)
def test_d1_a_label_has_one_successor(drawn: Small) -> None:
    """Seen to fail when reactions are not numbered in their labels."""
    explored = graph(drawn)
    for steps in explored.steps:
        assert max(Counter(step.label for step in steps).values(), default=1) == 1


@given(smalls())
@settings(max_examples=30)
def test_d2_the_order_of_writing_means_nothing(drawn: Small) -> None:
    """Seen to fail when the first of two enabled transitions wins."""
    text = yaml.safe_dump(backwards(yaml.safe_load(drawn.text)), sort_keys=False)
    turned = Small(text, small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=text))

    one, other = graph(drawn), graph(turned)

    if not one.search.stopped:
        assert (len(one.search.order), one.search.steps, one.search.depth) == (
            len(other.search.order),
            other.search.steps,
            other.search.depth,
        )


@given(smalls())
@settings(max_examples=40)
def test_d3_a_step_changes_one_party_and_takes_at_most_one_message(drawn: Small) -> None:
    """Seen to fail when another party's state is replaced."""
    explored = graph(drawn)
    for number, steps in enumerate(explored.steps):
        before = explored.search.order[number]
        for step in steps:
            if step.target is None:
                continue
            changed = [party for party, state in enumerate(before.parties) if step.target.parties[party] != state]
            assert set(changed) <= {step.label.party}
            sends = len(step.reaction.sends) if step.reaction else 0
            in_flight = sum(map(len, step.target.queues)) - sum(map(len, before.queues))
            assert in_flight == sends - (step.label.kind == "deliver")


@given(smalls())
@settings(max_examples=40)
def test_d5_what_is_impossible_changes_nothing(drawn: Small) -> None:
    """Seen to fail when a finding keeps its target."""
    explored = graph(drawn)
    for steps in explored.steps:
        for step in steps:
            kinds = {found.kind for found in step.reaction.findings} if step.reaction else set()
            if kinds - {"two-transitions", "sent-to-nowhere"}:
                assert step.target is None


@given(smalls())
@settings(max_examples=40)
def test_d6_no_step_is_infinite(drawn: Small) -> None:
    """A message fires one transition; so does each that was deferred, once.  Seen to fail when one fires twice."""
    explored = graph(drawn)
    for number, steps in enumerate(explored.steps):
        before = explored.search.order[number]
        for step in steps:
            party = explored.space.party(before, step.label.party)
            deferred = sum(len(instance.deferred) for instance in party.instances)
            assert len(step.reaction.fired if step.reaction else ()) <= 1 + deferred


# -- monotone


@given(smalls())
@settings(max_examples=30)
def test_m1_a_longer_queue_reaches_all_that_a_shorter_one_does(drawn: Small) -> None:
    """Seen to fail when a full queue drops the message instead of holding the step back."""
    short, long = graph(drawn, queue=1), graph(drawn, queue=2)

    if not short.search.stopped and not long.search.stopped:
        assert short.plain() <= long.plain()


@given(smalls())
@settings(max_examples=30)
def test_m5_fewer_commands_reach_fewer_configurations(drawn: Small) -> None:
    """Seen to fail when a party with a limit gives every command, and when the limit is for everybody else."""
    every, fewer = graph(drawn), graph(drawn, commands=(("l", ()),))
    given_by = {step.label.party for steps in fewer.steps for step in steps if isinstance(step.label.event, Commanded)}

    assert fewer.space.system.number_of("l") not in given_by
    if not every.search.stopped:
        assert fewer.plain() <= every.plain()


def test_m2_what_happens_without_faults_happens_with_them() -> None:
    """Seen to fail when what can be lost always is."""
    standard = shipped()["dhcp"]
    compared = 0
    for flow in own(standard.flows):
        for check in flow.checks:
            calm, faulty = (Graph(standard, flow, each) for each in (replace(check, faults=()), check))
            if check.faults and not faulty.search.stopped:
                compared += 1
                assert calm.plain() < faulty.plain()

    assert compared


@given(smalls())
@settings(max_examples=60)
def test_m6_who_is_stuck_never_leaves(drawn: Small) -> None:
    """Seen to fail when timers don't count as progress."""
    flow = named(drawn.standard.flows, "talk")
    looked = Looked(Space(system(drawn.standard, flow, flow.checks[0])), MOST, None)
    looked.search.run(looked.watch)

    for seen in looked.watch.stuck.values():
        stuck = looked.search.order[seen.number]
        reached, waiting = {stuck}, [stuck]
        while waiting:
            targets = {step.target for step in looked.space.steps(waiting.pop()) if step.target is not None} - reached
            reached |= targets
            waiting += targets
        assert reached == {stuck}


@given(smalls())
@settings(max_examples=60)
def test_m7_what_is_not_possible_is_never_exercised(drawn: Small) -> None:
    """Seen to fail when `possible` was asked of the start only."""
    flow = named(drawn.standard.flows, "talk")
    list(possible_or_dead(drawn.standard, flow, flow.checks[0], MOST))


# -- the same on real specifications


@pytest.mark.parametrize(("standard", "flow", "check"), every_check())
def test_the_laws_hold_on_shipped_checks(standard: Standard, flow: Flow, check: Check) -> None:
    explored = Graph(standard, flow, check, most=1_500)
    for number, steps in enumerate(explored.steps):
        before = explored.search.order[number]
        assert max(Counter(step.label for step in steps).values(), default=1) == 1
        assert all(len(queue) <= check.queue for queue in before.queues)
        for step in steps:
            if step.target is not None and step.label.kind != "tick":
                changed = {at for at, state in enumerate(before.parties) if step.target.parties[at] != state}
                assert changed <= {step.label.party}
        if BROKEN in before.wires:
            continue  # both ends have to notice first
        links = explored.space.system.links
        waiting = {
            number
            for number, queue in enumerate(before.queues)
            if queue and number // 2 in explored.space.party(before, ends(links[number // 2])[number % 2]).seen
        }
        heads = {
            2 * step.label.link + ends(links[step.label.link]).index(step.label.party)
            for step in steps
            if step.label.kind == "deliver" and step.label.link is not None
        }
        assert heads == waiting, "N3, N6: what is seen to be up delivers, whatever others do"
