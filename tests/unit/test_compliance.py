"""What compliance clears and refuses, and which rule it names."""

import copy
import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.compliance import Cleared, ContactHistory, Draft, Refused, next_opening, review, speaks_of_debt, within_hours
from core.errors import InvariantBroken

ZONES = {"cn": "Asia/Shanghai", "us": "America/New_York", "uk": "Europe/London"}
QUIET = ContactHistory(sent_today=0, sent_last_7_days=0, stopped=False)


def at(market: str, hour: int, minute: int = 0, day: int = 23) -> datetime:
    """A local time of November 2026; the 23rd is a Monday, the 22nd a Sunday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(ZONES[market]))


def draft(market: str = "us", local: datetime | None = None, **changes: Any) -> Draft:
    values: dict[str, Any] = {
        "text": "Hello, how can I help?",
        "language": "en",
        "market": market,
        "author": "bot",
        "solicited": False,
        "discloses": False,
        "verified": True,
        "flags": frozenset(),
        "local_now": local or at(market, 12),
    }
    return Draft(**(values | changes))


def refused_by(reviewed: Draft, history: ContactHistory | None = QUIET) -> tuple[str, ...]:
    verdict = review(reviewed, history, reviewed.local_now.astimezone(UTC))
    return verdict.rule_ids if isinstance(verdict, Refused) else ()


@pytest.mark.parametrize(
    ("market", "hour", "minute", "day", "allowed"),
    [
        ("cn", 7, 59, 23, False),
        ("cn", 8, 0, 23, True),
        ("cn", 21, 59, 23, True),
        ("cn", 22, 0, 23, False),
        ("us", 7, 59, 23, False),
        ("us", 8, 0, 23, True),
        ("us", 20, 59, 23, True),
        ("us", 21, 0, 23, False),
        ("uk", 20, 59, 23, True),
        ("uk", 21, 0, 23, False),
        ("uk", 8, 30, 22, False),
        ("uk", 9, 0, 22, True),
        ("uk", 18, 59, 22, True),
        ("uk", 19, 0, 22, False),
    ],
)
def test_nothing_unasked_leaves_outside_the_debtors_hours(
    market: str, hour: int, minute: int, day: int, allowed: bool
) -> None:
    local = at(market, hour, minute, day)
    assert within_hours(market, local) is allowed
    assert refused_by(draft(market, local)) == (() if allowed else (f"{market.upper()}-TIME-1",))


def test_hours_are_the_debtors_and_not_utc() -> None:
    noon_in_london_is_seven_in_new_york = datetime(2026, 11, 23, 12, 0, tzinfo=UTC).astimezone(ZoneInfo(ZONES["us"]))
    assert refused_by(draft("us", noon_in_london_is_seven_in_new_york)) == ("US-TIME-1",)


def test_a_fresh_answer_may_come_at_night_and_a_stale_one_not() -> None:
    night = at("cn", 23, 30)
    fresh = ContactHistory(sent_today=9, sent_last_7_days=9, stopped=True, last_inbound_at=night - timedelta(minutes=5))
    stale = dataclasses.replace(fresh, last_inbound_at=night - timedelta(hours=5))
    assert refused_by(draft("cn", night, solicited=True), fresh) == ()
    assert refused_by(draft("cn", night, solicited=True), stale) == ("CN-TIME-1",)


def test_without_history_or_rules_nothing_is_cleared() -> None:
    assert refused_by(draft(solicited=True), None) == ("NO-HISTORY",)
    assert refused_by(draft("fr", at("us", 12), solicited=True)) == ("MARKET-UNKNOWN",)


@pytest.mark.parametrize(
    ("market", "today", "week", "rule"),
    [
        ("us", 1, 1, "US-FREQ-4"),
        ("us", 0, 3, "US-FREQ-4"),
        ("cn", 3, 3, "CN-FREQ-4"),
        ("cn", 0, 7, "CN-FREQ-4"),
        ("uk", 1, 1, "UK-FREQ-1"),
    ],
)
def test_unasked_messages_are_capped_by_day_and_week(market: str, today: int, week: int, rule: str) -> None:
    used_up = ContactHistory(sent_today=today, sent_last_7_days=week, stopped=False)
    assert refused_by(draft(market), used_up) == (rule,)
    assert refused_by(draft(market, solicited=True), used_up) == ()


@pytest.mark.parametrize(("market", "rule"), [("us", "US-CEASE-1"), ("cn", "CN-CHAN-2"), ("uk", "UK-TIME-1")])
def test_after_a_stop_only_what_is_asked_for_leaves(market: str, rule: str) -> None:
    stopped = ContactHistory(sent_today=0, sent_last_7_days=0, stopped=True)
    for author in ("bot", "agent"):
        assert refused_by(draft(market, author=author), stopped) == (rule,)
    assert refused_by(draft(market, solicited=True), stopped) == ()


def test_a_debt_is_told_to_nobody_unverified_by_bot_or_agent() -> None:
    for author in ("bot", "agent"):
        assert refused_by(draft(author=author, solicited=True, discloses=True, verified=False)) == ("SAFE-ID-1",)
        assert refused_by(draft(author=author, solicited=True, discloses=True)) == ()


@pytest.mark.parametrize(
    ("flag", "rule"),
    [("wrong_party", "SAFE-WRONG-1"), ("third_party", "SAFE-WRONG-1"), ("deceased", "SAFE-DEAD-1")],
)
def test_a_stranger_is_told_no_debt_even_when_once_verified(flag: str, rule: str) -> None:
    assert rule in refused_by(draft(solicited=True, discloses=True, flags=frozenset({flag})))


def test_after_talk_of_self_harm_the_bot_waits_for_a_person() -> None:
    flags = frozenset({"self_harm"})
    assert refused_by(draft(flags=flags)) == ("SAFE-SELF-3",)
    assert refused_by(draft(flags=flags, discloses=True, solicited=True)) == ("SAFE-SELF-3",)
    assert refused_by(draft(flags=flags, solicited=True, text="You are not alone. Call 988 any time.")) == ()
    assert refused_by(draft(flags=flags, author="agent")) == ()


THREATS = [
    ("cn", "再不还款就等着坐牢吧", "CN-WORD-3"),
    ("cn", "你不会想坐 牢吧", "CN-WORD-3"),
    ("cn", "我們會通知單位和家人", "CN-WORD-3"),
    ("cn", "今天必须还清", "CN-WORD-3"),
    ("cn", "你会上黑·名·单", "CN-WORD-3"),
    ("cn", "明天上门找你", "CN-WORD-3"),
    ("cn", "你还有脸欠钱", "CN-WORD-1"),
    ("cn", "找朋友借一下嘛", "CN-WORD-2"),
    ("cn", "这里是法院", "CN-ID-2"),
    ("us", "You could be ARRESTED for this", "US-FALSE-1"),
    ("us", "If you do not pay we will call the police", "US-FALSE-1"),
    ("us", "We'll sue\u200b you", "US-FALSE-1"),
    ("us", "We will tell your boss", "US-3P-1"),
    ("us", "You must pay today", "US-FALSE-1"),
    ("us", "ｐａｙ ｔｏｄａｙ ｏｒ else", "US-FALSE-1"),
    ("us", "不还就坐牢", "US-FALSE-1"),
    ("uk", "Can you ask family for it?", "UK-PRESS-1"),
    ("uk", "Could you pay with another credit card?", "UK-PRESS-1"),
    ("uk", "This is your last chance", "UK-PRESS-1"),
    ("uk", "We'll take you to court", "UK-PRESS-2"),
]


@pytest.mark.parametrize(("market", "text", "rule"), THREATS)
@pytest.mark.parametrize("author", ["bot", "agent"])
def test_a_threat_is_refused_whoever_wrote_it_and_however(market: str, text: str, rule: str, author: str) -> None:
    assert rule in refused_by(draft(market, text=text, author=author, solicited=True))


@pytest.mark.parametrize(
    ("market", "text"),
    [
        ("cn", "您不会因为这笔欠款坐牢，请放心。"),
        ("cn", "我们不会通知您的家人或单位。"),
        ("cn", "我们不会上门。我们可以一起商量还款安排。"),
        ("cn", "如果您觉得难受，可以联系您的家人或朋友，也可以拨打12356。"),
        ("cn", "您不用今天决定。"),
        ("us", "You will not be arrested for a debt."),
        ("us", "We will never contact your employer."),
        ("us", "You do not have to pay today."),
        ("us", "If you are in danger now, please call 911 or the police."),
        ("us", "Your credit card account ends in 8820."),
        ("uk", "We won't take you to court while we talk."),
        ("uk", "Is there a friend you could call? Samaritans are on 116 123."),
    ],
)
def test_kind_words_pass(market: str, text: str) -> None:
    assert refused_by(draft(market, text=text, author="agent", solicited=True)) == ()


def test_a_refusal_suggests_what_to_say_instead_in_the_drafts_language() -> None:
    verdict = review(draft("cn", text="今天必须还清", language="zh"), QUIET, at("cn", 12).astimezone(UTC))
    assert isinstance(verdict, Refused)
    assert verdict.reasons[0].data["instead"].startswith("您看什么时候")
    assert verdict.reasons[0].data["words"] == "今天必须"


def test_every_broken_rule_is_named_at_once() -> None:
    used_up = ContactHistory(sent_today=5, sent_last_7_days=9, stopped=True)
    text = "Pay today or else"
    rules = refused_by(draft("us", at("us", 23), text=text, discloses=True, verified=False), used_up)
    assert rules == ("SAFE-ID-1", "US-FALSE-1", "US-TIME-1", "US-CEASE-1", "US-FREQ-4")


def test_only_review_makes_a_cleared_draft() -> None:
    with pytest.raises(InvariantBroken):
        Cleared(draft(), (), "", object())
    cleared = review(draft(), QUIET, datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    assert isinstance(cleared, Cleared)
    assert copy.copy(cleared) == cleared
    with pytest.raises(ValueError, match="mint"):
        dataclasses.replace(cleared, draft=draft(text="Pay now or else"))  # type: ignore[call-arg]


def test_the_next_opening_is_this_morning_or_tomorrow_in_local_time() -> None:
    assert next_opening("cn", at("cn", 6)) == at("cn", 8)
    assert next_opening("cn", at("cn", 23)) == at("cn", 8, day=24)
    assert next_opening("uk", at("uk", 22, day=21)) == at("uk", 9, day=22)
    assert next_opening("us", at("us", 12)) == at("us", 12)
    assert next_opening("fr", at("us", 12)) is None


@pytest.mark.parametrize("text", ["You still owe us", "那笔欠款", "Could you do $ 50?", "每月800元", "about the loan"])
def test_words_about_a_debt_are_recognised(text: str) -> None:
    assert speaks_of_debt(text)


@pytest.mark.parametrize("text", ["Hello Dana, this is Ana.", "您好，我是安娜，请问您是哪位？", "Call 988"])
def test_words_about_nothing_in_particular_are_not(text: str) -> None:
    assert not speaks_of_debt(text)


def test_an_empty_or_overlong_message_is_refused() -> None:
    assert refused_by(draft(text="  \n")) == ("CHAN-EMPTY",)
    assert refused_by(draft(text="好" * 4096)) == ()
    assert refused_by(draft(text="好" * 4097)) == ("CHAN-LENGTH",)
