"""An evaluation's confusions as an SVG picture: greys and numbers, so that it reads in print and without colour."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

PAIRS_SHOWN = 60
CELL = 26
MARGIN = 20
LETTER = 7
"""About as wide as a letter of the labels, in pixels."""

TITLE_HEIGHT = 62
EMPTY_WIDTH = 480


def as_svg(figures: Mapping[str, Any]) -> str:
    """A grid of the confused intents alone: rows were meant, columns were read, each cell says how often.

    A row's name is followed by how many of its messages are in the picture, of how many there are.
    """
    pairs = figures["confusions"][:PAIRS_SHOWN]
    if not pairs:
        return _drawing(EMPTY_WIDTH, TITLE_HEIGHT + MARGIN, figures, 0, [])
    rows, columns = _axes(pairs)
    labels = [f"{name}  {count} of {figures['per_intent'][name]['support']}" for name, count in rows]
    left = MARGIN + LETTER * max(map(len, labels)) + 8
    top = TITLE_HEIGHT + int(0.75 * LETTER * max(map(len, columns))) + 12
    slanted = int(0.75 * LETTER * len(columns[-1]))
    width = max(left + CELL * len(columns) + max(slanted, MARGIN) + MARGIN, EMPTY_WIDTH)
    shapes = [*_names(labels, columns, left, top), *_cells(pairs, [name for name, _ in rows], columns, left, top)]
    return _drawing(width, top + CELL * len(rows) + MARGIN, figures, len(pairs), shapes)


def _axes(pairs: Sequence[Mapping[str, Any]]) -> tuple[list[tuple[str, int]], list[str]]:
    """Meant intents with their counts and read intents, the most confused first; columns follow the rows' order."""
    meant: Counter[str] = Counter()
    read: Counter[str] = Counter()
    for pair in pairs:
        meant[pair["gold"]] += pair["count"]
        read[pair["read"]] += pair["count"]
    rows = meant.most_common()
    known = [name for name, _ in rows if name in read]
    return rows, known + [name for name, _ in read.most_common() if name not in meant]


def _names(labels: Sequence[str], columns: Sequence[str], left: int, top: int) -> list[str]:
    height, width = CELL * len(labels), CELL * len(columns)
    shapes = [
        f'<text x="{left - 8}" y="{top + CELL * at + 17}" text-anchor="end">{escape(label)}</text>'
        for at, label in enumerate(labels)
    ]
    for at, name in enumerate(columns):
        x, y = left + CELL * at + 14, top - 6
        shapes.append(f'<text x="{x}" y="{y}" transform="rotate(-45 {x} {y})">{escape(name)}</text>')
    ends = [(left, top + CELL * at, left + width, top + CELL * at) for at in range(len(labels) + 1)]
    ends += [(left + CELL * at, top, left + CELL * at, top + height) for at in range(len(columns) + 1)]
    return [*shapes, *(f'<path d="M{a} {b}L{c} {d}" stroke="#bbb"/>' for a, b, c, d in ends)]


def _cells(
    pairs: Sequence[Mapping[str, Any]], rows: Sequence[str], columns: Sequence[str], left: int, top: int
) -> list[str]:
    most = max(pair["count"] for pair in pairs)
    shapes = []
    for pair in pairs:
        x, y = left + CELL * columns.index(pair["read"]), top + CELL * rows.index(pair["gold"])
        depth = pair["count"] / most
        grey = round(225 - 185 * depth)
        ink = "#fff" if depth > 0.5 else "#000"
        told = escape(f"{pair['gold']} read as {pair['read']}: {pair['count']}")
        shapes.append(
            f'<g><title>{told}</title><rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" '
            f'fill="rgb({grey},{grey},{grey})" stroke="#555"/>'
            f'<text x="{x + CELL // 2}" y="{y + 17}" text-anchor="middle" fill="{ink}">{pair["count"]}</text></g>'
        )
    return shapes


def _drawing(width: int, height: int, figures: Mapping[str, Any], shown: int, shapes: Sequence[str]) -> str:
    title = escape(f"Confusions of {figures['engine']} {figures['version']} on {figures['messages']} messages")
    every = len(figures["confusions"])
    kept = "" if shown == every else f"; the {shown} commonest of {every} pairs"
    legend = f"Rows: meant. Columns: read as{kept}." if shown else "No message was read as another intent."
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" font-family="sans-serif" font-size="12">',
            f"<title>{title}</title>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            f'<text x="{MARGIN}" y="28" font-size="15" font-weight="bold">{title}</text>',
            f'<text x="{MARGIN}" y="48">{legend}</text>',
            *shapes,
            "</svg>",
            "",
        ]
    )
