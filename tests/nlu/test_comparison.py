"""Two models on the same messages: the figures of both, what got better and worse, and what neither learnt from."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.dialogue.understanding import Intent, Understanding
from nlu.comparison import FIGURES, compare, held_messages
from nlu.corpus import Example, load
from nlu.engine import Context
from nlu.evaluation import Labelled, read_labelled
from nlu.relabelled import is_held
from nlu.retraining import Task, corpus_of
from nlu.switching import SwitchingEngine

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HERE = Path(__file__).parent


class Reads:
    """Reads each text as it was told to, everything else as a greeting."""

    name = "reads"

    def __init__(self, version: str, told: Mapping[str, str]) -> None:
        self.version = version
        self._told = told

    def parse(self, text: str, context: Context) -> Understanding:
        return Understanding("en", (Intent(self._told.get(text, "greet"), 0.9),), (), self.name, self.version)


MESSAGES = (
    Labelled("en-1", "hello", ("greet",)),
    Labelled("en-2", "i want to die", ("self_harm",)),
    Labelled("own-0", "ask ‹name›", ("talk_to_human",)),
    Labelled("en-3", "no more letters", ("stop_contact",)),
)


def test_the_report_has_both_models_figures_and_what_moved() -> None:
    before = Reads("old", {"i want to die": "self_harm", "no more letters": "stop_contact"})
    after = Reads("new", {"i want to die": "self_harm", "ask Sam": "talk_to_human"})
    report = compare(before, after, MESSAGES, NOW)
    assert (report["messages"], report["own"], report["against"]) == (4, 1, "old")
    assert report["before"].keys() == report["after"].keys() == set(FIGURES)
    assert (report["before"]["top_intent"], report["after"]["top_intent"]) == (0.75, 0.75)
    assert report["after"]["self_harm_recall"] == 1
    assert report["better"] == [("talk_to_human", 0.0, 1.0)]
    assert report["worse"][0] == ("stop_contact", 1.0, 0.0)
    assert report["mended"] == {
        "count": 1,
        "shown": [{"text": "ask ‹name›", "gold": ["talk_to_human"], "before": "greet", "after": "talk_to_human"}],
    }
    assert [(each["before"], each["after"]) for each in report["broken"]["shown"]] == [("stop_contact", "greet")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_messages_kept_with_the_release_are_the_held_out_ones(lang: str) -> None:
    held_out = read_labelled(HERE / f"held_out_{lang}.jsonl")
    kept = [message for message in held_messages() if message.id.startswith(f"{lang}-")]
    assert [(each.text, each.intents) for each in kept] == [(each.text, each.intents) for each in held_out]


def test_no_message_that_models_are_compared_on_is_trained_on() -> None:
    corpus = load()
    trained = {example.text for example in corpus}
    held = held_messages((), corpus)
    assert [message.text for message in held if message.text in trained] == []
    assert len(held) > 0.9 * len(held_messages())


def test_relabelled_messages_that_are_set_aside_join_them_once() -> None:
    known = held_messages()[0]
    added = held_messages([Example(known.text, ("greet",), "en"), Example("said here", ("thanks",), "en")])[-1]
    assert (added.id, added.text, len(held_messages()) + 1) == ("own-1", "said here", len(held_messages()) + 1)


def test_what_people_say_here_overrules_the_data_and_is_learnt_without_its_masks() -> None:
    base = [Example("later", ("evasive",), "en"), Example("later", ("evasive",), "zh"), Example("hi", ("greet",), "en")]
    learnt = [Example("later", ("callback_later",), "en"), Example("i am ‹name›", ("confirm_identity",), "en")]
    assert corpus_of(base, learnt) == (
        base[1], base[2], Example("later", ("callback_later",), "en"), Example("i am Sam", ("confirm_identity",), "en"),
    )  # fmt: skip


def test_a_task_reaches_the_process_that_does_it_whole() -> None:
    task = Task((Example("早", ("greet",), "zh"),), Path("o"), Path("c"), Path("f"), NOW, ("d1", "d2"), Path("data"))
    assert Task.from_json(task.to_json()) == task
    assert isinstance(is_held(task.examples[0]), bool)


def test_an_engine_is_changed_between_two_messages() -> None:
    engine = SwitchingEngine(Reads("old", {}))
    context = Context(NOW, "USD")
    assert engine.parse("x", context).version == engine.version == "old"
    engine.switch(Reads("new", {}))
    assert (engine.parse("x", context).version, engine.version, engine.name) == ("new", "new", "reads")
