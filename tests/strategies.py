"""Random small specifications: two roles that say a few things to each other, with everything a machine can do.

`smalls()` are the plain ones; `troubled()` also listen to what befalls their links, send datagrams, and have a check with
faults; `asking()` are plain, but what right says answers what left asks.  `claiming()` are any of them, with claims about
runs, and time that is counted at times.
"""

from textwrap import dedent

from hypothesis import strategies as st

from clausework.model.standard import Standard
from support import small_standard

VOCABULARY = """
    vocabulary: small
    roles: {left: {means: One end}, right: {means: The other end}}
    connections: {wire: {between: left and right}, post: {between: right and left, datagram: true}}
    parameters: {patience: {unit: second, check: 1}}
"""
MESSAGES = """
    messages:
      ask:    {from: left, to: right, over: wire, fields: {loud: boolean}}
      cancel: {from: left, to: right, over: wire}
      grant:  {from: right, to: left, over: wire}
      refuse: {from: right, to: left, over: wire}
      card:   {from: right, to: left, over: post, fields: {loud: boolean}}
"""
ANSWERED = MESSAGES.replace("grant:  {from: right, to: left,", "grant:  {answers: ask,").replace(
    "refuse: {from: right, to: left,", "refuse: {answers: ask,"
)
SAYS = {"left": ("ask with loud = true", "ask with loud = false", "cancel"), "right": ("grant", "refuse")}
HEARS = {"left": ("grant", "refuse"), "right": ("ask", "cancel")}
STATES = ("one", "two", "three")
FAULTS = (
    "lost l once",
    "lost r once",
    "restart l once",
    "restart r once",
    "loss once",
    "duplication once",
    "swap once",
)


class Small:
    """The flow as text, and what it is read as; shown as the text."""

    def __init__(self, text: str, standard: Standard) -> None:
        self.text = text
        self.standard = standard

    def __repr__(self) -> str:
        return self.text


@st.composite
def effects(draw: st.DrawFn, side: str, inside: bool = False, trouble: bool = False) -> str:
    other = "right" if side == "left" else "left"
    parts = []
    if draw(st.booleans()):
        cards = ("card with loud = true", "card with loud = false") if trouble and side == "right" else ()
        say = draw(st.sampled_from((*SAYS[side], *cards)))
        name, _, given = say.partition(" with ")
        parts.append(f"send: {name} to {other}" + (f" with {given}" if given else ""))
    if draw(st.booleans()):
        parts.append(f"set: {{score: {draw(st.sampled_from(('0', '1', 'score')))}}}")
    branch = None if inside else draw(st.sampled_from((None, None, "when", "decide")))
    if branch == "when":
        one, two = (draw(effects(side, inside=True, trouble=trouble)) for _ in (1, 2))
        parts.append(f"when: {{score = 0: {one}, else: {two}}}")
    elif branch == "decide":
        one, two = (draw(effects(side, inside=True, trouble=trouble)) for _ in (1, 2))
        parts.append(f"decide mood: {{good: {one}, bad: {two}}}")
    elif draw(st.booleans()):
        parts.append(f"to: {draw(st.sampled_from(STATES))}")
    return "{" + ", ".join(parts) + "}" if parts else "ignore"


@st.composite
def machines(draw: st.DrawFn, side: str, trouble: bool = False) -> str:
    other = "right" if side == "left" else "left"
    news = (f"lost {other}", f"restored {other}", "restarted") if trouble else ()
    hears = (*HEARS[side], "card") if trouble and side == "left" else HEARS[side]
    lines = [
        f"  {side}:",
        "    commands: {go: {}}",
        "    variables: {score: integer 0..1 = 0}",
        "    initial: one",
        "    states:",
    ]
    for state in STATES:
        lines.append(f"      {state}:")
        for message in hears:
            word = draw(st.sampled_from(("handle", "ignore", "defer", "nothing")))
            if word == "handle":
                lines.append(f"        receive {message}: {draw(effects(side, trouble=trouble))}")
        for kind in ("command go", "after patience", *news):
            if draw(st.integers(0, 2)) == 0:
                lines.append(f"        {kind}: {draw(effects(side, trouble=trouble))}")
        lines.append(f"        otherwise: {draw(st.sampled_from(('ignore', 'ignore', 'defer', 'impossible')))}")
    return "\n".join(lines)


def smalls() -> st.SearchStrategy[Small]:
    return talks()


def asking() -> st.SearchStrategy[Small]:
    return talks(messages=ANSWERED)


def troubled() -> st.SearchStrategy[Small]:
    return talks(trouble=True)


def claiming() -> st.SearchStrategy[Small]:
    kinds = ((MESSAGES, False), (ANSWERED, False), (MESSAGES, True))
    return st.sampled_from(kinds).flatmap(lambda kind: talks(*kind, claims=True))


EVENTS = (
    *(f"{side} {what}" for side in ("left", "right") for what in ("does go", "restarts")),
    *(f'"left -> right: {message}"' for message in ("ask", "ask with loud = true", "cancel")),
    *(f'"right -> left: {message}"' for message in ("grant", "refuse")),
)
CONDITIONS = ("left is one", "left is two|three", "right is one", "right.score = 1", "left.score = 0 or right is two")


@st.composite
def _claims(draw: st.DrawFn) -> str:
    event, condition = st.sampled_from(EVENTS), st.sampled_from(CONDITIONS)
    happening = event | condition
    match draw(st.sampled_from(("whenever", "whenever", "precedes", "unchanged", "twice", "plain", "possible"))):
        case "whenever":
            claim = f"whenever: {draw(happening)}, eventually: {draw(happening)}"
            claim += draw(st.sampled_from(("", "", ", within: patience")))
        case "precedes":
            claim = f"precedes: {draw(happening)}, before: {draw(happening)}"
        case "unchanged":
            claim = f"unchanged: [left.score, right.score], from: {draw(happening)}, to: {draw(happening)}"
        case "twice":
            claim = f"never: {draw(event)} twice".replace('" twice', ' twice"')
            if "ask twice" in claim:
                claim = claim.replace("twice", draw(st.sampled_from(("twice", "twice with the same loud"))))
        case "plain":
            claim = draw(st.sampled_from(("always", "settled", "never"))) + f": {draw(condition)}"
            claim = draw(st.sampled_from((claim, f"never: {draw(event)}")))
        case _:
            return f"possible: {draw(condition)}"
    for word in ("if", "unless"):
        if draw(st.integers(0, 3)) == 0:
            claim += f", {word}: {draw(happening)}"
    return claim


@st.composite
def talks(draw: st.DrawFn, messages: str = MESSAGES, trouble: bool = False, claims: bool = False) -> Small:
    faults = draw(st.lists(st.sampled_from(FAULTS), min_size=1, max_size=2, unique=True)) if trouble else []
    more = f", faults: [{', '.join(faults)}]" if faults else ""
    properties = []
    if claims:
        more += draw(st.sampled_from(("", "", ", ticks: {patience: 1..2}", ", ticks: {patience: 1}, delivery: urgent")))
        stated = draw(st.lists(_claims(), min_size=2, max_size=4))
        properties = ["properties:", *(f"  claim_{number}: {{{each}}}" for number, each in enumerate(stated))]
    text = "\n".join(
        (
            "flow: talk",
            "title: Talk",
            "roles: {left: left, right: right}",
            "decisions: {mood: {question: How is it, answers: [good, bad]}}",
            "machines:",
            draw(machines("left", trouble=trouble)),
            draw(machines("right", trouble=trouble)),
            *properties,
            "checks:",
            f"  both: {{parties: {{l: left, r: right}}, queue: {draw(st.integers(1, 2))}{more}}}",
        )
    )
    return Small(text, small_standard(vocabulary=dedent(VOCABULARY), messages=dedent(messages), talk=text))
