"""The laws of the network, followed along random walks with everything that can go wrong, and along shipped ones.

A wrong queue passes every comparison of single machines; so what was said and what was heard is written down here, by
link, direction and incarnation (a link that was down and is opened again is another one).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausework.model.sequence import Check, Fault
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import system
from clausework.semantics.configuration import BROKEN, CUT, DOWN, UP, Configuration
from clausework.semantics.events import Delivered
from clausework.semantics.space import Space, Step
from clausework.source import Name
from graphs import Graph, ends, every_check, first_checks, graph
from strategies import Small, asking, smalls, troubled

Said = tuple[str, tuple[object, ...]]


@dataclass
class Ledger:
    """What was said into each queue and heard from it, since its link was last opened."""

    space: Space
    said: dict[int, list[Said]] = field(default_factory=dict)
    heard: dict[int, list[Said]] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)

    def step(self, before: Configuration, step: Step, after: Configuration) -> None:
        label = step.label
        if label.kind == "open":
            assert label.link is not None
            for queue in (2 * label.link, 2 * label.link + 1):
                self.said[queue], self.heard[queue] = [], []
                self.dropped.discard(queue)
        if label.kind == "cut":
            assert label.link is not None
            for end, party in enumerate(ends(self.space.system.links[label.link])):
                if label.link in self.space.party(after, party).seen:
                    queue = 2 * label.link + end
                    assert after.queues[queue] == before.queues[queue], "N2: who hasn't noticed still reads it all"
        event = label.event
        if isinstance(event, Delivered):
            queue = 2 * event.link + ends(self.space.system.links[event.link]).index(label.party)
            assert event.link in self.space.party(before, label.party).seen, "N3: heard only where the link is seen"
            self.heard.setdefault(queue, []).append((event.message.name, event.message.values))
        for send in step.reaction.sends if step.reaction else ():
            if send.link is None:
                continue
            queue = 2 * send.link + 1 - ends(self.space.system.links[send.link]).index(label.party)
            if before.wires[send.link] == UP or label.kind == "open":
                self.said.setdefault(queue, []).append((send.message.name, send.message.values))
            else:
                self.dropped.add(queue)
        if label.kind == "attack":
            assert label.link is not None
            assert label.message is not None
            queue = 2 * label.link + 1 - ends(self.space.system.links[label.link]).index(label.party)
            message = self.space.message(label.message)
            self.said.setdefault(queue, []).append((message.name, message.values))
        self._check(after)

    def _check(self, after: Configuration) -> None:
        for queue, content in enumerate(after.queues):
            link = self.space.system.links[queue // 2]
            if link.datagram:
                continue
            said, heard = self.said.get(queue, []), self.heard.get(queue, [])
            waiting = [(each.name, each.values) for each in map(self.space.message, content)]
            assert heard == said[: len(heard)], "N1: what is heard is a prefix of what was said"
            left = said[len(heard) :]
            if after.wires[link.number] == UP and queue not in self.dropped and self._was_whole(after, link.number):
                assert waiting == left, "N2, N4: nothing vanishes or merges while the link is up"
            else:
                assert waiting in ([], left), "N2: what vanishes is a suffix, and all of it"

    def _was_whole(self, after: Configuration, link: int) -> bool:
        return all(link in self.space.party(after, party).seen for party in ends(self.space.system.links[link]))


def walk(space: Space, seed: int, length: int) -> Iterator[tuple[Configuration, Step, Configuration]]:
    chance = random.Random(seed)
    configuration = space.start()
    for _ in range(length):
        steps = [step for step in space.steps(configuration) if step.target is not None]
        if not steps:
            return
        step = chance.choice(steps)
        assert step.target is not None
        yield configuration, step, step.target
        configuration = step.target


def follow(space: Space, seed: int, length: int = 40) -> None:
    ledger = Ledger(space)
    for before, step, after in walk(space, seed, length):
        ledger.step(before, step, after)


@given(troubled(), st.integers(0, 1000))
@settings(max_examples=60)
def test_n1_to_n4_hold_whatever_befalls_the_links(drawn: Small, seed: int) -> None:
    """N1 was seen to fail when the last message of a queue is delivered first; N2 when a cut takes the
    first message of each queue with it; N3 when a message is delivered before the link is accepted; N4 when a message that is
    waiting already isn't queued again.
    """
    for more in range(3):
        follow(graph(drawn, most=1).space, seed + more)


def troubles(check: Check) -> Check:
    """The check with every party's connections lost once, and one restarted."""
    lost = tuple(
        Fault(kind=Name("lost"), subject=party.name, message=None, times=1, about=check.about)
        for party in check.parties
    )
    restart = Fault(kind=Name("restart"), subject=check.parties[-1].name, message=None, times=1, about=check.about)
    return replace(check, faults=(*check.faults, *lost, restart))


@pytest.mark.parametrize(("standard", "flow", "check"), every_check())
def test_n1_to_n4_hold_on_shipped_checks(standard: Standard, flow: Flow, check: Check) -> None:
    space = Space(system(standard, flow, troubles(check)))
    for seed in range(6):
        follow(space, seed, 60)


@given(troubled())
@settings(max_examples=40)
def test_n5_no_queue_is_ever_above_its_bound(drawn: Small) -> None:
    """Seen to fail when a datagram is repeated into a queue that is full."""
    explored = graph(drawn)
    bound = explored.space.system.check.queue

    assert all(len(queue) <= bound for each in explored.search.order for queue in each.queues)


@given(troubled())
@settings(max_examples=40)
def test_n6_two_connections_never_order_each_other(drawn: Small) -> None:
    """Whatever waits where it is seen can be delivered next.  Seen to fail when only the first such queue is looked at."""
    explored = graph(drawn)
    links = explored.space.system.links
    for number, steps in enumerate(explored.steps):
        before = explored.search.order[number]
        if BROKEN in before.wires:
            continue
        waiting = {
            queue
            for queue, content in enumerate(before.queues)
            if content and queue // 2 in explored.space.party(before, ends(links[queue // 2])[queue % 2]).seen
        }
        heads = {
            2 * step.label.link + ends(links[step.label.link]).index(step.label.party)
            for step in steps
            if step.label.kind == "deliver" and step.label.link is not None
        }
        assert heads == waiting


@given(troubled())
@settings(max_examples=60)
def test_links_and_queues_are_always_in_order(drawn: Small) -> None:
    """A link that is down is seen by nobody and carries nothing; one that is cut is seen by somebody; what waits on a cut
    link waits for an end that still sees it.  Seen to fail when a restart leaves its links up.
    """
    explored = graph(drawn)
    for each in explored.search.order:
        for link, wire in enumerate(each.wires):
            parties = ends(explored.space.system.links[link])
            seen = [link in explored.space.party(each, party).seen for party in parties]
            waiting = [bool(each.queues[2 * link + end]) for end in (0, 1)]
            if wire == DOWN:
                assert not any(seen)
                assert not any(waiting)
            if wire == CUT:
                assert any(seen)
                assert all(sees or not waits for sees, waits in zip(seen, waiting, strict=True))


# -- steps, with everything that can happen


@given(st.one_of(troubled(), asking()))
@settings(max_examples=60)
def test_d3_a_step_changes_one_party_and_takes_at_most_one_message(drawn: Small) -> None:
    """Links alone are changed by cuts and by what befalls datagrams.  Seen to fail when a cut changes what a party is."""
    explored = graph(drawn)
    for before, step, after in explored.taken():
        changed = {party for party, state in enumerate(before.parties) if after.parties[party] != state}
        if step.label.kind in ("cut", "loss", "duplication", "swap"):
            assert not changed
        assert changed <= {step.label.party}
        if step.label.kind == "deliver" and after.wires == before.wires:
            sent = sum(send.link is not None and before.wires[send.link] == UP for send in step.reaction.sends)  # type: ignore[union-attr]  # a delivery has a reaction
            assert sum(map(len, after.queues)) - sum(map(len, before.queues)) == sent - 1


@given(asking())
@settings(max_examples=60)
def test_d1_a_label_has_one_successor(drawn: Small) -> None:
    """Seen to fail when reactions are not numbered in their labels."""
    explored = graph(drawn)
    again = graph(drawn)
    for number, steps in enumerate(explored.steps):
        labels = [step.label for step in steps]
        assert len(set(labels)) == len(labels)
        assert [each.label for each in again.steps[number]] == labels


# -- monotone


@given(troubled())
@settings(max_examples=40)
def test_m2_what_happens_without_faults_happens_with_them(drawn: Small) -> None:
    """Seen to fail when nobody does anything by himself where something may go wrong."""
    faulty, calm = graph(drawn), graph(drawn, faults=())

    if not faulty.search.stopped and not calm.search.stopped:
        assert calm.plain() <= faulty.plain()


@given(troubled())
@settings(max_examples=60)
def test_m4_what_happens_where_ends_notice_together_happens_where_they_notice_apart(drawn: Small) -> None:
    """Seen to fail when the end that notices first brings a broken link up again."""
    together, apart = graph(drawn, together=True), graph(drawn)

    if not together.search.stopped and not apart.search.stopped:
        assert together.plain() <= apart.plain()


@given(smalls(), st.integers(0, 2), st.integers(0, 2))
@settings(max_examples=40)
def test_m3_what_happens_in_time_happens_without_it(drawn: Small, low: int, more: int) -> None:
    """Seen to fail when a timer that runs out stays armed where time is counted."""
    timed = graph(drawn, ticks=((Name("patience"), low, low + more),))
    untimed = graph(drawn)

    if not timed.search.stopped and not untimed.search.stopped:
        assert timed.plain() <= untimed.plain()


@given(troubled())
@settings(max_examples=20)
def test_m5_fewer_slots_reach_fewer_configurations(drawn: Small) -> None:
    """With two connections that nobody has opened yet, the other need never be.

    Where both are there from the start it doesn't hold: who loses one may speak over the other, and fill its queue.
    Seen to fail when the slots of both ends are added.
    """
    one, two = (graph(drawn, down=(Name("l"),), slots=((Name("l"), many),)) for many in (1, 2))

    assert len(two.space.system.links) == 2 * len(one.space.system.links)
    if not one.search.stopped and not two.search.stopped:
        assert len(one.search.order) <= len(two.search.order)


def test_the_walks_meet_everything_that_can_go_wrong() -> None:
    """Else the laws above say little: every kind of step happens on some shipped walk."""
    wanted = {"command", "deliver", "expire", "open", "accept", "notice", "cut", "restart", "loss"}
    for _, standard, flow, check in first_checks():
        wanted -= {step.label.kind for _, step, _ in Graph(standard, flow, troubles(check), 500).taken()}
        if not wanted:
            return

    assert not wanted
