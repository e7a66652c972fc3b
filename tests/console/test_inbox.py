"""The lists: whose they are, in which order, and that they stay in order page by page."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from console.filters import Box, Wanted
from console.queries import inbox
from console.queries.cursors import Cursor, read_cursor, write_cursor
from core.store.tables import Case, Conversation, Creditor, Debtor, User
from core.work import Works
from tests.console.conftest import SignIn, words
from tests.console.office import MORNING, PEOPLE

MANY = 120


async def test_the_queue_stands_gravest_first_and_then_oldest(sign_in: SignIn) -> None:
    page = words((await (await sign_in("ana")).get("/?box=queue")).text)
    order = [page.index(PEOPLE[person].name) for person in (1, 3, 2, 0, 5)]
    assert order == sorted(order)
    assert "Danger of self-harm" in page
    assert "活着没什么意思了" in page


async def test_an_agent_sees_their_own_and_the_queue_but_not_all(sign_in: SignIn) -> None:
    ana = await sign_in("ana")
    mine = words((await ana.get("/?box=mine")).text)
    assert "Tom Hargreaves" in mine
    assert "周婷" not in mine
    assert (await ana.get("/?box=all")).status_code == 403
    everything = words((await (await sign_in("sue")).get("/?box=all")).text)
    assert "周婷" in everything
    assert "陈思远" in everything


async def test_htmx_gets_exactly_the_list_that_the_page_is_made_of(sign_in: SignIn) -> None:
    browser = await sign_in("sue")
    whole = await browser.get("/?box=queue")
    part = await browser.get("/?box=queue", part=True)
    assert "<html" not in part.text
    assert part.text.strip() in whole.text


async def test_an_empty_list_says_what_comes_next(sign_in: SignIn) -> None:
    page = words((await (await sign_in("ada")).get("/?box=mine")).text)
    assert "You hold no conversation" in page
    assert "To the queue" in page


@pytest.fixture
async def crowd(works: Works) -> Works:
    """Many conversations that wait, two at each moment; every third is graver."""
    async with works.begin() as work:
        creditor = Creditor(name="Bank")
        debtor = Debtor(name="Someone", language="en", time_zone="UTC", facts={})
        work.session.add_all([creditor, debtor])
        await work.session.flush()
        await work.session.execute(
            insert(Case),
            [
                {
                    "creditor_id": creditor.id,
                    "debtor_id": debtor.id,
                    "reference": f"R{number}",
                    "market": "us",
                    "product": "credit_card",
                    "currency": "USD",
                    "principal": 1,
                    "interest": 0,
                    "fees": 0,
                    "balance_as_of": MORNING.date(),
                    "due_date": MORNING.date(),
                    "contract": {},
                    "state": "open",
                    "updated_at": MORNING,
                }
                for number in range(1, MANY + 1)
            ],
        )
        await work.session.execute(
            insert(Conversation),
            [
                {
                    "case_id": number,
                    "channel": "web",
                    "address": f"a{number}",
                    "holder": "queue",
                    "state": "open",
                    "language": "en",
                    "memory": {},
                    "gravity": 0 if number % 3 == 0 else 6,
                    "waiting_since": MORNING + timedelta(minutes=number // 2),
                    "opened_at": MORNING,
                    "last_at": MORNING + timedelta(minutes=number // 2),
                    "unread": 0,
                }
                for number in range(1, MANY + 1)
            ],
        )
    return works


@pytest.mark.parametrize("box", ["queue", "all"])
async def test_pages_follow_each_other_without_a_gap_or_a_repeat(crowd: Works, box: Box) -> None:
    found: list[inbox.InboxRow] = []
    after = None
    while True:
        async with crowd.read() as session:
            listed = await inbox.page(session, Wanted(box), 1, MORNING, after)
        found += listed.rows
        after = listed.after
        if after is None:
            break
    assert sorted(row.id for row in found) == list(range(1, MANY + 1))
    if box == "queue":
        order = [(row.id % 3 != 0, row.waits.since if row.waits else None, row.id) for row in found]
        assert order == sorted(order)
    else:
        assert [(row.last_at, row.id) for row in found] == sorted(((r.last_at, r.id) for r in found), reverse=True)


async def test_counts_are_true_and_stop_just_beyond_what_anyone_needs(
    crowd: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with crowd.read() as session:
        counted = await inbox.counts(session, 1, MORNING)
        assert (counted.mine, counted.queue, counted.all, counted.unread) == (0, MANY, MANY, 0)
        monkeypatch.setattr(inbox, "COUNTED", 50)
        assert (await inbox.counts(session, 1, MORNING)).queue == 51


async def test_a_list_of_exactly_as_many_as_are_counted_is_not_shown_as_more(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    sue = await sign_in("sue")
    monkeypatch.setattr(inbox, "COUNTED", 5)
    assert "Queue 5 " in words((await sue.get("/?box=queue")).text)
    monkeypatch.setattr(inbox, "COUNTED", 4)
    assert "Queue 4+ " in words((await sue.get("/?box=queue")).text)


async def test_a_row_names_who_holds_the_conversation(crowd: Works) -> None:
    async with crowd.begin() as work:
        user = User(login="a", name="Ana", role="agent", password_hash="x", created_at=MORNING)
        work.session.add(user)
        await work.session.flush()
        conversation = await work.session.get_one(Conversation, 5)
        conversation.holder, conversation.agent_id, conversation.held_since = "agent", user.id, MORNING
    async with crowd.read() as session:
        [row] = (await inbox.page(session, Wanted("mine"), user.id, MORNING)).rows
    assert (row.id, row.agent) == (5, "Ana")


def test_a_cursor_that_we_did_not_write_starts_from_the_beginning() -> None:
    cursor = Cursor(7, MORNING, 3)
    assert read_cursor(write_cursor(cursor)) == cursor
    assert {read_cursor(word) for word in (None, "", "x", "bm90IGpzb24", "WzEsMiwzXQ", "é")} == {None}
