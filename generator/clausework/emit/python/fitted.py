"""A value where another type is asked for, and what a type allows."""

from clausework.emit.python.place import Place, constant
from clausework.expr import nodes
from clausework.expr.types import Enumeration, Optional, Type, plain, required


def upper(type_: Type, place: Place) -> str:
    """The greatest value or size that a type allows, as an expression."""
    return _limit(getattr(plain(required(type_)), "high", 255), place)


def lower(type_: Type, place: Place) -> str:
    return _limit(getattr(plain(required(type_)), "low", 0), place)


def _limit(bound: int | str, place: Place) -> str:
    return str(bound) if isinstance(bound, int) else f"{place.members.parameters}.{place.types.parameter(bound)}"


def fitted(node: nodes.Expr, text: str, place: Place, wanted: Type) -> str:
    """Converted between enumerations; asserted where a guard knows more than the type checker does."""
    fixed = constant(node, place)
    if fixed is not None:
        return place.types.value(fixed.value, wanted)
    found = _declared(node, place)
    surely = text
    if isinstance(plain(found), Optional) and not isinstance(plain(wanted), Optional):
        surely = f"{place.types.imports.runtime('given')}({text})"
    if isinstance(plain(required(wanted)), Enumeration) and isinstance(plain(required(found)), Enumeration):
        one, other = place.types.enumeration(wanted), place.types.enumeration(found)
        if one != other and one:
            fitted = f"{one}({surely})"
            both = isinstance(plain(found), Optional) and isinstance(plain(wanted), Optional)
            return f"None if {text} is None else {fitted}" if both else fitted
    return surely


def _declared(node: nodes.Expr, place: Place) -> Type:
    """The type that the value has in Python: a guard that says `is given` doesn't change it."""
    match node:
        case nodes.MessageField(name=name) if place.message is not None and not place.stored:
            return next((each.type for each in place.message.fields if each.name == name), node.type)
        case nodes.Variable(name=name):
            return next((each.type for each in place.machine.variables if each.name == name), node.type)
        case nodes.Argument(name=name):
            arguments = [each for signal in place.machine.commands for each in signal.arguments if each.name == name]
            return next((each.type for each in arguments if isinstance(plain(each.type), Optional)), node.type)
    return node.type
