"""The elements of a specification, one by one: what each is, where it is written, and what it stands for.

Each is listed once, where it is written: what a flow adds to the machine of another one is that flow's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clausework.emit.python.symbols import Symbols
from clausework.expr.types import Named, Type
from clausework.model.about import About, Citation
from clausework.model.machine import After, Impossible, Machine, Receive
from clausework.model.sequence import Sequence
from clausework.model.standard import Flow, Standard, own
from clausework.model.states import leaves
from clausework.model.transitions import Transition, called, paths


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An element as it is written.

    `citations` are its source, and for a transition also those of the trigger and of the branches that lead to it.
    `transitions`, by their names, are those that exercise it.  `drawn` names its diagram, if it has one of its own.
    `silent`: nothing can show it, as it is a claim that something does not happen.
    """

    kind: str
    name: str
    about: About
    flow: str = ""
    citations: tuple[Citation, ...] = ()
    symbols: tuple[str, ...] = ()
    transitions: frozenset[str] = frozenset()
    drawn: tuple[str, ...] = ()
    silent: bool = False


@dataclass(frozen=True, slots=True)
class _Taken:
    """A transition of one of our machines, with its name."""

    machine: Machine
    flow: Flow
    name: str
    transition: Transition
    symbols: tuple[str, ...]
    citations: tuple[Citation, ...]
    about: About


def elements(standard: Standard, symbols: Symbols, drawn: dict[tuple[str, ...], tuple[str, ...]]) -> Iterator[Written]:
    """In the order of the files: vocabulary, messages, then flow by flow."""
    every = tuple(_taken(standard, symbols))
    yield from _vocabulary(standard, symbols, drawn, every)
    yield from _messages(standard, symbols, every)
    for flow in own(standard.flows):
        yield from _flow(flow, symbols, drawn, tuple(each for each in every if each.flow is flow), every)


def _taken(standard: Standard, symbols: Symbols) -> Iterator[_Taken]:
    for flow in own(standard.flows):
        for machine in flow.machines:
            for handler in machine.handlers:
                if not _is_in(flow, handler.about):
                    continue
                names = called(machine, handler)
                for name, transition in zip(names, paths(handler), strict=True):
                    found = tuple(symbols.handlers.get(id(handler), ()))
                    cited = _citations(handler.about, transition.about)
                    yield _Taken(machine, flow, name, transition, found, cited, transition.about)


def _is_in(flow: Flow, about: About) -> bool:
    return about.span.source.path == flow.about.span.source.path


def _citations(*abouts: About) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(each.source for each in abouts if each.source is not None))


def _written(kind: str, name: str, about: About, **more: object) -> Written:
    return Written(kind=kind, name=name, about=about, citations=_citations(about), **more)  # type: ignore[arg-type]  # by name


# -- vocabulary and messages


def _vocabulary(
    standard: Standard, symbols: Symbols, drawn: dict[tuple[str, ...], tuple[str, ...]], every: tuple[_Taken, ...]
) -> Iterator[Written]:
    for role in own(standard.roles):
        mine = _names(each for each in every if each.machine.role == role.name)
        yield _written("role", role.name, role.about, symbols=_one(symbols.roles.get(str(role.name))), transitions=mine)
    for connection in own(standard.connections):
        carried = {str(each.name) for each in standard.messages if each.connection == connection.name}
        yield _written("connection", connection.name, connection.about, transitions=_speaking(every, carried))
    for definition in own(standard.types):
        having = {
            str(message.name)
            for message in standard.messages
            if any(_has(field.type, definition.name) for field in message.fields)
        }
        symbol = _one(symbols.types.get(str(definition.name)))
        yield _written("type", definition.name, definition.about, symbols=symbol, transitions=_speaking(every, having))
    for parameter in own(standard.parameters):
        waiting = (each for each in every if _waits(each.transition, parameter.name))
        symbol = _one(symbols.parameters.get(str(parameter.name)))
        yield _written("parameter", parameter.name, parameter.about, symbols=symbol, transitions=_names(waiting))
    for entity in standard.entities:
        yield _written("entity", entity.name, entity.about, drawn=drawn.get(("entity", str(entity.name)), ()))
    for relation in standard.relations:
        yield _written("relation", relation.name, relation.about, drawn=drawn.get(("relation", str(relation.name)), ()))


def _waits(transition: Transition, parameter: str) -> bool:
    return isinstance(transition.trigger, After) and transition.trigger.timer == parameter


def _has(type_: Type, name: str) -> bool:
    """Whether it is the type of that name, or is made of it."""
    if isinstance(type_, Named) and type_.name == name:
        return True
    inner = getattr(type_, "item", None)
    return inner is not None and _has(inner, name)


def _messages(standard: Standard, symbols: Symbols, every: tuple[_Taken, ...]) -> Iterator[Written]:
    for message in own(standard.messages):
        meant = {str(each.name) for each in standard.messages if message.name in (each.name, each.parent)}
        symbol = _one(symbols.messages.get(str(message.name)))
        yield _written("message", message.name, message.about, symbols=symbol, transitions=_speaking(every, meant))


def _speaking(every: tuple[_Taken, ...], messages: set[str]) -> frozenset[str]:
    """The transitions that take or send one of the messages."""
    return _names(each for each in every if messages & set(_said(each.transition)))


def _said(transition: Transition) -> Iterator[str]:
    if isinstance(transition.trigger, Receive):
        yield str(transition.trigger.message)
    yield from (str(send.message) for send in transition.sends)


# -- flows


def _flow(
    flow: Flow,
    symbols: Symbols,
    drawn: dict[tuple[str, ...], tuple[str, ...]],
    here: tuple[_Taken, ...],
    every: tuple[_Taken, ...],
) -> Iterator[Written]:
    name = str(flow.name)
    module = symbols.flows.get(name)
    yield _written("flow", name, flow.about, flow=name, symbols=_one(module), transitions=_names(here))
    for decision in (each for each in flow.decisions if _is_in(flow, each.about)):
        asked = (each for each in every if any(question == decision.name for question, _ in each.transition.answers))
        hooks = tuple(symbols.decisions.get((name, str(decision.name)), ()))
        yield _written(
            "decision", f"{name}.{decision.name}", decision.about, flow=name, symbols=hooks, transitions=_names(asked)
        )
    for machine in flow.machines:
        yield from _machine(flow, machine, symbols, drawn, tuple(each for each in here if each.machine is machine))
    for sequence in flow.sequences:
        yield _sequence(name, sequence, drawn)
    for claim in flow.properties:
        yield _written("property", f"{name}.{claim.name}", claim.about, flow=name, silent=True)


def _machine(
    flow: Flow,
    machine: Machine,
    symbols: Symbols,
    drawn: dict[tuple[str, ...], tuple[str, ...]],
    here: tuple[_Taken, ...],
) -> Iterator[Written]:
    name, key = f"{flow.name}.{machine.name}", (str(flow.name), str(machine.name))
    if _is_in(flow, machine.about):
        yield _written(
            "machine",
            name,
            machine.about,
            flow=str(flow.name),
            symbols=symbols.machines.get(key, ()),
            transitions=_names(here),
            drawn=drawn.get(("machine", *key), ()),
        )
    lowest = {str(leaf.name) for leaf in leaves(machine)}
    for state in machine.states:
        if _is_in(flow, state.about):
            near = _names(each for each in here if state.name in (each.transition.scope, each.transition.target))
            symbol = _one(symbols.states.get((*key, str(state.name)))) if state.name in lowest else ()
            yield _written(
                "state", f"{name}.{state.name}", state.about, flow=str(flow.name), symbols=symbol, transitions=near
            )
    for each in here:
        yield Written(
            kind="transition",
            name=each.name,
            about=each.about,
            flow=str(flow.name),
            citations=each.citations,
            symbols=each.symbols,
            transitions=frozenset({each.name}),
            silent=isinstance(each.transition.disposition, Impossible),
        )


def _sequence(flow: str, sequence: Sequence, drawn: dict[tuple[str, ...], tuple[str, ...]]) -> Written:
    picture = drawn.get(("sequence", flow, str(sequence.name)), ())
    name = f"{flow}.{sequence.name}"
    return _written("sequence", name, sequence.about, flow=flow, drawn=picture, silent=sequence.impossible)


def _names(taken: Iterator[_Taken] | tuple[_Taken, ...]) -> frozenset[str]:
    return frozenset(each.name for each in taken)


def _one(symbol: str | None) -> tuple[str, ...]:
    return (symbol,) if symbol else ()
