"""What is called exclusive or complete is so for every value; the contrary need not be noticed."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from clausework.emit.python.exclusive import complete, exclusive, satisfiable
from clausework.expr import nodes
from clausework.expr.types import Boolean, Enumeration, Integer, Optional
from clausework.source import Name

COLOUR = Enumeration((Name("red"), Name("green"), Name("blue")))
A, B = (nodes.Variable(name=Name(name), type=Boolean()) for name in "ab")
C = nodes.Variable(name=Name("c"), type=COLOUR)
D = nodes.Variable(name=Name("d"), type=Optional(COLOUR))
M, N = (nodes.Variable(name=Name(name), type=Integer(0, 2)) for name in "mn")
WORLDS: list[dict[str, nodes.Value]] = [
    dict(zip("abcdmn", world, strict=True))
    for world in product(
        (True, False),
        (True, False),
        ("red", "green", "blue"),
        ("red", "green", "blue", None),
        range(3),
        range(3),
    )
]


def literal(value: nodes.Value) -> nodes.Literal:
    return nodes.Literal(value=value, type=COLOUR)


ATOMS = st.sampled_from(
    [
        A,
        B,
        *(
            nodes.Compare(operator=operator, left=C, right=literal(word))
            for operator in ("=", "!=")
            for word in ("red", "blue")
        ),
        nodes.Compare(operator="=", left=D, right=literal("red")),
        nodes.Compare(operator="=", left=D, right=literal(None)),
        nodes.Test(what="given", operand=D),
        *(nodes.Compare(operator=operator, left=M, right=N) for operator in ("=", "!=", "<", "<=", ">", ">=")),
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(lambda operand: nodes.Not(operand=operand), inner),
        st.builds(
            lambda operator, left, right: nodes.Logic(operator=operator, left=left, right=right),
            st.sampled_from(["and", "or", "implies", "iff"]),
            inner,
            inner,
        ),
    ),
    max_leaves=6,
)


def holds(node: nodes.Node, world: dict[str, nodes.Value]) -> bool:
    match node:
        case nodes.Not(operand=operand):
            return not holds(operand, world)
        case nodes.Logic(operator=operator, left=left, right=right):
            one, other = holds(left, world), holds(right, world)
            return {"and": one and other, "or": one or other, "implies": not one or other, "iff": one == other}[
                operator
            ]
        case nodes.Test(operand=nodes.Variable(name=name)):
            return world[name] is not None
        case nodes.Compare(operator=operator, left=nodes.Variable(name=name), right=right):
            one_ = world[name]
            other_ = right.value if isinstance(right, nodes.Literal) else world[getattr(right, "name", "")]
            if operator in ("=", "!="):
                return (one_ == other_) is (operator == "=")
            assert isinstance(one_, int)
            assert isinstance(other_, int)
            return {"<": one_ < other_, "<=": one_ <= other_, ">": one_ > other_, ">=": one_ >= other_}[operator]
        case nodes.Variable(name=name):
            return bool(world[name])
    raise AssertionError(node)


@settings(max_examples=300)
@given(st.lists(CONDITIONS, min_size=1, max_size=3))
def test_what_is_proved_is_true(conditions: list[nodes.Node]) -> None:
    counts = [sum(holds(each, world) for each in conditions) for world in WORLDS]

    assert not exclusive(conditions) or max(counts) <= 1
    assert not complete(conditions) or min(counts) >= 1
    assert satisfiable(conditions) or max(counts) < len(conditions)


def test_what_tables_need_is_proved() -> None:
    words = [nodes.Compare(operator="=", left=C, right=literal(word)) for word in ("red", "green", "blue")]
    less = nodes.Compare(operator="<", left=M, right=N)
    more = nodes.Compare(operator=">=", left=M, right=N)

    assert exclusive(words)
    assert complete(words)
    assert not complete(words[:2])
    assert exclusive((less, more))
    assert complete((less, more))
    assert not exclusive((A, B))
