"""A check of a flow, explored by the workers of a Dask cluster together.

It answers what the compiled engine does (`packed.exploring`), which each worker runs: findings of steps, `stuck`,
`unread`, `never-given`, full queues, `always`, `never`, `settled`, and `possible` where no fault is in the check.  Of
runs it says nothing.
"""

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clausework.explore import exploring as reference
from clausework.explore.distributed.cluster import Team, connected
from clausework.explore.distributed.search import NEAR, PartitionedSearch
from clausework.explore.engines import RUNS
from clausework.explore.packed.bounds import NONE, Bounds
from clausework.explore.packed.exploring import UNUSABLE
from clausework.explore.packed.layout import WORD
from clausework.explore.packed.views import views
from clausework.explore.verdicts.answers import answers_by
from clausework.explore.verdicts.findings import findings_by
from clausework.explore.verdicts.looking import is_plain, judged_here
from clausework.explore.verdicts.watching import Watch
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import system
from clausework.semantics.space import Space
from clausework.semantics.values import Unexplorable
from clausework.semantics.verdict import Exploration

if TYPE_CHECKING:
    from distributed import Client

MOST = 1_000_000_000_000


@dataclass
class Noted:
    """What the partitions found, and what the reference's watcher says of it."""

    space: Space
    search: PartitionedSearch
    watch: Watch


def explore_at(
    address: str, standard: Standard, flow: Flow, check: Check, bounds: Bounds = NONE, *, workers: int = 0
) -> Exploration:
    """As `explore`, by the cluster of a scheduler; raises `Lost` if there is none."""
    with connected(address) as client:
        return explore(standard, flow, check, bounds, client=client, workers=workers)


def explore(
    standard: Standard,
    flow: Flow,
    check: Check,
    bounds: Bounds = NONE,
    *,
    client: "Client",
    workers: int = 0,
    near: int = NEAR,
    word: int = WORD,
) -> Exploration:
    """By so many workers of a cluster (0: by all), a partition each; by the reference, telling why, where they can't.

    Raises `Lost` if one of them goes.  `near`: so many configurations are looked at before by ourselves alone; `word`:
    so many bits of a word are used.
    """
    began = time.monotonic()
    try:
        space = Space(system(standard, flow, check))
    except Unexplorable as problem:
        return reference.unbound_exploration(flow, check, problem, began)
    watch = Watch(space, tuple(each for each in judged_here(space.system) if is_plain(each)))
    wanted = bounds.most or check.most or MOST
    with client.as_current(), Team(client, workers) as team:
        search = PartitionedSearch(
            space,
            team,
            wanted,
            bounds.progress,
            views=tuple(views(watch)),
            memory=bounds.memory,
            seconds=bounds.seconds,
            near=near,
            word=word,
        )
        try:
            search.run()
        except UNUSABLE as problem:
            found = reference.explore(standard, flow, check, progress=bounds.progress, most=bounds.most)
            why = f"explored by reference, as engine dask can't be used: {problem}"
            return replace(found, bounds=(*found.bounds, why))
        return _told(Noted(space, search, watch), began)


def _told(noted: Noted, began: float) -> Exploration:
    search, space = noted.search, noted.space
    for number in search.notable():
        noted.watch.configuration(number, search.order[number], list(space.steps(search.order[number])))
    noted.watch.quiescent = search.quiescent
    verdicts = [*findings_by(noted), *answers_by(noted, judged_here(space.system))]
    unexplored = (*reference.unexplored(noted), f"{RUNS}: engine dask doesn't tell")
    told = reference.summary(noted, verdicts, unexplored, began)
    return replace(told, configurations=search.configurations)
