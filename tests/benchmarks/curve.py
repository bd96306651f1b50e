"""Cost over size, as a picture: seconds and bytes, each over the number of states, both scales in powers of ten (SVG)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import NamedTuple

WIDTH, HEIGHT, EDGE = 400, 320, 60
COLOURS = ("#1b6ca8", "#c8553d", "#3d8b5f", "#6b6b6b", "#8a5fb0")


class Point(NamedTuple):
    states: int
    seconds: float
    bytes: int


class Line(NamedTuple):
    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """From a number to where it is drawn."""

    low: int
    high: int
    begins: float
    ends: float

    def at(self, value: float) -> float:
        return self.begins + (log10(value) - self.low) / (self.high - self.low) * (self.ends - self.begins)

    def decades(self) -> range:
        return range(self.low, self.high + 1)


def drawn(lines: list[Line]) -> str:
    panels = [*_panel(lines, "seconds", 0, lambda point: point.seconds)]
    panels += _panel(lines, "bytes", WIDTH + EDGE, lambda point: point.bytes)
    width, height = 2 * (WIDTH + EDGE) + EDGE, HEIGHT + 2 * EDGE
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">'
    return "\n".join([head, f'<rect width="{width}" height="{height}" fill="white"/>', *panels, "</svg>\n"])


def _panel(lines: list[Line], what: str, left: int, of: Callable[[Point], float]) -> Iterator[str]:
    every = [point for line in lines for point in line.points]
    across = _scale([point.states for point in every], left + EDGE, left + EDGE + WIDTH)
    up = _scale([of(point) for point in every], EDGE + HEIGHT, EDGE)
    for decade in across.decades():
        x = across.at(10**decade)
        yield f'<line x1="{x:.1f}" y1="{EDGE}" x2="{x:.1f}" y2="{EDGE + HEIGHT}" stroke="#e0e0e0"/>'
        yield f'<text x="{x:.1f}" y="{EDGE + HEIGHT + 18}" text-anchor="middle">{_power(decade)}</text>'
    for decade in up.decades():
        y = up.at(10.0**decade)
        yield f'<line x1="{across.begins}" y1="{y:.1f}" x2="{across.ends}" y2="{y:.1f}" stroke="#e0e0e0"/>'
        yield f'<text x="{across.begins - 6}" y="{y + 4:.1f}" text-anchor="end">{_power(decade)}</text>'
    yield f'<text x="{across.begins + WIDTH / 2}" y="{EDGE + HEIGHT + 38}" text-anchor="middle">states</text>'
    yield f'<text x="{across.begins}" y="{EDGE - 12}" font-weight="bold">{what}</text>'
    for number, line in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{across.at(point.states):.1f},{up.at(of(point)):.1f}" for point in line.points)
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (
            f'<circle cx="{across.at(point.states):.1f}" cy="{up.at(of(point)):.1f}" r="3" fill="{colour}"/>'
            for point in line.points
        )
        yield f'<text x="{across.begins + 12}" y="{EDGE + 18 + 16 * number}" fill="{colour}">{line.name}</text>'


def _scale(values: list[float] | list[int], begins: float, ends: float) -> Scale:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return Scale(low, max(high, low + 1), begins, ends)


def _power(decade: int) -> str:
    return f'10<tspan dy="-5" font-size="9">{decade}</tspan>'
