"""What generated code stands on: messages, effects, errors, and the base of every handler.

Sans-IO: nothing here reads a clock, opens a socket or starts a thread.  A handler is told what
happened and when, and answers with effects: data that the caller carries out.

    effects = login.receive(message, sender, now=clock())
    for effect in deliver(effects, hooks):
        ...  # Send, Close: to the network; StartTimer, StopTimer: to the scheduler

`party.Party` runs all machines of a party together: generated packages have one for each role, in `parties`.

This package stands alone: it imports nothing else of clausework, so it can be put beside
generated code on a device.  `stanzas` and `bodies` (the wire) and `shapes` are imported by those who need them.
"""

from clausework.runtime.checks import EMPTY, best, exclusive, given, holding, within
from clausework.runtime.deferring import Deferring, settles
from clausework.runtime.deliver import deliver
from clausework.runtime.effects import (
    Close,
    Effect,
    Effects,
    Failed,
    Instance,
    Notify,
    Send,
    StartTimer,
    StopTimer,
    ToLink,
    ToParty,
    ToRole,
    Whom,
)
from clausework.runtime.errors import (
    ConstraintError,
    LocalProtocolError,
    OutOfRange,
    ProtocolError,
    RemoteProtocolError,
    SnapshotError,
    TwoTransitions,
)
from clausework.runtime.handler import Handler
from clausework.runtime.message import Crossing, Link, Message, Peer
from clausework.runtime.requests import Answer, Requesting, asks
from clausework.runtime.secret import Secret
from clausework.runtime.surroundings import Surroundings

__all__ = [
    "EMPTY",
    "Answer",
    "Close",
    "ConstraintError",
    "Crossing",
    "Deferring",
    "Effect",
    "Effects",
    "Failed",
    "Handler",
    "Instance",
    "Link",
    "LocalProtocolError",
    "Message",
    "Notify",
    "OutOfRange",
    "Peer",
    "ProtocolError",
    "RemoteProtocolError",
    "Requesting",
    "Secret",
    "Send",
    "SnapshotError",
    "StartTimer",
    "StopTimer",
    "Surroundings",
    "ToLink",
    "ToParty",
    "ToRole",
    "TwoTransitions",
    "Whom",
    "asks",
    "best",
    "deliver",
    "exclusive",
    "given",
    "holding",
    "settles",
    "within",
]
