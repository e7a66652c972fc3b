"""How much each page asks of the database. The pages come from the routes themselves: a new one is counted too."""

import pytest
from fastapi.routing import APIRoute

from console.routes import every_route
from core.store.tables import Approval, Message, Reading
from tests.console.conftest import SignIn
from tests.console.office import Office
from tests.console.statements import statements

MOST = 8
STREAMS = ("/live",)
OTHERWISE = {
    "/": "/?box=all&flag=dispute&market=cn",
    "/search": "/search?q=Reyes",
    "/limits/edit": "/limits/edit?market=cn",
    "/conversations/{conversation_id}/changes": "/conversations/{conversation_id}/changes?seen=x",
}
"""Where the bare address is refused, or is not what costs most."""


def pages() -> list[APIRoute]:
    """Every route that shows something."""
    return sorted(
        (route for route in every_route() if "GET" in (route.methods or ()) and route.path not in STREAMS),
        key=lambda route: route.path,
    )


async def places(office: Office) -> dict[str, int]:
    """What stands for each name in an address: rows that the office has, and 1 for others."""
    message, reading = (await office.rows(Message))[-1], (await office.rows(Reading))[-1]
    return {
        "conversation_id": office.talks[4],
        "message_id": message.id,
        "reading_id": reading.id,
        "approval_id": (await office.rows(Approval))[0].id,
        "user_id": office.team["ana"].id,
    }


@pytest.mark.parametrize("part", [False, True], ids=["page", "part"])
async def test_no_page_needs_more_than_eight_statements(part: bool, sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ada")
    known = await places(office)
    costs: dict[str, list[str]] = {}
    shown = 0
    for route in pages():
        path = OTHERWISE.get(route.path, route.path)
        with statements(office.works) as seen:
            answer = await browser.get(
                path.format_map({name: known.get(name, 1) for name in route.param_convertors}), part=part
            )
        shown += answer.status_code == 200
        if len(seen) > MOST:
            costs[route.path] = [f"{number} {each[:120]}" for number, each in enumerate(seen, 1)]
    assert not costs, costs
    assert shown > 0.6 * len(pages())
