"""HTTPS: messages to and from requests with a form in the body, and responses with XML in it; strictly.

A request is told by its method and path, its fields are those of a form (`application/x-www-form-urlencoded`).
A response is told by its status; its fields are the children of the body's only element.  Unknown, missing or repeated
fields and values outside their constraints are a `RemoteProtocolError`, and nothing else is ever raised by decoding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode
from xml.etree.ElementTree import tostring

from clausework.runtime.errors import RemoteProtocolError
from clausework.runtime.message import Message
from clausework.runtime.stanzas import Codec, Layout, Limits, Place

MOST_FIELDS = 256


@dataclass(frozen=True, slots=True)
class Request:
    """`body` is the form, as text."""

    method: str
    path: str
    body: str


@dataclass(frozen=True, slots=True)
class Response:
    """`body` is XML, as text."""

    status: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a request looks; a place's `child` is the name in the form."""

    message: type[Message]
    method: str
    path: str
    places: tuple[Place, ...]
    defaults: Mapping[str, Any]


class Bodies:
    """All requests and responses of a standard.  `responses` are by status; several may share one."""

    __slots__ = ("_forms", "_limits", "_requests", "_statuses", "_xml")

    def __init__(
        self, forms: tuple[Form, ...], responses: tuple[tuple[str, Layout], ...], limits: Limits | None = None
    ) -> None:
        self._limits = limits or Limits()
        self._forms = {(form.method, form.path): form for form in forms}
        self._requests = {form.message: form for form in forms}
        self._statuses = {layout.message: status for status, layout in responses}
        self._xml = Codec(tuple(layout for _, layout in responses), limits)

    def encode_request(self, message: Message) -> Request:
        form = self._requests[type(message)]
        pairs: list[tuple[str, str]] = []
        for place in form.places:
            value = getattr(message, place.field)
            if value is not None:
                items = sorted(value, key=place.item.show) if isinstance(value, frozenset) else value
                name = place.child or place.field
                pairs += [(name, place.item.show(each)) for each in (items if place.many else (value,))]
        return Request(form.method, form.path, urlencode(pairs))

    def decode_request(self, method: str, path: str, body: str) -> Message:
        form = self._forms.get((method, path))
        if form is None:
            raise RemoteProtocolError("no request looks like this", event=f"{method} {path}"[:120])
        try:
            return _read(form, _fields(body, self._limits))
        except ValueError as error:
            event = f"receive {form.message.NAME}"
            raise RemoteProtocolError(str(error), event=event, clause=form.message.CLAUSE) from error

    def encode_response(self, message: Message) -> Response:
        return Response(self._statuses[type(message)], tostring(self._xml.encode(message), encoding="unicode"))

    def decode_response(self, status: str, body: str | bytes, expected: type[Message] | None = None) -> Message:
        """`expected`: what the request asked for, where several responses look alike."""
        message = self._xml.parse(body, expected)
        if self._statuses[type(message)] != status:
            raise RemoteProtocolError(f"status {status}"[:80], event=f"receive {message.NAME}", clause=message.CLAUSE)
        return message


def _fields(body: str, limits: Limits) -> list[tuple[str, str]]:
    if len(body) > limits.size:
        raise ValueError("the body is too long")
    if not body:
        return []
    return parse_qsl(body, keep_blank_values=True, strict_parsing=True, max_num_fields=MOST_FIELDS, errors="strict")


def _read(form: Form, pairs: list[tuple[str, str]]) -> Message:
    names = {place.child for place in form.places}
    unknown = [name for name, _ in pairs if name not in names]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no field of {form.message.NAME}")
    values = {}
    for place in form.places:
        values[place.field] = place.read([text for name, text in pairs if name == place.child], form.defaults)
    return form.message(**values)
