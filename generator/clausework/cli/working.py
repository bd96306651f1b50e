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
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from clausework.source import Source

if TYPE_CHECKING:
    from clausework.model.sequence import Check
    from clausework.model.standard import Flow, Standard
    from clausework.semantics.verdict import Exploration

    Asked = tuple[Standard, Flow, Check]

FEW = 8
"""So many checks aren't worth a process."""

_asked: "list[Asked]" = []
"""In a process of ours: what it may be asked for, by number."""


def processes(wanted: int | None) -> int:
    """How many are used: those that were asked for, or as many as we may run on."""
    if "fork" not in multiprocessing.get_all_start_methods() or not hasattr(os, "sched_getaffinity"):
        return 1
    return wanted or len(os.sched_getaffinity(0))


@contextmanager
def exploring(asked: "Sequence[Asked]", many: int) -> "Iterator[Iterator[Exploration]]":
    """Explorations in the order in which they were asked for, as soon as all before them are there.

    The processes are begun at once, before anybody begins a thread; and ended with the block, in the middle of a check,
    too.  `BrokenProcessPool` if one is ended by somebody else.
    """
    sources = _sources([standard for standard, _, _ in asked])
    pool = ProcessPoolExecutor(many, multiprocessing.get_context("fork"), _begins, (asked,))
    try:
        found = pool.map(_explored, range(len(asked)))
        yield (_loaded(data, sources) for data in found)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()


def _begins(asked: "Sequence[Asked]") -> None:
    """Ctrl-C is for who asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _asked.extend(asked)


def _explored(number: int) -> bytes:
    from clausework import pipeline

    buffer = io.BytesIO()
    _Pickler(buffer).dump(pipeline.explore(*_asked[number]))
    return buffer.getvalue()


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
