"""Traces and verdicts as people read them in a terminal, and as scripts do."""

import json
from dataclasses import replace

import pytest

from clausework.diagnostics import Diagnostic, Rule, Severity
from clausework.emit.exports.listing import listing
from clausework.emit.exports.verdicts import as_json, line, table
from clausework.model.about import About, Citation, Mark
from clausework.semantics.space import FAULTS, PROGRESS
from clausework.semantics.trace import Sent, Trace, TraceStep
from clausework.semantics.verdict import Exploration, Outcome, Verdict
from clausework.source import Position, Source, Span

SOURCE = Source("spec/ping/flows/ping.yaml", "\n" * 20)
ABOUT = About(
    span=Span(SOURCE, Position(12, 9), Position(12, 20)),
    source=Citation(clause="10.3", figures=("4",)),
    mark=Mark.STATED,
)
STEPS = (
    TraceStep(
        number=1,
        party="alice",
        kind="command",
        name="ask",
        arguments=(("to", "bob"),),
        sends=(Sent(number=1, receiver="home", message="ping", fields=(("to", "bob"),), about=ABOUT),),
        states=(("alice", "client", "", "waiting"),),
        changed=(("alice", "client", "", "waiting"),),
        queues=(("alice", "home", ("ping",)),),
        about=ABOUT,
    ),
    TraceStep(
        number=2,
        party="home",
        kind="deliver",
        name="ping",
        sender="alice",
        received=1,
        answers=(("known", "yes"),),
        sends=(Sent(number=2, receiver="alice", message="pong", fields=(), lost=True),),
        notifications=(("asked", (("who", "alice"),)),),
        states=(("alice", "client", "", "waiting"), ("home", "server", "alice", "busy")),
        changed=(("home", "server", "alice", "busy"),),
    ),
    TraceStep(number=3, party="home", kind="cut", name="wire", sender="alice", fault="`client` was not ready"),
)
TRACE = Trace(
    parties=(("alice", "client"), ("home", "server")), start=(("alice", "client", "", "idle"),), steps=STEPS, loop=1
)


def verdict(kind: str, name: str, outcome: Outcome, **more: object) -> Verdict:
    return Verdict(kind=kind, name=name, outcome=outcome, about=ABOUT, **more)  # type: ignore[arg-type]  # made for the test


FINDING = Diagnostic(Rule("property", Severity.ERROR, "s", "p"), "m", ABOUT.span)
EXPLORATION = Exploration(
    flow="ping",
    check="two",
    parties=TRACE.parties,
    configurations=1234567,
    steps=1,
    depth=4,
    complete=False,
    stopped="more than 1234567 configurations",
    bounds=("queues of 2",),
    unexplored=("restarts",),
    verdicts=(
        verdict("property", "quiet", Outcome.HOLDS),
        verdict("property", "mirror", Outcome.FAILS, refuted="requests may cross", trace=TRACE),
        verdict("sequence", "figure_4", Outcome.FAILS, trace=TRACE, diagnostic=FINDING),
        verdict("property", "late", Outcome.UNKNOWN),
    ),
    seconds=0.5,
)


@pytest.mark.parametrize("kind", sorted(PROGRESS | FAULTS | {"command", "open", "attack"}))
def test_every_kind_of_step_is_told_in_words(kind: str) -> None:
    step = TraceStep(number=1, party="home", kind=kind, name="ping", sender="alice")

    first = listing(Trace(parties=TRACE.parties, start=(), steps=(step,))).splitlines()[0]

    assert first.startswith("  1  home ")
    assert f"{kind} ping" not in first


def test_a_trace_tells_who_did_what_what_came_of_it_and_where_that_is_written() -> None:
    assert listing(TRACE).splitlines()[:11] == [
        "  1  alice  does `ask` with to = bob",
        "            client: idle -> waiting",
        "            -> home: ping with to = bob",
        "            (spec/ping/flows/ping.yaml:12:9, clause 10.3, Figure 4, stated)",
        "  2  home   receives ping from alice",
        "            decides known: yes",
        "            server[alice]: is busy",
        "            -> alice: pong (goes nowhere)",
        "            is told asked with who = alice",
        "  3  home   is cut off from alice",
        "            fails: `client` was not ready",
    ]


def test_a_trace_that_goes_round_says_where_it_comes_back_to() -> None:
    assert "  and from here on as from step 1, for ever" in listing(TRACE)


def test_the_end_of_a_trace_shows_every_state_and_what_is_still_on_its_way() -> None:
    trace = Trace(parties=TRACE.parties, start=TRACE.start, steps=STEPS[:1])

    assert listing(trace).splitlines()[-3:] == [
        "  at the end",
        "    alice: client is waiting",
        "    on the way from alice to home: ping",
    ]


def test_a_trace_without_steps_says_that_the_start_is_meant() -> None:
    text = listing(Trace(parties=TRACE.parties, start=TRACE.start, steps=()))

    assert "already at the start" in text
    assert "alice: client is idle" in text


def test_the_table_says_how_far_was_looked_and_marks_what_should_not_be() -> None:
    assert table(EXPLORATION).splitlines() == [
        "ping, two: alice (client), home (server)",
        "  1,234,567 configurations, 1 step, depth 4, stopped: more than 1234567 configurations, 0.50 s",
        "  within: queues of 2",
        "  not looked at: restarts",
        "",
        "  holds    property  quiet",
        "  fails    property  mirror    3 steps; as is known: requests may cross",
        "  fails!   sequence  figure_4  3 steps",
        "  unknown  property  late",
    ]


def test_one_line_counts_what_is_as_it_should_be() -> None:
    assert line(EXPLORATION).endswith("; 3 of 4 verdicts as they should be")


def test_what_nobody_looked_for_is_no_verdict() -> None:
    unasked = replace(EXPLORATION.verdicts[0], outcome=Outcome.NOT_LOOKED_AT)

    told = line(replace(EXPLORATION, verdicts=(*EXPLORATION.verdicts, unasked)))

    assert told.endswith("; 3 of 4 verdicts as they should be, 1 not looked at")


def test_json_has_traces_step_by_step_with_places_and_clauses() -> None:
    data = json.loads(json.dumps(as_json(EXPLORATION)))
    step = data["verdicts"][1]["trace"]["steps"][0]

    assert [each["expected"] for each in data["verdicts"]] == [True, True, False, True]
    assert data["verdicts"][2]["diagnostic"]["rule"] == "property"
    assert step["sends"] == [{"number": 1, "to": "home", "message": "ping", "fields": {"to": "bob"}, "lost": False}]
    assert step["about"] == {"place": "spec/ping/flows/ping.yaml:12:9", "source": "10.3, Figure 4", "mark": "stated"}
