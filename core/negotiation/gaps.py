"""How far an ask lies beyond what may be granted, and whose role may grant it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from core.money import Money
from core.negotiation.types import Ask, Offer
from core.policy import Breach, may_approve

_ROLES = ("supervisor", "manager")


@dataclass(frozen=True, slots=True)
class Gap:
    """One way in which an ask is beyond a limit: texts of what was asked, what is allowed, and the `difference`.

    Sums are decimal strings in `currency`, which is empty for counts, days and shares; `difference` is empty where none
    can be told, as between two frequencies. `rule` and `version` say which limit; `may_grant` is the least role that
    may grant the whole ask, `nobody` where law or sense forbids it.
    """

    field: str
    asked: str
    allowed: str
    difference: str
    currency: str
    rule: str
    version: str
    may_grant: str

    @property
    def line(self) -> str:
        """The gap as a reason of a decision."""
        difference = f" difference={self.difference}" if self.difference else ""
        unit = f" {self.currency}" if self.currency else ""
        return (
            f"gap:{self.field} asked={self.asked} allowed={self.allowed}{difference}{unit} may grant={self.may_grant}"
        )


def gaps_of(ask: Ask, offer: Offer | None, breaches: Sequence[Breach]) -> tuple[Gap, ...]:
    """Each gap between the ask and the nearest plan inside; the instalment asked for first, where it is too small."""
    if not breaches:
        return ()
    may_grant = next((role for role in _ROLES if may_approve(role, breaches)), "nobody")
    return (*_instalment(ask, offer, breaches[0], may_grant), *(_of_breach(each, may_grant) for each in breaches))


def _instalment(ask: Ask, offer: Offer | None, breach: Breach, may_grant: str) -> tuple[Gap, ...]:
    if ask.instalment is None or offer is None or offer.kind != "instalments":
        return ()
    level = max(line.amount for line in offer.schedule.instalments)
    if level <= ask.instalment or offer.terms.frequency is not (ask.frequency or offer.terms.frequency):
        return ()
    return (_in_money("instalment", ask.instalment, level, breach, may_grant),)


def _of_breach(breach: Breach, may_grant: str) -> Gap:
    told = breach.data
    if "currency" in told:
        asked = Money.of(told.get("asked_sum", breach.asked), told["currency"])
        allowed = Money.of(told.get("allowed_sum", breach.allowed), told["currency"])
        return _in_money(breach.field, asked, allowed, breach, may_grant)
    difference = _difference(breach.asked, breach.allowed)
    return Gap(breach.field, breach.asked, breach.allowed, difference, "", told["rule"], told["version"], may_grant)


def _in_money(field: str, asked: Money, allowed: Money, breach: Breach, may_grant: str) -> Gap:
    difference = max(asked, allowed) - min(asked, allowed)
    sums = asked.to_text(), allowed.to_text(), difference.to_text()
    return Gap(field, *sums, asked.currency, breach.data["rule"], breach.data["version"], may_grant)


def _difference(asked: str, allowed: str) -> str:
    try:
        return format(abs(Decimal(asked) - Decimal(allowed)), "f")
    except InvalidOperation:
        return ""
