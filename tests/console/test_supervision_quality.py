"""Quality reviews: a sample is drawn, marked by somebody else, read and answered by the agent."""

from datetime import timedelta
from typing import Any

import pytest

from core.actions import quality
from core.actions.quality import Drawn, NothingToDraw, OwnConversation, SampleOf
from core.errors import InvalidInput
from core.store.tables import QualityCriterion, QualityMark, QualityReview, QualitySample
from tests.console.conftest import SignIn, words
from tests.console.office import Office

TOM, ZHOU = 4, 8


async def drawn(office: Office, login: str = "sue", **wish: Any) -> Drawn | NothingToDraw:
    """A sample of the last day."""
    now = office.clock.now()
    given: dict[str, Any] = {
        "starts": now - timedelta(days=1),
        "ends": now + timedelta(days=1),
        "size": 10,
        "seed": 3,
    } | wish
    async with office.works.begin() as work:
        return await quality.draw_sample(work, office.team[login], SampleOf(**given))


async def lines(office: Office) -> list[int]:
    return [row.id for row in await office.rows(QualityCriterion, active=True)]


async def test_what_agents_wrote_is_drawn_with_the_seed_and_what_it_was_drawn_from(office: Office) -> None:
    found = await drawn(office)
    assert isinstance(found, Drawn)
    rows = await office.rows(QualityReview)
    assert {(row.conversation_id, row.agent_id) for row in rows} == {
        (office.talks[TOM], office.team["ana"].id),
        (office.talks[ZHOU], office.team["li"].id),
    }
    assert {row.conversation_id for row in rows if row.hard} == {office.talks[ZHOU]}
    [sample] = await office.rows(QualitySample)
    assert (sample.seed, sample.size, sample.candidates) == (3, 2, 2)


@pytest.mark.parametrize(
    ("wish", "agents"),
    [({"language": "zh"}, {"li"}), ({"hard_share": 100, "size": 1}, {"li"}), ({"outcome": "paid"}, set())],
)
async def test_a_draw_keeps_to_what_was_asked_for(office: Office, wish: dict[str, Any], agents: set[str]) -> None:
    await drawn(office, **wish)
    assert {row.agent_id for row in await office.rows(QualityReview)} == {office.team[login].id for login in agents}


async def test_nothing_is_drawn_twice_or_from_who_draws(office: Office) -> None:
    await drawn(office)
    assert await drawn(office, seed=4) == NothingToDraw()
    async with office.works.begin() as work:
        with pytest.raises(InvalidInput):
            await quality.draw_sample(work, office.team["sue"], SampleOf(starts=work.now, ends=work.now))


async def test_a_review_comes_to_its_score_and_the_agent_reads_and_answers_it(sign_in: SignIn, office: Office) -> None:
    await drawn(office)
    [row] = await office.rows(QualityReview, agent_id=office.team["ana"].id)
    sue, ana = await sign_in("sue"), await sign_in("ana")
    assert "No review yet" in words((await ana.get("/quality/mine")).text)
    page = words((await sue.get(f"/quality/{row.id}")).text)
    assert "Tom Hargreaves" in page
    assert "Accuracy" in page
    half: dict[str, Any] = {f"mark-{line}": "2" for line in await lines(office)}
    missing = await sue.post(f"/quality/{row.id}", **dict(list(half.items())[1:]), comment="Kept")
    assert (missing.status_code, "Kept" in missing.text) == (422, True)
    assert (await sue.post(f"/quality/{row.id}", **half, comment="Warm, and a little slow.")).status_code == 303
    assert (await sue.post(f"/quality/{row.id}", **half)).status_code == 409
    mine = words((await ana.get("/quality/mine")).text)
    assert "50.0%" in mine
    assert "Warm, and a little slow." in mine
    assert (await ana.post(f"/quality/mine/{row.id}", answer="The system was slow.")).status_code == 303
    assert (await ana.post(f"/quality/mine/{row.id}", answer="Again.")).status_code == 409
    overview = words((await sue.get("/quality?show=done")).text)
    assert "Answered by the agent" in overview
    assert "Ana Costa 50.0% 1 0" in overview


async def test_one_line_that_fails_all_fails_the_conversation(office: Office) -> None:
    await drawn(office)
    [row] = await office.rows(QualityReview, agent_id=office.team["ana"].id)
    marks: dict[int, int | None] = dict.fromkeys(await lines(office), 4)
    [accuracy] = [each.id for each in await office.rows(QualityCriterion) if each.position == 1]
    async with office.works.begin() as work:
        await quality.review(work, row.id, office.team["sue"], marks | {accuracy: 0}, "")
    [row] = await office.rows(QualityReview, id=row.id)
    assert (row.score, row.failed) == (0, True)


async def test_nobody_reviews_their_own_conversation(sign_in: SignIn, office: Office) -> None:
    await office.take(0, "sue")
    await office.write(0, "sue", "Hello Dana, I am Sue.")
    await drawn(office, "max")
    [row] = await office.rows(QualityReview, agent_id=office.team["sue"].id)
    marks: dict[int, int | None] = dict.fromkeys(await lines(office), 4)
    async with office.works.begin() as work:
        assert await quality.review(work, row.id, office.team["sue"], marks, "") == OwnConversation()
    assert "somebody else reviews it" in words((await (await sign_in("sue")).get(f"/quality/{row.id}")).text)
    assert await office.rows(QualityMark) == []


async def test_an_agent_sees_and_answers_no_review_but_their_own(sign_in: SignIn, office: Office) -> None:
    await drawn(office)
    [row] = await office.rows(QualityReview, agent_id=office.team["li"].id)
    marks: dict[int, int | None] = dict.fromkeys(await lines(office), 3)
    async with office.works.begin() as work:
        await quality.review(work, row.id, office.team["sue"], marks, "For 李晓梅 only")
    ana = await sign_in("ana")
    assert "For 李晓梅 only" not in (await ana.get("/quality/mine")).text
    assert (await ana.post(f"/quality/mine/{row.id}", answer="Me too")).status_code == 403
    assert (await ana.get("/quality")).status_code == 403


async def test_the_score_card_is_changed_and_old_reviews_keep_theirs(sign_in: SignIn, office: Office) -> None:
    await drawn(office)
    [row] = await office.rows(QualityReview, agent_id=office.team["ana"].id)
    card = await lines(office)
    async with office.works.begin() as work:
        await quality.review(work, row.id, office.team["sue"], dict.fromkeys(card, 4), "")
    max_ = await sign_in("max")
    new: dict[str, Any] = {"label_en": "Named the rights", "label_zh": "说明了权利", "weight": "10", "auto_fail": "yes"}
    assert (await max_.post("/quality/card", **new)).status_code == 303
    assert (await max_.post("/quality/card", **(new | {"label_zh": ""}))).status_code == 422
    assert (await max_.post("/quality/card", id=str(card[0]), step="retire")).status_code == 303
    page = words((await max_.get("/quality/card")).text)
    assert page.count("Keep Take off the card") == len(card)
    assert len(await office.rows(QualityMark, review_id=row.id)) == len(card)
    assert "Accuracy" in words((await max_.get(f"/quality/{row.id}")).text)


async def test_a_sample_is_drawn_from_the_page(sign_in: SignIn, office: Office) -> None:
    sue = await sign_in("sue")
    day = office.clock.now().date().isoformat()
    done = await sue.post("/quality/samples", starts=day, ends=day, size="5", seed="9")
    assert "Drawn: 2 of 2." in words(done.text)
    for size in ("0", "many", "9999"):
        assert (await sue.post("/quality/samples", starts=day, ends=day, size=size)).status_code == 422
