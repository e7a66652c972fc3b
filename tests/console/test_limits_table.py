"""One limit as a table of balances and days past due: every cell is what a case there would be granted."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.limits_table import Chosen, read_choice, table
from core.errors import NotFound
from core.policy import BUCKETS, DEFAULT_VERSION, Band, PolicyVersion, Rule, RuleFacts, choose
from tests.console.conftest import SignIn, words

LIMIT = "min_settlement_share"
BASE = next(rule for rule in DEFAULT_VERSION.rules if rule.market == "us" and rule.product is None)
FINER = Rule("us", "credit_card", BASE.limits, bucket="M3", band=Band(Decimal(2000), Decimal(3000))).giving(
    {LIMIT: Decimal("0.45")}
)
VERSION = PolicyVersion(2, (*DEFAULT_VERSION.rules, FINER))


def test_a_finer_rule_shows_in_its_cells_alone_and_cuts_the_bands() -> None:
    rows = table(VERSION, Chosen("us", LIMIT, "credit_card"))
    own = [(row.band.text, bucket, cell.value) for row in rows for bucket, cell in row.by_bucket if cell.own]
    assert own == [("2000-3000", "M3", Decimal("0.45"))]
    assert len(rows) >= 6
    assert [row.band.least for row in rows] == sorted(row.band.least for row in rows)
    assert rows[-1].band.below is None


def test_where_nothing_may_be_granted_the_cells_are_empty() -> None:
    rules = tuple(rule for rule in DEFAULT_VERSION.rules if rule.market != "uk")
    rows = table(replace(DEFAULT_VERSION, rules=rules), Chosen("uk", LIMIT))
    assert {cell.value for row in rows for _, cell in row.by_bucket} == {None}


@given(st.decimals(0, 20_000, places=2), st.integers(-10, 400))
def test_a_cell_is_what_a_case_there_would_be_granted(balance: Decimal, days: int) -> None:
    grant = choose(VERSION, RuleFacts("us", "credit_card", days_past_due=days, balance=balance))
    assert grant is not None
    row = next(row for row in table(VERSION, Chosen("us", LIMIT, "credit_card")) if row.band.holds(balance))
    bucket = BUCKETS[min(-(-max(days, 0) // 30), len(BUCKETS) - 1)]
    assert dict(row.by_bucket)[bucket].value == grant.limits.min_settlement_share


@pytest.mark.parametrize("wrong", [{"market": "fr"}, {"limit": "no_limit"}, {"segment": "rich"}, {"role": "nobody"}])
def test_a_table_that_there_is_not_is_not_found(wrong: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        read_choice(wrong)


async def test_each_cell_leads_to_the_rule_for_just_these_cases(sign_in: SignIn) -> None:
    browser = await sign_in("max")
    page = await browser.get("/limits/table?market=us&limit=min_settlement_share&product=credit_card")
    assert page.status_code == 200
    address = re.search(r'href="(/limits/edit\?[^"]*bucket=M2[^"]*)"', page.text)
    assert address
    edited = await browser.get(address[1].replace("&amp;", "&"))
    assert edited.status_code == 200
    assert "M2" in words(edited.text)
    seen = await (await sign_in("sue")).get("/limits/table")
    assert "/limits/edit" not in seen.text
    assert (await browser.get("/limits/table?market=fr")).status_code == 404
