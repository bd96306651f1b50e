"""Which tests name which elements: read from their text, without running them.

A test names an element if its own text, or what it calls in its file, has the element's name in a string or the
element's generated symbol as a word, in a file that names the standard.  What a test reaches without naming it isn't
seen; nor is anything run that isn't Python.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clausework.emit.ledger.elements import Written
from clausework.emit.python.words import package_name
from clausework.model.standard import Standard


@dataclass(frozen=True, slots=True)
class Case:
    """A test in a file: where, and the words that it uses."""

    place: str
    name: str
    words: frozenset[str]

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
        Case(f"{path}:{node.lineno}", name, general | _reached(name, words))
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
    """Strings, names and attributes; of an import also the parts of the module's name."""
    for each in ast.walk(node):
        match each:
            case ast.Constant(value=str(text)):
                yield text
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


def naming(standard: Standard, written: Sequence[Written], tests: Sequence[Case]) -> list[tuple[str, ...]]:
    """For each element, the tests that name it."""
    ours = {package_name(standard), str(standard.name), standard.folder.rpartition("/")[2]}
    about = [each for each in tests if ours & each.words]
    return [tuple(str(test) for test in about if _names(each, test.words)) for each in written]


def _names(each: Written, words: frozenset[str]) -> bool:
    """The flow has to be named as well as what is in it."""
    if any(set(symbol.split(".")) - {"messages", "vocabulary", "parties"} <= words for symbol in each.symbols):
        return True
    parts = each.name.split(".")
    return each.kind not in {"transition", "state", "role"} and set(parts) <= words
