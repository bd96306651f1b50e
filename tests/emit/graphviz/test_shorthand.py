"""Named effects: which part of a transition is told by a name, and what the legend says of it."""

import pytest

from clausework.emit.graphviz.moves import moves
from clausework.emit.graphviz.shorthand import Shorthand
from clausework.emit.graphviz.state_diagram import state_diagram
from clausework.model import machine as model
from clausework.model import transitions as flat
from clausework.model.standard import named
from support import shipped_flow, small_standard

VOCABULARY = "roles: {caller: {}, hall: {}}\nconnections: {line: {between: caller and hall}}\n"
MESSAGES = "messages:\n" + "".join(f"  {name}: {{from: caller, to: hall}}\n" for name in ("a", "b", "c", "d", "ring"))
FLOW = """
flow: calls
title: Calls
roles: {{caller: caller, hall: hall}}
machines:
  hall: {{initial: idle, otherwise: {{any: ignore}}, states: {{idle: {{}}}}}}
  caller:
    variables: {{tries: integer 0..9 = 0}}
    commands: {{one: {{}}, two: {{}}, three: {{}}}}
    notifications: {{told: {{}}, heard: {{}}}}
    initial: idle
    effects:
{effects}
    states:
      idle:
{triggers}
      busy: {{}}
"""


def machine(effects: str, *triggers: str) -> model.Machine:
    names = ("one", "two", "three")
    lines = [f"        command {name}: {{{trigger}}}" for name, trigger in zip(names, triggers, strict=False)]
    inside = "\n".join(f"      {line}" for line in effects.strip().splitlines())
    flow = FLOW.format(effects=inside, triggers="\n".join(lines))
    (calls,) = small_standard(vocabulary=VOCABULARY, messages=MESSAGES, calls=flow).flows
    return named(calls.machines, "caller")


def told(of: model.Machine) -> list[str]:
    """What is said of each transition, in one line."""
    shorthand = Shorthand(of)
    return [
        "; ".join(str(said) for said in shorthand.effects(transition.number)) for transition in flat.transitions(of)
    ]


BOTH = "both: {send: [a to hall, b to hall]}"


def test_an_effect_of_several_lines_that_is_used_twice_is_told_by_its_name() -> None:
    of = machine(BOTH, "do: both", "do: both, to: busy")

    assert told(of) == ["• both", "• both"]
    assert Shorthand(of).explained() == ("• both: ! a to hall; ! b to hall",)


def test_an_effect_of_one_line_or_used_once_is_told_in_full() -> None:
    assert told(machine("ring: {send: ring to hall}", "do: ring", "do: ring")) == ["! ring to hall"] * 2
    assert told(machine(BOTH, "do: both", "send: c to hall")) == ["! a to hall; ! b to hall", "! c to hall"]
    assert Shorthand(machine(BOTH, "do: both", "send: c to hall")).explained() == ()


def test_what_a_transition_does_besides_stands_before_the_name() -> None:
    of = machine(BOTH, "do: both, send: c to hall, set: {tries: 1}", "do: both")

    assert told(of) == ["! c to hall; tries := 1; • both", "• both"]


def test_what_is_written_beside_the_name_every_time_does_not_become_a_part_of_it() -> None:
    of = machine(BOTH, "do: both, send: c to hall", "do: both, send: c to hall")

    assert told(of) == ["! c to hall; • both"] * 2


def test_a_name_inside_another_is_told_by_the_outer_one_and_explained_by_itself() -> None:
    of = machine(f"{BOTH}\nmore: {{send: c to hall, do: both}}", "do: more", "do: more, to: busy", "do: both")

    assert told(of) == ["• more", "• more", "• both"]
    assert Shorthand(of).explained() == ("• more: ! c to hall; • both", "• both: ! a to hall; ! b to hall")


def test_names_that_always_come_together_are_told_in_full_as_nobody_can_tell_them_apart() -> None:
    of = machine(f"{BOTH}\nrest: {{send: [c to hall, d to hall]}}", "do: [both, rest]", "do: [both, rest]")

    assert told(of) == ["! a to hall; ! b to hall; ! c to hall; ! d to hall"] * 2


def test_names_beside_each_other_stay_apart_if_one_of_them_also_comes_alone() -> None:
    of = machine(f"{BOTH}\nrest: {{send: [c to hall, d to hall]}}", "do: [both, rest]", "do: [both, rest]", "do: both")

    assert told(of) == ["• both; • rest", "• both; • rest", "• both"]
    assert "• rest: ! c to hall; ! d to hall" in Shorthand(of).explained()


def test_a_name_with_branches_inside_is_told_branch_by_branch() -> None:
    of = machine("try: {when: {tries < 3: {do: both}, else: {send: c to hall}}}\n" + BOTH, "do: try", "do: try")

    assert told(of) == ["! a to hall; ! b to hall", "! c to hall"] * 2  # `both` is written in one place only


def test_a_message_that_is_passed_on_is_called_the_message() -> None:
    server = named(shipped_flow("xmpp", "subscription").machines, "server")

    explained = Shorthand(server).explained()
    assert "• route: ! the message to server of peer; • push" in explained
    assert not any("subscribed" in sentence for sentence in explained)


@pytest.mark.parametrize(
    ("standard", "flow", "name"),
    [("xmpp", "subscription", "server"), ("xmpp", "stream", "server"), ("dhcp", "lease", "client")],
)
def test_names_and_what_they_mean_say_all_that_happens(standard: str, flow: str, name: str) -> None:
    of = named(shipped_flow(standard, flow).machines, name)
    shorthand = Shorthand(of)
    meaning = dict(sentence.removeprefix("• ").split(": ", 1) for sentence in shorthand.explained())

    for transition in flat.transitions(of):
        words = "; ".join(str(said) for said in shorthand.effects(transition.number))
        while any(f"• {each}" in words.split("; ") for each in meaning):
            parts = [meaning[part[2:]] if part.startswith("• ") else part for part in words.split("; ")]
            words = "; ".join(parts)
        sent = [part for part in words.split("; ") if part.startswith("! ")]
        assert len(sent) == len(transition.sends)
        assert sum(part.startswith("notify ") for part in words.split("; ")) == len(transition.notifies)
        assert sum(part.startswith("close ") for part in words.split("; ")) == len(transition.closes)
        assert all(str(update.variable) in words for update in transition.updates)


def test_the_legend_explains_names_and_the_tooltip_tells_all() -> None:
    text = state_diagram(machine(BOTH, "do: both", "do: both, to: busy"), name="m", title="T", subtitle="S")

    assert text.count(">• both<") == 2
    assert text.count(">• both: ! a to hall; ! b to hall<") == 1
    assert text.count("do one · ! a to hall · ! b to hall") >= 1
    assert "! sent" in text


def test_a_clause_that_all_messages_of_a_role_come_from_is_said_once() -> None:
    server = named(shipped_flow("xmpp", "subscription").machines, "server")
    found = moves(server)

    assert "Of messages from client, all that is shown is from RFC 6121 A.2." in found.sourced
    assert not any(entry.cite for entry in found.entries() if "from client" in entry.trigger)
    assert all("RFC 6121 A.2" in entry.words for entry in found.entries() if "from client" in entry.trigger)


def test_a_name_that_would_stand_in_one_place_only_is_told_in_full() -> None:
    of = machine(BOTH, "do: [both, both]", "do: both")  # what happens twice is never told by one name

    assert told(of) == ["! a to hall; ! b to hall; ! a to hall; ! b to hall", "! a to hall; ! b to hall"]
    assert Shorthand(of).explained() == ()
