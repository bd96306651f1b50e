"""`spec/README.md`: its examples read, hold what they claim, and no key of the language is missing."""

import re
from pathlib import Path

import pytest

from clausework.explore import explore
from clausework.model.language import ABOUT, DISPOSITIONS, KEYS, RESERVED, STEP_VERBS, TRIGGERS
from clausework.model.standard import own
from clausework.read import Reading, read

PAGE = Path(__file__).parents[2] / "spec" / "README.md"
TEXT = PAGE.read_text("utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
MARKER = re.compile(r"# (?P<path>\w+/(?:flows/)?[\w-]+\.yaml)\n")
WORDS = {
    word for code in re.findall(r"`([^`\n]+)`", TEXT.replace("\\|", "|")) for word in re.split(r"[ ,:|{}\[\]]+", code)
}
NOT_FOR_AUTHORS = {("lifeline", "*")}


def files() -> dict[str, bytes]:
    """The pieces of each file, put together in the order of the page."""
    found: dict[str, str] = {}
    for block in BLOCKS:
        marker = MARKER.match(block)
        assert marker is not None, block
        path = f"spec/{marker['path']}"
        found[path] = found.get(path, "") + block[marker.end() :]
    return {path: text.encode() for path, text in found.items()}


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(files())


def test_every_example_says_which_file_it_is_of() -> None:
    assert [block.splitlines()[0] for block in BLOCKS if not MARKER.match(block)] == []
    assert len(BLOCKS) > 10


def test_the_examples_together_read_without_a_diagnostic(reading: Reading) -> None:
    assert [(each.message, str(each.span)) for each in reading.diagnostics] == []
    assert {standard.name for standard in reading.standards} == {"lending", "campus"}


def test_what_the_examples_claim_is_so(reading: Reading) -> None:
    unexpected = [
        (flow.name, check.name, verdict.kind, verdict.name)
        for standard in reading.standards
        for flow in own(standard.flows)
        for check in flow.checks
        for verdict in explore(standard, flow, check).verdicts
        if not verdict.expected
    ]

    assert unexpected == []


def test_every_key_of_the_language_is_explained() -> None:
    keys = {(kind, key.removesuffix(" *")) for kind, words in KEYS.items() for key in words} - NOT_FOR_AUTHORS
    missing = sorted((kind, key) for kind, key in keys if key != "*" and not set(key.split()) <= WORDS)

    assert missing == []


@pytest.mark.parametrize("words", [ABOUT, TRIGGERS, DISPOSITIONS, STEP_VERBS, sorted(RESERVED)])
def test_every_word_of_the_language_is_explained(words: tuple[str, ...]) -> None:
    assert [word for word in words if not set(word.split()) <= WORDS] == []


def test_every_key_stands_in_an_example_but_those_that_need_a_larger_one() -> None:
    key = r"(?:^|[{,]|- )\s*\"?([a-z][\w |.]*?)\"?:"
    written = {found for block in BLOCKS for found in re.findall(key, block, re.MULTILINE)}
    starts = {word for found in written for word in (found, found.split(" ")[0])}
    keys = {key.removesuffix(" *") for words in KEYS.values() for key in words} - {"*"}

    assert keys - starts == {"another", "belongs to", "close", "defer", "forged", "provisional", "singly", "spans"}
