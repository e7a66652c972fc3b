"""Whole conversations, and each of their decisions made again from what is stored of it."""

from datetime import UTC
from pathlib import Path

import pytest
import yaml

from core.actions import replays
from core.clock import FixedClock
from core.live import InProcessNotices
from core.store.migrate import upgrade
from core.work import Works, make_engine
from nlu.engine import Engine
from parley.script.document import read
from parley.script.performance import Performance
from parley.script.play import Player

HERE = Path(__file__).parent
SCRIPTS = (
    "en_budget_with_surplus",
    "en_counter_insists_accepts",
    "en_haggles_with_a_patient_bank",
    "en_plan_in_force",
    "en_too_much_no_number",
    "en_wrong_facts_three_times",
    "zh_breaks_two_promises",
    "zh_counter_insists",
    "zh_verifies_first",
)


@pytest.mark.parametrize("name", SCRIPTS)
async def test_replaying_what_is_stored_gives_the_same_decisions(
    name: str, local_engine: Engine, tmp_path: Path
) -> None:
    document = yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))
    document.pop("expect")
    script = read(document)
    url = f"sqlite+aiosqlite:///{tmp_path}/replay.db"
    await upgrade(url)
    works = Works(make_engine(url), InProcessNotices(), FixedClock(script.now.astimezone(UTC)))
    try:
        player = Player(Performance(script, works, local_engine))
        played = await player.run()
        async with works.begin() as work:
            again = await replays.replay(work.session, player.on.conversation_id)
    finally:
        await works.dispose()
    assert len(again) >= sum(1 for turn in played["turns"] if turn.get("decision"))
    assert [each.again for each in again] == [each.stored for each in again]
    assert all(each.untouched for each in again)
