"""Text is measured by a table, and wrapped to it."""

import pytest

from clausework.emit.graphviz.measure import held, room, width, wrap


def test_widths_are_those_of_arial() -> None:
    assert width("Hi", 10, bold=False) == pytest.approx(7.22 + 2.22)
    assert width("Hi", 10, bold=True) == pytest.approx(7.22 + 2.78)


def test_a_cell_has_five_percent_to_spare() -> None:
    assert room(100) == 107


def test_a_wide_letter_takes_a_whole_em_and_an_accent_nothing() -> None:
    assert width("接", 10, bold=False) == 10
    assert width("e\u0301", 10, bold=False) == width("e", 10, bold=False)


@pytest.mark.parametrize(
    "text",
    ["a relationship request from the requester", "relationship_request_from_requester", "x" * 80, "接続要求" * 9],
)
def test_no_line_is_wider_than_the_limit(text: str) -> None:
    lines = wrap(text, 60, 10, bold=True)

    assert max(width(line, 10, bold=True) for line in lines) <= 60
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_names_break_after_their_joints() -> None:
    assert wrap("relationship_request", 70, 10, bold=False) == ["relationship_", "request"]


def test_an_empty_text_is_one_empty_line() -> None:
    assert wrap("", 60, 10, bold=False) == [""]


def test_a_line_breaks_instead_of_a_dot_between_two_parts() -> None:
    assert wrap("RFC 6120 · machine of role server · one", 110, 9, bold=False) == [
        "RFC 6120",
        "machine of role server",
        "one",
    ]
    assert wrap("RFC 6120 · machine of role server", 500, 9, bold=False) == ["RFC 6120 · machine of role server"]


def test_no_line_begins_or_ends_with_a_dot_that_parts_two() -> None:
    for limit in range(40, 200, 3):
        lines = wrap(
            "a sentence that is longer than the others are · short · and one that is long", limit, 9, bold=False
        )
        assert not any(line.strip("·").strip() != line for line in lines)


@pytest.mark.parametrize("across", range(60, 500, 7))
def test_a_text_as_wide_as_a_cell_holds_fits_in_it(across: int) -> None:
    assert across - 1 <= room(held(across)) <= across
