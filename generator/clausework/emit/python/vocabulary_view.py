"""`vocabulary.py`: enumerations, types with a name, parameters."""

from collections.abc import Iterator

from clausework.emit.python.code import Brackets, Prefixed, laid_out
from clausework.emit.python.headers import element, folder, header
from clausework.emit.python.imports import Imports, Places
from clausework.emit.python.types import Names, Types
from clausework.emit.python.words import cited, clause, comment, constant, distinct, docstring, identifier, quoted
from clausework.expr.types import Duration, Enumeration, Integer, Type, plain, show_type
from clausework.model.standard import Standard, TypeDefinition, own


def vocabulary(standard: Standard, names: Names, places: Places) -> dict[str, object]:
    """What the template prints."""
    imports = Imports(places)
    types = Types(names, imports, "vocabulary")
    blocks = [*_anonymous(names, imports), *_definitions(standard, types), _parameters(standard, types)]
    return {
        "header": header(
            standard, f"Words of {standard.name}: enumerations, types, parameters.", folder(standard) + "/"
        ),
        "imports": imports.lines(),
        "blocks": _spaced([block for block in blocks if block]),
    }


def _spaced(blocks: list[list[str]]) -> list[list[str]]:
    """Two empty lines before each, but only one between the imports and what is no class."""
    classes = blocks[0][0].startswith(("class ", "@"))
    return [[*([""] if number == 0 and not classes else ["", ""]), *lines] for number, lines in enumerate(blocks)]


def _anonymous(names: Names, imports: Imports) -> Iterator[list[str]]:
    for values, title in names.anonymous.items():
        yield _enumeration(title, values, ["The words of an enumeration that is written in place."], imports)


def _enumeration(title: str, values: tuple[str, ...], told: list[str], imports: Imports) -> list[str]:
    base = imports.take("enum", "StrEnum")
    members = zip(distinct(constant(value) for value in values), values, strict=True)
    shown = [f"    {member} = {quoted(value)}" for member, value in members]
    return [f"class {title}({base}):", *docstring(told, 4), "", *shown]


def _definitions(standard: Standard, types: Types) -> Iterator[list[str]]:
    """Enumerations first: an alias may name one."""
    listed = [each for each in own(standard.types) if isinstance(each.type, Enumeration)]
    for each in listed:
        yield from _worded(each, types)
    aliases = [each for each in own(standard.types) if not isinstance(each.type, Enumeration)]
    block: list[str] = []
    for each in aliases:
        alias = types.imports.take("typing", "TypeAlias")
        annotation = types.annotation(each.type)
        means = f"{each.means}; " if each.means else ""
        block += comment(f"{means}{show_type(each.type)}, {cited(each.about)}", 0)
        block.append(f"{types.names.types[each.name]}: {alias} = {annotation}")
    yield block


def _worded(definition: TypeDefinition, types: Types) -> Iterator[list[str]]:
    title = types.names.types[definition.name]
    assert isinstance(definition.type, Enumeration)
    values = tuple(str(value) for value in definition.type.values)
    told = list(element(definition.means or f"The words of `{definition.name}`.", definition.about))
    lines = _enumeration(title, values, told, types.imports)
    table = f"_{constant(definition.name)}"
    for number, column in enumerate(definition.columns):
        cell = identifier(column.name, ("name", "value"))
        lines += ["", "    @property", f"    def {cell}(self) -> {types.annotation(column.type)}:"]
        lines += [*docstring([f"Column `{column.name}` of the table."], 8), f"        return {table}[self][{number}]"]
    yield lines
    if definition.columns:
        annotations = tuple(types.annotation(column.type) for column in definition.columns)
        alias = types.imports.take("typing", "TypeAlias")
        row = f"_{title}Row"
        yield laid_out(Brackets("tuple[", annotations, "]"), 0, f"{row}: {alias} = ")
        members = dict(zip(values, distinct(constant(value) for value in values), strict=True))
        items = []
        for value, cells in definition.rows:
            shown = [
                types.value(cell.value, column.type) for cell, column in zip(cells, definition.columns, strict=True)
            ]
            items.append(Prefixed(f"{title}.{members[str(value)]}: ", Brackets("(", tuple(shown))))
        final = types.imports.take("typing", "Final")
        before = f"{table}: {final}[dict[{title}, {row}]] = "
        yield laid_out(Brackets("{", tuple(items), "}"), 0, before)


def _parameters(standard: Standard, types: Types) -> list[str]:
    decorated = types.imports.take("dataclasses", "dataclass")
    told = "Numbers that the standard leaves open, or states: those without a value here are yours to choose."
    lines = [f"@{decorated}(frozen=True, slots=True, kw_only=True)", "class Parameters:", *docstring([told], 4)]
    checks: list[str] = []
    fields: list[str] = []
    for each in standard.imports:
        package = types.names.imported[str(each.standard.name)]
        fields.append(f"    {identifier(each.standard.name)}: {types.in_vocabulary('Parameters', package)}")
    for parameter in own(standard.parameters):
        word = types.names.parameters[parameter.name]
        value = "" if parameter.value is None else f" = {types.value(parameter.value.value, parameter.type)}"
        unit = f" in {parameter.unit}s" if parameter.unit else ""
        means = f"{parameter.means}; " if parameter.means else ""
        fields += comment(f"{means}{show_type(parameter.type)}{unit}, {cited(parameter.about)}", 4)
        fields.append(f"    {word}: {types.annotation(parameter.type)}{value}")
        checks += _checked(parameter.name, word, parameter.type, clause(parameter.about), types)
    if fields:
        lines += ["", *fields]
    if checks:
        lines += ["", "    def __post_init__(self) -> None:", *checks]
    return lines


def _checked(name: str, word: str, type_: Type, where: str, types: Types) -> list[str]:
    bare = plain(type_)
    if isinstance(bare, Integer):
        low, high = types.bound(bare.low, lowest=True), types.bound(bare.high)
        test, said = f"not {low} <= self.{word} <= {high}", f"integer {low}..{high}"
    elif isinstance(bare, Duration):
        test, said = f'not 0 <= self.{word} < float("inf")', "a duration in seconds"
    else:
        return []
    error = types.imports.runtime("ConstraintError")
    items = (quoted("Parameters"), quoted(name), f"self.{word}", quoted(said), quoted(where))
    return [f"        if {test}:", *laid_out(Brackets(f"{error}(", items), 12, "raise ")]
