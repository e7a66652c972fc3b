"""From entities to an ask, a promise, figures of a household and dates of birth; and what context adds to intents."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.calendar import Frequency
from core.dialogue.birthdates import birth_dates
from core.dialogue.context import in_context
from core.dialogue.household import Recovery, finances_of, recovery_of
from core.dialogue.reading import ask_of, merged
from core.dialogue.said import future_date
from core.dialogue.situation import Inbound
from core.dialogue.tongues import is_third
from core.dialogue.understanding import Entity, Understanding
from core.negotiation import Ask, Finances, Payday
from core.negotiation.types import Promise
from tests.unit.conversing import TODAY, a_plan, amount, at, day, entity, heard, remembered, usd


def asked(understanding: Understanding, text: str = "", *, in_instalments: bool = False) -> Ask:
    return ask_of(understanding, text, balance=usd("2400"), today=TODAY, in_instalments=in_instalments)


def test_a_sum_a_month_from_a_day() -> None:
    said = heard("propose_amount", entities=(amount("200.00", "month"), day("2026-12-12")))
    assert asked(said) == Ask(instalment=usd("200"), frequency=Frequency.MONTH, first_due=date(2026, 12, 12))


@pytest.mark.parametrize(
    ("period", "frequency", "level"),
    [
        ("week", Frequency.WEEK, "60.00"),
        ("fortnight", Frequency.FORTNIGHT, "60.00"),
        ("month", Frequency.MONTH, "60.00"),
        ("year", Frequency.MONTH, "5.00"),
        ("quarter", Frequency.MONTH, "20.00"),
    ],
)
def test_each_rhythm_keeps_its_sum(period: str, frequency: Frequency, level: str) -> None:
    ask = asked(heard("propose_amount", entities=(amount("60.00", period),)))
    assert (ask.instalment, ask.frequency) == (usd(level), frequency)


def test_most_of_the_balance_at_once_is_a_closing_sum_and_a_little_is_an_instalment() -> None:
    assert asked(heard("propose_amount", entities=(amount("1700.00"),))).total == usd("1700")
    assert asked(heard("propose_amount", entities=(amount("150.00"),))).instalment == usd("150")


def test_far_more_than_is_owed_over_some_months_is_the_sum_of_them_all() -> None:
    over = entity("duration", value=3, unit="month")
    assert asked(heard("propose_amount", entities=(amount("1500.00"), over))).total == usd("1500")
    assert asked(heard("propose_amount", entities=(amount("200.00"), over))).instalment == usd("200")


def test_a_part_now_is_a_down_payment_beside_the_instalments() -> None:
    said = heard("pay_part_now", entities=(amount("500.00"), amount("100.00", "month")))
    ask = asked(said)
    assert (ask.down_payment, ask.instalment) == (usd("500"), usd("100"))


def test_a_share_off_and_a_share_to_pay_are_told_apart() -> None:
    assert asked(heard("request_discount", entities=(entity("share", value=0.3, of="off"),))).share == Decimal("0.7")
    assert asked(heard("request_discount", entities=(entity("share", value=0.6, of="pay"),))).share == Decimal("0.6")
    assert asked(heard("already_paid", entities=(entity("share", value=0.5, of="paid"),))).share is None


@pytest.mark.parametrize(
    ("text", "fees", "interest"),
    [
        ("waive the late fees", True, False),
        ("stop the interest", False, True),
        ("利息违约金都免了", True, True),
        ("只还本金", True, True),
        ("can you waive it", True, True),
    ],
)
def test_only_what_is_named_is_asked_to_be_waived(text: str, fees: bool, interest: bool) -> None:
    ask = asked(heard("request_fee_waiver"), text)
    assert (ask.waive_fees, ask.waive_interest) == (fees, interest)


def test_more_time_puts_the_whole_off_and_within_a_plan_only_its_start() -> None:
    weeks = heard("request_extension", entities=(entity("duration", value=2, unit="week"),))
    assert asked(weeks).until == date(2026, 12, 7)
    assert asked(weeks, in_instalments=True) == Ask(first_due=date(2026, 12, 7))


def test_another_currency_is_never_converted() -> None:
    assert asked(heard("propose_amount", entities=(amount("200.00", "month", "EUR"),))).is_empty


def test_a_month_and_a_day_named_apart_are_one_date() -> None:
    said = heard("change_plan", entities=(day("2027-01-01", "month"), day("2026-12-20")))
    assert future_date(said, TODAY) == date(2027, 1, 20)


def test_the_present_month_means_from_tomorrow() -> None:
    assert future_date(heard("promise_to_pay", entities=(day("2026-11-01", "month"),)), TODAY) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("before", "frequency", "each"),
    [
        (Ask(instalment=usd("150"), frequency=Frequency.MONTH), Frequency.WEEK, "35"),
        (Ask(instalment=usd("60"), frequency=Frequency.WEEK), Frequency.FORTNIGHT, "60"),
        (Ask(instalment=usd("60"), frequency=Frequency.WEEK), Frequency.WEEK, "60"),
        (Ask(instalment=usd("60")), Frequency.WEEK, "60"),
    ],
)
def test_who_asks_to_pay_more_often_pays_as_much_a_year(before: Ask, frequency: Frequency, each: str) -> None:
    assert merged(before, Ask(frequency=frequency)) == replace(before, instalment=usd(each), frequency=frequency)


@pytest.mark.parametrize("vague", [day("2026-11-01", "month"), day("2026-11-23", "week"), day("2026-11-16", "week")])
def test_a_day_said_goes_before_a_month_or_week_that_only_sets_the_scene(vague: Entity) -> None:
    assert future_date(heard("propose_amount", entities=(vague, day("2026-12-12"))), TODAY) == date(2026, 12, 12)
    assert future_date(heard("propose_amount", entities=(day("2026-12-12"), vague)), TODAY) == date(2026, 12, 12)


@pytest.mark.parametrize(
    ("text", "said", "on", "told_by"),
    [
        ("short this month, 200 from the 12th", {"this month": "2026-11-01", "the 12th": "2026-12-12"}, 12, 0),
        ("this month is tight", {}, 12, None),
        ("new job on the 1st, 200 from the 12th", {"the 1st": "2027-01-01", "the 12th": "2026-12-12"}, 1, 0),
        ("200 from the 12th, new job on the 1st", {"the 12th": "2026-12-12", "the 1st": "2027-01-01"}, 1, 1),
    ],
)
def test_of_two_days_the_one_beside_the_words_says_when_income_is_back(
    text: str, said: dict[str, str], on: int, told_by: int | None
) -> None:
    dates = tuple(
        Entity("date", {"value": value, "grain": "month" if "month" in words else "day"}, start, start + len(words))
        for words, value in said.items()
        for start in [text.index(words)]
    )
    found = recovery_of(heard("propose_amount", entities=dates), text, TODAY)
    assert found == Recovery(date(2026 + (on < 11), on, 1), None if told_by is None else dates[told_by])


def test_a_new_sum_drops_the_length_that_contradicts_it_and_a_new_day_keeps_the_sum() -> None:
    before = Ask(count=12, payday=Payday(day=10))
    assert merged(before, Ask(instalment=usd("150"))) == Ask(instalment=usd("150"), payday=Payday(day=10))
    plan = Ask(instalment=usd("150"), frequency=Frequency.MONTH)
    assert merged(plan, Ask(first_due=date(2026, 12, 20))) == replace(plan, first_due=date(2026, 12, 20))
    assert merged(plan, Ask(total=usd("1700"))) == Ask(total=usd("1700"))
    assert merged(plan, Ask()) == plan


def spoken(text: str, *words: str) -> tuple[Entity, ...]:
    """Amounts at the places of these figures in the text."""
    return tuple(
        Entity(
            "amount",
            {"value": f"{word}.00", "currency": "USD", "period": "once", "bound": "exact"},
            text.index(word),
            text.index(word) + len(word),
        )
        for word in words
    )


@pytest.mark.parametrize(
    ("text", "figures", "told"),
    [
        ("i make 2000 and my bills are 1800", ("2000", "1800"), Finances(income=usd("2000"), spending=usd("1800"))),
        ("i get 900 in benefits and spend 950 on rent", ("900", "950"), Finances(usd("900"), usd("950"))),
        ("工资5000，房租1800，吃饭1500", ("5000", "1800", "1500"), Finances(usd("5000"), usd("3300"))),
        ("after rent i have 300 left", ("300",), Finances(affordable=usd("300"))),
        ("每个月剩500", ("500",), Finances(affordable=usd("500"))),
    ],
)
def test_figures_of_a_household_are_read_by_the_words_around_them(
    text: str, figures: tuple[str, ...], told: Finances
) -> None:
    said = heard("inform_finances", entities=spoken(text, *figures))
    assert finances_of(said, text, Finances(), "USD") == told


@pytest.mark.parametrize(
    "text",
    [
        "1990-04-12", "1990/4/12", "1990.4.12", "12 April 1990", "april 12, 1990", "12th of april 1990", "Apr 12 '90",
        "04/12/1990", "12/04/1990", "4-12-90", "19900412", "12041990", "900412", "1990年4月12日", "90年4月12号",
        "一九九〇年四月十二日", "九零年四月十二", "born 12 april 1990, phone ends 4471",
    ],
)  # fmt: skip
def test_a_date_of_birth_is_read_in_every_common_form(text: str) -> None:
    (found,) = birth_dates(text, TODAY)
    assert date(1990, 4, 12) in found.days


@pytest.mark.parametrize(
    "text", ["4471", "5 december 2026", "200 a month from the 12th", "31/31/1990", "每月800，12号开始"]
)
def test_what_is_no_date_of_birth_is_not_read_as_one(text: str) -> None:
    assert birth_dates(text, TODAY) == ()


@pytest.mark.parametrize(
    ("text", "said", "meant"),
    [
        ("每月800，12号开始", heard("inform_finances", entities=(amount("800.00", "month"),)), ("propose_amount",)),
        ("i can pay 300 friday", heard("inform_finances", entities=(amount("300.00"), day("2026-11-27"))),
         ("promise_to_pay",)),
        ("my salary is 3000 a month", heard("inform_finances", entities=(amount("3000.00", "month"),)),
         ("inform_finances",)),
        ("can we change it to 200", heard("change_plan", entities=(amount("200.00"),)), ("propose_amount",)),
        ("i missed it", heard("missed_payment"), ("promise_to_pay",)),
        ("500 now, 100 a month", heard("propose_amount", entities=(amount("500.00"), amount("100.00", "month"))),
         ("propose_amount", "pay_part_now")),
        ("my father passed away", heard("third_party_contact"), ("third_party_contact", "debtor_deceased")),
        ("10 or nothing", heard("refuse_to_pay", "propose_amount"), ("propose_amount",)),
    ],
)  # fmt: skip
def test_context_settles_what_words_leave_open(text: str, said: Understanding, meant: tuple[str, ...]) -> None:
    assert in_context(said, at(text=text)).asserted == meant


def test_words_about_a_plan_keep_their_meaning_while_one_is_in_force() -> None:
    said = heard("change_plan", entities=(amount("90.00", "month"),))
    situation = replace(at("agreed", memory=remembered("agreed")), plan=a_plan(), inbound=Inbound("make it 90"))
    assert in_context(said, situation).asserted == ("change_plan",)


def test_another_date_is_one_for_the_promise_that_stands() -> None:
    situation = at(text="can i have two more weeks", promise=Promise(date(2026, 12, 1), usd("500")))
    assert in_context(heard("request_extension"), situation).asserted == ("promise_to_pay",)


def a_part(*days: Entity, share: bool = False) -> Understanding:
    half = entity("share", value=0.5, of="pay")
    return heard("pay_part_now", entities=((half, half) if share else (amount("500.00"),)) + days)


@pytest.mark.parametrize(
    ("said", "text", "rest", "first_due"),
    [
        (a_part(day("2026-12-30")), "500 today and the remainder on the 30th", "1900", date(2026, 12, 30)),
        (a_part(day("2027-01-01", "month")), "500 now, rest in january", "1900", date(2027, 1, 31)),
        (a_part(entity("payday", day=5), share=True), "half now, half when i get paid on the 5th", "1200", None),
    ],
)
def test_the_rest_of_a_part_is_one_payment_on_its_day(
    said: Understanding, text: str, rest: str, first_due: date | None
) -> None:
    ask = asked(said, text)
    assert (ask.instalment, ask.first_due, ask.count) == (usd(rest), first_due, None)
    assert ask.down_payment == usd("2400") - usd(rest)


def test_a_part_without_a_word_of_the_rest_leaves_the_rest_open() -> None:
    assert asked(a_part(day("2026-12-30")), "500 now, from the 30th").instalment is None


def test_a_bare_sum_in_a_talk_of_one_sum_is_a_bid_and_a_small_one_an_instalment() -> None:
    bids = {
        sum_said: ask_of(
            heard("propose_amount", entities=(amount(sum_said),)),
            sum_said,
            balance=usd("2400"),
            today=TODAY,
            in_instalments=False,
            in_settlement=True,
        )
        for sum_said in ("1000.00", "100.00")
    }
    assert (bids["1000.00"].total, bids["100.00"].total) == (usd("1000"), None)
    assert bids["100.00"].instalment == usd("100")


def test_a_rhythm_that_is_denied_is_not_the_one_asked_for() -> None:
    text = "sorry not weekly, biweekly"
    rhythms = (Entity("frequency", {"value": "week"}, 10, 16), Entity("frequency", {"value": "fortnight"}, 18, 26))
    assert asked(heard("request_instalments", entities=rhythms), text).frequency is Frequency.FORTNIGHT


@pytest.mark.parametrize(
    ("text", "third"),
    [
        ("no hablo ingles", True),
        ("Hola, quiero pagar pero no tengo dinero ahora", True),
        ("nie rozumiem po angielsku", True),
        ("je ne parle pas anglais", True),
        ("не понимаю", True),
        ("no me and my mum cant pay that", False),
        ("can i do 150 a month por favor", False),
        ("我每个月还200の样子", False),
        ("ok", False),
        ("👍", False),
    ],
)
def test_a_third_language_is_told_from_the_two(text: str, third: bool) -> None:
    assert is_third(text) is third
