"""What the assistant was unsure of or misheard: listed, masked, relabelled, exported; and who may do what."""

from datetime import timedelta
from typing import Any

import pytest
import yaml
from sqlalchemy import insert

from console.intents import GROUPS, INTENTS
from console.queries import understanding as query
from console.queries.understanding import Filter, ReadingView
from core.dialogue.understanding import INTENTS as ALL
from core.dialogue.understanding import Intent, Understanding
from core.store.tables import Audit, Conversation, Message, Reading
from core.work import Works
from tests.console.conftest import Browser, SignIn, words
from tests.console.office import MORNING, PEOPLE, Office
from tests.console.statements import statements
from tests.console.test_inbox import crowd

__all__ = ["crowd"]

DANA, TOM, CHEN = 0, 4, 6


async def mumble(office: Office, person: int, text: str, *heard: tuple[str, float]) -> Reading:
    """The person writes what the engine is unsure of."""
    intents = tuple(Intent(name, confidence) for name, confidence in heard)
    lang: Any = PEOPLE[person].language
    await office._arrive(person, "text", text, Understanding(lang, intents, (), "local", "v1"))
    found: Reading = (await office.rows(Reading))[-1]
    return found


@pytest.fixture
async def unsure(office: Office) -> Reading:
    """Chen gave his name and number in words that could mean two things."""
    text = "我是陈思远，手机13800138000，家里出事了，能不能缓几天"
    return await mumble(office, CHEN, text, ("request_extension", 0.41), ("hardship_family", 0.38), ("evasive", 0.004))


async def label(browser: Browser, reading: Reading, *, part: bool = True, **fields: Any):
    return await browser.post(f"/understanding/{reading.id}", part=part, **fields)


async def listed(works: Works, wanted: Filter) -> list[ReadingView]:
    found: list[ReadingView] = []
    after = None
    while True:
        async with works.read() as session:
            page = await query.page(session, wanted, after)
        found += page.rows
        after = page.after
        if after is None:
            return found


def test_every_intent_has_a_name_of_its_own_and_stands_in_one_group() -> None:
    assert INTENTS.keys() == ALL
    assert sorted(name for _, names in GROUPS for name in names) == sorted(ALL)
    assert len(set(INTENTS.values())) == len(INTENTS)


async def test_a_text_that_the_engine_was_unsure_of_is_listed_with_what_it_heard(
    sign_in: SignIn, unsure: Reading
) -> None:
    page = words((await (await sign_in("sue")).get("/understanding")).text)
    assert "Wants more time 41%" in page
    assert "Hardship in the family 38%" in page
    assert "Commits to nothing 0%" not in page
    assert "Read by local v1" in page
    assert "asked back instead of guessing" in page


async def test_no_personal_data_is_shown(sign_in: SignIn, unsure: Reading) -> None:
    html = (await (await sign_in("sue")).get("/understanding")).text
    assert "能不能缓几天" in html
    assert '<span class="mask">姓名</span>' in html
    assert "陈思远" not in html
    assert "13800138000" not in html


async def test_which_engine_and_version_read_a_message_is_kept_with_it(office: Office, unsure: Reading) -> None:
    [message] = await office.rows(Message, id=unsure.message_id)
    assert (message.understanding["engine"], message.understanding["version"]) == ("local", "v1")
    assert (unsure.intent, unsure.confidence, unsure.state) == ("request_extension", 4100, "unsure")


async def test_a_sure_reading_is_listed_only_among_all(office: Office) -> None:
    assert {row.state for row in await listed(office.works, Filter("all"))} == {"sure"}
    assert await listed(office.works, Filter("unsure")) == []


async def test_one_click_says_what_a_text_means_a_second_adds_to_it_and_undo_takes_both_back(
    sign_in: SignIn, office: Office, unsure: Reading
) -> None:
    browser = await sign_in("sue")
    first = await label(browser, unsure, intent="hardship_family")
    assert first.status_code == 200
    assert "Hardship in the family Sue Barnes" in words(first.text)
    assert 'hx-target="#count-unsure"' in first.text
    second = await label(browser, unsure, intent="request_extension")
    assert "Hardship in the family + Wants more time" in words(second.text)
    [row] = await office.rows(Reading, id=unsure.id)
    assert (row.labels, row.state) == (["hardship_family", "request_extension"], "relabelled")
    undone = await label(browser, unsure, undo="1")
    assert "Hardship in the family +" not in words(undone.text)
    [row] = await office.rows(Reading, id=unsure.id)
    assert (row.labels, row.state, row.labelled_by) == (None, "unsure", None)


async def test_a_third_meaning_is_refused_and_a_chosen_one_taken_back_by_its_own_button(
    sign_in: SignIn, office: Office, unsure: Reading
) -> None:
    browser = await sign_in("sue")
    await label(browser, unsure, intent="hardship_family")
    await label(browser, unsure, intent="request_extension")
    third = await label(browser, unsure, intent="distress")
    assert third.status_code == 422
    assert "two things at most" in words(third.text)
    await label(browser, unsure, without="hardship_family")
    await label(browser, unsure, intent="request_extension")
    [row] = await office.rows(Reading, id=unsure.id)
    assert row.labels == ["request_extension"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("In distress", ["distress"]), ("情绪崩溃", ["distress"]), ("legal_representation", ["legal_representation"]),
     ("lawyer", ["legal_representation"]), ("Asks", None), ("nothing such", None)],
)  # fmt: skip
async def test_another_meaning_is_found_by_its_name(
    typed: str, meant: list[str] | None, sign_in: SignIn, office: Office, unsure: Reading
) -> None:
    answer = await label(await sign_in("sue"), unsure, other=typed)
    [row] = await office.rows(Reading, id=unsure.id)
    assert row.labels == meant
    assert (f"“{typed}”" in words(answer.text)) == (meant is None)


async def test_without_scripts_the_list_comes_back(sign_in: SignIn, unsure: Reading) -> None:
    browser = await sign_in("sue")
    answer = await label(browser, unsure, part=False, intent="distress", here="/understanding?tab=unsure&lang=zh")
    assert (answer.status_code, answer.headers["location"]) == (303, "/understanding?tab=unsure&lang=zh")
    wrong = await label(browser, unsure, part=False, other="nothing such")
    assert "<html" in wrong.text
    assert "No meaning goes by" in words(wrong.text)


async def test_an_agent_says_in_the_conversation_that_the_assistant_misunderstood(
    sign_in: SignIn, office: Office
) -> None:
    browser, talk = await sign_in("ana"), office.talks[TOM]
    reading = (await office.rows(Reading, conversation_id=talk))[-1]
    path = f"/conversations/{talk}/messages/{reading.message_id}/misheard"
    assert "The assistant misunderstood this" in (await browser.get(f"/conversations/{talk}")).text
    answer = await browser.post(path, part=True, misheard="yes", seen="x")
    assert 'value="no"' in answer.text
    [row] = await listed(office.works, Filter("misheard"))
    assert (row.id, row.misheard_by) == (reading.id, "Ana Costa")
    assert (await browser.post(path, misheard="no")).status_code == 303
    assert await listed(office.works, Filter("misheard")) == []


async def test_a_message_that_nobody_read_or_of_another_conversation_cannot_be_marked(
    sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("sue")
    reading = (await office.rows(Reading, conversation_id=office.talks[TOM]))[-1]
    path = f"/conversations/{office.talks[DANA]}/messages/{reading.message_id}/misheard"
    assert (await browser.post(path, misheard="yes")).status_code == 404


async def test_an_agent_sees_no_list_and_relabels_nothing(sign_in: SignIn, office: Office, unsure: Reading) -> None:
    browser = await sign_in("ana")
    assert "/understanding" not in (await browser.get("/")).text
    assert (await browser.get("/understanding")).status_code == 403
    assert (await label(browser, unsure, intent="distress")).status_code == 403
    assert (await browser.post("/understanding/export")).status_code == 403
    [row] = await office.rows(Reading, id=unsure.id)
    assert row.labels is None


async def test_everything_is_in_the_audit_trail_without_the_words(
    sign_in: SignIn, office: Office, unsure: Reading
) -> None:
    browser = await sign_in("sue")
    path = f"/conversations/{unsure.conversation_id}/messages/{unsure.message_id}/misheard"
    await browser.post(path, misheard="yes")
    await label(browser, unsure, intent="distress")
    await label(browser, unsure, undo="1")
    await browser.post("/understanding/export")
    rows = [row for row in await office.rows(Audit, actor="sue") if row.action != "signed_in"]
    assert [row.action for row in rows] == ["marked_misheard", "relabelled", "unlabelled", "exported_labels"]
    assert rows[1].data == {
        "message": unsure.message_id, "heard": "request_extension", "before": [], "after": ["distress"],
    }  # fmt: skip


async def test_the_export_is_rasa_yaml_masked_and_of_one_language(
    sign_in: SignIn, office: Office, unsure: Reading
) -> None:
    browser = await sign_in("sue")
    english = await mumble(office, DANA, "Dana Reyes here,\n I moved to 12 Park Road, can we talk", ("greet", 0.3))
    await label(browser, unsure, intent="hardship_family")
    await label(browser, unsure, intent="request_extension")
    await label(browser, english, intent="update_contact")
    answer = await browser.post("/understanding/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="relabelled-all.yml"'
    entries = {entry["intent"]: entry["examples"] for entry in yaml.safe_load(answer.text)["nlu"]}
    assert entries == {
        "update_contact": "- ‹name› here, I moved to ‹address›, can we talk\n",
        "hardship_family+request_extension": "- 我是‹姓名›，手机‹电话›，家里出事了，能不能缓几天\n",
    }
    only = yaml.safe_load((await browser.post("/understanding/export", lang="en")).text)
    assert [entry["intent"] for entry in only["nlu"]] == ["update_contact"]


async def test_filters_narrow_the_list(sign_in: SignIn, office: Office, unsure: Reading) -> None:
    await mumble(office, DANA, "hm well", ("evasive", 0.2))
    browser = await sign_in("sue")

    async def shows(address: str) -> tuple[bool, bool]:
        page = (await browser.get(f"/understanding?{address}")).text
        return "能不能缓几天" in page, "hm well" in page

    assert await shows("tab=unsure") == (True, True)
    assert await shows("lang=zh") == (True, False)
    assert await shows("intent=evasive") == (False, True)
    assert await shows("since=2026-11-23&until=2026-11-23") == (True, True)
    assert await shows("since=2026-11-24") == (False, False)
    assert await shows("until=2026-11-22&lang=zh") == (False, False)
    assert await shows("lang=xx&intent=no&since=never") == (True, True)
    page = words((await browser.get("/understanding?order=least")).text)
    assert page.index("hm well") < page.index("能不能缓几天")


@pytest.mark.parametrize("path", ["/understanding", "/understanding?tab=all&order=least", "/understanding/models"])
async def test_no_page_needs_more_than_eight_statements(
    path: str, sign_in: SignIn, office: Office, unsure: Reading
) -> None:
    browser = await sign_in("ada")
    with statements(office.works) as seen:
        assert (await browser.get(path)).status_code == 200
    asked = [statement for statement in seen if not statement.startswith(("BEGIN", "PRAGMA"))]
    assert len(asked) <= 8, asked


async def many(works: Works, count: int, unsure_every: int = 7) -> None:
    """So many texts, two at each moment, over the crowd's conversations."""
    async with works.begin() as work:
        talk = await work.session.get_one(Conversation, 1)
        messages = [
            {
                "conversation_id": 1 + n % 120, "direction": "in", "author": "debtor", "channel": talk.channel,
                "kind": "text", "text": f"message {n}", "buttons": [], "at": MORNING + timedelta(seconds=n // 2),
                "understanding": {"intents": [{"name": "greet", "confidence": 0.5}], "fallback": False},
            }
            for n in range(count)
        ]  # fmt: skip
        readings = [
            {
                "message_id": n + 1, "conversation_id": 1 + n % 120, "at": MORNING + timedelta(seconds=n // 2),
                "lang": "en" if n % 10 else "zh", "intent": "greet" if n % 3 else "affirm",
                "confidence": (n * 7919) % 500, "unsure": n % unsure_every == 0, "engine": "local", "version": "v1",
                "state": "sure" if n % unsure_every else "unsure",
            }
            for n in range(count)
        ]  # fmt: skip
        for start in range(0, count, 5000):
            await work.session.execute(insert(Message), messages[start : start + 5000])
            await work.session.execute(insert(Reading), readings[start : start + 5000])


@pytest.mark.parametrize("order", ["newest", "least"])
async def test_pages_follow_each_other_without_a_gap_or_a_repeat(crowd: Works, order: query.Order) -> None:
    await many(crowd, 130)
    found = await listed(crowd, Filter("all", order))
    assert sorted(row.id for row in found) == list(range(1, 131))
    if order == "newest":
        assert [(row.at, row.id) for row in found] == sorted(((row.at, row.id) for row in found), reverse=True)


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_every_list_pages_through_a_hundred_thousand_messages(crowd: Works) -> None:
    await many(crowd, 100_000)
    for wanted in (
        Filter("unsure"), Filter("unsure", "least"), Filter("unsure", lang="zh"), Filter("all", "least"),
        Filter("all", lang="zh"), Filter("all", intent="affirm"), Filter("misheard"), Filter("all", intent="complaint"),
        Filter("all", since=MORNING + timedelta(hours=3), until=MORNING + timedelta(hours=4)),
    ):  # fmt: skip
        async with crowd.read() as session:
            page = await query.page(session, wanted)
            if page.after:
                following = await query.page(session, wanted, page.after)
                assert not {row.id for row in page.rows} & {row.id for row in following.rows}
