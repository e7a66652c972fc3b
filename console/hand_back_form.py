"""What an agent hands a conversation back with: a note, what the assistant must obey, terms that were talked over."""

from dataclasses import dataclass
from datetime import date

from starlette.datastructures import FormData

from console.forms import sum_of, text_of
from core.calendar import Frequency
from core.dialogue.orders import ORDERS, Order
from core.negotiation import Ask


@dataclass(frozen=True, slots=True)
class HandBack:
    """`discussed` are the terms that the debtor and the agent spoke of, None where they spoke of none."""

    note: str
    orders: tuple[Order, ...]
    discussed: Ask | None


def hand_back_of(form: FormData, currency: str) -> HandBack | None:
    """What was typed, or None where a sum or a date cannot be read."""
    chosen = {value for value in form.getlist("order") if isinstance(value, str)}
    orders = tuple(order for order in ORDERS if order in chosen)
    note, typed, first = text_of(form, "note", 1000), text_of(form, "sum", 20), text_of(form, "first", 10)
    if not typed:
        return HandBack(note, orders, None)
    amount = sum_of(typed, currency)
    try:
        due = date.fromisoformat(first) if first else None
    except ValueError:
        return None
    if amount is None:
        return None
    return HandBack(note, orders, Ask(instalment=amount, frequency=Frequency.MONTH, first_due=due))
