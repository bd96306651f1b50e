"""Law H7: a monitor accepts whatever a party of its specification does, and else what the definition of a step allows.

What the monitor says is compared with a search that knows nothing of sets of candidates: it tries every unseen step at
every place, and every set of ids that others might remember.
"""

import random
from collections.abc import Iterator
from itertools import chain, combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clausework.semantics.building import system
from clausework.semantics.configuration import Message, PartyState
from clausework.semantics.events import Commanded, Delivered, Event, Expired, Reaction
from clausework.semantics.monitor import Closed, Monitor, Seen, Sent
from clausework.semantics.space import Space
from clausework.semantics.step import commands, expiries, react
from clausework.semantics.system import System
from clausework.semantics.values import Unexplorable
from semantics.test_handlers import checks
from strategies import Small, asking, smalls, troubled
from talking import space, talk

QUICKLY = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def observed(space: Space, seed: int, length: int) -> list[list[Seen]]:
    """Of a random walk, what is seen of each party."""
    chance, configuration = random.Random(seed), space.start()
    seen: list[list[Seen]] = [[] for _ in space.system.parties]
    for _ in range(length):
        steps = [each for each in space.steps(configuration) if each.target is not None]
        if not steps:
            break
        step = chance.choice(steps)
        if step.reaction is not None and step.target is not None:
            seen[step.label.party] += of_step(step.reaction.event, step.reaction)
        assert step.target is not None
        configuration = step.target
    return seen


def of_step(event: Event, reaction: Reaction) -> list[Seen]:
    first: list[Seen] = [] if isinstance(event, Commanded | Expired) else [event]  # type: ignore[list-item]  # no `Crossed` comes from outside
    sends = [Sent(each.link, each.message) for each in reaction.sends if each.link is not None]
    return [*first, *sends, *map(Closed, reaction.closed)]


def accepts(monitor: Monitor, seen: list[Seen]) -> bool:
    return all(monitor.sees(each) for each in seen)


# -- by trying everything


def can_be(system_: System, party: int, seen: list[Seen]) -> bool:
    """Whether a run of the party shows this, or begins a step that does."""
    tried: set[tuple[PartyState, int]] = set()
    waiting = [(system_.start(party), 0)]
    ids = sorted({(each.link, number) for each in seen if isinstance(each, Sent) for number in range(1, 4)})
    asked = {(each.link, -(each.message.request or 0)) for each in seen if isinstance(each, Delivered)}
    remembered = [asked.union(each) for size in range(len(ids) + 1) for each in combinations(ids, size)]
    while waiting:
        state, at = waiting.pop()
        if at == len(seen):
            return True
        if (state, at) in tried:
            continue
        tried.add((state, at))
        next_ = seen[at]
        inputs: list[Event] = [] if isinstance(next_, Sent | Closed) else [next_]
        for event in chain(inputs, commands(system_, party, state), expiries(system_, party, state)):
            for busy in remembered:
                for reaction in react(system_, party, state, event, frozenset(busy)):
                    shown = of_step(event, reaction)
                    both = min(len(shown), len(seen) - at)
                    if reaction.after is not None and shown[:both] == seen[at : at + both]:
                        waiting.append((reaction.after, at + both))
    return False


def mutated(seen: list[Seen], chance: random.Random) -> list[Seen]:
    at = chance.randrange(len(seen))
    match chance.choice(("dropped", "doubled", "swapped", "other")):
        case "dropped":
            return [*seen[:at], *seen[at + 1 :]]
        case "doubled":
            return [*seen[: at + 1], *seen[at:]]
        case "swapped":
            return [*seen[:at], *reversed(seen[at : at + 2]), *seen[at + 2 :]]
    return [*seen[:at], chance.choice(seen), *seen[at + 1 :]]


def plain(seen: list[Seen]) -> bool:
    """Without messages that answer nothing any more: the explorer marks those in flight, which nobody sees on a wire."""
    return not any(isinstance(each, Delivered | Sent) and each.message.request == 0 for each in seen)


def small_space(small: Small) -> Space:
    return Space(system(small.standard, small.standard.flows[0], small.standard.flows[0].checks[0]))


@QUICKLY
@given(small=st.one_of(smalls(), troubled(), asking()), seed=st.integers(0, 999))
def test_h7_what_a_party_does_is_accepted(small: Small, seed: int) -> None:
    """Seen to fail when what follows a step unseen was left out."""
    of = small_space(small)
    for turn in range(4):
        for party, seen in enumerate(observed(of, seed + turn, 30)):
            assert accepts(Monitor(of.system, party), seen)


@QUICKLY
@given(small=st.one_of(smalls(), asking()), seed=st.integers(0, 999))
def test_h7_what_is_changed_is_accepted_only_if_the_party_could_have_done_it(small: Small, seed: int) -> None:
    """Seen to fail when an input was taken while a step had something left to send."""
    of = small_space(small)
    chance = random.Random(seed)
    for turn in range(4):
        for party, seen in enumerate(observed(of, seed + turn, 12)):
            changed = mutated(seen, chance) if seen else []
            if plain(changed):
                assert accepts(Monitor(of.system, party), changed) == can_be(of.system, party, changed)


def shipped_checks() -> Iterator[Space]:
    """One of each flow; a monitor sees no clock, so of those with ticks it allows far more, and takes long."""
    every = [each for each in checks() if not each[2].ticks]
    first = {(standard.name, flow.name): (standard, flow, check) for standard, flow, check in reversed(every)}
    return (Space(system(*each)) for each in first.values())


def test_h7_what_parties_of_the_standards_do_is_accepted_and_most_changes_are_not() -> None:
    """Seen to fail when a link that is closed was not seen."""
    refused = tried = 0
    for of in shipped_checks():
        chance = random.Random(3)
        for party, seen in enumerate(observed(of, 3, 15)):
            assert accepts(Monitor(of.system, party), seen), of.system.flow.name
            if seen:
                tried += 1
                refused += not accepts(Monitor(of.system, party), mutated(seen, chance))

    assert refused > tried / 4


ASKER = """
commands: {go: {}}
initial: idle
states:
  idle: {command go: {send: ask to right, to: waiting}}
  waiting: {receive accept: {send: say to right with what = one, to: content}, receive refuse: {to: idle}}
  content: {rests: true}
otherwise: {any: ignore}
"""
ANSWERER = """
initial: open
states:
  open: {receive ask: {send: accept to left}, receive say: ignore}
"""


@pytest.mark.parametrize(("number", "goes_on"), [(7, True), (8, False)])
def test_a_request_may_have_any_id_and_its_response_has_the_same(number: int, goes_on: bool) -> None:
    """Seen to fail when the id of a response was taken as it came, and when any was taken for the right one."""
    monitor = Monitor(space(ASKER, ANSWERER).system, 0)
    said = Message("say", ("one",))

    assert monitor.sees(Sent(0, Message("ask", (), 7)))
    assert not Monitor(monitor.system, 0).sees(Sent(0, said))
    assert monitor.sees(Delivered(0, Message("accept", (), number)))
    assert monitor.sees(Sent(0, said)) == goes_on
    assert monitor.is_possible == goes_on


CHAINED = """
messages:
  ask:       {from: left, to: right, over: wire}
  challenge: {answers: ask, over: wire}
  reply:     {answers: challenge, over: wire}
  accept:    {answers: reply, over: wire}
"""


def chained() -> System:
    left = """
    commands: {go: {}}
    initial: idle
    states:
      idle: {command go: {send: ask to right, to: waiting}}
      waiting: {receive challenge: {send: reply to right}, receive accept: {to: idle}}
    """
    right = """
    initial: open
    states:
      open: {receive ask: {send: challenge to left}, receive reply: {send: accept to left}}
    """
    standard, flow = talk(left, right, messages=CHAINED)
    return system(standard, flow, flow.checks[0])


@pytest.mark.parametrize("number", [1, 7])
def test_what_answers_carries_the_id_that_the_first_request_had(number: int) -> None:
    """Seen to fail when any id was right in a response, and when a response to a response had the id as it is here."""
    ask, challenge, reply, accept = (Message(each, (), 7) for each in ("ask", "challenge", "reply", "accept"))
    one, other = Monitor(chained(), 0), Monitor(chained(), 1)

    assert accepts(one, [Sent(0, ask), Delivered(0, challenge)])
    assert one.sees(Sent(0, reply._replace(request=number))) == (number == 7)
    assert accepts(other, [Delivered(0, ask), Sent(0, challenge), Delivered(0, reply)])
    assert other.sees(Sent(0, accept._replace(request=number))) == (number == 7)


def test_what_is_seen_of_too_many_is_said() -> None:
    """Seen to fail when no bound was looked at."""
    with pytest.raises(Unexplorable, match="more than 1 states"):
        Monitor(space(ASKER, ANSWERER).system, 0, most=1)
