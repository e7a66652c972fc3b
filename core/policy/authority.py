"""Who may approve what is outside the limits: agents nothing, supervisors a stretch, managers all that law allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.policy.limits import Breach


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """How far past a limit a supervisor may go (product default, editable).

    `floor` is the factor on limits that are a least (settlement share 0.80 becomes 0.64 at 0.8); `roof` the factor on
    limits that are a most (36 instalments become 54 at 1.5). Shares never pass 1. Frequencies and interest during the
    plan do not stretch, and no date stretches into the past.
    """

    floor: Decimal = Decimal("0.8")
    roof: Decimal = Decimal("1.5")


SUPERVISOR_STRETCH = Stretch()
_FIXED = ("frequencies", "plan_interest")


def may_approve(role: str, breaches: Iterable[Breach], stretch: Stretch = SUPERVISOR_STRETCH) -> bool:
    """Whether someone of this role may approve a proposal with these breaches; nobody may pass a legal ceiling.

    Nothing outside needs no approval. A role other than supervisor and manager approves nothing.
    """
    found = tuple(breaches)
    if not found:
        return True
    if any(beyond_law(breach) or _in_the_past(breach) for breach in found):
        return False
    if role == "manager":
        return True
    return role == "supervisor" and all(_within(breach, stretch) for breach in found)


def beyond_law(breach: Breach) -> bool:
    """Whether what was asked passes the legal ceiling of its field."""
    return "ceiling" in breach.data and Decimal(breach.asked) > Decimal(breach.data["ceiling"])


def _in_the_past(breach: Breach) -> bool:
    return breach.data.get("bound") == "earliest"


def _within(breach: Breach, stretch: Stretch) -> bool:
    if breach.field in _FIXED:
        return False
    asked, allowed = Decimal(breach.asked), Decimal(breach.allowed)
    if breach.field.startswith("min_") or breach.field == "promise_min_share":
        return asked >= allowed * stretch.floor
    most = allowed * stretch.roof
    return asked <= (min(most, Decimal(1)) if breach.field.endswith("_share") else most)
