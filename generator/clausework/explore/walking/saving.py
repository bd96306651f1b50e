"""A path that was walked -> a sequence of the flow, looked for as any sequence is.

A sequence tells of one session, and ends with nothing of it in flight.  What others did is left out, and then it must
be found again without them.  Not every path can be told: then it is said what is in the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clausework.diagnostics import Diagnostic
from clausework.explore.charts.chart import Chart
from clausework.explore.charts.positive import Positive, session_links
from clausework.explore.charts.standing import flows_at_work, standing
from clausework.explore.suggesting.written import written
from clausework.explore.verdicts.asking import asked_by
from clausework.explore.verdicts.figures import fits, judged, runs
from clausework.explore.verdicts.looking import Looked
from clausework.model.sequence import Sequence as Written
from clausework.semantics.building import system
from clausework.semantics.configuration import Configuration
from clausework.semantics.session import Session, sessions
from clausework.semantics.space import Space, Step
from clausework.semantics.verdict import Outcome, Verdict
from clausework.semantics.words import short_name
from clausework.source import FlowName, Name

MOST = 100_000
"""Positions looked at until a sequence is found again."""

_TOLD = frozenset({"command", "deliver", "expire", "notice", "accept", "open", "tick", "cut", "loss"})
"""Kinds of step that a sequence can tell; of the faults, that something is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """`problem`: why there is no sequence.

    `check`: where it is looked for; `verdict`: what became of it there; `left_out`: so many steps of other sessions.
    """

    sequence: Written | None = None
    problem: str = ""
    check: str = ""
    verdict: Verdict | None = None
    left_out: int = 0

    @property
    def found(self) -> bool:
        return self.verdict is not None and self.verdict.outcome is Outcome.HOLDS

    @property
    def doubt(self) -> Diagnostic | None:
        """What the explorer says against it."""
        return self.verdict.diagnostic if self.verdict is not None else None


def saved(space: Space, steps: Sequence[Step], name: str) -> Saved:
    """A sequence of that name for steps from the very start, the last of which need not happen.

    It tells of the session that has most of them.  A step that doesn't happen is written all the same: as what should.
    """
    if not steps:
        return Saved(problem="nothing has happened yet")
    session, mine = _session(space, tuple(steps))
    if session is None:
        return Saved(problem="no session of the flow has a step of its own in it")
    problem = _untold(space, mine)
    if problem:
        return Saved(problem=problem)
    end = next((step.target for step in reversed(steps) if step.target is not None), space.start())
    failing = steps[-1].target is None
    waiting = None if failing else _waiting(space, session, end)
    if waiting is not None:
        return Saved(problem=f"{waiting} is still on its way: a sequence ends with nothing in flight")
    told = (*mine[:-1], _as_it_should_be(space, mine[-1], end)) if failing else mine
    found = _found_again(space, session, told, end, name, failing=failing)
    return replace(found, left_out=len(steps) - len(mine))


def _untold(space: Space, steps: tuple[Step, ...]) -> str:
    for step in steps:
        if step.label.kind not in _TOLD:
            party = space.system.parties[step.label.party].name
            return f"{step.label.kind} of `{party}` is nothing that a sequence can tell"
    return ""


def _session(space: Space, steps: tuple[Step, ...]) -> tuple[Session | None, tuple[Step, ...]]:
    """The session that has most of the steps, the last one among them, and its steps."""
    flow = space.system.flow
    every = Written(name=Name("every"), steps=(), about=flow.about, spans=_flows(space))
    best: tuple[Session | None, tuple[Step, ...]] = (None, ())
    for session in sessions(space.system, flow):
        positive = Positive(space, session, flow, every, Chart("", ()))
        mine = tuple(step for step in steps if positive.is_mine(step))
        told = len(mine) > len(best[1]) and (steps[-1] in mine or steps[-1].target is not None)
        if told and _is_whole(space, steps, frozenset(map(id, mine)), positive.links):
            best = session, mine
    return best


def _is_whole(space: Space, steps: tuple[Step, ...], mine: frozenset[int], links: frozenset[int]) -> bool:
    """Whether the session takes just what it sends, over its links."""
    sent: list[list[bool]] = [[] for _ in range(2 * len(space.system.links))]
    for step in steps:
        label = step.label
        if label.kind in ("deliver", "loss") and label.link is not None:
            queue = sent[2 * label.link + (space.system.links[label.link].server == label.party)]
            if queue and queue.pop(0) != (id(step) in mine) and label.link in links:
                return False
        for send in step.reaction.sends if step.reaction is not None else ():
            if send.link is not None:
                sent[2 * send.link + (space.system.links[send.link].client == label.party)].append(id(step) in mine)
        for queue, content in zip(sent, step.target.queues if step.target is not None else (), strict=False):
            del queue[len(content) :]
    return True


def _flows(space: Space) -> tuple[FlowName, ...]:
    return tuple(dict.fromkeys(program.machine.flow for program in space.system.programs))


def _waiting(space: Space, session: Session, end: Configuration) -> str | None:
    for link in session_links(space, session):
        for queue in (2 * link, 2 * link + 1):
            if end.queues[queue]:
                return f"`{short_name(space.message(end.queues[queue][0]).name)}`"
    return None


def _as_it_should_be(space: Space, step: Step, before: Configuration) -> Step:
    """A step that doesn't happen, as if what it takes were taken, and nothing came of it."""
    link = step.label.link
    if link is None:
        return step
    queue = 2 * link + (space.system.links[link].server == step.label.party)
    queues = (*before.queues[:queue], before.queues[queue][1:], *before.queues[queue + 1 :])
    return step._replace(target=before._replace(queues=queues), reaction=None)


def _found_again(
    space: Space, session: Session, steps: tuple[Step, ...], end: Configuration, name: str, *, failing: bool
) -> Saved:
    flow, start = space.system.flow, space.start()
    used = set(flows_at_work(space, steps))
    own = {machine.flow for machine in flow.machines}
    sequence = Written(
        name=Name(name),
        steps=written(space, session, flow, steps),
        about=flow.about,
        spans=tuple(each for each in _flows(space) if each in used - own) if own else (),
        ends=() if failing else tuple(standing(space, session, end, own | used)),
    )
    here = Looked(space, MOST, None)
    if not fits(here, session, sequence, frozenset(session_links(space, session)), start):
        sequence = replace(sequence, starts=tuple(standing(space, session, start, own | used)))
    check = asked_by(flow, sequence, space.system.check)
    looked = (
        here if check == space.system.check else Looked(Space(system(space.system.standard, flow, check)), MOST, None)
    )
    verdict = judged(looked, flow, sequence, list(runs(looked, flow, sequence))) if looked.watch.sessions else None
    return Saved(sequence=sequence, check=str(check.name), verdict=verdict)
