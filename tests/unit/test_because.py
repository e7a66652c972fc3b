"""Reasons as sentences: every one that a negotiation gives can be read in both languages."""

import re
from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest

from core.calendar import Frequency
from core.dialogue.decide import decide
from core.negotiation import Ask, DatedStep, Finances, Payday, answer, opening
from core.negotiation.gaps import gaps_of
from core.negotiation.reasons import asked
from core.negotiation.types import Nearest
from core.plans import Step
from core.policy import Limits
from core.wording.asked import Language
from core.wording.because import _FIELDS, explain
from tests.unit.conversing import amount, at, heard
from tests.unit.negotiating import TODAY, cny, granted, ids, lin

PLAIN = re.compile(r"[a-z_]+:\S|[a-z]_[a-z]")


def reasons() -> list[str]:
    told = lin(finances=Finances(income=cny("6000"), spending=cny("4000")), broken_promises=1)
    found = [reason for offer in opening(told, granted(told), ids()) for reason in offer.because]
    ask = Ask(instalment=cny("100"))
    nearest = answer(ask, lin(), granted(lin()), ids())
    assert isinstance(nearest, Nearest)
    found += [*nearest.offer.because, *(gap.line for gap in gaps_of(ask, nearest.offer, nearest.breaches))]
    decided = decide(at(text="10 a month"), heard("propose_amount", entities=(amount("10", period="month"),)))
    return [*dict.fromkeys((*found, *decided.because))]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("reason", reasons())
def test_a_reason_is_a_sentence(reason: str, language: Language) -> None:
    said = explain(reason, language)
    assert said != reason
    assert said[-1] in ".。"
    if language == "zh":
        assert re.search(r"[㐀-鿿]", said)


SENTENCES = [
    (Ask(instalment=cny("500")), "Asked to pay 500.00 each time.", "对方提出每期还500.00。"),
    (Ask(at_most=True), "Asked that no payment be above that.", "对方要求每期不超过这个数。"),
    (Ask(frequency=Frequency.MONTH), "Asked to pay every month.", "对方希望每月还款。"),
    (Ask(count=6), "Asked to pay in 6 payments.", "对方希望分6期还。"),
    (Ask(first_due=TODAY), "Asked to start on 2026-11-23.", "对方希望从2026-11-23开始还。"),
    (Ask(anchor_day=31), "Asked to pay on the last day of the month.", "对方希望每次在每月最后一天还。"),
    (Ask(anchor_day=15), "Asked to pay on day 15 of the month.", "对方希望每次在每月15日还。"),
    (
        Ask(payday=Payday(weekday=4)),
        "Asked to pay by their payday, which is Friday.",
        "对方希望按发薪日还，发薪日是周五。",
    ),
    (Ask(total=cny("900")), "Asked to settle everything for 900.00.", "对方希望一共还900.00就结清。"),
    (
        Ask(share=Decimal("0.70")),
        "Asked to settle everything for 70% of the balance.",
        "对方希望还欠款的70%就结清。",
    ),
    (Ask(down_payment=cny("100")), "Asked to pay 100.00 first.", "对方提出先还100.00。"),
    (Ask(down_due=date(2026, 12, 5)), "Asked to pay that on 2026-12-05.", "对方希望2026-12-05还第一笔。"),
    (Ask(until=TODAY), "Asked to put all of it off until 2026-11-23.", "对方希望全部延到2026-11-23再还。"),
    (Ask(term_days=90), "Asked to pay it off over 90 days.", "对方希望在90天内还完。"),
    (Ask(waive_fees=True), "Asked for the fees to be taken off.", "对方希望减免费用。"),
    (Ask(waive_interest=True), "Asked for the interest to be taken off.", "对方希望减免利息。"),
    (Ask(waive_penalty=True), "Asked for the late payment penalty to be taken off.", "对方希望减免违约金。"),
    (
        Ask(steps=(Step(3, cny("100")), Step(2, cny("200")))),
        "Asked to begin with 3 of 100.00, then 2 of 200.00.",
        "对方希望先还3期、每期100.00，2期、每期200.00。",
    ),
    (
        Ask(dated_steps=(DatedStep(date(2027, 3, 1), cny("100")), DatedStep(date(2027, 6, 1), cny("200")))),
        "Asked to pay 100.00 each time before 2027-03-01, then 200.00 each time before 2027-06-01.",
        "对方希望2027-03-01之前每期还100.00，2027-06-01之前每期还200.00。",
    ),
    (Ask(waived_fees=cny("40")), "Asked for 40.00 of the fees to be taken off.", "要求减免费用40.00。"),
    (Ask(waived_interest=cny("40")), "Asked for 40.00 of the interest to be taken off.", "要求减免利息40.00。"),
    (
        Ask(waived_penalty=cny("40")),
        "Asked for 40.00 of the late payment penalty to be taken off.",
        "要求减免违约金40.00。",
    ),
    (Ask(discount=True), "Asked for something to be taken off.", "对方希望少还一些。"),
]


@pytest.mark.parametrize(("ask", "english", "chinese"), SENTENCES)
def test_what_was_asked_for_is_said_as_people_say_it(ask: Ask, english: str, chinese: str) -> None:
    (reason,) = asked(ask)
    assert (explain(reason, "en"), explain(reason, "zh")) == (english, chinese)


def test_a_down_payment_of_nothing_is_not_told() -> None:
    assert asked(Ask(down_payment=cny("0"), count=3)) == ("ask:count=3",)


def test_everything_that_can_be_asked_for_has_its_sentence() -> None:
    named = {reason.partition("=")[0] for ask, _, _ in SENTENCES for reason in asked(ask)}
    assert named == {f"ask:{field.name}" for field in fields(Ask)}
    assert explain("ask:else=1", "en") == "ask:else=1"


@pytest.mark.parametrize("frequency", Frequency)
def test_every_rhythm_can_be_said(frequency: Frequency) -> None:
    said = {explain(asked(Ask(frequency=frequency))[0], language) for language in ("zh", "en")}
    assert not any(re.search("_", each) for each in said)


@pytest.mark.parametrize(
    ("reason", "english", "chinese"),
    [
        ("payday=day:-1", "Payday is the last day of the month.", "发薪日是每月最后一天。"),
        ("payday=weekday:0", "Payday is Monday.", "发薪日是周一。"),
        ("latest:2026-12-10", "The latest day inside the limits is 2026-12-10.", "限制内最晚可以到2026-12-10。"),
        ("delays:used up", "The delays that the limits allow are used up.", "允许的延期次数已用完。"),
        ("asked:offer.ask_date 3 times", "The same question was asked 3 times.", "同一个问题已问过3次。"),
    ],
)
def test_other_reasons_are_sentences_too(reason: str, english: str, chinese: str) -> None:
    assert (explain(reason, "en"), explain(reason, "zh")) == (english, chinese)


def test_figures_keep_their_meaning() -> None:
    line = "worth:value=14209.33 chance=0.5012 health=0.6000"
    assert explain(line, "en") == (
        "Expected present value 14209.33, chance that all is kept 0.5012, 0.6000 of the surplus free."
    )
    gap = "gap:instalment asked=150.00 allowed=462.00 difference=312.00 CNY may grant=manager"
    assert explain(gap, "zh") == "差距：每期金额，要求150.00，允许462.00，相差312.00CNY；经理可批准。"


def test_what_has_no_sentence_stays_as_it_is() -> None:
    assert explain("something else", "en") == "something else"


def test_every_limit_named_has_a_name() -> None:
    assert set(_FIELDS) - {"count", "first_due", "instalment"} <= set(Limits.__dataclass_fields__)
