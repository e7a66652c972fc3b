"""What the copy of a plan says, in either language: one text for the page and for the PDF.

The six parts are those that a personalised instalment agreement must contain (CN-70-3); they also hold what every
offer must explain (CALC-EXPL): balance, waived parts, each date and sum, total, APR, a missed payment, and when it is
settled. No copy is issued with a part that is empty.
"""

from dataclasses import dataclass
from typing import Any

from bot.papers.words import WORDS
from bot.words import Language
from core.actions.copies import CopyLine, PlanCopy
from core.errors import InvariantBroken
from core.money import Money
from core.wording import components_text, date_text, money_text, product_name, steps_text

_STATES = ("active", "completed", "broken", "cancelled", "replaced")


@dataclass(frozen=True, slots=True)
class Part:
    """One numbered part: its heading, its sentences, and for the payments a table."""

    heading: str
    sentences: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """The copy as text. `facts` are pairs of a label and a value; `columns` head the table of payments."""

    language: Language
    title: str
    label: str
    state: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    columns: tuple[str, ...]
    footer: str
    download: str
    other: str

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, for the typesetter."""
        return {
            "language": self.language,
            "title": self.title,
            "label": self.label,
            "state": self.state,
            "facts": [list(pair) for pair in self.facts],
            "parts": [
                {"heading": part.heading, "sentences": list(part.sentences), "rows": [list(row) for row in part.rows]}
                for part in self.parts
            ],
            "columns": list(self.columns),
            "footer": self.footer,
        }


def write(plan: PlanCopy, language: Language) -> Paper:
    """The copy of this plan. InvariantBroken where a part that it must contain would be empty."""
    words = WORDS[language]
    parts = (
        Part(words["owed"], _owed(plan, language)),
        Part(words["payments"], _payments(plan, language), tuple(_row(plan, line, language) for line in plan.lines)),
        Part(words["charges"], _charges(plan, language)),
        Part(words["promise" if plan.market == "cn" else "help"], _promise(plan, language)),
        Part(words["duties"], _duties(plan, language)),
        Part(words["more"], _more(plan, language)),
    )
    if any(not part.heading or not part.sentences or not all(part.sentences) for part in parts) or not plan.lines:
        raise InvariantBroken("A copy must contain all of its parts.", plan=plan.public_id)
    return Paper(
        language=language,
        title=words["title"],
        label=words["label"],
        state=words[f"state_{plan.state if plan.state in _STATES else 'active'}"],
        facts=_facts(plan, language),
        parts=parts,
        columns=(words["number"], words["due"], words["amount"], words["status"]),
        footer=words["footer"].format(
            version=plan.policy_version, id=plan.public_id, language=words["language"], creditor=plan.creditor
        ),
        download=words["download"],
        other=words["other"],
    )


def _facts(plan: PlanCopy, language: Language) -> tuple[tuple[str, str], ...]:
    words = WORDS[language]
    product = product_name(plan.product, language)
    account = words["account_value"].format(product=product, last4=plan.account_last4)
    return (
        (words["creditor"], plan.creditor),
        (words["debtor"], plan.debtor),
        (words["account"], account if plan.account_last4 else product),
        (words["reference"], plan.reference),
        (words["agreed"], f"{_day(plan, plan.agreed_at.date(), language)} {plan.agreed_at:%H:%M}"),
    )


def _owed(plan: PlanCopy, language: Language) -> tuple[str, ...]:
    words, offer = WORDS[language], plan.offer
    balance = offer.balance
    owed = words["owed_text"].format(
        total=_sum(plan, balance.total, language),
        principal=_sum(plan, balance.principal, language),
        interest=_sum(plan, balance.interest, language),
        fees=_sum(plan, balance.charges, language),
        currency=plan.total.currency,
    )
    if not offer.discount:
        return owed, words["nothing_waived"]
    waived = words["waived"].format(discount=_sum(plan, offer.discount, language))
    if not offer.waived.total:
        return owed, waived
    parts = components_text(offer.waived, language, lambda money: _sum(plan, money, language))
    return owed, waived, words["waived_parts"].format(parts=parts)


def _payments(plan: PlanCopy, language: Language) -> tuple[str, ...]:
    words = WORDS[language]
    every = words[f"every_{plan.offer.terms.frequency.value}"] if len(plan.lines) > 1 else words["once"]
    how = plan.pay_ways.get(language) or next(iter(plan.pay_ways.values()), "")
    cycle = words["cycle"].format(
        every=every, count=len(plan.lines), currency=plan.total.currency, total=_sum(plan, plan.total, language)
    )
    ways = words["ways"].format(ways=how, reference=plan.reference) if how else words["ways_call"].format(
        creditor=plan.creditor, phone=plan.creditor_phone, reference=plan.reference
    )  # fmt: skip
    return cycle, *_steps(plan, language), ways


def _steps(plan: PlanCopy, language: Language) -> tuple[str, ...]:
    """The lower first payments in words, where the plan has such; its instalments may have been moved since."""
    steps = plan.offer.terms.steps
    later = [line for line in plan.lines if line.number > sum(step.count for step in steps)]
    if not steps or not later:
        return ()
    first = later[0]
    text = WORDS[language]["steps"].format(
        steps=steps_text(steps, language, lambda money: _sum(plan, money, language)),
        later=_sum(plan, first.amount, language),
        later_due=_day(plan, first.due, language),
    )
    return (text,)


def _row(plan: PlanCopy, line: CopyLine, language: Language) -> tuple[str, ...]:
    words = WORDS[language]
    status = words["to_pay"]
    if line.paid >= line.amount:
        status = words["paid"]
    elif line.paid:
        status = words["part_paid"].format(paid=_sum(plan, line.paid, language))
    elif line.moved_from is not None:
        status = words["moved"].format(day=_day(plan, line.moved_from, language))
    number = str(line.number) if line.number else words["down"]
    return number, _day(plan, line.due, language), _sum(plan, line.amount, language), status


def _charges(plan: PlanCopy, language: Language) -> tuple[str, ...]:
    words, offer = WORDS[language], plan.offer
    apr = words["apr"].format(apr=f"{offer.apr:f}")
    if not offer.schedule.interest:
        return words["no_interest"], apr
    return words["with_interest"].format(interest=_sum(plan, offer.schedule.interest, language)), apr


def _promise(plan: PlanCopy, language: Language) -> tuple[str, ...]:
    words = WORDS[language]
    if plan.market != "cn":
        return (words["help_text"].format(creditor=plan.creditor), words[f"help_{plan.market}"])
    if plan.product == "credit_card":
        return (words["promise_text"],)
    return (words["promise_other"].format(product=product_name(plan.product, language)),)


def _duties(plan: PlanCopy, language: Language) -> tuple[str, ...]:
    words = WORDS[language]
    quiet = (words["quiet"],) if plan.market == "cn" else ()
    return (*quiet, words["early"], words["missed"], words["settled"])


def _more(plan: PlanCopy, language: Language) -> tuple[str, ...]:
    words = WORDS[language]
    made = words["made_approved" if plan.approved else "made"].format(version=plan.policy_version)
    reach = words["reach"].format(creditor=plan.creditor, phone=plan.creditor_phone) if plan.creditor_phone else ""
    return (made, words["kept"], *((reach,) if reach else ()))


def _sum(plan: PlanCopy, money: Money, language: Language) -> str:
    return money_text(money, language, plan.market)


def _day(plan: PlanCopy, day: Any, language: Language) -> str:
    return date_text(day, language, plan.market)
