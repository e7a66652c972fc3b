"""The in-process engine: trained small here, read in the contract's form, and never deaf to danger."""

import json
import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.dialogue.understanding import INTENTS, Understanding
from core.errors import InvalidInput, NotFound
from nlu.cli_logic import evaluate_file, parse_lines
from nlu.corpus import Example, digest, load
from nlu.engine import Context, floor_only, understand
from nlu.evaluation import as_table, read_labelled
from nlu.local.engine import LocalEngine
from nlu.local.training import ensure_model, train

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CONTEXT = Context(NOW, "CNY")
HELD_OUT = Path(__file__).parent
FEW = ("ask_balance", "request_instalments", "hardship_income", "promise_to_pay", "out_of_scope", "ask_how_to_pay")


@pytest.fixture(scope="module")
def few_examples() -> list[Example]:
    """Fourteen messages of each of six intents, in each language."""
    counts: Counter[tuple[str, str]] = Counter()
    chosen = []
    for example in load():
        key = (example.lang, example.intents[0])
        if len(example.intents) == 1 and key[1] in FEW and counts[key] < 14:
            counts[key] += 1
            chosen.append(example)
    return chosen


@pytest.fixture(scope="module")
def engine(few_examples: list[Example], tmp_path_factory: pytest.TempPathFactory) -> LocalEngine:
    folder = tmp_path_factory.mktemp("model")
    train(few_examples, folder / "local.npz", folder)
    return LocalEngine.load(folder / "local.npz")


class Broken:
    name = "broken"
    version = "0"

    def parse(self, text: str, context: Context) -> Understanding:
        raise RuntimeError("no model")


class Slow(Broken):
    name = "slow"

    def __init__(self) -> None:
        self.release = threading.Event()

    def parse(self, text: str, context: Context) -> Understanding:
        self.release.wait(5)
        return Understanding("en")


def test_the_training_data_name_only_known_intents_and_cover_all() -> None:
    seen = {(example.lang, name) for example in load() for name in example.intents}
    assert seen == {(lang, name) for lang in ("zh", "en") for name in INTENTS}


def test_a_trained_intent_is_asserted(engine: LocalEngine) -> None:
    assert engine.parse("我一共欠多少钱", CONTEXT).says("ask_balance")
    assert engine.parse("can I pay in monthly instalments", CONTEXT).says("request_instalments")


def test_intents_come_best_first_and_within_zero_and_one(engine: LocalEngine) -> None:
    confidences = [i.confidence for i in engine.parse("I lost my job, can I pay monthly?", CONTEXT).intents]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= c <= 1 for c in confidences)


def test_danger_is_asserted_beside_what_the_classifier_reads(engine: LocalEngine) -> None:
    understood = engine.parse("我一共欠多少钱,我不想活了", CONTEXT)
    assert understood.intents[0].name == "self_harm"


def test_a_bare_number_answers_the_question_that_was_asked(engine: LocalEngine) -> None:
    assert engine.parse("800", Context(NOW, "CNY", "amount")).asserted == ("propose_amount",)
    assert engine.parse("2", Context(NOW, "CNY", "choice")).asserted == ("choose_option",)


@pytest.mark.parametrize("text", ["", " ", "\ud800", "？" * 3000, "a" * 20_000, "\x00\x01", "👨‍👩‍👧‍👦", "死" * 5000])
def test_no_text_breaks_the_engine(engine: LocalEngine, text: str) -> None:
    assert engine.parse(text, CONTEXT).lang in ("zh", "en")


def test_the_same_message_reads_the_same_from_many_threads(engine: LocalEngine) -> None:
    expected = engine.parse("我下个月15号还", CONTEXT)
    results: list[Understanding] = []
    threads = [
        threading.Thread(target=lambda: results.append(engine.parse("我下个月15号还", CONTEXT))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4


def test_training_twice_makes_the_same_model(few_examples: list[Example], tmp_path: Path, engine: LocalEngine) -> None:
    train(few_examples, tmp_path / "again.npz", tmp_path)
    again = LocalEngine.load(tmp_path / "again.npz")
    assert again.parse("how do I pay", CONTEXT) == engine.parse("how do I pay", CONTEXT)


def test_a_model_is_trained_only_when_missing_or_stale(tmp_path: Path, few_examples: list[Example]) -> None:
    folder = tmp_path / "data"
    (folder / "zh").mkdir(parents=True)
    (folder / "en").mkdir()
    for lang in ("zh", "en"):
        blocks = []
        for name in FEW:
            lines = "\n".join(f"    - {e.text}" for e in few_examples if e.lang == lang and e.intents == (name,))
            blocks.append(f"- intent: {name}\n  examples: |\n{lines}\n")
        (folder / lang / "few.yml").write_text('version: "3.1"\nnlu:\n' + "".join(blocks), "utf-8")
    model = ensure_model(folder, tmp_path / "m.npz", tmp_path / "cache")
    first = model.stat().st_mtime_ns
    assert ensure_model(folder, model, tmp_path / "cache").stat().st_mtime_ns == first
    (folder / "en" / "few.yml").write_text((folder / "en" / "few.yml").read_text("utf-8") + "    - one more\n", "utf-8")
    assert LocalEngine.load(model).version != LocalEngine.load(ensure_model(folder, model, tmp_path / "cache")).version
    assert len(digest(folder)) == 16


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="parley nlu train"):
        LocalEngine.load(tmp_path / "none.npz")


async def test_a_broken_engine_still_hears_danger() -> None:
    understood = await understand(Broken(), "stop texting me, I want to die", CONTEXT)
    assert understood.asserted == ("self_harm", "stop_contact")
    assert understood.engine == "floor"


async def test_a_slow_engine_is_not_waited_for() -> None:
    slow = Slow()
    understood = await understand(slow, "找我律师谈", CONTEXT, budget_s=0.1)
    assert not slow.release.is_set()
    slow.release.set()
    assert understood.says("legal_representation")


def test_the_floor_alone_asserts_nothing_of_an_ordinary_message() -> None:
    assert floor_only("我下个月15号发工资就还", CONTEXT).fallback


def test_lines_are_parsed_in_order_and_bad_ones_say_why(engine: LocalEngine) -> None:
    lines = [
        '{"id": "m1", "text": "我一共欠多少", "now": "2026-11-22T10:00:00+08:00", "currency": "CNY"}',
        "not json",
        '{"id": "m3"}',
        '{"id": "m4", "text": "hi", "now": "2026-11-22T10:00:00"}',
        '{"id": 5, "text": "hello"}',
    ]
    out = [json.loads(line) for line in parse_lines(engine, lines, NOW)]
    assert [row["id"] for row in out] == ["m1", None, None, None, 5]
    assert out[1]["error"].startswith("line 2: ")
    assert set(out[0]) == {"id", "lang", "intents", "entities", "fallback"}
    assert out[4]["intents"][0]["name"] == "greet"


def test_evaluation_counts_and_prints(engine: LocalEngine, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(
        '{"id": "1", "text": "转人工", "intents": ["talk_to_human"]}\n{"id": "2", "text": "hi", "intents": ["deny"]}\n'
    )
    figures = evaluate_file(engine, path, NOW)
    assert figures["top_intent"] == 0.5
    assert figures["critical_recall"] == 1.0
    assert figures["confusions"] == [{"gold": "deny", "read": "greet", "count": 1}]
    assert "talk_to_human" in as_table(figures)


def test_a_label_outside_the_set_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "1", "text": "x", "intents": ["unknown"]}')
    with pytest.raises(InvalidInput):
        read_labelled(path)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_held_out_messages_cover_every_intent(lang: str) -> None:
    messages = read_labelled(HELD_OUT / f"held_out_{lang}.jsonl")
    counts = Counter(name for message in messages for name in message.intents)
    assert set(counts) == INTENTS
    assert min(counts.values()) >= 3
