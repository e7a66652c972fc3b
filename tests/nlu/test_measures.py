"""The evaluation's measures: what counts as rejected, as the same entity, and as a run-on message of two."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from core.dialogue.understanding import INTENTS, Entity, Intent, Understanding
from nlu.corpus import Example
from nlu.engine import Context, entities_of
from nlu.evaluation import read_labelled
from nlu.local.neighbours import Neighbours
from nlu.local.pairing import pairs_of
from nlu.measures import calibration_error, entity_scores, rejection_auroc

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)


def read_as(**confidences: float) -> Understanding:
    return Understanding("en", tuple(Intent(name, value) for name, value in confidences.items()))


def test_rejection_ranks_strange_messages_above_usual_ones() -> None:
    strange = ({"out_of_scope"}, read_as(out_of_scope=0.7, greet=0.1))
    usual = ({"greet"}, read_as(greet=0.8, out_of_scope=0.1))
    assert rejection_auroc([strange, usual]) == 1.0
    assert rejection_auroc([usual]) is None


def test_an_entity_is_exact_by_type_and_value_whatever_its_bound() -> None:
    gold = [{"type": "amount", "value": "200.00"}, {"type": "date", "value": "2026-11-27"}]
    found = [Entity("amount", {"value": "200.00", "currency": "USD", "period": "month", "bound": "about"}, 0, 3)]
    figures = entity_scores([(gold, found)])
    assert (figures["exact"], figures["precision"], figures["messages_exact"]) == (0.5, 1.0, 0.0)


def test_confidence_that_is_right_as_often_as_it_says_has_no_calibration_error() -> None:
    pairs = [({"affirm"}, read_as(affirm=0.5)), ({"deny"}, read_as(affirm=0.5))]
    assert calibration_error(pairs) == 0.0


def test_a_greeting_joined_to_a_request_is_only_the_request() -> None:
    corpus = [Example(f"hi {n}", ("greet",), "en") for n in range(4)]
    corpus += [Example(f"stop now {n}", ("stop_contact",), "en") for n in range(40)]
    pairs = pairs_of(corpus, count=40)
    assert pairs == pairs_of(corpus, count=40)
    assert {pair.example.intents for pair in pairs} == {("stop_contact",)}


def test_the_nearest_messages_decide_and_two_labels_share() -> None:
    vectors = np.random.default_rng(1).normal(size=(40, 8)).astype(np.float32)
    targets = np.zeros((40, 3), dtype=np.float32)
    targets[:, 0] = 1
    targets[0] = [0, 1, 1]
    shares = Neighbours.fit(vectors, targets).shares(vectors[:1], 3)[0]
    assert shares[1] == pytest.approx(shares[2])
    assert shares.sum() == pytest.approx(1, abs=1e-5)
    assert shares[1] > shares[0] / 39


@pytest.mark.parametrize(
    ("text", "expecting", "kind", "value"),
    [
        ("900412", "identity", "date", "1990-04-12"),
        ("04/12/1990", "identity", "date", "1990-12-04"),
        ("4471", "identity", "digits", "4471"),
        ("1800", "income", "amount", "1800.00"),
        ("150?", "amount", "amount", "150.00"),
    ],
)
def test_a_bare_answer_is_read_as_what_the_dialogue_asked(text: str, expecting: str, kind: str, value: str) -> None:
    found = entities_of(text, "en", Context(NOW, "CNY" if text == "900412" else "GBP", expecting))
    assert [(entity.type, entity.value) for entity in found] == [(kind, value)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_harder_messages_are_well_formed_and_cover_every_intent(lang: str) -> None:
    messages = read_labelled(HERE / f"hard_{lang}.jsonl")
    assert {name for message in messages for name in message.intents} == INTENTS
    assert len(messages) >= 250
    assert sum(message.entities is not None for message in messages) >= 70


def test_the_context_cases_ask_only_what_the_dialogue_asks() -> None:
    rows = [json.loads(line) for line in (HERE / "contexts.jsonl").read_text("utf-8").splitlines()]
    asked = {"affirm", "amount", "date", "payday", "identity", "choice", "count", "reason", "income"}
    assert {row["expecting"] for row in rows} == asked
    assert all(set(row["intents"]) <= INTENTS for row in rows)
