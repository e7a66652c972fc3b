"""The managers' limits: which apply, what is outside, what law bounds, who may grant more."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.calendar import Frequency
from core.errors import InvalidInput
from core.money import Money
from core.policy import (
    DEFAULT_VERSION,
    FIELDS,
    Asker,
    Breach,
    Grant,
    Payment,
    PolicyVersion,
    Proposal,
    Rule,
    RuleFacts,
    check,
    check_promise,
    diff,
    legal_ceilings,
    limits_from_json,
    limits_to_json,
    may_approve,
    merge,
    select,
    validate_limits,
    version_from_json,
    version_to_json,
)

TODAY = date(2026, 11, 23)
LIMITS = DEFAULT_VERSION.rules[0].limits


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def grant(**changes: object) -> Grant:
    limits = replace(
        LIMITS,
        min_settlement_share=Decimal("0.70"),
        min_settlement_share_instalments=Decimal("0.90"),
        max_instalments=12,
        max_term_days=365,
        min_instalment=Decimal(25),
        min_first_payment_share=Decimal("0.05"),
        max_days_to_first_payment=45,
        max_extension_days=30,
        frequencies=(Frequency.MONTH,),
    )
    return Grant(limits=replace(limits, **changes), rule="us/credit_card", version=3)  # type: ignore[arg-type]


def asked_by(role: Asker, person_decides_above: str) -> Grant:
    allowed = grant(person_decides_above=Decimal(person_decides_above), min_settlement_share=Decimal("0.5"))
    return replace(allowed, facts=RuleFacts("us", role=role))


def monthly(*amounts: str, first: int = 10, every: int = 30) -> tuple[Payment, ...]:
    return tuple(Payment(TODAY + timedelta(days=first + every * n), usd(amount)) for n, amount in enumerate(amounts))


def proposal(payments: tuple[Payment, ...], **changes: object) -> Proposal:
    total = Money(sum(payment.amount.minor for payment in payments), "USD")
    base = Proposal(
        owed=usd("2400"),
        interest=usd("220"),
        fees=usd("80"),
        total=total,
        payments=payments,
        frequency=Frequency.MONTH,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def broken(asked: Proposal, allowed: Grant) -> list[str]:
    return [breach.field for breach in check(asked, allowed, TODAY)]


def test_a_products_rule_comes_before_its_markets() -> None:
    version = PolicyVersion(
        5, (Rule("us", None, LIMITS), Rule("us", "credit_card", replace(LIMITS, max_instalments=7)))
    )
    found = select(version, "us", "credit_card")
    assert found is not None
    assert (found.rule, found.version, found.limits.max_instalments) == ("us/credit_card", 5, 7)
    other = select(version, "us", "personal_loan")
    assert other is not None
    assert other.rule == "us"


@pytest.mark.parametrize("market", ["de", "", "CN", "hk"])
def test_a_market_without_a_rule_is_granted_nothing(market: str) -> None:
    assert select(DEFAULT_VERSION, market, "credit_card") is None


def test_limits_above_the_law_are_granted_only_up_to_it() -> None:
    version = PolicyVersion(2, (Rule("cn", None, replace(LIMITS, max_instalments=120, max_term_days=9999)),))
    found = select(version, "cn", None)
    assert found is not None
    assert (found.limits.max_instalments, found.limits.max_term_days) == (60, 1826)


@pytest.mark.parametrize("rule", DEFAULT_VERSION.rules, ids=lambda rule: rule.id)
def test_the_shipped_limits_may_be_published(rule: Rule) -> None:
    assert validate_limits(rule.limits, rule.market) == ()


def test_a_plan_at_every_limit_is_inside() -> None:
    payments = monthly(*["180"] * 12, every=28)
    assert check(proposal(payments), grant(), TODAY) == ()


@pytest.mark.parametrize(
    ("field", "asked", "allowed"),
    [
        ("min_settlement_share", proposal(monthly("1679.99")), grant()),
        ("min_settlement_share_instalments", proposal(monthly("1000", "1159.99")), grant()),
        ("max_instalments", proposal(monthly(*["200"] * 12)), grant(max_instalments=11)),
        ("max_term_days", proposal(monthly("1200", "1200")), grant(max_term_days=39)),
        ("min_instalment", proposal(monthly("1200", "24.99", "1175.01")), grant()),
        ("min_first_payment_share", proposal(monthly("119.99", "2280.01")), grant()),
        ("max_days_to_first_payment", proposal(monthly("1200", "1200", first=46)), grant()),
        ("max_days_to_first_payment", proposal(monthly("1680", first=46)), grant()),
        ("max_days_to_first_payment", proposal(monthly("1200", "1200", first=-1)), grant()),
        ("max_extension_days", proposal(monthly("2400", first=31), extension=True), grant()),
        ("max_extension_days", proposal(monthly("2400", first=31)), grant()),
        ("frequencies", proposal(monthly("1200", "1200"), frequency=Frequency.WEEK), grant()),
        (
            "max_fee_waiver_share",
            proposal(monthly("2359.99"), waived_fees=usd("40.01")),
            grant(max_fee_waiver_share=Decimal("0.5")),
        ),
        (
            "max_interest_waiver_share",
            proposal(monthly("2333.99"), waived_interest=usd("66.01")),
            grant(max_interest_waiver_share=Decimal("0.3")),
        ),
        ("plan_interest", proposal(monthly("1200", "1200")), grant(plan_interest=Decimal("0.06"))),
        ("min_settlement_amount", proposal(monthly("1999.99")), grant(min_settlement_amount=Decimal(2000))),
        ("min_settlement_amount", proposal(monthly("2399.99")), grant(min_settlement_amount=Decimal(9000))),
        ("min_settlement_share", proposal(monthly("1679.99")), grant(min_settlement_amount=Decimal(1680))),
        (
            "min_first_payment_amount",
            proposal(monthly("149.99", "2250.01")),
            grant(min_first_payment_amount=Decimal(150)),
        ),
        (
            "max_penalty_waiver_share",
            proposal(monthly("2379.99"), penalty=usd("40"), waived_penalty=usd("20.01")),
            grant(max_penalty_waiver_share=Decimal("0.5")),
        ),
        (
            "max_extensions",
            proposal(monthly("2400", first=30), extension=True, extensions=2),
            grant(max_extensions=2),
        ),
        ("person_decides_above", proposal(monthly("2400", first=1)), asked_by("bot", "2400")),
        ("person_decides_above", proposal(monthly("2399.99", first=0)), asked_by("bot", "2400")),
        ("person_decides_above", proposal(monthly("1200", "1200", first=0)), asked_by("bot", "2399.995")),
    ],
)
def test_one_step_past_a_limit_is_one_breach_of_it(field: str, asked: Proposal, allowed: Grant) -> None:
    assert broken(asked, allowed) == [field]


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (proposal(monthly("1680")), grant()),
        (proposal(monthly("1000", "1160")), grant()),
        (proposal(monthly("1200", "1200")), grant(max_term_days=40)),
        (proposal(monthly("1200", "25", "1175")), grant()),
        (proposal(monthly("1200", "1195", "5")), grant()),
        (proposal(monthly("120", "2280")), grant()),
        (proposal(monthly("1200", "1200", first=45)), grant()),
        (proposal(monthly("1200", "1200", first=0)), grant()),
        (proposal(monthly("2400", first=30), extension=True), grant()),
        (proposal(monthly("20", "2380"), down=True), grant(min_first_payment_share=Decimal(0), max_instalments=1)),
        (proposal(monthly("2360"), waived_fees=usd("40")), grant(min_settlement_share=Decimal(1))),
        (proposal(monthly("2000")), grant(min_settlement_amount=Decimal(2000))),
        (proposal(monthly("2400")), grant(min_settlement_amount=Decimal(9000))),
        (proposal(monthly("1000", "1160")), grant(min_settlement_amount=Decimal(2300))),
        (proposal(monthly("150", "2250")), grant(min_first_payment_amount=Decimal(150))),
        (
            proposal(monthly("2380"), penalty=usd("40"), waived_penalty=usd("20")),
            grant(max_penalty_waiver_share=Decimal("0.5"), min_settlement_share=Decimal(1)),
        ),
        (
            proposal(
                monthly("2300"),
                penalty=usd("40"),
                waived_penalty=usd("20"),
                waived_fees=usd("40"),
                waived_interest=usd("40"),
            ),
            grant(max_penalty_waiver_share=Decimal("0.5"), min_settlement_share=Decimal(1)),
        ),
        (proposal(monthly("2400", first=30), extension=True, extensions=1), grant(max_extensions=2)),
        (proposal(monthly("1200", "1200"), extensions=9), grant(max_extensions=2)),
        (proposal(monthly("2400", first=0)), asked_by("bot", "2400")),
        (proposal(monthly("1200", "1200")), asked_by("bot", "2400.01")),
        (proposal(monthly("1200", "1200")), asked_by("bot", "0")),
        (proposal(monthly("1200", "1200")), asked_by("agent", "2400")),
        (proposal(monthly("1200", "1200")), grant(person_decides_above=Decimal(2400))),
    ],
)
def test_a_proposal_at_a_limit_is_inside(asked: Proposal, allowed: Grant) -> None:
    assert check(asked, allowed, TODAY) == ()


def test_a_breach_says_what_was_asked_what_is_allowed_and_which_rule_says_so() -> None:
    (breach,) = check(proposal(monthly("1200")), grant(), TODAY)
    assert (breach.asked, breach.allowed) == ("0.5000", "0.70")
    assert breach.data == {
        "asked_sum": "1200.00",
        "allowed_sum": "1680.00",
        "currency": "USD",
        "rule": "us/credit_card",
        "version": "3",
    }


def test_a_breach_names_the_rule_of_its_own_field() -> None:
    allowed = replace(grant(), sources={"max_instalments": "us/M2", "frequencies": "us"})
    asked = proposal(monthly(*["150"] * 16, every=7), frequency=Frequency.WEEK)
    assert {breach.field: breach.data["rule"] for breach in check(asked, allowed, TODAY)} == {
        "max_instalments": "us/M2",
        "frequencies": "us",
    }


def test_a_least_sum_is_said_as_a_sum() -> None:
    (breach,) = check(proposal(monthly("1700")), grant(min_settlement_amount=Decimal(2000)), TODAY)
    assert (breach.asked, breach.allowed) == ("1700.00", "2000.00")
    assert (breach.data["asked_sum"], breach.data["allowed_sum"], breach.data["currency"]) == (
        "1700.00",
        "2000.00",
        "USD",
    )


def test_a_balance_for_a_person_is_said_as_a_sum() -> None:
    (breach,) = check(proposal(monthly("1200", "1200")), asked_by("bot", "2399.995"), TODAY)
    assert (breach.asked, breach.allowed) == ("2400.00", "2400.00")
    assert (breach.data["asked_sum"], breach.data["allowed_sum"], breach.data["currency"]) == (
        "2400.00", "2400.00", "USD",
    )  # fmt: skip


def test_how_often_a_debt_was_put_off_is_said_as_a_number() -> None:
    asked = proposal(monthly("2400", first=30), extension=True, extensions=2)
    (breach,) = check(asked, grant(max_extensions=2), TODAY)
    assert (breach.asked, breach.allowed) == ("3", "2")


def test_a_promise_is_bounded_in_days_and_in_share() -> None:
    allowed = grant(promise_max_days=14, promise_min_share=Decimal("0.1"))
    owed = usd("2400")
    assert check_promise(TODAY + timedelta(days=14), usd("240"), owed, allowed, TODAY) == ()
    late = check_promise(TODAY + timedelta(days=15), usd("239.99"), owed, allowed, TODAY)
    assert [breach.field for breach in late] == ["promise_max_days", "promise_min_share"]
    assert check_promise(TODAY - timedelta(days=1), usd("240"), owed, allowed, TODAY)


def test_law_bounds_what_a_manager_may_enter_in_china() -> None:
    assert legal_ceilings("cn")["max_instalments"].at_most == 60
    problems = validate_limits(replace(LIMITS, max_instalments=61, max_term_days=1827), "cn")
    assert [(problem.field, problem.data["rule"]) for problem in problems] == [
        ("max_instalments", "CN-70-2"),
        ("max_term_days", "CN-70-2"),
    ]
    assert validate_limits(replace(LIMITS, max_instalments=61), "us") == ()


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"min_settlement_share": Decimal("1.01")}, "limits.share_range"),
        ({"promise_min_share": Decimal("-0.1")}, "limits.share_range"),
        ({"min_settlement_share": Decimal(0)}, "limits.forgives_all"),
        ({"max_instalments": 0}, "limits.too_small"),
        ({"max_extension_days": -1}, "limits.too_small"),
        ({"min_instalment": Decimal(-1)}, "limits.too_small"),
        ({"min_settlement_amount": Decimal(-1)}, "limits.too_small"),
        ({"min_first_payment_amount": Decimal(-1)}, "limits.too_small"),
        ({"person_decides_above": Decimal(-1)}, "limits.too_small"),
        ({"max_extensions": -1}, "limits.too_small"),
        ({"max_concessions": -1}, "limits.too_small"),
        ({"max_penalty_waiver_share": Decimal("1.01")}, "limits.share_range"),
        ({"frequencies": ()}, "limits.empty"),
        ({"frequencies": (Frequency.MONTH, Frequency.MONTH)}, "limits.repeated"),
        ({"max_days_to_first_payment": 2000}, "limits.beyond_term"),
    ],
)
def test_limits_that_make_no_sense_are_refused(change: dict[str, object], key: str) -> None:
    problems = validate_limits(replace(LIMITS, **change), "us")  # type: ignore[arg-type]
    assert [(problem.field, problem.message_key) for problem in problems] == [(next(iter(change)), key)]


def test_limits_and_versions_come_back_from_json_as_they_were() -> None:
    assert limits_from_json(limits_to_json(LIMITS)) == LIMITS
    assert version_from_json(version_to_json(DEFAULT_VERSION)) == DEFAULT_VERSION
    assert tuple(limits_to_json(LIMITS)) == FIELDS


def test_a_field_left_out_of_an_override_keeps_its_value() -> None:
    merged = merge(LIMITS, {"max_instalments": 6, "min_settlement_share": "0.5", "frequencies": ["month"]})
    assert (merged.max_instalments, merged.min_settlement_share, merged.frequencies) == (
        6,
        Decimal("0.5"),
        (Frequency.MONTH,),
    )
    assert merged.max_term_days == LIMITS.max_term_days
    assert merge(LIMITS, {}) == LIMITS


@pytest.mark.parametrize(
    "partial",
    [
        {"max_instalment": 6},
        {"max_instalments": "6.5"},
        {"max_instalments": True},
        {"min_instalment": "lots"},
        {"min_instalment": "NaN"},
        {"frequencies": "month"},
        {"frequencies": ["yearly"]},
    ],
)
def test_an_override_that_is_no_limit_is_refused(partial: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        merge(LIMITS, partial)


def test_limits_with_a_field_missing_are_refused() -> None:
    data = limits_to_json(LIMITS)
    del data["max_instalments"]
    with pytest.raises(InvalidInput):
        limits_from_json(data)


def test_a_version_of_two_rules_for_one_case_or_an_unknown_market_is_refused() -> None:
    data = version_to_json(PolicyVersion(1, (Rule("us", None, LIMITS), Rule("us", None, LIMITS))))
    with pytest.raises(InvalidInput):
        version_from_json(data)
    data["rules"] = [{**data["rules"][0], "market": "atlantis"}]
    with pytest.raises(InvalidInput):
        version_from_json(data)


def test_a_diff_names_each_field_that_changed_and_rules_that_come_and_go() -> None:
    old = PolicyVersion(1, (Rule("us", None, LIMITS), Rule("uk", None, LIMITS)))
    new = PolicyVersion(2, (Rule("us", None, replace(LIMITS, max_instalments=6, frequencies=(Frequency.MONTH,))),))
    changes = diff(old, new)
    assert [(c.rule, c.field, c.old, c.new) for c in changes[:2]] == [
        ("us", "max_instalments", "60", "6"),
        ("us", "frequencies", "week, fortnight, month", "month"),
    ]
    assert len(changes) == 2 + len(FIELDS)
    assert all(change.rule == "uk" and change.new is None for change in changes[2:])
    assert diff(old, old) == ()


def breach(field: str, asked: str, allowed: str, **data: str) -> Breach:
    return Breach(field, asked, allowed, data)


@pytest.mark.parametrize("role", ["agent", "admin", "debtor", "bot", ""])
def test_only_supervisors_and_managers_approve_anything(role: str) -> None:
    assert not may_approve(role, [breach("max_instalments", "13", "12")])
    assert may_approve(role, [])


@pytest.mark.parametrize(
    ("found", "may"),
    [
        (breach("min_settlement_share", "0.5600", "0.70"), True),
        (breach("min_settlement_share", "0.5599", "0.70"), False),
        (breach("max_instalments", "18", "12"), True),
        (breach("max_instalments", "19", "12"), False),
        (breach("max_fee_waiver_share", "1.0000", "0.90"), True),
        (breach("max_fee_waiver_share", "0.8000", "0.50"), False),
        (breach("promise_min_share", "0.0800", "0.1"), True),
        (breach("frequencies", "quarter", "month"), False),
        (breach("plan_interest", "0", "0.06"), False),
    ],
)
def test_a_supervisor_approves_a_stretch_and_a_manager_all_of_it(found: Breach, may: bool) -> None:
    assert may_approve("supervisor", [found]) is may
    assert may_approve("manager", [found])


def test_every_breach_must_be_within_the_supervisors_stretch() -> None:
    small, large = breach("max_instalments", "13", "12"), breach("min_instalment", "1.00", "25.00")
    assert not may_approve("supervisor", [small, large])


def test_nobody_approves_beyond_the_law_or_a_date_that_is_past() -> None:
    beyond = breach("max_instalments", "61", "36", ceiling="60")
    past = breach("max_days_to_first_payment", "2026-11-01", "2026-11-23", bound="earliest")
    assert not may_approve("manager", [beyond])
    assert not may_approve("manager", [past])
    assert may_approve("manager", [breach("max_instalments", "60", "36", ceiling="60")])
