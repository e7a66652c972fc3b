"""Signing in and out, and what a request must show before it changes anything."""

from datetime import timedelta

from console.i18n import preferred
from console.limiter import Limiter
from console.security import HEADERS, safe_next
from core.actions import accounts
from core.live import InProcessCounters
from core.store.tables import Audit, Session
from tests.console.conftest import Browser, SignIn, hidden, words
from tests.console.office import MORNING, PASSWORD, Office


async def test_the_right_password_signs_in_and_the_session_is_kept_on_the_server(
    sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("ana")
    assert (await browser.get("/")).status_code == 200
    [session] = await office.rows(Session)
    cookie = browser.client.cookies["parley_session"]
    assert session.secret_hash not in cookie
    assert [row.actor for row in await office.rows(Audit, action="signed_in")] == ["ana"]


async def test_a_wrong_password_and_an_unknown_login_get_the_same_words(sign_in: SignIn) -> None:
    browser = await sign_in("")
    wrong = await browser.sign_in("ana", "not the password")
    unknown = await browser.sign_in("nobody", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert words(wrong.text).replace("ana", "") == words(unknown.text).replace("nobody", "")


async def test_after_five_failures_even_the_right_password_has_to_wait(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("")
    for _ in range(5):
        assert (await browser.sign_in("ana", "wrong")).status_code == 401
    assert (await browser.sign_in("ana")).status_code == 429
    assert (await (await sign_in("")).sign_in("li")).status_code == 303
    office.clock.advance(timedelta(minutes=5, seconds=1))
    assert (await browser.sign_in("ana")).status_code == 303


async def test_signing_out_ends_the_session_even_for_a_kept_cookie(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ana")
    kept = browser.client.cookies["parley_session"]
    assert (await browser.post("/logout")).status_code == 303
    assert await office.rows(Session) == []
    browser.client.cookies.set("parley_session", kept)
    assert (await browser.get("/")).headers["location"] == "/login"


async def test_a_cookie_that_we_did_not_sign_is_nobody(sign_in: SignIn) -> None:
    browser = await sign_in("")
    browser.client.cookies.set("parley_session", '"stolen"')
    assert (await browser.get("/approvals")).headers["location"] == "/login?next=/approvals"


async def test_a_closed_account_is_signed_out_at_once(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("sue")
    async with office.works.begin() as work:
        await accounts.set_active(work, office.team["ada"], office.team["sue"].id, active=False)
    assert (await browser.get("/")).status_code == 303
    assert (await browser.sign_in("sue")).status_code == 401


async def test_after_signing_in_one_goes_on_to_a_page_of_ours_only(sign_in: SignIn) -> None:
    browser = await sign_in("")
    token = hidden((await browser.get("/login?next=/approvals")).text, "csrf")
    answer = await browser.post("/login", login="sue", password=PASSWORD, csrf=token, next="//evil.example/x")
    assert answer.headers["location"] == "/"
    assert safe_next("/conversations/4?before=2") == "/conversations/4?before=2"
    assert {safe_next(path) for path in ("https://x", "//x", "/\\x", "", "/a\nb")} == {"/"}


async def test_a_form_without_the_sessions_token_is_refused(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ana")
    path = f"/conversations/{office.talks[0]}/take"
    for token in ("", "x" * 32):
        browser.csrf = token
        assert (await browser.post(path)).status_code == 403


async def test_a_form_of_another_site_is_refused_even_with_the_token(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ana")
    path = f"/conversations/{office.talks[0]}/take"
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        assert (await browser.post(path, headers=headers)).status_code == 403
    assert (await browser.client.post(path, data={"csrf": browser.csrf})).status_code == 403


async def test_a_login_form_counts_only_in_the_browser_that_asked_for_it(sign_in: SignIn) -> None:
    one, other = await sign_in(""), await sign_in("")
    token = hidden((await one.get("/login")).text, "csrf")
    await other.get("/login")
    assert (await other.post("/login", login="ana", password=PASSWORD, csrf=token)).status_code == 403


async def test_every_page_carries_the_security_headers_and_no_inline_script_or_style(sign_in: SignIn) -> None:
    browser = await sign_in("ada")
    for path in ("/login", "/", "/?box=all", "/approvals", "/limits", "/audit", "/users", "/nothing-here"):
        page = await browser.get(path)
        assert {name: page.headers[name] for name in HEADERS} == HEADERS, path
        assert page.headers["cache-control"] == "no-store"
        assert "<style" not in page.text
        assert " style=" not in page.text
        assert "<script>" not in page.text
        assert " onclick=" not in page.text


async def test_the_language_is_kept_with_the_account(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ana")
    assert "Inbox" in (await browser.get("/")).text
    assert (await browser.post("/language", language="zh", next="/?box=queue")).headers["location"] == "/?box=queue"
    assert "收件箱" in (await browser.get("/")).text
    elsewhere = await sign_in("ana")
    assert '<html lang="zh-CN"' in (await elsewhere.get("/")).text


async def test_before_signing_in_the_browser_chooses_the_language(sign_in: SignIn) -> None:
    browser: Browser = await sign_in("")
    page = await browser.client.get("/login", headers={"Accept-Language": "zh-TW,zh;q=0.9,en;q=0.8"})
    assert "登录工作台" in page.text
    assert preferred("fr,en-GB;q=0.8") == "en"
    assert preferred("") == "en"


async def test_a_limiter_forgets_after_its_window_and_keys_one_by_one() -> None:
    limiter = Limiter(InProcessCounters(), most=2, window=timedelta(minutes=1))
    assert await limiter.may_try("a", MORNING)
    assert await limiter.may_try("a", MORNING + timedelta(seconds=30))
    assert not await limiter.may_try("a", MORNING + timedelta(seconds=59))
    assert await limiter.may_try("a", MORNING + timedelta(seconds=60))
    assert await limiter.may_try("b", MORNING)
