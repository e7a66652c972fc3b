"""What the negotiator's tests share: two cases, their limits, ids in order, and any ask at all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import strategies as st

from core.calendar import Frequency
from core.money import Money
from core.negotiation import Ask, CaseFacts, DatedStep, Finances, Payday
from core.plans import Balance, Step
from core.policy import DEFAULT_VERSION, Grant, Limits, Market, select

TODAY = date(2026, 11, 23)


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def lin(**changes: Any) -> CaseFacts:
    """16,600 yuan on a card, as in the scripted conversation."""
    base = CaseFacts(
        market="cn",
        product="credit_card",
        balance=Balance(cny("15600"), cny("820"), cny("180")),
        days_past_due=48,
        today=TODAY,
    )
    return replace(base, **changes)


def dana(**changes: Any) -> CaseFacts:
    """2,400 dollars on a card."""
    base = CaseFacts(
        market="us",
        product="credit_card",
        balance=Balance(usd("2100"), usd("220"), usd("80")),
        days_past_due=75,
        today=TODAY,
    )
    return replace(base, **changes)


def granted(case: CaseFacts, **changes: Any) -> Grant:
    """The shipped limits of the case with changes."""
    found = select(DEFAULT_VERSION, case.market, case.product)
    assert found is not None
    return replace(found, limits=replace(found.limits, **changes))


def ids() -> Iterator[str]:
    return (f"o{number}" for number in count(1))


_CURRENCIES: dict[Market, str] = {"cn": "CNY", "us": "USD", "uk": "GBP"}
_SHARES = st.integers(0, 100).map(lambda hundredths: Decimal(hundredths) / 100)
_LEAST_SHARES = st.integers(1, 100).map(lambda hundredths: Decimal(hundredths) / 100)
PAYDAYS = st.one_of(
    st.integers(1, 31).map(lambda day: Payday(day=day)),
    st.just(Payday(day=-1)),
    st.integers(0, 6).map(lambda weekday: Payday(weekday=weekday)),
)


def sums(currency: str, most: int = 5_000_000) -> st.SearchStrategy[Money]:
    return st.integers(0, most).map(lambda minor: Money(minor, currency))


@st.composite
def limits(draw: st.DrawFn, *, interest: bool = False) -> Limits:
    """Any limits that could be published."""
    term = draw(st.integers(1, 1800))
    return Limits(
        min_settlement_share=draw(_LEAST_SHARES),
        min_settlement_share_instalments=draw(_LEAST_SHARES),
        max_instalments=draw(st.integers(1, 60)),
        max_term_days=term,
        min_instalment=Decimal(draw(st.integers(0, 500))),
        min_first_payment_share=draw(_SHARES),
        max_days_to_first_payment=draw(st.integers(0, min(term, 90))),
        max_extension_days=draw(st.integers(0, min(term, 90))),
        max_fee_waiver_share=draw(_SHARES),
        max_interest_waiver_share=draw(_SHARES),
        max_penalty_waiver_share=draw(_SHARES),
        frequencies=tuple(draw(st.lists(st.sampled_from(Frequency), min_size=1, unique=True))),
        promise_max_days=draw(st.integers(0, 60)),
        promise_min_share=draw(_SHARES),
        plan_interest=Decimal(draw(st.integers(1, 24))) / 100 if interest else Decimal(0),
        min_settlement_amount=Decimal(draw(st.just(0) | st.integers(0, 60_000))),
        min_first_payment_amount=Decimal(draw(st.just(0) | st.integers(0, 6_000))),
    )


@st.composite
def cases(draw: st.DrawFn) -> CaseFacts:
    """Any debt with anything told of the person's money."""
    market = draw(st.sampled_from(sorted(_CURRENCIES)))
    currency = _CURRENCIES[market]
    principal = Money(draw(st.integers(1, 5_000_000)), currency)
    money = st.none() | sums(currency, 1_000_000)
    return CaseFacts(
        market=market,
        product="credit_card",
        balance=Balance(principal, *(draw(sums(currency, 100_000)) for _ in range(3))),
        days_past_due=draw(st.integers(0, 900)),
        today=TODAY + timedelta(days=draw(st.integers(0, 400))),
        finances=Finances(
            income=draw(money),
            spending=draw(money),
            affordable=draw(money),
            payday=draw(st.none() | PAYDAYS),
        ),
        extensions=draw(st.integers(0, 4)),
    )


@st.composite
def asks(draw: st.DrawFn, case: CaseFacts) -> Ask:
    """Any ask, sensible or not."""
    days = st.integers(-60, 900).map(lambda n: case.today + timedelta(days=n))
    parts: dict[str, st.SearchStrategy[Any]] = {
        "instalment": sums(case.currency),
        "at_most": st.booleans(),
        "frequency": st.sampled_from(Frequency),
        "count": st.integers(-2, 5000),
        "first_due": days,
        "payday": PAYDAYS,
        "total": sums(case.currency),
        "share": st.integers(-10, 150).map(lambda hundredths: Decimal(hundredths) / 100),
        "down_payment": sums(case.currency),
        "until": days,
        "term_days": st.integers(-10, 4000),
        "waive_fees": st.booleans(),
        "waive_interest": st.booleans(),
        "waive_penalty": st.booleans(),
        "discount": st.booleans(),
        "steps": st.lists(st.builds(Step, st.integers(1, 30), sums(case.currency).filter(bool)), max_size=3).map(tuple),
        "dated_steps": st.lists(st.builds(DatedStep, days, sums(case.currency).filter(bool)), max_size=2).map(tuple),
        "waived_fees": sums(case.currency),
        "waived_interest": sums(case.currency),
        "waived_penalty": sums(case.currency),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(parts)), max_size=4, unique=True))
    return Ask(**{name: draw(parts[name]) for name in chosen})
