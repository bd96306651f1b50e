"""Checks: within which bounds to look, and what may go wrong there."""

import re
from collections.abc import Iterator

from clausework.model.about import About
from clausework.model.sequence import Asked, Check, Fault, PartyOf
from clausework.read.about import about, bare
from clausework.read.form import Form
from clausework.read.givens import read_given
from clausework.read.literals import fits
from clausework.read.rules import (
    BAD_NUMBER,
    BAD_PHRASE,
    MISSING_KEY,
    UNKNOWN_CLAIM,
    UNKNOWN_COMMAND,
    UNKNOWN_LIFELINE,
    UNKNOWN_PARAMETER,
    WRONG_SHAPE,
)
from clausework.read.sessions import Sessions
from clausework.read.tree import Items, Scalar
from clausework.source import Name

MOST_TICKS = 100
_PARTY = re.compile(r"(?P<role>[\w.]+)(?: at (?P<at>\w+))?")
_FAULT = re.compile(
    r"(?P<kind>loss|duplication|swap)(?: of (?P<message>[\w.]+))?(?: (?P<times>once|twice|[1-9]\d? times))?"
    r"|(?P<act>lost|restart|attack)(?: (?P<subject>(?!once|twice)[a-z]\w*))?(?: (?P<often>once|twice|[1-9]\d? times))?"
)
_ASKED = re.compile(r"\w+(?: of \w+(?: and \w+)*)?")
_TICKS = re.compile(r"(?P<low>\d+)(?:\.\.(?P<high>\d+))?")
_TIMES = {"once": 1, "twice": 2}


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
            queue_full_is_error=_word(sessions, each, "full", "error", "note") == "error",
            slots=tuple(_slots(sessions, each, called)),
            bind=tuple(_bind(sessions, each)),
            commands=tuple(_commands(sessions, each, called)),
            faults=tuple(_faults(sessions, each, called, here)),
            together=_word(sessions, each, "notice", "together", "apart") == "together",
            reconnects=_word(sessions, each, "reconnects", "eventually") == "eventually",
            down=tuple(_down(sessions, each, called)),
            given=tuple(read_given(sessions, each, parties, here)),
            ticks=tuple(_ticks(sessions, each)),
            urgent=_word(sessions, each, "delivery", "urgent") == "urgent",
            claims=tuple(_claims(sessions, each, form)) if each.has("claims") else None,
            most=each.number("most", 1, 10**12),
            large=each.flag("large"),
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
        elif all(_fits(sessions, known[0], item.text) for item in items if isinstance(item, Scalar)):
            yield Name(known[0], key.span), texts


def _fits(sessions: Sessions, name: str, text: Name) -> bool:
    found = sessions.names.parameters.get(name) or sessions.names.types[name]
    return fits(sessions.names.problems, name, found.type, text)


def _claims(sessions: Sessions, form: Form, flow: Form) -> Iterator[Name]:
    possible = [str(key) for kind in ("properties", "sequences") for key, _ in flow.pairs(kind)]
    for text in form.texts("claims"):
        if text not in possible:
            message = f"the flow has no property or sequence `{text}`"
            sessions.names.problems.unknown(UNKNOWN_CLAIM, message, text, possible)
        yield text


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
            _asked(sessions, text, sorted(known), parties)
        yield key, texts


def _asked(sessions: Sessions, text: Name, known: list[str], parties: list[str]) -> None:
    if _ASKED.fullmatch(text) is None:
        help_ = "write `command`, or `command of party` where a machine is kept for a peer or a connection"
        sessions.names.problems.report(BAD_PHRASE, f"`{text}` is not a command", text.span, help_)
        return
    asked = Asked.of_text(text)
    if asked.command not in known:
        message = f"there is no command `{asked.command}`"
        sessions.names.problems.unknown(UNKNOWN_COMMAND, message, Name(asked.command, text.span), known)
    for name in sorted(asked.of - set(parties)):
        message = f"there is no party `{name}`"
        sessions.names.problems.unknown(UNKNOWN_LIFELINE, message, Name(name, text.span), parties)


def _faults(sessions: Sessions, form: Form, parties: list[str], around: About) -> Iterator[Fault]:
    for text in form.texts("faults"):
        match = _FAULT.fullmatch(text)
        if match is None:
            help_ = (
                "write `lost party once`, `restart party`, `attack party`, `loss of M twice`, `duplication` or `swap`"
            )
            sessions.names.problems.report(BAD_PHRASE, f"`{text}` is not a fault", text.span, help_)
            continue
        subject = Name(match["subject"], text.span) if match["subject"] else None
        kind = match["kind"] or match["act"]
        if subject is not None and subject not in parties:
            sessions.names.problems.unknown(UNKNOWN_LIFELINE, f"there is no party `{subject}`", subject, parties)
            continue
        if kind in ("restart", "attack") and subject is None:
            sessions.names.problems.report(
                BAD_PHRASE, f"`{kind}` doesn't say which party", text.span, f"write `{kind} {parties[0]}`"
            )
            continue
        if kind in ("loss", "duplication", "swap") and not any(
            each.datagram for each in sessions.names.connections.values()
        ):
            sessions.names.problems.report(
                BAD_PHRASE,
                f"no connection has a `{kind}`",
                text.span,
                "say `datagram: true` at the connection that has",
            )
            continue
        message = sessions.names.message_name(Name(match["message"], text.span)) if match["message"] else None
        yield Fault(
            kind=Name(kind, text.span),
            subject=subject,
            message=message,
            times=_times(match["times"] or match["often"]),
            about=bare(text.span or form.span, around),
        )


def _times(text: str | None) -> int | None:
    return None if text is None else _TIMES.get(text) or int(text.split(" ")[0])


def _word(sessions: Sessions, form: Form, key: str, *possible: str) -> Name | None:
    """One of a few words; None if the key isn't there."""
    text = form.text(key) if form.has(key) else None
    if text is not None and text not in possible:
        help_ = "it is " + " or ".join(f"`{word}`" for word in possible)
        sessions.names.problems.report(BAD_PHRASE, f"`{key}` cannot be `{text}`", text.span, help_)
    return text


def _down(sessions: Sessions, form: Form, parties: list[str]) -> Iterator[Name]:
    for text in form.texts("down"):
        if text not in parties:
            sessions.names.problems.unknown(UNKNOWN_LIFELINE, f"there is no party `{text}`", text, parties)
        yield text


def _ticks(sessions: Sessions, form: Form) -> Iterator[tuple[Name, int, int]]:
    """How long timers run, in ticks: `patience: 2` or `patience: 1..3`."""
    known = {
        str(timer) for each in sessions.names.outlines.values() for machine in each.machines for timer in machine.timers
    } | {str(name) for name in sessions.names.parameters}
    for key, value in form.pairs("ticks"):
        text = value.text if isinstance(value, Scalar) else Name("")
        match = _TICKS.fullmatch(text)
        if key not in known:
            sessions.names.problems.unknown(
                UNKNOWN_PARAMETER, f"there is no timer or parameter `{key}`", key, sorted(known)
            )
        elif match is None or not int(match["low"]) <= int(match["high"] or match["low"]) <= MOST_TICKS:
            help_ = f"write a number of ticks, or `least..most`, at most {MOST_TICKS}"
            sessions.names.problems.report(BAD_NUMBER, f"`{text}` is no time in ticks", value.span, help_)
        else:
            yield key, int(match["low"]), int(match["high"] or match["low"])
