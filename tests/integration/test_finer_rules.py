"""Limits chosen by what is known of a case: obeyed by the bot and at the desk, and kept by offers and plans."""

from datetime import date, timedelta
from typing import Any

import pytest

from core.actions import beyond_limits, desk, limits, plans, takeover
from core.actions.policies import grant_for
from core.calendar import Frequency
from core.clock import FixedClock
from core.negotiation import Ask, offer_from_json
from core.policy import DEFAULT_VERSION, Asker, Grant, version_to_json
from core.store import cases
from core.store.tables import Case, CaseFlag, Conversation, InstalmentRow, OfferRow, Plan
from tests.integration.world import World, dollars

LAST_DAY_OF_M3 = timedelta(days=15)


async def put_in_force(world: World, *rules: dict[str, Any]) -> None:
    """The shipped limits with these finer rules of the US, each a mapping of selectors and `limits`."""
    finer = [{"market": "us", "product": None, "partial": True, **each} for each in rules]
    body = {"rules": [*version_to_json(DEFAULT_VERSION)["rules"], *finer]}
    async with world.works.begin() as work:
        outcome = await limits.publish_unreviewed(work, world.max, body, "finer")
    assert isinstance(outcome, limits.Published), outcome


async def granted(world: World, asker: Asker = "bot", today: date = date(2026, 11, 23)) -> Grant:
    """What may be granted to Dana now."""
    async with world.works.read() as session:
        found = await grant_for(session, await cases.load(session, world.case_id), today, asker)
    assert found is not None
    return found


async def ask_for_months(world: World, conversation_id: int, sum_each: str) -> OfferRow:
    """Dana names a sum a month; the newest offer that the bot makes."""
    entities = (dollars(sum_each, "month"),)
    await world.tell(conversation_id, f"I can do {sum_each} a month", "propose_amount", entities=entities)
    row: OfferRow = (await world.rows(OfferRow))[-1]
    return row


async def test_the_bots_next_offer_obeys_the_bucket_and_says_which_rule_allowed_it(world: World) -> None:
    await put_in_force(
        world,
        {"bucket": "M2", "limits": {"max_instalments": 2}},
        {"bucket": "M3", "limits": {"max_instalments": 6}},
    )
    row = await ask_for_months(world, await world.open(), "200.00")
    offer = offer_from_json(row.body)
    assert (len(offer.schedule.lines), row.rule, row.policy_version) == (6, "us/M3", 2)
    assert "limit:max_instalments=6 rule:us/M3 v2" in offer.because
    assert "limit:max_term_days=1125 rule:us/credit_card v2" in offer.because
    assert offer.rule_facts is not None
    assert (offer.rule_facts.days_past_due, offer.rule_facts.creditor, offer.rule_facts.role) == (
        75,
        "Harbour Bank",
        "bot",
    )


async def test_an_offer_made_on_the_last_day_of_a_bucket_is_agreed_the_day_after(
    world: World, clock: FixedClock
) -> None:
    await put_in_force(world, {"bucket": "M4", "limits": {"max_instalments": 2}})
    clock.advance(LAST_DAY_OF_M3)
    conversation_id = await world.open()
    row = await ask_for_months(world, conversation_id, "200.00")
    assert row.body["rule_facts"]["days_past_due"] == 90
    clock.advance(timedelta(days=1))
    assert (await granted(world, today=date(2026, 12, 9))).limits.max_instalments == 2
    responded = await world.tell(conversation_id, "yes", "affirm")
    assert responded.holder == "bot"
    [plan] = await world.rows(Plan)
    assert (plan.rule, plan.policy_version, plan.state) == ("us/credit_card", 2, "active")
    assert len(await world.rows(InstalmentRow)) == 12


async def test_an_offer_made_the_day_after_obeys_the_new_bucket(world: World, clock: FixedClock) -> None:
    await put_in_force(world, {"bucket": "M4", "limits": {"max_instalments": 2}})
    clock.advance(LAST_DAY_OF_M3 + timedelta(days=1))
    row = await ask_for_months(world, await world.open(), "200.00")
    assert (len(offer_from_json(row.body).schedule.lines), row.rule) == (2, "us/M4")


async def test_days_past_due_are_counted_to_the_debtors_own_date(world: World, clock: FixedClock) -> None:
    """02:00 UTC on the ninth is still the eighth in New York."""
    await put_in_force(world, {"bucket": "M4", "limits": {"max_instalments": 2}})
    clock.advance(LAST_DAY_OF_M3 + timedelta(hours=9))
    assert clock.now().date() == date(2026, 12, 9)
    row = await ask_for_months(world, await world.open(), "200.00")
    assert (row.rule, row.body["rule_facts"]["days_past_due"]) == ("us/credit_card", 90)


async def test_an_offer_outlives_the_flag_the_balance_and_the_creditors_name_that_it_was_granted_for(
    world: World,
) -> None:
    await put_in_force(
        world,
        {"segment": "hardship", "limits": {"max_instalments": 24}},
        {"segment": "hardship", "creditor": "Harbour Bank", "band": {"from": "2000", "below": "3000"}}
        | {"limits": {"min_instalment": "1"}},
        {"limits": {"max_instalments": 2}, "product": "credit_card", "bucket": "M3"},
    )
    async with world.works.begin() as work:
        await cases.add_flags(work.session, world.case_id, ("hardship",), None, work.now)
    conversation_id = await world.open()
    row = await ask_for_months(world, conversation_id, "150.00")
    assert row.rule == "us/@Harbour Bank/2000-3000/hardship"
    assert len(offer_from_json(row.body).schedule.lines) == 16
    async with world.works.begin() as work:
        await cases.remove_flag(work.session, world.case_id, "hardship")
        whole = await cases.load(work.session, world.case_id)
        whole.creditor.name, whole.case.product = "Harbour & Co", "personal_loan"
    await world.tell(conversation_id, "yes", "affirm")
    assert [plan.rule for plan in await world.rows(Plan)] == [row.rule]


async def test_an_offer_that_stores_no_facts_is_looked_at_as_of_its_own_date(world: World, clock: FixedClock) -> None:
    await put_in_force(world, {"bucket": "M4", "limits": {"max_instalments": 2}})
    clock.advance(LAST_DAY_OF_M3)
    conversation_id = await world.open()
    row = await ask_for_months(world, conversation_id, "200.00")
    async with world.works.begin() as work:
        stored = await work.session.get_one(OfferRow, row.id)
        stored.body = {name: value for name, value in row.body.items() if name != "rule_facts"}
        clock.advance(timedelta(days=1))
    async with world.works.begin() as work:
        whole = await cases.lock(work.session, world.case_id)
        stored = await work.session.get_one(OfferRow, row.id)
        offer = offer_from_json(stored.body)
        assert offer.rule_facts is None
        assert await plans.obstacle_to_agreement(work, whole, offer, stored, clock.now()) is None
        assert await plans.obstacle_to_offers(work, whole, (offer,), date(2026, 12, 9)) is not None


@pytest.mark.parametrize(("login", "most"), [("ana", 6), ("sue", 9), ("max", 12)])
async def test_who_asks_at_the_desk_decides_how_much_they_may_offer(world: World, login: str, most: int) -> None:
    await put_in_force(
        world,
        {"role": "bot", "limits": {"max_instalments": 3}},
        {"role": "agent", "limits": {"max_instalments": 6}},
        {"role": "supervisor", "limits": {"max_instalments": 9}},
        {"role": "manager", "limits": {"max_instalments": 12}},
    )
    actor = getattr(world, login)
    conversation_id = await world.open()
    await world.tell(conversation_id, "a person please", "talk_to_human")
    async with world.works.begin() as work:
        await takeover.take_over(work, conversation_id, actor)
        inside = await desk.propose(work, conversation_id, actor, _months(most))
        assert isinstance(inside, desk.Offered), inside
        more = await desk.propose(work, conversation_id, actor, _months(most + 1), "They need one more.")
        assert isinstance(more, beyond_limits.NeedsApproval)
        assert [(each.field, each.data["rule"]) for each in more.breaches] == [
            ("max_instalments", f"us/{'agent' if login == 'ana' else actor.role}")
        ]
    async with world.works.read() as session:
        _, breaches = await desk.preview(session, conversation_id, _months(most + 1), work.now, actor.role)
    assert [each.field for each in breaches] == ["max_instalments"]
    await world.press(conversation_id, f"accept:{inside.offer.id}")
    assert [plan.rule for plan in await world.rows(Plan)] == [f"us/{actor.role}"]


def _months(number: int) -> Ask:
    return Ask(count=number, frequency=Frequency.MONTH, first_due=date(2026, 12, 15))


async def test_what_is_known_of_the_person_puts_the_case_in_its_segments(world: World, clock: FixedClock) -> None:
    await put_in_force(
        world,
        {"segment": "vulnerable", "limits": {"max_instalments": 90}},
        {"segment": "hardship", "limits": {"max_instalments": 80, "max_term_days": 900}},
        {"segment": "broken_plan", "limits": {"max_instalments": 70, "max_extension_days": 1}},
    )
    assert (await granted(world)).rule == "us/credit_card"
    conversation_id = await world.open()
    await ask_for_months(world, conversation_id, "400.00")
    await world.tell(conversation_id, "yes", "affirm")
    async with world.works.begin() as work:
        first = (await world.rows(InstalmentRow))[0]
        row = await work.session.get_one(InstalmentRow, first.id)
        row.missed_on = row.due
    assert (await granted(world)).rule == "us/broken_plan"
    async with world.works.begin() as work:
        row = await work.session.get_one(InstalmentRow, first.id)
        row.paid = row.amount
    assert (await granted(world)).rule == "us/credit_card"
    async with world.works.begin() as work:
        (await work.session.get_one(Plan, 1)).state = "broken"
        await cases.add_flags(work.session, world.case_id, ("hardship", "self_harm"), None, work.now)
    found = await granted(world)
    assert [found.source(name) for name in ("max_instalments", "max_term_days", "max_extension_days")] == [
        "us/vulnerable",
        "us/hardship",
        "us/broken_plan",
    ]


async def test_an_instalment_moves_as_far_as_the_rule_of_its_plan_lets_it(world: World, clock: FixedClock) -> None:
    await put_in_force(world, {"bucket": "M4", "limits": {"max_extension_days": 0}})
    conversation_id = await world.open()
    await ask_for_months(world, conversation_id, "400.00")
    await world.tell(conversation_id, "yes", "affirm")
    clock.advance(LAST_DAY_OF_M3 + timedelta(days=1))
    async with world.works.begin() as work:
        whole = await cases.lock(work.session, world.case_id)
        found = await cases.active_plan(work.session, world.case_id)
        assert found is not None
        plan, rows = found
        later = rows[0].due + timedelta(days=7)
        assert await plans.obstacle_to_move(work, whole, plan, rows, number=rows[0].number, due=later) is None


async def test_a_settlement_in_one_payment_is_never_below_the_least_sum(world: World) -> None:
    await put_in_force(world, {"band": {"from": "1000"}, "limits": {"min_settlement_amount": "2000"}})
    conversation_id = await world.open()
    await world.tell(conversation_id, "Would 1700 settle it?", "request_discount", entities=(dollars("1700.00"),))
    rows = await world.rows(OfferRow)
    totals = [offer_from_json(row.body).total.to_text() for row in rows]
    assert totals
    assert all(total in {"2000.00", "2400.00"} for total in totals), totals
    async with world.works.read() as session:
        assert (await session.get_one(Case, world.case_id)).state == "open"
        assert (await session.get_one(Conversation, conversation_id)).holder == "bot"
    assert await world.rows(CaseFlag) == []
