"""Which tests name which elements: read from their text, without running them.

A test names an element if its own text, or what it calls in its file, has the element's name in a string, or the
element's generated symbol where the generated package is imported, in a file that names the standard.  What a test
reaches without naming it isn't seen; nor is anything that isn't Python.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clausework.emit.ledger.elements import Written
from clausework.emit.python.words import package_name
from clausework.model.standard import Standard


@dataclass(frozen=True, slots=True)
class Case:
    """A test in a file: where, the identifiers that it uses, and what it says in strings."""

    place: str
    name: str
    identifiers: frozenset[str]
    strings: frozenset[str]

    def __str__(self) -> str:
        return f"{self.place} {self.name}"


def cases_in(path: str, text: str) -> tuple[Case, ...]:
    """The tests of a Python file; none of one that can't be read."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    parts = {name: node for node in tree.body for name in _defined(node)}
    words = {name: frozenset(_words(node)) for name, node in parts.items()}
    general = frozenset(word for node in tree.body if not _defined(node) for word in _words(node))
    return tuple(
        Case(f"{path}:{node.lineno}", name, *_sorted(general | _reached(name, words)))
        for name, node in parts.items()
        if name.startswith("test_") and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def _defined(node: ast.stmt) -> tuple[str, ...]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.Assign(targets=targets):
            return tuple(each.id for each in targets if isinstance(each, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            return (name,)
    return ()


def _words(node: ast.AST) -> Iterator[str]:
    """Names and attributes, of an import also the parts of the module's name; and strings, in quotes."""
    for each in ast.walk(node):
        match each:
            case ast.Constant(value=str(text)):
                yield f'"{text}'
                yield from (f'"{part}' for part in text.split("."))
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                yield from name.split(".")
            case ast.ImportFrom(module=str(module)):
                yield from module.split(".")


def _reached(start: str, words: dict[str, frozenset[str]]) -> frozenset[str]:
    """The words of a function, and of all in the file that it names."""
    found: set[str] = set()
    seen, waiting = {start}, [start]
    while waiting:
        here = words[waiting.pop()]
        found |= here
        waiting += [each for each in here if each in words and each not in seen]
        seen |= here
    return frozenset(found)


def _sorted(words: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Identifiers, and strings."""
    strings = frozenset(each[1:] for each in words if each.startswith('"'))
    return frozenset(each for each in words if not each.startswith('"')), strings


def naming(standard: Standard, written: Sequence[Written], tests: Sequence[Case]) -> list[tuple[str, ...]]:
    """For each element, the tests that name it."""
    ours = {package_name(standard), str(standard.name), standard.folder.rpartition("/")[2]}
    about = [each for each in tests if ours & (each.strings | each.identifiers)]
    return [tuple(str(test) for test in about if _names(each, test)) for each in written]


def _names(each: Written, test: Case) -> bool:
    """The flow has to be named as well as what is in it."""
    parts = [set(symbol.split(".")) - {"messages", "vocabulary", "parties"} for symbol in each.symbols]
    if "clausework_standards" in test.identifiers and any(symbol <= test.identifiers for symbol in parts):
        return True
    return (
        each.kind not in {"transition", "state", "role", "entity", "relation"}
        and set(each.name.split(".")) <= test.strings
    )
