"""Portfolio files for tests: one good line, changed where a test wants it changed."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

GOOD = {
    "creditor": "Harbour Bank",
    "reference": "HB-1001",
    "product": "credit card",
    "currency": "USD",
    "principal": "2100.00",
    "interest": "220.00",
    "fees": "80.00",
    "days past due": "75",
    "as of": "2026-11-20",
    "contract date": "2020-03-01",
    "contract: annual rate": "0.2199",
    "name": "Dana Reyes",
    "phone": "+1 212 555 0188",
    "email": "dana@example.com",
    "language": "en",
    "time zone": "America/New_York",
    "market": "us",
    "birth date": "1990-04-12",
    "account last4": "8820",
}
"""A line that goes in, under its headers."""


def line(**changes: str) -> list[str]:
    """The good line with some cells changed; `_` in a name stands for a blank."""
    wanted = {name.replace("_", " "): value for name, value in changes.items()}
    assert wanted.keys() <= GOOD.keys(), wanted
    return list((GOOD | wanted).values())


def write_csv(path: Path, rows: Iterable[Sequence[str]], headers: Sequence[str] = tuple(GOOD)) -> Path:
    """A CSV in UTF-8 with these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    return path
