"""Properties: what should hold."""

import re
from collections.abc import Iterator

from clausework.model.about import About
from clausework.model.sequence import (
    Always,
    Claim,
    Happening,
    LeadsTo,
    Nowhere,
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
    CONTRADICTION,
    MISSING_KEY,
    UNKNOWN_FIELD,
)
from clausework.read.sequences import event_text, is_event
from clausework.read.sessions import Sessions
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
