"""The plan desk and what is beyond it: preview, offer, approval."""

from decimal import Decimal
from typing import Any

import pytest

from console.forms import DeskForm, desk_ask, sum_of
from core.money import Money
from core.store.tables import Approval, OfferRow
from tests.console.conftest import SignIn, words
from tests.console.office import Office

TOM = 4
PLAN: dict[str, Any] = {"by": "amount", "amount": "100", "frequency": "month", "first_due": "2026-12-12"}
CHEAP: dict[str, Any] = {"by": "once", "first_due": "2026-12-04", "total": "500"}


async def test_the_preview_shows_each_date_and_sum(sign_in: SignIn, office: Office) -> None:
    answer = await (await sign_in("ana")).post(f"/conversations/{office.talks[TOM]}/desk/preview", part=True, **PLAN)
    said = words(answer.text)
    assert "Inside the limits (uk/credit_card, version 1)" in said
    assert "1 14 Dec 2026 £100.00" in said or "1 12 Dec 2026 £100.00" in said
    assert "£46.20" in said
    assert "They pay £1,046.20" in said


async def test_beyond_the_limits_the_preview_says_by_how_much_and_who_may_allow_it(
    sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}/desk/preview"
    half = words((await browser.post(path, part=True, **CHEAP)).text)
    assert "Least share settled in one payment: 47.79% (£500.00) asked, 75% (£784.65) allowed" in half
    assert "27.21% apart" in half
    assert "Who may allow it: Manager" in half
    little = words((await browser.post(path, part=True, **{**CHEAP, "total": "700"})).text)
    assert "Who may allow it: Supervisor" in little


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({**PLAN, "amount": "a lot"}, "Give a sum such as 800"),
        ({**PLAN, "first_due": "soon"}, "Give a date."),
        ({**PLAN, "by": "count", "count": "-3"}, "Give a number of payments"),
        ({**CHEAP, "total": "99999"}, "not above what is owed"),
        ({**PLAN, "first_due": "2999-01-01"}, "These numbers make no plan"),
    ],
)
async def test_what_is_no_plan_says_what_to_change(
    fields: dict[str, Any], said: str, sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}/desk"
    assert said in words((await browser.post(f"{path}/preview", part=True, **fields)).text)
    answer = await browser.post(path, part=True, **fields)
    assert answer.status_code == 422
    assert said in words(answer.text)


async def test_inside_the_limits_the_plan_is_sent_as_an_offer(sign_in: SignIn, office: Office) -> None:
    answer = await (await sign_in("ana")).post(f"/conversations/{office.talks[TOM]}/desk", part=True, **PLAN)
    assert answer.status_code == 200
    assert "The offer is on its way" in words(answer.text)
    last = (await office.rows(OfferRow, conversation_id=office.talks[TOM]))[-1]
    assert (last.made_by, last.state, last.approval_id) == ("agent", "open", None)


async def test_who_does_not_hold_the_conversation_offers_nothing(sign_in: SignIn, office: Office) -> None:
    answer = await (await sign_in("sue")).post(f"/conversations/{office.talks[TOM]}/desk", part=True, **PLAN)
    assert answer.status_code == 409
    assert await office.rows(OfferRow, conversation_id=office.talks[TOM], made_by="agent") == []


async def test_an_approval_makes_the_round_from_agent_to_manager_and_back(sign_in: SignIn, office: Office) -> None:
    ana, sue, max_ = await sign_in("ana"), await sign_in("sue"), await sign_in("max")
    path = f"/conversations/{office.talks[TOM]}"
    assert "Say why" in words((await ana.post(f"{path}/desk", part=True, **CHEAP)).text)
    asked = await ana.post(f"{path}/desk", part=True, **CHEAP, reason="All that the family can lend.")
    assert "Asked for approval" in words(asked.text)
    approval = (await office.rows(Approval))[-1]
    assert "beyond your role" in words((await sue.get("/approvals")).text)
    assert (await sue.post(f"/approvals/{approval.id}", part=True, decision="approve")).status_code == 403
    seen = words((await max_.get("/approvals")).text)
    assert "47.79% (£500.00) 75% (£784.65)" in seen
    assert "All that the family can lend." in seen
    decided = await max_.post(f"/approvals/{approval.id}", part=True, decision="approve", answer="Fair.")
    assert "Approved. The offer is on its way." in words(decided.text)
    page = words((await ana.get(path)).text)
    assert "Max Weber: “Fair.”" in page
    last = (await office.rows(OfferRow, conversation_id=office.talks[TOM]))[-1]
    assert (last.approval_id, last.state) == (approval.id, "open")
    again = await max_.post(f"/approvals/{approval.id}", part=True, decision="refuse", answer="No.")
    assert again.status_code == 409


async def test_a_refusal_is_explained_to_the_agent(sign_in: SignIn, office: Office) -> None:
    max_ = await sign_in("max")
    [approval] = await office.rows(Approval)
    assert (await max_.post(f"/approvals/{approval.id}", decision="refuse", answer=" ")).status_code == 422
    await max_.post(f"/approvals/{approval.id}", decision="refuse", answer="Offer 785 first.")
    page = words((await (await sign_in("ana")).get(f"/conversations/{office.talks[TOM]}")).text)
    assert "Refused £600.00" in page
    assert "Offer 785 first." in page
    assert "Nothing waits for a decision" in words((await max_.get("/approvals")).text)


def test_sums_are_read_as_people_type_them() -> None:
    cny = "CNY"
    assert {sum_of(text, cny) for text in ("1250.5", "1,250.50", "￥1250.50", "1250.50元", " ¥ 1 250.50 ")} == {
        Money(125050, cny)
    }
    assert {sum_of(text, cny) for text in ("", "0", "-5", "1e9", "12.345", "ten", "１２")} == {None}


def test_a_count_of_payments_and_a_settlement_become_an_ask() -> None:
    owed = Money(100000, "GBP")
    read = desk_ask(DeskForm(by="count", count="6", frequency="week", first_due="2026-12-12", total="900"), owed)
    assert read.ask is not None
    assert (read.ask.count, read.ask.total, read.ask.share) == (6, Money(90000, "GBP"), None)
    full = desk_ask(DeskForm(by="once", first_due="2026-12-12", total="1000"), owed).ask
    assert full is not None
    assert (full.total, full.count) == (None, 1)
    assert Decimal(owed.to_text()) == 1000
