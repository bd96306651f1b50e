"""Configurations survive being packed, and are equal exactly if their words are (law S4).

Seen red with a queue whose codes are packed from the wrong end, and with wires left out.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausework.explore.packed.layout import Unpackable, Widths, arranged
from clausework.explore.packed.packing import Packing
from clausework.explore.packed.tables import Tables
from clausework.explore.search.breadth_first import Search
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import system
from clausework.semantics.space import Space
from clausework.semantics.system import System
from graphs import every_check, faulty_checks
from strategies import Small, asking, smalls, troubled

MOST = 500


def survive(system_: System) -> None:
    space = Space(system_)
    search = Search(space, MOST)
    search.run()
    tables = Tables(space)
    tables.begin()
    packing = Packing(tables)
    for configuration in search.order:  # until all has turned up
        packing.packed(configuration)

    words = [packing.packed(configuration) for configuration in search.order]

    assert [packing.unpacked(each) for each in words] == search.order
    assert len(set(words)) == len(search.order)
    assert all(each[0] & 1 for each in words)


@pytest.mark.parametrize(("standard", "flow", "check"), every_check(name for name, *_ in faulty_checks()))
def test_what_is_packed_is_unpacked_the_same(standard: Standard, flow: Flow, check: Check) -> None:
    survive(system(standard, flow, check))


@given(st.one_of(smalls(), troubled(), asking()))
@settings(max_examples=30, deadline=None)
def test_what_is_packed_of_a_small_system_is_unpacked_the_same(small: Small) -> None:
    (flow,) = [each for each in small.standard.flows if each.checks]
    for check in flow.checks:
        survive(system(small.standard, flow, check))


bits = st.lists(st.integers(1, 20), min_size=1, max_size=8).map(tuple)


@given(bits, bits, bits, st.integers(1, 3))
def test_fields_do_not_overlap_and_straddle_no_word(
    parties: tuple[int, ...], codes: tuple[int, ...], left: tuple[int, ...], room: int
) -> None:
    widths = Widths(parties=parties, wires=(2,) * len(codes), codes=codes, left=left, room=room)

    layout = arranged(widths.roomier())

    taken = {(0, 0)}
    for field in (*layout.parties, *layout.wires, *layout.queues, *layout.left):
        mine = {(field.word, field.shift + place) for place in range(field.bits)}
        assert not mine & taken
        assert all(place < 64 for _, place in mine)
        taken |= mine
    assert layout.words == arranged(widths).words


def test_a_queue_that_no_word_holds_is_refused() -> None:
    with pytest.raises(Unpackable, match="a queue of 80 bits"):
        arranged(Widths(parties=(1,), wires=(), codes=(8,), left=(), room=10))
