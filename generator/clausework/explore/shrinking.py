"""A counterexample with fewer parties: where the check without some of them fails in the same way, that is shown.

The check is the same but for who takes part: what it says of those who are left out goes with them.  Of each role one
party stays, as a protocol without a server fails in ways of its own.  The smaller check is explored like any other, so
what is shown is a run of the specification; it is only tried as long as it costs little, so there may be a smaller one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from clausework.diagnostics import Label
from clausework.explore.exploring import explore
from clausework.explore.reducing.symmetry import permutations_of
from clausework.model.sequence import Asked, Check, Given
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import system
from clausework.semantics.space import Space
from clausework.semantics.verdict import Exploration, Outcome, Verdict

MOST, TRIES = 20_000, 12
"""Configurations of a smaller check that are looked at, and how many such checks."""


def shrunk(standard: Standard, flow: Flow, check: Check, exploration: Exploration) -> Exploration:
    """The same, but that what fails unexpectedly is shown with as few parties as were found to be enough."""
    wanted = [each for each in exploration.verdicts if _may_shrink(each)]
    if not wanted or exploration.interrupted:
        return exploration
    shrinking = _Shrinking(standard, flow, check)
    verdicts = tuple(shrinking.smallest(each) if each in wanted else each for each in exploration.verdicts)
    return replace(exploration, verdicts=verdicts)


def without(check: Check, names: tuple[str, ...]) -> Check:
    """The check without these parties, and without all that it says of them."""
    gone = frozenset(names)
    return replace(
        check,
        parties=tuple(each for each in check.parties if each.name not in gone),
        slots=tuple(each for each in check.slots if each[0] not in gone),
        commands=tuple(
            (name, tuple(text for text in asked if not Asked.of_text(text).of & gone))
            for name, asked in check.commands
            if name not in gone
        ),
        faults=tuple(each for each in check.faults if each.subject not in gone),
        down=tuple(each for each in check.down if each not in gone),
        given=tuple(each for each in check.given if not _speaks_of(each, gone)),
        bind=tuple((name, tuple(text for text in texts if text not in gone)) for name, texts in check.bind),
    )


def _speaks_of(given: Given, gone: frozenset[str]) -> bool:
    values = (*(text.partition(".")[0] for text in given.key), *(text for _, text in given.variables))
    return given.party in gone or not gone.isdisjoint(values)


def _may_shrink(verdict: Verdict) -> bool:
    fails = verdict.outcome is Outcome.FAILS and verdict.kind != "sequence" and verdict.run_of is None
    return fails and verdict.trace is not None and verdict.diagnostic is not None


@dataclass
class _Shrinking:
    """What was found of smaller checks, by who is left out."""

    standard: Standard
    flow: Flow
    check: Check
    _found: dict[frozenset[str], Exploration | None] = field(default_factory=dict)
    _left: int = TRIES

    def smallest(self, verdict: Verdict) -> Verdict:
        """Left out one after the other, as long as it still fails, and not after more steps."""
        found, gone = verdict, frozenset[str]()
        for names in self._droppable():
            smaller = self._fails(found, gone | names) if not names <= gone else None
            if smaller is not None:
                found, gone = smaller, gone | names
        return self._said(verdict, found, gone) if gone else verdict

    def _droppable(self) -> Iterator[frozenset[str]]:
        """Who may be left out, with all that belong to him: those that are interchangeable first, the last of them."""
        permutations = permutations_of(Space(system(self.standard, self.flow, self.check)))
        alike = {at for each in permutations for at, to in enumerate(each.parties) if at != to}
        numbered = sorted(enumerate(self.check.parties), key=lambda pair: (pair[0] not in alike, -pair[0]))
        for _, party in numbered:
            yield frozenset(str(each.name) for each in self.check.parties if party.name in (each.name, each.at))

    def _fails(self, verdict: Verdict, gone: frozenset[str]) -> Verdict | None:
        found = self._explored(gone)
        for each in found.verdicts if found is not None else ():
            same = (each.kind, each.name) == (verdict.kind, verdict.name)
            if same and _may_shrink(each) and each.trace is not None and verdict.trace is not None:
                return each if len(each.trace.steps) <= len(verdict.trace.steps) else None
        return None

    def _explored(self, gone: frozenset[str]) -> Exploration | None:
        if gone not in self._found:
            smaller = without(self.check, tuple(gone))
            roles = [{each.role for each in check.parties} for check in (self.check, smaller)]
            bound = all(texts for _, texts in smaller.bind)
            found = None
            if roles[0] == roles[1] and bound and self._left:
                found = explore(self.standard, self.flow, smaller, most=MOST)
                self._left = 0 if found.interrupted else self._left - 1
            self._found[gone] = found
        return self._found[gone]

    def _said(self, verdict: Verdict, found: Verdict, gone: frozenset[str]) -> Verdict:
        names = tuple(str(each.name) for each in self.check.parties if each.name in gone)
        if found.diagnostic is None or verdict.diagnostic is None:
            return verdict
        words = ", ".join(f"`{name}`" for name in names)
        told = Label(self.check.about.span, f"found by this check; shown without {words}, as it fails there too")
        return replace(found, without=names, diagnostic=replace(found.diagnostic, others=(told,)))
