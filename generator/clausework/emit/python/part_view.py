"""What a party needs to know of a machine, as a table behind its handler."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from clausework.emit.python.code import Brackets, Code, Prefixed, frozen, laid_out
from clausework.emit.python.events import Event, crossed, playing
from clausework.emit.python.expressions import python
from clausework.emit.python.members import Members
from clausework.emit.python.place import Place
from clausework.emit.python.talk import Talk, dispositions
from clausework.emit.python.timers import running
from clausework.emit.python.types import Types
from clausework.emit.python.words import behind, constant, quoted
from clausework.expr import nodes
from clausework.expr.types import Link, Party, SetOf, Type, plain
from clausework.model.machine import Addressing, CloseLink, Defer, Enters, Ignore, Leaves, Machine, Receive
from clausework.model.standard import Message, Standard
from clausework.model.states import entered, leaves, scopes
from clausework.model.transitions import transitions


def part_name(machine: Machine) -> str:
    return f"{constant(machine.name)}_PART"


def part(
    standard: Standard,
    machine: Machine,
    parts: Members,
    types: Types,
    happenings: tuple[Event, ...],
    arguments: list[tuple[str, str, str]],
) -> list[str]:
    """The lines of the table."""
    module = f"{types.imports.places.runtime}.plan"
    word = types.imports.take(module, "Part")
    needs = [name for name, _, _ in arguments if name in ("parameters", "decisions", "party")]
    commands = [f"{parts.handler}.{event.method}" for event in happenings if event.kind == "command"]
    items: list[Code] = [
        Prefixed("handler=", parts.handler),
        Prefixed("keys=", Brackets("{", tuple(_keys(machine, parts, types)), "}")),
        Prefixed("addresses=", Brackets("{", tuple(_addresses(standard, machine, parts, types)), "}")),
        Prefixed("commands=", Brackets("(", tuple(commands))),
        Prefixed("timers=", Brackets("{", tuple(_timers(parts)), "}")),
        Prefixed("hears=", Brackets("(", tuple(_hears(machine, parts, types, happenings)))),
        Prefixed("initial=", quoted(entered(machine, machine.initial))),
        Prefixed("changes=", Brackets("(", tuple(quoted(name) for name in changes(machine, parts)))),
        Prefixed("first=", Brackets("(", tuple(_first(machine, parts, types)))),
        Prefixed("needs=", _words(needs)),
        Prefixed("variables=", Brackets("{", tuple(_variables(machine, parts)), "}")),
        Prefixed("columns=", Brackets("{", tuple(_columns(machine, types)), "}")),
    ]
    if any(isinstance(plain(key.type), Link) for key in machine.keys):
        items.append(Prefixed("over=", _words(_over(standard, machine))))
    wakes = list(_wakes(machine, parts, happenings))
    if wakes:
        items.append(Prefixed("wakes=", _words(wakes)))
    if _closes(machine):
        items.append("closes=True")
    return laid_out(Brackets(f"{word}(", tuple(items)), 0, f"{part_name(machine)}: Final = ")


def changes(machine: Machine, parts: Members) -> tuple[str, ...]:
    """The attributes that a step can change."""
    names = [*(parts.attributes[variable.name] for variable in machine.variables), *parts.deadlines.values()]
    kept = ("_open", "_owed") if parts.asks else ()
    return ("state", *names, *(("_deferred",) if parts.defers else ()), *kept)


def requests_tables(
    talk: Talk, machine: Machine, parts: Members, happenings: tuple[Event, ...], types: Types
) -> Iterator[str]:
    """`FIRST`, `WAITS`, `ANSWERS`, `STALE`: what `asks` keeps the books by."""
    yield f"{parts.handler}.FIRST = {quoted(machine.initial)}"
    waits = [
        Prefixed(f"{types.message(name)}: ", Brackets("{", tuple(_pairs(scopes_.items())), "}"))
        for name, scopes_ in talk.waits.items()
    ]
    yield from laid_out(Brackets("{", tuple(waits), "}"), 0, f"{parts.handler}.WAITS = ")
    declared = {str(each.name): each for each in types.names.standard.messages}
    answers = [
        Prefixed(f"{types.message(name)}: ", _answer(declared[name], requests, types))
        for name, requests in talk.answers.items()
    ]
    yield from laid_out(Brackets("{", tuple(answers), "}"), 0, f"{parts.handler}.ANSWERS = ")
    said = dict(machine.stale)
    stale = [
        f"{types.message(event.message.name)}: {parts.handler}.{event.method.replace('receive_', 'stale_', 1)}"
        for event in happenings
        if event.message is not None and not isinstance(said.get(event.message.name, Ignore()), Ignore | Defer)
    ]
    if stale:
        yield from laid_out(Brackets("{", tuple(stale), "}"), 0, f"{parts.handler}.STALE = ")


def _answer(response: Message, requests: tuple[str, ...], types: Types) -> Code:
    word = types.imports.runtime("Answer")
    items = [frozen(types.message(name) for name in requests)]
    return Brackets(f"{word}(", (*items, *(("provisional=True",) if response.provisional else ())))


def _pairs(items: Iterable[tuple[str, str]]) -> Iterator[Code]:
    for name, value in items:
        yield f"{quoted(name)}: {quoted(value)}"


def _words(words: Iterable[str]) -> Code:
    return frozen(quoted(each) for each in words)


# -- keys, and which instance takes a message


def _keys(machine: Machine, parts: Members, types: Types) -> Iterator[Code]:
    component = types.imports.take(f"{types.imports.places.runtime}.plan", "Component") if machine.keys else ""
    for key in machine.keys:
        items = (quoted(parts.attributes[key.name]), types.shape(key.type), *_named(key.type))
        yield Prefixed(f"{quoted(key.name)}: ", Brackets(f"{component}(", items))


def _named(type_: Type) -> Iterator[str]:
    bare = plain(type_)
    if isinstance(bare, Link):
        yield quoted("connection")
    elif isinstance(bare, Party):
        yield quoted(bare.role)


def _addresses(standard: Standard, machine: Machine, parts: Members, types: Types) -> Iterator[Code]:
    by_message: dict[str, list[Addressing]] = {}
    for each in machine.addressing:
        by_message.setdefault(str(each.message), []).append(each)
    for name, addressings in by_message.items():
        shown = tuple(_address(standard, machine, each, parts, types) for each in addressings)
        yield Prefixed(f"{types.message(name)}: ", Brackets("(", shown))


def _address(standard: Standard, machine: Machine, addressing: Addressing, parts: Members, types: Types) -> Code:
    word = types.imports.take(f"{types.imports.places.runtime}.plan", "Address")
    roles = _words(playing(standard, addressing.sender))
    if len(addressing.keys) < len(machine.keys):  # a response: whoever asked takes it, and nobody else
        return Brackets(f"{word}(", (roles, f"lambda {', '.join(f'_{each}' for each in _TAKEN)}: ()", "each=True"))
    message = next(each for each in standard.messages if each.name == addressing.message)
    leaf = str(entered(machine, machine.initial))
    place = Place(
        types=types,
        machine=replace(machine, keys=()),
        members=replace(parts, me="me", party="party"),
        leaf=leaf,
        target=leaf,
        message=message,
        sender="sender",
        connection="sender.link",
    )
    elements = _elements(machine, addressing)
    names = {name: f"each_{number}" for number, name in enumerate(elements)}
    keys = [
        names[str(key.name)] if str(key.name) in names else python(value, place)
        for key, value in zip(machine.keys, addressing.keys, strict=True)
    ]
    shown = f"({', '.join(keys)}{',' if len(keys) == 1 else ''})"
    if elements:
        loops = " ".join(f"for {names[name]} in {_in_order(elements[name], place)}" for name in elements)
        shown = f"[{shown} {loops}]"
    if not keys:
        return Brackets(f"{word}(", (roles,))
    taken = ", ".join(each if re.search(rf"\b{each}\b", shown) else f"_{each}" for each in _TAKEN)
    tail = ("each=True",) if elements else ()
    return Brackets(f"{word}(", (roles, f"lambda {taken}: {shown}", *tail))


def _in_order(items: nodes.Expr, place: Place) -> str:
    """The elements of a set in the order of the meaning; a set itself has another one in each process."""
    shown = str(python(items, place))
    return f"sorted({shown}, key=str)" if isinstance(plain(items.type), SetOf) else shown


_TAKEN = ("party", "me", "message", "sender")


def _elements(machine: Machine, addressing: Addressing) -> dict[str, nodes.Expr]:
    """Components of the key that `for each` gives, and the list or set that it goes through."""
    triggers = [each.trigger for each in machine.handlers if isinstance(each.trigger, Receive)]
    named = {str(key.name) for key in machine.keys}
    return {
        str(each.each[0]): each.each[1]
        for each in triggers
        if each.each is not None and each.message == addressing.message and str(each.each[0]) in named
    }


def _over(standard: Standard, machine: Machine) -> list[str]:
    """The connections that the machine's messages come over; none for all."""
    heard = {str(each.message) for each in machine.addressing}
    found = [name for each in standard.messages if each.name in heard for name in carried(standard, each)]
    return list(dict.fromkeys(found))


def carried(standard: Standard, message: Message) -> list[str]:
    """The connections that a message may take: its own, else all of the standard that declares it."""
    if message.connection is not None:
        return [str(message.connection)]
    home = message.name.rpartition(".")[0]
    return [str(each.name) for each in standard.connections if each.name.rpartition(".")[0] == home]


# -- what it does


def _timers(parts: Members) -> Iterator[Code]:
    for timer, attribute in parts.deadlines.items():
        pair = Brackets("(", (f"{parts.handler}.{behind('after', timer.name)}", quoted(attribute)))
        yield Prefixed(f"{quoted(timer.name)}: ", pair)


def _hears(machine: Machine, parts: Members, types: Types, happenings: tuple[Event, ...]) -> Iterator[Code]:
    first = set(scopes(machine, entered(machine, machine.initial)))
    for event in happenings:
        if event.trigger is not None:
            word = types.imports.take(f"{types.imports.places.runtime}.plan", "Hears")
            named = tuple(quoted(each) for each in (event.kind, event.trigger.flow, event.trigger.machine))
            wakes = ["wakes=True"] if any(handler.scope in first for handler in event.handlers) else []
            items = (*named, _words(crossed(event.handlers)), f"{parts.handler}.{event.method}", *wakes, *_whose(event))
            yield Brackets(f"{word}(", items)


def _whose(event: Event) -> list[str]:
    """Of which instances a machine hears, where all its triggers say the same in so many words."""
    keys = {each.trigger.key for each in event.handlers if isinstance(each.trigger, Enters | Leaves)}
    match [*keys]:
        case [None]:
            return ["same=True"]
        case [nodes.Key(name=name)]:
            return [f"of={quoted(name)}"]
        case _:
            return []


def _wakes(machine: Machine, parts: Members, happenings: tuple[Event, ...]) -> Iterator[str]:
    leaf = entered(machine, machine.initial)
    first = set(scopes(machine, leaf))
    for event in happenings:
        if event.kind in ("lost", "restored", "restarted") and any(each.scope in first for each in event.handlers):
            yield event.kind
    if running(machine, parts.timers, leaf):
        yield "start"


def _closes(machine: Machine) -> bool:
    found = any(each.closes or isinstance(each.disposition, CloseLink) for each in transitions(machine))
    said = (*dispositions(machine), *(each for _, each in machine.stale))
    return found or any(isinstance(each, CloseLink) for each in said)


# -- what it remembers


def _first(machine: Machine, parts: Members, types: Types) -> Iterator[Code]:
    yield parts.states[entered(machine, machine.initial)]
    yield from (types.initial(variable) for variable in machine.variables)
    yield from ("None" for _ in parts.deadlines)
    yield from ("()" for each in changes(machine, parts) if each in ("_deferred", "_open", "_owed"))


def _variables(machine: Machine, parts: Members) -> Iterator[Code]:
    yield from _pairs((str(each.name), parts.attributes[each.name]) for each in machine.variables)


def _columns(machine: Machine, types: Types) -> Iterator[Code]:
    for column in machine.columns:
        values = []
        for leaf in leaves(machine):
            literal = dict(leaf.columns).get(column.name)
            if literal is not None:
                values.append(f"{quoted(leaf.name)}: {types.value(literal.value, column.type)}")
        yield Prefixed(f"{quoted(column.name)}: ", Brackets("{", tuple(values), "}"))
