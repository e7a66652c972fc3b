"""Which rule gives which limit: by creditor, days past due, balance, segment and who asks, in one order for all."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.policy import (
    ASKERS,
    BUCKETS,
    DEFAULT_VERSION,
    FIELDS,
    SEGMENTS,
    Band,
    Ceiling,
    PolicyVersion,
    Rule,
    RuleFacts,
    bucket_of,
    choose,
    diff,
    facts_from_json,
    facts_to_json,
    inherited,
    legal_ceilings,
    rule_from_json,
    rule_to_json,
    select,
    under_ceilings,
    validate_version,
    version_from_json,
    version_to_json,
    with_rule,
    without_rule,
)
from core.policy.codec import WEIGHT_FIELDS
from core.policy.limits import LONGEST_ID, STRICTEST

LIMITS = DEFAULT_VERSION.rules[0].limits
BASE = Rule("us", None, LIMITS)
CASE = RuleFacts(
    market="us",
    product="credit_card",
    creditor="Harbour Bank",
    days_past_due=40,
    balance=Decimal(20000),
    segments=frozenset({"hardship"}),
    role="bot",
)


def rule(given: dict[str, Any], product: str | None = None, **selectors: Any) -> Rule:
    return Rule("us", product, STRICTEST, **selectors).giving(given)


def version(*rules: Rule) -> PolicyVersion:
    return PolicyVersion(3, (BASE, *rules))


def problems(*rules: Rule) -> list[tuple[str, str, str]]:
    return [(name, problem.field, problem.message_key) for name, problem in validate_version(version(*rules))]


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-400, "M0"),
        (0, "M0"),
        (1, "M1"),
        (30, "M1"),
        (31, "M2"),
        (60, "M2"),
        (61, "M3"),
        (150, "M5"),
        (151, "M6"),
        (180, "M6"),
        (181, "M7+"),
        (9000, "M7+"),
    ],
)
def test_a_bucket_is_thirty_days_and_the_first_is_not_yet_due(days: int, bucket: str) -> None:
    assert bucket_of(days) == bucket


def test_a_band_includes_where_it_begins_and_not_where_it_ends() -> None:
    band = Band(Decimal(10000), Decimal(50000))
    assert [band.holds(Decimal(text)) for text in ("9999.99", "10000", "49999.99", "50000")] == [
        False,
        True,
        True,
        False,
    ]
    assert Band(Decimal(50000)).holds(Decimal(10**9))
    assert not band.overlaps(Band(Decimal(50000)))
    assert not Band(Decimal(50000)).overlaps(band)
    assert band.overlaps(Band(Decimal("49999.99")))
    assert Band(Decimal(0)).contains(band)
    assert not band.contains(Band(Decimal(20000)))
    assert not band.contains(Band(Decimal(9000), Decimal(20000)))
    assert band.contains(Band(Decimal(20000), Decimal(50000)))


def test_a_version_may_have_six_bands_and_more() -> None:
    bounds = [0, 1000, 5000, 10000, 50000, 200000, 1000000, None]
    bands = [Band(Decimal(low or 0), None if high is None else Decimal(high)) for low, high in pairwise(bounds)]
    rules = [rule({"max_instalments": 2 + number}, band=band) for number, band in enumerate(bands)]
    assert problems(*rules) == []
    for balance, most in ((Decimal(0), 2), (Decimal("999.99"), 2), (Decimal(1000), 3), (Decimal(10**7), 8)):
        found = choose(version(*rules), replace(CASE, balance=balance))
        assert found is not None
        assert found.limits.max_instalments == most


def test_ids_of_finer_rules_can_be_read_and_those_of_others_stay() -> None:
    assert [each.id for each in DEFAULT_VERSION.rules[:2]] == ["cn", "cn/credit_card"]
    finest = Rule(
        "cn",
        "credit_card",
        LIMITS,
        bucket="M2",
        band=Band(Decimal("10000.00"), Decimal(50000)),
        segment="hardship",
    )
    assert finest.id == "cn/credit_card/M2/10000-50000/hardship"
    assert Rule("us", None, LIMITS, creditor="A/B Bank", role="agent").id == "us/@A%2FB Bank/agent"
    assert Rule("us", None, LIMITS, band=Band(Decimal(50000))).id == "us/50000-"
    assert finest.is_finer
    assert not Rule("us", "credit_card", LIMITS).is_finer


def test_an_id_too_long_to_store_is_cut_and_stays_unique() -> None:
    ids = {Rule("us", None, LIMITS, creditor="Bank " * 30 + end).id for end in ("one", "two")}
    assert len(ids) == 2
    assert all(len(each) == LONGEST_ID for each in ids)


def test_a_partial_rule_changes_what_it_gives_and_each_limit_says_where_it_is_from() -> None:
    found = choose(
        version(
            Rule("us", "credit_card", replace(LIMITS, max_term_days=700)),
            rule({"max_instalments": 9, "max_extension_days": 5}, bucket="M2"),
            rule({"max_instalments": 7}, segment="hardship"),
            rule({"max_fee_waiver_share": Decimal(1)}, bucket="M3"),
        ),
        CASE,
    )
    assert found is not None
    assert (found.limits.max_instalments, found.source("max_instalments")) == (7, "us/hardship")
    assert (found.limits.max_term_days, found.source("max_term_days")) == (700, "us/credit_card")
    assert (found.limits.max_extension_days, found.source("max_extension_days")) == (5, "us/M2")
    assert found.limits.max_fee_waiver_share == LIMITS.max_fee_waiver_share
    assert found.rule == "us/hardship"
    assert set(found.sources) == set(FIELDS)
    assert found.facts == CASE


SELECTORS: list[dict[str, Any]] = [
    {"role": "bot"},
    {"segment": "vulnerable"},
    {"segment": "hardship"},
    {"segment": "broken_plan"},
    {"creditor": "Harbour Bank"},
    {"bucket": "M2"},
    {"band": Band(Decimal(10000), Decimal(50000))},
    {"product": "credit_card"},
    {},
]


@pytest.mark.parametrize("place", range(len(SELECTORS) - 1))
def test_role_comes_first_then_segment_creditor_bucket_band_and_product(place: int) -> None:
    rest: dict[str, Any] = {}
    for selector in SELECTORS[place + 1 :]:
        rest |= selector if "segment" not in selector else {}
    first, other = rule({"max_instalments": 11}, **SELECTORS[place]), rule({"max_instalments": 12}, **rest)
    everyone = replace(CASE, segments=frozenset(SEGMENTS))
    for rules in ((first, other), (other, first)):
        found = choose(PolicyVersion(1, (BASE, *(each for each in rules if each.id != "us"))), everyone)
        assert found is not None
        assert (found.limits.max_instalments, found.source("max_instalments")) == (11, first.id)


def test_of_several_segments_the_most_protective_decides_and_the_others_fill_in() -> None:
    rules = (
        rule({"max_instalments": 20, "min_instalment": Decimal(1)}, segment="broken_plan"),
        rule({"max_instalments": 30, "max_term_days": 600}, segment="hardship"),
        rule({"max_instalments": 40}, segment="vulnerable"),
    )
    found = choose(version(*rules), replace(CASE, segments=frozenset(SEGMENTS)))
    assert found is not None
    assert [found.source(name) for name in ("max_instalments", "max_term_days", "min_instalment")] == [
        "us/vulnerable",
        "us/hardship",
        "us/broken_plan",
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"market": "uk"},
        {"product": "personal_loan"},
        {"creditor": "Another Bank"},
        {"creditor": None},
        {"days_past_due": 61},
        {"days_past_due": None},
        {"balance": Decimal(50000)},
        {"balance": None},
        {"segments": frozenset({"vulnerable"})},
        {"role": "agent"},
        {"role": None},
    ],
)
def test_a_rule_fits_only_where_all_that_it_names_fits(other: dict[str, Any]) -> None:
    finest = rule(
        {"max_instalments": 3},
        product="credit_card",
        creditor="Harbour Bank",
        bucket="M2",
        band=Band(Decimal(10000), Decimal(50000)),
        segment="hardship",
        role="bot",
    )
    assert finest.fits(CASE)
    assert not finest.fits(replace(CASE, **other))


def test_a_legal_ceiling_holds_at_the_end_and_is_then_the_source() -> None:
    generous = Rule("cn", None, LIMITS, segment="hardship").giving({"max_instalments": 120, "max_term_days": 900})
    found = choose(PolicyVersion(1, (Rule("cn", None, LIMITS), generous)), replace(CASE, market="cn"))
    assert found is not None
    assert (found.limits.max_instalments, found.source("max_instalments")) == (60, "CN-70-2")
    assert found.source("max_term_days") == "cn/hardship"


def test_what_a_rule_leaves_out_stands_in_it_as_strict_as_can_be() -> None:
    partial = rule({"max_fee_waiver_share": Decimal(1)}, segment="hardship")
    assert partial.limits == replace(STRICTEST, max_fee_waiver_share=Decimal(1))
    assert partial.given == {"max_fee_waiver_share": Decimal(1)}
    assert replace(partial, limits=LIMITS) == rule({"max_fee_waiver_share": Decimal("0.50")}, segment="hardship")


def test_the_strictest_limits_allow_no_plan_and_no_promise() -> None:
    assert {name for name in FIELDS if getattr(STRICTEST, name) == getattr(LIMITS, name)} <= {
        "min_settlement_share_instalments",
        "plan_interest",
        "min_settlement_amount",
        "min_first_payment_amount",
        "max_penalty_waiver_share",
        "person_decides_above",
        "discount_rate",
    }
    alone = PolicyVersion(1, (replace(BASE, limits=STRICTEST),))
    found = choose(alone, CASE)
    assert found is not None
    assert found.limits.frequencies == ()


def test_a_market_whose_rules_give_only_some_limits_grants_nothing_and_is_not_published() -> None:
    alone = PolicyVersion(1, (rule({"max_instalments": 3}, bucket="M2"),))
    assert choose(alone, CASE) is None
    [(name, problem)] = validate_version(alone)
    assert (name, problem.message_key) == ("us/M2", "limits.no_base")


def test_two_rules_for_the_same_cases_are_refused() -> None:
    body = version_to_json(
        version(rule({"max_instalments": 3}, bucket="M2"), rule({"max_instalments": 4}, bucket="M2"))
    )
    with pytest.raises(InvalidInput):
        version_from_json(body)


def test_bands_that_overlap_are_refused_only_where_all_else_is_the_same() -> None:
    low, high = Band(Decimal(0), Decimal(10000)), Band(Decimal(9999))
    clash = problems(rule({"max_instalments": 3}, band=low), rule({"max_instalments": 4}, band=high))
    assert clash == [("us/0-10000", "band", "limits.bands_overlap"), ("us/9999-", "band", "limits.bands_overlap")]
    assert problems(rule({"max_instalments": 3}, band=low), rule({"max_instalments": 4}, band=high, bucket="M1")) == []
    touching = rule({"max_instalments": 4}, band=Band(Decimal(10000)))
    assert problems(rule({"max_instalments": 3}, band=low), touching) == []


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (rule({}, bucket="M1"), ("us/M1", "rule", "limits.gives_nothing")),
        (rule({"max_instalments": 3}, band=Band(Decimal(5), Decimal(5))), ("us/5-5", "band", "limits.band_empty")),
        (rule({"max_instalments": 3}, band=Band(Decimal(-5))), ("us/-5-", "band", "limits.band_empty")),
        (rule({"max_instalments": 0}, bucket="M1"), ("us/M1", "max_instalments", "limits.too_small")),
        (rule({"frequencies": ()}, bucket="M1"), ("us/M1", "frequencies", "limits.empty")),
        (rule({"max_extension_days": 2000}, bucket="M1"), ("us/M1", "max_extension_days", "limits.beyond_term")),
        (
            rule({"min_settlement_amount": Decimal(-1)}, bucket="M1"),
            ("us/M1", "min_settlement_amount", "limits.too_small"),
        ),
    ],
)
def test_a_finer_rule_that_makes_no_sense_with_what_it_inherits_is_refused(
    wrong: Rule, found: tuple[str, str, str]
) -> None:
    assert problems(wrong) == [found]


def test_a_shorter_term_is_refused_where_an_inherited_wait_would_pass_it() -> None:
    assert ("us/M1", "max_days_to_first_payment", "limits.beyond_term") in problems(
        rule({"max_term_days": 20}, bucket="M1")
    )


def test_law_bounds_finer_rules_too() -> None:
    finer = Rule("cn", None, STRICTEST, segment="hardship").giving({"max_instalments": 61})
    [(name, problem)] = validate_version(PolicyVersion(1, (Rule("cn", None, LIMITS), finer)))
    assert (name, problem.message_key, problem.data["rule"]) == ("cn/hardship", "limits.legal_ceiling", "CN-70-2")


def test_what_a_rule_inherits_is_what_wider_rules_give_all_its_cases() -> None:
    wide, banded = rule({"max_instalments": 30}, bucket="M2"), rule({"max_term_days": 500}, band=Band(Decimal(0)))
    aside = rule({"max_extension_days": 3}, segment="vulnerable")
    finest = rule({"min_instalment": Decimal(1)}, bucket="M2", band=Band(Decimal(100), Decimal(200)))
    values, sources = inherited(version(wide, banded, aside, finest), finest)
    assert (values["max_instalments"], sources["max_instalments"]) == (30, "us/M2")
    assert (values["max_term_days"], sources["max_term_days"]) == (500, "us/0-")
    assert (values["max_extension_days"], sources["max_extension_days"]) == (LIMITS.max_extension_days, "us")
    assert (values["min_instalment"], sources["min_instalment"]) == (LIMITS.min_instalment, "us")


def test_rules_are_put_in_replaced_and_taken_out() -> None:
    finer = rule({"max_instalments": 3}, bucket="M2")
    once = with_rule(version(), finer)
    assert [each.id for each in once.rules] == ["us", "us/M2"]
    twice = with_rule(once, finer.giving({"max_instalments": 4}))
    assert [each.given for each in twice.rules[1:]] == [{"max_instalments": 4}]
    assert without_rule(twice, "us/M2") == version()


def test_a_version_stored_before_rules_were_finer_reads_and_grants_the_same() -> None:
    fields = {name: value for name, value in rule_to_json(BASE)["limits"].items() if name not in NEW}
    old = {
        "number": 4,
        "rules": [
            {"market": "us", "product": None, "limits": fields},
            {"market": "us", "product": "credit_card", "limits": fields | {"max_instalments": 7}},
        ],
    }
    read = version_from_json(old)
    then = replace(LIMITS, protected_minimum=Decimal(0))
    card = Rule("us", "credit_card", replace(then, max_instalments=7))
    assert read == PolicyVersion(4, (replace(BASE, limits=then), card))
    found = choose(read, CASE)
    assert found is not None
    assert (found.rule, found.limits) == ("us/credit_card", card.limits)
    assert set(found.sources.values()) == {"us/credit_card"}
    plain = select(read, "us", "credit_card")
    assert plain is not None
    assert plain.limits == found.limits


NEW = (
    "plan_interest",
    "concession_pace",
    "min_settlement_amount",
    "min_first_payment_amount",
    "max_broken_promises",
    "max_penalty_waiver_share",
    "max_extensions",
    "max_concessions",
    "person_decides_above",
    *WEIGHT_FIELDS,
)


def test_a_rule_that_lost_its_last_limit_can_be_read_and_is_not_published() -> None:
    empty = {name: value for name, value in rule_to_json(rule({}, bucket="M2")).items() if name != "limits"}
    body = {"number": 2, "rules": [rule_to_json(BASE), empty]}
    assert [problem.message_key for _, problem in validate_version(version_from_json(body))] == ["limits.gives_nothing"]


@pytest.mark.parametrize(
    "change",
    [
        {"bucket": "M9"},
        {"segment": "rich"},
        {"role": "admin"},
        {"creditor": " "},
        {"creditor": 7},
        {"band": "10000-50000"},
        {"band": {"from": "10000", "to": "50000"}},
        {"band": {"from": "lots"}},
        {"buckets": "M2"},
        {"limits": {}, "partial": "yes"},
    ],
)
def test_a_rule_with_a_selector_that_cannot_be_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        rule_from_json(rule_to_json(BASE) | change)


def test_a_diff_shows_what_a_finer_rule_begins_and_stops_to_give() -> None:
    before = version(rule({"max_instalments": 3, "max_term_days": 90}, bucket="M2"))
    after = version(rule({"max_instalments": 3, "max_extension_days": 9}, bucket="M2"))
    assert [(each.rule, each.field, each.old, each.new) for each in diff(before, after)] == [
        ("us/M2", "max_term_days", "90", None),
        ("us/M2", "max_extension_days", None, "9"),
    ]


_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "max_instalments": st.integers(1, 500),
    "max_extension_days": st.integers(0, 45),
    "min_settlement_share": st.decimals("0.01", "1", places=2),
    "min_settlement_amount": st.decimals("0", "5000", places=2),
}
_BANDS = st.sampled_from(
    [None, Band(Decimal(0), Decimal(10000)), Band(Decimal(10000), Decimal(50000)), Band(Decimal(50000))]
)
_RULES = st.builds(
    rule,
    st.fixed_dictionaries({}, optional=_VALUES),
    product=st.sampled_from([None, "credit_card", "personal_loan"]),
    creditor=st.sampled_from([None, "Harbour Bank", "Another Bank"]),
    bucket=st.sampled_from([None, *BUCKETS[:4]]),
    band=_BANDS,
    segment=st.sampled_from([None, *SEGMENTS]),
    role=st.sampled_from([None, *ASKERS]),
)
_VERSIONS = st.lists(_RULES, max_size=12, unique_by=lambda each: each.id).map(
    lambda rules: version(*(each for each in rules if each.id != "us"))
)
_FACTS = st.builds(
    RuleFacts,
    market=st.just("us"),
    product=st.sampled_from(["credit_card", "personal_loan", None]),
    creditor=st.sampled_from(["Harbour Bank", None]),
    days_past_due=st.none() | st.integers(-30, 200),
    balance=st.none() | st.decimals("0", "90000", places=2),
    segments=st.frozensets(st.sampled_from(SEGMENTS)),
    role=st.none() | st.sampled_from(ASKERS),
)


@given(_VERSIONS, _FACTS, st.randoms())
def test_each_limit_is_that_of_the_most_specific_fitting_rule_whatever_their_order(
    found: PolicyVersion, facts: RuleFacts, dice: Any
) -> None:
    granted = choose(found, facts)
    assert granted is not None
    for name in FIELDS:
        giving = [each for each in found.rules if each.fits(facts) and name in each.given]
        first = max(giving, key=lambda each: each.precedence)
        assert [each.precedence for each in giving].count(first.precedence) == 1
        assert (getattr(granted.limits, name), granted.source(name)) == (first.given[name], first.id)
    shuffled = list(found.rules)
    dice.shuffle(shuffled)
    assert choose(replace(found, rules=tuple(shuffled)), facts) == granted


@given(_VERSIONS, _FACTS)
def test_a_market_without_a_base_grants_nothing(found: PolicyVersion, facts: RuleFacts) -> None:
    assert choose(without_rule(found, "us"), facts) is None
    assert choose(found, replace(facts, market="uk")) is None


@given(_VERSIONS, _FACTS)
def test_versions_and_facts_come_back_from_json_as_they_were(found: PolicyVersion, facts: RuleFacts) -> None:
    assert version_from_json(version_to_json(found)) == found
    assert facts_from_json(facts_to_json(facts)) == facts


def test_of_two_ceilings_over_one_field_the_lower_counts_and_the_first_of_two_alike() -> None:
    def ceiling(at_most: str, rule_id: str, field: str = "max_instalments") -> Ceiling:
        since = date(2020, 1, 1)
        return Ceiling(market="us", field=field, at_most=Decimal(at_most), rule=rule_id, source="a law", since=since)

    laws = (ceiling("24", "A"), ceiling("12", "B"), ceiling("12", "C"), ceiling("36", "D"), ceiling("90", "E", "x"))
    assert {field: found.rule for field, found in legal_ceilings("us", laws).items()} == {
        "max_instalments": "B",
        "x": "E",
    }
    assert legal_ceilings("uk", laws) == {}
    limits = replace(STRICTEST, max_instalments=20)
    assert under_ceilings(limits, "us", laws[:2]).max_instalments == 12
    assert under_ceilings(replace(limits, max_instalments=7), "us", laws[:2]).max_instalments == 7


def test_a_rule_is_stored_with_its_band_and_with_what_it_leaves_out() -> None:
    open_band = replace(rule({"max_instalments": 9}), band=Band(Decimal("5000.00"), None))
    stored = rule_to_json(open_band)
    assert (stored["band"], stored["partial"]) == ({"from": "5000.00", "below": None}, True)
    assert rule_from_json(stored) == open_band
    closed = rule_to_json(replace(open_band, band=Band(Decimal(0), Decimal("1E+4"))))
    assert closed["band"] == {"from": "0", "below": "10000"}
    whole = rule_to_json(DEFAULT_VERSION.rules[0])
    assert "band" not in whole
    assert "partial" not in whole
