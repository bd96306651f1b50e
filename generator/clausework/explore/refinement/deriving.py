"""The check in which a stand-in is explored: its own one, with the parties of the larger flow's check."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from clausework.model.sequence import Asked, Check
from clausework.model.standard import Flow, Standard, is_a
from clausework.source import Name


def derived(standard: Standard, flow: Flow, own: Check, larger: Check) -> Check:
    """What `own` says of a party is said of all that play the same parts of the flow in the larger check."""

    def played(role: str) -> set[str]:
        return {str(each.name) for each in flow.lifelines if is_a(standard, role, each.role)}

    def meant(name: Name | None) -> Iterator[Name | None]:
        if name is None:
            yield None
            return
        parts = played(next(each.role for each in own.parties if each.name == name))
        yield from (each.name for each in larger.parties if parts & played(each.role))

    def every(names: tuple[Name, ...]) -> Iterator[Name]:
        """Commands, those of one party as those of all that play the same part."""
        for text in names:
            asked = Asked.of_text(text)
            of = product(*(meant(Name(each, text.span)) for each in sorted(asked.of)))
            yield from (Name(str(asked._replace(of=frozenset(map(str, each)))), text.span) for each in of)

    faults = tuple(replace(each, subject=who) for each in own.faults for who in meant(each.subject))
    return replace(
        own,
        parties=larger.parties,
        slots=larger.slots,
        commands=tuple(
            (who, tuple(every(names))) for each, names in own.commands for who in meant(each) if who is not None
        ),
        down=tuple(dict.fromkeys(who for each in own.down for who in meant(each) if who is not None)),
        faults=tuple(dict.fromkeys(faults)),
        most=None,
    )
