"""ISO/IEC 14543-5-8: the printed contents are there, nothing claims more than is known, every check is as expected."""

import pytest

from clausework.explore import explore_flow
from clausework.model.about import Mark
from clausework.model.standard import Flow, Standard, named, own
from support import shipped

CODES = {0, 200, 400, 420, 421, 422, 423, 424, 500}
"""What the public software of the standard's authors knows: the best witness there is of Table 1."""


def standard() -> Standard:
    return shipped()["igrs_remote_access"]


@pytest.mark.parametrize(("kind", "count"), [("clause", 49), ("figure", 16), ("table", 2)])
def test_the_contents_are_complete_and_in_the_order_of_their_pages(kind: str, count: int) -> None:
    entries = [each for each in standard().clauses if each.kind == kind]
    pages = [int(each.page) for each in entries]

    assert len(entries) == count
    assert pages == sorted(pages)


def test_every_clause_stands_under_one_that_is_there() -> None:
    numbers = {each.number for each in standard().clauses if each.kind == "clause"}

    assert {number.rpartition(".")[0] for number in numbers if "." in number} <= numbers


def test_table_1_has_the_known_codes_and_every_code_says_whom_it_is_for() -> None:
    status = named(standard().types, "registration_status")
    rows = {name: [cell.value for cell in cells] for name, cells in status.rows}

    assert {row[0] for row in rows.values()} == CODES
    assert [name for name, row in rows.items() if row[1] == "user"] == ["user_existed"]
    assert [name for name, row in rows.items() if row[1] == "device"] == ["empty_code", "device_existed"]


def test_no_behaviour_is_called_stated_as_no_clause_is_public() -> None:
    abouts = [
        (flow.name, each.effect.about)
        for flow in own(standard().flows)
        for machine in flow.machines
        for each in machine.handlers
    ]

    assert [(flow, about.span) for flow, about in abouts if about.mark is Mark.STATED] == []


@pytest.mark.parametrize("flow", own(shipped()["igrs_remote_access"].flows), ids=lambda flow: str(flow.name))
def test_every_check_is_explored_to_the_end_and_answers_as_expected(flow: Flow) -> None:
    explorations = explore_flow(standard(), flow)

    assert [(each.check, each.stopped) for each in explorations if not each.complete] == []
    assert [
        (each.check, one.kind, one.name) for each in explorations for one in each.verdicts if not one.expected
    ] == []
    assert max(each.configurations for each in explorations) < 100_000
