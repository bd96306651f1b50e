"""The generated agent of `spec/lldp` at an Ethernet port.

Everybody on the link is one party, the multicast group, which frames go to; who is heard becomes a link of its own,
called by its chassis ID and port ID.
"""

import struct
from collections.abc import Sequence

from clausework.runtime import Send
from clausework_standards.lldp import ageing, messages, parties, port, receive, timers, vocabulary
from lab.driving import Driver, clock
from lab.network import Host

GROUP, GROUP_ADDRESS = "group", bytes.fromhex("0180c200000e")
ETHERTYPE = 0x88CC
END, CHASSIS_ID, PORT_ID, TIME_TO_LIVE, PORT_DESCRIPTION, SYSTEM_NAME, OF_AN_ORGANISATION = 0, 1, 2, 3, 4, 5, 127
A_MAC_ADDRESS_OF_A_CHASSIS, A_MAC_ADDRESS_OF_A_PORT = b"\4", b"\3"
TTC = bytes.fromhex("e0271a")
"""Whose TLVs those of HTIP are."""


def tlv(kind: int, value: bytes) -> bytes:
    """Seven bits of type, nine of length, the value."""
    return struct.pack("!H", kind << 9 | len(value)) + value


def tlvs(data: bytes) -> list[tuple[int, bytes]]:
    """As they stand, without the end; ValueError for what is cut off."""
    found, at = [], 0
    while at + 2 <= len(data):
        (head,) = struct.unpack_from("!H", data, at)
        kind, length = head >> 9, head & 0x1FF
        if kind == END:
            return found
        if at + 2 + length > len(data):
            raise ValueError("cut off")
        found.append((kind, data[at + 2 : at + 2 + length]))
        at += 2 + length
    raise ValueError("no end")


class AgentEnd(Driver):
    """An agent at `interface`, plugged in from the beginning."""

    def __init__(self, host: Host, interface: str, parameters: vocabulary.Parameters) -> None:
        made = parties.Agent(me="here", parameters=parameters, directory=self)
        super().__init__(made)
        self.agent = made
        self.hardware = host.hardware_address(interface)
        self.sent: list[float] = []
        self.heard_frames = 0
        self.line = host.frames(interface, ETHERTYPE)
        self.listen(self.line, lambda at: self.arrived(at.recv(2000)))
        self.carry_out(made.start(now=clock()))
        self.carry_out(made.restored(GROUP, GROUP, "agent", now=clock()))

    def home(self, party: str) -> str:
        return party

    def parties(self, role: str) -> Sequence[str]:
        return (GROUP,) if role == "agent" else ()

    # -- what the application may ask for

    def plug(self) -> None:
        self.carry_out(self.agent.does(port.Agent.plug, now=clock()))

    def manage(self, wanted: vocabulary.AdminStatus) -> None:
        self.carry_out(self.agent.does(port.Agent.manage, now=clock(), wanted=wanted))

    def change(self, information: bytes) -> None:
        self.carry_out(self.agent.does(timers.Agent.change, now=clock(), what=information))

    def believed(self) -> bytes | None:
        """What is believed of the neighbour: its TLVs."""
        return self.agent.instance(receive.Agent).mib

    def age(self) -> ageing.AgentState:
        return self.agent.instance(ageing.Agent).state

    # -- frames

    def send(self, send: Send) -> None:
        assert isinstance(send.message, messages.Lldpdu), send
        self.sent.append(clock())
        frame = (
            GROUP_ADDRESS
            + self.hardware
            + struct.pack("!H", ETHERTYPE)
            + tlv(CHASSIS_ID, A_MAC_ADDRESS_OF_A_CHASSIS + self.hardware)
            + tlv(PORT_ID, A_MAC_ADDRESS_OF_A_PORT + self.hardware)
            + tlv(TIME_TO_LIVE, struct.pack("!H", int(send.message.ttl)))
            + (send.message.information or b"")
            + tlv(END, b"")
        )
        self.line.send(frame.ljust(60, b"\0"))

    def arrived(self, frame: bytes) -> None:
        try:
            said = tlvs(frame[14:])
        except ValueError:
            return
        if frame[:6] != GROUP_ADDRESS or [kind for kind, _ in said[:3]] != [CHASSIS_ID, PORT_ID, TIME_TO_LIVE]:
            return
        speaker = f"{said[0][1].hex()} {said[1][1].hex()}"
        information = b"".join(tlv(*each) for each in said[3:])
        message = messages.Lldpdu(ttl=float(struct.unpack("!H", said[2][1][:2])[0]), information=information)
        if self.agent.links.find(speaker) is None:
            self.carry_out(self.agent.restored(speaker, speaker, "agent", now=clock()))
        self.heard_frames += 1
        self.carry_out(self.agent.receive(message, speaker, now=clock()))
