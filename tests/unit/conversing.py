"""What the dialogue's tests share: a situation, an understanding, and what is remembered in each phase."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from core.dialogue.memory import Memory, Phase
from core.dialogue.situation import (
    CaseDetails,
    CreditorFacts,
    DebtorFacts,
    Inbound,
    PlanFacts,
    PlanInstalment,
    Situation,
)
from core.dialogue.understanding import Entity, Intent, Language, Understanding
from core.money import Money
from core.negotiation import Ask, Offer, answer
from core.negotiation.types import Accepted, Promise
from tests.unit.negotiating import TODAY, cny, dana, granted, ids, lin, usd

NEW_YORK = timezone(timedelta(hours=-5))
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC).astimezone(NEW_YORK)
VERIFIED = ("verified", "balance", "what_now", "us_notice")
PHASES: tuple[Phase, ...] = ("opening", "verifying", "talking", "confirming", "agreed", "closed")


def heard(*intents: str, entities: tuple[Entity, ...] = (), lang: Language = "en", sure: float = 0.9) -> Understanding:
    return Understanding(lang, tuple(Intent(name, sure) for name in intents), entities)


def entity(kind: str, **fields: Any) -> Entity:
    return Entity(kind, fields, 0, 1)


def amount(value: str, period: str = "once", currency: str = "USD", bound: str = "exact") -> Entity:
    return entity("amount", value=value, currency=currency, period=period, bound=bound)


def day(value: str, grain: str = "day") -> Entity:
    return entity("date", value=value, grain=grain)


def an_offer(instalment: str = "200") -> Offer:
    """A plan of 200 dollars a month, as the negotiator makes it."""
    case = dana()
    made = answer(Ask(instalment=usd(instalment)), case, granted(case), ids())
    assert isinstance(made, Accepted)
    return made.offer


def a_plan() -> PlanFacts:
    """Twelve times 200 dollars, nothing paid yet."""
    nothing = Money.zero("USD")
    lines = an_offer().schedule.lines
    instalments = tuple(PlanInstalment(line.number, line.due, line.amount, nothing) for line in lines)
    return PlanFacts("p1", usd("2400"), instalments, policy_version=1)


def remembered(phase: Phase) -> Memory:
    """A conversation in this phase, in the middle of whatever the phase is about."""
    known = phase not in ("opening", "verifying")
    base = Memory(
        phase=phase, greeted=phase != "opening", told=VERIFIED if known else (), offers_made=1 if known else 0
    )
    if phase == "confirming":
        return base.with_(draft=an_offer(), expecting="affirm")
    return base


def at(phase: Phase = "talking", text: str = "", press: str | None = None, **changes: Any) -> Situation:
    """Dana's case in the United States (`market` moves it), in this phase; `changes` are fields of the situation."""
    memory = changes.pop("memory", remembered(phase))
    market = changes.pop("market", "us")
    unread = changes.pop("unread", False)
    case = dana(market=market) if market != "cn" else lin()
    values: dict[str, Any] = {
        "inbound": Inbound(text=text, press=press, kind="press" if press else "text", unread=unread),
        "case": case,
        "details": CaseDetails("HB-1001", "credit_card", "8820"),
        "debtor": DebtorFacts(
            "Dana Reyes", {"birth_date": "1990-04-12", "phone_last4": "4471", "account_last4": "8820"}
        ),
        "creditor": CreditorFacts("Harbour Bank", "0800 000"),
        "memory": memory,
        "grant": granted(case),
        "now": NOW,
        "plan": a_plan() if phase == "agreed" else None,
    }
    return Situation(**{**values, **changes})


__all__ = [
    "NOW", "PHASES", "TODAY", "VERIFIED", "Promise", "a_plan", "amount", "an_offer", "at", "cny", "dana", "day",
    "entity", "granted", "heard", "lin", "remembered", "usd",
]  # fmt: skip
