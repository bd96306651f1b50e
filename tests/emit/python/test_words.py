"""Nothing that a specification says can become anything but a name, a text or a docstring."""

import ast
import keyword
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clausework.emit.python.words import class_name, comment, constant, distinct, docstring, identifier, quoted

TEXTS = st.text(max_size=60) | st.sampled_from(
    ['"""', '\\"""', "\\", '"', "'''", "x\n    import os", 'a"""+b+"""', "{{x}}"]
)


@given(TEXTS)
def test_every_name_becomes_an_identifier(text: str) -> None:
    for word in (identifier(text), class_name(text), constant(text)):
        assert word.isidentifier()
        assert word.isascii() or word == class_name(text)
        assert not keyword.iskeyword(word)


@given(TEXTS)
@example('it\'s "both"')
def test_a_string_literal_is_the_text(text: str) -> None:
    assert ast.literal_eval(quoted(text)) == text


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_docstring_is_one_string_whatever_is_in_it(texts: list[str]) -> None:
    lines = docstring(["First.", *texts], 4)
    tree = ast.parse("def f():\n" + "\n".join(lines) + "\n    pass")

    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert len(tree.body) == 1
    assert [type(node) for node in function.body] == [ast.Expr, ast.Pass]


@given(TEXTS)
def test_a_docstring_of_one_text_is_one_string(text: str) -> None:
    tree = ast.parse("\n".join(docstring([text, "x"], 0)))

    assert [type(node) for node in tree.body] == [ast.Expr]


@pytest.mark.parametrize("length", range(105, 120))
def test_the_formatter_leaves_a_docstring_of_one_long_text_as_it_is(length: int) -> None:
    text = "def f():\n" + "\n".join(docstring(["word " * 20 + "w" * (length - 100)], 4)) + "\n"
    ruff = [str(Path(sys.executable).parent / "ruff"), "format", "--isolated", "--line-length", "120", "-"]

    assert subprocess.run(ruff, input=text, capture_output=True, text=True, check=True).stdout == text
    assert max(map(len, text.splitlines())) <= 120


@given(TEXTS)
def test_a_comment_stays_one(text: str) -> None:
    assert ast.parse("\n".join(comment(text, 0))).body == []


def test_words_that_would_clash_are_told_apart() -> None:
    assert distinct(("a_b", "a_b", "c"), taken=("c",)) == ("a_b", "a_b_", "c_")
    assert (identifier("from"), identifier("list"), identifier("xmpp.to"), identifier("2nd")) == (
        "from_",
        "list_",
        "to",
        "n2nd",
    )
