"""What lost connections do to the shipped specifications, beyond what their own checks have time for."""

from dataclasses import replace

import pytest

from clausework.explore import explore
from clausework.model.sequence import Fault
from clausework.semantics.verdict import Exploration
from clausework.source import Name
from support import shipped, shipped_flow


def with_a_lost_connection(standard: str, flow_name: str, party: str, resource: str) -> Exploration:
    """Two connections of one account, of which one may be lost; nobody tries again after a refusal."""
    flow = shipped_flow(standard, flow_name)
    check = next(each for each in flow.checks if dict(each.slots).get(Name(party)) == 2)
    bind = {str(name).rpartition(".")[2]: (name, values) for name, values in check.bind}
    prefix = "" if standard == "xmpp" else "xmpp."
    for name, value in (("resource", resource), ("login_retries", "0"), ("bind_retries", "0")):
        bind[name] = (Name(prefix + name), (value,))
    fault = Fault(kind=Name("lost"), subject=Name(party), message=None, times=1, about=check.about)
    return explore(shipped()[standard], flow, replace(check, bind=tuple(bind.values()), faults=(fault,)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("standard", "flow", "party", "resource", "configurations"),
    [
        ("xmpp", "resource_conflict", "juliet", "balcony", 66_186),
        ("igrs_remote_access", "several_connections", "alice", "phone", 66_186),
        ("igrs_remote_access", "device_connection", "tv", "fixed", 41_886),
    ],
)
def test_two_logins_of_one_account_survive_a_connection_that_each_end_loses_in_its_own_time(
    standard: str, flow: str, party: str, resource: str, configurations: int
) -> None:
    found = with_a_lost_connection(standard, flow, party, resource)

    assert found.complete
    assert found.configurations == configurations
    assert [(each.kind, each.name) for each in found.verdicts if not each.expected] == []
