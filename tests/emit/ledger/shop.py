"""A small standard with something of everything: modelled, omitted, missing, without a source, shown and not shown."""

from functools import cache
from pathlib import Path

from clausework.emit.ledger import Case, Ledger, cases_in, ledger
from clausework.explore import explore, explore_flow, recorded
from clausework.model.standard import Standard, own
from clausework.read import read
from clausework.semantics.record import FlowRecord
from support import files

FOLDER = Path(__file__).parent
TESTS = """
def test_that_it_is_bought():
    assert done()


def done():
    return ("shop", "buying", "bought")


def test_what_is_generated():
    from clausework_standards.shop import buying

    buying.Buyer().go()


def test_of_something_else():
    assert "buying"
"""


@cache
def shop() -> Standard:
    reading = read(files(FOLDER / "spec"))
    assert reading.diagnostics == ()
    return reading.standards[0]


def changed(file: str, old: str, new: str) -> Standard:
    texts = files(FOLDER / "spec")
    path = f"spec/shop/{file}"
    assert old.encode() in texts[path]
    reading = read(texts | {path: texts[path].replace(old.encode(), new.encode())})
    assert reading.diagnostics == ()
    return reading.standards[0]


def explored(standard: Standard) -> tuple[FlowRecord, ...]:
    near = [each for flow in own(standard.flows) for each in explore_flow(standard, flow)]
    far = [explore(standard, flow, check) for flow in own(standard.flows) for check in flow.large_checks]
    return recorded(standard, [*near, *far])


@cache
def records() -> tuple[FlowRecord, ...]:
    return explored(shop())


def named_by() -> tuple[Case, ...]:
    return cases_in("tests/test_shop.py", TESTS)


@cache
def made() -> Ledger:
    return ledger(shop(), records(), named_by())
