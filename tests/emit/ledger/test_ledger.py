"""The ledger: what models what, both ways round, and what is missing."""

import ast
import importlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import lines
from clausework.emit import python
from clausework.emit.ledger import Ledger, cases_in, ledger, narrowed, nothing_called
from clausework.emit.ledger.ledger import BY_PARTS, MISSING, MODELLED, OMITTED, Element, Entry
from clausework.emit.ledger.view import totals
from clausework.model.standard import Standard
from emit.ledger.shop import changed, explored, made, named_by, records, shop


def element(of: Ledger, name: str, kind: str = "") -> Element:
    (found,) = [each for each in of.elements if each.name == name and kind in ("", each.kind)]
    return found


def entry(of: Ledger, name: str) -> Entry:
    (found,) = [each for each in of.entries if each.name == name]
    return found


def gaps(of: Ledger, kind: str) -> list[tuple[str, str]]:
    return [(each.what, each.place) for each in of.gaps if each.kind == kind]


# -- both ways round


def test_entries_name_the_elements_that_name_them() -> None:
    found = made()

    forth = {(each.name, kind, name) for each in found.entries for kind, name in each.elements}
    back = {(name, each.kind, each.name) for each in found.elements for name in each.entries}
    assert forth == back
    assert len(forth) > 30


def test_every_element_is_listed_once_where_it_is_written() -> None:
    found = made()

    assert len({(each.kind, each.name) for each in found.elements}) == len(found.elements)
    assert element(found, "buying.stock").place == "spec/shop/flows/1-buying.yaml:7"
    assert element(found, "buying.buyer waiting: command leave").place == "spec/shop/flows/2-refund.yaml:12"


def test_a_line_leads_from_the_contents_over_code_to_sequences_checks_and_tests() -> None:
    found = element(made(), "buying.buyer away: command go")

    assert found.entries == ("2.1",)
    assert found.symbols == ("buying.Buyer.go",)
    assert found.sequences == ("buying.bought",)
    assert found.checks == ("buying.one", "refund.both")
    assert found.tests == ("tests/test_shop.py:10 test_what_is_generated",)


def test_a_branch_cites_what_it_says_and_what_its_trigger_says() -> None:
    found = element(made(), "buying.keeper there: receive ask #2")

    assert found.entries == ("2.1", "2.2", "Table 1")


def test_what_a_flow_adds_to_the_state_of_another_one_has_its_source_and_mark() -> None:
    found = element(made(), "buying.buyer waiting: command leave")

    assert (found.entries, str(found.mark)) == (("2",), "inferred")


def test_a_source_in_another_document_is_no_entry_and_no_gap() -> None:
    found = element(made(), "patience")

    assert (found.entries, found.source) == ((), "RFC 9999 4")
    assert all("patience" not in each.what for each in made().gaps if each.kind == "source")


def test_figures_have_the_pictures_of_their_sequences_of_all_flows_and_of_entities() -> None:
    found = made()

    assert entry(found, "Figure 1").drawings == ("buying-bought",)
    assert entry(found, "Figure 2").drawings == ("flows",)
    assert entry(found, "Figure 3").drawings == ("figure-3",)


# -- what became of the entries


def test_an_entry_is_modelled_omitted_with_a_reason_or_missing() -> None:
    found = made()

    assert {each.name: each.status for each in found.entries if each.kind == "clause"} == {
        "1": OMITTED,
        "2": MODELLED,
        "2.1": MODELLED,
        "2.2": MODELLED,  # an element stands for it, whatever is said
        "3": MISSING,
        "3.1": MISSING,
    }
    assert entry(found, "1").reason == "says what it is for"


def test_a_heading_is_there_by_its_parts_if_they_all_are() -> None:
    standard = changed("flows/2-refund.yaml", 'source: "2"', 'source: "3.1"')

    assert entry(ledger(standard, ()), "3").status == BY_PARTS


def test_a_heading_whose_parts_are_all_omitted_needs_a_reason_itself() -> None:
    standard = changed("standard.yaml", "{title: Running, page: 7}", "{title: Running, omitted: too fast}")

    assert entry(ledger(standard, ()), "3").status == MISSING


# -- what is missing


def test_each_of_the_three_causes_is_a_gap_with_its_place() -> None:
    found = made()

    assert gaps(found, "entry") == [
        ("3 Stealing", "spec/shop/standard.yaml:10"),
        ("3.1 Running", "spec/shop/standard.yaml:11"),
        ("Figure 4 Nothing like it", "spec/shop/standard.yaml:16"),
    ]
    assert gaps(found, "source") == [("role keeper", "spec/shop/vocabulary.yaml:5")]
    assert gaps(found, "sequence") == [
        ("buying.buyer waiting: receive none_left", "spec/shop/flows/1-buying.yaml:19"),
        ("buying.buyer waiting: after patience", "spec/shop/flows/1-buying.yaml:20"),
        ("buying.keeper there: receive ask #2", "spec/shop/flows/1-buying.yaml:31"),
        ("buying.buyer waiting: command leave", "spec/shop/flows/2-refund.yaml:12"),
    ]


def test_a_claim_that_something_is_impossible_needs_no_sequence() -> None:
    found = made()

    assert element(found, "buying.buyer anywhere: lost keeper").sequences == ()
    assert found.totals.impossible == 1


def test_a_sequence_that_cannot_happen_shows_nothing() -> None:
    standard = changed("flows/1-buying.yaml", "- buyer is told: glad", "- buyer is told: sad")
    found = ledger(standard, explored(standard))

    assert element(found, "buying.bought").sequences == ()
    assert len(gaps(found, "sequence")) == len(gaps(made(), "sequence")) + 3


# -- totals


def test_the_totals_are_those_of_what_is_listed() -> None:
    found = made()

    assert sum(found.totals.counts.values()) == sum(found.totals.marks.values()) == len(found.elements)
    assert sum(found.totals.entries.values()) == len(found.entries)
    assert found.totals.configurations == sum(check.configurations for flow in records() for check in flow.checks)
    assert (found.totals.checks, found.totals.complete, found.totals.explored) == (2, 2, 2)


@pytest.mark.parametrize(
    ("change", "looked", "said"),
    [
        ("receive farewell: {to: down}", "56", "trace inclusion checked, over so many configurations of 2 checks"),
        ("receive farewell: {}", "0", "trace inclusion not shown, over so many configurations of 2 checks"),
    ],
)
def test_a_flow_that_stands_for_another_is_told_with_how_much_was_checked(change: str, looked: str, said: str) -> None:
    standard = lines.standard(lines.changed(lines.SMALL, ("receive farewell: {to: down}", change)))

    rows = {row[0]: row[1:] for row in totals(ledger(standard, explored(standard)))}

    assert rows["line stands for talk"] == (looked, said)


def test_a_cell_that_is_called_impossible_is_undecided_until_a_check_has_been_explored_to_its_end() -> None:
    standard = changed("flows/1-buying.yaml", "otherwise: ignore", "otherwise: impossible")
    known = explored(standard)
    short = [replace(flow, checks=tuple(replace(each, complete=False) for each in flow.checks)) for flow in known]

    assert ledger(standard, known).totals.undecided == 0
    assert ledger(standard, short).totals.undecided == ledger(standard, ()).totals.undecided == 2


# -- what is generated


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    for artifact in python.package(shop()):
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text, "utf-8")
    return folder


def test_every_symbol_is_in_the_generated_package(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(package))
    symbols = {symbol for each in made().elements for symbol in each.symbols}

    for symbol in symbols - {"vocabulary.Parameters.patience"}:  # a field without a value is no attribute
        module, *names = symbol.split(".")
        found: object = importlib.import_module(f"shop.{module}")
        for name in names:
            found = getattr(found, name)
    assert len(symbols) > 20
    for module in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[module]


# -- tests that name elements


def test_a_test_names_what_it_calls_names() -> None:
    found = made()

    assert element(found, "buying.bought").tests == ("tests/test_shop.py:2 test_that_it_is_bought",)
    assert not any("test_of_something_else" in test for each in found.elements for test in each.tests)


def test_a_file_that_is_no_python_has_no_tests() -> None:
    assert cases_in("tests/x.py", "def test_(:") == ()
    with pytest.raises(SyntaxError):
        ast.parse("def test_(:")


# -- a part of it


@pytest.mark.parametrize(
    ("what", "entries", "elements"),
    [
        ("3", ["3", "3.1"], 0),
        ("figure 1", ["Figure 1"], 1),
        ("buying.bought", ["2.1", "Figure 1"], 1),
        ("spec/shop/vocabulary.yaml:9", ["2.2", "Table 1"], 1),
        ("buying.Keeper.receive_ask", ["2.1", "2.2", "Table 1"], 2),
    ],
)
def test_a_part_of_it_is_what_was_asked_for(what: str, entries: list[str], elements: int) -> None:
    found = narrowed(made(), [what])

    assert [each.name for each in found.entries] == entries
    assert len(found.elements) == elements


def test_what_there_is_not_is_told() -> None:
    assert nothing_called(made(), "4")
    assert not nothing_called(made(), "Figure 4")


def test_the_same_is_made_of_the_same() -> None:
    standard: Standard = shop()

    assert ledger(standard, records(), named_by()) == made()


# -- bounds


def test_the_largest_check_of_each_flow_is_told_the_largest_first() -> None:
    """Of those explored to their end; the flow with no such check has none."""
    larger = tuple(
        replace(flow, checks=tuple(replace(each, configurations=50) for each in flow.checks))
        if flow.flow == "refund"
        else flow
        for flow in records()
    )
    incomplete = tuple(
        replace(flow, checks=tuple(replace(each, complete=False) for each in flow.checks)) for flow in records()
    )

    found = ledger(shop(), larger, named_by()).totals.largest

    assert [(each.flow, each.check, each.configurations) for each in found] == [
        ("refund", "both", 50),
        ("buying", "one", 41),
    ]
    assert found[0].parties == ("ann (buyer)", "bob (keeper)")
    assert ledger(shop(), incomplete, named_by()).totals.largest == ()
