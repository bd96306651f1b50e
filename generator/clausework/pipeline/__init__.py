"""The whole tool in a few functions: where the stages meet.

    read -> check -> explore -> emit

`runs` is the same for one run at a time, `ledgers` for how much of a standard there is.

Nothing here touches the disk: texts come in, findings and artifacts go out.  The stages are
imported when they are first needed, so that what only asks for help doesn't wait for them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from clausework.diagnostics import Diagnostic, Rule, Severity
from clausework.emit.artifact import Artifact

if TYPE_CHECKING:
    from clausework.emit.exports.matrix import Matrix
    from clausework.emit.python import StubChange
    from clausework.model.machine import Machine
    from clausework.model.sequence import Check
    from clausework.model.standard import Flow, Standard
    from clausework.read import Reading
    from clausework.semantics.coverage import Coverage
    from clausework.semantics.trace import Trace
    from clausework.semantics.verdict import Exploration, Verdict

Progress = Callable[[int, int, int, int], None]
"""Told now and then: configurations, steps, depth, queue."""

Existing = Callable[[str], str | None]
"""The text of an artifact as it is on the disk, None if there is none."""


Kind = Literal["svg", "png", "pdf"]

_PATIENCE = 60.0  # seconds for one diagram

UNDRAWN = Rule(
    "undrawn-diagram",
    Severity.WARNING,
    "a picture could not be drawn",
    """\
The `.dot` file is there, but Graphviz made no picture of it: it isn't installed, took too long, or refused the text.
The message says which.  An older picture is left as it is.
""",
)


@dataclass(frozen=True, slots=True)
class Drawings:
    """`files`: content by path, the standard's folder first."""

    files: tuple[tuple[str, bytes], ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """Every standard that could be read, those of them without an error, and all that was found."""

    standards: "tuple[Standard, ...]"
    sound: "tuple[Standard, ...]"
    diagnostics: tuple[Diagnostic, ...]


def read(files: Mapping[str, bytes]) -> "Reading":
    from clausework.read import read as read_standards

    return read_standards(files)


def examine(files: Mapping[str, bytes]) -> Examined:
    """Read and check.  A standard with an error of its own is not `sound`: nothing is made from it."""
    from clausework.check import check

    reading = read(files)
    findings = {standard: tuple(check(standard)) for standard in reading.standards}
    every = (*reading.diagnostics, *(one for found in findings.values() for one in found))
    wrong = {one.span.source.path for one in every if one.span and is_error(one)}
    sound = tuple(each for each in reading.standards if not any(path.startswith(f"{each.folder}/") for path in wrong))
    return Examined(reading.standards, sound, every)


def is_error(diagnostic: Diagnostic) -> bool:
    return diagnostic.severity is Severity.ERROR


def questions(standard: "Standard", *, large: bool = False) -> "Iterator[tuple[Flow, Check]]":
    """What the checks of a standard's own flows ask, in source order; a flow that says none has a plain one.

    `large`: those of each flow, too, that have more configurations than one looks at each time.
    """
    from clausework.model.standard import own
    from clausework.semantics.building import default_check

    for flow in own(standard.flows):
        yield from ((flow, check) for check in flow.checks or ((default_check(flow),) if flow.machines else ()))
        yield from ((flow, check) for check in (flow.large_checks if large else ()))


@dataclass(frozen=True, slots=True)
class Limits:
    """`engine`: reference, c, symmetric, symbolic, dask, or auto: reference, then c, then symmetric, as it gets large.

    Memory (in bytes, 0 for no limit) and seconds are those of all but reference, threads those of c and symmetric,
    `sample` (bytes of bits that stand for configurations, 0 for none) is that of c; what reference may look at is
    `most`.  `scheduler` (its address) and `workers` (how many of its workers; 0: all) are those of dask.
    """

    engine: str = "auto"
    memory: int = 0
    seconds: float | None = None
    threads: int = 1
    sample: int = 0
    scheduler: str = ""
    workers: int = 0


def explore(
    standard: "Standard",
    flow: "Flow",
    check: "Check",
    progress: Progress | None = None,
    most: int | None = None,
    limits: Limits | None = None,
) -> "Exploration":
    """Without `limits`, as far as the reference would look, by whichever engine is faster."""
    from clausework import explore as searching
    from clausework.explore import orbits
    from clausework.explore.packed import exploring as packed
    from clausework.explore.packed.bounds import Bounds

    if limits is None and not check.large:  # nobody waits for it in particular, so it doesn't go on for hours
        most = most or check.most or searching.MOST
    limits = limits or Limits()
    bounds = Bounds(
        most=most,
        progress=progress,
        memory=limits.memory,
        seconds=limits.seconds,
        threads=limits.threads,
        sample=limits.sample,
    )
    match limits.engine:
        case "reference":
            return searching.explore(standard, flow, check, progress=progress, most=most)
        case "c":
            return packed.explore(standard, flow, check, bounds)
        case "symmetric":
            return orbits.explore(standard, flow, check, bounds)
        case "symbolic":
            from clausework.explore.symbolic import exploring as symbolic

            return symbolic.explore(standard, flow, check, bounds)
        case "dask":
            from clausework.explore.distributed import exploring as distributed

            return distributed.explore_at(limits.scheduler, standard, flow, check, bounds, workers=limits.workers)
    by_itself = orbits.explore_large if check.large else orbits.explore_by_any
    return by_itself(standard, flow, check, bounds)


def missing(engine: str) -> str:
    """What an engine needs and isn't there, and how to get it; nothing, if all is there."""
    from clausework.explore.distributed import cluster
    from clausework.explore.symbolic import diagrams

    wanted = {"symbolic": diagrams.missing, "dask": cluster.missing}
    return wanted[engine]() if engine in wanted else ""


def local_cluster(workers: int) -> AbstractContextManager[str]:
    """The address of a scheduler that has so many workers on this machine, until the end of the block."""
    from clausework.explore.distributed import cluster

    return cluster.local(workers)


@dataclass(frozen=True, slots=True)
class Model:
    """`problem`: why there is none."""

    model: str = ""
    problem: str = ""


def promela(standard: "Standard", flow: "Flow", check: "Check", most: int | None = None) -> Model:
    """A check for SPIN."""
    from clausework.explore import promela as writing
    from clausework.explore.packed.exploring import UNUSABLE

    try:
        return Model(writing.promela(standard, flow, check, most))
    except (writing.TooLarge, *UNUSABLE) as problem:
        return Model(problem=str(problem))


def judged(flow: "Flow", explorations: "tuple[Exploration, ...]") -> "tuple[Exploration, ...]":
    """All checks of a flow together: what must fail, or be possible, in one of them at least."""
    from clausework.explore import judged as judge

    return judge(flow, explorations)


def never_exercised(standard: "Standard", explorations: "Iterable[Exploration]") -> tuple[Diagnostic, ...]:
    """What none of all the checks of a standard exercises."""
    from clausework.explore import never_exercised as missing

    return tuple(missing(standard, explorations))


def coverage(
    standard: "Standard", flow: "Flow", progress: Progress | None = None, most: int | None = None, *, suggest: bool
) -> "Coverage":
    """Which transitions the sequences of a flow show; with `suggest`, what would show the others."""
    from clausework.explore import coverage as cover

    return cover(standard, flow, suggest=suggest, progress=progress, most=most)


def findings_of(exploration: "Exploration") -> tuple[Diagnostic, ...]:
    return tuple(verdict.diagnostic for verdict in exploration.verdicts if verdict.diagnostic)


def code(standard: "Standard") -> Iterator[Artifact]:
    """The Python package of a standard."""
    from clausework.emit import python

    return python.package(standard)


def standalone(standard: "Standard") -> Iterator[Artifact]:
    """The same with the runtime beside it."""
    from clausework.emit import python

    return python.standalone(standard)


def stub(standard: "Standard", flow: "Flow", machine: "Machine") -> Artifact:
    from clausework.emit import python

    return python.stub(standard, flow, machine)


def stub_report(standard: "Standard", flow: "Flow", machine: "Machine", text: str) -> "StubChange":
    """What a completed handler lacks, and what of it isn't called any more.  SyntaxError if it isn't Python."""
    from clausework.emit import python

    return python.stub_report(standard, flow, machine, text)


def refutations(explorations: "Iterable[Exploration]") -> Iterator[Artifact]:
    """The counterexamples of properties that are known not to hold: reviewers read them beside the machines.

    Where several checks have one, it is the shortest, the first of them.
    """
    from clausework.emit import graphviz

    shortest: dict[str, tuple[str, Verdict, Trace]] = {}
    for exploration in explorations:
        for verdict in exploration.verdicts:
            name = f"{exploration.flow}-{verdict.name}-refuted".replace("_", "-")
            if verdict.refuted is None or verdict.trace is None:
                continue
            if name not in shortest or len(verdict.trace.steps) < len(shortest[name][2].steps):
                shortest[name] = exploration.flow, verdict, verdict.trace
    for name, (flow, verdict, trace) in shortest.items():
        title = f"Doesn't hold: {verdict.about.title or verdict.name}"
        subtitle = f"shortest counterexample, {len(trace.steps)} steps · {flow}"
        home = verdict.about.span.source.path.rpartition("/")[0]
        foot = f"{verdict.refuted}."
        dot = graphviz.trace_diagram(trace, name=name, title=title, subtitle=subtitle, foot=foot, home=home)
        yield Artifact(f"{name}.dot", dot)


def drawings(
    standards: "Iterable[Standard]",
    existing: Existing,
    kind: Kind = "svg",
    more: "Mapping[Standard, Iterable[Artifact]] | None" = None,
) -> Drawings:
    """The diagrams of each standard, in a folder of its own: each `.dot`, and the picture drawn from it.

    `more` are further `.dot` files of a standard.

    An SVG that was drawn from the same DOT is passed on as it is, because layouts differ between versions of Graphviz.
    What cannot be drawn is reported, and an older picture stays.
    """
    from clausework.emit import graphviz

    dots = {
        f"{folder_of(each)}/{dot.path}": f"// Generated by clausework from {each.folder}. Do not edit.\n{dot.text}"
        for each in standards
        for dot in (*graphviz.diagrams(each), *(more or {}).get(each, ()))
    }
    pictures = {path: str(PurePosixPath(path).with_suffix(f".{kind}")) for path in dots}
    old = {path: existing(pictures[path]) for path in dots} if kind == "svg" else {}
    current = {path: text for path, text in old.items() if text and graphviz.is_current(text, dots[path])}
    outdated = [path for path in dots if path not in current]
    jobs = [graphviz.Job(PurePosixPath(path).stem, dots[path], kind) for path in outdated]
    results = dict(zip(outdated, graphviz.render(jobs, _PATIENCE), strict=False))
    content = {path: text.encode() for path, text in old.items() if text}
    content |= {path: done.data for path, done in results.items() if isinstance(done, graphviz.Drawn)}
    made = [(path, dot.encode()) for path, dot in dots.items()]
    made += [(pictures[path], content[path]) for path in dots if path in content]
    failed = {pictures[path]: done.why for path, done in results.items() if isinstance(done, graphviz.Failed)}
    return Drawings(tuple(made), tuple(Diagnostic(UNDRAWN, f"{path}: {why}", None) for path, why in failed.items()))


def trace_drawing(exploration: "Exploration", verdict: "Verdict", name: str) -> bytes | Diagnostic:
    """The trace of a verdict as an SVG."""
    from clausework.emit import graphviz

    assert verdict.trace is not None
    title = f"{verdict.kind} {verdict.name}: {verdict.outcome}"
    subtitle = f"{exploration.flow}, {exploration.check}"
    foot = verdict.diagnostic.message if verdict.diagnostic else ""
    dot = graphviz.trace_diagram(verdict.trace, name=name, title=title, subtitle=subtitle, foot=foot)
    (done,) = graphviz.render([graphviz.Job(name, dot)], _PATIENCE)
    return done.data if isinstance(done, graphviz.Drawn) else Diagnostic(UNDRAWN, f"{name}.svg: {done.why}", None)


def folder_of(standard: "Standard") -> str:
    return PurePosixPath(standard.folder).name


def matrix(standard: "Standard", machine: "Machine") -> "Matrix":
    from clausework.emit.exports.matrix import matrix as cells

    return cells(standard, machine)


def schemas(standards: "Iterable[Standard]") -> Iterator[Artifact]:
    """JSON Schemas for editors: one for each kind of file, and one for the flows of each standard."""
    from clausework.emit.exports import schema

    yield from schema.general()
    for standard in standards:
        yield schema.of_flows(standard)


def rules() -> tuple[Rule, ...]:
    """Every kind of finding that the stages can make, by slug.  `files` has some of its own."""
    from clausework import check, explore, read

    found = {rule.slug: rule for rule in (*read.RULES, *check.RULES, *explore.RULES, UNDRAWN)}
    return tuple(found[slug] for slug in sorted(found))
