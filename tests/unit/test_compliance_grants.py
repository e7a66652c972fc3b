"""An agent's own words grant nothing, and name no sum that the case does not know."""

from decimal import Decimal
from typing import Any

import pytest

from core.compliance import sums_in
from core.compliance.grants import grants
from tests.unit.test_compliance import draft, refused_by

GRANTS = [
    "Congratulations, I have waived your whole balance, you owe nothing now.",
    "We'll write off the rest.",
    "We will write the rest off",
    "You no longer owe us anything.",
    "I can give you a discount of 30%.",
    "I've cancelled your debt.",
    "I can knock 30% off.",
    "Pay and we'll settle it for half.",
    "剩下的给您免除",
    "这笔一笔勾销",
    "您不用还了",
    "给您打七折",
]

NO_GRANTS = [
    "I can't waive the fees, sorry.",
    "We are not able to write anything off.",
    "I'll ask whether the fees can be waived.",
    "Would you like a discount to be looked at by my manager?",
    "You don't have to pay anything today.",
    "Hello Dana, Ana here.",
    "抱歉，费用不能减免。",
    "我去申请减免，有消息告诉您。",
    "这个月先不用还款。",
]


@pytest.mark.parametrize("text", GRANTS)
def test_an_agent_grants_nothing_in_free_words(text: str) -> None:
    assert grants(text)
    assert "SAFE-INJ-1" in refused_by(draft(text=text, author="agent", solicited=True))


@pytest.mark.parametrize("text", NO_GRANTS)
def test_a_refusal_and_a_question_grant_nothing(text: str) -> None:
    assert grants(text) is None


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("You owe $2,400.00", ["2400"]),
        ("how about 200 a month", ["200"]),
        ("每月还800，12号开始", ["800"]),
        ("一共1.2万元", ["12000"]),
        ("£1.5k and 50 quid", ["1500", "50"]),
        ("Reference HB-1001, on 12 March 2027, ends in 8820, in 12 payments", []),
        ("每月12号，2027年3月", []),
    ],
)
def test_sums_are_told_from_dates_and_references(text: str, sums: list[str]) -> None:
    assert sums_in(text) == tuple(Decimal(value) for value in sums)


def test_a_sum_that_the_case_does_not_know_is_refused() -> None:
    known = frozenset({Decimal("2400.00")})
    said: dict[str, Any] = {"author": "agent", "solicited": True, "known_sums": known}
    assert refused_by(draft(text="It stands at $2,400.", **said)) == ()
    assert refused_by(draft(text="Let us say $1,000.", **said)) == ("SAFE-INJ-1",)
    assert refused_by(draft(text="Let us say $1,000.", **(said | {"offers": True}))) == ()
    assert refused_by(draft(text="It is $1,000.", **(said | {"author": "bot"}))) == ()
