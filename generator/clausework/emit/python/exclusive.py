"""Whether conditions can hold together, as far as their text tells.

`satisfiable` answers yes whenever it cannot prove the contrary: then generated code asserts it at run time.
A condition becomes a disjunction of terms, a term a set of facts about subjects; a term with two facts that
contradict each other is dropped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import cast

from clausework.expr import nodes
from clausework.expr.types import Boolean, Enumeration, Optional, Type, plain, required

_Values = tuple[bool, frozenset[object]]
"""(True, values): one of them.  (False, values): none of them."""
_Term = Mapping[object, _Values]

_MOST_TERMS = 512
_TRUE, _FALSE = (True, frozenset((True,))), (True, frozenset((False,)))


def exclusive(conditions: Iterable[nodes.Expr]) -> bool:
    """Whether it is certain that at most one of them holds."""
    listed = list(conditions)
    return not any(satisfiable((one, other)) for number, one in enumerate(listed) for other in listed[number + 1 :])


def complete(conditions: Iterable[nodes.Expr]) -> bool:
    """Whether it is certain that one of them holds."""
    return not _satisfiable([(condition, False) for condition in conditions])


def satisfiable(conditions: Iterable[nodes.Expr]) -> bool:
    """Whether all of them may hold together."""
    return _satisfiable([(condition, True) for condition in conditions])


def _satisfiable(conditions: list[tuple[nodes.Expr, bool]]) -> bool:
    terms: list[_Term] | None = [{}]
    for condition, positive in conditions:
        terms = _product(terms, _terms(condition, positive))
    return terms is None or bool(terms)


def _product(left: list[_Term] | None, right: list[_Term] | None) -> list[_Term] | None:
    """Terms that hold where both do; None: too many to tell."""
    if left is None or right is None:
        return left if right is None else right
    merged = [term for one in left for other in right if (term := _merged(one, other)) is not None]
    return merged if len(merged) <= _MOST_TERMS else None


def _merged(one: _Term, other: _Term) -> _Term | None:
    result = dict(one)
    for subject, values in other.items():
        both = _both(result.get(subject, (False, frozenset())), values)
        if both == (True, frozenset()):
            return None
        result[subject] = both
    return result


def _both(one: _Values, other: _Values) -> _Values:
    match one, other:
        case (True, left), (True, right):
            return True, left & right
        case (True, left), (False, right):
            return True, left - right
        case (False, left), (True, right):
            return True, right - left
        case (_, left), (_, right):
            return False, left | right


def _terms(node: nodes.Expr, positive: bool) -> list[_Term] | None:
    match node:
        case nodes.Defined(body=body):
            return _terms(body, positive)
        case nodes.Not(operand=operand):
            return _terms(operand, not positive)
        case nodes.Literal(value=bool() as value):
            return [{}] if value is positive else []
        case nodes.Logic(operator="implies", left=left, right=right):
            return _either(left, not positive, right, positive, both=not positive)
        case nodes.Logic(operator="iff", left=left, right=right):
            same = _product(_terms(left, True), _terms(right, positive))
            other = _product(_terms(left, False), _terms(right, not positive))
            return None if same is None or other is None else [*same, *other]
        case nodes.Logic(operator=operator, left=left, right=right):
            return _either(left, positive, right, positive, both=(operator == "and") is positive)
        case nodes.Compare():
            return _compared(node, positive)
        case nodes.Test(what="given", operand=operand):
            return [_one(operand, (None,), not positive)]
        case nodes.InState(of=of, states=states):
            return [{("state", _key(of), states): _TRUE if positive else _FALSE}]
        case OneOf(subject=subject, values=values):
            return [{subject: (positive, values)}]
        case _:
            return [{_key(node): _TRUE if positive else _FALSE}]


def _either(left: nodes.Expr, one: bool, right: nodes.Expr, other: bool, *, both: bool) -> list[_Term] | None:
    first, second = _terms(left, one), _terms(right, other)
    if both:
        return _product(first, second)
    return None if first is None or second is None else [*first, *second]


def _compared(node: nodes.Compare, positive: bool) -> list[_Term]:
    left, right, operator = node.left, node.right, node.operator
    if operator in ("=", "!="):
        if isinstance(left, nodes.Literal):
            left, right = right, left
        equal = (operator == "=") is positive
        if isinstance(right, nodes.Literal):
            return [_one(left, (right.value,), equal)]
        pair = ("=", frozenset((_key(left), _key(right))))
        return [{pair: _TRUE if equal else _FALSE}]
    if operator in (">", "<="):
        left, right, operator = right, left, "<" if operator == ">" else ">="
    less = (operator == "<") is positive
    one, other = _key(left), _key(right)
    facts: dict[object, _Values] = {("<", one, other): _TRUE if less else _FALSE}
    if less:
        facts["<", other, one] = _FALSE
    return [facts]


def _key(value: object) -> object:
    """What a subject is known by: its text, without the type, which depends on what a guard around it says."""
    if not isinstance(value, nodes.Node) or isinstance(value, OneOf):
        return tuple(_key(each) for each in value) if isinstance(value, tuple) else value
    parts = (getattr(value, each.name) for each in fields(value) if each.name not in ("type", "span"))
    return (type(value).__name__, *(_key(part) for part in parts))


def _one(subject: nodes.Expr, values: tuple[object, ...], positive: bool) -> _Term:
    """`subject` is (not) one of `values`, out of all that its type has, if they are known."""
    domain = _domain(subject)
    if not positive and domain is not None:
        return {_key(subject): (True, domain - frozenset(values))}
    return {_key(subject): (positive, frozenset(values))}


def _domain(subject: nodes.Expr) -> frozenset[object] | None:
    bare = plain(required(subject.type))
    none = {None} if isinstance(plain(subject.type), Optional) else set()
    if isinstance(bare, Enumeration):
        return frozenset({str(value) for value in bare.values} | none)
    if isinstance(bare, Boolean):
        return frozenset({True, False} | none)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(nodes.Node):
    """A condition of ours: something that generated code knows is one of some words, as the role of a sender is."""

    subject: str
    values: frozenset[object]
    text: str
    type: Type = Boolean()


def one_of(subject: str, values: Iterable[object], text: str) -> nodes.Expr:
    """As an expression of the language, among which it then stands."""
    return cast("nodes.Expr", OneOf(subject=subject, values=frozenset(values), text=text))
