"""The sums that a case knows: what an agent may name in their own words."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

from sqlalchemy import select

from core.actions.situations import balance_of
from core.compliance import sums_in
from core.money import Money
from core.negotiation import Offer, offer_from_json
from core.store import cases, conversations
from core.store.cases import WholeCase
from core.store.tables import Conversation, Message, Payment
from core.work import Work


async def known_sums(work: Work, conversation: Conversation, whole: WholeCase) -> frozenset[Decimal]:
    """In major units: the balance and its parts, what open offers, the plan, the promise and payments hold, and what
    the debtor named in this conversation."""
    session, case = work.session, whole.case
    balance = balance_of(case)
    charged = balance.interest + balance.charges
    parts = (*balance.by_component().values(), balance.charges, balance.total, charged)
    offers = [row for row in await cases.offers_of(session, conversation.id) if row.state == "open"]
    offered = chain.from_iterable(_of_offer(offer_from_json(row.body)) for row in offers)
    minor: list[int] = [*(await session.scalars(select(Payment.amount).where(Payment.case_id == case.id)))]
    promise = await cases.open_promise(session, case.id)
    if promise is not None:
        minor.append(promise.amount)
    standing = await cases.active_plan(session, case.id)
    if standing is not None:
        plan, rows = standing
        minor += [plan.total, plan.discount, plan.down_payment, plan.total - sum(row.paid for row in rows)]
        minor += [sum_ for row in rows for sum_ in (row.amount, row.paid, row.amount - row.paid)]
    stored = (Money(value, case.currency) for value in minor)
    texts = await session.execute(
        select(Message.text, Message.understanding).where(
            Message.conversation_id.in_(await conversations.members(session, conversation.id)),
            Message.direction == "in",
        )
    )
    heard = chain.from_iterable(_said(text, understanding) for text, understanding in texts)
    return frozenset(chain(_decimals(chain(parts, offered, stored)), heard))


def _decimals(sums: Iterable[Money]) -> Iterator[Decimal]:
    return (amount.decimal for amount in sums)


def _of_offer(offer: Offer) -> Iterator[Money]:
    yield offer.total
    yield offer.discount
    yield from (part for part in offer.waived.by_component().values() if part)
    yield from (line.amount for line in offer.schedule.lines)


def _said(text: str, understanding: dict[str, Any] | None) -> Iterator[Decimal]:
    yield from sums_in(text)
    for entity in (understanding or {}).get("entities", ()):
        if entity.get("type") == "amount" and entity.get("value") is not None:
            yield Decimal(str(entity["value"]))
