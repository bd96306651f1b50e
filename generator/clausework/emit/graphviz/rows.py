"""What a drawing with lifelines is made of, row by row; `placing` puts them on the page.

Sequences of a standard, counterexamples and maps of roles are all told in these rows.
`number` is what stands in the margin and makes the ids (`step-3`); 0: the row has none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from clausework.model.about import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A lifeline: its name, and what it is played by, in small print."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Sent and received in one row."""

    sender: str
    receiver: str
    name: str
    details: tuple[str, ...] = ()
    cite: str = ""
    mark: Mark = Mark.STATED
    number: int = 0
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A message put into a queue; `slot` tells which `Deliver`, `Cut` or `Fault` ends its arrow."""

    slot: int
    sender: str
    receiver: str
    name: str
    details: tuple[str, ...] = ()
    cite: str = ""
    mark: Mark = Mark.STATED
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    slot: int
    cite: str = ""
    number: int = 0
    lost: bool = False


class Sign(StrEnum):
    """What happens beside a lifeline, with the sign that it is drawn with."""

    COMMAND = "command"
    NOTIFICATION = "notification"
    DECISION = "decision"
    EXPIRY = "timer"
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    who: str
    sign: Sign
    text: str
    details: tuple[str, ...] = ()
    cite: str = ""
    mark: Mark = Mark.STATED
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Elapsing:
    """Time passes, for everybody."""

    text: str
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """(party, state), no party twice."""

    of: tuple[tuple[str, str], ...]
    fault: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """`link`: what it stands for is elsewhere."""

    over: tuple[str, ...]
    text: str
    details: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """`operands`: (guard, rows)."""

    kind: str
    operands: tuple[tuple[str, tuple["Row", ...]], ...]
    cite: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Something happens to the connection of two parties; messages on it (`loses`, slots) end there."""

    ends: tuple[str, str]
    text: str
    cite: str = ""
    number: int = 0
    broken: bool = True
    loses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """What is in flight after the last numbered row: (queue, messages with the head first)."""

    of: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong at the end; `slot` is the message that it happens to."""

    who: str
    text: str
    details: tuple[str, ...] = ()
    cite: str = ""
    number: int = 0
    slot: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """All messages of one mark that go one way: (name, clause)."""

    sender: str
    receiver: str
    messages: tuple[tuple[str, str], ...]
    mark: Mark


FORGED: Final = "forged"
"""Among the details of a message that its sender's machine doesn't say."""

Row = Message | Send | Deliver | Beside | Elapsing | States | Note | Frame | Link | Queues | Fault | Bundle


def flattened(rows: Sequence[Row], depth: int = 0) -> Iterator[tuple[Row, int]]:
    """The rows, those in frames too, with how many frames they are in."""
    for row in rows:
        yield row, depth
        if isinstance(row, Frame):
            for _, inner in row.operands:
                yield from flattened(inner, depth + 1)


def rows_of_states(states: Sequence[tuple[str, str]], *, fault: bool = False) -> Iterator[States]:
    """(party, state) in as many rows as needed: in one row, every party stands once."""
    waiting = list(dict.fromkeys(states))
    while waiting:
        row: dict[str, str] = {}
        for party, state in waiting:
            row.setdefault(party, state)
        yield States(of=tuple(row.items()), fault=fault)
        waiting = [each for each in waiting if each not in row.items()]


def words(row: Row) -> str:
    """A row as a sentence: tooltip, and part of the description."""
    match row:
        case Message() | Send():
            lost = "is lost" if isinstance(row, Message) and row.lost else ""
            parts = (f"{row.sender} → {row.receiver}: {row.name}", *row.details, lost, row.cite, row.mark)
        case Beside():
            parts = (f"{row.who} {row.sign}: {row.text}", *row.details, row.cite, row.mark)
        case Elapsing():
            parts = (row.text,)
        case Link():
            parts = (f"{row.ends[0]}, {row.ends[1]}: {row.text}", row.cite)
        case Fault():
            parts = (f"fault at {row.who}: {row.text}", *row.details, row.cite)
        case Bundle():
            names = ", ".join(name for name, _ in row.messages)
            parts = (f"{row.sender} → {row.receiver}: {names}", row.mark)
        case Note():
            parts = (row.text, *row.details)
        case Frame():
            parts = (f"{row.kind}: {' | '.join(guard for guard, _ in row.operands if guard)}",)
        case Deliver() | States() | Queues():
            parts = ()
    said = " · ".join(part for part in parts if part)
    number = getattr(row, "number", 0)
    return f"{number}  {said}" if number and said else said


def described(rows: Sequence[Row]) -> str:
    return "; ".join(said for row, _ in flattened(rows) if (said := words(row)))


def marks(rows: Sequence[Row]) -> set[Mark]:
    return {row.mark for row, _ in flattened(rows) if isinstance(row, Message | Send | Beside | Bundle)}
