"""What a flow stands for: a larger one, of which others see no more than the states of its interface machines."""

from dataclasses import dataclass

from clausework.expr import nodes as expr
from clausework.model.about import About
from clausework.source import FlowName, Name


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """As which state of its interface machine a lifeline is seen: the one whose condition holds in the larger flow."""

    lifeline: Name
    states: tuple[tuple[Name, expr.Expr], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """The claim that every run of `flow`, seen so, is a run of the flow that says this, explored in its own `check`.

    `check` None: the first one, or the plain one of a flow that has none.
    """

    flow: FlowName
    check: Name | None
    seen: tuple[View, ...]
    about: About
