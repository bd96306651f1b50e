"""Types of a specification as types of Python: annotations, first values, shapes.

Enumerations written in place (`result: accepted|rejected`) get a class of their own, named after where they
stand first; equal ones share it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from clausework.emit.python.imports import Imports
from clausework.emit.python.words import class_name, constant, distinct, identifier, package_name, quoted
from clausework.expr import types as kinds
from clausework.expr.nodes import Value
from clausework.expr.types import Bound, Type, plain, required
from clausework.model.machine import Field
from clausework.model.standard import Message, Parameter, Standard, own

_RESERVED_TYPES = ("Parameters", "StrEnum", "TypeAlias", "Final", "ConstraintError", "Secret", "Link", "ClassVar")
_RESERVED_MESSAGES = ("Message", "ClassVar", "Final", "ConstraintError", "Shape", "Secret", "Link")


@dataclass(frozen=True, slots=True)
class Owner:
    """Where a name is defined: our own package (`package` empty) or an imported standard's."""

    standard: Standard
    package: str


@dataclass(slots=True)
class Names:
    """The Python names of a standard's types, messages and parameters; those of imported ones in `imported`."""

    standard: Standard
    package: str = ""
    types: dict[str, str] = field(default_factory=dict)
    anonymous: dict[tuple[str, ...], str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    imported: dict[str, "Names"] = field(default_factory=dict)

    def owner(self, name: str) -> tuple["Names", str]:
        """Whose a qualified name is, and what it is called there."""
        prefix, _, word = name.rpartition(".")
        return (self.imported[prefix].owner(word)) if prefix in self.imported else (self, name)

    def message(self, name: str) -> Message:
        return next(message for message in self.standard.messages if message.name == name)

    def parameter(self, name: str) -> Parameter:
        return next(parameter for parameter in self.standard.parameters if parameter.name == name)


def names_of(standard: Standard, package: str = "") -> Names:
    names = Names(standard, package)
    for each in standard.imports:
        names.imported[str(each.standard.name)] = names_of(each.standard, package_name(each.standard))
    declared = own(standard.types)
    titles = distinct((class_name(each.name) for each in declared), _RESERVED_TYPES, "Type")
    names.types = {str(each.name): title for each, title in zip(declared, titles, strict=True)}
    spoken = own(standard.messages)
    titles = distinct((class_name(each.name) for each in spoken), _RESERVED_MESSAGES, "Message")
    names.messages = {str(each.name): title for each, title in zip(spoken, titles, strict=True)}
    chosen = own(standard.parameters)
    titles = distinct(identifier(each.name) for each in chosen)
    names.parameters = {str(each.name): title for each, title in zip(chosen, titles, strict=True)}
    for place, values in _enumerations(standard):
        if values not in names.anonymous and not any(values in other.anonymous for other in names.imported.values()):
            taken = (*_RESERVED_TYPES, *names.types.values(), *names.anonymous.values())
            names.anonymous[values] = distinct((place,), taken, "Value")[0]
    return names


def _enumerations(standard: Standard) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Enumerations written in place, with the class name that the place suggests."""
    for place, owner, type_ in _typed(standard):
        for values in _inside(type_):
            yield class_name(owner, place), values


def _typed(standard: Standard) -> Iterator[tuple[str, str, Type]]:
    for definition in own(standard.types):
        for column in definition.columns:
            yield column.name, definition.name, column.type
        bare = definition.type
        if not isinstance(bare, kinds.Enumeration):
            yield "item", definition.name, bare
    for message in own(standard.messages):
        for each in message.fields:
            yield each.name, message.name, each.type
    for flow in own(standard.flows):
        for machine in flow.machines:
            signals = (*machine.commands, *machine.notifications)
            listed = [(each.name, machine.name, each.type) for each in (*machine.keys, *machine.columns)]
            listed += [(each.name, machine.name, each.type) for each in machine.variables]
            listed += [(each.name, signal.name, each.type) for signal in signals for each in signal.arguments]
            yield from listed
        for decision in flow.decisions:
            for answer in decision.answers:
                for name, type_ in answer.fields:
                    yield name, answer.name, type_
    for parameter in own(standard.parameters):
        yield parameter.name, "parameter", parameter.type


def _inside(type_: Type) -> Iterator[tuple[str, ...]]:
    match type_:
        case kinds.Enumeration(values=values):
            yield tuple(str(value) for value in values)
        case kinds.ListOf(item=item) | kinds.SetOf(item=item) | kinds.Optional(item=item):
            yield from _inside(item)


@dataclass(slots=True)
class Types:
    """Types as one generated module writes them: `module` is vocabulary, messages, or a flow's."""

    names: Names
    imports: Imports
    module: str

    # -- names of other modules

    def in_vocabulary(self, name: str, names: Names | None = None) -> str:
        return self._within("vocabulary", name, names or self.names)

    def message(self, name: str) -> str:
        names, word = self.names.owner(name)
        return self._within("messages", names.messages[word], names)

    def _within(self, module: str, name: str, names: Names) -> str:
        if names.package:
            return f"{self.imports.standard(names.package, module)}.{name}"
        return name if module == self.module else f"{self.imports.sibling(module)}.{name}"

    def enumeration(self, type_: Type) -> str:
        """The class of an enumeration."""
        bare = required(type_)
        while isinstance(bare, kinds.Named) and not isinstance(bare.item, kinds.Enumeration):
            bare = required(bare.item)
        if isinstance(bare, kinds.Named):
            names, word = self.names.owner(bare.name)
            return self.in_vocabulary(names.types[word], names)
        if not isinstance(bare, kinds.Enumeration):
            raise AssertionError(f"{bare} is not an enumeration")
        values = tuple(str(value) for value in bare.values)
        for names in (self.names, *self.names.imported.values()):
            if values in names.anonymous:
                return self.in_vocabulary(names.anonymous[values], names)
        return ""

    # -- annotations

    def annotation(self, type_: Type) -> str:
        match type_:
            case kinds.Named(name=name):
                names, word = self.names.owner(name)
                return self.in_vocabulary(names.types[word], names)
            case kinds.Boolean():
                return "bool"
            case kinds.Integer():
                return "int"
            case kinds.Text() | kinds.Party():
                return "str"
            case kinds.Bytes():
                return "bytes"
            case kinds.Secret():
                return self.imports.runtime("Secret")
            case kinds.Duration():
                return "float"
            case kinds.Enumeration():
                return self.enumeration(type_) or "str"
            case kinds.Link():
                return self.imports.runtime("Link")
            case kinds.ListOf(item=item):
                return f"tuple[{self.annotation(item)}, ...]"
            case kinds.SetOf(item=item):
                return f"frozenset[{self.annotation(item)}]"
            case kinds.Optional(item=item):
                return f"{self.annotation(item)} | None"
            case kinds.MessageOf(name=name):
                return self.message(name)

    # -- values

    def value(self, value: Value, type_: Type) -> str:
        """A literal of a type."""
        bare = plain(required(type_))
        if value is None:
            return "None"
        match bare:
            case kinds.Enumeration() if self.enumeration(type_):
                return f"{self.enumeration(type_)}.{constant(str(value))}"
            case kinds.SetOf():
                return self.imports.runtime("EMPTY") if not value else f"frozenset({self._items(value, bare.item)})"
            case kinds.ListOf():
                return "()" if not value else self._items(value, bare.item)
            case kinds.Duration():
                return repr(value)
        return quoted(value) if isinstance(value, str) else repr(value)

    def _items(self, value: Value, item: Type) -> str:
        members = (
            value
            if isinstance(value, tuple)
            else tuple(sorted(value, key=repr))
            if isinstance(value, frozenset)
            else ()
        )
        shown = ", ".join(self.value(each, item) for each in members)
        return f"({shown},)" if len(members) == 1 else f"({shown})"

    def first(self, type_: Type) -> str:
        """The value of a variable that says no other: the first of its type."""
        match plain(type_):
            case kinds.Boolean():
                return "False"
            case kinds.Integer(low=low, high=high):
                return str(min(max(self.number(low, lowest=True), 0), self.number(high)))
            case kinds.Text() | kinds.Party() | kinds.MessageOf():
                return '""'
            case kinds.Bytes():
                return 'b""'
            case kinds.Secret():
                return f'{self.imports.runtime("Secret")}("")'
            case kinds.Duration():
                return "0.0"
            case kinds.Enumeration(values=values):
                return self.value(str(values[0]), type_)
            case kinds.ListOf():
                return "()"
            case kinds.SetOf():
                return self.imports.runtime("EMPTY")
            case _:
                return "None"

    def initial(self, variable: Field) -> str:
        return (
            self.first(variable.type) if variable.default is None else self.value(variable.default.value, variable.type)
        )

    # -- bounds

    def bound(self, bound: Bound, *, lowest: bool = False) -> str:
        return str(self.number(bound, lowest=lowest))

    def number(self, bound: Bound, *, lowest: bool = False) -> int:
        """A bound as a number: a parameter's value, or the least (greatest) that it may have."""
        if isinstance(bound, int):
            return bound
        names, word = self.names.owner(bound)
        parameter = names.parameter(word)
        if parameter.value is not None and isinstance(parameter.value.value, int):
            return parameter.value.value
        bare = plain(parameter.type)
        if isinstance(bare, kinds.Integer):
            return self.number(bare.low if lowest else bare.high, lowest=lowest)
        return 0 if lowest else 65535

    def parameter(self, name: str) -> str:
        """The path to a parameter: `answer_time`, `xmpp.answer_time`."""
        names, word = self.names.owner(name)
        prefix = f"{identifier(names.standard.name)}." if names.package else ""
        return prefix + names.parameters[word]

    # -- shapes

    def shape(self, type_: Type, *, blank: bool = False) -> str:
        """How values look in snapshots and on the wire; `blank`: a variable may be empty before it is first set."""
        s = self.imports.shapes()
        match plain(type_):
            case kinds.Boolean():
                return f"{s}.Boolean()"
            case kinds.Integer(low=low, high=high):
                return f"{s}.Integer({self.bound(low, lowest=True)}, {self.bound(high)})"
            case kinds.Text(low=low, high=high, pattern=pattern):
                least = "0" if blank else self.bound(low, lowest=True)
                tail = f", {quoted(pattern)}" if pattern is not None and not blank else ""
                return f"{s}.Text({least}, {self.bound(high)}{tail})"
            case kinds.Bytes(low=low, high=high):
                return f"{s}.Octets({'0' if blank else self.bound(low, lowest=True)}, {self.bound(high)})"
            case kinds.Secret():
                return f"{s}.Hidden()"
            case kinds.Duration():
                return f"{s}.Seconds()"
            case kinds.Enumeration():
                return f"{s}.Word({self.enumeration(type_)})" if self.enumeration(type_) else f"{s}.Text()"
            case kinds.Party():
                return f"{s}.Text()" if blank else f"{s}.Address()"
            case kinds.Link():
                return f"{s}.Token()"
            case kinds.ListOf(item=item, low=low, high=high) | kinds.SetOf(item=item, low=low, high=high) as many:
                word = "Items" if isinstance(many, kinds.ListOf) else "Members"
                least = "0" if blank else self.bound(low, lowest=True)
                return f"{s}.{word}({self.shape(item)}, {least}, {self.bound(high)})"
            case kinds.Optional(item=item):
                return f"{s}.Maybe({self.shape(item)})"
            case kinds.MessageOf(name=name):
                names, word = self.names.owner(name)
                return f"{s}.Whole({self._within('messages', 'SHAPES', names)}, frozenset(({quoted(word)},)))"
            case _:
                raise AssertionError(type_)
