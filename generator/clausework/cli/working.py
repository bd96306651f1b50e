"""Several checks at a time: each explored by a process of its own, as many as there are processors.

Processes are forked, so they have read what we have; where that can't be done, one check is explored after the other.
What comes back names texts by their path: nobody needs a second copy.
"""

import io
import multiprocessing
import os
import pickle
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from clausework.source import Source

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

    from clausework.model.sequence import Check
    from clausework.model.standard import Flow, Standard
    from clausework.semantics.verdict import Exploration

    Asked = tuple[Standard, Flow, Check]
    Channel = Connection[Any, Any]

FEW = 8
"""So many checks aren't worth a process."""


class Ended(Exception):
    """A process ended before its work did: somebody killed it, or it met a fault of ours, which it has told."""


def processes(wanted: int | None) -> int:
    """How many are used: those that were asked for, or as many as we may run on."""
    if "fork" not in multiprocessing.get_all_start_methods() or not hasattr(os, "sched_getaffinity"):
        return 1
    return wanted or len(os.sched_getaffinity(0))


@contextmanager
def exploring(asked: "Sequence[Asked]", many: int) -> "Iterator[Iterator[Exploration]]":
    """Explorations in the order in which they were asked for, as soon as all before them are there; or `Ended`.

    The processes are begun at once, before anybody begins a thread, and ended with the block: in the middle of a check,
    too.  Not by an executor of the library: that has a thread, which fails loudly where work is given up in the middle.
    """
    sources = _sources([standard for standard, _, _ in asked])
    working = dict(_begun(asked) for _ in range(many))
    try:
        yield (_loaded(data, sources) for data in _in_order(len(asked), list(working)))
    finally:
        for process in working.values():
            process.terminate()
        for connection, process in working.items():
            process.join()
            connection.close()


def _begun(asked: "Sequence[Asked]") -> "tuple[Channel, ForkProcess]":
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_works, args=(theirs, asked), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def _in_order(many: int, working: "list[Channel]") -> Iterator[bytes]:
    """Each process is given the next number, and gives what it explored under it."""
    numbers, done = iter(range(many)), dict[int, bytes]()
    busy = [each for each in working if _goes_on(each, numbers)]
    for following in range(many):
        while following not in done:
            ready = wait(busy)
            for each in [one for one in busy if one in ready]:
                try:
                    number, found = each.recv()
                except (EOFError, ConnectionError) as problem:
                    raise Ended from problem
                done[number] = found
                if not _goes_on(each, numbers):
                    busy.remove(each)
        yield done.pop(following)


def _goes_on(channel: "Channel", numbers: Iterator[int]) -> bool:
    number = next(numbers, None)
    if number is None:
        return False
    try:
        channel.send(number)
    except ConnectionError as problem:
        raise Ended from problem
    return True


def _works(theirs: "Channel", asked: "Sequence[Asked]") -> None:
    """What a process does, until it is ended, or there is nobody to work for.  Ctrl-C is for who asked."""
    from clausework import pipeline

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, ConnectionError):
        while True:
            number = theirs.recv()
            buffer = io.BytesIO()
            _Pickler(buffer).dump(pipeline.explore(*asked[number]))
            theirs.send((number, buffer.getvalue()))


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.sources: dict[str, Source] = {}

    def persistent_id(self, obj: object) -> str | None:
        if isinstance(obj, Source):
            self.sources[obj.path] = obj
            return obj.path
        return None


class _Unpickler(pickle.Unpickler):
    """Reads only what our own processes wrote."""

    def __init__(self, file: io.BytesIO, sources: dict[str, Source]) -> None:
        super().__init__(file)
        self.sources = sources

    def persistent_load(self, pid: str) -> Source:
        return self.sources[pid]


def _sources(standards: "list[Standard]") -> dict[str, Source]:
    """All texts that anything in the standards stands in."""
    pickler = _Pickler(io.BytesIO())
    pickler.dump(list({id(each): each for each in standards}.values()))
    return pickler.sources


def _loaded(data: bytes, sources: dict[str, Source]) -> "Exploration":
    found: Exploration = _Unpickler(io.BytesIO(data), sources).load()
    return found
