"""Random small specifications: two roles that say a few things to each other, with everything a machine can do."""

from dataclasses import dataclass
from textwrap import dedent

from hypothesis import strategies as st

from clausework.model.standard import Standard
from support import small_standard

VOCABULARY = """
    vocabulary: small
    roles: {left: {means: One end}, right: {means: The other end}}
    connections: {wire: {between: left and right}}
    parameters: {patience: {unit: second, check: 1}}
"""
MESSAGES = """
    messages:
      ask:    {from: left, to: right, fields: {loud: boolean}}
      cancel: {from: left, to: right}
      grant:  {from: right, to: left}
      refuse: {from: right, to: left}
"""
SAYS = {"left": ("ask with loud = true", "ask with loud = false", "cancel"), "right": ("grant", "refuse")}
HEARS = {"left": ("grant", "refuse"), "right": ("ask", "cancel")}
STATES = ("one", "two", "three")


@dataclass(frozen=True)
class Small:
    """The flow as text, and what it is read as."""

    text: str
    standard: Standard


@st.composite
def effects(draw: st.DrawFn, side: str, inside: bool = False) -> str:
    other = "right" if side == "left" else "left"
    parts = []
    if draw(st.booleans()):
        say = draw(st.sampled_from(SAYS[side]))
        name, _, given = say.partition(" with ")
        parts.append(f"send: {name} to {other}" + (f" with {given}" if given else ""))
    if draw(st.booleans()):
        parts.append(f"set: {{score: {draw(st.sampled_from(('0', '1', 'score')))}}}")
    branch = None if inside else draw(st.sampled_from((None, None, "when", "decide")))
    if branch == "when":
        one, two = draw(effects(side, inside=True)), draw(effects(side, inside=True))
        parts.append(f"when: {{score = 0: {one}, else: {two}}}")
    elif branch == "decide":
        one, two = draw(effects(side, inside=True)), draw(effects(side, inside=True))
        parts.append(f"decide mood: {{good: {one}, bad: {two}}}")
    elif draw(st.booleans()):
        parts.append(f"to: {draw(st.sampled_from(STATES))}")
    return "{" + ", ".join(parts) + "}" if parts else "ignore"


@st.composite
def machines(draw: st.DrawFn, side: str) -> str:
    lines = [
        f"  {side}:",
        "    commands: {go: {}}",
        "    variables: {score: integer 0..1 = 0}",
        "    initial: one",
        "    states:",
    ]
    for state in STATES:
        lines.append(f"      {state}:")
        for message in HEARS[side]:
            word = draw(st.sampled_from(("handle", "ignore", "defer", "nothing")))
            if word == "handle":
                lines.append(f"        receive {message}: {draw(effects(side))}")
        for kind in ("command go", "after patience"):
            if draw(st.integers(0, 2)) == 0:
                lines.append(f"        {kind}: {draw(effects(side))}")
        lines.append(f"        otherwise: {draw(st.sampled_from(('ignore', 'ignore', 'defer', 'impossible')))}")
    return "\n".join(lines)


@st.composite
def smalls(draw: st.DrawFn) -> Small:
    text = "\n".join(
        (
            "flow: talk",
            "title: Talk",
            "roles: {left: left, right: right}",
            "decisions: {mood: {question: How is it, answers: [good, bad]}}",
            "machines:",
            draw(machines("left")),
            draw(machines("right")),
            "checks:",
            f"  both: {{parties: {{l: left, r: right}}, queue: {draw(st.integers(1, 2))}}}",
        )
    )
    return Small(text, small_standard(vocabulary=dedent(VOCABULARY), messages=dedent(MESSAGES), talk=text))
