"""Every row of entities.jsonl and entities_more.jsonl is a message, its context, and the entities it names."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from core.dialogue.understanding import Entity
from nlu.entities import extract

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for name in ("entities.jsonl", "entities_more.jsonl")
    for line in (Path(__file__).parent / name).read_text("utf-8").splitlines()
]


def read(row: dict[str, Any]) -> tuple[Entity, ...]:
    return extract(
        row["text"],
        lang=row["lang"],
        now=datetime.fromisoformat(row["now"]),
        currency=row["currency"],
        expecting=row["expecting"],
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['text'][:40]}|{row['now'][:10]}|{row['expecting']}")
def test_a_message_names_exactly_these_entities(row: dict[str, Any]) -> None:
    assert [entity.to_json() for entity in read(row)] == row["entities"]
