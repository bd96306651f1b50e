"""What the parts of a machine are called in Python, so that no two clash."""

from dataclasses import dataclass, replace

from clausework.emit.python.talk import defers, talk_of
from clausework.emit.python.timers import Timer, timers
from clausework.emit.python.words import class_name, constant, identifier
from clausework.model.machine import Machine
from clausework.model.standard import Standard
from clausework.model.states import leaves

_OWN = (
    "state",
    "start",
    "me",
    "parameters",
    "party",
    "decisions",
    "receive",
    "lost",
    "restored",
    "restarted",
    "next_timer",
    "expire",
    "snapshot",
    "restore",
    "key_of",
    "deferred",
    "wait",
    "now",
    "message",
    "sender",
    "peer",
    "messages",
    "vocabulary",
    "effects",
    "given",
    "within",
    "holding",
    "best",
    "exclusive",
    "shapes",
    "stored",
    "answer",
    "of",
    "connection_",
    "open",
    "owed",
    "issued",
    "registry",
    "keep",
    "awaits",
    "unlink",
    "is_linked",
    "reset",
    "in_party",
)


@dataclass(frozen=True, slots=True)
class Members:
    """`attributes`: keys and variables; `commands`: methods.  `states`: leaf -> the constant that stands for it.

    `asks`: requests are kept track of; `owes`: those that this machine answers.
    """

    handler: str
    state: str
    decisions: str
    notifications: str
    attributes: dict[str, str]
    commands: dict[str, str]
    states: dict[str, str]
    timers: tuple[Timer, ...]
    deadlines: dict[Timer, str]
    defers: bool = False
    asks: bool = False
    owes: frozenset[str] = frozenset()
    me: str = "self.me"
    parameters: str = "self._parameters"
    party: str = "self._party"
    holder: str = "self"

    def attribute(self, name: str) -> str:
        return f"{self.holder}.{self.attributes[name]}"

    def of_model(self) -> "Members":
        """The same, kept in the model of a python-statemachine class."""
        return replace(
            self, holder="self.model", me="self.model.me", parameters="self.model.parameters", party="self.model.party"
        )


def members(machine: Machine, standard: Standard | None = None) -> Members:
    """Without the standard, what is said of requests is left out."""
    talk = talk_of(standard, machine) if standard is not None else None
    base = class_name(machine.name)
    prefix = constant(machine.name)
    attributes: dict[str, str] = {}
    taken = set(_OWN)
    for each in (*machine.keys, *machine.variables):
        attributes[str(each.name)] = identifier(each.name, taken)
        taken.add(attributes[str(each.name)])
    commands: dict[str, str] = {}
    for signal in machine.commands:
        word = identifier(signal.name, taken)
        while word.startswith(("receive_", "after_", "enters_", "leaves_")) or word in taken:
            word += "_"
        commands[str(signal.name)] = word
        taken.add(word)
    running = timers(machine)
    return Members(
        handler=base,
        state=f"{base}State",
        decisions=f"{base}Decisions",
        notifications=f"{base}Notifications",
        attributes=attributes,
        commands=commands,
        states={str(leaf.name): f"{prefix}_{constant(leaf.name)}" for leaf in leaves(machine)},
        timers=running,
        deadlines={timer: f"_{identifier(timer.name).strip('_')}_at" for timer in running},
        defers=defers(machine),
        asks=talk is not None and talk.asks,
        owes=frozenset() if talk is None else talk.owes,
    )
