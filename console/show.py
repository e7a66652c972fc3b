"""How values read on a page: money, dates, times, durations, shares. One set of filters for each language."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from gettext import NullTranslations
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from markupsafe import Markup

from console import intents, labels, texts
from console.i18n import N_, Language
from core.actions.canned import Problem as ReplyProblem
from core.actions.notices import MENTION
from core.compliance import Reason
from core.compliance.alternatives import instead_of
from core.money import Money
from core.policy import Breach, Problem
from core.policy.codec import SHARE_FIELDS, SUM_FIELDS
from core.wording import date_text, money_text
from core.wording.because import explain

_BAND = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)?")
_MASK = re.compile("‹([^‹›]{1,20})›")


@cache
def zone(name: str | None) -> ZoneInfo:
    """The time zone of this name, UTC where it is none."""
    return ZoneInfo(name if name and name in available_timezones() else "UTC")


class Shown:
    """Filters for one language. `market` chooses between American and British dates."""

    def __init__(self, language: Language, translations: NullTranslations) -> None:
        self.language = language
        self.gettext = translations.gettext
        self.ngettext = translations.ngettext

    def locale(self, market: str = "us") -> str:
        """The locale for dates and numbers."""
        if self.language == "zh":
            return "zh_CN"
        return "en_GB" if market == "uk" else "en_US"

    def money(self, amount: Money, market: str = "us") -> str:
        """A sum with its symbol."""
        return money_text(amount, self.language, market)

    def amount(self, text: str, currency: str, market: str = "us") -> str:
        """A sum given as a plain decimal, with its symbol."""
        return self.money(Money.of(text, currency), market)

    def iso_day(self, text: str, market: str = "us") -> str:
        """A date given as ISO text, in few letters."""
        return self.short_day(date.fromisoformat(text), market)

    def day(self, value: date, market: str = "us") -> str:
        """A date in full."""
        return date_text(value, self.language, market)

    def short_day(self, value: date, market: str = "us") -> str:
        """A date in few letters, year included."""
        return format_date(value, "medium", locale=self.locale(market))

    def clock(self, at: datetime, time_zone: str, market: str = "us") -> str:
        """The time of day in a time zone."""
        pattern = "HH:mm" if self.language == "zh" or market == "uk" else "short"
        return format_time(at, pattern, tzinfo=zone(time_zone), locale=self.locale(market)).replace("\u202f", " ")

    def moment(self, at: datetime, time_zone: str, market: str = "us") -> str:
        """Date and time in a time zone."""
        day = format_date(at.astimezone(zone(time_zone)).date(), "medium", locale=self.locale(market))
        return f"{day} {self.clock(at, time_zone, market)}"

    def local_day(self, at: datetime, time_zone: str, market: str = "us") -> str:
        """The date of a moment in a time zone, with its weekday."""
        local = at.astimezone(zone(time_zone)).date()
        return format_date(
            local, "EEEE, d MMMM" if self.language == "en" else "M月d日 EEEE", locale=self.locale(market)
        )

    def waited(self, since: datetime, now: datetime) -> str:
        """How long something has waited, in the largest unit that fits."""
        minutes = max(0, int((now - since).total_seconds()) // 60)
        if minutes < 1:
            return self.gettext("under a minute")
        if minutes < 60:
            return self.ngettext("%(num)s min", "%(num)s min", minutes) % {"num": minutes}
        if minutes < 24 * 60:
            return self.gettext("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}
        days = minutes // (24 * 60)
        return self.ngettext("%(num)s day", "%(num)s days", days) % {"num": days}

    def share(self, value: Decimal | str) -> str:
        """A fraction as a percentage with no more decimals than it has."""
        percent = (Decimal(value) * 100).normalize()
        return f"{format_decimal(percent, locale=self.locale(), decimal_quantization=False)}%"

    def number(self, value: int | Decimal) -> str:
        """A number with its thousands apart."""
        return format_decimal(value, locale=self.locale(), decimal_quantization=False)

    def file_size(self, size: int) -> str:
        """A size in bytes as kB or MB."""
        value, unit = (Decimal(size) / 1_000_000, "MB") if size >= 1_000_000 else (Decimal(size) / 1000, "kB")
        return f"{format_decimal(value, '#,##0.#', locale=self.locale())} {unit}"

    def label(self, value: str | None, table: str) -> str:
        """A stored value in words; one that has none is shown as it is."""
        known: Mapping[str, str] = getattr(labels, table)
        if value is not None and value in known:
            return self.gettext(known[value])
        return (value or "").replace("_", " ")

    def label_of(self, value: str, table: str) -> str:
        """A stored value of the understanding in words."""
        known: Mapping[str, str] = getattr(intents, table)
        return self.gettext(known[value]) if value in known else value

    def intent(self, name: str) -> str:
        """What somebody means, in a few words."""
        return self.gettext(intents.INTENTS[name]) if name in intents.INTENTS else name.replace("_", " ")

    def percent(self, value: float | None) -> str:
        """A measured share as a percentage with one decimal; a dash where nothing could be measured."""
        if value is None:
            return "–"
        return f"{format_decimal(round(value * 100, 1), '0.0', locale=self.locale())}%"

    def points(self, value: float) -> str:
        """How far two shares are apart, in percentage points, with its sign."""
        return format_decimal(round(value * 100, 1), "+0.0;−0.0", locale=self.locale())

    def refusal(self, reason: Reason) -> str:
        """Why compliance refused, in a sentence."""
        default = texts.REFUSED_WORDING if "words" in reason.data else texts.REFUSED_OTHERWISE
        return self._filled(texts.REFUSALS.get(reason.message_key, default), reason.data)

    def instead(self, reason: Reason, language: str) -> str:
        """What could be said instead of refused words, in the debtor's language; nothing where nothing may be said."""
        return instead_of(reason, language)

    def reply_problem(self, problem: ReplyProblem) -> str:
        """What keeps a kept reply from being saved, in a sentence."""
        own = labels.REPLY_PROBLEMS.get(problem.code)
        default = texts.REFUSALS.get(problem.code, texts.REFUSED_WORDING)
        return self._filled(own or default, problem.data)

    def named(self, values: Sequence[str], table: str) -> str:
        """Stored values in words, one after the other."""
        return self.gettext(", ").join(self.label(value, table) for value in values)

    def problem(self, problem: Problem) -> str:
        """What is wrong with a field, in a sentence."""
        data = dict(problem.data)
        if problem.message_key == "limits.legal_ceiling":
            data["most"] = self.limit(problem.field, data["most"])
        return self._filled(texts.PROBLEMS[problem.message_key], data)

    def said(self, key: str) -> str:
        """A sentence of the console by its key."""
        return self._filled(texts.PROBLEMS[key], {})

    def field(self, name: str) -> str:
        """A limit's name."""
        return self.gettext(texts.FIELDS[name]) if name in texts.FIELDS else name.replace("_", " ")

    def limit(self, field: str, value: Any, currency: str | None = None, market: str = "us") -> str:
        """A limit's value with its unit; `value` is as limits store it or as a breach writes it."""
        if field == "concession_pace":
            return self.label(str(value), "PACES")
        if isinstance(value, list | tuple) or field == "frequencies":
            names = value if isinstance(value, list | tuple) else [part.strip() for part in str(value).split(",")]
            return self.gettext(", ").join(self.label(str(name), "FREQUENCIES") for name in names)
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return self._day_or_text(str(value), market)
        if field in SHARE_FIELDS:
            return self.share(number)
        if field in SUM_FIELDS and currency:
            return self.money(Money.of(number, currency), market)
        if field.endswith("_days") or "days" in field:
            return self.ngettext("%(num)s day", "%(num)s days", int(number)) % {"num": self.number(int(number))}
        return self.number(number)

    def rule_name(self, rule: str) -> str:
        """A rule's id in words, or that of a legal ceiling."""
        market, *parts = rule.split("/")
        if market not in labels.MARKETS:
            return self.gettext(N_("Law (%(rule)s)")) % {"rule": rule}
        named = [self._selector(part) for part in parts] or [self.gettext(N_("All other products"))]
        return " · ".join((self.label(market, "MARKETS"), *named))

    def group_name(self, row: Mapping[str, Any]) -> str:
        """A group of people that a simulation compares, in words."""
        attribute, group = row["attribute"], row["group"]
        if not group:
            return self.gettext(N_("Nothing of these"))
        table = labels.GROUP_TABLES.get(attribute)
        return self.label(group, table) if table else str(group)

    def _selector(self, part: str) -> str:
        if part.startswith("@"):
            return unquote(part[1:])
        found = _BAND.fullmatch(part)
        if found is not None:
            return self.band(Decimal(found[1]), Decimal(found[2]) if found[2] else None)
        tables = ("PRODUCTS", "BUCKETS", "SEGMENTS", "ASKERS")
        return self.label(part, next((name for name in tables if part in getattr(labels, name)), "PRODUCTS"))

    def band(self, least: Decimal, below: Decimal | None) -> str:
        """Balances from one sum up to another, in words."""
        shown = {"least": self.number(least), "below": "" if below is None else self.number(below)}
        if below is None:
            return self.gettext(N_("Balance from %(least)s")) % shown
        if not least:
            return self.gettext(N_("Balance under %(below)s")) % shown
        return self.gettext(N_("Balance from %(least)s to under %(below)s")) % shown

    def breach(self, found: Breach, market: str = "us") -> Mapping[str, str]:
        """What was asked and what is allowed, each with its unit and, where there is one, its sum."""
        currency = found.data.get("currency")
        shown = {
            "field": self.field(found.field),
            "asked": self.limit(found.field, found.asked, currency, market),
            "allowed": self.limit(found.field, found.allowed, currency, market),
            "by": self._by(found, currency, market),
        }
        for side in ("asked", "allowed"):
            if currency and f"{side}_sum" in found.data:
                total = self.money(Money.of(found.data[f"{side}_sum"], currency), market)
                shown[side] += f" ({total})"
        return shown

    def _by(self, found: Breach, currency: str | None, market: str) -> str:
        """By how much it is outside, in the field's own unit; nothing where the two cannot be compared."""
        try:
            apart = abs(Decimal(found.asked) - Decimal(found.allowed))
        except InvalidOperation:
            return ""
        return self.limit(found.field, apart, currency, market)

    def _day_or_text(self, text: str, market: str) -> str:
        try:
            return self.short_day(date.fromisoformat(text), market)
        except ValueError:
            return text

    def _filled(self, text: str, data: Mapping[str, str]) -> str:
        shown = dict(data)
        if "local_time" in shown:
            at = datetime.fromisoformat(shown["local_time"])
            shown["local_time"] = format_datetime(at, "short", locale=self.locale())
        return self.gettext(text) % shown

    def reason(self, line: str) -> str:
        """A reason of the assistant's as a sentence, what it heard in the words of the team."""
        name, _, value = line.partition(":")
        if name == "intent" and value in intents.INTENTS:
            return explain(f"intent:{self.intent(value)}", self.language)
        if name == "flag" and value in labels.FLAGS:
            return explain(f"flag:{self.gettext(labels.FLAGS[value])}", self.language)
        return explain(line, self.language)

    def filters(self) -> Mapping[str, Callable[..., str]]:
        """By the names that templates use."""
        return {
            "money": self.money,
            "amount": self.amount,
            "iso_day": self.iso_day,
            "day": self.day,
            "short_day": self.short_day,
            "clock": self.clock,
            "moment": self.moment,
            "local_day": self.local_day,
            "waited": self.waited,
            "share": self.share,
            "number": self.number,
            "bytes": self.file_size,
            "label": self.label,
            "intent": self.intent,
            "label_of": self.label_of,
            "masked": masked,
            "percent": self.percent,
            "points": self.points,
            "reason": self.reason,
            "band": self.band,
            "refusal": self.refusal,
            "instead": self.instead,
            "reply_problem": self.reply_problem,
            "named": self.named,
            "mentions": mentions,
            "problem": self.problem,
            "said": self.said,
            "field": self.field,
            "limit": self.limit,
            "rule_name": self.rule_name,
            "group_name": self.group_name,
            "initials": initials,
            "iso": iso,
        }


def initials(name: str) -> str:
    """Up to two letters for an avatar: the last character of a Chinese name's given name, or first letters."""
    name = name.strip()
    if not name:
        return "?"
    if any("\u4e00" <= letter <= "\u9fff" for letter in name):
        return name[-2:] if len(name) > 2 else name[-1]
    words = name.split()
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def mentions(text: str, login: str) -> Markup:
    """A note with the people whom it names set apart, oneself most of all."""
    shown, end = Markup(""), 0
    for found in MENTION.finditer(text):
        kind = "mention me" if found[1].lower() == login else "mention"
        shown += text[end : found.start()] + Markup('<span class="{}">@{}</span>').format(kind, found[1])
        end = found.end()
    return shown + text[end:]


def masked(text: str) -> Markup:
    """A masked text, its masks set apart from the words that were written."""
    pieces = _MASK.split(text)
    return Markup("").join(
        Markup('<span class="mask">{}</span>').format(piece) if place % 2 else piece
        for place, piece in enumerate(pieces)
    )


def iso(at: datetime) -> str:
    """For a machine: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
