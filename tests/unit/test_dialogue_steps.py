"""Plans that start low, and last words about a sum, in people's own words."""

from datetime import date

import pytest

from core.calendar import Frequency
from core.dialogue.closing import last_word, settles
from core.dialogue.decide import decide
from core.dialogue.reading import ask_of, merged
from core.dialogue.steps import Stepped, steps_of
from core.dialogue.understanding import Entity, Intent, Understanding
from core.money import Money
from core.negotiation import Ask, Finances
from core.plans import Step
from tests.unit.conversing import at, heard, remembered, usd
from tests.unit.negotiating import TODAY

MONTH, WEEK, FORTNIGHT = Frequency.MONTH, Frequency.WEEK, Frequency.FORTNIGHT


def told(text: str, *sums: str, currency: str = "USD", intents: tuple[str, ...] = ()) -> Understanding:
    """The sums as they stand in the text, one after another; `100/week` is a sum a week."""
    found, start = [], 0
    for each in sums:
        value, _, period = each.partition("/")
        start = text.index(value, start)
        fields = {"value": value, "currency": currency, "period": period or "once", "bound": "exact"}
        found.append(Entity("amount", fields, start, start + len(value)))
        start += len(value)
    return Understanding("en", tuple(Intent(name, 0.9) for name in intents), tuple(found))


def plan(*parts: tuple[int, str], frequency: Frequency = MONTH, currency: str = "USD") -> Stepped:
    """Steps of so many sums; the last part is the sum that all later instalments are."""
    steps = tuple(Step(count, Money.of(amount, currency)) for count, amount in parts[:-1])
    return Stepped(steps, Money.of(parts[-1][1], currency), frequency)


STEPPED = [
    ("100 for three months, then 300", ("100", "300"), plan((3, "100"), (0, "300"))),
    ("100 a month for 3 months and 300 after that", ("100/month", "300"), plan((3, "100"), (0, "300"))),
    ("100 the first month, 300 from then on", ("100", "300"), plan((1, "100"), (0, "300"))),
    ("150 for a couple of months and later 200", ("150", "200"), plan((2, "150"), (0, "200"))),
    ("50 for half a year then go up to 90", ("50", "90"), plan((6, "50"), (0, "90"))),
    ("50 for a year, then 90", ("50", "90"), plan((12, "50"), (0, "90"))),
    ("first three payments of 100, then 200 each", ("100", "200"), plan((3, "100"), (0, "200"))),
    ("100 for 2 months, 200 for 2 months, then 300", ("100", "200", "300"), plan((2, "100"), (2, "200"), (0, "300"))),
    ("50 a week for 4 weeks then 100", ("50/week", "100"), plan((4, "50"), (0, "100"), frequency=WEEK)),
    ("20 a week for two months then 50", ("20/week", "50"), plan((8, "20"), (0, "50"), frequency=WEEK)),
    ("40 for 6 weeks and then 80", ("40", "80"), plan((6, "40"), (0, "80"), frequency=WEEK)),
    ("40 for 2 fortnights, then 80", ("40", "80"), plan((2, "40"), (0, "80"), frequency=FORTNIGHT)),
    ("400 a month for 2 weeks, then 80", ("400/month", "80"), plan((1, "400"), (0, "80"))),
]
STEPPED_ZH = [
    ("前三个月每月100，之后300", ("100/month", "300"), plan((3, "100"), (0, "300"), currency="CNY")),
    ("前十二期每期500，后面1000", ("500", "1000"), plan((12, "500"), (0, "1000"), currency="CNY")),
    ("第一个月100，然后每月300", ("100", "300/month"), plan((1, "100"), (0, "300"), currency="CNY")),
    ("前半年500，以后800", ("500", "800"), plan((6, "500"), (0, "800"), currency="CNY")),
    ("前两年500，以后800", ("500", "800"), plan((24, "500"), (0, "800"), currency="CNY")),
    ("头4周50，再100", ("50", "100"), plan((4, "50"), (0, "100"), frequency=WEEK, currency="CNY")),
]


@pytest.mark.parametrize(("text", "sums", "expected"), STEPPED)
def test_low_first_and_more_later_is_a_plan_in_steps(text: str, sums: tuple[str, ...], expected: Stepped) -> None:
    assert steps_of(told(text, *sums), text, "USD") == expected


@pytest.mark.parametrize(("text", "sums", "expected"), STEPPED_ZH)
def test_the_same_in_chinese(text: str, sums: tuple[str, ...], expected: Stepped) -> None:
    assert steps_of(told(text, *sums, currency="CNY"), text, "CNY") == expected


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("100 for three months", ("100",)),
        ("100 for three months, 300 is too much", ("100", "300")),
        ("500 now and then 100 a month", ("500", "100/month")),
        ("100 for three months, then 100", ("100", "100")),
        ("0 for three months, then 100", ("0", "100")),
        ("50 a week for three months, then 200 a month", ("50/week", "200/month")),
        ("50 a day for three months, then 200", ("50/day", "200")),
        ("100 for 2 months, 200, then 300", ("100", "200", "300")),
    ],
)
def test_what_is_no_plan_in_steps(text: str, sums: tuple[str, ...]) -> None:
    assert steps_of(told(text, *sums), text, "USD") is None


def test_sums_of_another_currency_are_left_out() -> None:
    text = "100 for three months, then 300"
    assert steps_of(told(text, "100", "300", currency="EUR"), text, "USD") is None


def test_a_part_now_comes_before_the_steps() -> None:
    text = "500 now, then 100 for three months, then 300"
    said = told(text, "500", "100", "300", intents=("pay_part_now",))
    found = steps_of(said, text, "USD")
    assert found is not None
    assert (found.down, found.steps, found.then) == (usd("500"), (Step(3, usd("100")),), usd("300"))
    ask = ask_of(said, text, balance=usd("2400"), today=TODAY, in_instalments=False)
    assert (ask.down_payment, ask.steps, ask.instalment) == (usd("500"), (Step(3, usd("100")),), usd("300"))
    unclear = "500 now, then 100, then 300"
    assert steps_of(told(unclear, "500", "100", "300", intents=("pay_part_now",)), unclear, "USD") is None


def test_another_sum_or_length_takes_the_place_of_the_steps() -> None:
    before = Ask(instalment=usd("300"), steps=(Step(3, usd("100")),), at_most=True)
    assert merged(before, Ask(instalment=usd("200"))) == Ask(instalment=usd("200"))
    assert merged(before, Ask(count=12)) == Ask(count=12)
    assert merged(before, Ask(first_due=date(2026, 12, 10))).steps == before.steps
    assert merged(Ask(instalment=usd("200")), before).steps == before.steps


def test_an_ask_in_steps_is_answered_in_steps_and_says_nothing_of_what_can_be_paid() -> None:
    text = "100 for three months, then 300"
    memory = remembered("talking").with_(finances=Finances(affordable=usd("90")))
    decision = decide(at(text=text, memory=memory), told(text, "100", "300", intents=("propose_amount",)))
    assert decision.kind == "offer"
    assert decision.memory.draft is not None
    assert [line.amount for line in decision.memory.draft.schedule.instalments][2:4] == [usd("100"), usd("300")]
    assert decision.memory.finances.affordable is None


def test_a_promise_heard_in_a_plan_in_steps_is_the_plan() -> None:
    text = "100 for three months, then 300"
    decision = decide(at(text=text), told(text, "100", "300", intents=("promise_to_pay",)))
    assert decision.memory.draft is not None
    assert decision.memory.draft.terms.steps == (Step(3, usd("100")),)


LAST = [
    "600, not a penny more",
    "600 and we're done",
    "最多就600一分不多",
    "就600，一分也没有多的，多一分都没有",
    "600, and nothing more",
    "then I'm done",
]


@pytest.mark.parametrize("text", LAST)
def test_a_last_word_is_heard(text: str) -> None:
    assert last_word(text)


@pytest.mark.parametrize("text", ["600 a month", "can I pay 600", "一分钱都没有", "我没有更多的钱了", "are we done?"])
def test_what_is_no_last_word(text: str) -> None:
    assert not last_word(text)
    assert not settles(text)


def test_a_last_word_about_a_sum_settles_and_about_a_month_is_the_most() -> None:
    text = "600, not a penny more"
    once = told(text, "600", intents=("propose_amount",))
    ask = ask_of(once, text, balance=usd("2400"), today=TODAY, in_instalments=False)
    assert (ask.total, ask.instalment) == (usd("600"), None)
    ask = ask_of(once, text, balance=usd("2400"), today=TODAY, in_instalments=True)
    assert (ask.total, ask.instalment, ask.at_most) == (None, usd("600"), True)
    monthly = "600 a month, not a penny more"
    said = told(monthly, "600/month", intents=("propose_amount",))
    ask = ask_of(said, monthly, balance=usd("2400"), today=TODAY, in_instalments=False)
    assert (ask.total, ask.instalment, ask.at_most) == (None, usd("600"), True)


@pytest.mark.parametrize(("sum_said", "single"), [("600", True), ("90", False)])
def test_beside_a_plan_of_less_a_sum_far_above_it_is_meant_to_be_all(sum_said: str, single: bool) -> None:
    text = f"{sum_said}, not a penny more"
    memory = remembered("talking").with_(ask=Ask(instalment=usd("100")))
    decision = decide(at(text=text, memory=memory), told(text, sum_said, intents=("propose_amount",)))
    assert (decision.memory.ask.total is not None) is single
    assert (decision.memory.ask.instalment is not None) is not single


def test_a_last_word_without_a_sum_changes_nothing() -> None:
    memory = remembered("talking").with_(ask=Ask(instalment=usd("100")))
    decision = decide(at(text="not a penny more", memory=memory), heard("propose_amount"))
    assert decision.memory.ask.total is None
