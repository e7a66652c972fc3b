"""Lists, a page at a time: a cursor is an opaque word that names where the page before ended."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from console.api.problems import Problem
from console.queries.public import Stretch

Item = TypeVar("Item", bound=BaseModel)
Row = TypeVar("Row")
MOST = 200


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    data: list[Item]
    next_cursor: str | None = Field(description="Ask for the next page with it; null on the last.")


class Asked:
    """Which page: how long, and after which row."""

    def __init__(
        self,
        limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 50,
        cursor: Annotated[
            str | None, Query(max_length=60, description="From `next_cursor` of the page before.")
        ] = None,
    ) -> None:
        self.limit = limit
        self.after = _read(cursor) if cursor else None

    @property
    def stretch(self) -> Stretch:
        """One row more than is shown, so that it is known whether more follow."""
        return Stretch(self.limit + 1, self.after)

    def page(self, rows: Sequence[Row], number: Callable[[Row], int], shown: Callable[[Row], Item]) -> Page[Item]:
        """The rows as a page."""
        kept = rows[: self.limit]
        following = _write(number(kept[-1])) if len(rows) > self.limit else None
        return Page(data=[shown(row) for row in kept], next_cursor=following)


Listing = Annotated[Asked, Depends()]


def _write(number: int) -> str:
    return base64.urlsafe_b64encode(f"v1:{number}".encode()).decode().rstrip("=")


def _read(word: str) -> int:
    try:
        version, _, number = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode("ascii").partition(":")
        if version == "v1" and number.isdigit() and len(number) <= 18:
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise Problem("invalid_cursor")
