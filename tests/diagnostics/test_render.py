"""What people see of a finding."""

import re

from clausework.diagnostics import Diagnostic, Label, Rule, Severity
from clausework.diagnostics.order import in_order, tally
from clausework.diagnostics.render import COLOURED, render, render_one
from clausework.source import Position, Source, Span

RULE = Rule("unknown-state", Severity.ERROR, "a machine has no such state", "The help names those that it has.")
WARNING = Rule("odd", Severity.WARNING, "odd", "Odd.")
PATH = "spec/ping/flows/ping.yaml"


def span(text: str, word: str, path: str = PATH, *, source: Source | None = None) -> Span:
    """Where `word` first stands in the text."""
    source = source or Source(path, text)
    before, _, _ = source.text.partition(word)
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Span(source, Position(line, column), Position(line, column + len(word)))


def finding(place: Span | None, *others: Label, message: str = "m", help_: str | None = None) -> Diagnostic:
    return Diagnostic(RULE, message, place, others, help_)


def underlined(shown: str) -> str:
    """What stands above the carets, counting cells as a terminal does for ASCII."""
    lines = shown.splitlines()
    number = next(i for i, line in enumerate(lines) if re.search(r"\^+", line))
    marks = re.search(r"\^+", lines[number])
    assert marks is not None
    return lines[number - 1][marks.start() : marks.end()]


def test_a_finding_looks_as_the_conventions_say() -> None:
    text = "\n" * 11 + "          to: wating\n"
    diagnostic = finding(
        span(text, "wating"), message="`client` has no state `wating`", help_="it has `idle`, `waiting`"
    )

    assert render_one(diagnostic) == (
        "error[unknown-state]: `client` has no state `wating`\n"
        " --> spec/ping/flows/ping.yaml:12:15\n"
        "   |\n"
        "12 |           to: wating\n"
        "   |               ^^^^^^\n"
        "   = help: it has `idle`, `waiting`\n"
    )


def test_a_second_place_in_the_same_file_is_shown_in_the_same_picture_in_the_order_of_lines() -> None:
    source = Source(PATH, "receive pong: a\nx: 1\ny: 2\nreceive pong: b\n")
    second = Span(source, Position(4, 1), Position(4, 13))
    first = Span(source, Position(1, 1), Position(1, 13))

    assert render_one(finding(second, Label(first, "the first one"))).splitlines()[1:] == [
        " --> spec/ping/flows/ping.yaml:4:1",
        "  |",
        "1 | receive pong: a",
        "  | ------------ the first one",
        "...",
        "4 | receive pong: b",
        "  | ^^^^^^^^^^^^",
    ]


def test_a_second_place_in_another_file_follows_under_its_own_path() -> None:
    here = span("to: pong\n", "pong")
    there = span("messages:\n  pong: {}\n", "pong", "spec/ping/messages.yaml")

    assert render_one(finding(here, Label(there, "declared here"))).splitlines()[5:] == [
        " ::: spec/ping/messages.yaml:2:3",
        "  |",
        "2 |   pong: {}",
        "  |   ---- declared here",
    ]


def test_a_tab_before_the_word_does_not_shift_the_underline() -> None:
    shown = render_one(finding(span("a:\n\tto:\twating\n", "wating")))

    assert underlined(shown) == "wating"
    assert "2 |     to: wating" in shown


def test_wide_characters_count_two_cells_and_combining_ones_none() -> None:
    wide = render_one(finding(span("日本: wating\n", "wating"))).splitlines()[-1]
    combining = render_one(finding(span("e\u0301: wating\n", "wating"))).splitlines()[-1]

    assert wide.index("^") - len("  | ") == 2 * 2 + len(": ")
    assert combining.index("^") - len("  | ") == 1 + len(": ")


def test_a_wide_word_is_underlined_over_all_its_cells() -> None:
    assert render_one(finding(span("to: 日本\n", "日本"))).count("^") == 4


def test_nothing_of_the_authors_text_reaches_the_terminal_as_a_command() -> None:
    text = "to: \x1b[2J\u202ewating\n"
    shown = render_one(finding(span(text, "wating"), message="no \x1b[31m state\u202e", help_="\x07"))

    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\x07" not in shown


def test_of_a_very_long_line_the_part_around_the_word_is_shown() -> None:
    shown = render_one(finding(span("a" * 5000 + " wating " + "b" * 5000 + "\n", "wating")))

    assert max(len(line) for line in shown.splitlines()) < 200
    assert underlined(shown) == "wating"


def test_a_place_beyond_the_end_of_the_line_is_marked_there() -> None:
    source = Source(PATH, "to:\n")
    shown = render_one(finding(Span(source, Position(1, 4), Position(1, 4))))

    assert shown.splitlines()[-1] == "  |    ^"


def test_a_place_beyond_the_end_of_the_file_is_shown_without_a_fault() -> None:
    assert "9 |" in render_one(finding(Span(Source(PATH, "a"), Position(9, 3), Position(9, 5))))


def test_a_stretch_over_several_lines_is_underlined_in_the_first_and_says_where_it_ends() -> None:
    source = Source(PATH, "states:\n  a: 1\n  b: 2\nnext: 3\n")
    shown = render_one(finding(Span(source, Position(1, 1), Position(4, 1))))

    assert shown.splitlines()[-1] == "  | ^^^^^^^ (to line 3)"


def test_a_finding_without_a_place_is_its_message_and_help() -> None:
    assert render_one(finding(None, message="there is no folder spec", help_="make one")) == (
        "error[unknown-state]: there is no folder spec\n  = help: make one\n"
    )


def test_help_of_several_lines_stays_in_its_column() -> None:
    assert render_one(finding(None, help_="one\ntwo")).splitlines()[1:] == ["  = help: one", "          two"]


def test_findings_come_by_file_line_and_column_and_those_without_a_place_first() -> None:
    source = Source("b.yaml", "one two\nthree\n")
    one, two, three = (span("", word, source=source) for word in ("one", "two", "three"))
    elsewhere = span("x", "x", "a.yaml")
    shuffled = [finding(three), finding(two), finding(None), finding(elsewhere), finding(one)]

    assert [each.span for each in in_order(shuffled)] == [None, elsewhere, one, two, three]


def test_line_ten_comes_after_line_nine() -> None:
    source = Source("a.yaml", "\n" * 20)
    nine, ten = (Span(source, Position(line, 1), Position(line, 1)) for line in (9, 10))

    assert [each.span for each in in_order([finding(ten), finding(nine)])] == [nine, ten]


def test_a_blank_line_stands_between_two_findings() -> None:
    assert render([finding(None, message="a"), finding(None, message="b")]) == (
        "error[unknown-state]: a\n\nerror[unknown-state]: b\n"
    )


def test_there_is_no_colour_unless_it_is_asked_for() -> None:
    diagnostic = finding(span("to: wating\n", "wating"), help_="h")
    coloured = render_one(diagnostic, COLOURED)

    assert "\x1b[" not in render_one(diagnostic)
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_one(diagnostic)


def test_the_tally_counts_by_severity() -> None:
    warning = Diagnostic(WARNING, "w", None)

    assert tally([finding(None), warning, finding(None)]) == "2 errors, 1 warning"
    assert tally([]) == "no findings"
