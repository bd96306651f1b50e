"""What a generated module imports: collected while it is written, printed in the formatter's order."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from clausework.emit.python.code import Brackets, laid_out


@dataclass(frozen=True, slots=True)
class Places:
    """Where the runtime, imported standards and the other modules of the package are found."""

    runtime: str = "clausework.runtime"
    standards: str = "clausework_standards."
    siblings: str = "."


@dataclass(slots=True)
class Imports:
    """Each method notes a name and gives it back, so that a use and its import are written in one place."""

    places: Places
    names: dict[str, set[str]] = field(default_factory=dict)

    def take(self, module: str, name: str) -> str:
        self.names.setdefault(module, set()).add(name)
        return name.rpartition(" ")[2]

    def runtime(self, name: str) -> str:
        return self.take(self.places.runtime, name)

    def shapes(self) -> str:
        return self.take(self.places.runtime, "shapes")

    def sibling(self, name: str) -> str:
        return self.take(self.places.siblings, name)

    def standard(self, package: str, module: str) -> str:
        """A module of an imported standard: `xmpp_messages`."""
        return self.take(self.places.standards + package, f"{module} as {package}_{module}")

    def lines(self) -> tuple[str, ...]:
        result: list[str] = []
        for group in range(4):
            modules = sorted(module for module in self.names if _group(module) == group)
            block = [line for module in modules for line in self._statements(module)]
            if block and result:
                result.append("")
            result += block
        return tuple(result)

    def _statements(self, module: str) -> Iterator[str]:
        """Names that get another name have a statement each, as the linter wants it."""
        names = sorted(self.names[module], key=_rank)
        plain = [name for name in names if " as " not in name]
        renamed = [name for name in names if " as " in name]
        if plain:
            line = f"from {module} import {', '.join(plain)}"
            yield from (
                [line] if len(line) <= 120 else laid_out(Brackets("(", tuple(plain)), 0, f"from {module} import ")
            )
        for name in renamed:
            yield f"from {module} import {name}"


def _group(module: str) -> int:
    if module.startswith("."):
        return 3
    return 2 if module.startswith("clausework") else 1 if module.startswith("statemachine") else 0


def _rank(name: str) -> tuple[int, str]:
    """Constants, classes, the rest."""
    word = name.partition(" ")[0]
    return (0 if word.isupper() and len(word) > 1 else 1 if word[0].isupper() else 2), word
