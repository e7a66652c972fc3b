"""Two versions of the limits on live cases: the same people under both, what changed for whom, and by which rule."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.lab.bargaining import negotiate
from core.lab.codec import case_from_json, case_to_json, comparison_from_json, comparison_to_json
from core.lab.compared import LEAST_IN_GROUP, both, compared
from core.lab.measures import FIGURES
from core.lab.parameters import DEFAULTS
from core.lab.portfolio import (
    Comparison,
    LiveCase,
    Pair,
    age_band,
    can_be_simulated,
    changed_limits,
    compare,
    groups_of,
    seen,
)
from core.lab.strategies import STRATEGIES
from core.money import Money
from core.plans import Balance
from core.policy import DEFAULT_VERSION, PolicyVersion, Rule, RuleFacts, choose, diff, with_rule, without_rule
from tests.unit.test_lab import debtor
from tests.unit.test_lab_report import agreed, result

TODAY = date(2026, 11, 23)


def case(key: int, **changes: Any) -> LiveCase:
    """A Chinese card debt, 45 days past due, of some thousands."""
    owed = Money(400000 + key * 50000, "CNY")
    facts = RuleFacts("cn", "credit_card", "Bank", 45, owed.decimal, frozenset(), "bot")
    known = LiveCase(key=key, facts=facts, balance=Balance.of_principal(owed), today=TODAY)
    return replace(known, **changes)


def version(**limits: Any) -> PolicyVersion:
    """The shipped limits with others for China's cards."""
    [rule] = [rule for rule in DEFAULT_VERSION.rules if rule.id == "cn/credit_card"]
    return replace(with_rule(DEFAULT_VERSION, replace(rule, limits=replace(rule.limits, **limits))), number=2)


def finer(**given: Any) -> PolicyVersion:
    """The shipped limits with a finer rule for China's cards of the second month."""
    [rule] = [rule for rule in DEFAULT_VERSION.rules if rule.id == "cn/credit_card"]
    return with_rule(DEFAULT_VERSION, replace(rule, bucket="M2").giving(given))


def comparison(after: PolicyVersion, **changes: Any) -> Comparison:
    return Comparison(before=DEFAULT_VERSION, after=after, **changes)


CASES = [case(key) for key in range(40)]
SHORT = version(max_instalments=6)


def test_the_same_seed_says_the_same_however_the_cases_are_shared_out() -> None:
    whole = compare(comparison(SHORT, seed=7, draws=2), CASES)
    parts = [pair for at in range(0, 40, 9) for pair in compare(comparison(SHORT, seed=7, draws=2), CASES[at : at + 9])]
    assert whole == parts
    assert whole != compare(comparison(SHORT, seed=8, draws=2), CASES)


def test_a_case_meets_the_same_people_whatever_the_versions() -> None:
    one = compare(comparison(SHORT), CASES)
    other = compare(comparison(version(max_instalments=12)), CASES)
    assert [pair.before for pair in one] == [pair.before for pair in other]


def test_where_nothing_differs_nothing_changes() -> None:
    pairs = compare(comparison(replace(DEFAULT_VERSION, number=9)), CASES)
    assert not any(pair.changed or pair.other_offers or pair.other_end for pair in pairs)
    assert all(pair.before is pair.after for pair in pairs)
    report = compared(comparison(replace(DEFAULT_VERSION, number=9)), pairs)
    assert report["other"] == {"limits": 0, "offers": 0, "ends": 0}
    assert report["rules"] == []
    assert report["parts"][0]["figures"]["agreed"]["gap"] == {"mean": 0.0, "low": 0.0, "high": 0.0}


def test_shorter_plans_are_offered_to_all_and_agreed_by_fewer() -> None:
    pairs = compare(comparison(SHORT, draws=5), CASES)
    report = compared(comparison(SHORT, draws=5), pairs)
    assert (report["cases"], report["people"], report["other"]["limits"]) == (40, 200, 40)
    assert 0 < report["other"]["ends"] <= report["other"]["offers"] <= 40
    gap = report["parts"][0]["figures"]["agreed"]["gap"]
    assert gap["high"] < 0
    assert report["rules"] == [
        {
            "rule": "cn/credit_card",
            "fields": ["max_instalments"],
            "untested": [],
            "cases": 40,
            "offers": report["other"]["offers"],
        }
    ]


def test_a_limit_that_nobody_asks_about_changes_limits_and_no_offers() -> None:
    after = version(promise_max_days=3)
    report = compared(comparison(after), compare(comparison(after), CASES))
    assert report["other"] == {"limits": 40, "offers": 0, "ends": 0}
    assert report["rules"][0]["untested"] == ["promise_max_days"]


def grants(before: PolicyVersion, after: PolicyVersion, **facts: Any) -> Any:
    known = replace(CASES[0].facts, **facts)
    touched = frozenset((change.rule, change.field) for change in diff(before, after))
    return changed_limits(choose(before, known), choose(after, known), touched)


def test_a_changed_limit_is_the_doing_of_the_rule_that_gives_it_or_that_is_gone() -> None:
    [added, removed] = [finer(max_instalments=3), without_rule(finer(max_instalments=3), "cn/credit_card/M2")]
    assert grants(DEFAULT_VERSION, added) == (("cn/credit_card/M2", ("max_instalments",)),)
    assert grants(added, removed) == (("cn/credit_card/M2", ("max_instalments",)),)
    assert grants(DEFAULT_VERSION, SHORT) == (("cn/credit_card", ("max_instalments",)),)
    assert grants(DEFAULT_VERSION, added, days_past_due=200) == ()


def test_a_market_without_limits_is_left_to_people() -> None:
    nothing = replace(DEFAULT_VERSION, rules=tuple(rule for rule in DEFAULT_VERSION.rules if rule.market != "cn"))
    [pair] = compare(comparison(nothing), [case(1)])
    assert (pair.after.outcome, pair.after.rounds, pair.after.value) == ("person", 1, pair.after.value)
    assert pair.changed[0][0] == "cn/credit_card"
    assert grants(nothing, nothing) == ()


def test_groups_are_those_on_file_and_drawn_where_nothing_is() -> None:
    [known] = compare(comparison(SHORT), [case(1, language="en", age="60+")])
    assert known.groups == ("en", "60+", "M2", "credit_card", "")
    [unknown] = compare(comparison(SHORT), [case(1)])
    assert unknown.groups[0] in ("zh", "en")
    facts = replace(CASES[0].facts, segments=frozenset({"hardship", "broken_plan"}))
    assert groups_of(case(1, facts=facts), debtor())[4] == "broken_plan"


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(1996, 11, 24), "18-29"),
        (date(1996, 11, 23), "30-44"),
        (date(1966, 12, 1), "45-59"),
        (date(1950, 1, 1), "60+"),
    ],
)
def test_a_band_of_age_begins_on_the_birthday(born: date, band: str) -> None:
    assert age_band(born, TODAY) == band


def test_people_are_simulated_for_the_currencies_of_the_markets() -> None:
    assert can_be_simulated(case(1))
    assert not can_be_simulated(case(1, balance=Balance.of_principal(Money(100, "JPY"))))


def test_currencies_have_figures_of_their_own_and_none_where_people_are_too_few() -> None:
    dollars = Money(120000, "USD")
    facts = RuleFacts("us", "credit_card", "Bank", 45, dollars.decimal, frozenset(), "bot")
    other = LiveCase(key=99, facts=facts, balance=Balance.of_principal(dollars), today=TODAY)
    report = compared(comparison(SHORT), compare(comparison(SHORT), [*CASES, other]))
    assert [(part["currency"], part["cases"], part["owed"]) for part in report["parts"]] == [
        ("CNY", 40, sum(each.balance.total.minor for each in CASES)),
        ("USD", 1, 120000),
    ]
    assert report["parts"][1]["figures"] == {}


def pair(key: int, before: Any, after: Any, language: str = "zh", **changes: Any) -> Pair:
    groups = (language, "30-44", "M2", "credit_card", "")
    return Pair(key=key, currency="CNY", before=before, after=after, groups=groups, **changes)


def test_a_change_is_measured_on_the_same_people() -> None:
    pairs = [pair(key, result(), agreed() if key < 5 else result()) for key in range(10)]
    found = both(FIGURES["agreed"], pairs)
    half = 1.959964 * (0.25 * 10 / 90) ** 0.5
    assert (found["before"]["mean"], found["after"]["mean"], found["gap"]["mean"]) == (0.0, 0.5, 0.5)
    assert found["gap"]["high"] == pytest.approx(0.5 + half, abs=1e-6)
    assert both(FIGURES["agreed"], pairs[:1])["gap"] == {"mean": 1.0, "low": None, "high": None}
    assert both(FIGURES["kept"], pairs)["gap"] is None
    assert both(FIGURES["kept"], pairs)["before"] is None


def test_a_group_that_gains_less_under_the_same_rules_is_told_apart() -> None:
    changed = (("cn", ("max_instalments",)),)
    zh = [pair(key, result(), agreed() if key % 4 else result(), changed=changed) for key in range(60)]
    en = [pair(100 + key, result(), result(), "en", changed=changed) for key in range(59)]
    en.append(pair(199, result(), agreed(), "en", changed=changed))
    far = [pair(200 + key, result(), result(), "en") for key in range(LEAST_IN_GROUP)]
    rows = {row["group"]: row for row in compared(comparison(SHORT), [*zh, *en, *far])["groups"]}
    assert set(rows) == {"zh", "en"}
    assert rows["zh"]["apart"]["low"] > 0
    assert rows["en"]["apart"]["mean"] == pytest.approx(-rows["zh"]["apart"]["mean"])
    assert (rows["en"]["cases"], rows["en"]["offers"]) == (90, 0)


def test_what_differs_only_in_where_people_live_is_no_difference_of_groups() -> None:
    changed = (("cn", ("max_instalments",)),)
    zh = [pair(key, result(), agreed(), changed=changed) for key in range(LEAST_IN_GROUP)]
    en = [pair(100 + key, result(), result(), "en") for key in range(LEAST_IN_GROUP)]
    rows = compared(comparison(SHORT), [*zh, *en])["groups"]
    assert [row["apart"] for row in rows] == [None, None]


def test_what_is_held_back_comes_with_each_message_that_asks_again() -> None:
    """3,900 of 6,000 saved and nothing left a month: 40 % off can be borne, and the first steps' 20 and 30 % cannot."""
    facts = RuleFacts("cn", "credit_card")
    paced = choose(version(min_settlement_share=Decimal("0.6"), concession_pace="balanced"), facts)
    early = choose(version(min_settlement_share=Decimal("0.6")), facts)
    assert paced is not None
    assert early is not None
    owner = debtor(savings="3900", extra="1", patience=5)
    owner = replace(owner, temper=(1.0,) * 5)
    at_once = negotiate(owner, STRATEGIES["ours"], early, DEFAULTS)
    in_steps = negotiate(owner, STRATEGIES["ours"], paced, DEFAULTS)
    assert (at_once.rounds, in_steps.rounds) == (1, 4)
    assert {at_once.outcome, in_steps.outcome} == {"agreed"}
    assert at_once.offer is not None
    assert in_steps.offer is not None
    assert at_once.offer.total == in_steps.offer.total
    assert len(seen(in_steps.shown)) > len(seen(at_once.shown))


def test_cases_and_comparisons_are_handed_over_whole() -> None:
    known = case(
        3, broken_promises=2, language="zh", age="60+", balance=Balance(*(Money(n, "CNY") for n in (100, 20, 3, 4, 5)))
    )
    assert case_from_json(case_to_json(known)) == known
    asked = comparison(finer(max_instalments=3), seed=5, draws=3)
    assert comparison_from_json(comparison_to_json(asked)) == asked


def test_a_rule_s_limits_are_compared_as_they_apply_and_not_as_they_are_written() -> None:
    repeated = with_rule(DEFAULT_VERSION, Rule("cn", "overdraft", DEFAULT_VERSION.rules[0].limits))
    facts = RuleFacts("cn", "overdraft", "Bank", 45, Decimal(100), frozenset(), "bot")
    same = [case(1, facts=facts)]
    assert compare(comparison(repeated), same)[0].changed == ()
