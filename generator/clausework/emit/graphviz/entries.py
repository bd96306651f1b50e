"""A transition as lines of a label: trigger, conditions, answer, effects, clause."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from clausework.emit.graphviz.labels import LIMIT, Line, Link, gap, soft
from clausework.emit.graphviz.moves import Entry
from clausework.emit.graphviz.palette import SOFT

MOST: Final = 6
"""So many transitions stand in one label; of more, all but the last ones, as many as leave room to count those."""

_KEYS: Final = (
    ("? ", "? received"),
    ("! ", "! sent"),
    ("do ", "do = command from the application"),
    ("notify ", "notify = indication to it"),
    ("after ", "after = timer"),
    ("lost ", "lost, restored = a connection is gone, is there"),
    ("restored ", "lost, restored = a connection is gone, is there"),
    ("enters ", "enters, leaves = another machine of the same party"),
    ("leaves ", "enters, leaves = another machine of the same party"),
)


def key(shown: Iterable[Entry], explained: Iterable[str]) -> str:
    """What the signs mean that occur, on the arcs or where named effects are explained."""
    said = [words for entry in shown for words in (entry.trigger, *(effect.what for effect in entry.effects))]
    said += [words for sentence in explained for words in sentence.partition(": ")[2].split("; ")]
    meant = [meaning for start, meaning in _KEYS if any(words.startswith(start) for words in said)]
    return " · ".join(dict.fromkeys(meant))


def has_second_line(entry: Entry) -> bool:
    return bool(entry.effects or entry.before or entry.after or entry.asks)


def trigger_lines(entry: Entry, *, bold: bool) -> tuple[Line, ...]:
    lines = [Line(text=entry.trigger, bold=bold), *_guards(entry.before)]
    return tuple(piece for line in lines for piece in line.wrapped(LIMIT))


def outcome_lines(shown: Sequence[Entry], found: str) -> list[Line]:
    """What follows a question: answers, what else must hold, what is done.  `found`: between which states."""
    return _stacked([(entry, [Line(text=entry.answer, bold=True)]) for entry in shown], found)


def whole_lines(shown: Sequence[Entry], found: str, *, bold: bool, most: int = MOST) -> list[Line]:
    """All of it; a question with its answer is a line among others."""
    return _stacked([(entry, _begin(entry, bold=bold)) for entry in shown], found, most)


def _begin(entry: Entry, *, bold: bool) -> list[Line]:
    lines = [Line(text=entry.trigger, bold=bold), *_guards(entry.before)]
    if entry.asks:
        lines.append(Line(text=f"{entry.asks}: {entry.answer}", bold=bold))
    return lines


def _stacked(shown: Sequence[tuple[Entry, list[Line]]], found: str, most: int = MOST) -> list[Line]:
    """Several transitions, one under the other.  What branches of one trigger have in common is said once: the trigger,
    the clause; so is what follows the first lines of any, if it is the same.

    Of very many only the first ones.
    """
    some = shown if len(shown) <= most else shown[: most - 1]
    lines: list[Line] = []
    above = ""
    for place, (entry, first) in enumerate(some):
        following = some[place + 1][0] if place + 1 < len(some) else None
        rest = [] if following is not None and _rest(following) == _rest(entry) else _rest(entry)
        said = first[1:] if len(first) > 1 and first[0].text == above else first
        above = first[0].text if rest else ""
        if following is not None and rest and (following.trigger, following.cite) == (entry.trigger, entry.cite):
            rest = _rest(replace(entry, cite=""))
        lines += _linked([*said, *rest], entry, found)
        if following is not None and (rest or len(first) > 1):
            lines.append(gap(4))
    if len(shown) > len(some):
        link = Link(href="#transitions", tooltip="all transitions")
        lines.append(Line(text=f"and {len(shown) - len(some)} more", size=9, link=link))
    return lines


def _rest(entry: Entry) -> list[Line]:
    lines = _guards(entry.after)
    for effect in entry.effects:
        lines += [Line(text=effect.what)] if effect.what else []
        lines += [Line(text=effect.details, size=9, color=SOFT)] if effect.details else []
    return [*lines, *([soft(entry.cite)] if entry.cite else [])]


def _guards(conditions: tuple[str, ...]) -> list[Line]:
    return [Line(text=f"[{condition}]", italic=True) for condition in conditions]


def _linked(lines: list[Line], entry: Entry, found: str) -> list[Line]:
    name = f"transition-{entry.number}"
    link = Link(href=f"#{name}", tooltip=f"{found}: {entry.words}")
    first, *others = [replace(piece, link=link) for line in lines for piece in line.wrapped(LIMIT)]
    return [replace(first, link=replace(link, id=name)), *others]
