"""DOT to SVG, PNG and PDF, with a time limit that holds.

A layout in this process could neither be interrupted nor survive a crash of Graphviz.  So
a worker process draws one diagram after another; one that takes too long is reported,
and the next gets a new worker.

Graphviz goes on after an error in a label and leaves the label empty; so what it writes
to stderr decides, too: an error fails the diagram, the known noise about fonts doesn't.
"""

import base64
import contextlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal

from clausework.emit.graphviz.svg import finish_svg
from clausework.emit.graphviz.worker import END

Format = Literal["svg", "png", "pdf"]

NO_GRAPHVIZ: Final = (
    "nothing to draw with: pygraphviz can't be imported and there is no program `dot`; "
    "install pygraphviz 2 or Graphviz, then draw again"
)
_START: Final = 60.0
_NOISE: Final = re.compile(r"Fontconfig|in label of|.*cell size too small for content")


@dataclass(frozen=True, slots=True)
class Job:
    """`name` becomes the id of the SVG, and the prefix of the ids in it."""

    name: str
    dot: str
    format: Format = "svg"


@dataclass(frozen=True, slots=True)
class Drawn:
    name: str
    format: Format
    data: bytes
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    name: str
    format: Format
    why: str


def render(jobs: Iterable[Job], seconds: float, *, python: str = sys.executable) -> Iterator[Drawn | Failed]:
    """The diagrams, in order; an SVG comes finished (`finish_svg`).  `seconds` is for each of them.

    Without any Graphviz the first diagram fails with `NO_GRAPHVIZ`, and no other follows.
    """
    worker: _Worker | None = None
    try:
        for job in jobs:
            worker = worker or _Worker(python)
            if not worker.can_draw:
                yield Failed(job.name, job.format, NO_GRAPHVIZ)
                return
            result = worker.draw(job, seconds)
            yield result
            if not worker.is_alive:
                worker.stop()
                worker = None
    finally:
        if worker is not None:
            worker.stop()


class _Worker:
    """A process that draws.  Threads read what it says, so that waiting can end."""

    def __init__(self, python: str) -> None:
        program = [python, "-P", str(Path(__file__).with_name("worker.py"))]
        self._process = subprocess.Popen(  # noqa: S603  our own file, run by our own Python
            program,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._stdin = self._process.stdin
        self._answers = _lines(self._process.stdout)
        self._noise = _lines(self._process.stderr)
        self.is_alive = True
        self.can_draw = self._greeting() is not None

    def _greeting(self) -> str | None:
        """What it draws with, or None if there is nothing."""
        with contextlib.suppress(queue.Empty):
            hello = self._answers.get(timeout=_START)
            found: str | None = json.loads(hello)["with"] if hello is not None else None
            return found
        return None

    def draw(self, job: Job, seconds: float) -> Drawn | Failed:
        engine = re.search(r'\blayout="?(\w+)', job.dot)
        request = {"dot": job.dot, "format": job.format, "engine": engine[1] if engine else "dot"}
        try:
            self._stdin.write(json.dumps(request) + "\n")
            self._stdin.flush()
        except OSError:
            self.is_alive = False
            return Failed(job.name, job.format, "the process that draws has died")
        try:
            answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.is_alive = False
            return Failed(job.name, job.format, f"not laid out within {seconds:g} seconds")
        if answer is None:
            self.is_alive = False
            return Failed(job.name, job.format, "the process that draws died over it")
        return _result(job, json.loads(answer), self._said())

    def stop(self) -> None:
        """Ends the process and what it has started."""
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def _said(self) -> list[str]:
        """What Graphviz wrote to stderr about the last diagram."""
        said = []
        while (line := self._noise.get(timeout=_START)) not in (None, END):
            said.append(line)
        return [line for line in said if line.strip() and not _NOISE.match(line)]


def _lines(stream: IO[str]) -> "queue.Queue[str | None]":
    """The lines of a stream as they come; None when it ends."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in stream:
            lines.put(line.rstrip("\n"))
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _result(job: Job, answer: dict[str, str], said: list[str]) -> Drawn | Failed:
    if "error" in answer:
        return Failed(job.name, job.format, "; ".join([answer["error"], *said]))
    wrong = [line for line in said if line.startswith("Error")]
    if wrong:
        return Failed(job.name, job.format, "; ".join(wrong))
    data = base64.b64decode(answer["data"])
    if job.format == "svg":
        data = finish_svg(data.decode("utf-8"), name=job.name, dot=job.dot).encode("utf-8")
    return Drawn(job.name, job.format, data, tuple(said))
