"""What sharing a search out costs: the compiled engine alone, then one and two workers of Dask on this machine.

All in one run, by turns, so that what else the machine does strikes them alike; of several rounds the median counts.
Workers are processes, so what they exchange goes through sockets, as between machines, but faster.

    wall       seconds until the verdict, without reading, and without beginning the workers
    processor  seconds of all workers together (engine c: of the search)
    sent       bytes that workers sent one another, for each configuration
    kept       bytes in tables, for each configuration

Then what a meeting of all workers costs, by how many they are, where they have nothing to tell (`collect`: each asks each
for what was found for it): the part that doesn't get less with more machines.  `here`: of this process, which is client
and scheduler.  `machines.md` makes a model of it.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from distributed import Client, LocalCluster

from clausework.explore.distributed import exploring as shared
from clausework.explore.distributed.cluster import Team
from clausework.explore.distributed.search import PartitionedSearch
from clausework.explore.packed import exploring as packed
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard, named
from clausework.read import read
from clausework.semantics.building import system
from clausework.semantics.space import Space

MODEL = Path(__file__).parent.parent / "explore" / "benchmark_model" / "spec"
ROUNDS, MEETINGS = 3, 100
SIZES = {"2e5": ("lossy", "two_users"), "2e6": ("booking", "large"), "1e7": ("lossy", "two_of_each")}
Question = tuple[Standard, Flow, Check]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    configurations: int
    wall: float
    processor: float
    sent: int = 0
    kept: int = 0


def question(size: str) -> Question:
    texts = {f"spec/{path.relative_to(MODEL)}": path.read_bytes() for path in sorted(MODEL.rglob("*.yaml"))}
    standard = read(texts).standards[0]
    flow_name, check_name = SIZES[size]
    flow = named(standard.flows, flow_name)
    return standard, flow, next(each for each in flow.checks if each.name == check_name)


@contextmanager
def workers(many: int) -> "Iterator[Client]":
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(  # type: ignore[no-untyped-call]  # Dask's
            n_workers=many, threads_per_worker=1, dashboard_address="127.0.0.1:0", local_directory=folder
        ) as cluster,
        Client(cluster, set_as_default=False) as client,  # type: ignore[no-untyped-call]  # Dask's
    ):
        yield client


def used() -> float:
    found = resource.getrusage(resource.RUSAGE_SELF)
    return found.ru_utime + found.ru_stime


def alone(asked: Question) -> Measured:
    before, began = used(), time.perf_counter()
    found = packed.explore(*asked)
    return Measured(configurations=found.configurations, wall=time.perf_counter() - began, processor=used() - before)


def together(client: "Client", asked: Question) -> Measured:
    def processor() -> float:
        return float(sum(client.run(used).values()))

    before, began = processor(), time.perf_counter()
    shared.explore(*asked, client=client)
    wall, spent = time.perf_counter() - began, processor() - before
    sent, kept, configurations = counted(client, asked)
    return Measured(configurations=configurations, wall=wall, processor=spent, sent=sent, kept=kept)


def counted(client: "Client", asked: Question) -> tuple[int, int, int]:
    """Once more, for what isn't told with the verdict."""
    with client.as_current(), Team(client) as team:
        search = PartitionedSearch(Space(system(*asked)), team, 10**12)
        search.run()
        return (
            sum(each.sent for each in search.have),
            sum(each.bytes for each in search.have),
            search.configurations,
        )


def compared(size: str) -> None:
    asked = question(size)
    found: dict[str, list[Measured]] = {"engine c": [], "one worker": [], "two workers": []}
    with workers(1) as one, workers(2) as two:
        ways: dict[str, Callable[[], Measured]] = {
            "engine c": lambda: alone(asked),
            "one worker": lambda: together(one, asked),
            "two workers": lambda: together(two, asked),
        }
        for way in ways.values():
            way()  # what is compiled, or loaded, once
        for _ in range(ROUNDS):
            for name, way in ways.items():
                found[name].append(way())
    counts = {each.configurations for every in found.values() for each in every}
    assert len(counts) == 1, f"the counts differ: {counts}"
    first = median(each.wall for each in found["engine c"])
    for name, every in found.items():
        wall, spent = median(each.wall for each in every), median(each.processor for each in every)
        each = every[0]
        print(
            f"{each.configurations:>12,}  {name:>11}  {wall:>7.2f}  {first / wall:>6.2f}  {spent:>9.2f}"
            f"  {1e6 * spent / each.configurations:>7.2f}  {each.sent / each.configurations:>6.1f}"
            f"  {each.kept / each.configurations:>6.1f}",
            flush=True,
        )


def met(many: int) -> None:
    """What a meeting costs where nobody has anything to tell."""
    with workers(many) as client, client.as_current(), Team(client) as team:
        search = PartitionedSearch(Space(system(*question("2e5"))), team, 100)
        search.run()
        for method in ("have", "collect"):
            spent, own, began = sum(client.run(used).values()), used(), time.perf_counter()
            for _ in range(MEETINGS):
                team.every(method)
            wall, own = (time.perf_counter() - began) / MEETINGS, (used() - own) / MEETINGS
            spent = (sum(client.run(used).values()) - spent) / MEETINGS
            print(f"{many:>12}  {method:>11}  {1e3 * wall:>7.2f}  {1e3 * own:>8.2f}  {1e3 * spent:>10.2f}", flush=True)


def main(arguments: list[str]) -> None:
    print("configurations         who     wall   ratio  processor  µs each    sent    kept")
    for size in [each for each in arguments if each in SIZES] or ["2e5", "2e6"]:
        compared(size)
    print("\n                              ms     of it, or beside it, on a processor: ms")
    print("     workers    meeting     wall      here     workers")
    for many in (1, 2, 4, 8):
        met(many)


if __name__ == "__main__":
    main(sys.argv[1:])
