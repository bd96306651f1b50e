"""Code is laid out as the formatter leaves it."""

import subprocess
import sys
from pathlib import Path
from runpy import run_path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausework.emit.python.code import (
    Block,
    Brackets,
    Chain,
    Code,
    Comprehension,
    If,
    Line,
    Parenthesised,
    Prefixed,
    laid_out,
    written,
)

NAMES = st.integers(1, 50).map(lambda length: "n" * length)
CALLS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.builds(lambda name, items: Brackets(f"{name}(", tuple(items)), NAMES, st.lists(inner, max_size=4)),
        st.builds(lambda items: Brackets("(", tuple(items)), st.lists(inner, min_size=1, max_size=4)),
        st.builds(
            lambda items: Brackets("{", tuple(Prefixed(f'"k{n}": ', item) for n, item in enumerate(items)), "}"),
            st.lists(inner, max_size=3),
        ),
        st.builds(lambda element, source: Comprehension("tuple(", element, (f"for x in {source}",)), inner, NAMES),
    ),
    max_leaves=12,
)
ASKED = st.one_of(
    NAMES,
    st.builds(lambda name, items: Brackets(f"{name}(", tuple(items)), NAMES, st.lists(NAMES, min_size=1, max_size=4)),
    st.builds(lambda element, source: Comprehension("any(", element, (f"for x in {source}",)), NAMES, NAMES),
)
COMPARED = st.builds(
    lambda one, other, operator: Chain(operator, (one, other)), ASKED, ASKED, st.sampled_from(["==", "!="])
)
OPERANDS = ASKED | ASKED.map(lambda asked: Prefixed("not ", asked))
EITHER = st.lists(OPERANDS, min_size=2, max_size=4).map(lambda operands: Chain("or", tuple(operands)))
BOTH = st.lists(OPERANDS | EITHER.map(lambda either: Parenthesised("", either)), min_size=2, max_size=6).map(
    lambda operands: Chain("and", tuple(operands))
)
NEITHER = (EITHER | BOTH).map(lambda operands: Parenthesised("not ", operands))
CONDITIONS = st.one_of(COMPARED, EITHER, BOTH, NEITHER)


@settings(max_examples=12)
@given(st.lists(CALLS | CONDITIONS, min_size=20, max_size=20), st.lists(CONDITIONS, min_size=20, max_size=20))
def test_the_formatter_changes_nothing(pieces: list[Code], conditions: list[Code]) -> None:
    lines = ["def f():"]
    for piece, condition in zip(pieces, conditions, strict=True):
        lines += laid_out(piece, 4, "value = ")
        lines += laid_out(condition, 4, "if ", ":")
        lines += laid_out(piece, 8, "return ")
    text = "\n".join(lines) + "\n"

    assert formatted(text) == text


@pytest.mark.parametrize("length", [20, 30, 33, 34, 35, 40])
def test_of_two_operands_that_do_not_fit_on_a_line_both_are_opened(length: int) -> None:
    one = Brackets("n.is_in(", tuple("a" * length for _ in range(3)))
    other = Prefixed(
        "not ", Comprehension("any(", Brackets("m(", tuple("b" * length for _ in range(2))), ("for b in c",))
    )
    lines = ["def f():", *laid_out(Chain("and", (one, other)), 4, "return ")]
    text = "\n".join(lines) + "\n"

    assert formatted(text) == text


def formatted(text: str) -> str:
    ruff = [str(Path(sys.executable).parent / "ruff"), "format", "--isolated", "--line-length", "120", "-"]
    return subprocess.run(ruff, input=text, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("holds", range(4))
@pytest.mark.parametrize("runs_on", range(3))
def test_a_branch_that_runs_on_runs_past_all_others(holds: int, runs_on: int, tmp_path: Path) -> None:
    branches: list[tuple[Code | None, Block]] = [
        (f"n == {number}" if number < 3 else None, () if number == runs_on else (Line(str(number), "return "),))
        for number in range(4)
    ]
    body = written((If(tuple(branches)), Line("'past'", "return ")), 4)

    module = tmp_path / "taken.py"
    module.write_text("\n".join(("def taken(n):", *body)))
    assert run_path(str(module))["taken"](holds) == ("past" if holds == runs_on else holds)
