"""Both ends of SSDP: the generated parties of `spec/ssdp` at UDP sockets.

As with DHCP, all devices together are one link, the multicast group, which a search goes to; a device that answers or
announces itself becomes a link of its own, called by its UUID.  A control point looks for one type of device, and what
is said of others, or of the same device's services, is not for it.
"""

import re
import socket
import struct
from collections.abc import Sequence

from clausework.runtime import Send, ToLink
from clausework_standards.ssdp import messages, parties, presence, vocabulary
from lab.driving import Driver, clock
from lab.network import Host

GROUP, PORT = "239.255.255.250", 1900
MAN = '"ssdp:discover"'
PARAMETERS = vocabulary.Parameters(max_age=1800.0, announce_again=800.0, most_boots=9, search_wait=1)
Heard = messages.Found | messages.Alive | messages.Byebye | messages.Update


def group_socket(host: Host, interface: str, address: str) -> socket.socket:
    """Hears what is said to the group, and what is answered to who asks from here."""
    made = host.datagrams(interface, PORT)
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
    membership = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton(address))
    made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    return made


def headers(packet: bytes) -> tuple[str, dict[str, str]]:
    """The first line, and the headers by their name in small letters."""
    first, _, rest = packet.decode("utf-8", "replace").partition("\r\n")
    pairs = (line.partition(":") for line in rest.split("\r\n"))
    return first, {name.strip().lower(): value.strip() for name, found, value in pairs if found}


def packet_of(first: str, **found: object) -> bytes:
    lines = [f"{name.upper().replace('_', '-').replace('--', '.')}: {value}" for name, value in found.items()]
    return ("\r\n".join((first, *lines)) + "\r\n\r\n").encode()


class ControlPointEnd(Driver):
    """Looks for devices of one type; `places` is where each describes itself, by its UUID."""

    def __init__(self, host: Host, interface: str, address: str, target: str) -> None:
        made = parties.ControlPoint(me=address, parameters=PARAMETERS)
        super().__init__(made)
        self.control_point, self.target = made, target
        self.places: dict[str, str] = {}
        self.socket = group_socket(host, interface, address)
        self.listen(self.socket, lambda at: self.arrived(at.recv(65535)))
        self.carry_out(made.start(now=clock()))
        self.carry_out(made.restored(GROUP, GROUP, "device", now=clock()))

    def look(self) -> None:
        self.carry_out(self.control_point.does(presence.ControlPoint.look, (GROUP,), now=clock()))

    def present(self) -> list[str]:
        """The devices that it believes to be there."""
        present = presence.ControlPointState.PRESENT
        return [
            each for each in self.places if self.control_point.instance(presence.ControlPoint, (each,)).state is present
        ]

    def send(self, send: Send) -> None:
        assert isinstance(send.message, messages.Search), send
        search = packet_of("M-SEARCH * HTTP/1.1", host=f"{GROUP}:{PORT}", man=MAN, mx=send.message.mx, st=self.target)
        self.socket.sendto(search, (GROUP, PORT))

    def arrived(self, packet: bytes) -> None:
        first, found = headers(packet)
        device = found.get("usn", "").partition("::")[0]
        message = heard(first, found)
        if message is None or not device or kind(found.get("st", found.get("nt", ""))) != kind(self.target):
            return
        self.seen.append(message.NAME)
        self.places[device] = found.get("location", self.places.get(device, ""))
        if self.control_point.links.find(device) is None:
            self.carry_out(self.control_point.restored(device, device, "device", now=clock()))
        self.carry_out(self.control_point.receive(message, device, now=clock()))


class DeviceEnd(Driver):
    """A device of one type.  Everybody who listens to the group is one control point; who searches is another."""

    def __init__(self, host: Host, interface: str, address: str, target: str, uuid: str) -> None:
        made = parties.Device(me=uuid, parameters=PARAMETERS, directory=self)
        super().__init__(made)
        self.device, self.target, self.uuid = made, target, uuid
        self.place = f"http://{address}:8000/description.xml"
        self.socket = group_socket(host, interface, address)
        self.listen(self.socket, lambda at: self.arrived(*at.recvfrom(65535)))
        self.carry_out(made.start(now=clock()))
        self.carry_out(made.restored(GROUP, GROUP, "control_point", now=clock()))

    def home(self, party: str) -> str:
        return party

    def parties(self, role: str) -> Sequence[str]:
        return (GROUP,) if role == "control_point" else ()

    def send(self, send: Send) -> None:
        assert isinstance(send.to, ToLink), send
        usn, age = f"{self.uuid}::{self.target}", f"max-age={PARAMETERS.max_age:g}"
        boot = getattr(send.message, "boot_id", 0)
        match send.message:
            case messages.Found():
                packet = packet_of(
                    "HTTP/1.1 200 OK", cache_control=age, ext="", location=self.place, st=self.target, usn=usn
                )
                address, _, port = str(send.to.link).rpartition(":")
                self.socket.sendto(packet, (address, int(port)))
                return
            case messages.Alive():
                says: dict[str, object] = {"nts": "ssdp:alive", "location": self.place, "cache_control": age}
            case messages.Byebye():
                says = {"nts": "ssdp:byebye"}
            case messages.Update(next_boot_id=following):
                says = {"nts": "ssdp:update", "location": self.place, "nextbootid__upnp__org": following}
            case _:
                raise AssertionError(send)
        packet = packet_of(
            "NOTIFY * HTTP/1.1", host=f"{GROUP}:{PORT}", nt=self.target, usn=usn, bootid__upnp__org=boot, **says
        )
        self.socket.sendto(packet, (GROUP, PORT))

    def arrived(self, packet: bytes, source: tuple[str, int]) -> None:
        first, found = headers(packet)
        if not first.startswith("M-SEARCH ") or found.get("st") not in ("ssdp:all", self.target):
            return
        asking = f"{source[0]}:{source[1]}"
        mx = found.get("mx", "")
        message = messages.Search(mx=int(mx) if mx.isdigit() else None, man_is_right=found.get("man") == MAN)
        self.seen.append(message.NAME)
        if self.device.links.find(asking) is None:
            self.carry_out(self.device.restored(asking, asking, "control_point", now=clock()))
        self.carry_out(self.device.receive(message, asking, now=clock()))


def heard(first: str, found: dict[str, str]) -> Heard | None:
    """What a device says; one of version 1.0 has no boot number, which then is 0."""
    boot = number(found.get("bootid.upnp.org"))
    if re.fullmatch(r"HTTP/1\.[01] 200 .*", first):
        return messages.Found(boot_id=boot)
    if not first.startswith("NOTIFY "):
        return None
    match found.get("nts"):
        case "ssdp:alive":
            return messages.Alive(boot_id=boot)
        case "ssdp:byebye":
            return messages.Byebye(boot_id=boot)
        case "ssdp:update":
            return messages.Update(boot_id=boot, next_boot_id=number(found.get("nextbootid.upnp.org")))
    return None


def kind(target: str) -> str:
    """A type without its version: a device of a higher one answers for the lower, and announces itself by its own."""
    return target.rpartition(":")[0]


def number(text: str | None) -> int:
    return int(text) if text is not None and text.isdigit() else 0
