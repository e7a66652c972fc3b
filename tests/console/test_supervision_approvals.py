"""Approvals with the numbers in view: the exception beside what the agent may offer, and the time that is left."""

from datetime import timedelta

from console.approval_figures import figures
from console.queries import approvals
from core.store.tables import Approval
from tests.console.conftest import SignIn, words
from tests.console.office import Office


async def test_the_exception_stands_beside_the_nearest_plan_inside_the_limits(office: Office) -> None:
    now = office.clock.now()
    async with office.works.read() as session:
        [row, *_], more = await approvals.waiting(session, now)
        versions = await approvals.versions(session, {row.policy_version})
    found = figures(row, versions, now)
    assert more is None
    assert found is not None
    assert found.nearest is not None
    assert found.asked.offer == row.offer
    assert found.nearest.offer.schedule.total > found.asked.offer.schedule.total
    assert 0 < found.asked.chance <= 1
    assert found.asked.value <= found.asked.offer.schedule.total


async def test_everything_that_a_decision_needs_is_on_the_page(sign_in: SignIn) -> None:
    page = words((await (await sign_in("max")).get("/approvals")).text)
    for text in ("As asked", "Nearest inside the limits", "Worth today", "left to decide", "What the agent may offer"):
        assert text in page


async def test_little_time_left_is_said(sign_in: SignIn, office: Office) -> None:
    max_ = await sign_in("max")
    assert "expires soon" not in (await max_.get("/approvals")).text
    office.clock.advance(timedelta(days=2, hours=20))
    max_ = await sign_in("max")
    assert "expires soon" in (await max_.get("/approvals")).text


async def test_an_exception_whose_limits_cannot_be_told_is_shown_without_figures(
    sign_in: SignIn, office: Office
) -> None:
    async with office.works.begin() as work:
        for row in await office.rows(Approval):
            stored = await work.session.get_one(Approval, row.id)
            stored.offer = {name: value for name, value in stored.offer.items() if name != "rule_facts"}
    page = words((await (await sign_in("max")).get("/approvals")).text)
    assert "Worth today" not in page
    assert "Approve and send" in page
