"""Contact rules of a house: only ever narrower than the market's."""

from datetime import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compliance.contact import contact_changes, contact_problems, with_contact
from core.compliance.parameters import IN_FORCE, Window


def test_the_shipped_rules_written_down_are_the_shipped_rules() -> None:
    written = contact_changes()
    assert written["us.window"] == "08:00-21:00"
    assert contact_problems(written) == ()
    assert with_contact(written) == IN_FORCE


def test_narrower_hours_and_lower_caps_hold_and_the_name_says_so() -> None:
    rules = with_contact(
        {"us.window": "9:30-20:00", "uk.cap_week": "2", "cn.sunday": "10:00-18:00", "uk.cap_day": "0"}, "h1"
    )
    assert rules.name == f"{IN_FORCE.name}+h1"
    assert rules.markets["us"].window == Window(time(9, 30), time(20))
    assert rules.markets["us"].sunday == IN_FORCE.markets["us"].sunday
    assert rules.markets["cn"].sunday == Window(time(10), time(18))
    assert (rules.markets["uk"].cap_day, rules.markets["uk"].cap_week) == (0, 2)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("us.window", "07:00-20:00", "contact.hours_outside"),
        ("us.window", "09:00-21:30", "contact.hours_outside"),
        ("us.window", "20:00-09:00", "contact.hours_backwards"),
        ("us.window", "09:00-09:00", "contact.hours_backwards"),
        ("us.window", "nine to five", "contact.hours_unreadable"),
        ("us.window", "09:00", "contact.hours_unreadable"),
        ("us.window", "09:00-25:00", "contact.hours_unreadable"),
        ("us.cap_day", "2", "contact.cap_above"),
        ("us.cap_day", "-1", "contact.cap_unreadable"),
        ("us.cap_week", "1000", "contact.cap_unreadable"),
        ("fr.window", "09:00-20:00", "contact.unknown"),
        ("us.answer_within", "5", "contact.unknown"),
    ],
)
def test_what_is_wider_or_unreadable_is_refused_and_left_out(key: str, value: str, code: str) -> None:
    assert [problem.code for problem in contact_problems({key: value})] == [code]
    assert with_contact({key: value}) == IN_FORCE


@given(st.dictionaries(st.sampled_from(sorted(contact_changes())), st.text("0123456789:-", max_size=11)))
def test_no_change_ever_widens_a_rule(changes: dict[str, str]) -> None:
    narrowed = with_contact(changes)
    for market, shipped in IN_FORCE.markets.items():
        rules = narrowed.markets[market]
        for inner, outer in ((rules.window, shipped.window), (rules.sunday, shipped.sunday)):
            assert all(a <= b for a, b in pairwise((outer.opens, inner.opens, inner.closes, outer.closes)))
        assert rules.cap_day <= shipped.cap_day
        assert rules.cap_week <= shipped.cap_week
