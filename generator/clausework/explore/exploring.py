"""A check of a flow -> an `Exploration`: everything asked, answered, and how far it was looked."""

import time
from collections.abc import Iterator
from dataclasses import replace

from clausework.diagnostics import Diagnostic, Rule
from clausework.explore import rules
from clausework.explore.refinement.standing import standings
from clausework.explore.search.breadth_first import Progress
from clausework.explore.search.garbage import undisturbed
from clausework.explore.verdicts.answers import answers
from clausework.explore.verdicts.figures import figures, runs
from clausework.explore.verdicts.findings import findings
from clausework.explore.verdicts.looking import MOST, Looked, Noted, judged_here, unbound
from clausework.model.sequence import (
    Check,
    Fault,
    LeadsTo,
    Possible,
    Property,
    Sequence,
)
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import default_check, system
from clausework.semantics.space import Space, Step
from clausework.semantics.values import Unexplorable
from clausework.semantics.verdict import Exploration, Outcome, Verdict


def explore_flow(
    standard: Standard, flow: Flow, *, progress: Progress | None = None, most: int | None = None
) -> tuple[Exploration, ...]:
    """All checks of a flow, or the default one; what holds in one of them at least is judged over all."""
    checks = flow.checks or (default_check(flow),)
    return judged(flow, tuple(explore(standard, flow, check, progress=progress, most=most) for check in checks))


def judged(flow: Flow, explorations: tuple[Exploration, ...]) -> tuple[Exploration, ...]:
    """What is refuted must fail in one check, what is possible be shown in one: else the last check says so.

    Where another check refutes it, it may hold.
    """
    found = {
        (verdict.name, verdict.outcome)
        for each in explorations
        for verdict in each.verdicts
        if verdict.kind == "property"
    }
    added: list[Verdict] = []
    for each in flow.properties:
        name = str(each.name)
        if each.refuted is not None and (name, Outcome.HOLDS) in found and (name, Outcome.FAILS) not in found:
            message = f"property `{name}` holds, and is said to be refuted"
            added.append(_wrong(rules.NOT_REFUTED, each, message, "remove `refuted:`, or look for what changed"))
        unshown = (name, Outcome.UNKNOWN) in found and not {(name, Outcome.HOLDS), (name, Outcome.FAILS)} & found
        if isinstance(each.claim, Possible) and each.refuted is None and unshown:
            message = f"no check shows that `{name}` is possible"
            added.append(_wrong(rules.PROPERTY, each, message, "let one check ask for all that it needs"))
    for sequence in flow.sequences:
        if sequence.impossible and _of_sequence(explorations, sequence) == {Outcome.NOT_LOOKED_AT}:
            message = f"sequence `{sequence.name}` begins nowhere: in no check does `starts` hold at rest"
            added.append(_wrong(rules.NEVER_BEGINS, sequence, message, "let one check come there, or correct `starts`"))
    explorations = tuple(
        replace(each, verdicts=tuple(_where_it_holds(verdict, found) for verdict in each.verdicts))
        for each in explorations
    )
    if not added:
        return explorations
    last = explorations[-1]
    return (*explorations[:-1], replace(last, verdicts=(*last.verdicts, *added)))


def _of_sequence(explorations: tuple[Exploration, ...], sequence: Sequence) -> set[Outcome]:
    verdicts = (verdict for each in explorations for verdict in each.verdicts if verdict.kind == "sequence")
    return {verdict.outcome for verdict in verdicts if verdict.name == sequence.name}


def _where_it_holds(verdict: Verdict, found: set[tuple[str, Outcome]]) -> Verdict:
    holds = verdict.kind == "property" and verdict.outcome is Outcome.HOLDS
    return replace(verdict, refuted=None) if holds and (verdict.name, Outcome.FAILS) in found else verdict


def witnesses(standard: Standard, flow: Flow, most: int = MOST) -> Iterator[tuple[Space, Sequence, tuple[Step, ...]]]:
    """Runs from the very start that show the flow's positive sequences, one for each of their charts."""
    check = next(iter(flow.checks), default_check(flow))
    looked = Looked(Space(system(standard, flow, check)), most, None)
    for sequence in flow.sequences:
        for run in runs(looked, flow, sequence) if not sequence.impossible else ():
            before = looked.search.way(looked.search.order.index(run.start))
            yield looked.space, sequence, (*before, *run.steps)


def _wrong(rule: Rule, each: Property | Sequence, message: str, help_: str) -> Verdict:
    diagnostic = Diagnostic(rule, message, each.about.span, help=help_)
    return Verdict(kind=rule.slug, name=str(each.name), outcome=Outcome.FAILS, about=each.about, diagnostic=diagnostic)


@undisturbed
def explore(
    standard: Standard, flow: Flow, check: Check, *, progress: Progress | None = None, most: int | None = None
) -> Exploration:
    """Looks at every configuration within the check's bounds, up to `most` of them."""
    began = time.monotonic()
    try:
        space = Space(system(standard, flow, check))
        return answered(Looked(space, most or check.most or MOST, progress), began)
    except Unexplorable as problem:
        return unbound_exploration(flow, check, problem, began)


def unbound_exploration(flow: Flow, check: Check, problem: Unexplorable, began: float) -> Exploration:
    verdict = Verdict(
        kind=rules.UNBOUND.slug,
        name=str(check.name),
        outcome=Outcome.FAILS,
        about=check.about,
        diagnostic=unbound(check, problem),
    )
    return Exploration(
        flow=str(flow.name),
        check=str(check.name),
        parties=tuple((str(each.name), str(each.role)) for each in check.parties),
        configurations=0,
        steps=0,
        depth=0,
        complete=False,
        stopped="nothing could be explored",
        bounds=(),
        unexplored=(),
        verdicts=(verdict,),
        seconds=time.monotonic() - began,
    )


def answered(looked: Looked, began: float) -> Exploration:
    """All that is asked, of a search that is about to begin."""
    flow = looked.space.system.flow
    looked.search.run(looked.watch)
    verdicts = [*findings(looked), *answers(looked, judged_here(looked.space.system))]
    if not looked.search.interrupted:
        verdicts += figures(looked, flow)
        verdicts += standings(looked)
    return summary(looked, verdicts, tuple(unexplored(looked)), began)


def summary(looked: Noted, verdicts: list[Verdict], unexplored: tuple[str, ...], began: float) -> Exploration:
    search, system_ = looked.search, looked.space.system
    return Exploration(
        flow=str(system_.flow.name),
        check=str(system_.check.name),
        parties=tuple((str(each.name), str(each.role)) for each in system_.parties),
        configurations=len(search.order),
        steps=search.steps,
        depth=search.depth,
        complete=not search.stopped,
        stopped=search.stopped,
        bounds=tuple(_bounds(looked)),
        unexplored=unexplored,
        verdicts=(*verdicts, *([_incomplete(looked)] if search.stopped else [])),
        seconds=time.monotonic() - began,
        interrupted=search.interrupted,
        exercised=frozenset(looked.watch.exercise.items),
    )


def _incomplete(looked: Noted) -> Verdict:
    check = looked.space.system.check
    message = f"check `{check.name}` was not explored to the end: {looked.search.stopped}"
    help_ = rules.to_go_on(looked.search.stopped)
    diagnostic = Diagnostic(rules.INCOMPLETE, message, check.about.span, help=help_)
    return Verdict(
        kind=rules.INCOMPLETE.slug,
        name=str(check.name),
        outcome=Outcome.UNKNOWN,
        about=check.about,
        diagnostic=diagnostic,
    )


def _bounds(looked: Noted) -> Iterator[str]:
    system_ = looked.space.system
    check = system_.check
    yield f"queues of {check.queue}" + (
        ", never full" if not looked.watch.blocked else ", full at times: what needs longer ones was not looked at"
    )
    for name, allowed in check.commands:
        yield f"`{name}` asks only for {', '.join(allowed)}" if allowed else f"`{name}` asks for nothing"
    for each in check.given:
        of = f" of {' and '.join(each.key)}" if each.key else ""
        yield f"at first `{each.machine}`{of} of {each.party} is in `{each.state}`"
    if check.claims is not None:
        yield "judged: " + (", ".join(f"`{name}`" for name in check.claims) or "no property or negative sequence")
    for name, texts in check.bind:
        yield f"`{name}` is " + " or ".join(texts)
    yield from (_fault_words(fault) for fault in check.faults)
    if check.together and {str(each.kind) for each in check.faults} & {"lost", "restart"}:
        yield "both ends notice a lost connection before anything else happens"
    if check.reconnects:
        yield "what is lost is opened again some time"
    for name, low, high in check.ticks:
        yield f"`{name}` runs {low if low == high else f'{low} to {high}'} ticks"
    if check.urgent:
        yield "no time passes while a message can be delivered"


def _fault_words(fault: Fault) -> str:
    often = f" {fault.often}" if fault.often else ""
    match fault.kind:
        case "lost":
            return f"{fault.subject or 'anybody'} may lose a connection{often}"
        case "restart":
            return f"{fault.subject} may restart{often}"
        case "attack":
            return f"{fault.subject} may say anything{often}"
    what = f"`{fault.message}`" if fault.message is not None else "messages"
    return f"{what} may be {_BEFALLS[fault.kind]}{often}"


_BEFALLS = {"loss": "lost", "duplication": "duplicated", "swap": "swapped with the next"}


def unexplored(looked: Noted) -> Iterator[str]:
    check = looked.space.system.check
    kinds = {str(each.kind) for each in check.faults}
    missing = [words for kind, words in _NO_FAULT.items() if kind not in kinds]
    if missing:
        yield ", ".join(missing)
    claims = [each.claim for each in judged_here(looked.space.system)]
    if not looked.space.system.timed and any(isinstance(each, LeadsTo) and each.within is not None for each in claims):
        yield "`within`: the check counts no `ticks`"


_NO_FAULT = {
    "lost": "links that are lost without anybody closing them",
    "restart": "restarts",
    "attack": "attackers",
}
