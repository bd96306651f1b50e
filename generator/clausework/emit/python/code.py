"""Pieces of Python code, laid out as the project's formatter leaves them.

A piece is text, or brackets with pieces in them, or operands with operators between.  What fits on a line is
written on it; what doesn't is taken apart at its outermost brackets, an element a line, with a comma behind the last.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from clausework.emit.python.words import WIDTH


@dataclass(frozen=True, slots=True)
class Brackets:
    """`open` ends in a bracket: `Send(`, `(`, `{`.  A tuple of one element has a comma on one line, too."""

    open: str
    items: tuple["Code", ...]
    close: str = ")"

    @property
    def lone(self) -> bool:
        return self.open == "(" and len(self.items) == 1


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands with one operator between them: `a and b and c`."""

    operator: str
    operands: tuple["Code", ...]


@dataclass(frozen=True, slots=True)
class Parenthesised:
    """`(...)` or `not (...)` around operands."""

    prefix: str
    code: "Code"


@dataclass(frozen=True, slots=True)
class Prefixed:
    """`name=`, `"key": `, `*`, `not ` before a piece."""

    prefix: str
    code: "Code"


@dataclass(frozen=True, slots=True)
class Comprehension:
    """An element, and `for ... in ...` and `if ...` behind it, in brackets."""

    open: str
    element: "Code"
    clauses: tuple["Code", ...]
    close: str = ")"


Code = str | Brackets | Chain | Prefixed | Comprehension | Parenthesised


def flat(code: Code) -> str:
    match code:
        case str():
            return code
        case Brackets(open=opening, items=items, close=close):
            return opening + ", ".join(flat(item) for item in items) + ("," if code.lone else "") + close
        case Chain(operator=operator, operands=operands):
            return f" {operator} ".join(flat(operand) for operand in operands)
        case Prefixed(prefix=prefix, code=inner):
            return prefix + flat(inner)
        case Parenthesised(prefix=prefix, code=inner):
            return f"{prefix}({flat(inner)})"
        case Comprehension(open=opening, element=element, clauses=clauses, close=close):
            return opening + " ".join((flat(element), *(flat(clause) for clause in clauses))) + close


def laid_out(code: Code, indent: int, before: str = "", after: str = "", *, inside: bool = False) -> list[str]:
    """The lines of a statement, or of an element `inside` brackets; `before` and `after` go with it."""
    line = " " * indent + before + flat(code) + after
    return [line] if len(line) <= WIDTH else _taken_apart(code, indent, before, after, inside=inside)


def _taken_apart(code: Code, indent: int, before: str, after: str, *, inside: bool = False) -> list[str]:
    """The lines of what is too long for one, or has to be opened for what comes behind it."""
    match code:
        case str() | Brackets(items=()):
            return [" " * indent + before + flat(code) + after]
        case Prefixed(prefix=prefix, code=inner):
            return _taken_apart(inner, indent, before + prefix, after, inside=inside)
        case Brackets(open=opening, items=items, close=close):
            inner_lines = [line for item in items for line in laid_out(item, indent + 4, after=",", inside=True)]
            return [" " * indent + before + opening, *inner_lines, " " * indent + close + after]
        case Comprehension(open=opening, element=element, clauses=clauses, close=close):
            whole = " ".join(flat(part) for part in (element, *clauses))
            parts = (whole,) if indent + 4 + len(whole) <= WIDTH else (element, *clauses)
            inner_lines = [line for part in parts for line in laid_out(part, indent + 4, inside=True)]
            return [" " * indent + before + opening, *inner_lines, " " * indent + close + after]
        case Parenthesised(prefix=prefix, code=inner):
            inner_lines = laid_out(inner, indent + 4, inside=True)
            return [" " * indent + before + prefix + "(", *inner_lines, " " * indent + ")" + after]
        case Chain():
            return _chained(code, indent, before, after, inside=inside)


def _chained(chain: Chain, indent: int, before: str, after: str, *, inside: bool) -> list[str]:
    """In parentheses, an operand a line; inside brackets without them.

    Of two operands the second, if it has brackets of its own, is opened instead; or the first, if that doesn't help.
    """
    first, *rest = chain.operands
    if not inside and len(rest) == 1:
        start, opening = f"{before}{flat(first)} {chain.operator} ", _opening(rest[0])
        if opening and len(" " * indent + start + opening) <= WIDTH:
            return laid_out(rest[0], indent, start, after)
        if _opening(first) and (opening or (isinstance(first, Parenthesised) and not first.prefix)):
            *lines, last = _taken_apart(first, indent, before, "")
            return [*lines, *laid_out(rest[0], indent, f"{last.strip()} {chain.operator} ", after)]
    if inside:
        lines = laid_out(first, indent, before, inside=True)
        for number, operand in enumerate(rest, 1):
            behind = after if number == len(rest) else ""
            lines += laid_out(operand, indent, f"{chain.operator} ", behind, inside=True)
        return lines
    return [" " * indent + before + "(", *laid_out(chain, indent + 4, inside=True), " " * indent + ")" + after]


def _opening(code: Code) -> str:
    """What a piece begins with that can be opened; empty if it can't."""
    match code:
        case Brackets(open=opening) | Comprehension(open=opening):
            return opening
        case Parenthesised(prefix=prefix):
            return f"{prefix}("
        case Prefixed(prefix=prefix, code=inner):
            return prefix + _opening(inner) if _opening(inner) else ""
        case _:
            return ""


def call(function: str, items: Iterable[Code]) -> Brackets:
    return Brackets(f"{function}(", tuple(items))


def pack(items: Iterable[Code]) -> Code:
    """A tuple."""
    listed = tuple(items)
    match listed:
        case (Comprehension(open="*(") as only,):
            return replace(only, open="tuple(")
        case _:
            return Brackets("(", listed)


def frozen(items: Iterable[Code]) -> Code:
    """A frozen set."""
    listed = tuple(items)
    return Brackets("frozenset(", (Brackets("(", listed),)) if listed else "frozenset()"


# -- statements


@dataclass(frozen=True, slots=True)
class Line:
    code: Code
    before: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    text: str


@dataclass(frozen=True, slots=True)
class If:
    """`branches`: condition and block, in order; None is `else`."""

    branches: tuple[tuple[Code | None, "Block"], ...]


@dataclass(frozen=True, slots=True)
class Match:
    subject: str
    cases: tuple[tuple[str, "Block"], ...]


Statement = Line | Comment | If | Match
Block = tuple[Statement, ...]


def leaves_always(block: Block) -> bool:
    """Whether a block certainly ends in `return` or `raise`."""
    if not block:
        return False
    match block[-1]:
        case Line(code=code, before=before):
            return before.startswith(("return", "raise")) or flat(code).startswith("assert_never(")
        case If(branches=branches):
            return branches[-1][0] is None and all(leaves_always(below) for _, below in branches)
        case Match(cases=cases):
            return cases[-1][0] == "_" and all(leaves_always(below) for _, below in cases)
        case Comment():
            return False


def written(block: Block, indent: int) -> list[str]:
    """The lines of a block; an empty one says `pass`."""
    lines: list[str] = []
    for statement in block:
        match statement:
            case Line(code=code, before=before):
                lines += laid_out(code, indent, before)
            case Comment(text=text):
                lines.append(" " * indent + f"# {' '.join(text.split())}")
            case If(branches=branches):
                lines += _written_if(branches, indent)
            case Match(subject=subject, cases=cases):
                lines.append(" " * indent + f"match {subject}:")
                for pattern, below in cases:
                    lines.append(" " * (indent + 4) + f"case {pattern}:")
                    lines += written(below, indent + 8)
    return lines or [" " * indent + "pass"]


def _written_if(branches: tuple[tuple[Code | None, Block], ...], indent: int) -> list[str]:
    """`elif` and `else` only where a branch before can run on: otherwise the next `if` stands by itself."""
    lines: list[str] = []
    word = "if"
    for condition, below in branches:
        if condition is None and word == "if":
            lines += written(below, indent)
        elif condition is None:
            lines += [" " * indent + "else:", *written(below, indent + 4)]
        else:
            lines += laid_out(condition, indent, f"{word} ", ":")
            lines += written(below, indent + 4)
        word = "if" if word == "if" and leaves_always(below) else "elif"
    return lines
