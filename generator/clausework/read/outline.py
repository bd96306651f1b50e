"""What others need to know of a flow before its triggers are read: parts, machines, their states and variables."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from clausework.diagnostics import Label
from clausework.expr.scope import MachineView
from clausework.expr.types import Link, Party, Type
from clausework.model.about import About
from clausework.model.language import KEYS
from clausework.model.machine import SINGLY, After, Field, Signal
from clausework.model.sequence import Answer, Decision
from clausework.model.standard import Flow, Lifeline
from clausework.read.about import about, bare
from clausework.read.form import Form
from clausework.read.messages import read_fields
from clausework.read.names import FlowOutline, MachineOutline, Names
from clausework.read.rules import (
    BAD_PHRASE,
    MISSING_KEY,
    REPEATED_NAME,
    REPEATED_TRIGGER,
    UNKNOWN_LIFELINE,
    UNKNOWN_MACHINE,
    WRONG_SHAPE,
)
from clausework.read.tree import Entries, Items, Scalar, Tree
from clausework.read.types import read_type
from clausework.source import FlowName, Name, RoleName


@dataclass(frozen=True, slots=True)
class Draft:
    """A flow file on its way: `machines` has what it extends merged in; `base` is the flow that first declares them."""

    name: FlowName
    base: FlowName
    form: Form
    about: About
    machines: tuple[tuple[Name, Entries], ...]
    outline: FlowOutline


def draft(names: Names, form: Form, around: About, extended: Draft | None) -> Draft | None:
    text = form.required("flow")
    if text is None:
        return None
    name = FlowName(names.problems.check_name(text), text.span)
    here = about(form, text.span or form.span, around)
    lifelines = dict(extended.outline.lifelines) if extended else {}
    lifelines |= _lifelines(names, form, here)
    decisions = dict(extended.outline.decisions) if extended else {}
    decisions |= _decisions(names, form, here)
    machines = _with_single(names, _merged(names, form, extended))
    base = extended.base if extended else name
    outlines = [_machine(names, base, lifelines, key, value, here) for key, value in machines]
    outline = FlowOutline(
        name=name,
        lifelines=lifelines,
        machines=tuple(each for each in outlines if each is not None),
        decisions=decisions,
        uses=tuple(FlowName(each, each.span) for each in form.texts("uses")),
        sequences=tuple(str(key) for key, _ in form.pairs("sequences")),
    )
    return Draft(name, base, form, here, machines, outline)


# -- roles of the flow


def _lifelines(names: Names, form: Form, around: About) -> dict[str, Lifeline]:
    found: dict[str, Lifeline] = {}
    ends: list[Name] = []
    for key, value in sorted(form.pairs("roles"), key=_is_another):
        names.problems.check_name(key)
        if isinstance(value, Scalar):
            role_text, _, at = value.text.partition(" at ")
            element = Entries(
                ((Name("is", key.span), Scalar(Name(role_text, value.text.span), value.span)),), value.span
            )
            part = Form(names.problems, "lifeline", element, f"role `{key}`", key.span)
            at_name = Name(at, value.text.span) if at else None
        else:
            part = Form(names.problems, "lifeline", value, f"role `{key}`", key.span)
            if part.has("another"):
                second = _another(names, found, key, part, around)
                found |= {key: second} if second is not None else {}
                continue
            at_name = part.text("at")
        role_word = part.required("is")
        role = names.role(role_word) if role_word else None
        keys = [(word, each.text) for word, each in part.others() if isinstance(each, Scalar)]
        ends += [end for _, end in keys] + ([at_name] if at_name else [])
        if role is not None:
            found[key] = Lifeline(
                name=key, role=role, about=about(part, key.span or part.span, around), at=at_name, keys=tuple(keys)
            )
    for end in ends:
        if end not in found and end != "connection":
            names.problems.unknown(UNKNOWN_LIFELINE, f"the flow has no role `{end}`", end, list(found))
    return found


def _is_another(role: tuple[Name, Tree]) -> bool:
    return isinstance(role[1], Entries) and any(key == "another" for key, _ in role[1].entries)


def _another(names: Names, found: dict[str, Lifeline], key: Name, part: Form, around: About) -> Lifeline | None:
    """A further connection of a party: all but the connection is as there."""
    word = part.required("another")
    for other in ("is", "at", *(name for name, _ in part.others())):
        if part.has(other):
            help_ = "only `another: part` is written; all else is as there"
            names.problems.report(WRONG_SHAPE, f"`{other}` of `{key}` is that of `{word}`", part.key(other).span, help_)
    possible = [name for name, each in found.items() if each.another is None]
    if word is None or word not in possible:
        if word is not None:
            names.problems.unknown(
                UNKNOWN_LIFELINE, f"`{key}` can't be another `{word}`: there is no such role", word, possible
            )
        return None
    return replace(found[word], name=key, about=about(part, key.span or part.span, around), another=word)


def _decisions(names: Names, form: Form, around: About) -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    for key, value in form.pairs("decisions"):
        names.problems.check_name(key)
        each = Form(names.problems, "decision", value, f"decision `{key}`", key.span)
        found[key] = Decision(
            name=key,
            question=str(each.required("question") or ""),
            answers=_answers(names, each),
            about=about(each, key.span or each.span, around),
            rigid=each.flag("rigid"),
        )
    return found


def _answers(names: Names, form: Form) -> tuple[Answer, ...]:
    value = form.tree("answers")
    if isinstance(value, Entries):
        answers = []
        for name, fields in value.entries:
            pairs = form.entries_of(fields, f"the fields of answer `{name}`")
            types = [(field, read_type(names, each.text)) for field, each in pairs if isinstance(each, Scalar)]
            answers.append(
                Answer(name=name, fields=tuple((field, type_) for field, type_ in types if type_ is not None))
            )
        return tuple(answers)
    words = form.texts("answers")
    if not words:
        names.problems.report(
            MISSING_KEY, f"{form.called} has no answers", form.span, "write `answers: [yes_word, no_word]`"
        )
    return tuple(Answer(name=word) for word in words)


# -- extension


def _merged(names: Names, form: Form, extended: Draft | None) -> tuple[tuple[Name, Entries], ...]:
    own = tuple((key, value) for key, value in form.pairs("machines") if isinstance(value, Entries))
    for key, value in form.pairs("machines"):
        if not isinstance(value, Entries):
            names.problems.report(WRONG_SHAPE, f"machine `{key}` is a mapping of keys", value.span)
    if extended is None:
        return own
    base = dict(extended.machines)
    added = {key: _merge(names, base[key], value) if key in base else value for key, value in own}
    return tuple((base | added).items())


_KEPT = ("notifications", "definitions", "effects", "decision tables")


def _with_single(names: Names, machines: tuple[tuple[Name, Entries], ...]) -> tuple[tuple[Name, Entries], ...]:
    """Triggers under `singly` make a machine of their own, with one state and no key; it shares effects and tables."""
    found: list[tuple[Name, Entries]] = []
    for key, tree in machines:
        entries = {str(name): (name, value) for name, value in tree.entries}
        once = entries.pop("singly", None)
        found.append((key, Entries(tuple(entries.values()), tree.span)))
        if once is not None and not isinstance(once[1], Entries):
            names.problems.report(WRONG_SHAPE, f"`singly` of `{key}` is a mapping of triggers", once[1].span)
        elif once is not None:
            word, span = once[0], once[1].span
            serving = Name("serving", word.span)
            parts = [
                *(entries[name] for name in _KEPT if name in entries),
                (Name("initial", word.span), Scalar(serving, span)),
                (Name("states", word.span), Entries(((serving, once[1]),), span)),
            ]
            if "otherwise" in entries and isinstance(entries["otherwise"][1], Scalar):
                parts.append(entries["otherwise"])
            found.append((Name(f"{key}{SINGLY}", word.span), Entries(tuple(parts), span)))
    return tuple(found)


_JOINED = frozenset(
    {"machines", "states", "commands", "notifications", "variables", "effects", "definitions", "columns"}
)


def _merge(names: Names, base: Entries, more: Entries, deep: bool = True) -> Entries:
    """Both mappings in one; what both say is joined if it is a mapping of names, else it is an error."""
    entries = dict(base.entries)
    for key, value in more.entries:
        before = entries.get(key)
        if before is None:
            entries[key] = value
        elif isinstance(before, Entries) and isinstance(value, Entries) and (deep or key not in KEYS["effect"]):
            entries[key] = _merge(names, before, value, deep=key in _JOINED or deep)
        elif isinstance(before, Items) and isinstance(value, Items):
            entries[key] = Items((*before.items, *value.items), value.span)
        elif isinstance(before, Scalar) and isinstance(value, Scalar) and before.text == value.text:
            continue
        else:
            first = next(each for each, _ in base.entries if each == key)
            others = (Label(first.span, "the flow that is extended has it, too"),) if first.span else ()
            names.problems.report(REPEATED_TRIGGER, f"`{key}` is there already", key.span, None, *others)
    return Entries(tuple(entries.items()), base.span)


# -- machines


def _machine(
    names: Names, flow: FlowName, lifelines: dict[str, Lifeline], key: Name, tree: Entries, around: About
) -> MachineOutline | None:
    role = _role_of(names, lifelines, key)
    if role is None:
        return None
    form = Form(names.problems, "machine", tree, f"machine `{key}`", key.span)
    here = bare(key.span or form.span, around)
    states = tuple(name for name, _ in states_of(form))
    variables = read_fields(names, form.pairs("variables"), here)
    columns = read_fields(names, form.pairs("columns"), here)
    keys = tuple((word, type_) for word in key_names(form) if (type_ := _key_type(names, lifelines, role, form, word)))
    for field in (*variables, *columns):
        if field.name in dict(keys):
            names.problems.report(REPEATED_NAME, f"`{field.name}` is a key already", field.name.span)
    view = MachineView(flow, key, keys, {each.name: each.type for each in (*variables, *columns)}, states)
    return MachineOutline(
        name=key,
        view=view,
        role=role,
        commands=_signals(names, form, "commands", here),
        notifications=_signals(names, form, "notifications", here),
        timers=frozenset(_timers(tree)),
    )


def _role_of(names: Names, lifelines: dict[str, Lifeline], machine: Name) -> RoleName | None:
    machine = Name(machine.removesuffix(SINGLY), machine.span)
    if machine in lifelines:
        return lifelines[machine].role
    roles = {each.role for each in lifelines.values()}
    for role in roles:
        if role == machine or role.endswith(f".{machine}"):
            return role
    names.problems.unknown(
        UNKNOWN_MACHINE, f"machine `{machine}` belongs to no role of the flow", machine, [*lifelines, *roles]
    )
    return None


def states_of(form: Form) -> Iterator[tuple[Name, Tree]]:
    """All states of a machine, compound ones before what is in them, in source order."""
    yield from _states(form.pairs("states"))


def _states(pairs: tuple[tuple[Name, Tree], ...]) -> Iterator[tuple[Name, Tree]]:
    for name, tree in pairs:
        yield name, tree
        below: dict[str, Tree] = dict(tree.entries) if isinstance(tree, Entries) else {}
        inner = below.get("states")
        if isinstance(inner, Entries):
            yield from _states(inner.entries)


def _timers(tree: Tree) -> Iterator[str]:
    if isinstance(tree, Entries):
        for key, value in tree.entries:
            if key.startswith("after "):
                yield key[6:].strip()
            yield from _timers(value)


def key_names(form: Form) -> tuple[Name, ...]:
    value = form.tree("one per")
    if isinstance(value, Entries):
        return tuple(name for name, _ in value.entries)
    return form.texts("one per")


def _key_type(names: Names, lifelines: dict[str, Lifeline], role: RoleName, form: Form, word: Name) -> Type | None:
    if word == "connection":
        return Link()
    if word in lifelines:
        return Party(lifelines[word].role)
    named = names.type_named(word)
    if named is not None:
        return named
    fields = _said(form, word) or {str(word)}
    for message in names.messages.values():
        if any(names.related(role, end) for pair in message.directions for end in pair):
            for field in message.fields:
                if field.name in fields:
                    return field.type
    if word in names.problems.misread:
        return None
    names.problems.report(
        BAD_PHRASE,
        f"nothing tells the type of key `{word}`",
        word.span,
        "name a role of the flow, a type, a message's field, or `connection`",
    )
    return None


def _said(form: Form, word: Name) -> set[str]:
    """The fields that `one per: {key: {...: message.field}}` names."""
    value = form.tree("one per")
    if not isinstance(value, Entries):
        return set()
    inner = {str(key): each for key, each in value.entries}[word]
    sources = [each for _, each in inner.entries] if isinstance(inner, Entries) else [inner]
    return {str(each.text).removeprefix("message.") for each in sources if isinstance(each, Scalar)}


def _signals(names: Names, form: Form, key: str, around: About) -> dict[str, Signal]:
    found: dict[str, Signal] = {}
    for name, value in form.pairs(key):
        names.problems.check_name(name)
        pairs = form.entries_of(value, f"the arguments of `{name}`")
        arguments = read_fields(names, pairs, around)
        found[name] = Signal(name=name, arguments=arguments, about=bare(name.span or value.span, around))
    return found


def field_named(fields: tuple[Field, ...], name: str) -> Field | None:
    return next((field for field in fields if field.name == name), None)


def outline_of(flow: Flow) -> FlowOutline:
    """An imported flow as others see it."""
    machines = tuple(
        MachineOutline(
            name=machine.name,
            view=MachineView(
                machine.flow,
                machine.name,
                tuple((key.name, key.type) for key in machine.keys),
                {each.name: each.type for each in (*machine.variables, *machine.columns)},
                tuple(state.name for state in machine.states),
            ),
            role=machine.role,
            commands={each.name: each for each in machine.commands},
            notifications={each.name: each for each in machine.notifications},
            timers=frozenset(each.trigger.timer for each in machine.handlers if isinstance(each.trigger, After)),
        )
        for machine in flow.machines
    )
    return FlowOutline(
        name=flow.name,
        lifelines={each.name: each for each in flow.lifelines},
        machines=machines,
        decisions={each.name: each for each in flow.decisions},
        uses=flow.uses,
        sequences=tuple(str(each.name) for each in flow.sequences),
    )


__all__ = ["Draft", "draft", "field_named", "key_names", "outline_of", "states_of"]
