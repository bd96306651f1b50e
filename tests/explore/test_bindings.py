"""What a check binds is the same value as where the specification writes it."""

from clausework.explore import explore
from support import small_standard

SPEC = {
    "vocabulary": """
        vocabulary: small
        roles: {left: {means: One}}
        parameters:
          pause: {unit: second, check: 5}
          none_at_all: {unit: second, value: 0, check: 0}
    """,
    "messages": "messages: {}",
    "waiting": """
        flow: waiting
        title: A time is bound to nothing
        roles: {left: left}
        machines:
          left:
            commands: {go: {}}
            initial: here
            states:
              here:
                command go:
                  when:
                    pause = none_at_all: {to: there}
                    else: {}
              there: {final: true}
        properties:
          taken: {possible: left is there}
        checks:
          bound: {parties: {a: left}, bind: {pause: 0}}
    """,
}


def test_a_time_that_is_bound_to_a_number_is_that_number() -> None:
    standard = small_standard(**SPEC)

    exploration = explore(standard, standard.flows[0], standard.flows[0].checks[0])

    assert [each.name for each in exploration.verdicts if not each.expected] == []
