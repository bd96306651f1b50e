"""The ledgers of all that is shipped: computed, true to the generated code, and no emptier than they were."""

import importlib
from collections import Counter
from functools import cache

import pytest

from clausework.emit.ledger import Ledger, ledger
from clausework.emit.python import symbols_of
from clausework.model.fingerprint import fingerprints
from clausework.model.standard import own
from clausework.semantics.record import from_text
from support import ROOT, shipped

MOST = {
    "cwmp": {"entry": 0, "source": 0, "sequence": 0},
    "dhcp": {"entry": 0, "source": 0, "sequence": 0},
    "doorbell": {"entry": 0, "source": 0, "sequence": 0},
    "home_network_configuration": {"entry": 0, "source": 0, "sequence": 0},
    "igd": {"entry": 0, "source": 0, "sequence": 0},
    "igrs_remote_access": {"entry": 0, "source": 0, "sequence": 0},
    "lldp": {"entry": 0, "source": 0, "sequence": 0},
    "ssdp": {"entry": 0, "source": 0, "sequence": 0},
    "tr143": {"entry": 0, "source": 0, "sequence": 0},
    "xmpp": {"entry": 23, "source": 0, "sequence": 105},
}
"""So many gaps there are, and no more may come.  Who closes one makes the number smaller."""


@cache
def made(name: str) -> Ledger:
    standard = shipped()[name]
    kept = (ROOT / "generated" / "ledger" / f"{standard.folder.rpartition('/')[2]}.json").read_text("utf-8")
    return ledger(standard, from_text(kept))


def test_every_standard_that_is_shipped_has_a_bound() -> None:
    assert set(MOST) == set(shipped())


@pytest.mark.parametrize("name", MOST)
def test_there_are_no_more_gaps_than_were_counted(name: str) -> None:
    found = Counter(each.kind for each in made(name).gaps)

    assert {kind: found[kind] for kind in MOST[name] if found[kind] > MOST[name][kind]} == {}


@pytest.mark.parametrize("name", MOST)
def test_what_is_kept_of_explorations_is_of_the_flows_as_they_are(name: str) -> None:
    """Otherwise: run `clausework build`, then commit."""
    standard = shipped()[name]
    kept = (ROOT / "generated" / "ledger" / f"{standard.folder.rpartition('/')[2]}.json").read_text("utf-8")

    prints = fingerprints(standard)
    explored = [str(flow.name) for flow in own(standard.flows) if flow.machines or flow.checks]
    assert {each.flow: each.fingerprint for each in from_text(kept)} == {name: prints[name] for name in explored}


@pytest.mark.parametrize("name", MOST)
def test_no_cell_of_state_and_message_is_undecided(name: str) -> None:
    assert made(name).totals.undecided == 0


@pytest.mark.parametrize("name", MOST)
def test_every_symbol_is_in_the_committed_package(name: str) -> None:
    missing = []
    for symbol in sorted({symbol for each in made(name).elements for symbol in each.symbols}):
        module, *names = symbol.split(".")
        found: object = importlib.import_module(f"clausework_standards.{name}.{module}")
        for each in names:
            fields = getattr(found, "__dataclass_fields__", {})
            found = getattr(found, each, fields.get(each))
        if found is None:
            missing.append(symbol)

    assert missing == []
    assert symbols_of(shipped()[name]).messages


@pytest.mark.parametrize("name", MOST)
def test_both_ways_round_say_the_same(name: str) -> None:
    found = made(name)

    forth = {(each.name, *one) for each in found.entries for one in each.elements}
    assert forth == {(entry, each.kind, each.name) for each in found.elements for entry in each.entries}
    assert len({(each.kind, each.name) for each in found.elements}) == len(found.elements)


def test_every_figure_of_igrs_is_drawn() -> None:
    figures = {each.name: each for each in made("igrs_remote_access").entries if each.kind == "figure"}

    assert len(figures) == 16
    assert {name for name, each in figures.items() if not each.drawings} == set()
    diagrams = ROOT / "diagrams" / "igrs-remote-access"
    assert all((diagrams / f"{picture}.svg").exists() for each in figures.values() for picture in each.drawings)
    assert [figures[f"Figure {number}"].drawings[0] for number in (1, 6, 16)] == ["flows", "figure-6", "figure-16"]


def test_clauses_4_to_14_both_tables_and_all_figures_of_igrs_are_entries() -> None:
    entries = made("igrs_remote_access").entries

    clauses = {int(each.name.partition(".")[0]) for each in entries if each.kind == "clause"}
    assert clauses == set(range(1, 15))
    assert Counter(each.kind for each in entries) == {"clause": 49, "figure": 16, "table": 2}


def test_home_network_configuration_has_its_definitions_and_known_statements() -> None:
    found = {each.name: each for each in made("home_network_configuration").entries}

    assert {f"3.{number}" for number in range(1, 6)} <= set(found)
    assert sum(each.kind == "statement" for each in found.values()) == 8
    assert all(each.elements or each.reason for each in found.values())
