"""Each sentence of the meaning points to tests that show it, and they are there."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

TESTS = Path(__file__).parents[1]
TABLE = yaml.safe_load((Path(__file__).parent / "table.yaml").read_text("utf-8"))
SHOWN = TABLE


def entries() -> Iterator[tuple[str, str]]:
    for section, rows in SHOWN.items():
        for sentence, shown in rows.items():
            yield from ((f"{section}: {sentence}", test) for test in shown)


def functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("sentence", "test"), list(entries()))
def test_what_a_sentence_points_to_is_a_test(sentence: str, test: str) -> None:
    path, _, name = test.partition("::")

    assert name.startswith("test_")
    assert name in functions(TESTS / path), sentence


def test_no_sentence_is_without_a_test() -> None:
    assert [sentence for rows in SHOWN.values() for sentence, shown in rows.items() if not shown] == []


def test_every_rule_of_a_step_and_every_law_has_its_row() -> None:
    words = {word for rows in TABLE.values() for sentence in rows for word in sentence.split()}
    laws = {
        f"{family}{number}"
        for family, last in (("N", 6), ("D", 6), ("M", 7), ("H", 8), ("Q", 3))
        for number in range(1, last + 1)
    }

    assert {f"R{number}" for number in range(1, 12)} | laws <= words
