"""The benchmark model, in our language, has the counts that other tools found: SPIN, TLC, Storm and others."""

from pathlib import Path

import pytest

from clausework.explore.search import Search
from clausework.model.standard import named
from clausework.read import read
from clausework.semantics.space import Space, Step
from clausework.semantics.system import system
from support import files

FOLDER = Path(__file__).parent / "benchmark_model" / "spec"


class Deaf:
    """Watches nothing: only the counts matter."""

    def configuration(self, number: int, configuration: object, steps: list[Step]) -> None:
        return None


def counts(flow_name: str, check_name: str) -> tuple[int, int, int]:
    reading = read(files(FOLDER))
    assert reading.diagnostics == ()
    standard = reading.standards[0]
    flow = named(standard.flows, flow_name)
    check = next(each for each in flow.checks if each.name == check_name)
    search = Search(Space(system(standard, flow, check)), most=10_000_000)
    search.run(Deaf())
    return len(search.order), search.steps, search.depth


@pytest.mark.parametrize(
    ("flow", "check", "expected"),
    [
        ("booking", "small", (376, 893, 26)),
        ("lossy", "one_user", (38_813, 268_801, 48)),
        ("lossy", "two_users", (200_626, 1_673_362, 48)),
        pytest.param("booking", "large", (2_434_384, 12_679_278, 61), marks=pytest.mark.slow),
    ],
)
def test_states_transitions_and_levels_are_those_that_other_tools_count(
    flow: str, check: str, expected: tuple[int, int, int]
) -> None:
    assert counts(flow, check) == expected
