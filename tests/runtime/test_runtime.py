"""What generated code stands on: light, strict, silent about secrets."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausework.runtime import ConstraintError, LocalProtocolError, Peer, Secret, ToLink, ToParty, best, shapes


def test_importing_the_runtime_loads_nothing_else() -> None:
    program = (
        "import sys, clausework.runtime\n"
        "ours = {m for m in sys.modules if m.startswith('clausework.') and not m.startswith('clausework.runtime')}\n"
        "heavy = {'yaml', 'jinja2', 'statemachine', 'defusedxml', 'xml', 'asyncio'} & set(sys.modules)\n"
        "print(sorted(ours | heavy))"
    )

    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_secret_is_equal_to_itself_only_and_never_shown() -> None:
    assert Secret("sesame") == Secret("sesame") != Secret("poppy")
    assert Secret("sesame") != "sesame"
    assert "sesame" not in f"{Secret('sesame')!r} {Secret('sesame')}"
    assert len({Secret("sesame"), Secret("sesame")}) == 1


def test_errors_say_what_where_and_which_clause() -> None:
    error = LocalProtocolError("not allowed here", state="idle", event="ask", clause="8.2")

    assert str(error) == "ask: not allowed here, in state idle, clause 8.2"


def test_a_constraint_error_is_short_whatever_was_given() -> None:
    assert len(str(ConstraintError("m", "f", "x" * 10_000, "text 0..1"))) < 150


def test_the_way_back_is_the_link_where_there_is_one() -> None:
    assert Peer("a", "r", 7).way_back == ToLink(7)
    assert Peer("a", "r").way_back == ToParty("a")


def test_the_best_are_all_of_the_highest_or_lowest_rank_in_order() -> None:
    assert best("cabbage", ord, highest=True) == ("g",)
    assert best("cabbage", ord, highest=False) == ("a", "a")
    assert best("", ord, highest=True) == ()


SHAPED: list[tuple[shapes.Shape, st.SearchStrategy[Any]]] = [
    (shapes.Boolean(), st.booleans()),
    (shapes.Integer(-5, 5), st.integers(-5, 5)),
    (shapes.Text(0, 5), st.text(max_size=5)),
    (shapes.Address(), st.text(min_size=1, max_size=5)),
    (shapes.Hidden(), st.text(max_size=5).map(Secret)),
    (shapes.Octets(0, 4), st.binary(max_size=4)),
    (shapes.Seconds(), st.integers(0, 10**9).map(lambda n: n / 1000)),
]


@pytest.mark.parametrize(("shape", "values"), SHAPED, ids=lambda each: type(each).__name__)
@given(data=st.data())
def test_a_value_comes_back_from_text_and_json(shape: shapes.Shape, values: st.SearchStrategy[Any], data: Any) -> None:
    value = data.draw(values)
    many = shapes.Maybe(shapes.Items(shape, 0, 3))

    assert shape.parse(shape.show(value)) == value
    assert shape.load(shape.dump(value)) == value
    assert many.load(many.dump((value, value))) == (value, value)
    assert many.load(None) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@pytest.mark.parametrize("shape", [shape for shape, _ in SHAPED], ids=lambda each: type(each).__name__)
@given(data=JSON, text=st.text(max_size=12))
def test_anything_else_is_a_value_error(shape: shapes.Shape, data: Any, text: str) -> None:
    for read, given_ in ((shape.load, data), (shape.parse, text), (shapes.Members(shape, 0, 2).load, data)):
        try:
            read(given_)
        except ValueError:
            continue


def test_booleans_are_not_numbers() -> None:
    with pytest.raises(ValueError, match="not an integer"):
        shapes.Integer(0, 1).load(True)
    with pytest.raises(ValueError, match="not true or false"):
        shapes.Boolean().load(1)
