"""Expressions of a specification as expressions of Python.

Leaves depend on where the expression stands: what is received, which state it is in, what has been computed
already.  All of that is in `Place`.  `self` holds the instance; every value read is the one before the step.
"""

from dataclasses import replace

from clausework.emit.python.code import Brackets, Chain, Code, Comprehension, Parenthesised, Prefixed, flat
from clausework.emit.python.exclusive import OneOf
from clausework.emit.python.fitted import fitted, upper
from clausework.emit.python.place import Place, constant
from clausework.emit.python.words import identifier, quoted
from clausework.expr import nodes
from clausework.expr.types import Enumeration, Optional, SetOf, Type, plain, required
from clausework.model.states import inside

_OPPOSITE: dict[nodes.Comparison, nodes.Comparison] = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}
_OR, _AND, _NOT, _COMPARED, _UNION, _SUM, _ATOM = range(7)


def python(node: nodes.Expr, place: Place, wanted: Type | None = None) -> str:
    """The expression; of the `wanted` type where that is another enumeration, or surely given where it may not be."""
    text, _ = _rendered(node, place)
    if wanted is None:
        return text
    return fitted(node, text, place, wanted)


def condition(node: nodes.Expr, place: Place) -> Code:
    """A condition, in pieces that can stand on lines of their own."""
    if node in place.known:
        return place.known[node]
    match node:
        case nodes.Defined(body=body):
            return condition(body, place)
        case nodes.Logic(operator="and"):
            operands = dict.fromkeys(operand(each, place) for each in _conjuncts(node, place))  # once each
            return Chain("and", tuple(operands)) if len(operands) > 1 else next(iter(operands))
        case nodes.Logic(operator="or", left=left, right=right):
            return Chain("or", (*_alternatives(left, place), *_alternatives(right, place)))
        case nodes.Not(operand=nodes.Quantified() | nodes.InState() | nodes.Logic() | nodes.Defined()):
            return operand(node, place)
        case nodes.InState(of=nodes.Of() as of, states=states):
            return Brackets(
                f"{place.members.party}.is_in(", (*_instance(of, place), *(quoted(each) for each in states))
            )
        case nodes.OfVariable(of=of, name=name):
            return Brackets(f"{place.members.party}.variable(", (*_instance(of, place), quoted(name)))
        case nodes.Quantified():
            return _quantified(node, place)
        case nodes.Compare(left=nodes.Quantified(what="count")):
            return _of_count(node, place)
        case nodes.Compare(operator="=" | "!=", left=left, right=right) if _in_two(left, right, place):
            return Chain(_OPERATORS[node.operator], _sides(left, right, place))
        case _:
            return python(node, place)


def untyped(node: nodes.Expr, place: Place) -> bool:
    """Whether a type checker can't tell that a condition is a boolean: it is about another machine's variable."""
    if node in place.known:
        return False
    match node:
        case nodes.Defined(body=body):
            return untyped(body, place)
        case nodes.OfVariable():
            return True
        case nodes.Logic(operator="and" | "or", left=left, right=right):
            return untyped(left, place) and untyped(right, place)
        case nodes.Not(operand=nodes.Compare() as inner):
            return untyped(inner, place)
        case nodes.Compare(left=left, right=right):
            fixed = constant(right, place)
            return untyped(left, place) and (fixed is None or fixed.value is not None)
    return False


def piece(node: nodes.Expr, place: Place, wanted: Type | None = None) -> Code:
    """A value: in pieces, if it is a condition."""
    text, pieces = python(node, place, wanted), condition(node, place)
    return pieces if flat(pieces) == text else text


def _alternatives(node: nodes.Expr, place: Place) -> tuple[Code, ...]:
    """An operand of `or`; several, if it is one itself."""
    grouped, pieces = _grouped(node, place), condition(node, place)
    if isinstance(pieces, Chain) and pieces.operator == "or":
        return pieces.operands
    return (next((each for each in (pieces, Parenthesised("", pieces)) if flat(each) == grouped), grouped),)


def operand(node: nodes.Expr, place: Place) -> Code:
    """An operand of `and`."""
    if node in place.known:
        return place.known[node]
    match node:
        case nodes.Defined(body=body):
            return operand(body, place)
        case nodes.Quantified() | nodes.InState(of=nodes.Of()):
            return condition(node, place)
        case nodes.Not(operand=nodes.Quantified() | nodes.InState(of=nodes.Of()) as inner):
            return Prefixed("not ", condition(inner, place))
        case nodes.Not(operand=nodes.Defined(body=body) as defined) if defined not in place.known:
            return operand(nodes.Not(operand=body), place)
        case nodes.Compare(left=nodes.Quantified(what="count")):
            return _of_count(node, place)
        case nodes.Not(operand=nodes.Compare(left=nodes.Quantified(what="count")) as inner):
            return _of_count(inner, place, holds=False)
        case nodes.Not(operand=nodes.Logic(operator="and" | "or") as inner):
            return Parenthesised("not ", condition(inner, place))
        case nodes.Logic(operator="or"):
            return Parenthesised("", condition(node, place))
        case nodes.Compare(operator="=" | "!=", left=left, right=right) if _in_two(left, right, place):
            return Chain(_OPERATORS[node.operator], _sides(left, right, place))
        case nodes.Logic(operator="and"):
            return Parenthesised("", condition(node, place))
        case _:
            return _within(node, place, _AND + 1)


def _in_two(left: nodes.Expr, right: nodes.Expr, place: Place) -> bool:
    """Whether both sides of a comparison are written, in their order, with the operator between them."""
    fixed = constant(right, place)
    return constant(left, place) is None and (fixed is None or isinstance(fixed.value, str))


def _conjuncts(node: nodes.Expr, place: Place) -> list[nodes.Expr]:
    if node in place.known:
        return [node]
    if isinstance(node, nodes.Defined):
        return _conjuncts(node.body, place)
    if isinstance(node, nodes.Logic) and node.operator == "and":
        return [*_conjuncts(node.left, place), *_conjuncts(node.right, place)]
    return [node]


# -- rendering: text, and how tightly it binds


def _rendered(node: nodes.Expr, place: Place) -> tuple[str, int]:
    if node in place.known:
        return place.known[node], _ATOM
    fixed = constant(node, place)
    if fixed is not None:
        return place.types.value(fixed.value, fixed.type), _ATOM
    match node:
        case nodes.Defined(body=body):
            return _rendered(body, place)
        case nodes.Compare():
            return _compared(node, place)
        case nodes.Logic():
            return _logic(node, place)
        case nodes.Not(operand=operand):
            return _negated(operand, place)
        case nodes.Arithmetic():
            return _arithmetic(node, place)
        case nodes.Test(what=what, operand=operand):
            return _tested(what, operand, place)
        case nodes.In(item=item, container=container):
            wanted = getattr(plain(required(container.type)), "item", None)
            member = _bracketed(python(item, place, wanted), _rendered(item, place)[1], _UNION)
            return f"{member} in {_within(container, place, _UNION)}", _COMPARED
        case nodes.Quantified():
            return flat(_quantified(node, place)), _ATOM
        case nodes.InState(of=None, states=states):
            return ("True" if inside(place.machine, place.leaf, states) else "False"), _ATOM
        case OneOf(text=text):
            return text, _COMPARED
        case _:
            return _leaf(node, place), _ATOM


def _leaf(node: nodes.Expr, place: Place) -> str:
    match node:
        case nodes.Parameter(name=name):
            return f"{place.members.parameters}.{place.types.parameter(name)}"
        case nodes.Me():
            return place.members.me
        case nodes.Sender():
            return f"{place.sender}.address" if place.sender else place.members.me
        case nodes.Connection():
            return place.link
        case nodes.MessageField(name=name):
            return f"{place.stored or 'message'}.{identifier(name)}"
        case nodes.ReceivedMessage():
            return "message"
        case nodes.Argument(name=name):
            return place.arguments[name]
        case nodes.AnswerField(name=name):
            word = next(word for word, fields in reversed(place.answers) if name in fields)
            return f"{word}.{identifier(name)}"
        case nodes.Variable(name=name) | nodes.Key(name=name):
            return place.members.attribute(name)
        case nodes.New(of=nodes.Variable(name=name)):
            return place.new.get(name, place.members.attribute(name))
        case nodes.Local(name=name):
            return place.local.get(name, str(name) if name == "of.concerned" else identifier(name))
        case nodes.Home(of=of):
            return f"{place.members.party}.home({python(of, place)})"
        case nodes.OfVariable(of=of, name=name):
            return f"{place.members.party}.variable({', '.join(_instance(of, place))}, {quoted(name)})"
        case nodes.InState(of=nodes.Of() as of, states=states):
            shown = ", ".join((*_instance(of, place), *(quoted(state) for state in states)))
            return f"{place.members.party}.is_in({shown})"
        case nodes.Connected(peer=peer):
            return f"{place.members.party}.is_connected({python(peer, place)})"
        case nodes.Size(operand=operand):
            return f"len({python(operand, place)})"
        case _:
            raise AssertionError(f"no Python for {type(node).__name__}")


def _instance(of: nodes.Of, place: Place) -> tuple[str, ...]:
    keys = ", ".join(python(key, place) for key in of.keys)
    shown = f"({keys},)" if len(of.keys) == 1 else f"({keys})"
    return quoted(of.flow), quoted(of.machine), shown


def _within(node: nodes.Expr, place: Place, least: int) -> str:
    text, binds = _rendered(node, place)
    return _bracketed(text, binds, least)


def _bracketed(text: str, binds: int, least: int) -> str:
    return text if binds >= least else f"({text})"


def _compared(node: nodes.Compare, place: Place) -> tuple[str, int]:
    left, right = node.left, node.right
    if constant(left, place) is not None and constant(right, place) is None and node.operator in ("=", "!="):
        left, right = right, left
    value = constant(right, place)
    equal = node.operator == "="
    if value is not None and node.operator in ("=", "!=") and (value.value is None or isinstance(value.value, bool)):
        if value.value is None:
            return f"{_within(left, place, _UNION)} {'is' if equal else 'is not'} None", _COMPARED
        if not isinstance(plain(left.type), Optional):
            return _rendered(left, place) if value.value is equal else _negated(left, place)
        return f"{_within(left, place, _UNION)} {'is' if equal else 'is not'} {value.value}", _COMPARED
    one, other = _sides(left, right, place)
    return f"{one} {_OPERATORS.get(node.operator, node.operator)} {other}", _COMPARED


_OPERATORS = {"=": "==", "!=": "!="}


def _sides(left: nodes.Expr, right: nodes.Expr, place: Place) -> tuple[str, str]:
    """Both sides of a comparison.  A word takes the class of the other side; others are compared as texts."""
    texts = _within(left, place, _UNION), _within(right, place, _UNION)
    if not isinstance(plain(required(left.type)), Enumeration):
        return texts
    fixed = constant(right, place)
    if fixed is not None:
        return texts[0], place.types.value(fixed.value, left.type)
    if place.types.enumeration(left.type) != place.types.enumeration(right.type):
        return f"str({texts[0]})", f"str({texts[1]})"
    return texts


def _logic(node: nodes.Logic, place: Place) -> tuple[str, int]:
    left, right = node.left, node.right
    match node.operator:
        case "and":
            return f"{_within(left, place, _AND)} and {_within(right, place, _AND)}", _AND
        case "or":
            return f"{_grouped(left, place)} or {_grouped(right, place)}", _OR
        case "implies":
            return f"{_negated(left, place)[0]} or {_grouped(right, place)}", _OR
        case "iff":
            return f"{_within(left, place, _UNION)} == {_within(right, place, _UNION)}", _COMPARED
    raise AssertionError(node.operator)


def _grouped(node: nodes.Expr, place: Place) -> str:
    """An operand of `or`: an `and` in it gets brackets, for the reader's sake."""
    text, binds = _rendered(node, place)
    return f"({text})" if binds == _AND else text


def _negated(operand: nodes.Expr, place: Place) -> tuple[str, int]:
    if operand in place.known:
        return f"not {place.known[operand]}", _NOT
    match operand:
        case nodes.Defined(body=body):
            return _negated(body, place)
        case nodes.Not(operand=inner):
            return _rendered(inner, place)
        case nodes.Compare(operator=operator):
            return _compared(replace(operand, operator=_OPPOSITE[operator]), place)
        case nodes.Test(what="given", operand=inner):
            return f"{_within(inner, place, _UNION)} is None", _COMPARED
        case nodes.Test(what="empty", operand=inner):
            return f"bool({python(inner, place)})", _ATOM
        case nodes.In(item=item, container=container):
            text, binds = _rendered(nodes.In(item=item, container=container), place)
            return text.replace(" in ", " not in ", 1), binds
        case OneOf(text=text):
            return f"not ({text})", _NOT
    return f"not {_within(operand, place, _NOT)}", _NOT


def _arithmetic(node: nodes.Arithmetic, place: Place) -> tuple[str, int]:
    kind = plain(required(node.left.type))
    left = _within(node.left, place, _SUM)
    item = getattr(kind, "item", None)
    if item is None:
        right = _bracketed(python(node.right, place, None), _rendered(node.right, place)[1], _SUM + 1)
        return f"{left} {node.operator} {right}", _SUM
    right = python(node.right, place, item)
    if isinstance(kind, SetOf):
        return f"{left} {'|' if node.operator == '+' else '-'} {{{right}}}", _UNION if node.operator == "+" else _SUM
    return f"(*{left}, {right})", _ATOM


def _tested(what: str, operand: nodes.Expr, place: Place) -> tuple[str, int]:
    match what:
        case "given":
            return f"{_within(operand, place, _UNION)} is not None", _COMPARED
        case "empty":
            return f"not {_within(operand, place, _NOT)}", _NOT
        case _:
            return f"len({python(operand, place)}) >= {upper(operand.type, place)}", _COMPARED


def elements(domain: nodes.Domain, place: Place) -> str:
    """What a domain ranges over, as an iterable."""
    match domain.what:
        case "connections":
            peer = "" if domain.of is None else python(domain.of, place)
            return f"{place.members.party}.connections({peer})"
        case "parties":
            bare = plain(required(domain.type))
            role = getattr(bare, "role", "")
            return f"{place.members.party}.parties({quoted(role)})"
        case "items":
            return python(domain.of, place) if domain.of is not None else "()"


def ranged(
    variable: str, domain: nodes.Domain, where: nodes.Expr | None, place: Place
) -> tuple[Place, str, str, Code | None]:
    """The place inside, the loop variable, what it ranges over, and which elements count, if not all."""
    word = identifier(variable, ("self", "message", "sender", "now", "state"))
    inner = replace(place, local={**place.local, variable: word})
    tests: list[Code] = []
    if domain.other:
        tests.append(f"{word} != {place.link if domain.what == 'connections' else place.members.me}")
    if where is not None:
        tests += [operand(each, inner) for each in _conjuncts(where, inner)]
    test = None if not tests else tests[0] if len(tests) == 1 else Chain("and", tuple(tests))
    return inner, word, elements(domain, place), test


def _quantified(node: nodes.Quantified, place: Place) -> Code:
    _, word, source, test = ranged(node.variable, node.domain, node.where, place)
    loop = f"for {word} in {source}"
    if node.what == "count":
        return Comprehension("sum(", "1", (loop, Prefixed("if ", test)) if test is not None else (loop,))
    return Comprehension("any(", "True" if test is None else test, (loop,))


def _of_count(node: nodes.Compare, place: Place, *, holds: bool = True) -> Code:
    """A comparison of how many there are: what is counted can be opened."""
    operator = node.operator if holds else _OPPOSITE[node.operator]
    counted = condition(node.left, place)
    return Chain(_OPERATORS.get(operator, operator), (counted, _within(node.right, place, _UNION)))
