"""The wording editor and the contact rules: look up, change, check, approve, obey."""

import re
from typing import Any

import httpx

from core.actions import wordings
from core.wording import catalogue
from tests.console.conftest import Browser, SignIn, words
from tests.console.office import Office

KEY = "offer.which"
BETTER: dict[str, Any] = {"zh": "您看哪一种合适？", "en": "Which of these suits you?"}


async def draft_id(browser: Browser) -> str:
    found = re.search(r'href="/house/versions/(\d+)"', (await browser.get("/wording")).text)
    assert found
    return found[1]


async def narrowed(browser: Browser, rules: dict[str, Any]) -> httpx.Response:
    return await browser.post("/contact-rules", **rules)


async def test_a_manager_changes_a_text_and_an_admin_approves_it(office: Office, sign_in: SignIn) -> None:
    max_, ada = await sign_in("max"), await sign_in("ada")
    saved = await max_.post(f"/wording/texts/{KEY}", **BETTER, market="cn")
    assert saved.headers["location"] == f"/wording/texts/{KEY}?said=saved"
    version = await draft_id(max_)
    page = await max_.get(f"/house/versions/{version}")
    assert BETTER["en"] in page.text
    assert catalogue()[KEY]["en"] in page.text
    asked = await max_.post(f"/house/versions/{version}/review", revision="1", note="Friendlier")
    assert asked.headers["location"].endswith("said=review")
    assert (await max_.post(f"/house/versions/{version}/approve", revision="1", against="0")).status_code == 409
    assert "Friendlier" in (await ada.get(f"/house/versions/{version}")).text
    approved = await ada.post(f"/house/versions/{version}/approve", revision="1", against="0")
    assert approved.status_code == 303
    async with office.works.read() as session:
        assert (await wordings.texts_in_force(session))[KEY] == BETTER
    listed = await max_.get("/wording?only=changed")
    assert KEY in listed.text
    assert "Version 1" in (await max_.get("/house/history?subject=wording")).text


async def test_a_text_that_may_not_be_said_comes_back_as_typed_with_the_reasons(sign_in: SignIn) -> None:
    browser = await sign_in("max")
    threat = "Choose {now} or go to prison"
    answer = await browser.post(f"/wording/texts/{KEY}", zh=BETTER["zh"], en=threat, market="us")
    assert answer.status_code == 422
    assert threat in answer.text
    assert "{now} is no value of this text." in words(answer.text)
    assert "That is a threat." in words(answer.text)
    assert "Your draft" not in (await browser.get("/wording")).text


async def test_a_text_is_checked_and_shown_in_each_channel_while_it_is_typed(sign_in: SignIn) -> None:
    browser = await sign_in("max")
    entry: dict[str, Any] = dict(catalogue()["offer.line_full"])
    answer = await browser.post("/wording/texts/offer.line_full/check", part=True, **entry, market="uk")
    said = words(answer.text)
    assert said.count("£2,523.00") == 6
    assert "15 January 2027" in said
    assert [name in said for name in ("Web chat", "Telegram", "Terminal")] == [True] * 3
    broken = await browser.post("/wording/texts/offer.line_full/check", part=True, zh="{", en="{total}", market="uk")
    assert "It cannot be shown yet." in words(broken.text)


async def test_texts_are_found_by_their_words_in_either_language(sign_in: SignIn) -> None:
    browser = await sign_in("sue")
    found = await browser.get("/wording?q=您选哪一种", part=True)
    assert re.findall(r"<code>([a-z_.]+)</code>", found.text) == [KEY]
    assert "<html" not in found.text
    assert "No text holds these words" in (await browser.get("/wording?q=xyzzy", part=True)).text
    assert (await browser.get("/wording/texts/no.such")).status_code == 404


async def test_who_may_only_read_sees_no_way_to_change(sign_in: SignIn) -> None:
    browser = await sign_in("sue")
    page = await browser.get(f"/wording/texts/{KEY}")
    assert "Save in my draft" not in page.text
    assert (await browser.post(f"/wording/texts/{KEY}", **BETTER)).status_code == 403
    assert (await narrowed(browser, {"us.cap_day": "0"})).status_code == 403


async def test_contact_rules_can_be_narrowed_and_never_widened(sign_in: SignIn) -> None:
    browser = await sign_in("max")
    wide = await narrowed(browser, {"us.window": "06:00-23:00", "uk.cap_day": "9"})
    assert wide.status_code == 422
    assert "The hours have to lie within 08:00-21:00." in words(wide.text)
    assert "At most 1 are allowed." in words(wide.text)
    assert 'value="06:00-23:00"' in wide.text
    same = await narrowed(browser, {"us.window": "08:00-21:00"})
    assert "Nothing differs" in words(same.text)
    saved = await narrowed(browser, {"us.window": "09:00-20:00", "us.cap_week": "2"})
    assert saved.status_code == 303
    page = await browser.get("/contact-rules?said=saved")
    assert 'value="09:00-20:00"' in page.text
    back = await narrowed(browser, {"us.window": "08:00-21:00", "us.cap_week": "2"})
    assert back.status_code == 303
    assert 'value="08:00-21:00"' in (await browser.get("/contact-rules")).text


async def test_the_pages_are_there_in_chinese(office: Office, sign_in: SignIn) -> None:
    browser = await sign_in("max")
    await browser.post("/language", language="zh", next="/wording")
    for path, said in (
        ("/wording", "话术"),
        (f"/wording/texts/{KEY}", "实际效果"),
        ("/contact-rules", "联系规则"),
        ("/house/history", "还没有任何改动"),
    ):
        assert said in words((await browser.get(path)).text)
