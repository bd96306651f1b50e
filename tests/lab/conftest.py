"""What the tests of the lab start from; where there can be no lab, they fail and say what would make it possible."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from lab.network import Host, Network, NotPossible, examine, network, remove_leftovers


@dataclass(frozen=True, slots=True)
class Home:
    """`lan` and `neighbour` hang on the bridge `lan0` of the gateway, `wan` on its `wan0`; the gateway relays."""

    network: Network
    lan: Host
    neighbour: Host
    gateway: Host
    wan: Host


@pytest.fixture(scope="session")
def laboratory() -> None:
    reason = None
    try:
        examine()
    except NotPossible as missing:
        reason = str(missing)
    if reason is not None:
        pytest.fail(reason, pytrace=False)
    remove_leftovers()


@pytest.fixture
def cabled(laboratory: None) -> Iterator[Network]:
    with network() as made:
        yield made


@pytest.fixture
def home(cabled: Network) -> Home:
    """Nobody on the bridge but the gateway has an address yet."""
    lan, neighbour, gateway, wan = (cabled.host(name) for name in ("lan", "neighbour", "gateway", "wan"))
    cabled.cable(gateway, "port1", lan, "eth0")
    cabled.cable(gateway, "port2", neighbour, "eth0")
    cabled.cable(gateway, "wan0", wan, "eth0")
    gateway.ip("link", "add", "lan0", "type", "bridge", "mcast_snooping", "0")
    for port in ("port1", "port2"):
        gateway.ip("link", "set", port, "master", "lan0")
    gateway.ip("link", "set", "lan0", "up")
    gateway.ip("address", "add", "192.168.77.1/24", "dev", "lan0")
    gateway.ip("address", "add", "203.0.113.2/24", "dev", "wan0")
    gateway.ip("route", "add", "default", "via", "203.0.113.1")
    gateway.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
    wan.ip("address", "add", "203.0.113.1/24", "dev", "eth0")
    return Home(cabled, lan, neighbour, gateway, wan)
