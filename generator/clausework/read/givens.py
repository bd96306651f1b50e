"""`given` of a check: machines that don't begin at their beginning, `server of juliet and romeo is both_ways`."""

import re
from collections.abc import Iterator

from clausework.expr.types import ListOf, MessageOf, Party, SetOf, plain
from clausework.model.about import About
from clausework.model.sequence import Given, PartyOf
from clausework.read.about import bare
from clausework.read.form import Form
from clausework.read.literals import fits
from clausework.read.names import FlowOutline, MachineOutline
from clausework.read.rules import BAD_PHRASE, UNKNOWN_LIFELINE, UNKNOWN_MACHINE, UNKNOWN_STATE, UNKNOWN_VARIABLE
from clausework.read.sessions import Sessions
from clausework.read.tree import Items, Scalar
from clausework.source import Name

_GIVEN = re.compile(r"(?P<machine>[\w.]+)(?: of (?P<key>\S+(?: and \S+)*))? is (?P<state>\w+)(?: with (?P<values>.+))?")
_VALUE = re.compile(r"(?P<variable>\w+) = (?P<value>\S+)")


def read_given(sessions: Sessions, form: Form, parties: tuple[PartyOf, ...], around: About) -> Iterator[Given]:
    called = {str(party.name): party for party in parties}
    for key, tree in form.pairs("given"):
        if key not in called:
            sessions.names.problems.unknown(UNKNOWN_LIFELINE, f"there is no party `{key}`", key, list(called))
            continue
        for item in tree.items if isinstance(tree, Items) else (tree,):
            found = _one(sessions, called, key, item.text, around) if isinstance(item, Scalar) else None
            if found is not None:
                yield found


def _one(sessions: Sessions, called: dict[str, PartyOf], party: Name, text: Name, around: About) -> Given | None:
    problems = sessions.names.problems
    match = _GIVEN.fullmatch(text)
    if match is None:
        help_ = "write `machine of key and key is state with variable = value`"
        problems.report(BAD_PHRASE, f"`{text}` doesn't say how a machine stands", text.span, help_)
        return None
    machine = _machine(sessions, called[str(party)], text.part(*match.span("machine")))
    if machine is None:
        return None
    keys = tuple(_joined(text, *match.span("key")))
    state = text.part(*match.span("state"))
    values = tuple(_values(sessions, machine, tuple(_joined(text, *match.span("values")))))
    if state not in machine.view.states:
        message = f"`{machine.name}` has no state `{state}`"
        problems.unknown(UNKNOWN_STATE, message, state, machine.view.states)
    elif _keyed(sessions, machine, keys, tuple(called.values()), text) and None not in values:
        return Given(
            party=party,
            flow=machine.view.flow,
            machine=machine.view.machine,
            key=keys,
            state=state,
            variables=tuple(each for each in values if each is not None),
            about=bare(text.span or around.span, around),
        )
    return None


def _joined(text: Name, begin: int, end: int) -> Iterator[Name]:
    """The parts between `and`; none where nothing stands."""
    for part in text[begin:end].split(" and ") if begin >= 0 else ():
        yield text.part(begin, begin + len(part))
        begin += len(part) + len(" and ")


def _machine(sessions: Sessions, party: PartyOf, word: Name) -> MachineOutline | None:
    """`server` of the check's flow or of one that it uses; `flow.server` where several have one."""
    flow, _, name = word.rpartition(".")
    possible: dict[str, MachineOutline] = {}
    for outline in _flows(sessions):
        for machine in outline.machines:
            if sessions.names.is_a(party.role, machine.role):
                possible[f"{outline.name.split('.')[-1]}.{machine.name}"] = machine
                possible.setdefault(str(machine.name), machine)
    found = possible.get(f"{flow}.{name}" if flow else name)
    if found is None:
        message = f"`{party.name}` runs no machine `{word}`"
        sessions.names.problems.unknown(UNKNOWN_MACHINE, message, word, list(possible))
    return found


def _flows(sessions: Sessions) -> Iterator[FlowOutline]:
    yield sessions.outline
    for name in sessions.used():
        yield sessions.names.outlines[name]


def _keyed(
    sessions: Sessions, machine: MachineOutline, keys: tuple[Name, ...], parties: tuple[PartyOf, ...], text: Name
) -> bool:
    declared = machine.view.keys
    if len(keys) != len(declared):
        names = " and ".join(str(name) for name, _ in declared) or "no key"
        message = f"`{machine.name}` is kept by {names}, and {len(keys)} values are given"
        sessions.names.problems.report(BAD_PHRASE, message, text.span)
        return False
    for value, (name, type_) in zip(keys, declared, strict=True):
        bare_type = plain(type_)
        those = [
            str(each.name)
            for each in parties
            if isinstance(bare_type, Party) and sessions.names.is_a(each.role, bare_type.role)
        ]
        if not fits(sessions.names.problems, name, type_, value, tuple(those)):
            return False
    return True


def _values(sessions: Sessions, machine: MachineOutline, parts: tuple[Name, ...]) -> Iterator[tuple[Name, Name] | None]:
    """The variables that are given; None for each that can't be."""
    problems = sessions.names.problems
    for part in parts:
        match = _VALUE.fullmatch(part)
        if match is None:
            problems.report(BAD_PHRASE, f"`{part}` is not `variable = value`", part.span)
            yield None
            continue
        name, value = part.part(*match.span("variable")), part.part(*match.span("value"))
        type_ = machine.view.variables.get(name)
        if type_ is None:
            message = f"`{machine.name}` has no variable `{name}`"
            problems.unknown(UNKNOWN_VARIABLE, message, name, list(machine.view.variables))
            yield None
        elif isinstance(plain(type_), ListOf | SetOf | MessageOf):
            problems.report(BAD_PHRASE, f"values of `{name}` can't be written", value.span)
            yield None
        else:
            yield (name, value) if fits(problems, name, type_, value) else None
