"""The standard's sequences: steps in order, with alternatives, options, repetition, parallel parts and references."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from clausework.expr import nodes
from clausework.model.about import About
from clausework.model.language import ABOUT, RESTARTS, STEP_VERBS
from clausework.model.renaming import lifelines, renamed
from clausework.model.sequence import (
    Alternatives,
    Event,
    Never,
    Optionally,
    Parallel,
    Passes,
    Reference,
    Repeat,
    Sequence,
    Step,
)
from clausework.read.about import about, bare
from clausework.read.form import Form
from clausework.read.rules import (
    BAD_NUMBER,
    BAD_PHRASE,
    CYCLIC_IMPORT,
    MISSING_KEY,
    TOO_LARGE,
    UNKNOWN_LIFELINE,
    UNKNOWN_SEQUENCE,
    WRONG_SHAPE,
)
from clausework.read.sessions import Sessions
from clausework.read.tree import Entries, Items, Scalar, Tree
from clausework.source import FlowName, Name, ParameterName

_ARROW = re.compile(r"\s*(\w+)\s*->\s*(\w+)\s*")
_VERB = re.compile(rf"\s*(\w+)\s+({'|'.join(STEP_VERBS)})\s*")
_RESTARTS = re.compile(rf"\s*(\w+)\s+{RESTARTS}\s*")
_BESIDE = ("lost", "forged")
_RANGE = re.compile(r"(\w+)(?:\.\.(\w+))?")

MOST_INSIDE = 20
MOST_PUT_IN = 2_000
"""So many sequences may be inside each other, and so many in a flow."""

Find = Callable[[str], Sequence | None]
"""A sequence of another flow, by `flow.name`."""


def read_sequences(sessions: Sessions, form: Form, around: About, find: Find) -> tuple[Sequence, ...]:
    trees = {str(name): (name, tree) for name, tree in form.pairs("sequences")}
    reader = _Reader(sessions, around, trees, find)
    return tuple(reader.sequence(name) for name in trees)


class _Reader:
    def __init__(self, sessions: Sessions, around: About, trees: Mapping[str, tuple[Name, Tree]], find: Find) -> None:
        self.sessions = sessions
        self.problems = sessions.names.problems
        self.around = around
        self.trees = trees
        self.find = find
        self.within: list[str] = []
        self.put_in = 0

    def sequence(self, name: str) -> Sequence:
        key, tree = self.trees[name]
        self.problems.check_name(key)
        form = Form(self.problems, "sequence", tree, f"sequence `{key}`", key.span)
        here = about(form, key.span or form.span, self.around)
        self.within.append(name)
        if not form.has("steps"):
            self.problems.report(MISSING_KEY, f"sequence `{key}` has no steps", key.span)
        result = Sequence(
            name=key,
            steps=self.steps(form.items("steps"), here),
            about=here,
            starts=tuple(self._conditions(form, "starts")),
            ends=tuple(self._conditions(form, "ends")),
            impossible=form.flag("impossible"),
            spans=tuple(FlowName(text, text.span) for text in form.texts("spans")),
        )
        self.within.pop()
        return result

    def _conditions(self, form: Form, key: str) -> Iterator[nodes.Expr]:
        """`{lifeline: state|state}`, or a list of conditions."""
        tree = form.tree(key)
        if isinstance(tree, Entries):
            for word, value in tree.entries:
                text = form.problems_text(value, word)
                found = self.sessions.in_states(word, text) if text else None
                if found is not None:
                    yield found
            return
        for text in form.texts(key):
            found = self.sessions.condition(text)
            if found is not None:
                yield found

    def steps(self, trees: tuple[Tree, ...], around: About) -> tuple[Step, ...]:
        steps = [self._step(tree, around) for tree in trees]
        return tuple(step for step in steps if step is not None)

    def _step(self, tree: Tree, around: About) -> Step | None:
        if isinstance(tree, Scalar) and (restarts := _RESTARTS.fullmatch(tree.text)) is not None:
            return self.sessions.restarts(tree.text.part(*restarts.span(1)), bare(tree.span, around))
        if not isinstance(tree, Entries) or not tree.entries:
            self.problems.report(WRONG_SHAPE, "a step is `a -> b: message`, `a does: command`, `a restarts`", tree.span)
            return None
        form = Form(self.problems, "step", tree, "a step")
        if form.has("sequence"):
            return self._reference(form, bare(tree.span, around))
        said = [(key, value) for key, value in tree.entries if key not in (*ABOUT, *_BESIDE)]
        here = about(form, said[0][0].span or tree.span, around) if said else around
        if len(said) != 1:
            self.problems.report(WRONG_SHAPE, "a step says one thing", tree.span, "begin each step with `- `")
            return None
        step = self._one(form, said[0][0], said[0][1], here)
        return self._passing(form, step) if step is not None else None

    def _passing(self, form: Form, step: Step) -> Step:
        """What is said of a message beside it."""
        beside = [word for word in _BESIDE if form.has(word)]
        if beside and not isinstance(step, Passes):
            help_ = "write it beside `a -> b: message`"
            self.problems.report(WRONG_SHAPE, f"only a message can be {beside[0]}", form.key(beside[0]).span, help_)
            return step
        return replace(step, lost=form.flag("lost"), forged=form.flag("forged")) if isinstance(step, Passes) else step

    def _one(self, form: Form, key: Name, value: Tree, here: About) -> Step | None:
        match key:
            case "alternatives":
                return Alternatives(cases=self._parts(form, value, here), about=here)
            case "parallel":
                return Parallel(parts=self._parts(form, value, here), about=here)
            case "optional":
                return Optionally(steps=self.steps(self._items(value), here), about=here)
            case "repeat":
                return self._repeat(form, value, here)
        text = form.problems_text(value, key)
        if text is None:
            return None
        if key == "never":
            event = event_text(self.sessions, text, here)
            return Never(event=event, about=here) if event else None
        return event_pair(self.sessions, key, text, here)

    def _items(self, value: Tree) -> tuple[Tree, ...]:
        if isinstance(value, Items):
            return value.items
        self.problems.report(WRONG_SHAPE, "this is a list of steps", value.span, "begin each step with `- `")
        return ()

    def _parts(self, form: Form, value: Tree, here: About) -> tuple[tuple[Name, tuple[Step, ...]], ...]:
        entries = form.entries_of(value, "this")
        return tuple((name, self.steps(self._items(steps), here)) for name, steps in entries)

    def _repeat(self, form: Form, value: Tree, here: About) -> Repeat | None:
        inner = dict(form.entries_of(value, "`repeat`"))
        times = next((each for key, each in inner.items() if key == "times"), None)
        steps = next((each for key, each in inner.items() if key == "steps"), None)
        if not isinstance(times, Scalar) or steps is None:
            self.problems.report(
                WRONG_SHAPE,
                "`repeat` has `times` and `steps`",
                value.span,
                "write `repeat: {times: 0..2, steps: [...]}`",
            )
            return None
        match = _RANGE.fullmatch(times.text)
        low = self._bound(match[1], times.text) if match else None
        high = self._bound(match[2] or match[1], times.text) if match else None
        if low is None or high is None:
            self.problems.report(
                BAD_NUMBER,
                f"`{times.text}` is not a number of times",
                times.span,
                "write `2`, `0..2` or `0..parameter`",
            )
            return None
        return Repeat(low=low, high=high, steps=self.steps(self._items(steps), here), about=here)

    def _bound(self, word: str, text: Name) -> int | ParameterName | None:
        return int(word) if word.isdigit() and len(word) < 5 else self.sessions.names.parameter(Name(word, text.span))

    def _reference(self, form: Form, here: About) -> Reference | None:
        text = form.text("sequence")
        if text is None:
            return None
        roles = tuple((theirs, ours.text) for theirs, ours in form.pairs("as") if isinstance(ours, Scalar))
        known = [self.sessions.lifeline(ours) for _, ours in roles]
        if not all(known):
            return None
        if text in self.trees:
            self.put_in += 1
            if text in self.within:
                self.problems.report(CYCLIC_IMPORT, f"sequence `{text}` contains itself", text.span)
                return None
            if len(self.within) > MOST_INSIDE or self.put_in > MOST_PUT_IN:
                self.problems.report(TOO_LARGE, "too many sequences contain each other", text.span)
                return None
            found: Sequence | None = self.sequence(str(text))
            flow = self.sessions.outline.name
        else:
            found = self.find(text)
            flow = FlowName(text.rpartition(".")[0], text.span)
        if found is None:
            possible = list(self.trees)
            self.problems.unknown(UNKNOWN_SEQUENCE, f"there is no sequence `{text}`", text, possible)
            return None
        self._same_parts(text, found, roles)
        steps = renamed(found.steps, dict(roles))
        return Reference(flow=flow, sequence=found.name, roles=roles, steps=steps, about=here)

    def _same_parts(self, text: Name, found: Sequence, roles: tuple[tuple[Name, Name], ...]) -> None:
        """Every part of the sequence that is put in is one of ours, by `as` or by its name; `as` names no others."""
        theirs = tuple(dict.fromkeys(lifelines(found.steps)))
        bound = {name for name, _ in roles}
        for name, _ in roles:
            if name not in theirs:
                message = f"sequence `{text}` has no part `{name}`"
                self.problems.unknown(UNKNOWN_LIFELINE, message, name, theirs)
        ours = self.sessions.outline.lifelines
        for each in theirs:
            if each not in bound and each not in ours:
                message = f"`{each}` of sequence `{text}` is no role of this flow"
                self.problems.report(
                    UNKNOWN_LIFELINE, message, text.span, f"say which one it is: `as: {{{each}: ...}}`"
                )


def event_pair(sessions: Sessions, key: Name, text: Name, here: About) -> Event | None:
    """`a -> b: M`, `a does: C`: the key and what stands after it."""
    arrow, verb = _ARROW.fullmatch(key), _VERB.fullmatch(key)
    if arrow is not None:
        return sessions.passes(key.part(*arrow.span(1)), key.part(*arrow.span(2)), text, here)
    if verb is not None:
        return sessions.event(key.part(*verb.span(1)), verb[2], text, here)
    shown = ", ".join(f"`a {each}: ...`" for each in STEP_VERBS)
    help_ = f"write `a -> b: message`, {shown}, or `a {RESTARTS}` without a colon"
    sessions.names.problems.report(BAD_PHRASE, f"`{key}` is not a step", key.span, help_)
    return None


def event_text(sessions: Sessions, text: Name, here: About) -> Event | None:
    """The same in one text: `a does C with f = e`, `a -> b: M`."""
    arrow = re.match(r"\s*(\w+)\s*->\s*(\w+)\s*:\s*(.+)", text)
    if arrow is not None:
        return sessions.passes(text.part(*arrow.span(1)), text.part(*arrow.span(2)), text.part(*arrow.span(3)), here)
    restarts = _RESTARTS.fullmatch(text)
    if restarts is not None:
        return sessions.restarts(text.part(*restarts.span(1)), here)
    verb = re.match(rf"\s*(\w+)\s+({'|'.join(STEP_VERBS)})\s+(.+)", text)
    if verb is not None:
        return sessions.event(text.part(*verb.span(1)), verb[2], text.part(*verb.span(3)), here)
    sessions.names.problems.report(
        BAD_PHRASE, f"`{text}` is not an event", text.span, "write `a does C`, `a is told N`, `a restarts`, `a -> b: M`"
    )
    return None


def is_event(text: str) -> bool:
    verbs = "|".join(each for each in STEP_VERBS if each != "is")  # which begins a condition, too
    return "->" in text or re.match(rf"\s*\w+\s+(?:(?:{verbs})\s|{RESTARTS}\s*$)", text) is not None
