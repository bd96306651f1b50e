"""Entities: attributes with types, keys, and how many of each belong together."""

from xml.etree import ElementTree as ET

import pytest

from clausework.emit.graphviz import Drawn, Job, diagrams, drawn_files, render
from clausework.model.standard import Standard
from support import shipped, small_standard

SVG = "{http://www.w3.org/2000/svg}"
STANDARD = """
    standard: small
    title: Small
    edition: first
    mark: stated
    source: "1"
    clauses: {"1": Only}
    figures: {"1": "Who & what", "2": Nothing of this, "3": {title: Flows, shows: flows}}
"""
VOCABULARY = """
    vocabulary: small
    roles: {a: A, b: B}
    connections: {line: {between: a and b}}
    entities:
      tree: {attributes: {age: integer 0..999, sort: oak|elm}, key: [age, sort], source: {figure: 1}}
      leaf: {means: "Green & <flat>", mark: inferred}
      stone: Lies there
    relations:
      bears: {relates: 1 tree to 0..* leaf, mark: elsewhere}
      lies_under: {relates: 0..1 tree to 1..* stone, means: stands on, source: {figure: 1}}
      beside: {relates: 0..* tree to 0..* tree, mark: inferred}
"""


def standard() -> Standard:
    return small_standard(standard=STANDARD, vocabulary=VOCABULARY, messages="messages: {}")


def dots(of: Standard) -> dict[str, str]:
    return {each.path: each.text for each in diagrams(of)}


def test_the_data_model_has_every_entity_attribute_and_relation_once() -> None:
    dot = dots(standard())["entities.dot"]

    for word in ("age", "oak | elm", "integer 0..999", "bears", "stands on", "beside", "Lies there"):
        assert dot.count(f">{word}<") + dot.count(f'tooltip="{word} ') == 1, word


def test_a_figure_has_what_cites_it_and_what_that_relates() -> None:
    found = dots(standard())

    assert {path for path in found if path.startswith("figure")} == {"figure-1.dot"}
    assert 'title="Who & what"' in found["figure-1.dot"]
    assert "entity-tree" in found["figure-1.dot"]
    assert "entity-stone" in found["figure-1.dot"]
    assert "entity-leaf" not in found["figure-1.dot"]


@pytest.mark.parametrize(
    ("relation", "signs"), [("r1", ("teetee", "crowodot")), ("r2", ("teeodot", "crowtee"))], ids=["bears", "stands on"]
)
def test_how_many_stands_at_both_ends_as_a_sign_and_in_words(relation: str, signs: tuple[str, str]) -> None:
    lines = [line for line in dots(standard())["entities.dot"].splitlines() if " -> " in line and relation in line]

    assert f"arrowtail={signs[0]}" in lines[0]
    assert f"arrowhead={signs[1]}" in lines[1]
    assert "1 : 0..*" in dots(standard())["entities.dot"]


def test_what_is_related_to_its_own_kind_says_so_inside() -> None:
    dot = dots(standard())["entities.dot"]

    assert ">0..* : 0..* tree<" in dot
    assert "relation-beside" not in dot


def test_the_line_is_drawn_as_sure_as_it_is() -> None:
    dot = dots(standard())["entities.dot"]

    (leaf,) = [line for line in dot.splitlines() if "entity-leaf" in line and "style=" in line]
    assert "dashed" in leaf
    assert "style=dotted" in dot
    assert "public elsewhere" in dot


def test_an_entity_stands_above_those_declared_after_it_that_it_is_related_to() -> None:
    turned = VOCABULARY.replace("1 tree to 0..* leaf", "0..* leaf to 1 tree")
    before = dots(standard())["entities.dot"]
    after = dots(small_standard(standard=STANDARD, vocabulary=turned, messages="messages: {}"))["entities.dot"]

    arrows = [
        [line for line in dot.splitlines() if " -> r1" in line or "r1:bar:s ->" in line] for dot in (before, after)
    ]
    assert [line.split("tooltip")[0] for line in arrows[0]] == [line.split("tooltip")[0] for line in arrows[1]]


def test_graphviz_draws_them_without_a_complaint_and_with_texts_as_they_are() -> None:
    jobs = [Job(path.removesuffix(".dot"), dot) for path, dot in dots(standard()).items()]
    for done in render(jobs, 60):
        assert isinstance(done, Drawn)
        assert done.warnings == ()
        root = ET.fromstring(done.data)
        ids = [each.get("id") for each in root.iter() if each.get("id")]
        assert len(ids) == len(set(ids))


def test_whoever_looks_for_a_picture_is_told_files_that_are_drawn() -> None:
    for each in (standard(), *shipped().values()):
        paths = {path.removesuffix(".dot") for path in dots(each)}

        assert {name for names in drawn_files(each).values() for name in names} <= paths


def test_a_standard_without_entities_has_no_data_model() -> None:
    assert "entities.dot" not in dots(shipped()["doorbell"])
