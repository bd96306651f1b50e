"""Every mistake is reported where it is, once, and nothing else is.

`corpus/good` is a folder of specifications in which everything is right; a case of `corpus/bad` says what to change:

    === what is wrong
    --- base/flows/2-sale.yaml      the file
    < as it stands there
    > as it stands in the case      # expect: rule        (# also: rule, where the second place is to be shown)
    delete base/messages.yaml
    ! base/messages.yaml:3 rule     for a line that cannot have a remark; `! rule` for a mistake without a place

A file that isn't there begins with `>` and is new.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from clausework.diagnostics import Diagnostic
from clausework.read import RULES, read
from support import files

CORPUS = Path(__file__).parent.parent / "corpus"
GOOD = files(CORPUS / "good")
NOT_IN_TEXTS = {"not-utf-8", "too-large"}
"""Rules whose cases are made in `test_hostile`."""

Place = tuple[str, int, str]


@dataclass
class Case:
    name: str
    title: str
    texts: dict[str, list[str]]
    unplaced: list[str] = field(default_factory=list)
    placed: list[Place] = field(default_factory=list)

    def files(self) -> dict[str, bytes]:
        return {path: ("\n".join(lines) + "\n").encode() for path, lines in self.texts.items()}

    def expected(self, word: str) -> Counter[Place]:
        found: list[Place] = list(self.placed) if word == "expect" else []
        for path, lines in self.texts.items():
            for number, line in enumerate(lines, 1):
                remark = re.search(rf"# {word}: ([\w, -]+)", line)
                found += [(path, number, rule.strip()) for rule in (remark[1].split(",") if remark else ())]
        return Counter(found)


def cases() -> Iterator[Case]:
    for path in sorted((CORPUS / "bad").glob("*.txt")):
        for number, text in enumerate(path.read_text("utf-8").split("=== ")[1:], 1):
            title, _, body = text.partition("\n")
            yield changed(f"{path.stem}-{number}", title, body.splitlines())


def changed(name: str, title: str, lines: list[str]) -> Case:
    case = Case(name, title, {path: data.decode().splitlines() for path, data in GOOD.items()})
    path, position = "", 0
    while position < len(lines):
        line = lines[position]
        if line.startswith("--- "):
            path = f"spec/{line[4:]}"
        elif line.startswith("delete "):
            del case.texts[f"spec/{line[7:]}"]
        elif line.startswith("! "):
            expect(case, line[2:])
        elif line.startswith("< "):
            old = block(lines, position, "< ")
            new = block(lines, position + len(old), "> ")
            replace(case.texts[path], old, new)
            position += len(old) + len(new)
            continue
        elif line.startswith("> "):
            case.texts[path] = block(lines, position, "> ")
            position += len(case.texts[path])
            continue
        elif line:
            raise AssertionError(f"{name}: {line}")
        position += 1
    return case


def block(lines: list[str], start: int, sign: str) -> list[str]:
    end = start
    while end < len(lines) and lines[end].startswith(sign):
        end += 1
    return [line[2:] for line in lines[start:end]]


def replace(text: list[str], old: list[str], new: list[str]) -> None:
    places = [number for number in range(len(text)) if text[number : number + len(old)] == old]
    assert len(places) == 1, (old, places)
    text[places[0] : places[0] + len(old)] = new


def expect(case: Case, said: str) -> None:
    place, _, rule = said.rpartition(" ")
    if not place:
        case.unplaced.append(rule)
        return
    path, _, line = place.partition(":")
    case.placed.append((f"spec/{path}", int(line), rule))


CASES = list(cases())


def found(diagnostics: tuple[Diagnostic, ...]) -> Counter[Place]:
    return Counter(
        (each.span.source.path, each.span.start.line, each.rule.slug) for each in diagnostics if each.span is not None
    )


def test_the_good_ones_are_good() -> None:
    reading = read(GOOD)

    assert reading.diagnostics == ()
    assert [str(standard.name) for standard in reading.standards] == ["base", "below"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_wrong_is_reported_at_its_place_and_nothing_else_is(case: Case) -> None:
    diagnostics = read(case.files()).diagnostics

    assert found(diagnostics) == case.expected("expect"), case.title
    assert [each.rule.slug for each in diagnostics if each.span is None] == case.unplaced


@pytest.mark.parametrize("case", [each for each in CASES if each.expected("also")], ids=lambda case: case.name)
def test_the_second_place_is_shown_where_there_are_two(case: Case) -> None:
    shown = Counter(
        (label.span.source.path, label.span.start.line, each.rule.slug)
        for each in read(case.files()).diagnostics
        for label in each.others
    )

    assert shown == case.expected("also")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_place_is_a_stretch_of_the_text_and_the_sentence_keeps_the_form(case: Case) -> None:
    for each in read(case.files()).diagnostics:
        assert not each.message.endswith(".")
        assert not re.match(r"[A-Z][a-z]", each.message), each.message
        if each.span is not None:
            line = each.span.source.line(each.span.start.line)
            assert 1 <= each.span.start.column <= len(line) + 1
            assert (each.span.start.line, each.span.start.column) < (each.span.end.line, each.span.end.column)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_standard_with_a_mistake_is_not_handed_on(case: Case) -> None:
    reading = read(case.files())
    wrong = {str(Path(path).parts[1]) for path, _, _ in case.expected("expect")}

    assert reading.diagnostics
    assert wrong.isdisjoint(str(standard.folder).split("/")[1] for standard in reading.standards)


@pytest.mark.parametrize(
    ("name", "help_"),
    [
        ("unknown-key-1", "did you mean `is a`?"),
        ("unknown-key-2", "in {...} a comma begins a new key: join fields by `and`, or quote the text"),
        ("unknown-state-1", "did you mean `idle`?"),
        ("unknown-type-1", "did you mean `name`?"),
        ("unknown-parameter-1", "did you mean `most_price`?"),
        ("tab-1", "indent with spaces"),
        ("yaml-syntax-3", "quote the text if the colon belongs to it, or look at the indentation"),
        ("bad-direction-5", "write `over: ...`"),
        ("missing-field-1", "write `with reason = ...`"),
        ("wrong-type-2", "it may not be given: use it in a branch whose guard says `is given`"),
        ("expression-syntax-1", "write `=` for `==`"),
    ],
)
def test_the_help_is_something_to_do(name: str, help_: str) -> None:
    case = next(each for each in CASES if each.name == name)

    assert help_ in [each.help for each in read(case.files()).diagnostics]


def test_every_rule_has_a_case() -> None:
    shown = {rule for case in CASES for _, _, rule in case.expected("expect")} | {
        rule for case in CASES for rule in case.unplaced
    }

    assert {rule.slug for rule in RULES} - shown == NOT_IN_TEXTS


def test_every_file_of_cases_is_called_after_its_rule() -> None:
    slugs = {rule.slug for rule in RULES}

    assert {path.stem for path in (CORPUS / "bad").iterdir()} <= slugs
