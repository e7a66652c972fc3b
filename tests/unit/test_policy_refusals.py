"""What cannot be a limit, a rule or a version, said with the field and what would do."""

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import InvalidInput
from core.policy import (
    DEFAULT_VERSION,
    FIELDS,
    facts_from_json,
    facts_to_json,
    limits_from_json,
    limits_to_json,
    merge,
    rule_from_json,
    rule_to_json,
    validate_limits,
    version_from_json,
    version_to_json,
)
from core.policy.selectors import RuleFacts

CN = DEFAULT_VERSION.rules[0]
LIMITS = CN.limits
ORDER = ["week", "fortnight", "four_weeks", "semi_month", "month", "quarter"]
KEYS = ["market", "product", "creditor", "bucket", "band", "segment", "role", "partial", "limits"]
BUCKETS = ["M0", "M1", "M2", "M3", "M4", "M5", "M6", "M7+"]
Refused = tuple[Callable[[], object], str, dict[str, object]]


def merged(**partial: Any) -> Callable[[], object]:
    return lambda: merge(LIMITS, partial)


def ruled(**change: Any) -> Callable[[], object]:
    return lambda: rule_from_json(rule_to_json(CN) | change)


def known(name: str, value: str, *choices: str) -> tuple[str, dict[str, object]]:
    return f"Give a {name} that is known.", {"field": name, "value": value, "known": list(choices)}


def number(field: str, value: str) -> tuple[str, dict[str, object]]:
    return "A limit is a plain number.", {"field": field, "value": value}


BAND = "A band says from which balance, and below which."
CASES: list[Refused] = [
    (
        lambda: limits_from_json({"max_instalments": 3}),
        "Give every limit.",
        {
            "missing": [
                "min_settlement_share", "min_settlement_share_instalments", "max_term_days", "min_instalment",
                "min_first_payment_share", "max_days_to_first_payment", "max_extension_days", "max_fee_waiver_share",
                "max_interest_waiver_share", "frequencies", "promise_max_days", "promise_min_share",
            ]
        },
    ),
    (
        merged(max_instalment=6, other=1),
        "There is no such limit.",
        {"unknown": ["max_instalment", "other"], "known": list(FIELDS)},
    ),
    (merged(max_instalments="6.5"), "This limit is a whole number.", {"field": "max_instalments", "value": "6.5"}),
    (merged(min_instalment="lots"), *number("min_instalment", "lots")),
    (merged(min_instalment=True), *number("min_instalment", "True")),
    (merged(min_instalment="Infinity"), *number("min_instalment", "Infinity")),
    (merged(frequencies="month"), "Give a list of frequencies.", {"field": "frequencies", "value": "month"}),
    (merged(frequencies=7), "Give a list of frequencies.", {"field": "frequencies", "value": "7"}),
    (
        merged(frequencies=["month", "yearly"]),
        "There is no such frequency.",
        {"field": "frequencies", "unknown": ["yearly"], "known": sorted(ORDER)},
    ),
    (
        merged(concession_pace="slow"),
        "Give one of the choices.",
        {"field": "concession_pace", "value": "slow", "known": ("early", "balanced", "patient")},
    ),
    (ruled(buckets="M2"), "A rule has no such part.", {"unknown": ["buckets"], "known": KEYS}),
    (ruled(creditor=" "), "Give a creditor by name.", {"field": "creditor", "value": " "}),
    (ruled(creditor=7), "Give a creditor by name.", {"field": "creditor", "value": "7"}),
    (ruled(market="atlantis"), *known("market", "atlantis", "cn", "us", "uk")),
    (ruled(bucket="M9"), *known("bucket", "M9", *BUCKETS)),
    (ruled(segment="rich"), *known("segment", "rich", "vulnerable", "hardship", "broken_plan")),
    (ruled(role="admin"), *known("role", "admin", "bot", "agent", "supervisor", "manager")),
    (ruled(band="1-2"), BAND, {"field": "band", "value": "1-2"}),
    (ruled(band={"to": "2"}), BAND, {"field": "band", "value": "{'to': '2'}"}),
    (ruled(band={"from": "lots"}), *number("band", "lots")),
    (ruled(band={"below": "lots"}), *number("band", "lots")),
    (
        lambda: version_from_json(version_to_json(DEFAULT_VERSION) | {"rules": [rule_to_json(CN)] * 2}),
        "One rule for the same cases.",
        {"rules": ["cn", "cn"]},
    ),
    (
        lambda: facts_from_json(facts_to_json(RuleFacts("cn")) | {"segments": ["rich"]}),
        *known("segment", "rich", "vulnerable", "hardship", "broken_plan"),
    ),
    (
        lambda: facts_from_json(facts_to_json(RuleFacts("cn")) | {"role": "admin"}),
        *known("role", "admin", "bot", "agent", "supervisor", "manager"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "message", "data"), CASES, ids=[f"{n}-{case[1]}" for n, case in enumerate(CASES)])
def test_a_limit_that_cannot_be_is_refused_by_name(
    ask: Callable[[], object], message: str, data: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask()
    assert str(refused.value) == message
    assert refused.value.data == data


def test_limits_are_read_with_the_blanks_that_people_type() -> None:
    assert merge(LIMITS, {"max_instalments": " 6 "}).max_instalments == 6
    assert rule_from_json(rule_to_json(CN) | {"band": {"below": "5"}}).id == "cn/0-5"
    assert limits_to_json(LIMITS)["min_settlement_share"] == "0.90"
    assert limits_to_json(LIMITS)["frequencies"] == ["week", "fortnight", "month"]


@pytest.mark.parametrize(
    ("change", "key", "data"),
    [
        ({"min_settlement_share": "1.01"}, "limits.share_range", {"least": "0", "most": "1"}),
        ({"max_instalments": 0}, "limits.too_small", {"least": "1"}),
        ({"max_extension_days": -1}, "limits.too_small", {"least": "0"}),
        ({"min_instalment": "-1"}, "limits.too_small", {"least": "0"}),
        ({"min_settlement_share": 0}, "limits.forgives_all", {}),
        ({"min_settlement_share_instalments": 0}, "limits.forgives_all", {}),
        ({"frequencies": []}, "limits.empty", {}),
        ({"frequencies": ["week", "week"]}, "limits.repeated", {}),
        ({"max_extension_days": 2000}, "limits.beyond_term", {"most": "1125"}),
        ({"max_days_to_first_payment": 2000}, "limits.beyond_term", {"most": "1125"}),
        ({"max_instalments": 61}, "limits.legal_ceiling", {"most": "60", "rule": "CN-70-2"}),
        ({"plan_interest": "0.2401"}, "limits.legal_ceiling", {"most": "0.24", "rule": "CN-RATE-3"}),
    ],
)
def test_what_is_wrong_with_a_limit_says_what_would_be_right(
    change: dict[str, Any], key: str, data: dict[str, str]
) -> None:
    [problem] = validate_limits(merge(LIMITS, change), "cn")
    assert (problem.field, problem.message_key, problem.data) == (next(iter(change)), key, data)


@pytest.mark.parametrize(
    "change",
    [
        {"min_settlement_share": 1, "promise_min_share": 0},
        {"max_instalments": 1, "max_days_to_first_payment": 0, "max_extension_days": 0, "max_term_days": 1},
        {"max_extension_days": 1125, "max_days_to_first_payment": 1125},
        {"max_instalments": 60, "max_term_days": 1826, "plan_interest": "0.24"},
        {"min_instalment": 0, "min_settlement_share": "0.0001", "max_concessions": 0, "max_extensions": 0},
    ],
)
def test_a_limit_may_be_at_its_bound(change: dict[str, Any]) -> None:
    assert validate_limits(merge(LIMITS, change), "cn") == ()
