"""The public interface: what a key opens, what is answered, and that nothing is done twice."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError
from starlette.routing import Mount

from console.api.application import ROUTERS, create_api, every_route
from console.api.caller import Rates, scope_of
from console.api.problems import PROBLEMS
from console.queries import audit, integrations, public, users
from console.queries.audit import AuditFilter
from core.actions import api_keys
from core.actions.api_keys import SCOPES
from core.clock import FixedClock
from core.errors import InvalidInput, InvariantBroken
from core.live import InProcessCounters
from core.store.tables import ApiKey, ApiRequest, Audit, Case, ContactPoint, Conversation, Debtor, Payment, Webhook
from core.work import Works
from tests.console.conftest import ADDRESS, console_over
from tests.console.office import MORNING, Office, open_office

NEW_CASE: dict[str, Any] = {
    "creditor": "Harbour Bank",
    "reference": "HB-9001",
    "market": "us",
    "product": "credit_card",
    "currency": "USD",
    "principal": "1180.00",
    "interest": "36.40",
    "due_date": "2026-10-20",
    "debtor": {
        "name": "Kim Lee",
        "time_zone": "America/New_York",
        "facts": {"birth_date": "1990-04-12"},
        "contacts": [
            {"kind": "phone", "value": "+12125554471"},
            {"kind": "email", "value": "kim@example.com"},
        ],
    },
}


@dataclass
class System:
    """Another system with a key."""

    client: httpx.AsyncClient
    names: Any = field(default_factory=count)

    async def get(self, path: str, **query: Any) -> httpx.Response:
        """A reading request."""
        return await self.client.get(f"/api/v1{path}", params=query)

    async def post(self, path: str, body: object, name: str | None = None) -> httpx.Response:
        """A changing request, under a name of its own unless one is given."""
        headers = {"Idempotency-Key": f"n{next(self.names)}" if name is None else name}
        return await self.client.post(f"/api/v1{path}", json=body, headers=headers)


Connect = Callable[..., Any]


@pytest.fixture
def app(office: Office) -> FastAPI:
    """The console with its interface."""
    return console_over(office.works)


@pytest.fixture
async def connect(office: Office, app: FastAPI) -> AsyncIterator[Connect]:
    """Systems with keys of these scopes; without any, of all but personal data."""
    opened: list[httpx.AsyncClient] = []

    async def connected(*scopes: str, lasts: timedelta | None = None) -> System:
        wanted = scopes or tuple(scope for scope in SCOPES if scope != "personal_data")
        async with office.works.begin() as work:
            ends = work.now + lasts if lasts else None
            made = await api_keys.create(work, office.team["ada"], "Core banking", wanted, ends)
        headers = {"Authorization": f"Bearer {made.secret}"}
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS, headers=headers)
        opened.append(client)
        return System(client)

    yield connected
    for client in opened:
        await client.aclose()


def problem(answer: httpx.Response) -> tuple[int, str]:
    """The status and code of a problem, which is one in every respect."""
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["status"] == answer.status_code == PROBLEMS[body["code"]][0]
    assert body["title"] == PROBLEMS[body["code"]][1]
    assert body["type"] == f"/api/v1/docs#problem-{body['code']}"
    return answer.status_code, body["code"]


def filled(path: str) -> str:
    """The path with a number that nothing has in each of its places."""
    for name in ("case_id", "payment_id", "conversation_id", "plan_id", "webhook_id"):
        path = path.replace(f"{{{name}}}", "999999")
    return path


def test_every_route_of_the_interface_declares_a_scope() -> None:
    scopes = {scope_of(route) for route in every_route()}
    assert scopes == set(SCOPES) - {"personal_data"}
    assert len(list(every_route())) == 16


def test_an_interface_with_a_route_open_to_any_key_by_omission_does_not_start(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastapi import APIRouter  # noqa: PLC0415

    from console.api import application  # noqa: PLC0415

    careless = APIRouter()
    careless.add_api_route("/everything", lambda: "secrets")
    monkeypatch.setattr(application, "ROUTERS", (*ROUTERS, careless))
    with pytest.raises(InvariantBroken):
        create_api(app.state.console)


async def test_each_route_opens_to_its_scope_alone(connect: Connect) -> None:
    for held in sorted(set(SCOPES)):
        system = await connect(held)
        for route in every_route():
            for method in route.methods or ():
                answer = await system.client.request(method, f"/api/v1{filled(route.path)}", json={})
                refused = answer.status_code == 403
                assert refused == (scope_of(route) != held) or answer.status_code == 422, (held, method, route.path)


async def test_without_a_key_that_holds_everything_is_closed(app: FastAPI, connect: Connect, office: Office) -> None:
    expired = await connect("cases:read", lasts=timedelta(hours=1))
    revoked = await connect("cases:read")
    good = await connect("cases:read")
    [key_id] = [row.id for row in await office.rows(ApiKey)][1:2]
    async with office.works.begin() as work:
        await api_keys.revoke(work, office.team["ada"], key_id)
    office.clock.advance(timedelta(hours=1))
    for system in (expired, revoked):
        assert problem(await system.get("/cases")) == (401, "unauthorized")
    assert (await good.get("/cases")).status_code == 200
    token = good.client.headers["Authorization"]
    for wrong in ("", "Bearer ", "Bearer parley_x", token[:-1], token.replace("Bearer", "Basic")):
        good.client.headers["Authorization"] = wrong
        answer = await good.get("/cases")
        assert problem(answer) == (401, "unauthorized")
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_only_the_hash_of_a_key_is_kept_and_its_use_is_noted_each_minute(
    connect: Connect, office: Office
) -> None:
    system = await connect("cases:read")
    secret = system.client.headers["Authorization"].removeprefix("Bearer ")
    await system.get("/cases")
    [row] = await office.rows(ApiKey)
    assert secret not in json.dumps([row.secret_hash, row.prefix, row.name])
    assert (secret.startswith(row.prefix), len(secret) > 50) == (True, True)
    first = row.last_used_at
    office.clock.advance(timedelta(seconds=30))
    await system.get("/cases")
    office.clock.advance(timedelta(seconds=31))
    await system.get("/cases")
    [row] = await office.rows(ApiKey)
    assert row.last_used_at - first == timedelta(seconds=61)
    [trace] = await office.rows(Audit, action="created_api_key")
    assert secret not in json.dumps(trace.data)


async def test_a_key_without_a_name_a_scope_or_a_future_is_not_made(office: Office) -> None:
    for name, scopes, days in (("", ["cases:read"], 1), ("x", [], 1), ("x", ["all"], 1), ("x", ["cases:read"], -1)):
        async with office.works.begin() as work:
            ends = work.now + timedelta(days=days)
            with pytest.raises(InvalidInput):
                await api_keys.create(work, office.team["ada"], name, scopes, ends)
    assert await office.rows(ApiKey) == []


async def test_a_case_comes_in_and_is_brought_up_to_date_by_the_importers_rules(
    connect: Connect, office: Office
) -> None:
    system = await connect()
    made = await system.post("/cases", NEW_CASE)
    assert made.status_code == 201, made.text
    told = made.json()
    assert told["balance"] == {
        "total": "1216.40", "principal": "1180.00", "interest": "36.40", "fees": "0.00", "penalty": "0.00",
    }  # fmt: skip
    assert told["debtor"]["contacts"] == [
        {"kind": "phone", "value": "••••4471"},
        {"kind": "email", "value": "k••••@example.com"},
    ]
    assert (told["balance_as_of"], told["state"]) == ("2026-11-23", "open")
    debtor = (await office.rows(Debtor))[-1]
    assert debtor.facts == {"birth_date": "1990-04-12", "phone_last4": "4471"}
    office.clock.advance(timedelta(days=1))
    changed = await system.post("/cases", NEW_CASE | {"principal": "900.00"})
    assert (changed.status_code, changed.json()["id"]) == (200, told["id"])
    assert changed.json()["balance"]["total"] == "936.40"
    read = await system.get(f"/cases/{told['id']}")
    assert read.json() == changed.json()
    traces = await office.rows(Audit, action="imported")
    assert {row.actor.partition("_")[0] for row in traces} == {"api:parley"}
    assert len(await office.rows(ContactPoint, debtor_id=debtor.id)) == 2


async def test_numbers_of_people_are_whole_only_for_a_key_that_may_see_them(connect: Connect, office: Office) -> None:
    case_id = (await (await connect()).post("/cases", NEW_CASE)).json()["id"]
    await office.tell(0, "call me on 212-555-4471 please", "other")
    talk = office.talks[0]
    for scopes, phone, words in (
        (("cases:read", "conversations:read"), "••••4471", "call me on ••••4471 please"),
        (("cases:read", "conversations:read", "personal_data"), "+12125554471", "call me on 212-555-4471 please"),
    ):
        system = await connect(*scopes)
        assert (await system.get(f"/cases/{case_id}")).json()["debtor"]["contacts"][0]["value"] == phone
        texts = [
            each["text"] for each in (await system.get(f"/conversations/{talk}/messages", limit=200)).json()["data"]
        ]
        assert words in texts


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"principal": 1180}, "/principal"),
        ({"principal": "1180.005"}, "/principal"),
        ({"principal": "-5"}, "/principal"),
        ({"principal": "1,180.00"}, "/principal"),
        ({"currency": "XXQ"}, "/principal"),
        ({"market": "fr"}, "/market"),
        ({"due_date": "soon"}, "/due_date"),
        ({"due_date": "1850-01-01"}, "/due_date"),
        ({"balance_as_of": "2026-11-24"}, "/balance_as_of"),
        ({"opened_on": "2027-01-01"}, "/opened_on"),
        ({"secret": "x"}, "/secret"),
        ({"creditor": "  "}, "/creditor"),
    ],
)
async def test_a_field_that_cannot_be_is_pointed_at(
    connect: Connect, office: Office, change: dict[str, Any], pointer: str
) -> None:
    answer = await (await connect()).post("/cases", NEW_CASE | change)
    assert problem(answer) == (422, "invalid_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await office.rows(Case, reference="HB-9001") == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"time_zone": None}, "/debtor/time_zone"),
        ({"time_zone": "Mars/Olympus"}, "/debtor/time_zone"),
        ({"facts": {}, "contacts": []}, "/debtor/facts"),
        ({"facts": {"birth_date": "2020-01-01"}}, "/debtor/facts/birth_date"),
        ({"contacts": [{"kind": "phone", "value": "212-555-4471"}]}, "/debtor/contacts/0/value"),
        ({"contacts": [{"kind": "email", "value": "nobody"}]}, "/debtor/contacts/0/value"),
    ],
)
async def test_a_debtor_who_could_not_be_reached_or_known_is_refused(
    connect: Connect, change: dict[str, Any], pointer: str
) -> None:
    answer = await (await connect()).post("/cases", NEW_CASE | {"debtor": NEW_CASE["debtor"] | change})
    assert problem(answer) == (422, "invalid_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_case_that_the_importer_refuses_is_refused_here(connect: Connect) -> None:
    system = await connect()
    for change, why in (
        ({"due_date": "2026-12-24"}, "not_due"),
        ({"principal": "0.00", "interest": "0"}, "nothing_owed"),
    ):
        answer = await system.post("/cases", NEW_CASE | change)
        assert problem(answer) == (422, "case_refused")
        assert answer.json()["errors"][0]["detail"] == why
    await system.post("/cases", NEW_CASE)
    answer = await system.post("/cases", NEW_CASE | {"currency": "EUR"})
    assert answer.json()["errors"][0]["detail"] == "other_currency"


async def test_a_payment_is_allocated_once_however_often_it_is_told(connect: Connect, office: Office) -> None:
    system = await connect()
    case_id = office.case_ids[0]
    sent = {"amount": "250.00", "currency": "USD", "reference": "P-1", "paid_on": "2026-11-22"}
    first = await system.post(f"/cases/{case_id}/payments", sent, "one")
    assert first.status_code == 201, first.text
    assert first.json()["allocation"]["fees"] == "80.00"
    again = await system.post(f"/cases/{case_id}/payments", sent, "one")
    assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (201, first.json(), "true")
    other_name = await system.post(f"/cases/{case_id}/payments", sent, "two")
    assert (other_name.status_code, other_name.json()) == (200, first.json())
    assert problem(await system.post(f"/cases/{case_id}/payments", sent | {"amount": "1.00"}, "one")) == (
        422,
        "idempotency_key_reused",
    )
    assert problem(await system.post(f"/cases/{case_id}/payments", sent | {"amount": "1.00"}, "three")) == (
        409,
        "payment_reference_used",
    )
    assert len(await office.rows(Payment, case_id=case_id)) == 1
    read = await system.get(f"/payments/{first.json()['id']}")
    assert read.json() == first.json()
    [trace] = await office.rows(Audit, action="payment_recorded")
    assert trace.actor.startswith("api:parley_")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"amount": "0.00"}, "/amount"),
        ({"amount": "12.345"}, "/amount"),
        ({"currency": "CNY"}, "/currency"),
        ({"paid_on": "2026-11-24"}, "/paid_on"),
    ],
)
async def test_a_payment_that_cannot_be_is_pointed_at(
    connect: Connect, office: Office, change: dict[str, str], pointer: str
) -> None:
    sent = {"amount": "250.00", "currency": "USD", "reference": "P-1"} | change
    answer = await (await connect()).post(f"/cases/{office.case_ids[0]}/payments", sent)
    assert problem(answer) == (422, "invalid_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await office.rows(Payment) == []


async def test_what_failed_is_not_kept_and_may_be_asked_again_under_the_same_name(
    connect: Connect, office: Office
) -> None:
    system = await connect()
    sent = {"amount": "5.00", "currency": "USD", "reference": "P-2"}
    assert problem(await system.post("/cases/999/payments", sent, "same")) == (404, "not_found")
    assert await office.rows(ApiRequest) == []
    assert (await system.post(f"/cases/{office.case_ids[0]}/payments", sent, "same")).status_code == 201


async def test_a_name_is_one_keys_own_and_is_forgotten_after_a_day(connect: Connect, office: Office) -> None:
    one, other = await connect(), await connect()
    path = f"/cases/{office.case_ids[0]}/payments"
    assert (await one.post(path, {"amount": "5.00", "currency": "USD", "reference": "A"}, "n")).status_code == 201
    assert (await other.post(path, {"amount": "6.00", "currency": "USD", "reference": "B"}, "n")).status_code == 201
    office.clock.advance(timedelta(hours=24, seconds=1))
    assert (await one.post(path, {"amount": "7.00", "currency": "USD", "reference": "C"}, "n")).status_code == 201


async def test_the_same_request_twice_at_once_is_done_once(connect: Connect, office: Office) -> None:
    system = await connect()
    sent = {"amount": "5.00", "currency": "USD", "reference": "P-3"}
    path = f"/cases/{office.case_ids[0]}/payments"
    answers = await asyncio.gather(*(system.post(path, sent, "race") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(await office.rows(Payment)) == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
async def test_nothing_is_changed_without_a_name_for_the_request(connect: Connect, office: Office, name: str) -> None:
    sent = {"amount": "5.00", "currency": "USD", "reference": "P-4"}
    answer = await (await connect()).post(f"/cases/{office.case_ids[0]}/payments", sent, name)
    assert problem(answer) == (400, "idempotency_key_missing")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/cases", {}),
        ("/cases", {"creditor": "Harbour Bank"}),
        ("/conversations", {}),
        ("/conversations", {"state": "open"}),
        ("/plans", {}),
        ("/payments", {}),
    ],
)
async def test_the_pages_of_a_list_are_the_list(connect: Connect, office: Office, path: str, query: Any) -> None:
    system = await connect()
    for number, case_id in enumerate(office.case_ids[:3]):
        currency = (await system.get(f"/cases/{case_id}")).json()["currency"]
        await system.post(
            f"/cases/{case_id}/payments", {"amount": "5.00", "currency": currency, "reference": f"P{number}"}
        )
    whole = (await system.get(path, limit=200, **query)).json()
    assert whole["next_cursor"] is None
    assert len(whole["data"]) >= (1 if path == "/plans" else 3)
    found: list[Any] = []
    cursor = None
    while True:
        page = (await system.get(path, limit=2, **query, **({"cursor": cursor} if cursor else {}))).json()
        assert len(page["data"]) <= 2
        found += page["data"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == whole["data"]
    assert [each["id"] for each in found] == sorted((each["id"] for each in found), reverse=True)


async def test_a_transcript_is_read_on_from_its_last_message(connect: Connect, office: Office) -> None:
    system = await connect()
    path = f"/conversations/{office.talks[0]}/messages"
    whole = (await system.get(path, limit=200)).json()["data"]
    assert [each["id"] for each in whole] == sorted(each["id"] for each in whole)
    first = (await system.get(path, limit=3)).json()
    rest = (await system.get(path, limit=200, cursor=first["next_cursor"])).json()
    assert first["data"] + rest["data"] == whole
    assert {each["author"] for each in whole} >= {"debtor", "bot"}


async def test_a_conversation_and_a_plan_are_read(connect: Connect, office: Office) -> None:
    system = await connect()
    talk = (await system.get(f"/conversations/{office.talks[0]}")).json()
    [row] = await office.rows(Conversation, id=office.talks[0])
    assert (talk["holder"], talk["reason"], talk["case_id"]) == (row.holder, row.reason, office.case_ids[0])
    assert "address" not in talk
    [plan, *_] = (await system.get("/plans")).json()["data"]
    assert (await system.get(f"/plans/{plan['id']}")).json() == plan
    assert sum(round(float(line["amount"]) * 100) for line in plan["instalments"]) == round(float(plan["total"]) * 100)
    assert (await system.get("/plans", case_id=plan["case_id"], state=plan["state"])).json()["data"] == [plan]


async def test_what_is_not_there_or_cannot_be_read_is_a_problem_too(connect: Connect) -> None:
    system = await connect()
    for path in ("/cases/999", "/payments/999", "/conversations/999", "/conversations/999/messages", "/plans/999"):
        assert problem(await system.get(path)) == (404, "not_found")
    assert problem(await system.get("/nothing")) == (404, "not_found")
    assert problem(await system.client.put("/api/v1/cases", json={})) == (405, "method_not_allowed")
    for cursor in ("x", "djE6", "djI6NQ", "djE6LTU", "é"):
        assert problem(await system.get("/cases", cursor=cursor)) == (400, "invalid_cursor")
    answer = await system.get("/cases", limit=0)
    assert (problem(answer), answer.json()["errors"][0]["parameter"]) == ((422, "invalid_request"), "limit")
    broken = await system.client.post(
        "/api/v1/cases", content=b"{", headers={"Content-Type": "application/json", "Idempotency-Key": "x"}
    )
    assert problem(broken) == (422, "invalid_request")


@pytest.mark.parametrize(
    ("raised", "told"),
    [(RuntimeError("secret words"), (500, "internal")), (IntegrityError("INSERT", {}, Exception()), (409, "conflict"))],
)
async def test_a_defect_is_a_problem_that_tells_nothing(
    connect: Connect, app: FastAPI, monkeypatch: pytest.MonkeyPatch, raised: Exception, told: tuple[int, str]
) -> None:
    async def broken(*_args: object, **_named: object) -> None:
        raise raised

    system = await connect()
    monkeypatch.setattr(public, "cases", broken)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=system.client.headers) as client:
        answer = await client.get("/api/v1/cases")
    assert problem(answer) == told
    assert "secret" not in answer.text


async def test_each_address_answers_over_each_kind_of_database(works: Works, clock: FixedClock) -> None:
    office = await open_office(works, clock)
    await office.start(0)
    async with works.begin() as work:
        made = await api_keys.create(work, office.team["ada"], "Core", SCOPES, None)
    headers = {"Authorization": f"Bearer {made.secret}"}
    client = httpx.AsyncClient(transport=httpx.ASGITransport(console_over(works)), base_url=ADDRESS, headers=headers)
    system = System(client)
    case_id = (await system.post("/cases", NEW_CASE)).json()["id"]
    assert (await system.post("/cases", NEW_CASE)).status_code == 200
    sent = {"amount": "250.00", "currency": "USD", "reference": "P-1"}
    answers = await asyncio.gather(*(system.post(f"/cases/{case_id}/payments", sent, "once") for _ in range(3)))
    assert [answer.status_code for answer in answers] == [201] * 3
    hook = {"url": "https://example.com/hooks", "events": ["plan.agreed"]}
    assert (await system.post("/webhooks", hook)).status_code == 201
    for path in ("/cases", "/payments", "/conversations", "/plans", "/webhooks"):
        first = await system.get(path, limit=1, **({"state": "open"} if path == "/cases" else {}))
        assert first.status_code == 200, first.text
        for row in first.json()["data"]:
            assert (await system.get(f"{path}/{row['id']}")).json() == row
    talk = office.talks[0]
    assert len((await system.get(f"/conversations/{talk}/messages")).json()["data"]) > 2
    async with works.read() as session:
        found, _ = await audit.page(session, AuditFilter(since=MORNING, until=MORNING + timedelta(days=1)))
        assert found
        assert (await integrations.keys(session, clock.now()))[0][0].state == "active"
        assert (await integrations.webhooks(session))[0][0].added_by == made.prefix
        assert len((await users.everyone(session))[0]) == len(office.team)
    await client.aclose()


async def test_a_body_that_is_too_long_or_of_no_known_length_is_not_read(connect: Connect) -> None:
    system = await connect()
    long = await system.client.post("/api/v1/cases", content=b"x" * (256 * 1024 + 1))
    assert problem(long) == (413, "payload_too_large")

    async def pieces() -> AsyncIterator[bytes]:
        yield b"{}"

    assert problem(await system.client.post("/api/v1/cases", content=pieces())) == (411, "length_required")


async def test_a_key_that_asks_too_often_is_told_when_to_ask_again(
    connect: Connect, office: Office, app: FastAPI
) -> None:
    api = next(route.app for route in app.routes if isinstance(route, Mount) and route.name == "api")
    api.state.rates = Rates(InProcessCounters(), 2)  # type: ignore[attr-defined]
    one, other = await connect(), await connect()
    office.clock.advance(timedelta(seconds=60 - office.clock.now().second + 20))
    answers = [await one.get("/cases") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert problem(answers[2]) == (429, "rate_limited")
    assert answers[2].headers["retry-after"] == "40"
    assert (await other.get("/cases")).status_code == 200
    office.clock.advance(timedelta(seconds=40))
    assert (await one.get("/cases")).status_code == 200


async def test_webhooks_are_added_read_rotated_and_ended_by_the_key_that_owns_them(
    connect: Connect, office: Office
) -> None:
    system, other = await connect(), await connect()
    sent = {"url": "https://example.com/hooks", "events": ["plan.agreed"], "name": "CRM"}
    made = await system.post("/webhooks", sent, "hook")
    assert made.status_code == 201, made.text
    secret = made.json().pop("secret")
    assert (secret.startswith("whsec_"), "salt" in made.json()) == (True, False)
    assert (await system.post("/webhooks", sent, "hook")).json()["secret"] == secret
    [row] = await office.rows(Webhook)
    [kept] = await office.rows(ApiRequest)
    assert secret not in json.dumps([kept.answer, row.salt])
    path = f"/webhooks/{row.id}"
    assert "secret" not in (await system.get(path)).json()
    assert problem(await other.get(path)) == (404, "not_found")
    assert problem(await other.client.delete(f"/api/v1{path}")) == (404, "not_found")
    assert problem(await other.post(f"{path}/secret", {})) == (404, "not_found")
    assert (await other.get("/webhooks")).json()["data"] == []
    rotated = (await system.post(f"{path}/secret", {})).json()["secret"]
    assert rotated != secret
    assert (await system.client.delete(f"/api/v1{path}")).status_code == 204
    [listed] = (await system.get("/webhooks")).json()["data"]
    assert listed["active"] is False


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"url": "http://example.com/hooks"}, "/url"),
        ({"url": "https://127.0.0.1/hooks"}, "/url"),
        ({"url": "https://[::ffff:10.0.0.1]/hooks"}, "/url"),
        ({"url": "https://169.254.169.254/latest"}, "/url"),
        ({"url": "https://localhost/hooks"}, "/url"),
        ({"url": "https://redis/hooks"}, "/url"),
        ({"url": "https://me:pass@example.com/"}, "/url"),
        ({"url": "https://2130706433/hooks"}, "/url"),
        ({"events": ["everything"]}, "/events"),
    ],
)
async def test_a_webhook_to_where_none_may_go_is_refused(
    connect: Connect, office: Office, change: dict[str, Any], pointer: str
) -> None:
    sent = {"url": "https://example.com/hooks", "events": ["plan.agreed"]} | change
    answer = await (await connect()).post("/webhooks", sent)
    assert problem(answer) == (422, "invalid_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await office.rows(Webhook) == []


async def test_the_document_tells_every_route_every_event_and_only_problems(app: FastAPI, connect: Connect) -> None:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS)
    document = (await client.get("/api/v1/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    told = {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert told == {(method.lower(), route.path) for route in every_route() for method in route.methods or ()}
    assert set(document["webhooks"]) == {
        "conversation.handed_over", "plan.agreed", "plan.broken", "payment.recorded", "complaint.opened",
    }  # fmt: skip
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["security"] == [{"HTTPBearer": []}]
            assert operation["responses"]["default"]["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
            }
            names = {each["name"] for each in operation.get("parameters", ())}
            assert ("Idempotency-Key" in names) == (method == "post"), path
            assert all(f"{{{name}}}" in path for name in names if name.endswith("_id") and f"{{{name}}}" in path)
            assert names >= {part[1:-1] for part in path.split("/") if part.startswith("{")}
    text = json.dumps(document)
    assert "HTTPValidationError" not in text
    for reference in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert reference in document["components"]["schemas"]
    await client.aclose()


@pytest.mark.parametrize(("language", "words"), [("en", "Record a payment"), ("zh", "登记还款")])
async def test_the_page_for_people_tells_the_same_without_a_key_or_anything_from_elsewhere(
    app: FastAPI, language: str, words: str
) -> None:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS)
    page = await client.get("/api/v1/docs", headers={"Accept-Language": language})
    assert (page.status_code, words in page.text) == (200, True)
    for route in every_route():
        assert f"/api/v1{route.path}" in page.text
    for code in PROBLEMS:
        assert f'id="problem-{code}"' in page.text
    assert 'src="http' not in page.text
    await client.aclose()
