"""Where a message to a user with several connections goes: our choice is RFC 6121's, cell by cell, where that is asked."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from clausework.semantics.configuration import Configuration
from clausework.semantics.events import Delivered, Reaction
from graphs import Graph
from support import oracle, shipped, shipped_flow

TYPE = {"normal": "normal", "realtime": "headline"}
"""The type of message, in RFC 6121, that a mode is."""

Cell = tuple[str, str, str]
Shown = dict[int, tuple[str, int]]


def published(cell: Cell) -> set[str]:
    """What may happen, by the table of RFC 6121 8.5.4."""
    condition, to, kind = cell
    (row,) = [
        each
        for each in oracle("rfc6121-message-delivery.yaml")["rows"]
        if (each["condition"], each["to"]) == (condition, to)
    ]
    return {letter.rstrip("*") for letter in row[TYPE[kind]]}


def shown(found: Graph, configuration: Configuration) -> Shown:
    """The connections that are there, with their IDs and priorities."""
    number = found.space.system.number_of("irsp")
    state = found.space.party(configuration, number)
    connections = {}
    for each in found.space.system.instances[number]:
        machine = found.space.system.programs[each.machine].machine
        instance = state.instances[each.number]
        if machine.flow == "availability" and instance.state == "shown":
            name, priority = instance.variables
            connections[int(str(each.key[0]))] = str(name), int(str(priority))
    return connections


def cell_of(there: Shown, named: str | None, mode: str, *, known: bool) -> Cell:
    if not known:
        return "account_absent", "bare" if named is None else "full", mode
    wanting = [priority for _, priority in there.values() if priority >= 0]
    condition = ("only_negative_priority", "one_non_negative", "several_non_negative")[min(len(wanting), 2)]
    match = named in {name for name, _ in there.values()}
    return (
        condition if there else "no_active_resources",
        "bare" if named is None else "full_match" if match else "full_no_match",
        mode,
    )


def letters(there: Shown, named: str | None, reaction: Reaction) -> set[str]:
    """What the IRSP does, as the table calls it; where it is two things at once, both."""
    if any(each.message.name == "addressing_refused" for each in reaction.sends):
        return {"E"}
    reached = {each.link for each in reaction.sends}
    wanting = {link: priority for link, (_, priority) in there.items() if priority >= 0}
    most = {link for link, priority in wanting.items() if priority == max(wanting.values())}
    if named is not None or len(wanting) == 1:
        meant = {"D": {link for link, (name, _) in there.items() if name == named} or set(wanting)}
    else:
        meant = {"M": most, "A": set(wanting)}
    return {letter for letter, links in meant.items() if links == reached} if reached else {"S"}


def deliveries() -> Iterator[tuple[Cell, set[str]]]:
    flow = shipped_flow("igrs_remote_access", "addressing")
    for check in flow.checks:
        found = Graph(shipped()["igrs_remote_access"], flow, check, most=20_000)
        for before, step, _ in found.taken():
            event = step.label.event
            if not isinstance(event, Delivered) or event.message.name != "addressed_message" or step.reaction is None:
                continue
            if found.space.system.parties[step.label.party].name != "irsp":
                continue
            _, _, named, mode, _ = event.message.values
            there = shown(found, before)
            known = all(each.answer != "unknown" for each in step.reaction.answers)
            name = None if named is None else str(named)
            yield cell_of(there, name, str(mode), known=known), letters(there, name, step.reaction)


@cache
def done() -> dict[Cell, list[set[str]]]:
    found: dict[Cell, list[set[str]]] = defaultdict(list)
    for cell, what in deliveries():
        if what not in found[cell]:
            found[cell].append(what)
    return found


def test_all_cells_of_the_table_come_up() -> None:
    rows = {(row["condition"], row["to"]) for row in oracle("rfc6121-message-delivery.yaml")["rows"]}

    assert set(done()) == {(*row, mode) for row in rows for mode in TYPE}


def test_what_the_irsp_does_is_what_rfc_6121_allows_but_that_the_author_is_always_told() -> None:
    """Its three cells where a headline has to be dropped are ours where an author is told that it was."""
    others = {cell: what for cell, what in done().items() if not all(each & published(cell) for each in what)}

    assert others == {
        (condition, "bare", "realtime"): [{"E"}]
        for condition in ("account_absent", "no_active_resources", "only_negative_priority")
    }


def test_both_ways_that_rfc_6121_leaves_open_are_taken() -> None:
    ways = done()["several_non_negative", "bare", "normal"]

    assert {letter for each in ways for letter in each} == {"M", "A"}
