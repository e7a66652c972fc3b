"""The debtor's texts and the contact rules: drafted by one, approved by another, obeyed by the next message."""

from datetime import timedelta

import pytest

from core.actions import contact_rules, house, replies, users, wordings
from core.actions.house import Moved, MovedOn, NothingChanges, NotYours, OwnDraft, Saved, WhyNeeded, Wrong
from core.actions.takeover import take_over
from core.actions.values import Actor
from core.clock import FixedClock
from core.compliance import Refused
from core.store.tables import Audit, HouseVersion, Message, Outbox, User
from core.wording import catalogue
from tests.integration.world import World, reading

KEY = "debt.balance"
PHONE = {"zh": "我们的电话{phone}，随时可以打。", "en": "Our number is {phone}. Call whenever it suits you."}


@pytest.fixture
async def mia(world: World) -> Actor:
    """A second manager."""
    async with world.works.begin() as work:
        password_hash = (await work.session.get_one(User, world.max.id)).password_hash
        user = User(login="mia", name="Mia", role="manager", password_hash=password_hash, created_at=work.now)
        work.session.add(user)
        await work.session.flush()
        return users.actor_of(user)


def reworded(key: str, mark: str) -> dict[str, str]:
    shipped = catalogue()[key]
    return {"zh": shipped["zh"] + f"（{mark}）", "en": shipped["en"] + f" ({mark})"}


async def drafted(world: World, actor: Actor, key: str, mark: str) -> Saved:
    async with world.works.begin() as work:
        saved = await wordings.change_text(work, actor, key, reworded(key, mark))
    assert isinstance(saved, Saved), saved
    return saved


async def published(world: World, author: Actor, reader: Actor, saved: Saved, against: int = 0) -> int:
    async with world.works.begin() as work:
        asked = await house.ask_review(work, author, saved.version_id, saved.revision, "Friendlier")
        assert isinstance(asked, Moved), asked
    async with world.works.begin() as work:
        moved = await house.approve(work, reader, saved.version_id, saved.revision, against)
    assert isinstance(moved, Moved), moved
    assert moved.number is not None
    return moved.number


async def said_about_balance(world: World) -> str:
    conversation = await world.open(address=f"dana-{next(world.numbers)}")
    message = await world.say("how much is it", address=(await world.conversation(conversation)).address)
    await world.answer(conversation, {message: reading("ask_balance")})
    rows = await world.rows(Message, conversation_id=conversation, direction="out")
    return str(rows[-1].text)


async def test_a_changed_text_is_said_only_once_somebody_else_has_approved_it(world: World, mia: Actor) -> None:
    before = await said_about_balance(world)
    key = next(key for key in catalogue() if key.startswith("debt.") and _said(key, before))
    saved = await drafted(world, world.max, key, "v1")
    assert "(v1)" not in await said_about_balance(world)
    async with world.works.begin() as work:
        assert isinstance(await house.ask_review(work, world.max, saved.version_id, saved.revision), Moved)
        assert isinstance(await house.approve(work, world.max, saved.version_id, saved.revision, 0), OwnDraft)
    assert "(v1)" not in await said_about_balance(world)
    async with world.works.begin() as work:
        moved = await house.approve(work, mia, saved.version_id, saved.revision, 0)
    assert moved == Moved(saved.version_id, "in_force", 1)
    assert "(v1)" in await said_about_balance(world)
    actions = [row.action for row in await world.rows(Audit, subject="wording")]
    assert actions == ["changed_house_draft", "asked_house_review", "published_house"]


def _said(key: str, text: str) -> bool:
    start = catalogue()[key]["en"].partition("{")[0].strip()
    return len(start) > 5 and start in text


async def test_a_version_can_be_gone_back_to_and_the_shipped_text_returns(world: World, mia: Actor) -> None:
    first = await published(world, world.max, mia, await drafted(world, world.max, KEY, "one"))
    second = await published(world, world.max, mia, await drafted(world, world.max, KEY, "two"), against=first)
    assert (first, second) == (1, 2)
    rows = await world.rows(HouseVersion, subject="wording")
    assert [(row.number, row.state) for row in rows] == [(1, "superseded"), (2, "in_force")]
    async with world.works.begin() as work:
        saved = await house.roll_back(work, mia, rows[0].id)
    assert isinstance(saved, Saved)
    assert await published(world, mia, world.max, saved, against=2) == 3
    async with world.works.read() as session:
        assert (await wordings.texts_in_force(session))[KEY] == reworded(KEY, "one")
    async with world.works.begin() as work:
        saved_back = await wordings.change_text(work, mia, KEY, None)
    assert isinstance(saved_back, Saved)
    await published(world, mia, world.max, saved_back, against=3)
    async with world.works.read() as session:
        assert (await wordings.texts_in_force(session))[KEY] == catalogue()[KEY]


async def test_two_people_change_different_texts_and_neither_is_lost(world: World, mia: Actor) -> None:
    other = "button.human"
    mine, hers = await drafted(world, world.max, KEY, "max"), await drafted(world, mia, other, "mia")
    await published(world, world.max, mia, mine)
    async with world.works.begin() as work:
        await house.ask_review(work, mia, hers.version_id, hers.revision)
    async with world.works.begin() as work:
        stale = await house.approve(work, world.max, hers.version_id, hers.revision, 0)
        assert stale == MovedOn("review")
        assert isinstance(await house.approve(work, world.max, hers.version_id, hers.revision, 1), Moved)
    async with world.works.read() as session:
        texts = await wordings.texts_in_force(session)
    assert texts[KEY] == reworded(KEY, "max")
    assert texts[other] == reworded(other, "mia")


async def test_a_draft_goes_back_with_a_word_why_and_only_its_author_changes_it(world: World, mia: Actor) -> None:
    saved = await drafted(world, world.max, KEY, "v1")
    async with world.works.begin() as work:
        assert isinstance(await house.ask_review(work, mia, saved.version_id, saved.revision), NotYours)
        assert isinstance(await house.ask_review(work, world.max, saved.version_id, saved.revision), Moved)
        assert isinstance(await house.send_back(work, mia, saved.version_id, " "), WhyNeeded)
        assert await house.send_back(work, mia, saved.version_id, "Too stiff") == Moved(saved.version_id, "draft")
    async with world.works.begin() as work:
        assert isinstance(await house.drop(work, mia, saved.version_id, KEY), NotYours)
        dropped = await house.drop(work, world.max, saved.version_id, KEY)
        assert isinstance(dropped, Saved)
        assert isinstance(await house.ask_review(work, world.max, saved.version_id, dropped.revision), NothingChanges)
        assert isinstance(await house.withdraw(work, mia, saved.version_id), NotYours)
        assert await house.withdraw(work, world.max, saved.version_id) == Moved(saved.version_id, "withdrawn")


async def test_what_was_sent_back_joins_the_draft_begun_meanwhile(world: World, mia: Actor) -> None:
    first = await drafted(world, world.max, KEY, "v1")
    async with world.works.begin() as work:
        await house.ask_review(work, world.max, first.version_id, first.revision)
    second = await drafted(world, world.max, "button.human", "v2")
    assert second.version_id != first.version_id
    async with world.works.begin() as work:
        assert await house.send_back(work, mia, first.version_id, "No") == Moved(first.version_id, "withdrawn")
    draft = (await world.rows(HouseVersion, id=second.version_id))[0]
    assert set(draft.changes) == {KEY, "button.human"}


async def test_an_agent_changes_nothing_and_a_bad_text_is_not_stored(world: World) -> None:
    async with world.works.begin() as work:
        assert await wordings.change_text(work, world.ana, KEY, reworded(KEY, "x")) == house.MayNot("agent")
        wrong = await wordings.change_text(work, world.max, KEY, {"zh": "好", "en": "Pay or go to prison"})
    assert isinstance(wrong, Wrong)
    assert "compliance.crime" in {problem.code for problem in wrong.problems}
    assert await world.rows(HouseVersion) == []


async def test_narrower_hours_hold_back_what_nobody_asked_for(world: World, mia: Actor, clock: FixedClock) -> None:
    async with world.works.begin() as work:
        wider = await contact_rules.change_rules(work, world.max, {"us.window": "06:00-23:00"})
        assert isinstance(wider, Wrong)
        same = await contact_rules.change_rules(work, world.max, {"us.window": "08:00-21:00"})
        assert isinstance(same, NothingChanges)
        saved = await contact_rules.change_rules(
            work, world.max, {"us.window": "12:00-12:01", "us.sunday": "12:00-12:01"}
        )
    assert isinstance(saved, Saved)
    await published(world, world.max, mia, saved)
    async with world.works.read() as session:
        rules = await contact_rules.rules_in_force(session)
    assert rules.name.endswith("+house.1")
    conversation = await world.open()
    clock.advance(timedelta(hours=30))
    async with world.works.begin() as work:
        await take_over(work, conversation, world.ana)
    async with world.works.begin() as work:
        refused = await replies.reply_as_agent(work, conversation, world.ana, "Hello, how are you?", "k1")
    assert isinstance(refused, Refused)
    assert "US-TIME-1" in refused.rule_ids
    assert "agent" not in [row.author for row in await world.rows(Outbox, conversation_id=conversation)]
