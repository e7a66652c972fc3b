"""Search: what is found, by whom, and what is shown of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from console import highlighting
from console.queries import search
from console.queries.search import Looker
from console.queries.words import Sought, grams_of
from core.store.tables import Case, ContactPoint, Conversation, Creditor, Debtor, Message, Table
from core.work import Works, make_engine
from tests.console.conftest import SignIn, words
from tests.console.office import MORNING, Office

ALL = Looker(user_id=0, sees_all=True, personal_data=True)
TEXTS = ("I lost my job in Sheffield", "我妈妈住院了，最近压力很大", "100% sure_thing", "Nothing of note, please")


OTHERS = 44


@pytest.fixture
async def archive(works: Works) -> Works:
    """One conversation for each text, on each kind of database, and others that say the same."""
    texts = (*TEXTS, *(["Yes please"] * OTHERS))
    numbers = range(1, len(texts) + 1)
    debtor = {"language": "en", "time_zone": "UTC", "facts": {}}
    case: dict[str, Any] = {
        "creditor_id": 1, "market": "uk", "product": "credit_card", "currency": "GBP", "principal": 1, "interest": 0,
        "fees": 0, "balance_as_of": MORNING.date(), "due_date": MORNING.date(), "contract": {}, "state": "open",
        "updated_at": MORNING,
    }  # fmt: skip
    conversation: dict[str, Any] = {
        "channel": "web", "holder": "bot", "state": "open", "language": "en", "memory": {}, "opened_at": MORNING,
        "last_at": MORNING, "unread": 0,
    }  # fmt: skip
    message: dict[str, Any] = {
        "direction": "in", "author": "debtor", "channel": "web", "kind": "text", "buttons": [], "at": MORNING,
    }  # fmt: skip
    rows: tuple[tuple[type[Table], list[dict[str, Any]]], ...] = (
        (Creditor, [{"name": "Bank", "phone": "", "hours": "", "time_zone": "UTC", "pay_ways": {}}]),
        (Debtor, [{**debtor, "name": "王建国" if n == 2 else f"Dana Reyes {n}"} for n in numbers]),
        (ContactPoint, [{"debtor_id": n, "kind": "phone", "value": f"+4420{n:08}"} for n in numbers]),
        (Case, [{**case, "debtor_id": n, "reference": f"HB-{5000 + n}"} for n in numbers]),
        (Conversation, [{**conversation, "case_id": n, "address": f"a{n}"} for n in numbers]),
        (Message, [{**message, "conversation_id": n, "external_id": f"x{n}", "text": texts[n - 1]} for n in numbers]),
    )
    async with works.begin() as work:
        for table, values in rows:
            await work.session.execute(insert(table), values)
    return works


async def found(works: Works, typed: str, looker: Looker = ALL) -> tuple[list[int], list[int]]:
    """Ids of conversations by people and by messages."""
    async with works.read() as session:
        people = await search.people(session, Sought.read(typed), looker)
        messages = await search.messages(session, Sought.read(typed), looker)
    return [row.id for row in people.rows], [row.id for row in messages.rows]


@pytest.mark.parametrize(
    ("typed", "number"),
    [("sheffield", 1), ("SHEFF", 1), ("heffie", 1), ("job lost", 1), ("住院", 2), ("压力很", 2), ("我", 2), ("100%", 3),
     ("sure_th", 3), ("of note", 4)],
)  # fmt: skip
async def test_words_are_found_anywhere_in_what_was_written(typed: str, number: int, archive: Works) -> None:
    assert (await found(archive, typed))[1] == [number]


@pytest.mark.parametrize(
    ("typed", "number"), [("王建国", 2), ("王", 2), ("建国", 2), ("HB-5007", 7), ("5044", 44), ("hb-5003", 3)]
)
async def test_a_person_is_found_by_a_part_of_the_name_or_the_reference(
    typed: str, number: int, archive: Works
) -> None:
    assert (await found(archive, typed))[0] == [number]


@pytest.mark.parametrize("typed", ["zyxwv", "住校", "%", "_", "s", "", "sure thingy", "\x00"])
async def test_what_is_not_there_or_too_short_finds_nothing(typed: str, archive: Works) -> None:
    assert await found(archive, typed) == ([], [])


async def test_a_phone_number_is_found_whole_by_anyone_and_in_part_by_who_may_see_it(archive: Works) -> None:
    covered = Looker(user_id=0, sees_all=True, personal_data=False)
    for typed in ("+442000000009", "+44 20 0000 0009", "020 0000 0009"):
        assert await found(archive, typed, covered) == ([9], [])
    assert (await found(archive, "+44200000001", covered))[0] == []
    assert len((await found(archive, "+44200000001"))[0]) == 10


async def test_pages_of_a_frequent_word_follow_each_other_without_a_gap_or_a_repeat(
    archive: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    for window, frequent in ((search.WINDOW, 1000), (25, 5), (search.WINDOW, 5)):
        monkeypatch.setattr(search, "WINDOW", window)
        monkeypatch.setattr(search, "FREQUENT", frequent)
        seen: list[int] = []
        before = None
        while True:
            async with archive.read() as session:
                page = await search.messages(session, Sought.read("please"), ALL, before)
            seen += [row.id for row in page.rows]
            if page.after is None:
                break
            before = int(page.after)
        assert seen == list(range(len(TEXTS) + OTHERS, 3, -1))


async def test_people_of_one_name_follow_each_other_page_by_page(archive: Works) -> None:
    seen: list[int] = []
    after = None
    while True:
        async with archive.read() as session:
            page = await search.people(session, Sought.read("reyes"), ALL, after)
        seen += [row.id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert sorted(seen) == [number for number in range(1, len(TEXTS) + OTHERS + 1) if number != 2]
    assert len(set(seen)) == len(seen)


async def test_an_agent_finds_only_what_they_may_see(sign_in: SignIn, office: Office) -> None:
    ana, sue = await sign_in("ana"), await sign_in("sue")
    assert "陈思远" in words((await sue.get("/search?q=陈思远")).text)
    assert "Nothing found" in words((await ana.get("/search?q=陈思远")).text)
    assert "Nothing found" in words((await ana.get("/search?q=12号发工资")).text)
    assert "12号发工资" in words((await sue.get("/search?q=12号发工资")).text)
    assert "Tom Hargreaves" in words((await ana.get("/search?q=settle+it")).text)


async def test_the_words_stand_out_in_their_context_and_nothing_in_them_is_markup(
    sign_in: SignIn, office: Office
) -> None:
    await office.tell(9, "Is <b>this</b> what I owe?", "ask_balance")
    page = (await (await sign_in("sue")).get("/search?q=b%3Ethis", part=True)).text
    assert "<html" not in page
    assert "Is &lt;<mark>b&gt;this</mark>&lt;/b&gt; what I owe?" in page


async def test_words_that_stand_only_in_a_number_that_is_covered_are_not_found(sign_in: SignIn, office: Office) -> None:
    await office.tell(9, "My number is 07911 123456 now", "ask_balance")
    covered = words((await (await sign_in("sue")).get("/search?q=07911")).text)
    assert "Nothing found" in covered
    assert "07911 123456" in words((await (await sign_in("ada")).get("/search?q=07911")).text)


@given(st.text("aZé王国 1-9，!", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_what_a_part_of_a_text_needs_the_whole_text_has(text: str, begin: int, length: int) -> None:
    part = text[begin : begin + length]
    assert all(len(gram) in (1, 2, 3) for gram in grams_of(part))
    needs = {gram for gram in grams_of(part) if len(gram) == (3 if gram.isascii() else 2)}
    assert needs <= grams_of(text)


async def test_the_database_cuts_texts_as_the_query_does(migrated_pg_url: str) -> None:
    engine = make_engine(migrated_pg_url)
    async with engine.connect() as connection:
        for text in ("Hello 王建国, ABC-2041", "café. 我妈妈住院了，最近", "", "İ ß Ä a1b2", "x" * 40, *TEXTS):
            grams = set(await connection.scalar(select(func.parley_grams(text))) or ())
            whole = {gram for gram in grams_of(text) if len(gram) == (3 if gram.isascii() else 2)}
            assert whole <= grams, text
            assert all(grams_of(part) <= grams for part in text.split()[:1]), text
    await engine.dispose()


def test_an_excerpt_begins_near_the_first_word_and_says_where_it_was_cut() -> None:
    text = "a " * 200 + "Sheffield steel" + " b" * 200
    shown = highlighting.excerpt(text, ("sheffield",))
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "<mark>Sheffield</mark> steel" in shown
