"""Whatever the bytes are: reading them ends, soon, with diagnostics and never with an exception."""

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
        (b"- [x, y]\n" * 200_000, "too-large"),
        (b"# " + b"x" * 5 * 1024 * 1024, "too-large"),
    ],
    ids=["binary", "latin-1", "empty", "byte order mark", "no content", "null", "brackets", "deep", "many", "large"],
)
def test_a_file_that_is_no_specification_is_reported_once(path: str, data: bytes, rule: str) -> None:
    assert slugs(path, data) == [rule]


def test_the_place_of_a_byte_that_is_not_utf_8_is_its_character() -> None:
    diagnostic = read(GOOD | {"spec/base/standard.yaml": "standard: base\ntitle: ä ".encode() + b"\xe4"}).diagnostics[0]

    assert diagnostic.span is not None
    assert (diagnostic.span.start.line, diagnostic.span.start.column) == (2, 10)


def test_a_document_of_another_kind_is_a_mapping_of_nothing_known() -> None:
    assert slugs("spec/base/flows/2-sale.yaml", b"just a text\n")[0] == "wrong-shape"
    assert slugs("spec/base/flows/2-sale.yaml", b"- a\n- list\n")[0] == "wrong-shape"


def test_an_alias_bomb_takes_no_time() -> None:
    layers = ["a0: &a0 [lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    began = time.monotonic()

    assert slugs("spec/below/messages.yaml", "\n".join(layers).encode()) == ["yaml-alias"]
    assert time.monotonic() - began < 2


def test_an_expression_may_be_long_and_deep() -> None:
    for guard in ("(" * 500 + "left" + ")" * 500, "not " * 500 + "left", "left + " * 2_000 + "left", "left " * 2_000):
        text = GOOD["spec/base/flows/2-sale.yaml"].replace(b"some: left > 0", f"some: {guard}".encode())

        assert slugs("spec/base/flows/2-sale.yaml", text)


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


@settings(max_examples=60)
@given(texts=mutated(SHIPPED))
def test_a_mutated_specification_that_is_shipped_never_raises(texts: dict[str, bytes]) -> None:
    read(texts)


@settings(max_examples=60)
@given(texts=mutated(GOOD))
def test_reading_is_a_function_of_the_files(texts: dict[str, bytes]) -> None:
    one, other = read(texts), read(dict(reversed(texts.items())))

    assert one.diagnostics == other.diagnostics or [each.message for each in one.diagnostics] == [
        each.message for each in other.diagnostics
    ]
