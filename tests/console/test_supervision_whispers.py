"""Whispers and take-overs: who hears them, that the agent is told at once, and that no debtor ever sees a word."""

from pathlib import Path
from typing import Any

import pytest

from core.actions import replies, whispers
from core.actions.values import NotHolder
from core.actions.whispers import MayNotSupervise
from core.store.tables import AgentNotice, Audit, Conversation, Message, Note, Outbox, Whisper
from tests.console.conftest import SignIn, words
from tests.console.office import Office

DANA, TOM, ZHOU = 0, 4, 8
WORDS = "Ask him about the brother first"


async def heard(sign_in: SignIn, login: str, office: Office, person: int = TOM) -> str:
    """What somebody sees whispered."""
    answer = await (await sign_in(login)).get(f"/conversations/{office.talks[person]}/whispers", part=True)
    assert answer.status_code == 200
    return words(answer.text)


async def test_the_holder_and_supervisors_hear_it_and_no_other_agent(sign_in: SignIn, office: Office) -> None:
    talk = f"/conversations/{office.talks[TOM]}/whispers"
    assert (await (await sign_in("sue")).post(talk, part=True, text=WORDS)).status_code == 200
    assert WORDS in await heard(sign_in, "ana", office)
    assert WORDS in await heard(sign_in, "max", office)
    assert WORDS not in await heard(sign_in, "li", office)


async def test_the_next_holder_does_not_hear_what_was_meant_for_the_one_before(sign_in: SignIn, office: Office) -> None:
    sue = await sign_in("sue")
    await sue.post(f"/conversations/{office.talks[TOM]}/whispers", part=True, text=WORDS)
    li = str(office.team["li"].id)
    await sue.post(
        f"/conversations/{office.talks[TOM]}/supervise", part=True, target="agent", agent_id=li, reason="Break"
    )
    assert WORDS not in await heard(sign_in, "li", office)
    told = await heard(sign_in, "ana", office)
    assert WORDS not in told
    assert "Moved elsewhere" in told
    assert "Break" in told


async def test_a_whisper_rings_at_once_and_leaves_a_notice(office: Office) -> None:
    talk = office.talks[TOM]
    async with office.works.notices.subscribe(f"conversation:{talk}") as changed:
        async with office.works.begin() as work:
            await whispers.whisper(work, talk, office.team["sue"], WORDS)
        assert await anext(changed) == f"conversation:{talk}"
    [notice] = await office.rows(AgentNotice, kind="whisper")
    assert notice.user_id == office.team["ana"].id


async def test_nothing_whispered_becomes_a_message_a_note_or_something_to_send(office: Office) -> None:
    async def outside() -> list[int]:
        return [len(await office.rows(table)) for table in (Message, Outbox, Note)]

    before = await outside()
    async with office.works.begin() as work:
        await whispers.whisper(work, office.talks[TOM], office.team["sue"], WORDS)
    await office.send()
    assert await outside() == before
    assert [row.text for row in await office.rows(Whisper)] == [WORDS]
    assert all(WORDS not in str(row.data) for row in await office.rows(Audit))


def test_nothing_that_speaks_to_debtors_knows_of_whispers() -> None:
    root = Path(__file__).parents[2]
    sources = [path for part in ("core", "bot", "console", "parley", "nlu") for path in (root / part).rglob("*.py")]
    know = {path.relative_to(root).as_posix() for path in sources if "Whisper" in path.read_text(encoding="utf-8")}
    assert {path for path in know if "/labels/" not in path and "/migrations/" not in path} == {
        "core/store/tables/__init__.py",
        "core/store/tables/supervision.py",
        "core/actions/whispers.py",
        "console/queries/followups.py",
        "console/routes/whispers.py",
    }


async def test_what_is_whispered_where_no_agent_listens_is_not_kept(sign_in: SignIn, office: Office) -> None:
    sue = await sign_in("sue")
    answer = await sue.post(f"/conversations/{office.talks[DANA]}/whispers", part=True, text=WORDS)
    assert (answer.status_code, "nobody would hear it" in words(answer.text)) == (409, True)
    assert (await sue.post(f"/conversations/{office.talks[TOM]}/whispers", part=True, text=" ")).status_code == 422
    assert await office.rows(Whisper) == []


async def test_an_agent_does_not_supervise(sign_in: SignIn, office: Office) -> None:
    ana = await sign_in("ana")
    for verb in ("whispers", "supervise"):
        assert (await ana.post(f"/conversations/{office.talks[ZHOU]}/{verb}", text="x", reason="x")).status_code == 403
    async with office.works.begin() as work:
        outcome = await whispers.whisper(work, office.talks[ZHOU], office.team["ana"], "x")
    assert outcome == MayNotSupervise("agent")


async def test_taking_over_locks_the_agents_composer_and_tells_them_why(sign_in: SignIn, office: Office) -> None:
    sue = await sign_in("sue")
    talk = f"/conversations/{office.talks[TOM]}"
    done = await sue.post(f"{talk}/supervise", part=True, target="me", reason="The debtor asked for me")
    assert done.status_code == 200
    [row] = await office.rows(Conversation, id=office.talks[TOM])
    assert row.agent_id == office.team["sue"].id
    ana = await sign_in("ana")
    page = await ana.get(talk)
    assert "Sue Barnes holds this conversation" in words(page.text)
    assert "The debtor asked for me" in await heard(sign_in, "ana", office)
    async with office.works.begin() as work:
        refused = await replies.reply_as_agent(work, office.talks[TOM], office.team["ana"], "One more thing", "k-late")
    assert isinstance(refused, NotHolder)
    [trail] = await office.rows(Audit, action="took_from")
    assert (trail.actor, trail.data["reason"], trail.data["previous_agent"]) == (
        "sue",
        "The debtor asked for me",
        office.team["ana"].id,
    )
    [notice] = await office.rows(AgentNotice, kind="taken")
    assert notice.user_id == office.team["ana"].id


@pytest.mark.parametrize("fields", [{"target": "me"}, {"target": "moon", "reason": "x"}])
async def test_nobody_is_moved_without_a_reason_or_a_place(
    sign_in: SignIn, office: Office, fields: dict[str, Any]
) -> None:
    answer = await (await sign_in("sue")).post(f"/conversations/{office.talks[TOM]}/supervise", part=True, **fields)
    assert answer.status_code == 422
    [row] = await office.rows(Conversation, id=office.talks[TOM])
    assert row.agent_id == office.team["ana"].id
