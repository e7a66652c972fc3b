"""One line of a file becomes one case, or the reasons why it cannot."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers

from core.actions.portfolio import PortfolioCase
from core.errors import ParleyError
from core.money import Money
from parley.portfolio.columns import Mapped

_MARKETS = {
    "cn": "cn", "china": "cn", "中国": "cn", "中国大陆": "cn", "prc": "cn",
    "us": "us", "usa": "us", "united states": "us", "美国": "us",
    "uk": "uk", "gb": "uk", "united kingdom": "uk", "英国": "uk",
}  # fmt: skip
_LANGUAGES = {
    "zh": "zh", "chinese": "zh", "中文": "zh", "zh-cn": "zh", "汉语": "zh", "普通话": "zh",
    "en": "en", "english": "en", "英文": "en", "英语": "en", "en-us": "en", "en-gb": "en",
}  # fmt: skip
_PRODUCTS = {
    "信用卡": "credit_card", "credit card": "credit_card", "card": "credit_card",
    "个人贷款": "personal_loan", "personal loan": "personal_loan", "loan": "personal_loan",
    "消费贷": "consumer_loan", "消费贷款": "consumer_loan", "consumer loan": "consumer_loan",
    "车贷": "auto_loan", "汽车贷款": "auto_loan", "auto loan": "auto_loan", "car loan": "auto_loan",
    "小额贷款": "microloan", "小贷": "microloan", "先享后付": "bnpl", "buy now pay later": "bnpl",
    "透支": "overdraft", "overdraft": "overdraft", "store card": "store_card",
}  # fmt: skip
_ZONES = {"cn": "Asia/Shanghai", "uk": "Europe/London"}
_REGIONS = {"cn": "CN", "us": "US", "uk": "GB"}
_FOUR_DIGITS = re.compile(r"^\d{4}$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%d %b %Y", "%d %B %Y")
_KNOWN_ZONES = available_timezones()
FEWEST_FACTS = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line was left out: its line number in the file, the column's header, the reason in English and Chinese."""

    line: int
    column: str
    reason: str
    reason_zh: str
    value: str = ""


T = TypeVar("T")


class _Unfit(Exception):
    """A value cannot be read; carries the reason in both languages."""

    def __init__(self, reason: str, reason_zh: str) -> None:
        super().__init__(reason)
        self.reason, self.reason_zh = reason, reason_zh


class RowReader:
    """Reads the lines of one file by its column mapping. `today` dates balances that carry no date of their own."""

    def __init__(self, mapped: Mapped, today: date) -> None:
        self.mapped = mapped
        self.today = today

    def read(self, line: int, cells: Sequence[object]) -> PortfolioCase | list[Problem]:
        """The case on this line, or every problem found in it."""
        row = _Row(self.mapped, line, cells)
        case = self._case(row)
        return case if case is not None and not row.problems else row.problems

    def _case(self, row: "_Row") -> PortfolioCase | None:
        market = row.take("market", _choice(_MARKETS, "market", "市场"))
        currency = row.take("currency", _currency)
        creditor, reference = row.take("creditor", _text(200)), row.take("reference", _text(80))
        name = row.take("debtor_name", _text(200))
        money = _money(currency or "")
        principal = row.take("principal", money) if currency else None
        nothing = Money.zero(currency) if currency else None
        interest = (row.take("interest", money, optional=True) or nothing) if currency else None
        fees = (row.take("fees", money, optional=True) or nothing) if currency else None
        as_of = row.take("balance_as_of", _date, optional=True) or self.today
        due = self._due(row, as_of)
        opened = row.take("opened_on", _date, optional=True)
        zone = self._zone(row, market)
        language = row.take("language", _choice(_LANGUAGES, "language", "语言"), optional=True)
        facts, contacts = self._facts(row, market)
        if principal is not None and interest is not None and fees is not None and not principal + interest + fees:
            row.problem("principal", "nothing is owed on this line", "这一行没有欠款")
        if not (market and creditor and reference and name and principal is not None and due and zone and currency):
            return None
        if interest is None or fees is None:
            return None
        return PortfolioCase(
            creditor=creditor,
            reference=reference,
            market=market,
            product=row.take("product", _product, optional=True) or "personal_loan",
            currency=currency,
            principal=principal,
            interest=interest,
            fees=fees,
            due_date=due,
            balance_as_of=as_of,
            opened_on=opened,
            contract=row.contract(),
            debtor_name=name,
            language=language or ("zh" if market == "cn" else "en"),
            time_zone=zone,
            facts=facts,
            contacts=contacts,
            creditor_phone=row.take("creditor_phone", _text(60), optional=True) or "",
        )

    def _due(self, row: "_Row", as_of: date) -> date | None:
        due = row.take("due_date", _date, optional=True)
        days = row.take("days_past_due", _days, optional=True)
        if due is None and days is not None:
            return as_of - timedelta(days=days)
        if due is None and not row.problem_in("due_date", "days_past_due"):
            row.problem("due_date", "give a due date or the days past due", "请填写应还日期或逾期天数")
        return due

    def _zone(self, row: "_Row", market: str | None) -> str | None:
        zone = row.take("time_zone", _zone, optional=True)
        if zone is None and market is not None and not row.problem_in("time_zone"):
            zone = _ZONES.get(market)
            if zone is None:
                row.problem(
                    "time_zone",
                    "this market has several time zones: give one, such as America/Chicago",
                    "该市场有多个时区，请填写，例如 America/Chicago",
                )
        return zone

    def _facts(self, row: "_Row", market: str | None) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
        facts: dict[str, str] = {}
        contacts: list[tuple[str, str]] = []
        birth = row.take("birth_date", _date, optional=True)
        if birth is not None:
            facts["birth_date"] = birth.isoformat()
        phone = row.take("phone", _phone(_REGIONS.get(market or "", "US")), optional=True)
        if phone:
            contacts.append(("phone", phone))
            facts["phone_last4"] = phone[-4:]
        email = row.take("email", _email, optional=True)
        if email:
            contacts.append(("email", email))
        for fact in ("phone_last4", "account_last4", "id_last4"):
            digits = row.take(fact, _four_digits if fact != "id_last4" else _four_characters, optional=True)
            if digits:
                facts[fact] = digits
        postcode = row.take("postcode", _text(12), optional=True)
        if postcode:
            facts["postcode"] = postcode
        if len(facts) < FEWEST_FACTS and not row.problem_in("birth_date", "phone", "phone_last4", "account_last4"):
            row.problem(
                "birth_date",
                "the identity check needs at least two facts (birth date, phone, account last 4, ID last 4, postcode)",
                "身份核对至少需要两项信息（出生日期、手机号、账户后四位、证件后四位、邮编）",
            )
        return facts, tuple(contacts)


class _Row:
    def __init__(self, mapped: Mapped, line: int, cells: Sequence[object]) -> None:
        self.mapped, self.line, self.cells = mapped, line, cells
        self.problems: list[Problem] = []
        self._unfit: set[str] = set()

    def take(self, field: str, read: Callable[[str], T], *, optional: bool = False) -> T | None:
        """The field's value, or None with a problem noted when it is missing or unfit."""
        index = self.mapped.fields.get(field)
        text = _cell(self.cells[index]) if index is not None and index < len(self.cells) else ""
        if not text:
            if not optional:
                self.problem(field, "this field is empty", "此项为空")
            return None
        try:
            return read(text)
        except _Unfit as error:
            self.problem(field, error.reason, error.reason_zh, text)
            return None

    def problem(self, field: str, reason: str, reason_zh: str, value: str = "") -> None:
        index = self.mapped.fields.get(field)
        column = self.mapped.headers[index] if index is not None else field
        self._unfit.add(field)
        self.problems.append(Problem(self.line, column, reason, reason_zh, value))

    def problem_in(self, *fields: str) -> bool:
        return any(field in self._unfit for field in fields)

    def contract(self) -> dict[str, str]:
        found = {
            name: _cell(self.cells[index]) for name, index in self.mapped.contract.items() if index < len(self.cells)
        }
        return {name: text for name, text in found.items() if text}


def _cell(value: object) -> str:
    """A cell as text; spreadsheets give whole numbers as floats and dates as dates."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize("NFKC", str(value)).strip()


def _text(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > most:
            raise _Unfit(f"longer than {most} characters", f"超过{most}个字符")
        return text

    return read


def _choice(options: dict[str, str], name: str, name_zh: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        found = options.get(text.lower())
        if found is None:
            known = ", ".join(sorted(set(options.values())))
            raise _Unfit(f"unknown {name}: use one of {known}", f"未知的{name_zh}，可用：{known}")
        return found

    return read


def _product(text: str) -> str:
    return _PRODUCTS.get(text.lower(), re.sub(r"\s+", "_", text.lower())[:40])


def _currency(text: str) -> str:
    code = {"人民币": "CNY", "RMB": "CNY", "美元": "USD", "英镑": "GBP"}.get(text.upper(), text.upper())
    try:
        Money.zero(code)
    except (ParleyError, ValueError):
        raise _Unfit("not an ISO currency code", "不是有效的币种代码") from None
    return code


def _money(currency: str) -> Callable[[str], Money]:
    def read(text: str) -> Money:
        try:
            value = Decimal(re.sub(r"[,，\s¥$£€元]", "", text))
            money = Money.of(value, currency)
        except (InvalidOperation, ParleyError, ValueError):
            raise _Unfit("not a sum of money, such as 1234.50", "不是有效的金额，例如 1234.50") from None
        if money.minor < 0:
            raise _Unfit("a sum owed cannot be negative", "欠款不能为负数")
        if money.minor > 10**15:
            raise _Unfit("this sum is too large to be true", "金额过大")
        return money

    return read


def _date(text: str) -> date:
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar date has no zone
        except ValueError:
            continue
    raise _Unfit("not a date: write it as 2026-01-31", "不是有效日期，请写成 2026-01-31")


def _days(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,5}", text):
        raise _Unfit("not a whole number of days", "不是整数天数")
    return int(text)


def _zone(text: str) -> str:
    if text not in _KNOWN_ZONES:
        raise _Unfit("not a time zone: use a name such as Asia/Shanghai", "不是有效时区，例如 Asia/Shanghai")
    return ZoneInfo(text).key


def _phone(region: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            raise _Unfit("not a phone number", "不是有效的电话号码") from None
        if not phonenumbers.is_possible_number(number):
            raise _Unfit("not a possible phone number in this market", "该市场没有这样的电话号码")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    return read


def _email(text: str) -> str:
    if not _EMAIL.match(text):
        raise _Unfit("not an e-mail address", "不是有效的邮箱地址")
    return text


def _four_digits(text: str) -> str:
    digits = text.zfill(4)
    if not _FOUR_DIGITS.match(digits):
        raise _Unfit("give exactly the last four digits", "请只填后四位数字")
    return digits


def _four_characters(text: str) -> str:
    if len(text.zfill(4)) != 4:
        raise _Unfit("give exactly the last four characters", "请只填后四位")
    return text.zfill(4).upper()
