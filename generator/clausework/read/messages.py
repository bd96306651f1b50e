"""`messages.yaml`: who says what to whom, and how it looks on the wire."""

from dataclasses import replace

from clausework.model.about import About
from clausework.model.machine import Field
from clausework.model.standard import Message, Wire
from clausework.read.about import about, bare
from clausework.read.form import Form
from clausework.read.names import Names
from clausework.read.rules import (
    BAD_DIRECTION,
    BAD_PHRASE,
    CYCLIC_IMPORT,
    MISSING_KEY,
    UNKNOWN_FIELD,
    WRONG_SHAPE,
)
from clausework.read.tree import Scalar, Tree
from clausework.read.types import typed_default
from clausework.source import ConnectionName, MessageName, Name, RoleName

_Directions = tuple[tuple[RoleName, RoleName], ...]


def read_messages(names: Names, tree: Tree, around: About) -> None:
    """Declares the messages; one that `is a` or `answers` another is read after it."""
    form = Form(names.problems, "messages", tree, "the messages")
    inside = about(form, form.span, around)
    forms = {}
    seen: dict[str, Name] = {}
    for key, value in form.pairs("messages"):
        names.problems.check_name(key)
        if names.problems.first(seen, key, "messages"):
            forms[key] = Form(names.problems, "message", value, f"message `{key}`", key.span)
    waiting = dict(forms)
    while waiting:
        ready = [key for key, each in waiting.items() if not {each.text("is a"), each.text("answers")} & set(waiting)]
        for key in ready:
            _read_message(names, key, waiting.pop(key), inside)
        if not ready:
            for key in list(waiting):
                names.problems.report(CYCLIC_IMPORT, f"message `{key}` stands on itself", key.span)
                del waiting[key]


def _read_message(names: Names, key: Name, form: Form, around: About) -> None:
    parent_name, answered = form.text("is a"), form.text("answers")
    parent = names.message(parent_name) if parent_name else None
    request = names.message(answered) if answered else None
    here = about(form, key.span or form.span, around)
    directions = _directions(names, form)
    if not directions and parent is not None:
        directions = parent.directions
    if not directions and request is not None:
        directions = tuple((receiver, sender) for sender, receiver in request.directions)
    if not directions and not any(form.has(key) for key in ("from", "to", "between", "is a", "answers")):
        names.problems.report(
            MISSING_KEY,
            f"message `{key}` doesn't say who sends it",
            key.span,
            "write `from:` and `to:`, or `between: [a, b]`",
        )
    fields = read_fields(names, form.pairs("fields"), here)
    inherited = parent.fields if parent else ()
    message = Message(
        name=MessageName(key, key.span),
        directions=directions,
        fields=(*(field for field in inherited if field.name not in {f.name for f in fields}), *fields),
        about=here,
        abstract=form.flag("abstract"),
        parent=parent.name if parent else None,
        answers=request.name if request else None,
        provisional=form.flag("provisional"),
        connection=_connection(names, form, directions, parent),
    )
    wire = form.tree("wire")
    if wire is not None:
        message = replace(message, wire=_wire(names, message, wire))
    elif parent is not None and parent.wire is not None:
        message = replace(message, wire=_named_wire(parent.wire, key))
    names.messages[key] = message


def read_fields(names: Names, pairs: tuple[tuple[Name, Tree], ...], around: About) -> tuple[Field, ...]:
    """Fields, arguments or variables: `name: type`, `name: type = value`."""
    fields = []
    for name, value in pairs:
        names.problems.check_name(name)
        if not isinstance(value, Scalar) or not value.text:
            names.problems.report(WRONG_SHAPE, f"`{name}` needs a type", value.span)
            continue
        found = typed_default(names, value.text)
        if found is None:
            names.problems.misread.add(name)
        else:
            fields.append(
                Field(name=name, type=found[0], default=found[1], about=bare(name.span or value.span, around))
            )
    return tuple(fields)


def _directions(names: Names, form: Form) -> _Directions:
    if form.has("between"):
        return _between(names, form)
    senders = [names.role(text) for text in form.texts("from")]
    receivers = [names.role(text) for text in form.texts("to")]
    if bool(senders) != bool(receivers):
        names.problems.report(MISSING_KEY, f"{form.called} needs both `from` and `to`", form.span)
    pairs = [(one, other) for one in senders if one for other in receivers if other]
    for one, other in pairs:
        if not names.connected(one, other) and not names.misread_connection:
            names.problems.report(
                BAD_DIRECTION,
                f"no connection joins `{one}` and `{other}`",
                one.span,
                "declare it under `connections:` of the vocabulary",
            )
    return tuple(pairs)


def _between(names: Names, form: Form) -> _Directions:
    """`between: [client, server]`: either way; a side may be `client or server`: then every pair that is connected."""
    sides = form.texts("between")
    if len(sides) != 2:
        names.problems.report(
            BAD_PHRASE, "`between` names two sides", form.key("between").span, "write `[client, server]`"
        )
        return ()
    left, right = ([names.role(Name(word.strip(), side.span)) for word in side.split(" or ")] for side in sides)
    pairs: list[tuple[RoleName, RoleName]] = []
    for one in left:
        for other in right:
            if one is None or other is None or not names.connected(one, other):
                continue
            pairs += [pair for pair in ((one, other), (other, one)) if pair not in pairs]
    if not pairs and None not in left and None not in right and not names.misread_connection:
        names.problems.report(
            BAD_DIRECTION,
            "no connection joins these",
            sides[0].span,
            "declare it under `connections:` of the vocabulary",
        )
    return tuple(pairs)


def _connection(names: Names, form: Form, directions: _Directions, parent: Message | None) -> ConnectionName | None:
    """The connection that the message goes over: the one that `over` names, its parent's, or the only one there is."""
    text = form.text("over")
    joining = {each.name for one, other in directions for each in names.connected(one, other)}
    if text is not None:
        if text not in joining:
            names.problems.unknown(
                BAD_DIRECTION, f"`{text}` doesn't join those who send and receive {form.called}", text, sorted(joining)
            )
            return None
        return ConnectionName(text, text.span)
    if parent is not None and parent.connection in joining:
        return parent.connection
    for one, other in directions:
        if len(names.connected(one, other)) > 1:
            shown = ", ".join(f"`{each.name}`" for each in names.connected(one, other))
            names.problems.report(BAD_DIRECTION, f"{form.called} can go over {shown}", form.span, "write `over: ...`")
            return None
    if len(joining) == 1:
        return next(iter(joining))
    return None


def _named_wire(wire: Wire, key: Name) -> Wire:
    """A child's wire form is its parent's; `type: name` there means the child's own name."""
    return replace(wire, kind=str(key)) if wire.kind == "name" else wire


_FORMS = ("xmpp", "https")
_STANZAS = {"xmpp": ("message", "presence", "iq", "stream", "element")}


def _wire(names: Names, message: Message, tree: Tree) -> Wire | None:
    form = Form(names.problems, "wire", tree, f"the wire form of `{message.name}`")
    said = [each for each in _FORMS if form.has(each)]
    if len(said) != 1:
        names.problems.report(MISSING_KEY, f"{form.called} says one of `xmpp`, `https`", form.span)
        return None
    stanza = form.text(said[0])
    if stanza is None:
        return None
    if said[0] in _STANZAS and stanza not in _STANZAS[said[0]]:
        names.problems.unknown(BAD_PHRASE, f"`{stanza}` is not a stanza", stanza, list(_STANZAS[said[0]]))
    at = []
    for field, value in form.pairs("at"):
        if field not in {each.name for each in message.fields}:
            possible = [str(each.name) for each in message.fields]
            names.problems.unknown(UNKNOWN_FIELD, f"`{message.name}` has no field `{field}`", field, possible)
        elif isinstance(value, Scalar):
            at.append((field, str(value.text)))
    return Wire(
        form=said[0],
        stanza=str(stanza),
        about=about(form, form.span, message.about),
        kind=str(form.text("type") or ""),
        element=tuple(part for part in (form.text("element") or "").split("/") if part),
        namespace=str(form.text("namespace") or ""),
        at=tuple(at),
    )
