from pathlib import Path
from typing import Any

import pytest
import yaml

from parley.vectors import run_vectors

FILE = Path(__file__).parent / "data" / "calculator.yaml"
ROWS: dict[tuple[str, str], dict[str, Any]] = {
    (section, row["id"]): row
    for section, rows in yaml.safe_load(FILE.read_text(encoding="utf-8")).items()
    if isinstance(rows, list)
    for row in rows
}
ANSWERS = {(answer["section"], answer["id"]): answer for answer in run_vectors(FILE)}
DAY_COUNTS = ("act", "d30_360_us", "d30e_360", "act_365_interest", "act_360_interest", "d30_360_interest")


def decimals_of(value: Any) -> int:
    text = str(value)
    return len(text.split(".")[1]) if "." in text else 0


def assert_matches(expected: Any, computed: Any, decimals: int | None = None) -> None:
    if isinstance(expected, dict):
        for name, value in expected.items():
            stated = {"apr_pct": expected.get("decimals"), "apr_pct_exact": expected.get("exact_decimals")}.get(
                name, decimals
            )
            assert_matches(value, computed[name], stated)
    elif isinstance(expected, list):
        assert len(expected) == len(computed)
        for left, right in zip(expected, computed, strict=True):
            assert_matches(left, right)
    elif isinstance(expected, int | float) and not isinstance(expected, bool):
        places = max(decimals_of(expected), 2) if decimals is None else decimals
        assert abs(expected - computed) <= 0.5000001 * 10**-places, (expected, computed)
    else:
        assert expected == computed


@pytest.mark.parametrize("key", ROWS, ids="/".join)
def test_every_worked_example_is_recomputed_at_its_stated_precision(key: tuple[str, str]) -> None:
    row, computed = ROWS[key], ANSWERS[key]["computed"]
    assert "error" not in ANSWERS[key]
    answers = [name for name in ("right", "dates", "offers", *DAY_COUNTS) if name in row]
    if key[0] == "us_actuarial":
        answers = []
    if key[0] == "xirr":
        assert_matches(row["expected"], computed, 3 if key[1] != "xirr-excel-doc" else 6)
    elif "expected" in row:
        assert_matches(row["expected"], computed)
    for name in answers:
        assert_matches(row[name], computed[name])
    assert "expected" in row or answers
    if "computed_apr_pct" in row:
        assert computed["apr_pct"] == pytest.approx(row["computed_apr_pct"], abs=6e-7)


def test_a_row_that_cannot_be_computed_says_why_and_the_rest_go_on(tmp_path: Path) -> None:
    path = tmp_path / "rows.yaml"
    path.write_text(
        """
unheard_of: [{id: a}]
instalments:
- {id: b, type: tontine}
- {id: c, type: annuity}
- {id: d, type: zero_interest_split, principal: 875, n: 3, expected: {first_payment: 291.67, last_payment: 291.66}}
- nonsense
""",
        encoding="utf-8",
    )
    answers = list(run_vectors(path))
    assert [answer["computed"] for answer in answers if answer["id"] != "d"] == [None] * 4
    assert all(answer["error"] for answer in answers if answer["id"] != "d")
    assert answers[3]["computed"] == {"first_payment": 291.67, "last_payment": 291.66}


def test_other_rows_of_the_same_kinds_are_computed_by_their_rule(tmp_path: Path) -> None:
    path = tmp_path / "rows.yaml"
    path.write_text(
        """
payment_allocation:
- {id: costs, rule: 'CN-ALLOC-1 民法典561: costs, interest, principal', payment: 400,
   balances: {principal: 5000, interest: 300, costs: 50}, expected: {costs: 50, interest: 300, principal: 50}}
- {id: card90, rule: 'CN-ALLOC-2 card', overdue_days: 90, payment: 400,
   balances: {interest: 300, fees: 120, principal: 5000}, expected: {interest: 300, fees: 100, principal: 0}}
- {id: prorata, rule: pro rata, payment: 100, balances: {interest: 100, fees: 100, principal: 100},
   expected: {interest: 33.34, fees: 33.33, principal: 33.33}}
- {id: contract, rule: 'contract order: fees, principal, interest', payment: 150,
   balances: {interest: 300, fees: 120, principal: 5000}, expected: {fees: 120, principal: 30, interest: 0}}
- {id: chosen, rule: 民法典560, designated: A, payment: 1200, debts: [
   {id: A, rate_pct: 12, due: '2025-01-10', balance: 1000}, {id: B, rate_pct: 18, due: '2025-03-10', balance: 1000}],
   expected: {A: 1000, B: 200}}
- {id: penalty, rule: '民法典561: costs, interest, principal', payment: 400,
   balances: {principal: 5000, interest: 300, costs: 50, penalty: 70},
   expected: {costs: 50, interest: 300, penalty: 50, principal: 0}}
day_count:
- {id: feb, start: '2023-02-28', end: '2024-02-29', act: 366, d30_360_us: 360, d30e_360: 361}
- {id: leap-end, start: '2024-02-29', end: '2024-03-31', act: 31, d30_360_us: 30, d30e_360: 31}
xirr:
- {id: leap, cashflows: [{date: '2024-02-29', amount: -1000}, {date: '2025-02-28', amount: 1100}],
   expected: {xirr_pct: 10.0}}
- {id: loss, cashflows: [{date: '2024-01-01', amount: -1000}, {date: '2024-12-31', amount: 1}],
   expected: {xirr_pct: -99.9}}
due_dates:
- {id: anchored, rule: anchor 31, start: '2024-02-29', expected: ['2024-02-29', '2024-03-31', '2024-04-30']}
- {id: left, rule: 'none: unadjusted', dates: {'2025-05-31': '2025-05-31'},
   expected: {dates: {'2025-05-31': '2025-05-31'}}}
- {id: series, rule: 'following, China', start: '2025-09-04', expected: ['2025-09-04', '2025-10-09', '2025-11-04']}
- {id: fortnight, start: '2025-01-31', step: fortnightly, expected: ['2025-01-31', '2025-02-14']}
- {id: semi, start: '2025-01-01', step: semi-monthly, expected: ['2025-01-01', '2025-01-16', '2025-02-01']}
- {id: quarter, start: '2024-11-30', step: quarterly, expected: ['2024-11-30', '2025-02-28', '2025-05-30']}
instalments:
- {id: yen, type: zero_interest_split, principal: 50000, n: 60, currency: JPY,
   expected: {first_payment: 833, last_payment: 853, count: 60, sum: 50000}}
- {id: dinar, type: zero_interest_split, principal: 100, n: 3, currency: KWD,
   expected: {first_payment: 33.333, last_payment: 33.334}}
- {id: equal, type: equal_principal, principal: 200000, nominal_rate_pct: 6, periods_per_year: 12, n: 240,
   expected: {first_payment: 1833.33, second_payment: 1829.17, last_payment: 837.50}}
- {id: balloon, type: annuity_balance, principal: 200000, nominal_rate_pct: 6, n: 360, k: 180,
   expected: {balance: 142097.69}}
- {id: daily, type: daily_simple_interest, principal: 100, daily_rate_pct: 0.798, due_days: [16, 47, 78, 107],
   expected: {level: 38.02, final: 38.00, total_interest: 52.06}}
eu_uk_aprc:
- {id: dated, cashflows: [{date: '1994-01-01', amount: 1000}, {date: '1995-07-01', amount: -1200}],
   expected: {apr_pct: 12.96, decimals: 2}}
- {id: ec-16, advances: [{amount: 200000, first_month: 0}], payments: [{amount: 4000, first_month: 0}],
   generated_payments: {rule: 'as 14; month 180 clears balance', first: 5000},
   expected: {apr_pct_exact: 6.822923, exact_decimals: 6}}
""",
        encoding="utf-8",
    )
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    for answer in run_vectors(path):
        row = next(row for row in rows[answer["section"]] if row["id"] == answer["id"])
        expected = row.get("expected") or {name: row[name] for name in DAY_COUNTS if name in row}
        assert answer.get("error") is None
        assert_matches(expected, answer["computed"])


def test_absurd_rows_are_refused_in_words_and_cost_the_others_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rows.yaml"
    path.write_text(
        """
instalments:
- {id: negative, type: annuity, principal: -5, nominal_rate_pct: 6, n: 12}
- {id: never, type: annuity, principal: 5, nominal_rate_pct: 6, n: 0}
- {id: paid, type: annuity, principal: 500, nominal_rate_pct: -6, n: 12}
- {id: dust, type: zero_interest_split, principal: 0.01, n: 3}
payment_allocation:
- {id: back, rule: 民法典561, balances: {costs: 10, principal: 50}, payment: -4}
due_dates:
- {id: often, step: sometimes, start: '2025-01-31', expected: ['2025-01-31']}
- {id: day, step: monthly, start: '2025-02-30', expected: ['2025-02-28']}
xirr:
- {id: one-way, cashflows: [{date: '2024-01-01', amount: 10}, {date: '2025-01-01', amount: 10}]}
""",
        encoding="utf-8",
    )
    answers = {answer["id"]: answer for answer in run_vectors(path)}
    assert all(answer["computed"] is None and len(answer["error"]) > 20 for answer in answers.values())
    assert len(answers) == 8


def test_rows_that_an_outsider_may_write_are_computed_too(tmp_path: Path) -> None:
    path = tmp_path / "rows.yaml"
    path.write_text(
        """
instalments:
- {id: yen, type: annuity, principal: 100000, currency: JPY, nominal_rate_pct: 12, n: 12,
   expected: {first_payment: 8885, last_payment: 8884}}
- {id: free, type: annuity, principal: 1200, nominal_rate_pct: 0, n: 12, expected: {instalment: 100}}
- {id: once, type: annuity, principal: 1200, nominal_rate_pct: 12, n: 1, expected: {instalment: 1212}}
- {id: century, type: annuity, principal: 200000, nominal_rate_pct: 6, n: 1200, expected: {instalment: 1002.52}}
- {id: weekly, type: annuity, principal: 5200, nominal_rate_pct: 5.2, periods_per_year: 52, n: 52,
   expected: {instalment: 102.67}}
- {id: fee, type: flat_fee_instalment, principal: 12000, n: 1, fee_rate_per_period_pct: 0.6,
   expected: {first_payment: 12072, total_fee: 72, irr_monthly_pct: 0.6, apr_nominal_x12_pct: 7.2}}
payment_allocation:
- {id: secured, rule: 民法典560, payment: 1200, debts: [
   {id: A, rate_pct: 18, due: '2025-01-10', balance: 1000, secured: true},
   {id: B, rate_pct: 12, due: '2025-03-10', balance: 1000}], expected: {A: 200, B: 1000}}
- {id: due, rule: 民法典560, as_of: '2025-02-01', payment: 1200, debts: [
   {id: A, rate_pct: 12, due: '2025-01-10', balance: 1000},
   {id: B, rate_pct: 18, due: '2025-03-10', balance: 1000}], expected: {A: 1000, B: 200}}
due_dates:
- {id: leap, rule: anchor 29, start: '2024-01-29', expected: ['2024-01-29', '2024-02-29', '2024-03-29']}
- {id: spring26, rule: China calendar 调休,
   dates: {'2026-02-14': '2026-02-14', '2026-02-15': '2026-02-24', '2026-02-28': '2026-02-28'},
   expected: {dates: {'2026-02-14': '2026-02-14', '2026-02-15': '2026-02-24', '2026-02-28': '2026-02-28'}}}
- {id: spring25, rule: China following, dates: {'2025-01-28': '', '2025-02-08': ''},
   expected: {dates: {'2025-01-28': '2025-02-05', '2025-02-08': '2025-02-08'}}}
- {id: before, rule: China preceding, dates: {'2025-10-04': ''}, expected: {dates: {'2025-10-04': '2025-09-30'}}}
- {id: scotland, rule: Scotland following, dates: {'2026-01-02': '', '2025-08-25': ''},
   expected: {dates: {'2026-01-02': '2026-01-05', '2025-08-25': '2025-08-25'}}}
- {id: ulster, rule: Northern Ireland following, dates: {'2025-07-12': ''},
   expected: {dates: {'2025-07-12': '2025-07-15'}}}
us_actuarial:
- {id: free, unit_periods_per_year: 12, advances: [{amount: 1000, t: 0, f: 0/1}],
   payments: [{amount: 100, count: 10, t: 1, f: 0/1}], expected: {apr_pct: 0.0, decimals: 2}}
""",
        encoding="utf-8",
    )
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    for answer in run_vectors(path):
        row = next(row for row in rows[answer["section"]] if row["id"] == answer["id"])
        assert answer.get("error") is None
        assert_matches(row["expected"], answer["computed"])
