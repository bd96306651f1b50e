"""Messages as XMPP stanzas: there and back, and nothing but a protocol error for whatever else comes."""

import copy
from contextlib import suppress
from typing import Any
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausework.model.standard import named
from clausework.runtime import RemoteProtocolError, Secret
from clausework.runtime.stanzas import Codec, Limits
from emit.python import made

messages: Any = made.module("desk", "messages")
vocabulary: Any = made.module("desk", "vocabulary")
codec: Codec = made.module("desk", "stanzas").CODEC
SUBJECT = made.subject("desk", "serving", "desk")
WIRED = st.sampled_from(["hello", "welcome", "question", "reply"]).flatmap(
    lambda name: made.messages(SUBJECT, named(SUBJECT.standard.messages, name))
)
HELLO = '<message xmlns="jabber:client" from="a@b" id="1"><subject>roof</subject>%s</message>'


@given(WIRED)
def test_a_message_comes_back_from_its_stanza_and_from_its_text(message: Any) -> None:
    stanza = codec.encode(message, id="7", from_="a@b")

    assert codec.decode(stanza) == message
    assert codec.parse(tostring(stanza)) == message


def test_places_are_those_of_the_specification() -> None:
    stanza = codec.encode(messages.Welcome(result=vocabulary.WelcomeResult.QUEUED, place=3))

    text = (
        '<iq xmlns="jabber:client" type="set" place="3"><answer xmlns="urn:desk"><item result="queued"/></answer></iq>'
    )
    assert tostring(stanza) == tostring(fromstring(text))


def test_a_secret_is_written_and_read_but_not_shown() -> None:
    message = codec.parse(HELLO % "<code>sesame</code>")

    assert message == messages.Hello(topic="roof", code=Secret("sesame"))
    assert "sesame" not in repr(message)


@pytest.mark.parametrize(
    "text",
    [
        HELLO % "<subject>again</subject>",
        HELLO % "<code>1</code><code>2</code>",
        HELLO % "<surprise/>",
        HELLO % "text",
        HELLO % '<code colour="red">1</code>',
        HELLO % "<!-- a comment -->" + "x",
        (HELLO % "").replace(' id="1"', ' colour="red"'),
        (HELLO % "").replace(' id="1"', ' type="chat"'),
        (HELLO % "").replace("roof", ""),
        (HELLO % "").replace("<subject>roof</subject>", ""),
        (HELLO % "").replace("roof", "r" * 41),
        (HELLO % "").replace("jabber:client", "jabber:server"),
        '<!DOCTYPE x [<!ENTITY e "e">]>' + HELLO % "&e;",
        "<message",
        "",
        "<a>" * 40 + "</a>" * 40,
        HELLO % f"<code>{'x' * 70_000}</code>",
    ],
)
def test_anything_else_is_a_remote_protocol_error(text: str) -> None:
    with pytest.raises(RemoteProtocolError):
        codec.parse(text)


@pytest.mark.parametrize("number", ["100", "-1", "01", "+1", "1.0", " 1", "\u0661", "", "1" * 30])
def test_numbers_are_taken_only_as_they_are_written(number: str) -> None:
    stanza = codec.encode(messages.Question(number=1, to=frozenset(("a",))))
    stanza[0].set("number", number)

    with pytest.raises(RemoteProtocolError):
        codec.decode(stanza)


def test_a_set_has_no_element_twice() -> None:
    stanza = codec.encode(messages.Question(number=1, to=frozenset(("a",))))
    stanza[0].append(copy.deepcopy(stanza[0][0]))

    with pytest.raises(RemoteProtocolError, match="twice"):
        codec.decode(stanza)


def test_a_default_stands_for_what_is_absent() -> None:
    stanza = codec.encode(messages.Question(number=1, to=frozenset()))
    stanza[0].remove(stanza[0].findall("{urn:desk}urgent")[0])

    assert codec.decode(stanza) == messages.Question(number=1, to=frozenset(), urgent=False)


def test_limits_are_kept_for_elements_that_were_parsed_elsewhere() -> None:
    deep = Element("{jabber:client}message")
    inner = deep
    for _ in range(50):
        inner = SubElement(inner, "x")
    small = Codec((), Limits(size=100, elements=3, depth=2))

    with pytest.raises(RemoteProtocolError, match="too large or too deep"):
        codec.decode(deep)
    with pytest.raises(RemoteProtocolError, match="too large or too deep"):
        small.decode(codec.encode(messages.Welcome(result=vocabulary.WelcomeResult.QUEUED)))


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_text_is_a_message_or_a_remote_protocol_error(text: bytes | str) -> None:
    with pytest.raises(RemoteProtocolError):
        codec.parse(text)


TAGS = st.sampled_from(
    [
        "{jabber:client}message",
        "{jabber:client}iq",
        "{jabber:client}subject",
        "{urn:desk}question",
        "{urn:desk}item",
        "x",
    ]
)
WORDS = st.sampled_from(["", "set", "chat", "1", "roof", "queued", "low", "\x00", "a" * 50])
ATTRIBUTES = st.dictionaries(st.sampled_from(["type", "id", "number", "result", "place", "colour"]), WORDS, max_size=3)


def element(tag: str, attributes: dict[str, str], text: str | None, children: list[Element]) -> Element:
    made_ = Element(tag, attributes)
    made_.text = text
    made_.extend(children)
    return made_


ELEMENTS = st.recursive(
    st.builds(element, TAGS, ATTRIBUTES, st.none() | WORDS, st.just([])),
    lambda inner: st.builds(element, TAGS, ATTRIBUTES, st.none() | WORDS, st.lists(inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=300)
@given(ELEMENTS)
def test_any_element_is_a_message_that_looks_like_it_or_a_remote_protocol_error(stanza: Element) -> None:
    try:
        message = codec.decode(stanza)
    except RemoteProtocolError:
        return
    assert codec.decode(codec.encode(message)) == message


@settings(max_examples=200)
@given(WIRED, st.data())
def test_a_stanza_with_one_change_is_refused_or_means_what_it_says(message: Any, data: st.DataObject) -> None:
    stanza = codec.encode(message)
    target = data.draw(st.sampled_from(list(stanza.iter())))
    match data.draw(st.sampled_from(["attribute", "child", "text", "tag", "drop"])):
        case "attribute":
            target.set("colour", "red")
        case "child":
            target.append(Element("{urn:desk}colour"))
        case "text":
            target.text = "\u2603" * 60
        case "tag":
            target.tag = "{urn:desk}colour"
        case "drop":
            for child in list(target)[:1]:
                target.remove(child)

    with suppress(RemoteProtocolError):
        assert codec.decode(codec.encode(codec.decode(stanza))) == codec.decode(stanza)
