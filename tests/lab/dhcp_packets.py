"""DHCP messages as packets (RFC 2131, section 2; options of RFC 2132), both ways."""

import struct
from dataclasses import dataclass, field

HEADER = struct.Struct("!BBBBIHH4s4s4s4s16s64s128s4s")
COOKIE = bytes((99, 130, 83, 99))
BROADCAST_FLAG = 0x8000
REQUESTED_ADDRESS, LEASE_TIME, MESSAGE_TYPE, SERVER_IDENTIFIER, RENEWAL_TIME, REBINDING_TIME = 50, 51, 53, 54, 58, 59
SUBNET_MASK, CLIENT_IDENTIFIER, END, PAD = 1, 61, 255, 0
NOWHERE = bytes(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """`kind` is option 53; the other options are by their number, as they are."""

    op: int
    kind: int
    xid: int
    hardware: bytes
    client_address: bytes = NOWHERE
    your_address: bytes = NOWHERE
    broadcast: bool = False
    options: dict[int, bytes] = field(default_factory=dict)

    def seconds(self, option: int) -> float | None:
        found = self.options.get(option)
        return None if found is None else float(int.from_bytes(found, "big"))


def encode(packet: Packet) -> bytes:
    flags = BROADCAST_FLAG if packet.broadcast else 0
    addresses = (packet.client_address, packet.your_address, NOWHERE, NOWHERE)
    header = HEADER.pack(
        packet.op, 1, len(packet.hardware), 0, packet.xid, 0, flags, *addresses, packet.hardware, b"", b"", COOKIE
    )
    options = {MESSAGE_TYPE: bytes((packet.kind,)), **packet.options}
    body = b"".join(bytes((number, len(value))) + value for number, value in options.items())
    return (header + body + bytes((END,))).ljust(300, b"\0")


def decode(data: bytes) -> Packet | None:
    """None if that is no DHCP."""
    if len(data) < HEADER.size:
        return None
    op, _, length, _, xid, _, flags, client, your, _, _, hardware, _, _, cookie = HEADER.unpack_from(data)
    options = _options(data[HEADER.size :])
    if cookie != COOKIE or MESSAGE_TYPE not in options:
        return None
    return Packet(
        op=op,
        kind=options[MESSAGE_TYPE][0],
        xid=xid,
        hardware=hardware[:length],
        client_address=client,
        your_address=your,
        broadcast=bool(flags & BROADCAST_FLAG),
        options=options,
    )


def _options(data: bytes) -> dict[int, bytes]:
    options: dict[int, bytes] = {}
    at = 0
    while at < len(data) and data[at] != END:
        if data[at] == PAD:
            at += 1
            continue
        if at + 1 >= len(data):
            break
        length = data[at + 1]
        options[data[at]] = options.get(data[at], b"") + data[at + 2 : at + 2 + length]
        at += 2 + length
    return options
