"""The audit trail, the team, health, files, and the texts of every page."""

import csv
import re
from html import unescape
from io import StringIO

import pytest
from sqlalchemy import delete, select, update

from console import assets
from console.assets import asset
from console.i18n import translations
from console.queries import audit
from console.queries import users as users_query
from console.queries.audit import AuditFilter
from console.routes import audit as audit_routes
from core.actions import accounts
from core.actions.trail import leave
from core.store.tables import Audit, User
from tests.console.catalogue import messages
from tests.console.conftest import SignIn, words
from tests.console.office import PASSWORD, Office


async def test_the_trail_says_who_did_what_newest_first(sign_in: SignIn) -> None:
    page = words((await (await sign_in("max")).get("/audit")).text)
    assert page.index("max Signed in") < page.index("li Made an offer") < page.index("ana Took over")


async def test_the_trail_is_searched_by_subject_action_and_person(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("max")
    talk = office.talks[4]
    page = words((await browser.get(f"/audit?subject=conversation&subject_id={talk}&action=took_over")).text)
    assert f"Took over Conversation {talk}" in page
    assert "Conversation 9" not in page
    assert "Nothing found" in words((await browser.get("/audit?actor=nobody")).text)
    assert (await browser.get("/audit?subject_id=abc")).status_code == 200


async def test_pages_of_the_trail_follow_each_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE", 7)
    found: list[int] = []
    before = None
    while True:
        async with office.works.read() as session:
            rows, before = await audit.page(session, AuditFilter(), before)
        found += [row.id for row in rows]
        if before is None:
            break
    assert found == sorted((row.id for row in await office.rows(Audit)), reverse=True)


async def test_the_trail_is_searched_by_whole_days_of_the_readers_own_time(sign_in: SignIn) -> None:
    browser = await sign_in("max")
    assert "Signed in" in words((await browser.get("/audit?since=2026-11-23&until=2026-11-23")).text)
    assert "Nothing found" in words((await browser.get("/audit?until=2026-11-22")).text)
    assert "Nothing found" in words((await browser.get("/audit?since=2026-11-24")).text)
    browser.client.cookies.set("parley_zone", "Pacific%2FAuckland")
    assert "Signed in" in words((await browser.get("/audit?since=2026-11-24")).text)
    assert (await browser.get("/audit?since=soon&until=9999-12-31")).status_code == 200


async def test_a_subject_of_the_trail_leads_to_its_page(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("max")
    case, talk = office.case_ids[0], office.talks[0]
    assert f'href="/audit/cases/{case}"' in (await browser.get(f"/audit?subject=case&subject_id={case}")).text
    assert (await browser.get(f"/audit/cases/{case}")).headers["location"] == f"/conversations/{talk}"
    assert (await browser.get("/audit/cases/999")).status_code == 404
    assert f'href="/conversations/{talk}"' in (await browser.get(f"/audit?subject=conversation&subject_id={talk}")).text


async def test_the_chain_is_checked_in_stretches_until_its_end(
    sign_in: SignIn, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_routes, "CHECKED_AT_ONCE", 20)
    browser = await sign_in("otto")
    rows = await office.rows(Audit)
    part = (await browser.get("/audit/chain", part=True)).text
    assert f"Intact so far: 20 rows, up to row {rows[19].id}." in words(part)
    steps = 1
    while (following := re.search(r'hx-get="([^"]+)"', part)) is not None:
        part = (await browser.get(unescape(following[1]), part=True)).text
        steps += 1
    assert f"The chain is intact: {len(rows)} rows checked, up to row {rows[-1].id}." in words(part)
    assert steps == -(-len(rows) // 20)


@pytest.mark.parametrize("spoilt", ["actor", "gone"])
async def test_the_chain_says_where_it_is_broken(sign_in: SignIn, office: Office, spoilt: str) -> None:
    browser = await sign_in("otto")
    rows = await office.rows(Audit)
    async with office.works.begin() as work:
        if spoilt == "actor":
            await work.session.execute(update(Audit).where(Audit.id == rows[7].id).values(actor="somebody"))
        else:
            await work.session.execute(delete(Audit).where(Audit.id == rows[7].id))
    page = words((await browser.get("/audit/chain")).text)
    assert f"row {rows[7 if spoilt == 'actor' else 8].id}, or one before it" in page
    later = words((await browser.get(f"/audit/chain?after={rows[7].id}", part=True)).text)
    assert ("broken" in later) == (spoilt == "gone")


async def test_what_is_exported_is_what_the_filter_finds_masked_and_audited(
    sign_in: SignIn, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_routes, "EXPORTED_AT_ONCE", 7)
    async with office.works.begin() as work:
        await leave(work, "ana", "noted", "conversation", 1, words="打13912345678", formula="x")
        await leave(work, "=cmd", "noted", "conversation", 1)
    manager, officer = await sign_in("max"), await sign_in("cora")
    shown = (await manager.get("/audit/export.csv?action=noted")).text
    assert ("••••5678" in shown, "13912345678" in shown) == (True, False)
    assert "'=cmd" in shown
    assert "13912345678" in (await officer.get("/audit/export.csv?action=noted")).text
    everything = list(csv.reader(StringIO((await officer.get("/audit/export.csv")).text.removeprefix("\ufeff"))))
    ids = [int(row[0]) for row in everything[1:]]
    assert ids == sorted((row.id for row in await office.rows(Audit)), reverse=True)
    traces = await office.rows(Audit, action="exported_audit")
    assert [(row.actor, row.data) for row in traces] == [
        ("max", {"filter": {"action": "noted"}}),
        ("cora", {"filter": {"action": "noted"}}),
        ("cora", {"filter": {}}),
    ]
    assert (await (await sign_in("otto")).get("/audit/export.csv")).status_code == 403


async def test_numbers_in_the_trail_are_covered_for_who_may_not_see_them(sign_in: SignIn, office: Office) -> None:
    async with office.works.begin() as work:
        await leave(work, "ana", "noted", "conversation", 1, words="call +44 7700 900118")
    assert "call ••••0118" in (await (await sign_in("max")).get("/audit?action=noted")).text
    assert "call +44 7700 900118" in (await (await sign_in("ada")).get("/audit?action=noted")).text


async def test_a_role_and_an_address_are_changed_and_the_last_admin_stays(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ada")
    sue, ana, ada = (office.team[login].id for login in ("sue", "ana", "ada"))
    done = await browser.post(f"/users/{sue}", role="manager", email="Sue@Bank.example")
    assert "Sue Barnes: done." in words(done.text)
    [user] = await office.rows(User, login="sue")
    assert (user.role, user.email) == ("manager", "sue@bank.example")
    taken = await browser.post(f"/users/{ada}", role="admin", email="sue@bank.example")
    assert (taken.status_code, "Another account has this address" in words(taken.text)) == (409, True)
    assert "the only administrator" in words((await browser.post(f"/users/{ada}", role="agent", email="")).text)
    held = await browser.post(f"/users/{ana}", role="auditor", email="")
    assert "They hold 1 open conversations" in words(held.text)
    for role, email in (("king", ""), ("agent", "nobody")):
        assert (await browser.post(f"/users/{sue}", role=role, email=email)).status_code == 422


async def test_a_long_team_comes_in_pages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users_query, "PAGE", 2)
    async with office.works.begin() as work:
        await accounts.set_active(work, office.team["ada"], office.team["sue"].id, active=False)
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        async with office.works.read() as session:
            rows, after = await users_query.everyone(session, after)
        found += [row.login for row in rows]
    assert found == [*sorted(login for login in office.team if login != "sue"), "sue"]


async def test_an_administrator_adds_someone_who_can_then_sign_in(sign_in: SignIn) -> None:
    browser = await sign_in("ada")
    answer = await browser.post("/users", login="Noa", name="Noa Levi", role="agent", language="zh", password=PASSWORD)
    assert "Noa Levi can sign in now." in words(answer.text)
    assert "收件箱" in (await (await sign_in("noa")).get("/")).text
    taken = await browser.post("/users", login="noa", name="N", role="agent", password=PASSWORD)
    assert "This login is taken" in words(taken.text)
    short = await browser.post("/users", login="x", name="X", role="agent", password="short")
    assert (short.status_code, "at least 8" in words(short.text)) == (422, True)
    assert (await browser.post("/users", login="y", name="Y", role="king", password=PASSWORD)).status_code == 422


async def test_an_account_that_holds_conversations_or_is_the_last_admin_stays_open(
    sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("ada")
    held = await browser.post(f"/users/{office.team['li'].id}/active", active="no")
    assert "They hold 1 open conversations" in words(held.text)
    last = await browser.post(f"/users/{office.team['ada'].id}/active", active="no")
    assert "the only administrator" in words(last.text)
    done = await browser.post(f"/users/{office.team['sue'].id}/active", active="no")
    assert done.status_code == 200
    async with office.works.read() as session:
        closed = (await session.scalars(select(User.login).where(~User.active))).all()
    assert closed == ["sue"]


async def test_a_reset_password_signs_out_who_used_the_old_one(sign_in: SignIn, office: Office) -> None:
    ada, sue = await sign_in("ada"), await sign_in("sue")
    path = f"/users/{office.team['sue'].id}/password"
    assert (await ada.post(path, password="short")).status_code == 422
    assert (await ada.post(path, password="another long one")).status_code == 200
    assert (await sue.get("/")).status_code == 303
    assert (await sue.sign_in("sue")).status_code == 401
    assert (await sue.sign_in("sue", "another long one")).status_code == 303


async def test_health_is_asked_without_signing_in(sign_in: SignIn) -> None:
    answer = await (await sign_in("")).get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_files_are_kept_for_ever_under_an_address_of_their_content(sign_in: SignIn) -> None:
    answer = await (await sign_in("")).get(asset("console.css"))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-security-policy"]


def test_what_others_wrote_is_as_the_manifest_says() -> None:
    assert assets.tampered() == []


def test_the_first_load_stays_small() -> None:
    import gzip  # noqa: PLC0415

    names = ("console.css", "console.js", "vendor/htmx-4.0.1.min.js", "vendor/hx-sse-4.0.1.min.js", "icons.svg")
    assert sum(len(gzip.compress((assets.STATIC / name).read_bytes())) for name in names) < 40_000


def test_every_text_has_its_chinese_and_no_chinese_is_left_over() -> None:
    catalogue = translations("zh")
    said = {text if isinstance(text, str) else text[0] for text in messages()}
    known = {key if isinstance(key, str) else key[0] for key in catalogue._catalog if key}  # type: ignore[attr-defined]
    assert said - known == set()
    assert known - said == set()


def test_a_translation_keeps_every_value_of_its_text() -> None:
    import re  # noqa: PLC0415

    catalogue = translations("zh")
    for message in messages():
        single = message if isinstance(message, str) else message[0]
        said = catalogue.gettext(single) if isinstance(message, str) else catalogue.ngettext(message[0], message[1], 2)
        values = re.compile(r"%\((\w+)\)s|%%")
        assert sorted(values.findall(said)) == sorted(values.findall(single)), single
