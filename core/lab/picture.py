"""Recovery against health as an SVG picture: shapes, names and lines, so that it reads in print and without colour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

SIZE = 7
TICKS = 5
_MARGIN_SHARE = 0.15
_LEAST_SPAN = 0.01
_NEAR = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The paper: its size and its margins in pixels, and what is written on it. `legend` stands under the title."""

    width: int = 720
    height: int = 480
    left: int = 70
    right: int = 30
    top: int = 70
    bottom: int = 60
    title: str
    legend: str = ""
    across: str = "Months that paying left with enough to live on, percent"
    up: str = "Present value, percent of what is owed"
    told: str = "{name}: health {health}, present value {value}"


@dataclass(frozen=True, slots=True)
class Point:
    """A strategy: health and value as shares, each with the bounds of its interval."""

    name: str
    health: tuple[float, float, float]
    value: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Axes:
    """Shares to pixels."""

    sheet: Sheet
    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, share: float) -> float:
        wide = self.sheet.width - self.sheet.left - self.sheet.right
        return round(self.sheet.left + (share - self.x[0]) / (self.x[1] - self.x[0]) * wide, 1)

    def down(self, share: float) -> float:
        high = self.sheet.height - self.sheet.top - self.sheet.bottom
        return round(self.sheet.height - self.sheet.bottom - (share - self.y[0]) / (self.y[1] - self.y[0]) * high, 1)


def as_svg(report: Mapping[str, Any]) -> str:
    """The strategies of a report, with 95 % intervals; a dashed line joins those that no other beats in both."""
    legend = (
        "Up: more recovered. Right: fewer months too short by paying. Dashed: beaten by none in both. Crosses: 95 %."
    )
    title = f"Recovery and health, {report['market']}: {len(report['seeds'])} × {report['cases']} cases"
    curve = curve_of(report)
    if curve:
        legend = (
            "Up: more recovered. Right: fewer months too short by paying. Solid: ours by its weights. Crosses: 95 %."
        )
    return drawn(points_of(report), Sheet(title=title, legend=legend), curve)


def drawn(points: Sequence[Point], sheet: Sheet, curve: Sequence[Point] = ()) -> str:
    """Each point at its health (months that paying did not take below the minimum) and its present value; a solid line
    through those of the `curve`."""
    every = (*points, *curve)
    axes = Axes(sheet, _span([p.health for p in every]), _span([p.value for p in every]))
    best = frontier(points)
    line = " ".join(f"{axes.across(p.health[0])},{axes.down(p.value[0])}" for p in best)
    marks = [shape for at, point in enumerate(points) for shape in _mark(at, points, axes, on=point in best)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{sheet.width}" height="{sheet.height}" '
            f'viewBox="0 0 {sheet.width} {sheet.height}" role="img" font-family="sans-serif" font-size="12">',
            f"<title>{escape(sheet.title)}</title>",
            f'<rect width="{sheet.width}" height="{sheet.height}" fill="#fff"/>',
            *_heading(sheet),
            *_grid(axes),
            f'<polyline points="{line}" fill="none" stroke="#000" stroke-dasharray="6 4"/>',
            *_curve(curve, points, axes),
            *marks,
            "</svg>",
            "",
        ]
    )


def _heading(sheet: Sheet) -> list[str]:
    if not sheet.legend:
        return []
    return [
        f'<text x="20" y="28" font-size="15" font-weight="bold">{escape(sheet.title)}</text>',
        f'<text x="20" y="48">{escape(sheet.legend)}</text>',
    ]


def points_of(report: Mapping[str, Any]) -> list[Point]:
    """The strategies of a report that have both figures."""
    points: list[Point] = []
    for name, found in report["strategies"].items():
        point = point_of(name, found["months_caused"], found["present_value"])
        points += [point] if point is not None else []
    return points


def curve_of(report: Mapping[str, Any]) -> list[Point]:
    """Ours with other weights, where a report has it."""
    found = (point_of(each["name"], each["months_caused"], each["present_value"]) for each in report.get("curve", ()))
    return [point for point in found if point is not None]


def point_of(name: str, caused: Mapping[str, Any] | None, value: Mapping[str, Any] | None) -> Point | None:
    """A point from two figures as reports give them; None where one is missing."""
    return None if caused is None or value is None else Point(name, _health(caused), _bounds(value))


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
    sheet = axes.sheet
    left, top, right, floor = sheet.left, sheet.top, sheet.width - sheet.right, sheet.height - sheet.bottom
    shapes = []
    for at in range(TICKS):
        x = axes.x[0] + (axes.x[1] - axes.x[0]) * at / (TICKS - 1)
        y = axes.y[0] + (axes.y[1] - axes.y[0]) * at / (TICKS - 1)
        shapes += [
            f'<path d="M{axes.across(x)} {top}V{floor}M{left} {axes.down(y)}H{right}" stroke="#ddd"/>',
            f'<text x="{axes.across(x)}" y="{floor + 18}" text-anchor="middle">{100 * x:.1f}</text>',
            f'<text x="{left - 8}" y="{axes.down(y) + 4}" text-anchor="end">{100 * y:.1f}</text>',
        ]
    middle = (top + floor) // 2
    return [
        *shapes,
        f'<path d="M{left} {top}V{floor}H{right}" fill="none" stroke="#000"/>',
        f'<text x="{(left + right) // 2}" y="{sheet.height - 18}" text-anchor="middle">{escape(sheet.across)}</text>',
        f'<text x="20" y="{middle}" text-anchor="middle" transform="rotate(-90 20 {middle})">{escape(sheet.up)}</text>',
    ]


def _curve(curve: Sequence[Point], points: Sequence[Point], axes: Axes) -> list[str]:
    """A line through the curve, and a dot for each of its points; named where no strategy stands near."""
    if not curve:
        return []
    at = [(axes.across(point.health[0]), axes.down(point.value[0])) for point in curve]
    line = " ".join(f"{x},{y}" for x, y in at)
    dots = [
        f'<circle cx="{x}" cy="{y}" r="3"><title>{escape(point.name)}</title></circle>'
        for point, (x, y) in zip(curve, at, strict=True)
    ]
    marks = [(axes.across(point.health[0]), axes.down(point.value[0])) for point in points]
    names = [
        f'<text x="{x + 8}" y="{y - 4}" font-size="10">{escape(point.name)}</text>'
        for point, (x, y) in zip(curve, at, strict=True)
        if all(max(abs(x - across), abs(y - down)) > _NEAR for across, down in marks)
    ]
    return [f'<polyline points="{line}" fill="none" stroke="#000"/>', *dots, *names]


def _mark(at: int, points: Sequence[Point], axes: Axes, *, on: bool) -> list[str]:
    point = points[at]
    x, y = axes.across(point.health[0]), axes.down(point.value[0])
    cross = (
        f"M{axes.across(point.health[1])} {y}H{axes.across(point.health[2])}"
        f"M{x} {axes.down(point.value[1])}V{axes.down(point.value[2])}"
    )
    health, value = f"{point.health[0]:.1%}", f"{point.value[0]:.1%}"
    told = escape(axes.sheet.told.format(name=point.name, health=health, value=value))
    weight = "bold" if on else "normal"
    end = x > axes.sheet.width - axes.sheet.right - 90
    crowded = any(
        abs(axes.across(other.health[0]) - x) < 2 * _NEAR and abs(axes.down(other.value[0]) - y) < _NEAR
        for other in points[:at]
    )
    return [
        f'<g><title>{told}</title><path d="{cross}" stroke="#000"/>',
        f'<path d="{_outline(at % 4, x, y)}" fill="{"#000" if on else "#fff"}" stroke="#000" stroke-width="1.5"/>',
        f'<text x="{x - 12 if end else x + 12}" y="{y + 22 if crowded else y - 10}" font-weight="{weight}" '
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
