"""Texts that a house has changed: which may stand in for the shipped ones, and what is said of the others."""

from string import Formatter

import pytest

from core.actions.wordings import wording_problems
from core.dialogue.decision import Reply, Say
from core.errors import InvalidInput
from core.wording import LANGUAGES, catalogue, outgrown, render, say, text_problems, variables, with_changes
from core.wording.render import Language
from core.wording.samples import CURRENCIES, samples

KEY = "counter.min_settlement_share"
GOOD = {
    "zh": "{asked_sum}还差一点，最低可以到{allowed_sum}。",
    "en": "{asked_sum} is a little low; I can do {allowed_sum}.",
}


def codes(key: str, **texts: str) -> set[tuple[str, str]]:
    entry = {**catalogue()[key], **texts}
    return {(problem.language, problem.code) for problem in wording_problems(key, entry)}


@pytest.mark.parametrize("key", catalogue())
def test_every_shipped_text_would_pass_the_editor(key: str) -> None:
    assert wording_problems(key, catalogue()[key]) == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("market", CURRENCIES)
def test_every_text_can_be_shown_with_sample_values(language: Language, market: str) -> None:
    values = samples(market, language)
    for key, entry in catalogue().items():
        used = {name: values[name] for _, name, _, _ in Formatter().parse(entry[language]) if name}
        assert "{" not in say(Say(key, used), language, market)


def test_a_changed_text_is_said_in_place_of_the_shipped_one() -> None:
    texts = with_changes({KEY: GOOD})
    reply = Reply((Say(KEY, {name: samples("us", "en")[name] for name in ("asked_sum", "allowed_sum")}),))
    assert render(reply, "en", "us", texts).text == "$300.00 is a little low; I can do $350.00."
    assert render(reply, "en", "us").text != render(reply, "en", "us", texts).text


def test_a_change_that_the_shipped_text_has_outgrown_is_left_out() -> None:
    stale = {"zh": "最低{least}。", "en": "At least {least}."}
    assert outgrown(KEY, stale)
    assert outgrown(KEY, {"zh": GOOD["zh"]})
    assert outgrown("counter.no_such_text", GOOD)
    assert with_changes({KEY: stale, "counter.no_such_text": GOOD}) == dict(catalogue())


def test_the_values_of_a_text_are_named_as_they_are_written() -> None:
    assert variables(KEY) == ("asked_sum", "allowed_sum")
    assert "count:payment|payments" in variables("offer.line_instalments")


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ({"en": " "}, ("en", "wording.empty")),
        ({"en": "I can do {allowed_sum."}, ("en", "wording.braces")),
        ({"en": "I can do {0} for {asked_sum}, {allowed_sum}."}, ("en", "wording.braces")),
        ({"en": "I can do {allowed_sum!r}, not {asked_sum}."}, ("en", "wording.braces")),
        ({"en": "I can do {allowed_sum}."}, ("en", "wording.missing_value")),
        ({"en": GOOD["en"] + " {phone}"}, ("en", "wording.unknown_value")),
        ({"en": "{asked_sum:>10} is low; {allowed_sum}."}, ("en", "wording.form_of_value")),
        ({"en": GOOD["en"] + " word" * 60}, ("en", "wording.too_long_en")),
        ({"zh": GOOD["zh"] + "好" * 80}, ("zh", "wording.too_long_zh")),
        ({"zh": GOOD["en"]}, ("zh", "wording.language")),
        ({"en": GOOD["zh"]}, ("en", "wording.language")),
        ({"en": GOOD["en"] + " Yes? No?"}, ("en", "wording.questions")),
        ({"en": GOOD["en"] + " Act immediately."}, ("en", "wording.presses")),
        ({"zh": GOOD["zh"] + "不然就坐牢。"}, ("zh", "compliance.crime")),
        ({"en": GOOD["en"] + " Or we tell your family."}, ("en", "compliance.others")),
    ],
)
def test_a_text_that_may_not_be_said_is_refused_with_what_is_wrong(
    texts: dict[str, str], found: tuple[str, str]
) -> None:
    assert found in codes(KEY, **texts)


def test_what_a_stranger_may_read_may_not_hint_at_the_debt() -> None:
    assert ("en", "wording.hints") in codes("verify.first", en=catalogue()["verify.first"]["en"] + " It is your loan.")


def test_a_crisis_line_may_not_be_lost_from_its_text() -> None:
    key = next(key for key in catalogue() if key.startswith("safety.") and "988" in catalogue()[key]["en"])
    assert ("en", "wording.number_lost") in codes(key, en="We are here for you.")


def test_a_button_keeps_short() -> None:
    assert ("en", "wording.long_button") in codes("button.human", en="I would very much like to talk with somebody")
    assert text_problems("button.human", {"zh": "找人工", "en": "A person"}) == ()


def test_there_is_nothing_to_change_in_a_text_that_does_not_exist() -> None:
    with pytest.raises(InvalidInput):
        wording_problems("no.such", GOOD)
