"""What would change: asked for on a draft's page, watched, read by whoever reviews it, taken to a spreadsheet."""

import csv
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from core.actions import limit_approvals, limit_drafts, what_ifs
from core.policy import DEFAULT_VERSION, version_to_json
from core.store.tables import WhatIf
from parley.what_ifs import Simulator
from tests.console.conftest import SignIn, words
from tests.console.office import Office

FAILURES = {"no_cases": "no open case that an offer could be made on", "KeyError": "failed (KeyError)"}


def tighter(most: int = 3) -> dict[str, Any]:
    body = version_to_json(DEFAULT_VERSION)
    [rule] = [rule for rule in body["rules"] if (rule["market"], rule["product"]) == ("cn", "credit_card")]
    rule["limits"] |= {"max_instalments": most}
    return body


@pytest.fixture
async def drafted(office: Office) -> limit_drafts.Saved:
    """Max's draft: three instalments at most on China's cards."""
    async with office.works.begin() as work:
        saved = await limit_drafts.save_draft(work, office.team["max"], tighter(), "Tighter")
    assert isinstance(saved, limit_drafts.Saved)
    return saved


@pytest.fixture
def address(drafted: limit_drafts.Saved) -> str:
    return f"/limits/versions/{drafted.draft_id}"


async def simulated(office: Office, draft_id: int, seed: int = 1) -> int:
    """A run of the draft, done; its id."""
    async with office.works.begin() as work:
        asked = await what_ifs.ask(work, office.team["max"], draft_id, seed)
    assert isinstance(asked, what_ifs.Asked)
    assert await Simulator(office.works, 1).round()
    return asked.run_id


async def test_a_manager_asks_watches_and_calls_off(sign_in: SignIn, office: Office, address: str) -> None:
    browser = await sign_in("max")
    assert "What would change Simulated debtors bargain" in words((await browser.get(address)).text)
    asked = await browser.post(f"{address}/what-if", part=True, seed="12")
    assert "It waits for a worker" in words(asked.text)
    assert "<html" not in asked.text
    [run] = await office.rows(WhatIf)
    assert (run.state, run.seed) == ("asked", 12)
    again = await browser.post(f"{address}/what-if")
    assert (again.status_code, "waits or runs already" in words(again.text)) == (409, True)
    async with office.works.begin() as work:
        await what_ifs.claim(work)
    assert "The cases are being read" in words((await browser.get(f"{address}/what-if", part=True)).text)
    async with office.works.read() as session:
        order = await what_ifs.order(session, run.id, office.clock.now())
    assert order is not None
    async with office.works.begin() as work:
        await what_ifs.started(work, order)
        await what_ifs.beat(work, run.id, 4)
    assert f"4 of {len(order.cases)} cases" in words((await browser.get(address)).text)
    stopped = await browser.post(f"{address}/what-if/{run.id}/call-off", part=True)
    assert "was called off" in words(stopped.text)
    assert 'class="primary"' in stopped.text


async def test_the_reviewer_sees_what_was_simulated_and_whether_it_still_holds(
    sign_in: SignIn, office: Office, address: str, drafted: limit_drafts.Saved
) -> None:
    await simulated(office, drafted.draft_id)
    async with office.works.begin() as work:
        await limit_drafts.ask_review(work, office.team["max"], drafted.draft_id, drafted.revision)
    ada = await sign_in("ada")
    page = await ada.get(address)
    said = words(page.text)
    assert "Simulated for Max Weber at" in said
    assert "against version 1, draw 1" in said
    assert f"{address}/approve" in page.text
    assert "has changed since it was simulated" not in said
    async with office.works.begin() as work:
        await limit_drafts.send_back(work, office.team["ada"], drafted.draft_id, "Too tight")
    async with office.works.begin() as work:
        draft = (drafted.draft_id, drafted.revision)
        saved = await limit_drafts.save_draft(work, office.team["max"], tighter(6), "Less tight", draft=draft)
        assert isinstance(saved, limit_drafts.Saved)
    assert "has changed since it was simulated" in words((await ada.get(address)).text)


async def test_figures_of_an_older_comparison_say_so(
    sign_in: SignIn, office: Office, address: str, drafted: limit_drafts.Saved
) -> None:
    await simulated(office, drafted.draft_id)
    async with office.works.begin() as work:
        other = await limit_drafts.save_draft(work, office.team["ada"], tighter(20), "Other")
        assert isinstance(other, limit_drafts.Saved)
        await limit_drafts.ask_review(work, office.team["ada"], other.draft_id, other.revision)
        await limit_approvals.approve(work, office.team["max"], other.draft_id, other.revision)
    assert "The figures compare it with version 1." in words((await (await sign_in("max")).get(address)).text)


async def test_the_page_says_how_many_see_other_offers_and_which_rules_reach_them(
    sign_in: SignIn, office: Office, address: str, drafted: limit_drafts.Saved
) -> None:
    await simulated(office, drafted.draft_id)
    said = words((await (await sign_in("sue")).get(address)).text)
    [run] = await office.rows(WhatIf)
    other = run.report["other"]
    assert f"Cases simulated {run.cases} all that are open With other limits {other['limits']}" in said
    assert f"China · Credit card Most instalments {other['limits']} {other['offers']}" in said
    assert "CNY · " in said
    assert "Simulate it again" not in said


async def test_the_figures_go_to_a_spreadsheet_in_the_reader_s_language(
    sign_in: SignIn, office: Office, address: str, drafted: limit_drafts.Saved
) -> None:
    run_id = await simulated(office, drafted.draft_id)
    browser = await sign_in("max")
    answer = await browser.get(f"{address}/what-if/{run_id}/figures.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))
    [agreed] = [row for row in rows if (row["Part"], row["Figure"]) == ("CNY", "Agreed without a person")]
    gap = float(agreed["Change"])
    assert float(agreed["This version"]) - float(agreed["In force"]) == pytest.approx(gap, abs=1e-5)
    assert float(agreed["Change, from"]) <= gap <= float(agreed["Change, to"])
    assert {row["Of"] for row in rows if row["Part"] == "Language"} == {"Chinese", "English"}


async def test_the_picture_is_drawn_in_the_reader_s_language(
    sign_in: SignIn, office: Office, address: str, drafted: limit_drafts.Saved
) -> None:
    run_id = await simulated(office, drafted.draft_id)
    browser = await sign_in("max")
    await browser.post("/language", language="zh")
    answer = await browser.get(f"{address}/what-if/{run_id}/picture.svg?currency=CNY")
    assert answer.headers["content-type"] == "image/svg+xml"
    texts = [element.text for element in ET.fromstring(answer.text).iter() if element.tag.endswith("text")]
    assert len([text for text in texts if text]) > 10
    assert (await browser.get(f"{address}/what-if/{run_id}/picture.svg?currency=JPY")).status_code == 404
    assert (await browser.get(f"{address}/what-if/999/picture.svg?currency=CNY")).status_code == 404


async def test_an_earlier_run_can_be_looked_at_again(
    sign_in: SignIn, office: Office, address: str, drafted: limit_drafts.Saved
) -> None:
    first = await simulated(office, drafted.draft_id, seed=5)
    await simulated(office, drafted.draft_id, seed=6)
    browser = await sign_in("max")
    assert ", draw 6," in words((await browser.get(address)).text)
    assert ", draw 5," in words((await browser.get(f"{address}?run={first}")).text)
    assert ", draw 5," in words((await browser.get(f"{address}/what-if?run={first}", part=True)).text)
    alone = await browser.get(f"{address}/what-if?run={first}")
    assert (alone.status_code, alone.headers["location"]) == (303, f"{address}?run={first}#what-if")


async def test_a_version_in_force_keeps_its_run_and_cannot_be_simulated_again(
    sign_in: SignIn, office: Office, address: str, drafted: limit_drafts.Saved
) -> None:
    await simulated(office, drafted.draft_id)
    async with office.works.begin() as work:
        await limit_drafts.ask_review(work, office.team["max"], drafted.draft_id, drafted.revision)
        await limit_approvals.approve(work, office.team["ada"], drafted.draft_id, drafted.revision)
    browser = await sign_in("max")
    page = words((await browser.get(address)).text)
    assert "Cases simulated" in page
    assert "Simulate it again" not in page
    refused = await browser.post(f"{address}/what-if")
    assert (refused.status_code, "is no draft any more" in words(refused.text)) == (409, True)


@pytest.mark.parametrize("error", FAILURES)
async def test_a_run_that_failed_says_why(
    sign_in: SignIn, office: Office, address: str, drafted: limit_drafts.Saved, error: str
) -> None:
    async with office.works.begin() as work:
        await what_ifs.ask(work, office.team["max"], drafted.draft_id)
        run_id = await what_ifs.claim(work)
        assert run_id is not None
        await what_ifs.fail(work, run_id, error)
    assert FAILURES[error] in words((await (await sign_in("max")).get(address)).text)


async def test_pages_of_the_limits_are_refetched_as_the_part_they_are_made_of(
    sign_in: SignIn, office: Office, address: str
) -> None:
    browser = await sign_in("max")
    for path, part in (("/limits", "limits"), ("/limits/history", "history"), (address, "version")):
        whole, piece = (await browser.get(path)).text, (await browser.get(path, part=True)).text
        assert f'<div id="{part}" hx-get="{path}' in whole
        assert piece.strip().splitlines()[0] in whole
        assert "<html" not in piece


async def test_a_version_that_changes_under_one_s_eyes_says_so(sign_in: SignIn, address: str) -> None:
    browser = await sign_in("ada")
    changed = "has changed since you opened the page"
    assert changed not in words((await browser.get(f"{address}?seen=1", part=True)).text)
    assert changed in words((await browser.get(f"{address}?seen=0", part=True)).text)


async def test_a_form_says_that_what_it_was_made_from_has_changed(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("max")
    moved = "What you started from has changed"
    form = (await browser.get("/limits/edit?market=cn&product=credit_card")).text
    assert moved not in words(form)
    assert moved not in words((await browser.get("/limits/moved?base=1", part=True)).text)
    async with office.works.begin() as work:
        await limit_drafts.save_draft(work, office.team["max"], tighter(), "Elsewhere")
    assert moved in words((await browser.get("/limits/moved?base=1", part=True)).text)
