"""While a hold stands nobody asks for money: neither the bot nor an agent, asked or unasked."""

from datetime import UTC

import pytest

from core.compliance import Refused, review
from core.compliance.demands import HOLDS, asks_for_payment
from core.dialogue.flags import Flag
from core.wording import catalogue
from tests.unit.test_compliance import QUIET, draft, refused_by

DEMANDS = [
    "When can you pay the £1,800?",
    "Can you pay $200 this week?",
    "How much of the $2,400 can you pay?",
    "Could you make a payment of $200 today?",
    "When will you pay the $2,400?",
    "Just checking if you can pay this week?",
    "Please pay the balance.",
    "How about $50 a month?",
    "Why not make a payment today?",
    "Can't you pay something?",
    "If you don't pay it, interest goes on.",
    "We need a payment from you.",
    "How much could you manage each month?",
    "您什么时候还？",
    "您什么时候能还款",
    "您每个月能还多少？",
    "请尽快付款。",
    "能不能先还500？",
    "今天方便付款吗",
    "要不要给您办分期",
    "每月还800可以吗",
]

HARMLESS = [
    "What is the reference number of your breathing space?",
    "We are looking into it. You don't have to make a payment meanwhile.",
    "You needn't pay anything while we check.",
    "We won't ask you for payment.",
    "We wouldn't ask you to make a payment now.",
    "There is no need to pay now.",
    "When did you make the payment, and how?",
    "Do you have a proof of payment?",
    "I'm so sorry. Are you safe right now?",
    "Who is your lawyer, and where can we write to them?",
    "您付款的凭证方便发一下吗？",
    "请发一下付款日期和金额。",
    "核对期间不用再付款。",
    "我们不会再催您还款。",
    "您哪天付的款？",
    "我们还会联系您的律师。",
    "您现在还好吗？我在这里。",
]

RULES: list[tuple[str, Flag, str]] = [
    ("uk", "breathing_space", "UK-BS-1"),
    ("us", "represented", "US-ATTY-1"),
    ("us", "bankruptcy", "US-BK-1"),
    ("cn", "bankruptcy", "CN-BANK-1"),
    ("us", "self_harm", "SAFE-SELF-3"),
    ("us", "dispute", "US-DISP-1"),
    ("uk", "dispute", "UK-HOLD-2"),
    ("cn", "dispute", "CN-DISP-1"),
    ("us", "identity_theft", "SAFE-FRD-1"),
    ("uk", "debt_advice", "UK-HOLD-1"),
    ("uk", "time_barred", "UK-STAT-1"),
    ("cn", "deceased", "SAFE-DEAD-1"),
    ("us", "third_party", "SAFE-WRONG-1"),
]


@pytest.mark.parametrize(("market", "flag", "rule"), RULES)
@pytest.mark.parametrize("author", ["bot", "agent"])
def test_nobody_asks_for_money_while_a_hold_stands(market: str, flag: Flag, rule: str, author: str) -> None:
    asked = draft(market, text="When can you pay?", author=author, solicited=True, flags=frozenset({flag}))
    assert refused_by(asked) == (rule,)
    offered = draft(market, text="Here it is.", author=author, solicited=True, offers=True, flags=frozenset({flag}))
    assert refused_by(offered) == (rule,)
    calm = draft(market, text="We are looking into it.", author=author, solicited=True, flags=frozenset({flag}))
    assert refused_by(calm) == ()


@pytest.mark.parametrize("text", DEMANDS)
def test_a_demand_is_heard_in_either_language(text: str) -> None:
    assert asks_for_payment(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_comfort_a_reference_and_a_payment_already_made_are_no_demand(text: str) -> None:
    assert asks_for_payment(text) is None


def test_without_a_hold_money_may_be_asked_for() -> None:
    flags: frozenset[Flag] = frozenset({"hardship", "vulnerable", "complaint"})
    assert refused_by(draft(text="When can you pay?", author="agent", solicited=True, flags=flags)) == ()


@pytest.mark.parametrize("flag", HOLDS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_could_be_said_instead_is_no_demand_itself(flag: Flag, language: str) -> None:
    asked = draft(text="When can you pay?", author="agent", solicited=True, language=language, flags=frozenset({flag}))
    verdict = review(asked, QUIET, asked.local_now.astimezone(UTC))
    assert isinstance(verdict, Refused)
    assert asks_for_payment(verdict.reasons[0].data["instead"]) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_bot_says_at_a_hold_is_no_demand(language: str) -> None:
    for key, texts in catalogue().items():
        if key.startswith(("comply.", "escalate.", "safety.", "person.", "verify.", "handback.")):
            assert asks_for_payment(texts[language]) is None, key
