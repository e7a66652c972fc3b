"""What kept replies fill in, worked out for one conversation in the debtor's language and locale."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.situations import is_verified, language_of, remembered
from core.actions.values import Actor
from core.money import Money
from core.store import cases, conversations
from core.wording import date_text, money_text, product_name
from core.wording.render import Language, hours_text


@dataclass(frozen=True, slots=True)
class Values:
    """`language` is the one that the debtor reads. `values` by variable; one that is missing has no value here."""

    language: Language
    values: Mapping[str, str]


async def values_for(session: AsyncSession, conversation_id: int, agent: Actor) -> Values:
    """What `agent` could fill in here. Until the identity is checked nothing of the debt has a value."""
    conversation = await conversations.get(session, conversation_id)
    whole = await cases.load(session, conversation.case_id)
    case, language = whole.case, language_of(conversation.language)
    values = {
        "name": whole.debtor.name,
        "agent": agent.name,
        "creditor": whole.creditor.name,
        "phone": whole.creditor.phone,
        "hours": hours_text(whole.creditor.hours, language),
    }
    if not is_verified(remembered(conversation)):
        return Values(language, values)

    def money(minor: int) -> str:
        return money_text(Money(minor, case.currency), language, case.market)

    values |= {
        "reference": case.reference,
        "product": product_name(case.product, language),
        "balance": money(cases.owed(case).minor),
        "due_date": date_text(case.due_date, language, case.market),
    }
    standing = await cases.active_plan(session, case.id)
    if standing is not None:
        lines = standing[1]
        values["plan_left"] = money(sum(line.amount - line.paid for line in lines))
        following = next((line for line in lines if line.paid < line.amount), None)
        if following is not None:
            values["plan_next_due"] = date_text(following.due, language, case.market)
            values["plan_next_amount"] = money(following.amount - following.paid)
    promise = await cases.open_promise(session, case.id)
    if promise is not None:
        values["promise_due"] = date_text(promise.due, language, case.market)
        values["promise_amount"] = money(promise.amount)
    return Values(language, values)
