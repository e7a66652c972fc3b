"""What the contract promises of entities, said one by one, and what must hold of any text at all."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import cn2an
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.entities import extract
from nlu.entities.numerals import en_number, zh_number

WEDNESDAY = datetime.fromisoformat("2026-11-25T10:00:00+08:00")
SUNDAY = datetime.fromisoformat("2026-11-22T23:30:00+08:00")
EXPECTING = (None, "amount", "date", "payday", "digits", "birth_date", "count", "choice")
FIELDS: dict[str, tuple[set[str], ...]] = {
    "amount": ({"value", "currency", "period", "bound"},),
    "share": ({"value", "of"},),
    "date": ({"value", "grain"},),
    "payday": ({"day"}, {"weekday"}),
    "duration": ({"value", "unit"},),
    "time": ({"value"}, {"part"}),
    **{kind: ({"value"},) for kind in ("instalments", "frequency", "choice", "digits", "phone", "email", "name")},
}


def said(
    text: str,
    *,
    lang: Literal["zh", "en"] | None = None,
    now: datetime = WEDNESDAY,
    currency: str = "CNY",
    expecting: str | None = None,
) -> list[tuple[Any, ...]]:
    """The entities as (type, field values...), which is all that these tests compare."""
    language: Literal["zh", "en"] = lang or ("zh" if any("\u3400" <= char <= "\u9fff" for char in text) else "en")
    found = extract(text, lang=language, now=now, currency=currency, expecting=expecting)
    return [(entity.type, *entity.fields.values()) for entity in found]


@pytest.mark.parametrize(
    ("text", "value", "period", "bound"),
    [
        ("三千五", "3500.00", "once", "exact"),
        ("1万2", "12000.00", "once", "exact"),
        ("两百来块", "200.00", "once", "about"),
        ("5k", "5000.00", "once", "exact"),
        ("fifty bucks a week", "50.00", "week", "exact"),
        ("两千多", "2000.00", "once", "about"),
        ("a couple hundred", "200.00", "once", "about"),
        ("under 600", "600.00", "once", "at_most"),
        ("每个月最多还八百", "800.00", "month", "at_most"),
        ("起码一个月五百", "500.00", "month", "at_least"),
    ],
)
def test_the_sums_of_the_contract_are_read_as_it_says(text: str, value: str, period: str, bound: str) -> None:
    assert said(text) == [("amount", value, "CNY", period, bound)]


def test_a_sum_keeps_the_currency_it_is_said_in() -> None:
    assert said("no more than £120 pm", currency="USD") == [("amount", "120.00", "GBP", "month", "at_most")]


def test_a_range_is_a_floor_and_a_ceiling() -> None:
    assert said("五六百") == [
        ("amount", "500.00", "CNY", "once", "at_least"),
        ("amount", "600.00", "CNY", "once", "at_most"),
    ]


@pytest.mark.parametrize(
    "text", ["一分钱也没有", "万一还不上呢", "not a penny", "千万别打我公司", "第一，我失业了", "百分百"]
)
def test_an_idiom_is_no_sum(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize("text", ["利率24%太高", "APR is 29.9%", "50% of my wages", "工资降了一半", "30% pay cut"])
def test_a_rate_or_a_share_of_wages_is_no_share(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "now", "day"),
    [
        ("next friday", WEDNESDAY, "2026-12-04"),
        ("next friday", SUNDAY, "2026-11-27"),
        ("下周五", WEDNESDAY, "2026-12-04"),
        ("下周五", SUNDAY, "2026-11-27"),
        ("这周五", WEDNESDAY, "2026-11-27"),
        ("周三", WEDNESDAY, "2026-12-02"),
        ("next monday", SUNDAY, "2026-11-23"),
        ("I paid on friday", WEDNESDAY, "2026-11-20"),
        ("周五还了500", WEDNESDAY, "2026-11-20"),
    ],
)
def test_a_weekday_is_counted_in_weeks_from_monday(text: str, now: datetime, day: str) -> None:
    assert ("date", day, "day") in said(text, now=now)


def test_the_debtors_own_day_decides_what_tomorrow_is() -> None:
    late = datetime.fromisoformat("2026-12-31T23:59:00-08:00")
    assert said("tomorrow", now=late) == [("date", "2027-01-01", "day")]


def test_a_sum_a_month_is_one_amount_and_no_frequency_or_duration() -> None:
    assert said("800 a month from the 12th") == [
        ("amount", "800.00", "CNY", "month", "exact"),
        ("date", "2026-12-12", "day"),
    ]


def test_a_payday_recurs_and_a_pay_that_comes_once_is_a_date() -> None:
    assert said("那十号发工资，十二号还行不行") == [("payday", 10), ("date", "2026-12-12", "day")]
    assert said("下个月5号工资到账") == [("date", "2026-12-05", "day")]


def test_short_dates_follow_the_market() -> None:
    assert said("5/12", currency="GBP") == [("date", "2026-12-05", "day")]
    assert said("5/12", currency="USD") == [("date", "2027-05-12", "day")]


@pytest.mark.parametrize(
    ("text", "currency", "born"),
    [
        ("12 April 1990", "GBP", "1990-04-12"),
        ("1990-04-12", "CNY", "1990-04-12"),
        ("04/12/1990", "USD", "1990-04-12"),
        ("04/12/1990", "GBP", "1990-12-04"),
        ("1990年4月12日", "CNY", "1990-04-12"),
        ("900412", "CNY", "1990-04-12"),
        ("19900412", "CNY", "1990-04-12"),
        ("120490", "GBP", "1990-04-12"),
        ("041290", "USD", "1990-04-12"),
        ("april 12th 1990", "USD", "1990-04-12"),
        ("12/4/90", "GBP", "1990-04-12"),
    ],
)
def test_a_date_of_birth_is_read_in_every_usual_form(text: str, currency: str, born: str) -> None:
    assert said(text, currency=currency, expecting="birth_date") == [("date", born, "day")]


def test_what_was_asked_for_decides_what_a_bare_number_is() -> None:
    assert said("4471", expecting="digits") == [("digits", "4471")]
    assert said("3", expecting="choice") == [("choice", 3)]
    assert said("3", expecting="count") == [("instalments", 3)]
    assert said("15", expecting="date") == [("date", "2026-12-15", "day")]
    assert said("15号", expecting="payday") == [("payday", 15)]
    assert said("800", expecting="amount") == [("amount", "800.00", "CNY", "once", "exact")]
    assert said("3") == []


def test_traditional_and_full_width_characters_keep_their_offsets() -> None:
    text = "🙏兩千塊，下個月１５號"
    found = extract(text, lang="zh", now=WEDNESDAY)
    assert [(entity.type, text[entity.start : entity.end]) for entity in found] == [
        ("amount", "兩千塊"),
        ("date", "下個月１５號"),
    ]


ELLIPTIC = (
    "三千五",
    "四百五",
    "一千六百八",
    "两万五",
    "一万二",
    "1千5",
    "3万5",
    "一千零五",
    "十五",
    "二十",
    "一百二十",
    "三万零五十",
)


@pytest.mark.parametrize("text", ELLIPTIC)
def test_chinese_numerals_agree_with_another_reader(text: str) -> None:
    assert zh_number(text) == Decimal(str(cn2an.cn2an(text, "smart")))


@given(st.integers(1, 99_999_999))
def test_every_chinese_numeral_reads_back(number: int) -> None:
    assert zh_number(cn2an.an2cn(number).replace("〇", "零")) == number


@pytest.mark.parametrize(
    ("text", "value"), [("two hundred and fifty", 250), ("twelve hundred", 1200), ("three fifty", 350)]
)
def test_english_number_words_are_added_up(text: str, value: int) -> None:
    assert en_number(text) == value


SCRAPS = st.sampled_from(
    "每月 一个月 下周五 八百 1万2 3.5 十五号 30% 一半 分12期 半年 第二个 至 到 块 元 "
    "最多 about half two hundred a month next friday "
    "the 12th in two weeks may £ $ , . / - \x00 \ud800 👍 "
    "０ 後 kk 99999999999 0 00 １２ ² ٣ 6pm 两点 尾号 Mr Chen 我叫 王".split(" ")
)


def check(text: str, expecting: str | None, currency: str) -> None:
    for lang in ("zh", "en"):
        found = extract(text, lang=lang, now=WEDNESDAY, currency=currency, expecting=expecting)
        assert list(found) == sorted(found, key=lambda entity: (entity.start, entity.end))
        for entity in found:
            assert set(entity.fields) in FIELDS[entity.type]
            assert 0 <= entity.start < entity.end <= min(len(text), 2000)
            if entity.type == "amount":
                assert str(entity.value) == f"{Decimal(entity.value):.2f}"
            if entity.type == "date":
                date.fromisoformat(entity.value)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80) | st.lists(SCRAPS, max_size=25).map("".join), st.sampled_from(EXPECTING))
def test_any_text_is_read_without_raising_and_in_the_contracts_form(text: str, expecting: str | None) -> None:
    check(text, expecting, "USD")


@settings(max_examples=100, deadline=None)
@given(st.lists(SCRAPS, max_size=25).map(" ".join), st.sampled_from(EXPECTING))
def test_any_heap_of_money_words_is_read_without_raising(text: str, expecting: str | None) -> None:
    check(text, expecting, "CNY")


@pytest.mark.parametrize(
    "scrap", ["1", "一", "a ", "最多", "周一", " ", "\ud800", "half ", "1-", "工资", "👍", "800 a month and "]
)
def test_the_longest_message_is_read(scrap: str) -> None:
    check((scrap * 4096)[:4096], None, "CNY")


def test_what_stands_beyond_two_thousand_characters_is_dropped() -> None:
    assert said("。" * 2000 + "还800元") == []
