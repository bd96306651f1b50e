"""Values of an exploration, which may be symbols, as Python literals of the generated types."""

import re

from clausework.emit.python.code import Brackets, Code, Prefixed
from clausework.emit.python.imports import Imports
from clausework.emit.python.types import Names
from clausework.emit.python.words import constant, identifier, quoted
from clausework.expr import types as kinds
from clausework.expr.nodes import Value
from clausework.expr.types import Type, plain
from clausework.semantics.system import System

_SAMPLES = ("1", "2", "a", "b", "aa:bb", "cc:dd", "00:00:00:00:00:01", "00:00:00:00:00:02")


class Unreplayable(Exception):
    """Why a run can't be written as a test."""


class Literals:
    """`names` are those of the standard whose words a type is written in."""

    def __init__(self, imports: Imports) -> None:
        self.imports = imports

    def module(self, names: Names, name: str) -> str:
        return self.imports.standard(names.package, name) if names.package else self.imports.sibling(name)

    def of(self, names: Names, type_: Type, value: Value) -> str:
        match type_:
            case kinds.Named(name=name, item=kinds.Enumeration()):
                owner, word = names.owner(name)
                return f"{self.module(owner, 'vocabulary')}.{owner.types[word]}.{constant(str(value))}"
            case kinds.Enumeration(values=words):
                return self._anonymous(names, tuple(str(word) for word in words), value)
        bare = plain(type_)
        match bare:
            case kinds.Optional(item=item):
                return "None" if value is None else self.of(names, item, value)
            case kinds.ListOf(item=item) | kinds.SetOf(item=item):
                return self._several(names, bare, item, value)
            case kinds.Secret():
                return f"{self.imports.runtime('Secret')}({quoted(str(value))})"
            case kinds.Duration():
                return repr(float(_number(value)))
            case kinds.Bytes(low=low):
                return repr(str(value).encode().ljust(int(low), b"a")[: max(int(low), 6)])
            case kinds.Text():
                return quoted(_text(bare, str(value)))
            case kinds.MessageOf():
                raise Unreplayable("a message is an argument")
        return quoted(value) if isinstance(value, str) else repr(value)

    def _anonymous(self, names: Names, words: tuple[str, ...], value: Value) -> str:
        for owner in (names, *names.imported.values()):
            if words in owner.anonymous:
                return f"{self.module(owner, 'vocabulary')}.{owner.anonymous[words]}.{constant(str(value))}"
        raise AssertionError(words)

    def _several(self, names: Names, type_: Type, item: Type, value: Value) -> str:
        members = value if isinstance(value, tuple) else sorted(value, key=repr) if isinstance(value, frozenset) else ()
        shown = ", ".join(self.of(names, item, each) for each in members)
        inside = f"({shown},)" if len(members) == 1 else f"({shown})"
        return inside if isinstance(type_, kinds.ListOf) else f"frozenset({inside})"


def parameters(literals: Literals, names: Names, system: System, prefix: str = "") -> Code:
    """The check's numbers; past the constraints, where they are smaller (or larger) than any that is allowed."""
    given: list[Code] = []
    fitting = True
    for name, word in names.parameters.items():
        type_ = next(each for each in names.standard.parameters if each.name == name).type
        value = system.parameters[prefix + name]
        fitting = fitting and _fits(system, type_, value, prefix)
        given.append(f"{word}={literals.of(names, type_, value)}")
    for each, inner in names.imported.items():
        given.append(Prefixed(f"{identifier(each)}=", parameters(literals, inner, system, f"{prefix}{each}.")))
    class_ = f"{literals.module(names, 'vocabulary')}.Parameters"
    if fitting:
        return Brackets(f"{class_}(", tuple(given))
    return Brackets(f"{literals.imports.take('clausework.runtime.stage', 'unchecked')}(", (class_, *given))


def _fits(system: System, type_: Type, value: Value, prefix: str) -> bool:
    bare = plain(type_)
    if not isinstance(bare, kinds.Integer) or not isinstance(value, int):
        return True
    low, high = (
        system.parameters.get(prefix + each, each) if isinstance(each, str) else each for each in (bare.low, bare.high)
    )
    return isinstance(low, int) and isinstance(high, int) and low <= value <= high


def _number(value: Value) -> int:
    """A symbol's number: `duration_2` is the second one; a parameter's name is the first.  A number is itself."""
    if isinstance(value, int):
        return value
    found = re.search(r"_(\d+)$", str(value))
    return int(found[1]) if found else 1


def _text(type_: kinds.Text, value: str) -> str:
    """The symbol, if it may be such a text; else one of a few samples that may."""
    fitting = [each for each in (value, *_SAMPLES) if type_.pattern is None or re.fullmatch(type_.pattern, each)]
    if value in fitting:
        return value
    if _number(value) > len(fitting):
        raise Unreplayable(f"we know no text like {type_.pattern}")
    return fitting[_number(value) - 1]
