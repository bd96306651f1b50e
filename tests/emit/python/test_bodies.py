"""Messages as HTTPS requests and responses: there and back, and a protocol error for whatever else comes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausework.model.standard import named
from clausework.runtime import RemoteProtocolError
from clausework.runtime.bodies import Bodies, Request, Response
from emit.python import made

messages: Any = made.module("desk", "messages")
vocabulary: Any = made.module("desk", "vocabulary")
bodies: Bodies = made.module("desk", "bodies").BODIES
SUBJECT = made.subject("desk", "serving", "desk")


@given(made.messages(SUBJECT, named(SUBJECT.standard.messages, "join")))
def test_a_request_comes_back(message: Any) -> None:
    request = bodies.encode_request(message)

    assert bodies.decode_request(request.method, request.path, request.body) == message


@given(made.messages(SUBJECT, named(SUBJECT.standard.messages, "joined")))
def test_a_response_comes_back(message: Any) -> None:
    response = bodies.encode_response(message)

    assert bodies.decode_response(response.status, response.body) == message


def test_names_are_those_of_the_specification() -> None:
    join = messages.Join(name="a b", tags=frozenset(("x", "y")))
    assert bodies.encode_request(join) == Request("POST", "/join", "userName=a+b&tag=x&tag=y&loud=false")
    joined = messages.Joined(grade=vocabulary.Grade.LOW)
    assert bodies.encode_response(joined) == Response("200", "<response><errorcode>low</errorcode></response>")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "tag=x",
        "userName=",
        "userName=a&userName=b",
        "userName=a&colour=red",
        "userName=a&loud=maybe",
        "a=1&&b",
        "%ff=1",
    ],
)
def test_any_other_form_is_a_remote_protocol_error(body: str) -> None:
    with pytest.raises(RemoteProtocolError):
        bodies.decode_request("POST", "/join", body)


def test_another_path_status_or_attribute_is_a_remote_protocol_error() -> None:
    with pytest.raises(RemoteProtocolError):
        bodies.decode_request("GET", "/join", "userName=a")
    with pytest.raises(RemoteProtocolError):
        bodies.decode_response("500", "<response><errorcode>low</errorcode></response>")
    with pytest.raises(RemoteProtocolError):
        bodies.decode_response("200", '<response id="1"><errorcode>low</errorcode></response>')


@given(st.text(max_size=60))
def test_any_text_is_a_message_or_a_remote_protocol_error(text: str) -> None:
    with pytest.raises(RemoteProtocolError):
        bodies.decode_request("POST", "/join", text)
    with pytest.raises(RemoteProtocolError):
        bodies.decode_response("200", text)
