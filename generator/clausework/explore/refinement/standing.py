"""What came of it: a verdict for each check of the larger flow, and a note of what no run of it is seen to do."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from clausework.diagnostics import Diagnostic, Label, Rule
from clausework.explore import rules
from clausework.explore.refinement.deriving import derived
from clausework.explore.refinement.inclusion import AMISS, NOWHERE, Inclusion, Runs, runs_of
from clausework.explore.refinement.seeing import Amiss, Larger, Place, Seen, Smaller, Unmatched, places
from clausework.explore.search.breadth_first import Search
from clausework.explore.verdicts.looking import Reached
from clausework.model.sequence import Check
from clausework.model.stand_in import StandIn
from clausework.model.standard import named
from clausework.semantics.building import default_check, system
from clausework.semantics.events import Found, Kind
from clausework.semantics.space import Space
from clausework.semantics.telling import tell
from clausework.semantics.trace import Trace
from clausework.semantics.values import Unexplorable
from clausework.semantics.verdict import Outcome, Verdict

Change = tuple[str, str, str]
"""A lifeline that goes from one state to another; the first is empty where it begins."""


def standings(looked: Reached) -> Iterator[Verdict]:
    """Of the flow that is looked at, if it stands for another one and this is the check that it names."""
    system_ = looked.space.system
    stand_in = system_.flow.stands_for
    if stand_in is None or stand_in.check not in {None, system_.check.name}:
        return
    larger = named(system_.standard.flows, stand_in.flow)
    shown: set[Change] | None = set()
    possible: set[Change] = set()
    for check in larger.checks or (default_check(larger),):
        if any(each.kind == "attack" for each in check.faults):
            yield Standing(looked, stand_in, check).verdict(Outcome.NOT_LOOKED_AT)
            continue
        found = Standing(looked, stand_in, check)
        yield found.judged()
        possible |= found.possible
        shown = shown | found.shown if shown is not None and found.whole else None
        if found.interrupted:
            return
    missing = sorted(possible - shown) if shown is not None else []
    if missing:
        yield _never_matched(stand_in, missing)


@dataclass
class Standing:
    """One check of the larger flow.  `possible` and `shown`: what the stand-in does, and what the larger flow is seen
    to do; both are known once it is judged, if it was seen as a `whole`.
    """

    looked: Reached
    stand_in: StandIn
    check: Check

    def __post_init__(self) -> None:
        self.possible: set[Change] = set()
        self.shown: set[Change] = set()
        self.whole = False
        self.interrupted = False

    def judged(self) -> Verdict:
        own, most = self.looked.space.system, self.check.most or self.looked.most
        check = derived(own.standard, own.flow, own.check, self.check)
        try:
            smaller = Space(system(own.standard, own.flow, check))
            larger = Space(system(own.standard, named(own.standard.flows, self.stand_in.flow), self.check))
            found = places(self.stand_in, smaller.system, larger.system)
        except (Unexplorable, Unmatched) as problem:
            return self._wrong(rules.UNMATCHED, str(problem), None)
        known = Search(smaller, self.looked.most, self.looked.progress)
        known.run()
        seen = Smaller(smaller, found)
        runs = runs_of(known, seen)
        connected = seen.connected(known.order)
        inclusion = Inclusion(runs, Larger(larger, self.stand_in, found, connected), anywhere=bool(self.check.given))
        search = Search(larger, most, self.looked.progress, inclusion)
        while not inclusion.fails and search.goes_on():
            continue
        self.interrupted = known.interrupted or search.interrupted
        if inclusion.fails and not (known.stopped and NOWHERE in search.memories):
            return self._failing(search, inclusion, found)
        if known.stopped or search.stopped:
            return self.verdict(Outcome.UNKNOWN, len(search.order))
        self._matched(runs, search, inclusion, found)
        return self.verdict(Outcome.HOLDS, len(search.order))

    # -- what is seen to happen

    def _matched(self, runs: Runs, search: Search, inclusion: Inclusion, found: tuple[Place, ...]) -> None:
        self.whole = True
        for number, seen in enumerate(runs.seen):
            if not number:
                self.possible.update(_begun(seen, found))
            for after in runs.after[number]:
                self.possible.update(_changes(seen, runs.seen[after], found))
        every = [inclusion.larger.seen(each) for each in search.order]
        for number, seen_there in enumerate(every):
            if isinstance(seen_there, Amiss):
                continue
            if not number:
                self.shown.update(_begun(seen_there, found))
            for edge in search.edges(number):
                after_it = every[search.targets[edge]]
                if not isinstance(after_it, Amiss):
                    self.shown.update(_changes(seen_there, after_it, found))

    # -- where it fails

    def _failing(self, search: Search, inclusion: Inclusion, found: tuple[Place, ...]) -> Verdict:
        number = next(each for each, memory in enumerate(search.memories) if memory in {NOWHERE, AMISS})
        seen = inclusion.larger.seen(search.order[number])
        came = search.ways[number]
        if isinstance(seen, Amiss):
            return self._wrong(seen.rule, seen.text, self._trace(search, number, seen.text))
        own = self.looked.space.system.flow.name
        if came is None:
            text = f"`{own}` does not begin as `{self.stand_in.flow}` does, with {_told(seen, found)}"
            return self._wrong(rules.NOT_INCLUDED, text, self._trace(search, number, text))
        before, memory = inclusion.larger.seen(search.order[came[0]]), search.memories[came[0]]
        assert isinstance(before, tuple)
        assert isinstance(memory, int)
        text = f"`{own}` cannot follow: {_going(before, seen, found)}"
        help_ = self._instead(inclusion.runs, inclusion.sets[memory], before, found)
        return self._wrong(rules.NOT_INCLUDED, text, self._trace(search, number, text), help_)

    def _instead(self, runs: Runs, there: frozenset[int], before: Seen, found: tuple[Place, ...]) -> str:
        """Where the stand-in goes from where it may be."""
        after = [runs.seen[each] for number in sorted(there) for each in runs.after[number]]
        words = dict.fromkeys(_going(before, each, found) for each in after if each != before)
        own = self.looked.space.system.flow.name
        return f"in `{own}`, {'; or '.join(words)}" if words else f"in `{own}`, nobody goes anywhere from there"

    def _trace(self, search: Search, number: int, text: str) -> Trace:
        steps = search.way(number)
        return tell(search.space, search.order[0], steps, Found(Kind.IMPOSSIBLE, text, self.stand_in.about))

    # -- verdicts

    def verdict(self, outcome: Outcome, looked: int = 0) -> Verdict:
        return Verdict(
            kind=rules.NOT_INCLUDED.slug,
            name=f"{self.stand_in.flow}.{self.check.name}",
            outcome=outcome,
            about=self.stand_in.about,
            run_of=(str(self.stand_in.flow), str(self.check.name)),
            looked=looked,
        )

    def _wrong(self, rule: Rule, message: str, trace: Trace | None, help_: str | None = None) -> Verdict:
        label = Label(self.check.about.span, "found by this check")
        diagnostic = Diagnostic(rule, message, self.stand_in.about.span, (label,), help_)
        return replace(self.verdict(Outcome.FAILS), kind=rule.slug, trace=trace, diagnostic=diagnostic)


def _never_matched(stand_in: StandIn, missing: list[Change]) -> Verdict:
    words = [
        f"`{lifeline}` goes from `{before}` to `{after}`" if before else f"`{lifeline}` begins in `{after}`"
        for lifeline, before, after in missing
    ]
    message = f"`{stand_in.flow}` is never seen to do what its stand-in can: {', '.join(words)}"
    diagnostic = Diagnostic(rules.NEVER_MATCHED, message, stand_in.about.span)
    return Verdict(
        kind=rules.NEVER_MATCHED.slug,
        name=str(stand_in.flow),
        outcome=Outcome.HOLDS,
        about=stand_in.about,
        diagnostic=diagnostic,
    )


# -- words


def _begun(seen: Seen, found: tuple[Place, ...]) -> Iterator[Change]:
    yield from ((each.lifeline, "", state) for each, state in zip(found, seen, strict=True))


def _changes(before: Seen, after: Seen, found: tuple[Place, ...]) -> Iterator[Change]:
    for each, old, new in zip(found, before, after, strict=True):
        if old != new:
            yield each.lifeline, old, new


def _going(before: Seen, after: Seen, found: tuple[Place, ...]) -> str:
    """`irsp` goes from `offline` to `online` while `client` is in `offline`; of others' sessions nothing is said."""
    moved = [each for each in range(len(found)) if before[each] != after[each]]
    sessions = {found[each].number for each in moved}
    stays = [each for each in range(len(found)) if found[each].number in sessions and each not in moved]
    goes = " and ".join(f"{_who(found, each)} goes from `{before[each]}` to `{after[each]}`" for each in moved)
    still = " and ".join(f"{_who(found, each)} is in `{after[each]}`" for each in stays)
    return f"{goes} while {still}" if still else goes


def _told(seen: Seen, found: tuple[Place, ...]) -> str:
    return " and ".join(f"{_who(found, each)} in `{state}`" for each, state in enumerate(seen))


def _who(found: tuple[Place, ...], at: int) -> str:
    """A lifeline; with the number of its session, if there are several."""
    number = f" of session {found[at].number}" if found[-1].number > 1 else ""
    return f"`{found[at].lifeline}`{number}"
