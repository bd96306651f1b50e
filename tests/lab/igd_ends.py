"""The generated control point of `spec/igd` over SOAP: an HTTP connection for each action, as UPnP has it."""

import http.client
import socket
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml.ElementTree import fromstring

from clausework.runtime import Message, Send
from clausework_standards.igd import control, messages, parties, status, vocabulary
from lab.driving import Driver, clock
from lab.network import Host

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICE = "urn:schemas-upnp-org:service:WANIPConnection"
GATEWAY = "gateway"
ERRORS = {each.code: each for each in vocabulary.Error}
STATUSES = {each.printed: each for each in vocabulary.ConnectionStatus}
ACTIONS: dict[type[Message], str] = {
    messages.AddPortMapping: "AddPortMapping",
    messages.DeletePortMapping: "DeletePortMapping",
    messages.GetPortMapping: "GetSpecificPortMappingEntry",
    messages.GetStatus: "GetStatusInfo",
    messages.GetExternalAddress: "GetExternalIPAddress",
}
ARGUMENTS = ("remote_host", "external_port", "protocol", "internal_port", "internal_client", "lease_duration")
LEFT_OUT = {messages.AddPortMapping: {"NewEnabled": "1", "NewPortMappingDescription": "clausework"}}
"""What only fills the gateway's table, and is no field of ours."""


class ControlPointEnd(Driver):
    """A control point at `address`; `place` is where the gateway describes itself."""

    def __init__(self, host: Host, address: str, place: str, parameters: vocabulary.Parameters) -> None:
        made = parties.ControlPoint(me=address, parameters=parameters, directory=self)
        super().__init__(made)
        self.control_point, self.address = made, address
        self._host = host
        self.service, where = control_url(self._described(place))
        self._place = urljoin(place, where)
        self.carry_out(made.start(now=clock()))
        self.carry_out(made.restored(GATEWAY, GATEWAY, "gateway", now=clock()))

    # -- the directory

    def home(self, party: str) -> str:
        return party

    def parties(self, role: str) -> Sequence[str]:
        return (GATEWAY,) if role == "gateway" else ()

    # -- what the application may ask for

    def map(self, external: int, internal: int) -> None:
        command = self.control_point.does
        key = ("", external, vocabulary.Protocol.TCP)
        self.carry_out(command(control.ControlPoint.map_, key, leads_to=self.address, at_port=internal, now=clock()))

    def unmap(self, external: int) -> None:
        key = ("", external, vocabulary.Protocol.TCP)
        self.carry_out(self.control_point.does(control.ControlPoint.unmap, key, now=clock()))

    def look(self, external: int) -> None:
        key = ("", external, vocabulary.Protocol.TCP)
        self.carry_out(self.control_point.does(control.ControlPoint.look, key, now=clock()))

    def look_at_line(self) -> None:
        self.carry_out(self.control_point.does(status.ControlPoint.look, now=clock()))

    def state(self, external: int) -> control.ControlPointState:
        key = ("", external, vocabulary.Protocol.TCP)
        return self.control_point.instance(control.ControlPoint, key).state

    # -- SOAP

    def send(self, send: Send) -> None:
        action = ACTIONS[type(send.message)]
        headers = {"SOAPAction": f'"{self.service}#{action}"', "Content-Type": 'text/xml; charset="utf-8"'}
        connection = self._connected(self._place)
        connection.request("POST", urlsplit(self._place).path, envelope(send.message, self.service, action), headers)

        def answered(at: socket.socket) -> None:
            at.settimeout(5.0)
            response = connection.getresponse()
            message = answer(type(send.message), response.read())
            self.forget(at)
            connection.close()
            self.seen.append(message.NAME)
            self.carry_out(self.control_point.receive(message, GATEWAY, now=clock(), request=send.request))

        self.listen(connection.sock, answered)

    def _connected(self, place: str) -> http.client.HTTPConnection:
        parts = urlsplit(place)
        made = http.client.HTTPConnection(str(parts.hostname), parts.port or 80)
        made.sock = self._host.endpoint(socket.AF_INET, socket.SOCK_STREAM)
        made.sock.settimeout(5.0)
        made.sock.bind((self.address, 0))
        made.sock.connect((parts.hostname, parts.port or 80))
        return made

    def _described(self, place: str) -> Element:
        connection = self._connected(place)
        connection.request("GET", urlsplit(place).path)
        described: Element = fromstring(connection.getresponse().read())
        connection.close()
        return described


def control_url(description: Element) -> tuple[str, str]:
    """The service, with its version, and where it takes its actions."""
    for service in description.iter("{urn:schemas-upnp-org:device-1-0}service"):
        said = {child.tag.partition("}")[2]: child.text or "" for child in service}
        if said.get("serviceType", "").startswith(f"{SERVICE}:"):
            return said["serviceType"], said["controlURL"]
    raise AssertionError(f"the gateway has no {SERVICE}")


def envelope(message: Message, service: str, action: str) -> bytes:
    root = Element(
        f"{{{ENVELOPE}}}Envelope", {f"{{{ENVELOPE}}}encodingStyle": "http://schemas.xmlsoap.org/soap/encoding/"}
    )
    call = SubElement(SubElement(root, f"{{{ENVELOPE}}}Body"), f"{{{service}}}{action}")
    for name in ARGUMENTS:
        if hasattr(message, name):
            value = getattr(message, name)
            SubElement(call, argument(name)).text = str(int(value) if isinstance(value, float) else value)
    for name, text in LEFT_OUT.get(type(message), {}).items():
        SubElement(call, name).text = text
    return tostring(root, "utf-8", xml_declaration=True)


def argument(field: str) -> str:
    return "New" + "".join(word.capitalize() for word in field.split("_"))


def answer(asked: type[Message], body: bytes) -> Message:
    """What the gateway says to an action."""
    said = {each.tag.partition("}")[2] or each.tag: each.text or "" for each in fromstring(body).iter()}
    if "errorCode" in said:
        error = ERRORS[int(said["errorCode"])]
        failures = {
            messages.AddPortMapping: messages.AddingFailed,
            messages.DeletePortMapping: messages.DeletingFailed,
            messages.GetPortMapping: messages.GettingFailed,
        }
        return failures[asked](error=error)
    if asked is messages.GetPortMapping:
        return messages.PortMapping(internal_client=said["NewInternalClient"])
    if asked is messages.GetStatus:
        return messages.Status(connection_status=STATUSES[said["NewConnectionStatus"]])
    if asked is messages.GetExternalAddress:
        return messages.ExternalAddress(address=said["NewExternalIPAddress"] or None)
    return messages.MappingAdded() if asked is messages.AddPortMapping else messages.MappingDeleted()
