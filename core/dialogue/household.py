"""Which sums of a message tell of a household, and what they tell: income, spending, and what is left to pay with."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from core.calendar import add_months
from core.dialogue.said import future_date, payday, span_days, sums
from core.dialogue.understanding import Entity, Understanding
from core.money import Money
from core.negotiation.types import Finances

_CLAUSE = re.compile(
    r"[，,。.!！?？;；\n]|\b(?:and|but|so|then)\b|然后|但"
    r"|(?<=[\u4e00-\u9fff\d])\s+(?=[\u4e00-\u9fff])(?![一二两三四五六七八九十])"
)
"""Where a clause ends; many who write Chinese put a space where others put a comma."""

_OFFERED = re.compile(
    r"\b(?:can|could|i'?ll|i will|able to|afford|happy to|manage(?: to)?|you(?:'ll)? get|u get)\s+"
    r"(?:(?:just|only|maybe|probably|prob|pay|do|give|send|put|manage|afford|about|around|like|to|you|u|down)\s+)*$"
    r"|(?:先|能|可以|可|最多|就|每次|每期)(?:还|付|给|交|转|打|拿出来?|拿)(?:得起|得出|出|上)?(?:你们?|您)?个?$"
    r"|[还付给转打](?:给)?(?:你们?|您)$|[号日][还付给转打]$|[挤凑]得?出来?个?$",
    re.IGNORECASE,
)
_OFFERED_AFTER = re.compile(r"\s*(?:(?:is|'s) (?:all|the (?:most|best|max))\b|tops\b|max\b)", re.IGNORECASE)
"""Words right before a sum that make it an offer, whatever else its clause speaks of."""

_SETTLED_ON = re.compile(r"(?:块|元)?钱?(?:吧|行不行|行不|行吗|行么|好了|得了|可以吗|成不成)")
"""Words right after a sum that settle on it, before the talk goes on to wages: “500吧 每月15号发工资”."""


def _clause(entity: Entity, text: str) -> tuple[int, int]:
    """Where the clause that a sum stands in begins and ends."""
    start = max((match.end() for match in _CLAUSE.finditer(text, 0, entity.start)), default=0)
    following = _CLAUSE.search(text, entity.end)
    return start, following.start() if following else len(text)


def is_offered(entity: Entity, text: str) -> bool:
    """Whether the words right before a sum, or right after it, make it an offer to pay that."""
    start, _ = _clause(entity, text)
    return bool(_OFFERED.search(text[start : entity.start]) or _OFFERED_AFTER.match(text, entity.end))


def is_of_household(entity: Entity, text: str) -> bool:
    """Whether the clause that a sum stands in is about income or spending, so that the sum is no proposal."""
    if is_offered(entity, text):
        return False
    start, end = _clause(entity, text)
    if _SETTLED_ON.match(text, entity.end) and not any(
        cue.search(text, start, entity.start) for cue in (_INCOME, _SPENDING, _LEFT_OVER)
    ):
        return False
    return any(cue.search(text[start:end]) for cue in (_INCOME, _SPENDING, _LEFT_OVER))


_OWED_ELSEWHERE = re.compile(
    r"加起来|加一起|(?:一共|总共|合计|外面|别家|其他|还)欠|欠(?:了|着)|负债|共.{0,4}家"
    r"|\bowe\b|\bin (?:total|all)\b|\b(?:al)?together\b|\bdebts?\b",
    re.IGNORECASE,
)


_PAID_IN_IT = re.compile(
    r"\b(?:pay|give|send|put|take|now|today|down|first|deposit|clear|settle)\b|[还付给转打]|先|首", re.IGNORECASE
)
"""Words of a clause whose sum is paid to the creditor."""


def without_household(understanding: Understanding, text: str) -> Understanding:
    """The understanding without the sums that are told of a household or owed to others, nor the days told with them;
    nor those that only lead up to the sum that is offered: “my sister sends 500 on the 12th, so I can do 300”."""
    others = understanding.says("multiple_debts")
    amounts = understanding.of_type("amount")
    told = [e for e in amounts if is_of_household(e, text) or (others and _is_owed_elsewhere(e, text))]
    offered = next((e for e in amounts if e not in told and is_offered(e, text)), None)
    if offered is not None:
        told += [e for e in amounts if e not in told and e.start < offered.start and _leads_up(e, text)]
    days = understanding.of_type("date")
    spent = {_clause(e, text) for e in told} - {_clause(e, text) for e in amounts if e not in told}
    beside = [day for day in days if _clause(day, text) in spent]
    if offered is not None and told:
        own = [day for day in days if _clause(day, text) == _clause(offered, text)]
        beside += [day for day in days if own and day not in own]
    gone = (*told, *(beside if any(day not in beside for day in days) else ()))
    return replace(understanding, entities=tuple(e for e in understanding.entities if e not in gone))


def _leads_up(entity: Entity, text: str) -> bool:
    start, end = _clause(entity, text)
    return entity.fields.get("period", "once") == "once" and not _PAID_IN_IT.search(text, start, end)


def _is_owed_elsewhere(entity: Entity, text: str) -> bool:
    """Whether the clause of a sum, in a message about several debts, tells what is owed in all."""
    if entity.fields.get("period", "once") != "once" or is_offered(entity, text):
        return False
    start, end = _clause(entity, text)
    return bool(_OWED_ELSEWHERE.search(text[start:end]))


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
        told = _with_sum(told, item.monthly, kind)
    return told


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


@dataclass(frozen=True, slots=True)
class Recovery:
    """The local date from which income is back, and what said it: a date or a duration that asks for nothing."""

    on: date
    told_by: Entity | None


def recovery_of(understanding: Understanding, text: str, today: date) -> Recovery | None:
    """When the person's income is back, as far as they say that it is down until then."""
    back, thin = _BACK.search(text), _THIN.search(text)
    if back is not None:
        dates, spans = understanding.of_type("date"), understanding.of_type("duration")
        nearest = min(dates, key=lambda entity: _apart(entity, back, text), default=None)
        day = future_date(replace(understanding, entities=(nearest,)), today) if nearest is not None else None
        if day is not None:
            return Recovery(day, nearest)
        return Recovery(today + timedelta(days=span_days(spans[0], today)), spans[0]) if spans else None
    if thin is None:
        return None
    months = (item for item in understanding.of_type("date") if item.start < thin.end() and thin.start() < item.end)
    return Recovery(add_months(today.replace(day=1), 1), next(months, None))


def _apart(entity: Entity, match: re.Match[str], text: str) -> tuple[bool, int]:
    """Whether what was said stands in another clause than the words that it may be of, and how many characters off."""
    start, end = _clause(entity, text)
    return not start <= match.start() < end, max(entity.start - match.end(), match.start() - entity.end)


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
    r"\b(?:rent|spend(?:ing)?|bills?|food|groceries|mortgage|childcare|expenses|outgoings|living costs|utilities"
    r"|car|insurance|petrol|gas|electric(?:ity)?|council tax|day ?care|nursery|child support"
    r"|other (?:loans?|debts?|cards?)|owes? (?:my|me|him|her|them)|just spent|already (?:paid|sent))\b"
    r"|房租|租金|开销|花销|花费|支出|吃饭|吃喝|伙食|生活费|学费|水电|房贷|车贷|医药费|保险"
    r"|(?:别|其他|其它|另外)的?(?:贷款|网贷|卡|欠款|账单)|网贷|花呗|借呗|白条"
    r"|刚(?:刚|才)?[还付给转打交花]了|昨天[还付给转打交花]了",
    re.IGNORECASE,
)

_INCOME = re.compile(
    r"\b(?:earn|income|salary|wages?|take home|benefits?|pension|bring in|paycheck|i make)\b"
    r"|\b(?:(?<!time )i get paid(?! (?:on|every|each|by))|universal credit)\b"
    r"|\bi (?:only )?get \$?(?=\d)|\bon (?:ss|ssi|ssdi)\b"
    r"|工资|收入|月入|薪|挣|赚|到手|退休金|低保",
    re.IGNORECASE,
)

_LEFT_OVER = re.compile(
    r"\bleft\b|\bspare\b|\bto my name\b|\bin (?:my|the) (?:account|bank|pocket)\b"
    r"|剩(?!(?:下|余)?的?[\s，,]*(?:就|再|我|都|慢慢|还|后面|以后|可以|能)*(?:每|分|按|一个?月|月底|下个?月))|富余|结余",
    re.IGNORECASE,
)
