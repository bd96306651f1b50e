"""Whatever the bytes are: reading them ends, soon, with diagnostics and never with an exception."""

import itertools
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausework.read import read
from support import ROOT, files

GOOD = files(Path(__file__).parent.parent / "corpus" / "good")
SHIPPED = files(ROOT / "spec")
PATHS = sorted(GOOD)


def slugs(path: str, data: bytes) -> list[str]:
    return [each.rule.slug for each in read(GOOD | {path: data}).diagnostics]


# -- what is refused


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"\x00\xff\xfe\x80garbage\x07", "not-utf-8"),
        (b"standard: b\xe4se\n", "not-utf-8"),
        (b"", "empty-file"),
        (b"\xef\xbb\xbf", "empty-file"),
        (b"---\n...\n", "empty-file"),
        (b"a: \x00\n", "yaml-syntax"),
        (b"[" * 10_000, "too-large"),
        (b"a: {" * 500 + b"}" * 500, "too-large"),
        (b"# " + b"x" * 5 * 1024 * 1024, "too-large"),
    ],
    ids=["binary", "latin-1", "empty", "byte order mark", "no content", "null", "brackets", "deep", "large"],
)
def test_a_file_that_is_no_specification_is_reported_once(path: str, data: bytes, rule: str) -> None:
    assert slugs(path, data) == [rule]


def test_a_file_of_a_million_parts_is_not_read_to_its_end() -> None:
    assert slugs("spec/below/messages.yaml", b"- [x, y]\n" * 300_000) == ["too-large"]


def test_the_place_of_a_byte_that_is_not_utf_8_is_its_character() -> None:
    diagnostic = read(GOOD | {"spec/base/standard.yaml": "standard: base\ntitle: ä ".encode() + b"\xe4"}).diagnostics[0]

    assert diagnostic.span is not None
    assert (diagnostic.span.start.line, diagnostic.span.start.column) == (2, 10)


def test_a_document_of_another_kind_is_a_mapping_of_nothing_known() -> None:
    assert slugs("spec/base/flows/2-sale.yaml", b"just a text\n")[0] == "wrong-shape"
    assert slugs("spec/base/flows/2-sale.yaml", b"- a\n- list\n")[0] == "wrong-shape"


def test_an_alias_bomb_takes_no_time() -> None:
    layers = ["a0: &a0 [lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    began = time.process_time()

    assert slugs("spec/below/messages.yaml", "\n".join(layers).encode()) == ["yaml-alias"]
    assert time.process_time() - began < 2


def chain(line: str, first: str, count: int) -> str:
    """Lines of which each, `NEW`, stands on the one before, `OLD`."""
    names = [first, *(f"d{number}" for number in range(count))]
    return "".join(line.replace("NEW", new).replace("OLD", old) + "\n" for old, new in itertools.pairwise(names))


FLOW = "spec/base/flows/2-sale.yaml"
BOMBS = {
    "parentheses": ("some: left > 0", f"some: {'(' * 500}left{')' * 500} > 0"),
    "not": ("some: left > 0", f"some: {'not ' * 500}left > 0"),
    "a long sum": ("some: left > 0", f"some: {'left + ' * 2_000}left > 0"),
    "a long conjunction": ("some: left > 0", f"some: {'left > 0 and ' * 2_000}left > 0"),
    "a long implication": ("some: left > 0", f"some: {'left > 0 implies ' * 2_000}left > 0"),
    "a large number": ("left: integer 0..2 = 2", f"left: integer 0..{'9' * 10_000} = 2"),
    "optional": ("last: optional price", f"last: {'optional ' * 1_000}price"),
    "lists": ("last: optional price", f"last: {'list of ' * 500}price{' 0..2' * 500}"),
    "definitions": (
        "      some: left > 0\n",
        chain("      NEW: OLD and OLD and OLD and OLD", "left > 0", 30) + "      some: d29\n",
    ),
    "a chain of definitions": (
        "      some: left > 0\n",
        chain("      NEW: OLD", "left > 0", 500) + "      some: d499\n",
    ),
    "effects": (
        "      sell:\n",
        chain("      NEW: {do: [OLD, OLD, OLD, OLD]}", "first", 30) + "      sell: {do: d29}\n      first:\n",
    ),
    "a chain of effects": (
        "      sell:\n",
        chain("      NEW: {do: OLD}", "first", 500) + "      sell: {do: d499}\n      first:\n",
    ),
    "a table in itself": ("- [true, any, sell]", "- [true, any, {table: orders}]"),
    "a table in an effect in it": ("      sell:\n", "      sell: {table: orders}\n      sold:\n"),
    "sequences": (
        "  waited:\n",
        chain("  NEW: {steps: [sequence: OLD, sequence: OLD, sequence: OLD]}", "sold", 30) + "  waited:\n",
    ),
    "a chain of sequences": ("  waited:\n", chain("  NEW: {steps: [sequence: OLD]}", "sold", 300) + "  waited:\n"),
    "states in states": ("done: {rests: true}", f"done: {'{initial: a, states: {a: ' * 25}{{rests: true}}{'}}' * 25}"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_grows_without_end_is_cut_off_in_no_time(bomb: str) -> None:
    old, new = BOMBS[bomb]
    text = GOOD[FLOW].decode()
    assert text.count(old) == 1
    began = time.process_time()

    found = slugs(FLOW, text.replace(old, new).encode())

    assert set(found) & {"expression-syntax", "bad-phrase", "too-large", "cyclic-import", "repeated-name", "bad-number"}
    assert time.process_time() - began < 5


def test_no_files_are_no_standards() -> None:
    assert read({}).standards == ()
    assert read({}).diagnostics == ()


# -- what is tried


@given(path=st.sampled_from([*PATHS, "x.yaml", "spec/flows/x.yaml", "/", "flows/flows/x.yaml"]), data=st.binary())
def test_any_bytes_as_any_file_never_raise(path: str, data: bytes) -> None:
    read(GOOD | {path: data})


@given(texts=st.dictionaries(st.sampled_from(PATHS), st.text(), min_size=1))
def test_any_text_as_any_files_never_raises(texts: dict[str, str]) -> None:
    read(GOOD | {path: text.encode("utf-8", "surrogatepass") for path, text in texts.items()})


TOKENS = (
    *("receive", "command", "after", "leaves", "when", "decide", "table", "states", "initial", "to", "send", "set"),
    *(
        "{}",
        "[]",
        "{",
        "[",
        "]",
        "}",
        ":",
        ": ",
        ",",
        "- ",
        "|",
        "'",
        '"',
        "#",
        " # ",
        "&a",
        "*a",
        "!t",
        "<<",
        "?",
        "~",
    ),
    *("and", "or", "not", "is", "of", "where", "exists", "count of", "new", "each", "other", "in", "(", ")", "->", "="),
    *(
        "none",
        "empty",
        "true",
        "any",
        "else",
        "message",
        "sender",
        "connection",
        "me",
        "state",
        "buyer",
        "shop",
        "item",
    ),
    *("below.guest", "coming", "below", "sale", "idle", "order", "price", "0", "-1", "9" * 30, "..", "1..2", "\t", "é"),
)


@st.composite
def mutated(draw: st.DrawFn, good: dict[str, bytes]) -> dict[str, bytes]:
    """A good folder with lines removed, doubled, swapped or moved, and words removed, doubled or exchanged."""
    texts = dict(good)
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(sorted(texts)))
        lines = texts[path].decode().split("\n")
        number = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["delete", "double", "swap", "indent", "word", "word", "word"])):
            case "delete":
                del lines[number]
            case "double":
                lines.insert(number, lines[number])
            case "swap":
                other = draw(st.integers(0, len(lines) - 1))
                lines[number], lines[other] = lines[other], lines[number]
            case "indent":
                lines[number] = draw(st.sampled_from([" ", "  ", "    "])) + lines[number]
            case "word":
                lines[number] = draw(reworded(lines[number]))
        texts[path] = "\n".join(lines).encode()
    return texts


@st.composite
def reworded(draw: st.DrawFn, line: str) -> str:
    words = line.split(" ")
    number = draw(st.integers(0, len(words) - 1))
    words[number] = draw(st.sampled_from(["", words[number] * 2, words[-1], draw(st.sampled_from(TOKENS))]))
    return " ".join(words)


@settings(max_examples=400)
@given(texts=mutated(GOOD))
def test_a_mutated_specification_never_raises(texts: dict[str, bytes]) -> None:
    reading = read(texts)

    for each in reading.diagnostics:
        assert each.span is None or each.span.start < each.span.end, each


@settings(max_examples=5)
@given(texts=mutated(SHIPPED))
def test_a_mutated_specification_that_is_shipped_never_raises(texts: dict[str, bytes]) -> None:
    read(texts)


@settings(max_examples=60)
@given(texts=mutated(GOOD))
def test_reading_is_a_function_of_the_files(texts: dict[str, bytes]) -> None:
    found = [
        [(each.rule.slug, each.message, str(each.span)) for each in read(files).diagnostics]
        for files in (texts, dict(reversed(texts.items())))
    ]

    assert found[0] == found[1]
