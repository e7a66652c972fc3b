"""Every text that a debtor reads: there in both languages, filled in alike, short, allowed, and true to form."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import core
from core.calendar import Frequency
from core.compliance.words import banned, hints_at_debt, presses
from core.dialogue.decision import Button, Reply, Say
from core.dialogue.differences import SAME_WORDS
from core.dialogue.lines import plan_lines
from core.errors import InvariantBroken
from core.money import Money
from core.policy import Limits
from core.policy.codec import CHOICE_FIELDS, WEIGHT_FIELDS
from core.wording import catalogue, date_text, discloses, money_text, product_name, render, say
from core.wording.render import BEFORE_IDENTITY, LANGUAGES, Language
from tests.unit.conversing import an_offer

TEXTS = catalogue()
AREAS = frozenset(key.partition(".")[0] for key in TEXTS)
ROOT = Path(str(core.__file__)).parent.parent
KEY = re.compile(r"[a-z_]+\.[a-z0-9_]*[a-z0-9]")
EVERY_TEXT = [(key, language) for key in TEXTS for language in LANGUAGES]
DAY = date(2026, 12, 5)


def written_keys() -> tuple[set[str], set[str]]:
    """Catalogue keys written out in the code, and the patterns of those put together there."""
    whole: set[str] = set()
    patterns: set[str] = set()
    for path in [*ROOT.glob("core/**/*.py"), *ROOT.glob("bot/**/*.py"), *ROOT.glob("console/**/*.py")]:
        if "wording" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr):
                patterns.add("".join(_piece(value) for value in node.values))
    return whole, {pattern for pattern in patterns if pattern.partition("\\.")[0] in AREAS}


def _piece(value: ast.expr) -> str:
    return re.escape(value.value) if isinstance(value, ast.Constant) and isinstance(value.value, str) else "[a-z0-9_]+"


def test_every_text_that_the_dialogue_says_is_in_the_catalogue() -> None:
    whole, _ = written_keys()
    dialogue = {
        node.value
        for path in (ROOT / "core/dialogue").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value)
    }
    assert whole & TEXTS.keys()
    assert {key for key in dialogue if key.partition(".")[0] in AREAS} - TEXTS.keys() == set()


def test_no_text_is_dead() -> None:
    whole, patterns = written_keys()
    dead = [key for key in TEXTS if key not in whole and not any(re.fullmatch(pattern, key) for pattern in patterns)]
    assert dead == []


def test_every_limit_that_can_be_overstepped_has_its_words() -> None:
    said = {key.removeprefix("counter.") for key in TEXTS if key.startswith("counter.")}
    elsewhere = {*CHOICE_FIELDS, *WEIGHT_FIELDS, *SAME_WORDS, "max_broken_promises", "max_concessions"}
    assert {field.name for field in fields(Limits)} - elsewhere <= said
    assert {"count", "first_due"} <= said


@pytest.mark.parametrize("key", TEXTS)
def test_a_text_is_there_in_both_languages_with_the_same_things_to_fill_in(key: str) -> None:
    assert set(TEXTS[key]) == set(LANGUAGES)
    names = {language: set(_names(TEXTS[key][language])) for language in LANGUAGES}
    assert names["zh"] == names["en"]


def _names(text: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize(("key", "language"), EVERY_TEXT)
def test_a_text_is_short(key: str, language: Language) -> None:
    text = re.sub(r"\{[^}]*\}", "x", TEXTS[key][language])
    length = len(re.findall(r"[㐀-鿿]", text)) if language == "zh" else len(text.split())
    assert length <= (80 if language == "zh" else 60)


@pytest.mark.parametrize(("key", "language"), EVERY_TEXT)
def test_a_text_is_written_in_its_language(key: str, language: Language) -> None:
    text = re.sub(r"\{[^}]*\}", "", TEXTS[key][language])
    assert bool(re.search(r"[㐀-鿿]", text)) == (language == "zh") or not re.search(r"\w{2,}", text)


@pytest.mark.parametrize(("key", "language"), EVERY_TEXT)
@pytest.mark.parametrize("market", ["cn", "us", "uk"])
def test_a_text_passes_the_review_of_words(key: str, language: Language, market: str) -> None:
    assert list(banned(TEXTS[key][language], market, language)) == []


@pytest.mark.parametrize(("key", "language"), [pair for pair in EVERY_TEXT if not pair[0].startswith("safety.")])
def test_a_text_does_not_shout_or_press(key: str, language: Language) -> None:
    text = TEXTS[key][language]
    assert presses(text) is None


@pytest.mark.parametrize(("key", "language"), EVERY_TEXT)
def test_a_text_asks_one_question_at_most(key: str, language: Language) -> None:
    assert TEXTS[key][language].count("？" if language == "zh" else "?") <= 1


@pytest.mark.parametrize(("key", "language"), EVERY_TEXT)
def test_what_a_stranger_may_read_does_not_hint_at_a_debt(key: str, language: Language) -> None:
    if key.partition(".")[0] in BEFORE_IDENTITY:
        text = TEXTS[key][language]
        assert not hints_at_debt(text)


def test_a_reply_discloses_by_its_texts_and_by_its_buttons() -> None:
    assert not discloses(Reply((Say("verify.first"),), (Button("human", "button.human"),)))
    assert discloses(Reply((Say("verify.first"), Say("debt.what_now"))))
    assert discloses(Reply((Say("verify.first"),), (Button("choose:o1", "choice.instalments"),)))


@pytest.mark.parametrize(
    ("money", "language", "market", "text"),
    [
        (Money.of("1383.33", "CNY"), "zh", "cn", "¥1,383.33"),
        (Money.of("1383.33", "CNY"), "en", "cn", "¥1,383.33"),
        (Money.of("2400", "USD"), "en", "us", "$2,400.00"),
        (Money.of("2400", "GBP"), "en", "uk", "£2,400.00"),
    ],
)
def test_a_sum_is_shown_with_its_symbol(money: Money, language: Language, market: str, text: str) -> None:
    assert money_text(money, language, market) == text


def test_a_date_is_shown_as_its_readers_write_it() -> None:
    assert date_text(DAY, "zh", "cn") == "2026年12月5日"
    assert date_text(DAY, "en", "us") == "December 5, 2026"
    assert date_text(DAY, "en", "uk") == "5 December 2026"


def test_a_count_of_one_is_singular() -> None:
    params = {"due": DAY, "amount": Money.of("200", "USD"), "left": Money.of("200", "USD")}
    assert "1 payment left" in say(Say("plan.status", {**params, "count": 1}), "en")
    assert "2 payments left" in say(Say("plan.status", {**params, "count": 2}), "en")
    assert "还剩1次" in say(Say("plan.status", {**params, "count": 1}), "zh")


def test_a_rhythm_is_said_in_words() -> None:
    sums = {"asked": Money.of("10", "USD"), "allowed": Money.of("65", "USD")}
    params: dict[str, Any] = {**sums, "every": Frequency.WEEK, "frequency": Frequency.FORTNIGHT}
    assert "$65.00 every two weeks" in say(Say("counter.level", params), "en")
    assert "每两周$65.00" in say(Say("counter.level", params), "zh").replace("US$", "$")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_read_back_lists_each_date_and_sum(language: Language) -> None:
    offer = an_offer()
    text = render(Reply(plan_lines(offer)), language).text
    for line in offer.schedule.lines:
        assert date_text(line.due, language) in text
    assert text.count(money_text(offer.schedule.lines[0].amount, language)) >= len(offer.schedule.lines)
    assert money_text(offer.total, language) in text


def test_an_account_is_named_by_product_and_last_figures() -> None:
    params = {"product": "credit_card", "account": "8820", "creditor": "Harbour Bank", "reference": "HB-1"}
    assert "credit card ending 8820" in say(Say("debt.origin", params), "en")
    assert "尾号8820的信用卡" in say(Say("debt.origin", params), "zh")
    assert product_name("boat_loan", "en") == "boat loan"


def test_a_creditor_without_a_number_leaves_no_gap() -> None:
    params = {"creditor": "Harbour Bank", "phone": ""}
    assert "on its official number, or ask" in say(Say("verify.why", params), "en")
    assert "official number first" in say(Say("answer.doubt_legitimacy", params), "en")
    assert "官方电话，或者" in say(Say("verify.why", params), "zh")


def test_an_unknown_text_is_a_broken_promise() -> None:
    with pytest.raises(InvariantBroken):
        say(Say("debt.nothing_of_the_kind"), "en")


def test_working_hours_read_as_chinese_in_chinese():
    paragraph = Say("person.hours", {"hours": "Mon-Fri 08:30-20:00; Sat 09:00-12:00"})
    assert "周一至周五 08:30-20:00，周六 09:00-12:00" in say(paragraph, "zh")
    assert "Mon-Fri 08:30-20:00" in say(paragraph, "en")
