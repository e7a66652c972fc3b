"""One limit as a table: what holds for each balance and each bucket of days past due, and which rule says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from console.rule_form import address_of
from core.errors import NotFound
from core.policy import (
    ASKERS,
    BUCKETS,
    FIELDS,
    SEGMENTS,
    Asker,
    Band,
    Bucket,
    Market,
    PolicyVersion,
    Rule,
    RuleFacts,
    Segment,
    choose,
)
from core.policy.limits import STRICTEST

_CUTS = {"cn": (0, 5_000, 10_000, 30_000, 50_000, 100_000), "us": (0, 500, 1_000, 3_000, 5_000, 10_000)}
_DAYS_A_BUCKET = 30


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which table: a market, a limit, a product (None: those without a rule of their own), the person, who asks."""

    market: Market
    limit: str
    product: str | None = None
    segment: Segment | None = None
    role: Asker | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What holds for a band and a bucket; `value` is None where nothing may be granted. `own` where a finer rule than
    the product's gives it; `address` is where a rule for just these cases is edited."""

    value: Any
    rule: str
    own: bool
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """A band of balances and its cells, a bucket each."""

    band: Band
    by_bucket: Sequence[tuple[Bucket, Cell]]


def read_choice(named: Mapping[str, str]) -> Chosen:
    """The table that an address names; NotFound for a market, limit, segment or role that is not known."""
    market, limit = named.get("market", "cn"), named.get("limit", FIELDS[0])
    segment, role = named.get("segment", ""), named.get("role", "")
    markets: dict[str, Market] = {"cn": "cn", "us": "us", "uk": "uk"}
    person = next((each for each in SEGMENTS if each == segment), None)
    asker = next((each for each in ASKERS if each == role), None)
    if market not in markets or limit not in FIELDS or bool(segment) != bool(person) or bool(role) != bool(asker):
        raise NotFound("There is no such table.", market=market, limit=limit)
    return Chosen(markets[market], limit, named.get("product") or None, person, asker)


def table(version: PolicyVersion, chosen: Chosen) -> list[Row]:
    """A row for each band that the rules of the market cut balances into, at least six."""
    return [
        Row(band, [(bucket, _cell(version, chosen, band, bucket)) for bucket in BUCKETS])
        for band in _bands(version, chosen)
    ]


def _bands(version: PolicyVersion, chosen: Chosen) -> list[Band]:
    cuts = {Decimal(cut) for cut in _CUTS.get(chosen.market, _CUTS["us"])}
    for rule in version.rules:
        if rule.market == chosen.market and rule.band is not None:
            cuts |= {rule.band.least} | ({rule.band.below} if rule.band.below is not None else set())
    edges = sorted(cuts)
    return [Band(least, below) for least, below in zip(edges, (*edges[1:], None), strict=True)]


def _cell(version: PolicyVersion, chosen: Chosen, band: Band, bucket: Bucket) -> Cell:
    facts = RuleFacts(
        market=chosen.market,
        product=chosen.product,
        days_past_due=BUCKETS.index(bucket) * _DAYS_A_BUCKET,
        balance=band.least,
        segments=frozenset((chosen.segment,)) if chosen.segment else frozenset(),
        role=chosen.role,
    )
    grant = choose(version, facts)
    wanted = Rule(
        chosen.market,
        chosen.product,
        STRICTEST,
        bucket=bucket,
        band=band,
        segment=chosen.segment,
        role=chosen.role,
    )
    if grant is None:
        return Cell(None, "", False, address_of(wanted))
    source = grant.source(chosen.limit)
    plain = {Rule(chosen.market, product, STRICTEST).id for product in (None, chosen.product)}
    return Cell(getattr(grant.limits, chosen.limit), source, source not in plain, address_of(wanted))
