"""What is kept of explorations comes back as it was, and belongs to a flow as it is."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausework.model.fingerprint import fingerprints
from clausework.model.standard import own
from clausework.read import read
from clausework.semantics.record import CheckRecord, FlowRecord, SequenceRecord, StandInRecord, as_text, from_text
from lines import LARGE, SMALL, changed, standard
from support import ROOT, files, shipped

NAMES = st.frozensets(st.text("abc #é", min_size=1, max_size=5), max_size=6)
CHECKS = st.builds(
    CheckRecord,
    check=st.text(max_size=4),
    configurations=st.integers(0),
    steps=st.integers(0),
    depth=st.integers(0),
    complete=st.booleans(),
    expected=st.integers(0),
    verdicts=st.integers(0),
    exercised=NAMES,
)
SEQUENCES = st.builds(SequenceRecord, sequence=st.text(max_size=4), possible=st.booleans(), shows=NAMES)
STAND_INS = st.builds(
    StandInRecord,
    flow=st.text(max_size=4),
    checks=st.integers(0),
    configurations=st.integers(0),
    included=st.booleans(),
)
FLOWS = st.builds(
    FlowRecord,
    flow=st.text(max_size=4),
    fingerprint=st.text(max_size=4),
    checks=st.lists(CHECKS, max_size=3).map(tuple),
    sequences=st.lists(SEQUENCES, max_size=3).map(tuple),
    stands_for=st.none() | STAND_INS,
)


@given(st.lists(FLOWS, max_size=3).map(tuple))
def test_what_is_kept_comes_back(flows: tuple[FlowRecord, ...]) -> None:
    assert from_text(as_text(flows, "of a test")) == flows


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"flows": [1], "transitions": []}', '{"flows": []}'])
def test_what_is_no_record_is_none(text: str) -> None:
    assert from_text(text) == ()


@cache
def doorbell() -> dict[str, bytes]:
    return {path: data for path, data in files(ROOT / "spec").items() if "/doorbell/" in path}


def of_doorbell(file: str, old: str, new: str) -> str:
    path = f"spec/doorbell/{file}"
    assert old.encode() in doorbell()[path]
    reading = read(doorbell() | {path: doorbell()[path].replace(old.encode(), new.encode(), 1)})
    return fingerprints(reading.standards[0])["ringing"]


AS_IT_IS = ("flows/2-ringing.yaml", "sequences:", "sequences:")
VISITOR = 'receive refuse: {notify: sorry, to: outside, source: "2.2"}'


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("flows/2-ringing.yaml", "sequences:", "# of this flow\nsequences:"),
        ("flows/2-ringing.yaml", 'source: "2.3"', 'source: "2.2"'),
        ("vocabulary.yaml", "means: ", "means: Also "),
    ],
)
def test_words_change_no_fingerprint(file: str, old: str, new: str) -> None:
    assert of_doorbell(file, old, new) == of_doorbell(*AS_IT_IS)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("flows/2-ringing.yaml", VISITOR, VISITOR.replace("to: outside", "to: left")),
        ("flows/2-ringing.yaml", "queue: ", "queue: 1 # "),
        ("vocabulary.yaml", "connections:", "  nobody: {means: Is never there}\nconnections:"),
    ],
)
def test_what_decides_how_it_behaves_changes_it(file: str, old: str, new: str) -> None:
    assert of_doorbell(file, old, new) != of_doorbell(*AS_IT_IS)


def test_a_flow_changes_with_those_that_it_uses_and_with_no_others() -> None:
    standard = shipped()["xmpp"]
    flows = tuple(replace(each, machines=()) if each.name == "subscription" else each for each in standard.flows)
    before, after = fingerprints(standard), fingerprints(replace(standard, flows=flows))

    using = {str(each.name) for each in own(standard.flows) if "subscription" in (each.name, *each.uses)}
    assert {name for name in before if before[name] != after[name]} >= using
    assert before["stream"] == after["stream"]


def test_a_flow_that_stands_for_another_is_another_when_that_is() -> None:
    """Its machines and its checks count; what is claimed of it doesn't."""
    before = fingerprints(standard())
    machine = fingerprints(standard(talk=changed(LARGE, ("receive bye: {to: idle}", "receive bye: {}"))))
    check = fingerprints(
        standard(talk=changed(LARGE, ("      twice: {parties: {ann: user, ben: user, hall: box}, queue: 2}\n", "")))
    )
    seen = fingerprints(standard(changed(SMALL, ("down: user is idle|asking", "down: user is not talking"))))
    claimed = fingerprints(
        standard(talk=LARGE + "    properties: {never: {never: user is asking and box is talking}}\n")
    )

    assert before["line"] not in {machine["line"], check["line"], seen["line"]}
    assert claimed["line"] == before["line"]
    assert claimed["talk"] != before["talk"]
