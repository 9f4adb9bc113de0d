"""The wheel, drawn on the server: months outside, PUFF in the hub, today's hand. Angles run clockwise from the top."""

import calendar
from dataclasses import dataclass
from datetime import date
from math import cos, pi, sin

CENTRE = 250
MONTHS = (160, 222)
NAMES = 236
HUB = (44, 118)
GAP = 0.6
# The four phases as quarters of the hub, each around its own side.
PHASES = (("plan", -45), ("do", 45), ("follow", 135), ("improve", 225))


@dataclass(frozen=True)
class Segment:
    path: str
    middle: tuple[float, float]
    name_at: tuple[float, float] = (0, 0)


def point(angle: float, radius: float) -> tuple[float, float]:
    """Where an angle in degrees and a radius lie in the drawing."""
    turn = angle * pi / 180
    return round(CENTRE + radius * sin(turn), 1), round(CENTRE - radius * cos(turn), 1)


def arc(start: float, end: float, inner: float, outer: float) -> str:
    """The outline of a piece of a ring as an SVG path."""
    large = int(end - start > 180)
    (ax, ay), (bx, by) = point(start, outer), point(end, outer)
    (cx, cy), (dx, dy) = point(end, inner), point(start, inner)
    return f"M{ax} {ay}A{outer} {outer} 0 {large} 1 {bx} {by}L{cx} {cy}A{inner} {inner} 0 {large} 0 {dx} {dy}Z"


def month(number: int) -> Segment:
    start = (number - 1) * 30
    return Segment(
        arc(start + GAP, start + 30 - GAP, *MONTHS),
        point(start + 15, sum(MONTHS) / 2),
        point(start + 15, NAMES),
    )


def phase(start: float) -> Segment:
    return Segment(arc(start + 1, start + 89, *HUB), point(start + 45, sum(HUB) / 2))


def hand(on: date) -> tuple[tuple[float, float], tuple[float, float]]:
    """Today's place: from the hub out through the months, by the month and how much of it has passed."""
    days = calendar.monthrange(on.year, on.month)[1]
    angle = (on.month - 1 + (on.day - 0.5) / days) * 30
    return point(angle, HUB[1] + 8), point(angle, MONTHS[1] + 4)
