"""A counterexample is shown with as few parties as were found to be enough, and says so.

Seen red with parties that are kept although one was enough, with the last party of a role left out, and with what the
check says of somebody kept when he isn't there.
"""

from clausework.explore import explore
from clausework.explore.shrinking import shrunk, without
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.pipeline import runs
from clausework.semantics.verdict import Outcome, Verdict
from support import small_standard

VOCABULARY = """
    vocabulary: small
    roles: {guest: {means: One of several}, host: {means: Serves one}}
    connections: {table: {between: guest and host}}
"""
MESSAGES = "messages: {hungry: {from: guest, to: host}, food: {from: host, to: guest}}"
MEAL = """
    flow: meal
    title: A meal
    roles: {guest: guest, host: host}
    machines:
      guest:
        commands: {ask: {}}
        initial: idle
        states:
          idle: {command ask: {send: hungry to host, to: waiting}}
          waiting: {rests: true, receive food: {to: fed}}
          fed: {final: true}
      host:
        initial: ready
        states:
          ready: {receive hungry: {send: food to sender, to: empty_handed}}
          empty_handed: {final: true}
    properties:
      hungry_for_ever: {never: guest is fed}
    checks:
      many:
        parties: {ann: guest, bob: guest, cid: guest, hall: host, hut: host}
        commands: {ann: [ask], bob: [ask], cid: []}
        down: [cid]
        faults: [lost bob once]
"""


def meal(text: str = MEAL) -> tuple[Standard, Flow, Check]:
    standard = small_standard(vocabulary=VOCABULARY, messages=MESSAGES, meal=text)
    return standard, standard.flows[0], standard.flows[0].checks[0]


def found(asked: tuple[Standard, Flow, Check]) -> dict[str, tuple[Verdict, Verdict]]:
    """What fails, before and after, by its kind."""
    before = explore(*asked)
    after = shrunk(*asked, before)
    pairs = zip(before.verdicts, after.verdicts, strict=True)
    return {one.kind: (one, other) for one, other in pairs if one.outcome is Outcome.FAILS}


def test_what_fails_with_one_of_each_is_shown_with_one_of_each() -> None:
    before, after = found(meal())["property"]

    assert after.without == ("bob", "cid", "hut")
    assert after.trace is not None
    assert before.trace is not None
    assert [name for name, _ in after.trace.parties] == ["ann", "hall"]
    assert len(after.trace.steps) == len(before.trace.steps) == 3
    assert after.diagnostic is not None
    assert after.diagnostic.others[0].text == (
        "found by this check; shown without `bob`, `cid`, `hut`, as it fails there too"
    )


def test_who_is_needed_stays() -> None:
    """The host has nothing left for the second who asks."""
    _, after = found(meal())["impossible"]

    assert after.without == ("cid", "hut")


def test_of_each_role_one_stays_also_where_nobody_of_it_takes_part() -> None:
    nibbling = MEAL.replace(
        "commands: {ask: {}}", "commands: {ask: {}, eat: {}}\n        variables: {eaten: integer 0..1 = 0}"
    )
    nibbling = nibbling.replace("idle: {command", "idle: {command eat: {set: {eaten: eaten + 1}}, command")

    _, after = found(meal(nibbling.replace("ann: [ask]", "ann: [ask, eat]")))["out-of-range"]

    assert after.without == ("bob", "cid", "hut")


def test_what_is_known_to_fail_is_shown_as_it_was() -> None:
    known = MEAL.replace("never: guest is fed}", "never: guest is fed, refuted: somebody eats}")

    before, after = found(meal(known))["property"]

    assert after == before


def test_what_a_check_says_of_somebody_goes_with_him() -> None:
    check = without(meal()[2], ("bob", "cid"))

    assert [str(each.name) for each in check.parties] == ["ann", "hall", "hut"]
    assert [str(name) for name, _ in check.commands] == ["ann"]
    assert (check.down, check.faults) == ((), ())


def test_a_smaller_run_is_explained_and_kept_like_any_other() -> None:
    """Both go along the trace once more, which has to be one of the smaller check."""
    standard, flow, check = meal()
    smaller = shrunk(standard, flow, check, explore(standard, flow, check))

    explained = runs.explained(standard, flow, check, smaller)

    impossible = next(each for each in explained.verdicts if each.kind == "impossible")
    assert impossible.without
    assert impossible.explanation is not None
    assert runs.kept(standard, flow, check, impossible, "both_ask").artifacts
