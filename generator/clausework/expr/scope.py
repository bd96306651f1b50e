"""What the words of an expression can stand for, at one place of a specification."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from clausework.expr.nodes import Expr, Local
from clausework.expr.types import Type
from clausework.source import FlowName, Name


@dataclass(frozen=True, slots=True)
class MachineView:
    """As much of a machine as an expression elsewhere may ask for.  `states` has the compound ones, too."""

    flow: FlowName
    machine: Name
    keys: tuple[tuple[Name, Type], ...]
    variables: Mapping[str, Type]
    states: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """`words` are single words; `fields` are `message.x` and `answer.x`; `machines` other machines of the party, by the
    name of their flow; `lifelines` the machines of a session: (lifeline) or (lifeline, flow).

    `own` is the machine that the expression stands in; `after` the words that `new` applies to; `given` the words that
    are known to be given here, because a guard around says so.  `parties` names what `each` and `exists` range over.
    `definitions` are the machine's named guards, as text: each is resolved where it is used, as it may speak of the
    message.
    """

    words: Mapping[str, Expr] = field(default_factory=dict)
    fields: Mapping[tuple[str, str], Expr] = field(default_factory=dict)
    machines: Mapping[str, MachineView] = field(default_factory=dict)
    lifelines: Mapping[tuple[str, ...], MachineView] = field(default_factory=dict)
    own: MachineView | None = None
    after: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    parties: Mapping[str, Type] = field(default_factory=dict)
    definitions: Mapping[str, Name] = field(default_factory=dict)

    def arity(self, name: str) -> int:
        """How many keys a machine is named with."""
        return max(len(self.machines[name].keys), 1) if name in self.machines else 1

    def binding(self, variable: Name, type_: Type) -> "Scope":
        """The scope inside `each X where`."""
        return replace(self, words={**self.words, variable: Local(name=variable, type=type_)})

    def knowing(self, words: frozenset[str]) -> "Scope":
        return replace(self, given=self.given | words)
