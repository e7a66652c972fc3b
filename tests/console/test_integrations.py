"""The page of keys and webhooks: what is shown once, what is kept, and what became of each event."""

import html
import re
from datetime import timedelta

import pytest

from console.queries import integrations as query
from core.actions import api_keys, webhooks
from core.actions.trail import leave
from core.actions.webhooks import Answer, Maker
from core.store.tables import ApiKey, Audit, Webhook, WebhookDelivery
from tests.console.conftest import Browser, SignIn, words
from tests.console.office import Office

HOOK = {"name": "CRM", "url": "https://example.com/hooks"}


def shown_once(page: str) -> str:
    """The secret that a page shows whole."""
    found = re.search(r'<code class="whole"[^>]*>([^<]+)</code>', page)
    assert found
    return html.unescape(found[1])


async def add_hook(browser: Browser) -> str:
    """A webhook through its form; its secret."""
    events = ["plan.agreed", "payment.recorded"]
    answer = await browser.post("/integrations/webhooks", name="CRM", url=HOOK["url"], events=events)
    assert answer.status_code == 200, words(answer.text)
    return shown_once(answer.text)


async def test_a_key_is_shown_whole_once_and_opens_what_it_was_made_for(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ada")
    made = await browser.post("/integrations/keys", name="Core", scopes=["cases:read"], last_day="2026-12-31")
    secret = shown_once(made.text)
    async with office.works.read() as session:
        key = await api_keys.resolve(session, secret, office.clock.now())
    assert key is not None
    assert key.scopes == {"cases:read"}
    later = (await browser.get("/integrations")).text
    assert secret not in later
    assert secret[:15] in later
    [row] = await office.rows(ApiKey)
    assert row.expires_at.isoformat() == "2027-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "scopes": ["cases:read"]},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["everything"]},
        {"name": "x", "scopes": ["cases:read"], "last_day": "2026-11-01"},
        {"name": "x", "scopes": ["cases:read"], "last_day": "soon"},
    ],
)
async def test_a_key_that_cannot_be_is_not_made_and_the_form_stays_filled(
    sign_in: SignIn, office: Office, fields: dict[str, object]
) -> None:
    answer = await (await sign_in("ada")).post("/integrations/keys", **fields)  # type: ignore[arg-type]
    assert (answer.status_code, "Give the key a name" in words(answer.text)) == (422, True)
    assert f'name="name" value="{fields["name"]}"' in answer.text
    assert await office.rows(ApiKey) == []


async def test_a_revoked_key_opens_nothing_and_stays_on_the_page(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ada")
    secret = shown_once((await browser.post("/integrations/keys", name="Core", scopes=["cases:read"])).text)
    [row] = await office.rows(ApiKey)
    answer = await browser.post(f"/integrations/keys/{row.id}/revoke")
    assert "Revoked" in words(answer.text)
    async with office.works.read() as session:
        assert await api_keys.resolve(session, secret, office.clock.now()) is None
    await browser.post(f"/integrations/keys/{row.id}/revoke")
    assert [trace.actor for trace in await office.rows(Audit, action="revoked_api_key")] == ["ada"]


async def test_a_webhook_shows_its_secret_once_and_a_new_one_when_asked(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ada")
    secret = await add_hook(browser)
    [row] = await office.rows(Webhook)
    page = await browser.get(f"/integrations/webhooks/{row.id}")
    assert secret not in page.text
    rotated = await browser.post(f"/integrations/webhooks/{row.id}/secret")
    assert shown_once(rotated.text) != secret
    assert "Old secret signs until" in words(rotated.text)
    office.clock.advance(timedelta(hours=24))
    assert "Old secret" not in words((await browser.get(f"/integrations/webhooks/{row.id}")).text)


@pytest.mark.parametrize(
    "fields", [{"url": "http://example.com"}, {"url": "https://10.0.0.1/"}, {"events": []}, {"events": ["all"]}]
)
async def test_a_webhook_to_nowhere_or_of_nothing_is_refused(
    sign_in: SignIn, office: Office, fields: dict[str, object]
) -> None:
    answer = await (await sign_in("ada")).post(
        "/integrations/webhooks",
        **(HOOK | {"events": ["plan.agreed"]} | fields),  # type: ignore[arg-type]
    )
    assert (answer.status_code, "begins with https://" in words(answer.text)) == (422, True)
    assert await office.rows(Webhook) == []


async def test_the_page_tells_what_became_of_each_event_and_sends_one_again(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ada")
    await add_hook(browser)
    [hook] = await office.rows(Webhook)
    path = f"/integrations/webhooks/{hook.id}"
    assert "Nothing was sent yet" in words((await browser.get(path)).text)
    assert "A trial event is on its way." in words((await browser.post(f"{path}/ping")).text)
    async with office.works.begin() as work:
        [event] = await webhooks.claim(work)
        await webhooks.keep(work, event.id, Answer(500, "", 12))
    failing = words((await browser.get(path)).text)
    assert ("On its way next" in failing, "500 · 12 ms" in failing, "Not answering since" in failing) == (True,) * 3
    office.clock.advance(timedelta(minutes=1))
    async with office.works.begin() as work:
        [event] = await webhooks.claim(work)
        await webhooks.keep(work, event.id, Answer(204, "", 7))
    assert "Arrived" in words((await browser.get(path)).text)
    again = await browser.post(f"/integrations/deliveries/{event.id}/again")
    assert "The event is on its way again." in words(again.text)
    [row] = await office.rows(WebhookDelivery)
    assert (row.state, row.attempts, len(row.tries)) == ("due", 0, 2)
    assert (await browser.post("/integrations/deliveries/999/again")).status_code == 404


async def test_a_paused_webhook_is_told_nothing(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ada")
    await add_hook(browser)
    [hook] = await office.rows(Webhook)
    assert "Paused" in words((await browser.post(f"/integrations/webhooks/{hook.id}/active", active="no")).text)
    async with office.works.begin() as work:
        await leave(work, "bot", "handed_over", "conversation", office.talks[0], reason="x", priority="high")
    assert await office.rows(WebhookDelivery) == []
    assert "Active" in words((await browser.post(f"/integrations/webhooks/{hook.id}/active", active="yes")).text)


async def test_long_lists_of_keys_webhooks_and_events_come_in_pages(
    sign_in: SignIn, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "PAGE", 2)
    async with office.works.begin() as work:
        for number in range(3):
            await api_keys.create(work, office.team["ada"], f"key {number}", ["cases:read"], None)
            hook = await webhooks.create(work, Maker("ada"), "https://example.com", f"hook {number}", ["plan.agreed"])
        for _ in range(3):
            await webhooks.ping(work, hook.id)
    browser = await sign_in("ada")
    first = (await browser.get("/integrations")).text
    assert ("key 2" in first, "key 0" in first, "hook 2" in first, "hook 0" in first) == (True, False, True, False)
    keys, hooks = (re.search(f"/integrations\\?{name}=\\d+", first) for name in ("keys_before", "hooks_before"))
    assert keys is not None
    assert hooks is not None
    assert "key 0" in (await browser.get(keys[0])).text
    assert "hook 0" in (await browser.get(hooks[0])).text
    log = (await browser.get(f"/integrations/webhooks/{hook.id}")).text
    older = re.search(rf"/integrations/webhooks/{hook.id}\?before=\d+", log)
    assert older is not None
    assert (log.count("<td>ping<"), (await browser.get(older[0])).text.count("<td>ping<")) == (2, 1)
