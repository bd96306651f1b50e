"""What can go wrong at run time.

`LocalProtocolError`: the application asked for what the state doesn't allow.
`RemoteProtocolError`: the peer sent what cannot be, here or anywhere.
After either, the handler is as it was before.  Assertion errors are mistakes of the specification or of this tool.
"""


class ProtocolError(Exception):
    """`state`, `event` and `clause` are empty where there is none (a stanza that no handler has seen)."""

    def __init__(self, reason: str, *, state: str = "", event: str = "", clause: str = "") -> None:
        super().__init__(reason, state, event, clause)
        self.reason = reason
        self.state = state
        self.event = event
        self.clause = clause

    def __str__(self) -> str:
        where = [f"in state {self.state}" if self.state else "", f"clause {self.clause}" if self.clause else ""]
        said = f"{self.event}: {self.reason}" if self.event else self.reason
        return ", ".join(part for part in (said, *where) if part)


class LocalProtocolError(ProtocolError):
    pass


class RemoteProtocolError(ProtocolError):
    pass


class ConstraintError(ValueError):
    """A field got a value that the standard doesn't allow.  The value of a secret isn't kept."""

    def __init__(self, owner: str, field: str, value: object, constraint: str, clause: str = "") -> None:
        super().__init__(owner, field, value, constraint, clause)
        self.owner = owner
        self.field = field
        self.value = value
        self.constraint = constraint
        self.clause = clause

    def __str__(self) -> str:
        shown = repr(self.value)
        shown = shown if len(shown) <= 80 else shown[:77] + "..."
        cited = f", clause {self.clause}" if self.clause else ""
        return f"{self.owner}.{self.field} is {shown}, but must be {self.constraint}{cited}"


class SnapshotError(ValueError):
    """What was to be restored is not a snapshot of this machine."""


class TwoTransitions(AssertionError):
    """The specification allows two transitions at once; nothing was done."""


class OutOfRange(AssertionError):
    """The specification lets a variable leave its type; nothing was done."""
