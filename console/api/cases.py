"""Cases and the payments on them."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from console.api import models, shown
from console.api.caller import Caller, CasesReader, CasesWriter, PaymentsReader, PaymentsWriter
from console.api.lists import Listing, Page
from console.api.posting import PARAMETER, Made, once
from console.api.problems import Problem
from console.i18n import N_
from console.queries import public
from core.actions import payments, portfolio
from core.actions.portfolio import PortfolioCase
from core.errors import InvalidInput
from core.money import Money
from core.work import Work

router = APIRouter()
FEWEST_FACTS = 2
_ZONES: Mapping[str, str] = {"cn": "Asia/Shanghai", "uk": "Europe/London"}
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_POSTING = {"parameters": [PARAMETER]}
_REFUSED: Mapping[str, str] = {
    "not_due": "It is new and not due yet: a new case is one in arrears.",
    "nothing_owed": "It is new and nothing is owed on it.",
    "other_currency": "It is known here in another currency.",
    "other_market": "It is known here in another market.",
}


@router.post(
    "/cases",
    summary=N_("Take a case in, or bring it up to date"),
    response_model=models.Case,
    responses={201: {"model": models.Case, "description": "The case is new."}},
    openapi_extra=_POSTING,
)
async def upsert(caller: CasesWriter, body: models.CaseSent) -> JSONResponse:
    """Creditor and reference name the case. A known one keeps what people and the assistant did since: conversations,
    flags, plans, payments, the debtor's language; and its sums, where a later balance or payment is known here."""
    case = _read(body, caller)

    async def do(work: Work) -> Made:
        done = await portfolio.upsert(work, [case], "api", caller.key.actor, only_arrears=True)
        if done.refused:
            why = done.refused[0].why
            raise Problem("case_refused", _REFUSED[why], errors=[{"pointer": "", "detail": why}])
        found = await portfolio.find_case(work.session, case.reference, case.creditor)
        row = await public.case(work.session, found.case_id)
        return Made(201 if done.created else 200, shown.case(caller, row))

    return await once(caller, do)


@router.get("/cases", summary=N_("List cases"))
async def list_cases(
    caller: CasesReader,
    asked: Listing,
    creditor: Annotated[str, Query(max_length=200)] = "",
    reference: Annotated[str, Query(max_length=80)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
) -> Page[models.Case]:
    """Newest first; of one creditor, reference or state where they are named."""
    async with caller.console.services.works.read() as session:
        rows = await public.cases(session, asked.stretch, creditor=creditor, reference=reference, state=state)
    return asked.page(rows, lambda row: row.id, lambda row: shown.case(caller, row))


@router.get("/cases/{case_id}", summary=N_("Read a case"))
async def read_case(caller: CasesReader, case_id: int) -> models.Case:
    """One case with what is owed on it now."""
    async with caller.console.services.works.read() as session:
        return shown.case(caller, await public.case(session, case_id))


@router.post(
    "/cases/{case_id}/payments",
    summary=N_("Record a payment"),
    response_model=models.Payment,
    status_code=201,
    responses={200: {"model": models.Payment, "description": "It was recorded before."}},
    openapi_extra=_POSTING,
)
async def record_payment(caller: PaymentsWriter, case_id: int, body: models.PaymentSent) -> JSONResponse:
    """It is allocated by the rule of the case's market and product, and to the plan in force, oldest payment first.

    A payment that has this reference already is answered as it stands (200); with another sum it is refused.
    """
    amount = _sum(body.amount, body.currency, "amount")

    async def do(work: Work) -> Made:
        case = await public.case(work.session, case_id)
        today = work.now.astimezone(ZoneInfo(case.time_zone)).date()
        if body.paid_on is not None and body.paid_on > today:
            raise _unfit("paid_on", "This day is still to come.")
        if amount.currency != case.currency:
            raise _unfit("currency", f"The case is in {case.currency}.")
        paid_on = body.paid_on or today
        done = await payments.record(work, case_id, amount, body.reference, paid_on, actor=caller.key.actor)
        row = await public.payment_of(work.session, case_id, body.reference)
        if not isinstance(done, payments.Repeat):
            return Made(201, shown.payment(row))
        if row.amount != amount.minor or row.paid_on != (body.paid_on or row.paid_on):
            raise Problem("payment_reference_used")
        return Made(200, shown.payment(row))

    return await once(caller, do)


@router.get("/payments", summary=N_("List payments"))
async def list_payments(
    caller: PaymentsReader, asked: Listing, case_id: Annotated[int | None, Query(ge=1)] = None
) -> Page[models.Payment]:
    """Newest first; of one case where it is named."""
    async with caller.console.services.works.read() as session:
        rows = await public.payments(session, asked.stretch, case_id=case_id)
    return asked.page(rows, lambda row: row.id, shown.payment)


@router.get("/payments/{payment_id}", summary=N_("Read a payment"))
async def read_payment(caller: PaymentsReader, payment_id: int) -> models.Payment:
    """One payment and where it went."""
    async with caller.console.services.works.read() as session:
        return shown.payment(await public.payment(session, payment_id))


def _read(body: models.CaseSent, caller: Caller) -> PortfolioCase:
    """The case as the importer knows one; Problem for what cannot be true."""
    zone = body.debtor.time_zone or _ZONES.get(body.market)
    if zone is None or zone not in available_timezones():
        raise _unfit("debtor/time_zone", "Give a time zone, such as America/Chicago.")
    today = caller.now.astimezone(ZoneInfo(zone)).date()
    as_of = body.balance_as_of or today
    _check_days(body, as_of, today)
    facts, contacts = _facts(body.debtor, today)
    sums = {name: getattr(body, name) for name in ("interest", "fees", "penalty")}
    return PortfolioCase(
        creditor=body.creditor,
        reference=body.reference,
        market=body.market,
        currency=body.currency,
        principal=_sum(body.principal, body.currency, "principal"),
        **{name: None if text is None else _sum(text, body.currency, name) for name, text in sums.items()},
        due_date=body.due_date,
        balance_as_of=as_of,
        opened_on=body.opened_on,
        debtor_name=body.debtor.name,
        time_zone=zone,
        facts=facts,
        contacts=contacts,
        contract=body.contract,
        product=body.product,
        language=body.debtor.language,
        creditor_phone=body.creditor_phone,
    )


def _check_days(body: models.CaseSent, as_of: date, today: date) -> None:
    for name, day in (("balance_as_of", as_of), ("opened_on", body.opened_on)):
        if day is not None and day > today:
            raise _unfit(name, "This day is still to come.")
    if not timedelta(days=-3660) < as_of - body.due_date < timedelta(days=36600):
        raise _unfit("due_date", "It is too far from the date of the balance to be true.")


def _facts(debtor: models.DebtorSent, today: date) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """The verification facts, the end of a telephone number among them, and the contact points."""
    born = debtor.facts.birth_date
    if born is not None and not timedelta(days=365 * 14) < today - born < timedelta(days=365 * 120):
        raise _unfit("debtor/facts/birth_date", "Nobody who owes was born then.")
    facts = {name: str(value) for name, value in debtor.facts.model_dump().items() if value is not None}
    for place, contact in enumerate(debtor.contacts):
        shape = _PHONE if contact.kind == "phone" else _EMAIL
        if not shape.fullmatch(contact.value):
            raise _unfit(f"debtor/contacts/{place}/value", "Give a number such as +12125554471, or an e-mail address.")
        if contact.kind == "phone":
            facts.setdefault("phone_last4", contact.value[-4:])
    if len(facts) < FEWEST_FACTS:
        raise _unfit("debtor/facts", f"The identity check needs at least {FEWEST_FACTS} facts.")
    return facts, tuple((contact.kind, contact.value) for contact in debtor.contacts)


def _sum(text: str, currency: str, name: str) -> Money:
    try:
        amount = Money.of(text, currency)
    except InvalidInput as error:
        raise _unfit(name, str(error)) from error
    if name == "amount" and amount.minor <= 0:
        raise _unfit(name, "Give a sum above nothing.")
    return amount


def _unfit(pointer: str, detail: str) -> Problem:
    return Problem("invalid_request", errors=[{"pointer": f"/{pointer}", "detail": detail}])
