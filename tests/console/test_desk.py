"""The plan desk and what is beyond it: preview, offer, approval."""

from decimal import Decimal
from typing import Any

import pytest

from console.desk_form import DeskForm, desk_ask, suggested_terms
from console.forms import sum_of
from core.money import Money
from core.negotiation import offer_from_json
from core.plans import Balance, Step
from core.store.tables import Approval, OfferRow
from tests.console.conftest import SignIn, words
from tests.console.markup import parse
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
    owed = Balance.of_principal(Money(100000, "GBP"))
    read = desk_ask(DeskForm(by="count", count="6", frequency="week", first_due="2026-12-12", total="900"), owed)
    assert read.ask is not None
    assert (read.ask.count, read.ask.total, read.ask.share) == (6, Money(90000, "GBP"), None)
    full = desk_ask(DeskForm(by="once", first_due="2026-12-12", total="1000"), owed).ask
    assert full is not None
    assert (full.total, full.count) == (None, 1)
    assert Decimal(owed.total.to_text()) == 1000


WAIVE: dict[str, Any] = {**PLAN, "waived_fees": "50%", "first_count": "3", "first_amount": "60"}


async def test_what_may_be_waived_is_named_beside_each_component_that_is_owed(sign_in: SignIn, office: Office) -> None:
    page = words((await (await sign_in("ana")).get(f"/conversations/{office.talks[TOM]}")).text)
    assert "More: waivers, other first payments" in page
    assert "Waive: Fees (GBP) up to 100%, £12.00 · £12.00 owed" in page
    assert "Waive: Interest (GBP) up to 50%, £37.10 · £74.20 owed" in page
    assert "Waive: Penalty" not in page
    assert "Other first payments" in page


async def test_the_preview_shows_what_is_waived_and_how_it_starts(sign_in: SignIn, office: Office) -> None:
    answer = await (await sign_in("ana")).post(f"/conversations/{office.talks[TOM]}/desk/preview", part=True, **WAIVE)
    said = words(answer.text)
    assert "Inside the limits" in said
    assert "Waived: Fees £6.00 of £12.00" in said
    assert "Payments 3 × £60.00, then 9 × £100.00" in said


async def test_an_offer_with_a_waiver_is_sent_and_shown_as_it_was_made(sign_in: SignIn, office: Office) -> None:
    ana, path = await sign_in("ana"), f"/conversations/{office.talks[TOM]}"
    answer = await ana.post(f"{path}/desk", part=True, **WAIVE)
    assert "The offer is on its way" in words(answer.text)
    offer = offer_from_json((await office.rows(OfferRow, conversation_id=office.talks[TOM]))[-1].body)
    assert (offer.waived_fees, offer.terms.steps) == (Money(600, "GBP"), (Step(3, Money(6000, "GBP")),))
    page = words((await ana.get(path)).text)
    assert "3 × £60.00, then 9 × £100.00 · Instalments · Waived: Fees £6.00" in page


async def test_a_waiver_beyond_the_share_goes_to_approval_with_its_figures(sign_in: SignIn, office: Office) -> None:
    ana, max_ = await sign_in("ana"), await sign_in("max")
    path = f"/conversations/{office.talks[TOM]}"
    more = {**WAIVE, "waived_fees": "", "waived_interest": "74.20"}
    seen = words((await ana.post(f"{path}/desk/preview", part=True, **more)).text)
    assert "Most of the interest waived: 100% (£74.20) asked, 50% (£37.10) allowed" in seen
    assert "Who may allow it: Manager" in seen
    little = words((await ana.post(f"{path}/desk/preview", part=True, **{**more, "waived_interest": "70%"})).text)
    assert "Who may allow it: Supervisor" in little
    asked = await ana.post(f"{path}/desk", part=True, **more, reason="The interest came from our own mistake.")
    assert "Asked for approval" in words(asked.text)
    request = words((await max_.get("/approvals")).text)
    assert "Waived: Interest £74.20 of £74.20" in request
    assert "Payments 3 × £60.00, then 8 × £100.00" in request
    assert "Most of the interest waived 100% (£74.20) 50% (£37.10)" in request
    pack = words((await ana.get(path)).text)
    assert "Waived: Interest £74.20" in pack
    approval = (await office.rows(Approval))[-1]
    decided = await max_.post(f"/approvals/{approval.id}", part=True, decision="approve", answer="Fair.")
    assert "Approved. The offer is on its way." in words(decided.text)
    assert "Waived: Interest £74.20" in words(decided.text)


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"waived_fees": "25"}, "waived_fees", "no more than is owed of it"),
        ({"waived_fees": "101%"}, "waived_fees", "a share such as 50%"),
        ({"waived_interest": "half"}, "waived_interest", "a share such as 50%"),
        ({"waived_fees": "12", "total": "1040"}, "total", "not above what is left after the waivers"),
        ({"first_count": "0"}, "first_count", "at least 1, and fewer than all"),
        ({"first_count": ""}, "first_count", "at least 1, and fewer than all"),
        ({"by": "count", "count": "3"}, "first_count", "at least 1, and fewer than all"),
        ({"first_amount": ""}, "first_amount", "Give a sum such as 800"),
        ({"first_amount": "600"}, "first_amount", "leave nothing for the later ones"),
    ],
)
async def test_what_cannot_be_read_is_said_beside_its_field_with_the_fold_open(
    changed: dict[str, str], field: str, said: str, sign_in: SignIn, office: Office
) -> None:
    answer = await (await sign_in("ana")).post(f"/conversations/{office.talks[TOM]}/desk", **{**WAIVE, **changed})
    assert answer.status_code == 422
    page = parse(answer.text)
    [problem] = [each for each in page if each.attrs.get("id") == f"desk-{field}-problem"]
    assert said in words(problem.text)
    [typed] = [each for each in page if each.attrs.get("name") == field]
    assert typed.attrs["aria-invalid"] == "true"
    assert f"desk-{field}-problem" in typed.attrs["aria-describedby"].split()
    assert '<details class="fold more" open>' in answer.text
    assert await office.rows(OfferRow, conversation_id=office.talks[TOM], made_by="agent") == []


async def test_the_folded_part_reads_in_chinese(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ana")
    await browser.post("/language", language="zh", next="/")
    page = words((await browser.get(f"/conversations/{office.talks[TOM]}")).text)
    assert "更多：减免、前几期另定" in page
    assert "减免：费用 (GBP) 最多100%，即£12.00 · 欠£12.00" in page
    said = words((await browser.post(f"/conversations/{office.talks[TOM]}/desk/preview", part=True, **WAIVE)).text)
    assert "减免：费用 £6.00（共£12.00）" in said
    assert "3 × £60.00，然后 9 × £100.00" in said


OWED = Balance(Money(90000, "GBP"), Money(6001, "GBP"), Money(2401, "GBP"), Money(500, "GBP"))


@pytest.mark.parametrize(
    ("typed", "waived"),
    [
        ("12", 1200),
        ("£12.50", 1250),
        ("50%", 1200),
        ("50 ％", 1200),
        ("100%", 2401),
        ("0", None),
        ("", None),
        ("0%", None),
    ],
)
def test_a_waiver_is_a_sum_or_a_share_rounded_as_its_limit_is(typed: str, waived: int | None) -> None:
    ask = desk_ask(DeskForm(amount="100", first_due="2026-12-12", waived_fees=typed), OWED).ask
    assert ask is not None
    assert ask.waived_fees == (None if waived is None else Money(waived, "GBP"))


def test_one_payment_has_no_first_ones_and_may_waive() -> None:
    form = DeskForm(by="once", first_due="2026-12-12", first_count="3", first_amount="60", waived_penalty="5")
    ask = desk_ask(form, OWED).ask
    assert ask is not None
    assert (ask.steps, ask.waived_penalty) == ((), Money(500, "GBP"))


def test_a_draft_with_a_waiver_and_lower_first_payments_fills_the_fields_in() -> None:
    lines = [{"due": "2026-12-12", "amount": sum_} for sum_ in ("60.00", "60.00", "100.00", "100.00", "40.00")]
    draft = {"total": "360.00", "discount": "12.00", "waived": {"fees": "12.00"}}
    assert suggested_terms(draft, lines, "GBP") == {
        "by": "amount",
        "amount": "100.00",
        "total": "",
        "first_amount": "60.00",
        "first_count": "2",
        "waived_fees": "12.00",
    }
    assert suggested_terms({**draft, "discount": "20.00"}, lines[2:], "GBP") == {
        "by": "amount",
        "amount": "100.00",
        "total": "360.00",
        "waived_fees": "12.00",
    }
    assert suggested_terms(draft, lines[:1], "GBP") == {"by": "once", "total": "", "waived_fees": "12.00"}
