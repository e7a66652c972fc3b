"""Single sign-on: through a provider over HTTP, by what it proves and nothing less."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey

from console.app import create_console
from console.services import ConsoleServices
from console.sso import SsoOptions
from core.actions.sso import Rules
from core.store.tables import Audit, Session, User
from tests.console.conftest import ADDRESS, Browser, browser_on, hidden, words
from tests.console.office import PASSWORD, Office
from tests.support.identity_provider import CLIENT, SECRET, IdentityProvider, running_identity_provider, visit

SUE: dict[str, Any] = {"sub": "u-17", "email": "Sue@bank.example", "email_verified": True, "name": "Sue Barnes"}
Open = Callable[..., Awaitable[Browser]]


@pytest.fixture
async def provider(office: Office) -> AsyncIterator[IdentityProvider]:
    """A provider that knows Sue."""
    async with running_identity_provider(office.clock.now) as double:
        double.person = dict(SUE)
        yield double


@pytest.fixture
async def opened(office: Office, provider: IdentityProvider) -> AsyncIterator[Open]:
    """Browsers on a console that signs in through the provider, with these rules."""
    async with office.works.begin() as work:
        (await work.session.get_one(User, office.team["sue"].id)).email = "sue@bank.example"
    browsers: list[Browser] = []

    async def browser(**options: Any) -> Browser:
        wanted = SsoOptions(issuer=provider.address, client_id=CLIENT, client_secret=SECRET)
        services = ConsoleServices(
            works=office.works,
            notices=office.works.notices,
            public_url=ADDRESS,
            secret_key="k" * 32,
            sso=replace(wanted, **options),
        )
        made = await browser_on(create_console(services))
        browsers.append(made)
        return made

    yield browser
    for made in browsers:
        await made.client.aclose()


async def through(browser: Browser, next_path: str = "/") -> httpx.Response:
    """The whole way: to the provider, and back."""
    answer = await browser.get(f"/login/sso?next={next_path}")
    assert answer.status_code == 303, words(answer.text)
    back = urlsplit(await visit(answer.headers["location"]))
    assert f"{back.scheme}://{back.netloc}" == ADDRESS
    return await browser.get(f"{back.path}?{back.query}")


async def user(office: Office, login: str) -> User:
    [found] = await office.rows(User, login=login)
    assert isinstance(found, User)
    return found


async def test_who_has_an_account_with_their_proven_address_is_signed_in_and_known_by_subject_from_then_on(
    opened: Open, office: Office, provider: IdentityProvider
) -> None:
    browser = await opened()
    assert "Sign in with single sign-on" in words((await browser.get("/login")).text)
    answer = await through(browser, "/approvals")
    assert (answer.status_code, answer.headers["location"]) == (303, "/approvals")
    assert (await browser.get("/approvals")).status_code == 200
    sue = await user(office, "sue")
    assert (sue.sso_issuer, sue.sso_subject) == (provider.address, "u-17")
    provider.person |= {"email": "sue.barnes@bank.example"}
    assert (await through(await opened())).headers["location"] == "/"
    assert [row.actor for row in await office.rows(Audit, action="signed_in")] == ["sue", "sue"]
    assert len(await office.rows(Audit, action="linked_sso")) == 1


@pytest.mark.parametrize(
    ("person", "says"),
    [
        ({"email_verified": False}, "no account for you"),
        ({"email_verified": "true"}, "no account for you"),
        ({"email": "nobody@bank.example"}, "no account for you"),
        ({"email": None}, "no account for you"),
    ],
)
async def test_an_address_that_is_not_proven_or_not_known_opens_no_account(
    opened: Open, office: Office, provider: IdentityProvider, person: dict[str, Any], says: str
) -> None:
    provider.person |= person
    answer = await through(await opened())
    assert (answer.status_code, says in words(answer.text)) == (403, True)
    assert await office.rows(Session) == []
    assert len(await office.rows(User)) == len(office.team)


async def test_an_address_never_opens_an_account_that_is_already_somebody_elses(
    opened: Open, office: Office, provider: IdentityProvider
) -> None:
    await through(await opened())
    provider.person |= {"sub": "u-99"}
    answer = await through(await opened())
    assert (answer.status_code, "another account" in words(answer.text)) == (403, True)


async def test_an_account_is_made_at_the_first_sign_in_only_where_a_setting_says_so(
    opened: Open, office: Office, provider: IdentityProvider
) -> None:
    provider.person |= {"sub": "u-18", "email": "noa@bank.example", "name": "Noa Levi", "groups": ["x", "collectors"]}
    roles = {"leads": "supervisor", "collectors": "agent"}
    assert (await through(await opened(rules=Rules(roles=roles)))).status_code == 403
    assert (await through(await opened(rules=Rules(roles=roles, create=True)))).status_code == 303
    made = await user(office, "noa@bank.example")
    assert (made.role, made.name, made.password_hash, made.sso_subject) == ("agent", "Noa Levi", "", "u-18")
    by_password = await (await opened()).sign_in("noa@bank.example", "")
    assert by_password.status_code == 401


async def test_roles_follow_the_groups_at_each_sign_in_and_without_one_nobody_comes_in(
    opened: Open, office: Office, provider: IdentityProvider
) -> None:
    rules = Rules(roles={"audit": "auditor", "leads": "supervisor"})
    provider.person |= {"groups": "audit"}
    assert (await through(await opened(rules=rules))).status_code == 303
    assert (await user(office, "sue")).role == "auditor"
    [row] = await office.rows(Audit, action="changed_role")
    assert row.data == {"before": "supervisor", "role": "auditor", "by": "sso"}
    provider.person |= {"groups": ["visitors"]}
    answer = await through(await opened(rules=rules))
    assert (answer.status_code, "None of your groups" in words(answer.text)) == (403, True)


async def test_the_last_administrator_stays_one_whatever_the_groups_say(
    opened: Open, office: Office, provider: IdentityProvider
) -> None:
    async with office.works.begin() as work:
        (await work.session.get_one(User, office.team["ada"].id)).email = "ada@bank.example"
    provider.person |= {"sub": "u-1", "email": "ada@bank.example", "groups": ["audit"]}
    assert (await through(await opened(rules=Rules(roles={"audit": "auditor"})))).status_code == 303
    assert (await user(office, "ada")).role == "admin"


async def test_only_addresses_of_the_houses_domains_come_in(
    opened: Open, office: Office, provider: IdentityProvider
) -> None:
    assert (await through(await opened(rules=Rules(domains=("bank.example",))))).status_code == 303
    provider.person |= {"email": "sue@bank.example.evil.example"}
    answer = await through(await opened(rules=Rules(domains=("bank.example",))))
    assert (answer.status_code, "your organisation" in words(answer.text)) == (403, True)


async def test_a_closed_account_stays_closed(opened: Open, office: Office) -> None:
    async with office.works.begin() as work:
        (await work.session.get_one(User, office.team["sue"].id)).active = False
    assert "is closed" in words((await through(await opened())).text)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "another-program"},
        {"aud": [CLIENT, "another"]},
        {"azp": "another-program"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iat": None},
        {"sub": None},
    ],
)
async def test_a_token_for_another_time_place_or_sign_in_is_not_believed(
    opened: Open, office: Office, provider: IdentityProvider, claims: dict[str, Any]
) -> None:
    provider.spoil = claims
    answer = await through(await opened())
    assert (answer.status_code, "did not work" in words(answer.text)) == (403, True)
    assert await office.rows(Session) == []


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256"])
async def test_a_token_that_no_published_key_signed_is_not_believed(
    opened: Open, provider: IdentityProvider, algorithm: str
) -> None:
    forged: dict[str, Any] = {
        "RS256": RSAKey.generate_key(2048, {"kid": "first"}),
        "HS256": OctKey.import_key(SECRET * 2),
    }
    provider.forged = forged.get(algorithm)
    provider.sign_with = ("first", algorithm)
    assert (await through(await opened())).status_code == 403


async def test_a_new_key_of_the_provider_is_learnt_when_a_token_carries_it(
    opened: Open, provider: IdentityProvider
) -> None:
    browser = await opened()
    assert (await through(browser)).status_code == 303
    provider.rotate("second")
    assert (await through(browser)).status_code == 303
    assert provider.asked_for_keys == 2


async def test_an_answer_counts_only_in_the_browser_that_asked_and_only_for_ten_minutes(
    opened: Open, office: Office
) -> None:
    one = await opened()
    back = urlsplit(await visit((await one.get("/login/sso")).headers["location"]))
    assert (await (await opened()).get(f"{back.path}?{back.query}")).status_code == 403
    wrong = f"{back.path}?{back.query.replace('state=', 'state=x')}"
    assert (await one.get(wrong)).status_code == 403
    assert (await one.get(f"{back.path}?{back.query}")).status_code == 403
    assert await office.rows(Session) == []


async def test_an_answer_of_another_provider_or_without_a_code_is_refused(opened: Open) -> None:
    for change in (("iss=", "iss=https%3A%2F%2Fevil.example%2F"), ("code=", "c="), ("code=", "error=access_denied&c=")):
        browser = await opened()
        back = urlsplit(await visit((await browser.get("/login/sso")).headers["location"]))
        assert (await browser.get(f"{back.path}?{back.query.replace(*change)}")).status_code == 403


@pytest.mark.parametrize(
    "said", [{"issuer": "https://evil.example"}, {"token_endpoint": "file:///etc/passwd"}, {"jwks_uri": None}]
)
async def test_a_provider_that_is_not_what_it_should_be_is_not_asked_further(
    opened: Open, provider: IdentityProvider, said: dict[str, Any]
) -> None:
    provider.discovery = said
    answer = await (await opened()).get("/login/sso")
    assert (answer.status_code, "did not work" in words(answer.text)) == (403, True)


async def test_while_the_provider_is_down_passwords_still_work(opened: Open, provider: IdentityProvider) -> None:
    provider.down = True
    browser = await opened()
    assert (await browser.get("/login/sso")).status_code == 403
    assert (await browser.sign_in("sue")).status_code == 303


async def test_passwords_may_be_left_to_administrators(opened: Open, office: Office) -> None:
    browser = await opened(passwords_for_admins_only=True, name="Bank ID")
    assert "Sign in with Bank ID" in words((await browser.get("/login")).text)
    token = hidden((await browser.get("/login")).text, "csrf")
    answer = await browser.post("/login", login="sue", password=PASSWORD, csrf=token, next="/")
    assert (answer.status_code, "signs in with single sign-on" in words(answer.text)) == (403, True)
    assert await office.rows(Session) == []
    assert (await browser.sign_in("ada")).status_code == 303


async def test_without_a_provider_there_is_no_button_and_no_address(office: Office) -> None:
    services = ConsoleServices(
        works=office.works, notices=office.works.notices, public_url=ADDRESS, secret_key="k" * 32
    )
    browser = await browser_on(create_console(services))
    assert "single sign-on" not in words((await browser.get("/login")).text)
    assert (await browser.get("/login/sso")).status_code == 404
    assert (await browser.get("/login/sso/back?code=1&state=2")).status_code == 404
    await browser.client.aclose()


async def test_what_the_provider_says_of_itself_is_asked_again_after_an_hour(
    opened: Open, office: Office, provider: IdentityProvider
) -> None:
    browser = await opened()
    await through(browser)
    provider.discovery = {"issuer": "https://moved.example"}
    assert (await browser.get("/login/sso")).status_code == 303
    office.clock.advance(timedelta(hours=1, seconds=1))
    assert (await browser.get("/login/sso")).status_code == 403
