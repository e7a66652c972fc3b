"""How a creditor is reached and paid is said once, checked, and audited."""

import pytest

from core.actions import creditors
from core.actions.creditors import Details
from core.errors import InvalidInput, NotFound
from core.store.tables import Audit, Creditor
from tests.integration.world import World


async def test_details_change_one_by_one_and_leave_a_trace(world: World) -> None:
    async with world.works.begin() as work:
        creditor_id = await creditors.creditor_named(work.session, "harbour bank")
        details = Details(hours="Mon-Fri 08:00-20:00; Sat 10:00-14:00", pay_ways={"en": " by  card "})
        assert await creditors.describe(work, "operator", creditor_id, details) == ("hours", "pay_ways")
        assert await creditors.describe(work, "operator", creditor_id, details) == ()
    [row] = await world.rows(Creditor)
    assert (row.phone, row.hours) == ("+1 555 0100", "Mon-Fri 08:00-20:00; Sat 10:00-14:00")
    assert row.pay_ways == {"en": "by card", "zh": "银行转账至账户0001"}
    [trace] = await world.rows(Audit, action="described_creditor")
    assert trace.data["before"]["hours"] == "Mon-Fri 09:00-18:00"


@pytest.mark.parametrize(
    "details",
    [
        Details(hours="office hours"),
        Details(hours="Mon-Fri 18:00-09:00"),
        Details(hours="Mon-Fri 09:00-18:75"),
        Details(hours="Mon-Fri 09:00-18:00 and Saturdays"),
        Details(time_zone="Mars/Olympus"),
        Details(phone="1" * 61),
        Details(pay_ways={"fr": "par carte"}),
    ],
)
async def test_what_cannot_be_right_is_refused(world: World, details: Details) -> None:
    async with world.works.begin() as work:
        creditor_id = await creditors.creditor_named(work.session, "Harbour Bank")
        with pytest.raises(InvalidInput):
            await creditors.describe(work, "operator", creditor_id, details)


async def test_an_unknown_creditor_is_not_found(world: World) -> None:
    async with world.works.read() as session:
        with pytest.raises(NotFound):
            await creditors.creditor_named(session, "Nobody's Bank")
