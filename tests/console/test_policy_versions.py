"""A version of the limits from draft to force, button by button, and who may press which."""

import ast
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response

import console
from console.app import create_console
from console.forms import limits_form
from console.routes.policy_versions import moment_of
from console.services import ConsoleServices
from core.actions import upkeep
from core.errors import InvalidInput
from core.policy import DEFAULT_VERSION, version_from_json
from core.store.tables import Audit, Policy
from tests.console.conftest import ADDRESS, Browser, SignIn, browser_on, hidden, words
from tests.console.office import Office

LONDON = {"zone": "Europe/London"}


@dataclass
class Desk:
    """Three people of the team at the limits: max and ada may act, sue may look."""

    office: Office
    max: Browser
    ada: Browser
    sue: Browser

    async def draft(self, author: Browser, *, product: str = "credit_card", **changes: Any) -> str:
        """A change of China's limits saved in a draft; its address."""
        form = (await author.get(f"/limits/edit?market=cn&product={product}")).text
        [rule] = [rule for rule in DEFAULT_VERSION.rules if rule.id == f"cn/{product}"]
        typed = {"market": "cn", "product": product, **limits_form(rule.limits), **changes}
        answer = await author.post("/limits/save", base=hidden(form, "base"), note="Tighter", **typed)
        assert answer.status_code == 303, words(answer.text)
        return str(answer.headers["location"])

    async def press(self, who: Browser, address: str, action: str, **fields: Any) -> Response:
        """A button of the version's page, pressed by someone who looked at it."""
        [row] = [row for row in await self.office.rows(Policy) if address.endswith(f"/{row.id}")]
        return await who.post(f"{address}/{action}", revision=str(row.revision), **fields)

    async def asked(self, author: Browser, **changes: Any) -> str:
        """A draft that waits for review; its address."""
        address = await self.draft(author, **changes)
        answer = await self.press(author, address, "review")
        assert answer.headers["location"] == f"{address}?said=review"
        return address

    async def approve(self, who: Browser, address: str, **fields: Any) -> Response:
        """The approval form of the version's page."""
        return await self.press(who, address, "approve", **({"when": "now"} | fields))

    async def states(self) -> list[tuple[int | None, str]]:
        return [(row.number, row.state) for row in await self.office.rows(Policy)]


@pytest.fixture
async def desk(sign_in: SignIn, office: Office) -> Desk:
    return Desk(office, await sign_in("max"), await sign_in("ada"), await sign_in("sue"))


async def test_a_change_goes_from_draft_to_review_to_force(desk: Desk) -> None:
    address = await desk.draft(desk.max, max_instalments="9")
    drafted = (await desk.max.get(address)).text
    assert "China · Credit card Most instalments 60 9" in words(drafted)
    assert f"{address}/review" in drafted
    assert f"{address}/approve" not in drafted
    asked = await desk.press(desk.max, address, "review")
    assert "Another manager sees it" in words((await desk.max.get(asked.headers["location"])).text)
    own = (await desk.max.get(address)).text
    assert f"{address}/approve" not in own
    assert "somebody else has to approve it" in words(own)
    listed = words((await desk.ada.get("/limits")).text)
    assert "Waiting for review Draft by Max Weber Asked under a minute ago Tighter" in listed
    desk.ada.client.cookies.set("parley_zone", "Asia%2FShanghai")
    seen = (await desk.ada.get(address)).text
    assert f"{address}/approve" in seen
    assert "in your time zone, Asia/Shanghai" in words(seen)
    assert hidden(seen, "zone") == "Asia/Shanghai"
    done = await desk.approve(desk.ada, address)
    assert done.headers["location"] == f"{address}?said=in-force"
    assert await desk.states() == [(1, "superseded"), (2, "in_force")]
    assert "Approved by Ada Novak" in words((await desk.max.get(address)).text)


async def test_the_author_may_not_approve_even_by_hand(desk: Desk) -> None:
    address = await desk.asked(desk.ada, max_instalments="9")
    answer = await desk.approve(desk.ada, address)
    assert answer.status_code == 403
    assert "You wrote this version" in words(answer.text)
    assert (None, "review") in await desk.states()


async def test_with_four_eyes_off_the_author_approves_and_is_told_that_it_is_noted(office: Office) -> None:
    services = ConsoleServices(
        works=office.works, notices=office.works.notices, public_url=ADDRESS, secret_key="k" * 32, four_eyes=False
    )
    app: FastAPI = create_console(services)
    browser = await browser_on(app)
    assert (await browser.sign_in("max")).status_code == 303
    alone = Desk(office, browser, browser, browser)
    address = await alone.asked(browser, max_instalments="9")
    assert "Four eyes are off" in words((await browser.get(address)).text)
    assert (await alone.approve(browser, address)).status_code == 303
    assert "four eyes were off" in words((await browser.get(address)).text)
    [approved] = await office.rows(Audit, action="approved_limits")
    assert approved.data["four_eyes"] == "off"
    await browser.client.aclose()


async def test_supervisors_look_and_press_nothing_and_agents_do_not_even_look(desk: Desk, sign_in: SignIn) -> None:
    address = await desk.asked(desk.max, max_instalments="9")
    seen = (await desk.sue.get(address)).text
    assert "Most instalments" in words(seen)
    assert f'action="{address}' not in seen
    ana = await sign_in("ana")
    assert (await ana.get(address)).status_code == 403
    before = await desk.states()
    for action in ("review", "approve", "send-back", "withdraw", "rebase", "roll-back"):
        for who in (desk.sue, ana):
            assert (await who.post(f"{address}/{action}", revision="1", why="x")).status_code == 403
    assert await desk.states() == before


async def test_a_reviewer_sends_back_with_a_word_that_the_author_reads(desk: Desk) -> None:
    address = await desk.asked(desk.max, max_instalments="9")
    silent = await desk.press(desk.ada, address, "send-back", why=" ")
    assert (silent.status_code, "Say why" in words(silent.text)) == (422, True)
    await desk.press(desk.ada, address, "send-back", why="Nine is too few.")
    page = words((await desk.max.get(address)).text)
    assert "Sent back by Ada Novak" in page
    assert "Nine is too few." in page
    assert "Sent back by Ada Novak" in words((await desk.max.get("/limits")).text)
    await desk.draft(desk.max, max_instalments="12")
    await desk.press(desk.max, address, "review")
    taken = await desk.press(desk.max, address, "send-back")
    assert taken.headers["location"] == f"{address}?said=back"


async def test_what_was_looked_at_is_what_is_approved(desk: Desk) -> None:
    address = await desk.asked(desk.max, max_instalments="9")
    looked = hidden((await desk.ada.get(address)).text, "revision")
    await desk.press(desk.max, address, "send-back")
    await desk.draft(desk.max, max_instalments="3")
    await desk.press(desk.max, address, "review")
    late = await desk.ada.post(f"{address}/approve", revision=looked, when="now")
    assert (late.status_code, "changed since you looked" in words(late.text)) == (409, True)
    assert (await desk.ada.post(f"{address}/approve", revision="nonsense", when="now")).status_code == 409


async def test_an_approved_version_waits_for_its_moment_in_the_approvers_time_zone(desk: Desk) -> None:
    address = await desk.asked(desk.max, max_instalments="9")
    done = await desk.approve(desk.ada, address, when="at", at="2026-12-01T09:00", zone="Asia/Shanghai")
    assert done.headers["location"] == f"{address}?said=scheduled"
    [row] = [row for row in await desk.office.rows(Policy) if row.state == "scheduled"]
    assert row.starts_at == datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    assert "Version 2 From Dec 1, 2026 1:00 AM" in words((await desk.max.get("/limits")).text)
    desk.office.clock.advance(row.starts_at - desk.office.clock.now() + timedelta(seconds=1))
    async with desk.office.works.begin() as work:
        await upkeep.run(work)
    assert await desk.states() == [(1, "superseded"), (2, "in_force")]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"at": "2026-11-01T09:00", **LONDON}, "still to come"),
        ({"at": "", **LONDON}, "that there is in Europe/London"),
        ({"at": "2027-03-28T01:30", **LONDON}, "that there is in Europe/London"),
        ({"at": "2026-12-01T09:00+01:00", **LONDON}, "that there is in Europe/London"),
        ({"at": "soon", "zone": "Nowhere/City"}, "that there is in UTC"),
    ],
)
async def test_a_moment_that_has_passed_or_cannot_be_is_refused(fields: dict[str, str], said: str, desk: Desk) -> None:
    address = await desk.asked(desk.max, max_instalments="9")
    answer = await desk.approve(desk.ada, address, when="at", **fields)
    assert (answer.status_code, said in words(answer.text)) == (422, True)
    assert (None, "review") in await desk.states()


def test_a_time_is_read_where_the_browser_is() -> None:
    assert moment_of("2026-07-01T09:00", "Europe/London") == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert moment_of("2026-10-25T01:30", "Europe/London") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    with pytest.raises(InvalidInput):
        moment_of("0001-01-01T00:00", "Asia/Shanghai")


async def test_versions_come_one_after_the_other_and_the_last_is_withdrawn_first(desk: Desk) -> None:
    first = await desk.asked(desk.max, max_instalments="9")
    await desk.approve(desk.ada, first, when="at", at="2026-12-01T09:00", **LONDON)
    second = await desk.asked(desk.max, max_instalments="6")
    page = words((await desk.ada.get(second)).text)
    assert "What it changes in version 2, which comes first" in page
    assert "Against version 1, in force now" in page
    early = await desk.approve(desk.ada, second)
    assert early.status_code == 422
    assert "Version 2 comes first, at Dec 1, 2026 9:00 AM" in words(early.text)
    await desk.approve(desk.ada, second, when="at", at="2026-12-02T09:00", **LONDON)
    refused = await desk.max.post(f"{first}/withdraw")
    assert (refused.status_code, "Version 3 is scheduled to follow it" in words(refused.text)) == (409, True)
    assert (await desk.max.post(f"{second}/withdraw")).status_code == 303
    assert (await desk.max.post(f"{first}/withdraw")).status_code == 303
    assert await desk.states() == [(1, "in_force"), (2, "withdrawn"), (3, "withdrawn")]
    assert "Withdrawn" in words((await desk.max.get("/limits/history")).text)


async def test_a_draft_that_another_version_overtook_shows_it_and_takes_its_changes_along(desk: Desk) -> None:
    mine = await desk.asked(desk.max, max_instalments="9")
    other = await desk.asked(desk.ada, product="personal_loan", promise_max_days="10")
    await desk.approve(desk.max, other)
    page = words((await desk.ada.get(mine)).text)
    assert "Version 2 has come since this was drafted" in page
    assert f"{mine}/approve" not in (await desk.ada.get(mine)).text
    refused = await desk.approve(desk.ada, mine)
    assert (refused.status_code, "Version 2 has come meanwhile" in words(refused.text)) == (409, True)
    moved = await desk.press(desk.ada, mine, "rebase")
    assert moved.headers["location"] == f"{mine}?said=rebased"
    assert (await desk.approve(desk.ada, mine)).status_code == 303
    [row] = [row for row in await desk.office.rows(Policy) if row.state == "in_force"]
    rules = {rule.id: rule.limits for rule in version_from_json(row.body).rules}
    assert rules["cn/credit_card"].max_instalments == 9
    assert rules["cn/personal_loan"].promise_max_days == 10


@pytest.mark.parametrize(("choice", "holds"), [("mine", 9), ("theirs", 12)])
async def test_the_author_chooses_field_by_field_where_both_changed_one(choice: str, holds: int, desk: Desk) -> None:
    mine = await desk.draft(desk.max, max_instalments="9", promise_max_days="8")
    other = await desk.asked(desk.ada, max_instalments="12")
    await desk.approve(desk.max, other)
    page = (await desk.max.get(mine)).text
    assert 'name="choice cn/credit_card max_instalments"' in unescape(page)
    assert "Both changed these" in words(page)
    stuck = await desk.press(desk.max, mine, "rebase")
    assert (stuck.status_code, "chooses which value holds" in words(stuck.text)) == (409, True)
    chosen = {"choice cn/credit_card max_instalments": choice}
    assert (await desk.press(desk.ada, mine, "rebase", **chosen)).status_code == 403
    assert (await desk.press(desk.max, mine, "rebase", **chosen)).status_code == 303
    await desk.press(desk.max, mine, "review")
    assert (await desk.approve(desk.ada, mine)).status_code == 303
    [row] = [row for row in await desk.office.rows(Policy) if row.state == "in_force"]
    rules = {rule.id: rule.limits for rule in version_from_json(row.body).rules}
    assert (rules["cn/credit_card"].max_instalments, rules["cn/credit_card"].promise_max_days) == (holds, 8)


async def test_two_changes_that_cannot_stand_together_are_named(desk: Desk) -> None:
    mine = await desk.draft(desk.max, max_extension_days="300", max_term_days="700")
    other = await desk.asked(desk.ada, max_term_days="200")
    await desk.approve(desk.max, other)
    chosen = {"choice cn/credit_card max_term_days": "theirs"}
    answer = await desk.press(desk.max, mine, "rebase", **chosen)
    assert answer.status_code == 422
    assert "These limits cannot stand together" in words(answer.text)


async def test_going_back_makes_a_draft_that_needs_the_same_four_eyes(desk: Desk) -> None:
    first = await desk.asked(desk.max, max_instalments="9")
    await desk.approve(desk.ada, first)
    assert "/limits/versions/1/roll-back" in (await desk.max.get("/limits/history")).text
    assert "/roll-back" not in (await desk.sue.get("/limits/history")).text
    back = await desk.max.post("/limits/versions/1/roll-back")
    address = back.headers["location"].partition("?")[0]
    page = words((await desk.max.get(address)).text)
    assert "Back to version 1." in page
    assert await desk.states() == [(1, "superseded"), (2, "in_force"), (None, "draft")]
    await desk.press(desk.max, address, "review")
    assert (await desk.approve(desk.max, address)).status_code == 403
    assert (await desk.approve(desk.ada, address)).status_code == 303
    same = await desk.max.post("/limits/versions/1/roll-back")
    assert (same.status_code, "Nothing differs from version 3" in words(same.text)) == (422, True)


async def test_a_draft_is_withdrawn_by_its_author_or_an_admin(desk: Desk) -> None:
    address = await desk.draft(desk.ada, max_instalments="9")
    assert (await desk.max.post(f"{address}/withdraw")).status_code == 403
    assert (await desk.ada.post(f"{address}/withdraw")).status_code == 303
    assert (await desk.ada.post(f"{address}/withdraw")).status_code == 409
    assert "Withdrawn" in words((await desk.max.get(address)).text)
    assert (await desk.max.get("/limits/versions/99")).status_code == 404


async def test_the_pages_of_a_version_are_chinese_for_whoever_reads_chinese(desk: Desk) -> None:
    address = await desk.asked(desk.max, max_instalments="9")
    await desk.ada.post("/language", language="zh", next="/limits")
    page = words((await desk.ada.get(address)).text)
    for said in ("与现行第1版相比的变化", "批准", "按您的时区 UTC", "退回", "待审核"):
        assert said in page
    assert "待审核" in words((await desk.ada.get("/limits")).text)


def test_no_page_of_the_console_puts_limits_in_force_without_review() -> None:
    here = Path(console.__file__).parent
    for file in here.rglob("*.py"):
        names = {node.attr for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Attribute)}
        assert "publish_unreviewed" not in names, file
        assert "publish_unreviewed" not in file.read_text(), file
