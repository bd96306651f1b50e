"""`singly`: what a machine kept under keys does once per party."""

from clausework.explore import explore
from clausework.model.standard import named
from support import small_standard

VOCABULARY = """
    vocabulary: small
    roles: {asker: {means: Asks}, gateway: {means: Keeps mappings}}
    connections: {wire: {between: asker and gateway}}
    types: {port: {is: integer 80..81}}
"""
MESSAGES = """
    messages:
      map:    {from: asker, to: gateway, fields: {port: port}}
      mapped: {from: gateway, to: asker, fields: {port: port}}
      status: {from: asker, to: gateway}
      fine:   {from: gateway, to: asker}
"""
FLOW = """
    flow: mapping
    title: Mappings
    roles: {asker: asker, gateway: gateway}
    machines:
      asker:
        commands: {ask: {}, want: {wanted: port}}
        initial: idle
        states:
          idle:
            command ask:  {send: status to gateway}
            command want: {send: map to gateway with port = wanted}
            ignore: [fine, mapped]
      gateway:
        one per: port
        initial: free
        states:
          free:
            receive map: {send: mapped to sender, to: taken}
          taken:
            rests: true
            receive map: ignore
        singly:
          receive status: {send: fine to sender}
    sequences:
      asked:
        steps:
          - asker does: ask
          - asker -> gateway: status
          - gateway -> asker: fine
    checks:
      both: {parties: {a: asker, g: gateway}, queue: 1}
"""


def test_it_is_a_machine_of_its_own_without_a_key() -> None:
    flow = named(small_standard(vocabulary=VOCABULARY, messages=MESSAGES, mapping=FLOW).flows, "mapping")

    kept, once = flow.machines[1:]
    assert (kept.name, [str(key.name) for key in kept.keys]) == ("gateway", ["port"])
    assert (once.name, once.keys, once.role) == ("gateway_singly", (), "gateway")


def test_it_is_explored_and_takes_part_in_sequences() -> None:
    standard = small_standard(vocabulary=VOCABULARY, messages=MESSAGES, mapping=FLOW)
    flow = named(standard.flows, "mapping")

    exploration = explore(standard, flow, flow.checks[0])

    assert exploration.complete
    assert [each.name for each in exploration.verdicts if not each.expected] == []
    assert [(each.name, str(each.outcome)) for each in exploration.verdicts] == [("asked", "holds")]
