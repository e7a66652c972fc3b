"""Reasons as sentences: every one that a negotiation gives can be read in both languages."""

import re

import pytest

from core.dialogue.decide import decide
from core.negotiation import Ask, Finances, answer, opening
from core.negotiation.gaps import gaps_of
from core.negotiation.types import Nearest
from core.policy import Limits
from core.wording.because import _FIELDS, Language, explain
from tests.unit.conversing import amount, at, heard
from tests.unit.negotiating import cny, granted, ids, lin

PLAIN = re.compile(r"[a-z_]+:\S|[a-z]_[a-z]")


def reasons() -> list[str]:
    told = lin(finances=Finances(income=cny("6000"), spending=cny("4000")), broken_promises=1)
    found = [reason for offer in opening(told, granted(told), ids()) for reason in offer.because]
    ask = Ask(instalment=cny("100"))
    nearest = answer(ask, lin(), granted(lin()), ids())
    assert isinstance(nearest, Nearest)
    found += [*nearest.offer.because, *(gap.line for gap in gaps_of(ask, nearest.offer, nearest.breaches))]
    decided = decide(at(text="10 a month"), heard("propose_amount", entities=(amount("10", period="month"),)))
    return [*dict.fromkeys((*found, *decided.because))]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("reason", reasons())
def test_a_reason_is_a_sentence(reason: str, language: Language) -> None:
    said = explain(reason, language)
    assert said != reason
    assert said[-1] in ".。"
    if language == "zh":
        assert re.search(r"[㐀-鿿]", said)


def test_figures_keep_their_meaning() -> None:
    line = "worth:value=14209.33 chance=0.5012 health=0.6000"
    assert explain(line, "en") == (
        "Expected present value 14209.33, chance that all is kept 0.5012, 0.6000 of the surplus free."
    )
    gap = "gap:instalment asked=150.00 allowed=462.00 difference=312.00 CNY may grant=manager"
    assert explain(gap, "zh") == "差距：每期金额，要求150.00，允许462.00，相差312.00CNY；经理可批准。"


def test_what_has_no_sentence_stays_as_it_is() -> None:
    assert explain("something else", "en") == "something else"


def test_every_limit_named_has_a_name() -> None:
    assert set(_FIELDS) - {"count", "first_due", "instalment"} <= set(Limits.__dataclass_fields__)
