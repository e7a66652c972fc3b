"""What a conversation remembers survives being stored, and differences are said once for each cause."""

from datetime import date
from decimal import Decimal
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from core.calendar import Frequency
from core.dialogue.differences import differences
from core.dialogue.memory import Expecting, Memory, Phase
from core.dialogue.understanding import Understanding
from core.money import Money
from core.negotiation import Ask, DatedStep, Finances, Payday
from core.negotiation.types import Promise
from core.plans import Step
from core.policy import Breach
from tests.unit.conversing import amount, an_offer, dana, day, granted, heard

sums = st.builds(Money, st.integers(1, 10**9), st.just("USD"))
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
paydays = st.one_of(
    st.builds(Payday, day=st.integers(-1, 31).filter(bool)), st.builds(Payday, weekday=st.integers(0, 6))
)
words = st.text(min_size=1, max_size=12)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


asks = st.builds(
    Ask,
    instalment=maybe(sums),
    at_most=st.booleans(),
    frequency=maybe(st.sampled_from(Frequency)),
    count=maybe(st.integers(1, 400)),
    first_due=maybe(days),
    anchor_day=maybe(st.integers(1, 31)),
    payday=maybe(paydays),
    total=maybe(sums),
    share=maybe(st.decimals("0.01", "0.99", places=3)),
    down_payment=maybe(sums),
    until=maybe(days),
    term_days=maybe(st.integers(1, 4000)),
    waive_fees=st.booleans(),
    waive_interest=st.booleans(),
    waive_penalty=st.booleans(),
    steps=st.lists(st.builds(Step, st.integers(1, 30), sums), max_size=3).map(tuple),
    discount=st.booleans(),
    waived_fees=maybe(sums),
    waived_interest=maybe(sums),
    waived_penalty=maybe(sums),
    dated_steps=st.lists(st.builds(DatedStep, days, sums), max_size=2).map(tuple),
)
finances = st.builds(
    Finances,
    income=maybe(sums),
    spending=maybe(sums),
    dependants=maybe(st.integers(0, 9)),
    other_debts=maybe(st.integers(0, 9)),
    payday=maybe(paydays),
    affordable=maybe(sums),
)
offers = st.sampled_from([an_offer(level) for level in ("65", "100", "150", "200", "999.99")])
memories = st.builds(
    Memory,
    phase=st.sampled_from(get_args(Phase)),
    language=st.sampled_from(["zh", "en"]),
    greeted=st.booleans(),
    facts_matched=st.lists(words, max_size=3).map(tuple),
    tries=st.integers(0, 5),
    misses=st.integers(0, 5),
    insisted=st.integers(0, 5),
    warned=st.booleans(),
    person_offered=st.booleans(),
    expecting=maybe(st.sampled_from(get_args(Expecting))),
    offers=st.lists(offers, max_size=3).map(tuple),
    draft=maybe(offers),
    promise_draft=maybe(st.builds(Promise, days, sums)),
    ask=asks,
    finances=finances,
    offers_made=st.integers(0, 99),
    move_draft=maybe(st.tuples(st.integers(1, 60), days)),
    told=st.lists(words, max_size=6).map(tuple),
    asked=st.text(max_size=20),
    asked_times=st.integers(0, 4),
)


@given(memories)
def test_a_memory_is_read_back_as_it_was_stored(memory: Memory) -> None:
    assert Memory.from_json(memory.to_json()) == memory


def test_a_memory_of_an_older_release_keeps_the_defaults_for_what_it_lacks() -> None:
    assert Memory.from_json({"phase": "talking", "language": "zh"}) == Memory(phase="talking", language="zh")


def test_an_understanding_is_read_back_as_it_was_stored() -> None:
    understanding = heard("propose_amount", "thanks", entities=(amount("200.00", "month"), day("2026-12-12")))
    stored = Understanding.from_json(understanding.to_json())
    assert (stored.intents, stored.entities) == (understanding.intents, understanding.entities)


def breach(field: str, asked: str, allowed: str, **data: str) -> Breach:
    return Breach(field, asked, allowed, data)


def test_one_difference_is_said_for_each_cause() -> None:
    found = (
        breach("min_instalment", "10.00", "25.00"),
        breach("max_instalments", "240", "104"),
        breach("max_term_days", "7289", "1125"),
        breach("frequencies", "week", "month"),
        breach("max_fee_waiver_share", "1", "0.5", allowed_sum="40.00", asked_sum="80.00"),
    )
    said = differences(found, "USD", granted(dana()).limits)
    assert [say.key for say in said] == ["counter.min_instalment", "counter.frequencies"]


def test_a_discount_for_one_payment_is_not_denied_when_instalments_have_none() -> None:
    limits = granted(dana(), min_settlement_share_instalments=Decimal(1)).limits
    open_ask = (breach("min_settlement_share_instalments", "0", "1", open="1"),)
    assert [say.key for say in differences(open_ask, "USD", limits)] == ["counter.no_discount_in_instalments"]
    strict = granted(dana(), min_settlement_share=Decimal(1), min_settlement_share_instalments=Decimal(1)).limits
    assert [say.key for say in differences(open_ask, "USD", strict)] == ["counter.no_discount"]
