"""Exceptions that outlast the moment: approved when nothing may be sent, offered later, or expired."""

from datetime import timedelta

import pytest

from core.actions import upkeep
from core.store.tables import Approval, OfferRow
from tests.console.conftest import SignIn, words
from tests.console.office import Office

NIGHT = timedelta(hours=8)
"""From the afternoon to eleven at night in London; and from there to seven, and to three in the afternoon."""
TOM = 4


@pytest.fixture
async def approval(office: Office) -> Approval:
    """What Ana asked for Tom."""
    [found] = await office.rows(Approval)
    assert isinstance(found, Approval)
    return found


async def test_an_exception_approved_at_night_is_offered_by_the_agent_when_it_may_go_out(
    sign_in: SignIn, office: Office, approval: Approval
) -> None:
    ana, max_ = await sign_in("ana"), await sign_in("max")
    conversation = f"/conversations/{office.talks[TOM]}"
    send = f"{conversation}/desk/approved/{approval.id}"
    assert send not in (await ana.get(conversation)).text
    office.clock.advance(NIGHT)
    done = words((await max_.post(f"/approvals/{approval.id}", part=True, decision="approve", answer="Fair.")).text)
    assert "the agent offers it within seven days: It is outside the hours" in done
    assert send in (await ana.get(conversation)).text
    assert send not in (await max_.get(conversation)).text
    early = await ana.post(send)
    assert (early.status_code, "outside the hours" in words(early.text)) == (422, True)
    assert (await max_.post(send)).status_code == 409
    office.clock.advance(NIGHT * 2)
    ana = await sign_in("ana")
    sent = await ana.post(send, part=True)
    assert "The offer is on its way" in words(sent.text)
    assert send not in (await ana.get(conversation)).text
    assert [row.state for row in await office.rows(OfferRow, approval_id=approval.id)] == ["open"]
    again = await ana.post(send)
    assert (again.status_code, "used already" in words(again.text)) == (409, True)
    assert (await ana.post(f"{conversation}/desk/approved/99")).status_code == 404


async def test_a_request_that_nobody_answered_is_shown_as_expired_to_the_agent_and_the_approver(
    sign_in: SignIn, office: Office, approval: Approval
) -> None:
    office.clock.advance(timedelta(days=3))
    max_ = await sign_in("max")
    late = await max_.post(f"/approvals/{approval.id}", part=True, decision="approve", answer="Fair.")
    assert (late.status_code, "This request has expired" in words(late.text)) == (409, True)
    async with office.works.begin() as work:
        await upkeep.run(work)
    assert "Expired" in words((await max_.get("/approvals")).text)
    page = words((await (await sign_in("ana")).get(f"/conversations/{office.talks[TOM]}")).text)
    assert "Approvals asked for Expired £600.00" in page
