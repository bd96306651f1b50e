"""Sequences of the standard, properties, and checks: what should be so, and within which bounds to look."""

from dataclasses import dataclass
from typing import NamedTuple

from clausework.expr import nodes as expr
from clausework.expr.types import Type
from clausework.model.about import About
from clausework.source import FlowName, MessageName, Name, ParameterName, RoleName

# -- sequences


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    """`a -> b: M with f = e`; only the fields written are bound.

    `lost`: it is sent, and never arrives.  `forged`: the sender says it though its machine doesn't.
    """

    sender: Name
    receiver: Name
    message: MessageName
    fields: tuple[tuple[Name, expr.Expr], ...]
    about: About
    lost: bool = False
    forged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Does:
    lifeline: Name
    command: Name
    arguments: tuple[tuple[Name, expr.Expr], ...]
    about: About
    flow: FlowName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    lifeline: Name
    notification: Name
    arguments: tuple[tuple[Name, expr.Expr], ...]
    about: About
    flow: FlowName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decides:
    lifeline: Name
    decision: Name
    answer: Name
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """A timer of the lifeline expires."""

    lifeline: Name
    timer: Name
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Loses:
    """The lifeline notices that its connection to `peer` is gone."""

    lifeline: Name
    peer: Name
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Restores:
    lifeline: Name
    peer: Name
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarts:
    """The lifeline begins again: what isn't durable is forgotten, its connections are gone."""

    lifeline: Name
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class IsIn:
    """At this point the lifeline's machine is in one of the states."""

    lifeline: Name
    condition: expr.Expr
    about: About


Event = Passes | Does | Told | Decides | Waits | Loses | Restores | Restarts | IsIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """From here on the event does not happen; `here` is one moment for all lifelines."""

    event: Event
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives:
    cases: tuple[tuple[Name, tuple["Step", ...]], ...]
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel:
    parts: tuple[tuple[Name, tuple["Step", ...]], ...]
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Optionally:
    steps: tuple["Step", ...]
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """`times: 0..login_tries`: so many times, from the least to the most; a bound may name a parameter."""

    low: int | ParameterName
    high: int | ParameterName
    steps: tuple["Step", ...]
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Another sequence, put in; `roles` says which of its lifelines is which of ours, and `steps` are told in ours."""

    flow: FlowName
    sequence: Name
    roles: tuple[tuple[Name, Name], ...]
    steps: tuple["Step", ...]
    about: About


Step = Event | Never | Alternatives | Parallel | Optionally | Repeat | Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A sequence of the standard (or, with `impossible`, one that must not happen).

    `starts` and `ends` hold for the session; `starts` empty: everything initial.
    """

    name: Name
    steps: tuple[Step, ...]
    about: About
    starts: tuple[expr.Expr, ...] = ()
    ends: tuple[expr.Expr, ...] = ()
    impossible: bool = False
    spans: tuple[FlowName, ...] = ()


# -- properties


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A moment: an event (a step that contains it) or a condition that holds after a step."""

    event: Event | None = None
    condition: expr.Expr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Always:
    condition: expr.Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Nowhere:
    """`never: P`: in no configuration, in no step."""

    happening: Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Whenever nothing is in flight and nobody is about to do something by himself."""

    condition: expr.Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    condition: expr.Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsTo:
    """`whenever P, eventually Q`; `within` is a bound in time."""

    whenever: Happening
    eventually: tuple[Happening, ...]
    within: expr.Expr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedes:
    first: Happening
    before: Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    values: tuple[expr.Expr, ...]
    start: Happening
    end: Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class Twice:
    """`never: E twice with the same f and f`: no event twice in a session (with the same values of these)."""

    event: Event
    same: tuple[Name, ...] = ()


Claim = Always | Nowhere | Settled | Possible | LeadsTo | Precedes | Unchanged | Twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A claim for every session of the flow.  `refuted` is why it is known not to hold; it must then still fail."""

    name: Name
    claim: Claim
    about: About
    refuted: str | None = None
    provided: Happening | None = None
    unless: Happening | None = None


# -- checks


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyOf:
    """A party that takes part; `at` is the party that it belongs to."""

    name: Name
    role: RoleName
    at: Name | None
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`lost a once`, `loss of M once`, `restart a`, ...; `kind` is the first word, `times` None is any number."""

    kind: Name
    subject: Name | None
    message: MessageName | None
    times: int | None
    about: About

    @property
    def often(self) -> str:
        """As it is written: `once`, `twice`, `3 times`; nothing where it is any number."""
        return {None: "", 1: "once", 2: "twice"}.get(self.times, f"{self.times} times")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """How a machine of a party stands at the beginning, under a key; keys and values are as written."""

    party: Name
    flow: FlowName
    machine: Name
    key: tuple[Name, ...]
    state: Name
    variables: tuple[tuple[Name, Name], ...]
    about: About


class Asked(NamedTuple):
    """A command that an application may give, as a check writes it: `ask`, or `ask of tv and irsp`.

    `of`: only of machines that are kept for these parties, or for connections with them.
    """

    command: str
    of: frozenset[str]

    @classmethod
    def of_text(cls, text: str) -> "Asked":
        command, _, names = text.partition(" of ")
        return cls(command, frozenset(names.split(" and ")) if names else frozenset())

    def allows(self, command: str, kept_for: frozenset[str]) -> bool:
        return self.command == command and self.of <= kept_for

    def __str__(self) -> str:
        return f"{self.command} of {' and '.join(sorted(self.of))}" if self.of else self.command


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Within which bounds the flow is explored.

    `bind` gives parameters a value and types a set of values; `commands` limits what a party's application does
    (absent: everything; each as `Asked` reads it); `down` are the parties whose connections aren't there at first,
    `given` the machines that don't begin at their beginning.  `together`: both ends notice a lost connection before
    anything else happens; `reconnects`: what is lost is opened again some time.  `ticks`: (timer, least, most): how
    long it runs, where time is counted; `urgent`: no tick passes while a message can be delivered.  `claims`: the
    properties and negative sequences that are judged here, where not all are.  `most` bounds the configurations looked
    at.  `large`: there are more than one looks at each time.
    """

    name: Name
    parties: tuple[PartyOf, ...]
    queue: int
    about: About
    queue_full_is_error: bool = False
    slots: tuple[tuple[Name, int], ...] = ()
    bind: tuple[tuple[Name, tuple[str, ...]], ...] = ()
    commands: tuple[tuple[Name, tuple[Name, ...]], ...] = ()
    faults: tuple[Fault, ...] = ()
    together: bool = False
    reconnects: bool = False
    down: tuple[Name, ...] = ()
    given: tuple[Given, ...] = ()
    ticks: tuple[tuple[Name, int, int], ...] = ()
    urgent: bool = False
    claims: tuple[Name, ...] | None = None
    most: int | None = None
    large: bool = False

    def judges(self, name: str) -> bool:
        return self.claims is None or name in self.claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    name: Name
    fields: tuple[tuple[Name, Type], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A question of the machine to the implementer; `rigid`: always the same answer to the same question."""

    name: Name
    question: str
    answers: tuple[Answer, ...]
    about: About
    rigid: bool = False
