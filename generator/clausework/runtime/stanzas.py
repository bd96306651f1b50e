"""XMPP stanzas: messages to and from XML elements, strictly, by a layout made from the specification.

Unknown, missing or repeated elements and attributes, text where none belongs, values outside their constraints:
all of it is a `RemoteProtocolError`, and nothing else is ever raised by `decode` and `parse`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement

from clausework.runtime.errors import RemoteProtocolError
from clausework.runtime.message import Message
from clausework.runtime.shapes import Items, Maybe, Members, Shape

CLIENT = "jabber:client"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
ENVELOPE = frozenset(("type", "id", "from", "to", LANGUAGE))
"""What every stanza may carry: the transport reads it, a message has it only where its layout says so."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field is: in the element number `level` (0 is the stanza), or in a child of it.

    `attribute` None: the text of that element.  A list or set has an element for each of its own.
    """

    field: str
    level: int
    child: str | None
    attribute: str | None
    shape: Shape

    @property
    def item(self) -> Shape:
        shape = self.shape.item if isinstance(self.shape, Maybe) else self.shape
        return shape.item if isinstance(shape, Items | Members) else shape

    @property
    def many(self) -> bool:
        return isinstance(self.shape.item if isinstance(self.shape, Maybe) else self.shape, Items | Members)

    @property
    def optional(self) -> bool:
        return isinstance(self.shape, Maybe)

    def read(self, texts: list[str], defaults: Mapping[str, Any]) -> Any:
        """The field's value from the texts found at the place, in order; ValueError if they are too many or too few."""
        if self.many and (texts or not self.optional):
            return self._read_many([self.item.parse(text) for text in texts])
        if len(texts) > 1:
            raise ValueError(f"{self.child} is there {len(texts)} times")
        if texts:
            return self.item.parse(texts[0])
        if self.field in defaults:
            return defaults[self.field]
        if self.optional:
            return None
        raise ValueError(f"{self.field} is missing")

    def _read_many(self, items: list[Any]) -> tuple[Any, ...] | frozenset[Any]:
        shape = self.shape.item if isinstance(self.shape, Maybe) else self.shape
        if isinstance(shape, Items):
            return tuple(items)
        if len(frozenset(items)) != len(items):
            raise ValueError(f"{self.field} has an element twice")
        return frozenset(items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one message looks: the stanza's tag, its type, the path of elements in it, the places of the fields.

    `defaults` are the fields that may be absent, with what that means; `envelope` the attributes that are the
    transport's.
    """

    message: type[Message]
    tag: str
    kind: str
    path: tuple[str, ...]
    places: tuple[Place, ...]
    defaults: Mapping[str, Any]
    envelope: frozenset[str] = ENVELOPE

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        """What tells messages apart at first sight: the tag, the type, the first element."""
        typed = any(place.level == 0 and place.attribute == "type" for place in self.places)
        return self.tag, None if typed else self.kind, self.path[0] if self.path else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is read of a stranger's XML at most: bytes of a text, elements, and how deep they nest."""

    size: int = 65536
    elements: int = 1024
    depth: int = 16


class Codec:
    """All stanzas of a standard.  `encode` is for messages that have a layout; `decode` for whatever comes."""

    __slots__ = ("_by_key", "_by_message", "_limits")

    def __init__(self, layouts: tuple[Layout, ...], limits: Limits | None = None) -> None:
        self._by_message = {layout.message: layout for layout in layouts}
        self._by_key: dict[tuple[str, str | None, str | None], list[Layout]] = {}
        self._limits = limits or Limits()
        for layout in layouts:
            self._by_key.setdefault(layout.key, []).append(layout)

    def encode(self, message: Message, **envelope: str) -> Element:
        """The stanza; `envelope` (`id`, `to`, ...) is for what the message itself doesn't say."""
        layout = self._by_message[type(message)]
        stanza = _encode(layout, message)
        for name, value in envelope.items():
            stanza.attrib.setdefault(name.rstrip("_"), value)
        return stanza

    def decode(self, stanza: Element, expected: type[Message] | None = None) -> Message:
        """The message of a stanza.  `expected` chooses where several messages look alike (the answers of requests)."""
        try:
            self._measure(stanza)
            layouts = list(self._candidates(stanza, expected))
            return _first(layouts, stanza)
        except RemoteProtocolError:
            raise
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise RemoteProtocolError(f"not a stanza of this standard: {error}", event=_shown(stanza)) from error

    def parse(self, text: str | bytes, expected: type[Message] | None = None) -> Message:
        """The message of a stanza's text, which must have no DTD, no entities, no comments of its own."""
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import fromstring

        if len(text) > self._limits.size:
            raise RemoteProtocolError("the stanza is too long")
        try:
            stanza = fromstring(text, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
            raise RemoteProtocolError(f"not XML that a stanza may have: {error}") from error
        return self.decode(stanza, expected)

    def _candidates(self, stanza: Element, expected: type[Message] | None) -> Iterator[Layout]:
        kinds = (stanza.get("type", ""), None)
        firsts = (stanza[0].tag, None) if len(stanza) else (None,)
        for kind in kinds:
            for first in firsts:
                for layout in self._by_key.get((stanza.tag, kind, first), ()):
                    if expected is None or layout.message is expected:
                        yield layout

    def _measure(self, stanza: Element) -> None:
        left, size = self._limits.elements, self._limits.size
        waiting = [(stanza, 1)]
        while waiting:
            element, depth = waiting.pop()
            left -= 1
            size -= _characters(element)
            if left < 0 or size < 0 or depth > self._limits.depth:
                raise RemoteProtocolError("the stanza is too large or too deep", event=_shown(stanza))
            waiting.extend((child, depth + 1) for child in element)


def _first(layouts: list[Layout], stanza: Element) -> Message:
    """The first layout that fits; the refusal of the only one, if there is just one."""
    refused = RemoteProtocolError("no message looks like this", event=_shown(stanza))
    for layout in layouts:
        try:
            return _decode(layout, stanza)
        except ValueError as error:
            if len(layouts) == 1:
                event, clause = f"receive {layout.message.NAME}", layout.message.CLAUSE
                refused = RemoteProtocolError(str(error), event=event, clause=clause)
    raise refused


def _shown(stanza: Element) -> str:
    return f"stanza {stanza.tag!s}"[:120]


def _characters(element: Element) -> int:
    if not isinstance(element.tag, str):
        raise RemoteProtocolError("comments and processing instructions have no place in a stanza")
    attributes = sum(len(name) + len(value) for name, value in element.attrib.items())
    return len(element.tag) + attributes + len(element.text or "") + len(element.tail or "")


# -- encoding


def _encode(layout: Layout, message: Message) -> Element:
    stanza = Element(layout.tag, {"type": layout.kind} if layout.kind else {})
    chain = [stanza]
    for tag in layout.path:
        chain.append(SubElement(chain[-1], tag))
    for place in layout.places:
        value = getattr(message, place.field)
        if value is not None:
            _put(chain[place.level], place, value)
    return stanza


def _put(element: Element, place: Place, value: Any) -> None:
    for each in _ordered(place, value) if place.many else (value,):
        target = element if place.child is None else SubElement(element, place.child)
        if place.attribute is None:
            target.text = place.item.show(each)
        else:
            target.set(place.attribute, place.item.show(each))


def _ordered(place: Place, value: Any) -> Any:
    return sorted(value, key=place.item.show) if isinstance(value, frozenset) else value


# -- decoding


def _decode(layout: Layout, stanza: Element) -> Message:
    chain = [stanza]
    for level, tag in enumerate(layout.path):
        chain.append(_only(chain[level], tag))
    values = {}
    for level, element in enumerate(chain):
        places = [place for place in layout.places if place.level == level]
        _refuse_others(layout, level, element, places)
        for place in places:
            values[place.field] = place.read(_texts(place, element), layout.defaults)
    return layout.message(**values)


def _only(element: Element, tag: str) -> Element:
    found = element.findall(tag)
    if len(found) != 1:
        raise ValueError(f"{tag} is there {len(found)} times")
    return found[0]


def _refuse_others(layout: Layout, level: int, element: Element, places: list[Place]) -> None:
    """Nothing in an element but what its places, the next element of the path and the envelope are."""
    here = {place.attribute for place in places if place.child is None and place.attribute}
    attributes = here | (layout.envelope if level == 0 else frozenset())
    if level == 0 and "type" not in here and element.get("type", "") != layout.kind:
        raise ValueError(f"type is {element.get('type', '')!r}, not {layout.kind!r}")
    children = {place.child for place in places if place.child is not None} | set(layout.path[level : level + 1])
    texts = any(place.child is None and place.attribute is None for place in places)
    _refuse(element, attributes, children, texts)
    for child in element:
        if child.tag not in layout.path[level : level + 1]:
            inner = [place for place in places if place.child == child.tag]
            names = {place.attribute for place in inner if place.attribute}
            _refuse(child, names, set(), any(place.attribute is None for place in inner))


def _refuse(element: Element, attributes: set[str], children: set[str], texts: bool) -> None:
    unknown = [name for name in element.attrib if name not in attributes]
    unknown += [child.tag for child in element if child.tag not in children]
    if unknown:
        raise ValueError(f"{unknown[0]} has no place in {element.tag}")
    if not texts and (element.text or "").strip():
        raise ValueError(f"text has no place in {element.tag}")
    if any((child.tail or "").strip() for child in element):
        raise ValueError(f"text has no place in {element.tag}")


def _texts(place: Place, element: Element) -> list[str]:
    """What stands at a place, once for each time that it is there."""
    targets = [element] if place.child is None else element.findall(place.child)
    if place.attribute is None:
        return [target.text or "" for target in targets if place.child is not None or target.text]
    found = [target.get(place.attribute) for target in targets]
    if place.child is not None and None in found:
        raise ValueError(f"{place.attribute} is missing in {place.child}")
    return [text for text in found if text is not None]
