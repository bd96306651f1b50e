"""A response finds the instance that asked by its request, so it need not say which one that is."""

import importlib
from functools import cache
from types import ModuleType

from clausework.explore import explore
from clausework.model.standard import Standard
from runtime import lab
from support import small_standard

SPEC = {
    "vocabulary": """
        vocabulary: small
        roles: {asker: {means: Asks}, keeper: {means: Answers}}
        connections: {wire: {between: asker and keeper}}
        types: {shelf: {is: integer 1..2, means: Where}}
        parameters: {patience: {unit: second, check: 1}}
    """,
    "messages": """
        messages:
          look:  {from: asker, to: keeper, fields: {shelf: shelf}}
          found: {answers: look}
    """,
    "looking": """
        flow: looking
        title: Two shelves are looked at
        roles: {asker: asker, keeper: keeper}
        machines:
          asker:
            one per: shelf
            commands: {look: {}}
            notifications: {found: {}}
            initial: idle
            states:
              idle:
                command look: {send: look to keeper, to: waiting}
              waiting:
                receive found: {notify: found, to: idle}
                after patience: {to: idle}
          keeper:
            one per: shelf
            initial: ready
            states:
              ready:
                receive look: {send: found to sender}
        properties:
          unasked: {precedes: asker does look, before: asker is told found}
        checks:
          both: {parties: {ann: asker, box: keeper}, queue: 2}
    """,
}


@cache
def standard() -> Standard:
    return lab.placed(small_standard(**SPEC))


def module(name: str) -> ModuleType:
    return importlib.import_module(
        f"clausework_standards.{standard().folder.rpartition('/')[2].replace('-', '_')}.{name}"
    )


def test_a_response_without_a_key_goes_to_the_instance_that_asked_and_a_late_one_to_nobody() -> None:
    exploration = explore(standard(), standard().flows[0], standard().flows[0].checks[0])

    assert exploration.complete
    assert [each.name for each in exploration.verdicts if not each.expected] == []


def test_so_it_does_in_a_generated_party() -> None:
    looking, messages, parameters = module("looking"), module("messages"), module("vocabulary").Parameters(patience=9.0)
    ann = module("parties").Asker(me="ann", parameters=parameters)
    ann.start(now=0.0)
    ann.restored("link", "box", "keeper", now=0.0)
    asked = ann.does(looking.Asker.look, (2,), now=1.0)
    request = next(each.request for each in asked if hasattr(each, "request"))

    told = ann.receive(messages.Found(), "link", request=request, now=2.0)
    late = ann.receive(messages.Found(), "link", request=request, now=3.0)

    assert [(each.name, each.of.key) for each in told if hasattr(each, "name")] == [("found", (2,))]
    assert late == ()
