"""Saved views: whose they are, in which order, and who sees them."""

from typing import Any

import pytest

from console.queries import saved_views as query
from core.actions import saved_views
from core.actions.saved_views import Kept, NameTaken, TooMany
from core.errors import InvalidInput, NotFound
from core.store.tables import Audit, DefaultView, SavedView
from tests.console.conftest import Browser, SignIn, words
from tests.console.office import Office


async def keep(office: Office, login: str, name: str, address: str = "box=queue", *, shared: bool = False) -> int:
    async with office.works.begin() as work:
        outcome = await saved_views.keep(work, office.team[login], name, address, shared=shared)
    assert isinstance(outcome, Kept)
    return outcome.view_id


async def names(office: Office, login: str, *, sees_all: bool = True) -> list[str]:
    async with office.works.read() as session:
        return [row.name for row in await query.seen_by(session, office.team[login].id, sees_all)]


async def saved(browser: Browser, **fields: Any) -> str:
    """Saves a view through the form, and says where it leads."""
    answer = await browser.post("/views", **fields)
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def test_filters_that_were_saved_are_a_tab_that_opens_them_with_its_count(sign_in: SignIn) -> None:
    sue = await sign_in("sue")
    place = await saved(sue, name="  UK   second month ", address="box=all&bucket=M2&market=uk")
    assert place.startswith("/?box=all&market=uk&bucket=M2&view=")
    page = await sue.get(place)
    assert "Priya Nair" in page.text
    assert "Dana Reyes" not in page.text
    number = place.rpartition("=")[2]
    tabs = (await sue.get(f"/views/tabs?view={number}", part=True)).text
    assert "UK second month 2" in words(tabs)
    assert 'aria-current="true"' in tabs


async def test_a_view_is_its_owners_until_who_supervises_shares_it(office: Office) -> None:
    await keep(office, "sue", "Mine alone")
    shared = await keep(office, "sue", "Everyone's", shared=True)
    await keep(office, "sue", "All of them", "box=all", shared=True)
    assert await names(office, "ana", sees_all=False) == ["Everyone's"]
    assert await names(office, "max") == ["Everyone's", "All of them"]
    with pytest.raises(InvalidInput):
        await keep(office, "ana", "For all", shared=True)
    with pytest.raises(NotFound):
        async with office.works.begin() as work:
            await saved_views.remove(work, office.team["ana"], shared)
    with pytest.raises(NotFound):
        async with office.works.begin() as work:
            await saved_views.move(work, office.team["ana"], shared, "up")


async def test_an_agents_form_that_says_shared_keeps_the_view_to_themselves(sign_in: SignIn, office: Office) -> None:
    await saved(await sign_in("ana"), name="Mine", address="box=queue", shared="yes")
    assert [view.shared for view in await office.rows(SavedView)] == [False]


async def test_ones_own_stand_first_in_the_order_that_they_were_put_in(office: Office) -> None:
    ids = [await keep(office, "sue", name) for name in ("one", "two", "three")]
    await keep(office, "max", "theirs", shared=True)
    async with office.works.begin() as work:
        await saved_views.move(work, office.team["sue"], ids[2], "up")
    assert await names(office, "sue") == ["one", "three", "two", "theirs"]
    async with office.works.begin() as work:
        await saved_views.move(work, office.team["sue"], ids[0], "up")
        await saved_views.move(work, office.team["sue"], ids[1], "down")
    assert await names(office, "sue") == ["one", "three", "two", "theirs"]


async def test_the_default_opens_where_nothing_else_was_asked_for(sign_in: SignIn, office: Office) -> None:
    sue = await sign_in("sue")
    view = await keep(office, "sue", "Disputes", "box=all&flag=dispute")
    assert (await sue.post(f"/views/{view}/default")).status_code == 303
    opened = words((await sue.get("/")).text)
    assert "林秀梅" in opened
    assert "Priya Nair" not in opened
    assert "Priya Nair" in words((await sue.get("/?box=queue")).text)
    await sue.post("/views/usual")
    assert await office.rows(DefaultView) == []


async def test_a_view_that_is_deleted_or_no_longer_shared_opens_nobodys_inbox(office: Office) -> None:
    view = await keep(office, "sue", "Shared", shared=True)
    for login in ("ana", "sue"):
        async with office.works.begin() as work:
            await saved_views.open_with(work, office.team[login], view)
    async with office.works.begin() as work:
        await saved_views.change(work, office.team["sue"], view, "Shared", shared=False)
    assert [row.user_id for row in await office.rows(DefaultView)] == [office.team["sue"].id]
    async with office.works.begin() as work:
        await saved_views.remove(work, office.team["sue"], view)
    assert await office.rows(DefaultView) == []
    actions = [row.action for row in await office.rows(Audit, subject="view")]
    assert actions == ["saved_view", "changed_view", "deleted_view"]


async def test_a_name_stands_once_and_there_is_an_end_to_views(
    office: Office, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(office, "sue", "Legal")
    async with office.works.begin() as work:
        assert await saved_views.keep(work, office.team["sue"], " Legal ", "box=all") == NameTaken("Legal")
    sue = await sign_in("sue")
    refused = await sue.post("/views", name="Legal", address="box=all")
    assert refused.status_code == 409
    assert "You have a view called Legal" in words(refused.text)
    assert (await sue.post("/views", name=" ", address="box=all")).status_code == 422
    monkeypatch.setattr(saved_views, "MOST", 1)
    async with office.works.begin() as work:
        assert isinstance(await saved_views.keep(work, office.team["sue"], "Another", "box=all"), TooMany)


async def test_a_view_is_renamed_and_takes_other_filters(sign_in: SignIn, office: Office) -> None:
    sue = await sign_in("sue")
    view = await keep(office, "sue", "Old", "box=queue")
    assert (await sue.post(f"/views/{view}", name="New")).headers["location"] == "/views"
    answer = await sue.post(f"/views/{view}", name="New", address="box=all&reason=dispute&junk=1")
    assert answer.headers["location"] == f"/?box=all&reason=dispute&view={view}"
    [row] = await office.rows(SavedView)
    assert (row.name, row.address) == ("New", "box=all&reason=dispute")
    assert "New" in words((await sue.get("/views")).text)
    assert (await sue.post(f"/views/{view}/delete")).status_code == 303
    assert await names(office, "sue") == []
