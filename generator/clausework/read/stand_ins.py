"""`stands for`: the larger flow that a flow stands for, and when it is seen in which of the flow's own states."""

from collections.abc import Iterator

from clausework.expr import nodes
from clausework.model.machine import Machine
from clausework.model.sequence import Check
from clausework.model.stand_in import StandIn, View
from clausework.model.states import leaves
from clausework.read.about import about
from clausework.read.form import Form
from clausework.read.names import FlowOutline, Names
from clausework.read.outline import Draft
from clausework.read.rules import CONTRADICTION, MISSING_KEY, UNKNOWN_CHECK, UNKNOWN_LIFELINE, UNKNOWN_STATE
from clausework.read.sessions import Sessions
from clausework.read.tree import Tree
from clausework.source import FlowName, Name


def read_stand_in(
    names: Names, each: Draft, machines: tuple[Machine, ...], checks: tuple[Check, ...]
) -> StandIn | None:
    if not each.form.has("stands for"):
        return None
    key, tree = each.form.entries["stands for"]
    form = Form(names.problems, "stand-in", tree, "`stands for`", key.span)
    word = form.required("flow")
    larger = names.outline(word) if word else None
    if word is None or larger is None:
        return None
    sessions = Sessions(names, larger)
    if each.name in (larger.name, *sessions.used()):
        message = f"`{each.name}` cannot stand for `{word}`, which has its machines"
        names.problems.report(CONTRADICTION, message, word.span, "a flow stands for one that does without it")
        return None
    return StandIn(
        flow=FlowName(larger.name, word.span),
        check=_check(names, form, checks),
        seen=tuple(_views(sessions, each.outline, form, machines)),
        about=about(form, key.span or form.span, each.about),
    )


def _check(names: Names, form: Form, checks: tuple[Check, ...]) -> Name | None:
    """The check of the flow that is meant: one that begins at the beginning."""
    word = form.text("check")
    found = next((each for each in checks if word in {None, each.name}), None)
    if word is not None and found is None:
        possible = [str(each.name) for each in checks]
        names.problems.unknown(UNKNOWN_CHECK, f"the flow has no check `{word}`", word, possible)
    elif found is not None and found.given:
        message = f"check `{found.name}` begins in the midst of things (`given`)"
        place = word.span if word is not None else form.span
        names.problems.report(CONTRADICTION, message, place, "name a check that begins at the beginning")
    return word


def _views(sessions: Sessions, own: FlowOutline, form: Form, machines: tuple[Machine, ...]) -> Iterator[View]:
    """One for each lifeline that has a machine of the flow: all of them have to be seen, and nobody else can be."""
    problems = sessions.names.problems
    of = {name: _machine(own, name, machines) for name in own.lifelines}
    possible = [name for name, machine in of.items() if machine is not None]
    seen = dict(form.pairs("seen"))
    for lifeline, tree in seen.items():
        machine = of.get(lifeline)
        if machine is None:
            problems.unknown(UNKNOWN_LIFELINE, f"the flow has no machine of `{lifeline}`", lifeline, possible)
        elif lifeline not in sessions.outline.lifelines:
            message = f"`{sessions.outline.name}` has no role `{lifeline}`"
            problems.unknown(UNKNOWN_LIFELINE, message, lifeline, list(sessions.outline.lifelines))
        else:
            yield View(lifeline=lifeline, states=tuple(_states(sessions, form, lifeline, tree, machine)))
    missing = [name for name in possible if name not in seen]
    if missing:
        message = f"nothing says when {_joined(missing)} {'is' if len(missing) == 1 else 'are'} seen in which state"
        span = form.key("seen").span if form.has("seen") else form.span
        problems.report(MISSING_KEY, message, span, "write `seen: {" + missing[0] + ": {state: condition}}`")


def _machine(own: FlowOutline, lifeline: str, machines: tuple[Machine, ...]) -> Machine | None:
    outline = own.machine_of(lifeline)
    return next((each for each in machines if outline is not None and each.name == outline.name), None)


def _states(
    sessions: Sessions, form: Form, lifeline: Name, tree: Tree, machine: Machine
) -> Iterator[tuple[Name, nodes.Expr]]:
    problems = sessions.names.problems
    possible = [str(each.name) for each in leaves(machine)]
    said = form.entries_of(tree, f"what is seen of `{lifeline}`")
    for state, value in said:
        text = form.problems_text(value, state)
        if state not in possible:
            problems.unknown(UNKNOWN_STATE, f"`{machine.name}` has no state `{state}`", state, possible)
        elif text is not None and (condition := sessions.condition(text)) is not None:
            yield state, condition
    missing = [each for each in possible if each not in dict(said)]
    if said and missing:
        message = f"nothing says when `{lifeline}` is seen in {_joined(missing)}"
        problems.report(
            MISSING_KEY, message, lifeline.span, "each state has its condition, `false` if it is never seen"
        )


def _joined(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)
