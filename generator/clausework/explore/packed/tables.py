"""What parties do, as rows of small numbers: asked of `semantics` when they are first needed, never decided here.

Each party numbers its own states, each queue the messages that it may hold: from 0 and 1 on, as they turn up, so that
few bits hold them.  A row is what follows from an event in a state; its text is what the engine reads.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple, Protocol

from clausework.explore.packed.alike import Alike
from clausework.explore.packed.layout import Unpackable, Widths
from clausework.explore.search.classes import TICK, Class, class_of, flags_of
from clausework.semantics.configuration import BROKEN, CUT, DOWN, UP, Configuration
from clausework.semantics.events import Noticed, Reaction, Restarted, Saw
from clausework.semantics.reactions import NOBODY, Busy, Ended, Known, Label
from clausework.semantics.space import PROGRESS, Space

WIRES = (UP, CUT, DOWN, BROKEN)
MOST_PARTIES, MOST_LINKS, MOST_FAULTS, MOST_CODES, MOST_MEMORIES, MOST_CLASSES = 64, 64, 32, 1 << 15, 255, 1024
_CLASS_AT = 8
_CLOSED, _SENDS, _SYMBOL = 3, 4, 6
"""Where in the text of a reaction these stand: how many links it closes, how many messages it sends."""
_NOTHING = 0xFFFF_FFFF
_DATAGRAMS = ("loss", "duplication", "swap")


class Ask(IntEnum):
    """What a row is about, as the engine numbers it."""

    BY_ITSELF = 0
    TAKES = 1
    NOTICES = 2
    OPENS = 3
    ACCEPTS = 4
    RESTARTS = 5
    GROWS_OLDER = 6


_ASKS = tuple(Ask)


class Row(NamedTuple):
    """What the engine asks for.  `which`: the party, the queue, or twice the link plus the end that it is about."""

    kind: Ask
    which: int
    code: int
    state: int
    busy: int

    @classmethod
    def of(cls, a: int, b: int) -> "Row":
        return cls(_ASKS[a >> 60], a >> 48 & 0xFFF, a >> 32 & 0xFFFF, a & 0xFFFF_FFFF, b)

    def within(self, asks: int) -> "Row":
        """The row that stands for this one: with no byte of what others remember but these, a bit for each."""
        busy = sum(self.busy & 0xFF << 8 * slot for slot in range(8) if asks >> slot & 1)
        return self if busy == self.busy else self._replace(busy=busy)

    def asked(self) -> tuple[int, int]:
        """As the engine asks for it."""
        return self.kind << 60 | self.which << 48 | self.code << 32 | self.state, self.busy


class Listener(Protocol):
    """Is told of what turns up."""

    def state(self, party: int, local: int, seen: int, memory: bytes) -> None: ...

    def code(self, queue: int, code: int, fits: int) -> None: ...

    def renamed(self, ending: int, queue: int, codes: Sequence[int]) -> None: ...

    def turned_state(self, turn: int, party: int, local: int, image: int) -> None: ...

    def turned_code(self, turn: int, queue: int, code: int, image: int) -> None: ...


class Deaf:
    def state(self, party: int, local: int, seen: int, memory: bytes) -> None:
        """Nobody needs to know."""

    def code(self, queue: int, code: int, fits: int) -> None:
        """Nobody needs to know."""

    def renamed(self, ending: int, queue: int, codes: Sequence[int]) -> None:
        """Nobody needs to know."""

    def turned_state(self, turn: int, party: int, local: int, image: int) -> None:
        """Nobody needs to know."""

    def turned_code(self, turn: int, queue: int, code: int, image: int) -> None:
        """Nobody needs to know."""


def no_symbol(_label: Label, _reaction: Reaction | None) -> int:
    """Nothing is remembered of runs, so steps of all kinds are alike."""
    return 0


@dataclass
class Tables:
    """Local numbers of a space, and the rows that are made of them."""

    space: Space
    listener: Listener = field(default_factory=Deaf)
    beyond: Callable[[Label], bool] | None = None
    """What of all that parties may do by themselves may happen; None: what the check lets them do."""
    alike: Alike = field(default_factory=Alike)
    """Of states, only those that stand for others have numbers; with a state or a message, its images turn up."""

    def __post_init__(self) -> None:
        system = self.space.system
        parties, links = len(system.parties), len(system.links)
        if parties > MOST_PARTIES or links > MOST_LINKS or len(system.check.faults) > MOST_FAULTS:
            raise Unpackable(f"{parties} parties, {links} links and {len(system.check.faults)} kinds of fault")
        self.states: list[list[int]] = [[] for _ in range(parties)]
        self.codes: list[list[int]] = [[0] for _ in range(2 * links)]
        self.numbered = 0  # states and codes together
        self._local: list[dict[int, int]] = [{} for _ in range(parties)]
        self._code: list[dict[int, int]] = [{} for _ in range(2 * links)]
        self._endings: dict[tuple[int, Ended], int] = {}
        self.renames: dict[tuple[int, int], list[int]] = {}
        self._memories: dict[tuple[int, int], dict[Busy, int]] = {}
        kinds = {str(fault.kind) for fault in system.check.faults}
        self.wired = bool({"lost", "restart"} & kinds) or any(system.is_down(link) for link in system.links)
        self.rows: dict[Row, None] = {}  # all that was asked for, in that order
        self.slots = [self._slots(party) for party in range(parties)]
        self.classes: dict[Class | None, int] = {None: 0, TICK: 1}
        self._texts: dict[Row, array[int]] = {}
        self.symbol: Callable[[Label, Reaction | None], int] = no_symbol

    def begin(self) -> None:
        """The start, and all that an attacker may say."""
        for party, number in enumerate(self.space.start().parties):
            self.local(party, number)
        self.attacks = tuple(self._attacks())

    # -- numbers

    def local(self, party: int, number: int) -> int:
        """The party's own number of one of its states."""
        number = self.alike.forget(party, number)
        found = self._local[party].setdefault(number, len(self.states[party]))
        if found == len(self.states[party]):
            self.states[party].append(number)
            self.numbered += 1
            seen, memory = self.known_of(party, found)
            self.listener.state(party, found, seen, memory)
            for place, image in enumerate(self._images_of_state(party, found)):
                self.listener.turned_state(place, party, found, image)
        return found

    def _images_of_state(self, party: int, local: int) -> list[int]:
        number = self.states[party][local]
        return [self.local(turn.parties[party], turn.state(party, number)) for turn in self.alike.turns]

    def code(self, queue: int, message: int) -> int:
        """The queue's own number of a message."""
        found = self._code[queue].setdefault(message, len(self.codes[queue]))
        if found == len(self.codes[queue]):
            if found > MOST_CODES:
                raise Unpackable(f"more than {MOST_CODES:,} kinds of message in one queue")
            self.codes[queue].append(message)
            self.numbered += 1
            self.listener.code(queue, found, self.fits(queue, message))
            for place, image in enumerate(self._images_of_code(queue, found)):
                self.listener.turned_code(place, queue, found, image)
        return found

    def _images_of_code(self, queue: int, code: int) -> list[int]:
        message = self.codes[queue][code]
        return [self.code(2 * turn.links[queue // 2] + queue % 2, turn.message(message)) for turn in self.alike.turns]

    def known_of(self, party: int, local: int) -> tuple[int, bytes]:
        """The links that a party sees in a state, and the kind of its memory of each party's requests."""
        number = self.states[party][local]
        seen = sum(1 << link for link in self.space.reactions.seen[number])
        if not self.space.system.has_requests:
            return seen, bytes(len(self.states))
        kept = self.space.reactions.remembered(number)
        return seen, bytes(self._memory(owner, party, kept) for owner in range(len(self.states)))

    def _memory(self, owner: int, party: int, kept: Busy) -> int:
        links = self.space.reactions.links[owner]
        mine = frozenset(each for each in kept if each[0] in links) if owner != party else NOBODY
        known = self._memories.setdefault((owner, party), {NOBODY: 0})
        number = known.setdefault(mine, len(known))
        if number > MOST_MEMORIES:
            raise Unpackable("requests remembered in too many ways")
        return number

    def _slots(self, party: int) -> list[int]:
        """For which parties' memories there is which byte in the busy word of a party; -1: none."""
        ends = self.space.reactions.ends
        near = {pair[0] + pair[1] - party for link, pair in enumerate(ends) if party in pair and self._asks(link)}
        linked = [other for other in range(len(self.states)) if other != party and other in near]
        if len(linked) > 8 and self.space.system.has_requests:
            raise Unpackable("a party that has requests from more than eight others")
        return [linked.index(other) if other in linked[:8] else -1 for other in range(len(self.states))]

    def _asks(self, link: int) -> bool:
        """Whether requests may go over a link: only then can somebody remember one."""
        system = self.space.system
        return any(system.is_request(name) and system.carries(system.links[link], name) for name in system.heard)

    def fits(self, queue: int, message: int) -> int:
        """The faults that may befall a message at the head of a queue, a bit each."""
        link, name = self.space.system.links[queue // 2], self.space.message(message).name
        return sum(
            1 << place
            for place, fault in enumerate(self.space.system.check.faults)
            if link.datagram and fault.kind in _DATAGRAMS and fault.message in (None, name)
        )

    # -- rows

    def row(self, wanted: Row) -> "array[int]":
        """What follows, of a row that stands for itself: how many reactions, and each of them.

        But for symbols, it is always the same.
        """
        found = self.reactions(wanted)
        self.rows[wanted] = None
        text = self._texts.get(wanted)
        if text is None:
            party = self.party(wanted)
            text = self._texts[wanted] = array("i", [len(found)])
            for known in found:
                text.extend(self._text(party, known))
            self.rename()
        return text if self.symbol is no_symbol else self._with_symbols(text, found)

    def asks(self, wanted: Row) -> int:
        """A bit for each byte of what others remember that matters to a row."""
        links = self.space.reactions.asks(self.reactions(wanted))
        if not links:
            return 0
        party, ends = self.party(wanted), self.space.reactions.ends
        slots = {self.slots[party][sum(ends[link]) - party] for link in links}
        return sum(1 << slot for slot in slots if slot >= 0)

    def _with_symbols(self, text: "array[int]", found: tuple[Known, ...]) -> "array[int]":
        text, place = text[:], 1
        for known in found:
            text[place + _SYMBOL] = self.symbol(known.label, known.reaction)
            place += _SYMBOL + 1 + text[place + _CLOSED] + 2 * text[place + _SENDS]
        return text

    def older(self, wanted: Row) -> int:
        """The state that a party is in a tick later, or that it can't be."""
        self.rows[wanted] = None
        after = self.space.reactions.older(wanted.which, self.states[wanted.which][wanted.state])
        return _NOTHING if after is None else self.local(wanted.which, after)

    def party(self, row: Row) -> int:
        if row.kind in (Ask.BY_ITSELF, Ask.RESTARTS, Ask.GROWS_OLDER):
            return row.which
        return self.space.reactions.ends[row.which // 2][row.which % 2]

    def reactions(self, row: Row) -> tuple[Known, ...]:
        ask, party, link = self.space.reactions, self.party(row), row.which // 2
        state, busy = self.states[party][row.state], self._busy(party, row.busy)
        match row.kind:
            case Ask.BY_ITSELF:
                found = ask.by_itself(party, state, busy, beyond=self.beyond is not None)
                return found if self.beyond is None else tuple(each for each in found if self.beyond(each.label))
            case Ask.TAKES:
                return ask.takes(party, state, link, self.codes[row.which][row.code], busy)
            case Ask.NOTICES:
                return ask.hears(party, state, Noticed(link), "notice", busy)
            case Ask.OPENS:
                return ask.hears(party, state, Saw(link), "open", busy)
            case Ask.ACCEPTS:
                return ask.hears(party, state, Saw(link), "accept", busy)
        return ask.hears(party, state, Restarted(), "restart", busy)

    def _busy(self, party: int, packed: int) -> Busy:
        found = NOBODY
        for other, slot in enumerate(self.slots[party]):
            if slot >= 0 and (number := packed >> 8 * slot & 0xFF):
                found |= next(each for each, known in self._memories[party, other].items() if known == number)
        return found

    def _text(self, party: int, known: Known) -> list[int]:
        reaction = known.reaction
        text = [
            -1 if known.state is None else self.local(party, known.state),
            int(known.label.kind in PROGRESS),
            self.ending(party, reaction.ended) + 1 if reaction.ended else 0,
            len(reaction.closed),
            len(known.sends),
            self.tag(known),
            no_symbol(known.label, reaction),
            *reaction.closed,
        ]
        self.wired = self.wired or bool(reaction.closed)
        for queue, message in known.sends:
            text += (queue, self.code(queue, message))
        return text

    def tag(self, known: Known) -> int:
        """What a step is to fairness: its class, and what else matters of it."""
        class_ = class_of(known.label, reconnects=self.space.system.check.reconnects)
        number = self.classes.setdefault(class_, len(self.classes))
        if number >= MOST_CLASSES:
            raise Unpackable(f"more than {MOST_CLASSES:,} kinds of steps that may have to happen")
        return number << _CLASS_AT | flags_of(known.label, known.reaction)

    def ending(self, party: int, ended: Ended) -> int:
        return self._endings.setdefault((party, ended), len(self._endings))

    def rename(self) -> None:
        """What each ending makes of each code: until no new one comes of it."""
        before = -1
        while self._endings and before != (before := sum(len(codes) for codes in self.codes)):
            for (party, ended), number in self._endings.items():
                for link in {link for _, link, _ in ended}:
                    self._rename(number, party, ended, 2 * link)
                    self._rename(number, party, ended, 2 * link + 1)

    def _rename(self, number: int, party: int, ended: Ended, queue: int) -> None:
        codes = self.renames.setdefault((number, queue), [0])
        if len(codes) > 1 and len(codes) == len(self.codes[queue]):
            return
        while len(codes) < len(self.codes[queue]):
            message = self.codes[queue][len(codes)]
            codes.append(self.code(queue, self.space.reactions.outdated(message, queue, party, ended)))
        self.listener.renamed(number, queue, codes)

    def tell(self) -> None:
        """All that has turned up, for a listener that has come later."""
        for party, states in enumerate(self.states):
            for local in range(len(states)):
                self.listener.state(party, local, *self.known_of(party, local))
        for queue, codes in enumerate(self.codes):
            for code in range(1, len(codes)):
                self.listener.code(queue, code, self.fits(queue, codes[code]))
        for (number, queue), renamed in self.renames.items():
            self.listener.renamed(number, queue, renamed)
        if self.alike.turns:
            self._tell_images()

    def _tell_images(self) -> None:
        for party, states in enumerate(self.states):
            for local in range(len(states)):
                for place, image in enumerate(self._images_of_state(party, local)):
                    self.listener.turned_state(place, party, local, image)
        for queue, codes in enumerate(self.codes):
            for code in range(1, len(codes)):
                for place, image in enumerate(self._images_of_code(queue, code)):
                    self.listener.turned_code(place, queue, code, image)

    def attack_symbols(self) -> list[int]:
        """The kinds of what an attacker may do."""
        return [self.symbol(self._attack_label(*each), None) for each in self.attacks]

    def _attack_label(self, place: int, link: int, queue: int, code: int) -> Label:
        party = self.space.system.number_of(self.space.system.check.faults[place].subject)
        return Label("attack", party, None, link, self.codes[queue][code])

    def _attacks(self) -> Iterator[tuple[int, int, int, int]]:
        for place, fault in enumerate(self.space.system.check.faults):
            if fault.kind != "attack" or self.space.faults is None:
                continue
            party = self.space.system.number_of(fault.subject)
            for link in self.space.system.links_of(party):
                queue = 2 * link.number + 1 - (link.client, link.server).index(party)
                for message in self.space.faults.anything(party, link):
                    yield place, link.number, queue, self.code(queue, self.space.reactions.message(message))

    # -- words

    def widths(self) -> Widths:
        """The bits that all has need of which has turned up so far."""
        check = self.space.system.check
        return Widths(
            parties=tuple(max(1, (len(states) - 1).bit_length()) for states in self.states),
            wires=tuple(2 * self.wired for _ in self.space.system.links),
            codes=tuple(max(1, (len(codes) - 1).bit_length()) for codes in self.codes),
            left=tuple((fault.times or 0).bit_length() for fault in check.faults),
            room=check.queue,
        )

    def numbers(self, configuration: Configuration) -> tuple[tuple[int, ...], ...]:
        """Parties, wires and budgets as they are packed."""
        return (
            tuple(self.local(party, number) for party, number in enumerate(configuration.parties)),
            tuple(WIRES.index(wire) for wire in configuration.wires),
            tuple(left or 0 for left in configuration.left),
        )

    def contents(self, configuration: Configuration) -> tuple[tuple[int, ...], ...]:
        return tuple(
            tuple(self.code(queue, message) for message in content)
            for queue, content in enumerate(configuration.queues)
        )
