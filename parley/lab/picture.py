"""Recovery against health as an SVG picture: shapes, names and lines, so that it reads in print and without colour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 480
LEFT, RIGHT, TOP, BOTTOM = 70, 30, 70, 60
SIZE = 7
TICKS = 5
_MARGIN_SHARE = 0.15
_LEAST_SPAN = 0.01


@dataclass(frozen=True, slots=True)
class Point:
    """A strategy: health and value as shares, each with the bounds of its interval."""

    name: str
    health: tuple[float, float, float]
    value: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Axes:
    """Shares to pixels."""

    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, share: float) -> float:
        return round(LEFT + (share - self.x[0]) / (self.x[1] - self.x[0]) * (WIDTH - LEFT - RIGHT), 1)

    def down(self, share: float) -> float:
        return round(HEIGHT - BOTTOM - (share - self.y[0]) / (self.y[1] - self.y[0]) * (HEIGHT - TOP - BOTTOM), 1)


def as_svg(report: Mapping[str, Any]) -> str:
    """Each strategy at its health (months that paying did not take below the minimum) and its present value, with 95 %
    intervals; a dashed line joins those that no other beats in both."""
    points = points_of(report)
    axes = Axes(_span([p.health for p in points]), _span([p.value for p in points]))
    best = frontier(points)
    line = " ".join(f"{axes.across(p.health[0])},{axes.down(p.value[0])}" for p in best)
    shapes = [
        *_grid(axes),
        f'<polyline points="{line}" fill="none" stroke="#000" stroke-dasharray="6 4"/>',
        *(shape for at, point in enumerate(points) for shape in _mark(at, point, axes, on=point in best)),
    ]
    title = escape(f"Recovery and health, {report['market']}: {len(report['seeds'])} × {report['cases']} cases")
    legend = (
        "Up: more recovered. Right: fewer months too short by paying. Dashed: beaten by none in both. Crosses: 95 %."
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="12">',
            f"<title>{title}</title>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            f'<text x="20" y="28" font-size="15" font-weight="bold">{title}</text>',
            f'<text x="20" y="48">{legend}</text>',
            *shapes,
            "</svg>",
            "",
        ]
    )


def points_of(report: Mapping[str, Any]) -> list[Point]:
    """The strategies of a report that have both figures."""
    points = []
    for name, found in report["strategies"].items():
        below, value = found["months_caused"], found["present_value"]
        if below is None or value is None:
            continue
        points.append(Point(name, _health(below), _bounds(value)))
    return points


def frontier(points: Sequence[Point]) -> list[Point]:
    """Those that no other matches in health and value and beats in one, the healthiest last."""

    def beaten(point: Point) -> bool:
        here = (point.health[0], point.value[0])
        return any(
            other.health[0] >= here[0] and other.value[0] >= here[1] and (other.health[0], other.value[0]) != here
            for other in points
        )

    return sorted((point for point in points if not beaten(point)), key=lambda point: point.health[0])


def _bounds(found: Mapping[str, Any]) -> tuple[float, float, float]:
    mean, low, high = found["mean"], found["low"], found["high"]
    return mean, mean if low is None else low, mean if high is None else high


def _health(below: Mapping[str, Any]) -> tuple[float, float, float]:
    mean, low, high = _bounds(below)
    return 1 - mean, 1 - high, 1 - low


def _span(values: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    low = min((value[1] for value in values), default=0.0)
    high = max((value[2] for value in values), default=1.0)
    room = max(high - low, _LEAST_SPAN) * _MARGIN_SHARE
    return low - room, high + room


def _grid(axes: Axes) -> list[str]:
    right, floor = WIDTH - RIGHT, HEIGHT - BOTTOM
    shapes = []
    for at in range(TICKS):
        x = axes.x[0] + (axes.x[1] - axes.x[0]) * at / (TICKS - 1)
        y = axes.y[0] + (axes.y[1] - axes.y[0]) * at / (TICKS - 1)
        shapes += [
            f'<path d="M{axes.across(x)} {TOP}V{floor}M{LEFT} {axes.down(y)}H{right}" stroke="#ddd"/>',
            f'<text x="{axes.across(x)}" y="{floor + 18}" text-anchor="middle">{100 * x:.1f}</text>',
            f'<text x="{LEFT - 8}" y="{axes.down(y) + 4}" text-anchor="end">{100 * y:.1f}</text>',
        ]
    middle = (TOP + floor) // 2
    return [
        *shapes,
        f'<path d="M{LEFT} {TOP}V{floor}H{right}" fill="none" stroke="#000"/>',
        f'<text x="{(LEFT + right) // 2}" y="{HEIGHT - 18}" text-anchor="middle">'
        "Months that paying left with enough to live on, percent</text>",
        f'<text x="20" y="{middle}" text-anchor="middle" transform="rotate(-90 20 {middle})">'
        "Present value, percent of what is owed</text>",
    ]


def _mark(at: int, point: Point, axes: Axes, *, on: bool) -> list[str]:
    x, y = axes.across(point.health[0]), axes.down(point.value[0])
    cross = (
        f"M{axes.across(point.health[1])} {y}H{axes.across(point.health[2])}"
        f"M{x} {axes.down(point.value[1])}V{axes.down(point.value[2])}"
    )
    told = escape(f"{point.name}: health {point.health[0]:.1%}, present value {point.value[0]:.1%}")
    weight = "bold" if on else "normal"
    end = x > WIDTH - RIGHT - 90
    return [
        f'<g><title>{told}</title><path d="{cross}" stroke="#000"/>',
        f'<path d="{_outline(at % 4, x, y)}" fill="{"#000" if on else "#fff"}" stroke="#000" stroke-width="1.5"/>',
        f'<text x="{x - 12 if end else x + 12}" y="{y - 10}" font-weight="{weight}" '
        f'text-anchor="{"end" if end else "start"}">{escape(point.name)}</text></g>',
    ]


def _outline(kind: int, x: float, y: float) -> str:
    """A circle, a square, a triangle or a diamond around a point."""
    s = SIZE
    return (
        f"M{x - s} {y}A{s} {s} 0 1 0 {x + s} {y}A{s} {s} 0 1 0 {x - s} {y}Z",
        f"M{x - s} {y - s}h{2 * s}v{2 * s}h-{2 * s}Z",
        f"M{x} {y - s}L{x + s} {y + s}L{x - s} {y + s}Z",
        f"M{x} {y - s - 1}L{x + s + 1} {y}L{x} {y + s + 1}L{x - s - 1} {y}Z",
    )[kind]
