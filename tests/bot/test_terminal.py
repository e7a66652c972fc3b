"""A conversation in a terminal goes through the same front door."""

import pytest

from bot.app import chat
from tests.bot.scene import open_bank


@pytest.fixture
async def bank(migrated_sqlite_url, tmp_path):
    async with open_bank(migrated_sqlite_url, tmp_path) as opened:
        await opened.start()
        yield opened


async def talk(bank, who: str, *lines: str) -> tuple[int, str]:
    """What a person who writes these lines gets to read."""
    left = list(lines)
    printed: list[str] = []

    def read(_prompt: str) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    status = await chat(bank.services, who, read=read, write=printed.append)
    return status, "\n".join(printed)


async def test_a_case_is_opened_by_its_reference_and_a_number_presses_a_button(bank):
    status, text = await talk(bank, "HB-1001", "April 12, 1990", "4471", "what are my options?", "2")
    assert status == 0
    assert "automated assistant of Harbour Bank" in text
    assert "[2] 2. $100.00 a month" in text
    assert "Here is the plan" in text


async def test_a_link_opens_it_too(bank):
    status, text = await talk(bank, await bank.link(bank.zh), "/quit")
    assert (status, "临海银行的自动助手" in text) == (0, True)


async def test_what_does_not_exist_is_said(bank):
    status, text = await talk(bank, "HB-9")
    assert (status, "There is no such case" in text) == (1, True)
