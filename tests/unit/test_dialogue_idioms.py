"""Turns of phrase are taken for what they mean, and never for less than they say."""

import pytest

from core.dialogue.idioms import in_other_words
from core.dialogue.understanding import Entity
from tests.unit.conversing import heard


def meant(text: str, *names: str, amount: bool = False) -> list[str]:
    entities = (Entity("amount", {"value": "60"}, 0, 1),) if amount else ()
    return list(in_other_words(dict.fromkeys(names), heard(*names, entities=entities), text))


@pytest.mark.parametrize(
    ("text", "heard_as", "means"),
    [
        ("great lock it in", "stop_contact", ["affirm"]),
        ("the amounts good", "dispute_amount", []),
        ("need to check w my wife first, ill let u know tmrw", "promise_to_pay", ["callback_later"]),
        ("我跟家里商量一下再说", "promise_to_pay", ["callback_later"]),
        ("im in the er w my son text u later", "third_party_contact", ["callback_later"]),
        ("my friend got 50% off hers why cant i", "third_party_contact", ["request_discount"]),
        ("u still there?", "ask_payment_received", ["greet"]),
        ("我妈上个礼拜刚走", "request_extension", ["request_extension", "hardship_family"]),
        ("cant do nothing right now", "propose_amount", ["propose_amount", "cannot_pay"]),
        ("my atty is looking into it", "propose_amount", ["propose_amount", "legal_representation"]),
        ("stop calling me at work", "promise_to_pay", ["promise_to_pay", "contact_preference"]),
    ],
)
def test_a_turn_of_phrase_is_taken_for_what_it_means(text: str, heard_as: str, means: list[str]) -> None:
    assert meant(text, heard_as) == means


@pytest.mark.parametrize(
    ("text", "heard_as"),
    [
        ("stop texting me and lock it in your system", "stop_contact"),
        ("this is her sister, she will text you later", "third_party_contact"),
        ("text you later\nthis is her sister", "third_party_contact"),
        ("not me, wrong person, text you later", "third_party_contact"),
        ("我爸走了吗", "greet"),
        ("ok i will pay tomorrow", "promise_to_pay"),
        ("can't do anything till friday, then all of it", "promise_to_pay"),
        ("are you still there at the bank on friday", "ask_payment_received"),
    ],
)
def test_words_alike_that_mean_what_was_heard_stay_so(text: str, heard_as: str) -> None:
    assert meant(text, heard_as) == [heard_as]


def test_with_a_sum_beside_it_a_promise_stays_one() -> None:
    assert meant("60 tomorrow, i'll let you know", "promise_to_pay", amount=True) == ["promise_to_pay"]


def test_where_nothing_was_heard_the_words_stand_for_themselves() -> None:
    assert meant("ill let you know") == ["callback_later"]
    assert meant("hmm") == []
