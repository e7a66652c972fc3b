"""Plays a script through the front door, dialogue, limits, review and sender of production, on its own database."""

import tempfile
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from core.actions import limits
from core.actions.portfolio import upsert
from core.clock import FixedClock
from core.live import InProcessNotices
from core.settings import Settings
from core.store.migrate import upgrade
from core.work import Works, make_engine
from nlu.engine import Engine
from parley.script import ending, people, stage
from parley.script.document import Script, read, read_file, waited
from parley.script.performance import Performance
from parley.understanding import engine_named


async def play_file(path: Path, engine: Engine | None = None) -> dict[str, Any]:
    """Plays the script in a file; see `play`."""
    return await _play(read_file(path), engine or engine_named(Settings()))


async def play(document: Mapping[str, Any], engine: Engine | None = None) -> dict[str, Any]:
    """What happened: transcript, decisions and end state, in the form of the scripts' reference page."""
    return await _play(read(document), engine or engine_named(Settings()))


async def _play(script: Script, engine: Engine) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="parley-script-") as folder:
        url = f"sqlite+aiosqlite:///{folder}/script.db"
        await upgrade(url)
        works = Works(make_engine(url), InProcessNotices(), FixedClock(script.now.astimezone(UTC)))
        try:
            return await Player(Performance(script, works, engine)).run()
        finally:
            await works.dispose()


class Player:
    """Plays one script's turns on a performance."""

    def __init__(self, performance: Performance) -> None:
        self.on = performance

    async def run(self) -> dict[str, Any]:
        """Sets the stage, plays every turn, and tells the end."""
        await self._set_stage()
        turns = [await self._turn(turn) for turn in self.on.script.turns]
        end = await ending.end_of(self.on.works, self.on.conversation_id)
        return {"name": self.on.script.name, "turns": turns, "end": end}

    async def _set_stage(self) -> None:
        async with self.on.works.begin() as work:
            await limits.ensure_default(work)
        self.on.agents = await stage.team(self.on.works)
        await stage.publish_limits(self.on.works, self.on.script, self.on.agents["max"])
        async with self.on.works.begin() as work:
            await upsert(work, [stage.case_of(self.on.script)], "script")
        self.on.case_id = await stage.only_case(self.on.works)

    async def _turn(self, turn: Mapping[str, Any]) -> dict[str, Any]:
        await self.on.passes(waited(turn))
        if "agent" in turn:
            return await people.act(self.on, turn["agent"])
        if "payment" in turn:
            return await people.payment(self.on, turn["payment"])
        if turn.get("miss"):
            return await people.miss(self.on)
        if "press" in turn:
            return await self._pressed(str(turn["press"]))
        said = turn["say"]
        return await self._said([str(text) for text in said] if isinstance(said, list) else [str(said)], said)

    async def _pressed(self, press: str) -> dict[str, Any]:
        value = self._button(press)
        label = next((label for known, label in self.on.buttons if known == value), value)
        await self.on.arrives(kind="press", text=label, press=value)
        return await self.on.answered(press)

    def _button(self, press: str) -> str:
        """`offer:2` is the second button of the last reply; anything else is a button's own value."""
        place = press.removeprefix("offer:")
        if press.startswith("offer:") and place.isdecimal() and 1 <= int(place) <= len(self.on.buttons):
            return self.on.buttons[int(place) - 1][0]
        return press

    async def _said(self, texts: list[str], said: Any) -> dict[str, Any]:
        for text in texts:
            await self.on.arrives(kind="text", text=text)
        return await self.on.answered(said)
