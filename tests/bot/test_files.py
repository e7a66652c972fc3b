"""Files both ways: fetched from Telegram once the message is recorded, scanned, sent as documents, kept from others."""

import sys
from dataclasses import replace
from typing import Any

import httpx
from sqlalchemy import select

from bot.inspector import Inspector
from core.actions import attachments
from core.actions.values import Actor
from core.store.tables import Attachment, Conversation, Message
from tests.bot.scene import until
from tests.bot.test_telegram import DANA, on_telegram, verified, was_called
from tests.bot.test_webchat import bank, browser, opened, read

__all__ = ["bank", "browser"]

PNG = b"\x89PNG\r\n\x1a\n" + b"p" * 300
PDF = b"%PDF-1.7\n" + b"d" * 300


async def the_file(opened_bank) -> Any:
    """The newest file; None where none has come."""
    async with opened_bank.works.read() as session:
        return await session.scalar(select(Attachment).order_by(Attachment.id.desc()).limit(1))


async def has_state(opened_bank, state: str) -> bool:
    row = await the_file(opened_bank)
    return bool(row is not None and row.state == state)


async def held_by_ana(opened_bank) -> tuple[Actor, int]:
    """Ana, and the conversation that she holds with somebody who has shown who they are."""
    ana = Actor(await opened_bank.agent(), "ana", "Ana Lopez", "agent")
    async with opened_bank.works.begin() as work:
        row = await work.session.scalar(select(Conversation).limit(1))
        row.holder, row.agent_id, row.held_since = "agent", ana.id, work.now
        return ana, row.id


async def sends(opened_bank, content: bytes) -> int:
    """Ana sends a file; its id."""
    ana, talk = await held_by_ana(opened_bank)
    kept = await opened_bank.services.files.keep(content, "our own name.pdf")
    async with opened_bank.works.begin() as work:
        sent = await attachments.send_as_agent(work, talk, ana, kept, "Here is the form.", "key-1")
        assert not hasattr(sent, "reasons"), sent
    return int((await the_file(opened_bank)).id)


async def test_a_photo_is_recorded_first_and_fetched_then(telegram_double, migrated_sqlite_url, tmp_path):
    async with on_telegram("polling", telegram_double, migrated_sqlite_url, tmp_path) as opened_bank:
        await verified(opened_bank, telegram_double)
        await telegram_double.send_photo(PNG, person=DANA)
        await until(lambda: has_state(opened_bank, "unscanned"))
        row = await the_file(opened_bank)
        assert (row.kind, row.size) == ("png", len(PNG))
        assert await opened_bank.services.files.read(row.digest) == PNG


async def test_what_is_no_picture_whatever_telegram_calls_it_is_not_kept(
    telegram_double, migrated_sqlite_url, tmp_path
):
    async with on_telegram("polling", telegram_double, migrated_sqlite_url, tmp_path) as opened_bank:
        await verified(opened_bank, telegram_double)
        await telegram_double.send_photo(b"MZ this is a program", person=DANA)
        await until(lambda: has_state(opened_bank, "refused"))
        assert not opened_bank.services.files.folder.exists()


async def test_an_agents_file_leaves_for_telegram_as_a_document_with_its_words(
    telegram_double, migrated_sqlite_url, tmp_path
):
    async with on_telegram("polling", telegram_double, migrated_sqlite_url, tmp_path) as opened_bank:
        await verified(opened_bank, telegram_double)
        await sends(opened_bank, PDF)
        await until(lambda: opened_bank.outbox_has("sent"))
        await until(lambda: was_called(telegram_double, method="sendDocument"))
        row = (await opened_bank.rows(Message))[-1]
        assert (row.kind, row.attachment["name"]) == ("file", f"document-{row.id}.pdf")


async def test_the_debtor_opens_an_agents_file_and_no_other_browser_does(bank, browser):
    path = await opened(bank, browser)
    await read(browser, path, 2)
    for number, fact in enumerate(("April 12, 1990", "4471")):
        await browser.post(f"{path}/messages", json={"client_key": f"abcdefgh-{number}", "text": fact})
        await bank.services.front.settled()
    number = await sends(bank, PDF)

    async def came() -> bool:
        return bool((await browser.get(f"{path}/files/{number}")).status_code == 200)

    await until(came)
    answer = await browser.get(f"{path}/files/{number}")
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith('attachment; filename="document-')
    assert "sandbox" in answer.headers["content-security-policy"]
    shown = (await browser.get(f"{path}/messages?after=0")).json()["messages"][-1]
    assert (shown["file"]["id"], shown["text"]) == (number, "Here is the form.")
    async with httpx.AsyncClient(base_url=browser.base_url, trust_env=False) as stranger:
        assert (await stranger.get(f"{path}/files/{number}")).status_code == 404


async def test_what_the_page_has_had_in_view_is_told_to_the_team(bank, browser):
    path = await opened(bank, browser)
    messages = await read(browser, path, 2)
    assert (await browser.post(f"{path}/seen", json={"last": messages[-1][0]})).status_code == 204
    assert (await browser.post(f"{path}/seen", json={"last": 99999})).status_code == 204
    [row] = await bank.rows(Conversation)
    assert row.debtor_seen == messages[-1][0]


async def test_a_debtors_file_waits_until_the_scanner_has_looked(bank, browser):
    path = await opened(bank, browser)
    await read(browser, path, 2)
    careful = replace(bank.services.files, scanner=(sys.executable, "-c", "raise SystemExit(1)"))
    bank.services.files = careful
    sent = {"file": ("slip.png", PNG, "image/png")}
    answer = await browser.post(f"{path}/files", files=sent, headers={"X-Client-Key": "abcdefgh-9"})
    assert answer.status_code == 202
    assert (await the_file(bank)).state == "waiting"
    await Inspector(bank.works, bank.services.notices, careful).round()
    assert (await the_file(bank)).state == "infected"
