"""Two roles, `left` and `right`, that say a few things to each other: what the tests of the explorer explore."""

from textwrap import dedent, indent

from clausework.explore import explore
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, named
from clausework.semantics.building import system
from clausework.semantics.space import Space
from clausework.semantics.verdict import Exploration, Outcome
from support import small_standard

VOCABULARY = """
    vocabulary: small
    roles: {left: {means: One end}, right: {means: The other end}}
    connections: {wire: {between: left and right}, post: {between: right and left, datagram: true}}
    types: {word: {is: text 1..9}}
    parameters: {patience: {unit: second, check: 1}, pause: {unit: second, check: 1}}
"""
MESSAGES = """
    messages:
      ask:    {from: left, to: right, over: wire}
      accept: {answers: ask, over: wire}
      refuse: {answers: ask, over: wire}
      later:  {answers: ask, over: wire, provisional: true}
      tell:   {from: right, to: left, over: wire}
      say:    {from: left, to: right, over: wire, fields: {what: one|two}}
      card:   {from: right, to: left, over: post, fields: {number: one|two}}
"""


def flow_text(left: str, right: str, more: str = "", check: str = "") -> str:
    return (
        "flow: talk\ntitle: Talk\nroles: {left: left, right: right}\n"
        "decisions: {mood: {question: How is it, answers: [good, bad]}, "
        "word: {question: What is it, answers: [yes, no], rigid: true}}\nmachines:\n"
        f"  left:\n{indent(dedent(left).strip(), '    ')}\n  right:\n{indent(dedent(right).strip(), '    ')}\n"
        f"{dedent(more)}\nchecks:\n  both: {{parties: {{l: left, r: right}}{', ' if check else ''}{check}}}\n"
    )


def talk(
    left: str, right: str, more: str = "", check: str = "", messages: str = MESSAGES, vocabulary: str = VOCABULARY
) -> tuple[Standard, Flow]:
    """The flow of the two machines, each written from its first key on; `check` are keys of its only check."""
    text = flow_text(left, right, more, check)
    standard = small_standard(vocabulary=vocabulary, messages=messages, talk=text)
    return standard, named(standard.flows, "talk")


def explored(left: str, right: str, more: str = "", check: str = "") -> Exploration:
    standard, flow = talk(left, right, more, check)
    return explore(standard, flow, flow.checks[0])


def space(left: str, right: str, check: str = "") -> Space:
    standard, flow = talk(left, right, "", check)
    checked: Check = flow.checks[0]
    return Space(system(standard, flow, checked))


def outcomes(exploration: Exploration) -> dict[str, Outcome]:
    return {each.name: each.outcome for each in exploration.verdicts if each.kind == "property"}


def found(exploration: Exploration) -> set[str]:
    """The kinds of finding."""
    return {each.kind for each in exploration.verdicts if each.diagnostic is not None}


def length(exploration: Exploration, name: str) -> int:
    """How many steps the trace of a verdict has, by its name or kind."""
    verdict = next(each for each in exploration.verdicts if name in (each.name, each.kind))
    assert verdict.trace is not None
    return len(verdict.trace.steps)


# Two who do a bit of everything.

BUSY_LEFT = """
commands: {go: {}, stop: {}, halt: {}, spoil: {}, leave: {}, overdo: {}}
notifications: {over: {}, granted: {}}
variables: {score: integer 0..1 = 0}
initial: idle
states:
  idle:
    command go: {send: ask to right, to: waiting}
    command stop: {to: idle}
    command halt: {to: idle}
    lost right: {to: idle}
  waiting:
    command spoil: {set: {score: 1}}
    command leave: {set: {score: 1}, to: away}
    receive accept: {notify: granted, to: served}
    receive refuse: {notify: over, to: idle}
    lost right: {to: idle}
    after patience: {notify: over, to: idle}
  served:
    command go: {send: ask to right, to: waiting}
    after pause: {to: idle}
    lost right: {to: idle}
  away:
    command overdo: {set: {score: score + 1}}
otherwise: ignore
"""
BUSY_RIGHT = """
initial: quiet
states:
  quiet:
    receive ask: {decide mood: {good: {send: accept to left}, bad: {send: refuse to left}}}
"""
