"""Where the machines of a session stand, as the conditions of a sequence say it."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from clausework.expr import nodes
from clausework.expr.types import Boolean
from clausework.model.machine import SINGLY
from clausework.semantics.configuration import Configuration
from clausework.semantics.session import Session
from clausework.semantics.space import Space, Step
from clausework.source import FlowName, Name


def standing(
    space: Space, session: Session, configuration: Configuration, flows: AbstractSet[FlowName]
) -> Iterator[nodes.Expr]:
    """`{lifeline: state}` of the machines of these flows."""
    for (lifeline, flow, name), instance in session.instances.items():
        if flow in flows and not name.endswith(SINGLY):
            state = space.party(configuration, session.parties[lifeline]).instances[instance.number].state
            machine = space.system.programs[instance.machine].machine
            of = nodes.Of(flow=machine.flow, machine=machine.name, lifeline=Name(lifeline), type=Boolean())
            yield nodes.InState(of=of, states=(Name(state),))


def flows_at_work(space: Space, steps: Iterable[Step]) -> Iterator[FlowName]:
    """The flows whose machines take the steps."""
    for step in steps:
        for fired in step.reaction.fired[:1] if step.reaction is not None else ():
            instance = space.system.instances[step.label.party][fired.instance]
            yield space.system.programs[instance.machine].machine.flow
