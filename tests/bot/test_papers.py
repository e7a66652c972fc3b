"""The copy of a plan: the same on the page and as PDF, right in Chinese, complete, and found only by its address."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.papers.agreement import write
from bot.papers.pdf import Press
from bot.words import Language
from core.actions.copies import CopyLine, PlanCopy
from core.calendar import Frequency
from core.errors import InvariantBroken
from core.money import Money
from core.negotiation import Offer
from core.plans import Balance, Terms, build_schedule


def copy(language="zh", market="cn", currency="CNY", product="credit_card", creditor="临海银行", **changes) -> PlanCopy:
    def money(minor: int) -> Money:
        return Money(minor, currency)

    terms = Terms(
        total=money(900_000), down_payment=money(0), down_payment_due=None, frequency=Frequency.MONTH, count=12,
        first_due=date(2026, 12, 12),
    )  # fmt: skip
    offer = Offer(
        id="o1", kind="instalments", terms=terms, schedule=build_schedule(terms),
        balance=Balance(money(880_000), money(60_000), money(20_000)), discount=money(60_000), apr=Decimal("0.00"),
        rule="default", policy_version=3,
    )  # fmt: skip
    lines = tuple(CopyLine(i.number, i.due, i.amount, money(0), None) for i in offer.schedule.lines)
    values = {
        "public_id": "abc", "state": "active", "language": language, "market": market, "product": product,
        "creditor": creditor, "creditor_phone": "95500", "pay_ways": {}, "debtor": "王㐂#eval(1+1)*芳*",
        "account_last4": "3019", "reference": "LH-2002", "offer": offer, "lines": lines, "total": money(900_000),
        "policy_version": 3, "approved": False, "agreed_at": datetime(2026, 11, 24, 1, tzinfo=UTC),
    }  # fmt: skip
    return PlanCopy(**(values | changes))


async def text_of(plan: PlanCopy, language: Language) -> str:
    pdf = await Press().pdf(write(plan, language))
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    return "".join("".join(pages).split())


async def test_the_chinese_pdf_holds_the_six_parts_and_every_date_and_sum():
    text = await text_of(copy(), "zh")
    for heading in (
        "一、欠款余额、结构和币种",
        "二、还款周期、方式",
        "三、利息、年费",
        "四、还款人的承诺",
        "五、双方的权利义务",
        "六、其他约定",
    ):
        assert heading in text
    for part in ("¥9,600.00", "¥600.00免除", "2026年12月12日", "2027年11月12日", "¥750.00", "合计¥9,000.00", "0.00%",
                 "最后一笔款项到账之后", "没有按时付清", "不再向任何银行申请信用卡",
                 "人工智能生成合成内容", "版本3"):  # fmt: skip
        assert part in text, part


async def test_what_a_person_is_called_is_never_markup():
    assert "王㐂#eval(1+1)*芳*" in await text_of(copy(), "zh")


async def test_the_english_pdf_says_the_same():
    text = await text_of(copy("en", "us", "USD", creditor="Harbour Bank"), "en")
    for part in (
        "$9,600.00",
        "December12,2026",
        "November12,2027",
        "APR:0.00%",
        "lastpaymenthascleared",
        "AI-generated",
    ):
        assert part in text, part


async def test_the_same_paper_is_set_once():
    press = Press()
    paper = write(copy(), "zh")
    assert await press.pdf(paper) is await press.pdf(write(copy(), "zh"))
    assert await press.pdf(paper) is not await press.pdf(write(copy(state="completed"), "zh"))


@pytest.mark.parametrize("market", ["cn", "us", "uk"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("product", ["credit_card", "personal_loan"])
def test_no_part_is_ever_empty(market, language, product):
    paper = write(copy(market=market, product=product), language)
    assert len(paper.parts) == 6
    assert all(part.heading and all(part.sentences) for part in paper.parts)


def test_a_copy_without_payments_is_not_issued():
    with pytest.raises(InvariantBroken):
        write(copy(lines=()), "zh")


def test_a_moved_and_a_part_paid_instalment_are_shown_as_they_stand():
    plan = copy()
    first, second, *rest = plan.lines
    paid = CopyLine(1, first.due, first.amount, Money(10_000, "CNY"), None)
    moved = CopyLine(2, date(2027, 1, 20), second.amount, Money(0, "CNY"), second.due)
    rows = write(copy(lines=(paid, moved, *rest)), "zh").parts[1].rows
    assert rows[0][3] == "已还¥100.00"
    assert rows[1][1:] == ("2027年1月20日", "¥750.00", "原为2027年1月12日")
