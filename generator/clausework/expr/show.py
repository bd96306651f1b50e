"""An expression in the author's words, as the parser would read it again."""

from typing import assert_never

from clausework.expr import nodes

_BINDING = {"iff": 1, "implies": 2, "or": 3, "and": 4}
_NEGATION, _COMPARISON, _SUM, _ATOM = 5, 6, 7, 8


def show(node: nodes.Expr) -> str:
    return _show(node)[0]


def show_value(value: nodes.Value) -> str:
    """A value as people read it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | frozenset):
        items = value if isinstance(value, tuple) else sorted(value, key=str)
        return "[" + ", ".join(show_value(item) for item in items) + "]" if items else "empty"
    return str(value)


def _at(node: nodes.Expr, least: int) -> str:
    text, binding = _show(node)
    return text if binding >= least else f"({text})"


def _show(node: nodes.Expr) -> tuple[str, int]:
    match node:
        case nodes.Literal(value=value):
            return show_value(value), _ATOM
        case nodes.Me():
            return "me", _ATOM
        case nodes.Sender():
            return "sender", _ATOM
        case nodes.Connection():
            return "connection", _ATOM
        case nodes.MessageKind():
            return "kind", _ATOM
        case nodes.ReceivedMessage():
            return "message", _ATOM
        case nodes.CurrentState():
            return "state", _ATOM
        case nodes.MessageField(name=name):
            return f"message.{name}", _ATOM
        case nodes.AnswerField(name=name):
            return f"answer.{name}", _ATOM
        case (
            nodes.Parameter(name=name)
            | nodes.Argument(name=name)
            | nodes.Variable(name=name)
            | nodes.Key(name=name)
            | nodes.Column(name=name)
            | nodes.Local(name=name)
            | nodes.Defined(name=name)
        ):
            return str(name), _ATOM
        case nodes.New(of=leaf):
            return f"new {leaf.name}", _ATOM
        case nodes.Home(of=party):
            return f"server of {_at(party, _ATOM)}", _ATOM
        case nodes.OfVariable(of=of, name=name):
            return _instance(of, f".{name}"), _ATOM
        case _:
            return _compound(node)


def _compound(node: nodes.Expr) -> tuple[str, int]:
    match node:
        case nodes.Compare(operator=operator, left=left, right=right):
            return f"{_at(left, _SUM)} {operator} {_at(right, _SUM)}", _COMPARISON
        case nodes.Logic(operator=operator, left=left, right=right):
            binding = _BINDING[operator]
            return f"{_at(left, binding)} {operator} {_at(right, binding + 1)}", binding
        case nodes.Not(operand=nodes.Test() | nodes.InState() | nodes.Connected() as operand):
            return " is not ".join(_is(operand)), _COMPARISON
        case nodes.Not(operand=operand):
            return f"not {_at(operand, _NEGATION)}", _NEGATION
        case nodes.Arithmetic(operator=operator, left=left, right=right):
            return f"{_at(left, _SUM)} {operator} {_at(right, _ATOM)}", _SUM
        case nodes.Test() | nodes.InState() | nodes.Connected():
            return " is ".join(_is(node)), _COMPARISON
        case nodes.In(item=item, container=container):
            return f"{_at(item, _SUM)} in {_at(container, _SUM)}", _COMPARISON
        case nodes.Size(operand=operand):
            return f"size of {_at(operand, _ATOM)}", _ATOM
        case nodes.Quantified(what=what, domain=domain, where=where, variable=variable):
            word = "exists" if what == "exists" else "count of"
            return f"{word} {show_domain(domain, variable)}{f' where {_at(where, 4)}' if where else ''}", 0
    raise AssertionError(node)


def _is(node: nodes.Test | nodes.InState | nodes.Connected) -> tuple[str, str]:
    """What stands on both sides of `is`, or `is not`."""
    match node:
        case nodes.Test(what=what, operand=operand):
            return _at(operand, _SUM), what
        case nodes.InState(of=of, states=states):
            return _instance(of, "") if of else "state", "|".join(states)
        case nodes.Connected(peer=peer):
            return _at(peer, _SUM), "connected"
    assert_never(node)


def show_domain(domain: nodes.Domain, variable: str) -> str:
    """`other connection of p`, `x in list`, `account as peer`."""
    match domain.what:
        case "connections":
            of = f" of {_at(domain.of, _ATOM)}" if domain.of else ""
            return f"{'other ' if domain.other else ''}connection{of}"
        case "items":
            return f"{variable} in {_at(domain.of, _ATOM)}" if domain.of else variable
        case "parties":
            return f"{'other ' if domain.other else ''}{variable}"
    assert_never(domain.what)


def _instance(of: nodes.Of, suffix: str) -> str:
    if of.lifeline is not None:
        return f"{of.lifeline}{suffix}"
    keys = " and ".join(_at(key, _ATOM) for key in of.keys)
    return f"{of.flow}{suffix}{f' of {keys}' if keys else ''}"
