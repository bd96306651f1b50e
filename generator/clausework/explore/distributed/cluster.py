"""Dask's side: a cluster, the workers of it that take part, and what to do until they answer."""

import importlib.util
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

from clausework.explore.distributed.partition import Partition, version_here

if TYPE_CHECKING:
    from distributed import Client

_PATIENCE = 1.0  # seconds between two looks at whether all workers are still there
_STARTING = 60.0  # seconds until workers are there


class Lost(Exception):
    """A worker has gone, or can't be reached; the text says which.  Without its partition nothing is known."""


def missing() -> str:
    """What is to be done, if there is no library; else nothing."""
    if importlib.util.find_spec("distributed") is None:
        return "the library `distributed` isn't installed: pip install 'clausework[distributed]'"
    return ""


@contextmanager
def connected(address: str) -> "Iterator[Client]":
    """A client of the scheduler there; `Lost` if there is none."""
    from distributed import Client

    try:
        client = Client(address)  # type: ignore[no-untyped-call]  # Dask's
    except (OSError, ValueError) as problem:
        raise Lost(f"no scheduler answers at {address}: {problem}") from problem
    with client:
        yield client


@contextmanager
def local(workers: int) -> Iterator[str]:
    """The address of a scheduler with so many workers on this machine, a process each."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,  # type: ignore[no-untyped-call]  # Dask's
        Client(cluster) as client,  # type: ignore[no-untyped-call]  # Dask's
    ):
        client.run(_leave_interrupts_to_us)
        yield str(cluster.scheduler_address)


def _leave_interrupts_to_us() -> None:
    """Ctrl-C is sent to all processes of a terminal: who asks for the search will end it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Team:
    """A partition on each worker that takes part, until the end of a `with` block.

    `memory`: what Dask lets each of them use, in bytes; 0: no limit.
    """

    def __init__(self, client: "Client", workers: int = 0) -> None:
        """`workers`: on so many of those that there are, waiting for them; 0: on all."""
        self._client = client
        try:
            client.wait_for_workers(workers or 1, timeout=_STARTING)
        except TimeoutError as problem:
            raise Lost(f"{workers or 1} workers were wanted, and there are {len(_workers(client))}") from problem
        known = _workers(client)
        self.workers = _in_order(known)[: workers or None]
        self.memory = [int(known[each]["memory_limit"] or 0) for each in self.workers]

    def __enter__(self) -> Self:
        self._partitions: list[Any] = []
        many = len(self.workers)
        self._made = [self._begun(number, many) for number in range(many)]
        try:
            self._partitions = self._answers(self._made)
            self._meet()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _begun(self, number: int, many: int) -> Any:
        where = [self.workers[number]]
        return self._client.submit(
            Partition, number, many, workers=where, allow_other_workers=False, actor=True, pure=False
        )

    def _meet(self) -> None:
        for worker, version in zip(self.workers, self.every("meet", self._partitions), strict=True):
            if version != version_here():
                raise Lost(f"worker {worker} has another version of clausework")

    def __exit__(self, *_: object) -> None:
        """What they hold is given back, as far as they are still there."""
        for number in range(len(self._partitions)):
            with suppress(Lost):
                self.one(number, "end")
        for made in self._made:
            made.release()

    def __len__(self) -> int:
        return len(self.workers)

    def every(self, method: str, *given: object) -> list[Any]:
        """What the partitions answer, in their order."""
        return self._answers([self._asked(number, method, *given) for number in range(len(self))])

    def one(self, number: int, method: str, *given: object) -> Any:
        return self._answer(self._asked(number, method, *given))

    def _asked(self, number: int, method: str, *given: object) -> Any:
        try:
            return getattr(self._partitions[number], method)(*given)
        except RuntimeError as problem:  # Dask knows already
            raise Lost(f"worker {self.workers[number]} has gone, perhaps for want of memory") from problem

    def _answers(self, futures: Sequence[Any]) -> list[Any]:
        return [self._answer(each) for each in futures]

    def _answer(self, future: Any) -> Any:
        """As a call to a worker that has gone may never come back, we look whether they are there."""
        while True:
            try:
                return future.result(timeout=_PATIENCE)
            except TimeoutError:
                self._look()
            except (OSError, RuntimeError) as problem:
                self._look()
                raise Lost(f"a worker doesn't answer: {problem}") from problem

    def _look(self) -> None:
        gone = [each for each in self.workers if each not in _workers(self._client)]
        if gone:
            raise Lost(f"worker {', '.join(gone)} has gone, perhaps for want of memory")


def _workers(client: "Client") -> dict[str, Any]:
    return dict(client.scheduler_info()["workers"])


def _in_order(workers: dict[str, Any]) -> list[str]:
    """By name, numbers as numbers: as they were started."""
    return sorted(workers, key=lambda address: (len(str(workers[address]["name"])), str(workers[address]["name"])))
