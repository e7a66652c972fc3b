"""One cell becomes one value, or the reason why it cannot, in English and Chinese."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import available_timezones

import phonenumbers

from core.errors import ParleyError
from core.money import Money

MARKETS: Mapping[str, str] = {
    "cn": "cn", "china": "cn", "中国": "cn", "中国大陆": "cn", "prc": "cn",
    "us": "us", "usa": "us", "united states": "us", "美国": "us",
    "uk": "uk", "gb": "uk", "united kingdom": "uk", "英国": "uk",
}  # fmt: skip
LANGUAGES: Mapping[str, str] = {
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
_CURRENCIES = {"人民币": "CNY", "RMB": "CNY", "美元": "USD", "英镑": "GBP"}
_SIGNS = {"¥": ("CNY", "JPY"), "元": ("CNY",), "£": ("GBP",), "€": ("EUR",)}
_SUM = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,12})?|[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,12})?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMERIC_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月)([0-9]{1,2})日?(?:[ T][0-9:.]+)?"
)
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NAMED_MONTH = re.compile(r"[0-9]{1,2} [A-Za-z]{3,9} [0-9]{4}")
_SPACE = re.compile(r"\s+")
_ZONES = {zone.lower(): zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")}
_MOST_MINOR = 10**15
_TRUE_DIGITS = 10**15
"""A spreadsheet keeps 15 digits of a number; the rest of a longer one is made up."""


class Unfit(Exception):
    """A cell cannot be read; carries the reason in both languages, never the value."""

    def __init__(self, reason: str, reason_zh: str) -> None:
        super().__init__(reason)
        self.reason, self.reason_zh = reason, reason_zh


def text_of(value: object) -> str:
    """A cell as text on one line; spreadsheets give numbers as floats and dates as dates. Unfit for what no text is."""
    if isinstance(value, str):
        return _plain(value)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    return _plain(str(value))


def _plain(value: str) -> str:
    if value.isascii() and value.isprintable():
        return value.strip()
    text = _SPACE.sub(" ", unicodedata.normalize("NFKC", value)).strip()
    if "\ufffd" in text or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        raise Unfit(
            "holds characters that cannot be read: save the file as UTF-8", "含有无法识别的字符，请将文件另存为 UTF-8"
        )
    return text


def _number(value: int | float) -> str:
    if abs(value) >= _TRUE_DIGITS:
        raise Unfit(
            "the spreadsheet has lost digits of this number: format the column as text",
            "表格已丢失该数字的部分位数，请将此列设为文本格式",
        )
    return str(int(value)) if value == int(value) else format(value, ".15g")


def words(most: int) -> Callable[[str], str]:
    """Reads a text of at most so many characters."""

    def read(text: str) -> str:
        if len(text) > most:
            raise Unfit(f"longer than {most} characters", f"超过{most}个字符")
        return text

    return read


def choice(options: Mapping[str, str], name: str, name_zh: str) -> Callable[[str], str]:
    """Reads one of a few words."""
    known = ", ".join(sorted(set(options.values())))

    def read(text: str) -> str:
        found = options.get(text.lower())
        if found is None:
            raise Unfit(f"unknown {name}: use one of {known}", f"未知的{name_zh}，可用：{known}")
        return found

    return read


def product(text: str) -> str:
    """The product's name as limits know it: `credit card`, 信用卡 and `credit_card` are one."""
    name = _SPACE.sub("_", text.lower())
    if len(name) > 40:
        raise Unfit("longer than 40 characters", "超过40个字符")
    return _PRODUCTS.get(name.replace("_", " "), name)


def currency(text: str) -> str:
    """An ISO 4217 code."""
    code = _CURRENCIES.get(text.upper(), text.upper())
    try:
        Money.zero(code)
    except (ParleyError, ValueError):
        raise Unfit("not an ISO currency code", "不是有效的币种代码") from None
    return code


def money(code: str) -> Callable[[str], Money]:
    """Reads a sum that is owed, in this currency. A decimal comma, or another currency's sign, is never guessed at."""

    def read(text: str) -> Money:
        if re.fullmatch(r"\(.+\)|[-−].*|.*-", text):
            raise Unfit("a sum owed cannot be negative", "欠款不能为负数")
        found = _SUM.fullmatch(_without_sign(text.replace(" ", ""), code))
        if found is None:
            raise Unfit("not a sum of money, such as 1234.50", "不是有效的金额，例如 1234.50")
        try:
            amount = Money.of(Decimal(found[0].replace(",", "")), code)
        except ParleyError:
            raise Unfit(f"more decimals than {code} has", f"小数位数超过{code}的规定") from None
        if amount.minor > _MOST_MINOR:
            raise Unfit("this sum is too large to be true", "金额过大")
        return amount

    return read


def _without_sign(text: str, code: str) -> str:
    if text.isascii() and not text.startswith("$"):
        return text.removeprefix(code).removesuffix(code)
    bare = text.strip("¥£€$元")
    signs = text.replace(bare, "", 1) if bare else text
    if any(not (code.endswith("D") if sign == "$" else code in _SIGNS[sign]) for sign in signs):
        raise Unfit(f"a sum of another currency than {code}", f"金额的币种不是{code}")
    return bare


def day(text: str) -> date:
    """A calendar date from 1900 to 2200, the year first or the month in letters; 03/04/2026 is never guessed at."""
    found = _NUMERIC_DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    try:
        if found is not None:
            year, month, number = (int(part) for part in found.groups() if part is not None)
            read = date(year, month, number)
        elif _NAMED_MONTH.fullmatch(text):
            form = "%d %b %Y" if len(text.split()[1]) == 3 else "%d %B %Y"
            read = datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar date has no zone
        else:
            read = date.min
    except ValueError:
        read = date.min
    if not 1900 <= read.year <= 2200:
        raise Unfit("not a date: write it as 2026-01-31", "不是有效日期，请写成 2026-01-31")
    return read


def days(text: str) -> int:
    """A number of days; negative before the due date."""
    if not re.fullmatch(r"-?[0-9]{1,5}", text):
        raise Unfit("not a whole number of days", "不是整数天数")
    return int(text)


def time_zone(text: str) -> str:
    """A zone that keeps a place's own clock all year; `EST` or an offset would not."""
    found = _ZONES.get(text.lower())
    if found is None:
        raise Unfit("not a time zone: use a name such as Asia/Shanghai", "不是有效时区，例如 Asia/Shanghai")
    return found


def phone(region: str) -> Callable[[str], str]:
    """Reads a telephone number as +12125550100; one without a country code is of this region."""

    def read(text: str) -> str:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            raise Unfit("not a phone number", "不是有效的电话号码") from None
        if not phonenumbers.is_possible_number(number):
            raise Unfit("not a possible phone number in this market", "该市场没有这样的电话号码")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    return read


def email(text: str) -> str:
    """An e-mail address."""
    if len(text) > 200 or not _EMAIL.fullmatch(text):
        raise Unfit("not an e-mail address", "不是有效的邮箱地址")
    return text


def four_digits(text: str) -> str:
    """The last four digits; zeros that a spreadsheet dropped in front come back."""
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise Unfit("give exactly the last four digits", "请只填后四位数字")
    return text.zfill(4)


def four_characters(text: str) -> str:
    """The last four digits or letters, letters large; zeros that a spreadsheet dropped in front come back."""
    if not re.fullmatch(r"[0-9A-Za-z]{1,4}", text):
        raise Unfit("give exactly the last four characters", "请只填后四位")
    return text.zfill(4).upper()


def postcode(market: str | None) -> Callable[[str], str]:
    """Reads a postcode; zeros that a spreadsheet dropped in front come back."""
    digits = {"us": 5, "cn": 6}.get(market or "", 0)

    def read(text: str) -> str:
        if len(text) > 12:
            raise Unfit("longer than 12 characters", "超过12个字符")
        return text.zfill(digits) if text.isdecimal() else text.upper()

    return read


def birth_date(today: date) -> Callable[[str], date]:
    """Reads the birth date of someone who is of age today."""

    def read(text: str) -> date:
        born = day(text)
        if born > today:
            raise Unfit("a birth date in the future", "出生日期在未来")
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if age < 18:
            raise Unfit("this person would be under 18", "此人未满18岁")
        if age > 120:
            raise Unfit("this person would be over 120", "此人超过120岁")
        return born

    return read


def past_day(today: date) -> Callable[[str], date]:
    """Reads a date that is not in the future."""

    def read(text: str) -> date:
        found = day(text)
        if found > today:
            raise Unfit("a date in the future", "日期在未来")
        return found

    return read
