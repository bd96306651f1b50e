"""The generated control points of `spec/ssdp` and `spec/igd` with miniupnpd, and our SSDP device with upnpc."""

import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from clausework_standards.igd import control, vocabulary
from clausework_standards.ssdp import presence
from lab.conftest import Home
from lab.driving import clock
from lab.igd_ends import ControlPointEnd
from lab.network import Host, Program, wait
from lab.ssdp_ends import ControlPointEnd as SearchEnd
from lab.ssdp_ends import DeviceEnd

pytestmark = pytest.mark.lab

GATEWAY_TYPE = "urn:schemas-upnp-org:device:InternetGatewayDevice:1"
UUID = "73a9cb68-a00b-4d2f-8412-75cc989f0c6a"
OUTSIDE, LAN, NEIGHBOUR = "203.0.113.2", "192.168.77.2", "192.168.77.3"
FILTER = """
table inet filter {
  chain forward { type filter hook forward priority 0; policy accept; jump miniupnpd; }
  chain miniupnpd { }
  chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
  chain prerouting_miniupnpd { }
  chain postrouting { type nat hook postrouting priority 100; jump postrouting_miniupnpd; oifname "wan0" masquerade; }
  chain postrouting_miniupnpd { }
}
"""
SETTINGS = f"""
ext_ifname=wan0
ext_ip=44.0.0.2
listening_ip=lan0
port=5000
enable_upnp=yes
secure_mode=yes
notify_interval=30
uuid={UUID}
upnp_table_name=filter
upnp_nat_table_name=filter
upnp_forward_chain=miniupnpd
upnp_nat_chain=prerouting_miniupnpd
upnp_nat_postrouting_chain=postrouting_miniupnpd
allow 1024-65535 192.168.77.0/24 1024-65535
deny 0-65535 0.0.0.0/0 0-65535
"""


@dataclass(frozen=True, slots=True)
class Gateway:
    host: Host
    version: int
    program: Program
    book: Path

    def mapping(self, external: int) -> tuple[str, int] | None:
        """Where it leads by the gateway's own book, and until when on its calendar."""
        if not self.book.exists():
            return None
        lines = [line.split(":") for line in self.book.read_text("utf-8").splitlines()]
        return next(((f"{line[2]}:{line[3]}", int(line[4])) for line in lines if line[1] == str(external)), None)

    def relays(self, external: int) -> bool:
        """Whether the packet filter has a rule for it."""
        return f"th dport {external} " in self.host.run(
            "nft", "list", "chain", "inet", "filter", "prerouting_miniupnpd"
        )


@pytest.fixture
def addressed(home: Home) -> Home:
    home.lan.ip("address", "add", f"{LAN}/24", "dev", "eth0")
    home.neighbour.ip("address", "add", f"{NEIGHBOUR}/24", "dev", "eth0")
    for each in (home.lan, home.neighbour):
        each.ip("route", "add", "default", "via", "192.168.77.1")
    return home


@pytest.fixture(params=[1, 2], ids=["version_1", "version_2"])
def gateway(request: pytest.FixtureRequest, addressed: Home) -> Gateway:
    home, version = addressed, int(request.param)
    folder = home.network.folder
    (folder / "filter").write_text(FILTER, "utf-8")
    home.gateway.run("nft", "-f", str(folder / "filter"))
    book = folder / "upnp.leases"
    (folder / "miniupnpd.conf").write_text(
        f"{SETTINGS}lease_file={book}\nforce_igd_desc_v1={'yes' if version == 1 else 'no'}\n", "utf-8"
    )
    program = home.gateway.start(
        *("miniupnpd", "-d", "-f", str(folder / "miniupnpd.conf"), "-P", str(folder / "miniupnpd.pid")),
        until=lambda program: "HTTP listening on port 5000" in program.output,
    )
    return Gateway(home.gateway, version, program, book)


@pytest.fixture
def looking(home: Home, gateway: Gateway) -> Iterator[SearchEnd]:
    made = SearchEnd(home.lan, "eth0", LAN, GATEWAY_TYPE)
    yield made
    made.close()


def found(looking: SearchEnd) -> str:
    """Where the gateway describes itself.  Datagrams get lost while a network comes up: so it looks more than once."""
    again = clock()

    def here() -> bool:
        nonlocal again
        if not looking.present() and clock() >= again:
            looking.look()
            again = clock() + 1.5
        return bool(looking.present())

    looking.run(here, "the gateway is found")
    return looking.places[looking.present()[0]]


Join = Callable[..., ControlPointEnd]


@pytest.fixture
def join(home: Home, gateway: Gateway, looking: SearchEnd) -> Iterator[Join]:
    """A control point that knows the gateway; the parameters are its own."""
    made: list[ControlPointEnd] = []

    def joined(host: Host = home.lan, address: str = LAN, **other: float) -> ControlPointEnd:
        parameters = vocabulary.Parameters(
            **{  # type: ignore[arg-type]  # names of parameters, and what each is
                "second_version": gateway.version == 2,
                "leases_known": True,
                "for_others": False,
                "wanted_lease": 120.0,
                "refresh_time": 60.0,
                "soap_time": 1.0,
                "most_tries": 1,
                **other,
            }
        )
        made.append(ControlPointEnd(host, address, found(looking), parameters))
        return made[-1]

    yield joined
    for each in made:
        each.close()


def mapped(hub: ControlPointEnd, external: int = 8080) -> None:
    hub.map(external, 4000)
    hub.run(lambda: hub.state(external) is control.ControlPointState.MAPPED, "the mapping is added")


# -- presence


def test_a_search_finds_the_gateway_and_the_gateway_says_goodbye(looking: SearchEnd, gateway: Gateway) -> None:
    place = found(looking)

    assert looking.present() == [f"uuid:{UUID}"]
    assert place.startswith("http://192.168.77.1:5000/")
    looking.look()  # it may have been heard before it answered: once it is up, it says so by itself
    looking.run(lambda: "found" in looking.seen, "the search is answered")

    gateway.program.stop()
    looking.run(lambda: not looking.present(), "the gateway is gone")
    assert looking.told[-1][0] == "went"
    assert "byebye" in looking.seen


def test_a_device_is_found_by_others_announces_itself_and_takes_its_leave(addressed: Home) -> None:
    uuid = "uuid:aaaaaaaa-0000-4000-8000-000000000001"
    device = DeviceEnd(addressed.lan, "eth0", LAN, GATEWAY_TYPE, uuid)
    listener = SearchEnd(addressed.gateway, "lan0", "192.168.77.1", GATEWAY_TYPE)
    device.carry_out(device.device.does(presence.Device.start_, now=clock()))
    listener.run(lambda: listener.present() == [uuid], "it announced itself")

    other = addressed.neighbour.start("upnpc", "-m", "eth0", "-l")
    device.run(lambda: device.place in other.output, "it is found")
    assert device.seen[:3] == ["alive", "search", "found"]

    device.carry_out(device.device.does(presence.Device.leave, now=clock()))
    listener.run(lambda: not listener.present(), "it is gone")
    assert listener.told[-1][0] == "went"
    device.close()
    listener.close()


# -- mappings


def test_the_line_is_up_and_has_the_address_that_the_gateway_was_given(join: Join) -> None:
    hub = join()

    hub.look_at_line()
    hub.run(lambda: len(hub.told) == 2, "it is told both")

    assert hub.told == [
        ("seen", {"connection_status": vocabulary.ConnectionStatus.UP}),
        ("address", {"address": "44.0.0.2"}),
    ]


def test_a_connection_from_outside_goes_through_a_mapping_and_only_as_long_as_it_is_there(
    join: Join, gateway: Gateway, home: Home
) -> None:
    hub = join()
    serving = home.lan.endpoint(socket.AF_INET, socket.SOCK_STREAM)
    serving.bind((LAN, 4000))
    serving.listen()
    assert not reached(home.wan, serving)

    mapped(hub)
    assert gateway.relays(8080)
    assert (gateway.mapping(8080) or ("", 0))[0] == f"{LAN}:4000"
    assert reached(home.wan, serving)

    hub.unmap(8080)
    hub.run(lambda: hub.told[-1][0] == "unmapped", "the mapping is deleted")
    assert gateway.mapping(8080) is None
    assert not gateway.relays(8080)
    assert not reached(home.wan, serving)
    serving.close()


def reached(outside: Host, serving: socket.socket) -> bool:
    """Whether a connection to the gateway's port comes to whoever serves, and back."""
    serving.settimeout(1.0)
    with outside.endpoint(socket.AF_INET, socket.SOCK_STREAM) as calling:
        calling.settimeout(1.0)
        try:
            calling.connect((OUTSIDE, 8080))
            with serving.accept()[0] as accepted:
                accepted.sendall(b"hello")
            return calling.recv(16) == b"hello"
        except OSError:
            return False


def test_a_mapping_is_asked_for_anew_and_ends_later(join: Join, gateway: Gateway) -> None:
    hub = join(refresh_time=1.5)
    mapped(hub)
    before = gateway.mapping(8080)

    hub.run(lambda: hub.seen.count("mapping_added") == 2, "it is asked for anew")

    after = gateway.mapping(8080)
    assert before is not None
    assert after is not None
    assert after[0] == before[0]
    assert after[1] > before[1]
    assert hub.state(8080) is control.ControlPointState.MAPPED


def test_two_that_want_one_port_conflict_and_the_first_one_keeps_it(join: Join, gateway: Gateway, home: Home) -> None:
    first, second = join(), join(home.neighbour, NEIGHBOUR)
    mapped(first)

    second.map(8080, 4000)
    second.run(lambda: bool(second.told), "it is told")

    assert second.told == [("not_mapped", {"error": vocabulary.Error.CONFLICT})]
    assert (gateway.mapping(8080) or ("", 0))[0] == f"{LAN}:4000"
    second.look(8080)
    second.run(lambda: len(second.told) == 2, "it looks whose it is")
    assert second.told[-1] == ("found", {"internal_client": LAN})


def test_a_lease_ends_by_itself_and_what_is_deleted_then_is_gone_already(join: Join, gateway: Gateway) -> None:
    hub = join(wanted_lease=1.0)
    mapped(hub)
    assert gateway.relays(8080)
    wait(lambda: not gateway.relays(8080), "the lease ends")

    hub.unmap(8080)
    hub.run(lambda: hub.told[-1][0] == "unmapped", "it is gone")

    hub.look(8080)  # miniupnpd may call the deletion a success; so we ask
    hub.run(lambda: len(hub.told) == 3, "it looks")
    assert hub.told[-1] == ("nothing_found", {"error": vocabulary.Error.NO_SUCH_ENTRY})


def test_who_hears_nothing_looks_whose_the_mapping_is_and_takes_it_back(join: Join, gateway: Gateway) -> None:
    hub = join()
    gateway.program.process.send_signal(signal.SIGSTOP)
    hub.map(8080, 4000)
    hub.run(lambda: hub.state(8080) is control.ControlPointState.SEEING_WHOSE, "it doesn't wait any longer")
    gateway.program.process.send_signal(signal.SIGCONT)

    hub.run(lambda: bool(hub.told), "it is told")

    assert hub.told == [("unmapped", {})]
    assert hub.seen == [
        *("add_port_mapping", "get_port_mapping", "mapping_added", "port_mapping"),
        *("delete_port_mapping", "mapping_deleted"),
    ]
    assert gateway.mapping(8080) is None
