"""Machines: states, what triggers them, and what they do.

An `Effect` is a tree, as the author wrote it: alternatives inside alternatives.  Named effects, definitions and tables
have been put in where they are used.
"""

from dataclasses import dataclass

from clausework.expr import nodes as expr
from clausework.expr.types import Type
from clausework.model.about import About
from clausework.source import FlowName, MessageName, Name, RoleName

# -- triggers


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive:
    """A message arrives; `sender` is the role that it must come from, None for any.

    `where` narrows it: the same message without `where` means "and no `where` of this state holds".
    `each` = (name, set or list): the machine instance of every element is offered the message.
    """

    message: MessageName
    sender: RoleName | None = None
    where: expr.Expr | None = None
    each: tuple[Name, expr.Expr] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    name: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """A timer that belongs to the state (group, compound) whose trigger it is."""

    timer: Name
    duration: expr.Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """This end notices that a connection is gone; `peer` is the role at its other end, None for the link
    that the instance is kept for (`connection`)."""

    peer: RoleName | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    peer: RoleName | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Enters:
    """Another machine of this party comes into one of `states`; `key` narrows whose."""

    flow: FlowName
    machine: Name
    states: tuple[Name, ...]
    key: expr.Expr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaves:
    flow: FlowName
    machine: Name
    states: tuple[Name, ...]
    key: expr.Expr | None = None


Trigger = Receive | Command | After | Lost | Restored | Restarted | Enters | Leaves


# -- effects


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRole:
    """The one party of this role that there is a connection to."""

    role: RoleName


@dataclass(frozen=True, slots=True, kw_only=True)
class ToParty:
    """A party named by an expression: a key, a field, the server of an account."""

    party: expr.Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class ToLink:
    """One link: the one the message came on, or the one that this instance is kept for."""

    link: expr.Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class ToEach:
    """All elements of `domain` for which `where` holds, each called `variable`; `to` says where to send for one.

    `best` = (expression, highest?): only those for which it is highest (lowest).
    """

    variable: Name
    domain: expr.Domain
    where: expr.Expr | None
    to: "ToParty | ToLink"
    best: tuple[expr.Expr, bool] | None = None


Whom = ToRole | ToParty | ToLink | ToEach


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    variable: Name
    value: expr.Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """`fields` are all fields of the message, in the message's order, filled in by the reader.

    `forwards`: the message received, as it came.  `each_in`: every message of a list, in order; then a field's
    value may read `Local(name="message")`.
    """

    message: MessageName
    to: Whom
    fields: tuple[tuple[Name, expr.Expr], ...]
    about: About
    forwards: bool = False
    each_in: expr.Expr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    name: Name
    arguments: tuple[tuple[Name, expr.Expr], ...]
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """Taken from the queue; nothing else happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defer:
    """Kept, and offered again after the next change of state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """A claim: this cannot happen.  The explorer tests it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Answered with an error; nothing else happens."""

    message: MessageName
    fields: tuple[tuple[Name, expr.Expr], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseLink:
    """The link is closed, after `message` if there is one."""

    message: MessageName | None = None
    fields: tuple[tuple[Name, expr.Expr], ...] = ()


Disposition = Ignore | Defer | Impossible | Reject | CloseLink


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Guards; None is `else`.  Exactly one holds."""

    cases: tuple[tuple[expr.Expr | None, "Effect"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Values of one expression; None is `else`."""

    subject: expr.Expr
    cases: tuple[tuple[tuple[expr.Expr, ...] | None, "Effect"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """A question to the implementer, answered inside the step."""

    decision: Name
    cases: tuple[tuple[Name, "Effect"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a decision table: a value for each `given`, None for `any`."""

    values: tuple[tuple[expr.Expr, ...] | None, ...]
    effect: "Effect"
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A decision table of the standard, consulted."""

    table: Name
    given: tuple[expr.Expr, ...]
    rows: tuple[Row, ...]


Branching = When | Match | Decide | Lookup


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What happens, all at once, in the author's order; then at most one branching.

    `target` None: the state stays, and nothing is entered, left or rearmed.
    `named` are the named effects (`do:`) that were put in here.  `recurring`: it is meant to happen again and again.
    """

    about: About
    updates: tuple[Update, ...] = ()
    sends: tuple[Send, ...] = ()
    closes: tuple[Whom, ...] = ()
    notifies: tuple[Notify, ...] = ()
    forget: bool = False
    target: Name | None = None
    disposition: Disposition | None = None
    branch: Branching | None = None
    named: tuple[Name, ...] = ()
    recurring: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """A trigger and its effect.  `scope` is the state, compound or not, or the group around it; None: `anywhere`."""

    trigger: Trigger
    scope: Name | None
    effect: Effect
    about: About


# -- machines


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state; compound if it has an `initial` inner one.  `parent` is the compound state around it."""

    name: Name
    about: About
    parent: Name | None = None
    initial: Name | None = None
    final: bool = False
    rests: bool = False
    columns: tuple[tuple[Name, expr.Literal], ...] = ()
    dispositions: tuple[tuple[MessageName, Disposition], ...] = ()
    otherwise: Disposition | None = None

    @property
    def compound(self) -> bool:
        return self.initial is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """States with triggers of their own in common; not a state itself."""

    name: Name
    states: tuple[Name, ...]
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a message, an argument of a command or notification, a column, a variable.

    `default` of a variable is its initial value; None: the first value of its type
    (false, the low bound, none, empty, the first word; an opaque type's own blank).
    """

    name: Name
    type: Type
    default: expr.Literal | None
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A command from the application, or a notification to it."""

    name: Name
    arguments: tuple[Field, ...]
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressing:
    """Which instance takes a message from a role: one expression for each key component, over the message.

    `each` = (name, set or list): the instance of every element does, which `keys` know by that name.  Of an empty one
    nobody: so a response that doesn't say which instance it is for; the one that asked takes it.
    """

    message: MessageName
    sender: RoleName
    keys: tuple[expr.Expr, ...]
    each: tuple[Name, expr.Expr] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What one role does in one flow.  Parties of `role` run it, one instance for each key.

    `handlers` are in source order, those of groups, compound states and `anywhere` included.
    `flow` is the flow that first declares it, also when another one extends it.
    """

    name: Name
    flow: FlowName
    role: RoleName
    about: About
    keys: tuple[Field, ...]
    commands: tuple[Signal, ...]
    notifications: tuple[Signal, ...]
    variables: tuple[Field, ...]
    durable: frozenset[Name]
    definitions: tuple[tuple[Name, expr.Expr], ...]
    columns: tuple[Field, ...]
    initial: Name
    states: tuple[State, ...]
    groups: tuple[Group, ...]
    handlers: tuple[Handler, ...]
    addressing: tuple[Addressing, ...]
    dispositions: tuple[tuple[MessageName, Disposition], ...] = ()
    stale: tuple[tuple[MessageName, Disposition], ...] = ()
    otherwise: Disposition = Impossible()
    requires: tuple[expr.InState, ...] = ()


SINGLY = "_singly"
"""The machine of a role that is kept once per party, whatever the keys, is called like the other one, and this."""
