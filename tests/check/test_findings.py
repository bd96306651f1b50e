"""Each rule of `check` has a specification that breaks it, with the expectation on the line; and none says more."""

import re
from collections import Counter
from textwrap import dedent

import pytest

from clausework.check import RULES, check
from support import shipped, small_standard

VOCABULARY = """
    vocabulary: small
    roles: {left: {means: One end}, right: {means: The other end}}
    connections: {wire: {between: left and right}}
    parameters: {patience: {unit: second, check: 1}}
"""
MESSAGES = """
    messages:
      ask:   {from: left, to: right, fields: {loud: boolean}}
      grant: {from: right, to: left}
"""
LEFT = """
      left:
        commands: {go: {}}
        notifications: {done: {}}
        initial: idle
        states:
          idle:
            command go: {send: ask to right with loud = true, to: waiting}
          waiting:
            receive grant: {notify: done, to: idle}
            after patience: {to: idle}
        otherwise: ignore
"""
RIGHT = """
      right:
        initial: ready
        states:
          ready:
            receive ask: {when: {loud: {send: grant to left}, else: ignore}}
"""


def talk(left: str = LEFT, right: str = RIGHT, more: str = "") -> str:
    head = "flow: talk\ntitle: Talk\nroles: {left: left, right: right}\n"
    return head + dedent(more) + "machines:\n" + indented(left) + indented(right)


def indented(text: str) -> str:
    return "\n".join("  " + line for line in dedent(text).strip("\n").splitlines()) + "\n"


CASES = {
    "unreachable-state": {
        "talk": talk(
            LEFT.replace(
                "after patience: {to: idle}",
                "after patience: {to: idle}\n          lonely: {}  # expect: unreachable-state",
            )
        )
    },
    "trap-state": {
        "talk": talk(
            LEFT.replace("{notify: done, to: idle}", "{notify: done, to: stuck}").replace(
                "after patience: {to: idle}", "after patience: {to: idle}\n          stuck: {}  # expect: trap-state"
            )
        )
    },
    "dead-transition": {
        "talk": talk(
            right=RIGHT.replace(
                "when: {loud: {send: grant to left}, else: ignore}",
                "when: {loud and not loud: ignore, loud: {send: grant to left}, not loud: ignore}",
            ).replace("ignore}}\n", "ignore}}  # expect: dead-transition\n", 1)
        )
    },
    "overlapping-branches": {
        "talk": talk(
            right=RIGHT.replace(
                "{when: {loud: {send: grant to left}, else: ignore}}",
                "{when: {loud: {send: grant to left}, not loud: ignore, loud or not loud: ignore}}  # expect: overlapping-branches",
            )
        )
    },
    "missing-case": {
        "talk": talk(
            right=RIGHT.replace(
                "{when: {loud: {send: grant to left}, else: ignore}}",
                "{when: {loud: {send: grant to left}}}  # expect: missing-case",
            )
        )
    },
    "unused-message": {"messages": MESSAGES + "      spare: {from: left, to: right}  # expect: unused-message\n"},
    "never-sent": {
        "messages": MESSAGES + "      spare: {from: left, to: right}  # expect: never-sent\n",
        "talk": talk(right=RIGHT + "            receive spare: ignore\n"),
    },
    "never-received": {
        "messages": MESSAGES + "      spare: {from: left, to: right}  # expect: never-received\n",
        "talk": talk(
            LEFT.replace(
                "{send: ask to right with loud = true, to: waiting}",
                "{send: [ask to right with loud = true, spare to right], to: waiting}",
            )
        ),
    },
    "unread-field": {
        "messages": MESSAGES.replace(
            "fields: {loud: boolean}}", "fields: {loud: boolean, why: text 0..9 = none}}  # expect: unread-field"
        ),
    },
    "unused-variable": {
        "talk": talk(
            LEFT.replace(
                "        initial: idle\n",
                "        variables: {times: integer 0..3 = 0}  # expect: unused-variable\n        initial: idle\n",
                1,
            )
        ),
    },
    "unused-parameter": {
        "vocabulary": VOCABULARY.replace(
            "    parameters: {patience: {unit: second, check: 1}}\n",
            "    parameters:\n      patience: {unit: second, check: 1}\n      spare: {unit: second}  # expect: unused-parameter\n",
        )
    },
    "unused-type": {
        "vocabulary": VOCABULARY + "    types:\n      colour: {enum: [red, green]}  # expect: unused-type\n"
    },
    "unused-command": {
        "talk": talk(LEFT.replace("commands: {go: {}}", "commands: {go: {}, stay: {}}  # expect: unused-command"))
    },
    "unused-notification": {
        "talk": talk(
            LEFT.replace(
                "notifications: {done: {}}", "notifications: {done: {}, told: {}}  # expect: unused-notification"
            )
        )
    },
    "unused-decision": {
        "talk": talk(
            more="decisions:\n  mood: {question: How is it, answers: [good, bad]}  # expect: unused-decision\n"
        )
    },
    "circular-reaction": {
        "talk": talk(
            LEFT.replace(
                "after patience: {to: idle}",
                "after patience: {to: idle}\n            enters second up: {to: idle}  # expect: circular-reaction",
            )
        ),
        "second": "flow: second\ntitle: Second\nroles: {left: left}\nmachines:\n  left:\n    initial: down\n    states:\n      down:\n        enters talk waiting: {to: up}  # expect: circular-reaction\n      up:\n        leaves talk waiting: {to: down}\n",
    },
    "nobody-woken": {
        "vocabulary": VOCABULARY + "    types: {tone: {enum: [high, low]}}\n",
        "second": """
            flow: second
            title: Second
            roles: {left: left, right: right}
            machines:
              left:
                one per: [right, tone]
                commands: {up: {}}
                initial: down
                states:
                  down:
                    command up: {to: up}
                    enters talk waiting: {to: up}  # expect: nobody-woken
                    lost right: {to: up}  # expect: nobody-woken
                    leaves talk waiting: ignore
                  up:
                    leaves talk waiting: {to: down}
                    lost right: {to: down}
                anywhere:
                  restored right: {forget: true}
        """,
        "third": """
            flow: third
            title: Third
            roles: {left: left, right: right}
            machines:
              left:
                one per: right
                initial: down
                states:
                  down:
                    lost right: {to: up}
                  up:
                    restored right: {to: down}
        """,
    },
}


def findings(texts: dict[str, str]) -> Counter[tuple[str, int, str]]:
    standard = small_standard(**{"vocabulary": VOCABULARY, "messages": MESSAGES, "talk": talk()} | texts)
    return Counter(
        (each.span.source.path.rpartition("/")[2], each.span.start.line, each.rule.slug)
        for each in check(standard)
        if each.span is not None
    )


def expected(texts: dict[str, str]) -> Counter[tuple[str, int, str]]:
    found = Counter()
    for name, text in texts.items():
        for number, line in enumerate(dedent(text).splitlines(), 1):
            remark = re.search(r"# expect: ([\w-]+)", line)
            if remark:
                found[f"{name}.yaml", number, remark[1]] += 1
    return found


def test_what_is_right_has_no_findings() -> None:
    assert findings({}) == Counter()


@pytest.mark.parametrize("rule", CASES)
def test_the_rule_finds_it_there_and_nothing_else_is_found(rule: str) -> None:
    assert expected(CASES[rule])
    assert findings(CASES[rule]) == expected(CASES[rule])


def test_an_element_without_a_source_is_found() -> None:
    standard = small_standard(
        vocabulary=VOCABULARY, messages=MESSAGES, talk=talk(), standard="standard: small\ntitle: S\nedition: e\n"
    )

    assert {each.rule.slug for each in check(standard)} == {"no-source"}


def test_a_clause_that_is_not_in_the_contents_is_found() -> None:
    head = 'standard: small\ntitle: S\nedition: e\nsource: "1"\nclauses:\n  "1": One\n  "2": Two\n'
    text = talk().replace("title: Talk", 'title: Talk\nsource: "2.7"')
    standard = small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=text, standard=head)

    assert {each.rule.slug for each in check(standard)} == {"unknown-clause"}


@pytest.mark.parametrize(
    ("line", "message", "help_"),
    [
        ("flow: {statement: sloow}", "the contents have no statement sloow", "did you mean `slow`?"),
        ("flow: {figure: 2}", "the contents have no figure 2", "possible are `1`"),
        (
            'entry: {title: A picture, clause: "9"}',
            "the contents have no clause 9, where figure 1 would stand",
            "possible are `1`",
        ),
    ],
)
def test_what_is_not_in_the_contents_is_answered_with_what_is(line: str, message: str, help_: str) -> None:
    where, _, cited = line.partition(": ")
    figure = cited if where == "entry" else "A picture"
    source = cited if where == "flow" else '{clause: "1", figure: 1, statement: slow}'
    head = (
        'standard: small\ntitle: Small\nedition: first\nmark: stated\nsource: "1"\nclauses: {"1": Only}\n'
        f'figures: {{"1": {figure}}}\nstatements: {{slow: Nothing is quick}}\n'
    )
    text = talk().replace("title: Talk", f"title: Talk\nsource: {source}")
    standard = small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=text, standard=head)

    assert [(each.message, each.help) for each in check(standard)] == [(message, help_)]


def test_every_rule_has_a_case() -> None:
    assert {rule.slug for rule in RULES} == {*CASES, "no-source", "unknown-clause"}


def test_shipped_specifications_have_nothing_but_notes() -> None:
    found = [each for standard in shipped().values() for each in check(standard)]

    assert {str(each.severity) for each in found} <= {"note"}
