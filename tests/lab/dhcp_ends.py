"""Both ends of DHCP: the generated parties of `spec/dhcp` at UDP sockets.

A client doesn't know the servers beforehand: what it says to each of them it says to everybody on its network, which is
one link; a server that answers becomes a link of its own, for what is meant for that one alone.  An answer belongs to
the link on which its 'xid' was asked.
"""

import socket
import struct
from collections.abc import Callable, Sequence
from typing import ClassVar

from clausework.runtime import Effects, Notify, Send, ToLink
from clausework_standards.dhcp import lease, messages, parties, vocabulary
from lab import dhcp_packets as packets
from lab.driving import Driver, clock
from lab.network import Host

EVERYBODY = "255.255.255.255"
SERVER_PORT, CLIENT_PORT = 67, 68
ARP = 0x0806
DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM = range(1, 9)
KINDS = {
    messages.Discover: DISCOVER,
    messages.Offer: OFFER,
    messages.Request: REQUEST,
    messages.Decline: DECLINE,
    messages.Ack: ACK,
    messages.Nak: NAK,
    messages.Release: RELEASE,
    messages.Inform: INFORM,
}
PARAMETERS = vocabulary.Parameters(
    start_delay=0.05,
    decline_wait=0.5,
    collecting_time=0.5,
    retransmission_time=2.0,
    extension_wait=60.0,
    most_retransmissions=4,
    offer_time=10.0,
    lease_time=600.0,
    renewal_time=2.0,
    rebinding_time=4.0,
)
"""Shorter than the standard advises where somebody would have to wait, and nobody minds."""


class Segment:
    """What a client knows of others: there is a network."""

    def home(self, party: str) -> str:
        return party

    def parties(self, role: str) -> Sequence[str]:
        return (EVERYBODY,) if role == "server" else ()


class Judge:
    """A client's decisions: any offer will do, and `used` says of an address whether somebody has it."""

    def __init__(self, used: Callable[[bytes], bool]) -> None:
        self._used = used

    def decide_offer_acceptable(self, machine: lease.Client, *_: object) -> lease.OfferAcceptableAnswer:
        better = machine.address is None
        return lease.OfferAcceptableAnswer.TAKE if better else lease.OfferAcceptableAnswer.LEAVE

    def decide_final_check(self, _: lease.Client, message: messages.Ack, *__: object) -> lease.FinalCheckAnswer:
        return lease.FinalCheckAnswer.TAKEN if self._used(message.your_address) else lease.FinalCheckAnswer.FREE


class ClientEnd(Driver):
    """A DHCP client; it gives its interface the address, and takes it away when it has to."""

    def __init__(self, host: Host, interface: str, now: float) -> None:
        self.host, self.interface = host, interface
        self.hardware = host.hardware_address(interface)
        judge = Judge(self.is_used)
        made = parties.Client(me="host", parameters=PARAMETERS, lease_decisions=judge, directory=Segment())
        super().__init__(made)
        self.client = made
        self.socket = host.datagrams(interface, CLIENT_PORT)
        self.listen(self.socket, lambda at: self.arrived(*at.recvfrom(65535)))
        self._asked: dict[int, str] = {}
        self.asked: list[str] = []
        """Whom each message went to, in order: one server by its address, or everybody."""
        self._base = int.from_bytes(self.hardware[-3:], "big") << 8
        self.carry_out(made.start(now=now))
        self.carry_out(made.restored(EVERYBODY, EVERYBODY, "server", now=now))

    @property
    def machine(self) -> lease.Client:
        return self.client.instance(lease.Client)

    @property
    def address(self) -> str | None:
        return None if self.machine.address is None else text(self.machine.address)

    # -- packets

    def send(self, send: Send) -> None:
        assert isinstance(send.to, ToLink), send
        xid = self._base + (send.request or 0)
        self._asked[xid] = str(send.to.link)
        self.asked.append(str(send.to.link))
        packet = packets.Packet(
            op=1,
            kind=KINDS[type(send.message)],
            xid=xid,
            hardware=self.hardware,
            client_address=getattr(send.message, "client_address", None) or packets.NOWHERE,
            broadcast=isinstance(send.message, messages.Discover | messages.Request) and send.to.link == EVERYBODY,
            options=options(send.message),
        )
        self.socket.sendto(packets.encode(packet), (str(send.to.link), SERVER_PORT))
        if isinstance(send.message, messages.Release):
            self.host.ip("address", "flush", "dev", self.interface)

    def arrived(self, packet: bytes, source: tuple[str, int]) -> None:
        found = packets.decode(packet)
        if found is None or found.op != 2 or found.hardware != self.hardware or found.xid not in self._asked:
            return
        server = (
            text(found.options[packets.SERVER_IDENTIFIER]) if packets.SERVER_IDENTIFIER in found.options else source[0]
        )
        message = answer(found, server)
        if message is None:
            return
        now = clock()
        if self.client.links.find(server) is None:
            self.carry_out(self.client.restored(server, server, "server", now=now))
        self.seen.append(message.NAME)
        self.carry_out(self.client.receive(message, self._asked[found.xid], now=now, request=found.xid - self._base))

    def carry_out(self, effects: Effects) -> None:
        super().carry_out(effects)
        for effect in effects:
            if isinstance(effect, Notify):
                self._configure(effect)

    def _configure(self, notification: Notify) -> None:
        self.host.ip("address", "flush", "dev", self.interface)
        if notification.name == "configured":
            address = notification.arguments["address"]
            assert isinstance(address, bytes)
            self.host.ip("address", "add", f"{text(address)}/24", "dev", self.interface)

    # -- a last check (RFC 2131, section 3.1)

    def is_used(self, address: bytes) -> bool:
        """Whether somebody answers to the address: an ARP probe, and a short while to listen."""
        if self.machine.state in (lease.ClientState.RENEWING, lease.ClientState.REBINDING):
            return False
        with self.host.frames(self.interface, ARP) as line:
            line.settimeout(0.3)
            arp = struct.pack("!HHBBH6s4s6s4s", 1, 0x0800, 6, 4, 1, self.hardware, bytes(4), bytes(6), address)
            line.send(b"\xff" * 6 + self.hardware + ARP.to_bytes(2, "big") + arp)
            end = clock() + 0.3
            while clock() < end:
                try:
                    frame = line.recv(1514)
                except TimeoutError:
                    return False
                if frame[20:22] == b"\0\2" and frame[28:32] == address:
                    return True
        return False


class Pool:
    """A server's decisions: each client has an address of its own, out of a few."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._free = [number(each) for each in addresses]
        self._of: dict[str, bytes] = {}

    def decide_address_for(self, machine: lease.Server, *_: object) -> lease.AddressForAnswer:
        if machine.client not in self._of and not self._free:
            return lease.AddressForExhausted()
        if machine.client not in self._of:
            self._of[machine.client] = self._free.pop(0)
        return lease.AddressForAvailable(address=self._of[machine.client])

    def decide_acceptable(self, *_: object) -> lease.AcceptableAnswer:
        return lease.AcceptableAnswer.GRANTED


class ServerEnd(Driver):
    """A DHCP server: clients are told apart by their hardware address, each is a link."""

    MASK: ClassVar[bytes] = bytes((255, 255, 255, 0))

    def __init__(self, host: Host, interface: str, me: str, addresses: Sequence[str], now: float) -> None:
        self._clients: list[str] = []
        made = parties.Server(me=me, parameters=PARAMETERS, lease_decisions=Pool(addresses), directory=self)
        super().__init__(made)
        self.server, self.me = made, me
        self.socket = host.datagrams(interface, SERVER_PORT)
        self.listen(self.socket, lambda at: self.arrived(*at.recvfrom(65535)))
        self._last: dict[str, packets.Packet] = {}
        self.carry_out(made.start(now=now))

    # -- the directory: who was heard of so far

    def home(self, party: str) -> str:
        return party

    def parties(self, role: str) -> Sequence[str]:
        return self._clients if role == "client" else ()

    def record(self, client: bytes) -> lease.Server:
        """What the server knows of the client with this hardware address."""
        return self.server.instance(lease.Server, (client.hex(":"),))

    # -- packets

    def send(self, send: Send) -> None:
        assert isinstance(send.to, ToLink), send
        asked = self._last[str(send.to.link)]
        packet = packets.Packet(
            op=2,
            kind=KINDS[type(send.message)],
            xid=asked.xid if send.request is None else send.request,
            hardware=asked.hardware,
            client_address=asked.client_address,
            your_address=getattr(send.message, "your_address", packets.NOWHERE),
            broadcast=asked.broadcast,
            options={**options(send.message), packets.SUBNET_MASK: self.MASK},
        )
        alone = asked.client_address != packets.NOWHERE and not isinstance(send.message, messages.Nak)
        where = text(asked.client_address) if alone else EVERYBODY
        self.socket.sendto(packets.encode(packet), (where, CLIENT_PORT))

    def arrived(self, packet: bytes, source: tuple[str, int]) -> None:
        found = packets.decode(packet)
        message = None if found is None or found.op != 1 else question(found)
        if found is None or message is None:
            return
        client, now = found.hardware.hex(":"), clock()
        if client not in self._clients:
            self._clients.append(client)
            self.carry_out(self.server.restored(client, client, "client", now=now))
        self._last[client] = found
        self.seen.append(message.NAME)
        asks = isinstance(message, messages.Discover | messages.Request | messages.Inform)
        self.carry_out(self.server.receive(message, client, now=now, request=found.xid if asks else None))


# -- messages and options


def options(message: object) -> dict[int, bytes]:
    """The options that a message has."""
    made: dict[int, bytes] = {}
    if requested := getattr(message, "requested_address", None):
        made[packets.REQUESTED_ADDRESS] = requested
    if server := getattr(message, "server_identifier", None):
        made[packets.SERVER_IDENTIFIER] = number(server)
    times = {
        "lease_time": packets.LEASE_TIME,
        "renewal_time": packets.RENEWAL_TIME,
        "rebinding_time": packets.REBINDING_TIME,
    }
    for name, option in times.items():
        if hasattr(message, name):
            made[option] = int(getattr(message, name)).to_bytes(4, "big")
    return made


def answer(packet: packets.Packet, server: str) -> messages.Offer | messages.Ack | messages.Nak | None:
    """What a server says; its times are derived from the lease where it leaves them out (4.4.5)."""
    leased = packet.seconds(packets.LEASE_TIME)
    match packet.kind:
        case 2 if leased is not None:
            return messages.Offer(your_address=packet.your_address, server_identifier=server, lease_time=leased)
        case 5 if leased is not None:
            t1, t2 = packet.seconds(packets.RENEWAL_TIME), packet.seconds(packets.REBINDING_TIME)
            return messages.Ack(
                your_address=packet.your_address,
                server_identifier=server,
                lease_time=leased,
                renewal_time=leased / 2 if t1 is None else t1,
                rebinding_time=leased * 7 / 8 if t2 is None else t2,
            )
        case 6:
            return messages.Nak(server_identifier=server)
    return None


Question = messages.Discover | messages.Request | messages.Decline | messages.Release | messages.Inform


def question(packet: packets.Packet) -> Question | None:
    """What a client says."""
    requested = packet.options.get(packets.REQUESTED_ADDRESS)
    named = packet.options.get(packets.SERVER_IDENTIFIER)
    server = None if named is None else text(named)
    own = packet.client_address if packet.client_address != packets.NOWHERE else None
    match packet.kind:
        case 1:
            return messages.Discover(requested_address=requested)
        case 3:
            return messages.Request(server_identifier=server, requested_address=requested, client_address=own)
        case 4 if server is not None and requested is not None:
            return messages.Decline(server_identifier=server, requested_address=requested)
        case 7 if server is not None and own is not None:
            return messages.Release(server_identifier=server, client_address=own)
        case 8 if own is not None:
            return messages.Inform(client_address=own)
    return None


def text(address: bytes) -> str:
    return socket.inet_ntoa(address)


def number(address: str) -> bytes:
    return socket.inet_aton(address)
