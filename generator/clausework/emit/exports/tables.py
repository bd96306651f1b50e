"""A matrix as people and programs read it: text for a terminal, Markdown for a review, JSON for scripts."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import Any

from clausework.diagnostics.excerpt import width
from clausework.emit.exports.matrix import Cell, Matrix, Way

_NARROWEST, _WIDEST = 12, 30
_GAP = "  "


def as_text(matrix: Matrix, columns: int = 120) -> str:
    """Rows are messages, columns states; if the states don't fit beside each other, the table goes on below."""
    return "".join(f"{line}\n" for line in _text_lines(matrix, columns))


def _text_lines(matrix: Matrix, columns: int) -> Iterator[str]:
    yield _title(matrix)
    if not matrix.messages:
        yield ""
        yield "it receives nothing"
        return
    labels = max(width(each) for each in matrix.messages)
    blocks = [_column(matrix, number) for number in range(len(matrix.states))]
    for group in _fitting(blocks, columns - labels):
        yield ""
        widths = [labels, *(max(width(line) for cell in block for line in cell) for block in group)]
        head, *rows = zip(["", *matrix.messages], *group, strict=True)
        yield from _row([[""], *head[1:]], widths)
        yield _GAP.join("-" * each for each in widths)
        for label, *cells in rows:
            yield from _row([[str(label)], *cells], widths)
    if matrix.stale:
        yield ""
        for message, disposition in matrix.stale:
            yield f"{message} when nobody waits for it: {disposition}"


def _title(matrix: Matrix) -> str:
    role = f" ({matrix.role})" if matrix.role != matrix.machine else ""
    return f"{matrix.flow}: {matrix.machine}{role}"


def _column(matrix: Matrix, number: int) -> list[list[str]]:
    """The lines of the head and of each cell of one state."""
    cells = [row[number] for row in matrix.cells]
    return [[matrix.states[number]], *(_wrapped(cell_words(cell)) for cell in cells)]


def _wrapped(ways: Iterable[str]) -> list[str]:
    return [line for way in ways for line in wrap(way, _WIDEST, subsequent_indent="  ")]


def _fitting(blocks: list[list[list[str]]], room: int) -> Iterator[list[list[list[str]]]]:
    group: list[list[list[str]]] = []
    used = 0
    for block in blocks:
        needed = len(_GAP) + max(_NARROWEST, *(width(line) for cell in block for line in cell))
        if group and used + needed > room:
            yield group
            group, used = [], 0
        group.append(block)
        used += needed
    yield group


def _row(cells: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    for lines in zip_longest(*cells, fillvalue=""):
        padded = (line + " " * (each - width(line)) for line, each in zip(lines, widths, strict=True))
        yield _GAP.join(padded).rstrip()


def cell_words(cell: Cell) -> list[str]:
    """A line for each way: what comes of it, under which condition, and who says so if it isn't the state."""
    return [_way_words(way, cell.state) for way in cell.ways]


def _way_words(way: Way, state: str) -> str:
    result = way.disposition or " | ".join(way.targets)
    whose = "" if way.scope in {state, "otherwise"} else f" ({way.scope})"
    return f"{way.condition}: {result}{whose}" if way.condition else f"{result}{whose}"


def as_markdown(matrix: Matrix) -> str:
    """A table; Markdown leaves its width to whoever shows it."""
    lines = [
        f"## {_title(matrix)}",
        "",
        _markdown_row(["message", *matrix.states]),
        _markdown_row(["---"] * (len(matrix.states) + 1)),
        *(
            _markdown_row([f"`{message}`", *("<br>".join(map(_escaped, cell_words(cell))) for cell in row)])
            for message, row in zip(matrix.messages, matrix.cells, strict=True)
        ),
    ]
    lines += [f"\n`{message}` when nobody waits for it: {disposition}" for message, disposition in matrix.stale]
    return "".join(f"{line}\n" for line in lines)


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


def as_json(matrices: Iterable[Matrix]) -> str:
    """A list of machines; each cell has its ways, with places and clauses."""
    return json.dumps([_data(matrix) for matrix in matrices], indent=2, ensure_ascii=False) + "\n"


def _data(matrix: Matrix) -> dict[str, Any]:
    return {
        "flow": matrix.flow,
        "machine": matrix.machine,
        "role": matrix.role,
        "states": list(matrix.states),
        "messages": list(matrix.messages),
        "cells": [
            {"state": cell.state, "message": cell.message, "ways": [_way_data(way) for way in cell.ways]}
            for row in matrix.cells
            for cell in row
        ],
        "stale": dict(matrix.stale),
    }


def _way_data(way: Way) -> dict[str, Any]:
    return {
        "scope": way.scope,
        "condition": way.condition,
        "transitions": list(way.transitions),
        "targets": [target.removeprefix("-> ") for target in way.targets],
        "disposition": way.disposition,
        "place": str(way.about.span),
        "source": str(way.about.source or ""),
        "mark": str(way.about.mark),
    }
