"""`spec/ssdp` against the published rules: presence of a device, and which searches it answers."""

from typing import Any

import pytest

from clausework.explore import explore_flow
from clausework.runtime import Peer
from clausework_standards.ssdp import messages, presence, vocabulary
from support import oracle, shipped, shipped_flow

PARAMETERS = vocabulary.Parameters(max_age=1800.0, announce_again=800.0, most_boots=9, search_wait=3)
DEVICE, HUB = Peer("tv", "device", "link"), Peer("hub", "control_point", "link")


class Alone:
    """A party that sees nobody, so that nothing is announced."""

    def parties(self, _role: str) -> tuple[str, ...]:
        return ()

    def is_connected(self, _peer: str) -> bool:
        return False


def believer(state: str) -> Any:
    make: Any = presence.ControlPoint
    made = make(me="hub", device="tv", parameters=PARAMETERS)
    if state == "PRESENT":
        made.receive_alive(messages.Alive(boot_id=1), DEVICE, now=0.0)
    return made


@pytest.mark.parametrize(
    "row", oracle("ssdp-presence.yaml")["presence"], ids=lambda row: f"{row['from']} {row['event']}"
)
def test_a_control_point_believes_what_the_rules_say(row: dict[str, Any]) -> None:
    hub = believer(row["from"])

    match row["event"]:
        case "alive":
            hub.receive_alive(messages.Alive(boot_id=1), DEVICE, now=100.0)
        case "200 OK":
            hub.receive_found(messages.Found(boot_id=1), DEVICE, now=100.0)
        case "update":
            hub.receive_update(messages.Update(boot_id=1, next_boot_id=2), DEVICE, now=100.0)
        case "byebye":
            hub.receive_byebye(messages.Byebye(boot_id=1), DEVICE, now=100.0)
        case "timer 0":
            hub.expire(now=hub.next_timer())

    assert str(hub.state).upper() == row["to"]
    if row.get("timer") == "again":
        assert hub.next_timer() == 100.0 + PARAMETERS.max_age


def test_a_new_boot_number_means_that_the_device_has_restarted() -> None:
    effects = believer("PRESENT").receive_alive(messages.Alive(boot_id=2), DEVICE, now=1.0)

    assert "restarted" in [getattr(each, "name", None) for each in effects]


@pytest.mark.parametrize(("mx", "right", "answered"), [(3, True, True), (None, True, False), (3, False, False)])
def test_a_search_without_mx_or_with_a_wrong_man_is_discarded_silently(
    mx: int | None, right: bool, answered: bool
) -> None:
    make: Any = presence.Device
    device = make(me="tv", parameters=PARAMETERS, party=Alone())
    device.start_(now=0.0)

    effects = device.receive_search(messages.Search(mx=mx, man_is_right=right), HUB, now=1.0)

    assert bool(effects) is answered


def test_every_check_is_explored_to_the_end_and_finds_nothing() -> None:
    explorations = explore_flow(shipped()["ssdp"], shipped_flow("ssdp", "presence"))

    assert [(each.check, each.stopped) for each in explorations if not each.complete] == []
    assert [one.name for each in explorations for one in each.verdicts if not one.expected] == []
