"""Which column holds what: headers in English and Chinese, as lenders write them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.actions.portfolio import OWN_FACTS

HEADERS: Mapping[str, tuple[str, ...]] = {
    "creditor": ("creditor", "lender", "bank", "client", "债权人", "债权机构", "贷款机构", "银行", "委托方"),
    "creditor_phone": ("creditor phone", "official phone", "客服电话", "官方电话", "债权人电话"),
    "reference": (
        "reference", "case reference", "case ref", "ref", "case id", "case number",
        "案件编号", "编号", "案件号", "借据号", "合同编号",
    ),
    "product": ("product", "product type", "产品", "产品类型", "业务类型"),
    "currency": ("currency", "ccy", "币种", "货币"),
    "principal": ("principal", "principal balance", "本金", "剩余本金", "本金余额"),
    "interest": ("interest", "interest due", "利息", "应收利息"),
    "fees": ("fees", "fee", "charges", "late fees", "费用", "手续费"),
    "penalty": ("penalty", "penalties", "late payment penalty", "违约金", "滞纳金"),
    "due_date": ("due date", "due", "date due", "应还日期", "到期日", "应还日", "还款日"),
    "days_past_due": ("days past due", "dpd", "days overdue", "days late", "逾期天数", "逾期天"),
    "balance_as_of": ("balance as of", "as of", "balance date", "余额日期", "数据日期", "截止日期"),
    "opened_on": ("opened on", "contract date", "opened", "start date", "签约日期", "合同日期", "开户日期", "放款日期"),
    "debtor_name": (
        "debtor name", "name", "customer", "customer name", "borrower", "债务人", "姓名", "客户姓名", "借款人",
    ),
    "phone": ("phone", "mobile", "phone number", "telephone", "手机", "手机号", "手机号码", "联系电话", "电话"),
    "email": ("email", "e-mail", "mail", "邮箱", "电子邮箱", "电子邮件"),
    "language": ("language", "lang", "语言"),
    "time_zone": ("time zone", "timezone", "tz", "时区"),
    "market": ("market", "country", "市场", "国家", "地区"),
    "birth_date": ("birth date", "date of birth", "dob", "出生日期", "生日"),
    "phone_last4": ("phone last4", "phone last 4", "手机后四位", "手机尾号"),
    "account_last4": (
        "account last4", "account last 4", "card last4", "card last 4",
        "卡号后四位", "卡尾号", "账号后四位", "账户尾号",
    ),
    "id_last4": ("id last4", "id last 4", "ssn last4", "证件后四位", "身份证后四位"),
    "postcode": ("postcode", "zip", "zip code", "postal code", "邮编", "邮政编码"),
}  # fmt: skip
"""The fields of an import and the headers that name them; case, spaces, `_` and `-` do not matter."""

REQUIRED = ("creditor", "reference", "currency", "principal", "debtor_name", "market")
"""Fields that every file must have a column for; besides one of `due_date` and `days_past_due`."""

ONE_COLUMN = frozenset(
    (
        *REQUIRED, "interest", "fees", "penalty", "due_date", "days_past_due", "balance_as_of", "birth_date",
        "account_last4",
    )
)  # fmt: skip
"""Fields of which a file may not have two columns: taking one of two sums, dates or names would be a guess."""

PERSONAL = frozenset(
    ("debtor_name", "phone", "email", "birth_date", "phone_last4", "account_last4", "id_last4", "postcode")
)
"""Fields whose values are never shown or written anywhere but in the database."""

_CONTRACT = re.compile(r"^(?:contract|合同)[ .:：_]+(.+)$")
_MONEY = frozenset(("principal", "interest", "fees", "penalty"))
_BETWEEN_LANGUAGES = re.compile(
    r"[()\[\]【】/|;]+|(?<=[\u4e00-\u9fff])\s*(?=[a-z])|(?<=[a-z])\s*(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\s+"
)


@dataclass(frozen=True, slots=True)
class Mapped:
    """`fields` gives the column's index by field, `contract` those of contract facts by their name; `ignored` lists
    headers that mean nothing here, `missing` the required fields that no header names, `doubled` the headers that
    name one field twice where that may not be."""

    headers: tuple[str, ...]
    fields: Mapping[str, int]
    contract: Mapping[str, int]
    ignored: tuple[str, ...]
    missing: tuple[str, ...]
    doubled: Mapping[str, tuple[str, ...]]


def folded(header: str) -> str:
    """A header as it is compared: half-width, lower case, single spaces for `_`, `-` and blanks."""
    text = unicodedata.normalize("NFKC", header).strip().lower()
    return re.sub(r"[\s_\-]+", " ", text)


_FIELD_OF = {folded(name): field for field, names in HEADERS.items() for name in (field, *names)}


def map_columns(headers: Sequence[str]) -> Mapped:
    """Which column holds what."""
    fields: dict[str, int] = {}
    contract: dict[str, int] = {}
    ignored: list[str] = []
    doubled: dict[str, tuple[str, ...]] = {}
    for index, header in enumerate(headers):
        name = folded(header)
        field = _field(name)
        fact = _contract_fact(name) if field is None else None
        if field is not None and field not in fields:
            fields[field] = index
        elif field in ONE_COLUMN:
            doubled[field] = (*doubled.get(field, (headers[fields[field]],)), header)
        elif fact is not None:
            contract[fact] = index
        elif name:
            ignored.append(header)
    missing = [field for field in REQUIRED if field not in fields]
    if "due_date" not in fields and "days_past_due" not in fields:
        missing.append("due_date")
    return Mapped(tuple(headers), fields, contract, tuple(ignored), tuple(missing), doubled)


def headers_to_show(mapped: Mapped) -> Iterator[str]:
    """The headers as a message may name them: a first line that is no header may hold what nobody should read."""
    known = {*mapped.fields.values(), *mapped.contract.values()}
    for index, header in enumerate(mapped.headers):
        if index in known or not re.search(r"[\d@]", header):
            yield "".join(sign for sign in header.strip() if sign.isprintable())[:60]
        else:
            yield f"column {index + 1}"


def _field(name: str) -> str | None:
    """The field that a header names, also one that says it in two languages or adds 元 to a sum."""
    if name in _FIELD_OF:
        return _FIELD_OF[name]
    parts = [part.strip() for part in _BETWEEN_LANGUAGES.split(name) if part.strip()]
    found = {_FIELD_OF.get(part) for part in parts if part != "元"}
    field = found.pop() if len(found) == 1 else None
    return field if "元" not in parts or field in _MONEY else None


def _contract_fact(name: str) -> str | None:
    found = _CONTRACT.match(name)
    fact = found.group(1).strip().replace(" ", "_")[:80] if found else ""
    return fact if fact and fact not in OWN_FACTS else None
