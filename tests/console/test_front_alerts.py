"""What somebody is called for, told without what was said; their own settings; keys that do not collide."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from console import navigation
from console.i18n import translations
from console.shortcuts import SHORTCUTS
from core.actions import notices, presence
from core.actions.preferences import Preferences
from core.store.tables import User
from tests.console.conftest import Browser, SignIn
from tests.console.office import Office

TOM, OWEN = 4, 9


async def news(browser: Browser, after: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await browser.get(f"/me/alerts?after={after.replace('+', '%2B')}")).json()["news"]
    return found


async def test_the_first_question_calls_for_nothing_that_was_there_before(sign_in: SignIn) -> None:
    answer = (await (await sign_in("ana")).get("/me/alerts")).json()
    assert (answer["waiting"], answer["news"]) == (1, [])


async def test_an_answer_in_my_conversation_calls_me_and_nobody_else(sign_in: SignIn, office: Office) -> None:
    ana, li = await sign_in("ana"), await sign_in("li")
    office.clock.advance(timedelta(minutes=1))
    after = (await ana.get("/me/alerts")).json()["after"]
    await office.tell(TOM, "My daughter is ill", "greet")
    [call] = await news(ana, after)
    assert call["title"] == "Tom Hargreaves has written"
    assert call["address"] == f"/conversations/{office.talks[TOM]}"
    assert "daughter" not in str(call)
    assert await news(li, after) == []


async def test_who_needs_a_person_calls_everybody_with_the_reason(sign_in: SignIn, office: Office) -> None:
    ana, li = await sign_in("ana"), await sign_in("li")
    office.clock.advance(timedelta(minutes=1))
    after = (await ana.get("/me/alerts")).json()["after"]
    await office.tell(OWEN, "Can I talk to someone?", "talk_to_human")
    [call] = await news(ana, after)
    assert call["title"] == "Owen Price needs a person"
    assert call["words"].startswith("Asked for a person · NC-")
    assert [each["title"] for each in await news(li, after)] == ["Owen Price需要人工"]


async def test_being_named_in_a_note_calls(sign_in: SignIn, office: Office) -> None:
    ana = await sign_in("ana")
    office.clock.advance(timedelta(minutes=1))
    after = (await ana.get("/me/alerts")).json()["after"]
    async with office.works.begin() as work:
        await notices.notify(work, office.team["ana"].id, "mention", office.talks[TOM], "look at this")
    [call] = await news(ana, after)
    assert (call["title"], call["words"][:14]) == ("Named you in a note", "Tom Hargreaves")


@pytest.mark.parametrize("status", ["pause", "break"])
async def test_nothing_calls_during_a_pause_and_the_count_goes_on(
    status: presence.Status, sign_in: SignIn, office: Office
) -> None:
    ana = await sign_in("ana")
    office.clock.advance(timedelta(minutes=1))
    after = (await ana.get("/me/alerts")).json()["after"]
    async with office.works.begin() as work:
        await presence.set_status(work, office.team["ana"], status)
    await office.tell(TOM, "Hello?", "greet")
    answer = (await ana.get(f"/me/alerts?after={after.replace('+', '%2B')}")).json()
    assert (answer["waiting"], answer["news"]) == (1, [])


async def test_settings_are_kept_with_the_account_and_a_value_that_is_none_is_left_out(
    sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("ana")
    await browser.post("/me", theme="dark", text="huge", density="dense", sound="yes")
    elsewhere = (await (await sign_in("ana")).get("/")).text
    assert 'data-theme="dark" data-text="normal" data-density="dense" data-letters="off"' in elsewhere
    assert '<meta name="color-scheme" content="dark">' in elsewhere
    [user] = await office.rows(User, login="ana")
    assert Preferences.of(user.preferences) == Preferences(
        theme="dark", density="dense", notify=False, sound=True, letters=False
    )


def test_no_two_places_and_no_two_actions_share_their_keys() -> None:
    keys = [entry.keys for entry in navigation.entries() if entry.keys]
    keys += [each.keys for listed in SHORTCUTS.values() for each in listed]
    assert [each for each, times in Counter(keys).items() if times > 1] == []
    first = {each.split()[0] for each in keys if " " in each and not each.startswith("Ctrl")}
    assert first.isdisjoint(keys)


def test_every_place_and_action_can_be_found_in_both_languages() -> None:
    chinese = translations("zh")
    names = [entry.name for entry in navigation.entries()]
    names += [each.name for listed in SHORTCUTS.values() for each in listed]
    assert [name for name in names if chinese.gettext(name) == name] == []
