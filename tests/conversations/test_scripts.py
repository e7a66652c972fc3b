"""Whole conversations, told as YAML, played through the whole house and held to what they expect."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from nlu.engine import Engine
from parley.script import play
from tests.conversations.expectations import unmet

HERE = Path(__file__).parent
OWN = sorted(HERE.glob("*.yml"))
SHARED = sorted((HERE / "shared").glob("*.yaml"))


def told(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_told(path: Path, local_engine: Engine) -> None:
    document = told(path)
    expected = document.pop("expect")
    assert unmet(expected, await play(document, local_engine)) == []


async def test_a_debtor_who_bargains_gets_exactly_the_sum_and_the_day_asked_for(local_engine: Engine) -> None:
    played = await play(told(HERE / "shared/counter_offer_zh.yaml"), local_engine)
    plan = played["end"]["plan"]
    assert [turn["decision"]["kind"] for turn in played["turns"]] == ["offer", "offer", "offer", "agree"]
    assert (plan["total"], plan["frequency"], len(plan["instalments"])) == ("16600.00", "month", 21)
    assert plan["instalments"][0] == {"due": "2026-12-12", "amount": "800.00"}
    assert plan["instalments"][-1] == {"due": "2028-08-12", "amount": "600.00"}


async def test_hardship_is_heard_and_a_sum_named_after_a_person_is_answered(local_engine: Engine) -> None:
    played = await play(told(HERE / "shared/hardship_then_human.yaml"), local_engine)
    turns = played["turns"]
    assert (turns[0]["decision"]["kind"], turns[0]["holder"]) == ("escalate", "queue")
    assert (turns[2]["decision"]["kind"], turns[2]["replies"]) == ("silent", [])
    (offer,) = turns[5]["decision"]["offers"]
    assert len(offer["instalments"]) == 24
    assert offer["instalments"][0] == {"due": "2027-01-01", "amount": "100.00"}
    assert played["end"]["flags"] == ["hardship"]


def test_every_shared_script_is_played() -> None:
    assert [path.name for path in SHARED] == ["counter_offer_zh.yaml", "hardship_then_human.yaml"]
