"""The audit trail, the team, health, files, and the texts of every page."""

import pytest
from sqlalchemy import select

from console import assets
from console.assets import asset
from console.i18n import translations
from console.queries import audit
from console.queries.audit import AuditFilter
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
    held = await browser.post(f"/users/{office.team['ana'].id}/active", active="no")
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
