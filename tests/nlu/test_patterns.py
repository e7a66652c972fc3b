"""The floor hears what must never be missed and leaves idioms alone."""

import json
import time
from pathlib import Path

import pytest

from core.dialogue.understanding import ASSERTED, Entity, Intent
from nlu.normalise import close_up, fold, language_of
from nlu.patterns import Entry, Veto, cues, entries, heard, settle, small_talk, vetoes

CASES_HIT = [(entry, text) for entry in (*entries(), *cues()) for text in entry.hits]
CASES_MISS = [(entry, text) for entry in (*entries(), *cues()) for text in entry.misses]

DENIED = [(veto, text) for veto in vetoes() for text in veto.hits]
NOT_DENIED = [(veto, text) for veto in vetoes() for text in veto.misses]
HERE = Path(__file__).parent


def _name(value: object) -> str:
    return f"{value.intent}-{value.lang}" if isinstance(value, Entry | Veto) else str(value)


@pytest.mark.parametrize(("entry", "text"), CASES_HIT, ids=_name)
def test_the_words_are_heard(entry: Entry, text: str) -> None:
    assert entry.matches(fold(text))


@pytest.mark.parametrize(("entry", "text"), CASES_MISS, ids=_name)
def test_a_near_miss_is_left_alone(entry: Entry, text: str) -> None:
    assert not entry.matches(fold(text))


@pytest.mark.parametrize(("veto", "text"), DENIED, ids=_name)
def test_an_idiom_is_denied(veto: Veto, text: str) -> None:
    assert veto.denies(fold(text))


@pytest.mark.parametrize(("veto", "text"), NOT_DENIED, ids=_name)
def test_an_idiom_beside_something_weighty_is_not_denied(veto: Veto, text: str) -> None:
    assert not veto.denies(fold(text))


def _self_harm(text: str, confidence: float) -> float:
    return settle(text, [Intent("self_harm", confidence)])[0].confidence


@pytest.mark.parametrize("text", ["困死了明天聊", "working myself into the ground for this", "我没想过自杀,就是压力大"])
def test_a_false_alarm_is_held_below_assertion(text: str) -> None:
    assert _self_harm(text, 0.9) < ASSERTED


@pytest.mark.parametrize("text", ["困死了,我不想活了", "my sister killed herself and i want to die"])
def test_no_idiom_silences_a_pattern(text: str) -> None:
    assert _self_harm(text, 0.9) == 0.9
    assert "self_harm" in [intent.name for intent in heard(text)]


def test_a_story_of_another_does_not_cover_a_hint_of_ones_own() -> None:
    assert _self_harm("我姐去年自杀了,今晚我也", 0.6) == 0.6


def test_a_suspicion_is_asserted_only_where_the_words_bear_it_out() -> None:
    assert _self_harm("我连呼吸都嫌烦", 0.2) == ASSERTED
    assert _self_harm("帮我写首诗", 0.2) == 0.2
    assert _self_harm("我连呼吸都嫌烦", 0.05) == 0.05


def test_distress_is_not_asserted_beside_danger() -> None:
    assert settle("我不想活了", [Intent("distress", 0.9)])[0].confidence < ASSERTED


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_floor_alone_hears_hinted_danger(lang: str) -> None:
    rows = [json.loads(line) for line in (HERE / f"critical_{lang}.jsonl").read_text("utf-8").splitlines()]
    said = {row["id"] for row in rows if "self_harm" in row["intents"]}
    found = {row["id"] for row in rows if "self_harm" in [intent.name for intent in heard(row["text"])]}
    assert said <= found
    assert len(said & found) >= 0.9 * len(found)


@pytest.mark.parametrize("text", ["我的" * 2000, "别再" * 2000, "1" * 4000, "not going to " * 300, "i want to " * 400])
def test_a_hostile_message_is_read_in_bounded_time(text: str) -> None:
    started = time.process_time()
    settle(text, [Intent("self_harm", 0.2)])
    assert time.process_time() - started < 3


def test_every_entry_has_examples_and_counter_examples() -> None:
    assert all(entry.hits and entry.misses for entry in entries())


@pytest.mark.parametrize(
    "text",
    [
        "you're killing me with this interest",
        "气死了",
        "忙死了",
        "stop the interest",
        "don't stop",
        "end of month",
        "I can do 200 a month",
        "能分期吗",
        "我下个月15号发工资就还",
        "what happens if I don't pay",
        "不还会怎么样",
    ],
)
def test_ordinary_messages_trip_no_pattern(text: str) -> None:
    assert heard(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "不想活着还债",
        "我不想活了",
        "不 想 活 了",
        "bu xiang huo le",
        "I want to die",
        "I don’t want to live anymore",
    ],
)
def test_self_harm_is_heard_however_it_is_spelt(text: str) -> None:
    assert "self_harm" in [intent.name for intent in heard(text)]


def test_danger_is_heard_beside_other_meanings() -> None:
    assert [i.name for i in heard("I lost my job and I want to die, stop texting me")] == [
        "self_harm",
        "stop_contact",
        "hardship_income",
    ]


def test_a_pattern_asserts_with_high_confidence() -> None:
    assert all(intent.confidence >= 0.9 for intent in heard("转人工"))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("好", "affirm"), ("嗯", "affirm"), ("可以。", "affirm"), ("行", "affirm"), ("👍", "affirm"),
        ("✅👌", "affirm"), ("👍🏽", "affirm"), ("Yes!", "affirm"), ("ok", "affirm"), ("no", "deny"),
        ("不行", "deny"), ("hi", "greet"), ("你好", "greet"), ("thanks", "thanks"), ("🙄🙄", "out_of_scope"),
        ("...", "out_of_scope"), ("？？？", "out_of_scope"), ("", "out_of_scope"),
    ],
)  # fmt: skip
def test_stock_phrases_need_no_model(text: str, intent: str) -> None:
    assert [i.name for i in small_talk(text)] == [intent]


@pytest.mark.parametrize(
    ("text", "expecting", "intent"),
    [
        ("800", "amount", "propose_amount"),
        ("1,200", "amount", "propose_amount"),
        ("2", "choice", "choose_option"),
        ("第二个", "choice", None),
        ("b", "choice", "choose_option"),
        ("可以", "affirm", "affirm"),
        ("可以", "identity", "confirm_identity"),
        ("4821", "identity", "confirm_identity"),
        ("15号", "date", "promise_to_pay"),
        ("12/25", "date", "promise_to_pay"),
        ("12", "count", "request_instalments"),
        ("what about 800 and then some", "amount", None),
        ("800", None, None),
    ],
)
def test_a_bare_answer_is_read_by_what_was_asked(text: str, expecting: str | None, intent: str | None) -> None:
    found = small_talk(text, expecting=expecting)
    assert [i.name for i in found] == ([intent] if intent else [])


def test_an_entity_that_is_the_whole_message_answers_the_question() -> None:
    text = "第二个"
    choice = Entity("choice", {"value": 2}, 0, 3)
    assert [i.name for i in small_talk(text, expecting="choice", entities=[choice])] == ["choose_option"]


def test_language_is_told_by_script() -> None:
    assert language_of("我要分期", "en") == "zh"
    assert language_of("can I pay monthly", "zh") == "en"
    assert language_of("ok 我明天还钱给你们", "en") == "zh"
    assert language_of("please call 李 later today", "zh") == "en"
    assert language_of("800", "zh") == "zh"


def test_folding_is_blind_to_width_case_script_and_gaps() -> None:
    assert close_up(fold("我 還　ＡＢＣ")) == "我还abc"
    assert fold("don\u2019t\u200b \ud800STOP") == "don't stop"


@pytest.mark.parametrize("text", ["09/02/84", "2277", "1988.9.1", "…", "12-04-1990 4471"])
@pytest.mark.parametrize("intent", ["debtor_deceased", "self_harm", "stop_contact"])
def test_a_message_without_a_word_says_nothing_grave(text: str, intent: str) -> None:
    [settled] = settle(text, [Intent(intent, 0.83)])
    assert settled.confidence < ASSERTED
