"""What a transition sends, closes and tells, as the elements of the tuple that the step returns."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from clausework.emit.python.code import Brackets, Code, Comprehension, Prefixed, call
from clausework.emit.python.expressions import piece, python, ranged
from clausework.emit.python.place import Place
from clausework.emit.python.words import identifier, quoted
from clausework.expr import nodes
from clausework.expr.types import required
from clausework.model.machine import Notify, Send, Signal, ToEach, ToLink, ToParty, ToRole, Whom
from clausework.model.standard import Message

Pairs = Iterable[tuple[str, nodes.Expr]]


def send(send_: Send, place: Place) -> Code:
    """One `Send`, or one for each message of a list, or for each receiver."""
    clauses: list[Code] = []
    inner = place
    if send_.each_in is not None:
        clauses.append(f"for stored in {python(send_.each_in, place)}")
        inner = replace(place, stored="stored")
    return _each(send_.to, inner, clauses, lambda to, here: _send(_message(send_, here), to, here))


def close(whom: Whom, place: Place) -> Code:
    return _each(whom, place, [], lambda to, here: call(here.types.imports.runtime("Close"), (to,)))


def reply(message: str | None, fields: Pairs, place: Place) -> tuple[Code, ...]:
    """A message back to where one came from, if there is one to send."""
    if message is None:
        return ()
    return (_send(_built(message, fields, place), f"{place.sender}.way_back", place),)


def close_back(place: Place) -> Code:
    return call(place.types.imports.runtime("Close"), (f"{place.sender}.way_back", "told=True"))


def notify(note: Notify, signal: Signal, place: Place) -> Code:
    word = place.types.imports.runtime("Notify")
    types = {each.name: each.type for each in signal.arguments}
    if not note.arguments:
        return call(word, (quoted(str(note.name)),))
    items = [
        Prefixed(f"{quoted(identifier(name))}: ", python(value, place, types[name])) for name, value in note.arguments
    ]
    return call(word, (quoted(str(note.name)), Brackets("{", tuple(items), "}")))


def is_constant(code: Code, fixed: frozenset[str]) -> bool:
    """Whether it may be made after the commit as well as before: it reads nothing that changes, and cannot fail."""
    match code:
        case str():
            return code in fixed or code.startswith(('"', "vocabulary.")) or code in ("True", "False", "None")
        case Brackets(open=opening, items=items):
            made = opening.rstrip("(").rpartition(".")[2]
            fine = opening in ("(", "{") or made in _EFFECTS or not items
            return fine and all(is_constant(item, fixed) for item in items)
        case Prefixed(code=inner):
            return is_constant(inner, fixed)
        case _:
            return False


_EFFECTS = ("Close", "Notify", "Send", "ToLink", "ToParty", "ToRole")


def _send(message: Code, to: Code, place: Place) -> Code:
    return call(place.types.imports.runtime("Send"), (message, to))


def _message(send_: Send, place: Place) -> Code:
    name = str(send_.message)
    if send_.forwards and place.message is not None:
        if all(isinstance(value, nodes.MessageField) and value.name == name_ for name_, value in send_.fields):
            return "message"
        name = str(place.message.name)
    if send_.each_in is not None and all(
        isinstance(value, nodes.MessageField) and value.name == name_ for name_, value in send_.fields
    ):
        return "stored"
    return _built(name, send_.fields, place)


def _built(name: str, fields: Pairs, place: Place) -> Code:
    """The message's constructor, called."""
    message = _model(name, place)
    types = {str(each.name): each.type for each in message.fields}
    items = [Prefixed(f"{identifier(field)}=", piece(value, place, types[field])) for field, value in fields]
    return call(place.types.message(name), items)


def _model(name: str, place: Place) -> Message:
    return next(message for message in place.types.names.standard.messages if message.name == name)


def _each(whom: Whom, place: Place, clauses: list[Code], make: Callable[[Code, Place], Code]) -> Code:
    runtime = place.types.imports.runtime
    match whom:
        case ToRole(role=role):
            made = make(call(runtime("ToRole"), (quoted(role),)), place)
        case ToParty(party=party):
            made = make(call(runtime("ToParty"), (python(party, place, required(party.type)),)), place)
        case ToLink(link=link):
            made = make(call(runtime("ToLink"), (python(link, place),)), place)
        case ToEach():
            inner, more = _ranged(whom, place)
            return Comprehension("*(", _each(whom.to, inner, [], make), (*clauses, *more))
    return Comprehension("*(", made, tuple(clauses)) if clauses else made


def _ranged(whom: ToEach, place: Place) -> tuple[Place, list[Code]]:
    inner, word, source, test = ranged(whom.variable, whom.domain, whom.where, place)
    if whom.best is None:
        return inner, [f"for {word} in {source}", *([Prefixed("if ", test)] if test is not None else [])]
    rank, highest = whom.best
    chosen: Code = source
    if test is not None:
        chosen = Comprehension("(", word, (f"for {word} in {source}", Prefixed("if ", test)))
    items = (chosen, Prefixed(f"lambda {word}: ", piece(rank, inner)), f"highest={highest}")
    return inner, [Prefixed(f"for {word} in ", call(place.types.imports.runtime("best"), items))]
