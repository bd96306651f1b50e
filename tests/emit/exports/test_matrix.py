"""State x message: every cell says what happens, and who says so."""

import json
from textwrap import dedent

from clausework.emit.exports.matrix import Cell, Matrix, matrix
from clausework.emit.exports.tables import as_json, as_markdown, as_text, cell_words
from clausework.model.standard import Standard
from clausework.read import read

FILES = {
    "standard.yaml": "standard: s\ntitle: S\nedition: e\n",
    "vocabulary.yaml": """
        vocabulary: s
        roles: {a: A, b: B}
        connections: {line: {between: a and b}}
        parameters: {long: {unit: second}}
        """,
    "messages.yaml": """
        messages:
          ask:    {from: a, to: b, fields: {much: boolean}}
          news:   {from: b, to: a}
          nag:    {from: a, to: b}
          error:  {from: b, to: a}
          unheard: {from: b, to: a}
          reply:  {answers: ask}
        """,
    "flows/f.yaml": """
        flow: f
        roles: {a: a, b: b}
        machines:
          a:
            commands: {go: {}}
            initial: out
            states:
              out: {command go: {send: ask to b with much = true, to: first}}
              inside:
                receive news: {to: out}
                initial: first
                states:
                  first: {receive reply: {to: second}}
                  second: {ignore: [reply], otherwise: defer}
            anywhere: {receive error: {to: out}}
            otherwise: {stale reply: impossible, any: ignore}
          b:
            initial: quiet
            states:
              quiet: {receive ask where much: {send: reply to sender}, impossible: [nag]}
              busy: {receive nag: ignore}
              shut: {}
            groups:
              open: {states: [quiet, busy], receive ask: {when: {much: {to: shut}, else: {}}}}
            otherwise: {nag: reject with error, any: close}
        """,
}


def made() -> Standard:
    reading = read({f"spec/s/{path}": dedent(text).encode() for path, text in FILES.items()})
    assert reading.diagnostics == ()
    return reading.standards[0]


def of(machine: str) -> Matrix:
    standard = made()
    return matrix(standard, next(each for each in standard.flows[0].machines if each.name == machine))


def cell(machine: str, state: str, message: str) -> Cell:
    return next(c for row in of(machine).cells for c in row if (c.state, c.message) == (state, message))


def test_every_state_and_message_has_a_cell_and_no_cell_is_empty() -> None:
    for machine in ("a", "b"):
        found = of(machine)

        assert [[c.state for c in row] for row in found.cells] == [list(found.states)] * len(found.messages)
        assert all(c.ways for row in found.cells for c in row)


def test_only_leaves_are_states_and_only_messages_for_this_machine_are_rows() -> None:
    assert of("a").states == ("out", "first", "second")
    assert of("a").messages == ("news", "error", "reply")


def test_a_trigger_of_the_state_itself_needs_no_remark() -> None:
    assert cell_words(cell("a", "first", "reply")) == ["-> second"]


def test_a_trigger_of_the_state_around_or_of_anywhere_is_said_to_be_so() -> None:
    assert cell_words(cell("a", "second", "news")) == ["-> out (inside)"]
    assert cell_words(cell("a", "second", "error")) == ["-> out (anywhere)"]


def test_a_guard_leaves_the_rest_to_the_group_around() -> None:
    assert cell_words(cell("b", "quiet", "ask")) == ["where message.much: stays", "-> shut | stays (open)"]


def test_dispositions_go_from_the_states_list_to_its_otherwise_to_the_machines() -> None:
    assert cell_words(cell("a", "second", "reply")) == ["ignored"]
    assert cell_words(cell("a", "second", "news")) == ["-> out (inside)"]
    assert cell_words(cell("a", "out", "news")) == ["ignored"]
    assert cell_words(cell("b", "shut", "nag")) == ["rejected with error"]
    assert cell_words(cell("b", "shut", "ask")) == ["closed"]
    assert cell_words(cell("b", "quiet", "nag")) == ["impossible"]


def test_a_disposition_written_as_a_trigger_is_shown_as_one() -> None:
    assert cell_words(cell("b", "busy", "nag")) == ["ignored"]


def test_a_way_names_the_transitions_and_where_they_are_written() -> None:
    (only,) = cell("a", "first", "reply").ways

    assert only.transitions == (3,)
    assert str(only.about.span).startswith("spec/s/flows/f.yaml:")


def test_responses_say_what_happens_when_nobody_waits_for_them() -> None:
    assert of("a").stale == (("reply", "impossible"),)


def test_text_puts_messages_in_rows_and_states_in_columns() -> None:
    assert as_text(of("a")) == dedent("""\
        f: a

               out                first              second
        -----  -----------------  -----------------  -----------------
        news   ignored            -> out (inside)    -> out (inside)
        error  -> out (anywhere)  -> out (anywhere)  -> out (anywhere)
        reply  ignored            -> second          ignored

        reply when nobody waits for it: impossible
        """)


def test_states_that_do_not_fit_beside_each_other_go_on_below() -> None:
    text = as_text(of("a"), columns=40)

    assert max(len(line) for line in text.splitlines() if "waits" not in line) <= 46
    assert text.count("reply ") == 3 + 1  # a row in each of three blocks, and the line at the end


def test_markdown_is_a_table_whose_cells_cannot_break_it() -> None:
    lines = as_markdown(of("b")).splitlines()

    assert lines[2] == "| message | quiet | busy | shut |"
    assert lines[4].startswith("| `ask` | where message.much: stays<br>-> shut \\| stays (open) |")
    assert {line.replace("\\|", "").count("|") for line in lines[2:6]} == {5}


def test_json_has_every_cell_with_its_ways() -> None:
    (data,) = json.loads(as_json([of("a")]))

    assert len(data["cells"]) == len(data["states"]) * len(data["messages"])
    assert next(c for c in data["cells"] if (c["state"], c["message"]) == ("first", "reply"))["ways"][0]["targets"] == [
        "second"
    ]
