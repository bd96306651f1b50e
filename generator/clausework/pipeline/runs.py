"""One run at a time: gone step by step or by chance, explained where it fails, kept as a sequence and a test."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clausework.diagnostics import Diagnostic
from clausework.emit.artifact import Artifact

if TYPE_CHECKING:
    from clausework.explore.walking import Saved, Walk
    from clausework.model.sequence import Check
    from clausework.model.standard import Flow, Standard
    from clausework.pipeline import Progress
    from clausework.semantics.space import Step
    from clausework.semantics.verdict import Exploration, Verdict


def walk(standard: "Standard", flow: "Flow", check: "Check") -> "Walk | Diagnostic":
    """A walk that stands at the start of a check; a diagnostic where there is nothing to walk in."""
    from clausework.explore.verdicts.looking import unbound
    from clausework.explore.walking import Walk
    from clausework.semantics.building import system
    from clausework.semantics.space import Space
    from clausework.semantics.values import Unexplorable

    try:
        return Walk(Space(system(standard, flow, check)))
    except Unexplorable as problem:
        return unbound(check, problem)


def sampled(
    standard: "Standard", flow: "Flow", check: "Check", steps: int, seed: int, progress: "Progress | None" = None
) -> "Exploration":
    """What so many random steps meet of a check."""
    from clausework.explore.walking import sample

    return sample(standard, flow, check, steps=steps, seed=seed, progress=progress)


def retraced(walk: "Walk", verdict: "Verdict") -> bool:
    """Puts a walk at the end of a verdict's trace; False if that doesn't begin where the walk does."""
    steps = retraced_steps(walk, verdict)
    if steps is not None:
        walk.follow(steps)
    return steps is not None


def retraced_steps(walk: "Walk", verdict: "Verdict") -> "tuple[Step, ...] | None":
    """The steps from where a walk starts that a verdict's trace tells of."""
    from clausework.explore.walking import retraced as again

    return again(walk.space, verdict.trace) if verdict.trace is not None else None


def saved(walk: "Walk", name: str, steps: "Sequence[Step] | None" = None) -> "Saved":
    """The path of a walk, or other steps from where it starts, as a sequence of its flow."""
    from clausework.explore.walking import saved as keep

    return keep(walk.space, walk.path if steps is None else steps, name)


def shrunk(standard: "Standard", flow: "Flow", check: "Check", exploration: "Exploration") -> "Exploration":
    """The same, but that what fails is shown with fewer parties, where that was found to be enough."""
    from clausework.explore import shrinking

    return shrinking.shrunk(standard, flow, check, exploration)


def explained(standard: "Standard", flow: "Flow", check: "Check", exploration: "Exploration") -> "Exploration":
    """The same, with an explanation in every verdict that has a run and is not as it should be."""
    from clausework.explore.explaining import explained as explanation

    walks: dict[tuple[tuple[str, ...], tuple[str, str] | None], Walk | Diagnostic] = {}

    def told(verdict: "Verdict") -> "Verdict":
        if verdict.trace is None or verdict.expected:
            return verdict
        key = verdict.without, verdict.run_of
        if key not in walks:
            walks[key] = walk(standard, *_run_of(standard, flow, check, verdict))
        found = walks[key]
        if isinstance(found, Diagnostic):
            return verdict
        return replace(verdict, explanation=explanation(found.space, verdict))

    return replace(exploration, verdicts=tuple(map(told, exploration.verdicts)))


def _run_of(standard: "Standard", flow: "Flow", check: "Check", verdict: "Verdict") -> "tuple[Flow, Check]":
    """The flow and the check that a verdict's trace is one of."""
    from clausework.explore.shrinking import without
    from clausework.model.standard import named
    from clausework.semantics.building import default_check

    if verdict.run_of is not None:
        flow = named(standard.flows, verdict.run_of[0])
        every = flow.checks or (default_check(flow),)
        check = next(each for each in every if each.name == verdict.run_of[1])
    return flow, without(check, verdict.without) if verdict.without else check


@dataclass(frozen=True, slots=True)
class Kept:
    """A failure as files: a sequence and a test; `problems` say which of them there is not, and why."""

    artifacts: tuple[Artifact, ...]
    problems: tuple[str, ...]


def kept(standard: "Standard", flow: "Flow", check: "Check", verdict: "Verdict", name: str) -> Kept:
    """The run of a verdict as a sequence to be pasted, and as a test on the generated parties."""
    from clausework.emit.exports import walks
    from clausework.emit.python.replays import Unreplayable, replay_test

    flow, check = _run_of(standard, flow, check, verdict)
    found = walk(standard, flow, check)
    if isinstance(found, Diagnostic) or verdict.diagnostic is None:
        return Kept((), (f"{name}: nothing to go along",))
    steps = retraced_steps(found, verdict)
    if not steps:
        return Kept((), (f"{name}: its run doesn't begin at the start of the check",))
    artifacts, problems = [], []
    told = saved(found, name, steps)
    if told.sequence is None:
        problems.append(f"{name}.yaml: {told.problem}")
    else:
        own = frozenset(str(each.flow) for each in flow.machines)
        why = (verdict.diagnostic.message, _told(told, flow, check, last_happens=steps[-1].target is not None))
        artifacts.append(Artifact(f"{name}.yaml", walks.sequence(told.sequence, own, why)))
    try:
        artifacts.append(replay_test(found.space, steps, name, verdict.diagnostic.message))
    except Unreplayable as problem:
        problems.append(f"test_{name}.py: {problem}")
    return Kept(tuple(artifacts), tuple(problems))


def _told(told: "Saved", flow: "Flow", check: "Check", *, last_happens: bool) -> str:
    found = f"found in check `{check.name}`; to be pasted under `sequences:` of flow `{flow.name}`"
    if told.found:
        return f"{found}, where it is possible"
    return f"{found}; {'not found again there' if last_happens else _ONCE_MENDED}"


_ONCE_MENDED = "it is possible once that is mended, if what should come of the last step is added"
