"""The evaluation's report: figures worked out by hand, the table, and the picture of the confusions."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from core.dialogue.understanding import ROUTES, Entity, Intent, Understanding
from nlu.confusion_picture import PAIRS_SHOWN, as_svg
from nlu.engine import Context
from nlu.evaluation import CRITICAL, Labelled, as_table, evaluate
from nlu.measures import calibration_error, confusions, macro_f1, per_intent, read_in_full, scores
from parley import understanding
from parley.cli import main

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
CONTEXT = Context(NOW, "GBP")
PAY_50 = {"type": "amount", "value": "50.00", "currency": "GBP", "period": "month", "bound": "exact"}


class Scripted:
    """An engine that reads each text as it was told to."""

    name, version = "scripted", "<1>"

    def __init__(self, readings: dict[str, dict[str, float]], entities: tuple[Entity, ...] = ()) -> None:
        self.readings, self.entities = readings, entities

    def parse(self, text: str, context: Context) -> Understanding:
        intents = tuple(Intent(name, confidence) for name, confidence in self.readings[text].items())
        return Understanding("en", intents, self.entities)


@pytest.fixture(scope="module")
def figures() -> dict[str, object]:
    """Six messages: two right, one half right, one dangerous one missed, one left unsaid, one strange."""
    readings = {
        "a": {"greet": 0.9},
        "b": {"stop_contact": 0.8, "complaint": 0.6},
        "c": {"propose_amount": 0.9},
        "d": {"distress": 0.7, "self_harm": 0.4},
        "e": {"ask_balance": 0.3},
        "f": {"out_of_scope": 0.6},
    }
    gold = {"a": "greet", "b": "stop_contact", "c": "propose_amount hardship_income", "d": "self_harm"}
    gold |= {"e": "ask_balance", "f": "out_of_scope"}
    entity = Entity("amount", {"value": "50.00", "currency": "GBP", "period": "once", "bound": "exact"}, 0, 2)
    messages = [
        Labelled(text, text, tuple(names.split()), (PAY_50,) if text == "c" else None) for text, names in gold.items()
    ]
    return evaluate(Scripted(readings, (entity,)), messages, CONTEXT)


def test_what_is_critical_is_what_the_law_danger_and_people_need() -> None:
    hardship = {"hardship_income", "hardship_health", "hardship_family", "hardship_event"}
    dispute = {"dispute_debt", "dispute_amount", "dispute_terms"}
    others = {"identity_theft", "complaint", "talk_to_human"}
    assert ROUTES["comply"] | ROUTES["safety"] | hardship | dispute | others == CRITICAL


def test_the_figures_are_those_worked_out_by_hand(figures: dict[str, object]) -> None:
    worked_out = {
        "messages": 6,
        "top_intent": 0.8333,  # all but d
        "all_gold_asserted": 0.5,  # a, b, f
        "asserted_exactly_gold": 0.3333,  # a, f: b says too much
        "fallback": 0.1667,  # e
        "precision": 0.6667,  # greet, stop, propose, oos of six asserted
        "recall": 0.5714,  # of seven meant
        "multi_intent_recall": 0.5,  # c
        "critical_recall": 0.3333,  # stop of stop, hardship, self-harm
        "critical_precision": 0.3333,  # stop of stop, complaint, distress
        "self_harm_recall": 0.0,
        "self_harm_precision": None,
        "out_of_scope_auroc": 1.0,
        "ece": 0.3667,  # gaps by bin: 0.2 (two at 0.9), 0.2, 0.7 (wrong at 0.7), 0.7, 0.4; over six
    }
    assert {name: figures[name] for name in worked_out} == worked_out
    assert figures["confusions"] == [{"gold": "self_harm", "read": "distress", "count": 1}]


def test_an_entity_with_another_period_is_exact_but_not_in_full(figures: dict[str, object]) -> None:
    entities = figures["entities"]
    assert isinstance(entities, dict)
    assert (entities["exact"], entities["exact_in_full"], entities["messages_exact"]) == (1.0, 0.0, 1.0)
    assert entities["per_type"] == {"amount": {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 1}}


def test_each_entity_read_answers_for_one_that_was_meant() -> None:
    read = Entity("amount", {name: PAY_50[name] for name in PAY_50 if name != "type"}, 3, 5)
    assert read_in_full([PAY_50, PAY_50], [read]) == [True, False]
    assert read_in_full([{"type": "amount", "value": "50.00"}], [read]) == [True]


def test_costs_are_measured_in_order(figures: dict[str, object]) -> None:
    latency = figures["latency_ms"]
    assert isinstance(latency, dict)
    assert list(latency) == ["p50", "p95", "p99"]
    assert all(low <= high for low, high in pairwise(latency.values()))
    memory, peak, speed = (figures[name] for name in ("memory_mib", "peak_memory_mib", "messages_per_second"))
    assert isinstance(peak, float)
    assert isinstance(speed, float)
    assert memory is None or (isinstance(memory, float) and 0 < memory <= peak + 1)
    assert speed > 0


def test_each_intent_has_precision_recall_f1_and_support() -> None:
    pairs = [({"greet"}, read_as("greet")), ({"greet"}, read_as("thanks")), ({"deny"}, read_as("greet"))]
    counts = per_intent(pairs)
    assert scores(counts["greet"]) == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 2}
    assert scores(counts["thanks"]) == {"precision": 0.0, "recall": None, "f1": 0.0, "support": 0}
    assert macro_f1(counts) == 0.25
    assert macro_f1({}) is None


def read_as(name: str, confidence: float = 0.9) -> Understanding:
    return Understanding("en", (Intent(name, confidence),))


def test_calibration_is_the_gap_in_each_bin_weighed_by_its_messages() -> None:
    sure_and_right = [({"greet"}, read_as("greet", 0.95))] * 3
    sure_and_wrong = [({"greet"}, read_as("deny", 0.95))]
    doubtful = [({"greet"}, read_as("greet", 0.25))] * 4
    assert calibration_error([*sure_and_right, *sure_and_wrong, *doubtful]) == pytest.approx((4 * 0.2 + 4 * 0.75) / 8)


def test_the_table_tells_every_figure(figures: dict[str, object]) -> None:
    table = as_table(figures)
    for name in ("critical_recall", "self_harm_recall", "out_of_scope_auroc", "ece", "latency p50 / p95 / p99, ms"):
        assert name in table
    for name in ("messages_per_second", "memory_mib", "peak_memory_mib", "entities exact_in_full", "self_harm"):
        assert name in table
    json.dumps(figures)


def confused(**pairs: int) -> dict[str, object]:
    gold_and_read = [name.split("__") for name in pairs]
    rows = [{"gold": g, "read": r, "count": n} for (g, r), n in zip(gold_and_read, pairs.values(), strict=True)]
    support = {name: {"support": 9} for pair in gold_and_read for name in pair}
    return {"engine": "local", "version": "<1>", "messages": 40, "confusions": rows, "per_intent": support}


def test_the_picture_shows_the_confused_intents_with_their_numbers() -> None:
    picture = as_svg(confused(self_harm__distress=5, distress__self_harm=2, deny__goodbye=1))
    texts = [node.text for node in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]
    assert "self_harm  5 of 9" in texts
    assert {"distress", "self_harm", "goodbye", "5", "2", "1"} <= set(texts)
    assert "greet" not in texts
    titles = [node.text for node in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}title")]
    assert "self_harm read as distress: 5" in titles


def test_the_picture_is_grey_and_dark_cells_have_light_numbers() -> None:
    picture = as_svg(confused(deny__goodbye=8, greet__thanks=1))
    fills = {node.get("fill") for node in ET.fromstring(picture).iter() if node.get("fill")}
    assert fills == {"#fff", "#000", "rgb(40,40,40)", "rgb(202,202,202)"}


def test_nothing_in_the_picture_lies_outside_it() -> None:
    root = ET.fromstring(as_svg(confused(**{f"deny{n}__a_rather_long_intent_{n}": n + 1 for n in range(20)})))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for node in root.iter("{http://www.w3.org/2000/svg}rect"):
        assert float(node.get("x", 0)) + float(node.attrib["width"]) <= width
        assert float(node.get("y", 0)) + float(node.attrib["height"]) <= height


def test_a_picture_of_many_confusions_keeps_the_commonest_and_says_so() -> None:
    picture = as_svg(confused(**{f"deny{n}__goodbye": 100 - n for n in range(PAIRS_SHOWN + 5)}))
    assert f"the {PAIRS_SHOWN} commonest of {PAIRS_SHOWN + 5} pairs" in picture
    assert "deny64" not in picture


def test_a_picture_without_confusions_says_that_there_are_none() -> None:
    assert "No message was read as another intent." in as_svg(confused())
    assert confusions([({"greet"}, read_as("greet"))]) == []


def test_the_command_prints_the_figures_and_draws_the_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text('{"id": "1", "text": "hello", "intents": ["greet"]}\n', "utf-8")
    engine = Scripted({"hello": {"goodbye": 0.9}})
    monkeypatch.setattr(understanding, "engine_named", lambda *_: engine)
    monkeypatch.setattr(understanding, "engine_for_command", lambda *_: nullcontext(engine), raising=False)
    drawn = tmp_path / "new" / "picture.svg"
    told = CliRunner().invoke(main, ["nlu", "evaluate", str(file), "--json", "--picture", str(drawn)])
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["top_intent"] == 0.0
    assert "greet read as goodbye: 1" in drawn.read_text("utf-8")
