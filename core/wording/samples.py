"""Values to show a text with, as it would read for somebody in a market."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from core.calendar import Frequency
from core.money import Money
from core.plans import Balance, Instalment, Schedule, Step

CURRENCIES: Mapping[str, str] = {"cn": "CNY", "us": "USD", "uk": "GBP"}
_DUE = date(2027, 1, 15)


def samples(market: str, language: str) -> Mapping[str, Any]:
    """A value for every field that the shipped texts fill in."""
    currency = CURRENCIES[market]

    def money(amount: str) -> Money:
        return Money.of(amount, currency)

    return {
        "account_name": "尾号6620的信用卡" if language == "zh" else "credit card ending 6620",
        "agent": "王敏" if language == "zh" else "Ana Costa",
        "allowed": "12",
        "allowed_sum": money("350.00"),
        "amount": money("420.50"),
        "apr": Decimal("9.9"),
        "asked": "18",
        "before": 3,
        "asked_sum": money("300.00"),
        "count": 6,
        "creditor": "示例银行" if language == "zh" else "Example Bank",
        "days": 7,
        "discount": money("450.00"),
        "due": _DUE,
        "every": Frequency.MONTH,
        "fees": money("35.00"),
        "first_due": _DUE,
        "frequency": Frequency.MONTH,
        "from": date(2027, 1, 8),
        "hours": "周一至周五 09:00-18:00" if language == "zh" else "Mon-Fri 09:00-18:00",
        "interest": money("61.20"),
        "later": money("520.50"),
        "later_due": date(2027, 4, 15),
        "latest": date(2027, 1, 28),
        "left": money("1682.00"),
        "minutes": 10,
        "name": "林晓梅" if language == "zh" else "Jordan Lee",
        "number": 1,
        "opens": datetime(2027, 1, 11, 9, 0, tzinfo=UTC),
        "phone": "400-820-0000" if language == "zh" else "0800 000 0000",
        "principal": money("2426.80"),
        "reference": "A-10023",
        "schedule": Schedule(
            tuple(Instalment(number, _DUE.replace(month=number), money("420.50")) for number in (1, 2, 3)),
            None,
            currency,
        ),
        "steps": (Step(3, money("420.50")),),
        "total": money("2523.00"),
        "url": "https://pay.example.com/p/7Q2M",
        "waived": Balance(money("0.00"), money("61.20"), money("35.00")),
        "ways": "网银转账或手机银行" if language == "zh" else "bank transfer or the app",
    }
