"""What law allows at most, whoever asks: ceilings over the managers' limits, each dated and with its source."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.policy.limits import Limits, Market


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """The most that `field` may be in `market` from `since` on; `rule` and `source` say where it stands."""

    market: Market
    field: str
    at_most: Decimal
    rule: str
    source: str
    since: date


CEILINGS: tuple[Ceiling, ...] = (
    Ceiling(
        market="cn",
        field="max_instalments",
        at_most=Decimal(60),
        rule="CN-70-2",
        source="商业银行信用卡业务监督管理办法 art. 70: at most five years, 60 monthly instalments",
        since=date(2011, 1, 13),
    ),
    Ceiling(
        market="cn",
        field="max_term_days",
        at_most=Decimal(1826),
        rule="CN-70-2",
        source="商业银行信用卡业务监督管理办法 art. 70: at most five years",
        since=date(2011, 1, 13),
    ),
    Ceiling(
        market="cn",
        field="plan_interest",
        at_most=Decimal("0.24"),
        rule="CN-RATE-3",
        source="法发〔2017〕22号: 24 % a year, all in (to be confirmed)",
        since=date(2017, 8, 4),
    ),
)


def legal_ceilings(market: str, ceilings: Iterable[Ceiling] = CEILINGS) -> dict[str, Ceiling]:
    """The ceilings of a market by field; where a field has two, the lower."""
    found: dict[str, Ceiling] = {}
    for ceiling in ceilings:
        known = found.get(ceiling.field)
        if ceiling.market == market and (known is None or ceiling.at_most < known.at_most):
            found[ceiling.field] = ceiling
    return found


def under_ceilings(limits: Limits, market: str, ceilings: Iterable[Ceiling] = CEILINGS) -> Limits:
    """The same limits, each held down to the market's legal ceiling."""
    kinds = {field.name: type(getattr(limits, field.name)) for field in fields(limits)}
    lower: dict[str, Any] = {
        name: kinds[name](ceiling.at_most)
        for name, ceiling in legal_ceilings(market, ceilings).items()
        if getattr(limits, name) > ceiling.at_most
    }
    return replace(limits, **lower)
