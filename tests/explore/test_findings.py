"""Each rule of `explore` has a specification that breaks it: found, at its line, by a shortest way."""

from dataclasses import dataclass
from textwrap import dedent

import pytest

from clausework.explore import RULES, explore, explore_flow
from clausework.model.standard import named
from clausework.semantics.verdict import Exploration, Outcome, Verdict
from support import shipped, small_standard

VOCABULARY = """
    vocabulary: small
    roles: {left: {means: One end}, right: {means: The other end}}
    connections: {wire: {between: left and right}}
    types: {word: {is: text 1..9}}
    parameters: {patience: {unit: second, check: 1}}
"""
MESSAGES = """
    messages:
      ask:   {from: left, to: right}
      grant: {from: right, to: left}
"""


@dataclass(frozen=True)
class Case:
    """`left` and `right` are machines; the finding is expected on the line that ends in `# expect`."""

    left: str
    right: str
    steps: int
    more: str = ""
    check: str = "queue: 2"
    name: str = ""


ASKING = """
    commands: {go: {}}
    initial: idle
    states:
      idle:
        command go: {send: ask to right, to: waiting}
      waiting:
        receive grant: {to: idle}
"""
GRANTING = """
    initial: ready
    states:
      ready:
        receive ask: {send: grant to left}
"""
CASES = {
    "impossible": Case(
        ASKING.replace("to: waiting}\n", "to: waiting}\n        ignore: [grant]\n").replace(
            "waiting:\n        receive grant: {to: idle}", "waiting: {rests: true}  # expect"
        ),
        GRANTING,
        3,
    ),
    "two-transitions": Case(
        ASKING.replace("    initial: idle", "    variables: {score: integer 0..9 = 4}\n    initial: idle").replace(
            "receive grant: {to: idle}",
            "receive grant:\n          when:\n            score + 1 < 6: {set: {score: 0}, to: idle}  # expect\n            score + 1 > 4: {set: {score: 9}, to: idle}\n            else: ignore",
        ),
        GRANTING,
        3,
    ),
    "out-of-range": Case(
        ASKING.replace("    initial: idle", "    variables: {tries: integer 0..1 = 0}\n    initial: idle").replace(
            "receive grant: {to: idle}", "receive grant: {set: {tries: tries + 1}, to: idle}  # expect"
        ),
        GRANTING,
        6,
    ),
    "sent-to-nowhere": Case(
        ASKING.replace("{send: ask to right, to: waiting}", "{close: right, to: idle}").replace(
            "      waiting:\n        receive grant: {to: idle}",
            "        after patience: {send: ask to right}  # expect",
        ),
        "    initial: ready\n    states:\n      ready:\n        receive ask: ignore\n",
        2,
    ),
    "too-many-deferred": Case(
        ASKING.replace("to: waiting}", "to: idle}").replace("      waiting:\n        receive grant: {to: idle}\n", ""),
        "    initial: ready\n    states:\n      ready: {defer: [ask]}  # expect\n",
        4,
        check="queue: 1",
    ),
    "stuck": Case(
        ASKING.replace("waiting:\n", "waiting:  # expect\n"),
        "    initial: ready\n    states:\n      ready:\n        receive ask: ignore\n",
        2,
    ),
    "never-leaves": Case(
        """
    commands: {go: {}}
    initial: idle
    states:
      idle:
        command go: {send: ask to right, to: waiting}
      waiting:  # expect
        receive grant: {to: idle}
""",
        """
    initial: ready
    states:
      ready:
        receive ask: {to: ticking}
      ticking:
        rests: true
        ignore: [ask]
        after patience: {to: ticking, recurring: true}
""",
        1,
    ),
    "unread": Case(
        ASKING.replace("waiting:", "waiting: {rests: true}").replace("\n        receive grant: {to: idle}", ""),
        "    initial: ready\n    states:\n      ready: {defer: [ask]}  # expect\n",
        2,
    ),
    "busy-for-ever": Case(
        ASKING.replace("command go: {send", "after patience: {send")
        .replace("commands: {go: {}}", "")
        .replace(
            "after patience: {send: ask to right, to: waiting}",
            "after patience: {send: ask to right, to: waiting}  # expect",
        ),
        GRANTING,
        3,
        name="busy",
    ),
    "queue-overflow": Case(
        ASKING.replace("to: waiting}", "to: idle}").replace("      waiting:\n        receive grant: {to: idle}\n", ""),
        GRANTING.replace("{send: grant to left}", "ignore"),
        2,
        check="queue: 1, full: error",
        name="both",
    ),
    "property": Case(ASKING, GRANTING, 1, "properties:\n  calm:  # expect\n    always: left is idle\n", name="calm"),
    "negative-sequence": Case(
        ASKING,
        GRANTING,
        2,
        "sequences:\n  never_granted:  # expect\n    impossible: true\n    steps:\n      - right -> left: grant\n",
        name="never_granted",
    ),
    "many-charts": Case(
        ASKING,
        GRANTING,
        0,
        "sequences:\n  often:  # expect\n    steps:\n      - repeat:\n          times: 0..64\n          steps:\n            - left does: go\n            - left -> right: ask\n            - right -> left: grant\n",
        name="often",
    ),
    "sequence": Case(
        ASKING,
        GRANTING,
        3,
        "sequences:\n  granted_twice:  # expect\n    steps:\n      - left does: go\n      - left -> right: ask\n      - right -> left: grant\n      - right -> left: grant\n",
        name="granted_twice",
    ),
}


def text(case: Case) -> str:
    def indented(machine: str) -> str:
        return "\n".join("    " + line for line in dedent(machine).strip("\n").splitlines())

    return (
        "flow: talk\ntitle: Talk\nroles: {left: left, right: right}\nmachines:\n"
        f"  left:\n{indented(case.left)}\n  right:\n{indented(case.right)}\n{case.more}"
        f"checks:\n  both: {{parties: {{l: left, r: right}}, {case.check}}}{'  # expect' if case.name == 'both' else ''}\n"
    )


def explored(case: Case) -> Exploration:
    standard = small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=text(case))
    flow = named(standard.flows, "talk")
    return explore(standard, flow, flow.checks[0])


def failures(exploration: Exploration) -> list[Verdict]:
    return [each for each in exploration.verdicts if each.diagnostic is not None]


@pytest.mark.parametrize("rule", CASES)
def test_the_rule_finds_it_at_its_line_by_a_shortest_way(rule: str) -> None:
    case = CASES[rule]
    wanted = next(number for number, line in enumerate(text(case).splitlines(), 1) if line.endswith("# expect"))

    found = next(each for each in failures(explored(case)) if each.diagnostic and each.diagnostic.rule.slug == rule)

    assert found.diagnostic is not None
    assert found.diagnostic.span is not None
    assert found.diagnostic.span.start.line == wanted
    assert found.trace is not None
    assert len(found.trace.steps) == case.steps


def test_what_is_right_has_no_findings() -> None:
    assert failures(explored(Case(ASKING, GRANTING, 0))) == []


def test_a_message_that_no_machine_of_the_party_knows_is_found() -> None:
    """Two servers: the message is for one of the two machines only."""
    case = Case(ASKING.replace("send: ask to right", "send: other_ask to right"), GRANTING, 2)
    standard = small_standard(
        vocabulary=VOCABULARY, messages=MESSAGES + "      other_ask: {from: left, to: right}\n", talk=text(case)
    )
    flow = named(standard.flows, "talk")

    (found,) = failures(explore(standard, flow, flow.checks[0]))

    assert found.kind == "nobody-takes"


def test_everybody_waiting_for_room_is_no_deadlock_of_the_protocol() -> None:
    """Each sends two and takes none before its second one has gone."""
    left = """
        commands: {}
        initial: first
        states:
          first:
            after patience: {send: ask to right, to: second}
          second:
            receive grant: {send: [ask to right, ask to right], to: first}
    """
    right = left.replace("ask to right", "grant to left").replace("receive grant", "receive ask")

    found = failures(explored(Case(left, right, 0, check="queue: 1")))

    assert "full-cycle" in {each.kind for each in found}


def test_precedence_is_kept_or_broken_by_what_came_first() -> None:
    """`asked` holds; `granted` is broken by the very first step."""
    claims = """properties:
  asked: {precedes: left does go, before: "right -> left: grant"}
  granted:  # expect
    precedes: "right -> left: grant"
    before: left does go
"""

    outcomes = {each.name: each for each in explored(Case(ASKING, GRANTING, 0, claims)).verdicts}

    assert outcomes["asked"].outcome is Outcome.HOLDS
    assert outcomes["granted"].outcome is Outcome.FAILS
    assert outcomes["granted"].trace is not None
    assert len(outcomes["granted"].trace.steps) == 1


def test_what_happens_twice_is_found_and_the_same_only_if_it_is_the_same() -> None:
    """Left asks for one thing after another; nothing keeps it from asking for the same again, once it is granted."""
    messages = MESSAGES.replace(
        "ask:   {from: left, to: right}", "ask:   {from: left, to: right, fields: {thing: word}}"
    )
    left = ASKING.replace("commands: {go: {}}", "commands: {go: {what: word}}").replace(
        "send: ask to right", "send: ask to right with thing = what"
    )
    claims = """properties:
  once: {never: left does go twice}
  same: {never: left does go twice with the same what}
"""
    again = text(Case(left, GRANTING, 0, claims)).replace("queue: 2", "queue: 2, bind: {word: [bread, salt]}")

    found = twice(messages, again)

    for name, verdict in found.items():
        assert verdict.outcome is Outcome.FAILS
        assert verdict.trace is not None
        asked = [step.arguments for step in verdict.trace.steps if step.name == "go"]
        assert len(asked) == 2
        assert len(set(asked)) == 1 or name == "once"


def test_what_cannot_happen_twice_is_not_found() -> None:
    claims = "properties:\n  once: {never: left does go twice}\n"
    once = text(Case(ASKING, GRANTING, 0, claims)).replace(
        "receive grant: {to: idle}", "receive grant: {to: done}\n      done: {final: true}"
    )

    assert twice(MESSAGES, once)["once"].outcome is Outcome.HOLDS


def twice(messages: str, flow_text: str) -> dict[str, Verdict]:
    standard = small_standard(vocabulary=VOCABULARY, messages=messages, talk=flow_text)
    flow = named(standard.flows, "talk")
    return {each.name: each for each in explore(standard, flow, flow.checks[0]).verdicts}


def test_what_is_refuted_and_holds_is_found() -> None:
    standard = small_standard(
        vocabulary=VOCABULARY,
        messages=MESSAGES,
        talk=text(Case(ASKING, GRANTING, 0, "properties:\n  calm: {always: right is ready, refuted: we thought so}\n")),
    )

    (only,) = explore_flow(standard, named(standard.flows, "talk"))

    assert [each.kind for each in failures(only)] == ["not-refuted"]


def test_a_search_that_stops_says_so_and_claims_nothing() -> None:
    flow = named(shipped()["xmpp"].flows, "stream")

    stopped = explore(shipped()["xmpp"], flow, flow.checks[0], most=100)

    assert not stopped.complete
    assert stopped.stopped
    assert "incomplete" in {each.kind for each in failures(stopped)}
    assert Outcome.HOLDS not in {each.outcome for each in stopped.verdicts if each.kind == "property"}


def test_a_choice_among_too_many_values_must_be_bound() -> None:
    left = ASKING.replace("commands: {go: {}}", "commands: {go: {port: integer 0..65535}}")

    (found,) = failures(explored(Case(left, GRANTING, 0)))

    assert found.kind == "unbound-choice"


def test_every_rule_has_a_case() -> None:
    elsewhere = {
        "never-given",
        "given-twice",
        "never-exercised",
        "nobody-takes",
        "full-cycle",
        "not-refuted",
        "no-session",
        "never-begins",
        "incomplete",
        "trace-inclusion",  # these four in `test_refinement`
        "unclear-state",
        "unmatched-session",
        "never-matched",
        "unbound-choice",
    }
    silent = {"queue-bound"}  # a note: it stands in the bounds of the exploration, not among the findings

    assert {rule.slug for rule in RULES} == {*CASES, *elsewhere, *silent}


@pytest.mark.parametrize("bound", ["true", "false"])
def test_a_parameter_that_is_bound_to_false_is_false(bound: str) -> None:
    """Seen to fail when what is written is taken as it stands, as a text that is not empty."""
    vocabulary = VOCABULARY.replace("parameters: {", "parameters: {strict: {type: boolean, check: true}, ")
    claims = "properties:\n  strict: {always: strict}\n"
    case = Case(ASKING, GRANTING, 0, claims, f"queue: 2, bind: {{strict: {bound}}}")
    standard = small_standard(vocabulary=vocabulary, messages=MESSAGES, talk=text(case))
    flow = named(standard.flows, "talk")

    outcomes = {each.name: each.outcome for each in explore(standard, flow, flow.checks[0]).verdicts}

    assert outcomes["strict"] is (Outcome.HOLDS if bound == "true" else Outcome.FAILS)
