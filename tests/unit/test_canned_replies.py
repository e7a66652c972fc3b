"""Kept replies: what may be saved, and what they fill in."""

import pytest

from core.actions.canned import VARIABLES, Filled, Wording, fill, problems_of
from core.actions.notices import MENTION

GOOD = {"shortcut": "hours", "category": "Contact", "en": "We are here: {hours}.", "zh": "我们的时间是：{hours}。"}


def wrong(**changes: str) -> list[tuple[str, str]]:
    return [(problem.part, problem.code) for problem in problems_of(Wording(**{**GOOD, **changes}))]


def test_a_reply_in_both_languages_with_the_same_variables_is_kept() -> None:
    assert wrong() == []
    assert wrong(shortcut="时间") == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"shortcut": "/Hours!"}, [("shortcut", "canned.shortcut")]),
        ({"suits": "boredom"}, [("suits", "canned.suits")]),
        ({"zh": " "}, [("zh", "canned.empty")]),
        ({"en": "We are here: {hours"}, [("en", "canned.braces")]),
        ({"en": "We are here: {hours:10}"}, [("en", "canned.braces")]),
        ({"en": "We are here: {opening}."}, [("en", "canned.unknown")]),
        ({"zh": "我们一直在。"}, [("zh", "canned.variables_differ")]),
        ({"en": "We will sue you. {hours}"}, [("en", "compliance.court")]),
        ({"zh": "我们会上门。{hours}"}, [("zh", "compliance.visit")]),
        ({"en": "We waive the fees. {hours}"}, [("en", "compliance.no_grant")]),
        ({"en": "You owe $250.00. {hours}"}, [("en", "canned.sum")]),
    ],
)
def test_what_may_not_be_sent_or_cannot_be_filled_in_is_not_kept(
    changes: dict[str, str], found: list[tuple[str, str]]
) -> None:
    assert wrong(**changes) == found


def test_every_variable_is_filled_in_and_what_has_no_value_is_named() -> None:
    text = " ".join(f"{{{name}}}" for name in VARIABLES)
    values = dict.fromkeys(VARIABLES, "§") | {"plan_next_due": ""}
    filled = fill(text, values)
    assert filled.missing == ("plan_next_due",)
    assert filled.text.count("§") == len(VARIABLES) - 1
    assert "{plan_next_due}" in filled.text


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert fill("Hello {name}", {"name": "{agent}"}) == Filled("Hello {agent}", ())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@ana please", ["ana"]),
        ("(@li.wei), @bob-2.", ["li.wei", "bob-2"]),
        ("write to ana@bank.example", []),
        ("@@ana @", []),
    ],
)
def test_a_mention_is_a_login_after_an_at_sign_of_its_own(text: str, named: list[str]) -> None:
    assert MENTION.findall(text) == named
