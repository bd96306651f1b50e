"""Generated handlers do what the definition of a step says: on random walks, and on every sequence of the standards."""

import random
from collections.abc import Iterator

import pytest

from clausework.explore import witnesses
from clausework.explore.verdicts.looking import Looked, steps_to
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, is_a, own
from clausework.semantics.building import default_check, system
from clausework.semantics.events import Delivered, Kind
from clausework.semantics.space import Space, Step
from clausework.semantics.step import react
from known.test_known_answers import SYSTEMS
from known.test_known_answers import standard as classic
from replay import Cast
from runtime import lab
from support import shipped

WALKS, LENGTH = 12, 40
COUNTED = 2_000


def checks() -> Iterator[tuple[Standard, Flow, Check]]:
    for standard in shipped().values():
        for flow in own(standard.flows):
            for check in flow.checks or ((default_check(flow),) if flow.machines else ()):
                yield standard, flow, check


@pytest.mark.parametrize(("standard", "flow", "check"), list(checks()), ids=lambda each: str(each.name))
def test_random_walks_go_the_same_way_on_the_handlers(standard: Standard, flow: Flow, check: Check) -> None:
    space = Space(system(standard, flow, check))
    for seed in range(WALKS):
        chance = random.Random(seed)
        cast, configuration = Cast(space), space.start()
        for _ in range(LENGTH):
            steps = [step for step in space.steps(configuration) if step.target is not None]
            if not steps:
                break
            step = chance.choice(steps)
            cast.take(step)
            assert step.target is not None
            configuration = step.target


def test_what_is_impossible_is_refused_and_changes_nothing() -> None:
    """Messages that were said elsewhere, out of turn, at every machine of every walk."""
    refused = 0
    for standard, flow, check in checks():
        space = Space(system(standard, flow, check))
        chance = random.Random(1)
        cast, configuration, said = Cast(space), space.start(), list[Delivered]()
        for _ in range(LENGTH):
            for party, event in [(receiver(space, each), each) for each in chance.sample(said, min(3, len(said)))]:
                if event.link not in space.party(configuration, party).seen:
                    continue
                reactions = react(space.system, party, space.party(configuration, party), event)
                if {found.kind for each in reactions for found in each.findings} == {Kind.IMPOSSIBLE}:
                    cast.refuses(party, event, space.party(configuration, party))
                    refused += 1
            steps = [step for step in space.steps(configuration) if step.target is not None]
            if not steps:
                break
            step = chance.choice(steps)
            cast.take(step)
            assert step.target is not None
            configuration = step.target
            for send in step.reaction.sends if step.reaction else ():
                if send.link is not None and Delivered(send.link, send.message) not in said:
                    said.append(Delivered(send.link, send.message))

    assert refused > 50


def receiver(space: Space, event: Delivered) -> int:
    """Whoever of the two can be told it."""
    link = space.system.links[event.link]
    directions = space.system.messages[event.message.name].directions
    roles = space.system.parties[link.client].role, space.system.parties[link.server].role
    to_server = any(
        is_a(space.system.standard, roles[0], one) and is_a(space.system.standard, roles[1], other)
        for one, other in directions
    )
    return link.server if to_server else link.client


def flows() -> Iterator[tuple[Standard, Flow]]:
    for standard in shipped().values():
        yield from ((standard, flow) for flow in own(standard.flows) if flow.sequences)


@pytest.mark.parametrize(("standard", "flow"), list(flows()), ids=lambda each: str(each.name))
def test_the_sequences_of_the_standards_run_on_the_handlers(standard: Standard, flow: Flow) -> None:
    shown = set()
    for space, sequence, steps in witnesses(standard, flow):
        cast = Cast(space)
        for step in steps:
            cast.take(step)
        shown.add(sequence.name)

    assert shown == {each.name for each in flow.sequences if not each.impossible}


def counterexamples() -> Iterator[tuple[Space, list[Step]]]:
    """Of everything that is known to fail, in standards and in classic systems, and of what was found beside it."""
    every = [
        (standard, flow, check) for standard, flow, check in checks() if any(each.refuted for each in flow.properties)
    ]
    for standard, flow, check in (*every, *classics()):
        looked = Looked(Space(system(standard, flow, check)), COUNTED, None)
        looked.search.run(looked.watch)
        watch = looked.watch
        for seen in (*watch.broken.values(), *watch.stuck.values(), *watch.unread.values(), *watch.blocked.values()):
            yield looked.space, [each for each in steps_to(looked, seen) if each.target is not None]


def classics() -> Iterator[tuple[Standard, Flow, Check]]:
    for system_ in SYSTEMS:
        placed = lab.placed(classic(system_))
        for flow in own(placed.flows):
            honest = (check for check in flow.checks if not any(fault.kind == "attack" for fault in check.faults))
            yield from ((placed, flow, check) for check in honest)


def test_counterexamples_run_on_the_handlers() -> None:
    """To the same configuration.  Seen to fail when no value was set in the explorer."""
    replayed = 0
    for space, steps in counterexamples():
        cast = Cast(space)
        for step in steps:
            cast.take(step)
        replayed += 1

    assert replayed > 20
