"""Where each part of a configuration stands in its words: bit fields, none of which straddles a word.

Bit 0 of the first word is always 1: no configuration is all zero, so that zero can mean "nobody there" in a table.  A
queue is a shift register with the head in its lowest bits, and code 0 where there is no message: so equal queues are
equal bits, whatever went through them before.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

WORD = 64
_WIDEST_PARTY, _SPARE_CODE_BITS = 24, 2


class Unpackable(Exception):
    """A check has too much of something for the packed form; the text says of what."""


class Field(NamedTuple):
    word: int
    shift: int
    bits: int

    def read(self, words: tuple[int, ...]) -> int:
        return words[self.word] >> self.shift & ((1 << self.bits) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """Bits of everything: `codes` are those of one message in each queue, which has `room` for so many.

    `run`: of what is remembered of a run, if something is.
    """

    parties: tuple[int, ...]
    wires: tuple[int, ...]
    codes: tuple[int, ...]
    left: tuple[int, ...]
    room: int
    run: tuple[int, ...] = ()

    def fields(self) -> Iterator[int]:
        yield from self.parties
        yield from self.wires
        yield from (self.room * code for code in self.codes)
        yield from self.left
        yield from self.run

    def roomier(self, word: int = WORD) -> "Widths":
        """As wide as it can be without another word, so that what turns up later finds its place."""
        words = arranged(self, word).words
        found = self
        while True:
            before = found
            for place, bits in enumerate(before.parties):
                if bits < _WIDEST_PARTY:
                    found = _if_fits(found, replace(found, parties=_wider(found.parties, place)), words, word)
            for place, bits in enumerate(before.codes):
                if bits < self.codes[place] + _SPARE_CODE_BITS:
                    found = _if_fits(found, replace(found, codes=_wider(found.codes, place)), words, word)
            if found == before:
                return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    widths: Widths
    parties: tuple[Field, ...]
    wires: tuple[Field, ...]
    queues: tuple[Field, ...]
    left: tuple[Field, ...]
    run: tuple[Field, ...]
    words: int

    def numbers(self) -> Iterator[int]:
        """As the engine reads it: word, shift and bits of each field, after those of a queue the bits of a code."""
        for field in (*self.parties, *self.wires):
            yield from field
        for field, code in zip(self.queues, self.widths.codes, strict=True):
            yield from (*field, code)
        for field in (*self.left, *self.run):
            yield from field

    def packed(
        self,
        parties: tuple[int, ...],
        wires: tuple[int, ...],
        queues: tuple[tuple[int, ...], ...],
        left: tuple[int, ...],
        run: tuple[int, ...] = (),
    ) -> tuple[int, ...]:
        """The words of what these numbers say; a number that is wider than its field is our mistake."""
        words = [1, *(0 for _ in range(self.words - 1))]
        contents = (
            sum(code << place * bits for place, code in enumerate(content))
            for content, bits in zip(queues, self.widths.codes, strict=True)
        )
        fields = (*self.parties, *self.wires, *self.queues, *self.left, *self.run)
        for field, value in zip(fields, (*parties, *wires, *contents, *left, *run), strict=True):
            assert 0 <= value < 1 << field.bits, f"{value} doesn't fit into {field}"
            words[field.word] |= value << field.shift
        return tuple(words)

    def content(self, queue: int, words: tuple[int, ...]) -> tuple[int, ...]:
        """The codes in a queue, the head first."""
        bits, rest = self.widths.codes[queue], self.queues[queue].read(words)
        found = []
        while rest:
            found.append(rest & ((1 << bits) - 1))
            rest >>= bits
        return tuple(found)


def arranged(widths: Widths, word: int = WORD) -> Layout:
    """Fields in order, each in the first word that has room for it; of a word, `word` bits are used."""
    used = [1]
    fields = [_placed(bits, used, word) for bits in widths.fields()]
    parties, wires = len(widths.parties), len(widths.wires)
    queues = parties + wires + len(widths.codes)
    left = queues + len(widths.left)
    return Layout(
        widths=widths,
        parties=tuple(fields[:parties]),
        wires=tuple(fields[parties : parties + wires]),
        queues=tuple(fields[parties + wires : queues]),
        left=tuple(fields[queues:left]),
        run=tuple(fields[left:]),
        words=len(used),
    )


def _placed(bits: int, used: list[int], size: int) -> Field:
    if bits >= size:
        raise Unpackable(f"a queue of {bits} bits")
    word = next((number for number, full in enumerate(used) if full + bits <= size), len(used))
    if word == len(used):
        used.append(0)
    shift = used[word]
    used[word] += bits
    return Field(word, min(shift, WORD - 1), bits)


def _if_fits(before: Widths, after: Widths, words: int, size: int) -> Widths:
    try:
        return after if arranged(after, size).words <= words else before
    except Unpackable:
        return before


def _wider(bits: tuple[int, ...], place: int) -> tuple[int, ...]:
    return (*bits[:place], bits[place] + 1, *bits[place + 1 :])
