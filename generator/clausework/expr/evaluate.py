"""What an expression comes to, given what its leaves come to.  Total: it always comes to a value."""

from collections.abc import Iterable
from typing import Protocol

from clausework.expr import nodes
from clausework.expr.nodes import Value
from clausework.expr.types import ListOf, SetOf, plain, required


class Values(Protocol):
    """Where the leaves get their values: one instance at one moment, with the event that it reacts to."""

    def leaf(self, node: nodes.Expr) -> Value: ...

    def state(self, of: nodes.Of | None) -> tuple[str, ...]:
        """The state that an instance is in and the compound ones around it."""
        ...

    def variable(self, of: nodes.Of, name: str) -> Value: ...

    def elements(self, domain: nodes.Domain) -> Iterable[Value]: ...

    def binding(self, variable: str, value: Value) -> "Values":
        """The same values with a local name more."""
        ...

    def is_connected(self, peer: Value) -> bool: ...

    def high(self, container: nodes.Expr) -> int:
        """How many elements the type of a list or set allows."""
        ...


def evaluate(node: nodes.Expr, values: Values) -> Value:
    match node:
        case nodes.Literal(value=value):
            return value
        case nodes.Defined(body=body):
            return evaluate(body, values)
        case nodes.Compare():
            return _compare(node, values)
        case nodes.Logic():
            return _logic(node, values)
        case nodes.Not(operand=operand):
            return not evaluate(operand, values)
        case nodes.InState(of=of, states=states):
            return any(state in states for state in values.state(of))
        case nodes.OfVariable(of=of, name=name):
            return values.variable(of, name)
        case nodes.Arithmetic():
            return _arithmetic(node, values)
        case nodes.Test():
            return _test(node, values)
        case nodes.In(item=item, container=container):
            return evaluate(item, values) in _items(evaluate(container, values))
        case nodes.Size(operand=operand):
            return len(_items(evaluate(operand, values)))
        case nodes.Connected(peer=peer):
            return values.is_connected(evaluate(peer, values))
        case nodes.Quantified(what=what):
            count = sum(1 for _ in chosen(node.domain, node.variable, node.where, values))
            return count > 0 if what == "exists" else count
        case _:
            return values.leaf(node)


def chosen(domain: nodes.Domain, variable: str, where: nodes.Expr | None, values: Values) -> Iterable[Value]:
    """The elements of a domain for which `where` holds, in the domain's order."""
    for element in values.elements(domain):
        if where is None or evaluate(where, values.binding(variable, element)):
            yield element


def holds(node: nodes.Expr, values: Values) -> bool:
    return bool(evaluate(node, values))


def _compare(node: nodes.Compare, values: Values) -> bool:
    left, right = evaluate(node.left, values), evaluate(node.right, values)
    if node.operator == "=":
        return left == right
    if node.operator == "!=":
        return left != right
    if not isinstance(left, int) or not isinstance(right, int):  # an optional that isn't given is in no order
        return False
    match node.operator:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right


def _logic(node: nodes.Logic, values: Values) -> bool:
    left = holds(node.left, values)
    match node.operator:
        case "and":
            return left and holds(node.right, values)
        case "or":
            return left or holds(node.right, values)
        case "implies":
            return not left or holds(node.right, values)
        case "iff":
            return left == holds(node.right, values)


def _arithmetic(node: nodes.Arithmetic, values: Values) -> Value:
    left, right = evaluate(node.left, values), evaluate(node.right, values)
    kind = plain(required(node.left.type))
    if isinstance(kind, ListOf):
        return (*_items(left), right)
    if isinstance(kind, SetOf):
        return frozenset(_items(left)) | {right} if node.operator == "+" else frozenset(_items(left)) - {right}
    if not isinstance(left, int) or not isinstance(right, int):
        raise AssertionError("arithmetic is checked to be on integers")
    return left + right if node.operator == "+" else left - right


def _test(node: nodes.Test, values: Values) -> bool:
    value = evaluate(node.operand, values)
    match node.what:
        case "given":
            return value is not None
        case "empty":
            return not _items(value)
        case "full":
            return len(_items(value)) >= values.high(node.operand)


def _items(value: Value) -> tuple[Value, ...] | frozenset[Value]:
    if isinstance(value, tuple | frozenset):
        return value
    raise AssertionError("the type checker lets only lists and sets through")
