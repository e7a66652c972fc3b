"""The checks of the training data: each finding on a few messages, and that the shipped data need no mending."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from core.dialogue.understanding import INTENTS
from core.errors import InvalidInput
from nlu.checks.findings import Finding, Limits, quick_findings
from nlu.checks.labels import contradicted
from nlu.checks.messages import Message, read_messages, read_tests
from nlu.checks.nearness import Near, near_pairs, opening, plain, shingles, telling
from nlu.checks.run import CHECKS, as_text, check
from nlu.corpus import Example
from parley.cli import main

NO_COUNTS = Limits(least=0, least_grave=0)
SETS = "contexts hard_en hard_zh held_out_en held_out_zh unseen_en unseen_zh".split()
TESTS = [Path(__file__).parent / f"{name}.jsonl" for name in SETS]
"""The sets that figures are reported of."""


def message(text: str, label: str, line: int = 1) -> Message:
    return Message(text, tuple(label.split("+")), "zh" if text > "\u3400" else "en", "some.yml", line)


def found(check_name: str, *messages: Message, tests: tuple[Message, ...] = ()) -> list[Finding]:
    return [one for one in quick_findings(messages, tests, NO_COUNTS) if one.check == check_name]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of training data: four English messages, one labelled with a name that is none."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "few.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: deny_identity\n  examples: |\n    - you have got the wrong person\n'
        "    - this is [Sam](name), not Alex\n- intent: greet\n  examples: |\n    - hello there my friend\n"
        "- intent: greeting\n  examples: |\n    - good day to you\n",
        "utf-8",
    )
    return tmp_path


def test_each_message_keeps_its_file_line_and_labels(data: Path) -> None:
    assert [(m.place, m.label, m.text) for m in read_messages(data)] == [
        ("en/few.yml:5", "deny_identity", "you have got the wrong person"),
        ("en/few.yml:6", "deny_identity", "this is Sam, not Alex"),
        ("en/few.yml:9", "greet", "hello there my friend"),
        ("en/few.yml:12", "greeting", "good day to you"),
    ]


def test_the_same_text_in_other_case_script_or_stops_is_repeated() -> None:
    pair = message("还有别的方案吗。", "ask_other_options"), message("還有別的方案嗎", "ask_other_options")
    assert [one.messages for one in found("repeated", *pair)] == [pair]
    assert len(found("repeated", message("Don't call!", "stop_contact"), message("dont call", "stop_contact"))) == 1


def test_the_same_text_under_other_labels_must_be_mended() -> None:
    (one,) = found("other_labels", message("stop it now", "stop_contact"), message("Stop it now!", "abusive"))
    assert one.must_mend


def test_a_question_mark_or_a_currency_sign_makes_another_text() -> None:
    assert not found("other_labels", message("human", "talk_to_human"), message("human?", "ask_if_bot"))
    assert not found("other_labels", message("no", "deny"), message("no £££", "cannot_pay"))


def test_near_duplicates_are_told_apart_by_their_labels() -> None:
    same = message("the debt collector keeps ringing my phone", "complaint")
    like = message("the debt collector keeps ringing my phones", "complaint")
    other = message("that debt collector keeps ringing my phone", "stop_contact")
    assert len(found("near_duplicate", same, like, other)) == 1
    assert {one.messages for one in found("near_other_labels", same, like, other)} >= {(same, other)}


def test_numbers_beside_words_make_no_difference_and_alone_all_of_it() -> None:
    fifty, sixty = message("i can do 50", "propose_amount"), message("i can do 60", "propose_amount")
    assert len(found("near_duplicate", fifty, sixty)) == 1
    assert not found("near_other_labels", message("175", "propose_amount"), message("2", "choose_option"))


def test_a_training_message_that_stands_in_the_tests_is_a_leak() -> None:
    test = message("i want to see the contract", "request_documents")
    (one,) = found("leak", message("I want to see the contract", "request_documents"), tests=(test,))
    assert one.must_mend
    assert not found("leak", message("show me what i signed", "request_documents"), tests=(test,))


def test_a_word_or_two_that_everybody_writes_are_no_leak() -> None:
    (one,) = found("short_leak", message("yes please", "affirm"), tests=(message("Yes please", "affirm"),))
    assert not one.must_mend
    assert [telling(text) for text in ("stop", "lose my number", "转人工", "我不想活了")] == [False, True, False, True]


def test_only_test_messages_with_intents_can_leak(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text('{"text": "pay 5", "entities": []}\n\n{"text": "hello you", "intents": ["greet"]}\n', "utf-8")
    assert [one.text for one in read_tests([file])] == ["hello you"]
    file.write_text("not json\n", "utf-8")
    with pytest.raises(InvalidInput):
        read_tests([file])


def test_intents_with_too_few_messages_are_named_with_their_count() -> None:
    thin = quick_findings([message("hello", "greet"), message("Hello.", "greet")], (), Limits(least=2, least_grave=1))
    says = {one.says for one in thin if one.check == "too_few"}
    assert "en greet: 1 of 2" in says
    assert "zh self_harm: 0 of 1" in says


def test_many_messages_that_begin_alike_are_templated() -> None:
    filler = [message(f"can i pay with {way}", "ask_how_to_pay") for way in "cash visa paypal cheque".split()]
    varied = [message(text, "ask_how_to_pay") for text in ("where to", "which account", "link?", "sort code pls")]
    limits = Limits(least=0, least_grave=0, opening_share=0.4, opening_least=4)
    found_here = [one for one in quick_findings([*filler, *varied], (), limits) if one.check == "templated"]
    assert [one.says for one in found_here] == ["en ask_how_to_pay: 4 (50%) begin with “can i pay”"]
    assert opening("我明天一定还钱", "zh") == "我明天一"


def test_labels_outside_the_set_are_found_and_the_model_is_then_not_asked(data: Path, tmp_path: Path) -> None:
    report = check([], data_dir=data, cache_dir=tmp_path / "cache", limits=NO_COUNTS)
    assert report["counts"]["unknown_label"] == 1
    assert not report["labels_checked"]
    assert "not run" in as_text(report)


def test_a_label_that_the_model_is_sure_against_is_contradicted() -> None:
    names = sorted(INTENTS)
    greet, thanks = names.index("greet"), names.index("thanks")
    corpus = [Example(f"m{n}", ("thanks",) if n > 4 else ("greet",), "en") for n in range(10)]
    chances = np.full((10, len(names)), 0.001, dtype=np.float32)
    chances[:5, greet], chances[5:, thanks] = 0.8, 0.8
    chances[9, thanks], chances[9, greet] = 0.1, 0.9
    (doubt,) = contradicted(corpus, chances)
    assert (doubt.at, doubt.says, doubt.chance, doubt.given) == (9, "greet", 0.9, 0.1)


def test_a_message_of_two_labels_stands_when_the_model_is_sure_of_one() -> None:
    names = sorted(INTENTS)
    corpus = [Example("a", ("greet", "thanks"), "en"), Example("b", ("greet",), "en")]
    chances = np.zeros((2, len(names)), dtype=np.float32)
    chances[:, names.index("greet")] = 0.9
    assert contradicted(corpus, chances) == []


@pytest.mark.parametrize("likeness", [0.5, 0.8, 1.0])
def test_prefix_filtering_finds_what_comparing_every_pair_finds(likeness: float) -> None:
    dice = np.random.default_rng(3)
    sets = [frozenset(str(n) for n in dice.integers(0, 12, dice.integers(1, 9))) for _ in range(120)]
    every = {
        Near(a, b, round(len(sets[a] & sets[b]) / len(sets[a] | sets[b]), 3))
        for a, b in combinations(range(len(sets)), 2)
        if len(sets[a] & sets[b]) / len(sets[a] | sets[b]) >= likeness
    }
    assert set(near_pairs(sets, likeness)) == every


def test_a_message_of_signs_alone_is_still_itself() -> None:
    assert plain("...") == "..."
    assert shingles("👍", "en") != shingles("👎", "en")


def test_the_shipped_data_need_no_mending() -> None:
    report = check(TESTS)
    assert report["must_mend"] == 0, as_text(report)
    assert report["counts"]["near_duplicate"] < report["messages"] / 200
    assert report["test_messages"] > 1000


def test_the_command_tells_by_its_exit_status_whether_something_must_be_mended(data: Path) -> None:
    told = CliRunner().invoke(main, ["nlu", "check", "--fast", "--data", str(data), "--json", str(TESTS[0])])
    assert told.exit_code == 1
    report = json.loads(told.output)
    assert set(report["counts"]) == set(CHECKS)
    unknown = next(one for one in report["findings"] if one["check"] == "unknown_label")
    place = {"place": "en/few.yml:12", "labels": ["greeting"], "text": "good day to you"}
    assert (unknown["must_mend"], unknown["messages"]) == (True, [place])
    assert "have got the wrong" not in CliRunner().invoke(main, ["nlu", "check", "--fast", "--data", str(data)]).output
