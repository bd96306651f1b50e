"""How fast the compiled engine is beside SPIN, on the same models, in one run: `make bench`.

SPIN explores `benchmark.pml`, written by hand for it, by its best sequential exhaustive build for safety; the smallest
model is a flow of it alone, written by `clausework export promela`.  All are timed
in processes of their own, by turns, so that what else the machine does strikes them alike; of several rounds the median
counts.  Before each, memory is touched and given back: a virtual machine's host may take away what is free, and is slow
to give it again (on one that we measured on, 64 MB took 7 or 220 ms), which would strike whoever comes after a pause.
On one core the seconds are those of the processor, as the clock on the wall tells more of the neighbours than of us; on
two cores they are those of the clock, of SPIN too, and mean something only where nobody else is at work.

    states/s   of the search alone: pan's run, which has the model compiled into it, and ours once the tables know the
               reactions of the model
    tables     seconds that the reference needed to fill them, while the search waited; `with`: the ratio with these in it
    verdict    everything: `spin -a`, compiler, pan; ours from the YAML files, compiled at the first use ever and later
    B/state    our arrays; pan's whole memory

`no cc`: where no compiler is on the path, the one from PyPI serves if it is there (`ziglang`), else the reference.
`1st use` is that of a checkout, which compiles the engine; a wheel brings it, so there the first use is as a later one.
`2 words` and so on: the same states, spread over as many words as that by leaving bits of each unused (SPIN's don't get
wider by that); one that takes more words than it says got them when the tables grew.  `parents`: what leads to each
state is kept, for runs that show what fails.

Sizes are named on the command line, by default all but those of ten million and more: they take minutes, and of the
largest there is one round (SPIN needs 13 GB).  `--plot FILE` draws time and memory over the number of states (SVG), up
to ten million if nothing else is said.
"""

import importlib.util
import json
import mmap
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from curve import Line, Point, drawn

from clausework.explore.packed.compiled import PACKAGE, NoCompiler
from clausework.explore.packed.engine import Crew
from clausework.explore.packed.layout import WORD, arranged
from clausework.explore.packed.search import PackedSearch
from clausework.explore.promela import promela
from clausework.explore.search.breadth_first import Search
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, named
from clausework.read import read
from clausework.semantics.building import system
from clausework.semantics.space import Space

TESTS = Path(__file__).parent.parent
MODEL = TESTS / "explore" / "benchmark_model"
ROUNDS = 5
TOUCHED = 1 << 30
"""Bytes: more than either has need of for what takes so little time that it matters."""
SMALL = 50_000
"""What the reference is asked for, where nothing else is there."""

SIZES = {
    "2e1": ("login", "one_user", ""),
    "4e2": ("booking", "small", "-DN=1 -DM=1 -DK=1 -DLOSSY=0"),
    "4e4": ("lossy", "one_user", "-DN=1 -DM=1 -DK=2 -DLOSSY=1"),
    "2e5": ("lossy", "two_users", "-DN=2 -DM=1 -DK=1 -DLOSSY=1"),
    "2e6": ("booking", "large", "-DN=2 -DM=1 -DK=2 -DLOSSY=0"),
    "1e7": ("lossy", "two_of_each", "-DN=2 -DM=2 -DK=1 -DLOSSY=1"),
    "1e8": ("booking", "two_of_each", "-DN=2 -DM=2 -DK=2 -DLOSSY=0"),
}
LARGE = ("1e7", "1e8")
SLOTS = {"1e8": "-w27"}
"""For SPIN's table, where it would grow many times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """`cores`: how many threads; `compiler`: whether one may be found on the path; `words`: of a state, at least."""

    name: str
    cores: int = 1
    compiler: bool = True
    words: int = 1
    parents: bool = False


ALONE = Way(name="one core")
WAYS = (ALONE, Way(name="two cores", cores=2), Way(name="no cc", compiler=False))
MORE_WAYS = {
    "2e6": tuple(Way(name=f"{words} words", words=words) for words in (2, 4, 8)),
    "1e7": (Way(name="parents", parents=True),),
    "1e8": (Way(name="parents", parents=True),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds of the processor and on the wall: of the search, and of everything."""

    states: int
    search: float
    search_wall: float
    tables: float
    verdict: float
    verdict_wall: float
    memory: int
    words: int = 1


def ours(way: Way, flow: str, check: str, home: Path) -> Measured:
    """In a process of its own, with its own cache of what is compiled."""
    asked = (way.cores, way.words, int(way.parents))
    command = [sys.executable, __file__, "--search", flow, check, *map(str, asked)]
    environment = {**os.environ, "HOME": str(home)} | ({} if way.compiler else {"PATH": ""})
    told, verdict, passed, _ = timed(command, MODEL, environment)
    found = json.loads(told)
    return Measured(
        states=found["states"],
        search=found["seconds"],
        search_wall=found["wall"],
        tables=found["tables"],
        verdict=verdict,
        verdict_wall=passed,
        memory=found["bytes"],
        words=found["words"],
    )


def search(flow_name: str, check_name: str, cores: str, words: str, parents: str) -> None:
    standard, flow, check = question(flow_name, check_name)
    space = Space(system(standard, flow, check))
    word = narrow(Space(system(standard, flow, check)), int(words)) if int(words) > 1 else WORD
    try:
        found = by_engine(space, int(cores), word, parents=bool(int(parents)))
    except NoCompiler:
        found = by_reference(space)
    states, seconds, wall, tables, memory, used = found
    told = {"states": states, "seconds": seconds, "wall": wall, "tables": tables, "bytes": memory, "words": used}
    print(json.dumps(told))


def question(flow_name: str, check_name: str) -> tuple[Standard, Flow, Check]:
    folder = MODEL / "spec"
    texts = {f"spec/{path.relative_to(folder)}": path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}
    standard = read(texts).standards[0]
    flow = named(standard.flows, flow_name)
    return standard, flow, next(each for each in (*flow.checks, *flow.large_checks) if each.name == check_name)


def narrow(space: Space, words: int) -> int:
    """How many bits of each word may be used, for the states to take so many words."""
    known = PackedSearch(space, SMALL, parents=False)
    known.run()
    return next(word for word in range(WORD, 1, -1) if arranged(known.tables.widths(), word).words >= words)


def by_engine(space: Space, cores: int, word: int, *, parents: bool) -> tuple[int, float, float, float, int, int]:
    """States, seconds of the processor and on the wall, those that went into tables, bytes, words of a state."""
    found = PackedSearch(space, 10**10, parents=parents, word=word, crew=Crew(workers=cores))
    fill, tables = found.engine.fill, 0.0

    def timed_fill() -> None:
        nonlocal tables
        before = time.thread_time()
        fill()
        tables += time.thread_time() - before

    found.engine.fill = timed_fill
    before, began = processor(), time.perf_counter()
    found.run()
    passed = time.perf_counter() - began
    return found.configurations, processor() - before, passed, tables, found.bytes, found.engine.words


def by_reference(space: Space) -> tuple[int, float, float, float, int, int]:
    found = Search(space, SMALL)
    before, began = processor(), time.perf_counter()
    found.run()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return len(found.order), processor() - before, time.perf_counter() - began, 0.0, memory, 0


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def spin(defined: str, folder: Path, slots: str) -> Measured:
    verdict = verdict_wall = 0.0
    told, cost, passed, largest = "", 0.0, 0.0, 0
    cc = "cc -w -O2 -DBFS -DNOREDUCE -DSAFETY -o pan pan.c"
    model = f"{defined} {MODEL / 'benchmark.pml'}" if defined else "model.pml"
    for command in (f"spin -a {model}", cc, f"./pan -E {slots}"):
        told, cost, passed, largest = timed(command.split(), folder, dict(os.environ))
        verdict += cost
        verdict_wall += passed
    stored = re.search(r"(\d+) states, stored", told)
    assert stored is not None, told
    states = int(stored[1]) - 1
    return Measured(
        states=states,
        search=cost,
        search_wall=passed,
        tables=0.0,
        verdict=verdict,
        verdict_wall=verdict_wall,
        memory=largest,
    )


def timed(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[str, float, float, int]:
    """What was told; seconds of the processor and on the wall; the most memory."""
    subprocess.run([sys.executable, __file__, "--touch"], check=True)
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        passed = time.perf_counter() - began
        assert process.returncode == 0, command
        output.seek(0)
        return output.read(), used.ru_utime + used.ru_stime, passed, used.ru_maxrss * 1024


def touch() -> None:
    """So that the machine has it at hand, in large pages, too: in a process of its own, as it would count as its child's."""
    pages = mmap.mmap(-1, TOUCHED, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        pages.madvise(mmap.MADV_HUGEPAGE)
    for at in range(0, TOUCHED, mmap.PAGESIZE):
        pages[at] = 1


def compared(size: str) -> Iterator[tuple[str, Point]]:
    """A line for each way on standard output; what is to be drawn of it."""
    flow, check, defined = SIZES[size]
    with tempfile.TemporaryDirectory() as own, tempfile.TemporaryDirectory() as packaged:
        homes = {True: Path(own), False: Path(packaged)}
        if not defined:
            (Path(own) / "model.pml").write_text(promela(*question(flow, check)))
        firsts = {way: ours(way, flow, check, homes[way.compiler]) for way in (*WAYS, *MORE_WAYS.get(size, ()))}
        states = firsts[ALONE].states
        ways = [way for way in firsts if firsts[way].states == states]
        mine: dict[Way, list[Measured]] = {way: [] for way in ways}
        theirs = []
        for _ in range(1 if size == LARGE[-1] else ROUNDS):
            theirs.append(spin(defined, Path(own), SLOTS.get(size, "")))
            for way in ways:
                mine[way].append(ours(way, flow, check, homes[way.compiler]))
    found = {each.states for each in (*theirs, *(one for each in mine.values() for one in each))}
    assert found == {states}, f"the counts differ: {found}"
    for way in ways:
        told(way, firsts[way], mine[way], theirs)
        if way in WAYS:
            yield (
                f"ours, {way.name}",
                Point(states, median(seconds(way, each) for each in mine[way]), mine[way][0].memory),
            )
    yield "SPIN", Point(states, median(each.search for each in theirs), theirs[0].memory)


def seconds(way: Way, each: Measured) -> float:
    return each.search if way.cores == 1 else each.search_wall


def whole(way: Way, each: Measured) -> float:
    return each.verdict if way.cores == 1 else each.verdict_wall


def told(way: Way, first: Measured, mine: list[Measured], theirs: list[Measured]) -> None:
    own, other = (median(seconds(way, each) for each in found) for found in (mine, theirs))
    tables = median(each.tables for each in mine)
    verdict, longer = (median(whole(way, each) for each in found) for found in (mine, theirs))
    name = f"{first.words} words" if way.words > 1 else way.name
    print(
        f"{first.states:>12,}  {name:>9}  {first.states / (own - tables):>11,.0f}  {first.states / other:>9,.0f}"
        f"  {other / (own - tables):>6.1f}  {tables:>7.3f}  {other / own:>6.1f}"
        f"  {whole(way, first):>8.2f}  {verdict:>7.2f}  {longer:>7.2f}  {longer / verdict:>6.1f}"
        f"  {mine[0].memory / first.states:>7.1f}  {theirs[0].memory / first.states:>7.1f}",
        flush=True,
    )


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--search"]:
        search(*arguments[1:])
        return
    if arguments[:1] == ["--touch"]:
        touch()
        return
    plot = Path(arguments[arguments.index("--plot") + 1]) if "--plot" in arguments else None
    sizes = [each for each in arguments if each in SIZES] or [
        each for each in SIZES if each not in LARGE or (plot and each != LARGE[-1])
    ]
    if importlib.util.find_spec(PACKAGE) is None:
        print(f"no cc: `{PACKAGE}` isn't installed, so the reference serves, up to {SMALL:,} states")
    print(
        "                           states per second                               seconds to the verdict        bytes a state"
    )
    print(
        "      states      ours         ours       SPIN   ratio   tables    with   1st use    later     SPIN   ratio     ours     SPIN"
    )
    lines: dict[str, list[Point]] = {}
    for size in sizes:
        for name, point in compared(size):
            lines.setdefault(name, []).append(point)
    if plot is not None:
        plot.write_text(drawn([Line(name, tuple(points)) for name, points in lines.items()]))


if __name__ == "__main__":
    main(sys.argv[1:])
