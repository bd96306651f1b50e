"""How fast the compiled engine is beside SPIN, on the same models, in one run: `make bench`.

SPIN explores `benchmark.pml`, written by hand for it, by its best sequential exhaustive build for safety.  Both are
timed in processes of their own, by turns, so that what else the machine does strikes both; of several rounds the median
counts.  Seconds are those of the processor, as the clock on the wall tells more of the neighbours than of us.

    states/s   of the search alone: pan's run, ours without reading and compiling
    verdict    everything: `spin -a`, compiler, pan; ours from the YAML files, compiled at the first use ever and later
    B/state    our arrays; pan's whole memory, less what it takes for the smallest model
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

TESTS = Path(__file__).parent.parent
MODEL = TESTS / "explore" / "benchmark_model"
ROUNDS = 3

SIZES = {
    "4e2": ("booking", "small", "-DN=1 -DM=1 -DK=1 -DLOSSY=0"),
    "4e4": ("lossy", "one_user", "-DN=1 -DM=1 -DK=2 -DLOSSY=1"),
    "2e5": ("lossy", "two_users", "-DN=2 -DM=1 -DK=1 -DLOSSY=1"),
    "2e6": ("booking", "large", "-DN=2 -DM=1 -DK=2 -DLOSSY=0"),
    "1e7": ("lossy", "two_of_each", "-DN=2 -DM=2 -DK=1 -DLOSSY=1"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds of the processor and on the wall: of the search, and of everything."""

    states: int
    search: float
    verdict: float
    wall: float
    memory: int


def ours(flow: str, check: str, home: Path) -> Measured:
    """In a process of its own, with its own cache of what is compiled."""
    command = [sys.executable, __file__, "--search", flow, check]
    told, verdict, wall, _ = timed(command, MODEL, {**os.environ, "HOME": str(home)})
    found = json.loads(told)
    return Measured(states=found["states"], search=found["seconds"], verdict=verdict, wall=wall, memory=found["bytes"])


def search(flow_name: str, check_name: str) -> None:
    from clausework.explore.packed.search import PackedSearch
    from clausework.model.standard import named
    from clausework.read import read
    from clausework.semantics.building import system
    from clausework.semantics.space import Space

    folder = MODEL / "spec"
    texts = {f"spec/{path.relative_to(folder)}": path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}
    standard = read(texts).standards[0]
    flow = named(standard.flows, flow_name)
    check = next(each for each in flow.checks if each.name == check_name)
    found = PackedSearch(Space(system(standard, flow, check)), 10**10, parents=False)
    before = processor()
    found.run()
    print(json.dumps({"states": found.configurations, "seconds": processor() - before, "bytes": found.bytes}))


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def spin(defined: str, folder: Path) -> Measured:
    verdict = wall = 0.0
    told, cost, largest = "", 0.0, 0
    cc = "cc -w -O2 -DBFS -DNOREDUCE -DSAFETY -o pan pan.c"
    for command in (f"spin -a {defined} {MODEL / 'benchmark.pml'}", cc, "./pan -E"):
        told, cost, passed, largest = timed(command.split(), folder, dict(os.environ))
        verdict += cost
        wall += passed
    stored = re.search(r"(\d+) states, stored", told)
    assert stored is not None, told
    return Measured(states=int(stored[1]) - 1, search=cost, verdict=verdict, wall=wall, memory=largest)


def timed(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[str, float, float, int]:
    """What was told; seconds of the processor and on the wall; the most memory."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        passed = time.perf_counter() - began
        assert process.returncode == 0, command
        output.seek(0)
        return output.read(), used.ru_utime + used.ru_stime, passed, used.ru_maxrss * 1024


def compared(size: str) -> None:
    flow, check, defined = SIZES[size]
    with tempfile.TemporaryDirectory() as home:
        first = ours(flow, check, Path(home))
        mine, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(spin(defined, Path(home)))
            mine.append(ours(flow, check, Path(home)))
    assert {each.states for each in (*mine, *theirs)} == {first.states}, "the counts differ"
    speed = median(each.search for each in theirs) / median(each.search for each in mine)
    verdict = median(each.verdict for each in theirs) / median(each.verdict for each in mine)
    print(
        f"{first.states:>12,}  {rate(mine):>11,.0f}  {rate(theirs):>9,.0f}  {speed:>6.1f}"
        f"  {first.verdict:>8.2f}  {median(each.verdict for each in mine):>7.2f}"
        f"  {median(each.verdict for each in theirs):>7.2f}  {verdict:>6.1f}"
        f"  {mine[0].memory / first.states:>7.1f}  {theirs[0].memory / first.states:>7.1f}",
        flush=True,
    )


def rate(found: list[Measured]) -> float:
    return median(each.states / each.search for each in found)


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--search"]:
        search(*arguments[1:])
        return
    print("                   states per second           seconds to the verdict             bytes a state")
    print("      states         ours       SPIN   ratio   1st use    later     SPIN   ratio     ours     SPIN")
    for size in arguments or [each for each in SIZES if each != "1e7"]:
        compared(size)


if __name__ == "__main__":
    main(sys.argv[1:])
