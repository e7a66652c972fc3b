"""Offers as plain JSON, whole for storage and short for scripts and screens."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.calendar import DayRule, Frequency
from core.money import Money
from core.negotiation.types import Offer
from core.plans import Balance, Component, DayCount, Method, Remainder, Step, Terms, build_schedule
from core.policy import facts_from_json, facts_to_json


def offer_to_json(offer: Offer) -> dict[str, Any]:
    """Every field; sums as minor units and currency. The schedule is left out: its terms bring it back exactly."""
    return {
        "id": offer.id,
        "kind": offer.kind,
        "terms": terms_to_json(offer.terms),
        "balance": {part.value: _money(owed) for part, owed in offer.balance.by_component().items()},
        "discount": _money(offer.discount),
        "apr": str(offer.apr),
        "rule": offer.rule,
        "policy_version": offer.policy_version,
        "because": list(offer.because),
        "waived_fees": _money(offer.waived_fees),
        "waived_interest": _money(offer.waived_interest),
        **({} if offer.waived_penalty is None else {"waived_penalty": _money(offer.waived_penalty)}),
        **({"extensions": offer.extensions} if offer.extensions else {}),
        **({} if offer.rule_facts is None else {"rule_facts": facts_to_json(offer.rule_facts)}),
    }


def offer_from_json(data: Mapping[str, Any]) -> Offer:
    """Reads `offer_to_json`'s form back exactly."""
    terms = terms_from_json(data["terms"])
    balance = data["balance"]
    return Offer(
        id=data["id"],
        kind=data["kind"],
        terms=terms,
        schedule=build_schedule(terms),
        balance=Balance(**{part.value: _sum(balance[part.value]) for part in Component if part.value in balance}),
        discount=_sum(data["discount"]),
        apr=Decimal(data["apr"]),
        rule=data["rule"],
        policy_version=int(data["policy_version"]),
        because=tuple(data.get("because", ())),
        waived_fees=_read(data.get("waived_fees")),
        waived_interest=_read(data.get("waived_interest")),
        rule_facts=facts_from_json(data["rule_facts"]) if data.get("rule_facts") else None,
        waived_penalty=_read(data.get("waived_penalty")),
        extensions=int(data.get("extensions", 0)),
    )


def offer_summary(offer: Offer) -> dict[str, Any]:
    """An offer as scripts print it: sums as decimal strings, `total` all that is paid, the down payment apart."""
    down = offer.schedule.down_payment
    return {
        "id": offer.id,
        "total": offer.schedule.total.to_text(),
        "discount": offer.discount.to_text(),
        "down_payment": (down.amount if down else Money.zero(offer.total.currency)).to_text(),
        "frequency": offer.terms.frequency.value,
        "instalments": [
            {"due": line.due.isoformat(), "amount": line.amount.to_text()} for line in offer.schedule.instalments
        ],
        "apr": format(offer.apr, "f"),
        **_waived_summary(offer),
    }


def _waived_summary(offer: Offer) -> dict[str, Any]:
    """What is waived by name, where anything is."""
    parts = {part.value: money.to_text() for part, money in offer.waived.by_component().items() if money}
    return {"waived": parts} if parts else {}


def terms_to_json(terms: Terms) -> dict[str, Any]:
    """Every field of the terms; dates ISO, sums as minor units and currency."""
    return {
        "total": _money(terms.total),
        "count": terms.count,
        "frequency": terms.frequency.value,
        "first_due": terms.first_due.isoformat(),
        "down_payment": _money(terms.down_payment),
        "down_payment_due": _day(terms.down_payment_due),
        "anchor_day": terms.anchor_day,
        "annual_rate": str(terms.annual_rate),
        "whole_units": terms.whole_units,
        "instalment": _money(terms.instalment),
        "method": terms.method.value,
        "day_count": terms.day_count.value,
        "starts": _day(terms.starts),
        "rule": terms.rule.value,
        "market": terms.market,
        "steps": [[step.count, _money(step.amount)] for step in terms.steps],
        "balloon": _money(terms.balloon),
        "remainder": terms.remainder.value,
        "rounding": terms.rounding,
        "level_rounding": terms.level_rounding,
        "days_after": terms.days_after,
        "interest_on_moved_days": terms.interest_on_moved_days,
    }


def terms_from_json(data: Mapping[str, Any]) -> Terms:
    """Reads `terms_to_json`'s form back exactly; what an older form does not say is as it was then."""
    return Terms(
        total=_sum(data["total"]),
        count=int(data["count"]),
        frequency=Frequency(data["frequency"]),
        first_due=date.fromisoformat(data["first_due"]),
        down_payment=_sum(data["down_payment"]),
        down_payment_due=_date(data["down_payment_due"]),
        anchor_day=data["anchor_day"],
        annual_rate=Decimal(data["annual_rate"]),
        whole_units=bool(data["whole_units"]),
        instalment=_read(data["instalment"]),
        method=Method(data["method"]),
        day_count=DayCount(data["day_count"]),
        starts=_date(data["starts"]),
        rule=DayRule(data["rule"]),
        market=data["market"],
        steps=tuple(Step(int(count), _sum(amount)) for count, amount in data.get("steps", ())),
        balloon=_read(data.get("balloon")),
        remainder=Remainder(data.get("remainder", Remainder.LAST)),
        rounding=data.get("rounding", ROUND_HALF_UP),
        level_rounding=data.get("level_rounding", ROUND_HALF_UP),
        days_after=int(data.get("days_after", 0)),
        interest_on_moved_days=bool(data.get("interest_on_moved_days", False)),
    )


def _money(money: Money | None) -> list[object] | None:
    return None if money is None else [money.minor, money.currency]


def _sum(data: Any) -> Money:
    return Money(int(data[0]), str(data[1]))


def _read(data: Any) -> Money | None:
    return None if data is None else _sum(data)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
