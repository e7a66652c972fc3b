"""From what was understood to what is asked: entities become an ask, a promise, facts or finances."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from core.calendar import Frequency, add_months, on_day
from core.dialogue.steps import Stepped, steps_of
from core.dialogue.understanding import Entity, Understanding
from core.money import Money
from core.negotiation.types import Ask, Finances, Payday

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_PER_MONTH: Mapping[str, Decimal] = {
    "day": Decimal(30),
    "week": Decimal(52) / 12,
    "fortnight": Decimal(26) / 12,
    "month": Decimal(1),
    "quarter": Decimal(1) / 3,
    "year": Decimal(1) / 12,
}
_FREQUENCY: Mapping[str, Frequency] = {
    "week": Frequency.WEEK,
    "fortnight": Frequency.FORTNIGHT,
    "month": Frequency.MONTH,
}

ASK_ENTITIES = ("amount", "share", "date", "payday", "duration", "instalments", "frequency")
"""Entity types that can make or change an ask."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum that was said: in the case's currency, with its period (`once` or a contract period) and bound."""

    money: Money
    period: str
    bound: str


def sums(understanding: Understanding, currency: str) -> tuple[Sum, ...]:
    """The sums said in the case's currency, in the order of the text; others are left out, never converted."""
    found = []
    for entity in understanding.of_type("amount"):
        if entity.fields.get("currency", currency) != currency:
            continue
        money = Money.of(Decimal(str(entity.value)), currency, rounding=ROUND_HALF_UP)
        if money.minor > 0:
            found.append(Sum(money, str(entity.fields.get("period", "once")), str(entity.fields.get("bound", "exact"))))
    return tuple(found)


def payday(understanding: Understanding) -> Payday | None:
    """The payday that was said, if any."""
    for entity in understanding.of_type("payday"):
        if "day" in entity.fields:
            return Payday(day=int(entity.fields["day"]))
        if entity.fields.get("weekday") in WEEKDAYS:
            return Payday(weekday=WEEKDAYS.index(str(entity.fields["weekday"])))
    return None


def future_date(understanding: Understanding, today: date) -> date | None:
    """The first date said that is not past. A month means its first day, or tomorrow in the current month."""
    dates = understanding.of_type("date")
    named = _day_of_named_month(dates)
    if named is not None and named >= today:
        return named
    for entity in dates:
        day = date.fromisoformat(str(entity.value))
        if day >= today:
            return day
        grain = entity.fields.get("grain")
        if (grain == "month" and (day.year, day.month) == (today.year, today.month)) or (
            grain == "week" and today - day < timedelta(days=7)
        ):
            return today + timedelta(days=1)
    return None


def _day_of_named_month(dates: tuple[Entity, ...]) -> date | None:
    """“Next month … the 20th”: a month and a day named apart are one date."""
    grains = [entity.fields.get("grain", "day") for entity in dates]
    if grains != ["month", "day"]:
        return None
    month, day = (date.fromisoformat(str(entity.value)) for entity in dates)
    return on_day(month.year, month.month, day.day)


def span_days(entity: Entity, today: date) -> int:
    """A duration in days, months counted on the calendar from `today`."""
    count = int(Decimal(str(entity.value)))
    match entity.fields.get("unit"):
        case "day":
            return count
        case "week":
            return count * 7
        case "year":
            return (add_months(today, 12 * count) - today).days
        case _:
            return (add_months(today, count) - today).days


def ask_of(understanding: Understanding, text: str, *, balance: Money, today: date, in_instalments: bool) -> Ask:
    """What this one message asks for. `in_instalments`: the talk is of a sum each period, so a bare sum is one."""
    understanding = without_household(understanding, text)
    settling = settles(text) or (last_word(text) and not in_instalments)
    in_instalments = in_instalments and not settling
    asked = _at_month_end(_dated(understanding, today, in_instalments), text)
    stepped = steps_of(understanding, text, balance.currency)
    if stepped is not None:
        return _in_steps(asked, stepped)
    asked = _counted(understanding, asked, today)
    asked = _summed(understanding, asked, balance, in_instalments, settling=settling and asked.count is None)
    if last_word(text) and asked.instalment is not None:
        asked = replace(asked, at_most=True)
    asked = _discounted(understanding, asked, balance)
    return _waived(text, asked) if understanding.says("request_fee_waiver") else asked


def _in_steps(ask: Ask, stepped: Stepped) -> Ask:
    return replace(
        ask,
        until=None,
        first_due=ask.first_due or ask.until,
        instalment=stepped.then,
        steps=stepped.steps,
        frequency=stepped.frequency,
        down_payment=stepped.down,
    )


def _dated(understanding: Understanding, today: date, in_instalments: bool) -> Ask:
    """A date is the first payment's; where more time is asked for all of it, its end."""
    day = future_date(understanding, today)
    ask = Ask(payday=payday(understanding))
    if understanding.says("request_extension") and not understanding.says("request_instalments", "propose_amount"):
        spans = understanding.of_type("duration")
        until = day or (today + timedelta(days=span_days(spans[0], today)) if spans else None)
        return replace(ask, first_due=until) if in_instalments else replace(ask, until=until)
    return replace(ask, first_due=day)


_MONTH_END = re.compile(
    r"\b(?:last day of|end of) (?:every|each|the) month\b|\bmonth[- ]end\b|每个?月(?:底|末|最后一天)|月底",
    re.IGNORECASE,
)


def _at_month_end(ask: Ask, text: str) -> Ask:
    """“The last day of every month” stays the last day, however long the months are."""
    due = ask.first_due
    if due is None or not _MONTH_END.search(text) or (due + timedelta(days=1)).day != 1:
        return ask
    return replace(ask, anchor_day=31)


def _counted(understanding: Understanding, ask: Ask, today: date) -> Ask:
    counts = understanding.of_type("instalments")
    frequencies = understanding.of_type("frequency")
    if frequencies:
        ask = replace(ask, frequency=_FREQUENCY.get(str(frequencies[0].value), Frequency.MONTH))
    if counts:
        return replace(ask, count=max(1, int(counts[0].value)))
    spans = understanding.of_type("duration")
    if spans and ask.until is None and not understanding.says("request_extension"):
        return replace(ask, term_days=span_days(spans[0], today))
    return ask


def _summed(understanding: Understanding, ask: Ask, balance: Money, in_instalments: bool, *, settling: bool) -> Ask:
    said = sums(understanding, balance.currency)
    if not said:
        return ask
    periodic = [item for item in said if item.period != "once"]
    single = [item for item in said if item.period == "once"]
    if periodic:
        ask = _per_period(ask, max(periodic, key=lambda item: item.money.minor))
        if single and understanding.says("pay_part_now"):
            ask = replace(ask, down_payment=single[0].money)
        return ask
    largest = max(single, key=lambda item: item.money.minor)
    if understanding.says("pay_part_now"):
        return replace(ask, down_payment=largest.money)
    if settling or (understanding.says("request_discount") and not in_instalments):
        return replace(ask, total=largest.money)
    if _is_whole(ask, largest.money, balance):
        return replace(ask, total=largest.money)
    instalments_meant = in_instalments or ask.frequency is not None or understanding.says("request_instalments")
    if not instalments_meant and largest.money.minor * 2 >= balance.minor:
        return replace(ask, total=largest.money)
    return _per_period(ask, Sum(largest.money, ask.frequency.value if ask.frequency else "month", largest.bound))


def _is_whole(ask: Ask, said: Money, balance: Money) -> bool:
    """“1,500 over three months” is the sum of them all: so many times that would be far more than is owed."""
    months = max(1, ask.term_days // 30) if ask.term_days else 0
    return said.minor * (ask.count or months) * 2 > balance.minor * 3


def _per_period(ask: Ask, said: Sum) -> Ask:
    at_most = said.bound == "at_most"
    frequency = _FREQUENCY.get(said.period)
    if frequency is not None:
        return replace(ask, instalment=said.money, at_most=at_most, frequency=frequency)
    if said.period == "four_weeks":
        return replace(ask, instalment=said.money, at_most=at_most, frequency=Frequency.FOUR_WEEKS)
    monthly = said.money.share(_PER_MONTH.get(said.period, Decimal(1)))
    return replace(ask, instalment=monthly, at_most=at_most, frequency=Frequency.MONTH)


def _discounted(understanding: Understanding, ask: Ask, balance: Money) -> Ask:
    for entity in understanding.of_type("share"):
        share = Decimal(str(entity.value))
        kind = entity.fields.get("of")
        if not 0 < share < 1 or kind == "paid":
            continue
        if kind == "pay" and understanding.says("pay_part_now"):
            return replace(ask, down_payment=balance.share(share))
        return replace(ask, share=share if kind == "pay" else 1 - share, discount=True)
    if understanding.says("request_discount"):
        ask = replace(ask, discount=True)
    return ask


_INTEREST = re.compile(r"interest|principal|利息|罚息|本金|息", re.IGNORECASE)
_FEES = re.compile(r"fee|charge|penalt|principal|费|违约金|滞纳金|本金", re.IGNORECASE)


def _waived(text: str, ask: Ask) -> Ask:
    """Fees, interest, or both where the words name both, or neither. Few people tell fees from the penalty for paying
    late, so either word means both."""
    interest, fees = bool(_INTEREST.search(text)), bool(_FEES.search(text))
    charges = fees or not interest
    return replace(ask, waive_fees=charges, waive_interest=interest or not fees, waive_penalty=charges)


def merged(before: Ask, new: Ask) -> Ask:
    """The earlier ask with what the new message says over it; a new sum drops a length that would contradict it."""
    if new.is_empty:
        return before
    if new.total is not None or new.share is not None or new.until is not None:
        kept = Ask(payday=before.payday)
    elif new.instalment is not None:
        kept = replace(before, at_most=False, count=None, term_days=None, total=None, until=None, share=None, steps=())
    elif new.count is not None or new.term_days is not None:
        kept = replace(before, instalment=None, at_most=False, count=None, term_days=None, until=None, steps=())
    elif new.down_payment is not None:
        kept = replace(before, total=None, until=None)
    else:
        kept = replace(before, until=None) if new.first_due or new.frequency else before
    if new.payday is not None and new.first_due is None:
        kept = replace(kept, first_due=None)
    if new.first_due is not None or new.payday is not None:
        kept = replace(kept, anchor_day=None)
    nothing = Ask()
    changes = {
        name: value for name in Ask.__dataclass_fields__ if (value := getattr(new, name)) != getattr(nothing, name)
    }
    return replace(kept, **changes)


_CLAUSE = re.compile(r"[，,。.!！?？;；\n]|\b(?:and|but|so|then)\b|然后|但")
_SETTLES = re.compile(
    r"final offer|take it or leave it|call it (?:quits|even|done)|\bsettle|full and final|lump sum|one[- ]off"
    r"|\bin (?:one|a single) (?:go|shot|hit|lump|payment)\b|\ball (?:at once|in one)\b|\b(?:one|a) single payment\b"
    r"|一口价|了结|结清|两清|一次性|清账|一次(?:给|付|还|交)|一笔(?:给|付|还|交|清)",
    re.IGNORECASE,
)


def settles(text: str) -> bool:
    """Whether the words are about closing it all with one sum."""
    return bool(_SETTLES.search(text))


_LAST_WORD = re.compile(
    r"\bnot (?:a|one) (?:penny|cent|dime|dollar|pound|quid) more\b|\band not (?:a|one) \w+ more\b"
    r"|\b(?:and|then) (?:we(?:'?re| are)|i(?:'?m| am)|that'?s|it'?s) (?:all )?"
    r"(?:done|finished|through|over|quits|even|square)\b"
    r"|\bnothing more\b|\bnot? more than that\b|\bthat'?s (?:all|it)\b[^.!?]{0,12}\bfinal\b"
    r"|一分(?:钱)?(?:也|都)?(?:不多|不能多|没有多|不会多|别想多)|多一分(?:钱)?(?:也|都)?(?:没有|不给|不行|不还)|不会?再?多(?:给|还|出)一分",
    re.IGNORECASE,
)


def last_word(text: str) -> bool:
    """Whether a sum is said to be all that will ever be paid, or, in a talk of instalments, the most each time."""
    return bool(_LAST_WORD.search(text))


_OFFERED = re.compile(
    r"\b(?:can|could|i'?ll|i will|able to|afford|happy to|manage(?: to)?)\s+"
    r"(?:(?:just|only|maybe|probably|prob|pay|do|give|send|put|manage|afford|about|around|like|to|you|u|down)\s+)*$"
    r"|(?:先|能|可以|可|最多|就|每次|每期)(?:还|付|给|交|拿出来?|拿)(?:得起|得出|出|个|上)?$",
    re.IGNORECASE,
)
"""Words right before a sum that make it an offer, whatever else its clause speaks of."""


def is_offered(entity: Entity, text: str) -> bool:
    """Whether the words right before a sum make it an offer to pay that."""
    start = max((match.end() for match in _CLAUSE.finditer(text, 0, entity.start)), default=0)
    return bool(_OFFERED.search(text[start : entity.start]))


def is_of_household(entity: Entity, text: str) -> bool:
    """Whether the clause that a sum stands in is about income or spending, so that the sum is no proposal."""
    start = max((match.end() for match in _CLAUSE.finditer(text, 0, entity.start)), default=0)
    following = _CLAUSE.search(text, entity.end)
    if is_offered(entity, text):
        return False
    clause = text[start : following.start() if following else len(text)]
    return any(cue.search(clause) for cue in (_INCOME, _SPENDING, _LEFT_OVER))


def without_household(understanding: Understanding, text: str) -> Understanding:
    """The understanding without the sums that are told of a household."""
    kept = tuple(e for e in understanding.entities if e.type != "amount" or not is_of_household(e, text))
    return replace(understanding, entities=kept)


def finances_of(understanding: Understanding, text: str, before: Finances, currency: str) -> Finances:
    """What was told of money so far: income, spending, payday, and what they say they can afford."""
    told = replace(before, payday=payday(understanding) or before.payday)
    said = sums(understanding, currency)
    if not understanding.says("inform_finances"):
        monthly = [item.money for item in said if item.period == "month"]
        return replace(told, affordable=monthly[0]) if monthly else told
    spoken = understanding.of_type("amount")
    ends = [0, *(entity.end for entity in spoken)]
    starts = [*(entity.start for entity in spoken[1:]), len(text)]
    for number, (item, entity) in enumerate(zip(said, spoken, strict=False)):
        if understanding.says("propose_amount") and not is_of_household(entity, text):
            told = replace(told, affordable=item.money) if item.period == "month" else told
            continue
        kind = _told_of(text[ends[number] : entity.start], text[entity.end : starts[number]], told)
        told = _with_sum(told, item.money.share(_PER_MONTH.get(item.period, Decimal(1))), kind)
    return told


def monthly_sums(understanding: Understanding, currency: str) -> tuple[Money, ...]:
    """The sums said, by the month; one said without a period is a month's."""
    said = sums(understanding, currency)
    return tuple(item.money.share(_PER_MONTH.get(item.period, Decimal(1))) for item in said)


_BACK = re.compile(
    r"\bnew job\b|\bstart(?:s|ing)? (?:a |my )?(?:new )?(?:job|work)|\bback (?:at|to|in) work\b|\bback on full pay\b"
    r"|\bincome (?:is back|returns?|picks? up|comes? back)\b|\bget(?:ting)? paid again\b"
    r"|复工|入职|新工作|(?:开始|回去|去|能)上班|复岗|恢复(?:收入|工资|上班)|(?:工资|收入)[^，。！？]{0,6}恢复",
    re.IGNORECASE,
)
_THIN = re.compile(
    r"\bthis month(?: is|'s| will be)? (?:really |very |a bit |quite )?(?:tight|hard|thin|tough)\b"
    r"|\b(?:tight|short|skint|strapped) this month\b"
    r"|这个?月(?:很|比较|有点|特别|手头|实在)*(?:紧|难|不宽裕)|本月(?:很|比较)?紧",
    re.IGNORECASE,
)


def recovery_of(understanding: Understanding, text: str, today: date) -> date | None:
    """The local date from which the person's income is back, as far as they say that it is down until then."""
    if _BACK.search(text):
        spans = understanding.of_type("duration")
        day = future_date(understanding, today)
        return day or (today + timedelta(days=span_days(spans[0], today)) if spans else None)
    return add_months(today.replace(day=1), 1) if _THIN.search(text) else None


_Told = Literal["income", "spending", "affordable"]


def _told_of(before: str, after: str, told: Finances) -> _Told:
    """What a sum is, by the nearest word that says so: the last one before it, else the first one after it."""
    if _LEFT_OVER.search(after[:14]):
        return "affordable"
    cues: tuple[tuple[_Told, re.Pattern[str]], ...] = (
        ("income", _INCOME),
        ("spending", _SPENDING),
        ("affordable", _LEFT_OVER),
    )
    for words, nearest in ((before, max), (after, min)):
        found = [(match.start(), kind) for kind, pattern in cues for match in pattern.finditer(words)]
        if found:
            return nearest(found)[1]
    return "income" if told.income is None else "spending"


def _with_sum(told: Finances, monthly: Money, kind: _Told) -> Finances:
    if kind == "affordable":
        return replace(told, affordable=monthly)
    if kind == "income":
        return replace(told, income=monthly if told.income is None else told.income + monthly)
    return replace(told, spending=monthly if told.spending is None else told.spending + monthly)


_SPENDING = re.compile(
    r"\b(?:rent|spend(?:ing)?|bills?|food|groceries|mortgage|childcare|expenses|outgoings|living costs|utilities)\b"
    r"|房租|租金|开销|花销|花费|支出|吃饭|伙食|生活费|学费|水电|房贷|车贷|医药费",
    re.IGNORECASE,
)
_INCOME = re.compile(
    r"\b(?:earn|income|salary|wages?|take home|benefits?|pension|bring in|paycheck|i make)\b"
    r"|\b(?:i get paid(?! (?:on|every|each|by))|universal credit)\b"
    r"|工资|收入|薪|挣|赚|到手|退休金|低保",
    re.IGNORECASE,
)
_LEFT_OVER = re.compile(r"\bleft\b|\bspare\b|剩|富余|结余", re.IGNORECASE)
