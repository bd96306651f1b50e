"""A partition, as a worker keeps it: a Dask actor around the compiled part (`partition.c`).

It knows neither the standard nor what parties do: whoever asks for the search tells it rows of numbers (`lessons`).
What it found for others they fetch from here, worker by worker; none of it goes through the scheduler or the client.
"""

import asyncio
import ctypes
import hashlib
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from clausework.explore.distributed.lessons import Lesson
from clausework.explore.packed.compiled import ENGINE, SOURCES, library
from clausework.explore.packed.engine import Told

_WORD, _NUMBER, _HANDLE = ctypes.c_uint64, ctypes.c_int, ctypes.c_void_p
_WORDS = ctypes.POINTER(ctypes.c_uint64)
_SIGNATURES: dict[str, tuple[object, ...]] = {
    "parted": (_HANDLE, ctypes.POINTER(ctypes.c_int64), _WORD, _WORD),
    "engine_of": (_HANDLE, _HANDLE),
    "begin_part": (_NUMBER, _HANDLE, ctypes.POINTER(ctypes.c_int64)),
    "owner": (_WORD, _HANDLE, _WORDS),
    "deeper": (None, _HANDLE),
    "take": (_WORD, _HANDLE, _WORD),
    "wanted_rows": (_WORD, _HANDLE),
    "wanted": (None, _HANDLE, _WORDS),
    "boxed": (_WORD, _HANDLE, _WORD),
    "box_at": (_HANDLE, _HANDLE, _WORD),
    "fetched": (None, _HANDLE, _WORD),
    "adopt": (_NUMBER, _HANDLE, ctypes.c_char_p, _WORD),
    "parted_no_more": (None, _HANDLE),
}
_NO_MEMORY = 2**64 - 1


class Beginning(NamedTuple):
    """All that a search begins with: the system as the engine reads it, where bits are, what is known of parties."""

    words: int
    described: Sequence[int]
    layout: Sequence[int]
    lessons: Sequence[Lesson]
    start: Sequence[int]


class Taken(NamedTuple):
    """`left`: so many of its level are still to be looked at; `wanted`: the rows that some of them wait for."""

    left: int
    wanted: Sequence[tuple[int, int]]


class Have(NamedTuple):
    """What a partition has; `sent`: in bytes, what went to others."""

    configurations: int
    steps: int
    quiescent: int
    full_cycles: int
    broken_off: int
    bytes: int
    sent: int


class Found(NamedTuple):
    """One configuration; `origin` the partition and the number that it was first reached from."""

    level: int
    number: int
    words: tuple[int, ...]
    origin: tuple[int, int]


Box = bytes
"""Configurations on their way to their owner: of each its words, and the number here of what leads to it.

Plain bytes are what Dask sends without another copy.
"""


class Partition:
    """Configurations are numbered in the order in which they come here."""

    def __init__(self, number: int, many: int) -> None:
        self.number, self.many = number, many
        self.peers: Sequence[Any] = ()
        self._part: int | None = None
        self._lock = Lock()  # one call at a time, also where somebody no longer waits for the one before

    def meet(self, peers: Sequence[Any]) -> str:
        """Whom to fetch from: the actors of all partitions, by number.  Which version of this module is asked."""
        self.peers = peers
        return version_here()

    def end(self) -> None:
        """No more will be asked of it."""
        with self._lock:
            self.peers = ()
            self._drop()

    def begin(self, beginning: Beginning) -> None:
        """From the start anew; the start belongs to one of them."""
        with self._lock:
            self._drop()
            self.words = beginning.words
            self._library = _library(beginning.words)
            self._part = self._library.parted(_signed(beginning.described), self.number, self.many)
            _enough(self._part)
            self._engine = self._library.engine_of(self._part)
            _enough(self._library.begin_part(self._part, _signed(beginning.layout)))
            self._levels: list[int] = [0]
            self._adopted: list[tuple[int, int]] = []  # from which number on, from whom
            self._sent = 0
            self._learn(beginning.lessons)
            start = (_WORD * self.words)(*beginning.start)
            if self._library.owner(self._part, start) == self.number:
                self._adopt(self.number, bytes(start) + bytes(4))

    # -- a level

    def learn(self, lessons: Sequence[Lesson]) -> None:
        with self._lock:
            self._learn(lessons)

    def _learn(self, lessons: Sequence[Lesson]) -> None:
        for function, *told in lessons:
            _enough(getattr(self._library, function)(self._engine, *told))

    def deeper(self, most: int) -> Taken:
        """All that was found belongs to a level now, of which steps are taken."""
        with self._lock:
            self._library.deeper(self._part)
            self._levels.append(self._told().configurations)
        return self.take(most)

    def take(self, most: int) -> Taken:
        """The steps from those that wait for rows, and from up to `most` more."""
        with self._lock:
            left = self._library.take(self._part, most)
            _enough(left != _NO_MEMORY)
            wanted = (_WORD * (2 * self._library.wanted_rows(self._part)))()
            self._library.wanted(self._part, wanted)
            return Taken(left, tuple(zip(wanted[::2], wanted[1::2], strict=True)))

    async def fetch(self, owner: int) -> Box:
        """What was found for a partition, and is here no more then.  Nobody takes steps while boxes are fetched."""
        part, many = self._part, self._library.boxed(self._part, owner)
        box = ctypes.string_at(self._library.box_at(part, owner), many) if many else b""
        self._library.fetched(part, owner)
        self._sent += len(box) * (owner != self.number)
        return box

    async def collect(self) -> Have:
        """Takes in what all found for this one, in the order of partitions: so numbers are always the same."""
        boxes = [self.fetch(self.number) if each == self.number else peer.fetch(self.number)
                 for each, peer in enumerate(self.peers)]  # fmt: skip
        return await asyncio.to_thread(self._take_in, [await each for each in boxes])

    def _take_in(self, boxes: list[Box]) -> Have:
        with self._lock:
            for sender, box in enumerate(boxes):
                self._adopt(sender, box)
            return self._have()

    def _adopt(self, sender: int, box: Box) -> None:
        before = self._told().configurations
        _enough(self._library.adopt(self._part, box, len(box)))
        if self._told().configurations > before:
            self._adopted.append((before, sender))

    # -- what was found

    def have(self) -> Have:
        with self._lock:
            return self._have()

    def _have(self) -> Have:
        told = self._told()
        return Have(
            told.configurations,
            told.steps,
            told.quiescent,
            told.full_cycles,
            told.broken_off,
            told.bytes,
            self._sent,
        )

    def noted(self) -> list[Found]:
        """Where something was first seen here, among what was looked at."""
        with self._lock:
            told, found = self._told(), self._library.notables(self._engine)
            numbers = sorted(set(found[: told.notables]))
            return [self._found(number) for number in numbers if number < told.looked]

    def found(self, numbers: Sequence[int]) -> list[Found]:
        with self._lock:
            return [self._found(number) for number in numbers]

    def _found(self, number: int) -> Found:
        words = self._library.configurations(self._engine)
        sender = self._adopted[bisect_right(self._adopted, (number, self.many)) - 1][1]
        return Found(
            bisect_right(self._levels, number) - 1,
            number,
            tuple(words[number * self.words : (number + 1) * self.words]),
            (sender, int(self._library.origins(self._engine)[number])),
        )

    # -- the compiled part

    def _told(self) -> Told:
        told = (_WORD * len(Told._fields))()
        self._library.told(self._engine, told)
        return Told(*told)

    def _drop(self) -> None:
        if self._part:
            self._library.parted_no_more(self._part)
            self._part = None

    def __del__(self) -> None:
        self._drop()


@cache
def version_here() -> str:
    """Of all that has to mean the same everywhere."""
    here, hashed = Path(__file__).parent, hashlib.sha256()
    for path in (*(ENGINE.parent / name for name in SOURCES), here / "partition.c", here / "partition.py"):
        hashed.update(path.read_bytes())
    return hashed.hexdigest()


@cache
def _library(words: int) -> ctypes.CDLL:
    loaded = library(words, main=Path(__file__).parent / "partition.c")
    for name, (result, *arguments) in _SIGNATURES.items():
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, arguments
    return loaded


def _signed(numbers: Sequence[int]) -> "ctypes.Array[ctypes.c_int64]":
    return (ctypes.c_int64 * len(numbers))(*array("q", numbers))


def _enough(done: object) -> None:
    if not done:
        raise MemoryError
