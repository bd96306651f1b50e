"""explore: every interleaving within the bounds of a check, and what comes of it."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausework.cli import keeping, working
from clausework.cli.voice import Voice, exit_code, voiced
from clausework.cli.working import FEW, processes
from clausework.cli.workspace import (
    Workspace,
    complete_flow,
    complete_specification,
    element_named,
    located,
    sound,
)
from clausework.diagnostics import Diagnostic

if TYPE_CHECKING:
    from clausework.model.sequence import Check
    from clausework.model.standard import Flow, Standard
    from clausework.pipeline import Limits, Progress
    from clausework.semantics.verdict import Exploration

_PATIENCE = 0.5  # seconds without a word, before we say what we are doing


@click.command(short_help="Explore every interleaving; show the shortest way to each failure.")
@click.argument("spec", shell_complete=complete_specification)
@click.argument("flow", required=False, shell_complete=complete_flow)
@click.option("--check-name", metavar="NAME", help="Only this check of the flow.")
@click.option(
    "--most",
    type=click.IntRange(min=1),
    metavar="N",
    help="Stop after N configurations; the verdicts say so. Symbolic, which looks at none of them alone, doesn't.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "reference", "c", "symmetric", "symbolic", "dask"]),
    default="auto",
    help="reference is the plain one; c is compiled, far faster, with the same answers; symmetric looks at one of all"
    " configurations that differ only in names or in what nobody reads any more, symbolic at sets of them, billions at"
    " once, and dask is c on the machines of a cluster: these three say what they don't answer; auto takes c for what"
    " is too large for reference, and symmetric for what is too large for c; then, what nobody reads any more doesn't"
    " count.",
)
@click.option(
    "--memory",
    type=click.IntRange(min=1),
    metavar="MB",
    help="Stop all but reference (of dask, all workers together) beyond so much memory; else at half of what there is.",
)
@click.option("--seconds", type=click.FloatRange(min=0), metavar="S", help="Stop all but reference after so long.")
@click.option(
    "--threads",
    type=click.IntRange(min=1, max=16),
    metavar="N",
    help="Let so many of c or symmetric look for steps side by side, with the same answers; two, if there are as many.",
)
@click.option(
    "--bitstate",
    type=click.IntRange(min=1),
    metavar="MB",
    help="Let c keep bits in so many MB, and no configurations: a sample of what doesn't fit, which proves nothing.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Let so many workers of dask share the configurations: processes here, else as many as there are processors;"
    " or of a scheduler's, which are waited for, else all.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Let dask use the cluster of this scheduler, as tcp://host:8786.")
@click.option(
    "--draw", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Draw every trace as a sequence diagram."
)
@click.option(
    "--save",
    "keep",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write each failure as a sequence to be pasted, and as a pytest on the generated parties.",
)
@located
@voiced
def explore(
    voice: Voice,
    workspace: Workspace,
    spec: str,
    flow: str | None,
    check_name: str | None,
    most: int | None,
    engine: str,
    memory: int | None,
    seconds: float | None,
    threads: int | None,
    bitstate: int | None,
    workers: int | None,
    scheduler: str | None,
    folder: Path | None,
    keep: Path | None,
) -> None:
    """Explore all that the roles of SPEC can do together, within the bounds of its checks.

    First a table of verdicts; then each failure as a diagnostic, with the shortest way to it step by step.
    Without FLOW, all flows are explored.

    \b
    Examples:
      clausework explore xmpp
      clausework explore xmpp subscription --check-name two_servers
      clausework explore xmpp subscription --most 100000 --draw traces
      clausework explore doorbell --save tests/found
      clausework explore xmpp probes --engine c --memory 4000
      clausework explore xmpp probes --engine c --bitstate 500
      clausework explore igd conflict --engine symmetric
      clausework explore igd conflict --engine symbolic
      clausework explore igd conflict --engine dask --workers 4
      clausework explore igd conflict --engine dask --scheduler tcp://head:8786
      clausework explore xmpp --format json | jq '.explorations[].verdicts[]'
    """
    from clausework import pipeline
    from clausework.emit.exports import verdicts

    limits = _limits(engine, memory, seconds, threads, bitstate, workers, scheduler)
    standard = sound(workspace, spec, voice)
    wanted = tuple(asked(standard, flow, check_name))
    explorations = list(_answered(voice, standard, wanted, most, limits, together=check_name is None))
    findings = tuple(finding for one in explorations for finding in pipeline.findings_of(one))
    if flow is None and check_name is None:
        missing = pipeline.never_exercised(standard, explorations)
        for finding in missing if voice.format == "text" else ():
            voice.show(finding)
        findings += missing
    if folder:
        findings += _drawn(folder, explorations)
    if keep:
        findings += keeping.kept(voice, keep, standard, zip(wanted, explorations, strict=True))
    if voice.format != "text":
        voice.tell(findings, {"explorations": [verdicts.as_json(one) for one in explorations]})
    raise click.exceptions.Exit(exit_code(findings))


COMMANDS = (explore,)


def _limits(
    engine: str,
    memory: int | None = None,
    seconds: float | None = None,
    threads: int | None = None,
    bitstate: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
) -> "Limits":
    """As the options say, else as the machine is; what can't be had together or isn't there is told."""
    from clausework import pipeline

    if bitstate and engine not in {"c", "auto"}:
        raise click.UsageError(f"`--bitstate` is for engine c, not for {engine}")
    for option, given in (("--workers", workers), ("--scheduler", scheduler)):
        if given and engine != "dask":
            raise click.UsageError(f"`{option}` is for engine dask, not for {engine}")
    if problem := pipeline.missing(engine):
        raise click.ClickException(f"--engine {engine}: {problem}")
    half = 0 if engine == "dask" else _half()  # it is the workers' memory, and Dask knows how much they have
    return pipeline.Limits(
        engine=engine,
        memory=memory * 1_000_000 if memory else half,
        seconds=seconds,
        threads=threads or min(2, working.processes(None)),
        sample=(bitstate or 0) * 1_000_000,
        scheduler=scheduler or "",
        workers=workers or 0,
    )


def _answered(
    voice: Voice,
    standard: "Standard",
    wanted: "Iterable[tuple[Flow, Check]]",
    most: int | None,
    limits: "Limits",
    *,
    together: bool,
) -> "Iterator[Exploration]":
    """Flow by flow, each shown as soon as its flow is judged; `together`: over all of its checks."""
    from clausework import pipeline
    from clausework.pipeline import runs

    with _workers(limits) as within:
        for flow, questions in groupby(wanted, key=lambda question: question[0]):
            checks = tuple(check for _, check in questions)
            found = tuple(_looked_at(voice, standard, flow, check, most, within) for check in checks)
            judged = pipeline.judged(flow, found) if together else found
            for check, exploration in zip(checks, judged, strict=True):
                smaller = runs.shrunk(standard, flow, check, exploration)
                told = runs.explained(standard, flow, check, smaller)
                show(voice, told)
                yield told


@contextmanager
def _workers(limits: "Limits") -> "Iterator[Limits]":
    """With workers of our own, if engine dask is to have some; the first of them that is lost ends it all."""
    if limits.engine != "dask":
        yield limits
        return
    from clausework import pipeline
    from clausework.explore.distributed.cluster import Lost

    try:
        with ExitStack() as stack:
            if not limits.scheduler:
                own = pipeline.local_cluster(limits.workers or working.processes(None))
                limits = replace(limits, scheduler=stack.enter_context(own))
            yield limits
    except Lost as problem:
        raise click.ClickException(f"--engine dask: {problem}") from problem


def _looked_at(
    voice: Voice, standard: "Standard", flow: "Flow", check: "Check", most: int | None, limits: "Limits"
) -> "Exploration":
    from clausework import pipeline

    with progress(voice, f"{flow.name}, {check.name}") as told:
        found = pipeline.explore(standard, flow, check, told, most, limits)
    if found.interrupted:  # what is known so far is shown, and nothing more is begun
        show(voice, found)
        raise KeyboardInterrupt
    return found


def explored(
    standards: "Iterable[Standard]", voice: Voice, *, refuted_only: bool = False, jobs: int | None = None
) -> "Iterator[tuple[Standard, Exploration]]":
    """All that the checks of these standards ask, judged flow by flow; or only flows with something refuted."""
    from clausework import pipeline

    asked = [
        (standard, flow, check)
        for standard in standards
        for flow, check in pipeline.questions(standard)
        if not refuted_only or any(each.refuted for each in flow.properties)
    ]
    found = _each(asked, voice, jobs)
    for (standard, flow), of_it in groupby(asked, key=lambda each: each[:2]):
        judged = pipeline.judged(flow, tuple(next(found) for _ in of_it))
        yield from ((standard, exploration) for exploration in judged)


def further(
    asked: "Iterable[tuple[Flow, Check]]", standard: "Standard", near: "Iterable[Exploration]", voice: Voice
) -> "Iterator[Exploration]":
    """Large checks, judged with what is known of their flow; one after the other, as each takes all processors."""
    from clausework import pipeline

    limits = _limits("auto")
    for flow, check in asked:
        found = _looked_at(voice, standard, flow, check, None, limits)
        beside = tuple(each for each in near if each.flow == flow.name)
        yield pipeline.judged(flow, (*beside, found))[-1]


def _each(asked: "list[tuple[Standard, Flow, Check]]", voice: Voice, jobs: int | None) -> "Iterator[Exploration]":
    """In the order asked; by several processes, if there is much to do."""
    from clausework import pipeline

    many = min(processes(jobs), len(asked) // FEW)
    if many > 1:
        try:
            with working.exploring(asked, many) as found, _counting(voice, len(asked)) as done:
                for number, exploration in enumerate(found, 1):
                    done(number)
                    yield exploration
        except working.Ended as problem:
            message = "a process that explored has ended, perhaps for want of memory; try `--jobs 1`"
            raise click.ClickException(message) from problem
        return
    for standard, flow, check in asked:
        with progress(voice, f"{standard.name}: {flow.name}, {check.name}") as told:
            exploration = pipeline.explore(standard, flow, check, told)
        if exploration.interrupted:
            raise KeyboardInterrupt
        yield exploration


@contextmanager
def _counting(voice: Voice, many: int) -> "Iterator[Callable[[int], None]]":
    """A bar on standard error, if somebody looks."""
    if voice.format != "text" or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("checks"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("checks", total=many)
        yield lambda number: shown.update(task, completed=number)


@contextmanager
def progress(voice: Voice, what: str) -> "Iterator[Progress | None]":
    """A line on standard error that says how far we are, if somebody looks and it takes longer than a moment."""
    if voice.format != "text" or not sys.stderr.isatty():
        yield None
        return
    began = time.monotonic()
    with ExitStack() as stack:
        status = None

        def told(configurations: int, _steps: int, depth: int, queue: int) -> None:
            nonlocal status
            if time.monotonic() - began < _PATIENCE:
                return
            if status is None:
                from rich.console import Console

                status = stack.enter_context(Console(stderr=True).status(what))
            rate = configurations / (time.monotonic() - began)
            levels = f", depth {depth}, {queue:,} to look at" if depth else ""
            status.update(f"{what}: {configurations:,} configurations, {rate:,.0f} a second{levels}")

        yield told


def _half() -> int:
    """Half of the machine's memory in bytes; 0 where nobody can tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):
        return 0


def asked(standard: "Standard", flow: str | None, check: str | None) -> "Iterator[tuple[Flow, Check]]":
    from clausework import pipeline
    from clausework.model.standard import own

    flows = (element_named("flow", own(standard.flows), flow),) if flow else own(standard.flows)
    if check is not None:
        every = tuple(one for each in flows for one in (*each.checks, *each.large_checks))
        element_named("check", tuple(one for one in every if one.name == check) or every, check)
    for each, one in pipeline.questions(standard, large=True):
        if each in flows and check in {None, one.name}:
            yield each, one


def show(voice: Voice, exploration: "Exploration") -> None:
    """What was found, for people."""
    from clausework.emit.exports import listing, verdicts

    if voice.format != "text":
        return

    voice.say(verdicts.table(exploration))
    for verdict in exploration.verdicts:
        if verdict.diagnostic:
            voice.show(verdict.diagnostic)
            voice.say(listing.listing(verdict.trace) if verdict.trace else "")
            if verdict.explanation is not None:
                voice.say(listing.explanation(verdict.explanation))


def _drawn(folder: Path, explorations: "Iterable[Exploration]") -> tuple[Diagnostic, ...]:
    from clausework import files

    pictures = [picture for exploration in explorations for picture in _pictures(exploration)]
    outputs = [files.Output(folder / name, drawn) for name, drawn in pictures if isinstance(drawn, bytes)]
    undrawn = (drawn for _, drawn in pictures if isinstance(drawn, Diagnostic))
    return (*undrawn, *files.write(outputs).diagnostics)


def _pictures(exploration: "Exploration") -> "Iterator[tuple[str, bytes | Diagnostic]]":
    from clausework import pipeline

    for name, verdict in keeping.named(exploration):
        drawn = name.replace("_", "-")
        yield f"{drawn}.svg", pipeline.trace_drawing(exploration, verdict, drawn)
