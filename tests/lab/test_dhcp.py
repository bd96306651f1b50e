"""The generated client and server of `spec/dhcp`, each at work with programs that know nothing of them."""

import csv
import json
import signal
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from clausework_standards.dhcp import lease
from lab.conftest import Home
from lab.dhcp_ends import EVERYBODY, ClientEnd, ServerEnd
from lab.driving import clock
from lab.network import Program, wait

pytestmark = pytest.mark.lab

RENEWAL, REBINDING, LEASE = 2, 4, 600
GATEWAY = "192.168.77.1"


@dataclass(frozen=True, slots=True)
class Leased:
    """A line of a server's own book; `ends` in seconds, on the server's calendar."""

    address: str
    ends: int


class Server(Protocol):
    program: Program

    def lease(self, hardware: bytes) -> Leased | None: ...
    def declined(self, address: str) -> bool: ...
    def start(self) -> None: ...


class Dnsmasq:
    def __init__(self, home: Home) -> None:
        self._gateway = home.gateway
        self._book = home.network.folder / "dnsmasq.leases"
        self.start()

    def start(self) -> None:
        self.program = self._gateway.start(
            *("dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=0", "--user=root", "--no-ping"),
            *("--interface=lan0", "--bind-interfaces", "--no-resolv", "--no-hosts", f"--dhcp-leasefile={self._book}"),
            *(f"--dhcp-range=192.168.77.50,192.168.77.99,{LEASE}", f"--pid-file={self._book}.pid"),
            *(f"--dhcp-option=58,{RENEWAL}", f"--dhcp-option=59,{REBINDING}"),
            until=lambda program: "sockets bound" in program.output,
        )

    def lease(self, hardware: bytes) -> Leased | None:
        lines = [line.split() for line in self._book.read_text("utf-8").splitlines()]
        return next((Leased(line[2], int(line[0])) for line in lines if line[1] == hardware.hex(":")), None)

    def declined(self, address: str) -> bool:
        return f"DHCPDECLINE(lan0) {address} " in self.program.output


class Kea:
    def __init__(self, home: Home) -> None:
        self._gateway, folder = home.gateway, home.network.folder
        self._folder, self._book, self._file = folder, folder / "kea.csv", folder / "kea.json"
        subnet = {"id": 1, "subnet": "192.168.77.0/24", "pools": [{"pool": "192.168.77.100 - 192.168.77.150"}]}
        asked = {
            "interfaces-config": {"interfaces": ["lan0"], "dhcp-socket-type": "raw"},
            "lease-database": {"type": "memfile", "persist": True, "name": str(self._book), "lfc-interval": 0},
            "valid-lifetime": LEASE,
            "renew-timer": RENEWAL,
            "rebind-timer": REBINDING,
            "subnet4": [subnet],
            "loggers": [{"name": "kea-dhcp4", "severity": "INFO", "output_options": [{"output": "stdout"}]}],
        }
        self._file.write_text(json.dumps({"Dhcp4": asked}), "utf-8")
        self.start()

    def start(self) -> None:
        self.program = self._gateway.start(
            *("env", f"KEA_PIDFILE_DIR={self._folder}", f"KEA_LOCKFILE_DIR={self._folder}"),
            *("kea-dhcp4", "-c", str(self._file)),
            until=lambda program: "DHCP4_STARTED" in program.output,
        )

    def _lines(self) -> list[dict[str, str]]:
        with self._book.open(encoding="utf-8", newline="") as book:
            return list(csv.DictReader(book))

    def lease(self, hardware: bytes) -> Leased | None:
        """The last line of the client counts; one without a lifetime takes a lease out of the book."""
        lines = [line for line in self._lines() if line["hwaddr"] == hardware.hex(":")]
        if not lines or lines[-1]["valid_lifetime"] == "0" or lines[-1]["state"] != "0":
            return None
        return Leased(lines[-1]["address"], int(lines[-1]["expire"]))

    def declined(self, address: str) -> bool:
        return any(line["address"] == address and line["state"] == "1" for line in self._lines())


@pytest.fixture(params=[Dnsmasq, Kea], ids=["dnsmasq", "kea"])
def server(request: pytest.FixtureRequest, home: Home) -> Server:
    made: Server = request.param(home)
    return made


@pytest.fixture
def client(home: Home) -> Iterator[ClientEnd]:
    made = ClientEnd(home.lan, "eth0", clock())
    yield made
    made.close()


def bound(client: ClientEnd) -> bool:
    return client.machine.state is lease.ClientState.BOUND


def started(client: ClientEnd) -> None:
    client.carry_out(client.client.does(lease.Client.start_, now=clock()))


def configured(client: ClientEnd) -> None:
    started(client)
    client.run(lambda: bound(client), "the client has an address")


# -- our client


def test_a_client_is_leased_the_address_that_the_server_has_in_its_book(server: Server, client: ClientEnd) -> None:
    configured(client)

    assert client.seen == ["discover", "offer", "request", "ack"]
    assert [name for name, _ in client.told] == ["configured"]
    leased = server.lease(client.hardware)
    assert leased is not None
    assert leased.address == client.address
    assert client.machine.lease == LEASE
    assert RENEWAL <= client.machine.t1 < client.machine.t2 == REBINDING  # dnsmasq makes T1 a bit longer


def test_a_client_renews_its_lease_and_the_server_lets_it_end_later(server: Server, client: ClientEnd) -> None:
    configured(client)
    before = server.lease(client.hardware)

    client.run(lambda: len(client.told) == 2 and bound(client), "the lease is renewed")

    after = server.lease(client.hardware)
    assert before is not None
    assert after is not None
    assert after.address == before.address == client.address
    assert after.ends > before.ends
    assert client.seen[4:] == ["request", "ack"]
    assert client.asked[2:] == [GATEWAY]


def test_a_client_whose_server_was_silent_asks_everybody_at_t2(server: Server, client: ClientEnd) -> None:
    configured(client)
    server.program.stop()
    client.run(lambda: client.machine.state is lease.ClientState.RENEWING, "it asks its server")
    server.start()

    client.run(lambda: bound(client), "somebody answers")

    leased = server.lease(client.hardware)
    assert leased is not None
    assert leased.address == client.address
    assert client.seen[4:] == ["request", "request", "ack"]
    assert client.asked[2:] == [GATEWAY, EVERYBODY]


def test_a_client_has_the_address_confirmed_that_it_knows(server: Server, client: ClientEnd) -> None:
    configured(client)
    address = client.address

    client.carry_out(client.client.does(lease.Client.verify, now=clock()))
    client.run(lambda: bound(client), "the address is confirmed", at_most=1.5)  # before it would ask again

    assert client.seen[4:] == ["request", "ack"]
    assert client.address == address


def test_a_client_of_another_network_is_refused_its_address_and_begins_anew(server: Server, client: ClientEnd) -> None:
    configured(client)
    client.machine.address = bytes((192, 168, 99, 9))

    client.carry_out(client.client.does(lease.Client.verify, now=clock()))
    client.run(lambda: bound(client), "it has an address of this network")

    assert client.seen[4:] == ["request", "nak", "discover", "offer", "request", "ack"]
    leased = server.lease(client.hardware)
    assert leased is not None
    assert leased.address == client.address


def test_a_client_declines_an_address_that_a_neighbour_has_and_is_leased_another(
    server: Server, client: ClientEnd, home: Home
) -> None:
    started(client)
    client.run(lambda: client.address is not None, "an address is offered")
    used = client.address
    assert used is not None
    home.neighbour.ip("address", "add", f"{used}/24", "dev", "eth0")

    client.run(lambda: bound(client), "the client has an address")

    assert client.seen == ["discover", "offer", "request", "ack", "decline", "discover", "offer", "request", "ack"]
    assert server.declined(used)
    leased = server.lease(client.hardware)
    assert leased is not None
    assert leased.address == client.address != used


def test_a_client_releases_its_address_and_the_server_strikes_it_out(server: Server, client: ClientEnd) -> None:
    configured(client)

    client.carry_out(client.client.does(lease.Client.release, now=clock()))

    wait(lambda: server.lease(client.hardware) is None, "the lease is struck out")
    assert client.machine.state is lease.ClientState.INIT
    assert client.address is None


# -- our server

SCRIPT = """#!/bin/sh
# what a DHCP client calls: dhclient with variables, udhcpc with an argument
address="${new_ip_address:-$ip}"
if [ -n "$address" ]; then ip address replace "$address/24" dev "$interface"; else ip address flush dev "$interface"; fi
echo "${reason:-$1} $address" >>"$(dirname "$0")/told"
"""


class Asking(ABC):
    """A DHCP client that isn't ours; `told` is what it tells the machine that it runs on, a line each."""

    def __init__(self, home: Home) -> None:
        self.host, self.folder = home.lan, home.network.folder
        self.script = self.folder / "script"
        self.script.write_text(SCRIPT, "utf-8")
        self.script.chmod(0o755)

    @property
    def told(self) -> list[str]:
        path: Path = self.folder / "told"
        return path.read_text("utf-8").splitlines() if path.exists() else []

    @abstractmethod
    def start(self) -> None: ...

    @abstractmethod
    def extend(self) -> None:
        """Asks for an extension now."""

    @abstractmethod
    def release(self) -> None: ...


class Dhclient(Asking):
    CONFIGURED, EXTENDED = "BOUND", "RENEW"

    def start(self) -> None:
        self.program = self.host.start("dhclient", "-d", *self._files(), "eth0")

    def extend(self) -> None:
        """By itself, at T1."""

    def release(self) -> None:
        self.host.start("dhclient", "-r", *self._files(), "eth0")

    def _files(self) -> tuple[str, ...]:
        names = ("-lf", str(self.folder / "leases"), "-pf", str(self.folder / "pid"), "-sf", str(self.script))
        return ("-v", "-cf", "/dev/null", *names)


class Udhcpc(Asking):
    CONFIGURED, EXTENDED = "bound", "renew"

    def start(self) -> None:
        self.program = self.host.start("busybox", "udhcpc", "-f", "-i", "eth0", "-s", str(self.script))

    def extend(self) -> None:
        self.program.process.send_signal(signal.SIGUSR1)

    def release(self) -> None:
        self.program.process.send_signal(signal.SIGUSR2)


@pytest.fixture(params=[Dhclient, Udhcpc], ids=["dhclient", "udhcpc"])
def asking(request: pytest.FixtureRequest, home: Home) -> Dhclient | Udhcpc:
    made: Dhclient | Udhcpc = request.param(home)
    return made


@pytest.fixture
def serving(home: Home) -> Iterator[ServerEnd]:
    made = ServerEnd(home.gateway, "lan0", GATEWAY, ["192.168.77.20", "192.168.77.21"], clock())
    yield made
    made.close()


def test_a_server_leases_extends_and_takes_back_an_address(
    serving: ServerEnd, asking: Dhclient | Udhcpc, home: Home
) -> None:
    client = home.lan.hardware_address("eth0")
    asking.start()

    serving.run(lambda: f"{asking.CONFIGURED} 192.168.77.20" in asking.told, "it is told the address")
    assert serving.record(client).state is lease.ServerState.BOUND
    assert serving.seen == ["discover", "offer", "request", "ack"]

    asking.extend()
    serving.run(lambda: f"{asking.EXTENDED} 192.168.77.20" in asking.told, "it extends the lease")
    assert serving.record(client).state is lease.ServerState.BOUND
    assert serving.seen[4:6] == ["request", "ack"]

    asking.release()
    serving.run(lambda: serving.record(client).state is lease.ServerState.IDLE, "it gives the address back")
    assert serving.seen[-1] == "release"
