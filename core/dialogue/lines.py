"""Paragraphs and buttons that several parts of the dialogue show: balances, offers, plans and ways to pay."""

from collections.abc import Mapping
from typing import Any

from core.dialogue.decision import Button, Say
from core.dialogue.turn import Turn
from core.negotiation.types import Offer
from core.plans import Instalment


def balance_line(turn: Turn) -> Say:
    """What is owed, split into its parts."""
    case = turn.situation.case
    details = turn.situation.details
    return Say(
        "debt.balance",
        {
            "total": case.balance.total,
            "principal": case.balance.principal,
            "interest": case.balance.interest,
            "fees": case.balance.charges,
            "product": details.product,
            "account": details.account_last4,
            "creditor": turn.situation.creditor.name,
        },
    )


def origin(turn: Turn) -> Say:
    """Which account it is, with whom, and its reference."""
    details = turn.situation.details
    return Say(
        "debt.origin",
        {
            "product": details.product,
            "account": details.account_last4,
            "creditor": turn.situation.creditor.name,
            "reference": details.reference,
        },
    )


def plan_lines(offer: Offer) -> tuple[Say, ...]:
    """An offer read out: each date and sum, what is written off, interest, and what a missed payment means."""
    values: Mapping[str, Any] = {
        "offer": offer,
        "schedule": offer.schedule,
        "first_due": offer.schedule.first_due,
        "total": offer.schedule.total,
        "discount": offer.discount,
        "balance": offer.balance.total,
        "count": len(offer.schedule.instalments),
        "amount": offer.schedule.instalments[0].amount,
        "frequency": offer.terms.frequency,
        "apr": offer.apr,
        "waived": offer.waived,
        **({"steps": offer.terms.steps, **_later(offer)} if offer.terms.steps else {}),
    }
    lines = [Say(_readback_key(offer), values)]
    if offer.discount:
        lines.append(Say("readback.discount", values))
    if offer.waived.total:
        lines.append(Say("readback.waived", values))
    lines.append(Say("readback.interest_stopped" if not offer.terms.annual_rate else "readback.interest", values))
    lines.append(Say("readback.missed"))
    return tuple(lines)


LONG = 36
"""From more payments than these on, a plan is read out by its runs of equal payments; the copy has every line."""


def _readback_key(offer: Offer) -> str:
    if offer.terms.steps:
        return "readback.steps" if len(_after_steps(offer)) > 1 else "readback.steps_last"
    if offer.kind == "instalments" and offer.terms.down_payment:
        return "readback.with_down"
    return "readback.long" if len(offer.schedule.lines) > LONG else f"readback.{offer.kind}"


def _later(offer: Offer) -> Mapping[str, Any]:
    """The instalment after the steps, and its date; the first one where there are no steps."""
    after = (_after_steps(offer) or offer.schedule.lines)[0]
    return {"later": after.amount, "later_due": after.due}


def _after_steps(offer: Offer) -> tuple[Instalment, ...]:
    return offer.schedule.instalments[sum(step.count for step in offer.terms.steps) :]


def summary(offer: Offer) -> Mapping[str, Any]:
    """An offer's main figures, as its line and its button show them."""
    lines = offer.schedule.lines
    first = lines[0]
    return {
        "count": len(lines),
        "amount": first.amount,
        "frequency": offer.terms.frequency,
        "due": first.due,
        "last_due": offer.schedule.last_due,
        "total": offer.schedule.total,
        "discount": offer.discount,
        **_later(offer),
    }


def offer_lines(offers: tuple[Offer, ...]) -> tuple[Say, ...]:
    """A numbered line for each offer."""
    return tuple(Say(_line_key(offer), {"number": index, **summary(offer)}) for index, offer in enumerate(offers, 1))


def _line_key(offer: Offer) -> str:
    if offer.terms.steps:
        return "offer.line_steps"
    less = offer.kind == "instalments" and offer.discount
    return f"offer.line_{offer.kind}_less" if less else f"offer.line_{offer.kind}"


def choices(offers: tuple[Offer, ...]) -> tuple[Button, ...]:
    """A button for each offer, numbered as the lines are."""
    return tuple(
        Button(
            f"choose:{offer.id}",
            "choice.steps" if offer.terms.steps else f"choice.{offer.kind}",
            {"number": index, **summary(offer)},
        )
        for index, offer in enumerate(offers, 1)
    )


def pay_ways(turn: Turn) -> Say:
    """How to pay this creditor: its reviewed text, or its official number where there is none."""
    creditor = turn.situation.creditor
    text = creditor.pay_ways.get(turn.memory.language, "")
    if text:
        return Say("pay.ways", {"ways": text, "reference": turn.situation.details.reference})
    values = {"creditor": creditor.name, "phone": creditor.phone, "reference": turn.situation.details.reference}
    return Say("pay.call" if creditor.phone else "pay.official", values)
