"""Sequences, counterexamples and maps of roles: what is told, and that no text covers another."""

import dataclasses
import re
from itertools import combinations, pairwise

import pytest

from clausework.emit.graphviz.lifelines import Told
from clausework.emit.graphviz.role_map import role_map
from clausework.emit.graphviz.sequence_diagram import sequence_diagram
from clausework.emit.graphviz.trace_diagram import told_trace
from clausework.model import sequence as model
from clausework.semantics.trace import Trace, TraceStep
from clausework.source import Name
from emit.graphviz import examples
from emit.graphviz.examples import effect, machine, on, receive, send, state
from support import shipped_flow


def arrows(text: str, kind: str) -> list[tuple[str, str]]:
    """Both ends of all edges of a class; an edge's statement begins with its ends and may have several lines."""
    edges = re.split(r"^  (?=\S+ -> )", text, flags=re.MULTILINE)[1:]
    ends = [re.match(r"(\w+) -> (\w+)", edge) for edge in edges if f'class="{kind} ' in edge]
    return [(found[1], found[2]) for found in ends if found]


FLOW = examples.relationship_flow()


def told(of: model.Sequence) -> Told:
    return sequence_diagram(FLOW, of, name="s", title="Title", subtitle="Subtitle")


def told_of(trace: Trace) -> Told:
    return told_trace(trace, name="t", title="Title", subtitle="Subtitle", foot="That is why.")


def roles() -> Told:
    found = role_map(examples.standard(), FLOW, name="r", title="Title", subtitle="Subtitle")
    assert found is not None
    return found


DRAWINGS = {
    "figure_4": told(examples.figure_4()),
    "figure_1": told(examples.figure_1()),
    "nasty": told(examples.nasty_sequence()),
    "crossing": told_of(examples.crossing()),
    "circling": told_of(examples.circling()),
    "ticking": told_of(examples.ticking()),
    "roles": roles(),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_no_label_covers_another(name: str) -> None:
    covering = [pair for pair in combinations(DRAWINGS[name].texts, 2) if pair[0].overlaps(pair[1])]

    assert covering == []


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_text_is_on_the_page(name: str) -> None:
    size = re.search(r"page \[.*?height=([\d.]+).*?width=([\d.]+)", DRAWINGS[name].dot)
    assert size is not None

    assert min(area.left for area in DRAWINGS[name].texts) >= 0
    assert max(area.right for area in DRAWINGS[name].texts) <= float(size[2]) * 72 + 0.1
    assert max(area.bottom for area in DRAWINGS[name].texts) <= float(size[1]) * 72 + 0.1


def test_long_citations_do_not_cover_one_another() -> None:
    long = "10.3.4, a very long clause with a title that is wrapped to many lines in this narrow column, Table 2, row 1"
    commands = tuple(dataclasses.replace(examples.does("irsp", "go"), about=examples.about(long)) for _ in range(4))
    texts = told(model.Sequence(name=Name("s"), steps=commands, about=examples.about())).texts

    assert [pair for pair in combinations(texts, 2) if pair[0].overlaps(pair[1])] == []


def test_every_step_is_numbered_once() -> None:
    numbers = re.findall(r'COLOR="#595959">(\d+)</FONT>', DRAWINGS["figure_4"].dot)

    assert numbers == [str(number) for number in range(1, 16)]


def test_every_message_of_the_sequence_is_an_arrow_between_its_lifelines() -> None:
    found = arrows(DRAWINGS["figure_4"].dot, "message")

    assert found.count(("requester", "irsp")) == 1
    assert found.count(("irsp", "requester")) == 3
    assert len(found) == 8


def test_a_message_that_is_lost_ends_in_a_cross_before_its_receiver() -> None:
    passing = next(step for step in examples.figure_4().steps if isinstance(step, model.Passes))
    plain, lost = (
        told(dataclasses.replace(examples.figure_4(), steps=(dataclasses.replace(passing, lost=each),))).dot
        for each in (False, True)
    )

    assert plain.count("cross") == 0
    assert lost.count("class=cross") == 2, "its two strokes"
    assert "cross = it is lost" in lost
    assert "is lost" in lost


def test_frames_carry_the_words_of_the_language_and_their_conditions() -> None:
    text = DRAWINGS["figure_4"].dot + DRAWINGS["figure_1"].dot

    for word in (
        "alternatives",
        "optional",
        "parallel",
        "repeat",
        "[accepts]",
        "[0 to 2 times]",
        "[1 to most_tries times]",
    ):
        assert f">{word}<" in text


def test_states_stand_on_the_lifelines_where_the_author_says_them() -> None:
    text = DRAWINGS["figure_4"].dot

    assert [text.count(f'tooltip="{words}"') for words in ("requester is in waiting", "irsp is in related")] == [1, 1]
    assert "requester is in unrelated" in text


def test_what_is_forged_who_restarts_and_whose_connection_it_is_are_told() -> None:
    first = FLOW.lifelines[0]
    too = dataclasses.replace(first, name=Name("phone"), another=first.name)
    flow = dataclasses.replace(FLOW, lifelines=(*FLOW.lifelines, too))
    forged = dataclasses.replace(examples.passes("phone", "irsp", "text_message"), forged=True)
    restarts = model.Restarts(lifeline=Name("irsp"), about=examples.about())
    of = model.Sequence(name=Name("odd"), steps=(forged, restarts), about=examples.about())

    drawn = sequence_diagram(flow, of, name="s", title="Title", subtitle="Subtitle")

    assert all(f">{said}<" in drawn.dot for said in ("forged", "restarts", f"also {first.name}"))
    assert "forged = an attacker says it, no machine" in drawn.dot


def test_a_second_machine_of_a_lifeline_is_named_by_its_flow() -> None:
    """Seen to fail when a note says of which lifeline, and not of which of its machines."""
    flow = shipped_flow("home_network_configuration", "outside_connectivity")
    granted = next(each for each in flow.sequences if each.name == "granted")

    text = sequence_diagram(flow, granted, name="s", title="Title", subtitle="Subtitle").dot

    assert 'tooltip="gateway is in mapping: absent"' in text


def test_several_states_of_a_lifeline_stand_below_each_other() -> None:
    """Seen to fail when all but the first were told in a note."""
    states = (examples.is_in("irsp", "none"), examples.is_in("irsp", "online", "login"), examples.is_in("target", "a"))
    of = dataclasses.replace(examples.figure_4(), starts=(*states, examples.is_in("nobody", "away")), steps=())
    of = dataclasses.replace(of, steps=(examples.passes("irsp", "target", "text_message"),))

    text = told(of).dot

    found = [f"{party} is in {state}" for party, state in re.findall(r'tooltip="(\w+) is in ([\w: ]+)"', text)]
    assert found == ["irsp is in none", "target is in a", "irsp is in login: online"]
    assert ">before: nobody is away<" in text, "whoever has no lifeline is told of in a note"


def test_a_connection_is_there_again_only_where_it_was_lost() -> None:
    """Seen to fail when the first connection of a session was called one more."""
    begin, end = Name("requester"), Name("irsp")
    restores = model.Restores(lifeline=begin, peer=end, about=examples.about())
    loses = model.Loses(lifeline=end, peer=begin, about=examples.about())
    of = model.Sequence(name=Name("s"), steps=(restores, loses, restores), about=examples.about())

    found = re.findall(r"\d requester, irsp: ([\w ]+), \w+ notices|\d irsp, requester: ([\w ]+),", told(of).dot)

    assert list(dict.fromkeys(one or other for one, other in found)) == [
        "connected",
        "connection lost",
        "connected again",
    ]


def test_without_a_word_on_the_start_machines_are_in_their_initial_state() -> None:
    assert 'tooltip="irsp is in none"' in DRAWINGS["figure_1"].dot


def test_another_sequence_is_a_labelled_box_that_links_to_it() -> None:
    text = DRAWINGS["figure_1"].dot

    assert text.count(">sequence login, figure_3<") == 2
    assert 'URL="#sequence-login-figure_3"' in text
    assert "client is requester" in text


def test_another_sequence_is_called_by_its_title() -> None:
    titles = {("login", "figure_3"): "Somebody logs in"}

    text = sequence_diagram(FLOW, examples.figure_1(), name="s", title="T", subtitle="S", titles=titles).dot

    assert text.count("<B>Somebody logs in</B>") == 2
    assert text.count(">sequence login, figure_3<") == 2


def test_the_note_of_a_sequence_stands_under_it() -> None:
    noted = dataclasses.replace(examples.about(), note="So it goes for others, too")

    assert ">So it goes for others, too.<" in told(dataclasses.replace(examples.figure_4(), about=noted)).dot


def test_no_text_of_a_message_covers_a_lifeline_if_there_is_room_beside_it() -> None:
    """Seen to fail when it always stood in the middle: of the whole arrow, or of what is drawn of a lost one."""
    across = examples.passes("requester", "target", "text_message")
    lost = dataclasses.replace(examples.passes("irsp", "target", "a_message_with_a_long_name"), lost=True)
    for step in (across, lost):
        wide = examples.passes("requester", "irsp", "a_message_with_a_long_name")
        of = told(model.Sequence(name=Name("s"), steps=(step, wide), about=examples.about()))
        lifelines = [float(x) for x in re.findall(r'class=lifeline .*?pos="([\d.]+),', of.dot)]
        texts = [area for area in of.texts if area.what in ("message", "label")]
        assert len(lifelines) == 3
        assert not [(text, x) for text in texts for x in lifelines if text.left < x < text.right]


def test_what_must_never_happen_is_said_in_the_words_of_the_language() -> None:
    assert "from here on never: target does" in DRAWINGS["figure_1"].dot
    assert "What stands here must not happen." in DRAWINGS["figure_1"].dot


def test_clauses_stand_in_a_column_of_their_own() -> None:
    cites = [area for area in DRAWINGS["figure_4"].texts if area.what == "cite"]

    assert len({area.left for area in cites}) == 1
    assert "10.3.4, Table 2, row 1" in DRAWINGS["figure_4"].dot


# -- counterexamples


def ends(text: str, slot: int) -> tuple[list[float], str]:
    """y of the two ends of a message, from the upper one, and its line."""
    (line,) = [line for line in text.splitlines() if re.search(rf'\bid="message-{slot}"', line)]
    position = re.search(r'pos="([^"]*)"', line)
    assert position is not None
    points = [point for point in position[1].split() if not point.startswith("e,")]
    return [float(points[0].split(",")[1]), float(points[-1].split(",")[1])], line


def test_messages_that_cross_are_drawn_crossing() -> None:
    text = DRAWINGS["crossing"].dot
    (first_begin, first_end), _ = ends(text, 1)
    (second_begin, second_end), _ = ends(text, 2)

    assert first_begin > second_begin > first_end > second_end  # y of Graphviz runs up


def test_a_lost_message_ends_in_a_cross_and_not_in_an_arrowhead() -> None:
    _, line = ends(DRAWINGS["crossing"].dot, 3)

    assert "arrowhead=none" in line
    assert DRAWINGS["crossing"].dot.count("class=cross") == 2 * 4  # the connection, two messages, the fault


def test_the_fault_is_a_word_a_cross_and_a_band() -> None:
    text = DRAWINGS["crossing"].dot

    assert ">FAULT<" in text
    assert "class=fault" in text
    assert "waiting has no line for" in text


def faulty(start: tuple[tuple[str, str, str, str], ...]) -> str:
    step = TraceStep(
        number=1, party="a", kind="command", name="go", changed=(("a", "m", "", "up"),), fault="`p` doesn't hold here"
    )  # fmt: skip
    return told_of(Trace(parties=(("a", "x"), ("b", "x")), start=start, steps=(step,))).dot


def test_the_band_repeats_who_is_where_after_the_last_step() -> None:
    assert ">a up · b down<" in faulty((("a", "m", "", "down"), ("b", "m", "", "down")))


def test_the_band_leaves_out_more_states_than_can_be_taken_in() -> None:
    many = tuple(("b", "m", str(number), "down") for number in range(9))

    assert ">m 8: down<" in faulty(many)
    assert ">a up" not in faulty(many)


def test_queues_of_two_steps_stand_further_apart_than_those_of_one() -> None:
    queue = (("u1", "irsp", ("ask",)), ("u2", "irsp", ("ask",)), ("irsp", "u1", ("ask",)))
    first = examples.crossing().steps[0]
    event = TraceStep(number=2, party="u1", kind="notice", name="x", queues=queue)
    events = tuple(dataclasses.replace(event, number=number) for number in (2, 3, 4))
    texts = told_of(Trace(parties=examples.crossing().parties, start=(), steps=(first, *events))).texts

    queues = sorted((area.top, area.bottom) for area in texts if area.what == "queue")
    gaps = [below[0] - above[1] for above, below in pairwise(queues[1:])]
    of_one = [gap for place, gap in enumerate(gaps) if place % len(queue) != len(queue) - 1]
    assert min(gaps[len(queue) - 1 :: len(queue)]) > max(of_one)


def test_a_message_that_is_still_under_way_ends_below_all_that_happened() -> None:
    step = examples.crossing().steps[0]
    tells = dataclasses.replace(step, notifications=(("told", (("why", "because"),)), ("heard", ())))
    found = told_of(Trace(parties=examples.crossing().parties, start=(), steps=(tells,)))
    height = re.search(r"page \[.*?height=([\d.]+)", found.dot)
    assert height is not None

    (_, tip), _ = ends(found.dot, 1)
    *happened, still = [area for area in found.texts if area.what in ("label", "state")]
    assert still.top > float(height[1]) * 72 - tip > max(area.bottom for area in happened)


def test_queues_are_shown_with_what_is_in_them() -> None:
    queues = [area for area in DRAWINGS["crossing"].texts if area.what == "queue"]

    assert len(queues) == 10
    assert "in the queues after the step" in DRAWINGS["crossing"].dot


def test_clause_and_line_of_each_step_are_shown() -> None:
    text = DRAWINGS["crossing"].dot

    assert [f"10-example.yaml:{line}<" in text for line in (24, 26, 51, 58, 31)] == [True] * 5


def test_a_cycle_is_framed_from_the_step_that_it_leads_back_to() -> None:
    text = DRAWINGS["circling"].dot

    assert "[for ever, from step 2]" in text
    assert "After the last step it goes on with step 2" in text


def test_time_passes_for_everybody() -> None:
    """A rule across all lifelines: no sign of one party, which would be a command's."""
    rules = [line for line in DRAWINGS["ticking"].dot.splitlines() if "class=time" in line]

    assert len(rules) == 1
    assert DRAWINGS["ticking"].dot.count("a tick passes") >= 1
    assert "tick:" not in DRAWINGS["ticking"].dot


def test_what_an_attacker_says_is_stated_by_nobody() -> None:
    assert "stated in the standard" not in DRAWINGS["ticking"].dot


def test_a_message_that_never_arrives_says_so() -> None:
    steps = examples.crossing().steps[:1]
    trace = Trace(parties=examples.crossing().parties, start=(), steps=steps)

    assert "still in the queue" in told_of(trace).dot


def test_a_party_with_several_instances_says_whose_state_it_is() -> None:
    assert "irsp u1, u2: pending" in DRAWINGS["crossing"].dot
    assert ">waiting<" in DRAWINGS["crossing"].dot


# -- roles


def test_messages_of_one_mark_in_one_direction_are_one_arrow() -> None:
    found = arrows(DRAWINGS["roles"].dot, "messages")

    assert found.count(("irsp", "requester")) == 1
    assert found.count(("irsp", "target")) == 3  # stated, from a reference, inferred
    assert DRAWINGS["roles"].dot.count(">relationship_response<") == 1


def test_what_machines_send_goes_to_those_who_take_it() -> None:
    asks = on("a", examples.command("go"), effect(send("relationship_request", "platform")))
    tells = on("a", receive("relationship_request"), effect(send("relationship_notice", "client")))
    client = machine("client", "a", (state("a"),), (asks,))
    platform = machine("platform", "a", (state("a"),), (tells,))
    lifelines = (examples.lifeline("client", "client"), examples.lifeline("platform", "platform"))
    flow = dataclasses.replace(FLOW, lifelines=lifelines, machines=(client, platform), sequences=())

    found = role_map(examples.standard(), flow, name="r", title="T", subtitle="S")
    assert found is not None
    assert arrows(found.dot, "messages") == [("client", "platform")]


def test_only_those_send_to_each_other_whom_a_sequence_shows_talking() -> None:
    asks = on("a", examples.command("go"), effect(send("text_message", "platform")))
    takes = on("a", receive("text_message"), effect())
    client = machine("client", "a", (state("a"),), (asks,))
    platform = machine("platform", "a", (state("a"),), (takes,))
    names = (("user", "client"), ("home", "platform"), ("foreign", "platform"))
    lifelines = tuple(examples.lifeline(name, role) for name, role in names)
    shown = model.Sequence(name=Name("s"), steps=(examples.passes("user", "home", "hello"),), about=examples.about())
    flow = dataclasses.replace(FLOW, lifelines=lifelines, machines=(client, platform), sequences=(shown,))

    found = role_map(examples.standard(), flow, name="r", title="T", subtitle="S")
    assert found is not None
    assert set(arrows(found.dot, "messages")) == {("user", "home")}
    assert ">text_message<" in found.dot


def test_a_map_has_the_messages_of_sequences_that_are_put_in() -> None:
    """Seen to fail when the map of a flow that only puts others together was nearly empty."""
    flow = dataclasses.replace(FLOW, machines=(), sequences=(examples.figure_1(),))

    found = role_map(examples.standard(), flow, name="r", title="T", subtitle="S")

    assert found is not None
    assert ">stream_open<" in found.dot.replace("<B>", "").replace("</B>", "")


def test_what_is_stated_in_an_imported_standard_is_here_from_a_reference() -> None:
    """Seen to fail when a map said of the messages of XMPP that this standard states them."""
    theirs = examples.message("xmpp.auth", ("client", "platform"), clause="6.4.2")
    standard = dataclasses.replace(examples.standard(), messages=(theirs,))
    sequence = model.Sequence(
        name=Name("s"), steps=(examples.passes("requester", "irsp", "xmpp.auth"),), about=examples.about()
    )
    flow = dataclasses.replace(FLOW, machines=(), sequences=(sequence,))

    found = role_map(standard, flow, name="r", title="T", subtitle="S")

    assert found is not None
    assert ">from a normative reference<" in found.dot
    assert ">stated in the standard<" not in found.dot


def test_what_is_stated_elsewhere_is_from_a_reference_in_a_counterexample() -> None:
    trace = examples.crossing()
    at_home, abroad = (
        told_trace(trace, name="t", title="T", subtitle="S", home=home).dot
        for home in ("spec/example/flows", "spec/another/flows")
    )

    assert ">stated in the standard<" in at_home
    assert ">stated in the standard<" not in abroad
    assert ">from a normative reference<" in abroad


def test_a_flow_in_which_nothing_is_said_has_no_map() -> None:
    flow = examples.flow("presence", "Presence", "8.4")

    assert role_map(examples.standard(), flow, name="r", title="T", subtitle="S") is None
