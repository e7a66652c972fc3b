"""The life of a version of the limits: drafted, reviewed by somebody else, scheduled, in force, given up."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from core.actions import limit_approvals, limit_drafts, limits, upkeep, users
from core.actions.limit_approvals import OnAnOlder, OwnDraft, Scheduled, TooEarly
from core.actions.limit_drafts import (
    BackToDraft,
    Conflicting,
    Followed,
    InReview,
    MovedOn,
    NotYours,
    Overtaken,
    Same,
    Saved,
    WhyNeeded,
    Withdrawn,
)
from core.actions.limits import Invalid, MayNotPublish, Published
from core.actions.values import Actor
from core.clock import FixedClock
from core.errors import NotFound
from core.policy import DEFAULT_VERSION, version_from_json, version_to_json
from core.store.tables import Audit, Policy, User
from core.work import Works
from tests.integration.world import World

SOON = timedelta(hours=6)
CARD = "us/credit_card"


@dataclass
class House:
    """Two managers and an admin who change the limits of a world."""

    world: World
    max: Actor
    mia: Actor
    ada: Actor

    @property
    def works(self) -> Works:
        return self.world.works

    async def draft(self, actor: Actor, note: str = "Tighter", **changes: Any) -> Saved:
        async with self.works.begin() as work:
            saved = await limit_drafts.save_draft(work, actor, rules(**changes), note)
        assert isinstance(saved, Saved), saved
        return saved

    async def asked(self, actor: Actor, **changes: Any) -> Saved:
        saved = await self.draft(actor, **changes)
        async with self.works.begin() as work:
            assert await limit_drafts.ask_review(work, actor, saved.draft_id, saved.revision) == InReview(
                saved.draft_id
            )
        return saved

    async def approve(self, actor: Actor, saved: Saved, **options: Any) -> object:
        async with self.works.begin() as work:
            return await limit_approvals.approve(work, actor, saved.draft_id, saved.revision, **options)

    async def row(self, saved: Saved) -> Policy:
        async with self.works.read() as session:
            return await session.get_one(Policy, saved.draft_id)

    async def states(self) -> list[tuple[int | None, str]]:
        return [(row.number, row.state) for row in await self.world.rows(Policy)]

    async def upkept(self) -> int:
        async with self.works.begin() as work:
            return await upkeep.run(work)

    async def audited(self, action: str) -> list[Any]:
        return await self.world.rows(Audit, action=action)

    async def value(self, field: str) -> Any:
        [row] = [row for row in await self.world.rows(Policy) if row.state == "in_force"]
        [rule] = [rule for rule in version_from_json(row.body).rules if rule.id == CARD]
        return getattr(rule.limits, field)


def rules(**changes: Any) -> dict[str, Any]:
    body = version_to_json(DEFAULT_VERSION)
    for rule in body["rules"]:
        if (rule["market"], rule["product"]) == ("us", "credit_card"):
            rule["limits"] |= changes
    return body


@pytest.fixture
async def house(world: World) -> House:
    async with world.works.begin() as work:
        password_hash = (await work.session.get_one(User, world.max.id)).password_hash
        others = [
            User(login=login, name=login.title(), role=role, password_hash=password_hash, created_at=work.now)
            for login, role in (("mia", "manager"), ("ada", "admin"))
        ]
        work.session.add_all(others)
        await work.session.flush()
        mia, ada = (users.actor_of(user) for user in others)
    return House(world, world.max, mia, ada)


async def test_a_draft_holds_only_once_somebody_else_has_approved_it(house: House) -> None:
    saved = await house.asked(house.max, max_instalments=9)
    assert await house.states() == [(1, "in_force"), (None, "review")]
    assert await house.approve(house.max, saved) == OwnDraft()
    assert await house.value("max_instalments") != 9
    assert await house.approve(house.mia, saved) == Published(2)
    assert await house.states() == [(1, "superseded"), (2, "in_force")]
    assert await house.value("max_instalments") == 9
    row = await house.row(saved)
    assert (row.created_by, row.reviewed_by, row.alone, row.based_on) == (house.max.id, house.mia.id, False, 1)
    assert version_from_json(row.body).number == 2
    [approved] = await house.audited("approved_limits")
    assert (approved.actor, approved.subject_id, "four_eyes" in approved.data) == ("mia", 2, False)
    assert [row.actor for row in await house.audited("published_limits")] == ["system", "mia"]


async def test_an_admin_is_no_exception_to_four_eyes_but_a_setting_is_and_is_audited(house: House) -> None:
    saved = await house.asked(house.ada, max_instalments=9)
    assert await house.approve(house.ada, saved) == OwnDraft()
    assert await house.approve(house.ada, saved, four_eyes=False) == Published(2)
    assert (await house.row(saved)).alone
    [approved] = await house.audited("approved_limits")
    assert (approved.data["four_eyes"], approved.data["own"]) == ("off", True)


async def test_the_database_itself_refuses_a_second_version_in_force_and_an_own_approval(house: House) -> None:
    saved = await house.asked(house.max, max_instalments=9)
    for change in ({"state": "in_force", "number": 2}, {"reviewed_by": house.max.id}, {"state": "scheduled"}):
        with pytest.raises(IntegrityError):
            await _force(house, saved, change)
    assert await house.states() == [(1, "in_force"), (None, "review")]


async def _force(house: House, saved: Saved, change: dict[str, Any]) -> None:
    async with house.works.begin() as work:
        await work.session.execute(update(Policy).where(Policy.id == saved.draft_id).values(**change))


async def test_agents_and_supervisors_change_nothing(house: House) -> None:
    saved = await house.asked(house.max, max_instalments=9)
    for actor in (house.world.ana, house.world.sue):
        refused = MayNotPublish(actor.role)
        async with house.works.begin() as work:
            assert await limit_drafts.save_draft(work, actor, rules(max_instalments=8)) == refused
            assert await limit_drafts.ask_review(work, actor, saved.draft_id, 1) == refused
            assert await limit_drafts.send_back(work, actor, saved.draft_id, "no") == refused
            assert await limit_drafts.withdraw(work, actor, saved.draft_id) == refused
            assert await limit_drafts.roll_back(work, actor, 1) == refused
            assert await limit_drafts.put_on_latest(work, actor, saved.draft_id, 1) == refused
            assert await limit_approvals.approve(work, actor, saved.draft_id, 1, four_eyes=False) == refused
    assert await house.states() == [(1, "in_force"), (None, "review")]


async def test_a_draft_is_changed_by_its_author_only_and_not_while_it_is_reviewed(house: House) -> None:
    saved = await house.draft(house.max, max_instalments=9)
    async with house.works.begin() as work:
        draft = (saved.draft_id, saved.revision)
        assert await limit_drafts.save_draft(work, house.mia, rules(max_instalments=8), draft=draft) == NotYours()
        again = await limit_drafts.save_draft(work, house.max, rules(max_instalments=8), "Tighter still", draft=draft)
        assert again == Saved(saved.draft_id, 2)
        assert await limit_drafts.save_draft(work, house.max, rules(), draft=draft) == MovedOn("draft")
        assert await limit_drafts.ask_review(work, house.mia, saved.draft_id, 2) == NotYours()
        assert await limit_drafts.ask_review(work, house.max, saved.draft_id, 1) == MovedOn("draft")
        assert await limit_drafts.ask_review(work, house.max, saved.draft_id, 2) == InReview(saved.draft_id)
        late = await limit_drafts.save_draft(work, house.max, rules(), draft=(saved.draft_id, 2))
        assert late == MovedOn("review")
    assert await house.approve(house.mia, saved) == MovedOn("review")
    row = await house.row(saved)
    assert (row.note, row.revision, row.state) == ("Tighter still", 2, "review")


async def test_a_reviewer_sends_back_with_a_word_why_and_the_author_takes_back_without(house: House) -> None:
    saved = await house.asked(house.max, max_instalments=9)
    async with house.works.begin() as work:
        assert await limit_drafts.send_back(work, house.mia, saved.draft_id, "  ") == WhyNeeded()
        assert await limit_drafts.send_back(work, house.mia, saved.draft_id, "Too few.") == BackToDraft(saved.draft_id)
        assert await limit_drafts.send_back(work, house.mia, saved.draft_id, "Again") == MovedOn("draft")
    row = await house.row(saved)
    assert (row.state, row.review, row.reviewed_by) == ("draft", "Too few.", house.mia.id)
    assert (await house.audited("sent_back_limits"))[0].data["why"] == "Too few."
    async with house.works.begin() as work:
        await limit_drafts.ask_review(work, house.max, saved.draft_id, 1)
        assert await limit_drafts.send_back(work, house.max, saved.draft_id) == BackToDraft(saved.draft_id)
    assert len(await house.audited("took_back_limits")) == 1


async def test_what_changes_nothing_or_cannot_stand_is_no_draft(house: House) -> None:
    async with house.works.begin() as work:
        assert await limit_drafts.save_draft(work, house.max, rules()) == Same(1)
        assert isinstance(await limit_drafts.save_draft(work, house.max, rules(min_settlement_share="0")), Invalid)
        assert await limit_drafts.save_draft(work, house.max, rules(max_instalments=9), based_on=7) == Overtaken(1)
        assert await limit_drafts.roll_back(work, house.max, 1) == Same(1)
        for act in (limit_drafts.withdraw, limit_drafts.roll_back, limit_drafts.send_back):
            with pytest.raises(NotFound):
                await act(work, house.max, 99)
        with pytest.raises(NotFound):
            await limit_approvals.approve(work, house.max, 99, 1)
    saved = await house.draft(house.max, max_instalments=9)
    async with house.works.begin() as work:
        back = await limit_drafts.save_draft(work, house.max, rules(), draft=(saved.draft_id, 1))
        assert back == Saved(saved.draft_id, 2)
        assert await limit_drafts.ask_review(work, house.max, saved.draft_id, 2) == Same(1)


async def test_a_scheduled_version_comes_in_force_at_its_moment_once_with_several_processes(
    house: House, clock: FixedClock
) -> None:
    told: list[str] = []

    class Listening:
        async def publish(self, topics: Any) -> None:
            told.extend(topics)

    saved = await house.asked(house.max, max_instalments=9)
    at = clock.now() + SOON
    assert await house.approve(house.mia, saved, starts_at=at) == Scheduled(2, at)
    assert await house.states() == [(1, "in_force"), (2, "scheduled")]
    clock.advance(SOON - timedelta(seconds=1))
    assert await house.upkept() == 0
    clock.advance(timedelta(seconds=1))
    house.works.notices = Listening()  # type: ignore[assignment]
    counts = await asyncio.gather(*(house.upkept() for _ in range(6)))
    assert sum(counts) == 1
    assert {"limits", "queue"} <= set(told)
    assert await house.states() == [(1, "superseded"), (2, "in_force")]
    published = await house.audited("published_limits")
    assert [(row.actor, row.subject_id) for row in published] == [("system", 1), ("system", 2)]
    assert (await house.row(saved)).published_at == at


async def test_versions_follow_one_another_in_the_order_of_their_moments(house: House, clock: FixedClock) -> None:
    at = clock.now() + SOON
    first = await house.asked(house.max, max_instalments=9)
    assert await house.approve(house.mia, first, starts_at=clock.now()) == TooEarly(0, None)
    await house.approve(house.mia, first, starts_at=at)
    second = await house.asked(house.max, max_instalments=8)
    assert (await house.row(second)).based_on == 2
    assert await house.approve(house.mia, second) == TooEarly(2, at)
    assert await house.approve(house.mia, second, starts_at=at) == TooEarly(2, at)
    later = at + SOON
    assert await house.approve(house.mia, second, starts_at=later) == Scheduled(3, later)
    async with house.works.begin() as work:
        assert await limit_drafts.withdraw(work, house.max, first.draft_id) == Followed(3)
    clock.advance(SOON * 3)
    assert await house.upkept() == 2
    assert await house.states() == [(1, "superseded"), (2, "superseded"), (3, "in_force")]
    assert await house.upkept() == 0


async def test_an_approval_first_brings_in_force_what_is_due(house: House, clock: FixedClock) -> None:
    first = await house.asked(house.max, max_instalments=9)
    await house.approve(house.mia, first, starts_at=clock.now() + SOON)
    second = await house.asked(house.max, max_instalments=8)
    clock.advance(SOON)
    async with house.works.begin() as work:
        assert await limit_drafts.withdraw(work, house.max, first.draft_id) == MovedOn("in_force")
    assert await house.approve(house.mia, second) == Published(3)
    assert await house.states() == [(1, "superseded"), (2, "superseded"), (3, "in_force")]


async def test_a_scheduled_version_or_a_draft_is_given_up_and_never_holds(house: House, clock: FixedClock) -> None:
    first = await house.asked(house.max, max_instalments=9)
    await house.approve(house.mia, first, starts_at=clock.now() + SOON)
    draft = await house.draft(house.max, max_instalments=8)
    async with house.works.begin() as work:
        assert await limit_drafts.withdraw(work, house.mia, draft.draft_id) == NotYours()
        assert await limit_drafts.withdraw(work, house.ada, draft.draft_id) == Withdrawn(draft.draft_id)
        assert await limit_drafts.withdraw(work, house.mia, first.draft_id) == Withdrawn(first.draft_id)
        assert await limit_drafts.withdraw(work, house.mia, first.draft_id) == MovedOn("withdrawn")
    clock.advance(SOON * 2)
    assert await house.upkept() == 0
    assert await house.states() == [(1, "in_force"), (2, "withdrawn"), (None, "withdrawn")]
    third = await house.asked(house.max, max_instalments=7)
    assert await house.approve(house.mia, third) == Published(3)


async def test_a_change_published_meanwhile_is_not_dropped_by_a_later_approval(house: House) -> None:
    mine = await house.asked(house.max, max_instalments=9)
    other = await house.asked(house.mia, promise_max_days=10)
    assert await house.approve(house.max, other) == Published(2)
    assert await house.approve(house.mia, mine) == OnAnOlder(1, 2)
    async with house.works.begin() as work:
        moved = await limit_drafts.put_on_latest(work, house.mia, mine.draft_id, mine.revision)
        assert moved == Saved(mine.draft_id, 2)
        assert await limit_drafts.put_on_latest(work, house.mia, mine.draft_id, 2) == Same(2)
    assert await house.approve(house.mia, mine) == MovedOn("review")
    assert await house.approve(house.mia, Saved(mine.draft_id, 2)) == Published(3)
    assert (await house.value("max_instalments"), await house.value("promise_max_days")) == (9, 10)


async def test_a_field_that_both_changed_is_chosen_by_who_wrote_the_draft(house: House) -> None:
    mine = await house.asked(house.max, max_instalments=9)
    other = await house.asked(house.mia, max_instalments=12)
    await house.approve(house.max, other)
    key = (CARD, "max_instalments")
    async with house.works.begin() as work:
        stuck = await limit_drafts.put_on_latest(work, house.mia, mine.draft_id, 1)
        assert isinstance(stuck, Conflicting)
        [conflict] = stuck.conflicts
        assert (stuck.number, conflict.key, conflict.theirs, conflict.mine) == (2, key, "12", "9")
        assert await limit_drafts.put_on_latest(work, house.mia, mine.draft_id, 1, keep={key}) == NotYours()
        assert await limit_drafts.put_on_latest(work, house.max, mine.draft_id, 1, keep={key}) == NotYours()
        await limit_drafts.send_back(work, house.max, mine.draft_id)
        kept = await limit_drafts.put_on_latest(work, house.max, mine.draft_id, 1, keep={key})
        assert kept == Saved(mine.draft_id, 2)
        assert await limit_drafts.put_on_latest(work, house.max, mine.draft_id, 1) == MovedOn("draft")
        await limit_drafts.ask_review(work, house.max, mine.draft_id, 2)
    assert await house.approve(house.mia, Saved(mine.draft_id, 2)) == Published(3)
    assert await house.value("max_instalments") == 9


async def test_taking_the_others_value_may_leave_nothing_to_approve(house: House) -> None:
    mine = await house.draft(house.max, max_instalments=9)
    other = await house.asked(house.mia, max_instalments=12)
    await house.approve(house.max, other)
    async with house.works.begin() as work:
        take = {(CARD, "max_instalments")}
        assert isinstance(await limit_drafts.put_on_latest(work, house.max, mine.draft_id, 1, take=take), Saved)
        assert await limit_drafts.ask_review(work, house.max, mine.draft_id, 2) == Same(2)


async def test_two_drafts_that_cannot_stand_together_are_said_so(house: House) -> None:
    mine = await house.draft(house.max, max_extension_days=300)
    other = await house.asked(house.mia, max_term_days=200)
    assert await house.approve(house.max, other) == Published(2)
    async with house.works.begin() as work:
        together = await limit_drafts.put_on_latest(work, house.max, mine.draft_id, 1)
    assert isinstance(together, Invalid)
    assert {problem.message_key for _, problem in together.problems} == {"limits.beyond_term"}


async def test_going_back_is_a_new_draft_that_goes_the_same_way(house: House) -> None:
    first = await house.asked(house.max, max_instalments=9)
    await house.approve(house.mia, first)
    async with house.works.begin() as work:
        back = await limit_drafts.roll_back(work, house.mia, 1, "Back to version 1")
        assert isinstance(back, Saved)
        assert await limit_drafts.roll_back(work, house.mia, back.draft_id) == MovedOn("draft")
        await limit_drafts.ask_review(work, house.mia, back.draft_id, back.revision)
    assert await house.approve(house.mia, back) == OwnDraft()
    assert await house.approve(house.max, back) == Published(3)
    assert version_from_json((await house.row(back)).body).rules == DEFAULT_VERSION.rules
    drafted = await house.audited("saved_limits_draft")
    assert [row.data.get("back_to") for row in drafted] == [None, 1]
    async with house.works.read() as session:
        assert [row.number for row in await limits.history(session)] == [3, 2, 1]


async def test_two_approvers_at_once_approve_once(house: House) -> None:
    saved = await house.asked(house.max, max_instalments=9)
    outcomes = await asyncio.gather(house.approve(house.mia, saved), house.approve(house.ada, saved))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["MovedOn", "Published"]
    assert await house.states() == [(1, "superseded"), (2, "in_force")]


async def test_a_script_that_puts_limits_in_force_withdraws_what_was_to_follow(house: House, clock: FixedClock) -> None:
    saved = await house.asked(house.max, max_instalments=9)
    await house.approve(house.mia, saved, starts_at=clock.now() + SOON)
    async with house.works.begin() as work:
        assert await limits.publish_unreviewed(work, house.max, rules(max_instalments=8)) == Published(3)
    assert await house.states() == [(1, "superseded"), (2, "withdrawn"), (3, "in_force")]
