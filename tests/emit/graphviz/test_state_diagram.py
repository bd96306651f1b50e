"""A machine as a state diagram: what is written, and that it is written once."""

import dataclasses
import re

import pytest

from clausework.emit.graphviz.moves import moves, sentences
from clausework.emit.graphviz.state_diagram import state_diagram
from clausework.expr import nodes as expr
from clausework.expr.types import Boolean
from clausework.model import machine as model
from clausework.model import transitions as flat
from clausework.model.about import Mark
from clausework.source import Name
from emit.graphviz import examples
from emit.graphviz.examples import effect, machine, notify, on, receive, send, state

MACHINES = (
    examples.dhcp_client(),
    examples.login_client(),
    examples.relationship_irsp(),
    examples.long_machine(20),
    examples.nasty_machine(),
)


def dot(of: model.Machine) -> str:
    return state_diagram(of, name="m", title="Title", subtitle="Subtitle")


def statements(text: str, start: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith(start)]


@pytest.mark.parametrize("of", MACHINES, ids=lambda each: each.flow)
def test_every_transition_is_drawn_once_or_told_in_a_sentence(of: model.Machine) -> None:
    text = dot(of)
    told = [number for settled in moves(of).settled.values() for number in settled]

    drawn = [int(number) for number in re.findall(r'\bID="transition-(\d+)"', text)]
    assert len(drawn) == len(set(drawn))
    assert len(drawn) + len(told) == len(flat.transitions(of))


@pytest.mark.parametrize("of", MACHINES, ids=lambda each: each.flow)
def test_every_state_is_drawn_once(of: model.Machine) -> None:
    ids = re.findall(r'\bid="?state-', dot(of))

    assert len(ids) == len(of.states)


def test_clauses_stand_in_the_labels() -> None:
    text = dot(examples.dhcp_client())

    assert [f"arrow {number}" in text for number in (1, 2, 3, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17)] == [True] * 15


def test_a_clause_that_the_subtitle_has_is_not_repeated() -> None:
    here = examples.about("4.4")
    of = machine("m", "a", (state("a"), state("b")), (on("a", receive("x"), effect(to="b", of=here)),), of=here)

    assert ">4.4<" not in dot(of)
    assert ">4.4<" in state_diagram(
        dataclasses.replace(of, about=examples.about("4")), name="m", title="T", subtitle="S"
    )


def test_transitions_with_the_same_ends_are_one_arc() -> None:
    found = moves(examples.dhcp_client())

    (arc,) = [arc for arc in found.arcs if arc.ends == "REBINDING → INIT"]
    assert [entry.trigger for entry in arc.entries] == ["? DHCPNAK", "after lease"]


def test_a_merged_arc_has_its_weakest_mark() -> None:
    states = (state("a"), state("b"))
    weak = effect(to="b", of=examples.about(mark=Mark.INFERRED))
    of = machine("m", "a", states, (on("a", receive("x"), effect(to="b")), on("a", receive("y"), weak)))

    (arc,) = statements(dot(of), "l1:bar:s -> s2")
    assert "style=dashed" in arc


def test_marks_are_told_apart_by_line_style() -> None:
    styles = {}
    for mark in Mark:
        does = effect(to="b", of=examples.about(mark=mark))
        of = machine("m", "a", (state("a"), state("b")), (on("a", receive("x"), does),))
        (arc,) = statements(dot(of), "l1:bar:s -> s2")
        styles[mark] = re.findall(r"\b(?:style|penwidth)=\S+", arc.replace("]", ""))

    assert len({tuple(style) for style in styles.values()}) == len(Mark)


def test_a_transition_that_stays_is_told_in_the_box() -> None:
    of = machine("m", "a", (state("a"),), (on("a", receive("x"), effect(send("y", "peer"))),))

    text = dot(of)
    assert "? x" in text
    assert "! y to peer" in text
    assert not statements(text, "l1")


def test_an_else_is_called_else() -> None:
    (arc,) = [arc for arc in moves(examples.dhcp_client()).arcs if arc.ends == "REQUESTING → INIT"]

    assert arc.entries[0].after + arc.entries[0].before == ("else",)


def test_what_a_row_denies_is_said_as_an_author_would_say_it() -> None:
    """Seen to fail when `not` stood before the whole text, and only its first part was denied."""
    right, mine = examples.is_value(examples.field("sender"), "owner"), examples.field("mine")
    denials = {
        right: "[sender != owner]",
        expr.Test(what="given", operand=mine): "[mine is not given]",
        expr.Logic(operator="and", left=right, right=mine): "[not (sender = owner and mine)]",
        mine: "[not mine]",
    }

    for denied, said in denials.items():
        false = (expr.Literal(value=False, type=Boolean()),)
        row = model.Row(values=(false,), effect=effect(send("no", "peer")), about=examples.about())
        asked = model.Lookup(table=Name("t"), given=(denied,), rows=(row,))
        text = dot(machine("m", "a", (state("a"),), (on("a", receive("x"), effect(branch=asked)),)))
        assert f">{said}<" in text


def test_a_variable_and_a_field_of_one_name_are_told_apart() -> None:
    takes = model.Update(variable=Name("code"), value=examples.field("code"))
    copies = model.Update(variable=Name("old"), value=examples.field("code"))
    text = dot(machine("m", "a", (state("a"),), (on("a", receive("x"), effect(takes, copies)),)))

    assert ">code := message.code, old := code<" in text


def test_a_condition_on_the_state_says_where_an_arc_begins() -> None:
    ends = {arc.ends for arc in moves(examples.relationship_irsp()).arcs}

    assert {"pending → related", "pending → none"} <= ends
    assert not any(end.startswith("any state") for end in ends)


def test_the_else_of_conditions_on_the_state_begins_at_the_other_states() -> None:
    """Seen to fail when it began at all of them, with `else` at an arc that nobody could read it from."""
    inside = (state("in_time", parent="pushing"), state("overdue", parent="pushing"))
    states = (state("ready"), state("pushing", initial="in_time"), *inside)
    here = expr.InState(of=None, states=(Name("in_time"),))
    cases = ((here, effect(notify("taken"), to="ready")), (None, effect(to="ready")))
    enters = on("ready", receive("go"), effect(to="pushing"))
    of = machine("m", "ready", states, (enters, on("pushing", receive("x"), effect(branch=model.When(cases=cases)))))

    found = {arc.ends: [(*entry.before, *entry.after) for entry in arc.entries] for arc in moves(of).arcs}

    assert found == {"ready → pushing": [()], "in_time → ready": [()], "overdue → ready": [()]}


def test_branches_of_a_trigger_say_it_once_and_their_clause_once() -> None:
    clause = examples.about("8.5.4")
    cases = tuple(
        (examples.is_value(examples.field("f"), value), effect(send(value, "peer"), of=clause)) for value in "pqr"
    )
    of = machine("m", "a", (state("a"),), (on("a", receive("x"), effect(branch=model.When(cases=cases))),))

    text = dot(of)

    assert [text.count(f">{said}<") for said in ("8.5.4", "[f = p]", "[f = q]", "[f = r]")] == [1, 1, 1, 1]
    assert text.count("<B>? x</B>") == 1
    assert len(re.findall(r'ID="transition-\d+"', text)) == 3


def test_branches_that_do_the_same_keep_their_trigger() -> None:
    """Two conditions below each other would be read as both."""
    cases = tuple((examples.is_value(examples.field("f"), value), effect(send("y", "peer"), to="b")) for value in "pq")
    of = machine("m", "a", (state("a"), state("b")), (on("a", receive("x"), effect(branch=model.When(cases=cases))),))

    assert dot(of).count("<B>? x</B>") == 2


def test_an_answer_that_stays_where_a_group_is_asked_stays_in_the_same_state() -> None:
    """Seen to fail when it led to `any state`, which no machine has."""
    answers = ((Name("yes"), effect(to="b")), (Name("no"), effect(send("no", "peer"))))
    asks = effect(branch=model.Decide(decision=Name("d"), cases=answers))
    text = dot(machine("m", "a", (state("a"), state("b")), (on(None, receive("x"), asks),)))

    assert ">→ the same state<" in text
    assert ">→ any state<" not in text
    assert "#state-any" not in text


def test_names_of_conditions_are_explained_if_they_are_read() -> None:
    here = examples.is_value(examples.field("f"), "here")
    there = expr.Not(operand=expr.Defined(name=Name("is_here"), body=here, type=Boolean()))
    guard = expr.Defined(name=Name("is_there"), body=there, type=Boolean())
    case = (guard, effect(send("y", "peer")))
    of = machine("m", "a", (state("a"),), (on("a", receive("x"), effect(branch=model.When(cases=(case,)))),))
    of = dataclasses.replace(of, definitions=((Name("unread"), here),))

    text = dot(of)

    assert ">is_there means: not is_here.<" in text
    assert ">is_here means: f = here.<" in text
    assert "unread" not in text


def test_a_decision_forks_at_a_hexagon_after_what_must_hold_before() -> None:
    text = dot(examples.relationship_irsp())

    assert text.count("shape=hexagon") == 1
    forks = [arc for arc in moves(examples.relationship_irsp()).arcs if arc.question]
    assert [entry.answer for arc in forks for entry in arc.entries] == ["unknown", "known"]
    assert {arc.entries[0].before for arc in forks} == {("else",)}


def test_a_group_and_anywhere_have_boxes_of_their_own() -> None:
    assert "any of pending, related" in dot(examples.relationship_irsp())
    assert "any state" in dot(examples.login_client())


def test_a_box_without_arcs_stands_beside_the_highest_state() -> None:
    """Seen to fail when dot put it above all, and everything else below it."""
    tall = on("b", receive("y"), effect(send("z", "peer")))
    goes = on("a", receive("x"), effect(to="b"))
    states = (state("a"), state("b"))
    stays, leaves = (on(None, receive("u"), effect(*does, to=to)) for does, to in (((notify("n"),), None), ((), "b")))

    beside = dot(machine("m", "a", states, (goes, tall, stays)))
    assert re.search(r"subgraph row_s2 \{\s*rank=same\s*s2\s*g1\s*\}", beside)
    assert "rank=same" not in dot(machine("m", "a", states, (goes, tall, leaves))), "an arc begins at the box"
    nested = (state("a"), state("c", initial="d"), state("d", parent="c"))
    assert "rank=same" not in dot(machine("m", "a", nested, (on("a", receive("x"), effect(to="c")), stays)))


def test_arcs_inside_a_compound_state_stand_in_its_frame() -> None:
    text = dot(examples.login_client())

    frame = text[text.index("subgraph cluster_s2") :]
    frame = frame[: frame.index("\n    }")]
    assert "start_tls" in frame
    assert "stream_error" not in frame


def test_an_arc_up_the_page_is_written_head_first() -> None:
    of = machine(
        "m",
        "a",
        (state("a"), state("b")),
        (on("a", receive("x"), effect(to="b")), on("b", receive("y"), effect(to="a"))),
    )

    assert statements(dot(of), "s1 -> l2:bar:n")[0].count("dir=back") == 1
    assert statements(dot(of), "l2:bar:s -> s2")


def test_distance_from_the_initial_state_decides_which_arcs_run_down_and_not_the_order_in_the_file() -> None:
    states = (state("c"), state("b"), state("a"))
    of = machine("m", "a", states, (on("a", receive("x"), effect(to="b")), on("b", receive("y"), effect(to="c"))))

    assert "dir=back" not in dot(of)


def test_an_answer_that_leads_up_the_page_is_a_chip() -> None:
    asked = model.Decide(decision=Name("ready"), cases=((Name("yes"), effect(to="c")), (Name("no"), effect(to="a"))))
    handlers = (on("a", receive("x"), effect(to="b")), on("b", receive("y"), effect(branch=asked)))
    text = dot(machine("m", "a", (state("a"), state("b"), state("c")), handlers))

    assert text.count("class=reference") == 1
    assert ">→ a<" in text


def test_what_several_triggers_do_alike_is_said_once() -> None:
    both = tuple(on("a", receive(name), effect(notify("gone"), to="b")) for name in ("x", "y"))
    text = dot(machine("m", "a", (state("a"), state("b")), both))

    assert text.count(">notify gone<") == 1
    assert text.index(">? x<") < text.index(">? y<") < text.index(">notify gone<")


def test_a_popular_state_gets_chips() -> None:
    of = examples.long_machine(20)

    assert dot(of).count("→ failed") >= 4


def test_a_long_machine_stands_in_columns() -> None:
    assert ">from state_6<" in dot(examples.long_machine(20))
    assert ">from " not in dot(examples.long_machine(6))


def test_the_default_is_one_sentence_and_then_the_states_that_differ() -> None:
    of = examples.relationship_irsp()

    assert sentences(of, moves(of)) == (
        "Any other message in any state is ignored.",
        "In none, related: relationship_answer from target is ignored.",
        "In related: any other message is kept for later.",
    )


def test_what_is_impossible_otherwise_is_said_to_whoever_does_not_know_the_language() -> None:
    of = machine("m", "a", (state("a"),), (), otherwise=model.Impossible())

    assert sentences(of, moves(of)) == ("No other message comes in any state; explorations check that.",)


def test_states_that_share_a_sentence_share_a_line_in_the_order_of_the_file() -> None:
    ignored = effect(disposition=model.Ignore())
    states = tuple(state(name) for name in ("a", "b", "c", "d"))
    handlers = tuple(on(name, receive("x"), ignored) for name in ("d", "b", "a"))
    of = machine("m", "a", states, handlers, otherwise=model.Impossible())

    assert sentences(of, moves(of))[1:] == ("In a, b, d: x is ignored.",)


def test_messages_are_told_one_by_one_where_every_state_ignores_others() -> None:
    ignored = effect(disposition=model.Ignore())
    cells = {"a": ("x",), "b": ("y",), "c": ("x", "y")}
    handlers = tuple(on(name, receive(message), ignored) for name, of in cells.items() for message in of)
    of = machine("m", "a", tuple(state(name) for name in cells), handlers, otherwise=model.Impossible())

    assert sentences(of, moves(of))[1:] == ("In a, c: x is ignored.", "In b, c: y is ignored.")


def test_a_chip_stays_in_the_frame_that_its_arc_begins_in() -> None:
    asked = model.Decide(decision=Name("ready"), cases=((Name("yes"), effect(to="q")), (Name("no"), effect(to="a"))))
    states = (state("a"), state("inside", initial="p"), state("p", parent="inside"), state("q", parent="inside"))
    handlers = (on("a", receive("x"), effect(to="inside")), on("p", receive("y"), effect(branch=asked)))
    text = dot(machine("m", "a", states, handlers))

    frame = text[text.index("subgraph cluster_s2") :]
    assert ">→ a<" in frame[: frame.index("\n    }")]


def test_a_box_tells_more_transitions_than_a_label() -> None:
    many = tuple(on("a", receive(f"message_{number}"), effect(send("y", f"p{number}"))) for number in range(9))

    assert "more<" not in dot(machine("m", "a", (state("a"),), many))


def test_the_legend_explains_only_what_occurs() -> None:
    text = dot(examples.dhcp_client())

    assert "from a normative reference" in text
    assert "public elsewhere" not in text
    assert "lost, restored" not in text


def test_a_final_state_has_two_borders_and_the_initial_one_a_bullet() -> None:
    text = dot(examples.login_client())

    assert text.count("peripheries=2") == 1
    assert len(statements(text, "initial ->")) == 1


def test_very_many_transitions_between_two_states_are_counted() -> None:
    many = tuple(on("a", receive(f"message_{number}"), effect(to="b")) for number in range(9))
    text = dot(machine("m", "a", (state("a"), state("b")), many))

    assert "and 4 more" in text
    assert "message_8" in text  # in the tooltip


def test_the_same_machine_gives_the_same_text() -> None:
    assert dot(examples.login_client()) == dot(examples.login_client())
