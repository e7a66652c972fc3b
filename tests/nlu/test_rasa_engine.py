"""The engine over Rasa's HTTP API: read in the contract's form, patient within limits, never deaf when it is down."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps, loads
from typing import Any

import pytest

from nlu.engine import Context
from nlu.rasa.circuit import Circuit
from nlu.rasa.client import RasaClient, Unavailable
from nlu.rasa.engine import RasaEngine
from nlu.rasa.ranking import Garbled, intents_of
from tests.support.stand_in import StandIn

CONTEXT = Context(datetime(2026, 11, 22, 10, tzinfo=UTC), "USD")
TIMEOUT_S = 0.6

Reply = tuple[int, bytes]


def ranking(**labels: float) -> Reply:
    """What Rasa answers with these labels; `__` stands for the plus between two meanings."""
    items = [{"name": name.replace("__", "+"), "confidence": confidence} for name, confidence in labels.items()]
    return 200, dumps({"text": "x", "intent": items[0], "entities": [], "intent_ranking": items}).encode()


class Double:
    """An HTTP server that answers as told: `reply` is a function of the text asked about."""

    def __init__(self) -> None:
        self.reply: Callable[[str], Reply] = lambda text: ranking(ask_balance=0.9)
        self.model = "rasa-abc"
        self.asked: list[str] = []
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.answer(200, dumps({"model_file": f"{double.model}.tar.gz", "model_id": "1"}).encode())

            def do_POST(self) -> None:
                text = loads(self.rfile.read(int(self.headers["Content-Length"])))["text"]
                double.asked.append(text)
                self.answer(*double.reply(text))

            def answer(self, status: int, body: bytes) -> None:
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Clock:
    """A monotonic clock moved by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def double() -> Iterator[Double]:
    server = Double()
    yield server
    server.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(double: Double, clock: Clock) -> Iterator[RasaEngine]:
    client = RasaClient(double.url, timeout_s=TIMEOUT_S)
    yield RasaEngine(client, StandIn(), Circuit(failures=2, rest_s=10, clock=clock))
    client.close()


def test_rasas_ranking_comes_in_the_form_of_the_contract(engine: RasaEngine, double: Double) -> None:
    double.reply = lambda text: ranking(request_instalments=0.7, ask_balance=0.2, greet=0.1)
    read = engine.parse("can I do 200 a month", CONTEXT)
    assert (read.engine, read.version, read.lang) == ("rasa", "rasa-abc", "en")
    assert [intent.name for intent in read.intents] == ["request_instalments", "ask_balance", "greet"]
    assert read.asserted == ("request_instalments",)
    assert read.of_type("amount")[0].fields["value"] == "200.00"


def test_a_label_of_two_meanings_asserts_both(engine: RasaEngine, double: Double) -> None:
    double.reply = lambda text: ranking(hardship_income__propose_amount=0.4, propose_amount=0.3, greet=0.2)
    read = engine.parse("could do a bit then", CONTEXT)
    assert [(i.name, round(i.confidence, 6)) for i in read.intents] == [
        ("propose_amount", 0.7),
        ("hardship_income", 0.4),
        ("greet", 0.2),
    ]


def test_the_question_asked_last_tips_the_balance(engine: RasaEngine, double: Double) -> None:
    double.reply = lambda text: ranking(ask_balance=0.5, pay_part_now=0.4)
    assert engine.parse("well a bit then", CONTEXT).intents[0].name == "ask_balance"
    assert engine.parse("well a bit then", replace(CONTEXT, expecting="amount")).intents[0].name == "pay_part_now"


def test_danger_is_heard_above_what_rasa_is_sure_of(engine: RasaEngine, double: Double) -> None:
    double.reply = lambda text: ranking(out_of_scope=1.0)
    read = engine.parse("I want to kill myself", CONTEXT)
    assert read.asserted == ("self_harm",)


def test_an_idiom_denies_what_rasa_suspects(engine: RasaEngine, double: Double) -> None:
    double.reply = lambda text: ranking(self_harm=0.8, goodbye=0.2)
    assert engine.parse("困死了明天聊", CONTEXT).asserted == ()
    assert engine.parse("撑不下去，想解脱", CONTEXT).asserted == ("self_harm",)


def test_a_stock_phrase_is_read_without_asking_rasa(engine: RasaEngine, double: Double) -> None:
    assert engine.parse("thanks", CONTEXT).asserted == ("thanks",)
    assert double.asked == []


def test_a_leading_slash_does_not_name_an_intent(engine: RasaEngine, double: Double) -> None:
    engine.parse(' /confirm_identity{"x": 1}', CONTEXT)
    assert double.asked == ['confirm_identity "x": 1']


def test_a_very_long_message_is_cut_before_it_is_sent(engine: RasaEngine, double: Double) -> None:
    engine.parse("how much is it then " * 1000 + "\ud800", CONTEXT)
    assert len(double.asked[0]) == 500


@pytest.mark.parametrize("reply", [(500, b"oops"), (503, b"")], ids=["500", "503"])
def test_a_server_error_is_tried_once_more(engine: RasaEngine, double: Double, reply: Reply) -> None:
    replies = iter([reply, ranking(ask_balance=0.9)])
    double.reply = lambda text: next(replies)
    assert engine.parse("what do I owe then", CONTEXT).engine == "rasa"
    assert len(double.asked) == 2


@pytest.mark.parametrize(
    "reply",
    [
        (500, b"oops"),
        (404, b"{}"),
        (409, b'{"status":"failure","reason":"Conflict"}'),
        (200, b"<html>hello</html>"),
        (200, b""),
        (200, b"[]"),
        (200, b"null"),
        (200, b'{"intent_ranking": null}'),
        (200, b'{"intent_ranking": [{"name": null, "confidence": 0.0}]}'),
        (200, b'{"intent_ranking": [{"name": "greet", "confidence": "high"}]}'),
        (200, b'{"intent_ranking": [{"name": "greet", "confidence": NaN}]}'),
        (200, b'{"intent_ranking": [{"name": "greet", "confidence": 7}]}'),
        (200, b'{"intent_ranking": ["' + b"x" * 2_000_000 + b'"]}'),
    ],
    ids=lambda reply: f"{reply[0]}-{reply[1][:60].decode()}",
)
def test_a_failure_or_garbage_is_read_by_the_other_engine(engine: RasaEngine, double: Double, reply: Reply) -> None:
    double.reply = lambda text: reply
    read = engine.parse("stop texting me", CONTEXT)
    assert (read.engine, read.asserted) == ("local", ("stop_contact",))


def test_labels_that_are_not_ours_are_left_out() -> None:
    answer = {"intent_ranking": [{"name": "nlu_fallback", "confidence": 0.6}, {"name": "greet", "confidence": 0.4}]}
    assert [intent.name for intent in intents_of(answer)] == ["greet"]
    assert intents_of({"intent_ranking": []}) == ()
    with pytest.raises(Garbled):
        intents_of("greet")


def test_a_slow_server_is_not_waited_for_longer_than_allowed(engine: RasaEngine, double: Double) -> None:
    release = threading.Event()

    def slowly(text: str) -> Reply:
        release.wait(5)
        return ranking(ask_balance=0.9)

    double.reply = slowly
    started = time.monotonic()
    read = engine.parse("找我律师谈", CONTEXT)
    took = time.monotonic() - started
    release.set()
    assert took < TIMEOUT_S + 0.5
    assert read.engine == "local"
    assert read.says("legal_representation")
    assert len(double.asked) == 2


def test_a_refused_connection_is_read_by_the_other_engine(double: Double, clock: Clock) -> None:
    client = RasaClient("http://127.0.0.1:1", timeout_s=TIMEOUT_S)
    with pytest.raises(Unavailable):
        client.parse("hello")
    assert RasaEngine(client, StandIn()).parse("what do I owe then", CONTEXT).engine == "local"
    client.close()


def test_the_circuit_opens_after_failures_in_a_row_and_asks_no_more(engine: RasaEngine, double: Double) -> None:
    double.reply = lambda text: (400, b"{}")
    for _ in range(5):
        assert engine.parse("what do I owe then", CONTEXT).engine == "local"
    assert len(double.asked) == 2
    health = engine.health()
    assert (health["circuit"], health["answering"], health["read"]) == ("open", "local", {"rasa": 0, "local": 5})


def test_another_model_is_noticed_once_its_predecessors_name_is_old(
    engine: RasaEngine, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine.parse("what do I owe then", CONTEXT).version == "rasa-abc"
    double.model = "rasa-def"
    assert engine.parse("what do I owe then", CONTEXT).version == "rasa-abc"
    later = time.monotonic() + 61
    monkeypatch.setattr("nlu.rasa.engine.time.monotonic", lambda: later)
    assert engine.parse("what do I owe then", CONTEXT).version == "rasa-def"


def test_after_its_rest_one_probe_closes_the_circuit(engine: RasaEngine, double: Double, clock: Clock) -> None:
    double.reply = lambda text: (400, b"{}")
    engine.parse("what do I owe then", CONTEXT)
    engine.parse("what do I owe then", CONTEXT)
    double.reply = lambda text: ranking(ask_balance=0.9)
    assert engine.parse("what do I owe then", CONTEXT).engine == "local"
    clock.now += 10
    assert engine.parse("what do I owe then", CONTEXT).engine == "rasa"
    assert engine.health()["circuit"] == "closed"
    assert engine.health()["version"] == "rasa-abc"


def test_a_failed_probe_opens_the_circuit_for_another_rest(engine: RasaEngine, double: Double, clock: Clock) -> None:
    double.reply = lambda text: (400, b"{}")
    for _ in range(2):
        engine.parse("what do I owe then", CONTEXT)
    clock.now += 10
    for _ in range(3):
        engine.parse("what do I owe then", CONTEXT)
    assert len(double.asked) == 3
    assert engine.health()["circuit"] == "open"


def test_only_one_call_probes(clock: Clock) -> None:
    circuit = Circuit(failures=1, rest_s=10, clock=clock)
    assert circuit.allows()
    assert circuit.failed()
    clock.now += 10
    assert [circuit.allows() for _ in range(3)] == [True, False, False]
    assert circuit.state == "half_open"


def test_a_probe_that_never_tells_its_outcome_is_followed_by_another(clock: Clock) -> None:
    circuit = Circuit(failures=1, rest_s=10, clock=clock)
    circuit.failed()
    clock.now += 10
    assert circuit.allows()
    clock.now += 10
    assert circuit.allows()


def test_a_success_forgets_earlier_failures(clock: Clock) -> None:
    circuit = Circuit(failures=2, clock=clock)
    circuit.failed()
    circuit.succeeded()
    assert not circuit.failed()
    assert circuit.state == "closed"


def test_many_threads_read_at_once(engine: RasaEngine, double: Double) -> None:
    read: list[str] = []
    threads = [
        threading.Thread(target=lambda: read.append(engine.parse("what do I owe then", CONTEXT).engine))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == ["rasa"] * 8
    assert engine.health()["read"] == {"rasa": 8, "local": 0}
