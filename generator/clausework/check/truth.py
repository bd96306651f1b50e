"""Which guards can hold together, decided on the text where that can be decided.

A guard is seen as a formula over atoms: leaves with few values (booleans, words, small numbers) stand for themselves,
every other comparison or test is an atom that is true or false.  If no assignment makes two guards true, they are
exclusive for certain.  If one does, that is certain only while the atoms are independent of each other: else it is left
to the explorer.
"""

from collections.abc import Iterable, Iterator
from itertools import product

from clausework.expr import nodes
from clausework.expr.nodes import Value
from clausework.expr.show import show, show_value
from clausework.expr.types import Boolean, Enumeration, Integer, Optional, Type, plain

MOST_ASSIGNMENTS = 20_000
_LEAVES = (
    *(nodes.Variable, nodes.MessageField, nodes.Argument, nodes.AnswerField, nodes.Key, nodes.Column),
    *(nodes.CurrentState, nodes.OfVariable, nodes.Local, nodes.New),
)

Assignment = dict[str, Value]


class Atoms:
    """The atoms of some formulas, with their values; `independent` if no two of them speak of the same thing."""

    def __init__(self, formulas: Iterable[nodes.Expr]) -> None:
        self.values: dict[str, tuple[Value, ...]] = {}
        self._reads: dict[str, frozenset[str]] = {}
        for formula in formulas:
            self._collect(formula)

    @property
    def independent(self) -> bool:
        seen: set[str] = set()
        for reads in self._reads.values():
            if reads & seen:
                return False
            seen |= reads
        return True

    def assignments(self) -> Iterator[Assignment] | None:
        """All of them; None if there are too many to look at."""
        count = 1
        for values in self.values.values():
            count *= len(values)
        if count > MOST_ASSIGNMENTS:
            return None
        return (dict(zip(self.values, chosen, strict=True)) for chosen in product(*self.values.values()))

    def _collect(self, node: nodes.Expr) -> None:
        match node:
            case nodes.Defined(body=body):
                self._collect(body)
            case nodes.Not(operand=operand):
                self._collect(operand)
            case nodes.Logic(left=left, right=right):
                self._collect(left)
                self._collect(right)
            case nodes.Literal():
                return
            case nodes.Compare(operator="=" | "!=") if _finite_sides(node):
                for side in (node.left, node.right):
                    self._leaf(side)
            case nodes.Test(what="given", operand=operand) if _finite(operand):
                self._leaf(operand)
            case _ if isinstance(node, _LEAVES) and isinstance(plain(node.type), Boolean):
                self._leaf(node)
            case _:
                name, _ = _atom(node)
                self.values[name] = (False, True)
                self._reads[name] = _reads(node)

    def _leaf(self, node: nodes.Expr) -> None:
        if isinstance(node, nodes.Literal):
            return
        values = _values(node.type)
        self.values[show(node)] = values
        self._reads[show(node)] = frozenset((show(node),))


def truth(node: nodes.Expr, given: Assignment) -> bool:
    """What a formula comes to under an assignment of its atoms."""
    match node:
        case nodes.Defined(body=body):
            return truth(body, given)
        case nodes.Not(operand=operand):
            return not truth(operand, given)
        case nodes.Logic(operator=operator, left=left, right=right):
            one, other = truth(left, given), truth(right, given)
            return {"and": one and other, "or": one or other, "implies": not one or other, "iff": one == other}[
                operator
            ]
        case nodes.Literal(value=value):
            return bool(value)
        case nodes.Compare(operator="=" | "!=" as operator) if _finite_sides(node):
            return (_value(node.left, given) == _value(node.right, given)) == (operator == "=")
        case nodes.Test(what="given", operand=operand) if _finite(operand):
            return given[show(operand)] is not None
        case _ if isinstance(node, _LEAVES) and isinstance(plain(node.type), Boolean):
            return bool(given[show(node)])
    name, positive = _atom(node)
    return bool(given[name]) is positive


def words(assignment: Assignment) -> str:
    """An assignment as people read it: `state = idle, approved = true`."""
    return ", ".join(
        f"{name}"
        if value is True
        else f"not {name}"
        if value is False and " " in name
        else f"{name} = {show_value(value)}"
        for name, value in assignment.items()
    )


def _value(node: nodes.Expr, given: Assignment) -> Value:
    return node.value if isinstance(node, nodes.Literal) else given[show(node)]


def _finite_sides(node: nodes.Compare) -> bool:
    return all(isinstance(side, nodes.Literal) or _finite(side) for side in (node.left, node.right))


def _finite(node: nodes.Expr) -> bool:
    return isinstance(node, _LEAVES) and bool(_values(node.type))


def _values(type_: Type) -> tuple[Value, ...]:
    """All values of a small type; none if it isn't small."""
    bare = plain(type_)
    match bare:
        case Boolean():
            return (False, True)
        case Enumeration(values=values):
            return tuple(str(value) for value in values)
        case Integer(low=int() as low, high=int() as high) if high - low < 64:
            return tuple(range(low, high + 1))
        case Optional(item=item):
            inside = _values(item)
            return (None, *inside) if inside else ()
    return ()


_NEGATED = {"!=": "=", ">=": "<", ">": "<="}


def _atom(node: nodes.Expr) -> tuple[str, bool]:
    """A test that can't be looked into: its name, and whether it stands for it or for its contrary."""
    if isinstance(node, nodes.Compare) and node.operator in _NEGATED:
        left, right = show(node.left), show(node.right)
        return f"{left} {_NEGATED[node.operator]} {right}", False
    if isinstance(node, nodes.Compare) and node.operator == "=":
        return " = ".join(sorted((show(node.left), show(node.right)))), True
    return show(node), True


def _reads(node: nodes.Expr) -> frozenset[str]:
    return frozenset(show(each) for each in nodes.walk(node) if isinstance(each, _LEAVES)) or frozenset((show(node),))
