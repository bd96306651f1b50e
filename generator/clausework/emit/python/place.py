"""Where an expression stands, and what that place alone decides.

A handler is written state by state: what only depends on the state (its name, its columns, `state is ...`) is
computed here, once, and never asked at run time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from clausework.emit.python.members import Members
from clausework.emit.python.types import Types
from clausework.expr import nodes
from clausework.expr.types import Link, plain
from clausework.model.machine import Machine
from clausework.model.standard import Message
from clausework.model.states import inside, state_named


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands.

    `message`: the one received; `sender` and `connection`: what they are called here, empty where there is none;
    `leaf`, `target`: the state before and after the step; `new`: variables already computed; `known`: conditions that
    have a name; `stored`: the message at hand in `each message in`; `answers`: what decisions
    said, with the fields that it carries.
    """

    types: Types
    machine: Machine
    members: Members
    leaf: str
    target: str
    message: Message | None = None
    sender: str = ""
    connection: str = ""
    stored: str = ""
    answers: tuple[tuple[str, frozenset[str]], ...] = ()
    arguments: Mapping[str, str] = field(default_factory=dict)
    new: Mapping[str, str] = field(default_factory=dict)
    local: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[nodes.Expr, str] = field(default_factory=dict)

    @property
    def link(self) -> str:
        """The link at hand: the one that the instance is kept for, or the one of the event."""
        for key in self.machine.keys:
            if isinstance(plain(key.type), Link):
                return self.members.attribute(key.name)
        return self.connection or "None"


def is_static(node: nodes.Expr, place: Place) -> bool | None:
    """What a condition comes to in this state, where that is all it depends on; None where it isn't."""
    match node:
        case nodes.Defined(body=body):
            return is_static(body, place)
        case nodes.Literal(value=bool() as value):
            return value
        case nodes.Not(operand=operand):
            inner = is_static(operand, place)
            return None if inner is None else not inner
        case nodes.InState(of=None, states=states):
            return inside(place.machine, place.leaf, states)
        case nodes.Compare(operator="=" | "!=" as operator, left=left, right=right):
            one, other = constant(left, place), constant(right, place)
            return None if one is None or other is None else (one.value == other.value) is (operator == "=")
        case nodes.Logic(operator=operator, left=left, right=right):
            return _static_logic(operator, is_static(left, place), is_static(right, place))
    return None


def _static_logic(operator: str, left: bool | None, right: bool | None) -> bool | None:
    match operator:
        case "and":
            return False if left is False or right is False else (True if left and right else None)
        case "or":
            return True if left or right else (False if left is False and right is False else None)
        case "implies":
            return _static_logic("or", None if left is None else not left, right)
        case _:
            return None if left is None or right is None else left == right


def simplified(node: nodes.Expr, place: Place) -> nodes.Expr:
    """The condition without what is certain in this state."""
    value = is_static(node, place)
    if value is not None:
        return nodes.Literal(value=value, type=node.type)
    match node:
        case nodes.Logic(operator="and", left=left, right=right):
            if is_static(left, place):
                return simplified(right, place)
            if is_static(right, place):
                return simplified(left, place)
            return _rebuilt(node, simplified(left, place), simplified(right, place))
        case nodes.Logic(operator="or", left=left, right=right):
            if is_static(left, place) is False:
                return simplified(right, place)
            if is_static(right, place) is False:
                return simplified(left, place)
            return _rebuilt(node, simplified(left, place), simplified(right, place))
    return node


def _rebuilt(node: nodes.Logic, left: nodes.Expr, right: nodes.Expr) -> nodes.Logic:
    return replace(node, left=left, right=right)


def constant(node: nodes.Expr, place: Place) -> nodes.Literal | None:
    """A leaf that the state alone decides."""
    match node:
        case nodes.Literal():
            return node
        case nodes.CurrentState():
            return nodes.Literal(value=place.leaf, type=node.type)
        case nodes.MessageKind() if place.message is not None:
            return nodes.Literal(value=place.message.name.rpartition(".")[2], type=node.type)
        case nodes.Column(name=name):
            return _column(place, name, place.leaf)
        case nodes.New(of=nodes.Column(name=name)):
            return _column(place, name, place.target)
    return None


def _column(place: Place, name: str, leaf: str) -> nodes.Literal | None:
    columns: dict[str, nodes.Literal] = dict(state_named(place.machine, leaf).columns)
    return columns.get(name)
