"""`<flow>.py`: the handlers of a flow's machines, with their states, decisions and notifications."""

from collections.abc import Iterator

from clausework.emit.python.answers import Answers, answers_of
from clausework.emit.python.code import Brackets, Prefixed, frozen, laid_out, written
from clausework.emit.python.events import Event, events
from clausework.emit.python.headers import element, flow_file, header
from clausework.emit.python.hooks import decision_methods, notification_methods
from clausework.emit.python.imports import Imports, Places
from clausework.emit.python.members import Members, members
from clausework.emit.python.methods import Methods
from clausework.emit.python.part_view import changes, part, requests_tables
from clausework.emit.python.talk import Talk, talk_of
from clausework.emit.python.timers import running
from clausework.emit.python.types import Names, Types, names_of
from clausework.emit.python.words import behind, cited, constant, distinct, docstring, quoted
from clausework.expr.types import MessageOf, Optional, plain
from clausework.model.machine import Defer, Ignore, Machine
from clausework.model.standard import Flow, Standard
from clausework.model.states import ancestry, entered, leaves


def flow_module(standard: Standard, flow: Flow, names: Names, places: Places) -> dict[str, object]:
    """What the template prints."""
    imports = Imports(places)
    types = Types(names, imports, "flow")
    answers = answers_of(flow, types)
    shown = [_machine(standard, flow, machine, types, answers) for machine in flow.machines]
    return {
        "header": header(standard, f"{flow.title or flow.name}.", flow_file(standard, flow), *_source(flow)),
        "answers": answers,
        "machines": shown,
        "imports": imports.lines(),
    }


def _source(flow: Flow) -> Iterator[str]:
    yield f"Flow `{flow.name}`: {cited(flow.about)}."
    if flow.about.note:
        yield flow.about.note


def _machine(
    standard: Standard, flow: Flow, machine: Machine, types: Types, answers: tuple[Answers, ...]
) -> dict[str, object]:
    imports = types.imports
    for module, name in (
        ("enum", "StrEnum"),
        ("typing", "Final"),
        ("typing", "ClassVar"),
        ("collections.abc", "Mapping"),
    ):
        imports.take(module, name)
    parts = members(machine, standard)
    talk = talk_of(standard, machine)
    patterns = {(each.decision, answer): pattern for each in answers for answer, pattern in each.patterns.items()}
    writer = Methods(standard, flow, machine, parts, types, patterns)
    happenings = events(standard, machine, parts)
    methods = [writer.method(event) for event in happenings]
    decisions = decision_methods(flow, parts, happenings, types, answers)
    notifications = notification_methods(machine, types)
    if decisions or notifications:
        imports.take("typing", "Protocol")
    others = [*_start(writer, machine, parts, types), *_resetting(writer), *_stale(writer, machine, happenings)]
    text = "\n".join(line for lines in (*(method.body for method in methods), *others) for line in lines)
    arguments = _arguments(machine, parts, types, text, bool(decisions))
    return {
        **_states(machine, parts),
        "decisions": [hook.lines for hook in decisions],
        "decisions_class": parts.decisions,
        "decisions_doc": docstring([f"What `{machine.name}` asks in the middle of a step.", _ASKED], 4),
        "notifications": [hook.lines for hook in notifications],
        "notifications_class": parts.notifications,
        "notifications_doc": docstring([f"What `{machine.name}` tells its application, after a step.", _TOLD], 4),
        "handler": parts.handler,
        "base": ", ".join(imports.runtime(word) for word in _bases(parts)),
        "handler_doc": docstring(_about(flow, machine), 4),
        "flow": quoted(machine.flow),
        "name": quoted(machine.name),
        "role": quoted(machine.role),
        "slots": _slots(machine, parts, arguments),
        "around": _around(machine),
        "changes": _changes(machine, parts),
        "init": _init(machine, parts, types, arguments),
        "methods": methods,
        "others": [*others, *_clock(parts, types), *_memory(machine, types, arguments)],
        "receives": _receives(parts, happenings, types),
        "tables": [*requests_tables(talk, machine, parts, happenings, types)] if parts.asks else [],
        "record": _record(machine, parts, types, happenings, talk),
        "needs": arguments,
        "part": part(standard, machine, parts, types, happenings, arguments),
    }


def needs_of(standard: Standard, flow: Flow, machine: Machine) -> frozenset[str]:
    """What the constructor takes besides the key: some of `parameters`, `decisions`, `party`."""
    types = Types(names_of(standard), Imports(Places()), "flow")
    arguments: list[tuple[str, str, str]] = _machine(standard, flow, machine, types, answers_of(flow, types))["needs"]  # type: ignore[assignment]  # a view's parts are objects
    return frozenset(name for name, _, _ in arguments) - {"me"}


def _bases(parts: Members) -> list[str]:
    found = [word for word, wanted in (("Deferring", parts.defers), ("Requesting", parts.asks)) if wanted]
    return found or ["Handler"]


_ASKED = (
    "An answer that takes time isn't one. What raises leaves the machine as it was; don't call the machine from here."
)
_TOLD = "`clausework.runtime.deliver` calls these with the effects that a step gave."


def _about(flow: Flow, machine: Machine) -> Iterator[str]:
    first = machine.about.title or f"What a {machine.role.rpartition('.')[2]} does: `{machine.name}` of `{flow.name}`."
    more = []
    if machine.keys:
        kept = " and ".join(f"`{key.name}`" for key in machine.keys)
        more.append(f"One instance for each {kept}.")
    if machine.durable:
        more.append(f"Durable, kept over a restart: {', '.join(f'`{name}`' for name in sorted(machine.durable))}.")
    yield from element(first, machine.about, *more)


# -- states


def _states(machine: Machine, parts: Members) -> dict[str, object]:
    named = [str(leaf.name) for leaf in leaves(machine)]
    words = distinct(constant(name) for name in named)
    return {
        "state": parts.state,
        "state_doc": docstring([f"The states of `{machine.name}`."], 4),
        "state_members": [(word, quoted(name)) for word, name in zip(words, named, strict=True)],
        "state_constants": [(parts.states[name], word) for word, name in zip(words, named, strict=True)],
    }


def _around(machine: Machine) -> list[str]:
    items = []
    for leaf in leaves(machine):
        names = tuple(quoted(name) for name in ancestry(machine, leaf.name))
        items.append(Prefixed(f"{quoted(leaf.name)}: ", Brackets("(", names)))
    return laid_out(Brackets("{", tuple(items), "}"), 4, "AROUND: ClassVar[Mapping[str, tuple[str, ...]]] = ")


# -- the instance


def _arguments(machine: Machine, parts: Members, types: Types, text: str, decides: bool) -> list[tuple[str, str, str]]:
    """(argument, annotation, attribute) of the constructor: only what the machine needs."""
    found = [("me", "str", "me")]
    for key in machine.keys:
        found.append((parts.attributes[key.name], types.annotation(key.type), parts.attributes[key.name]))
    if "self._parameters." in text:
        found.append(("parameters", types.in_vocabulary("Parameters"), "_parameters"))
    if decides:
        found.append(("decisions", parts.decisions, "_decisions"))
    if "self._party." in text:
        found.append(("party", types.imports.runtime("Surroundings"), "_party"))
    return found


def _slots(machine: Machine, parts: Members, arguments: list[tuple[str, str, str]]) -> list[str]:
    names = {"state", *parts.deadlines.values(), *(attribute for _, _, attribute in arguments)}
    names |= {parts.attributes[variable.name] for variable in machine.variables}
    names |= {"_issued", "_open", "_owed", "registry"} if parts.asks else set()
    shown = tuple(quoted(name) for name in sorted(names))
    return laid_out(Brackets("(", shown), 4, "__slots__ = ")


def _changes(machine: Machine, parts: Members) -> list[str]:
    if not parts.defers:
        return []
    shown = tuple(quoted(name) for name in changes(machine, parts))
    return laid_out(Brackets("(", shown), 4, "CHANGES: ClassVar[tuple[str, ...]] = ")


def _init(machine: Machine, parts: Members, types: Types, arguments: list[tuple[str, str, str]]) -> list[str]:
    items = ("self", "*", *(f"{name}: {annotation}" for name, annotation, _ in arguments))
    lines = laid_out(Brackets("def __init__(", items), 4, after=" -> None:")
    lines += [f"        self.{attribute} = {name}" for name, _, attribute in arguments]
    lines.append(f"        self.state = {parts.states[entered(machine, machine.initial)]}")
    for variable in machine.variables:
        attribute, annotation = parts.attributes[variable.name], types.annotation(variable.type)
        lines.append(f"        self.{attribute}: {annotation} = {types.initial(variable)}")
    lines += [f"        self.{attribute}: float | None = None" for attribute in parts.deadlines.values()]
    if parts.defers:
        lines += ["        self._deferred = ()", "        self.in_party = False"]
    if parts.asks:
        lines += ["        self._open = ()", "        self._owed = ()", "        self._issued = 0"]
        lines.append("        self.registry = None")
    return lines


def _resetting(writer: Methods) -> Iterator[list[str]]:
    told = docstring(["What isn't durable is as at first; no timer runs."], 8)
    yield [
        "    def reset(self) -> None:",
        *told,
        *(written(writer.reset(), 8) if writer.reset() else ["        return"]),
    ]


def _stale(writer: Methods, machine: Machine, happenings: tuple[Event, ...]) -> Iterator[list[str]]:
    """What is done with responses that come too late, where that isn't nothing."""
    said = dict(machine.stale)
    for event in happenings:
        disposition = said.get(event.message.name) if event.message is not None else None
        if disposition is not None and not isinstance(disposition, Ignore | Defer):
            yield writer.stale(event, disposition)


def _start(writer: Methods, machine: Machine, parts: Members, types: Types) -> Iterator[list[str]]:
    """`start`, where the first state has timers."""
    begun = running(machine, parts.timers, entered(machine, machine.initial))
    if not begun:
        return
    yield [
        f"    def start(self, *, now: float) -> {types.imports.runtime('Effects')}:",
        *docstring(["The timers of the first state begin; once, before anything else."], 8),
        *written(writer.begun(begun), 8),
    ]


def _clock(parts: Members, types: Types) -> Iterator[list[str]]:
    """`next_timer` and `expire`, for machines that have timers."""
    if not parts.timers:
        return
    effects = types.imports.runtime("Effects")
    attributes = [f"self.{parts.deadlines[timer]}" for timer in parts.timers]
    methods = [behind("after", timer.name) for timer in parts.timers]
    first = ["    def next_timer(self) -> float | None:"]
    second = [f"    def expire(self, now: float) -> {effects}:"]
    if len(attributes) == 1:
        yield [*first, f"        return {attributes[0]}"]
        test = f"        if {attributes[0]} is None or {attributes[0]} > now:"
        yield [*second, test, "            return ()", f"        return self.{methods[0]}(now=now)"]
        return
    running = Brackets("(", tuple(attributes))
    yield [
        *first,
        *laid_out(running, 8, "deadlines = "),
        "        return min((at for at in deadlines if at is not None), default=None)",
    ]
    second += ["        due = self.next_timer()", "        if due is None or due > now:", "            return ()"]
    for attribute, method in list(zip(attributes, methods, strict=True))[:-1]:
        second += [f"        if {attribute} == due:", f"            return self.{method}(now=now)"]
    yield [*second, f"        return self.{methods[-1]}(now=now)"]


def _memory(machine: Machine, types: Types, arguments: list[tuple[str, str, str]]) -> Iterator[list[str]]:
    record = f"_{constant(machine.name)}_RECORD"
    module = f"{types.imports.places.runtime}.snapshot"
    for name in ("Record", "dump", "load"):
        types.imports.take(module, name)
    told = "State, variables and timers as plain JSON values."
    if any("Secret" in types.annotation(variable.type) for variable in machine.variables):
        told += " Secrets are in it in clear."
    yield [
        "    def snapshot(self) -> dict[str, object]:",
        *docstring([told], 8),
        f"        return dump(self, {record})",
    ]
    items = ("cls", "data: object", "*", *(f"{name}: {annotation}" for name, annotation, _ in arguments))
    lines = [
        "    @classmethod",
        *laid_out(Brackets("def restore(", items), 4, after=f" -> {types.imports.take('typing', 'Self')}:"),
    ]
    lines += docstring(["An instance as it was; SnapshotError for anything that `snapshot` doesn't give."], 8)
    made = tuple(f"{name}={name}" for name, _, _ in arguments)
    yield [
        *lines,
        *laid_out(Brackets("cls(", made), 8, "handler = "),
        f"        load(handler, {record}, data)",
        "        return handler",
    ]


# -- after the class


def _receives(parts: Members, happenings: tuple[Event, ...], types: Types) -> list[str]:
    items = []
    for event in happenings:
        if event.message is not None:
            roles = frozen(quoted(sender) for sender in event.senders)
            method = f"{parts.handler}.{event.method}"
            items.append(Prefixed(f"{types.message(event.message.name)}: ", Brackets("(", (method, roles))))
    return laid_out(Brackets("{", tuple(items), "}"), 0, f"{parts.handler}.RECEIVES = ")


def _record(machine: Machine, parts: Members, types: Types, happenings: tuple[Event, ...], talk: Talk) -> list[str]:
    """How an instance is kept."""
    variables = []
    for variable in machine.variables:
        shape = types.shape(variable.type, blank=not isinstance(plain(variable.type), Optional | MessageOf))
        pair = Brackets("(", (quoted(parts.attributes[variable.name]), shape))
        variables.append(Prefixed(f"{quoted(variable.name)}: ", pair))
    timers = [Prefixed(f"{quoted(timer.name)}: ", quoted(attribute)) for timer, attribute in parts.deadlines.items()]
    items = [
        Prefixed("machine=", quoted(f"{machine.flow}.{machine.name}")),
        Prefixed("states=", parts.state),
        Prefixed("variables=", Brackets("{", tuple(variables), "}")),
        Prefixed("timers=", Brackets("{", tuple(timers), "}")),
    ]
    if parts.asks:
        items.append(Prefixed("requests=", Brackets("(", tuple(types.message(name) for name in talk.requests))))
    if parts.defers:
        modules = _message_modules(happenings, types)
        merged = ", ".join(f"**{module}.SHAPES" for module in modules)
        shown = f"{modules[0]}.SHAPES" if len(modules) == 1 else f"{{{merged}}}"
        items.append(Prefixed("deferred=", f"{types.imports.shapes()}.Whole({shown})"))
    return laid_out(Brackets("Record(", tuple(items)), 0, f"_{constant(machine.name)}_RECORD: Final = ")


def _message_modules(happenings: tuple[Event, ...], types: Types) -> list[str]:
    found = [types.message(event.message.name).rpartition(".")[0] for event in happenings if event.message is not None]
    return list(dict.fromkeys(found))
