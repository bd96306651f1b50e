"""The generated agent of `spec/lldp` and lldpd, each at one end of a cable."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from clausework_standards.lldp import vocabulary
from lab.lldp_ends import OF_AN_ORGANISATION, SYSTEM_NAME, TTC, AgentEnd, tlv, tlvs
from lab.network import Host, Network, Program

pytestmark = pytest.mark.lab

PARAMETERS = vocabulary.Parameters(reinit_delay=0.2)
OURS = tlv(SYSTEM_NAME, b"lamp") + tlv(OF_AN_ORGANISATION, TTC + b"\1" + b"\1\4Lamp")
"""A name, and the device category of HTIP."""


@dataclass(frozen=True, slots=True)
class Lldpd:
    host: Host
    program: Program
    socket: str

    def cli(self, *arguments: str) -> str:
        return self.host.run("lldpcli", "-u", self.socket, *arguments)

    def neighbour(self) -> dict[str, Any] | None:
        """What it believes of us, by its own account."""
        shown = json.loads(self.cli("-f", "json0", "show", "neighbors", "details"))
        interfaces = shown["lldp"][0].get("interface", [])
        return interfaces[0] if interfaces else None

    def sees(self, name: str) -> bool:
        found = self.neighbour()
        return found is not None and found["chassis"][0]["name"][0]["value"] == name


@pytest.fixture
def lldpd(cabled: Network) -> Lldpd:
    """It says something every second, and is believed two."""
    here, there = cabled.host("here"), cabled.host("there")
    cabled.cable(here, "eth0", there, "eth0")
    socket = str(cabled.folder / "lldpd.socket")
    command = ("lldpd", "-d", "-u", socket, "-I", "eth0", "-S", "a box of the lab", "-L", "/bin/true")
    program = there.start(*command, until=lambda _: (cabled.folder / "lldpd.socket").exists())
    made = Lldpd(there, program, socket)
    made.cli("configure", "lldp", "tx-interval", "1")
    made.cli("configure", "lldp", "tx-hold", "2")
    made.cli("resume")  # it waits for whoever `-L` names, to be configured first
    return made


@pytest.fixture
def agent(cabled: Network, lldpd: Lldpd) -> Iterator[AgentEnd]:
    made = AgentEnd(cabled.hosts["here"], "eth0", PARAMETERS)
    made.change(OURS)
    made.plug()
    yield made
    made.close()


def met(agent: AgentEnd) -> None:
    agent.run(lambda: agent.believed() is not None, "lldpd is heard")


def test_lldpd_sees_us_with_all_that_we_say(agent: AgentEnd, lldpd: Lldpd) -> None:
    agent.run(lambda: lldpd.sees("lamp"), "lldpd sees us")

    found = lldpd.neighbour()
    assert found is not None
    assert found["chassis"][0]["id"][0] == {"type": "mac", "value": agent.hardware.hex(":")}
    assert found["port"][0]["ttl"][0]["value"] == "121"
    assert found["unknown-tlvs"][0]["unknown-tlv"][0]["oui"] == "E0,27,1A"


def test_we_see_lldpd_with_all_that_it_says(agent: AgentEnd, lldpd: Lldpd) -> None:
    met(agent)

    assert agent.told[0][0] == "updated"
    assert b"a box of the lab" in [value for _, value in tlvs((agent.believed() or b"") + tlv(0, b""))]


def test_a_new_neighbour_is_greeted_with_frames_that_follow_each_other_fast(agent: AgentEnd, lldpd: Lldpd) -> None:
    met(agent)

    agent.run(lambda: len(agent.sent) >= 5, "one frame and then four are sent", at_most=8.0)

    # the first of the four is sent at once, the second when the next second begins
    pauses = [after - before for before, after in pairwise(agent.sent[2:])]
    assert [round(pause) for pause in pauses] == [1, 1], pauses


def test_a_change_is_told_at_once(agent: AgentEnd, lldpd: Lldpd) -> None:
    agent.run(lambda: lldpd.sees("lamp") and len(agent.sent) >= 5, "lldpd sees us, and was greeted")

    agent.change(tlv(SYSTEM_NAME, b"lantern"))

    agent.run(lambda: lldpd.sees("lantern"), "lldpd sees the change", at_most=2.5)


def test_who_may_not_transmit_any_more_withdraws_what_it_said(agent: AgentEnd, lldpd: Lldpd) -> None:
    agent.run(lambda: lldpd.sees("lamp"), "lldpd sees us")

    agent.manage(vocabulary.AdminStatus.RX_ONLY)

    agent.run(lambda: lldpd.neighbour() is None, "lldpd sees us no more", at_most=5.0)
    met(agent)


def test_what_lldpd_withdraws_is_deleted(agent: AgentEnd, lldpd: Lldpd) -> None:
    met(agent)

    lldpd.program.stop()

    agent.run(lambda: agent.believed() is None, "it took its leave", at_most=1.5)
    assert agent.told[-1][0] == "deleted"


def test_what_is_not_said_again_is_deleted_when_its_time_is_over(agent: AgentEnd, lldpd: Lldpd) -> None:
    met(agent)
    lldpd.host.ip("link", "set", "eth0", "down")  # it can't take its leave
    heard = agent.heard_frames

    agent.run(lambda: agent.believed() is None, "its time is over", at_most=6.0)
    assert agent.told[-1][0] == "deleted"
    assert agent.heard_frames == heard
