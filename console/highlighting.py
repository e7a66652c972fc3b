"""The words that were looked for, set apart in the text around them. Pure."""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

AROUND = 60
"""Characters shown on either side of the first word."""


def holds(text: str, terms: Sequence[str]) -> bool:
    """Whether each of the words stands in the text, capital or small."""
    return all(re.search(re.escape(term), text, _FLAGS) for term in terms)


def marked(text: str, terms: Sequence[str]) -> Markup:
    """The whole text, escaped, with the words marked."""
    if not terms:
        return escape(text)
    pieces = re.split(
        f"({'|'.join(re.escape(term) for term in sorted(terms, key=len, reverse=True))})", text, flags=_FLAGS
    )
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if place % 2 else escape(piece) for place, piece in enumerate(pieces)
    )


def excerpt(text: str, terms: Sequence[str]) -> Markup:
    """What stands around the first of the words, marked, on one line."""
    line = " ".join(text.split())
    places = [found.start() for term in terms if (found := re.search(re.escape(term), line, _FLAGS))]
    first = min(places, default=0)
    begin, end = max(0, first - AROUND), first + 2 * AROUND
    shown = marked(line[begin:end], terms)
    return Markup("{}{}{}").format("…" if begin else "", shown, "…" if end < len(line) else "")


_FLAGS = re.IGNORECASE | re.ASCII
