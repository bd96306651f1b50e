"""Properties and checks: what should hold, and within which bounds to look."""

import re
from collections.abc import Iterator

from clausework.model.about import About
from clausework.model.sequence import (
    Always,
    Check,
    Claim,
    Fault,
    Happening,
    LeadsTo,
    Nowhere,
    PartyOf,
    Possible,
    Precedes,
    Property,
    Settled,
    Twice,
    Unchanged,
)
from clausework.read.about import about, bare
from clausework.read.form import Form
from clausework.read.rules import (
    BAD_NUMBER,
    BAD_PHRASE,
    CONTRADICTION,
    MISSING_KEY,
    UNKNOWN_COMMAND,
    UNKNOWN_FIELD,
    UNKNOWN_LIFELINE,
    UNKNOWN_PARAMETER,
    WRONG_SHAPE,
)
from clausework.read.sequences import event_text, is_event
from clausework.read.sessions import Sessions
from clausework.read.tree import Items, Scalar
from clausework.source import Name

_KINDS = ("always", "never", "settled", "possible", "whenever", "precedes", "unchanged")
_STATIC: dict[str, type[Always] | type[Settled] | type[Possible]] = {
    "always": Always,
    "settled": Settled,
    "possible": Possible,
}
_TWICE = re.compile(r"(?P<event>.+?) twice(?: with the same (?P<same>\w+(?: and \w+)*))?")
_PARTY = re.compile(r"(?P<role>[\w.]+)(?: at (?P<at>\w+))?")
_FAULT = re.compile(
    r"(?P<kind>lost|loss|duplication|swap|restart|attack)(?: of (?P<times>\d+)? ?(?P<message>\w+))?"
    r"(?: (?P<subject>(?!once)\w+))?(?P<once> once)?(?: per \w+)?"
)


def read_properties(sessions: Sessions, form: Form, around: About) -> Iterator[Property]:
    for key, tree in form.pairs("properties"):
        sessions.names.problems.check_name(key)
        each = Form(sessions.names.problems, "property", tree, f"property `{key}`", key.span)
        said = [kind for kind in _KINDS if each.has(kind)]
        if len(said) != 1:
            message = f"property `{key}` says " + (" and ".join(f"`{kind}`" for kind in said) or "nothing")
            rule = CONTRADICTION if said else MISSING_KEY
            sessions.names.problems.report(
                rule, message, key.span, "it says one of " + ", ".join(f"`{kind}`" for kind in _KINDS)
            )
            continue
        claim = _claim(sessions, each, said[0], around)
        if claim is not None:
            refuted = each.text("refuted")
            yield Property(
                name=key,
                claim=claim,
                about=about(each, key.span or each.span, around),
                refuted=str(refuted) if refuted else None,
                provided=_optional(sessions, each, "if", around),
                unless=_optional(sessions, each, "unless", around),
            )


def _claim(sessions: Sessions, form: Form, kind: str, around: About) -> Claim | None:
    match kind:
        case "always" | "settled" | "possible":
            text = form.text(kind)
            condition = sessions.condition(text) if text else None
            if condition is None:
                return None
            return _STATIC[kind](condition=condition)
        case "never" if _TWICE.fullmatch(form.text("never") or ""):
            return _twice(sessions, form.text("never") or Name(""), around)
        case "never":
            happening = _happening(sessions, form, "never", around)
            return Nowhere(happening=happening) if happening else None
        case "whenever":
            return _leads_to(sessions, form, around)
        case "precedes":
            first, before = (_happening(sessions, form, word, around) for word in ("precedes", "before"))
            return Precedes(first=first, before=before) if first and before else None
    values = [sessions.value(text) for text in form.texts("unchanged")]
    start, end = (_happening(sessions, form, word, around) for word in ("from", "to"))
    if start is None or end is None or None in values:
        return None
    return Unchanged(values=tuple(value for value in values if value is not None), start=start, end=end)


def _twice(sessions: Sessions, text: Name, around: About) -> Twice | None:
    """`a is told N twice with the same f and f`."""
    match = _TWICE.fullmatch(text)
    if match is None:
        raise AssertionError("the text was matched before")
    event = event_text(sessions, Name(match["event"], text.span), bare(text.span or around.span, around))
    same = tuple(Name(word, text.span) for word in (match["same"] or "").split(" and ") if word)
    possible = sessions.carried(event) if event else ()
    for word in same:
        if event is not None and word not in possible:
            sessions.names.problems.unknown(UNKNOWN_FIELD, f"`{match['event']}` carries no `{word}`", word, possible)
            return None
    return Twice(event=event, same=same) if event else None


def _leads_to(sessions: Sessions, form: Form, around: About) -> LeadsTo | None:
    whenever = _happening(sessions, form, "whenever", around)
    text = form.required("eventually")
    if whenever is None or text is None:
        return None
    parts = re.split(r"\s+or\s+", text) if is_event(text) else [text]
    eventually = [_moment(sessions, Name(part, text.span), around) for part in parts]
    within = form.text("within")
    bound = sessions.value(within) if within else None
    if None in eventually or (within and bound is None):
        return None
    return LeadsTo(whenever=whenever, eventually=tuple(each for each in eventually if each), within=bound)


def _happening(sessions: Sessions, form: Form, key: str, around: About) -> Happening | None:
    text = form.required(key)
    return _moment(sessions, text, around) if text else None


def _optional(sessions: Sessions, form: Form, key: str, around: About) -> Happening | None:
    text = form.text(key)
    return _moment(sessions, text, around) if text else None


def _moment(sessions: Sessions, text: Name, around: About) -> Happening | None:
    if is_event(text):
        event = event_text(sessions, text, bare(text.span or around.span, around))
        return Happening(event=event) if event else None
    condition = sessions.condition(text)
    return Happening(condition=condition) if condition else None


# -- checks


def read_checks(sessions: Sessions, form: Form, around: About) -> Iterator[Check]:
    for key, tree in form.pairs("checks"):
        sessions.names.problems.check_name(key)
        each = Form(sessions.names.problems, "check", tree, f"check `{key}`", key.span)
        here = about(each, key.span or each.span, around)
        parties = tuple(_parties(sessions, each, here))
        called = [str(party.name) for party in parties]
        if not parties:
            sessions.names.problems.report(MISSING_KEY, f"check `{key}` has no parties", key.span)
        yield Check(
            name=key,
            parties=parties,
            queue=each.number("queue", 1, 8) or 1,
            about=here,
            queue_full_is_error=each.text("full") == "error",
            slots=tuple(_slots(sessions, each, called)),
            bind=tuple(_bind(sessions, each)),
            commands=tuple(_commands(sessions, each, called)),
            faults=tuple(_faults(sessions, each, here)),
            together=each.text("notice") == "together",
            most=each.number("most", 1, 10**12),
        )


def _parties(sessions: Sessions, form: Form, around: About) -> Iterator[PartyOf]:
    texts = {key: value.text for key, value in form.pairs("parties") if isinstance(value, Scalar)}
    for key, text in texts.items():
        match = _PARTY.fullmatch(text)
        role = sessions.names.role(Name(match["role"], text.span)) if match else None
        if match is None:
            sessions.names.problems.report(
                BAD_PHRASE, f"`{text}` is not a role", text.span, "write `client` or `client at server`"
            )
        at = Name(match["at"], text.span) if match and match["at"] else None
        if at is not None and at not in texts:
            sessions.names.problems.unknown(UNKNOWN_LIFELINE, f"there is no party `{at}`", at, list(texts))
        if role is not None:
            yield PartyOf(name=key, role=role, at=at, about=bare(key.span or form.span, around))


def _slots(sessions: Sessions, form: Form, parties: list[str]) -> Iterator[tuple[Name, int]]:
    for key, value in form.pairs("connections"):
        text = value.text if isinstance(value, Scalar) else ""
        if key not in parties:
            sessions.names.problems.unknown(UNKNOWN_LIFELINE, f"there is no party `{key}`", key, parties)
        elif not text.isdigit() or not 1 <= int(text) <= 4:
            sessions.names.problems.report(BAD_NUMBER, "connections are 1 to 4", value.span)
        else:
            yield key, int(text)


def _bind(sessions: Sessions, form: Form) -> Iterator[tuple[Name, tuple[str, ...]]]:
    possible = [*sessions.names.parameters, *sessions.names.types]
    for key, value in form.pairs("bind"):
        items = value.items if isinstance(value, Items) else (value,)
        texts = tuple(str(item.text) for item in items if isinstance(item, Scalar))
        known = [name for name in possible if name == key or name.endswith(f".{key}")]
        if not known:
            sessions.names.problems.unknown(
                UNKNOWN_PARAMETER, f"`{key}` is neither a parameter nor a type", key, possible
            )
        elif not texts or len(texts) != len(items):
            sessions.names.problems.report(WRONG_SHAPE, f"`{key}` is bound to a value or a list of values", value.span)
        else:
            yield Name(known[0], key.span), texts


def _commands(sessions: Sessions, form: Form, parties: list[str]) -> Iterator[tuple[Name, tuple[Name, ...]]]:
    known = {
        command
        for each in sessions.names.outlines.values()
        for machine in each.machines
        for command in machine.commands
    }
    for key, value in form.pairs("commands"):
        if key not in parties:
            sessions.names.problems.unknown(UNKNOWN_LIFELINE, f"there is no party `{key}`", key, parties)
            continue
        items = value.items if isinstance(value, Items) else (value,)
        texts = tuple(item.text for item in items if isinstance(item, Scalar) and item.text)
        for text in texts:
            if text not in known:
                sessions.names.problems.unknown(UNKNOWN_COMMAND, f"there is no command `{text}`", text, sorted(known))
        yield key, texts


def _faults(sessions: Sessions, form: Form, around: About) -> Iterator[Fault]:
    for text in form.texts("faults"):
        match = _FAULT.fullmatch(text)
        if match is None:
            help_ = "write `loss`, `loss of message`, `lost party once`, `restart party`, `duplication` or `swap`"
            sessions.names.problems.report(BAD_PHRASE, f"`{text}` is not a fault", text.span, help_)
            continue
        message = sessions.names.message_name(Name(match["message"], text.span)) if match["message"] else None
        times = int(match["times"]) if match["times"] else (1 if match["once"] else None)
        yield Fault(
            kind=Name(match["kind"], text.span),
            subject=Name(match["subject"], text.span) if match["subject"] else None,
            message=message,
            times=times,
            about=bare(text.span or form.span, around),
        )
