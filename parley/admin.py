"""What an operator does from the command line: links, payments, logins, the audit trail."""

import asyncio
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from core.actions import creditors, links, payments, replays, trail, understanding, users
from core.actions.portfolio import find_case
from core.dialogue.understanding import Language
from core.errors import InvalidInput
from core.money import Money
from core.settings import Settings
from parley.installation import open_works

_TELEGRAM = "https://api.telegram.org"


async def make_link(settings: Settings, reference: str, creditor: str | None, days: int | None) -> list[str]:
    """A new chat link of a case, and how the same code opens it in Telegram. Shown once; only its hash is kept."""
    async with open_works(settings) as works:
        async with works.read() as session:
            case = await find_case(session, reference, creditor)
        async with works.begin() as work:
            code = await links.issue(work, case.case_id, days or settings.link_days)
    return [f"{settings.public_url.rstrip('/')}/c/{code}", await _telegram_link(settings, code)]


async def record_payment(
    settings: Settings,
    reference: str,
    creditor: str | None,
    amount: Decimal,
    payment_reference: str,
    *,
    day: date | None = None,
) -> str:
    """Records money that arrived on `day`, the debtor's local date (today when None). InvalidInput for a day to come,
    and for a sum that is none in the case's currency."""
    if not amount.is_finite():
        raise InvalidInput("Give the amount as a number, such as 120.50.", amount=str(amount))
    async with open_works(settings) as works:
        async with works.read() as session:
            case = await find_case(session, reference, creditor)
        today = works.clock.now().astimezone(ZoneInfo(case.time_zone)).date()
        if day is not None and day > today:
            raise InvalidInput("This day is still to come: give the day on which it was paid.", on=day.isoformat())
        paid = Money.of(amount, case.currency)
        async with works.begin() as work:
            done = await payments.record(work, case.case_id, paid, payment_reference, day or today)
    if isinstance(done, payments.Repeat):
        return f"This payment was recorded before, nothing changed: {payment_reference}."
    applied, left = done.allocation.applied, done.allocation.left
    lines = [
        f"{paid} recorded for {reference}: fees {applied.fees.to_text()}, interest {applied.interest.to_text()}, "
        f"principal {applied.principal.to_text()}."
    ]
    if applied.penalty:
        lines.append(f"Of it {applied.penalty} to the penalty for paying late.")
    if done.allocation.surplus:
        lines.append(f"{done.allocation.surplus} more than was owed.")
    lines.append("The plan is completed." if done.plan_completed else f"Still owed: {left.total}.")
    return "\n".join(lines)


async def describe_creditor(settings: Settings, name: str, details: creditors.Details) -> str:
    """Changes how a creditor is reached and paid; a sentence that says what changed."""
    async with open_works(settings) as works:
        async with works.read() as session:
            creditor_id = await creditors.creditor_named(session, name)
        async with works.begin() as work:
            changed = await creditors.describe(work, "operator", creditor_id, details)
    if not changed:
        return f"{name}: nothing changed."
    return f"{name}: changed {', '.join(part.replace('_', ' ') for part in changed)}."


async def add_user(settings: Settings, login: str, name: str, role: str, password: str) -> None:
    """A new login of the team."""
    async with open_works(settings) as works, works.begin() as work:
        await users.create(work, login, name, role, password)


async def export_relabelled(settings: Settings, file: Path, lang: Language | None = None) -> int:
    """Writes the relabelled messages, masked, as Rasa's YAML, leaves a trace of it, and says how many there were."""
    from nlu.relabelled import as_rasa_yaml, examples_of

    async with open_works(settings) as works:
        async with works.read() as session:
            labelled = await understanding.labelled(session, lang)
        examples = examples_of(labelled)
        await asyncio.to_thread(file.write_text, as_rasa_yaml(examples), encoding="utf-8")
        async with works.begin() as work:
            await understanding.exported(work, "system", lang, len(examples))
    return len(examples)


async def verify_audit(settings: Settings) -> tuple[bool, str]:
    """Whether the audit trail is as it was written, and a sentence that says so."""
    async with open_works(settings) as works, works.read() as session:
        found = await trail.verify(session)
    if isinstance(found, trail.Intact):
        return True, f"The audit trail is intact: {found.rows} rows."
    return False, f"The audit trail was changed: row {found.row_id}, or one before it, is not as it was written."


async def replay_decisions(settings: Settings, conversation_id: int) -> tuple[bool, list[str]]:
    """Whether every decision of the conversation comes out the same from what it looked at, and a line for each."""
    async with open_works(settings) as works, works.read() as session:
        found = await replays.replay(session, conversation_id)
    lines = [
        f"message {each.message_id}  {each.stored['kind']}  {'same' if each.same else 'DIFFERS'}"
        + ("" if each.untouched else "  INPUTS CHANGED since they were audited")
        for each in found
    ]
    return all(each.same and each.untouched for each in found), lines or ["No decision of it kept its inputs."]


async def _telegram_link(settings: Settings, code: str) -> str:
    """A deep link where the bot's name can be asked for, else the words to send to the bot."""
    if settings.telegram_token is not None:
        base = (settings.telegram_api_base or _TELEGRAM).rstrip("/")
        try:
            async with httpx.AsyncClient(timeout=5) as client:
                answer = await client.get(f"{base}/bot{settings.telegram_token.get_secret_value()}/getMe")
                return f"https://t.me/{answer.json()['result']['username']}?start={code}"
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            pass
    return f"/start {code}"
