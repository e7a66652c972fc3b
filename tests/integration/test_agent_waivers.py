"""Waivers and lower first payments that an agent offers: inside the limits, beyond them, and beyond the law."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from bot.papers.agreement import write
from bot.words import Language
from core.actions import beyond_limits, copies, desk, payments, takeover
from core.actions.beyond_limits import Approved, MayNotApprove, NeedsApproval
from core.actions.desk import Offered
from core.compliance import Refused
from core.money import Money
from core.negotiation import Ask, offer_from_json
from core.plans import Step
from core.store.tables import Case, InstalmentRow, Message, OfferRow, Payment, Plan
from tests.integration.world import World

FIRST = date(2026, 12, 5)


def usd(text: str) -> Money:
    return Money.of(text, "USD")


async def held(world: World) -> int:
    """A conversation that Ana holds."""
    conversation_id = await world.open()
    await world.tell(conversation_id, "hello?", "greet")
    async with world.works.begin() as work:
        await takeover.take_over(work, conversation_id, world.ana)
    return conversation_id


async def proposed(world: World, conversation_id: int, **ask: Any) -> Any:
    async with world.works.begin() as work:
        return await desk.propose(work, conversation_id, world.ana, Ask(first_due=FIRST, **ask), "They lost their job.")


async def agreed(world: World, **ask: Any) -> tuple[int, Plan]:
    """The plan that Dana says yes to."""
    conversation_id = await held(world)
    offered = await proposed(world, conversation_id, **ask)
    assert isinstance(offered, Offered), offered
    await world.send_all()
    await world.press(conversation_id, f"accept:{offered.offer.id}")
    [plan] = await world.rows(Plan)
    return conversation_id, plan


async def pay(world: World, amount: str, reference: str) -> None:
    async with world.works.begin() as work:
        await payments.record(work, world.case_id, usd(amount), reference, FIRST)


async def owed(world: World) -> dict[str, int]:
    [case] = await world.rows(Case)
    return {name: getattr(case, name) for name in ("fees", "interest", "principal")}


async def test_an_offer_with_a_waiver_and_lower_first_payments_is_told_in_words_and_agreed(world: World) -> None:
    steps = (Step(3, usd("100")),)
    conversation_id, plan = await agreed(world, instalment=usd("300"), waived_fees=usd("40"), steps=steps)
    told = [
        row.text for row in await world.rows(Message, conversation_id=conversation_id) if "plan together" in row.text
    ]
    assert "The first 3 are $100.00 each, and $300.00 each from March 5, 2027." in told[-1]
    assert "the other $40.00 is written off." in told[-1]
    assert "That includes $40.00 of the fees." in told[-1]
    amounts = [row.amount for row in await world.rows(InstalmentRow)]
    assert amounts == [10000] * 3 + [30000] * 6 + [26000]
    assert (plan.total, plan.discount, plan.approval_id) == (236000, 4000, None)
    settles = offer_from_json(plan.body).settles
    assert (settles.fees, settles.interest, settles.principal) == (usd("40"), usd("220"), usd("2100"))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            ("That includes $40.00 of the fees.", "The first 3 are $100.00 each, and $300.00 each from March 5, 2027."),
        ),
        ("zh", ("其中包括费用US$40.00。", "前3期每期US$100.00，2027年3月5日起每期US$300.00。")),
    ],
)
async def test_the_copy_says_what_is_waived_and_how_it_starts(
    world: World, language: Language, said: tuple[str, ...]
) -> None:
    _, plan = await agreed(world, instalment=usd("300"), waived_fees=usd("40"), steps=(Step(3, usd("100")),))
    async with world.works.read() as session:
        copy = await copies.load(session, plan.public_id)
    assert copy is not None
    text = "\n".join(sentence for part in write(copy, language).parts for sentence in part.sentences)
    for each in said:
        assert each in text


async def test_what_is_waived_is_not_paid_before_what_is_not_and_is_written_off_last(world: World) -> None:
    await agreed(world, instalment=usd("300"), waived_fees=usd("40"))
    before = await owed(world)
    await pay(world, "300", "p1")
    assert await owed(world) == {"fees": 4000, "interest": 0, "principal": before["principal"] - 4000}
    [first] = await world.rows(Payment)
    assert first.allocation == {"fees": 4000, "interest": 22000, "principal": 4000, "surplus": 0}
    await pay(world, "2060", "p2")
    assert [row.state for row in await world.rows(Plan)] == ["completed"]
    assert await owed(world) == {"fees": 0, "interest": 0, "principal": 0}
    second = (await world.rows(Payment))[-1]
    assert second.allocation == {"fees": 0, "interest": 0, "principal": 206000, "surplus": 0}


async def test_a_waiver_beyond_the_share_goes_to_who_may_allow_it_and_comes_out_as_asked(world: World) -> None:
    conversation_id = await held(world)
    asked = await proposed(world, conversation_id, instalment=usd("300"), waived_fees=usd("80"))
    assert isinstance(asked, NeedsApproval)
    assert [(each.field, each.data["asked_sum"], each.data["allowed_sum"]) for each in asked.breaches] == [
        ("max_fee_waiver_share", "80.00", "40.00")
    ]
    assert await world.rows(OfferRow) == []
    async with world.works.begin() as work:
        assert isinstance(await beyond_limits.decide_approval(work, asked.approval_id, world.sue, True), MayNotApprove)
    async with world.works.begin() as work:
        done = await beyond_limits.decide_approval(work, asked.approval_id, world.max, True, "Fair.")
    assert isinstance(done, Approved)
    assert (done.offer.waived_fees, done.offer.discount) == (usd("80"), usd("80"))
    await world.send_all()
    await world.press(conversation_id, f"accept:{done.offer.id}")
    [plan] = await world.rows(Plan)
    assert (plan.total, plan.discount, plan.approval_id) == (232000, 8000, asked.approval_id)


async def test_first_payments_below_the_least_need_an_approval_too(world: World) -> None:
    conversation_id = await held(world)
    asked = await proposed(world, conversation_id, count=10, steps=(Step(3, usd("5")),))
    assert isinstance(asked, NeedsApproval)
    assert "min_instalment" in [each.field for each in asked.breaches]


async def test_lower_first_payments_that_run_past_what_the_law_allows_are_for_nobody_to_allow(world: World) -> None:
    async with world.works.begin() as work:
        await work.session.execute(update(Case).values(market="cn", currency="CNY"))
    conversation_id = await held(world)
    little = Money.of("20", "CNY")
    refused = await proposed(world, conversation_id, instalment=Money.of("50", "CNY"), steps=(Step(40, little),))
    assert isinstance(refused, Refused)
    assert refused.rule_ids == ("LEGAL-CEILING",)


async def test_more_in_first_payments_than_there_is_to_pay_is_no_plan(world: World) -> None:
    conversation_id = await held(world)
    refused = await proposed(world, conversation_id, count=10, steps=(Step(9, usd("500")),))
    assert isinstance(refused, Refused)
    assert [reason.message_key for reason in refused.reasons] == ["desk.terms_unclear"]
