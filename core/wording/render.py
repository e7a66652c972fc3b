"""From a decision's reply to the text that a debtor reads: catalogue keys and values, in their language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import groupby
from string import Formatter
from typing import Any, Literal

import yaml
from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency

from core.calendar import Frequency
from core.dialogue.decision import Reply, Say
from core.dialogue.lines import LONG
from core.errors import InvariantBroken
from core.money import Money
from core.plans import Balance, Instalment, Schedule
from core.wording.terms import components_text, steps_text

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

BEFORE_IDENTITY = frozenset(
    ("greet", "verify", "safety", "comply", "escalate", "social", "clarify", "media", "person", "button", "handback")
)
"""Areas whose texts tell nothing about a debt, and may be said to somebody who has not been identified."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text of one message, and the (value, label) of each button under it."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()


def render(
    reply: Reply, language: Language, market: str = "us", texts: Mapping[str, Mapping[str, str]] | None = None
) -> Rendered:
    """The reply as text. `market` chooses between American and British dates; `texts` stand in for the shipped ones.

    InvariantBroken for an unknown key.
    """
    text = ""
    for paragraph in reply.says:
        said = say(paragraph, language, market, texts=texts)
        if text:
            text += "\n" if paragraph.key.startswith("offer.line_") else "\n\n"
        text += said
    labels = tuple(
        (button.value, say(Say(button.label, button.params), language, market, short=True, texts=texts))
        for button in reply.buttons
    )
    return Rendered(text, labels)


def discloses(reply: Reply) -> bool:
    """Whether the reply tells anything about a debt; any key outside the areas known to be safe does."""
    keys = (*(say.key for say in reply.says), *(button.label for button in reply.buttons))
    return any(key.partition(".")[0] not in BEFORE_IDENTITY for key in keys)


def say(
    paragraph: Say,
    language: Language,
    market: str = "us",
    *,
    short: bool = False,
    texts: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """One paragraph as text."""
    entry = (catalogue() if texts is None else texts).get(paragraph.key)
    if entry is None:
        raise InvariantBroken("The catalogue has no such text.", key=paragraph.key)
    formatter = _Formatter(_Style(language, market, short))
    text = formatter.vformat(entry[language], (), _completed(paragraph.params, language))
    return _GAP.sub("", text) if "" in paragraph.params.values() else text


_GAP = re.compile(r" (?=[ ,.;])")
"""The space that a value which is not there leaves behind."""


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every debtor text by key and language."""
    texts: dict[str, Mapping[str, str]] = {}
    for file in sorted(resources.files("core.wording").joinpath("catalogue").iterdir(), key=lambda item: item.name):
        if file.name.endswith(".yml"):
            texts |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return texts


_PRODUCTS: Mapping[str, Mapping[str, str]] = {
    "credit_card": {"zh": "信用卡", "en": "credit card"},
    "personal_loan": {"zh": "个人贷款", "en": "personal loan"},
    "consumer_loan": {"zh": "消费贷款", "en": "consumer loan"},
    "auto_loan": {"zh": "汽车贷款", "en": "car loan"},
    "mortgage": {"zh": "住房贷款", "en": "mortgage"},
    "overdraft": {"zh": "透支账户", "en": "overdraft"},
    "store_card": {"zh": "商店卡", "en": "store card"},
    "microloan": {"zh": "小额贷款", "en": "small loan"},
    "bnpl": {"zh": "先享后付账单", "en": "pay-later account"},
}


def product_name(product: str, language: Language) -> str:
    """A product's name in words; one that is not known is shown as it was imported."""
    names = _PRODUCTS.get(product)
    return names[language] if names else product.replace("_", " ")


_DAYS_ZH: Mapping[str, str] = {
    "Mon": "周一", "Tue": "周二", "Wed": "周三", "Thu": "周四", "Fri": "周五", "Sat": "周六", "Sun": "周日",
}  # fmt: skip


def _hours_zh(hours: str) -> str:
    """`Mon-Fri 09:00-18:00; Sat 09:00-12:00` as it is said in Chinese."""
    named = re.sub(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b", lambda found: _DAYS_ZH[found[1]], hours)
    return re.sub(r"(周.)\s*-\s*(周.)", r"\1至\2", named).replace("; ", "，")


def hours_text(hours: str, language: Language) -> str:
    """Working hours as they are said in a language."""
    return _hours_zh(hours) if language == "zh" else hours


def _completed(params: Mapping[str, Any], language: Language) -> Mapping[str, Any]:
    if "hours" in params and language == "zh":
        return {**params, "hours": _hours_zh(str(params["hours"]))}
    if "product" not in params:
        return params
    name = product_name(str(params["product"]), language)
    account = params.get("account")
    if account:
        name = f"尾号{account}的{name}" if language == "zh" else f"{name} ending {account}"
    return {**params, "account_name": name}


@dataclass(frozen=True, slots=True)
class _Style:
    language: Language
    market: str
    short: bool

    @property
    def locale(self) -> Locale:
        if self.language == "zh":
            return Locale("zh", "CN", "Hans")
        return Locale("en", "GB" if self.market == "uk" else "US")


_EVERY: Mapping[Frequency, Mapping[Language, str]] = {
    Frequency.WEEK: {"zh": "每周", "en": "a week"},
    Frequency.FORTNIGHT: {"zh": "每两周", "en": "every two weeks"},
    Frequency.FOUR_WEEKS: {"zh": "每四周", "en": "every four weeks"},
    Frequency.SEMI_MONTH: {"zh": "每半个月", "en": "twice a month"},
    Frequency.MONTH: {"zh": "每月", "en": "a month"},
    Frequency.QUARTER: {"zh": "每季度", "en": "a quarter"},
}


def money_text(money: Money, language: Language, market: str = "us") -> str:
    """A sum with its symbol: the yuan sign for CNY in both languages, so that an account reads the same in each."""
    locale = _Style(language, market, short=False).locale
    return format_currency(money.decimal, money.currency, locale=locale).replace("CN¥", "¥").replace("\xa0", "")


def date_text(day: date, language: Language, market: str = "us") -> str:
    """A date in full, year included: 2026年12月12日, December 12, 2026, 12 December 2026."""
    return format_date(day, "long", locale=_Style(language, market, short=False).locale)


def moment_text(at: datetime, language: Language, market: str = "us") -> str:
    """A moment near at hand, by the clock that it carries: 11月30日星期一09:00, Monday, November 30 at 9:00 AM."""
    locale = _Style(language, market, short=False).locale
    patterns = {"zh": "M月d日EEEE", "en": "EEEE d MMMM" if market == "uk" else "EEEE, MMMM d"}
    clock = "h:mm a" if language == "en" and market != "uk" else "HH:mm"
    day = format_date(at.date(), patterns[language], locale=locale)
    time_ = format_time(at.time(), clock, locale=locale)
    return f"{day}{time_}" if language == "zh" else f"{day} at {time_}"


def _alike(line: Instalment) -> tuple[bool, Money]:
    return line.number == 0, line.amount


class _Formatter(Formatter):
    """Fills a text: money, dates, frequencies and schedules by their type; `{n:day|days}` counts."""

    def __init__(self, style: _Style) -> None:
        self.style = style

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value as text."""
        if "|" in format_spec:
            one, _, many = format_spec.partition("|")
            return f"{value} {one if value == 1 else many}"
        match value:
            case Money():
                return self._sum(value)
            case datetime():
                return moment_text(value, self.style.language, self.style.market)
            case date():
                return self._date(value)
            case Frequency():
                return _EVERY[value][self.style.language]
            case Schedule():
                return self._schedule(value)
            case Balance():
                return components_text(value, self.style.language, self._sum)
            case tuple():
                return steps_text(value, self.style.language, self._sum)
            case Decimal():
                return f"{value.normalize():f}"
            case _:
                return str(value)

    def _date(self, day: date) -> str:
        if not self.style.short:
            return date_text(day, self.style.language, self.style.market)
        if self.style.language == "zh":
            return f"{day.month}月{day.day}日"
        return format_date(day, "d MMM" if self.style.market == "uk" else "MMM d", locale=self.style.locale)

    def _sum(self, money: Money) -> str:
        return money_text(money, self.style.language, self.style.market)

    def _schedule(self, schedule: Schedule) -> str:
        if len(schedule.lines) > LONG:
            return "\n".join(self._run(list(run)) for _, run in groupby(schedule.lines, key=_alike))
        return "\n".join(self._line(line) for line in schedule.lines)

    def _line(self, line: Instalment) -> str:
        label = f"{line.number}." if line.number else ("首付" if self.style.language == "zh" else "First payment")
        day, amount = self._date(line.due), self._sum(line.amount)
        return f"{label} {day}　{amount}" if self.style.language == "zh" else f"{label} {day}: {amount}"

    def _run(self, run: Sequence[Instalment]) -> str:
        """Payments of one sum on end, from the first date to the last; one alone as a line of its own."""
        first, last, amount = run[0], run[-1], self._sum(run[0].amount)
        if len(run) == 1:
            return self._line(first)
        if self.style.language == "zh":
            return f"{first.number}至{last.number}. {self._date(first.due)}至{self._date(last.due)}　每期{amount}"
        return f"{first.number} to {last.number}. {self._date(first.due)} to {self._date(last.due)}: {amount} each"
